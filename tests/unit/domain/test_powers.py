"""Powers of attorney as values: what counts of answers, codes and words, for whom, how long."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from workflow.domain.powers import (
    LONGEST_STANDS,
    USUALLY_STANDS,
    AnswerStatus,
    CodeMeaning,
    PowerAnswer,
    PowerCode,
    PowerKnown,
    PowerOfAttorney,
    PowerReading,
    answer_days,
    codes_for,
    counting_answer,
    known_of,
    reading_for,
)

NOW = datetime(2026, 5, 4, 9, tzinfo=UTC)
DAY = timedelta(days=1)
TODAY = NOW.date()
SCHOOL, OFFICE, PERSON = UUID(int=1), UUID(int=2), UUID(int=3)

POWER = PowerOfAttorney(
    id=UUID(int=9),
    organisation_id=SCHOOL,
    representative_id=PERSON,
    number="4f1c2d3e-5a6b-4c7d-8e9f-0a1b2c3d4e5f",
    own_number="",
    issued=TODAY - 10 * DAY,
    until=TODAY + 10 * DAY,
    signed_by="",
    coded=True,
    alone=True,
    text="",
    codes=(PowerCode("A", "", limited=False), PowerCode("B", "", limited=True)),
    file="",
    signature="",
    kept_at=NOW,
    kept_by=PERSON,
)


def answer(status: AnswerStatus, age: int, whose: UUID | None = SCHOOL) -> PowerAnswer:
    moment = NOW - age * DAY
    return PowerAnswer(UUID(int=age), POWER.id, whose, status, moment, None, "", "", moment, PERSON)


def meaning(code: str, whose: UUID | None, *types: str) -> CodeMeaning:
    return CodeMeaning(UUID(int=5), whose, code, types, NOW, PERSON)


def reading(type_code: str, whose: UUID | None = SCHOOL) -> PowerReading:
    return PowerReading(UUID(int=6), POWER.id, whose, type_code, "слова", NOW, PERSON)


def known(codes: str = "A", given: PowerAnswer | None = None) -> PowerKnown:
    return PowerKnown(POWER, given, frozenset(codes), None)


def test_the_newest_answer_of_the_own_organisation_or_the_operator_counts() -> None:
    old, new = answer(AnswerStatus.UNKNOWN, 2), answer(AnswerStatus.IN_FORCE, 1)
    foreign = answer(AnswerStatus.IN_FORCE, 0, OFFICE)
    assert counting_answer([old, new, foreign], SCHOOL) == new
    assert counting_answer([old, new, foreign], OFFICE) == foreign
    assert counting_answer([foreign], SCHOOL) is None
    operator = answer(AnswerStatus.IN_FORCE, 0, None)
    assert counting_answer([old, operator], SCHOOL) == counting_answer([operator], OFFICE)


def test_a_revocation_counts_whoever_found_it_and_the_earliest_of_several() -> None:
    late = replace(answer(AnswerStatus.REVOKED, 1, OFFICE), revoked_on=TODAY)
    early = replace(answer(AnswerStatus.REVOKED, 0, OFFICE), revoked_on=TODAY - DAY)
    good = answer(AnswerStatus.IN_FORCE, 0)
    assert counting_answer([late, early, good], SCHOOL) == early
    undated = answer(AnswerStatus.REVOKED, 0)
    assert counting_answer([late, early, undated], SCHOOL) == undated


@pytest.mark.parametrize(
    ("revoked_on", "day", "is_revoked"),
    [(None, TODAY, True), (TODAY, TODAY, True), (TODAY, TODAY - DAY, False)],
)
def test_a_revocation_counts_from_its_day(
    revoked_on: date | None, day: date, is_revoked: bool
) -> None:
    revoked = replace(answer(AnswerStatus.REVOKED, 0), revoked_on=revoked_on)
    assert known(given=revoked).is_revoked(day) is is_revoked


def test_what_the_organisation_says_of_a_code_goes_before_what_the_operator_said() -> None:
    said = [
        meaning("A", None, "D02", "D06"),
        meaning("A", SCHOOL, "D06"),
        meaning("C", None, "D02"),
    ]
    assert codes_for(said, "D02", SCHOOL) == {"C"}
    assert codes_for(said, "D02", OFFICE) == {"A", "C"}
    assert codes_for(said, "D06", SCHOOL) == {"A"}


def test_a_plain_code_of_one_representative_covers_and_a_limited_one_does_not() -> None:
    assert known("A").is_covered
    assert not known("B").is_covered
    assert not known("").is_covered
    assert not replace(known("A"), power=replace(POWER, alone=False)).is_covered
    assert not replace(known("A"), power=replace(POWER, coded=False)).is_covered


def test_words_cover_when_somebody_of_the_organisation_has_read_them() -> None:
    assert replace(known("B"), reading=reading("D02")).is_covered
    assert reading_for([reading("D02")], "D06", SCHOOL) is None
    assert reading_for([reading("D02")], "D02", OFFICE) is None
    assert reading_for([reading("D02", None)], "D02", OFFICE) is not None


def test_nobody_signs_outside_the_term() -> None:
    assert known().lets_sign(POWER.issued)
    assert known().lets_sign(POWER.until)
    assert not known().lets_sign(POWER.issued - DAY)
    assert not known().lets_sign(POWER.until + DAY)


def test_an_answer_is_fresh_for_some_days() -> None:
    assert known(given=answer(AnswerStatus.IN_FORCE, USUALLY_STANDS)).answer_is_fresh(NOW)
    assert not known(given=answer(AnswerStatus.IN_FORCE, USUALLY_STANDS + 1)).answer_is_fresh(NOW)
    assert not known(given=answer(AnswerStatus.UNKNOWN, 0)).answer_is_fresh(NOW)
    assert not known().answer_is_fresh(NOW)


def test_what_is_known_of_other_powers_does_not_count() -> None:
    other = replace(answer(AnswerStatus.IN_FORCE, 0), power_id=UUID(int=8))
    found = known_of(POWER, [other], [], [], "D02", SCHOOL)
    assert found.answer is None


@pytest.mark.parametrize("value", [0, LONGEST_STANDS + 1, True, "3", None])
def test_a_senseless_setting_counts_as_none(value: object) -> None:
    assert answer_days({"power_answer_days": value}) == USUALLY_STANDS


def test_a_pack_may_ask_for_fresher_answers() -> None:
    assert answer_days({"power_answer_days": 1}) == 1
