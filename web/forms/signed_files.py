"""Which uploaded signature belongs to which file: by the bytes of a signed PDF, else by name."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from web.forms.files import UploadedFile
from web.forms.read import FieldError
from workflow.domain.refusals import N_

DETACHED = (".sig", ".p7s", ".sgn")
SIGNED_PDF = (".pdf",)


@dataclass(frozen=True)
class FileToSign:
    """A file that has to be signed: the name under which it was downloaded, and its bytes."""

    name: str
    content: bytes = b""


Belongs = Callable[[FileToSign, UploadedFile], bool]
Matched = tuple[tuple[bytes, ...], tuple[FieldError, ...]]


def match_detached(
    wanted: Sequence[FileToSign], uploads: Sequence[UploadedFile], field: str
) -> Matched:
    """Return one signature for each file in their order, or what is wrong.

    A signature bears the name of its file with another ending, as every signing program gives it.
    The only signature belongs to the only file whatever it is called.
    """
    return _match(wanted, uploads, field, lambda w, u: _stem(w.name) == _stem(u.name))


def match_signed_pdfs(
    wanted: Sequence[FileToSign], uploads: Sequence[UploadedFile], field: str
) -> Matched:
    """The same for signed PDFs: each begins with the bytes of the file that was signed."""
    return _match(wanted, uploads, field, lambda w, u: u.content.startswith(w.content))


def _match(
    wanted: Sequence[FileToSign], uploads: Sequence[UploadedFile], field: str, belongs: Belongs
) -> Matched:
    if len(wanted) == len(uploads) == 1:
        return (uploads[0].content,), ()
    found = [[upload for upload in uploads if belongs(file, upload)] for file in wanted]
    errors = [
        FieldError(field, _TOO_MANY if some else _MISSING, {"file": file.name})
        for file, some in zip(wanted, found, strict=True)
        if len(some) != 1
    ]
    taken = [id(upload) for some in found for upload in some]
    errors += [
        FieldError(field, _STRANGE, {"file": upload.name})
        for upload in uploads
        if id(upload) not in taken
    ]
    return (() if errors else tuple(some[0].content for some in found)), tuple(errors)


_MISSING = N_("There is no signature for the file “{file}”.")
_TOO_MANY = N_("There is more than one signature for the file “{file}”.")
_STRANGE = N_("“{file}” belongs to none of the files of this document.")


def _stem(name: str) -> str:
    """The name without endings of signatures and without what browsers add to a second copy."""
    stem = name.casefold()
    while PurePosixPath(stem).suffix in (*DETACHED, *SIGNED_PDF):
        stem = re.sub(r"\s*\(\d+\)$", "", PurePosixPath(stem).stem)
    return re.sub(r"[\s_]+", " ", stem).strip()
