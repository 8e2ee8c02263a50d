"""What permission depends on besides actor and state: turn, day, annexes, one's own concerns."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests import factories as make
from tests.factories import Worker
from workflow.domain.documents import Document, Verdict
from workflow.domain.mandates import Actor
from workflow.domain.permissions import (
    Circumstances,
    may_acknowledge,
    may_agree,
    may_be_fixed,
    may_deliver,
    may_fix,
    may_resolve,
    may_return,
    may_see,
    may_sign,
    may_submit,
    prepared_by,
)
from workflow.domain.refusals import Refusal
from workflow.domain.regulations import Origin, Role, StepSpec, Verb, Who
from workflow.domain.routes import ORDER_FIX, DocumentState

TOWN = make.town()
ORDER = make.order_type(article="Положение, п. 3.2")
AROUND = Circumstances(ORDER, TOWN.school, make.MORNING)
TOMORROW = replace(AROUND, now=make.MORNING + timedelta(days=1))
HEAD, CLERK = TOWN.head.actor, TOWN.clerk.actor


def code(refusal: Refusal | None) -> str:
    return refusal.code if refusal else "may"


def order(state: DocumentState, **facts: object) -> Document:
    return make.document_in(state, TOWN, facts=facts)


# --- Turn ----------------------------------------------------------------------------------


def test_a_visa_waits_for_the_one_before_it_and_is_given_once() -> None:
    route = (
        ORDER.route[0],
        StepSpec("agree", Verb.AGREE, Who(Role.CURATOR), ("prepare",)),
        StepSpec("agree_deputy", Verb.AGREE, Who(Role.DEPUTY), ("agree",)),
    )
    around = replace(AROUND, kind=replace(ORDER, route=route))
    document = make.submitted(make.draft(TOWN), TOWN)
    assert code(may_agree(document, TOWN.deputy.actor, around)) == "step.too_early"
    document = document.marked(make.mark(document, "agree", Verdict.AGREED, TOWN.curator))
    assert code(may_agree(document, TOWN.deputy.actor, around)) == "may"
    assert code(may_agree(document, TOWN.curator.actor, around)) == "step.done"


def test_acknowledgement_is_given_once() -> None:
    named = str(TOWN.mentor.employment.id)
    document = order(DocumentState.IN_FORCE, named=[named])
    mentor = TOWN.mentor.actor
    assert code(may_acknowledge(document, mentor, AROUND)) == "may"
    mark = make.mark(document, f"acknowledge:{named}", Verdict.ACKNOWLEDGED, TOWN.mentor)
    assert code(may_acknowledge(document.marked(mark), mentor, AROUND)) == "step.done"


def test_who_prepared_is_read_from_the_route_whatever_its_step_is_called() -> None:
    writes = StepSpec("write", Verb.PREPARE, Who(Role.CURATOR))
    agrees = StepSpec("agree", Verb.AGREE, Who(Role.CURATOR), ("write",))
    around = replace(AROUND, kind=replace(ORDER, route=(writes, agrees)))
    document = make.draft(TOWN)
    document = document.marked(make.mark(document, "write", Verdict.DONE, TOWN.curator))
    assert prepared_by(document, around) == TOWN.curator.person.id
    assert code(may_agree(document, TOWN.curator.actor, around)) == "visa.own_document"


def test_a_draft_is_sent_once_it_can_be_read() -> None:
    draft = make.draft(TOWN)
    unassembled = draft.with_revision(replace(draft.revision, draft=None))
    assert code(may_submit(unassembled, CLERK, AROUND)) == "document.being_assembled"
    failure = Refusal("template.unknown_field", "The template asks for a field nobody fills.")
    failed = draft.with_revision(replace(draft.revision, draft=None, failure=failure))
    assert may_submit(failed, CLERK, AROUND) is failure


# --- Number and date -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("around", "said"),
    [
        (AROUND, "may"),
        (replace(AROUND, missing=("Положение",)), "fix.dependency"),
        (replace(AROUND, unready=("Дорожная карта",)), "fix.annex"),
        (replace(AROUND, changed=True), "fix.changed"),
    ],
)
def test_a_document_is_fixed_when_what_it_rests_on_is_ready(
    around: Circumstances, said: str
) -> None:
    assert code(may_be_fixed(around)) == said
    assert code(may_fix(order(DocumentState.AGREED), CLERK, around)) == said


def test_a_refusal_names_what_is_missing_and_the_article() -> None:
    refusal = may_be_fixed(replace(AROUND, missing=("Положение", "Дорожная карта")))
    assert refusal is not None
    assert refusal.params == {"titles": "Положение, Дорожная карта"}
    assert refusal.article == "Положение, п. 3.2"


def test_what_an_order_approves_gets_no_number_of_its_own() -> None:
    around = replace(AROUND, kind=replace(ORDER, origin=Origin.APPROVED))
    assert code(may_fix(order(DocumentState.AGREED), CLERK, around)) == "fix.with_order"


def test_what_an_order_holds_is_not_returned_alone() -> None:
    """Its next revision would come into force with a signature that was never put under it."""
    roadmap = replace(ORDER, origin=Origin.APPROVED, route=ORDER.route[:2])
    around = replace(AROUND, kind=roadmap)
    agreed = order(DocumentState.AGREED)
    curator = TOWN.curator.actor
    assert code(may_return(agreed, curator, around)) == "may"
    held = agreed.marked(make.mark(agreed, ORDER_FIX, Verdict.DONE, TOWN.clerk))
    assert code(may_return(held, curator, around)) == "return.with_order"
    released = held.marked(make.mark(held, ORDER_FIX, Verdict.WITHDRAWN, TOWN.clerk))
    assert code(may_return(released, curator, around)) == "may"


def test_after_midnight_whoever_signs_renews_the_date_without_the_clerk() -> None:
    document = order(DocumentState.TO_SIGN)
    assert code(may_fix(document, HEAD, AROUND)) == "step.not_yours"
    assert code(may_fix(document, HEAD, TOMORROW)) == "may"
    assert code(may_fix(document, TOWN.deputy.actor, TOMORROW)) == "step.not_yours"


def test_a_document_that_somebody_has_signed_is_not_dated_anew() -> None:
    """The first signature would be lost."""
    second = StepSpec("sign_deputy", Verb.SIGN, Who(Role.DEPUTY), ("fix",))
    kind = replace(ORDER, route=(*ORDER.route, second))
    document = order(DocumentState.IN_FORCE)
    assert code(may_fix(document, CLERK, replace(AROUND, kind=kind))) == "fix.partly_signed"
    other = make.mark(document, "sign", Verdict.WITHDRAWN, TOWN.head, evidence="an earlier one")
    assert code(may_fix(document.marked(other), CLERK, replace(AROUND, kind=kind))) != "may"
    withdrawn = document.marked(make.mark(document, "sign", Verdict.WITHDRAWN, TOWN.head))
    assert code(may_fix(withdrawn, CLERK, replace(AROUND, kind=kind))) == "may"


# --- Signing -------------------------------------------------------------------------------


def test_a_one_sided_act_is_signed_on_its_printed_day() -> None:
    document = order(DocumentState.TO_SIGN)
    assert code(may_sign(document, HEAD, AROUND)) == "may"
    assert code(may_sign(document, HEAD, TOMORROW)) == "sign.another_day"


def test_the_day_is_the_organisations_own() -> None:
    """22:30 UTC is the next day in Moscow already."""
    late = replace(AROUND, now=make.MORNING.replace(hour=22, minute=30))
    document = order(DocumentState.TO_SIGN)
    assert code(may_sign(document, HEAD, late)) == "sign.another_day"
    kaliningrad = replace(TOWN.school, time_zone="Europe/Kaliningrad")
    early = replace(AROUND, organisation=kaliningrad, now=late.now.replace(hour=21, minute=30))
    assert code(may_sign(document, HEAD, early)) == "may"


def test_an_agreement_keeps_its_printed_date() -> None:
    agreement = replace(TOMORROW, kind=replace(ORDER, one_sided=False))
    assert code(may_sign(order(DocumentState.TO_SIGN), HEAD, agreement)) == "may"


def test_what_must_be_in_force_first_is_asked_for_again_at_the_signing() -> None:
    around = replace(AROUND, missing=("Положение",))
    assert code(may_sign(order(DocumentState.TO_SIGN), HEAD, around)) == "sign.dependency"


def test_nobody_represents_the_employer_towards_oneself() -> None:
    document = order(DocumentState.TO_SIGN)
    concerned = frozenset({TOWN.head.person.id})
    own = replace(AROUND, counterparties=concerned)
    refusal = may_sign(document, HEAD, own)
    assert code(refusal) == "sign.towards_oneself"
    assert refusal is not None
    assert "acting head" in refusal.todo
    acting = make.worker(TOWN.school, Role.ACTING_HEAD, "Лапина").actor
    assert code(may_sign(document, acting, own)) == "may"
    handed_over = may_sign(replace(document, by_founder=True), HEAD, own)
    assert code(handed_over) == "sign.towards_oneself"
    assert handed_over is not None
    assert "head of the founder" in handed_over.todo


def test_nobody_of_whom_a_petition_speaks_decides_on_it() -> None:
    document = order(DocumentState.TO_SIGN)
    resolve = StepSpec("resolve", Verb.RESOLVE, Who(Role.HEAD), ("sign",))
    kind = replace(ORDER, route=(*ORDER.route, resolve))
    signed = document.marked(make.mark(document, "sign", Verdict.SIGNED, TOWN.head))
    around = replace(AROUND, kind=kind)
    assert code(may_resolve(signed, HEAD, around)) == "may"
    own = replace(around, counterparties=frozenset({TOWN.head.person.id}))
    assert code(may_resolve(signed, HEAD, own)) == "resolve.towards_oneself"


def _founder_signs() -> tuple[Circumstances, Worker]:
    sign = StepSpec("sign", Verb.SIGN, Who(Role.HEAD, at="founder"), ("fix",))
    kind = replace(ORDER, route=(*ORDER.route[:3], sign))
    return replace(AROUND, kind=kind), make.worker(TOWN.office, Role.HEAD, "Орлова")


def test_where_the_founder_signs_the_head_does_not() -> None:
    around, founder = _founder_signs()
    document = order(DocumentState.TO_SIGN)
    assert code(may_sign(document, founder.actor, around)) == "may"
    assert code(may_sign(document, HEAD, around)) == "step.not_yours"
    assert may_see(document, founder.actor, around)
    orphan = replace(around, organisation=replace(TOWN.school, founder_id=None))
    assert code(may_sign(document, founder.actor, orphan)) == "step.not_yours"


def test_a_document_whose_files_are_not_there_is_not_signed() -> None:
    assert code(may_sign(order(DocumentState.FIXING), HEAD, AROUND)) == "document.sign.wrong_state"


# --- Sending -------------------------------------------------------------------------------


def test_a_letter_needs_an_addressee() -> None:
    deliver = StepSpec("deliver", Verb.DELIVER, Who(Role.CLERK), ("sign",))
    around = replace(AROUND, kind=replace(ORDER, route=(*ORDER.route[:4], deliver)))
    document = order(DocumentState.IN_FORCE)
    assert code(may_deliver(document, CLERK, around)) == "deliver.no_addressee"
    known = replace(around, addressee_id=TOWN.office.id)
    assert code(may_deliver(document, CLERK, known)) == "may"
    sent = document.marked(make.mark(document, "deliver", Verdict.DONE, TOWN.clerk))
    assert code(may_deliver(sent, CLERK, known)) == "step.done"


# --- One person, several posts -------------------------------------------------------------


def test_a_person_is_called_by_the_post_that_the_document_names() -> None:
    """The same mentor works in another school, too; the order names the post in this one."""
    elsewhere = make.employment(TOWN.mentor.person, make.organisation("МБОУ «СОШ № 2»"))
    document = order(DocumentState.IN_FORCE, named=[str(TOWN.mentor.employment.id)])
    mentor = TOWN.mentor.person
    both = Actor(mentor.id, mentor.short_name, (elsewhere, TOWN.mentor.employment))
    assert code(may_acknowledge(document, both, AROUND)) == "may"
    other_post = Actor(mentor.id, mentor.short_name, (elsewhere,))
    assert code(may_acknowledge(document, other_post, AROUND)) == "step.not_yours"
