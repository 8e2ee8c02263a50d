"""Appending one more revision to a PDF, with nothing in it but what was asked for."""

from __future__ import annotations

from io import BytesIO

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter


class AppendingWriter(IncrementalPdfFileWriter):
    """pyHanko's writer without its habit of telling the file who wrote to it, when, and for whom.

    It would write /Info and the XMP metadata anew and raise the version of the format. After a
    signature these are changes that nobody asked for: whoever judges the file has to doubt them
    (`signing.pdf.revisions`), and so do we.
    """

    def __init__(self, pdf: bytes) -> None:
        super().__init__(BytesIO(pdf))

    def raise_version(self, version: tuple[int, int]) -> None:
        """Name the version of the format in the document, unless it has this one already."""
        super().ensure_output_version(version)  # type: ignore[no-untyped-call]  # pyHanko's

    def ensure_output_version(self, version: tuple[int, int]) -> None:
        """Leave the version as it is, whatever pyHanko would like."""

    def _update_meta(self) -> None:
        """Leave title, dates and every other property of the file as they are."""
