"""The facts of a document: what is filled in, what may be chosen, what is missing."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from workflow.domain.documents import Document
from workflow.domain.facts import FactProblem, check_facts
from workflow.domain.mandates import Actor
from workflow.domain.permissions import may_edit, may_submit
from workflow.domain.refusals import Refusal
from workflow.domain.regulations import Choice, DocumentType, FieldKind, FieldSpec
from workflow.domain.routes import DocumentState
from workflow.queries.fact_lines import FactLine, fact_lines, names_in
from workflow.queries.headings import Heading, heading_of
from workflow.store.unit_of_work import Repositories
from workflow.usecases import desk as desks
from workflow.usecases.desk import Desk
from workflow.usecases.errors import NotFoundError
from workflow.usecases.letter import PACKAGE
from workflow.usecases.prepare import APPROVES
from workflow.usecases.services import Services
from workflow.usecases.unconfirmed import with_unconfirmed
from workflow.usecases.wording import document_named

SENDABLE = (DocumentState.IN_FORCE, DocumentState.AMENDED)
OVER = (DocumentState.CANCELLED, DocumentState.REPEALED)


@dataclass(frozen=True)
class FactsPage:
    """The form of a document.

    `options` are the answers of fields that name people or documents, by the key of the field;
    `proposed` are answers for what was not filled in yet and the system can guess.
    """

    heading: Heading
    kind: DocumentType
    revision: int
    facts: Mapping[str, object]
    lines: tuple[FactLine, ...]
    options: Mapping[str, tuple[Choice, ...]]
    proposed: Mapping[str, object]
    problems: tuple[FactProblem, ...]
    failure: Refusal | None
    assembled: bool
    edit: Refusal | None
    submit: Refusal | None


def facts_page(services: Services, actor: Actor, document_id: UUID) -> FactsPage:
    """Return the form; NotFoundError when the document is not there, or was not made here."""
    with services.uow.reading() as tx:
        desk = with_unconfirmed(tx, services, desks.lay(tx, services, actor, document_id))
        document, kind = desk.document, desk.kind
        if not document.revisions:
            raise NotFoundError(f"document {document_id} was made elsewhere")
        options = _options(tx, desk)
        return FactsPage(
            heading=heading_of(desk),
            kind=kind,
            revision=document.revision.number,
            facts=document.facts,
            lines=fact_lines(
                kind.fields, document.facts, names_in(tx, kind.fields, [document.facts])
            ),
            options=options,
            proposed=_proposed(document, kind, options, _about_people(tx, services, desk, options)),
            problems=check_facts(kind.fields, document.facts),
            failure=document.revision.failure,
            assembled=document.revision.draft is not None,
            edit=may_edit(document, desk.actor, desk.around),
            submit=may_submit(document, desk.actor, desk.around),
        )


def _options(tx: Repositories, desk: Desk) -> dict[str, tuple[Choice, ...]]:
    """What may be chosen, by the key of the field (of a column, by the column's key)."""
    wanted = [*desk.kind.fields, *(c for f in desk.kind.fields for c in f.columns)]
    staff: tuple[Choice, ...] | None = None
    options: dict[str, tuple[Choice, ...]] = {}
    for spec in wanted:
        if spec.kind in (FieldKind.PERSON, FieldKind.PEOPLE):
            staff = staff or _staff(tx, desk)
            options[spec.key] = staff
        elif spec.kind is FieldKind.DOCUMENTS:
            options[spec.key] = _documents(tx, desk, spec)
    return options


def _staff(tx: Repositories, desk: Desk) -> tuple[Choice, ...]:
    """Who works here today, by name; whoever is named already stays in the list."""
    day: date = desk.around.today
    posts = tx.employments.of_organisation(desk.organisation.id)
    named = str(dict(desk.document.facts))
    kept = [e for e in posts if e.held_on(day) or str(e.id) in named]
    people = tx.people.load_many([e.person_id for e in kept])
    ordered = sorted(kept, key=lambda e: (people[e.person_id].full_name, e.post))
    return tuple(Choice(str(e.id), f"{people[e.person_id].full_name}, {e.post}") for e in ordered)


def _documents(tx: Repositories, desk: Desk, spec: FieldSpec) -> tuple[Choice, ...]:
    """Documents of the same case: those the order may approve, those the letter may send."""
    served = [line.case_id for line in desk.document.lines]
    found = tx.documents.headings_of_cases(served)
    ids = {heading.id for of_case in found.values() for heading in of_case}
    ids.discard(desk.document.id)
    states = tx.documents.states_of(ids)
    documents = tx.documents.load_many(sorted(ids)).values()
    fits = {APPROVES: _may_be_approved, PACKAGE: _may_be_sent}.get(spec.key)
    return tuple(
        Choice(str(other.id), document_named(other))
        for other in documents
        if fits is not None and fits(desk, other, states[other.id])
    )


def _may_be_approved(desk: Desk, other: Document, state: DocumentState) -> bool:
    free = other.approved_by is None and state not in (*SENDABLE, *OVER)
    mine = other.approved_by == desk.document.id
    return other.type_code in desk.kind.approves and (free or mine)


def _may_be_sent(desk: Desk, other: Document, state: DocumentState) -> bool:
    return state in SENDABLE and other.type_code != desk.document.type_code


def _about_people(
    tx: Repositories,
    services: Services,
    desk: Desk,
    options: Mapping[str, tuple[Choice, ...]],
) -> frozenset[str]:
    """The ids among the options that are labour documents."""
    offered = [
        UUID(choice.key)
        for spec in desk.kind.fields
        if spec.kind is FieldKind.DOCUMENTS
        for choice in options.get(spec.key, ())
    ]
    types = services.packs.get(desk.document.pack, desk.document.pack_version).document_types
    found = tx.documents.load_many(offered).values()
    return frozenset(str(d.id) for d in found if types[d.type_code].labour)


def _proposed(
    document: Document,
    kind: DocumentType,
    options: Mapping[str, tuple[Choice, ...]],
    personal: Collection[str],
) -> dict[str, object]:
    """Everything that can be approved or sent is proposed; people take out what is not meant.

    Orders about a person (`personal`) may be sent, but nobody is led to it (ТК РФ, ст. 88).
    """
    return {
        spec.key: tuple(c.key for c in options[spec.key] if c.key not in personal)
        for spec in kind.fields
        if spec.kind is FieldKind.DOCUMENTS and spec.key not in document.facts
    }
