"""What every page about one document begins with, and the files that it shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, tzinfo
from uuid import UUID

from workflow.domain.documents import Manifest, ManifestFile
from workflow.domain.refusals import Refusal
from workflow.domain.routes import DocumentState
from workflow.usecases.desk import Desk
from workflow.usecases.wording import document_named


@dataclass(frozen=True)
class Heading:
    """The document at the top of a page.

    `named` is the title with date and number as an office cites it; `today` the local day of the
    organisation, `zone` its time zone.
    """

    document_id: UUID
    title: str
    named: str
    number: str
    dated: date | None
    state: DocumentState
    organisation: str
    today: date
    zone: tzinfo
    on_paper: bool
    case_id: UUID | None
    paper_reason: Refusal | None = None


@dataclass(frozen=True)
class FileCard:
    """A file of a manifest: its place (from 0), name and SHA-256."""

    place: int
    name: str
    sha256: str
    pages: int
    is_annex: bool


def heading_of(desk: Desk) -> Heading:
    document = desk.document
    return Heading(
        document_id=document.id,
        title=document.title,
        named=document_named(document),
        number=document.number,
        dated=document.dated,
        state=desk.state,
        organisation=desk.organisation.name_on(desk.around.today).short,
        today=desk.around.today,
        zone=desk.organisation.zone,
        on_paper=document.on_paper,
        case_id=document.lines[0].case_id if document.lines else None,
        paper_reason=document.paper_reason,
    )


def file_cards(manifest: Manifest | None) -> tuple[FileCard, ...]:
    files = manifest.files if manifest else ()
    return tuple(_card(place, file) for place, file in enumerate(files))


def _card(place: int, file: ManifestFile) -> FileCard:
    return FileCard(place, file.name, file.pdf, file.pages, is_annex=place > 0)
