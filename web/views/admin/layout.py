"""What the operator's pages have in common: crumbs, cards, forms that are sent, questions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar
from uuid import UUID

from flask import Response, make_response, redirect, render_template, request, url_for

from web.buttons import Action, Button, button
from web.components import Fact, Link, Notice, Table, Tag
from web.current import _, surroundings
from web.dates import short_date
from web.form_page import FormPage, draw, read_fields
from web.refusals import tell
from workflow.domain.refusals import Refusal

DoneT = TypeVar("DoneT")
Values = Mapping[str, object]


def crumbs(*links: Link) -> tuple[Link, ...]:
    """Return the way from the overview to here; the last one is where one stands."""
    return (Link(_("Set-up"), url_for("admin.page")), *links)


@dataclass(frozen=True)
class Section:
    """A part of a card: a table under its heading, and what can be done about it."""

    table: Table
    buttons: tuple[Button, ...] = ()


@dataclass(frozen=True)
class Card:
    """A page about one thing, or a list of things: facts, buttons, sections."""

    title: str
    crumbs: tuple[Link, ...]
    lead: str = ""
    above: str = ""
    tag: Tag | None = None
    notices: tuple[Notice, ...] = ()
    facts: tuple[Fact, ...] = ()
    buttons: tuple[Button, ...] = ()
    sections: tuple[Section, ...] = ()
    next_url: str = ""


def show(card: Card) -> str:
    return render_template("admin/card.html", card=card)


@dataclass(frozen=True)
class Question:
    """A page that asks once more before something is done; `back` leads away from it.

    The answer goes to `url` (empty: to the address of the page), with the `hidden` values.
    """

    title: str
    text: str
    label: str
    back: str
    crumbs: tuple[Link, ...]
    facts: tuple[Fact, ...] = ()
    grave: bool = True
    hidden: Mapping[str, str] | None = None
    url: str = ""


def ask(question: Question, refusal: Refusal | None = None) -> Response:
    """Answer the question's page, 409 with the refusal of what was asked for."""
    told = tell(refusal, surroundings().words) if refusal else None
    page = render_template("admin/question.html", question=question, refused=told)
    return make_response(page, 409 if refusal else 200)


def submitted(
    page: FormPage,
    act: Callable[[Values], DoneT | Refusal],
    target: Callable[[DoneT], str],
) -> Response:
    """Read the form that was sent, do `act` with its values and go to `target`.

    Errors and refusals show the form again with everything that was typed.
    """
    reading = read_fields(page)
    if reading.errors:
        return draw(page, request.form, reading.errors)
    done = act(reading.values)
    if isinstance(done, Refusal):
        return draw(page, request.form, refusal=done)
    return make_response(redirect(target(done), code=303))


def opens(label: str, url: str, main: bool = False, grave: bool = False) -> Button:
    """Return a button that leads to a page; `label` is a msgid."""
    return button(Action(label, url, opens=True, main=main, grave=grave), surroundings().words)


def text(values: Values, key: str) -> str:
    """Return what was entered, empty when nothing was."""
    return str(values.get(key) or "")


def digits(values: Values, key: str) -> str:
    """Return a number without the spaces and hyphens that people write into it."""
    return "".join(sign for sign in text(values, key) if not sign.isspace() and sign not in "-–")


def day(values: Values, key: str) -> date | None:
    value = values.get(key)
    return value if isinstance(value, date) else None


def identity(values: Values, key: str) -> UUID | None:
    """Return what was chosen from a list of things with ids."""
    chosen = text(values, key)
    return UUID(chosen) if chosen else None


def period(since: date, until: date | None) -> str:
    """Return «с 01.09.2025» or «01.09.2025 — 31.05.2026»."""
    if until is None:
        return _("Term: since {date}", date=short_date(since))
    return f"{short_date(since)} — {short_date(until)}"


def page_mark() -> UUID | None:
    """Return where the next page of a list begins, as its address says."""
    try:
        return UUID(request.args["before"])
    except (KeyError, ValueError):
        return None
