"""Signatures inside a PDF: made in two steps, without a mark.

`prepare_pdf` writes the field and leaves room; `embed_cms` puts the CMS in, wherever its key is.
What it becomes is PAdES-B-B (ETSI EN 319 142-1), or a PDF signature with CMS (EN 319 142-2,
section 4) where the signer's program writes its time into the CMS. Reading is
`signing.pdf.signatures`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO

from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter, enumerate_sig_fields
from pyhanko.sign.signers.cms_embedder import (
    PdfCMSEmbedder,
    SigIOSetup,
    SigMDPSetup,
    SigObjSetup,
)
from pyhanko.sign.signers.pdf_byterange import PreparedByteRangeDigest, SignatureObject

from signing.errors import MALFORMED, SigningError
from signing.pdf.appending import AppendingWriter
from signing.pdf.signatures import open_pdf
from signing.verdicts import refuse_naive
from signing.words import N_

WITH_PADES = (1, 7)
"""The version of PDF that signatures of this kind extend (EN 319 142-1, 5.1)."""

ROOM = 16 * 1024
"""Bytes for the CMS with its chain and a timestamp, where we make it."""


class PdfNotPreparedError(SigningError):
    """No signature field can be added to this PDF."""

    code = "signing.pdf_not_prepared"
    msgid = N_("A signature cannot be added to this PDF file.")


class CmsTooLargeError(SigningError):
    """The CMS does not fit into the room that was left in the PDF."""

    code = "signing.cms_too_large"
    msgid = N_("The signature does not fit into the place prepared for it in the PDF file.")


@dataclass(frozen=True)
class PreparedPdf:
    """A PDF with an empty place for a signature.

    `content_digest` is the digest (of the kind asked for) over everything but the place, which
    runs from `start` to `end` (bytes, with its angle brackets).
    """

    pdf: bytes = field(repr=False)
    content_digest: bytes
    start: int
    end: int


def prepare_pdf(
    pdf: bytes,
    digest: str,
    signing_time: datetime,
    *,
    baseline: bool = True,
    room: int = ROOM,
) -> PreparedPdf:
    """Add an invisible signature field with `room` (bytes) for a CMS as an incremental update.

    `digest` is its name ("sha256"), `signing_time` (UTC) the signer's claim. A CMS that tells the
    time itself does not belong under the name of a `baseline` signature. Raises
    PdfUnreadableError, PdfEncryptedError, TooLargeError or PdfNotPreparedError.
    """
    refuse_naive(signing_time)
    open_pdf(pdf)
    subfilter = SigSeedSubFilter.PADES if baseline else SigSeedSubFilter.ADOBE_PKCS7_DETACHED
    placeholder = SignatureObject(
        timestamp=signing_time, subfilter=subfilter, bytes_reserved=2 * room
    )
    try:
        return _prepared(pdf, digest, placeholder)
    except MALFORMED as error:
        raise PdfNotPreparedError from error


def _prepared(pdf: bytes, digest: str, placeholder: SignatureObject) -> PreparedPdf:
    writer = AppendingWriter(pdf)
    writer.raise_version(WITH_PADES)  # here the signature answers for it
    name = free_field_name(writer, "Signature")
    steps = PdfCMSEmbedder(new_field_spec=SigFieldSpec(name)).write_cms(name, writer)
    next(steps)
    steps.send(SigObjSetup(placeholder, mdp_setup=SigMDPSetup(md_algorithm=digest)))
    place, output = steps.send(SigIOSetup(md_algorithm=digest))
    return PreparedPdf(
        pdf=output.getvalue(),
        content_digest=place.document_digest,
        start=place.reserved_region_start,
        end=place.reserved_region_end,
    )


def embed_cms(prepared: PreparedPdf, cms: bytes) -> bytes:
    """Return the signed PDF; raises CmsTooLargeError when the CMS (DER) does not fit."""
    return fill_place(prepared.pdf, prepared.start, prepared.end, cms)


def fill_place(pdf: bytes, start: int, end: int, cms: bytes) -> bytes:
    """Return the prepared PDF with the CMS (DER) in its place, which runs from `start` to `end`.

    Raises CmsTooLargeError when it does not fit.
    """
    if 2 * len(cms) > end - start - 2:
        raise CmsTooLargeError
    place = PreparedByteRangeDigest(b"", start, end)  # the digest is of no use any more
    output = BytesIO(pdf)
    place.fill_with_cms(output, cms)
    return output.getvalue()


def free_field_name(writer: AppendingWriter, stem: str) -> str:
    """Return the first of "Signature1", "Signature2"… (with this stem) that no field has yet."""
    taken = {name for name, _, _ in enumerate_sig_fields(writer)}
    number = 1
    while f"{stem}{number}" in taken:
        number += 1
    return f"{stem}{number}"
