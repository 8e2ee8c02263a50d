"""Signing with a key at hand, in one step."""

from __future__ import annotations

from datetime import datetime

from signing.cades import complete_cms, prepare_cms
from signing.digests import digest
from signing.errors import SigningError, refuse_larger
from signing.keys import SigningKey
from signing.pades import embed_cms, prepare_pdf
from signing.pdf_signatures import MAX_PDF
from signing.verdicts import refuse_naive
from signing.words import N_


class CertificateNotValidNowError(SigningError):
    """The certificate has expired or is not valid yet, so nothing is signed with it."""

    code = "signing.certificate_not_valid_now"
    msgid = N_("Nothing was signed: the certificate is valid from {since} to {until} only.")


def sign_detached(content: bytes, key: SigningKey, now: datetime) -> bytes:
    """Return the DER of a detached CAdES-BES signature over `content`, claimed at `now` (UTC).

    Raises CertificateNotValidNowError, or TooLargeError over 50 MB.
    """
    refuse_larger(content, MAX_PDF)
    _require_valid(key, now)
    content_digest = digest(key.scheme.digest, content)
    prepared = prepare_cms(content_digest, key.certificate, key.scheme, signing_time=now)
    return complete_cms(prepared, key.sign(prepared.to_sign), key.chain)


def sign_pdf(pdf: bytes, key: SigningKey, now: datetime) -> bytes:
    """Return `pdf` with an invisible PAdES-B-B signature, claimed at `now` (UTC).

    Raises CertificateNotValidNowError and whatever `prepare_pdf` and `embed_cms` raise.
    """
    _require_valid(key, now)
    place = prepare_pdf(pdf, key.scheme.digest, now)
    prepared = prepare_cms(place.content_digest, key.certificate, key.scheme, signing_time=None)
    return embed_cms(place, complete_cms(prepared, key.sign(prepared.to_sign), key.chain))


def _require_valid(key: SigningKey, now: datetime) -> None:
    refuse_naive(now)
    since, until = key.certificate.not_before, key.certificate.not_after
    if not since <= now <= until:
        raise CertificateNotValidNowError(since=f"{since:%d.%m.%Y}", until=f"{until:%d.%m.%Y}")
