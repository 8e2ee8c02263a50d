"""Putting proofs where they belong: timestamps into a CMS or over a PDF, lists into a PDF.

What has been signed stays as it is: a token goes among the unsigned attributes, byte for byte
around it only lengths change; a document timestamp is one more revision of the file.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from io import BytesIO

from asn1crypto import cms, core, parser
from asn1crypto import crl as asn1_crl
from asn1crypto import ocsp as asn1_ocsp
from pyhanko.sign.general import SigningError as PyHankoError
from pyhanko.sign.signers.pdf_signer import PdfTimeStamper
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.validation.dss import DocumentSecurityStore

from signing.asn1 import der_of, keep_exact, members_of
from signing.ber import definite
from signing.cades import TIMESTAMP_ATTRIBUTE, CmsUnreadableError, read_cms
from signing.certificates import Certificate
from signing.digests import digest
from signing.errors import MALFORMED
from signing.pdf.appending import AppendingWriter
from signing.pdf.pades import ROOM, PdfNotPreparedError, free_field_name
from signing.pdf.signatures import open_pdf
from signing.revocation.known import RevocationList
from signing.revocation.ocsp import OcspAnswer
from signing.timestamps.client import GivesTimestamps
from signing.timestamps.requests import AnswerToOtherError
from signing.timestamps.tokens import Imprint, parse_token

SIGNER_INFOS = (1, 0, -1)
"""The way from a ContentInfo to its SignerInfos: [0], SignedData, its last member."""

CONTEXT, CONSTRUCTED = 2, 1
UNSIGNED_ATTRIBUTES = 1
SEQUENCE, SET = 16, 17
UNFIT: tuple[type[Exception], ...] = (*MALFORMED, PyHankoError)


def stamp_cms(content: bytes, authority: GivesTimestamps) -> bytes:
    """Return the CMS (DER) with a timestamp over the value of each of its signatures.

    Each is stamped by its digest in the signature. Raises what `read_cms` and
    `GivesTimestamps.stamp` raise; then nothing is stamped.
    """
    found = read_cms(content)
    if found.not_understood:
        raise CmsUnreadableError
    stamped = content
    for number, signer in enumerate(found.signers):
        imprint = Imprint(signer.digest, digest(signer.digest, signer.signature))
        stamped = attach_token(stamped, authority.stamp(imprint).der, signer=number)
    return stamped


def attach_token(content: bytes, token: bytes, *, signer: int = 0) -> bytes:
    """Return the CMS (DER) with `token` as one more unsigned attribute of one of its signers.

    Raises what `read_cms` and `parse_token` raise, and AnswerToOtherError for a token that is not
    over the signature value.
    """
    found = read_cms(content)
    if found.not_understood or not 0 <= signer < len(found.signers):
        raise CmsUnreadableError
    read = parse_token(token)
    value = found.signers[signer].signature
    try:
        if digest(read.imprint.digest, value) != read.imprint.value:
            raise AnswerToOtherError
        der = definite(der_of(content))
        return _changed(der, (*SIGNER_INFOS, signer), lambda info: _with_token(info, read.der))
    except MALFORMED as error:
        raise CmsUnreadableError from error


def stamp_pdf(pdf: bytes, authority: GivesTimestamps, digest_name: str = "sha256") -> bytes:
    """Return the PDF with a timestamp over all of it (ETSI EN 319 142-1, 5.4.3).

    Raises PdfUnreadableError, PdfEncryptedError, TooLargeError, PdfNotPreparedError, and what
    `GivesTimestamps.stamp` raises.
    """
    open_pdf(pdf)
    try:
        writer = AppendingWriter(pdf)
        stamper = PdfTimeStamper(_Stamper(authority), free_field_name(writer, "Timestamp"))
        output = stamper.timestamp_pdf(writer, digest_name, bytes_reserved=2 * ROOM)
    except UNFIT as error:
        raise PdfNotPreparedError from error
    assert isinstance(output, BytesIO)  # no other was given to write to
    return output.getvalue()


def keep_in_pdf(
    pdf: bytes,
    certificates: Iterable[Certificate] = (),
    crls: Iterable[RevocationList] = (),
    ocsp: Iterable[OcspAnswer] = (),
) -> bytes:
    """Return the PDF with these in its store (PAdES-B-LT), as one more revision of the file.

    Put a timestamp over the result (`stamp_pdf`) for PAdES-B-LTA. Raises
    PdfUnreadableError, PdfEncryptedError, TooLargeError or PdfNotPreparedError.
    """
    open_pdf(pdf)
    lists = [asn1_crl.CertificateList.load(each.der) for each in crls]
    answers = [asn1_ocsp.OCSPResponse.load(each.der) for each in ocsp]
    for each in (*lists, *answers):
        keep_exact(each)
    try:
        writer = AppendingWriter(pdf)
        DocumentSecurityStore.supply_dss_in_writer(
            writer, None, certs=[each.parsed for each in certificates], crls=lists, ocsps=answers
        )
        output = BytesIO()
        writer.write(output)  # type: ignore[no-untyped-call]  # pyHanko's
    except UNFIT as error:
        raise PdfNotPreparedError from error
    return output.getvalue()


class _Stamper(TimeStamper):
    """pyHanko's way to ask for a timestamp, led to our authority and our checks."""

    def __init__(self, authority: GivesTimestamps) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # pyHanko's
        self._authority = authority

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        """Return the token over this digest; raises what `GivesTimestamps.stamp` raises."""
        # In a thread of its own: whoever is asked may run a loop of events as well.
        asked = Imprint(md_algorithm, message_digest)
        token = await asyncio.to_thread(self._authority.stamp, asked)
        content = cms.ContentInfo.load(token.der)
        keep_exact(content)
        return content


def _with_token(signer_info: bytes, token: bytes) -> bytes:
    identifier = core.ObjectIdentifier(TIMESTAMP_ATTRIBUTE).dump()
    values = parser.emit(0, CONSTRUCTED, SET, token)
    attribute = parser.emit(0, CONSTRUCTED, SEQUENCE, identifier + values)
    members = members_of(parser.parse(signer_info)[4])
    class_, _, tag, _, there, _ = parser.parse(members[-1])
    if (class_, tag) == (CONTEXT, UNSIGNED_ATTRIBUTES):
        members.pop()
    else:
        there = b""
    members.append(parser.emit(CONTEXT, CONSTRUCTED, UNSIGNED_ATTRIBUTES, there + attribute))
    return bytes(parser.emit(0, CONSTRUCTED, SEQUENCE, b"".join(members)))


def _changed(element: bytes, way: tuple[int, ...], change: Callable[[bytes], bytes]) -> bytes:
    """Return `element` (DER) with `change` made to the member that `way` leads to."""
    if not way:
        return change(element)
    class_, method, tag, _, contents, _ = parser.parse(element)
    members = members_of(contents)
    members[way[0]] = _changed(members[way[0]], way[1:], change)
    return bytes(parser.emit(class_, method, tag, b"".join(members)))
