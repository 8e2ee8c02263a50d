"""Foreign CAdES-C, X, X Long and A: what came along is used as material, the rest is named.

Nothing inside a signature is trusted: lists and answers in it speak by their issuers' signatures,
timestamps that are not judged here neither help nor harm.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from asn1crypto import cms, core, crl, ocsp, parser

from signing.asn1 import members_of
from signing.cades import MAX_CMS, read_cms
from signing.errors import TooLargeError
from signing.evidence import Evidence, Grounds
from signing.keys import SigningKey
from signing.revocation.enclosed import MAX_ITEMS, REVOCATION_VALUES, whole_answer
from signing.sign import sign_detached
from signing.timestamps.unjudged import COUNTERSIGNATURE, MATERIAL, UNJUDGED
from signing.validate import validate_detached
from signing.verdicts import Report, TimeBasis, Verdict
from tests import ocsp_responder
from tests.pki import DAY, NOON, Authority, Holder, Office
from tests.tsa import stamped, token_over, tsa_of, vouching
from tests.unit.signing.conftest import CONTENT, grounds_of, trust_in

CERTIFICATE_VALUES = "1.2.840.113549.1.9.16.2.23"
UNSIGNED = b"\xa1"
ARCHIVE_V3, ESCAPED = "0.4.0.1733.2.4", "1.2.840.113549.1.9.16.2.25"


@pytest.fixture(scope="module")
def signature(head_key: SigningKey) -> bytes:
    return sign_detached(CONTENT, head_key, NOON)


@pytest.fixture
def bare(office: Office) -> Grounds:
    """Trust without any list."""
    return grounds_of(trust_in(office.root), ())


def sequence(*parts: bytes) -> bytes:
    return bytes(parser.emit(0, 1, 16, b"".join(parts)))


def tagged(number: int, *items: bytes) -> bytes:
    """An explicit tag around a SEQUENCE of these."""
    return bytes(parser.emit(2, 1, number, sequence(*items)))


def attribute(oid: str, *values: bytes) -> bytes:
    return sequence(core.ObjectIdentifier(oid).dump(), parser.emit(0, 1, 17, b"".join(values)))


def with_unsigned(signature: bytes, *attributes: bytes) -> bytes:
    """The signature with unsigned attributes more, everything else byte for byte as it was."""

    def add(signer: bytes) -> bytes:
        *members, last = members_of(parser.parse(signer)[4])
        signed, before = ([*members], last) if last[:1] == UNSIGNED else ([*members, last], b"")
        kept = parser.parse(before)[4] if before else b""
        return sequence(*signed, parser.emit(2, 1, 1, kept + b"".join(attributes)))

    def of_signed_data(der: bytes) -> bytes:
        *members, signers = members_of(parser.parse(der)[4])
        (signer,) = members_of(parser.parse(signers)[4])
        return sequence(*members, parser.emit(0, 1, 17, add(signer)))

    kind, inside = members_of(parser.parse(signature)[4])
    return sequence(kind, parser.emit(2, 1, 0, of_signed_data(parser.parse(inside)[4])))


def changed(signature: bytes, change: Callable[[cms.SignedData], None]) -> bytes:
    outer = cms.ContentInfo.load(signature)
    change(outer["content"])
    return bytes(outer.dump(force=True))


def revocation_values(lists: tuple[bytes, ...] = (), answers: tuple[bytes, ...] = ()) -> bytes:
    parts = ((0, lists), (1, tuple(map(basic_of, answers))))
    inside = (tagged(number, *items) for number, items in parts if items)
    return attribute(REVOCATION_VALUES, sequence(*inside))


def basic_of(answer: bytes) -> bytes:
    """The BasicOCSPResponse inside an answer, as revocation-values hold it."""
    return bytes(ocsp.OCSPResponse.load(answer)["response_bytes"]["response"].contents)


def judged(signature: bytes, grounds: Grounds) -> Report:
    return validate_detached(CONTENT, signature, grounds).report


def remarks(report: Report) -> set[str]:
    return {remark.code for remark in report.remarks}


def answer_about(head: Holder, office: Office, **said: object) -> bytes:
    return ocsp_responder.answer(head, office.issuing, **said)  # type: ignore[arg-type]  # by name


# --- material -----------------------------------------------------------------------------------


def test_lists_in_revocation_values_are_used_like_any_other(
    signature: bytes, bare: Grounds, office: Office
) -> None:
    assert judged(signature, bare).verdict is Verdict.UNDECIDED
    given = with_unsigned(signature, revocation_values(office.crls))
    found = judged(given, bare)
    assert (found.verdict, found.remarks) == (Verdict.VALID, ())


def test_an_answer_in_revocation_values_is_used_with_the_list_of_the_root(
    signature: bytes, bare: Grounds, office: Office, head: Holder
) -> None:
    values = revocation_values((office.root_crl,), (answer_about(head, office),))
    assert judged(with_unsigned(signature, values), bare).verdict is Verdict.VALID


def test_a_basic_answer_is_wrapped_as_its_responder_sent_it(head: Holder, office: Office) -> None:
    answer = answer_about(head, office)
    assert whole_answer(basic_of(answer)) == answer


def test_lists_and_answers_beside_the_certificates_are_used_too(
    signature: bytes, bare: Grounds, office: Office, head: Holder
) -> None:
    """RFC 5652, 5.1, and RFC 5940 for answers."""
    other = {
        "other_rev_info_format": "ocsp_response",
        "other_rev_info": ocsp.OCSPResponse.load(answer_about(head, office)),
    }

    def enclose(signed: cms.SignedData) -> None:
        signed["crls"] = [
            cms.RevocationInfoChoice("crl", crl.CertificateList.load(office.root_crl)),
            cms.RevocationInfoChoice("other", cms.OtherRevocationInfoFormat(other)),
        ]

    assert judged(changed(signature, enclose), bare).verdict is Verdict.VALID


def test_a_revocation_that_the_signature_itself_encloses_counts(
    signature: bytes, grounds: Grounds, office: Office, head: Holder
) -> None:
    gone = office.issuing.crl({head.certificate.serial_number: NOON - DAY})
    found = judged(with_unsigned(signature, revocation_values((gone,))), grounds)
    assert found.verdict is Verdict.INVALID


def test_what_a_stranger_encloses_is_trusted_for_nothing(
    signature: bytes, bare: Grounds, head: Holder
) -> None:
    """Lists and answers of the same names under other keys, and a root that nobody confirmed."""
    stranger = Office.open("stranger")
    namesake = Authority.root("Корневой центр", key=stranger.root.holder.key)
    forged = ocsp_responder.answer(head, stranger.issuing)
    values = revocation_values((namesake.crl(), stranger.issuing_crl), (forged,))
    certificates = attribute(CERTIFICATE_VALUES, sequence(namesake.holder.der))
    given = with_unsigned(signature, values, certificates)
    assert judged(given, bare).verdict is Verdict.UNDECIDED
    nobody = grounds_of(trust_in(), ())
    assert judged(given, nobody).verdict is not Verdict.VALID


def test_the_chain_may_come_in_certificate_values_alone(
    signature: bytes, grounds: Grounds, office: Office, head: Holder
) -> None:
    def leave_out(signed: cms.SignedData) -> None:
        signed["certificates"] = [
            each for each in signed["certificates"] if each.chosen.dump() == head.der
        ]

    alone = changed(signature, leave_out)
    assert judged(alone, grounds).verdict is Verdict.INVALID
    kept = attribute(CERTIFICATE_VALUES, sequence(head.der, office.issuing.holder.der))
    assert judged(with_unsigned(alone, kept), grounds).verdict is Verdict.VALID


def test_material_that_was_used_is_kept_as_evidence(
    signature: bytes, bare: Grounds, office: Office
) -> None:
    given = with_unsigned(signature, revocation_values(office.crls))
    kept = validate_detached(CONTENT, given, bare).evidence.to_bytes()
    again = Evidence.from_bytes(kept).grounds()
    assert len(again.crls) == 2
    assert judged(signature, again).verdict is Verdict.VALID


# --- what cannot be read -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "value",
    [
        b"\x05\x00",
        sequence(tagged(0, b"\x30\x00")),
        sequence(tagged(1, b"\x30\x00")),
        sequence(tagged(2, b"\x05\x00")),
        sequence(b"\xa0\x03\x02\x01\x05"),
    ],
    ids=["null", "no list", "no answer", "other values", "a number"],
)
def test_unreadable_material_is_named_and_breaks_nothing(
    value: bytes, signature: bytes, grounds: Grounds
) -> None:
    found = judged(with_unsigned(signature, attribute(REVOCATION_VALUES, value)), grounds)
    assert (found.verdict, remarks(found)) == (Verdict.VALID, {MATERIAL})


def test_only_some_of_very_many_lists_are_looked_at(
    signature: bytes, bare: Grounds, office: Office
) -> None:
    stranger = Office.open("stranger").issuing_crl
    values = revocation_values((*[stranger] * MAX_ITEMS, *office.crls))
    found = judged(with_unsigned(signature, values), bare)
    assert (found.verdict, remarks(found)) == (Verdict.UNDECIDED, {MATERIAL})


def test_a_signature_that_grows_beyond_ten_megabytes_is_not_read(signature: bytes) -> None:
    values = attribute(REVOCATION_VALUES, sequence(core.OctetString(bytes(MAX_CMS)).dump()))
    with pytest.raises(TooLargeError):
        read_cms(with_unsigned(signature, values))


# --- what is not judged ---------------------------------------------------------------------------


@pytest.mark.parametrize("oid", UNJUDGED)
def test_each_foreign_attribute_is_named_and_neither_helps_nor_harms(
    oid: str, signature: bytes, grounds: Grounds, bare: Grounds, office: Office
) -> None:
    value = token_over(CONTENT, tsa_of(office.issuing), NOON - DAY)
    if UNJUDGED[oid] == COUNTERSIGNATURE:
        signers = cms.ContentInfo.load(signature)["content"]["signer_infos"]
        value = signers[0].dump()
    given = with_unsigned(signature, attribute(oid, value))
    found = judged(given, grounds)
    assert (found.verdict, remarks(found)) == (Verdict.VALID, {UNJUDGED[oid]})
    assert found.signatures[0].time_basis is TimeBasis.NOW
    assert judged(given, bare).verdict is Verdict.UNDECIDED


@pytest.mark.parametrize("oid", [ARCHIVE_V3, ESCAPED])
def test_rubbish_in_place_of_a_foreign_timestamp_harms_nothing(
    oid: str, signature: bytes, grounds: Grounds
) -> None:
    given = with_unsigned(signature, attribute(oid, b"\x04\x03abc"))
    assert judged(given, grounds).verdict is Verdict.VALID


def test_a_foreign_archive_timestamp_does_not_prolong_an_expired_signature(
    signature: bytes, office: Office, head: Holder
) -> None:
    later = NOON + 2 * 366 * DAY
    lists = tuple(
        each.crl(this_update=later - DAY, next_update=later + DAY)
        for each in (office.root, office.issuing)
    )
    tsa = tsa_of(office.issuing, not_after=NOON + 9 * 365 * DAY)
    trust = trust_in(office.root)
    vouched = {"now": later, "timestamping": vouching(office.root)}
    long_after = grounds_of(trust, (*lists, *office.crls), **vouched)
    token = token_over(CONTENT, tsa, NOON)
    for oid in (ARCHIVE_V3, ESCAPED):
        found = judged(with_unsigned(signature, attribute(oid, token)), long_after)
        assert found.verdict is not Verdict.VALID
    assert judged(stamped(signature, tsa, NOON), long_after).verdict is Verdict.VALID


def test_a_signature_timestamp_is_judged_beside_what_is_not(
    signature: bytes, office: Office
) -> None:
    """CAdES X Long Type 1 as CryptoPro makes it: the timestamp counts, the rest is named."""
    tsa = tsa_of(office.issuing)
    values = revocation_values(office.crls)
    token = token_over(CONTENT, tsa, NOON)
    given = with_unsigned(stamped(signature, tsa, NOON), values, attribute(ESCAPED, token))
    grounds = grounds_of(trust_in(office.root), (), timestamping=vouching(office.root))
    found = judged(given, grounds)
    assert found.verdict is Verdict.VALID
    assert found.signatures[0].time_basis is TimeBasis.PROVEN
    assert remarks(found) == {UNJUDGED[ESCAPED]}
