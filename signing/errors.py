"""The root error of the signature engine, and what malformed input may raise in parsers."""

from __future__ import annotations

import zlib

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from pyhanko.pdf_utils.misc import PdfError

from signing.words import N_

MALFORMED: tuple[type[Exception], ...] = (
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    ArithmeticError,
    AssertionError,
    NotImplementedError,
    RecursionError,
    EOFError,
    zlib.error,
    UnsupportedAlgorithm,
    x509.InvalidVersion,
    x509.DuplicateExtension,
    x509.UnsupportedGeneralNameType,
    PdfError,
)
"""What asn1crypto, pyHanko and cryptography raise, in practice, on bytes made to hurt.

Caught only around the parsing of bytes from outside, and always turned into a refusal.
"""

MEGABYTE = 1024 * 1024


class SigningError(Exception):
    """Something stands in the way of signing or of reading what was handed in.

    `code` is stable and goes into logs and answers of the API; `msgid` with `params` is the
    sentence for people, translated where it is shown.
    """

    code = "signing.error"
    msgid = N_("The signature operation is not possible.")

    def __init__(self, **params: str | int) -> None:
        self.params = params
        super().__init__(self.msgid.format(**params))


class TooLargeError(SigningError):
    """What was handed in is larger than its kind may be."""

    code = "signing.too_large"
    msgid = N_("The file is larger than {megabytes} MB and was not read.")


def refuse_larger(content: bytes, limit: int) -> None:
    """Raise TooLargeError when `content` has more than `limit` bytes."""
    if len(content) > limit:
        raise TooLargeError(megabytes=max(1, limit // MEGABYTE))
