"""PDF objects from plain values; the one place that calls pyHanko's untyped constructors."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.writer import PageObject, PdfFileWriter

Plain = generic.PdfObject | int | float | bool


def dictionary(entries: Mapping[str, Plain]) -> generic.DictionaryObject:
    """Return a dictionary; keys and values that are numbers or booleans become PDF objects."""
    made = {pdf_name(key): _object(value) for key, value in entries.items()}
    return generic.DictionaryObject(made)  # type: ignore[no-untyped-call] # pyHanko is untyped here


def array(values: Iterable[Plain]) -> generic.ArrayObject:
    """Return an array of `values`."""
    return generic.ArrayObject(_object(value) for value in values)


def stream(content: bytes, entries: Mapping[str, Plain] | None = None) -> generic.StreamObject:
    """Return a compressed stream with `entries` in its dictionary."""
    made = generic.StreamObject(dictionary(entries or {}), stream_data=content)
    made.compress()  # type: ignore[no-untyped-call] # pyHanko is untyped here
    return made


def new_file() -> PdfFileWriter:
    """Return an empty file without pages, with a plain cross-reference table."""
    return PdfFileWriter(stream_xrefs=False)  # type: ignore[no-untyped-call] # pyHanko is untyped here


def append_page(
    writer: PdfFileWriter,
    content: generic.StreamObject,
    size: tuple[float, float],
    resources: generic.DictionaryObject,
) -> None:
    """Append a page of `size` (width and height in points)."""
    page = PageObject(  # type: ignore[no-untyped-call] # pyHanko is untyped here
        contents=writer.add_object(content), media_box=(0, 0, *size), resources=resources
    )
    writer.insert_page(page)  # type: ignore[no-untyped-call] # pyHanko is untyped here


def _object(value: Plain) -> generic.PdfObject:
    match value:
        case generic.PdfObject():
            return value
        case bool():
            return generic.BooleanObject(value)  # type: ignore[no-untyped-call] # pyHanko is untyped here
        case int():
            return generic.NumberObject(value)  # type: ignore[no-untyped-call] # pyHanko is untyped here
        case float():
            return generic.FloatObject(value)  # type: ignore[no-untyped-call] # pyHanko is untyped here
