"""A programme as a task list: what is done, what is next, what waits for whom."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from workflow.domain.cases import Case, stage_of
from workflow.domain.mandates import Actor
from workflow.domain.obligations import Evidence, Obligation, ObligationState, state_of
from workflow.domain.organisations import Organisation
from workflow.domain.permissions import Circumstances, may_prepare
from workflow.domain.refusals import Refusal
from workflow.domain.regulations import (
    CaseKind,
    DocumentType,
    PeriodicDuty,
    Regulation,
    Role,
)
from workflow.domain.routes import DocumentState
from workflow.queries.terms import Term, terms_of
from workflow.queries.waiting import Waits, who_waits
from workflow.store.errors import MissingRowError
from workflow.store.repositories.documents import Heading
from workflow.store.unit_of_work import Repositories
from workflow.usecases.errors import NotFoundError
from workflow.usecases.open_case import OPENERS
from workflow.usecases.services import Services

READERS = (*OPENERS, Role.OFFICER)
IN_FORCE = (DocumentState.IN_FORCE, DocumentState.AMENDED)
ENDED = (DocumentState.CANCELLED, DocumentState.REPEALED)
MOST_OWED = 500


@dataclass(frozen=True)
class DocumentLine:
    """A document of the case; number and date of an approved one are those of its order."""

    document_id: UUID
    title: str
    state: DocumentState
    number: str
    dated: date | None
    waits: tuple[Waits, ...]


@dataclass(frozen=True)
class TypeLine:
    """A type of document that the case needs.

    `documents` are those begun, the newest first. `refusal` says why the actor may not begin one,
    `first` which documents have to be in force before.
    """

    code: str
    title: str
    article: str
    documents: tuple[DocumentLine, ...]
    terms: tuple[Term, ...]
    refusal: Refusal | None
    first: tuple[str, ...] = ()


@dataclass(frozen=True)
class StageLines:
    """A stage of the regulation with the documents that lead out of it."""

    key: str
    title: str
    article: str
    reached: bool
    current: bool
    types: tuple[TypeLine, ...]


@dataclass(frozen=True)
class CasePage:
    """`tasks` are obligations that no document meets, `duties` what comes back periodically."""

    case: Case
    organisation: str
    regulation: str
    today: date
    stages: tuple[StageLines, ...]
    tasks: tuple[Term, ...]
    duties: tuple[PeriodicDuty, ...]


def case_page(services: Services, actor: Actor, case_id: UUID) -> CasePage:
    """Return the page; NotFoundError for a case that is not there or not of the actor's work."""
    with services.uow.reading() as tx:
        case, organisation = _open(tx, services, actor, case_id)
        today = organisation.local_day(services.clock())
        regulation = services.packs.get(case.pack, case.pack_version)
        kind = regulation.case_kinds[case.kind]
        owed = tx.obligations.of_debtor(organisation.id, limit=MOST_OWED).items[::-1]
        terms = terms_of(tx, services, owed)
        documents = _documents(tx, actor, case, today)
        lines = {
            code: _type_line(
                regulation.document_types[code],
                regulation,
                documents,
                [terms[o.id] for o in owed if o.type_code == code],
                may_prepare(
                    actor,
                    Circumstances(regulation.document_types[code], organisation, services.clock()),
                ),
            )
            for code in kind.documents
        }
        return CasePage(
            case=case,
            organisation=organisation.name_on(today).short,
            regulation=regulation.title,
            today=today,
            stages=_stages(kind, regulation, lines, _accepted(owed)),
            tasks=tuple(terms[o.id] for o in owed if not o.type_code),
            duties=regulation.duties,
        )


def _open(
    tx: Repositories, services: Services, actor: Actor, case_id: UUID
) -> tuple[Case, Organisation]:
    try:
        case = tx.cases.load(case_id)
    except MissingRowError as error:
        raise NotFoundError(f"case {case_id}") from error
    organisation = tx.organisations.load(case.organisation_id)
    today = organisation.local_day(services.clock())
    if not any(actor.holds(role, organisation.id, today) for role in READERS):
        raise NotFoundError(f"case {case_id} is not for {actor.person_id}")
    return case, organisation


def _documents(
    tx: Repositories, actor: Actor, case: Case, today: date
) -> dict[str, tuple[DocumentLine, ...]]:
    """The documents of the case by their types, the newest first."""
    headings = tx.documents.headings_of_cases([case.id])[case.id]
    orders = tx.documents.headings_of({h.approved_by for h in headings if h.approved_by})
    ids = [h.id for h in headings]
    waits = who_waits(tx, tx.documents.open_steps_of(ids), actor, today)
    found: dict[str, list[DocumentLine]] = {}
    for heading in reversed(headings):
        line = _document_line(heading, orders, waits[heading.id])
        found.setdefault(heading.type_code, []).append(line)
    return {code: tuple(lines) for code, lines in found.items()}


def _document_line(
    heading: Heading, orders: Mapping[UUID, Heading], waits: tuple[Waits, ...]
) -> DocumentLine:
    carrier = orders.get(heading.approved_by, heading) if heading.approved_by else heading
    return DocumentLine(
        document_id=heading.id,
        title=heading.title,
        state=heading.state,
        number=carrier.number,
        dated=carrier.dated,
        waits=waits,
    )


def _type_line(
    kind: DocumentType,
    regulation: Regulation,
    documents: Mapping[str, tuple[DocumentLine, ...]],
    terms: list[Term],
    refusal: Refusal | None,
) -> TypeLine:
    needed = [
        code
        for code in kind.depends_on
        if not any(line.state in IN_FORCE for line in documents.get(code, ()))
    ]
    first = [regulation.document_types[code].title for code in needed]
    if kind.approves and not any(documents.get(code) for code in kind.approves):
        first += [regulation.document_types[code].title for code in kind.approves]
    return TypeLine(
        code=kind.code,
        title=kind.title,
        article=kind.article,
        documents=documents.get(kind.code, ()),
        terms=tuple(terms),
        refusal=refusal,
        first=tuple(first),
    )


def _accepted(owed: Iterable[Obligation]) -> frozenset[str]:
    return frozenset(
        o.type_code
        for o in owed
        if o.evidence is Evidence.SUBMISSION and state_of(o) is ObligationState.MET
    )


def _stages(
    kind: CaseKind,
    regulation: Regulation,
    lines: Mapping[str, TypeLine],
    accepted: frozenset[str],
) -> tuple[StageLines, ...]:
    states = {code: line.documents[0].state for code, line in lines.items() if line.documents}
    reached = stage_of(kind, states, accepted)
    keys = [stage.key for stage in kind.stages]
    last = keys.index(reached) if reached in keys else 0
    places = _places(kind, regulation)
    return tuple(
        StageLines(
            key=stage.key,
            title=stage.title,
            article=stage.article,
            reached=place <= last,
            current=place == last,
            types=tuple(lines[code] for code in kind.documents if places[code] == place),
        )
        for place, stage in enumerate(kind.stages)
    ) or (StageLines("", kind.title, "", True, True, tuple(lines.values())),)


def _places(kind: CaseKind, regulation: Regulation) -> dict[str, int]:
    """In which stage each type is worked on: the one before the first stage that asks for it.

    An order belongs to what it approves; what no stage asks for belongs to the first.
    """
    places: dict[str, int] = {}
    for place, stage in enumerate(kind.stages):
        for code in (*stage.when_in_force, *stage.when_accepted):
            places.setdefault(code, max(0, place - 1))
    for code in kind.documents:
        approved = [places[a] for a in regulation.document_types[code].approves if a in places]
        places.setdefault(code, min(approved, default=0))
    return places
