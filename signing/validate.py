"""The nine checks over a signed PDF or a file with its detached signature.

Nothing is fetched and nothing is stored: trust, lists and the time come in as `Grounds`, the
report and the evidence it rests on go out.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from itertools import chain as joined

from signing.cades import CmsFile, SignedCms, parse_cms, read_cms
from signing.certificates import Certificate, certificate_facts
from signing.digests import digest
from signing.errors import SigningError, refuse_larger
from signing.evidence import Evidence, Grounds, evidence_items, sources_used
from signing.expectation import NOBODY, Expectation, check_authority, check_kind, check_owner
from signing.file_checks import (
    Moment,
    chain_statuses,
    check_chain_found,
    check_integrity,
    check_revocation,
    check_signature_value,
    check_time,
    check_usage,
)
from signing.pdf.painted_marks import painted_marks
from signing.pdf.revisions import later_revisions
from signing.pdf.signatures import (
    INTACT,
    MAX_PDF,
    PLAIN_CMS,
    PdfIntegrity,
    PdfSignature,
    PdfSignatures,
    open_pdf,
    read_signatures,
)
from signing.pdf.store import NO_STORE, PdfStore
from signing.revocation.known import RevocationList, RevocationSource
from signing.revocation.ocsp import OcspAnswer
from signing.timestamps.documents import DocumentTimes, judge_documents
from signing.timestamps.judgement import (
    JudgedTimestamp,
    earliest_proof,
    judge_token,
    without_training,
)
from signing.timestamps.tokens import parse_token
from signing.timestamps.unjudged import remarks_on
from signing.trust import Chain, ChainProblem
from signing.verdicts import (
    CertificateFacts,
    NotUnderstood,
    Outcome,
    Remark,
    Report,
    SignatureFormat,
    SignatureKind,
    SignatureLevel,
    SignatureProfile,
    SignatureReport,
    Verdict,
)
from signing.words import N_

ANOTHER_INSIDE = PdfIntegrity(
    Outcome.FAILED,
    "another_inside",
    N_("The signature file holds another document than the one given with it."),
)


class DetachedError(SigningError):
    """The signature file holds no document, and none was given beside it."""

    code = "signing.detached"
    msgid = N_("The signature is in a file of its own. Give the document as well.")


@dataclass(frozen=True)
class Validation:
    """A report and the evidence from which it can be made again."""

    report: Report
    evidence: Evidence


@dataclass(frozen=True)
class _Judged:
    """One signature's report, and what it rests on."""

    report: SignatureReport
    chain: Chain | None
    sources: tuple[RevocationSource, ...]
    timestamps: tuple[JudgedTimestamp, ...]


@dataclass(frozen=True)
class _Signature:
    """One signature to judge, whichever way it is bound to its content."""

    format: SignatureFormat
    field_name: str
    cms: SignedCms
    digest_of: Callable[[str], bytes]
    claimed_time: datetime | None
    pdf: PdfIntegrity | None = None
    revision: int = 0
    profile: SignatureProfile | None = None


@dataclass(frozen=True)
class _View:
    """The grounds, and since when a PDF is known by its document timestamps on these grounds.

    `kept` is what the PDF holds for its validation.
    """

    grounds: Grounds
    documents: DocumentTimes
    kept: PdfStore = NO_STORE


def validate_detached(
    content: bytes,
    signature: bytes,
    grounds: Grounds,
    expectation: Expectation = NOBODY,
    *,
    file_name: str = "",
) -> Validation:
    """Judge every CAdES signature in a file (DER, BER or PEM) over `content`.

    A document inside the file must be `content` too. Raises CmsUnreadableError, NoSignerError,
    TooManySignersError or TooLargeError when there is nothing to judge; everything else is in the
    report.
    """
    refuse_larger(content, MAX_PDF)
    return _validation_of_cms(content, read_cms(signature), grounds, expectation, file_name)


def validate_attached(
    signature: bytes,
    grounds: Grounds,
    expectation: Expectation = NOBODY,
    *,
    file_name: str = "",
) -> Validation:
    """Judge every CAdES signature in a file that carries the signed document itself.

    Raises as `validate_detached` does, and DetachedError when there is no document inside.
    """
    found = read_cms(signature)
    if found.content is None:
        raise DetachedError
    return _validation_of_cms(found.content, found, grounds, expectation, file_name)


def _validation_of_cms(
    content: bytes, found: CmsFile, grounds: Grounds, expectation: Expectation, file_name: str
) -> Validation:
    other = ANOTHER_INSIDE if found.content not in (None, content) else None
    digest_of = cache(lambda name: digest(name, content))
    given = [
        _Signature(SignatureFormat.CADES, "", cms, digest_of, cms.claimed_time, other)
        for cms in found.signers
    ]
    views = _views((), _with_enclosed(grounds, found.signers))
    judged = [_judge(each, views, expectation) for each in given]
    marks, remarks = _marks_on(content, judged)
    strange = (*map(_signer_not_understood, found.not_understood), *marks)
    remarks = (*remarks, *_not_judged(found.signers))
    return _validation(content, file_name, judged, strange, views, remarks)


def _with_enclosed(grounds: Grounds, signers: Sequence[SignedCms]) -> Grounds:
    """Return the grounds with lists and answers from signatures; their issuers speak by them."""
    crls = {each.sha256: each for cms in signers for each in cms.enclosed.crls}
    ocsp = {each.sha256: each for cms in signers for each in cms.enclosed.ocsp}
    if not (crls or ocsp):
        return grounds
    return replace(
        grounds, crls=(*grounds.crls, *crls.values()), ocsp=(*grounds.ocsp, *ocsp.values())
    )


def _not_judged(signers: Iterable[SignedCms]) -> tuple[Remark, ...]:
    return remarks_on(kind for cms in signers for kind in cms.unjudged)


def _signer_not_understood(number: int) -> NotUnderstood:
    return NotUnderstood(
        "signer",
        N_("The signature number {number} in the file cannot be read."),
        {"number": number},
    )


def validate_pdf(
    pdf: bytes,
    grounds: Grounds,
    expectation: Expectation = NOBODY,
    *,
    file_name: str = "",
) -> Validation:
    """Judge every signature in a PDF, in the order of signing.

    Raises PdfUnreadableError, PdfEncryptedError, TooManySignaturesError or TooLargeError. A PDF
    without signatures has a report without signatures, which is not valid.
    """
    found = read_signatures(pdf)
    given: list[_Signature] = []
    strange = list(found.not_understood)
    for each in found.signatures:
        try:
            given.append(_embedded(each))
        except SigningError as error:
            strange.append(_cms_not_understood(each, error))
    signers = [each.cms for each in given]
    known = _with_enclosed(_with_store(grounds, found.kept), signers)
    views = _views(found.timestamps, known, found.kept)
    judged = [_judge(each, views, expectation) for each in given]
    marks, remarks = painted_marks(pdf, [each.report.certificate for each in judged])
    remarks = (*_later(pdf, found), *remarks, *_not_judged(signers))
    return _validation(pdf, file_name, judged, (*strange, *marks), views, remarks)


def _marks_on(
    content: bytes, judged: list[_Judged]
) -> tuple[tuple[NotUnderstood, ...], tuple[Remark, ...]]:
    """Return the marks drawn on a document whose signature stands beside it, if it is a PDF."""
    if not content.startswith(b"%PDF-"):
        return (), ()
    try:
        return painted_marks(content, [each.report.certificate for each in judged])
    except SigningError:
        return (), ()  # what its bytes are is nothing to a signature over them


def _later(pdf: bytes, found: PdfSignatures) -> tuple[Remark, ...]:
    """Name what came after the first signature; nothing did when all cover the whole file."""
    covered = (*found.signatures, *found.timestamps)
    if not found.not_understood and all(each.integrity is INTACT for each in covered):
        return ()
    return later_revisions(open_pdf(pdf))


def _with_store(grounds: Grounds, kept: PdfStore) -> Grounds:
    """Return the grounds with lists and answers from the PDF; they speak by their signatures."""
    return replace(grounds, crls=(*grounds.crls, *kept.crls), ocsp=(*grounds.ocsp, *kept.ocsp))


def _views(
    stamps: tuple[PdfSignature, ...], grounds: Grounds, kept: PdfStore = NO_STORE
) -> tuple[_View, ...]:
    """Return how signatures are looked at: with all that vouches for times, then without training.

    A training authority proves times of training signatures only, and which ones these are is
    known when their chains are.
    """
    real = without_training(grounds)
    several = (grounds,) if real is grounds else (grounds, real)
    return tuple(
        _View(each, judge_documents(stamps, each, kept.certificates), kept) for each in several
    )


def _embedded(found: PdfSignature) -> _Signature:
    cms = parse_cms(found.cms)
    return _Signature(
        SignatureFormat.PADES,
        found.field_name,
        cms,
        found.content_digest,
        cms.claimed_time or found.claimed_time,
        found.integrity,
        found.revision,
        _profile(found, cms),
    )


def _profile(found: PdfSignature, cms: SignedCms) -> SignatureProfile | None:
    """Return what keeps the signature from being the baseline one of EN 319 142-1."""
    if found.subfilter == PLAIN_CMS:
        return SignatureProfile.CMS
    return SignatureProfile.TIME_INSIDE if cms.claimed_time else None


def _cms_not_understood(found: PdfSignature, error: SigningError) -> NotUnderstood:
    return NotUnderstood(
        error.code,
        N_("The signature in the field “{field}” cannot be read."),
        {"field": found.field_name},
    )


def _judge(given: _Signature, views: tuple[_View, ...], expectation: Expectation) -> _Judged:
    view, judged = views[0], _judge_by(views[0], given, expectation)
    if judged.report.kind is not SignatureKind.TRAINING and len(views) > 1:
        view, judged = views[-1], _judge_by(views[-1], given, expectation)
    level = _level(judged, given, view)
    return replace(judged, report=replace(judged.report, level=level))


def _level(judged: _Judged, given: _Signature, view: _View) -> SignatureLevel | None:
    """Return the level that the signature has shown, None where there is not even the lowest."""
    if given.profile is not None or not judged.report.is_sound:
        return None
    stamped = any(each.proven is not None for each in judged.timestamps)
    if given.format is SignatureFormat.CADES:
        return SignatureLevel.CADES_T if stamped else SignatureLevel.CADES_BES
    if not (stamped or view.documents.prove(given.revision)):
        return SignatureLevel.B_B
    if not _stands_alone(given, view, stamped):
        return SignatureLevel.B_T
    return SignatureLevel.B_LTA if view.documents.covers_all else SignatureLevel.B_LT


def _stands_alone(given: _Signature, view: _View, stamped: bool) -> bool:
    """Say whether the signature, and a timestamp over it, hold by what the PDF keeps alone.

    Only the anchors come from elsewhere (ETSI EN 319 142-1, 5.4.2 and 6.3).
    """
    kept = view.kept
    if not (kept.crls or kept.ocsp):
        return False
    alone = replace(view, grounds=replace(view.grounds, crls=kept.crls, ocsp=kept.ocsp))
    again = _judge_by(alone, given, NOBODY)
    proving = [each for each in again.timestamps if each.proven is not None]
    if again.report.file_verdict is not Verdict.VALID or (stamped and not proving):
        return False
    chains = [again.chain, *(each.chain for each in proving)]
    needed = {each for chain in chains if chain is not None for each in chain.certificates[1:]}
    inside = (*kept.certificates, *given.cms.certificates, *_of_tokens(given.cms))
    return needed <= set(inside)


def _of_tokens(cms: SignedCms) -> Iterable[Certificate]:
    """Return the certificates inside the timestamps over the signature value."""
    for token in cms.tokens:
        with suppress(SigningError):
            yield from parse_token(token).signed.certificates


def _judge_by(view: _View, given: _Signature, expectation: Expectation) -> _Judged:
    grounds = view.grounds
    known = view.documents.known(given.revision)
    extra = (*given.cms.certificates, *given.cms.kept, *view.kept.certificates)
    timestamps = _judge_tokens(given.cms, grounds, known, extra)
    moment = earliest_proof(timestamps, known)
    found = _find_chain(given.cms, grounds, moment, extra)
    chain = found if isinstance(found, Chain) else None
    statuses = (
        ()
        if chain is None
        else chain_statuses(chain, grounds.crls, moment, grounds.policy, grounds.ocsp)
    )
    sources = sources_used(statuses)
    kind, stands_for = (
        (None, None) if chain is None else (chain.anchor.kind, chain.anchor.stands_for)
    )
    facts = _facts(given.cms, kind)
    checks = (
        check_integrity(given.cms, given.digest_of, given.pdf),
        check_signature_value(given.cms, given.digest_of),
        check_chain_found(found),
        check_time(given.cms.certificate, moment),
        check_revocation(statuses),
        check_usage(given.cms, found, grounds.policy),
        check_owner(facts, expectation),
        check_authority(expectation.authority, facts),
        check_kind(kind, stands_for, expectation.kind, expectation.exactly),
    )
    report = SignatureReport(
        format=given.format,
        field_name=given.field_name,
        kind=kind,
        stands_for=stands_for,
        certificate=facts,
        claimed_time=given.claimed_time,
        checked_at=moment.at,
        time_basis=moment.basis,
        checks=checks,
        evidence=evidence_items(chain, sources),
        timestamps=tuple(each.report for each in timestamps),
        profile=given.profile,
        preserved=grounds.proven_at is not None,
    )
    return _Judged(report, chain, sources, timestamps)


def _judge_tokens(
    cms: SignedCms, grounds: Grounds, known: Moment, beside: tuple[Certificate, ...]
) -> tuple[JudgedTimestamp, ...]:
    """Judge the timestamps over the signature value (ETSI EN 319 122-1, 5.3)."""
    return tuple(
        judge_token(
            token,
            lambda name: digest(name, cms.signature),
            grounds,
            known=known,
            beside=beside,
        )
        for token in cms.tokens
    )


def _find_chain(
    cms: SignedCms, grounds: Grounds, moment: Moment, extra: tuple[Certificate, ...]
) -> Chain | ChainProblem | None:
    if cms.certificate is None:
        return None
    return grounds.trust.find_chain(cms.certificate, extra, moment.at)


def _facts(cms: SignedCms, kind: SignatureKind | None) -> CertificateFacts | None:
    if cms.certificate is None:
        return None
    return certificate_facts(cms.certificate, training=kind is SignatureKind.TRAINING)


def _validation(
    content: bytes,
    file_name: str,
    judged: list[_Judged],
    strange: tuple[NotUnderstood, ...],
    views: tuple[_View, ...],
    remarks: tuple[Remark, ...] = (),
) -> Validation:
    grounds = views[0].grounds
    report = Report(
        file_name=file_name,
        sha256=hashlib.sha256(content).hexdigest(),
        signatures=tuple(each.report for each in judged),
        not_understood=strange,
        timestamps=tuple(each.report for each in views[0].documents.judged),
        remarks=remarks,
    )
    over_documents = joined.from_iterable(view.documents.judged for view in views)
    timestamps = (*over_documents, *joined.from_iterable(each.timestamps for each in judged))
    chains = [each.chain for each in judged if each.chain is not None]
    stamping = [each.chain for each in timestamps if each.chain is not None]
    certificates = (c for chain in (*chains, *stamping) for c in chain.certificates[1:])
    used = joined((each.sources for each in judged), (each.sources for each in timestamps))
    sources = list({each.sha256: each for each in joined.from_iterable(used)}.values())
    evidence = Evidence(
        anchors=tuple(dict.fromkeys(chain.anchor for chain in chains)),
        certificates=tuple(dict.fromkeys(certificates)),
        crls=tuple(each for each in sources if isinstance(each, RevocationList)),
        now=grounds.now,
        at=grounds.at,
        received_at=grounds.received_at,
        timestamp_anchors=tuple(dict.fromkeys(chain.anchor for chain in stamping)),
        ocsp=tuple(each for each in sources if isinstance(each, OcspAnswer)),
        proven_at=grounds.proven_at,
        proven_for_training=grounds.proven_for_training,
    )
    return Validation(report, evidence)
