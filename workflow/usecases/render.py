"""Assemble and convert the files of a revision or of a fixing: a job, outside any transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from workflow.domain.documents import Document, FileRole, Fixing, Manifest, ManifestFile
from workflow.domain.mandates import Actor
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
    printed_issuer,
    printed_organisation,
    printed_signatory,
    registration,
)
from workflow.usecases.desk import Desk
from workflow.usecases.letter import letter_context
from workflow.usecases.services import Services

KIND = "render"

#: How many files the converter takes at once.
LARGEST_BATCH = 25

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
        **printed_issuer(tx, desk.document, organisation, day),
        "head": printed_signatory(tx, desk.document, organisation, day),
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


@dataclass(frozen=True)
class _Prepared:
    """What one row asks for, assembled; None where it is not wanted any more."""

    wanted: Wanted
    actor: Actor
    facts: Mapping[str, object]
    planned: tuple[PlannedFile, ...]
    assembled: tuple[Assembled, ...] | Refusal


def render_many(services: Services, payloads: Sequence[Any]) -> list[Effect]:
    """Make the files that rows of the outbox ask for; the effects write them down.

    All files of all rows go through the converter together. Nothing happens for a document that
    has moved on meanwhile. A document that cannot be made keeps the reason, for the person who
    can mend it.
    """
    prepared = [_prepare(services, Wanted.of(payload)) for payload in payloads]
    made = _convert_all(services, [p for p in prepared if p is not None])
    return [_nothing if p is None else _effect(services, p, made[p.wanted]) for p in prepared]


def _prepare(services: Services, wanted: Wanted) -> _Prepared | None:
    with services.uow.reading() as tx:
        document = tx.documents.load(wanted.document_id)
        if not _still_wanted(document, wanted):
            return None
        actor = desks.actor_of(tx, document.revision.created_by)
        planned = plan(tx, services, desks.lay_for_system(tx, services, document, actor))
    assembled: list[Assembled] = []
    for file in planned:
        result = services.assembler.assemble(file.template, file.context, file.properties)
        if isinstance(result, Refusal):
            return _Prepared(wanted, actor, document.facts, planned, result)
        assembled.append(result)
    return _Prepared(wanted, actor, document.facts, planned, tuple(assembled))


def _convert_all(
    services: Services, prepared: Sequence[_Prepared]
) -> dict[Wanted, Manifest | Refusal]:
    """Convert profile by profile, in batches that the converter takes at once."""
    pdfs: dict[tuple[Wanted, int], Pdf | Refusal] = {}
    for profile in PdfProfile:
        files = [
            ((p.wanted, place), made.docx)
            for p in prepared
            if not isinstance(p.assembled, Refusal) and p.planned[0].profile is profile
            for place, made in enumerate(p.assembled)
        ]
        for start in range(0, len(files), LARGEST_BATCH):
            batch = files[start : start + LARGEST_BATCH]
            answers = services.converter.to_pdf([docx for _, docx in batch], profile)
            pdfs.update(zip((key for key, _ in batch), answers, strict=True))
    return {p.wanted: _manifest(services, p, pdfs) for p in prepared}


def _manifest(
    services: Services, prepared: _Prepared, pdfs: Mapping[tuple[Wanted, int], Pdf | Refusal]
) -> Manifest | Refusal:
    if isinstance(prepared.assembled, Refusal):
        return prepared.assembled
    files = []
    for place, (file, made) in enumerate(zip(prepared.planned, prepared.assembled, strict=True)):
        pdf = pdfs[prepared.wanted, place]
        if isinstance(pdf, Refusal):
            return pdf
        files.append(
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
        )
    return Manifest(tuple(files))


def _effect(services: Services, prepared: _Prepared, made: Manifest | Refusal) -> Effect:
    wanted = prepared.wanted

    def effect(tx: Transaction) -> None:
        desks.lock_cases(tx, wanted.document_id)
        current = tx.documents.load(wanted.document_id)
        # Facts saved meanwhile have asked for files of their own.
        if not _still_wanted(current, wanted) or current.facts != prepared.facts:
            return
        desk = desks.lay_for_system(tx, services, current, prepared.actor)
        document = desks.save(tx, desk, _with_files(current, wanted, made))
        _write_heading(tx, document, prepared)
        name = "document.assembled" if isinstance(made, Manifest) else "document.not_assembled"
        tx.audit.add(current.organisation_id, name, _audited(current, made))

    return effect


def _write_heading(tx: Transaction, document: Document, prepared: _Prepared) -> None:
    """Let the journal call the document by its own heading: «О назначении наставников»."""
    fixing = document.fixing
    if fixing is None or fixing.manifest is None or fixing.entry_id is None:
        return
    assert not isinstance(prepared.assembled, Refusal)  # or there would be no manifest
    heading = prepared.assembled[0].heading
    # «к трудовому договору …» goes on from the kind of the document: the title says more.
    if heading[:1].isupper():
        entry = tx.entries.load(fixing.entry_id)
        tx.entries.save(replace(entry, summary=heading), entry)


def _nothing(tx: Transaction) -> None:
    """The effect of work that is not wanted any more."""


def _still_wanted(document: Document, wanted: Wanted) -> bool:
    fixing = document.fixing
    if document.revision.number != wanted.revision:
        return False
    if wanted.fixing == 0:
        return fixing is None and document.revision.draft is None
    return fixing is not None and fixing.sequence == wanted.fixing and fixing.manifest is None


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
