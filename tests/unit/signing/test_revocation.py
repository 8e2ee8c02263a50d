"""What a revocation list proves, and what it does not."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding

from signing.certificates import load_certificate
from signing.errors import TooLargeError
from signing.policy import DEFAULT_POLICY
from signing.revocation.known import (
    CertificateStatus,
    CrlUnreadableError,
    Status,
    load_crl,
    status_of,
)
from signing.verdicts import TimeBasis
from tests.pki import DAY, NOON, YEAR, Authority, Holder, Office, ec_key

NOW, HYPOTHETICAL = TimeBasis.NOW, TimeBasis.HYPOTHETICAL
SECOND = timedelta(seconds=1)


def status(
    holder: Holder,
    issuer: Authority,
    *lists: bytes,
    at: datetime = NOON,
    basis: TimeBasis = NOW,
) -> CertificateStatus:
    return status_of(
        load_certificate(holder.der),
        load_certificate(issuer.holder.der),
        [load_crl(each) for each in lists],
        at,
        basis,
        DEFAULT_POLICY,
    )


@pytest.fixture(scope="module")
def serial(head: Holder) -> int:
    return head.certificate.serial_number


def test_a_fresh_list_without_the_certificate_says_good(head: Holder, office: Office) -> None:
    found = status(head, office.issuing, office.issuing_crl)
    assert found.status is Status.GOOD
    assert found.source == load_crl(office.issuing_crl)


def test_no_list_at_all(head: Holder, office: Office) -> None:
    assert status(head, office.issuing).status is Status.NO_LIST
    assert status(head, office.issuing, office.root_crl).status is Status.NO_LIST


@pytest.mark.parametrize(
    ("this_update", "next_update", "expected"),
    [
        (NOON - DAY, NOON, Status.GOOD),
        (NOON - DAY, NOON - SECOND, Status.STALE),
        (NOON, NOON + DAY, Status.GOOD),
        (NOON + SECOND, NOON + DAY, Status.STALE),
    ],
)
def test_a_list_is_current_to_the_second(
    this_update: datetime, next_update: datetime, expected: Status, head: Holder, office: Office
) -> None:
    crl = office.issuing.crl(this_update=this_update, next_update=next_update)
    assert status(head, office.issuing, crl).status is expected


def test_a_listed_certificate_is_revoked(head: Holder, serial: int, office: Office) -> None:
    found = status(head, office.issuing, office.issuing.crl({serial: NOON - DAY}))
    assert (found.status, found.revoked_at) == (Status.REVOKED, NOON - DAY)


def test_a_certificate_listed_for_the_future_is_revoked_now(
    head: Holder, serial: int, office: Office
) -> None:
    crl = office.issuing.crl({serial: NOON + DAY})
    assert status(head, office.issuing, crl).status is Status.REVOKED


@pytest.mark.parametrize(
    ("revoked_at", "expected"),
    [
        (NOON - SECOND, Status.REVOKED),
        (NOON, Status.REVOKED),
        (NOON + SECOND, Status.REVOKED_LATER),
    ],
)
def test_before_or_after_a_past_moment(
    revoked_at: datetime, expected: Status, head: Holder, serial: int, office: Office
) -> None:
    crl = office.issuing.crl(
        {serial: revoked_at}, this_update=NOON + 2 * DAY, next_update=NOON + 9 * DAY
    )
    assert status(head, office.issuing, crl, basis=HYPOTHETICAL).status is expected


def test_an_invalidity_date_moves_the_revocation_back(
    head: Holder, serial: int, office: Office
) -> None:
    entry = (
        x509.RevokedCertificateBuilder()
        .serial_number(serial)
        .revocation_date(NOON + DAY)
        .add_extension(x509.InvalidityDate(NOON - DAY), critical=False)
        .build()
    )
    crl = office.issuing.crl(this_update=NOON + 2 * DAY, entries=(entry,))
    found = status(head, office.issuing, crl, basis=HYPOTHETICAL)
    assert (found.status, found.revoked_at) == (Status.REVOKED, NOON - DAY)


def test_the_newest_of_several_lists_decides(head: Holder, serial: int, office: Office) -> None:
    older = office.issuing.crl(this_update=NOON - 2 * DAY)
    newer = office.issuing.crl({serial: NOON - DAY}, this_update=NOON - DAY)
    for lists in ((older, newer), (newer, older)):
        assert status(head, office.issuing, *lists).status is Status.REVOKED


def test_a_stale_list_still_proves_a_revocation(head: Holder, serial: int, office: Office) -> None:
    old = {"this_update": NOON - 9 * DAY, "next_update": NOON - 2 * DAY}
    crl = office.issuing.crl({serial: NOON - 10 * DAY}, **old)
    assert status(head, office.issuing, crl).status is Status.REVOKED
    hold = office.issuing.crl(
        {serial: NOON - 10 * DAY}, reason=x509.ReasonFlags.certificate_hold, **old
    )
    assert status(head, office.issuing, hold).status is Status.STALE


def test_a_delta_list_adds_a_revocation_but_never_clears(
    head: Holder, serial: int, office: Office
) -> None:
    delta = ((x509.DeltaCRLIndicator(1), True),)
    adds = office.issuing.crl({serial: NOON - DAY}, extensions=delta)
    silent = office.issuing.crl(extensions=delta)
    removes = office.issuing.crl(
        {serial: NOON - DAY}, reason=x509.ReasonFlags.remove_from_crl, extensions=delta
    )
    revoked = office.issuing.crl({serial: NOON - DAY})
    assert status(head, office.issuing, office.issuing_crl, adds).status is Status.REVOKED
    assert status(head, office.issuing, adds).status is Status.REVOKED
    assert status(head, office.issuing, silent).status is Status.UNUSABLE
    assert status(head, office.issuing, office.issuing_crl, removes).status is Status.GOOD
    assert status(head, office.issuing, revoked, removes).status is Status.REVOKED


def test_a_certificate_on_hold_is_revoked(head: Holder, serial: int, office: Office) -> None:
    hold = office.issuing.crl({serial: NOON - DAY}, reason=x509.ReasonFlags.certificate_hold)
    assert status(head, office.issuing, hold).status is Status.REVOKED


def test_a_list_signed_by_somebody_else_says_nothing(head: Holder, office: Office) -> None:
    forged = office.issuing.crl(key=ec_key("forger"))
    assert status(head, office.issuing, forged).status is Status.UNUSABLE


def test_a_forged_list_does_not_hide_a_revocation(
    head: Holder, serial: int, office: Office
) -> None:
    forged = office.issuing.crl(key=ec_key("forger"), this_update=NOON)
    real = office.issuing.crl({serial: NOON - DAY})
    assert status(head, office.issuing, forged, real).status is Status.REVOKED


def test_an_authority_that_may_not_sign_lists_is_not_heard(office: Office) -> None:
    silent = office.root.issuing("Без списков", usage=("key_cert_sign",))
    assert status(silent.person(), silent, silent.crl()).status is Status.UNUSABLE


def test_a_list_with_a_weak_digest_says_nothing(head: Holder, office: Office) -> None:
    weak = office.issuing.crl(digest=hashes.SHA224)
    assert status(head, office.issuing, weak).status is Status.UNUSABLE


def test_a_changed_list_says_nothing(head: Holder, office: Office) -> None:
    changed = bytearray(office.issuing_crl)
    changed[-1] ^= 1
    assert status(head, office.issuing, bytes(changed)).status is Status.UNUSABLE


def point(**changes: object) -> tuple[x509.ExtensionType, bool]:
    fields: dict = {
        "full_name": None,
        "relative_name": None,
        "only_contains_user_certs": False,
        "only_contains_ca_certs": False,
        "only_some_reasons": None,
        "indirect_crl": False,
        "only_contains_attribute_certs": False,
    }
    return x509.IssuingDistributionPoint(**(fields | changes)), True


ADDRESS = x509.UniformResourceIdentifier("http://ca.example/1.crl")


@pytest.mark.parametrize(
    ("extension", "expected"),
    [
        (point(only_contains_user_certs=True), Status.GOOD),
        (point(only_contains_ca_certs=True), Status.UNUSABLE),
        (point(only_contains_attribute_certs=True), Status.UNUSABLE),
        (point(indirect_crl=True), Status.UNUSABLE),
        (
            point(only_some_reasons=frozenset([x509.ReasonFlags.key_compromise])),
            Status.UNUSABLE,
        ),
        (point(full_name=[ADDRESS]), Status.UNUSABLE),
        ((x509.DeltaCRLIndicator(1), True), Status.UNUSABLE),
        (
            (x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4"), b"\x05\x00"), True),
            Status.UNUSABLE,
        ),
        (
            (x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4"), b"\x05\x00"), False),
            Status.GOOD,
        ),
    ],
)
def test_a_list_speaks_only_of_its_scope(
    extension: tuple[x509.ExtensionType, bool], expected: Status, head: Holder, office: Office
) -> None:
    crl = office.issuing.crl(extensions=(extension,))
    assert status(head, office.issuing, crl).status is expected


def test_a_part_of_the_list_is_for_the_certificates_that_name_it(office: Office) -> None:
    named = x509.DistributionPoint([ADDRESS], None, None, None)
    holder = office.issuing.person(more=((x509.CRLDistributionPoints([named]), False),))
    crl = office.issuing.crl(extensions=(point(full_name=[ADDRESS]),))
    assert status(holder, office.issuing, crl).status is Status.GOOD


def test_a_list_from_after_the_expiry_proves_nothing_of_the_past(office: Office) -> None:
    """Authorities drop expired certificates from their lists."""
    expired = office.issuing.person(not_after=NOON + DAY)
    later = office.issuing.crl(this_update=NOON + 2 * DAY, next_update=NOON + YEAR)
    assert status(expired, office.issuing, later, basis=HYPOTHETICAL).status is Status.STALE
    before = office.issuing.crl(this_update=NOON + DAY, next_update=NOON + YEAR)
    assert status(expired, office.issuing, before, basis=HYPOTHETICAL).status is Status.GOOD
    since = x509.UnrecognizedExtension(
        x509.ObjectIdentifier("2.5.29.60"), b"\x18\x0f20200101000000Z"
    )
    keeps = office.issuing.crl(
        this_update=NOON + 2 * DAY, next_update=NOON + YEAR, extensions=((since, False),)
    )
    assert status(expired, office.issuing, keeps, basis=HYPOTHETICAL).status is Status.GOOD


@pytest.mark.parametrize("content", [b"", b"\x30\x00", b"-----BEGIN X509 CRL-----\n", b"text"])
def test_what_is_no_list_is_refused(content: bytes) -> None:
    with pytest.raises(CrlUnreadableError):
        load_crl(content)


def test_a_huge_list_is_not_parsed() -> None:
    with pytest.raises(TooLargeError):
        load_crl(bytes(50 * 1024 * 1024 + 1))


def test_a_pem_list_is_read(office: Office) -> None:
    pem = x509.load_der_x509_crl(office.issuing_crl).public_bytes(Encoding.PEM)
    assert load_crl(pem) == load_crl(office.issuing_crl)


def test_the_issuer_in_question_is_the_one_of_the_chain(head: Holder, office: Office) -> None:
    """A list by an authority of the same name with another key does not count."""
    twin = office.root.issuing("Выдающий центр", key=ec_key("twin"))
    assert status(head, office.issuing, twin.crl()).status is Status.UNUSABLE
