"""How an organisation keeps its originals, and which of its employees agreed to electronic ones."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from workflow.domain.mandates import Actor
from workflow.domain.organisations import Organisation
from workflow.domain.paper import EmployeeAnswer, PaperRegime, may_set_paperwork
from workflow.store.errors import MissingRowError
from workflow.store.unit_of_work import Repositories
from workflow.usecases import desk as desks
from workflow.usecases.errors import NotFoundError
from workflow.usecases.paperwork import laid_organisation, own_types
from workflow.usecases.services import Services

PEOPLE_ON_A_PAGE = 50
MOST_PLACES = 200


@dataclass(frozen=True)
class PaperworkPlace:
    organisation_id: UUID
    name: str


def paperwork_places(services: Services, actor: Actor) -> tuple[PaperworkPlace, ...]:
    """Return the organisations whose originals the actor may speak for."""
    with services.uow.reading() as tx:
        known = desks.actor_of(tx, actor.person_id)
        if known.operator:
            found = list(tx.organisations.page(limit=MOST_PLACES).items)
        else:
            ids = {m.organisation_id for m in known.mandates}
            found = list(tx.organisations.load_many(sorted(ids)).values())
        now = services.clock()
        return tuple(
            PaperworkPlace(one.id, one.short_name)
            for one in found
            if may_set_paperwork(known, one, one.local_day(now)) is None
        )


@dataclass(frozen=True)
class TypeLine:
    """A type of document that the organisation signs."""

    code: str
    title: str
    labour: bool
    on_paper: bool


@dataclass(frozen=True)
class EmployeeLine:
    """An employee; without an `answer` labour documents are on paper."""

    employment_id: UUID
    name: str
    post: str
    answer: EmployeeAnswer | None


@dataclass(frozen=True)
class PaperworkPage:
    """`people` are those of one page (from 1) of `pages`."""

    organisation_id: UUID
    organisation: str
    today: date
    regime: PaperRegime | None
    types: tuple[TypeLine, ...]
    people: tuple[EmployeeLine, ...]
    page: int
    pages: int


def paperwork_page(
    services: Services, actor: Actor, organisation_id: UUID, page: int = 1
) -> PaperworkPage:
    """Return the page to head, clerk and operator; NotFoundError to all others."""
    with services.uow.reading() as tx:
        organisation = _seen(tx, services, actor, organisation_id)
        today = organisation.local_day(services.clock())
        regime = tx.paper_regimes.of(organisation.id)
        people = _people(tx, organisation, today)
        pages = max(1, -(-len(people) // PEOPLE_ON_A_PAGE))
        place = min(max(page, 1), pages)
        shown = people[(place - 1) * PEOPLE_ON_A_PAGE : place * PEOPLE_ON_A_PAGE]
        answers = tx.employee_answers.of_many([one for one, _name, _post in shown])
        return PaperworkPage(
            organisation_id=organisation.id,
            organisation=organisation.name_on(today).short,
            today=today,
            regime=regime,
            types=_types(services, organisation, regime),
            people=tuple(
                EmployeeLine(one, name, post, answers.get(one)) for one, name, post in shown
            ),
            page=place,
            pages=pages,
        )


def _seen(
    tx: Repositories, services: Services, actor: Actor, organisation_id: UUID
) -> Organisation:
    organisation = laid_organisation(tx, services, actor, organisation_id)
    known = desks.actor_of(tx, actor.person_id)
    today = organisation.local_day(services.clock())
    if may_set_paperwork(known, organisation, today) is not None:
        raise NotFoundError(f"paperwork of {organisation_id} is not for {actor.person_id}")
    return organisation


def _people(
    tx: Repositories, organisation: Organisation, today: date
) -> list[tuple[UUID, str, str]]:
    """Who works there today: employment, name and post, by name."""
    held = [e for e in tx.employments.of_organisation(organisation.id) if e.held_on(today)]
    people = tx.people.load_many([e.person_id for e in held])
    named = [(e.id, people[e.person_id].full_name, e.post) for e in held]
    return sorted(named, key=lambda line: line[1:])


def _types(
    services: Services, organisation: Organisation, regime: PaperRegime | None
) -> tuple[TypeLine, ...]:
    on_paper = regime.paper_types if regime else ()
    return tuple(
        TypeLine(kind.code, kind.title, kind.labour, kind.code in on_paper)
        for kind in own_types(services, organisation)
    )


@dataclass(frozen=True)
class EmployeePage:
    """One employee with everything that was answered, the newest first."""

    organisation_id: UUID
    organisation: str
    employment_id: UUID
    name: str
    post: str
    since: date
    today: date
    history: tuple[EmployeeAnswer, ...]


def employee_page(services: Services, actor: Actor, employment_id: UUID) -> EmployeePage:
    """Return the page to head, clerk and operator; NotFoundError to all others."""
    with services.uow.reading() as tx:
        try:
            employment = tx.employments.load(employment_id)
        except MissingRowError as error:
            raise NotFoundError(f"employment {employment_id}") from error
        organisation = _seen(tx, services, actor, employment.organisation_id)
        today = organisation.local_day(services.clock())
        return EmployeePage(
            organisation_id=organisation.id,
            organisation=organisation.name_on(today).short,
            employment_id=employment.id,
            name=tx.people.load(employment.person_id).full_name,
            post=employment.post,
            since=employment.since,
            today=today,
            history=tuple(tx.employee_answers.history(employment.id)),
        )
