"""Asking an authority for a timestamp, and putting it where it belongs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest
from asn1crypto import cms, tsp

from signing.cades import CmsUnreadableError, parse_cms, read_cms
from signing.certificates import load_certificate
from signing.digests import digest
from signing.errors import TooLargeError
from signing.evidence import Grounds
from signing.keys import SigningKey
from signing.pdf.signatures import PdfUnreadableError, read_signatures
from signing.revocation.known import load_crl
from signing.sign import sign_detached, sign_pdf
from signing.timestamps.client import (
    QUERY,
    REPLY,
    AuthoritySilentError,
    BoundedFetch,
    TimestampAuthority,
)
from signing.timestamps.judgement import judge_token
from signing.timestamps.requests import (
    MAX_ANSWER,
    AnswerToOtherError,
    AnswerUnreadableError,
    AuthorityRefusedError,
    check_response,
    request,
)
from signing.timestamps.stamping import attach_token, stamp_cms, stamp_pdf
from signing.timestamps.tokens import Imprint, TokenUnreadableError
from signing.training.authority import TrainingCA
from signing.training.timestamp_authority import PRACTICE, TrainingTsa
from signing.trust import TrustAnchor, TrustStore
from signing.validate import validate_pdf
from signing.verdicts import SignatureKind, TimeBasis, Verdict
from tests.http_server import Server, answer, head, serving
from tests.pki import DAY, NOON, YEAR, Office
from tests.tsa import ADDRESS, AsksAt, authority_at, stamped, token_over, tsa_of, vouching
from tests.unit.signing.conftest import CONTENT, key_of

IMPRINT = Imprint("sha256", digest("sha256", CONTENT))


@pytest.fixture(scope="module")
def tsa(office: Office) -> TrainingTsa:
    return tsa_of(office.issuing)


@pytest.fixture
def stamping(office: Office, grounds: Grounds) -> Grounds:
    return replace(grounds, timestamping=vouching(office.root))


# Request and answer


def test_a_request_names_what_is_stamped_and_wants_the_certificate() -> None:
    asked = tsp.TimeStampReq.load(request(IMPRINT, 5), strict=True)
    assert asked["message_imprint"]["hashed_message"].native == IMPRINT.value
    assert asked["nonce"].native == 5
    assert asked["cert_req"].native is True


def test_an_answer_to_the_request_holds_the_token(tsa: TrainingTsa) -> None:
    token = check_response(tsa.answer(request(IMPRINT, 5), NOON), IMPRINT, 5)
    assert (token.imprint, token.nonce, token.time) == (IMPRINT, 5, NOON)
    assert token.policy == PRACTICE


@pytest.mark.parametrize(
    ("imprint", "nonce"),
    [(IMPRINT, 6), (IMPRINT, None), (Imprint("sha256", bytes(32)), 5)],
    ids=["another nonce", "no nonce", "another digest"],
)
def test_an_answer_to_another_request_is_refused(
    imprint: Imprint, nonce: int | None, tsa: TrainingTsa
) -> None:
    given = tsa.answer(request(imprint, nonce), NOON)
    with pytest.raises(AnswerToOtherError):
        check_response(given, IMPRINT, 5)


@pytest.mark.parametrize("content", [b"", b"{}", b"\x30\x00", b"<html>503</html>", b"\x30\x80"])
def test_what_is_no_answer_is_refused(content: bytes) -> None:
    with pytest.raises(AnswerUnreadableError):
        check_response(content, IMPRINT, 5)


def test_a_grant_without_a_token_is_refused() -> None:
    with pytest.raises(TokenUnreadableError):
        check_response(b"\x30\x05\x30\x03\x02\x01\x00", IMPRINT, 5)


def test_a_huge_answer_is_not_parsed() -> None:
    with pytest.raises(TooLargeError):
        check_response(bytes(MAX_ANSWER + 1), IMPRINT, 5)


@pytest.mark.parametrize(
    ("imprint", "reason"),
    [
        (Imprint("sha1", bytes(20)), "bad_alg"),
        (Imprint("md5", bytes(16)), "bad_alg"),
        (Imprint("sha256", bytes(20)), "bad_data_format"),
    ],
)
def test_a_refusal_says_why(imprint: Imprint, reason: str, tsa: TrainingTsa) -> None:
    with pytest.raises(AuthorityRefusedError) as refused:
        check_response(tsa.answer(request(imprint, 5), NOON), imprint, 5)
    assert refused.value.params == {"reason": reason}


@pytest.mark.parametrize("asked", [b"", b"\x30\x00", b"GET /", bytes(70_000)])
def test_the_training_authority_refuses_what_is_no_request(asked: bytes, tsa: TrainingTsa) -> None:
    with pytest.raises(AuthorityRefusedError):
        check_response(tsa.answer(asked, NOON), IMPRINT, 5)


def test_the_training_authority_gives_no_other_policy(tsa: TrainingTsa) -> None:
    asked = tsp.TimeStampReq.load(request(IMPRINT, 5))
    asked["req_policy"] = "1.2.3"
    with pytest.raises(AuthorityRefusedError, match="unaccepted_policy"):
        check_response(tsa.answer(asked.dump(force=True), NOON), IMPRINT, 5)


def test_the_certificate_comes_along_only_when_it_is_wanted(tsa: TrainingTsa) -> None:
    asked = tsp.TimeStampReq.load(request(IMPRINT, 5))
    asked["cert_req"] = False
    token = check_response(tsa.answer(asked.dump(force=True), NOON), IMPRINT, 5)
    assert token.signed.certificates == ()


# The training authority


def test_a_training_installation_can_prove_times() -> None:
    ca = TrainingCA.create(NOON, 5, SignatureKind.QUALIFIED)
    practice = TrainingTsa.create(ca, NOON - DAY, NOON + YEAR)
    assert "УЧЕБНЫЙ" in practice.key.certificate.subject_text
    anchor = TrustAnchor(
        load_certificate(ca.root.certificate_der),
        SignatureKind.TRAINING,
        SignatureKind.QUALIFIED,
    )
    lists = (ca.crl(NOON - DAY, NOON + DAY), ca.root_crl(NOON - DAY, NOON + DAY))
    grounds = Grounds(
        TrustStore(()), tuple(map(load_crl, lists)), NOON, timestamping=TrustStore([anchor])
    )
    token = token_over(CONTENT, practice, NOON)
    found = judge_token(token, lambda name: digest(name, CONTENT), grounds)
    assert found.report.verdict is Verdict.VALID
    assert found.report.training


# Into a CMS


def parts(signature: bytes) -> tuple[object, ...]:
    read = parse_cms(signature)
    return (
        *(read.signed_attributes, read.signature, read.certificates, read.digest),
        *(read.scheme, read.content_digest, read.claimed_time, read.bound_to),
    )


def test_a_token_is_attached_and_nothing_else_changes(
    head_key: SigningKey, tsa: TrainingTsa
) -> None:
    plain = sign_detached(CONTENT, head_key, NOON)
    token = token_over(parse_cms(plain).signature, tsa, NOON)
    signature = attach_token(plain, token)
    assert parts(signature) == parts(plain)
    assert parse_cms(signature).tokens == (token,)
    signed_data = cms.ContentInfo.load(signature, strict=True)["content"]
    assert len(signature) - len(plain) < len(token) + 60
    assert signed_data["signer_infos"][0]["signature"].native == parse_cms(plain).signature


def test_a_second_token_stands_beside_the_first(head_key: SigningKey, tsa: TrainingTsa) -> None:
    once = stamped(sign_detached(CONTENT, head_key, NOON), tsa, NOON)
    twice = stamped(once, tsa, NOON + DAY)
    assert parse_cms(twice).tokens[0] == parse_cms(once).tokens[0]
    assert len(parse_cms(twice).tokens) == 2


def test_a_token_over_something_else_is_not_attached(
    head_key: SigningKey, tsa: TrainingTsa
) -> None:
    with pytest.raises(AnswerToOtherError):
        attach_token(sign_detached(CONTENT, head_key, NOON), token_over(CONTENT, tsa, NOON))


def test_what_is_no_signature_is_not_stamped(tsa: TrainingTsa) -> None:
    with pytest.raises(CmsUnreadableError):
        stamp_cms(b"no signature", authority_at(tsa, NOON))


def test_every_signer_of_a_file_gets_a_timestamp(
    head_key: SigningKey, office: Office, tsa: TrainingTsa
) -> None:
    first = cms.ContentInfo.load(sign_detached(CONTENT, head_key, NOON))
    other = key_of(office.issuing.person(serial=4711))
    second = cms.ContentInfo.load(sign_detached(CONTENT, other, NOON))
    signers = [each["content"]["signer_infos"][0] for each in (first, second)]
    first["content"]["signer_infos"] = signers
    both = read_cms(stamp_cms(first.dump(force=True), authority_at(tsa, NOON)))
    assert [len(signer.tokens) for signer in both.signers] == [1, 1]


# Into a PDF


def test_a_pdf_gets_a_timestamp_over_all_of_it(
    pdf: bytes, head_key: SigningKey, tsa: TrainingTsa, stamping: Grounds
) -> None:
    signed = sign_pdf(pdf, head_key, NOON - DAY)
    document = stamp_pdf(signed, authority_at(tsa, NOON))
    assert document.startswith(signed)
    assert [each.field_name for each in read_signatures(document).timestamps] == ["Timestamp1"]
    report = validate_pdf(document, stamping).report
    assert report.verdict is Verdict.VALID
    assert report.timestamps[0].time == NOON
    assert report.signatures[0].time_basis is TimeBasis.PROVEN
    assert report.signatures[0].check("integrity").code == "signed_later"


def test_a_signature_after_the_timestamp_is_not_covered_by_it(
    pdf: bytes, head_key: SigningKey, tsa: TrainingTsa, stamping: Grounds
) -> None:
    document = stamp_pdf(pdf, authority_at(tsa, NOON - 3 * DAY))
    report = validate_pdf(sign_pdf(document, head_key, NOON), stamping).report
    assert report.verdict is Verdict.VALID
    assert report.signatures[0].time_basis is TimeBasis.NOW
    assert report.timestamps[0].verdict is Verdict.VALID


def test_a_later_timestamp_keeps_an_earlier_one_whose_authority_is_over(
    pdf: bytes, office: Office, head_key: SigningKey, tsa: TrainingTsa, stamping: Grounds
) -> None:
    """PAdES-B-LTA: renewed before the authority's certificate ends, the first time stays proven."""
    old = tsa_of(office.issuing, "Прежняя служба", not_after=NOON - DAY)
    signed = sign_pdf(pdf, head_key, NOON - 9 * DAY)
    once = stamp_pdf(signed, authority_at(old, NOON - 8 * DAY))
    alone = validate_pdf(once, stamping).report
    assert alone.timestamps[0].check("time").code == "authority_expired"
    assert alone.signatures[0].time_basis is TimeBasis.NOW

    renewed = validate_pdf(stamp_pdf(once, authority_at(tsa, NOON - 2 * DAY)), stamping).report
    assert [each.verdict for each in renewed.timestamps] == [Verdict.VALID, Verdict.VALID]
    signature = renewed.signatures[0]
    assert signature.time_basis is TimeBasis.PROVEN
    assert signature.checked_at.date() == (NOON - 8 * DAY).date()


def test_a_stamped_pdf_that_was_changed_afterwards_proves_nothing(
    pdf: bytes, tsa: TrainingTsa, stamping: Grounds
) -> None:
    document = bytearray(stamp_pdf(pdf, authority_at(tsa, NOON - DAY)))
    document[document.index(b"Helvetica")] ^= 1
    report = validate_pdf(bytes(document), stamping).report
    assert report.timestamps[0].check("integrity").code == "imprint_other"
    assert report.timestamps[0].verdict is Verdict.INVALID


def test_a_pdf_with_a_timestamp_alone_is_not_signed(
    pdf: bytes, tsa: TrainingTsa, stamping: Grounds
) -> None:
    report = validate_pdf(stamp_pdf(pdf, authority_at(tsa, NOON - DAY)), stamping).report
    assert report.timestamps[0].verdict is Verdict.VALID
    assert report.verdict is Verdict.INVALID


def test_what_is_no_pdf_is_not_stamped(tsa: TrainingTsa) -> None:
    with pytest.raises(PdfUnreadableError):
        stamp_pdf(b"no PDF", authority_at(tsa, NOON))


# Over HTTP


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as running:
        yield running


def over_http(server: Server) -> TimestampAuthority:
    return TimestampAuthority(server.address("/tsp"), BoundedFetch(server.reach, seconds=2))


def test_a_signature_is_stamped_over_http(
    server: Server, head_key: SigningKey, tsa: TrainingTsa
) -> None:
    server.answers["/tsp"] = lambda asked: iter([answer(answered(tsa, asked), REPLY)])
    signature = sign_detached(CONTENT, head_key, NOON, over_http(server))
    assert len(parse_cms(signature).tokens) == 1
    assert f"Content-Type: {QUERY}".encode() in server.asked[0]


def answered(tsa: TrainingTsa, asked: bytes) -> bytes:
    return tsa.answer(asked.partition(b"\r\n\r\n")[2], NOON)


@pytest.mark.parametrize(
    "given",
    [
        head("503 Service Unavailable", "Content-Length: 0"),
        answer(b"<html>", "text/html"),
        answer(bytes(MAX_ANSWER + 1), REPLY),
        head("302 Found", "Location: http://127.0.0.1:1/", "Content-Length: 0"),
        head("200 OK", f"Content-Type: {REPLY}", "Content-Length: 100"),
        b"",
    ],
    ids=["unavailable", "page", "huge", "led away", "cut short", "nothing"],
)
def test_a_silent_authority_is_an_error_and_no_time_stands_in(
    given: bytes, server: Server, head_key: SigningKey, pdf: bytes
) -> None:
    server.answers["/tsp"] = given
    with pytest.raises(AuthoritySilentError):
        sign_detached(CONTENT, head_key, NOON, over_http(server))
    with pytest.raises(AuthoritySilentError):
        stamp_pdf(pdf, over_http(server))


def test_an_answer_that_was_kept_is_not_taken_twice(
    server: Server, head_key: SigningKey, tsa: TrainingTsa
) -> None:
    """Each request has a nonce of its own, so that a stored answer does not pass for a new one."""
    server.answers["/tsp"] = answer(tsa.answer(request(IMPRINT, 5), NOON), REPLY)
    with pytest.raises(AnswerToOtherError):
        over_http(server).stamp(IMPRINT)


@dataclass
class Broken:
    """A Fetch without a network."""

    def post(self, url: str, body: bytes, content_type: str, accept: str, most: int) -> bytes:
        raise TimeoutError("no network")


def test_any_failure_of_the_network_is_silence() -> None:
    with pytest.raises(AuthoritySilentError) as silent:
        TimestampAuthority(ADDRESS, Broken()).stamp(IMPRINT)
    assert silent.value.params == {"host": "tsa.example.org"}


def test_two_requests_differ_in_their_nonce(tsa: TrainingTsa) -> None:
    fetch = AsksAt(tsa, NOON)
    authority = TimestampAuthority(ADDRESS, fetch)
    authority.stamp(IMPRINT)
    authority.stamp(IMPRINT)
    assert len(set(fetch.asked)) == 2
