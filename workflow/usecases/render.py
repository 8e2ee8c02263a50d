"""Assemble and convert the files of a revision or of a fixing: a job, outside any transaction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from workflow.domain.documents import Document, FileRole, Fixing, Manifest, ManifestFile
from workflow.domain.refusals import N_, Refusal
from workflow.domain.regulations import DocumentType, PdfProfile
from workflow.ports import Assembled, Context, DocumentProperties, Pdf
from workflow.store.unit_of_work import Repositories, Transaction
from workflow.usecases import desk as desks
from workflow.usecases.context import (
    annex_rows,
    approval,
    content_digest,
    facts_context,
    printed_head,
    printed_organisation,
    registration,
)
from workflow.usecases.desk import Desk
from workflow.usecases.letter import letter_context
from workflow.usecases.services import Services

KIND = "render"

CHANGED = Refusal(
    "fix.changed",
    N_("The text, the template or an annex has changed since it was agreed."),
    N_("Return the document for rework and have it agreed anew."),
)

#: What a job writes, in the transaction that also closes its row of the outbox.
Effect = Callable[[Transaction], None]


@dataclass(frozen=True)
class PlannedFile:
    """A file to be made: which template says what, in which PDF profile."""

    name: str
    role: FileRole
    document: Document
    template: str
    context: Context
    content: str
    profile: PdfProfile
    properties: DocumentProperties


@dataclass(frozen=True)
class Wanted:
    """Which files a row of the outbox asks for (`fixing` 0: the draft of the revision)."""

    document_id: UUID
    revision: int
    fixing: int

    @classmethod
    def of(cls, payload: Any) -> Wanted:
        return cls(UUID(payload["document"]), int(payload["revision"]), int(payload["fixing"]))


def ask(tx: Transaction, document: Document) -> None:
    """Ask for the files of the newest fixing, or of the newest revision's draft."""
    fixing = document.fixing
    tx.outbox.add(
        KIND,
        {
            "document": str(document.id),
            "revision": document.revision.number,
            "fixing": fixing.sequence if fixing else 0,
        },
    )


def plan(tx: Repositories, services: Services, desk: Desk) -> tuple[PlannedFile, ...]:
    """The files of the desk's document as it stands: the main file, then its annexes."""
    document, fixing = desk.document, desk.document.fixing
    number = fixing.printed_number if fixing else ""
    dated = fixing.printed_date if fixing else None
    files = [_plan_main(tx, services, desk, number, dated)]
    types = services.packs.get(document.pack, document.pack_version).document_types
    for annex in desk.annexes:
        kind = types[annex.document.type_code]
        files.append(
            _plan_file(
                tx,
                services,
                desk,
                annex.document,
                kind,
                {"approval": approval(document, number, dated, annex.number)},
                FileRole.ANNEX,
            )
        )
    return tuple(files)


def _plan_main(
    tx: Repositories, services: Services, desk: Desk, number: str, dated: date | None
) -> PlannedFile:
    document, kind = desk.document, desk.kind
    said: dict[str, object] = {"reg": registration(number, dated)}
    if kind.approves:
        said["annexes"] = annex_rows(desk.annexes)
    if desks.is_approved_kind(kind):
        said["approval"] = approval(None, "", None, None)
    if kind.addressee:
        said |= letter_context(tx, desk)
    return _plan_file(tx, services, desk, document, kind, said, FileRole.MAIN)


def _plan_file(
    tx: Repositories,
    services: Services,
    desk: Desk,
    document: Document,
    kind: DocumentType,
    said: Context,
    role: FileRole,
) -> PlannedFile:
    """A document's file; `said` adds what does not come from its facts."""
    day = desk.document.dated or desk.around.today
    organisation = desk.organisation
    context = {
        **facts_context(tx, kind.fields, document.facts),
        **said,
        "org": printed_organisation(tx, organisation, day),
        "head": printed_head(tx, organisation, day),
    }
    return PlannedFile(
        name=f"{document.title}.pdf",
        role=role,
        document=document,
        template=kind.template,
        context=context,
        content=content_digest(services.assembler.template_digest(kind.template), context),
        profile=desk.kind.pdf,
        properties=DocumentProperties(
            title=document.title,
            author=organisation.name_on(day).short,
            made_at=document.revision.created_at,
        ),
    )


def content_now(tx: Repositories, services: Services, desk: Desk) -> tuple[str, ...]:
    """What the files would say if they were made now (see `Manifest.content`)."""
    return tuple(file.content for file in plan(tx, services, desk))


def render(services: Services, payload: Any) -> Effect:
    """Make the files that a row of the outbox asks for; the effect writes them down.

    Nothing happens if the document has moved on meanwhile. A document that cannot be made keeps
    the reason, for the person who can mend it.
    """
    wanted = Wanted.of(payload)
    with services.uow.reading() as tx:
        document = tx.documents.load(wanted.document_id)
        if not _still_wanted(document, wanted):
            return _nothing
        actor = desks.actor_of(tx, document.revision.created_by)
        planned = plan(tx, services, desks.lay_for_system(tx, services, document, actor))
    made = make_files(services, planned)

    def effect(tx: Transaction) -> None:
        desks.lock_cases(tx, wanted.document_id)
        current = tx.documents.load(wanted.document_id)
        if not _still_wanted(current, wanted):
            return
        desk = desks.lay_for_system(tx, services, current, actor)
        desks.save(tx, desk, _with_files(current, wanted, made))
        name = "document.assembled" if isinstance(made, Manifest) else "document.not_assembled"
        tx.audit.add(current.organisation_id, name, _audited(current, made))

    return effect


def _nothing(tx: Transaction) -> None:
    """The effect of work that is not wanted any more."""


def _still_wanted(document: Document, wanted: Wanted) -> bool:
    fixing = document.fixing
    if document.revision.number != wanted.revision:
        return False
    if wanted.fixing == 0:
        return fixing is None and document.revision.draft is None
    return fixing is not None and fixing.sequence == wanted.fixing and fixing.manifest is None


def make_files(services: Services, planned: Sequence[PlannedFile]) -> Manifest | Refusal:
    """Assemble, convert and keep the files; the first problem stops the work."""
    assembled: list[Assembled] = []
    for file in planned:
        result = services.assembler.assemble(file.template, file.context, file.properties)
        if isinstance(result, Refusal):
            return result
        assembled.append(result)
    pdfs: list[Pdf] = []
    converted = services.converter.to_pdf([a.docx for a in assembled], planned[0].profile)
    for answer in converted:
        if isinstance(answer, Refusal):
            return answer
        pdfs.append(answer)
    return Manifest(
        tuple(
            ManifestFile(
                name=file.name,
                role=file.role,
                document_id=file.document.id,
                pdf=services.blobs.put(pdf.content),
                docx=services.blobs.put(made.docx),
                content=file.content,
                template=made.template,
                pages=pdf.pages,
            )
            for file, made, pdf in zip(planned, assembled, pdfs, strict=True)
        )
    )


def _with_files(document: Document, wanted: Wanted, made: Manifest | Refusal) -> Document:
    if wanted.fixing == 0:
        revision = document.revision
        if isinstance(made, Refusal):
            return document.with_revision(replace(revision, failure=made))
        return document.with_revision(replace(revision, draft=made, failure=None))
    fixing = document.fixing
    assert fixing is not None
    return document.with_fixing(_fixed(document, fixing, made))


def _fixed(document: Document, fixing: Fixing, made: Manifest | Refusal) -> Fixing:
    if isinstance(made, Refusal):
        return replace(fixing, failure=made)
    draft = document.revision.draft
    if draft is None or draft.content != made.content:
        return replace(fixing, failure=CHANGED)
    return replace(fixing, manifest=made, failure=None)


def _audited(document: Document, made: Manifest | Refusal) -> dict[str, str | int]:
    body: dict[str, str | int] = {
        "document": str(document.id),
        "revision": document.revision.number,
    }
    if document.fixing:
        body["fixing"] = document.fixing.sequence
    if isinstance(made, Manifest):
        body["manifest"] = made.digest
    else:
        body["code"] = made.code
    return body
