"""The papers of a pair's daily life as the packs «pairs» and «yurga» describe them."""

from __future__ import annotations

import pytest

from workflow.domain.deadlines import Unit
from workflow.domain.regulations import (
    DocumentType,
    FieldKind,
    Origin,
    PdfProfile,
    Role,
    SignatureKind,
    Verb,
)
from workflow.packs import load

PAIRS, YURGA = load("pairs"), load("yurga")
NOT_NUMBERED = ("D16", "D18", "D19", "D21", "D22", "D23", "D26", "D27", "D42E")
PAPERS = (*NOT_NUMBERED, "D33", "D42F")


def _type(code: str) -> DocumentType:
    return YURGA.document_types[code]


@pytest.mark.parametrize("code", PAPERS)
def test_a_paper_of_a_pair_belongs_to_its_life(code: str) -> None:
    kind = PAIRS.document_types[code]
    assert kind.case_kind == "assignment"
    assert code in PAIRS.case_kinds["assignment"].documents
    assert kind.origin is Origin.MADE
    assert kind.retention
    assert kind.nomenclature
    assert kind.signature
    assert kind.signature.article


@pytest.mark.parametrize("code", NOT_NUMBERED)
def test_a_personal_paper_has_no_number_and_is_made_ready_by_itself(code: str) -> None:
    kind = _type(code)
    assert not kind.register
    assert not {step.verb for step in kind.route} & {Verb.FIX, Verb.REGISTER}


@pytest.mark.parametrize(
    ("code", "key", "step", "event", "article"),
    [
        ("D16", "plan", "sign_mentor", "case.begins", "Положение, п. 4.1"),
        ("D16", "plan_curator", "sign_curator", "case.begins", "Положение, п. 4.1"),
        ("D26", "report", "sign_mentor", "case.ends", "Положение, п. 6.1"),
        ("D27", "questionnaire", "sign", "case.ends", "Положение, п. 6.1"),
    ],
)
def test_yurga_gives_five_working_days_and_says_whose_act_meets_them(
    code: str, key: str, step: str, event: str, article: str
) -> None:
    rule = next(rule for rule in _type(code).deadlines if rule.key == key)
    assert (rule.met_by, rule.article) == (step, article)
    assert (rule.amount, rule.unit, rule.after) == (5, Unit.WORKING_DAYS, event)
    assert _type(code).step(step)


def test_nobody_dates_the_heads_approval_or_the_letter_to_the_centre() -> None:
    assert [rule.met_by for rule in _type("D26").deadlines] == ["sign_mentor"]
    assert _type("D33").deadlines == ()


def test_a_report_is_signed_simply_by_the_mentor_and_approved_with_an_advanced_signature() -> None:
    report = _type("D26")
    demands = {step.key: report.demand(step) for step in report.route if step.verb is Verb.SIGN}
    assert {key: demand.kind for key, demand in demands.items() if demand} == {
        "sign_mentor": SignatureKind.SIMPLE,
        "sign_head": SignatureKind.ADVANCED,
    }
    head = report.step("sign_head")
    assert head
    assert head.who.role is Role.HEAD
    assert head.after == ("sign_mentor",)


@pytest.mark.parametrize(
    ("code", "steps"),
    [
        ("D16", {"prepare": "mentor", "sign_mentor": "mentor", "acknowledge": "mentees"}),
        ("D18", {"prepare": "mentor", "sign": "mentor"}),
        ("D19", {"prepare": "mentor", "sign_mentor": "mentor", "sign_mentees": "mentees"}),
        ("D21", {"prepare": "mentor", "sign": "mentor"}),
        ("D22", {"prepare": "mentee", "sign": "mentee"}),
        ("D26", {"prepare": "mentor", "sign_mentor": "mentor"}),
        ("D27", {"prepare": "mentee", "sign": "mentee"}),
    ],
)
def test_personal_steps_wait_for_the_people_whom_the_paper_names(
    code: str, steps: dict[str, str]
) -> None:
    kind = _type(code)
    assert {s.key: s.who.field_key for s in kind.route if s.who.field_key} == steps
    for field_key in steps.values():
        field = kind.field(field_key)
        assert field
        assert field.source == f"pair.{field_key}"


@pytest.mark.parametrize("code", ["D22", "D23"])
def test_the_head_resolves_a_petition_and_a_proposal(code: str) -> None:
    resolve = _type(code).route[-1]
    assert (resolve.verb, resolve.who.role) == (Verb.RESOLVE, Role.HEAD)


def test_a_mentor_resigns_with_notice_and_without_a_reason() -> None:
    statement = _type("D21")
    effective, reason = statement.field("effective"), statement.field("reason")
    assert effective
    assert reason
    assert (effective.source, effective.article) == ("notice.earliest", "ТК РФ, ст. 351.8")
    assert not reason.required


def test_a_mentee_of_yurga_names_the_ground_of_the_petition() -> None:
    ground, everywhere = _type("D22").field("ground"), PAIRS.document_types["D22"].field("ground")
    assert ground
    assert everywhere
    assert (ground.required, ground.article) == (True, "Положение, п. 5.2")
    assert not everywhere.required


@pytest.mark.parametrize("code", ["D21", "D42E", "D42F"])
def test_papers_of_labour_law_are_kept_as_it_wants(code: str) -> None:
    kind = _type(code)
    assert kind.labour
    assert kind.pdf is PdfProfile.A1A
    assert kind.article


@pytest.mark.parametrize("code", ["D42E", "D42F"])
def test_no_simple_signature_agrees_to_itself(code: str) -> None:
    signature = _type(code).signature
    assert signature
    assert signature.kind is not SignatureKind.SIMPLE


def test_a_questionnaire_asks_ten_short_questions_of_ten_grades() -> None:
    graded = [f for f in _type("D27").fields if f.kind is FieldKind.CHOICE]
    assert len(graded) == 10
    for question in graded:
        assert [choice.key for choice in question.choices] == [str(n) for n in range(1, 11)]
        assert question.required
        # A line of a telephone.
        assert len(question.label) <= 40, question.label


def test_the_letter_of_a_pair_waits_for_no_order_of_the_programme() -> None:
    letter, general = _type("D33"), load("federal").document_types["D33"]
    assert (letter.case_kind, letter.depends_on) == ("assignment", ())
    assert letter.route == general.route
    assert letter.addressee == general.addressee
    assert letter.field("site_address") is None
    assert "D33" not in PAIRS.case_kinds["programme"].documents
