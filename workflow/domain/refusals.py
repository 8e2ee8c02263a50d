"""Why something is not possible now, in words that serve page, use case and API alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

_NOTHING: Mapping[str, object] = MappingProxyType({})


def N_(sentence: str) -> str:
    """Mark an English sentence for the translation catalogue; returned unchanged."""
    return sentence


@dataclass(frozen=True)
class Refusal:
    """An answer "no": nothing has changed.

    `code` is stable and dotted (`document.not_fixed`); `msgid` says what happened and why,
    `todo` what to do about it (may be empty); both are English sentences of the catalogue with
    named placeholders filled from `params`. `article` names the rule, where there is one
    («Положение, п. 2.5»).
    """

    code: str
    msgid: str
    todo: str = ""
    params: Mapping[str, object] = field(default_factory=lambda: _NOTHING)
    article: str = ""


class DomainError(Exception):
    """Root of what the domain raises when it is used wrongly (a bug, not a user's mistake)."""

    code = "domain"
