"""On what a simple signature may rest, and who keeps the agreements."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from workflow.domain.mandates import Actor, Mandate
from workflow.domain.refusals import Refusal
from workflow.domain.regulations import Role, SignatureDemand, SignatureFormat, SignatureKind
from workflow.domain.simple_signatures import (
    SimpleAgreement,
    agreement_for,
    may_acknowledge_unsigned,
    may_be_simple,
    may_keep_agreements,
    may_sign_simply,
    suspended,
)

SCHOOL, OTHER = UUID(int=1), UUID(int=2)
PERSON, CLERK = UUID(int=3), UUID(int=4)
TODAY = date(2026, 5, 4)
NOW = datetime(2026, 5, 4, 9, tzinfo=UTC)
HELD = SimpleAgreement(
    id=UUID(int=5),
    person_id=PERSON,
    organisation_id=SCHOOL,
    number="7",
    dated=date(2026, 1, 12),
    scan="a" * 64,
    entered_by=CLERK,
    entered_at=NOW,
)


@pytest.mark.parametrize(
    ("agreements", "code"),
    [
        ([HELD], None),
        ([], "simple.no_agreement"),
        ([replace(HELD, organisation_id=OTHER)], "simple.no_agreement"),
        ([replace(HELD, dated=date(2026, 5, 5))], "simple.no_agreement"),
        ([replace(HELD, dated=TODAY)], None),
        ([replace(HELD, ended_on=TODAY)], "simple.ended"),
        ([replace(HELD, ended_on=date(2026, 5, 5))], None),
        ([suspended(HELD, CLERK, NOW, "reset")], "simple.suspended"),
        ([suspended(HELD, CLERK, NOW, "reset"), replace(HELD, dated=TODAY)], None),
        ([replace(suspended(HELD, CLERK, NOW, "x"), ended_on=TODAY)], "simple.ended"),
    ],
)
def test_a_simple_signature_rests_on_an_agreement_with_this_organisation(
    agreements: list[SimpleAgreement], code: str | None
) -> None:
    refusal = may_sign_simply(agreements, SCHOOL, TODAY)
    assert (refusal.code if refusal else None) == code
    assert refusal is None or refusal.article == "63-ФЗ, ст. 9"


def test_of_two_agreements_the_newer_one_is_named() -> None:
    newer = replace(HELD, number="8", dated=TODAY)
    assert agreement_for([newer, HELD], SCHOOL, TODAY) == newer


def test_a_suspension_is_never_moved() -> None:
    first = suspended(HELD, CLERK, NOW, "reset")
    assert suspended(first, PERSON, NOW.replace(hour=10), "again") == first


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        (SignatureKind.SIMPLE, None),
        (SignatureKind.ADVANCED, "simple.not_enough"),
        (SignatureKind.QUALIFIED, "simple.not_enough"),
    ],
)
def test_a_password_does_where_simple_is_enough(kind: SignatureKind, code: str | None) -> None:
    refusal = may_be_simple(SignatureDemand(kind, SignatureFormat.CADES))
    assert (refusal.code if refusal else None) == code


def test_a_step_that_says_nothing_takes_no_password() -> None:
    refusal = may_be_simple(None)
    assert refusal is not None
    assert refusal.code == "simple.not_enough"


@pytest.mark.parametrize(
    ("found", "labour", "code"),
    [
        (HELD, True, "acknowledge.signature_needed"),
        (HELD, False, "acknowledge.signature_needed"),
        (Refusal("simple.no_agreement", ""), True, "acknowledge.labour_unsigned"),
        (Refusal("simple.suspended", ""), True, "acknowledge.labour_unsigned"),
        (Refusal("simple.no_agreement", ""), False, None),
    ],
)
def test_a_button_alone_acknowledges_where_nobody_has_to_sign(
    found: SimpleAgreement | Refusal, labour: bool, code: str | None
) -> None:
    refusal = may_acknowledge_unsigned(found, labour=labour)
    assert (refusal.code if refusal else None) == code


def clerk_of(organisation_id: UUID) -> Actor:
    mandate = Mandate(
        id=UUID(int=9),
        person_id=CLERK,
        employment_id=UUID(int=8),
        organisation_id=organisation_id,
        role=Role.CLERK,
        since=date(2026, 1, 1),
        until=None,
        ground="приказ",
        recorded_at=NOW,
    )
    return Actor(CLERK, "Зайцева О. П.", mandates=(mandate,))


def test_the_clerk_of_the_organisation_and_the_operator_keep_agreements() -> None:
    assert may_keep_agreements(clerk_of(SCHOOL), SCHOOL, TODAY) is None
    assert may_keep_agreements(Actor(PERSON, "", operator=True), SCHOOL, TODAY) is None
    for stranger in (clerk_of(OTHER), Actor(PERSON, "")):
        refusal = may_keep_agreements(stranger, SCHOOL, TODAY)
        assert refusal is not None
        assert refusal.code == "agreement.not_yours"
