"""signing behind the port SignatureEngine: plain values in, refusals instead of exceptions."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from uuid import UUID

from marshrut.engines.chains import known_issuer
from marshrut.engines.kept_keys import kind_of_key, opened_key
from marshrut.engines.powers import PowerInUse, Powers, with_power
from marshrut.engines.trust_stores import ANCHOR_KINDS, stampers_of, state_roots, store_of
from signing.accredited.list_check import verify_list
from signing.by_hash import complete_pdf, digests_to_sign, pdfs_to_sign, refuse_unfit
from signing.certificates import certificate_facts, load_certificate
from signing.errors import SigningError
from signing.evidence import Grounds
from signing.expectation import (
    Authority,
    AuthorityOf,
    Expectation,
    ExpectedOrganisation,
    ExpectedPerson,
)
from signing.keys import KeyAtHand, open_pkcs12, seal_key
from signing.pdf.signatures import signed_pdf_extends
from signing.records.preserved import judge_preserved
from signing.revocation.known import RevocationList, load_crl
from signing.revocation.ocsp import load_answer
from signing.sign import sign_detached, sign_pdf
from signing.validate import Validation, validate_detached, validate_pdf
from signing.verdicts import (
    FILE_CHECKS,
    Check,
    EvidenceKind,
    Outcome,
    Report,
    SignatureReport,
    TimeBasis,
    Verdict,
)
from signing.verdicts import SignatureKind as AnchorKind
from workflow.accredited_lists import AccreditedFacts
from workflow.domain.refusals import N_, Refusal
from workflow.domain.regulations import SignatureFormat, SignatureKind
from workflow.domain.trust import ProvenTime
from workflow.domain.trust import TrustAnchor as KnownAnchor
from workflow.ports import (
    AnchorFacts,
    CheckStatus,
    CrlFacts,
    Digests,
    Examination,
    ExpectedSigner,
    OfferedCertificate,
    SealedKey,
    TrustView,
    Unlocked,
)
from workflow.prepared_pdfs import PreparedPdf, PreparedPdfs
from workflow.revocation_lists import StoredSignature

TRAINING_WORD = "УЧЕБНЫЙ"

NOTHING_DONE = N_("Nothing has changed. Check the file and try again.")
OWN_CERTIFICATE = N_("Choose your own valid certificate. The document has not changed.")
WAITS = N_("The signature is kept and will be checked again; you need not sign anew.")

_STATUSES = {
    Verdict.VALID: CheckStatus.VALID,
    Verdict.INVALID: CheckStatus.INVALID,
    Verdict.UNDECIDED: CheckStatus.UNDECIDED,
}
_KINDS = {own: kind for kind, own in ANCHOR_KINDS.items()}
#: A key's signature is never simple: where a simple one is enough, any kept kind is.
_AT_LEAST = {SignatureKind.SIMPLE: AnchorKind.ADVANCED, **ANCHOR_KINDS}

_HOLDS = Authority(True, N_("The person holds the authority on that day."))


def _refusal(error: SigningError, todo: str = NOTHING_DONE) -> Refusal:
    return Refusal(error.code, error.msgid, todo, error.params)


class Signatures(Powers):
    """Making and examining signatures; `installation_key` (32 bytes) seals stored keys.

    `token_library` is the PKCS#11 module of this server's tokens, if it has any.
    """

    def __init__(self, installation_key: bytes, token_library: Path | None = None) -> None:
        self._installation_key = installation_key
        self._token_library = token_library

    def examine(
        self,
        content: bytes,
        signature: bytes,
        signature_format: SignatureFormat,
        *,
        trust: TrustView,
        now: datetime,
        expected: ExpectedSigner | None,
        received_at: datetime | None = None,
        record: bytes = b"",
    ) -> Examination:
        """See `workflow.ports.SignatureEngine`."""
        power = None
        try:
            grounds = grounds_of(trust, now, received_at)
            if expected is not None and expected.power is not None:
                power = self.power_in_use(expected.power, grounds)
            wanted = _expectation(expected, power)
            kept = judge_preserved(record, (content, signature), grounds) if record else None
            grounds = kept.grounds if kept else grounds
            if signature_format is SignatureFormat.PADES:
                validation = validate_pdf(signature, grounds, wanted)
                refusal = _of_the_fixed_file(content, signature, validation.report)
            else:
                validation = validate_detached(content, signature, grounds, wanted)
                refusal = None
        except SigningError as error:
            return _not_a_signature(content, _refusal(error))
        validation = kept.said_in(validation) if kept else validation
        return with_power(_examination(validation, refusal), power)

    def grounds(
        self, trust: TrustView, now: datetime, received_at: datetime | None = None
    ) -> Grounds:
        """Return what signatures are judged by; raises SigningError for a list that is none."""
        return grounds_of(trust, now, received_at)

    def seal_key(
        self, p12: bytes, password: str, owner: UUID, trust: TrustView, now: datetime
    ) -> SealedKey | Refusal:
        """See `workflow.ports.SignatureEngine`."""
        try:
            key = open_pkcs12(p12, password)
            sealed = seal_key(p12, password, self._installation_key, str(owner))
            kind, training = kind_of_key(key, store_of(trust.anchors, trust.accredited), now)
        except SigningError as error:
            return _refusal(error)
        return SealedKey(
            sealed=sealed,
            certificate=key.certificate.fingerprint,
            owner=key.certificate.subject_text,
            serial=f"{key.certificate.serial:X}",
            valid_from=key.certificate.not_before,
            valid_until=key.certificate.not_after,
            kind=kind,
            training=training,
        )

    def sign(
        self,
        sealed: bytes,
        password: str,
        owner: UUID,
        files: Sequence[bytes],
        signature_format: SignatureFormat,
        now: datetime,
    ) -> Unlocked | Refusal:
        """See `workflow.ports.SignatureEngine`."""
        act: Callable[[bytes, KeyAtHand, datetime], bytes] = (
            sign_pdf if signature_format is SignatureFormat.PADES else sign_detached
        )
        here, library = self._installation_key, self._token_library
        try:
            with opened_key(sealed, password, here, str(owner), library) as key:
                return Unlocked(tuple(act(file, key, now) for file in files))
        except SigningError as error:
            return _refusal(error)

    def read_crl(self, crl: bytes) -> CrlFacts | Refusal:
        """See `workflow.ports.SignatureEngine`."""
        try:
            found = load_crl(crl)
        except SigningError as error:
            return _refusal(error)
        return crl_facts(found)

    def list_of_known(
        self, crl: bytes, trust: TrustView, stored: Sequence[StoredSignature], now: datetime
    ) -> CrlFacts | None:
        """See `workflow.revocation_lists`."""
        try:
            found = load_crl(crl)
        except SigningError:
            return None
        issuer = known_issuer(found, trust, stored, now)
        return None if issuer is None else crl_facts(found, issuer.public_key_der)

    def read_accredited_list(
        self,
        content: bytes,
        anchors: tuple[KnownAnchor, ...],
        crls: tuple[bytes, ...],
        previous_version: int,
        now: datetime,
    ) -> AccreditedFacts | Refusal:
        """See `workflow.accredited_lists`."""
        try:
            found = verify_list(
                content,
                state_roots(anchors),
                now,
                crls=[load_crl(der) for der in crls],
                previous_version=previous_version,
            )
        except SigningError as error:
            return _refusal(error)
        return AccreditedFacts(
            list_version=found.version,
            issued_at=found.issued_at,
            compact=found.to_bytes(),
            authorities=len(found.authorities),
            left_out=found.left_out,
        )

    def read_anchor(self, pem: bytes) -> AnchorFacts | Refusal:
        """See `workflow.ports.SignatureEngine`."""
        try:
            certificate = load_certificate(pem)
        except SigningError as error:
            return _refusal(error)
        if not certificate.parsed.ca:
            return Refusal(
                "anchor.not_a_ca",
                N_("This is not the certificate of a certification authority."),
                N_("Choose the root certificate of the authority."),
            )
        return AnchorFacts(
            pem=certificate.pem.decode(),
            fingerprint=certificate.fingerprint,
            subject=certificate.subject_text,
            training=TRAINING_WORD in certificate.subject_text.upper(),
        )

    def certificate_digest(self, certificate: bytes) -> str | Refusal:
        """See `workflow.ports.SignatureEngine`."""
        try:
            return load_certificate(certificate).fingerprint
        except SigningError as error:
            return _refusal(error)

    def offered_certificate(
        self, certificate: bytes, expected: ExpectedSigner, now: datetime
    ) -> OfferedCertificate | Refusal:
        """See `workflow.ports.SignatureEngine`."""
        try:
            offered = load_certificate(certificate)
        except SigningError as error:
            return _refusal(error)
        reason = None
        try:
            refuse_unfit(offered, _expectation(expected), now)
        except SigningError as error:
            reason = _refusal(error, todo="")
        facts = certificate_facts(offered, training=False)
        return OfferedCertificate(
            sha256=offered.fingerprint,
            owner=facts.owner,
            organisation=facts.organisation,
            issuer=facts.issuer,
            serial=facts.serial,
            valid_from=facts.not_before,
            valid_until=facts.not_after,
            reason=reason,
        )

    def digests_to_sign(self, certificate: bytes, files: Sequence[bytes]) -> Digests | Refusal:
        """See `workflow.ports.SignatureEngine`."""
        try:
            name, values = digests_to_sign(load_certificate(certificate), files)
        except SigningError as error:
            return _refusal(error)
        return Digests(name, tuple(value.hex() for value in values))

    def prepare_pdfs(
        self, certificate: bytes, files: Sequence[bytes], now: datetime
    ) -> PreparedPdfs | Refusal:
        """See `workflow.prepared_pdfs`."""
        try:
            name, places = pdfs_to_sign(load_certificate(certificate), files, now)
        except SigningError as error:
            return _refusal(error)
        made = (PreparedPdf(p.pdf, p.content_digest.hex(), p.start, p.end) for p in places)
        return PreparedPdfs(name, tuple(made))

    def complete_pdf(
        self, pdf: bytes, place_start: int, place_end: int, cms: bytes
    ) -> bytes | Refusal:
        """See `workflow.prepared_pdfs`."""
        try:
            return complete_pdf(pdf, place_start, place_end, cms)
        except SigningError as error:
            return _refusal(error)


def crl_facts(found: RevocationList, issuer_key: bytes | None = None) -> CrlFacts:
    """Return what a list says of itself; lists of other parts, and deltas, count as another's.

    With the public key (DER) that it was verified with, it counts to the lists of that key alone:
    what a list says of its key, anybody can write.
    """
    said = found.authority_key if issuer_key is None else hashlib.sha256(issuer_key).digest()
    row = found.issuer_der + said + found.scope
    issuer = hashlib.sha256(row + (b"delta" if found.is_delta else b"")).hexdigest()
    return CrlFacts(issuer, found.issuer_text, found.der, found.this_update, found.next_update)


def grounds_of(trust: TrustView, now: datetime, received_at: datetime | None = None) -> Grounds:
    """Return what signatures are judged by; raises SigningError for a list that is none."""
    return Grounds(
        trust=store_of(trust.anchors, trust.accredited),
        crls=tuple(load_crl(der) for der in trust.crls),
        ocsp=tuple(load_answer(der) for der in trust.ocsp),
        timestamping=stampers_of(trust),
        now=now,
        received_at=received_at,
    )


def _expectation(expected: ExpectedSigner | None, power: PowerInUse | None = None) -> Expectation:
    if expected is None:
        return Expectation()
    person = (
        ExpectedPerson(expected.last, expected.given, expected.snils, expected.inn)
        if expected.last or expected.snils or expected.inn
        else None
    )
    organisation = (
        ExpectedOrganisation(expected.ogrn, expected.organisation_inn)
        if expected.ogrn or expected.organisation_inn
        else None
    )
    return Expectation(
        person=person,
        organisation=organisation,
        authority=_authority(expected.authority, power),
        kind=_AT_LEAST[expected.kind],
        identified=True,
        represents=expected.represents,
        exactly=expected.exactly and expected.kind is not SignatureKind.SIMPLE,
    )


def _authority(refusal: Refusal | None, power: PowerInUse | None) -> Authority | AuthorityOf:
    if refusal is not None:
        return Authority(False, refusal.msgid, _params(refusal))
    return _HOLDS if power is None else power.authority


def _params(refusal: Refusal) -> dict[str, str | int | datetime]:
    return {
        name: value if isinstance(value, str | int | datetime) else str(value)
        for name, value in refusal.params.items()
    }


def _of_the_fixed_file(content: bytes, signed: bytes, report: Report) -> Refusal | None:
    """A signed PDF must be the fixed file and one signature after it, nothing else."""
    if not signed_pdf_extends(content, signed):
        return Refusal(
            "signature.another_file",
            N_("The signed PDF is not the file that was made ready here."),
            N_("Download the file anew, sign it without opening it in an editor and upload it."),
        )
    if len(report.signatures) + len(report.not_understood) != 1:
        return Refusal(
            "signature.not_one",
            N_("The file holds {count} signatures; exactly one is expected."),
            N_("Download the file anew and sign it once."),
            {"count": len(report.signatures) + len(report.not_understood)},
        )
    return None


def _not_a_signature(content: bytes, refusal: Refusal) -> Examination:
    report = Report(file_name="", sha256=hashlib.sha256(content).hexdigest(), signatures=())
    return Examination(CheckStatus.INVALID, report.to_json().encode(), b"", None, reason=refusal)


def _examination(validation: Validation, refusal: Refusal | None) -> Examination:
    report = validation.report
    signature = _of_the_expected(report)
    status = CheckStatus.INVALID if refusal else _STATUSES[report.verdict]
    facts = signature.certificate if signature else None
    fulfils = signature.fulfils if signature else None
    return Examination(
        status=status,
        report=report.to_json().encode(),
        evidence=validation.evidence.to_bytes(),
        kind=_KINDS.get(fulfils) if fulfils else None,
        certificate=facts.fingerprint if facts else "",
        owner=facts.owner if facts else "",
        serial=facts.serial if facts else "",
        valid_from=facts.not_before if facts else None,
        valid_until=facts.not_after if facts else None,
        training=bool(signature and signature.training),
        revocation_as_of=_lists_issued(report),
        time=_proven_time(signature, report),
        reason=None if status is CheckStatus.VALID else refusal or _reason(report),
    )


def _of_the_expected(report: Report) -> SignatureReport | None:
    """The signature of whom the step expects: a file may hold others beside it.

    Of several it is the one by that owner, and of these the one judged best.
    """

    def merit(signature: SignatureReport) -> tuple[bool, bool, bool]:
        owner = signature.check("owner").outcome is Outcome.PASSED
        verdict = signature.verdict
        return owner, verdict is Verdict.VALID, verdict is not Verdict.INVALID

    return max(report.signatures, key=merit, default=None)


def _proven_time(signature: SignatureReport | None, report: Report) -> ProvenTime | None:
    """What the timestamps over the signature and over its document prove; None without any."""
    if signature is None:
        return None
    stamps = (*signature.timestamps, *report.timestamps)
    if signature.time_basis is TimeBasis.PROVEN:
        proving = (each.authority for each in stamps if each.proven == signature.checked_at)
        return ProvenTime(signature.checked_at, next(proving, ""))
    standing = [c for s in stamps for c in s.checks if c.outcome is not Outcome.PASSED]
    if not standing:
        return None
    first = min(standing, key=lambda check: check.outcome is not Outcome.FAILED)
    problem = Refusal(f"timestamp.{first.code}", first.msgid, WAITS, first.params)
    return ProvenTime(None, problem=problem)


def _lists_issued(report: Report) -> datetime | None:
    """When the oldest of the lists and answers that were used was issued."""
    evidence = [e for signature in report.signatures for e in signature.evidence]
    kinds = (EvidenceKind.CRL, EvidenceKind.OCSP)
    return min((e.since for e in evidence if e.kind in kinds), default=None)


def _reason(report: Report) -> Refusal:
    """The first check that stands in the way, failures before checks that could not be made.

    Of other signers in the file only checks 1–6 count: who they are was not asked.
    """
    expected = _of_the_expected(report)
    checks = [] if expected is None else list(expected.checks)
    for other in report.signatures:
        checks += () if other is expected else other.checks[:FILE_CHECKS]
    for outcome, todo in ((Outcome.FAILED, OWN_CERTIFICATE), (Outcome.NOT_MADE, WAITS)):
        standing = [c for c in checks if c.outcome is outcome and _counts(c)]
        if standing:
            first = standing[0]
            return Refusal(f"signature.{first.key}.{first.code}", first.msgid, todo, first.params)
    if report.not_understood:
        strange = report.not_understood[0]
        return Refusal(strange.code, strange.msgid, NOTHING_DONE, strange.params)
    return Refusal("signature.none", N_("The file holds no signature."), NOTHING_DONE)


def _counts(check: Check) -> bool:
    return check.required
