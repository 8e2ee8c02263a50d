"""The programmes of a person's organisations, and what may be opened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from workflow.domain.mandates import Actor
from workflow.domain.organisations import Organisation, OrganisationKind
from workflow.domain.pairs import ASSIGNMENT
from workflow.domain.regulations import Origin, Regulation
from workflow.queries.case_page import IN_FORCE, READERS
from workflow.store.unit_of_work import Repositories
from workflow.usecases.open_case import OPENERS
from workflow.usecases.services import Services

MOST_CASES = 50


@dataclass(frozen=True)
class CaseLine:
    """A programme in a list: how many of its `types` have a document in force."""

    case_id: UUID
    title: str
    school_year: str
    organisation: str
    closed: bool
    in_force: int
    types: int


@dataclass(frozen=True)
class CaseChoice:
    """What may be opened where: a kind of case in an organisation."""

    organisation_id: UUID
    organisation: str
    kind: str
    title: str
    today: date


@dataclass(frozen=True)
class CaseList:
    cases: tuple[CaseLine, ...]
    choices: tuple[CaseChoice, ...]


def case_list(services: Services, actor: Actor) -> CaseList:
    """Return the programmes of the actor's organisations, and what the actor may open."""
    with services.uow.reading() as tx:
        lines: list[CaseLine] = []
        choices: list[CaseChoice] = []
        for place in _workplaces(tx, services, actor):
            today = place.local_day(services.clock())
            lines += _case_lines(tx, services, place)
            if any(actor.holds(role, place.id, today) for role in OPENERS) and place.pack:
                choices += _choices(services, place, today)
        return CaseList(tuple(lines), tuple(choices))


def _workplaces(tx: Repositories, services: Services, actor: Actor) -> list[Organisation]:
    named = {m.organisation_id for m in actor.mandates if m.role in READERS}
    places = tx.organisations.load_many(sorted(named)).values()
    now = services.clock()
    return [
        place
        for place in places
        if any(actor.holds(role, place.id, place.local_day(now)) for role in READERS)
    ]


def _case_lines(tx: Repositories, services: Services, place: Organisation) -> list[CaseLine]:
    found = tx.cases.of_organisation(place.id, limit=MOST_CASES).items
    cases = [case for case in found if case.kind != ASSIGNMENT]  # pairs have a list of their own
    headings = tx.documents.headings_of_cases([case.id for case in cases])
    lines = []
    for case in cases:
        regulation = services.packs.get(case.pack, case.pack_version)
        wanted = regulation.case_kinds[case.kind].documents
        if not is_made_here(regulation, case.kind):
            continue
        done = {h.type_code for h in headings[case.id] if h.state in IN_FORCE}
        lines.append(
            CaseLine(
                case_id=case.id,
                title=case.title,
                school_year=case.school_year,
                organisation=place.short_name,
                closed=case.closed_at is not None,
                in_force=len(done.intersection(wanted)),
                types=len(wanted),
            )
        )
    return lines


def _choices(services: Services, place: Organisation, today: date) -> list[CaseChoice]:
    if place.kind is OrganisationKind.OFFICE:
        return []  # an office sets tasks; the programmes are those of its schools
    regulation = services.packs.newest(place.pack)
    return [
        CaseChoice(place.id, place.short_name, kind.key, kind.title, today)
        for kind in regulation.case_kinds.values()
        if kind.key != ASSIGNMENT and is_made_here(regulation, kind.key)
    ]


def is_made_here(regulation: Regulation, kind: str) -> bool:
    """Whether documents of the kind of case are made here, not only registered."""
    codes = regulation.case_kinds[kind].documents
    return any(regulation.document_types[code].origin is not Origin.EXISTING for code in codes)
