"""What the original of a document is: regime, switch of the type, consent of those who sign."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests import factories
from tests.factories import TODAY, order_type
from workflow.domain.documents import Document, Verdict
from workflow.domain.paper import (
    Answer,
    Area,
    EmployeeAnswer,
    Introduction,
    PaperRegime,
    Party,
    agrees,
    check_answer,
    check_introduction,
    may_set_paperwork,
    original_of,
    signing_parties,
    switched,
)
from workflow.domain.paper_acts import check_ink_date, may_put_back, may_put_on_paper
from workflow.domain.permissions import Circumstances, may_acknowledge, may_sign
from workflow.domain.regulations import DocumentType, FieldKind, FieldSpec, StepSpec, Verb, Who
from workflow.domain.routes import steps_of

TOWN = factories.town()
INTRODUCED = Introduction(TODAY - timedelta(days=10), "приказ от 03.01.2025 № 1")
COMING = Introduction(TODAY + timedelta(days=1), "приказ от 13.01.2025 № 2")
BOTH = PaperRegime(factories.new_id(), TOWN.school.id, INTRODUCED, INTRODUCED)
LABOUR = order_type(labour=True)
OTHER = order_type()
AGREES = Party(TOWN.mentor.employment.id, "Жукова А. И.", agrees=True)
REFUSES = replace(AGREES, agrees=False)


@pytest.mark.parametrize(
    ("kind", "regime", "parties", "reason"),
    [
        (LABOUR, None, (), "paper.labour_not_introduced"),
        (OTHER, None, (), "paper.other_not_introduced"),
        (LABOUR, replace(BOTH, labour=None), (), "paper.labour_not_introduced"),
        (OTHER, replace(BOTH, other=None), (), "paper.other_not_introduced"),
        (LABOUR, replace(BOTH, other=None), (), None),
        (OTHER, replace(BOTH, labour=None), (), None),
        (LABOUR, replace(BOTH, labour=COMING), (), "paper.labour_not_introduced"),
        (OTHER, replace(BOTH, other=COMING), (), "paper.other_not_introduced"),
        (LABOUR, BOTH, (AGREES,), None),
        (LABOUR, BOTH, (REFUSES,), "paper.party_refused"),
        (LABOUR, BOTH, (AGREES, REFUSES), "paper.party_refused"),
        (OTHER, BOTH, (REFUSES,), None),
        (LABOUR, replace(BOTH, paper_types=("D02",)), (AGREES,), "paper.type_switched"),
        (OTHER, replace(BOTH, paper_types=("D02",)), (), "paper.type_switched"),
        (OTHER, replace(BOTH, paper_types=("D13",)), (), None),
    ],
)
def test_an_original_is_electronic_only_where_everything_allows_it(
    kind: DocumentType, regime: PaperRegime | None, parties: tuple[Party, ...], reason: str | None
) -> None:
    original = original_of(kind, regime, parties, TODAY)
    assert original.on_paper == (reason is not None)
    assert (original.reason.code if original.reason else None) == reason


def test_the_day_of_the_introduction_is_electronic_already() -> None:
    assert BOTH.is_electronic(Area.LABOUR, INTRODUCED.since)
    assert not BOTH.is_electronic(Area.LABOUR, INTRODUCED.since - timedelta(days=1))


def test_the_refusal_names_who_has_not_agreed_and_the_law() -> None:
    reason = original_of(LABOUR, BOTH, (REFUSES,), TODAY).reason
    assert reason is not None
    assert reason.params["names"] == "Жукова А. И."
    assert reason.article == "ТК РФ, ст. 22.2"


def answer(what: Answer) -> EmployeeAnswer:
    return EmployeeAnswer(
        factories.new_id(),
        TOWN.mentor.employment.id,
        what,
        TODAY,
        factories.MORNING,
        TOWN.clerk.person.id,
    )


def test_silence_is_a_refusal() -> None:
    assert not agrees(None)
    assert not agrees(answer(Answer.REFUSED))
    assert agrees(answer(Answer.CONSENTED))
    assert agrees(answer(Answer.NOT_NEEDED))


@pytest.mark.parametrize(
    ("what", "since", "dated", "scan", "code"),
    [
        (Answer.CONSENTED, date(2015, 1, 1), TODAY, True, None),
        (Answer.CONSENTED, date(2015, 1, 1), TODAY, False, "consent.scan_missing"),
        (Answer.REFUSED, date(2015, 1, 1), TODAY, False, None),
        (Answer.REFUSED, date(2015, 1, 1), TODAY + timedelta(days=1), False, "consent.in_future"),
        (Answer.NOT_NEEDED, date(2021, 12, 31), TODAY, False, "consent.needed"),
        (Answer.NOT_NEEDED, date(2022, 1, 1), TODAY, False, None),
    ],
)
def test_an_answer_is_entered_with_what_proves_it(
    what: Answer, since: date, dated: date, scan: bool, code: str | None
) -> None:
    employment = replace(TOWN.mentor.employment, since=since)
    refusal = check_answer(what, employment, dated, scan, TODAY)
    assert (refusal.code if refusal else None) == code


def test_an_introduction_names_its_act() -> None:
    refusal = check_introduction(Introduction(TODAY, "  "))
    assert refusal is not None
    assert refusal.code == "paperwork.no_act"
    assert check_introduction(COMING) is None


def test_head_and_clerk_say_how_originals_are_kept() -> None:
    for who in (TOWN.head, TOWN.clerk):
        assert may_set_paperwork(who.actor, TOWN.school, TODAY) is None
    for who in (TOWN.mentor, TOWN.curator, TOWN.officer):
        refusal = may_set_paperwork(who.actor, TOWN.school, TODAY)
        assert refusal is not None
        assert refusal.code == "paperwork.not_yours"


# --- Signing and acknowledging -------------------------------------------------------------


def agreement_type() -> DocumentType:
    """An agreement: the mentor signs first, the head after; both dates may differ."""
    route = (
        StepSpec("prepare", Verb.PREPARE, Who(role=TOWN.clerk.mandate.role)),
        StepSpec("fix", Verb.FIX, Who(role=TOWN.clerk.mandate.role), ("prepare",)),
        StepSpec("sign_mentor", Verb.SIGN, Who(field_key="mentor"), ("fix",)),
        StepSpec("sign_head", Verb.SIGN, Who(role=TOWN.head.mandate.role), ("sign_mentor",)),
    )
    mentor = FieldSpec("mentor", "Наставник", FieldKind.PERSON, required=True)
    return order_type(code="D13", route=route, labour=True, one_sided=False, fields=(mentor,))


def agreement() -> Document:
    """An agreement that waits for the mentor's signature."""
    facts = {"mentor": str(TOWN.mentor.employment.id)}
    sent = factories.submitted(factories.draft(TOWN, facts, agreement_type()), TOWN)
    fixed = factories.fixing(sent, manifest=factories.manifest(sent.id, "fixed"))
    return sent.with_fixing(fixed)


def around(kind: DocumentType, **changed: object) -> Circumstances:
    made = Circumstances(kind, TOWN.school, factories.MORNING)
    return replace(made, **changed)  # type: ignore[arg-type]  # fields of the test's own choice


def test_those_who_sign_in_their_own_name_are_parties() -> None:
    assert signing_parties(agreement(), agreement_type()) == (TOWN.mentor.employment.id,)
    assert signing_parties(factories.draft(TOWN), OTHER) == ()


def test_a_document_on_paper_takes_no_electronic_signature_and_says_why() -> None:
    document = replace(agreement(), on_paper=True, paper_reason=switched("отказ."))
    refusal = may_sign(document, TOWN.mentor.actor, around(agreement_type()))
    assert refusal is not None
    assert (refusal.code, refusal.params["reason"]) == ("sign.on_paper", "отказ")
    assert may_sign(agreement(), TOWN.mentor.actor, around(agreement_type())) is None


def order_in_force(**changed: object) -> Document:
    facts = {"named": (str(TOWN.mentor.employment.id), str(TOWN.curator.employment.id))}
    document = factories.signed(factories.draft(TOWN, facts, LABOUR), TOWN)
    return replace(document, **changed)  # type: ignore[arg-type]  # fields of the test's own choice


@pytest.mark.parametrize(
    ("kind", "on_paper", "refuses", "code"),
    [
        (LABOUR, False, False, None),
        (LABOUR, False, True, "acknowledge.refused_electronics"),
        (LABOUR, True, False, "acknowledge.on_paper"),
        (OTHER, False, True, None),
        (OTHER, True, False, None),
    ],
)
def test_acknowledgement_of_one_order_is_mixed(
    kind: DocumentType, on_paper: bool, refuses: bool, code: str | None
) -> None:
    refusers = frozenset({TOWN.mentor.employment.id}) if refuses else frozenset()
    now = around(kind, refusers=refusers)
    refusal = may_acknowledge(order_in_force(on_paper=on_paper), TOWN.mentor.actor, now)
    assert (refusal.code if refusal else None) == code
    other = may_acknowledge(order_in_force(on_paper=on_paper), TOWN.curator.actor, now)
    assert (other is None) == (not (on_paper and kind.labour))


# --- Switching and ink dates ---------------------------------------------------------------


def test_the_clerk_switches_before_signing_and_never_back_after_ink() -> None:
    kind, document = agreement_type(), agreement()
    now = around(kind)
    assert may_put_on_paper(document, TOWN.clerk.actor, now) is None
    not_clerk = may_put_on_paper(document, TOWN.head.actor, now)
    assert not_clerk is not None
    assert not_clerk.code == "paper.not_yours"
    on_paper = replace(document, on_paper=True, paper_reason=switched("отказ"))
    assert may_put_back(on_paper, TOWN.clerk.actor, now) is None
    step = f"sign_mentor:{TOWN.mentor.employment.id}"
    ink = factories.mark(on_paper, step, Verdict.SIGNED_ON_PAPER, TOWN.mentor, happened_on=TODAY)
    back = may_put_back(on_paper.marked(ink), TOWN.clerk.actor, now)
    assert back is not None
    assert back.code == "paper.partly_signed"


def test_one_electronic_signature_keeps_the_document_electronic() -> None:
    document = agreement()
    step = f"sign_mentor:{TOWN.mentor.employment.id}"
    signed = document.marked(factories.mark(document, step, Verdict.SIGNED, TOWN.mentor))
    refusal = may_put_on_paper(signed, TOWN.clerk.actor, around(agreement_type()))
    assert refusal is not None
    assert refusal.code == "paper.partly_signed"


def test_what_is_on_paper_by_rule_is_not_switched_back() -> None:
    reason = original_of(LABOUR, None, (), TODAY).reason
    document = replace(agreement(), on_paper=True, paper_reason=reason)
    refusal = may_put_back(document, TOWN.clerk.actor, around(agreement_type()))
    assert refusal is not None
    assert refusal.code == "paper.not_switched"


@pytest.mark.parametrize(
    ("mentor_on", "head_on", "code"),
    [
        (0, 0, None),
        (0, 2, None),
        (2, 1, "paper.wrong_order"),
        (0, -1, "paper.before_document"),
        (0, 4, "paper.signed_in_future"),
    ],
)
def test_an_agreement_may_bear_different_dates_in_the_order_of_the_route(
    mentor_on: int, head_on: int, code: str | None
) -> None:
    kind, document = agreement_type(), agreement()
    now = around(kind, now=factories.MORNING + timedelta(days=3))
    mentor, head = (s for s in steps_of(document, kind) if s.verb is Verb.SIGN)
    day = TODAY + timedelta(days=mentor_on)
    assert check_ink_date(document, mentor, day, now) is None
    mark = factories.mark(
        document, mentor.key, Verdict.SIGNED_ON_PAPER, TOWN.mentor, happened_on=day
    )
    refusal = check_ink_date(document.marked(mark), head, TODAY + timedelta(days=head_on), now)
    assert (refusal.code if refusal else None) == code


def test_a_one_sided_act_is_signed_on_its_printed_date() -> None:
    document = factories.fixed(factories.draft(TOWN), TOWN)
    (step,) = (s for s in steps_of(document, OTHER) if s.verb is Verb.SIGN)
    now = around(OTHER, now=factories.MORNING + timedelta(days=1))
    assert check_ink_date(document, step, TODAY, now) is None
    refusal = check_ink_date(document, step, TODAY + timedelta(days=1), now)
    assert refusal is not None
    assert refusal.code == "paper.another_day"
