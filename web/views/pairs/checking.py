"""A form in two steps: fill in, then check the answers before they are sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Response, make_response, render_template, request

from web.components import Fact
from web.current import surroundings
from web.form_page import FormPage
from web.forms import FieldError, form_fields
from web.forms.names import Entered
from web.refusals import tell
from web.views.pairs.items import Item
from workflow.domain.refusals import Refusal

STEP = "step"
SEND, CHANGE = "send", "change"


@dataclass(frozen=True)
class Asked:
    """A form with the rules that stand beside it; `send` is the verb of its last button."""

    page: FormPage
    send: str = ""
    rules: Sequence[tuple[str, str]] = ()


def draw_form(
    asked: Asked,
    entered: Entered,
    errors: Sequence[FieldError] = (),
    refusal: Refusal | None = None,
    closed: Refusal | None = None,
) -> Response:
    """Answer the form with what was entered: 422 with errors, 409 with a refusal.

    `closed` says why the actor may not use the form at all: then it is not drawn.
    """
    page = render_template(
        "pairs/form.html",
        page=asked.page,
        rules=asked.rules,
        fields=form_fields(asked.page.fields, entered, errors, asked.page.options),
        errors=errors,
        refused=tell(told, surroundings().words) if (told := refusal or closed) else None,
        closed=closed is not None,
    )
    return make_response(page, 422 if errors else 409 if refusal else 200)


def draw_check(
    asked: Asked, facts: Sequence[Fact], items: Sequence[Item] = (), note: str = ""
) -> Response:
    """Answer the page on which everything is checked once more; the answers travel along."""
    names = [spec.key for spec in asked.page.fields]
    page = render_template(
        "pairs/check.html",
        asked=asked,
        facts=facts,
        items=items,
        note=note,
        hidden=[(name, text) for name in names for text in request.form.getlist(name)],
        step=STEP,
        send=SEND,
        change=CHANGE,
    )
    return make_response(page, 200)


def step() -> str:
    """Which of the buttons was pressed."""
    return request.form.get(STEP, "")
