"""A file that was uploaded: bounded and named safely before anybody looks into it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import PurePosixPath

from werkzeug.datastructures import FileStorage

from web.forms.read import FieldError
from web.settings import MEBIBYTE
from workflow.domain.refusals import N_

NAME_AT_MOST = 150  # characters, suffix included


@dataclass(frozen=True)
class UploadedFile:
    """The name as the person sees it (no folders) and the bytes."""

    name: str
    content: bytes


def read_file(
    upload: FileStorage | None,
    field: str,
    suffixes: Collection[str],
    at_most: int,
    required: bool = True,
) -> tuple[UploadedFile | None, FieldError | None]:
    """Return the file, or what is wrong with it; neither when none was chosen and none needed.

    `suffixes` are those that are taken (`.pdf`), in lower case; `at_most` is in bytes. What the
    file holds is judged by whoever takes it.
    """
    if upload is None or not upload.filename:
        return None, FieldError(field, N_("Choose a file.")) if required else None
    name = _safe_name(upload.filename)
    if PurePosixPath(name).suffix.lower() not in suffixes:
        wanted = ", ".join(sorted(suffixes))
        return None, FieldError(
            field, N_("Choose a file of the kind {wanted}."), {"wanted": wanted}
        )
    content = upload.stream.read(at_most + 1)
    if len(content) > at_most:
        most = max(1, at_most // MEBIBYTE)
        return None, FieldError(field, N_("The file is larger than {most} MB."), {"most": most})
    if not content:
        return None, FieldError(field, N_("The file is empty. Choose another one."))
    return UploadedFile(name, content), None


def _safe_name(name: str) -> str:
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    shown = "".join(sign for sign in last if sign.isprintable()).strip()
    path = PurePosixPath(shown or "file")
    return path.stem[: NAME_AT_MOST - len(path.suffix)] + path.suffix[:20]
