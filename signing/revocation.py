"""Certificate revocation lists: reading them, and what they say of a certificate.

Only direct lists count (RFC 5280, 5.2 and 6.3): signed with the key of the very certificate that
issued the one in question. A delta list may add a revocation; only a complete one says that there
is none. Everything else leaves the status unknown. Lists are handed in by the caller; nothing is
fetched here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from asn1crypto import core
from asn1crypto import crl as asn1_crl
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.x509.oid import ExtensionOID

from signing.asn1 import der_of, exact_bytes
from signing.certificates import Certificate, name_text
from signing.errors import MALFORMED, MEGABYTE, SigningError, refuse_larger
from signing.policy import AlgorithmPolicy, Standing, read_scheme
from signing.verdicts import TimeBasis
from signing.words import N_

MAX_CRL = 50 * MEGABYTE
UNDERSTOOD_CRITICAL = {
    ExtensionOID.AUTHORITY_KEY_IDENTIFIER,
    ExtensionOID.CRL_NUMBER,
    ExtensionOID.DELTA_CRL_INDICATOR,
}
UNUSABLE: tuple[type[Exception], ...] = (InvalidSignature, *MALFORMED)
EXPIRED_CERTS_ON_CRL = x509.ObjectIdentifier("2.5.29.60")


class CrlUnreadableError(SigningError):
    """The bytes are not a certificate revocation list."""

    code = "signing.crl_unreadable"
    msgid = N_("The file is not a certificate revocation list that can be read.")


@dataclass(frozen=True)
class RevocationList:
    """One list: its exact DER, who issued it, and from when to when it is the newest word.

    `next_update` is None when the list does not say; such a list is never fresh.
    """

    der: bytes = field(repr=False)
    parsed: x509.CertificateRevocationList = field(compare=False, repr=False)
    issuer_der: bytes = field(repr=False)
    issuer_text: str
    this_update: datetime
    next_update: datetime | None

    @property
    def sha256(self) -> str:
        """Return the SHA-256 of the DER, lower-case hexadecimal."""
        return hashlib.sha256(self.der).hexdigest()


class Status(StrEnum):
    """What the lists say of a certificate at a moment."""

    GOOD = "good"
    REVOKED = "revoked"
    REVOKED_LATER = "revoked_later"
    NO_LIST = "no_list"
    STALE = "stale"
    UNUSABLE = "unusable"


@dataclass(frozen=True)
class CertificateStatus:
    """The status of one certificate, since when it is revoked, and the list that says so.

    For STALE, `source` is the newest list that there is.
    """

    status: Status
    certificate: Certificate
    revoked_at: datetime | None = None
    source: RevocationList | None = None


def load_crl(content: bytes) -> RevocationList:
    """Read a list from DER or PEM; raises CrlUnreadableError, or TooLargeError over 50 MB."""
    refuse_larger(content, MAX_CRL)
    try:
        der = der_of(content)
        parsed = x509.load_der_x509_crl(der)
        outline = asn1_crl.CertificateList.load(der, strict=True)
        issuer = outline["tbs_cert_list"]["issuer"]
        parsed.extensions  # noqa: B018 - a broken extension is found out here
        return RevocationList(
            der=der,
            parsed=parsed,
            issuer_der=exact_bytes(issuer),
            issuer_text=name_text(issuer),
            this_update=parsed.last_update_utc,
            next_update=parsed.next_update_utc,
        )
    except MALFORMED as error:
        raise CrlUnreadableError from error


def status_of(
    certificate: Certificate,
    issuer: Certificate,
    lists: Iterable[RevocationList],
    at: datetime,
    basis: TimeBasis,
    policy: AlgorithmPolicy,
) -> CertificateStatus:
    """Return what `lists` say of `certificate`, issued by `issuer`, at the moment `at`.

    For the present (`basis` NOW) a list must be current at `at`, and a certificate that is listed
    at all is revoked. For a past moment any later list serves too, as long as it was issued
    before the certificate expired (afterwards authorities drop it from their lists). A list that
    is stale still proves a revocation that cannot be taken back.
    """
    named = [entry for entry in lists if entry.issuer_der == certificate.issuer_der]
    usable = [entry for entry in named if _usable(entry, certificate, issuer, policy)]
    complete = sorted(
        (entry for entry in usable if not _is_delta(entry)),
        key=lambda entry: entry.this_update,
        reverse=True,
    )
    for entry in complete:
        if _is_current(entry, certificate, at, basis):
            status = _listed(entry, certificate, at, basis, held_counts=True)
            if status.status is not Status.GOOD:
                return status
            deltas = [other for other in usable if _is_delta(other)]
            return _revoked_in(deltas, certificate, at, basis) or status
    revoked = _revoked_in(usable, certificate, at, basis)
    if revoked is not None:
        return revoked
    if complete:
        return CertificateStatus(Status.STALE, certificate, source=complete[0])
    unknown = Status.UNUSABLE if named else Status.NO_LIST
    return CertificateStatus(unknown, certificate, source=next(iter(named), None))


def _revoked_in(
    lists: list[RevocationList], certificate: Certificate, at: datetime, basis: TimeBasis
) -> CertificateStatus | None:
    """Return the revocation for good that one of these lists proves, whatever else it lacks."""
    for entry in lists:
        status = _listed(entry, certificate, at, basis, held_counts=False)
        if status.status is Status.REVOKED:
            return status
    return None


def _is_delta(entry: RevocationList) -> bool:
    """Say whether the list has only changes; it can prove a revocation, never its absence."""
    return any(e.oid == ExtensionOID.DELTA_CRL_INDICATOR for e in entry.parsed.extensions)


def _is_current(
    entry: RevocationList, certificate: Certificate, at: datetime, basis: TimeBasis
) -> bool:
    if entry.next_update is None or at > entry.next_update:
        return False
    if basis is TimeBasis.NOW:
        return entry.this_update <= at
    return entry.this_update <= max(at, certificate.not_after) or _keeps_expired(entry, certificate)


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


def _listed(
    entry: RevocationList,
    certificate: Certificate,
    at: datetime,
    basis: TimeBasis,
    *,
    held_counts: bool,
) -> CertificateStatus:
    """Look the certificate up in one list; `held_counts` says whether a mere hold revokes it."""
    try:
        found = entry.parsed.get_revoked_certificate_by_serial_number(certificate.serial)
        since = None if found is None else _revoked_since(found)
        reason = None if found is None else _reason(found)
    except MALFORMED:
        return CertificateStatus(Status.UNUSABLE, certificate, source=entry)
    passing = reason in (x509.ReasonFlags.certificate_hold, x509.ReasonFlags.remove_from_crl)
    if since is None or (passing and not held_counts):
        return CertificateStatus(Status.GOOD, certificate, source=entry)
    if basis is not TimeBasis.NOW and since > at:
        return CertificateStatus(Status.REVOKED_LATER, certificate, since, entry)
    return CertificateStatus(Status.REVOKED, certificate, since, entry)


def _revoked_since(found: x509.RevokedCertificate) -> datetime:
    """Return when the revocation counts from: an earlier invalidity date moves it back."""
    since = found.revocation_date_utc
    try:
        invalid = found.extensions.get_extension_for_class(x509.InvalidityDate)
    except x509.ExtensionNotFound:
        return since
    return min(since, invalid.value.invalidity_date_utc)


def _reason(found: x509.RevokedCertificate) -> x509.ReasonFlags | None:
    try:
        return found.extensions.get_extension_for_class(x509.CRLReason).value.reason
    except x509.ExtensionNotFound:
        return None


def _usable(
    entry: RevocationList, certificate: Certificate, issuer: Certificate, policy: AlgorithmPolicy
) -> bool:
    """Say whether the list may speak of `certificate`: its issuer, signature, scope, algorithm."""
    if "crl_sign" not in (issuer.key_usage or ()) or issuer.subject_der != entry.issuer_der:
        return False
    try:
        return _scope_covers(entry, certificate) and _signature_holds(entry, issuer, policy)
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
    addresses = {str(name.value) for name in point.full_name}
    return bool(addresses & _distribution_addresses(certificate))


def _distribution_addresses(certificate: Certificate) -> set[str]:
    points = certificate.parsed.crl_distribution_points_value or ()
    return {
        str(name.native)
        for point in points
        if point["distribution_point"].name == "full_name"
        for name in point["distribution_point"].chosen
    }


def _signature_holds(entry: RevocationList, issuer: Certificate, policy: AlgorithmPolicy) -> bool:
    """Verify the list with its issuer's key; raises InvalidSignature when it is not right."""
    outline = asn1_crl.CertificateList.load(entry.der)
    algorithm = outline["signature_algorithm"]
    inner = outline["tbs_cert_list"]["signature"]
    if policy.signature(algorithm) is not Standing.ALLOWED or inner.dump() != algorithm.dump():
        return False
    scheme = read_scheme(algorithm)
    if scheme is None:
        return False
    scheme.verify(issuer.public_key_der, entry.parsed.signature, entry.parsed.tbs_certlist_bytes)
    return True
