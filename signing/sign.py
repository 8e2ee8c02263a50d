"""Signing with a key at hand, in one step."""

from __future__ import annotations

from datetime import datetime

from signing.cades import PreparedCms, complete_cms, prepare_cms
from signing.digests import digest
from signing.errors import SigningError, refuse_larger
from signing.keys import KeyAtHand
from signing.pdf.pades import embed_cms, prepare_pdf
from signing.pdf.signatures import MAX_PDF
from signing.timestamps.client import TimestampAuthority
from signing.timestamps.stamping import stamp_cms
from signing.verdicts import refuse_naive
from signing.words import N_


class CertificateNotValidNowError(SigningError):
    """The certificate has expired or is not valid yet, so nothing is signed with it."""

    code = "signing.certificate_not_valid_now"
    msgid = N_("Nothing was signed: the certificate is valid from {since} to {until} only.")


def sign_detached(
    content: bytes,
    key: KeyAtHand,
    now: datetime,
    stamped_by: TimestampAuthority | None = None,
) -> bytes:
    """Return the DER of a detached CAdES-BES signature over `content`, claimed at `now` (UTC).

    With a timestamp of `stamped_by` it is CAdES-T. Raises CertificateNotValidNowError,
    TooLargeError over 50 MB, and what `stamp_cms` raises: then there is no signature.
    """
    refuse_larger(content, MAX_PDF)
    _require_valid(key, now)
    content_digest = digest(key.scheme.digest, content)
    prepared = prepare_cms(content_digest, key.certificate, key.scheme, signing_time=now)
    return _completed(prepared, key, stamped_by)


def sign_pdf(
    pdf: bytes, key: KeyAtHand, now: datetime, stamped_by: TimestampAuthority | None = None
) -> bytes:
    """Return `pdf` with an invisible PAdES-B-B signature, claimed at `now` (UTC).

    With a timestamp of `stamped_by` it is PAdES-B-T. Raises CertificateNotValidNowError and
    whatever `prepare_pdf`, `embed_cms` and `stamp_cms` raise: then there is no signature.
    """
    _require_valid(key, now)
    place = prepare_pdf(pdf, key.scheme.digest, now)
    prepared = prepare_cms(place.content_digest, key.certificate, key.scheme, signing_time=None)
    return embed_cms(place, _completed(prepared, key, stamped_by))


def _completed(
    prepared: PreparedCms, key: KeyAtHand, stamped_by: TimestampAuthority | None
) -> bytes:
    signed = complete_cms(prepared, key.sign(prepared.to_sign), key.chain)
    return signed if stamped_by is None else stamp_cms(signed, stamped_by)


def _require_valid(key: KeyAtHand, now: datetime) -> None:
    refuse_naive(now)
    since, until = key.certificate.not_before, key.certificate.not_after
    if not since <= now <= until:
        raise CertificateNotValidNowError(since=f"{since:%d.%m.%Y}", until=f"{until:%d.%m.%Y}")
