"""What a responder answers, made with `cryptography`, which the product does not read them with.

asn1crypto only dates it anew, because the day of a test is not today.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from asn1crypto import algos, core
from asn1crypto import ocsp as asn1_ocsp
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from tests.pki import DAY, NOON, Authority, Holder, PrivateKey

HOUR = timedelta(hours=1)
SIGNS_ANSWERS = (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.OCSP_SIGNING]), False)
NO_CHECK = (x509.OCSPNoCheck(), False)


def delegate(
    authority: Authority,
    *more: tuple[x509.ExtensionType, bool],
    usage: tuple[str, ...] | None = ("digital_signature",),
    not_before: datetime = NOON - 30 * DAY,
    not_after: datetime = NOON + 90 * DAY,
) -> Holder:
    """A certificate for answers, issued by `authority`."""
    return authority.person(
        {NameOID.COMMON_NAME: "Служба актуальных статусов"},
        more=more or (SIGNS_ANSWERS, NO_CHECK),
        usage=usage,
        not_before=not_before,
        not_after=not_after,
    )


@dataclass(frozen=True)
class Said:
    """What is answered about a certificate; the defaults say that it is good."""

    status: ocsp.OCSPCertStatus = ocsp.OCSPCertStatus.GOOD
    revoked_at: datetime | None = None
    reason: x509.ReasonFlags | None = None
    this_update: datetime = NOON - HOUR
    next_update: datetime | None = NOON + HOUR
    named_by: type[hashes.HashAlgorithm] = hashes.SHA1


GOOD = Said()
UNKNOWN = Said(ocsp.OCSPCertStatus.UNKNOWN)


def revoked(at: datetime, **more: object) -> Said:
    return Said(ocsp.OCSPCertStatus.REVOKED, at, **more)  # type: ignore[arg-type]  # fields of Said, by name


def answer(
    holder: Holder,
    issuer: Authority,
    said: Said = GOOD,
    *,
    by: Holder | None = None,
    enclosed: bool = True,
    by_name: bool = False,
    key: PrivateKey | None = None,
    nonce: bytes | None = None,
    produced_at: datetime = NOON,
) -> bytes:
    """The DER of an answer about `holder`, signed by `by` (a delegate) or the issuer itself."""
    responder = by or issuer.holder
    encoding = ocsp.OCSPResponderEncoding.NAME if by_name else ocsp.OCSPResponderEncoding.HASH
    builder = (
        ocsp.OCSPResponseBuilder()
        .add_response(
            holder.certificate,
            issuer.certificate,
            said.named_by(),
            said.status,
            said.this_update,
            said.next_update,
            said.revoked_at,
            said.reason,
        )
        .responder_id(encoding, responder.certificate)
    )
    if by is not None and enclosed:
        builder = builder.certificates([by.certificate])
    if nonce is not None:
        builder = builder.add_extension(x509.OCSPNonce(nonce), critical=False)
    made = builder.sign(responder.key, hashes.SHA256()).public_bytes(Encoding.DER)

    def date(basic: asn1_ocsp.BasicOCSPResponse) -> None:
        basic["tbs_response_data"]["produced_at"] = produced_at

    return signed_anew(made, key or responder.key, date)


def signed_anew(
    given: bytes,
    key: PrivateKey,
    change: Callable[[asn1_ocsp.BasicOCSPResponse], None],
    digest: type[hashes.HashAlgorithm] = hashes.SHA256,
) -> bytes:
    """The same answer with a change, signed again with a P-256 key."""
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    outer = asn1_ocsp.OCSPResponse.load(given)
    basic = outer["response_bytes"]["response"].parsed
    change(basic)
    signed = basic["tbs_response_data"].dump(force=True)
    algorithm = {"algorithm": f"{digest.name}_ecdsa"}
    basic["signature_algorithm"] = algos.SignedDigestAlgorithm(algorithm)
    basic["signature"] = key.sign(signed, ec.ECDSA(digest()))
    outer["response_bytes"]["response"] = core.ParsableOctetString(basic.dump(force=True))
    return bytes(outer.dump(force=True))
