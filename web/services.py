"""What the pages use of the rest of the house; the entrance fills it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from web.auth import Accounts


@dataclass(frozen=True)
class Services:
    """Use cases and queries as the views call them.

    `now` returns the present moment in UTC and is the only clock of the pages.
    """

    now: Callable[[], datetime]
    accounts: Accounts
