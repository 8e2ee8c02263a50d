"""What the head decides about a pair, and what the contract holds already."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from uuid import UUID

from flask import Response, abort, request
from werkzeug.wrappers import Response as AnyResponse

from web.access import needs
from web.actor import current_actor
from web.current import _, services
from web.dates import short_date
from web.form_page import FormPage, read_fields
from web.forms import entered_from
from web.views.document_words import tied
from web.views.pairs.blueprint import WORKERS, back, crumbs, pages
from web.views.pairs.checking import Asked, draw_form
from web.views.pairs.page import name_of
from web.views.pairs.words import check_note, check_words
from workflow.domain.pairs import Pair
from workflow.domain.refusals import N_, Refusal
from workflow.domain.regulations import FieldKind, FieldSpec
from workflow.queries.pair_page import PairPage, pair_page
from workflow.usecases.pairs.request import (
    confirm_early_start,
    give_reason,
    note_contract_clause,
)
from workflow.usecases.wording import their_number

REASON = "reason"
NUMBER, DATED, POINT = "number", "dated", "point"


@pages.get("/pairs/<uuid:case_id>/reason/<check>")
@needs(*WORKERS)
def reason_page(case_id: UUID, check: str) -> Response:
    """Ask the head why a soft rule may be passed over."""
    shown = _shown(case_id)
    asked = _reason_form(shown, check)
    return draw_form(asked, entered_from(asked.page.fields, {}), closed=shown.answers.decide)


@pages.post("/pairs/<uuid:case_id>/reason/<check>")
@needs(*WORKERS)
def reason_send(case_id: UUID, check: str) -> AnyResponse:
    """Keep the head's reason."""
    asked = _reason_form(_shown(case_id), check)

    def act(text: str) -> Pair | Refusal:
        return give_reason(services().work, current_actor(), case_id, check, text)

    return _keep(asked, case_id, act, "reason")


def _reason_form(shown: PairPage, key: str) -> Asked:
    check = next((one for one in shown.checks if one.key == key and one.soft), None)
    if check is None:
        abort(404)
    note = check_note(check)
    lead = f"{check_words(check)}. {note}" if note else check_words(check)
    label = _(N_("Why the head allows an exception"))
    field = FieldSpec(REASON, label, FieldKind.LONG_TEXT, True, article=tied(check.article))
    return _page(shown, _(N_("Give the reason")), lead, (field,))


@pages.get("/pairs/<uuid:case_id>/early-start")
@needs(*WORKERS)
def early_page(case_id: UUID) -> Response:
    """Ask the head to confirm a first day that lies before the order."""
    shown = _shown(case_id)
    asked = _early_form(shown)
    return draw_form(asked, entered_from(asked.page.fields, {}), closed=shown.answers.decide)


@pages.post("/pairs/<uuid:case_id>/early-start")
@needs(*WORKERS)
def early_send(case_id: UUID) -> AnyResponse:
    """Keep the head's confirmation."""
    asked = _early_form(_shown(case_id))

    def act(text: str) -> Pair | Refusal:
        return confirm_early_start(services().work, current_actor(), case_id, text)

    return _keep(asked, case_id, act, "early")


def _early_form(shown: PairPage) -> Asked:
    proposal = shown.pair.proposal
    if proposal is None:
        abort(404)
    lead = _(
        N_(
            "Mentoring began on {date}, the order will be later. This is possible only if consent"
            " and agreement were signed before that day."
        ),
        date=short_date(proposal.since),
    )
    label = _(N_("Why mentoring began before the order"))
    field = FieldSpec(REASON, label, FieldKind.LONG_TEXT, required=True)
    return _page(shown, _(N_("Confirm the early first day")), lead, (field,))


@pages.get("/pairs/<uuid:case_id>/clause")
@needs(*WORKERS)
def clause_page(case_id: UUID) -> Response:
    """Ask which contract holds content, term and form of mentoring already."""
    shown = _shown(case_id)
    asked = _clause_form(shown)
    return draw_form(asked, entered_from(asked.page.fields, {}), closed=shown.answers.note_clause)


@pages.post("/pairs/<uuid:case_id>/clause")
@needs(*WORKERS)
def clause_send(case_id: UUID) -> AnyResponse:
    """Keep which clause it is."""
    asked = _clause_form(_shown(case_id))
    values, errors = read_fields(asked.page)
    if errors:
        return draw_form(asked, request.form, errors)
    # It is printed in the order, so in the words of the office.
    dated = values[DATED]
    assert isinstance(dated, date)  # the form read it as a day
    named = their_number(str(values[NUMBER]), dated)
    clause = f"трудовой договор {named}, {values[POINT]}"
    done = note_contract_clause(services().work, current_actor(), case_id, clause)
    if isinstance(done, Refusal):
        return draw_form(asked, request.form, refusal=done)
    return back(case_id, "clause")


def _clause_form(shown: PairPage) -> Asked:
    number, dated = _(N_("Number of the contract")), _(N_("Date of the contract"))
    point = FieldSpec(
        POINT,
        _(N_("Item of the contract")),
        FieldKind.TEXT,
        required=True,
        hint=_(N_("For example: item 2.7")),
    )
    fields = (
        FieldSpec(NUMBER, number, FieldKind.TEXT, required=True),
        FieldSpec(DATED, dated, FieldKind.DATE, required=True),
        point,
    )
    lead = _(
        N_(
            "If the mentor's contract already names content, term and form of mentoring, no"
            " additional agreement is needed (ТК РФ, ст. 351.8)."
        )
    )
    return _page(shown, _(N_("The contract holds the terms already")), lead, fields)


def _shown(case_id: UUID) -> PairPage:
    return pair_page(services().work, current_actor(), case_id)


def _page(shown: PairPage, title: str, lead: str, fields: tuple[FieldSpec, ...]) -> Asked:
    page = FormPage(
        title=title,
        label=_(N_("Keep it")),
        fields=fields,
        crumbs=crumbs(shown.pair.id, name_of(shown), title),
        lead=lead,
        above=shown.organisation,
    )
    return Asked(page)


def _keep(
    asked: Asked, case_id: UUID, act: Callable[[str], Pair | Refusal], done: str
) -> AnyResponse:
    values, errors = read_fields(asked.page)
    if errors:
        return draw_form(asked, request.form, errors)
    outcome = act(str(values[REASON]))
    if isinstance(outcome, Refusal):
        return draw_form(asked, request.form, refusal=outcome)
    return back(case_id, done)
