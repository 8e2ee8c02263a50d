"""Asking a responder about one certificate, and judging what it answers (RFC 6960).

An answer counts when the issuer of the certificate has signed it, or a delegate: a certificate
for this very purpose that the issuer has issued directly and not revoked. "Unknown" never counts
as good. Nothing is sent here; answers are handed in like revocation lists.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from asn1crypto import algos, core, ocsp, x509

from signing.asn1 import exact_bytes
from signing.certificates import Certificate, load_certificate, name_text
from signing.digests import digest
from signing.errors import MALFORMED, MEGABYTE, SigningError, refuse_larger
from signing.policy import AlgorithmPolicy, Standing, read_scheme
from signing.revocation.certificate_status import CertificateStatus, Status
from signing.revocation.crl_status import UNUSABLE, Question, status_in_lists
from signing.revocation.crls import RevocationList
from signing.verdicts import TimeBasis
from signing.words import N_, harmless

MAX_ANSWER = MEGABYTE
MAX_CERTIFICATES = 10
NONCE_SIZES = range(1, 129)
"""Bytes that a nonce may have (RFC 9654, 2.1)."""

#: How long an answer without nextUpdate is taken for the newest word (RFC 6960, 4.2.2.1).
WITHOUT_NEXT_UPDATE = timedelta(hours=1)

CERT_ID_DIGESTS = frozenset({"sha1", "sha256", "sha384", "sha512", "streebog256", "streebog512"})
"""By what a certificate may be named in an answer. SHA-1 only names here, it proves nothing."""

_PASSING_REASONS = ("certificate_hold", "remove_from_crl")


class OcspUnreadableError(SigningError):
    """The bytes are not a whole answer of a responder."""

    code = "signing.ocsp_unreadable"
    msgid = N_("The answer about the revocation of the certificate cannot be read.")


class OcspDeclinedError(SigningError):
    """The responder answers that it does not answer (RFC 6960, 2.3)."""

    code = "signing.ocsp_declined"
    msgid = N_("The service that knows of revocations did not answer the question: {status}.")


class OcspOtherAnswerError(SigningError):
    """The answer is one to another question: an old one sent again, or of another certificate."""

    code = "signing.ocsp_other_answer"
    msgid = N_("The answer about the revocation of the certificate belongs to another question.")


@dataclass(frozen=True)
class SingleAnswer:
    """What is said of one certificate, and the digests by which it names it.

    `cutoff`: certificates that expired since then are still known (RFC 6960, 4.4.4); `understood`
    is False when a critical extension is not known here.
    """

    digest: str
    issuer_name_hash: bytes
    issuer_key_hash: bytes
    serial: int
    status: Status
    revoked_at: datetime | None
    passing: bool
    this_update: datetime
    next_update: datetime | None
    cutoff: datetime | None
    understood: bool

    def is_about(self, certificate: Certificate, issuer: Certificate) -> bool:
        """Say whether the certificate in question is the one that is named."""
        if self.serial != certificate.serial or self.digest not in CERT_ID_DIGESTS:
            return False
        named = (self.issuer_name_hash, self.issuer_key_hash)
        return named == _issuer_hashes(self.digest, certificate, issuer)


@dataclass(frozen=True)
class OcspAnswer:
    """One answer: its exact DER, what it says, and what its signature is over.

    `responder` is the responder's name (DER) or the SHA-1 of its key; `certificates` came along
    and are trusted for nothing.
    """

    der: bytes = field(repr=False)
    singles: tuple[SingleAnswer, ...]
    produced_at: datetime
    responder: bytes = field(repr=False)
    issuer_text: str
    nonce: bytes | None
    certificates: tuple[Certificate, ...] = field(repr=False)
    understood: bool
    signed: bytes = field(repr=False)
    signature: bytes = field(repr=False)
    algorithm: algos.SignedDigestAlgorithm = field(compare=False, repr=False)

    @property
    def sha256(self) -> str:
        """Return the SHA-256 of the DER, lower-case hexadecimal."""
        return hashlib.sha256(self.der).hexdigest()

    @property
    def this_update(self) -> datetime:
        """Return since when what it says is known to be so; the oldest of several."""
        return min(single.this_update for single in self.singles)

    @property
    def next_update(self) -> datetime | None:
        """Return until when it is the newest word; None when one of several does not say."""
        until = [single.next_update for single in self.singles]
        known = [each for each in until if each is not None]
        return min(known) if len(known) == len(until) else None


def build_request(
    certificate: Certificate, issuer: Certificate, nonce: bytes = b"", by: str = "sha1"
) -> bytes:
    """Return the DER of a request about `certificate`, with `nonce` unless it is empty.

    `by` is the digest that names the certificate: SHA-1 is what every responder understands
    (RFC 5019, 2.1.1). Raises ValueError for another digest or a nonce of more than 128 bytes.
    """
    if by not in CERT_ID_DIGESTS or (nonce and len(nonce) not in NONCE_SIZES):
        raise ValueError("a certificate is not named like this")
    name_hash, key_hash = _issuer_hashes(by, certificate, issuer)
    named = ocsp.CertId(
        {
            "hash_algorithm": algos.DigestAlgorithm({"algorithm": by}),
            "issuer_name_hash": name_hash,
            "issuer_key_hash": key_hash,
            "serial_number": certificate.serial,
        }
    )
    asked: dict[str, object] = {"request_list": [{"req_cert": named}]}
    if nonce:
        value = core.ParsableOctetString(core.OctetString(nonce).dump())
        asked["request_extensions"] = [{"extn_id": "nonce", "extn_value": value}]
    return bytes(ocsp.OCSPRequest({"tbs_request": asked}).dump())


def load_answer(content: bytes) -> OcspAnswer:
    """Read an answer from DER.

    Raises OcspUnreadableError, OcspDeclinedError, or TooLargeError over 1 MB.
    """
    refuse_larger(content, MAX_ANSWER)
    try:
        outer = ocsp.OCSPResponse.load(content, strict=True)
        status = str(outer["response_status"].native)
        if status == "successful":
            return _read(content, outer["response_bytes"])
    except MALFORMED as error:
        raise OcspUnreadableError from error
    raise OcspDeclinedError(status=harmless(status))


def check_nonce(answer: OcspAnswer, nonce: bytes) -> None:
    """Raise OcspOtherAnswerError unless `answer` fits a request that was sent with `nonce`.

    An answer without any is one that was made in advance: it must say until when it is the newest
    word (RFC 5019, 4; RFC 9654, 2.1).
    """
    in_advance = answer.nonce is None and answer.next_update is not None
    if not in_advance and answer.nonce != nonce:
        raise OcspOtherAnswerError


def status_in_answers(
    question: Question, answers: Iterable[OcspAnswer], lists: Iterable[RevocationList]
) -> CertificateStatus | None:
    """Return what the answers say, None when none is about the certificate.

    Times count as in `crl_status.status_in_lists`. `lists` say whether a delegate is revoked.
    """
    known = tuple(lists)
    certificate = question.certificate
    about = [
        _Said(answer, single)
        for answer in answers
        for single in answer.singles
        if single.is_about(certificate, question.issuer)
    ]
    if not about:
        return None
    newest_first = sorted(about, key=lambda said: said.single.this_update, reverse=True)
    supported = [
        (said, also)
        for said in newest_first
        for also in [_support(said, question, known)]
        if also is not None
    ]
    judged = [_judged(said, also, question) for said, also in supported]
    for_good = [
        status
        for status, (said, _) in zip(judged, supported, strict=True)
        if status.status is Status.REVOKED and not said.single.passing
    ]
    current = [
        status
        for status, (said, _) in zip(judged, supported, strict=True)
        if _is_current(said.single, question)
    ]
    for status in (*for_good, *current):
        return status
    source = (supported[0][0] if supported else newest_first[0]).answer
    unsaid = Status.STALE if supported else Status.UNUSABLE
    return CertificateStatus(unsaid, certificate, source=source)


@dataclass(frozen=True)
class _Said:
    answer: OcspAnswer
    single: SingleAnswer


def _judged(said: _Said, also: tuple[RevocationList, ...], question: Question) -> CertificateStatus:
    status, since = said.single.status, said.single.revoked_at
    later = question.basis is not TimeBasis.NOW and since is not None and since > question.at
    if status is Status.REVOKED and later:
        status = Status.REVOKED_LATER
    return CertificateStatus(status, question.certificate, since, said.answer, also)


def _is_current(single: SingleAnswer, question: Question) -> bool:
    if question.at > (single.next_update or single.this_update + WITHOUT_NEXT_UPDATE):
        return False
    if question.basis is TimeBasis.NOW:
        return single.this_update <= question.at
    expires = question.certificate.not_after
    in_time = single.this_update <= max(question.at, expires)
    return in_time or (single.cutoff is not None and single.cutoff <= expires)


def _support(
    said: _Said, question: Question, lists: tuple[RevocationList, ...]
) -> tuple[RevocationList, ...] | None:
    """Return the lists by which the responder is found in order, None when it is not."""
    answer = said.answer
    consistent = said.single.this_update <= answer.produced_at
    if not (answer.understood and said.single.understood and consistent):
        return None
    for holder in (question.issuer, *answer.certificates):
        try:
            if _is_responder(answer, holder):
                support = _support_of(answer, holder, question, lists)
                if support is not None:
                    return support
        except UNUSABLE:
            continue
    return None


def _support_of(
    answer: OcspAnswer,
    holder: Certificate,
    question: Question,
    lists: tuple[RevocationList, ...],
) -> tuple[RevocationList, ...] | None:
    if holder == question.issuer:
        return () if _verifies(answer, holder, question) else None
    return _delegate_support(answer, holder, question, lists)


def _delegate_support(
    answer: OcspAnswer,
    delegate: Certificate,
    question: Question,
    lists: tuple[RevocationList, ...],
) -> tuple[RevocationList, ...] | None:
    """Judge a delegate (RFC 6960, 4.2.2.2): issued directly, for this purpose, not revoked."""
    if not (
        _is_issued_by(delegate, question.issuer, question.policy)
        and _may_answer(delegate, answer, question)
        and _verifies(answer, delegate, question)
    ):
        return None
    if delegate.parsed.ocsp_no_check_value is not None:
        return ()
    basis = question.basis if question.basis is TimeBasis.NOW else TimeBasis.HYPOTHETICAL
    relied_on = max(answer.produced_at, question.at)
    own = Question(delegate, question.issuer, relied_on, basis, question.policy)
    status = status_in_lists(own, lists)
    if status.status is not Status.GOOD:
        return None
    return tuple(each for each in status.sources if isinstance(each, RevocationList))


def _may_answer(delegate: Certificate, answer: OcspAnswer, question: Question) -> bool:
    """Say whether the certificate is one for answers, valid when it gave this one and after.

    The signer of an answer is authorised when somebody relies on it (RFC 6960, 3.2, number 4), not
    only when it was produced: at the moment in question, or later if it was produced later.
    """
    purposes = delegate.parsed.extended_key_usage_value
    uses = delegate.key_usage
    moments = (answer.produced_at, max(answer.produced_at, question.at))
    return (
        purposes is not None
        and "ocsp_signing" in purposes.native
        and (uses is None or bool(uses & {"digital_signature", "non_repudiation"}))
        and not delegate.parsed.ca
        and all(delegate.not_before <= each <= delegate.not_after for each in moments)
        and all(_in_key_period(delegate, each) for each in moments)
        and _critical_is_understood(delegate)
    )


def _in_key_period(delegate: Certificate, moment: datetime) -> bool:
    since, until = delegate.private_key_usage_period()
    return (since is None or since <= moment) and (until is None or moment <= until)


def _critical_is_understood(delegate: Certificate) -> bool:
    understood = {"key_usage", "extended_key_usage", "basic_constraints", "ocsp_no_check"}
    return set(delegate.parsed.critical_extensions) <= understood


def _is_issued_by(delegate: Certificate, issuer: Certificate, policy: AlgorithmPolicy) -> bool:
    """Verify the delegate's certificate with the issuer's key; may raise InvalidSignature."""
    algorithm = delegate.parsed["signature_algorithm"]
    inner = delegate.parsed["tbs_certificate"]["signature"]
    if delegate.issuer_der != issuer.subject_der or delegate == issuer:
        return False
    if policy.signature(algorithm) is not Standing.ALLOWED:
        return False
    scheme = read_scheme(algorithm)
    if scheme is None or exact_bytes(inner) != exact_bytes(algorithm):
        return False
    signature = bytes(delegate.parsed["signature_value"].native)
    signed = exact_bytes(delegate.parsed["tbs_certificate"])
    scheme.verify(issuer.public_key_der, signature, signed)
    return True


def _is_responder(answer: OcspAnswer, holder: Certificate) -> bool:
    return answer.responder in (holder.subject_der, _key_hash("sha1", holder))


def _verifies(answer: OcspAnswer, holder: Certificate, question: Question) -> bool:
    """Verify the answer with the holder's key; raises InvalidSignature when it is not right."""
    policy = question.policy
    if policy.signature(answer.algorithm) is not Standing.ALLOWED:
        return False
    if policy.key(holder.parsed.public_key) is not Standing.ALLOWED:
        return False
    scheme = read_scheme(answer.algorithm)
    if scheme is None:
        return False
    scheme.verify(holder.public_key_der, answer.signature, answer.signed)
    return True


def _issuer_hashes(name: str, certificate: Certificate, issuer: Certificate) -> tuple[bytes, bytes]:
    """Return the digests of the issuer's name and of its key (RFC 6960, 4.1.1)."""
    return digest(name, certificate.issuer_der), _key_hash(name, issuer)


def _key_hash(name: str, holder: Certificate) -> bytes:
    """Return the digest of the key's BIT STRING without its count of unused bits."""
    return digest(name, bytes(holder.parsed.public_key["public_key"].contents[1:]))


def _read(der: bytes, given: ocsp.ResponseBytes) -> OcspAnswer:
    if given["response_type"].native != "basic_ocsp_response":
        raise ValueError("not a basic answer")
    basic = ocsp.BasicOCSPResponse.load(bytes(given["response"]), strict=True)
    said = basic["tbs_response_data"]
    responder = said["responder_id"]
    by_name = responder.name == "by_name"
    extensions = {each["extn_id"].native: each for each in said["response_extensions"] or ()}
    singles = tuple(_single(each) for each in said["responses"])
    if not singles:
        raise ValueError("an answer without any")
    return OcspAnswer(
        der=der,
        singles=singles,
        produced_at=_moment(said["produced_at"]),
        responder=exact_bytes(responder.chosen) if by_name else bytes(responder.chosen.native),
        issuer_text=name_text(responder.chosen) if by_name else responder.chosen.native.hex(),
        nonce=_nonce(extensions),
        certificates=_certificates(basic["certs"]),
        understood=not any(each["critical"].native for each in extensions.values()),
        signed=exact_bytes(said),
        signature=bytes(basic["signature"].native),
        algorithm=basic["signature_algorithm"],
    )


def _nonce(extensions: dict[str, ocsp.ResponseDataExtension]) -> bytes | None:
    """Return the nonce as it stands: some responders leave the inner OCTET STRING out."""
    if "nonce" not in extensions:
        return None
    raw = bytes(extensions["nonce"]["extn_value"].contents)
    try:
        return bytes(core.OctetString.load(raw, strict=True).native)
    except MALFORMED:
        return raw


def _certificates(given: x509.Certificate) -> tuple[Certificate, ...]:
    """Return the certificates that came along; one that cannot be read is no responder."""
    found: list[Certificate] = []
    for each in list(given or ())[:MAX_CERTIFICATES]:
        try:
            found.append(load_certificate(exact_bytes(each)))
        except SigningError:
            continue
    return tuple(found)


def _single(each: ocsp.SingleResponse) -> SingleAnswer:
    named, status = each["cert_id"], each["cert_status"]
    extensions = {ext["extn_id"].native: ext for ext in each["single_extensions"] or ()}
    revoked = status.chosen if status.name == "revoked" else None
    reason = None if revoked is None else revoked["revocation_reason"].native
    cutoff = extensions.get("archive_cutoff")
    until = each["next_update"]
    return SingleAnswer(
        digest=str(named["hash_algorithm"]["algorithm"].native),
        issuer_name_hash=bytes(named["issuer_name_hash"].native),
        issuer_key_hash=bytes(named["issuer_key_hash"].native),
        serial=int(named["serial_number"].native),
        status=Status(status.name),
        revoked_at=None if revoked is None else _revoked_since(revoked, extensions),
        passing=reason in _PASSING_REASONS,
        this_update=_moment(each["this_update"]),
        next_update=None if until.native is None else _moment(until),
        cutoff=None if cutoff is None else _moment(cutoff["extn_value"].parsed),
        understood=not any(ext["critical"].native for ext in extensions.values()),
    )


def _revoked_since(
    revoked: ocsp.RevokedInfo, extensions: dict[str, ocsp.SingleResponseExtension]
) -> datetime:
    """Return when the revocation counts from: an earlier invalidity date moves it back."""
    since = _moment(revoked["revocation_time"])
    invalid = extensions.get("invalidity_date")  # RFC 6960, 4.4.5
    return since if invalid is None else min(since, _moment(invalid["extn_value"].parsed))


def _moment(value: core.GeneralizedTime) -> datetime:
    moment: datetime = value.native
    return moment.astimezone(UTC)
