"""Detached CAdES-BES signatures (ETSI EN 319 122-1): made in two steps, and taken apart.

`prepare_cms` says which bytes the key has to sign; the key may be anywhere. `complete_cms` puts
the signature value in. The same CMS, without the signing time, goes into a PDF.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from asn1crypto import cms, core, pem, tsp
from asn1crypto import x509 as asn1_x509

from signing.asn1 import der_of, exact_bytes, members_of, set_of
from signing.ber import definite
from signing.certificates import Certificate, CertificateUnreadableError, load_certificate
from signing.digests import digest
from signing.errors import MALFORMED, MEGABYTE, SigningError, refuse_larger
from signing.policy import DEFAULT_POLICY, GOST, Family, Scheme, read_scheme
from signing.revocation.enclosed import (
    REVOCATION_ARCHIVAL,
    REVOCATION_VALUES,
    Enclosed,
    read_enclosed,
)
from signing.timestamps.unjudged import MATERIAL, UNJUDGED
from signing.words import N_

MAX_CMS = 10 * MEGABYTE
NOTHING_ENCLOSED = Enclosed()
MAX_CERTIFICATES = 32
MAX_TOKENS = 16
MAX_SIGNERS = 20
TIMESTAMP_ATTRIBUTE = "1.2.840.113549.1.9.16.2.14"
CERTIFICATE_VALUES = "1.2.840.113549.1.9.16.2.23"
BINDING_DIGESTS = DEFAULT_POLICY.digests | {"gost94"}
"""The digests that may name a certificate: GOST R 34.11-94 too, so that old files are verified."""
UNREADABLE: tuple[type[Exception], ...] = (CertificateUnreadableError, *MALFORMED)


class CmsUnreadableError(SigningError):
    """The bytes are not a CMS SignedData."""

    code = "signing.cms_unreadable"
    msgid = N_("The file is not an electronic signature that can be read.")


class CoSignedError(SigningError):
    """The CMS holds none or several signatures where one is wanted."""

    code = "signing.co_signed"
    msgid = N_("The signature file holds {count} signatures. Give a file with one signature.")


class NoSignerError(SigningError):
    """The CMS holds no signature, as a file of certificates (`.p7b`) does."""

    code = "signing.no_signer"
    msgid = N_("The file holds certificates at most, and no signature.")


class TooManySignersError(SigningError):
    """The CMS holds more signatures than are looked through in reasonable time."""

    code = "signing.too_many_signers"
    msgid = N_("The signature file holds more than {most} signatures.")


class AttachedContentError(SigningError):
    """The CMS carries the document itself where a detached signature is wanted."""

    code = "signing.attached_content"
    msgid = N_("The signature file holds the document itself. Give a detached signature.")


@dataclass(frozen=True)
class PreparedCms:
    """A signature that waits for its value.

    `to_sign` is the DER of the signed attributes, whose digest (`scheme.digest`) the key signs.
    """

    certificate: Certificate
    scheme: Scheme
    to_sign: bytes


@dataclass(frozen=True)
class SignedCms:
    """One signature taken apart.

    `signed_attributes` is None when the CMS has none. `certificate` is the one that the signer is
    named by, None when it did not come along; `certificates` are all that came along. `scheme` is
    None when the algorithm is unknown here, and `scheme_conflict` when it contradicts the digest.
    """

    der: bytes = field(repr=False)
    certificate: Certificate | None
    certificates: tuple[Certificate, ...]
    digest: str
    scheme: Scheme | None
    scheme_conflict: bool
    signature_algorithm: str
    signature: bytes
    signed_attributes: bytes | None
    content_digest: bytes | None
    claimed_time: datetime | None
    bound_to: tuple[str, bytes] | None
    """The digest's name and the digest of the certificate in signing-certificate-v2."""
    tokens: tuple[bytes, ...] = field(default=(), repr=False)
    """The values of signature-time-stamp attributes (RFC 3161, appendix A), as they stand."""
    sid: cms.SignerIdentifier = field(default=None, compare=False, repr=False)
    """How the CMS names the signer's certificate, to be found elsewhere when it is left out."""
    kept: tuple[Certificate, ...] = field(default=(), repr=False)
    """What certificate-values hold (EN 319 122-1, 5.4.1), timestamps' authorities among them."""
    enclosed: Enclosed = NOTHING_ENCLOSED
    """Lists and answers about revocation that came along, trusted for nothing."""
    unjudged: frozenset[str] = frozenset()
    """The kinds of what it carries that is not judged (`signing.timestamps.unjudged`)."""


def prepare_cms(
    content_digest: bytes,
    certificate: Certificate,
    scheme: Scheme,
    *,
    signing_time: datetime | None,
    content_type: str = "data",
) -> PreparedCms:
    """Return the signed attributes over a content with this digest (`scheme.digest`).

    `signing_time` (UTC) is the signer's claim; None leaves it out, as PAdES demands.
    """
    attributes = [
        _attribute("content_type", content_type),
        _attribute("message_digest", content_digest),
        _attribute("signing_certificate_v2", _signing_certificate(certificate, scheme)),
    ]
    if signing_time is not None:
        moment = cms.Time({"utc_time": signing_time.astimezone(UTC)})
        attributes.append(_attribute("signing_time", moment))
    return PreparedCms(certificate, scheme, cms.CMSAttributes(attributes).dump())


def complete_cms(
    prepared: PreparedCms, signature: bytes, chain: Iterable[Certificate] = ()
) -> bytes:
    """Return the DER of the CMS with its signature value; `chain` are certificates to enclose."""
    signer = signer_info(prepared, signature)
    enclosed = dict.fromkeys((prepared.certificate, *chain))
    signed_data = cms.SignedData(
        {
            "version": "v1",
            "digest_algorithms": [signer["digest_algorithm"]],
            "encap_content_info": {"content_type": "data"},
            "certificates": [each.parsed for each in enclosed],
            "signer_infos": [signer],
        }
    )
    return bytes(cms.ContentInfo({"content_type": "signed_data", "content": signed_data}).dump())


def signer_info(prepared: PreparedCms, signature: bytes) -> cms.SignerInfo:
    """Return what a CMS holds of one signer, with the signature value."""
    return cms.SignerInfo(
        {
            "version": "v1",
            "sid": _signer_identifier(prepared.certificate),
            "digest_algorithm": {"algorithm": prepared.scheme.digest},
            "signed_attrs": cms.CMSAttributes.load(prepared.to_sign),
            "signature_algorithm": _algorithm(prepared.scheme),
            "signature": signature,
        }
    )


def to_pem(der: bytes) -> bytes:
    """Return the PEM form of a CMS."""
    return bytes(pem.armor("CMS", der))


@dataclass(frozen=True)
class CmsFile:
    """A signature file taken apart: the signers in their order.

    `content` is the document that the file carries, None when it is detached. `not_understood`
    counts (from 1) the signers that cannot be read beside others that can.
    """

    content: bytes | None = field(repr=False)
    signers: tuple[SignedCms, ...]
    not_understood: tuple[int, ...] = ()


def read_cms(content: bytes) -> CmsFile:
    """Take a signature file apart, detached or not, by one or several signers.

    DER, BER, PEM, and base64 without heading are read. Raises CmsUnreadableError (when no signer
    can be read, too), NoSignerError, TooManySignersError, or TooLargeError over 10 MB.
    """
    refuse_larger(content, MAX_CMS)
    try:
        der = definite(der_of(content))
        envelope = cms.ContentInfo.load(der, strict=True)
        if envelope["content_type"].native != "signed_data":
            raise CmsUnreadableError
        return _read(der, envelope["content"])
    except UNREADABLE as error:
        raise CmsUnreadableError from error


def parse_cms(content: bytes) -> SignedCms:
    """Take a detached signature by one signer apart.

    Raises what `read_cms` raises, CoSignedError for several signers, and AttachedContentError.
    """
    found = read_cms(content)
    count = len(found.signers) + len(found.not_understood)
    if count != 1:
        raise CoSignedError(count=count)
    if found.content is not None:
        raise AttachedContentError
    return found.signers[0]


def _read(der: bytes, signed_data: cms.SignedData) -> CmsFile:
    signers = signed_data["signer_infos"]
    if not len(signers):
        raise NoSignerError
    if len(signers) > MAX_SIGNERS:
        raise TooManySignersError(most=MAX_SIGNERS)
    encapsulated = signed_data["encap_content_info"]
    if encapsulated["content_type"].native != "data":
        raise CmsUnreadableError
    carried = encapsulated["content"]
    content = None if isinstance(carried, core.Void) else bytes(carried)
    read: list[SignedCms] = []
    strange: list[int] = []
    for number, signer in enumerate(signers, start=1):
        try:
            read.append(read_signer(der, signed_data, signer))
        except UNREADABLE:
            strange.append(number)
    if not read:
        raise CmsUnreadableError
    return CmsFile(content, tuple(read), tuple(strange))


def read_signer(
    der: bytes, signed_data: cms.SignedData, signer: cms.SignerInfo, content_type: str = "data"
) -> SignedCms:
    """Take the signature `signer` of `signed_data` apart; raises one of UNREADABLE.

    `der` is the whole CMS, `content_type` what the signed attributes must say was signed.
    """
    certificates = _enclosed(signed_data)
    signed_attributes = _raw_attributes(signer)  # first: reading a default makes asn1crypto encode
    attributes = _attributes_of(signer, content_type)
    bound_to = _bound_to(attributes)
    digest = str(signer["digest_algorithm"]["algorithm"].native)
    scheme, conflict = _scheme_of(signer, digest)
    kept, enclosed = _kept_by(signer), _enclosed_with(signed_data, signer)
    return SignedCms(
        der=der,
        certificate=_signer_certificate(signer["sid"], certificates, bound_to),
        certificates=certificates,
        digest=digest,
        scheme=scheme,
        scheme_conflict=conflict,
        signature_algorithm=str(signer["signature_algorithm"]["algorithm"].native),
        signature=bytes(signer["signature"].native),
        signed_attributes=signed_attributes,
        content_digest=_content_digest(attributes),
        claimed_time=_claimed_time(attributes),
        bound_to=bound_to,
        tokens=_tokens_of(signer),
        kept=kept.certificates,
        enclosed=enclosed,
        unjudged=_unjudged_in(signer, kept.understood and enclosed.understood),
        sid=signer["sid"],
    )


def _enclosed(signed_data: cms.SignedData) -> tuple[Certificate, ...]:
    choices = signed_data["certificates"]
    if isinstance(choices, core.Void):
        return ()
    if len(choices) > MAX_CERTIFICATES:
        raise ValueError("more certificates than a signature needs")
    plain = [choice.chosen for choice in choices if choice.name == "certificate"]
    return tuple(load_certificate(exact_bytes(certificate)) for certificate in plain)


def _attributes_of(signer: cms.SignerInfo, content_type: str) -> dict[str, core.Asn1Value]:
    """Return the signed attributes by name; an attribute has exactly one value and stands once."""
    attributes: dict[str, core.Asn1Value] = {}
    if isinstance(signer["signed_attrs"], core.Void):
        return attributes
    for attribute in signer["signed_attrs"]:
        name = attribute["type"].native
        if name in attributes or len(attribute["values"]) != 1:
            raise ValueError(f"the signed attribute {name} does not stand exactly once")
        attributes[name] = attribute["values"][0]
    if attributes["content_type"].native != content_type:
        raise ValueError(f"the signed content type is not {content_type}")
    return attributes


def _tokens_of(signer: cms.SignerInfo) -> tuple[bytes, ...]:
    """Return the timestamps over the signature value; what they hold is not looked at."""
    found = _values_of(signer, TIMESTAMP_ATTRIBUTE, MAX_TOKENS)
    if len(found) > MAX_TOKENS:
        raise ValueError("more timestamps than a signature needs")
    return tuple(found)


@dataclass(frozen=True)
class _Kept:
    certificates: tuple[Certificate, ...]
    understood: bool


def _kept_by(signer: cms.SignerInfo) -> _Kept:
    """Return the certificates in certificate-values; what cannot be read is of no use."""
    kept: dict[Certificate, None] = {}
    understood = True
    for values in _values_of(signer, CERTIFICATE_VALUES, 1):
        try:
            ders = members_of(core.Sequence.load(values).contents, MAX_CERTIFICATES)
            kept |= {load_certificate(der): None for der in ders[:MAX_CERTIFICATES]}
        except UNREADABLE:
            understood = False
    return _Kept(tuple(kept), understood)


def _enclosed_with(signed_data: cms.SignedData, signer: cms.SignerInfo) -> Enclosed:
    """Return the lists and answers that came along, wherever they stand."""
    archived = _values_of(signer, REVOCATION_ARCHIVAL, 1, "signed_attrs")
    return read_enclosed(signed_data, archived, _values_of(signer, REVOCATION_VALUES, 1))


def _unjudged_in(signer: cms.SignerInfo, understood: bool) -> frozenset[str]:
    attributes = signer["unsigned_attrs"]
    types = () if isinstance(attributes, core.Void) else (a["type"].dotted for a in attributes)
    found = {UNJUDGED[each] for each in types if each in UNJUDGED}
    return frozenset(found if understood else found | {MATERIAL})


def _values_of(
    signer: cms.SignerInfo, attribute_type: str, most: int, among: str = "unsigned_attrs"
) -> list[bytes]:
    """Return the values of an attribute as they stand, one over `most` at most."""
    if isinstance(signer[among], core.Void):
        return []
    found: list[bytes] = []
    for attribute in signer[among]:
        if attribute["type"].dotted == attribute_type and len(found) <= most:
            found += members_of(attribute["values"].contents, most)
    return found


def _raw_attributes(signer: cms.SignerInfo) -> bytes | None:
    attributes = signer["signed_attrs"]
    return None if isinstance(attributes, core.Void) else set_of(attributes.contents)


def _content_digest(attributes: dict[str, core.Asn1Value]) -> bytes | None:
    value = attributes.get("message_digest")
    return None if value is None else bytes(value.native)


def _claimed_time(attributes: dict[str, core.Asn1Value]) -> datetime | None:
    value = attributes.get("signing_time")
    return None if value is None else value.native.astimezone(UTC).replace(microsecond=0)


def _bound_to(attributes: dict[str, core.Asn1Value]) -> tuple[str, bytes] | None:
    """Return the digest of the signer's certificate: the first one named (RFC 5035, 3)."""
    value = attributes.get("signing_certificate_v2")
    if value is None:
        return None
    first = value["certs"][0]
    return str(first["hash_algorithm"]["algorithm"].native), bytes(first["cert_hash"].native)


def _scheme_of(signer: cms.SignerInfo, digest: str) -> tuple[Scheme | None, bool]:
    try:
        return read_scheme(signer["signature_algorithm"], digest), False
    except ValueError:
        return None, True


def _signer_certificate(
    sid: cms.SignerIdentifier,
    certificates: tuple[Certificate, ...],
    bound_to: tuple[str, bytes] | None,
) -> Certificate | None:
    """Return the enclosed certificate that the signer names, the bound one if several fit."""
    named = [certificate for certificate in certificates if is_named(sid, certificate)]
    bound = [certificate for certificate in named if is_bound(certificate, bound_to)]
    return next(iter(bound or named), None)


def is_named(sid: cms.SignerIdentifier, certificate: Certificate) -> bool:
    """Say whether `sid` names this certificate, by issuer and serial number or by its key."""
    if sid.name == "issuer_and_serial_number":
        same_issuer = exact_bytes(sid.chosen["issuer"]) == certificate.issuer_der
        return same_issuer and sid.chosen["serial_number"].native == certificate.serial
    return bool(sid.chosen.native == certificate.parsed.key_identifier)


def is_bound(certificate: Certificate, bound_to: tuple[str, bytes] | None) -> bool:
    """Say whether `bound_to` (digest name, digest) is the digest of this certificate."""
    if bound_to is None or bound_to[0] not in BINDING_DIGESTS:
        return False
    return digest(bound_to[0], certificate.der) == bound_to[1]


def _attribute(name: str, value: object) -> cms.CMSAttribute:
    return cms.CMSAttribute({"type": name, "values": [value]})


def _signing_certificate(certificate: Certificate, scheme: Scheme) -> tsp.SigningCertificateV2:
    digest_name = scheme.digest if scheme.family in GOST else "sha256"
    issuer = asn1_x509.GeneralName("directory_name", certificate.parsed.issuer)
    identifier = tsp.ESSCertIDv2(
        {
            "hash_algorithm": {"algorithm": digest_name},
            "cert_hash": digest(digest_name, certificate.der),
            "issuer_serial": {"issuer": [issuer], "serial_number": certificate.serial},
        }
    )
    return tsp.SigningCertificateV2({"certs": [identifier]})


def _signer_identifier(certificate: Certificate) -> cms.SignerIdentifier:
    return cms.SignerIdentifier(
        "issuer_and_serial_number",
        cms.IssuerAndSerialNumber(
            {"issuer": certificate.parsed.issuer, "serial_number": certificate.serial}
        ),
    )


def _algorithm(scheme: Scheme) -> cms.SignedDigestAlgorithm:
    if scheme.family is Family.RSA_PSS:
        raise ValueError("RSA-PSS is verified here, not made")
    if scheme.family in GOST:  # by the key alone, as CryptoPro and OpenSSL write it
        return cms.SignedDigestAlgorithm({"algorithm": str(scheme.family)})
    if scheme.family is Family.ECDSA:
        return cms.SignedDigestAlgorithm({"algorithm": f"{scheme.digest}_ecdsa"})
    return cms.SignedDigestAlgorithm(
        {"algorithm": f"{scheme.digest}_rsa", "parameters": core.Null()}
    )
