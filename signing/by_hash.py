"""What a signer's own program needs to sign by hash: the digest of its key, and who owns it.

The key stays with its owner. The certificate is chosen first, because its key decides the digest.
Of a signature inside a PDF the digest is that of the prepared file, which is completed later with
what the signer's program returns.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from asn1crypto import keys

from signing.asn1 import der_of
from signing.ber import definite
from signing.cades import UNREADABLE, CmsUnreadableError, parse_cms
from signing.certificates import Certificate, certificate_facts
from signing.digests import digest
from signing.errors import SigningError, refuse_larger
from signing.expectation import Expectation, check_owner
from signing.gost.asn1 import DIGEST_NAMES, KEY_NAMES
from signing.gost.keys import KeyAlgorithm
from signing.keys import CURVE_DIGESTS, KeyNotAllowedError
from signing.pdf.pades import PreparedPdf, fill_place, prepare_pdf
from signing.pdf.signatures import MAX_PDF
from signing.policy import DEFAULT_POLICY, AlgorithmPolicy, Standing
from signing.verdicts import Outcome, refuse_naive
from signing.words import N_

ROOM = 32 * 1024
"""Bytes in a PDF for a CMS of somebody else's program: a long chain, and a timestamp."""
SIGNING_USES = frozenset({"digital_signature", "non_repudiation"})


class NotForSignaturesError(SigningError):
    """The key of the certificate serves other purposes, such as decryption."""

    code = "signing.not_for_signatures"
    msgid = N_("The certificate is not meant for signatures.")


class NotYetValidError(SigningError):
    """The certificate begins later."""

    code = "signing.not_yet_valid"
    msgid = N_("The certificate is valid from {since} only.")


class OverError(SigningError):
    """The certificate has ended."""

    code = "signing.expired_certificate"
    msgid = N_("The certificate ended on {until}.")


class OtherOwnerError(SigningError):
    """The certificate names somebody else than the person who is to sign."""

    code = "signing.other_owner"
    msgid = N_("The certificate belongs to another person: {owner}.")


def digest_for(certificate: Certificate, policy: AlgorithmPolicy = DEFAULT_POLICY) -> str:
    """Return the name of the digest that a signature by the certificate's key takes.

    Names are those of `signing.digests`. Raises KeyNotAllowedError.
    """
    key = certificate.parsed.public_key
    name = _digest_of(key)
    if name is None or policy.key(key) is not Standing.ALLOWED:
        raise KeyNotAllowedError(key=certificate.key_description)
    return name


def _digest_of(key: keys.PublicKeyInfo) -> str | None:
    algorithm = key["algorithm"]["algorithm"]
    for kind in KeyAlgorithm:
        if algorithm.native == KEY_NAMES[kind] or algorithm.dotted == kind.value:
            return DIGEST_NAMES[kind.digest]
    if algorithm.native == "rsa":
        return "sha256"
    if algorithm.native == "ec":
        kind_of_curve, curve = key.curve
        return CURVE_DIGESTS.get(curve) if kind_of_curve == "named" else None
    return None


def digests_to_sign(certificate: Certificate, files: Sequence[bytes]) -> tuple[str, list[bytes]]:
    """Return the digest's name and the digest of each file.

    Raises KeyNotAllowedError, or TooLargeError over 50 MB.
    """
    name = digest_for(certificate)
    for file in files:
        refuse_larger(file, MAX_PDF)
    return name, [digest(name, file) for file in files]


def pdfs_to_sign(
    certificate: Certificate, files: Sequence[bytes], now: datetime
) -> tuple[str, list[PreparedPdf]]:
    """Return the digest's name and each PDF prepared for a signature inside it, with its digest.

    Programs that sign by hash write their time into the CMS, so the files name the signature
    adbe.pkcs7.detached (see `signing.pdf.pades`). Raises KeyNotAllowedError and whatever
    `prepare_pdf` raises.
    """
    name = digest_for(certificate)
    return name, [prepare_pdf(file, name, now, baseline=False, room=ROOM) for file in files]


def complete_pdf(pdf: bytes, start: int, end: int, cms: bytes) -> bytes:
    """Return a prepared PDF (see `PreparedPdf`) with the CMS (DER, BER, PEM) in its place.

    What the CMS signs is not looked at here. Raises what `parse_cms` raises, and CmsTooLargeError.
    """
    parse_cms(cms)
    try:
        der = definite(der_of(cms))
    except UNREADABLE as error:
        raise CmsUnreadableError from error
    return fill_place(pdf, start, end, der)


def refuse_unfit(certificate: Certificate, expected: Expectation, now: datetime) -> None:
    """Raise when the certificate cannot be the one that the expected person signs with now.

    Says nothing of chain and revocation: the finished signature is examined as any other.
    Raises KeyNotAllowedError, NotForSignaturesError, NotYetValidError, OverError, OtherOwnerError.
    """
    refuse_naive(now)
    digest_for(certificate)
    uses = certificate.key_usage
    if uses is None or not uses & SIGNING_USES:
        raise NotForSignaturesError
    if now < certificate.not_before:
        raise NotYetValidError(since=f"{certificate.not_before:%d.%m.%Y}")
    if now > certificate.not_after:
        raise OverError(until=f"{certificate.not_after:%d.%m.%Y}")
    facts = certificate_facts(certificate, training=False)
    if check_owner(facts, expected).outcome is Outcome.FAILED:
        raise OtherOwnerError(owner=facts.owner)
