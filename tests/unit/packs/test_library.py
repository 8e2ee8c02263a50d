from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from workflow.domain.deadlines import DayOff, Every, Unit
from workflow.domain.regulations import Role, SignatureFormat, SignatureKind, Verb
from workflow.packs import PackReading, from_sources, load, names, read_pack

PACKS = Path(__file__).parents[2] / "packs"
BASE = """\
name: base
title: База
case_kinds:
  programme: {title: Программа, documents: D01}
registers:
  core: {title: Приказы, mask: "{n}"}
rules:
  mentees_at_most: {value: 3, article: "закон, ст. 1", law: true}
types:
  D01:
    title: Приказ
    genitive: приказа
    origin: made
    case_kind: programme
    template: common/a.docx
    register: core
    signature: {kind: advanced, format: cades, law: true}
    fields:
      subject: {label: Заголовок, kind: text, required: true, law: true, article: "закон, ст. 2"}
      note: {label: Примечание, kind: text, required: true}
    route:
      prepare: {who: clerk}
      fix: {who: clerk, after: prepare}
      sign: {who: head, after: fix}
    deadlines:
      report: {due: 5 working days after D01.signed, article: "закон, ст. 3", law: true}
"""


@pytest.fixture
def packs(tmp_path: Path) -> Path:
    written(tmp_path, "base", BASE)
    return tmp_path


def written(folder: Path, name: str, text: str) -> Path:
    (folder / name).mkdir(exist_ok=True)
    (folder / name / "pack.yml").write_text(text, "utf-8")
    return folder / name


def child(packs: Path, text: str, parent: str = "base", name: str = "child") -> PackReading:
    head = f"name: {name}\ntitle: Дитя\ninherits: {parent}\n"
    return read_pack(written(packs, name, head + text))


def told(reading: PackReading) -> list[tuple[str, object]]:
    return [(problem.code, problem.params.get("what")) for problem in reading.problems]


def test_a_child_says_only_what_differs(packs: Path) -> None:
    reading = child(packs, "types: {D01: {title: Распоряжение, fields: {note: {required: false}}}}")
    assert reading.regulation is not None
    kind = reading.regulation.document_types["D01"]
    assert kind.title == "Распоряжение"
    note = kind.field("note")
    assert note is not None
    assert (note.label, note.required) == ("Примечание", False)
    assert reading.regulation.parents == ("base",)


def test_what_a_child_adds_comes_after_what_it_inherits(packs: Path) -> None:
    reading = child(packs, "types: {D01: {fields: {extra: {label: Ещё, kind: date}}}}")
    assert reading.regulation is not None
    keys = [field.key for field in reading.regulation.document_types["D01"].fields]
    assert keys == ["subject", "note", "extra"]


def test_a_word_with_nothing_after_it_removes_what_the_parent_had(packs: Path) -> None:
    reading = child(packs, "types: {D01: {fields: {note: }}}")
    assert reading.regulation is not None
    assert reading.regulation.document_types["D01"].field("note") is None


@pytest.mark.parametrize(
    "tighter",
    [
        "rules: {mentees_at_most: {value: 2}}",
        "types: {D01: {signature: {kind: qualified}}}",
        "types: {D01: {signature: {exactly: true}}}",
        "types: {D01: {deadlines: {report: {due: 3 working days after D01.signed}}}}",
        "types: {D01: {fields: {subject: {label: Тема, hint: коротко}}}}",
        "rules: {mentees_at_most: {article: 'наш регламент, п. 1'}}",
    ],
)
def test_a_child_may_tighten_the_law_and_word_it_anew(packs: Path, tighter: str) -> None:
    assert child(packs, tighter).problems == ()


@pytest.mark.parametrize(
    ("looser", "what"),
    [
        ("rules: {mentees_at_most: {value: 4}}", "rules.mentees_at_most.value"),
        ("rules: {mentees_at_most: {soft: true}}", "rules.mentees_at_most.soft"),
        ("rules: {mentees_at_most: {law: false}}", "rules.mentees_at_most.law"),
        ("rules: {mentees_at_most: }", "rules.mentees_at_most"),
        ("types: {D01: {signature: {kind: simple}}}", "types.D01.signature.kind"),
        ("types: {D01: {signature: {format: pades}}}", "types.D01.signature.format"),
        (
            "types: {D01: {fields: {subject: {required: false}}}}",
            "types.D01.fields.subject.required",
        ),
        ("types: {D01: {fields: {subject: {kind: number}}}}", "types.D01.fields.subject.kind"),
        ("types: {D01: {fields: {subject: }}}", "types.D01.fields.subject"),
        (
            "types: {D01: {deadlines: {report: {due: 6 working days after D01.signed}}}}",
            "types.D01.deadlines.report.due",
        ),
        (
            "types: {D01: {deadlines: {report: {due: 5 calendar days after D01.signed}}}}",
            "types.D01.deadlines.report.due",
        ),
        (
            "types: {D01: {deadlines: {report: {inclusive: false}}}}",
            "types.D01.deadlines.report.inclusive",
        ),
    ],
)
def test_a_child_may_not_loosen_the_law(packs: Path, looser: str, what: str) -> None:
    assert ("pack.loosens_law", what) in told(child(packs, looser))


def test_a_grandchild_is_bound_by_the_law_as_its_parent_tightened_it(packs: Path) -> None:
    child(packs, "rules: {mentees_at_most: {value: 2}}")
    grandchild = child(packs, "rules: {mentees_at_most: {value: 3}}", "child", "grandchild")
    assert told(grandchild) == [("pack.loosens_law", "rules.mentees_at_most.value")]
    assert grandchild.problems[0].place.file.endswith("grandchild/pack.yml")


def test_what_is_no_law_may_be_loosened(packs: Path) -> None:
    assert child(packs, "types: {D01: {route: {sign: {who: deputy}}}}").problems == ()


def test_a_mistake_of_a_parent_is_told_with_the_parents_file(packs: Path) -> None:
    written(packs, "base", BASE.replace("origin: made", "origin: maid"))
    problems = child(packs, "").problems
    assert [Path(p.place.file).parent.name for p in problems] == ["base"]


def test_packs_that_inherit_in_a_circle_are_refused(packs: Path) -> None:
    child(packs, "", parent="other", name="one")
    circle = child(packs, "", parent="one", name="other")
    assert [problem.code for problem in circle.problems] == ["pack.inherits_in_a_circle"]


@pytest.mark.parametrize("parent", ["../base", "/etc", "base/../base", "BASE"])
def test_a_parent_is_named_never_a_path(packs: Path, parent: str) -> None:
    reading = child(packs, "", parent=f"'{parent}'")
    assert [problem.code for problem in reading.problems] == ["pack.parent_not_found"]


def test_a_pack_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    assert [p.code for p in read_pack(tmp_path / "nothing").problems] == ["pack.not_found"]
    assert [p.code for p in read_pack("no_such_pack").problems] == ["pack.not_found"]


def test_the_version_is_the_digest_of_all_sources(packs: Path) -> None:
    first = child(packs, "")
    assert first.regulation is not None
    digest = hashlib.sha256()
    for source in first.sources:
        digest.update(f"{source.name}\0{len(source.content)}\0".encode() + source.content)
    assert first.regulation.version == digest.hexdigest()
    written(packs, "base", BASE + "# a remark\n")
    second = child(packs, "")
    assert second.regulation is not None
    assert second.regulation.version != first.regulation.version


def test_stored_sources_make_the_same_regulation(packs: Path) -> None:
    read = child(packs, "types: {D01: {title: Распоряжение}}")
    written(packs, "base", "broken")
    again = from_sources(read.sources)
    assert again.regulation == read.regulation
    assert again.name == "child"


def test_a_name_of_the_library_and_its_path_are_the_same_pack() -> None:
    by_name = load("tetyushi")
    by_path = load(Path(read_pack("tetyushi").sources[-1].file))
    assert by_name == by_path
    assert names() == ("federal", "kuzbass", "pairs", "tatarstan", "tetyushi", "yurga")


def test_the_words_of_a_pack_become_the_values_of_the_domain() -> None:
    order = load("tetyushi").document_types["D06"]
    assert order.signature is not None
    assert (order.signature.kind, order.signature.format) == (
        SignatureKind.ADVANCED,
        SignatureFormat.CADES,
    )
    sysadmin = order.step("acknowledge_sysadmin")
    assert sysadmin is not None
    assert (sysadmin.verb, sysadmin.who.field_key) == (Verb.ACKNOWLEDGE, "sysadmin")
    publish = load("tetyushi").document_types["D02"].deadlines[0]
    assert (publish.amount, publish.unit, publish.after) == (10, Unit.WORKING_DAYS, "D02.signed")
    assert (publish.day_off, publish.debtor) == (DayOff.NEXT, Role.CURATOR)
    duties = load("tetyushi").duties
    assert [(duty.key, duty.rule.every) for duty in duties] == [
        ("analysis", Every.HALF_YEAR),
        ("monitoring", Every.HALF_YEAR),
        ("commission", Every.QUARTER),
    ]


def test_two_people_sign_a_revision_of_the_test_type_side_by_side() -> None:
    kind = load(PACKS / "two_signers").document_types["TEST"]
    signing = [step for step in kind.route if step.verb is Verb.SIGN]
    assert [step.who.role for step in signing] == [Role.HEAD, Role.DEPUTY]
    assert {step.after for step in signing} == {("fix",)}
    assert kind.signature is not None
    assert kind.signature.format is SignatureFormat.CADES
