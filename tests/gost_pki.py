"""A small public-key infrastructure with GOST R 34.10-2012 keys: authorities and signers.

Certificates are put together here by their fields (RFC 5280, RFC 9215); only the parts that have
nothing to do with GOST come from `cryptography`.
"""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from asn1crypto import algos, core, keys
from asn1crypto import crl as asn1_crl
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.x509.oid import NameOID

from signing.certificates import Certificate, load_certificate
from signing.gost.asn1 import WITH_DIGEST, register
from signing.gost.backend import backend, digest
from signing.gost.curves import TC26_256_A, TC26_512_A
from signing.gost.encoding import write_public_key
from signing.gost.keys import KeyAlgorithm, PrivateKey
from tests.pki import DAY, NOON, OGRN, YEAR, key_usage, subject

CURVES = {KeyAlgorithm.GOST_2012_256: TC26_256_A, KeyAlgorithm.GOST_2012_512: TC26_512_A}
_SERIALS = itertools.count(1000)

register()


def new_key(algorithm: KeyAlgorithm = KeyAlgorithm.GOST_2012_256) -> PrivateKey:
    """A random key."""
    return PrivateKey.generate(algorithm, CURVES[algorithm])


@dataclass(frozen=True)
class GostRequest:
    """What a certificate shall say; the defaults make a good one for signing."""

    values: Mapping[x509.ObjectIdentifier, str]
    key: PrivateKey
    not_before: datetime = NOON - 30 * DAY
    not_after: datetime = NOON + YEAR
    usage: tuple[str, ...] | None = ("digital_signature", "content_commitment")
    ca: bool = False


@dataclass(frozen=True)
class GostHolder:
    """A certificate with its private key; an authority issues others."""

    der: bytes
    key: PrivateKey
    values: Mapping[x509.ObjectIdentifier, str]

    @property
    def certificate(self) -> Certificate:
        return load_certificate(self.der)

    def sign(self, content: bytes) -> bytes:
        """The raw signature value over `content`."""
        return backend().sign(self.key, digest(self.key.algorithm.digest, content))

    def issue(self, request: GostRequest) -> GostHolder:
        """Issue what was requested."""
        der = _certificate(request, self.values, self.key)
        return GostHolder(der, request.key, request.values)

    def crl(
        self,
        *revoked: GostHolder,
        this_update: datetime = NOON - DAY,
        next_update: datetime = NOON + 7 * DAY,
    ) -> bytes:
        """The DER of a list that revokes these certificates since the day before it."""
        algorithm = algos.SignedDigestAlgorithm({"algorithm": WITH_DIGEST[self.key.algorithm]})
        fields = {
            "version": "v2",
            "signature": algorithm,
            "issuer": asn1_x509.Name.load(subject(self.values).public_bytes()),
            "this_update": _utc_time(this_update),
            "next_update": _utc_time(next_update),
            "crl_extensions": [{"extn_id": "crl_number", "extn_value": core.Integer(1)}],
        }
        if revoked:
            fields["revoked_certificates"] = [
                {
                    "user_certificate": each.certificate.serial,
                    "revocation_date": _utc_time(this_update - DAY),
                }
                for each in revoked
            ]
        signed = asn1_crl.TbsCertList(fields).dump()
        whole = asn1_crl.CertificateList(
            {
                "tbs_cert_list": asn1_crl.TbsCertList.load(signed),
                "signature_algorithm": algorithm,
                "signature": core.OctetBitString(self.sign(signed)),
            }
        )
        return bytes(whole.dump())

    def authority(self, name: str, ogrn: str = "1021600000001", **changes: object) -> GostHolder:
        """An authority below this one, of the organisation with the ОГРН."""
        return self.issue(authority_request(name, ogrn, **changes))

    def person(self, values: Mapping[x509.ObjectIdentifier, str], **changes: object) -> GostHolder:
        """Issue a certificate for signing."""
        return self.issue(replace(GostRequest(values, new_key()), **changes))  # type: ignore[arg-type]  # fields of GostRequest, by name


def root(name: str, **changes: object) -> GostHolder:
    """A self-signed authority, valid from ten years before NOON."""
    request = authority_request(name, **changes)
    return GostHolder(
        _certificate(request, request.values, request.key), request.key, request.values
    )


def authority_request(name: str, ogrn: str = "1021600000001", **changes: object) -> GostRequest:
    """What an authority's certificate says."""
    request = GostRequest(
        {NameOID.COMMON_NAME: name, NameOID.ORGANIZATION_NAME: name, OGRN: ogrn},
        new_key(),
        not_before=NOON - 10 * YEAR,
        not_after=NOON + 10 * YEAR,
        usage=("key_cert_sign", "crl_sign"),
        ca=True,
    )
    return replace(request, **changes)  # type: ignore[arg-type]  # fields of GostRequest, by name


def _certificate(
    request: GostRequest,
    issuer: Mapping[x509.ObjectIdentifier, str],
    issuer_key: PrivateKey,
) -> bytes:
    algorithm = algos.SignedDigestAlgorithm({"algorithm": WITH_DIGEST[issuer_key.algorithm]})
    tbs = asn1_x509.TbsCertificate(
        {
            "version": "v3",
            "serial_number": next(_SERIALS),
            "signature": algorithm,
            "issuer": asn1_x509.Name.load(subject(issuer).public_bytes()),
            "validity": {
                "not_before": asn1_x509.Time({"general_time": request.not_before}),
                "not_after": asn1_x509.Time({"general_time": request.not_after}),
            },
            "subject": asn1_x509.Name.load(subject(request.values).public_bytes()),
            "subject_public_key_info": keys.PublicKeyInfo.load(_public(request.key)),
            "extensions": [_extension(*each) for each in _extensions(request, issuer_key)],
        }
    ).dump()
    value = backend().sign(issuer_key, digest(issuer_key.algorithm.digest, tbs))
    whole = asn1_x509.Certificate(
        {
            "tbs_certificate": asn1_x509.TbsCertificate.load(tbs),
            "signature_algorithm": algorithm,
            "signature_value": core.OctetBitString(value),
        }
    )
    return bytes(whole.dump())


def _utc_time(moment: datetime) -> asn1_x509.Time:
    return asn1_x509.Time({"utc_time": moment})


def _extensions(
    request: GostRequest, issuer_key: PrivateKey
) -> list[tuple[x509.ExtensionType, bool]]:
    found: list[tuple[x509.ExtensionType, bool]] = [
        (x509.BasicConstraints(request.ca, None), True),
        (x509.SubjectKeyIdentifier(_identifier(request.key)), False),
        (x509.AuthorityKeyIdentifier(_identifier(issuer_key), None, None), False),
    ]
    if request.usage is not None:
        found.append((key_usage(request.usage), True))
    return found


def _extension(value: x509.ExtensionType, critical: bool) -> dict[str, object]:
    return {
        "extn_id": value.oid.dotted_string,
        "critical": critical,
        "extn_value": core.ParsableOctetString(value.public_bytes()),
    }


def _public(key: PrivateKey) -> bytes:
    return write_public_key(key.public_key())


def _identifier(key: PrivateKey) -> bytes:
    return hashlib.sha256(_public(key)).digest()[:20]
