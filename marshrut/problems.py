"""What is wrong with the settings, one problem at a time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Problem:
    """What is wrong and how to mend it: a sentence of the catalogue."""

    msgid: str
    params: Mapping[str, object] = field(default_factory=dict)
