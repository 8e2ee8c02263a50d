"""Reading ASN.1 without losing a byte of it."""

from __future__ import annotations

import base64
import codecs
from typing import Any  # asn1crypto publishes no types

import pyhanko_certvalidator.asn1_types  # noqa: F401 - replaces what register() adds: goes first
from asn1crypto import core, parser, pem

from signing.gost.asn1 import register

INDEFINITE = 0x80
SEQUENCE = b"\x30"
SEQUENCE_IN_BASE64 = b"M"
UTF8_MARK = codecs.BOM_UTF8
OLD_WORDS = b"PKCS #7"
OLD_HEADING = b"-----BEGIN " + OLD_WORDS

register()  # here, because what is read before asn1crypto knows a name stays without it


def der_of(content: bytes) -> bytes:
    """Return the DER (or BER) inside `content`; raises ValueError for broken PEM or base64.

    It may stand there as it is, in PEM under whatever heading, or in base64 without one.
    """
    if content[:1] == SEQUENCE:  # first: a document inside may speak of PEM
        return content
    text = content.removeprefix(UTF8_MARK)
    if text.lstrip().startswith(OLD_HEADING):  # asn1crypto knows no "#" in a heading
        text = text.replace(OLD_WORDS, b"PKCS7")
    if pem.detect(text):
        _, _, der = pem.unarmor(text)
        return bytes(der)
    if text.lstrip()[:1] == SEQUENCE_IN_BASE64:
        return base64.b64decode(b"".join(text.split()), validate=True)
    return content


def exact_bytes(value: Any) -> bytes:
    """Return the bytes that `value` was parsed from.

    asn1crypto's own `dump()` takes a header that ends in 0x80 (`30 82 07 80`) for one of
    indefinite length and encodes the value anew, about once in 256 structures.
    """
    if isinstance(value, core.Choice):
        value = value.chosen
    header = value._header
    if not header or _is_indefinite(header):
        return bytes(value.dump())
    return bytes(header + value.contents)


def keep_exact(value: core.Asn1Value) -> None:
    """Make `value.dump()` return the bytes it was parsed from (see `exact_bytes`).

    pyhanko-certvalidator verifies signatures over `dump()`.
    """
    original = exact_bytes(value)

    def dump(force: bool = False) -> bytes:  # noqa: ARG001 - the signature of what it replaces
        return original

    value.dump = dump


def der_length(content: bytes) -> int:
    """Return how many bytes the first structure in `content` takes; ValueError if cut short."""
    return len(content) - len(_after_first(content))


def members_of(contents: bytes, most: int | None = None) -> list[bytes]:
    """Return the structures in `contents` one by one, no more than one over `most`.

    Raises ValueError when one is cut short.
    """
    members: list[bytes] = []
    position = 0
    while position < len(contents) and (most is None or len(members) <= most):
        length = der_length(contents[position:])
        members.append(contents[position : position + length])
        position += length
    return members


def set_of(contents: bytes) -> bytes:
    """Return the DER of a SET OF with these contents (RFC 5652, 5.4: signed attributes)."""
    return bytes(parser.emit(0, 1, 17, contents))


def _after_first(content: bytes) -> bytes:
    _, _, _, header, body, trailer = parser.parse(content)
    return content[len(header) + len(body) + len(trailer) :]


def _is_indefinite(header: bytes) -> bool:
    return len(header) == 2 and header[1] == INDEFINITE
