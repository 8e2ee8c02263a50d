"""Numbers of a register: every number has a row, dates never run backwards."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tests import factories as make
from workflow.domain.journals import reads_registers
from workflow.domain.mandates import Actor
from workflow.domain.registers import may_keep_number, may_use_number

TOWN = make.town()
ORDERS = make.register(TOWN, next_number=12)
BY_HAND = make.register(TOWN, mask="")
FOR_EVER = replace(ORDERS, year=None)
NEXT_DAY = date(2025, 1, 14)
NEXT_YEAR = date(2026, 1, 12)


def test_the_next_number_is_given_in_its_year() -> None:
    assert ORDERS.number_for(make.TODAY) == 12
    assert ORDERS.number_for(date(2025, 12, 31)) == 12


def test_a_yearly_register_begins_again_at_one() -> None:
    assert ORDERS.number_for(date(2026, 1, 1)) == 1


def test_a_register_without_years_runs_on() -> None:
    assert FOR_EVER.number_for(NEXT_YEAR) == 12


def test_a_register_may_start_at_any_number() -> None:
    assert make.register(TOWN, next_number=101).number_for(make.TODAY) == 101


@pytest.mark.parametrize(
    ("mask", "printed"),
    [("{n}-о/д", "12-о/д"), ("{n}/{year}", "12/2025"), ("{index}/{n}", "01-04/12")],
)
def test_the_mask_says_how_a_number_is_printed(mask: str, printed: str) -> None:
    register = make.register(TOWN, mask=mask, nomenclature="01-04")
    assert register.printed(12, make.TODAY) == printed


def test_a_number_typed_by_hand_must_be_there_and_free() -> None:
    assert may_use_number("17-к", taken=False) is None
    missing = may_use_number("  ", taken=False)
    assert missing is not None
    assert missing.code == "register.number_missing"
    taken = may_use_number(" 17-к ", taken=True)
    assert taken is not None
    assert taken.code == "register.number_taken"
    assert taken.params == {"number": "17-к"}


def test_a_document_dated_anew_keeps_its_number() -> None:
    assert may_keep_number(ORDERS, make.entry(ORDERS, 12), False, NEXT_DAY)
    assert may_keep_number(BY_HAND, make.entry(BY_HAND, 0, number="7-к"), False, NEXT_DAY)


def test_a_number_is_given_up_once_a_later_one_is_registered() -> None:
    """Otherwise № 12 would bear a later date than № 13."""
    assert not may_keep_number(ORDERS, make.entry(ORDERS, 12), True, NEXT_DAY)
    assert not may_keep_number(BY_HAND, make.entry(BY_HAND, 0), True, NEXT_DAY)


def test_a_number_of_a_yearly_register_ends_with_the_year() -> None:
    assert not may_keep_number(ORDERS, make.entry(ORDERS, 12), False, NEXT_YEAR)
    assert not may_keep_number(BY_HAND, make.entry(BY_HAND, 0), False, NEXT_YEAR)


def test_a_number_of_a_register_without_years_outlives_the_year() -> None:
    assert may_keep_number(FOR_EVER, make.entry(FOR_EVER, 12), False, NEXT_YEAR)


def test_a_number_that_names_the_year_does_not_outlive_it() -> None:
    register = replace(FOR_EVER, mask="{n}/{year}")
    assert not may_keep_number(register, make.entry(register, 12), False, NEXT_YEAR)
    assert may_keep_number(register, make.entry(register, 12), False, NEXT_DAY)


@pytest.mark.parametrize(
    ("who", "reads"),
    [
        (TOWN.clerk.actor, True),
        (TOWN.head.actor, True),
        (TOWN.deputy.actor, True),
        (TOWN.curator.actor, False),
        (TOWN.mentor.actor, False),
        (TOWN.officer.actor, False),
    ],
)
def test_registers_are_read_by_those_who_keep_and_use_them(who: Actor, reads: bool) -> None:
    assert reads_registers(who, TOWN.school, make.TODAY) is reads


def test_an_officer_reads_the_registers_of_the_own_office() -> None:
    assert reads_registers(TOWN.officer.actor, TOWN.office, make.TODAY)
