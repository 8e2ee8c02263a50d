"""The files of a document, as they are handed out to whoever may see it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from workflow.domain.mandates import Actor
from workflow.queries.document_page import files_read_now, order_of
from workflow.usecases import desk as desks
from workflow.usecases.errors import NotFoundError
from workflow.usecases.services import Services


@dataclass(frozen=True)
class StoredFile:
    """A file to hand out: its blob and the name to save it under."""

    sha256: str
    name: str
    is_pdf: bool


def document_file(
    services: Services,
    actor: Actor,
    document_id: UUID,
    place: int,
    suffix: str,
    revision: int | None = None,
) -> StoredFile:
    """Return the file at `place` of what is read now, or of the draft of an older `revision`.

    `suffix` is `pdf` or `docx`. NotFoundError for everything that is not there for the actor.
    """
    with services.uow.reading() as tx:
        desk = desks.lay(tx, services, actor, document_id)
        files = files_read_now(desk.document, order_of(tx, desk.document))
        if revision is not None:
            drafts = [r.draft for r in desk.document.revisions if r.number == revision]
            files = drafts[0].files if drafts and drafts[0] else ()
    if not 0 <= place < len(files):
        raise NotFoundError(f"file {place} of document {document_id}")
    file = files[place]
    sha256 = {"pdf": file.pdf, "docx": file.docx}.get(suffix, "")
    if not sha256:
        raise NotFoundError(f"{suffix} of file {place} of document {document_id}")
    return StoredFile(sha256, f"{file.name.removesuffix('.pdf')}.{suffix}", suffix == "pdf")
