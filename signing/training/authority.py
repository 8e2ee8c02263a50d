"""A training public-key infrastructure, made once for each installation.

root → issuing authority → people. Whatever it signs says «УЧЕБНЫЙ» in its bytes: the names of
both authorities, the unit (OU) of each subject and the text of the certificate policy (RFC 5280,
4.2.1.4). Its signatures practise a kind of signature; they have no legal force. Keys are random,
the clock is the caller's.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    pkcs12,
)

from signing.certificates import Certificate, load_certificate
from signing.containers.pkcs12 import make_container
from signing.errors import SigningError
from signing.gost.encoding import write_private_key
from signing.gost.keys import PrivateKey as GostKey
from signing.keys import PrivateKey, SigningKey, scheme_for
from signing.training.certificates import (
    STANDS_FOR,
    KeyAlgorithm,
    begin_certificate,
    for_authority,
    for_person,
    for_timestamps,
    issued_by,
    key_used,
    new_key,
    policies,
)
from signing.training.gost import signed, signed_list
from signing.training.subjects import (
    TRAINING_WORD,
    SubjectFacts,
    authority_name,
    subject_name,
)
from signing.verdicts import SignatureKind, refuse_naive
from signing.words import N_


class TrainingCaError(SigningError):
    """The training authority cannot do what was asked."""

    code = "training_ca.error"
    msgid = N_("The training certification authority cannot do this.")


class NotItsCertificateError(TrainingCaError):
    """The serial number is not one that this authority gave."""

    code = "training_ca.unknown_serial"
    msgid = N_("The training authority has not issued a certificate with number {serial}.")


class AlreadyRevokedError(TrainingCaError):
    """A revocation is never changed."""

    code = "training_ca.already_revoked"
    msgid = N_("The certificate {serial} has been revoked already.")


class KindStoodForError(TrainingCaError):
    """A training anchor stands in for the advanced or the qualified kind."""

    code = "training_ca.kind"
    msgid = N_("A training authority stands in for advanced or qualified signatures only.")


@dataclass(frozen=True)
class Authority:
    """A key that signs certificates, with its own certificate."""

    key: PrivateKey
    certificate: x509.Certificate

    @property
    def certificate_der(self) -> bytes:
        """Return the certificate in DER."""
        return self.certificate.public_bytes(Encoding.DER)


@dataclass(frozen=True)
class Issued:
    """A person's key and certificate; `chain` leads from the issuing authority to the root."""

    key: PrivateKey
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...]

    @property
    def certificate_der(self) -> bytes:
        """Return the certificate in DER."""
        return self.certificate.public_bytes(Encoding.DER)

    def pkcs12(self, password: str, label: str = TRAINING_WORD) -> bytes:
        """Return key, certificate and the issuing authority's certificate as a PKCS#12 file.

        PBES2 with AES-256 and an HMAC-SHA-256 (RFC 8018): what OpenSSL 3 reads by default, with
        its gost engine if the key is a GOST one.
        """
        if isinstance(self.key, GostKey):
            enclosed = (self.certificate, *self.chain[:-1])
            ders = tuple(each.public_bytes(Encoding.DER) for each in enclosed)
            return make_container(write_private_key(self.key), ders, password, label)
        return pkcs12.serialize_key_and_certificates(
            label.encode(),
            self.key,
            self.certificate,
            self.chain[:-1],
            BestAvailableEncryption(password.encode()),
        )

    def signing_key(self) -> SigningKey:
        """Return the key as signatures are made with it here."""
        own, *others = map(_loaded, (self.certificate, *self.chain[:-1]))
        return SigningKey(own, tuple(others), scheme_for(self.key), self.key)


@dataclass(frozen=True)
class Revocation:
    """A certificate that is not valid from `at` on."""

    serial: int
    at: datetime
    reason: x509.ReasonFlags


class TrainingCA:
    """The authority with what it remembers: numbers given, revocations, numbers of its lists.

    Store it again (`to_bytes`) after `issue`, `revoke`, `crl` and `root_crl`: the number of a
    revocation list must never go back (RFC 5280, 5.2.3).
    """

    def __init__(
        self,
        kind_stood_for: SignatureKind,
        root: Authority,
        issuing: Authority,
        *,
        issued: set[int] | None = None,
        revocations: dict[int, Revocation] | None = None,
        last_crl_number: int = 0,
        new_serial: Callable[[], int] = x509.random_serial_number,
    ) -> None:
        if kind_stood_for not in STANDS_FOR:
            raise KindStoodForError
        self.kind_stood_for = kind_stood_for
        self.root = root
        self.issuing = issuing
        self.issued = issued or set()
        self.revocations = revocations or {}
        self.last_crl_number = last_crl_number
        self._new_serial = new_serial

    @classmethod
    def create(
        cls,
        now: datetime,
        valid_years: int,
        kind_stood_for: SignatureKind,
        *,
        valid_from: datetime | None = None,
        new_serial: Callable[[], int] = x509.random_serial_number,
        algorithm: KeyAlgorithm = KeyAlgorithm.ECDSA_P256,
    ) -> TrainingCA:
        """Make root and issuing authority with new keys of the given kind.

        They are valid from `valid_from` (a year before `now` by default, so that expired
        examples fit in) until `valid_years` × 365 days after `now`. Raises KindStoodForError
        unless the kind is ADVANCED or QUALIFIED, ValueError for times that are not in UTC.
        """
        if kind_stood_for not in STANDS_FOR:
            raise KindStoodForError
        first = valid_from or now - timedelta(days=365)
        period = (first, now + timedelta(days=365 * valid_years))
        mark = f"{x509.random_serial_number():040x}"[-6:].upper()
        unit = f"{TRAINING_WORD}: {STANDS_FOR[kind_stood_for]}"
        root_key, issuing_key = (new_key(algorithm) for _ in range(2))
        root_name = authority_name(f"{TRAINING_WORD} корневой УЦ {mark}", unit)
        issuing_name = authority_name(f"{TRAINING_WORD} УЦ {mark}", unit)
        anchor = begin_certificate(root_name, root_name, root_key, period, new_serial())
        anchor = for_authority(anchor, root_key, path_length=1)
        below = begin_certificate(issuing_name, root_name, issuing_key, period, new_serial())
        below = for_authority(below, root_key, path_length=0)
        below = below.add_extension(policies(kind_stood_for), critical=False)
        root = Authority(root_key, signed(anchor, root_key, root_key))
        issuing = Authority(issuing_key, signed(below, issuing_key, root_key))
        return cls(kind_stood_for, root, issuing, new_serial=new_serial)

    @property
    def chain(self) -> tuple[x509.Certificate, x509.Certificate]:
        """Return the certificates of the issuing authority and of the root, in this order."""
        return self.issuing.certificate, self.root.certificate

    def issue(
        self,
        facts: SubjectFacts,
        not_before: datetime,
        not_after: datetime,
        algorithm: KeyAlgorithm = KeyAlgorithm.ECDSA_P256,
        *,
        key_used_until: datetime | None = None,
    ) -> Issued:
        """Make a key and a certificate for `facts`, valid over both given moments.

        `key_used_until` ends the use of the key before the certificate ends
        (privateKeyUsagePeriod). Raises ValueError for times that are not in UTC.
        """
        key = new_key(algorithm)
        serial = self._new_serial()
        issuer = self.issuing.certificate.subject
        period = (not_before, not_after)
        builder = begin_certificate(subject_name(facts), issuer, key, period, serial)
        builder = for_person(builder, self.issuing.key, self.kind_stood_for)
        if key_used_until is not None:
            usage = key_used(not_before, key_used_until)
            builder = builder.add_extension(usage, critical=False)
        certificate = signed(builder, key, self.issuing.key)
        self.issued.add(serial)
        return Issued(key, certificate, self.chain)

    def issue_for_timestamps(
        self,
        not_before: datetime,
        not_after: datetime,
        algorithm: KeyAlgorithm = KeyAlgorithm.ECDSA_P256,
    ) -> Issued:
        """Make a key and a certificate for an authority that gives training timestamps.

        Raises ValueError for times that are not in UTC.
        """
        key = new_key(algorithm)
        serial = self._new_serial()
        mark = f"{serial:040x}"[-6:].upper()
        unit = f"{TRAINING_WORD}: {STANDS_FOR[self.kind_stood_for]}"
        subject = authority_name(f"{TRAINING_WORD} сервер меток времени {mark}", unit)
        issuer = self.issuing.certificate.subject
        builder = begin_certificate(subject, issuer, key, (not_before, not_after), serial)
        builder = for_timestamps(builder, self.issuing.key, self.kind_stood_for)
        certificate = signed(builder, key, self.issuing.key)
        self.issued.add(serial)
        return Issued(key, certificate, self.chain)

    def revoke(self, serial: int, at: datetime, reason: x509.ReasonFlags) -> None:
        """Put the certificate on every list from `at` on.

        Raises NotItsCertificateError, AlreadyRevokedError.
        """
        refuse_naive(at)
        if serial not in self.issued:
            raise NotItsCertificateError(serial=f"{serial:X}")
        if serial in self.revocations:
            raise AlreadyRevokedError(serial=f"{serial:X}")
        self.revocations[serial] = Revocation(serial, at.replace(microsecond=0), reason)

    def crl(self, now: datetime, next_update: datetime) -> bytes:
        """Return the issuing authority's revocation list (DER) as of `now`, with the next number.

        It holds the certificates revoked at `now` or before.
        """
        revoked = [item for item in self.revocations.values() if item.at <= now]
        return self._revocation_list(self.issuing, revoked, now, next_update)

    def root_crl(self, now: datetime, next_update: datetime) -> bytes:
        """Return the root's list (DER): it says that the issuing authority is not revoked."""
        return self._revocation_list(self.root, [], now, next_update)

    def to_bytes(self, password: str) -> bytes:
        """Return the whole authority, keys included, encrypted under `password`."""
        from signing.training.vault import lock

        return lock(self, password)

    @classmethod
    def from_bytes(cls, locked: bytes, password: str) -> TrainingCA:
        """Read what `to_bytes` wrote; raises TrainingVaultError."""
        from signing.training.vault import unlock

        return unlock(locked, password)

    def _revocation_list(
        self, by: Authority, revoked: list[Revocation], now: datetime, next_update: datetime
    ) -> bytes:
        refuse_naive(now)
        refuse_naive(next_update)
        self.last_crl_number += 1
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(by.certificate.subject)
            .last_update(now)
            .next_update(next_update)
            .add_extension(issued_by(by.key), critical=False)
            .add_extension(x509.CRLNumber(self.last_crl_number), critical=False)
        )
        for item in revoked:
            builder = builder.add_revoked_certificate(_list_entry(item))
        return signed_list(builder, by.key)


def _loaded(certificate: x509.Certificate) -> Certificate:
    return load_certificate(certificate.public_bytes(Encoding.DER))


def _list_entry(item: Revocation) -> x509.RevokedCertificate:
    entry = x509.RevokedCertificateBuilder().serial_number(item.serial).revocation_date(item.at)
    # RFC 5280, 5.3.1: a reason that is not specified is left out.
    if item.reason is not x509.ReasonFlags.unspecified:
        entry = entry.add_extension(x509.CRLReason(item.reason), critical=False)
    return entry.build()
