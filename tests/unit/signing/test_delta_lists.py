"""Delta lists, lists of parts, lists of others, and long lists."""

from __future__ import annotations

import time
from collections.abc import Iterable
from datetime import datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding

from signing.certificates import load_certificate
from signing.policy import DEFAULT_POLICY
from signing.revocation import crls
from signing.revocation.crls import KEPT_LISTS, RevocationList
from signing.revocation.known import CertificateStatus, Status, load_crl, status_of
from signing.verdicts import TimeBasis
from tests.pki import DAY, NOON, Authority, Holder, Office, ec_key

NOW, RECEIVED = TimeBasis.NOW, TimeBasis.RECEIVED
HOLD, REMOVE = x509.ReasonFlags.certificate_hold, x509.ReasonFlags.remove_from_crl
HOUR = timedelta(hours=1)
FIRST = 1 << 128


def status(
    holder: Holder, issuer: Authority, *lists: bytes, at: datetime = NOON, basis: TimeBasis = NOW
) -> CertificateStatus:
    known = [load_crl(each) for each in lists]
    certificate, authority = (load_certificate(each.der) for each in (holder, issuer.holder))
    return status_of(certificate, authority, known, at, basis, DEFAULT_POLICY)


def numbered(
    authority: Authority,
    number: int,
    entries: Iterable[x509.RevokedCertificate] = (),
    *,
    base: int | None = None,
    this_update: datetime = NOON - 2 * DAY,
    next_update: datetime = NOON - DAY,
    scope: x509.IssuingDistributionPoint | None = None,
) -> bytes:
    """A list with this number: a delta to the one numbered `base`, complete without."""
    builder = (
        x509.CertificateRevocationListBuilder(revoked_certificates=list(entries))
        .issuer_name(authority.certificate.subject)
        .last_update(this_update)
        .next_update(next_update)
        .add_extension(x509.CRLNumber(number), critical=False)
    )
    if base is not None:
        builder = builder.add_extension(x509.DeltaCRLIndicator(base), critical=True)
    if scope is not None:
        builder = builder.add_extension(scope, critical=True)
    return builder.sign(authority.holder.key, hashes.SHA256()).public_bytes(Encoding.DER)


def entry(
    serial: int, since: datetime = NOON - DAY, reason: x509.ReasonFlags | None = None
) -> x509.RevokedCertificate:
    builder = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(since)
    if reason is not None:
        builder = builder.add_extension(x509.CRLReason(reason), critical=False)
    return builder.build()


def delta(authority: Authority, number: int, base: int, *entries: x509.RevokedCertificate) -> bytes:
    return numbered(
        authority, number, entries, base=base, this_update=NOON - HOUR, next_update=NOON + HOUR
    )


def fresh(
    authority: Authority,
    number: int,
    entries: Iterable[x509.RevokedCertificate] = (),
    scope: x509.IssuingDistributionPoint | None = None,
) -> bytes:
    return numbered(
        authority,
        number,
        entries,
        this_update=NOON - HOUR,
        next_update=NOON + HOUR,
        scope=scope,
    )


@pytest.fixture(scope="module")
def serial(head: Holder) -> int:
    return head.certificate.serial_number


def only(**changes: object) -> x509.IssuingDistributionPoint:
    said: dict[str, object] = {
        "full_name": None,
        "relative_name": None,
        "only_contains_user_certs": False,
        "only_contains_ca_certs": False,
        "only_some_reasons": None,
        "indirect_crl": False,
        "only_contains_attribute_certs": False,
    }
    return x509.IssuingDistributionPoint(**{**said, **changes})  # type: ignore[arg-type]  # its own arguments, by name


def test_a_delta_alone_is_never_enough(head: Holder, office: Office) -> None:
    found = status(head, office.issuing, delta(office.issuing, 6, 5))
    assert found.status is Status.UNUSABLE


def test_a_delta_brings_an_old_complete_list_up_to_date(head: Holder, office: Office) -> None:
    complete = numbered(office.issuing, 5)
    assert status(head, office.issuing, complete).status is Status.STALE
    changes = delta(office.issuing, 6, 5)
    found = status(head, office.issuing, complete, changes)
    assert found.status is Status.GOOD
    assert found.sources == (load_crl(changes), load_crl(complete))


def test_what_the_complete_list_says_stays_said(head: Holder, serial: int, office: Office) -> None:
    complete = numbered(office.issuing, 5, [entry(serial)])
    found = status(head, office.issuing, complete, delta(office.issuing, 6, 5))
    assert (found.status, found.revoked_at) == (Status.REVOKED, NOON - DAY)


def test_a_revocation_in_a_delta_counts_even_alone(
    head: Holder, serial: int, office: Office
) -> None:
    changes = delta(office.issuing, 6, 5, entry(serial))
    assert status(head, office.issuing, changes).status is Status.REVOKED
    assert status(head, office.issuing, changes, office.issuing_crl).status is Status.REVOKED


@pytest.mark.parametrize(
    ("complete", "number", "base"),
    [(4, 6, 5), (6, 6, 5), (7, 6, 5)],
    ids=["older than the base", "the same", "newer"],
)
def test_a_delta_continues_a_list_from_its_base_on(
    complete: int, number: int, base: int, head: Holder, office: Office
) -> None:
    lists = numbered(office.issuing, complete), delta(office.issuing, number, base)
    assert status(head, office.issuing, *lists).status is Status.STALE


def test_a_delta_continues_any_list_between_base_and_itself(head: Holder, office: Office) -> None:
    lists = numbered(office.issuing, 8), delta(office.issuing, 9, 5)
    assert status(head, office.issuing, *lists).status is Status.GOOD


def test_a_delta_of_another_scope_continues_nothing(head: Holder, office: Office) -> None:
    users = only(only_contains_user_certs=True)
    complete = numbered(office.issuing, 5, scope=users)
    assert status(head, office.issuing, complete, delta(office.issuing, 6, 5)).status is (
        Status.STALE
    )


def test_a_stale_delta_brings_nothing_up_to_date(head: Holder, office: Office) -> None:
    complete = numbered(office.issuing, 5)
    stale = numbered(office.issuing, 6, base=5, next_update=NOON - HOUR)
    assert status(head, office.issuing, complete, stale).status is Status.STALE


def test_a_delta_signed_by_another_key_continues_nothing(head: Holder, office: Office) -> None:
    strange = Authority.root("Корневой центр", key=ec_key("strange")).issuing("Выдающий центр")
    assert strange.certificate.subject == office.issuing.certificate.subject
    other = Authority(Holder(strange.certificate, ec_key("another")))
    complete = numbered(office.issuing, 5)
    assert status(head, office.issuing, complete, delta(other, 6, 5)).status is Status.STALE


def test_a_hold_ends_with_the_delta_that_takes_it_back(
    head: Holder, serial: int, office: Office
) -> None:
    held = numbered(office.issuing, 5, [entry(serial, reason=HOLD)])
    still = status(head, office.issuing, held, delta(office.issuing, 6, 5))
    assert still.status is Status.REVOKED
    released = delta(office.issuing, 6, 5, entry(serial, reason=REMOVE))
    assert status(head, office.issuing, held, released).status is Status.GOOD


def test_a_revocation_for_good_is_not_taken_back(head: Holder, serial: int, office: Office) -> None:
    revoked = numbered(office.issuing, 5, [entry(serial)])
    taken_back = delta(office.issuing, 6, 5, entry(serial, reason=REMOVE))
    assert status(head, office.issuing, revoked, taken_back).status is Status.REVOKED


def test_a_newer_list_does_not_take_an_older_revocation_back(
    head: Holder, serial: int, office: Office
) -> None:
    old = numbered(office.issuing, 5, [entry(serial, NOON - 3 * DAY)])
    assert status(head, office.issuing, old, office.issuing_crl).status is Status.REVOKED


def test_an_indirect_list_is_unusable(head: Holder, serial: int, office: Office) -> None:
    """Its entries may belong to other issuers: a number that is listed is not proof either."""
    for entries in ([], [entry(serial)]):
        indirect = fresh(office.issuing, 5, entries, only(indirect_crl=True))
        assert status(head, office.issuing, indirect).status is Status.UNUSABLE


def test_a_list_of_some_reasons_is_unusable(head: Holder, office: Office) -> None:
    reasons = only(only_some_reasons=frozenset({x509.ReasonFlags.key_compromise}))
    some = fresh(office.issuing, 5, scope=reasons)
    assert status(head, office.issuing, some).status is Status.UNUSABLE


# --- long lists -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def long_list(office: Office) -> bytes:
    """A hundred thousand revocations, each with its reason."""
    many = [entry(FIRST + number, reason=HOLD) for number in range(100_000)]
    return fresh(office.issuing, 7, many)


def test_a_list_of_a_hundred_thousand_is_read_once_and_looked_up_fast(
    head: Holder, long_list: bytes, office: Office
) -> None:
    crls._SHELF._lists.clear()
    began = time.process_time()
    read = load_crl(long_list)
    assert read.entry(FIRST) is not None
    reading = time.process_time() - began
    began = time.process_time()
    for number in range(1000):
        assert read.entry(FIRST + 99_000 + number) is not None
        assert read.entry(number) is None
    looking = (time.process_time() - began) / 2000
    assert load_crl(long_list) is read
    assert reading < 2
    assert looking < 0.001


def test_a_status_from_a_long_list_takes_no_longer_the_second_time(
    head: Holder, long_list: bytes, office: Office
) -> None:
    read = load_crl(long_list)
    holder, issuer = (load_certificate(each.der) for each in (head, office.issuing.holder))

    def look() -> Status:
        return status_of(holder, issuer, [read], NOON, NOW, DEFAULT_POLICY).status

    assert look() is Status.GOOD
    began = time.process_time()
    for _ in range(100):
        look()
    assert (time.process_time() - began) / 100 < 0.001


def test_only_a_few_lists_are_kept(office: Office) -> None:
    first = load_crl(numbered(office.issuing, 1))
    assert load_crl(first.der) is first
    for number in range(2, KEPT_LISTS + 3):
        load_crl(numbered(office.issuing, number))
    again = load_crl(first.der)
    assert again is not first
    assert again == first


def test_a_list_says_its_number_its_base_and_its_scope(office: Office) -> None:
    def said(read: RevocationList) -> tuple[int | None, int | None, bool, bool]:
        return read.number, read.base_number, read.is_delta, bool(read.scope)

    assert said(load_crl(numbered(office.issuing, 5))) == (5, None, False, False)
    users = only(only_contains_user_certs=True)
    assert said(load_crl(numbered(office.issuing, 6, base=5, scope=users))) == (6, 5, True, True)
