"""Certificates: read from DER or PEM, and what a Russian one says of its owner.

Names of identifiers follow the order of the FSB № 795 on the form of qualified certificates.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache

from asn1crypto import core, pem, x509

from signing.asn1 import der_of, exact_bytes, keep_exact
from signing.errors import MALFORMED, MEGABYTE, SigningError, refuse_larger
from signing.gost.curves import curve_by_oid
from signing.gost.errors import UnknownParametersError
from signing.gost.keys import KeyAlgorithm
from signing.verdicts import CertificateFacts
from signing.words import N_, harmless

MAX_CERTIFICATE = MEGABYTE // 4
#: Larger ones are no everyday certificates; they are not kept in memory.
MAX_KEPT = 16 * 1024
MAX_BUNDLE = 8 * MEGABYTE

SURNAME = "2.5.4.4"
GIVEN_NAME = "2.5.4.42"
COMMON_NAME = "2.5.4.3"
TITLE = "2.5.4.12"
ORGANISATION = "2.5.4.10"
OGRN = "1.2.643.100.1"
SNILS = "1.2.643.100.3"
INN_LE = "1.2.643.100.4"
INN = "1.2.643.3.131.1.1"

TOUCHED = (
    "critical_extensions",
    "key_identifier",
    "authority_key_identifier",
    "key_usage_value",
    "basic_constraints_value",
    "extended_key_usage_value",
    "ca",
    "max_path_length",
    "signature",
)
PRIVATE_KEY_USAGE_PERIOD = "2.5.29.16"
GOST_KEYS = frozenset(kind.value for kind in KeyAlgorithm)


class CertificateUnreadableError(SigningError):
    """The bytes are not one whole X.509 certificate."""

    code = "signing.certificate_unreadable"
    msgid = N_("The file is not a certificate that can be read.")


@dataclass(frozen=True)
class Certificate:
    """One certificate: its exact DER, and the same parsed. Two are equal when their DER is."""

    der: bytes
    parsed: x509.Certificate = field(compare=False, repr=False)

    @property
    def fingerprint(self) -> str:
        """Return the SHA-256 of the DER, lower-case hexadecimal."""
        return hashlib.sha256(self.der).hexdigest()

    @property
    def pem(self) -> bytes:
        """Return the PEM form."""
        return bytes(pem.armor("CERTIFICATE", self.der))

    @property
    def serial(self) -> int:
        """Return the serial number."""
        return int(self.parsed.serial_number)

    @property
    def not_before(self) -> datetime:
        """Return the first second of validity, UTC."""
        return _utc(self.parsed["tbs_certificate"]["validity"]["not_before"].native)

    @property
    def not_after(self) -> datetime:
        """Return the last second of validity, UTC."""
        return _utc(self.parsed["tbs_certificate"]["validity"]["not_after"].native)

    @property
    def public_key_der(self) -> bytes:
        """Return the SubjectPublicKeyInfo as it stands in the certificate."""
        return bytes(self.parsed.public_key.dump())  # kept exact since it was read

    @property
    def subject_der(self) -> bytes:
        """Return the subject name as it stands in the certificate."""
        return exact_bytes(self.parsed.subject)

    @property
    def issuer_der(self) -> bytes:
        """Return the issuer name as it stands in the certificate."""
        return exact_bytes(self.parsed.issuer)

    @property
    def subject_text(self) -> str:
        """Return a person's surname and given names; otherwise as `name_text`."""
        person = (subject_value(self, SURNAME), subject_value(self, GIVEN_NAME))
        return " ".join(filter(None, person)) or name_text(self.parsed.subject)

    @property
    def issuer_text(self) -> str:
        """Return the issuer's name as `name_text`."""
        return name_text(self.parsed.issuer)

    @property
    def key_usage(self) -> frozenset[str] | None:
        """Return the names of the permitted uses, None when the certificate gives none."""
        value = self.parsed.key_usage_value
        return None if value is None else frozenset(value.native)

    @property
    def key_description(self) -> str:
        """Return the algorithm of the key and its size or curve: "rsa 2048", "ec secp256r1".

        Keys of GOST R 34.10 have a parameter set: "gost2012_256 CryptoPro-A".
        """
        key = self.parsed.public_key
        algorithm = key["algorithm"]["algorithm"]
        if algorithm.native in ("rsa", "rsassa_pss"):
            return f"{algorithm.native} {key.bit_size}"
        if algorithm.native == "ec":
            kind, curve = key.curve
            return f"ec {curve if kind == 'named' else kind}"
        if algorithm.dotted in GOST_KEYS:
            return f"{algorithm.native} {self._parameter_set()}"
        return str(algorithm.native)

    def _parameter_set(self) -> str:
        """Return the name of the curve of a GOST key, its identifier when it has none here."""
        named = self.parsed.public_key["algorithm"]["parameters"]["public_key_param_set"].dotted
        try:
            return curve_by_oid(named).name
        except UnknownParametersError:
            return str(named)

    def private_key_usage_period(self) -> tuple[datetime | None, datetime | None]:
        """Return the first and last moment at which the private key may sign (RFC 3280, 4.2.1.4).

        None where the certificate sets no bound; raises ValueError when the extension is broken.
        """
        for extension in self.parsed["tbs_certificate"]["extensions"]:
            if extension["extn_id"].dotted == PRIVATE_KEY_USAGE_PERIOD:
                period = _UsagePeriod.load(bytes(extension["extn_value"]), strict=True)
                return _optional_utc(period["not_before"]), _optional_utc(period["not_after"])
        return None, None


class _UsagePeriod(core.Sequence):  # type: ignore[misc]  # asn1crypto publishes no types
    _fields = [  # noqa: RUF012 - asn1crypto's own way to declare a structure
        ("not_before", core.GeneralizedTime, {"implicit": 0, "optional": True}),
        ("not_after", core.GeneralizedTime, {"implicit": 1, "optional": True}),
    ]


def load_certificate(content: bytes) -> Certificate:
    """Read one certificate from DER or PEM.

    Raises CertificateUnreadableError, or TooLargeError over 256 KB.
    """
    refuse_larger(content, MAX_CERTIFICATE)
    try:
        der = bytes(der_of(content))
        return _kept(der) if len(der) <= MAX_KEPT else _parsed(der)
    except MALFORMED as error:
        raise CertificateUnreadableError from error


@lru_cache(maxsize=512)
def _kept(der: bytes) -> Certificate:
    """The same certificates come with every signature: each is taken apart once."""
    return _parsed(der)


def load_bundle(content: bytes) -> tuple[Certificate, ...]:
    """Read every certificate of a PEM file (or the one of a DER file), in its order.

    Raises CertificateUnreadableError when one of them cannot be read or there is none.
    """
    refuse_larger(content, MAX_BUNDLE)
    if not pem.detect(content):
        return (load_certificate(content),)
    try:
        ders = [der for kind, _, der in pem.unarmor(content, multiple=True)]
        return tuple(_parsed(bytes(der)) for der in ders)
    except MALFORMED as error:
        raise CertificateUnreadableError from error


def certificate_facts(certificate: Certificate, *, training: bool) -> CertificateFacts:
    """Return what the certificate says, for the report; raises CertificateUnreadableError."""
    try:
        return _facts(certificate, training)
    except MALFORMED as error:
        raise CertificateUnreadableError from error


def subject_value(certificate: Certificate, oid: str) -> str:
    """Return the text of one attribute of the subject, "" when it is not there.

    Several different values are joined with "; ", so that none of them alone can match.
    """
    texts = [
        text
        for name in certificate.parsed.subject.chosen
        for attribute in name
        if attribute["type"].dotted == oid
        for text in [_text(attribute)]
        if text
    ]
    return "; ".join(dict.fromkeys(texts))


def _facts(certificate: Certificate, training: bool) -> CertificateFacts:
    inn, inn_le = subject_value(certificate, INN), subject_value(certificate, INN_LE)
    entity = subject_value(certificate, OGRN) or subject_value(certificate, ORGANISATION)
    # How older profiles write a legal entity's INN; a person's own certificate has none.
    if entity and len(inn) == 12 and inn.startswith("00"):
        inn, inn_le = "", inn_le or inn[2:]
    return CertificateFacts(
        serial=f"{certificate.serial:X}",
        surname=subject_value(certificate, SURNAME),
        given_name=subject_value(certificate, GIVEN_NAME),
        common_name=subject_value(certificate, COMMON_NAME),
        title=subject_value(certificate, TITLE),
        organisation=subject_value(certificate, ORGANISATION),
        snils=subject_value(certificate, SNILS),
        inn=inn,
        ogrn=subject_value(certificate, OGRN),
        inn_le=inn_le,
        issuer=certificate.issuer_text,
        not_before=certificate.not_before,
        not_after=certificate.not_after,
        fingerprint=certificate.fingerprint,
        key_algorithm=certificate.key_description,
        training=training,
    )


def _parsed(der: bytes) -> Certificate:
    parsed = x509.Certificate.load(der, strict=True)
    tbs = parsed["tbs_certificate"]
    for value in (parsed, tbs, tbs["subject_public_key_info"]):
        keep_exact(value)
    for name in (tbs["subject"], tbs["issuer"]):
        _make_comparable(name)
    certificate = Certificate(der, parsed)
    _touch(certificate)
    return certificate


def _touch(certificate: Certificate) -> None:
    """Parse now what is used later, so that a broken certificate is found out here."""
    _facts(certificate, training=False)
    extensions = [
        extension["extn_id"].dotted
        for extension in certificate.parsed["tbs_certificate"]["extensions"]
    ]
    if len(set(extensions)) != len(extensions):
        raise ValueError("an extension stands twice (RFC 5280, 4.2)")
    for name in TOUCHED:
        value = getattr(certificate.parsed, name)
        if isinstance(value, core.Asn1Value):
            value.native  # noqa: B018 - parsed on access
    certificate.parsed["signature_algorithm"].native  # noqa: B018
    certificate.private_key_usage_period()


def name_text(name: x509.Name) -> str:
    """Return the common name or organisation in a name, or all its texts."""
    texts = {
        attribute["type"].dotted: _text(attribute) for part in name.chosen for attribute in part
    }
    return texts.get(COMMON_NAME) or texts.get(ORGANISATION) or "; ".join(texts.values())


def _text(attribute: x509.NameTypeAndValue) -> str:
    """Return the text of a name's attribute; in a real one it may be a SEQUENCE or anything."""
    try:
        native = attribute["value"].native
    except MALFORMED:
        return ""
    return harmless(native) if isinstance(native, str) else ""


def _make_comparable(name: x509.Name) -> None:
    """Let asn1crypto compare a name that holds values which are not texts, by their bytes."""
    for part in name.chosen:
        for attribute in part:
            try:
                attribute.prepped_value  # noqa: B018 - computed and kept on access
            except MALFORMED:
                attribute._prepped = exact_bytes(attribute).hex()


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)


def _optional_utc(value: core.Asn1Value) -> datetime | None:
    native = value.native
    return None if native is None else _utc(native)
