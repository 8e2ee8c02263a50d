"""A mentor is proposed: choose, look at the checks, confirm; or withdraw the proposal."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from flask import Response, request
from werkzeug.wrappers import Response as AnyResponse

from web.access import needs
from web.actor import current_actor
from web.components import Fact
from web.current import _, services
from web.form_page import FormPage, read_fields
from web.forms import entered_from
from web.forms.names import Entered
from web.views.document_words import tied
from web.views.pairs.blueprint import WORKERS, back, crumbs, pages
from web.views.pairs.checking import CHANGE, SEND, Asked, draw_check, draw_form, step
from web.views.pairs.items import Item
from web.views.pairs.requesting import SINCE, UNTIL, rules_in_words
from web.views.pairs.words import (
    check_note,
    check_tag,
    check_words,
    pair_name,
    period,
)
from workflow.domain.matching import Check
from workflow.domain.pair_permissions import is_term
from workflow.domain.refusals import N_, Refusal
from workflow.domain.regulations import FieldKind, FieldSpec
from workflow.queries.pair_forms import ProposalForm, proposal_checks, proposal_form
from workflow.queries.pair_next import waits_for_consent
from workflow.usecases.pairs.propose import propose_mentor, withdraw_proposal

TITLE = N_("Propose a mentor")
MENTOR, NOTE = "mentor", "note"
WITHDRAW = N_("Withdraw the proposal")


@pages.get("/pairs/<uuid:case_id>/mentor")
@needs(*WORKERS)
def mentor_page(case_id: UUID) -> Response:
    """Ask who shall mentor, and from when to when."""
    shown = proposal_form(services().work, current_actor(), case_id)
    asked = _asked(shown)
    known: dict[str, object] = {SINCE: shown.since, UNTIL: shown.until, NOTE: shown.note}
    if shown.mentor is not None:
        known[MENTOR] = str(shown.mentor)
    return draw_form(asked, entered_from(asked.page.fields, known), closed=shown.refusal)


@pages.post("/pairs/<uuid:case_id>/mentor")
@needs(*WORKERS)
def mentor_send(case_id: UUID) -> AnyResponse:
    """Show how the rules stand for the choice; propose when it is confirmed."""
    work, actor = services().work, current_actor()
    shown = proposal_form(work, actor, case_id)
    asked = _asked(shown)
    if step() == CHANGE:
        return draw_form(asked, request.form)
    values, errors = read_fields(asked.page)
    if errors:
        return draw_form(asked, request.form, errors)
    mentor, since, until = _choice(values)
    if step() != SEND:
        refusal = is_term(since, until)
        if refusal:
            return draw_form(asked, request.form, refusal=refusal)
        checks = proposal_checks(work, actor, case_id, mentor, since, until)
        return draw_check(asked, _facts(shown, values), _items(checks), _note(checks))
    note = str(values[NOTE] or "")
    pair = propose_mentor(work, actor, case_id, mentor, since, until, note)
    if isinstance(pair, Refusal):
        return draw_form(asked, request.form, refusal=pair)
    return back(case_id, "proposed")


def _choice(values: Mapping[str, object]) -> tuple[UUID, date, date]:
    since, until = values[SINCE], values[UNTIL]
    assert isinstance(since, date)  # the form read it as a day
    assert isinstance(until, date)
    return UUID(str(values[MENTOR])), since, until


def _asked(shown: ProposalForm) -> Asked:
    name = pair_name(shown.mentees)
    page = FormPage(
        title=_(N_("Propose a mentor")),
        label=_(N_("Check the choice")),
        fields=_fields(),
        crumbs=crumbs(shown.case_id, name, _(TITLE)),
        lead=_(N_("For: {mentees}; to be helped with: {need}"), mentees=name, need=shown.need),
        above=shown.organisation,
        options={MENTOR: shown.staff},
    )
    return Asked(page, _(TITLE), rules_in_words(shown.rules))


def _fields() -> tuple[FieldSpec, ...]:
    return (
        FieldSpec(MENTOR, _(N_("Mentor")), FieldKind.PERSON, required=True),
        FieldSpec(SINCE, _(N_("First day of mentoring")), FieldKind.DATE, required=True),
        FieldSpec(UNTIL, _(N_("Last day of mentoring")), FieldKind.DATE, required=True),
        FieldSpec(NOTE, _(N_("Why this mentor")), FieldKind.TEXT),
    )


def _facts(shown: ProposalForm, values: Mapping[str, object]) -> tuple[Fact, ...]:
    staff = {choice.key: choice.label for choice in shown.staff}
    _mentor, since, until = _choice(values)
    facts = (
        Fact(_(N_("Mentor")), staff[str(values[MENTOR])]),
        Fact(_(N_("Mentees")), "\n".join(shown.mentees)),
        Fact(_(N_("Term of mentoring")), period(since, until)),
        Fact(_(N_("Why this mentor")), str(values[NOTE] or "")),
    )
    return tuple(fact for fact in facts if fact.value)


def _items(checks: tuple[Check, ...]) -> tuple[Item, ...]:
    return tuple(
        Item(
            title=check_words(check),
            tag=check_tag(check),
            notes=(check_note(check),) if check_note(check) else (),
            article=tied(check.article),
        )
        for check in checks
    )


def _note(checks: tuple[Check, ...]) -> str:
    stopping = [check for check in checks if check.stops]
    if stopping and all(waits_for_consent(check) for check in stopping):
        return _(N_("The rest is checked when the mentor consents: the consent says it."))
    if stopping:
        return _(
            N_("You may propose the mentor all the same: the order waits until the rules are kept.")
        )
    return _(N_("Every rule that can be checked now is kept."))


@pages.get("/pairs/<uuid:case_id>/mentor/withdraw")
@needs(*WORKERS)
def withdraw_page(case_id: UUID) -> Response:
    """Say what follows when the proposal is withdrawn."""
    shown = proposal_form(services().work, current_actor(), case_id)
    return draw_form(_withdrawal(shown), Entered(), closed=shown.refusal)


@pages.post("/pairs/<uuid:case_id>/mentor/withdraw")
@needs(*WORKERS)
def withdraw(case_id: UUID) -> AnyResponse:
    """Withdraw the proposal."""
    work, actor = services().work, current_actor()
    done = withdraw_proposal(work, actor, case_id)
    if isinstance(done, Refusal):
        return draw_form(_withdrawal(proposal_form(work, actor, case_id)), Entered(), refusal=done)
    return back(case_id, "withdrawn")


def _withdrawal(shown: ProposalForm) -> Asked:
    page = FormPage(
        title=_(WITHDRAW),
        label=_(WITHDRAW),
        fields=(),
        crumbs=crumbs(shown.case_id, pair_name(shown.mentees), _(WITHDRAW)),
        lead=_(
            N_("The pair waits for a mentor again; consents that were given stay among its papers.")
        ),
        above=shown.organisation,
    )
    return Asked(page)
