"""The port through which PDFs are signed inside by a key that is elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from workflow.domain.refusals import Refusal


@dataclass(frozen=True)
class PreparedPdf:
    """A PDF with an empty place for a CMS, which runs from `place_start` to `place_end` (bytes).

    `digest` (hexadecimal) is that of everything but the place: what the key has to sign.
    """

    pdf: bytes = field(repr=False)
    digest: str
    place_start: int
    place_end: int


@dataclass(frozen=True)
class PreparedPdfs:
    """The files in their order; `digest_name` is that of the engine («streebog256», «sha256»)."""

    digest_name: str
    files: tuple[PreparedPdf, ...]


class SignsInsidePdfs(Protocol):
    """What `workflow.ports.SignatureEngine` can do with PDFs whose signature is made elsewhere."""

    def prepare_pdfs(
        self, certificate: bytes, files: Sequence[bytes], now: datetime
    ) -> PreparedPdfs | Refusal:
        """Add a place for a signature by the certificate's key (DER or PEM) to each file."""
        ...

    def complete_pdf(
        self, pdf: bytes, place_start: int, place_end: int, cms: bytes
    ) -> bytes | Refusal:
        """Put the CMS (DER, BER, PEM) in its place; what it signs is examined afterwards."""
        ...
