"""The card of a worker: what is known, and what can be done."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from uuid import UUID

from flask import render_template, request, url_for

from web.access import needs
from web.actor import current_actor
from web.buttons import Button
from web.components import Cell, Fact, Happening, Link, Mark, Notice, Table, Tag
from web.current import _, services
from web.dates import moment, short_date
from web.views.admin.layout import opens, period
from web.views.admin.people import shown_snils
from web.views.staff.blueprint import KEEPERS, list_crumbs, pages
from web.views.staff.words import (
    EDUCATION,
    PARTS,
    absence_words,
    category_words,
    experience_words,
    status_words,
    training_words,
)
from workflow.domain.people import Absence, Departure
from workflow.domain.refusals import N_
from workflow.domain.staff_cards import CardPart
from workflow.queries.staff import WorkerPage, worker_page

#: What has just been done, by the word in the address after a redirect.
_DONE: Mapping[str, str] = {
    "card": N_("The card is saved."),
    "absence": N_("The absence is saved; mentor pairs of the worker follow it."),
    "dismissed": N_("The end of work is saved; mentor pairs of the worker follow it."),
    "transferred": N_("The transfer is saved. This is the card of the new post."),
}


@pages.get("/workers/<uuid:employment_id>")
@needs(*KEEPERS)
def worker(employment_id: UUID) -> str:
    """Show the card; what is not entered says so."""
    shown = worker_page(services().work, current_actor(), employment_id)
    return render_template(
        "staff/worker.html",
        shown=shown,
        crumbs=list_crumbs(shown.organisation_id, Link(shown.person.short_name)),
        state=_state(shown),
        notices=tuple(_notices(shown, request.args.get("done", ""))),
        facts=tuple(_facts(shown)),
        buttons=_buttons(shown),
        absences=_absences(shown),
        happened=tuple(_history(shown)),
    )


def _state(shown: WorkerPage) -> Tag:
    away = next((a for a in shown.absences if a.covers(shown.today)), None)
    if away:
        return Tag(absence_words(away), Mark.WAITING)
    if shown.employment.held_on(shown.today):
        return Tag(_("Post: held now"), Mark.DONE)
    return Tag(_("Post: not held now"))


def _notices(shown: WorkerPage, done: str) -> Iterator[Notice]:
    if done in _DONE:
        yield Notice(_(_DONE[done]), _(N_("It is done")), Mark.DONE)
    if shown.pending_identity is not None:
        yield Notice(
            _(N_("The card stays as it is until a second person confirms it.")),
            _(N_("Another name or number is proposed")),
            Mark.WAITING,
            Link(
                _(N_("Look at the change")),
                url_for("staff.identity", change_id=shown.pending_identity),
            ),
        )
    if not shown.card.experience:
        yield Notice(
            _(N_("A mentor or mentee whose years are not known cannot be checked.")),
            _(N_("The experience is not entered")),
            Mark.WAITING,
            Link(_(N_("Enter the experience")), _part_address(shown, CardPart.EXPERIENCE)),
        )
    if not (shown.person.forms_confirmed and shown.employment.forms_confirmed):
        yield Notice(
            _(N_("Until somebody confirms the case forms, documents that print them stay drafts.")),
            _(N_("Case forms of the name or post are not confirmed")),
            Mark.WAITING,
            Link(
                _(N_("Look at the case forms")),
                url_for("staff.forms", organisation_id=shown.organisation_id),
            ),
        )


def _address(endpoint: str, shown: WorkerPage) -> str:
    return url_for(f"staff.{endpoint}", employment_id=shown.employment.id)


def _part_address(shown: WorkerPage, part: CardPart) -> str:
    return url_for("staff.card_part", employment_id=shown.employment.id, part=part.value)


def _facts(shown: WorkerPage) -> Iterator[Fact]:
    post = shown.employment
    term = period(post.since, post.until)
    ended = _left_words(post.departure, post.end_ground)
    yield Fact(_("Post: term"), f"{term}\n{ended}" if ended else term)
    change = "" if is_over(shown) else _address("propose", shown)
    yield Fact(_("Full name"), "\n".join((shown.person.full_name, *_former_names(shown))), change)
    yield Fact(_("СНИЛС"), shown_snils(shown.person.snils) or _(N_("not entered")), change)
    yield Fact(_("INN"), shown.person.inn or _(N_("not entered")), change)
    for part, label in PARTS.items():
        value = "\n".join(_said(shown, part)) or _(N_("not entered"))
        yield Fact(_(label), value, _part_address(shown, part))


def _former_names(shown: WorkerPage) -> Iterator[str]:
    for one in shown.former_names:
        yield _(N_("until {date}: {name}"), date=short_date(one.until), name=one.full_name)


def _left_words(departure: Departure | None, ground: str) -> str:
    if departure is None:
        return ""
    how = N_("transferred: {ground}") if departure is Departure.TRANSFER else N_("left: {ground}")
    return _(how, ground=ground)


def _said(shown: WorkerPage, part: CardPart) -> Iterator[str]:
    """What a part of the card says, line by line."""
    card = shown.card
    match part:
        case CardPart.WORK:
            if card.hired_on:
                yield _(N_("hired on {date}"), date=short_date(card.hired_on))
            if card.subject:
                yield card.subject
        case CardPart.EDUCATION:
            if card.education in EDUCATION:
                yield _(EDUCATION[card.education])
        case CardPart.EXPERIENCE:
            yield from (experience_words(one, shown.today) for one in card.experience)
        case CardPart.CATEGORIES:
            yield from map(category_words, card.categories)
        case CardPart.STATUSES:
            yield from map(status_words, card.statuses)
        case CardPart.TRAININGS:
            yield from map(training_words, card.trainings)


def _buttons(shown: WorkerPage) -> tuple[Button, ...]:
    enter = opens(N_("Enter the experience"), _part_address(shown, CardPart.EXPERIENCE), main=True)
    first = () if shown.card.experience else (enter,)
    if is_over(shown):
        return first
    return (
        *first,
        opens(N_("Enter an absence"), _address("new_absence", shown)),
        opens(N_("Transfer to another post"), _address("transfer_page", shown)),
        opens(N_("Enter the dismissal"), _address("dismiss_page", shown)),
    )


def is_over(shown: WorkerPage) -> bool:
    """Whether the worker has left the post."""
    until = shown.employment.until
    return until is not None and until < shown.today


def _absences(shown: WorkerPage) -> Table:
    def cells(one: Absence) -> tuple[Cell, ...]:
        end = url_for("staff.end_absence_page", absence_id=one.id)
        withdraw = url_for("staff.withdraw_page", absence_id=one.id)
        if one.withdrawn_at:
            mistake = Cell(tag=Tag(_(N_("entered by mistake"))))
            return Cell(absence_words(one)), Cell(one.ground), mistake, Cell()
        return (
            Cell(absence_words(one)),
            Cell(one.ground),
            Cell(_(N_("Set the last day")), end),
            Cell(_(N_("Entered by mistake")), withdraw),
        )

    return Table(
        _(N_("Long absences")),
        (_(N_("Absence")), _("Ground"), _(N_("Last day")), _("What to do with it")),
        tuple(map(cells, shown.absences)),
        empty=_(N_("No absence has been entered.")),
    )


def _history(shown: WorkerPage) -> Iterator[Happening]:
    for made in shown.changes:
        what = _(N_("Changed: {part}"), part=_(PARTS[made.change.part]))
        yield Happening(moment(made.change.at, shown.zone), what, made.who)
