"""A refusal as a banner on the page where it was met, so that nothing typed is lost."""

from __future__ import annotations

from web.components import Mark, Notice
from web.current import _, surroundings
from web.refusals import tell
from workflow.domain.refusals import N_, Refusal


def refusal_notice(refusal: Refusal, title: str = N_("This is not possible now")) -> Notice:
    """Return what happened and what to do; `title` is a msgid."""
    told = tell(refusal, surroundings().words)
    parts = (told.what, told.article and f"({told.article})", told.todo)
    return Notice(" ".join(part for part in parts if part), _(title), Mark.PROBLEM)
