"""The journals: who keeps them, what may be written into them by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests import factories as make
from workflow.domain.journals import (
    JournalKind,
    check_keeping,
    check_row,
    kind_of,
    may_annul_row,
    may_change_row,
    may_keep_register,
    may_take_next,
)
from workflow.domain.mandates import Actor
from workflow.domain.refusals import Refusal
from workflow.domain.registers import EntryState, Numbering, RowText

TOWN = make.town()
ORDERS = make.register(TOWN, next_number=12)
ROW = RowText("12-о/д", make.TODAY, "О графике дежурств")
BY_HAND = make.entry(ORDERS, 12, by_hand=True, state=EntryState.REGISTERED)


def _code(refusal: Refusal | None) -> str:
    return refusal.code if refusal else ""


@pytest.mark.parametrize(
    ("who", "code"),
    [
        (TOWN.clerk.actor, ""),
        (TOWN.head.actor, ""),
        (TOWN.deputy.actor, "register.not_keeper"),
        (TOWN.mentor.actor, "register.not_keeper"),
        (TOWN.officer.actor, "register.not_keeper"),
        (replace(TOWN.mentor.actor, operator=True), ""),
    ],
)
def test_journals_are_kept_by_clerk_and_head_and_set_up_by_the_operator(
    who: Actor, code: str
) -> None:
    assert _code(may_keep_register(who, TOWN.school, make.TODAY)) == code


def test_the_office_s_officer_keeps_the_journals_of_the_office() -> None:
    assert may_keep_register(TOWN.officer.actor, TOWN.office, make.TODAY) is None


def test_only_rows_written_by_hand_are_corrected_and_annulled() -> None:
    clerk, place = TOWN.clerk.actor, TOWN.school
    assert may_change_row(BY_HAND, clerk, place, make.TODAY) is None
    of_document = replace(BY_HAND, by_hand=False)
    assert _code(may_change_row(of_document, clerk, place, make.TODAY)) == (
        "register.row_of_document"
    )
    annulled = replace(BY_HAND, state=EntryState.ANNULLED)
    assert _code(may_change_row(annulled, clerk, place, make.TODAY)) == "register.row_annulled"


def test_a_row_is_annulled_with_a_reason_only() -> None:
    clerk, place = TOWN.clerk.actor, TOWN.school
    assert may_annul_row(BY_HAND, "внесён дважды", clerk, place, make.TODAY) is None
    assert _code(may_annul_row(BY_HAND, "  ", clerk, place, make.TODAY)) == (
        "register.reason_missing"
    )


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (ROW, ""),
        (replace(ROW, number=""), ""),
        (replace(ROW, summary=" "), "register.summary_missing"),
        (replace(ROW, dated=make.TODAY + timedelta(days=1)), "register.in_future"),
        (replace(ROW, number="1" * 61), "register.number_long"),
    ],
)
def test_a_row_needs_a_heading_and_a_day_that_has_come(text: RowText, code: str) -> None:
    assert _code(check_row(text, make.TODAY)) == code


def test_the_next_number_is_not_given_to_an_earlier_day() -> None:
    yesterday = make.TODAY - timedelta(days=1)
    assert may_take_next(ORDERS, make.TODAY, make.TODAY) is None
    assert may_take_next(ORDERS, make.TODAY, None) is None
    assert _code(may_take_next(ORDERS, yesterday, make.TODAY)) == "register.backwards"


def test_a_year_that_is_over_gives_no_next_number() -> None:
    assert _code(may_take_next(ORDERS, date(2024, 12, 30), None)) == "register.backwards"
    assert may_take_next(replace(ORDERS, year=None), date(2024, 12, 30), None) is None


def test_dates_of_a_register_kept_by_hand_are_the_clerks_own() -> None:
    by_hand = replace(ORDERS, numbering=Numbering.MANUAL)
    assert may_take_next(by_hand, date(2024, 12, 30), make.TODAY) is None


@pytest.mark.parametrize(
    ("next_number", "mask", "code"),
    [
        (101, "{n}-о/д", ""),
        (1, "без номера", "register.mask"),
        (0, "{n}", "register.next"),
        (1_000_000, "{n}", "register.next"),
    ],
)
def test_a_register_goes_on_by_a_mask_from_a_number(next_number: int, mask: str, code: str) -> None:
    assert _code(check_keeping(next_number, mask)) == code


@pytest.mark.parametrize(
    ("mask", "typed", "sequence"),
    [
        ("{n}-о/д", "15-о/д", 15),
        ("{n}-о/д", " 15-О/Д ", 15),
        ("{n:03}/{year}", "015/2025", 15),
        ("{index}/{n}", "01-04/7", 7),
        ("{n}-о/д", "15а-о/д", 0),
        ("{n}-о/д", "15/1", 0),
        ("{n}.{year}", "15x2025", 0),
    ],
)
def test_a_typed_number_that_follows_the_mask_has_a_place_in_the_series(
    mask: str, typed: str, sequence: int
) -> None:
    register = make.register(TOWN, mask=mask, nomenclature="01-04")
    assert register.sequence_of(typed, make.TODAY) == sequence


@pytest.mark.parametrize(
    ("key", "kind"),
    [
        ("core", JournalKind.INNER),
        ("personnel", JournalKind.INNER),
        ("agreements", JournalKind.INNER),
        ("outgoing", JournalKind.OUTGOING),
        ("incoming", JournalKind.INCOMING),
        ("receipts", JournalKind.NOTICES),
    ],
)
def test_the_key_says_what_a_journal_is_about(key: str, kind: JournalKind) -> None:
    assert kind_of(make.register(TOWN, key)) is kind


def test_a_row_says_what_its_text_says() -> None:
    text = replace(ROW, dated=date(2026, 1, 12), executor="Зайцева Н. П.", scan="a" * 64)
    said = BY_HAND.saying(text)
    assert said.text == text
    assert said.year == 2026
    assert said.id == BY_HAND.id
