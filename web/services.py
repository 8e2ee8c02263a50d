"""What the pages use of the rest of the house; the entrance fills it."""

from __future__ import annotations

from dataclasses import dataclass

from web.auth import Accounts
from workflow.ports import Clock
from workflow.usecases.services import Services as WorkServices


@dataclass(frozen=True)
class Services:
    """Use cases and queries as the views call them.

    `now` returns the present moment in UTC and is the only clock of the pages. `work` is what
    every use case and query takes first.
    """

    now: Clock
    accounts: Accounts
    work: WorkServices
