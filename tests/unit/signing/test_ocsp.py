"""Answers of responders: whose count, what they prove, and what they never prove."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from asn1crypto import algos, core
from asn1crypto import ocsp as asn1_ocsp
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID

from signing.certificates import load_certificate
from signing.digests import digest
from signing.errors import TooLargeError
from signing.policy import DEFAULT_POLICY
from signing.revocation.known import CertificateStatus, RevocationList, Status, load_crl, status_of
from signing.revocation.ocsp import (
    MAX_ANSWER,
    OcspDeclinedError,
    OcspOtherAnswerError,
    OcspUnreadableError,
    build_request,
    check_nonce,
    load_answer,
)
from signing.verdicts import TimeBasis
from tests.ocsp_responder import (
    GOOD,
    HOUR,
    NO_CHECK,
    UNKNOWN,
    Said,
    answer,
    delegate,
    revoked,
    signed_anew,
)
from tests.pki import DAY, MENTOR, NOON, YEAR, Authority, Holder, Office, ec_key

NOW, RECEIVED, HYPOTHETICAL = TimeBasis.NOW, TimeBasis.RECEIVED, TimeBasis.HYPOTHETICAL
SECOND = timedelta(seconds=1)


def status(
    holder: Holder,
    issuer: Authority,
    *answers: bytes,
    lists: tuple[bytes, ...] = (),
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
        [load_answer(each) for each in answers],
    )


@pytest.fixture(scope="module")
def mentor(office: Office) -> Holder:
    return office.issuing.person(MENTOR)


# --- asking -------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["sha1", "sha256", "sha512"])
def test_a_request_names_the_certificate_as_others_read_it(
    name: str, head: Holder, office: Office
) -> None:
    issuer = office.issuing
    request = build_request(
        load_certificate(head.der), load_certificate(issuer.holder.der), b"nonce" * 4, by=name
    )
    read = ocsp.load_der_ocsp_request(request)
    same = ocsp.OCSPRequestBuilder().add_certificate(
        head.certificate, issuer.certificate, getattr(hashes, name.upper())()
    )
    expected = same.build()
    assert read.serial_number == expected.serial_number
    assert read.issuer_name_hash == expected.issuer_name_hash
    assert read.issuer_key_hash == expected.issuer_key_hash
    assert read.extensions.get_extension_for_class(x509.OCSPNonce).value.nonce == b"nonce" * 4


def test_a_request_without_a_nonce_is_the_plain_one(head: Holder, office: Office) -> None:
    request = build_request(load_certificate(head.der), load_certificate(office.issuing.holder.der))
    assert list(ocsp.load_der_ocsp_request(request).extensions) == []


@pytest.mark.parametrize(("nonce", "by"), [(b"", "md5"), (bytes(129), "sha1")])
def test_what_no_responder_takes_is_not_asked(
    nonce: bytes, by: str, head: Holder, office: Office
) -> None:
    holder, issuer = load_certificate(head.der), load_certificate(office.issuing.holder.der)
    with pytest.raises(ValueError, match="not named"):
        build_request(holder, issuer, nonce, by)


# --- who may answer -----------------------------------------------------------------------------


@pytest.mark.parametrize("by_name", [False, True])
def test_the_issuer_itself_may_answer(by_name: bool, head: Holder, office: Office) -> None:
    given = answer(head, office.issuing, by_name=by_name)
    found = status(head, office.issuing, given)
    assert (found.status, found.source) == (Status.GOOD, load_answer(given))


@pytest.mark.parametrize("by_name", [False, True])
def test_a_delegate_of_the_issuer_may_answer(by_name: bool, head: Holder, office: Office) -> None:
    given = answer(head, office.issuing, by=delegate(office.issuing), by_name=by_name)
    assert status(head, office.issuing, given).status is Status.GOOD


def test_a_delegate_that_is_not_enclosed_is_not_looked_for(head: Holder, office: Office) -> None:
    given = answer(head, office.issuing, by=delegate(office.issuing), enclosed=False)
    assert status(head, office.issuing, given).status is Status.UNUSABLE


def test_a_certificate_for_something_else_may_not_answer(head: Holder, office: Office) -> None:
    mail = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION])
    for more in ((NO_CHECK,), ((mail, False), NO_CHECK)):
        given = answer(head, office.issuing, by=delegate(office.issuing, *more))
        assert status(head, office.issuing, given).status is Status.UNUSABLE


def test_any_purpose_is_not_this_purpose(head: Holder, office: Office) -> None:
    """RFC 6960, 4.2.2.2: the purpose must stand in the certificate of the responder."""
    anything = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE])
    by = delegate(office.issuing, (anything, False), NO_CHECK)
    assert status(head, office.issuing, answer(head, office.issuing, by=by)).status is (
        Status.UNUSABLE
    )


def test_a_key_that_is_not_for_signatures_may_not_answer(head: Holder, office: Office) -> None:
    by = delegate(office.issuing, usage=("key_encipherment",))
    given = answer(head, office.issuing, by=by)
    assert status(head, office.issuing, given).status is Status.UNUSABLE


def test_the_delegate_of_another_authority_may_not_answer(head: Holder, office: Office) -> None:
    for other in (office.root, Office.open("чужой").issuing):
        given = answer(head, office.issuing, by=delegate(other))
        assert status(head, office.issuing, given).status is Status.UNUSABLE


def test_a_delegate_with_the_name_of_the_issuer_and_another_key_may_not_answer(
    head: Holder, office: Office
) -> None:
    namesake = Authority.root("Корневой центр", key=ec_key("strange root")).issuing(
        "Выдающий центр", key=ec_key("strange issuing")
    )
    assert namesake.certificate.subject == office.issuing.certificate.subject
    for given in (
        answer(head, office.issuing, by=delegate(namesake)),
        answer(head, office.issuing, by=namesake.holder, by_name=True),
        answer(head, office.issuing, key=ec_key("strange issuing")),
    ):
        assert status(head, office.issuing, given).status is Status.UNUSABLE


def test_the_owner_cannot_answer_about_the_own_certificate(head: Holder, office: Office) -> None:
    given = answer(head, office.issuing, by=head)
    assert status(head, office.issuing, given).status is Status.UNUSABLE


# --- about which certificate ---------------------------------------------------------------------


@pytest.mark.parametrize("digest", [hashes.SHA1, hashes.SHA256, hashes.SHA384, hashes.SHA512])
def test_a_certificate_may_be_named_by_several_digests(
    digest: type[hashes.HashAlgorithm], head: Holder, office: Office
) -> None:
    given = answer(head, office.issuing, Said(named_by=digest))
    assert status(head, office.issuing, given).status is Status.GOOD


@pytest.mark.parametrize("name", ["streebog256", "streebog512"])
def test_a_certificate_may_be_named_by_streebog(name: str, head: Holder, office: Office) -> None:
    given = named_anew(answer(head, office.issuing), name, head, office)
    assert status(head, office.issuing, given).status is Status.GOOD


def test_a_certificate_is_not_named_by_md5(head: Holder, office: Office) -> None:
    given = named_anew(answer(head, office.issuing), "md5", head, office)
    assert status(head, office.issuing, given).status is Status.NO_LIST


def named_anew(given: bytes, name: str, holder: Holder, office: Office) -> bytes:
    """The same answer, naming the certificate by this digest."""
    issuer = office.issuing.holder
    key = load_certificate(issuer.der).parsed.public_key["public_key"].contents[1:]

    def rename(basic: asn1_ocsp.BasicOCSPResponse) -> None:
        named = basic["tbs_response_data"]["responses"][0]["cert_id"]
        named["hash_algorithm"] = algos.DigestAlgorithm({"algorithm": name})
        named["issuer_name_hash"] = digest(name, load_certificate(holder.der).issuer_der)
        named["issuer_key_hash"] = digest(name, key)

    return signed_anew(given, issuer.key, rename)


def test_an_answer_about_somebody_else_says_nothing(
    head: Holder, mentor: Holder, office: Office
) -> None:
    given = answer(mentor, office.issuing)
    assert status(head, office.issuing, given).status is Status.NO_LIST
    found = status(head, office.issuing, given, lists=(office.issuing_crl,))
    assert found.source == load_crl(office.issuing_crl)


def test_the_same_number_of_another_authority_is_another_certificate(
    head: Holder, office: Office
) -> None:
    other = Office.open("чужой").issuing
    twin = other.person(serial=head.certificate.serial_number)
    assert status(head, office.issuing, answer(twin, other)).status is Status.NO_LIST


# --- when ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("this_update", "next_update", "expected"),
    [
        (NOON - DAY, NOON, Status.GOOD),
        (NOON - DAY, NOON - SECOND, Status.STALE),
        (NOON, NOON + DAY, Status.GOOD),
        (NOON + SECOND, NOON + DAY, Status.STALE),
        (NOON - HOUR, None, Status.GOOD),
        (NOON - HOUR - SECOND, None, Status.STALE),
    ],
)
def test_an_answer_is_current_to_the_second(
    this_update: datetime,
    next_update: datetime | None,
    expected: Status,
    head: Holder,
    office: Office,
) -> None:
    said = Said(this_update=this_update, next_update=next_update)
    given = answer(head, office.issuing, said, produced_at=NOON + SECOND)
    assert status(head, office.issuing, given).status is expected


def test_an_answer_cannot_know_what_comes_after_it(head: Holder, office: Office) -> None:
    given = answer(head, office.issuing, produced_at=NOON - HOUR - SECOND)
    assert status(head, office.issuing, given).status is Status.UNUSABLE


def test_a_later_answer_serves_for_a_past_moment(head: Holder, office: Office) -> None:
    later = Said(this_update=NOON, next_update=NOON + DAY)
    given = answer(head, office.issuing, later)
    assert status(head, office.issuing, given, at=NOON - 2 * HOUR).status is Status.STALE
    found = status(head, office.issuing, given, at=NOON - 2 * HOUR, basis=RECEIVED)
    assert found.status is Status.GOOD


def test_an_answer_given_after_the_certificate_expired_proves_nothing(office: Office) -> None:
    expired = office.issuing.person(not_before=NOON - YEAR, not_after=NOON - 2 * DAY)
    given = answer(expired, office.issuing)
    found = status(expired, office.issuing, given, at=NOON - 3 * DAY, basis=RECEIVED)
    assert found.status is Status.STALE


# --- what ---------------------------------------------------------------------------------------


def test_unknown_is_never_good(head: Holder, office: Office) -> None:
    given = answer(head, office.issuing, UNKNOWN)
    assert status(head, office.issuing, given).status is Status.UNKNOWN
    found = status(head, office.issuing, given, lists=(office.issuing_crl,))
    assert found.status is Status.UNKNOWN


def test_a_revoked_certificate_is_revoked_whatever_a_list_says(
    head: Holder, office: Office
) -> None:
    given = answer(head, office.issuing, revoked(NOON - DAY))
    found = status(head, office.issuing, given, lists=(office.issuing_crl,))
    assert (found.status, found.revoked_at) == (Status.REVOKED, NOON - DAY)


def test_a_listed_certificate_is_revoked_whatever_an_answer_says(
    head: Holder, office: Office
) -> None:
    listed = office.issuing.crl({head.certificate.serial_number: NOON - DAY})
    found = status(head, office.issuing, answer(head, office.issuing), lists=(listed,))
    assert (found.status, found.source) == (Status.REVOKED, load_crl(listed))


def test_an_old_answer_still_proves_a_revocation(head: Holder, office: Office) -> None:
    old = revoked(NOON - 9 * DAY, this_update=NOON - 8 * DAY, next_update=NOON - 7 * DAY)
    given = answer(head, office.issuing, old)
    good = answer(head, office.issuing)
    assert status(head, office.issuing, good, given).status is Status.REVOKED


def test_a_hold_counts_only_while_it_is_the_newest_word(head: Holder, office: Office) -> None:
    hold = x509.ReasonFlags.certificate_hold
    held = answer(head, office.issuing, revoked(NOON - DAY, reason=hold))
    assert status(head, office.issuing, held).status is Status.REVOKED
    released = answer(head, office.issuing, Said(this_update=NOON - HOUR / 2))
    assert status(head, office.issuing, held, released).status is Status.GOOD


@pytest.mark.parametrize(
    ("since", "expected"),
    [(NOON, Status.REVOKED), (NOON + SECOND, Status.REVOKED_LATER)],
)
def test_revoked_before_or_after_a_past_moment(
    since: datetime, expected: Status, head: Holder, office: Office
) -> None:
    said = revoked(since, this_update=NOON + DAY, next_update=NOON + 2 * DAY)
    given = answer(head, office.issuing, said, produced_at=NOON + DAY)
    found = status(head, office.issuing, given, at=NOON, basis=HYPOTHETICAL)
    assert (found.status, found.revoked_at) == (expected, since)


@pytest.mark.parametrize("lists", [True, False])
def test_an_unusable_answer_takes_nothing_away_from_a_list(
    lists: bool, head: Holder, office: Office
) -> None:
    """Anybody can send an answer; only the issuer's changes anything."""
    given = answer(head, office.issuing, UNKNOWN, by=delegate(office.root))
    crls = (office.issuing_crl,) if lists else ()
    expected = Status.GOOD if lists else Status.UNUSABLE
    assert status(head, office.issuing, given, lists=crls).status is expected


def test_a_stale_list_takes_nothing_away_from_an_answer(head: Holder, office: Office) -> None:
    stale = office.issuing.crl(this_update=NOON - 9 * DAY, next_update=NOON - DAY)
    found = status(head, office.issuing, answer(head, office.issuing), lists=(stale,))
    assert found.status is Status.GOOD


def test_of_list_and_answer_the_newer_is_named(head: Holder, office: Office) -> None:
    given = answer(head, office.issuing)
    found = status(head, office.issuing, given, lists=(office.issuing_crl,))
    assert found.source == load_answer(given)
    newer = office.issuing.crl(this_update=NOON - HOUR / 2)
    found = status(head, office.issuing, given, lists=(newer,))
    assert isinstance(found.source, RevocationList)


# --- tampering ----------------------------------------------------------------------------------


def test_any_flipped_bit_of_what_is_signed_is_found(head: Holder, office: Office) -> None:
    given = answer(head, office.issuing, by=delegate(office.issuing))
    signed = load_answer(given).signed
    start = given.index(signed)
    good = 0
    for place in range(start, start + len(signed), 3):
        changed = bytearray(given)
        changed[place] ^= 0x10
        try:
            good += status(head, office.issuing, bytes(changed)).status is Status.GOOD
        except OcspUnreadableError:
            continue
    assert good == 0


def test_an_answer_signed_with_sha1_proves_nothing(head: Holder, office: Office) -> None:
    given = answer(head, office.issuing)
    weak = signed_anew(given, office.issuing.holder.key, lambda basic: None, hashes.SHA1)
    assert status(head, office.issuing, weak).status is Status.UNUSABLE


@pytest.mark.parametrize("where", ["response_extensions", "single_extensions"])
def test_an_answer_with_something_critical_that_is_not_known_proves_nothing(
    where: str, head: Holder, office: Office
) -> None:
    def add(basic: asn1_ocsp.BasicOCSPResponse) -> None:
        said = basic["tbs_response_data"]
        place = said if where == "response_extensions" else said["responses"][0]
        value = core.ParsableOctetString(core.Null().dump())
        place[where] = [{"extn_id": "1.2.643.99.1", "critical": True, "extn_value": value}]

    given = signed_anew(answer(head, office.issuing), office.issuing.holder.key, add)
    assert status(head, office.issuing, given).status is Status.UNUSABLE


# --- nonce, refusals, nonsense ------------------------------------------------------------------


def test_the_own_nonce_is_the_answer_to_the_own_question(head: Holder, office: Office) -> None:
    given = load_answer(answer(head, office.issuing, nonce=b"n" * 16))
    check_nonce(given, b"n" * 16)
    with pytest.raises(OcspOtherAnswerError):
        check_nonce(given, b"m" * 16)


def test_an_answer_made_in_advance_has_no_nonce_but_an_end(head: Holder, office: Office) -> None:
    check_nonce(load_answer(answer(head, office.issuing)), b"n" * 16)
    endless = answer(head, office.issuing, Said(next_update=None))
    with pytest.raises(OcspOtherAnswerError):
        check_nonce(load_answer(endless), b"n" * 16)


@pytest.mark.parametrize(
    "declined",
    [ocsp.OCSPResponseStatus.TRY_LATER, ocsp.OCSPResponseStatus.UNAUTHORIZED],
)
def test_a_responder_that_declines_has_not_answered(declined: ocsp.OCSPResponseStatus) -> None:
    from cryptography.hazmat.primitives.serialization import Encoding

    given = ocsp.OCSPResponseBuilder.build_unsuccessful(declined).public_bytes(Encoding.DER)
    with pytest.raises(OcspDeclinedError):
        load_answer(given)


@pytest.mark.parametrize(
    "nonsense", [b"", b"0", b"\x30\x03\x0a\x01\x00", b"\x30\x80\x00\x00", b"<html>", bytes(99)]
)
def test_nonsense_is_no_answer(nonsense: bytes) -> None:
    with pytest.raises(OcspUnreadableError):
        load_answer(nonsense)


def test_what_is_cut_short_or_goes_on_is_no_answer(head: Holder, office: Office) -> None:
    given = answer(head, office.issuing)
    for other in (given[:-1], given + b"\x00", given[: len(given) // 2]):
        with pytest.raises(OcspUnreadableError):
            load_answer(other)


def test_too_long_an_answer_is_not_read() -> None:
    with pytest.raises(TooLargeError):
        load_answer(bytes(MAX_ANSWER + 1))


def test_the_answer_is_told_from_others_by_its_bytes(head: Holder, office: Office) -> None:
    given = answer(head, office.issuing, GOOD)
    assert load_answer(given) == load_answer(given)
    assert load_answer(given).der == given
