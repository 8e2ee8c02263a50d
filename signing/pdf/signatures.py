"""Finding the signatures of a PDF, what each of them covers, and what came after it.

pyHanko reads the file and compares its revisions; what it would pass over (unknown kinds of
signatures, bytes outside every revision, gaps in a byte range) is looked for here.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from io import BytesIO
from typing import Any  # pyHanko's PDF objects have no better type

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.fields import enumerate_sig_fields
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import SignatureCoverageLevel

from signing import gost_pyhanko
from signing.asn1 import der_length
from signing.digests import digest_of_parts
from signing.errors import MALFORMED, MEGABYTE, SigningError, refuse_larger
from signing.pdf.changes import signatures_added, visible_since
from signing.pdf.extent import Extent
from signing.pdf.revisions import codes_since
from signing.pdf.store import NO_STORE, PdfStore, read_store
from signing.verdicts import NotUnderstood, Outcome
from signing.words import N_, harmless

MAX_PDF = 50 * MEGABYTE
MAX_SIGNATURES = 20
MAX_REVISIONS = 100
BASELINE, PLAIN_CMS = "/ETSI.CAdES.detached", "/adbe.pkcs7.detached"
SUBFILTERS = {
    "/Sig": (BASELINE, PLAIN_CMS),
    "/DocTimeStamp": ("/ETSI.RFC3161",),
}


class PdfUnreadableError(SigningError):
    """The bytes are not a PDF that can be read without guessing."""

    code = "signing.pdf_unreadable"
    msgid = N_("The file is not a PDF that can be read.")


class PdfEncryptedError(SigningError):
    """The PDF is protected by a password."""

    code = "signing.pdf_encrypted"
    msgid = N_("The PDF file is protected by a password.")


class TooManySignaturesError(SigningError):
    """The PDF has more signatures or revisions than are looked through in reasonable time."""

    code = "signing.too_many_signatures"
    msgid = N_("The PDF file has more than {signatures} signatures or {revisions} revisions.")


@dataclass(frozen=True)
class PdfIntegrity:
    """Whether the file is what this signature was put under: outcome, code and sentence."""

    outcome: Outcome
    code: str
    msgid: str


@dataclass(frozen=True)
class PdfSignature:
    """One signature of a PDF: its field, the CMS (DER), the bytes it covers, the claimed time.

    A document timestamp (ETSI EN 319 142-1, 5.4.3) has a token (RFC 3161) in the place of the CMS.
    `revision` counts the versions of the file; a signature covers its own and all before it.
    `subfilter` is the form that the file names (ISO 32000-1, 12.8.3.1).
    """

    field_name: str
    subfilter: str
    cms: bytes = field(repr=False)
    covered: tuple[memoryview, memoryview] = field(repr=False)
    claimed_time: datetime | None
    integrity: PdfIntegrity
    revision: int

    def content_digest(self, digest: str) -> bytes:
        """Return the digest over the covered bytes; ValueError for an unknown name."""
        return digest_of_parts(digest, self.covered)


@dataclass(frozen=True)
class PdfSignatures:
    """The signatures of a PDF in the order of signing, and what was not understood.

    Document timestamps stand apart, in their order. `kept` is what the file holds for validation.
    """

    signatures: tuple[PdfSignature, ...]
    not_understood: tuple[NotUnderstood, ...]
    timestamps: tuple[PdfSignature, ...] = ()
    kept: PdfStore = NO_STORE


INTACT = PdfIntegrity(
    Outcome.PASSED, "intact", N_("The signed bytes are complete; nothing was added after signing.")
)
SIGNED_LATER = PdfIntegrity(
    Outcome.PASSED,
    "signed_later",
    N_("The signed bytes are complete; after this signature only further signatures were added."),
)
NOT_COVERED = PdfIntegrity(
    Outcome.FAILED, "not_covered", N_("The signature does not cover the whole of its document.")
)
APPENDED = PdfIntegrity(
    Outcome.FAILED, "appended", N_("Bytes were added to the file after it was signed.")
)
CHANGED = PdfIntegrity(
    Outcome.FAILED, "changed_later", N_("The document was changed after it was signed.")
)
VISIBLE_LATER = PdfIntegrity(
    Outcome.NOT_MADE,
    "visible_added_later",
    N_("A later signature added something visible; compare the document by eye."),
)
LONG_TERM = PdfIntegrity(
    Outcome.NOT_MADE,
    "long_term_later",
    N_("Data for long-term keeping were added after signing; not all of them could be read."),
)
LONG_TERM_READ = PdfIntegrity(
    Outcome.PASSED,
    "long_term_later",
    N_("The signed bytes are complete; certificates and lists for long-term keeping were added."),
)
OTHER_LATER = PdfIntegrity(
    Outcome.NOT_MADE,
    "other_added_later",
    N_(
        "Something else than signatures and data for long-term keeping was added after signing; "
        "compare the document by eye."
    ),
)
KEEPING = frozenset({"revision_signature", "revision_long_term"})
"""What may come after the last signature (see `pdf_revisions`)."""


def open_pdf(pdf: bytes) -> PdfFileReader:
    """Open a PDF strictly; raises PdfUnreadableError, PdfEncryptedError or TooLargeError."""
    refuse_larger(pdf, MAX_PDF)
    gost_pyhanko.install()
    if not pdf.startswith(b"%PDF-"):
        raise PdfUnreadableError
    try:
        reader = PdfFileReader(BytesIO(pdf), strict=True)
        encrypted = reader.encrypted
        if not encrypted and not isinstance(reader.root, generic.DictionaryObject):
            raise PdfUnreadableError
    except MALFORMED as error:
        raise PdfUnreadableError from error
    if encrypted:
        raise PdfEncryptedError
    return reader


def read_signatures(pdf: bytes) -> PdfSignatures:
    """Find every signature of the PDF and judge what it covers.

    Raises PdfUnreadableError, PdfEncryptedError, TooManySignaturesError or TooLargeError. A
    signature that cannot be read is listed in `not_understood`, never left out.
    """
    reader = open_pdf(pdf)
    try:
        fields = list(enumerate_sig_fields(reader, filled_status=True))
        if len(fields) > MAX_SIGNATURES or reader.xrefs.total_revisions > MAX_REVISIONS:
            raise TooManySignaturesError(signatures=MAX_SIGNATURES, revisions=MAX_REVISIONS)
        return _read(pdf, reader, fields)
    except MALFORMED as error:
        raise PdfUnreadableError from error


def signed_pdf_extends(fixed: bytes, signed: bytes) -> bool:
    """Say whether `signed` is `fixed` with nothing but invisible signatures added to it.

    Beginning with the same bytes is not enough: an update may show something else and be signed
    as well. So the later revisions are compared with the fixed one. Raises PdfUnreadableError,
    PdfEncryptedError or TooLargeError when one of the files cannot be read.
    """
    before, after = open_pdf(fixed), open_pdf(signed)
    if len(signed) <= len(fixed) or not signed.startswith(fixed):
        return False
    try:
        last = before.xrefs.total_revisions - 1
        if not _continues(before, after, last, len(fixed)):
            return False
        return signatures_added(after, last) is not None and not visible_since(after, last)
    except MALFORMED as error:
        raise PdfUnreadableError from error


def _continues(before: PdfFileReader, after: PdfFileReader, last: int, length: int) -> bool:
    """Say whether the revisions of `after` build upon the last one of `before`."""
    return (
        after.xrefs.total_revisions - 1 > last
        and after.xrefs.get_xref_container_info(last).end_location <= length
        and after.xrefs.get_startxref_for_revision(last)
        == before.xrefs.get_startxref_for_revision(last)
    )


def _read(pdf: bytes, reader: PdfFileReader, fields: list[tuple[str, Any, Any]]) -> PdfSignatures:
    found: dict[str, list[PdfSignature]] = {kind: [] for kind in SUBFILTERS}
    strange: list[NotUnderstood] = []
    extent = Extent(pdf, reader)
    for name, _, reference in fields:
        try:
            embedded = _embedded(reader, reference, name)
            found[str(embedded.sig_object_type)].append(_signature(pdf, embedded, extent))
        except MALFORMED:
            strange.append(_field_not_understood(name))
    own = {value.get_object().container_ref for _, value, _ in fields}
    hidden = pdf.count(b"/ByteRange") - len(own)
    if hidden > 0:
        strange.append(
            NotUnderstood(
                "hidden_signature",
                N_("The file holds signature data that belong to no field ({count})."),
                {"count": hidden},
            )
        )
    kept = read_store(reader)
    by_kind = {
        kind: tuple(_with_store(each, kept) for each in sorted(some, key=lambda s: s.revision))
        for kind, some in found.items()
    }
    return PdfSignatures(by_kind["/Sig"], tuple(strange), by_kind["/DocTimeStamp"], kept)


def _with_store(signature: PdfSignature, kept: PdfStore) -> PdfSignature:
    """Return the signature, which what was added for long-term keeping leaves whole if it is."""
    if signature.integrity is LONG_TERM and kept.understood:
        return replace(signature, integrity=LONG_TERM_READ)
    return signature


def _field_not_understood(name: str) -> NotUnderstood:
    return NotUnderstood(
        "signature_field",
        N_("The signature in the field “{field}” is of a kind that is not understood."),
        {"field": harmless(name)},
    )


def _embedded(reader: PdfFileReader, reference: Any, name: str) -> EmbeddedPdfSignature:
    """Return pyHanko's view of the field; raises one of MALFORMED for an unknown kind."""
    sig_field = reference.get_object()
    assert isinstance(sig_field, generic.DictionaryObject)
    value = sig_field["/V"]
    if value.get("/SubFilter") not in SUBFILTERS.get(str(value.get("/Type", "/Sig")), ()):
        raise ValueError("not a kind of signature that is understood")
    named = sig_field.raw_get("/V")
    if isinstance(named, generic.IndirectObject) and named.reference != value.container_ref:
        raise ValueError("the signature is not the object that its field names")
    return EmbeddedPdfSignature(reader, sig_field, name)


def _signature(pdf: bytes, embedded: EmbeddedPdfSignature, extent: Extent) -> PdfSignature:
    contents = embedded.pkcs7_content
    length = der_length(contents)
    start, end, stop = _byte_range(embedded)
    hole = pdf[start:end]
    exact = (
        hole[:1] == b"<"
        and hole[-1:] == b">"
        and bytes.fromhex(hole[1:-1].decode("ascii")) == contents
        and len(hole) == 2 * len(contents) + 2
        and not any(contents[length:])
    )
    whole = memoryview(pdf)
    covered = (whole[:start], whole[end:stop])
    integrity = _integrity(pdf, embedded, stop, extent) if exact else NOT_COVERED
    return PdfSignature(
        harmless(str(embedded.field_name)),
        str(embedded.sig_object["/SubFilter"]),
        contents[:length],
        covered,
        _claimed_time(embedded),
        integrity,
        embedded.signed_revision,
    )


def _claimed_time(embedded: EmbeddedPdfSignature) -> datetime | None:
    """Return the time that the signer wrote into the PDF (/M), None when it is no whole time."""
    try:
        claimed = embedded.self_reported_timestamp
        return claimed and claimed.astimezone(UTC).replace(microsecond=0)
    except MALFORMED:
        return None


def _byte_range(embedded: EmbeddedPdfSignature) -> tuple[int, int, int]:
    """Return where the hole starts and ends, and where the covered bytes stop."""
    numbers = [int(number) for number in embedded.byte_range]
    if len(numbers) != 4:
        raise ValueError("the byte range does not have two parts")
    zero, start, end, rest = numbers
    if zero != 0 or not 0 < start < end or rest < 0:
        raise ValueError("the byte range is not a file with one hole")
    return start, end, end + rest


def _integrity(
    pdf: bytes, embedded: EmbeddedPdfSignature, stop: int, extent: Extent
) -> PdfIntegrity:
    if stop > len(pdf):
        return NOT_COVERED
    embedded.compute_integrity_info(skip_diff=True)  # type: ignore[no-untyped-call]  # pyHanko's
    coverage = embedded.evaluate_signature_coverage()
    if stop == len(pdf):
        return INTACT if coverage is SignatureCoverageLevel.ENTIRE_FILE else NOT_COVERED
    if coverage is not SignatureCoverageLevel.ENTIRE_REVISION:
        return NOT_COVERED
    if not extent.lies_within(embedded.signed_revision, stop):
        return NOT_COVERED
    return _judge_later(pdf, embedded)


def _judge_later(pdf: bytes, embedded: EmbeddedPdfSignature) -> PdfIntegrity:
    """Judge the revisions that follow the signed one."""
    reader, revision = embedded.reader, embedded.signed_revision
    if reader.xrefs.total_revisions - 1 <= revision:
        return APPENDED
    level = signatures_added(reader, revision)
    permitted = embedded.docmdp_level
    if level is None or (permitted is not None and level.value > permitted.value):
        return CHANGED
    if codes_since(reader, _last_signed(reader, revision)) - KEEPING:
        return OTHER_LATER
    if not _covered_to_the_end(pdf, reader):
        return LONG_TERM if level <= ModificationLevel.LTA_UPDATES else APPENDED
    return VISIBLE_LATER if visible_since(reader, revision) else SIGNED_LATER


def _last_signed(reader: PdfFileReader, revision: int) -> int:
    """Return the last revision that a person signed: timestamps cover, but answer for nothing."""
    signed = (
        reader.xrefs.get_last_change(value.reference)
        for _, value, _ in enumerate_sig_fields(reader, filled_status=True)
        if value.get_object().get("/Type", "/Sig") == "/Sig"
    )
    return max(revision, max(signed, default=revision))


def _covered_to_the_end(pdf: bytes, reader: PdfFileReader) -> bool:
    """Say whether some signature covers the file to its last byte."""
    stops = []
    for _, value, _ in enumerate_sig_fields(reader, filled_status=True):
        byte_range = value.get_object().get("/ByteRange", ())
        if len(byte_range) == 4:
            stops.append(int(byte_range[2]) + int(byte_range[3]))
    return len(pdf) in stops
