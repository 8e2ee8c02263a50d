"""A scan and the date on the paper, as several forms of the clerk ask for them."""

from __future__ import annotations

from datetime import date

from werkzeug.datastructures import FileStorage

from web.forms.files import UploadedFile, read_file
from web.forms.names import Entered
from web.forms.read import FieldError, read_form
from web.settings import MEBIBYTE
from workflow.domain.refusals import N_
from workflow.domain.regulations import FieldKind, FieldSpec

SCAN = "scan"
SCAN_AT_MOST = 50 * MEBIBYTE
PDF_BEGINS = b"%PDF-"
BEGINS_WITHIN = 1024  # bytes: scanners put something before the header now and then


def read_scan(
    upload: FileStorage | None, required: bool = True
) -> tuple[bytes, tuple[FieldError, ...]]:
    """Return the scan (empty when there is none and none is needed), or what is wrong with it."""
    file, error = read_file(upload, SCAN, (".pdf",), SCAN_AT_MOST, required)
    if error:
        return b"", (error,)
    if file is None:
        return b"", ()
    return check_scan(file)


def check_scan(file: UploadedFile) -> tuple[bytes, tuple[FieldError, ...]]:
    """Return what a file that was read holds, or that it is no PDF."""
    if PDF_BEGINS not in file.content[:BEGINS_WITHIN]:
        text = N_("The file is called a PDF but is none. Scan the paper to PDF once more.")
        return b"", (FieldError(SCAN, text),)
    return file.content, ()


def read_day(
    entered: Entered, name: str, label: str, today: date
) -> tuple[date | None, tuple[FieldError, ...]]:
    """Return a day that is not in the future, or what is wrong with it."""
    spec = FieldSpec(name, label, FieldKind.DATE, required=True)
    reading = read_form((spec,), entered)
    day = reading.values.get(name)
    if reading.errors or not isinstance(day, date):
        return None, reading.errors
    if day > today:
        return None, (FieldError(name, N_("The date lies in the future."), label=label),)
    return day, ()
