"""People, posts, mandates, accounts as the operator sets them up."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from workflow.domain.accounts import Account
from workflow.domain.mandates import Actor, Mandate
from workflow.domain.people import Employment, Person
from workflow.queries.admin import PAGE, operators_reading
from workflow.store.unit_of_work import Repositories
from workflow.usecases.accounts import is_locked
from workflow.usecases.services import Services


@dataclass(frozen=True)
class PostLine:
    """A post with its organisation; `held` on the organisation's present day."""

    employment: Employment
    organisation: str
    held: bool


@dataclass(frozen=True)
class PersonLine:
    person: Person
    posts: tuple[PostLine, ...]


@dataclass(frozen=True)
class PersonList:
    """`following` (None: the end) asks for the next page."""

    lines: tuple[PersonLine, ...]
    following: UUID | None


def person_list(
    services: Services, actor: Actor, surname: str = "", before: UUID | None = None
) -> PersonList:
    """Return a page of people, entered last first; with `surname` those whose name begins so."""
    with operators_reading(services, actor) as tx:
        if surname:
            people: tuple[Person, ...] = tuple(tx.people.beginning(surname, limit=PAGE))
            following = None
        else:
            page = tx.people.page(limit=PAGE, before=before)
            people, following = page.items, page.following
        posts = _posts(tx, services, tx.employments.of_people(p.id for p in people))
    return PersonList(
        tuple(
            PersonLine(
                person,
                tuple(p for p in posts if p.employment.person_id == person.id and p.held),
            )
            for person in people
        ),
        following,
    )


def _posts(
    tx: Repositories, services: Services, employments: Iterable[Employment]
) -> tuple[PostLine, ...]:
    employments = tuple(employments)
    places = tx.organisations.load_many(e.organisation_id for e in employments)
    now = services.clock()
    return tuple(
        PostLine(
            employment=one,
            organisation=places[one.organisation_id].short_name,
            held=one.held_on(places[one.organisation_id].local_day(now)),
        )
        for one in employments
    )


@dataclass(frozen=True)
class HeldMandate:
    """A mandate; `in_force` on the organisation's present day."""

    mandate: Mandate
    organisation: str
    in_force: bool


@dataclass(frozen=True)
class AccountLine:
    """An account without its secrets; `locked_until` is None when the account is not locked."""

    id: UUID
    login: str
    person_id: UUID
    name: str
    operator: bool
    closed_at: datetime | None
    locked_until: datetime | None


def _account_line(account: Account, person: Person, now: datetime) -> AccountLine:
    return AccountLine(
        id=account.id,
        login=account.login,
        person_id=person.id,
        name=person.full_name,
        operator=account.operator,
        closed_at=account.closed_at,
        locked_until=account.locked_until if is_locked(account, now) else None,
    )


@dataclass(frozen=True)
class PersonCard:
    """Everything about one person."""

    person: Person
    posts: tuple[PostLine, ...]
    mandates: tuple[HeldMandate, ...]
    accounts: tuple[AccountLine, ...]


def person_card(services: Services, actor: Actor, person_id: UUID) -> PersonCard:
    """Return the card; NotFoundError when there is no such person."""
    now = services.clock()
    with operators_reading(services, actor) as tx:
        person = tx.people.load(person_id)
        posts = _posts(tx, services, tx.employments.of_person(person_id))
        mandates = tx.mandates.of_person(person_id)
        places = tx.organisations.load_many(m.organisation_id for m in mandates)
        accounts = tx.accounts.of_person(person_id)
    return PersonCard(
        person=person,
        posts=posts,
        mandates=tuple(
            HeldMandate(
                mandate=m,
                organisation=places[m.organisation_id].short_name,
                in_force=m.in_force(places[m.organisation_id].local_day(now)),
            )
            for m in mandates
        ),
        accounts=tuple(_account_line(a, person, now) for a in accounts),
    )


@dataclass(frozen=True)
class PostCard:
    """A post with its person and organisation; `today` is the organisation's day."""

    employment: Employment
    person: Person
    organisation: str
    today: date


def post_card(services: Services, actor: Actor, employment_id: UUID) -> PostCard:
    """Return a post; NotFoundError when there is none."""
    with operators_reading(services, actor) as tx:
        employment = tx.employments.load(employment_id)
        organisation = tx.organisations.load(employment.organisation_id)
        person = tx.people.load(employment.person_id)
    today = organisation.local_day(services.clock())
    return PostCard(employment, person, organisation.short_name, today)


@dataclass(frozen=True)
class MandateCard:
    mandate: Mandate
    person: Person
    organisation: str


def mandate_card(services: Services, actor: Actor, mandate_id: UUID) -> MandateCard:
    """Return a mandate with its holder; NotFoundError when there is none."""
    with operators_reading(services, actor) as tx:
        mandate = tx.mandates.load(mandate_id)
        organisation = tx.organisations.load(mandate.organisation_id)
        return MandateCard(mandate, tx.people.load(mandate.person_id), organisation.short_name)


@dataclass(frozen=True)
class AccountList:
    """`following` (None: the end) asks for the next page."""

    lines: tuple[AccountLine, ...]
    following: UUID | None


def account_list(services: Services, actor: Actor, before: UUID | None = None) -> AccountList:
    """Return a page of accounts, the newest first."""
    now = services.clock()
    with operators_reading(services, actor) as tx:
        page = tx.accounts.page(limit=PAGE, before=before)
        people = tx.people.load_many(a.person_id for a in page.items)
    return AccountList(
        tuple(_account_line(a, people[a.person_id], now) for a in page.items),
        page.following,
    )


def account_card(services: Services, actor: Actor, account_id: UUID) -> AccountLine:
    """Return one account; NotFoundError when there is none."""
    now = services.clock()
    with operators_reading(services, actor) as tx:
        account = tx.accounts.load(account_id)
        return _account_line(account, tx.people.load(account.person_id), now)
