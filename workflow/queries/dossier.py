"""Everything of one organisation at once: for export, for a demonstration, for an archive."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from workflow.domain.documents import Document, Manifest
from workflow.domain.mandates import Actor
from workflow.domain.obligations import Obligation, state_of
from workflow.domain.organisations import Organisation
from workflow.domain.pairs import ASSIGNMENT
from workflow.domain.refusals import Refusal
from workflow.domain.regulations import DocumentType, Role, Verb
from workflow.domain.routes import DocumentState, last_mark, steps_of
from workflow.domain.routes import state_of as state_of_document
from workflow.domain.signatures import Signature
from workflow.domain.submissions import Submission
from workflow.queries.filed_pairs import FiledPair, filed_pairs
from workflow.store.unit_of_work import Repositories
from workflow.usecases.desk import actor_of
from workflow.usecases.errors import NotFoundError
from workflow.usecases.pairs.reading import people_named
from workflow.usecases.services import Services

#: A dossier is exported in parts of so many documents.
PART = 200


@dataclass(frozen=True)
class FiledFile:
    """A file of a document: the fixed PDF, its DOCX, and the copy for the eye (SHA-256 each)."""

    name: str
    role: str
    document_id: UUID
    pdf: str
    docx: str
    visual_copy: str


@dataclass(frozen=True)
class FiledSignature:
    """A signature over one file: the stored `.sig` or signed PDF, its reports, its standing.

    `act` is the act of signing, which may be over several files; `long_term` the copy for keeping.
    """

    act: UUID
    file: str
    signature: str
    format: str
    report: str
    owner: str
    serial: str
    received_at: datetime
    status: str
    training: bool
    counts: bool
    explanation: Refusal | None
    long_term: str = ""


@dataclass(frozen=True)
class FiledReader:
    """Somebody who was to acknowledge a document, and what came of it (`verdict`)."""

    name: str
    verdict: str
    on: date
    by_clerk: bool


@dataclass(frozen=True)
class FiledDocument:
    """A document as it is filed. `signatures` are those over its own fixed files.

    `pairs` are the mentor pairs that it serves, `cancelled` those among them whose line a later
    order has cancelled.
    """

    id: UUID
    type_code: str
    title: str
    number: str
    dated: date | None
    state: DocumentState
    on_paper: bool
    existing: bool
    approved_by: UUID | None
    files: tuple[FiledFile, ...]
    signatures: tuple[FiledSignature, ...]
    readers: tuple[FiledReader, ...]
    pairs: tuple[UUID, ...]
    cancelled: tuple[UUID, ...]


@dataclass(frozen=True)
class FiledObligation:
    """What the organisation owes, with how it was met.

    `debtor` is the person who owes it ("" where a role or the organisation does), `pair` the
    mentor pair that it is about; `reason` says why its last change came.
    """

    key: str
    title: str
    due: date | None
    state: str
    first_arrival: datetime | None
    on_paper: bool
    debtor: str = ""
    role: str = ""
    pair: UUID | None = None
    reason: str = ""
    in_time: bool | None = None


@dataclass(frozen=True)
class Dossier:
    """What is filed of an organisation."""

    organisation: str
    documents: tuple[FiledDocument, ...]
    obligations: tuple[FiledObligation, ...]
    sent: tuple[Submission, ...]
    pairs: tuple[FiledPair, ...] = ()


def dossier(services: Services, actor: Actor, organisation_id: UUID) -> Dossier:
    """Return the newest PART documents, terms and packages, for its head or clerk."""
    with services.uow.reading() as tx:
        organisation = tx.organisations.load(organisation_id)
        known = actor_of(tx, actor.person_id)
        today = organisation.local_day(services.clock())
        if not any(known.holds(r, organisation_id, today) for r in (Role.HEAD, Role.CLERK)):
            raise NotFoundError(f"dossier of {organisation_id}")
        documents = tx.documents.of_organisation(organisation_id, limit=PART).items
        signatures: dict[UUID, list[Signature]] = {}
        for signature in tx.signatures.of_documents([d.id for d in documents]):
            signatures.setdefault(signature.document_id, []).append(signature)
        owed = tx.obligations.of_debtor(organisation_id, limit=PART).items
        names = people_named(tx, [o.employment_id for o in owed if o.employment_id])
        return Dossier(
            organisation=organisation.short_name,
            documents=tuple(
                _document(tx, services, organisation, d, signatures.get(d.id, []))
                for d in sorted(documents, key=lambda d: (d.created_at, d.type_code))
            ),
            obligations=tuple(
                _obligation(o, names, organisation) for o in sorted(owed, key=lambda o: o.key)
            ),
            sent=tuple(
                sorted(
                    tx.submissions.of_sender(organisation_id, limit=PART).items,
                    key=lambda s: s.sent_at,
                )
            ),
            pairs=filed_pairs(tx, services, organisation),
        )


def _document(
    tx: Repositories,
    services: Services,
    organisation: Organisation,
    document: Document,
    signatures: list[Signature],
) -> FiledDocument:
    regulation = services.packs.get(document.pack, document.pack_version)
    kind = regulation.document_types[document.type_code]
    sequence = document.fixing.sequence if document.fixing else 0
    copies = {c.file: c.copy for c in tx.visual_copies.newest(document.id, sequence)}
    manifest = document.manifest or Manifest(())
    return FiledDocument(
        id=document.id,
        type_code=document.type_code,
        title=document.title,
        number=document.number,
        dated=document.dated,
        state=state_of_document(document, kind, organisation.visa_roles),
        on_paper=document.on_paper,
        existing=document.existing is not None,
        approved_by=document.approved_by,
        files=tuple(
            FiledFile(f.name, f.role, f.document_id, f.pdf, f.docx, copies.get(f.pdf, ""))
            for f in manifest.files
        ),
        signatures=tuple(
            FiledSignature(
                act=s.id,
                file=file.file,
                signature=file.signature,
                format=file.format,
                report=file.report_now or file.report,
                owner=s.owner,
                serial=s.serial,
                received_at=s.received_at,
                status=s.status,
                training=s.training,
                counts=s.fixing == sequence,
                explanation=s.explanation,
                long_term=file.long_term,
            )
            for s in signatures
            for file in s.files
        ),
        readers=_readers(tx, document, kind, organisation),
        pairs=tuple(line.case_id for line in document.lines if kind.case_kind == ASSIGNMENT),
        cancelled=tuple(line.case_id for line in document.lines if line.cancelled_by),
    )


def _readers(
    tx: Repositories, document: Document, kind: DocumentType, organisation: Organisation
) -> tuple[FiledReader, ...]:
    """What is marked at the steps of acknowledgement, in the order of the document."""
    steps = [
        (step.employment_id, mark)
        for step in steps_of(document, kind, organisation.visa_roles)
        if step.verb is Verb.ACKNOWLEDGE and step.employment_id
        if (mark := last_mark(document, step)) is not None
    ]
    names = people_named(tx, [employment_id for employment_id, _ in steps])
    return tuple(
        FiledReader(
            name=names[employment_id],
            verdict=mark.verdict,
            on=mark.happened_on or organisation.local_day(mark.at),
            by_clerk=mark.entered_by is not None,
        )
        for employment_id, mark in steps
    )


def _obligation(
    owed: Obligation, names: Mapping[UUID, str], organisation: Organisation
) -> FiledObligation:
    arrived = owed.first_arrival
    day = organisation.local_day(arrived) if arrived else None
    return FiledObligation(
        key=owed.key,
        title=owed.title,
        due=owed.due_now,
        state=state_of(owed),
        first_arrival=owed.first_arrival,
        on_paper=any(f.on_paper for f in owed.fulfilments),
        debtor=names[owed.employment_id] if owed.employment_id else "",
        role=owed.role or "",
        pair=owed.case_id,
        reason=owed.changes[-1].ground if owed.changes else "",
        in_time=day <= owed.due_now if day and owed.due_now else None,
    )
