"""Who sets up the installation, and identifiers whose check digits show a misprint."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import factories as make
from workflow.domain.administration import (
    check_identifiers,
    check_inn,
    check_ogrn,
    check_requisites,
    check_snils,
    may_administer,
    may_confirm_head,
    may_rename,
    needs_second_factor,
)
from workflow.domain.mandates import Actor
from workflow.domain.organisations import Requisites
from workflow.domain.regulations import Role

TOWN = make.town()
#: Examples of the rules themselves (ПФР; ФНС, приказ ММВ-7-6/435), nobody's own numbers.
SNILS = "11223344595"
INN_10 = "7830002293"
INN_12 = "500100732259"
OGRN = "1027700132195"


def test_right_check_digits_are_taken() -> None:
    assert check_snils(SNILS)
    assert check_snils("08765430300")  # the sum 101 leaves 0
    assert check_snils("91100100000")  # the sum 100 is written 00
    assert check_inn(INN_10)
    assert check_inn(INN_12)
    assert check_ogrn(OGRN)


@pytest.mark.parametrize(
    ("check", "number"),
    [(check_snils, SNILS), (check_inn, INN_10), (check_inn, INN_12), (check_ogrn, OGRN)],
)
@given(place=st.integers(0, 12), added=st.integers(1, 9))
def test_one_wrong_digit_is_noticed(check: Any, number: str, place: int, added: int) -> None:
    """Always, unless the check digit is 0: it stands for a remainder of 10 (or 100), too."""
    place %= len(number)
    wrong = str((int(number[place]) + added) % 10)
    assert not check(number[:place] + wrong + number[place + 1 :])


@pytest.mark.parametrize("check", [check_snils, check_inn, check_ogrn])
@pytest.mark.parametrize("written", ["", "12", "112-233-445 95", "١١٢٢٣٣٤٤٥٩٥", "x" * 12])
def test_what_is_no_number_is_refused(check: Any, written: str) -> None:
    assert not check(written)


def test_a_person_has_the_long_taxpayer_number_an_organisation_the_short_one() -> None:
    person = make.person(snils=SNILS, inn=INN_12)
    assert check_identifiers(person) is None
    wrong = check_identifiers(replace(person, inn=INN_10))
    assert wrong is not None
    assert wrong.code == "person.inn"
    school = make.organisation(requisites=Requisites(inn=INN_10, ogrn=OGRN))
    assert check_requisites(school) is None
    wrong = check_requisites(replace(school, requisites=Requisites(inn=INN_12)))
    assert wrong is not None
    assert wrong.code == "organisation.inn"


def test_misprints_are_named_and_empty_numbers_allowed() -> None:
    assert check_identifiers(make.person(snils="", inn="")) is None
    assert check_requisites(make.organisation(requisites=Requisites())) is None
    wrong = check_identifiers(make.person(snils="11223344596"))
    assert wrong is not None
    assert wrong.code == "person.snils"
    wrong = check_requisites(make.organisation(requisites=Requisites(ogrn="1027700132196")))
    assert wrong is not None
    assert wrong.code == "organisation.ogrn"


def test_only_the_operator_administers() -> None:
    assert may_administer(Actor(make.new_id(), "Оператор", operator=True)) is None
    refusal = may_administer(TOWN.head.actor)
    assert refusal is not None
    assert refusal.code == "admin.not_operator"


@pytest.mark.parametrize(
    "changed",
    [
        {"last": "Новикова"},
        {"first": "Инна"},
        {"middle": "Петровна"},
        {"snils": "08765430300"},
        {"inn": "500100732259"},
    ],
)
def test_name_and_identifiers_are_locked_once_they_are_set(changed: dict[str, Any]) -> None:
    before = make.person(snils=SNILS, inn="123456789012")
    refusal = may_rename(before, replace(before, **changed))
    assert refusal is not None
    assert refusal.code == "person.identity_locked"


def test_what_was_left_empty_may_be_filled_in_and_the_rest_changed() -> None:
    before = make.person(middle="", snils="", inn="")
    after = replace(before, middle="Игоревна", snils=SNILS, inn=INN_12, email="b@example.org")
    assert may_rename(before, after) is None
    assert may_rename(after, replace(after, email="")) is None


def _confirms(who: Actor, role: Role = Role.HEAD) -> str:
    head = make.mandate(TOWN.head.employment, role)
    refusal = may_confirm_head(who, head, TOWN.school, make.TODAY)
    return refusal.code if refusal else "may"


def test_a_head_is_confirmed_by_the_founder_or_the_office() -> None:
    founder = make.worker(TOWN.office, Role.HEAD, "Осипова")
    assert _confirms(TOWN.officer.actor) == "may"
    assert _confirms(founder.actor, Role.ACTING_HEAD) == "may"
    assert _confirms(TOWN.clerk.actor) == "mandate.confirm.not_yours"


def test_nobody_confirms_oneself() -> None:
    """The head of the office may head a school as well."""
    both = make.mandate(
        make.employment(TOWN.head.person, TOWN.office, "начальник отдела"), Role.OFFICER
    )
    two_posts = replace(TOWN.head.actor, mandates=(TOWN.head.mandate, both))
    assert _confirms(two_posts) == "mandate.confirm.not_yours"


def test_other_authorities_need_no_confirmation() -> None:
    assert _confirms(TOWN.officer.actor, Role.CURATOR) == "mandate.no_confirmation"


def test_the_head_of_another_school_confirms_nobody() -> None:
    elsewhere = make.organisation("МБОУ «СОШ № 2»", founder_id=TOWN.office.id)
    assert _confirms(make.worker(elsewhere, Role.HEAD, "Панова").actor) != "may"


@pytest.mark.parametrize(
    ("role", "needed"),
    [
        (Role.HEAD, True),
        (Role.ACTING_HEAD, True),
        (Role.OFFICER, True),
        (Role.CLERK, False),
        (Role.CURATOR, False),
        (Role.EMPLOYEE, False),
    ],
)
def test_those_who_sign_or_decide_need_a_second_factor(role: Role, needed: bool) -> None:
    held = make.mandate(TOWN.mentor.employment, role)
    assert needs_second_factor([held], make.TODAY) is needed
    assert not needs_second_factor([replace(held, until=date(2025, 1, 12))], make.TODAY)
