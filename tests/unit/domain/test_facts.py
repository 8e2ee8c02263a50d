"""What a person filled in, held against the fields of the type."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import factories as make
from workflow.domain.facts import (
    LONGEST_LINK,
    LONGEST_TEXT,
    MOST_ROWS,
    FactProblem,
    check_facts,
)
from workflow.domain.regulations import Choice, FieldKind, FieldSpec

ID = str(make.new_id())


def field(kind: FieldKind, **said: Any) -> FieldSpec:
    return FieldSpec("asked", "Вопрос", kind, **said)


def problems(spec: FieldSpec, value: object) -> tuple[FactProblem, ...]:
    return check_facts([spec], {spec.key: value})


CHOICES = (Choice("yes", "Да"), Choice("no", "Нет"))
COLUMNS = (
    FieldSpec("text", "Мероприятие", FieldKind.TEXT, required=True),
    FieldSpec("due", "Срок", FieldKind.DATE),
)
GOOD: list[tuple[FieldSpec, object]] = [
    (field(FieldKind.TEXT), "Слово"),
    (field(FieldKind.TEXT), "я" * LONGEST_TEXT),
    (field(FieldKind.LONG_TEXT), "Абзац\n\tи ещё один"),
    (field(FieldKind.DATE), date(2025, 1, 30)),
    (field(FieldKind.NUMBER), 0),
    (field(FieldKind.YES_NO), False),
    (field(FieldKind.CHOICE, choices=CHOICES), "no"),
    (field(FieldKind.PERSON), ID),
    (field(FieldKind.PEOPLE), (ID, ID)),
    (field(FieldKind.DOCUMENTS), (ID,)),
    (field(FieldKind.LINK), "https://школа.рф/наставничество?раздел=1"),
    (field(FieldKind.ROWS, columns=COLUMNS), ({"text": "Открытый урок", "due": None},)),
]
BAD: list[tuple[FieldSpec, object]] = [
    (field(FieldKind.TEXT), 17),
    (field(FieldKind.TEXT), "я" * (LONGEST_TEXT + 1)),
    (field(FieldKind.TEXT), "звонок\x07"),
    (field(FieldKind.DATE), "30.01.2025"),
    (field(FieldKind.DATE), make.MORNING),
    (field(FieldKind.NUMBER), -1),
    (field(FieldKind.NUMBER), True),
    (field(FieldKind.NUMBER), "5"),
    (field(FieldKind.YES_NO), "да"),
    (field(FieldKind.CHOICE, choices=CHOICES), "perhaps"),
    (field(FieldKind.PERSON), "Белова"),
    (field(FieldKind.PEOPLE), ID),
    (field(FieldKind.PEOPLE), (ID, "Белова")),
    (field(FieldKind.DOCUMENTS), ("789-о/д",)),
    (field(FieldKind.LINK), "javascript:alert(1)"),
    (field(FieldKind.LINK), "http://"),
    (field(FieldKind.LINK), "http://[школа"),
    (field(FieldKind.LINK), "https://a/" + "b" * LONGEST_LINK),
    (field(FieldKind.ROWS, columns=COLUMNS), ("Открытый урок",)),
    (field(FieldKind.ROWS, columns=COLUMNS), ({"text": "урок"},) * (MOST_ROWS + 1)),
]


@pytest.mark.parametrize(("spec", "value"), GOOD)
def test_a_proper_answer_is_taken(spec: FieldSpec, value: object) -> None:
    assert problems(spec, value) == ()


@pytest.mark.parametrize(("spec", "value"), BAD)
def test_an_improper_answer_is_named(spec: FieldSpec, value: object) -> None:
    (problem,) = problems(spec, value)
    assert problem.path.startswith("asked")
    assert problem.params["label"] == "Вопрос"


@pytest.mark.parametrize("empty", [None, "", "  \n", (), []])
def test_a_required_field_must_be_filled_in(empty: object) -> None:
    (problem,) = problems(field(FieldKind.TEXT, required=True), empty)
    assert problem.msgid == "Fill in “{label}”."
    assert problems(field(FieldKind.TEXT), empty) == ()


def test_nought_and_no_are_answers() -> None:
    assert problems(field(FieldKind.NUMBER, required=True), 0) == ()
    assert problems(field(FieldKind.YES_NO, required=True), False) == ()


def test_nobody_is_asked_for_what_the_system_fills_in() -> None:
    assert problems(field(FieldKind.TEXT, required=True, source="system"), "") == ()
    assert problems(field(FieldKind.TEXT, required=True, source="today"), "") != ()


def test_all_problems_are_told_at_once_with_their_places() -> None:
    events = FieldSpec("events", "Мероприятия", FieldKind.ROWS, columns=COLUMNS)
    facts = {"events": ({"text": "Урок"}, {"text": "", "due": "завтра"}), "asked": -1}
    found = check_facts([events, field(FieldKind.NUMBER)], facts)
    assert [p.path for p in found] == ["events.1.text", "events.1.due", "asked"]


@given(value=st.text(max_size=60))
def test_whatever_is_typed_as_an_address_gets_an_answer(value: str) -> None:
    assert len(problems(field(FieldKind.LINK), "http://" + value)) <= 1
