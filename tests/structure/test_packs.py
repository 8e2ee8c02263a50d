"""Every installed pack is whole, and what its forms ask is what its templates print."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

import pytest

import templates_docs
from marshrut.cli.pack_fields import known_fields, shapes_of
from marshrut.cli.packs import template_exists
from templates_docs.check import check_template
from templates_docs.known import COMMON_FIELDS
from workflow.domain.obligations import Evidence
from workflow.domain.regulations import (
    DocumentType,
    FieldKind,
    Origin,
    PdfProfile,
    Role,
    SignatureFormat,
    Verb,
)
from workflow.packs import load, names, read_pack

TEMPLATES = Path(templates_docs.__file__).parent / "library"
# Facts that steer the work and stand in no document.
NOT_PRINTED = {
    ("D02", "acquaint"),
    ("D02", "approves"),
    ("D06", "curator_reason"),
    # The day of the lines whose mentor has not given or got notice.
    ("D25", "ends"),
    # What is amended or cancelled stands there in words, in the case that the sentence needs.
    ("D43", "target"),
    ("D44", "target"),
    *((code, "involved") for code in ("D14", "D20", "D25", "D43", "D44")),
    ("D33", "package"),
}
# An answer that is chosen is compared, not printed: its words belong to the template. A grade is
# printed as it is.
DECIDING = (FieldKind.YES_NO, FieldKind.CHOICE)
TETYUSHI = load("tetyushi")


def _assembled() -> Iterator[tuple[str, DocumentType]]:
    for name in names():
        for kind in load(name).document_types.values():
            if kind.template:
                yield name, kind


def _blocks() -> dict[str, bytes]:
    common = sorted((TEMPLATES / "common").glob("*.docx"))
    return {file.stem: file.read_bytes() for file in common if not file.stem.startswith("D")}


@pytest.mark.parametrize("name", names())
def test_every_installed_pack_is_without_problems(name: str) -> None:
    assert read_pack(name, template_exists).problems == ()


@pytest.mark.parametrize(
    "kind", [pytest.param(kind, id=f"{name}-{kind.code}") for name, kind in _assembled()]
)
def test_a_template_prints_the_fields_of_its_type_and_no_others(kind: DocumentType) -> None:
    printed = [
        field.key
        for field in kind.fields
        if field.kind not in DECIDING and (kind.code, field.key) not in NOT_PRINTED
    ]
    problems = check_template(
        (TEMPLATES / kind.template).read_bytes(),
        blocks=_blocks(),
        fields=shapes_of(kind.fields),
        required=printed,
    )
    assert problems == []


@pytest.mark.parametrize(
    "kind", [pytest.param(kind, id=f"{name}-{kind.code}") for name, kind in _assembled()]
)
def test_an_answer_that_is_chosen_decides_what_a_template_prints(kind: DocumentType) -> None:
    with ZipFile(TEMPLATES / kind.template) as file:
        text = file.read("word/document.xml").decode()
    for field in kind.fields:
        if field.kind in DECIDING:
            grade = field.choices and all(choice.key == choice.label for choice in field.choices)
            assert (f"{{{{ {field.key} }}}}" if grade else f"if {field.key}") in text


@pytest.mark.parametrize(
    "kind", [pytest.param(kind, id=f"{name}-{kind.code}") for name, kind in _assembled()]
)
def test_no_field_hides_a_common_name(kind: DocumentType) -> None:
    assert not {field.key for field in kind.fields} & COMMON_FIELDS.keys()


def test_the_templates_check_knows_the_fields_of_library_templates() -> None:
    fields = known_fields(TEMPLATES / "common" / "D06-curator-order.docx")
    assert fields is not None
    assert "curator" in fields
    assert known_fields(Path("/elsewhere/D06-curator-order.docx")) is None


def test_tetyushi_has_the_documents_of_its_life() -> None:
    programme = TETYUSHI.case_kinds["programme"]
    assert set(programme.documents) == {"D02", "D03", "D04", "D05", "D06", "D33"}
    assert set(TETYUSHI.document_types) == {"D01", *programme.documents}
    assert TETYUSHI.calendar_region == "RU-TA"
    assert TETYUSHI.parents == ("federal", "tatarstan")


@pytest.mark.parametrize(
    ("code", "origin", "format", "pdf"),
    [
        ("D01", Origin.EXISTING, None, PdfProfile.A2B),
        ("D02", Origin.MADE, SignatureFormat.PADES, PdfProfile.A2B),
        ("D03", Origin.APPROVED, None, PdfProfile.A2B),
        ("D04", Origin.APPROVED, None, PdfProfile.A2B),
        ("D05", Origin.APPROVED, None, PdfProfile.A2B),
        ("D06", Origin.MADE, SignatureFormat.CADES, PdfProfile.A1A),
        ("D33", Origin.MADE, SignatureFormat.PADES, PdfProfile.A2B),
    ],
)
def test_how_a_document_of_tetyushi_comes_into_being_and_is_signed(
    code: str, origin: Origin, format: SignatureFormat | None, pdf: PdfProfile
) -> None:
    kind = TETYUSHI.document_types[code]
    assert kind.origin is origin
    assert (kind.signature.format if kind.signature else None) is format
    assert kind.pdf is pdf
    assert kind.article
    assert kind.retention
    assert kind.nomenclature


def test_one_order_approves_regulation_roadmap_and_programme() -> None:
    order = TETYUSHI.document_types["D02"]
    assert order.approves == ("D03", "D04", "D05")
    assert [step.verb for step in order.route] == [
        Verb.PREPARE,
        Verb.AGREE,
        Verb.FIX,
        Verb.SIGN,
        Verb.REGISTER,
        Verb.ACKNOWLEDGE,
    ]
    agree = order.step("agree")
    assert agree is not None
    assert agree.who.role is Role.CURATOR


def test_curator_and_system_administrator_acknowledge_the_curators_order() -> None:
    order = TETYUSHI.document_types["D06"]
    assert order.labour
    called = [s.who.field_key for s in order.route if s.verb is Verb.ACKNOWLEDGE]
    assert called == ["curator", "sysadmin"]
    rule = next(r for r in TETYUSHI.rules if r.name == "chosen_from_role")
    assert rule.soft
    assert rule.article == "Положение, п. 3.9"


def test_the_covering_letter_goes_to_the_office_and_is_accepted_there() -> None:
    letter = TETYUSHI.document_types["D33"]
    assert letter.addressee == "office"
    assert letter.depends_on == ("D02",)
    accept = letter.route[-1]
    assert (accept.verb, accept.who.role, accept.who.at) == (
        Verb.ACCEPT,
        Role.OFFICER,
        "addressee",
    )


def test_the_tasks_of_the_order_name_what_proves_them() -> None:
    tasks = TETYUSHI.document_types["D01"].field("tasks")
    assert tasks is not None
    assert isinstance(tasks.default, tuple)
    proofs = [(row["key"], row["evidence"], row.get("type_code", "")) for row in tasks.default]
    assert proofs == [
        ("2.1", "in_force", "D06"),
        ("2.2", "in_force", "D03"),
        ("2.3", "in_force", "D04"),
        ("2.4", "in_force", "D05"),
        ("2.5-1", "submission", "D04"),
        ("2.5-2", "submission", "D05"),
        ("2.6", "link", ""),
    ]
    assert all(code in {*TETYUSHI.document_types, ""} for _, _, code in proofs)
    assert all("due" not in row for row in tasks.default), "dates belong to the order"
    evidence = next(column for column in tasks.columns if column.key == "evidence")
    # A step of a route meets a term of a regulation, not a task of an order.
    assert {choice.key for choice in evidence.choices} == set(Evidence) - {Evidence.STEP}
    types = next(column for column in tasks.columns if column.key == "type_code")
    assert {choice.key for choice in types.choices} == {"D02", "D03", "D04", "D05", "D06"}


def test_the_roadmap_of_tetyushi_has_three_sections() -> None:
    rows = TETYUSHI.document_types["D04"].field("rows")
    assert rows is not None
    assert isinstance(rows.default, tuple)
    assert len(dict.fromkeys(row["stage"] for row in rows.default)) == 3
    years = [row["due"] for row in rows.default if "20" in row["due"].replace("20–25", "")]
    assert not years, "a regulation outlives its first year"


def test_every_rule_and_duty_of_an_installed_pack_carries_its_article() -> None:
    for name in names():
        regulation = load(name)
        assert all(rule.article for rule in regulation.rules)
        assert all(duty.rule.article for duty in regulation.duties)
        assert all(d.article for k in regulation.document_types.values() for d in k.deadlines)


def test_people_called_by_a_step_are_people_of_the_form() -> None:
    for kind in TETYUSHI.document_types.values():
        for step in kind.route:
            field = kind.field(step.who.field_key) if step.who.field_key else None
            assert field is None or field.kind in (FieldKind.PERSON, FieldKind.PEOPLE)


def test_forms_of_mentoring_are_named_without_the_quotation_marks_of_the_template() -> None:
    forms = [form.label for name in names() for form in load(name).mentoring_forms]
    assert forms
    assert not [label for label in forms if label.startswith("«")]
