"""What revocation lists say of a certificate (RFC 5280, 5.2 and 6.3).

Only direct lists count: signed with the key of the very certificate that issued the one in
question. Indirect lists, and lists of some reasons only, are unusable. A delta list says something
together with a complete list that it continues; alone it proves revocations and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from asn1crypto import core
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.x509.oid import ExtensionOID

from signing.asn1 import exact_bytes
from signing.certificates import Certificate
from signing.errors import MALFORMED
from signing.policy import AlgorithmPolicy, Standing
from signing.revocation.certificate_status import CertificateStatus, Status
from signing.revocation.crls import RevocationList
from signing.verdicts import TimeBasis

UNDERSTOOD_CRITICAL = {
    ExtensionOID.AUTHORITY_KEY_IDENTIFIER,
    ExtensionOID.CRL_NUMBER,
    ExtensionOID.DELTA_CRL_INDICATOR,
}
UNUSABLE: tuple[type[Exception], ...] = (InvalidSignature, *MALFORMED)
EXPIRED_CERTS_ON_CRL = x509.ObjectIdentifier("2.5.29.60")
_PASSING = (x509.ReasonFlags.certificate_hold, x509.ReasonFlags.remove_from_crl)


@dataclass(frozen=True)
class Question:
    """Which certificate, issued by whom, is looked at for which moment, by which algorithms."""

    certificate: Certificate
    issuer: Certificate
    at: datetime
    basis: TimeBasis
    policy: AlgorithmPolicy


@dataclass(frozen=True)
class _Word:
    """A complete list, or one brought up to date by a delta list that continues it."""

    complete: RevocationList
    delta: RevocationList | None = None

    @property
    def newest(self) -> RevocationList:
        return self.delta or self.complete

    def entry(self, serial: int) -> tuple[x509.RevokedCertificate | None, RevocationList]:
        """Return what counts for this number, and the list that says it (RFC 5280, 5.2.4)."""
        if self.delta is not None:
            found = self.delta.entry(serial)
            if found is not None:
                taken_back = reason_of(found) is x509.ReasonFlags.remove_from_crl
                return (None if taken_back else found), self.delta
        return self.complete.entry(serial), self.newest


def status_in_lists(question: Question, lists: Iterable[RevocationList]) -> CertificateStatus:
    """Return what `lists` say.

    A revocation for good counts wherever it stands: it cannot be taken back. Otherwise the newest
    word that is current decides. For the present (`basis` NOW) a list must be current at `at`, and
    a certificate that is listed at all is revoked. For a past moment any later list serves too, as
    long as it was issued before the certificate expired (afterwards authorities drop it).
    """
    certificate = question.certificate
    named = [entry for entry in lists if entry.issuer_der == certificate.issuer_der]
    usable = [entry for entry in named if speaks_of(entry, question)]
    revoked = _revoked_in(usable, question)
    if revoked is not None:
        return revoked
    words = sorted(
        _words(usable),
        key=lambda word: (word.newest.this_update, word.newest.number or 0),
        reverse=True,
    )
    for word in words:
        if _is_current(word, question):
            return _said(word, question)
    if words:
        return CertificateStatus(Status.STALE, certificate, source=words[0].newest)
    unknown = Status.UNUSABLE if named else Status.NO_LIST
    return CertificateStatus(unknown, certificate, source=next(iter(named), None))


def speaks_of(entry: RevocationList, question: Question) -> bool:
    """Say whether the list may speak of the certificate: issuer, signature, scope, algorithm."""
    return entry.issuer_der == question.certificate.issuer_der and _usable(entry, question)


def _words(usable: list[RevocationList]) -> Iterator[_Word]:
    deltas = [entry for entry in usable if entry.is_delta]
    for complete in usable:
        if not complete.is_delta:
            yield _Word(complete)
            yield from (_Word(complete, delta) for delta in deltas if _continues(delta, complete))


def _continues(delta: RevocationList, complete: RevocationList) -> bool:
    """Say whether the delta holds all changes since the complete list (RFC 5280, 5.2.4)."""
    if delta.base_number is None or delta.number is None or complete.number is None:
        return False
    numbers_fit = delta.base_number <= complete.number < delta.number
    return (
        numbers_fit
        and delta.scope == complete.scope
        and delta.authority_key == complete.authority_key
        and delta.this_update >= complete.this_update
    )


def _is_current(word: _Word, question: Question) -> bool:
    newest, certificate, at = word.newest, question.certificate, question.at
    if newest.next_update is None or at > newest.next_update:
        return False
    if question.basis is TimeBasis.NOW:
        return newest.this_update <= at
    before = max(at, certificate.not_after)
    return newest.this_update <= before or _keeps_expired(word.complete, certificate)


def _keeps_expired(entry: RevocationList, certificate: Certificate) -> bool:
    """Say whether the list keeps certificates that expired when this one did (X.509, 9.5.2.8)."""
    for extension in entry.parsed.extensions:
        if extension.oid == EXPIRED_CERTS_ON_CRL:
            assert isinstance(extension.value, x509.UnrecognizedExtension)
            since = _moment_in(extension.value.value)
            return since is not None and since <= certificate.not_after
    return False


def _moment_in(der: bytes) -> datetime | None:
    """Return the moment in a DER GeneralizedTime, None when it is none."""
    try:
        moment = core.GeneralizedTime.load(der, strict=True).native
    except MALFORMED:
        return None
    return moment if isinstance(moment, datetime) else None


def _said(word: _Word, question: Question) -> CertificateStatus:
    """Return what one word says; for the present, a mere hold revokes too."""
    also = () if word.delta is None else (word.complete,)
    try:
        found, source = word.entry(question.certificate.serial)
        since = None if found is None else revoked_since(found)
    except MALFORMED:
        return CertificateStatus(Status.UNUSABLE, question.certificate, source=word.newest)
    if since is None:
        return CertificateStatus(Status.GOOD, question.certificate, source=source, also=also)
    return _revoked(question, since, source, also)


def _revoked_in(usable: list[RevocationList], question: Question) -> CertificateStatus | None:
    """Return the revocation for good that one of these lists proves, whatever else it lacks."""
    for source in usable:
        try:
            found = source.entry(question.certificate.serial)
            if found is None or reason_of(found) in _PASSING:
                continue
            status = _revoked(question, revoked_since(found), source, ())
        except MALFORMED:
            continue
        if status.status is Status.REVOKED:
            return status
    return None


def _revoked(
    question: Question,
    since: datetime,
    source: RevocationList,
    also: tuple[RevocationList, ...],
) -> CertificateStatus:
    later = question.basis is not TimeBasis.NOW and since > question.at
    status = Status.REVOKED_LATER if later else Status.REVOKED
    return CertificateStatus(status, question.certificate, since, source, also)


def revoked_since(found: x509.RevokedCertificate) -> datetime:
    """Return when the revocation counts from: an earlier invalidity date moves it back."""
    since = found.revocation_date_utc
    try:
        invalid = found.extensions.get_extension_for_class(x509.InvalidityDate)
    except x509.ExtensionNotFound:
        return since
    return min(since, invalid.value.invalidity_date_utc)


def reason_of(found: x509.RevokedCertificate) -> x509.ReasonFlags | None:
    """Return why the certificate is revoked, None when the list does not say."""
    try:
        return found.extensions.get_extension_for_class(x509.CRLReason).value.reason
    except x509.ExtensionNotFound:
        return None


def _usable(entry: RevocationList, question: Question) -> bool:
    try:
        return _scope_covers(entry, question.certificate) and is_issued_by(
            entry, question.issuer, question.policy
        )
    except UNUSABLE:
        return False


def is_issued_by(entry: RevocationList, issuer: Certificate, policy: AlgorithmPolicy) -> bool:
    """Say whether `issuer` has signed the list, by name and key, and may sign lists."""
    if "crl_sign" not in (issuer.key_usage or ()) or issuer.subject_der != entry.issuer_der:
        return False
    try:
        return _signature_holds(entry, issuer, policy)
    except UNUSABLE:
        return False


def _scope_covers(entry: RevocationList, certificate: Certificate) -> bool:
    return all(_permits(extension, certificate) for extension in entry.parsed.extensions)


def _permits(extension: x509.Extension[x509.ExtensionType], certificate: Certificate) -> bool:
    """Say whether this extension lets the list speak of the certificate."""
    if isinstance(extension.value, x509.IssuingDistributionPoint):
        return _point_covers(extension.value, certificate)
    return not extension.critical or extension.oid in UNDERSTOOD_CRITICAL


def _point_covers(point: x509.IssuingDistributionPoint, certificate: Certificate) -> bool:
    partial = point.indirect_crl or point.only_some_reasons or point.only_contains_attribute_certs
    is_ca = bool(certificate.parsed.ca)
    if partial or (point.only_contains_user_certs and is_ca):
        return False
    if (point.only_contains_ca_certs and not is_ca) or point.relative_name is not None:
        return False
    if point.full_name is None:
        return True
    return bool({_listed_name(name) for name in point.full_name} & _point_names(certificate))


def _listed_name(name: x509.GeneralName) -> str:
    """Return an address as it is, a directory name as the hexadecimal of its DER."""
    if isinstance(name, x509.DirectoryName):
        return name.value.public_bytes().hex()
    return str(name.value)


def _point_names(certificate: Certificate) -> set[str]:
    """Return the points at which its own issuer lists the certificate for every reason."""
    points = certificate.parsed.crl_distribution_points_value or ()
    return {
        exact_bytes(name.chosen).hex() if name.name == "directory_name" else str(name.native)
        for point in points
        if point["distribution_point"].name == "full_name"
        and point["crl_issuer"].native is None
        and point["reasons"].native is None
        for name in point["distribution_point"].chosen
    }


def _signature_holds(entry: RevocationList, issuer: Certificate, policy: AlgorithmPolicy) -> bool:
    if entry.algorithm is None or policy.signature(entry.algorithm) is not Standing.ALLOWED:
        return False
    return entry.is_signed_with(issuer.public_key_der)
