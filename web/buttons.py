"""An action as a button: pressable, or disabled with the reason and what to do."""

from __future__ import annotations

from dataclasses import dataclass

from web.refusals import tell
from web.words import Words
from workflow.domain.refusals import Refusal


@dataclass(frozen=True)
class Action:
    """Something a person may want to do.

    `label` is the msgid of a verb. What changes anything is posted; `opens` is for an action
    that only leads to a page. `main` marks the next step, one for each page; `grave` marks
    what cannot be undone.
    """

    label: str
    url: str
    refusal: Refusal | None = None
    opens: bool = False
    main: bool = False
    grave: bool = False


@dataclass(frozen=True)
class Button:
    """An action in words. `reason` is empty when the button can be pressed."""

    label: str
    url: str
    opens: bool
    style: str
    reason: str = ""
    todo: str = ""
    article: str = ""


def button(action: Action, words: Words) -> Button:
    """Say `action` in words: with its refusal, if there is one, as the reason."""
    style = "grave" if action.grave else "main" if action.main else "plain"
    label, refusal = words.text(action.label), action.refusal
    if refusal is None:
        return Button(label, action.url, action.opens, style)
    told = tell(refusal, words)
    return Button(
        label, "", action.opens, style, reason=told.what, todo=told.todo, article=told.article
    )
