"""Delegates of an issuer: in force when they answer and when they are relied on, not revoked."""

from __future__ import annotations

import pytest

from signing.revocation.known import Status, load_crl
from signing.revocation.ocsp import load_answer
from signing.verdicts import TimeBasis
from tests.ocsp_responder import HOUR, SIGNS_ANSWERS, Said, answer, delegate, revoked
from tests.pki import DAY, NOON, Holder, Office
from tests.unit.signing.test_ocsp import RECEIVED, SECOND, status

MINUTE = HOUR / 60


def test_an_expired_delegate_may_not_answer_now(head: Holder, office: Office) -> None:
    by = delegate(office.issuing, not_after=NOON - SECOND)
    early = Said(this_update=NOON - 3 * HOUR, next_update=NOON + DAY)
    given = answer(head, office.issuing, early, by=by)
    assert status(head, office.issuing, given).status is Status.UNUSABLE


def test_an_answer_stays_proof_after_the_delegate_has_expired(head: Holder, office: Office) -> None:
    """Looked at for the past, the delegate must have been valid when it answered."""
    for not_after, expected in (
        (NOON, Status.GOOD),
        (NOON - SECOND, Status.UNUSABLE),
    ):
        given = answer(head, office.issuing, by=delegate(office.issuing, not_after=not_after))
        found = status(head, office.issuing, given, at=NOON - HOUR, basis=RECEIVED)
        assert found.status is expected


@pytest.mark.parametrize("basis", [TimeBasis.RECEIVED, TimeBasis.PROVEN, TimeBasis.HYPOTHETICAL])
def test_a_delegate_that_ended_before_the_moment_in_question_proves_nothing_for_it(
    basis: TimeBasis, head: Holder, office: Office
) -> None:
    """It is authorised when its answer is relied on, not only when it gave it (RFC 6960, 3.2)."""
    early = Said(this_update=NOON - 3 * HOUR, next_update=NOON + DAY)
    for not_after, expected in (
        (NOON - SECOND, Status.GOOD),
        (NOON - HOUR - SECOND, Status.UNUSABLE),
    ):
        by = delegate(office.issuing, not_after=not_after)
        given = answer(head, office.issuing, early, by=by, produced_at=NOON - 2 * HOUR)
        found = status(head, office.issuing, given, at=NOON - HOUR, basis=basis)
        assert found.status is expected


# --- whether the delegate itself is revoked -----------------------------------------------------


def test_a_delegate_without_nocheck_is_looked_up_in_the_lists(head: Holder, office: Office) -> None:
    by = delegate(office.issuing, SIGNS_ANSWERS)
    given = answer(head, office.issuing, by=by)
    assert status(head, office.issuing, given).status is Status.UNUSABLE
    lists = (office.issuing_crl,)
    own = [load_answer(given)]
    found = status(head, office.issuing, given, lists=lists)
    assert found.status is Status.GOOD
    assert found.source in (load_crl(office.issuing_crl), *own)


def test_a_list_that_the_delegate_rests_on_is_part_of_the_evidence(
    head: Holder, office: Office
) -> None:
    by = delegate(office.issuing, SIGNS_ANSWERS)
    serial = head.certificate.serial_number
    given = answer(head, office.issuing, revoked(NOON - DAY), by=by)
    found = status(head, office.issuing, given, lists=(office.issuing_crl,))
    assert found.status is Status.REVOKED
    assert found.sources == (load_answer(given), load_crl(office.issuing_crl))
    assert load_crl(office.issuing_crl).entry(serial) is None


def test_a_revoked_delegate_may_not_answer(head: Holder, office: Office) -> None:
    by = delegate(office.issuing, SIGNS_ANSWERS)
    given = answer(head, office.issuing, revoked(NOON - DAY), by=by)
    without = office.issuing.crl({by.certificate.serial_number: NOON - DAY})
    found = status(head, office.issuing, given, lists=(without,))
    assert (found.status, found.source) == (Status.GOOD, load_crl(without))


def test_a_delegate_that_was_revoked_before_the_moment_in_question_may_not_answer_for_it(
    head: Holder, office: Office
) -> None:
    by = delegate(office.issuing, SIGNS_ANSWERS)
    early = Said(this_update=NOON - 3 * HOUR, next_update=NOON + DAY)
    given = answer(head, office.issuing, early, by=by, produced_at=NOON - 2 * HOUR)
    lists = (office.issuing.crl({by.certificate.serial_number: NOON - 90 * MINUTE}),)
    own = status(head, office.issuing, given, at=NOON - HOUR, basis=RECEIVED)
    assert own.status is Status.UNUSABLE
    found = status(head, office.issuing, given, lists=lists, at=NOON - HOUR, basis=RECEIVED)
    assert found.source == load_crl(*lists)
