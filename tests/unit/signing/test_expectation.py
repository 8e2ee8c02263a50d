"""Whose signature it is: names as people write them, identifiers digit by digit."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta, timezone

import pytest

from signing.expectation import (
    Authority,
    Expectation,
    ExpectedOrganisation,
    ExpectedPerson,
    check_authority,
    check_kind,
    check_owner,
)
from signing.verdicts import CertificateFacts, Outcome, SignatureKind
from tests.pki import NOON

FACTS = CertificateFacts(
    serial="0A",
    surname="Ёлкина-Берёзова",
    given_name="Алёна Семёновна",
    common_name="МБОУ «Лесная школа»",
    title="директор",
    organisation="МБОУ «Лесная школа»",
    snils="11223344595",
    inn="160000000001",
    ogrn="1021600000001",
    inn_le="1600000001",
    issuer="УЦ",
    not_before=NOON,
    not_after=NOON + timedelta(days=1),
    fingerprint="00" * 32,
    key_algorithm="ec secp256r1",
    training=False,
)
PERSONAL = replace(FACTS, organisation="", ogrn="", inn_le="")


def owner(facts: CertificateFacts | None = FACTS, **expected: object) -> tuple[Outcome, str]:
    check = check_owner(facts, Expectation(**expected))  # type: ignore[arg-type]  # by name
    return check.outcome, check.code


@pytest.mark.parametrize(
    ("surname", "given_name"),
    [
        ("Ёлкина-Берёзова", "Алёна Семёновна"),
        ("Елкина-Березова", "Алена Семеновна"),
        ("ЁЛКИНА-БЕРЁЗОВА", "АЛЁНА СЕМЁНОВНА"),
        ("  Ёлкина - Берёзова ", " Алёна   Семёновна"),
        ("Ёлкина–Берёзова", "Алёна\u00a0Семёновна"),
        ("Е\u0308лкина-Берёзова", "Алёна Семёновна"),
    ],
)
def test_the_same_name_written_otherwise(surname: str, given_name: str) -> None:
    person = ExpectedPerson(surname, given_name)
    assert owner(person=person) == (Outcome.PASSED, "owner_by_name")


@pytest.mark.parametrize(
    ("surname", "given_name"),
    [
        ("Ёлкина", "Алёна Семёновна"),
        ("Ёлкина-Берёзова", "Алёна"),
        ("Ёлкина-Берёзова", ""),
        ("Ёлкинa-Берёзова", "Алёна Семёновна"),  # a Latin "a"
    ],
)
def test_another_name_is_another_person(surname: str, given_name: str) -> None:
    person = ExpectedPerson(surname, given_name, snils="11223344595")
    assert owner(person=person) == (Outcome.FAILED, "other_name")


def test_identifiers_are_compared_by_their_digits() -> None:
    assert owner(person=ExpectedPerson(snils="112-233-445 95")) == (Outcome.PASSED, "owner")
    assert owner(person=ExpectedPerson(inn="1600 0000 0001")) == (Outcome.PASSED, "owner")
    both = ExpectedPerson(snils="11223344595", inn="160000000009")
    assert owner(person=both) == (Outcome.FAILED, "other_inn")


def test_several_numbers_in_a_certificate_match_nobody() -> None:
    facts = replace(FACTS, snils="11223344595; 00000000001")
    person = ExpectedPerson(snils="11223344595")
    assert owner(facts, person=person) == (Outcome.FAILED, "other_snils")


def test_somebody_is_expected_or_nobody() -> None:
    for empty in ({}, {"given_name": "Алёна"}, {"snils": "нет"}):
        with pytest.raises(ValueError, match="identifier"):
            ExpectedPerson(**empty)
    with pytest.raises(ValueError, match="identifier"):
        ExpectedOrganisation()
    with pytest.raises(ValueError, match="training"):
        Expectation(kind=SignatureKind.TRAINING)


def test_the_organisation_of_a_legal_entitys_certificate() -> None:
    right = ExpectedOrganisation(ogrn="1021600000001")
    assert owner(organisation=right) == (Outcome.PASSED, "owner")
    half = ExpectedOrganisation(ogrn="1021600000001", inn_le="1600000009")
    assert owner(organisation=half) == (Outcome.FAILED, "other_organisation")
    only_inn = replace(FACTS, ogrn="")
    assert owner(only_inn, organisation=right) == (Outcome.NOT_MADE, "organisation_unknown")
    assert owner(PERSONAL, organisation=right) == (Outcome.PASSED, "owner")


def test_the_person_comes_before_the_organisation() -> None:
    person = ExpectedPerson(snils="00000000001")
    right = ExpectedOrganisation(ogrn="1021600000001")
    assert owner(person=person, organisation=right) == (Outcome.FAILED, "other_snils")


def test_without_a_certificate_the_owner_is_not_known() -> None:
    person = ExpectedPerson(snils="11223344595")
    assert owner(None, person=person) == (Outcome.NOT_MADE, "no_certificate")


def test_what_nobody_asked_is_not_required() -> None:
    for check in (check_owner(FACTS, Expectation()), check_authority(None)):
        assert (check.outcome, check.required) == (Outcome.NOT_MADE, False)
    assert not check_kind(SignatureKind.QUALIFIED, None, None).required


def test_a_kind_that_is_not_known_is_never_enough() -> None:
    check = check_kind(None, None, SignatureKind.ADVANCED)
    assert (check.outcome, check.required) == (Outcome.NOT_MADE, True)


def test_times_of_an_authority_are_brought_to_utc() -> None:
    kazan = NOON.astimezone(timezone(timedelta(hours=3)))
    check = check_authority(Authority(True, "Since {day}.", {"day": kazan}))
    assert check.params == {"day": NOON}
    with pytest.raises(ValueError, match="aware"):
        Authority(True, "Since {day}.", {"day": NOON.replace(tzinfo=None)})
