"""What pages about one document share: where one stands, files as answers, refusals as banners."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Sequence
from uuid import UUID

from flask import Response, send_file, url_for

from web import security
from web.components import Link, Mark, Notice, Preview
from web.current import _, services, surroundings
from web.refusals import tell
from workflow.domain.refusals import N_, Refusal
from workflow.queries.headings import FileCard, Heading

PDF = "application/pdf"
ZIP = "application/zip"
ZIPPED_AT_MOST = 400 * 1024 * 1024


def crumbs(heading: Heading, here: str) -> tuple[Link, ...]:
    """Return the way to a page about a document; `here` is its own name (a msgid)."""
    return (
        Link(_(N_("What waits for me")), url_for("start.page")),
        Link(heading.named, document_address(heading.document_id)),
        Link(_(here)),
    )


def document_address(document_id: UUID) -> str:
    """Return the address of the document's card."""
    return url_for("documents.page", document_id=document_id)


def notice_of(refusal: Refusal, heading: Heading, title: str = "") -> Notice:
    """Return a refusal as the banner at the top of a page; `title` is a msgid."""
    told = tell(refusal, surroundings().words, heading.zone)
    text = " ".join(part for part in (told.what, told.todo) if part)
    return Notice(text, _(title), Mark.PROBLEM)


def file_address(heading: Heading, file: FileCard, download: bool = False) -> str:
    """Return the address of a fixed file."""
    return url_for(
        "signing.file",
        document_id=heading.document_id,
        place=file.place,
        download=1 if download else None,
    )


def download_names(files: Sequence[FileCard]) -> tuple[str, ...]:
    """Return the names under which files are downloaded: no two alike, in their order."""
    if len(files) == 1:
        return (safe_name(files[0].name),)
    return tuple(safe_name(f"{file.place + 1:02} {file.name}") for file in files)


def previews(heading: Heading, files: Iterable[FileCard]) -> tuple[Preview, ...]:
    """Return the files as they are shown for reading."""
    return tuple(
        Preview(
            title=file.name,
            url=file_address(heading, file),
            download_url=file_address(heading, file, download=True),
        )
        for file in files
    )


def stored_file(sha256: str, name: str, mimetype: str = PDF, download: bool = False) -> Response:
    """Answer a stored file under its name; a PDF may stand in a frame of our own pages."""
    if mimetype == PDF and not download:
        security.allow_own_frame()
    content = services().work.blobs.get(sha256)
    return send_file(
        io.BytesIO(content), mimetype=mimetype, as_attachment=download, download_name=name
    )


def zipped(files: Iterable[tuple[str, str | bytes]], name: str) -> Response:
    """Answer files (name; SHA-256 of the stored one, or bytes) as one archive, not compressed.

    Raises ValueError when they are larger together than anybody should hold in memory.
    """
    archive, total = io.BytesIO(), 0
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_STORED) as packed:
        for file_name, given in files:
            content = given if isinstance(given, bytes) else services().work.blobs.get(given)
            total += len(content)
            if total > ZIPPED_AT_MOST:
                raise ValueError("the files are too large for one archive")
            packed.writestr(zipfile.ZipInfo(safe_name(file_name)), content)
    archive.seek(0)
    return send_file(archive, mimetype=ZIP, as_attachment=True, download_name=safe_name(name))


def safe_name(name: str) -> str:
    """Return a name that every file system takes: no folders, no signs that Windows forbids."""
    cleaned = "".join(
        "_" if sign in '\\/:*?"<>|' or not sign.isprintable() else sign for sign in name
    )
    return cleaned.replace("\N{NO-BREAK SPACE}", " ").strip(" .")[:150] or "file"
