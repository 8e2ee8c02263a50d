"""«Напоминания»: of which terms a person has been reminded that are still open, and where to go."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from workflow.domain.mandates import Actor
from workflow.domain.obligations import Obligation
from workflow.domain.refusals import Refusal
from workflow.domain.reminders import Addressees, Reminder, ReminderKind, last_day
from workflow.queries.terms import Term, terms_of
from workflow.queries.waiting import short_names
from workflow.store.unit_of_work import Repositories
from workflow.usecases.errors import NotFoundError
from workflow.usecases.pairs.reading import people_named
from workflow.usecases.remind import debtors_of
from workflow.usecases.services import Services

#: What has been overdue for longer is no reminder any more.
REMEMBERED = timedelta(days=366)
MOST_SHOWN = 20


@dataclass(frozen=True)
class OpenReminder:
    """A term of which the person has been reminded.

    `owing` names who owes it when it is somebody else, `mentees` those of the pair that it is
    about; `failure` says why its mail did not come.
    """

    kind: ReminderKind
    title: str
    organisation: str
    term: Term
    owing: str = ""
    mentees: tuple[str, ...] = ()
    failure: Refusal | None = None

    @property
    def urgency(self) -> tuple[date, UUID]:
        return self.term.last or date.max, self.term.obligation_id


@dataclass(frozen=True)
class Reminded:
    """The open reminders of a person, the most urgent first, and how many there are altogether.

    `by_mail`: the installation sends mail; `has_address`: the person's card has an address.
    """

    items: tuple[OpenReminder, ...]
    total: int
    by_mail: bool
    has_address: bool


def reminded(services: Services, actor: Actor) -> Reminded:
    """Return what the actor is reminded of now."""
    now = services.clock()
    with services.uow.reading() as tx:
        person = tx.people.load(actor.person_id)
        newest: dict[UUID, Reminder] = {}
        for one in tx.reminders.of_person(person.id, now.date() - REMEMBERED):
            newest.setdefault(one.obligation_id, one)
        owed = tx.obligations.load_many(newest)
        still = [o for o in owed.values() if last_day(o) == newest[o.id].last]
        found = _open(tx, services, actor, still, newest)
    ordered = sorted(found, key=lambda item: item.urgency)
    return Reminded(
        tuple(ordered[:MOST_SHOWN]), len(ordered), services.mail is not None, bool(person.email)
    )


def _open(
    tx: Repositories,
    services: Services,
    actor: Actor,
    owed: list[Obligation],
    newest: dict[UUID, Reminder],
) -> list[OpenReminder]:
    """Those that still concern the actor: whoever has left an office hears of it no more."""
    concerned = _concerned(tx, services, owed, newest)
    mine = [o for o in owed if actor.person_id in concerned[o.id].everybody]
    terms = terms_of(tx, services, mine)
    places = tx.organisations.load_many(o.debtor_id for o in mine)
    names = short_names(tx, {p for o in mine for p in concerned[o.id].debtors})
    mentees = _mentees(tx, {o.case_id for o in mine if o.case_id})
    found = []
    for one in mine:
        debtors = concerned[one.id].debtors
        personal = one.employment_id is not None or one.role is not None
        others = debtors if personal and actor.person_id not in debtors else ()
        found.append(
            OpenReminder(
                kind=newest[one.id].kind,
                title=one.title,
                organisation=places[one.debtor_id].short_name,
                term=terms[one.id],
                owing=", ".join(names[p] for p in others),
                mentees=mentees.get(one.case_id, ()) if one.case_id else (),
                failure=newest[one.id].failure,
            )
        )
    return found


def _mentees(tx: Repositories, case_ids: Collection[UUID]) -> dict[UUID, tuple[str, ...]]:
    """The mentees of those cases that are pairs."""
    pairs = tx.pairs.find(sorted(case_ids))
    names = people_named(tx, [mentee for pair in pairs.values() for mentee in pair.mentees])
    return {one: tuple(names[m] for m in pair.mentees) for one, pair in pairs.items()}


def _concerned(
    tx: Repositories, services: Services, owed: list[Obligation], newest: dict[UUID, Reminder]
) -> dict[UUID, Addressees]:
    now = services.clock()
    debtors = debtors_of(tx, services, owed)
    posts = tx.employments.load_many(o.employment_id for o in owed if o.employment_id)
    return {
        o.id: debtors[o.debtor_id].addressees(
            o, newest[o.id].kind, posts[o.employment_id] if o.employment_id else None, now
        )
        for o in owed
    }


@dataclass(frozen=True)
class Reference:
    """Where a reminder leads: one's own pair, else the document if begun, its case, or the task."""

    pair_id: UUID | None = None
    document_id: UUID | None = None
    case_id: UUID | None = None
    obligation_id: UUID | None = None


def reference(services: Services, actor: Actor, obligation_id: UUID) -> Reference:
    """Return where the actor does what they were reminded of.

    NotFoundError when the actor was never reminded of it. Whether the page is for the actor's
    eyes is asked there.
    """
    with services.uow.reading() as tx:
        told = {r.recipient_id for r in tx.reminders.of_obligations([obligation_id])}
        if actor.person_id not in told:
            raise NotFoundError(f"{actor.person_id} was not reminded of {obligation_id}")
        owed = tx.obligations.load(obligation_id)
        if owed.case_id is None:
            return Reference(obligation_id=owed.id)
        if owed.employment_id is not None and actor.has_employment(owed.employment_id):
            return Reference(pair_id=owed.case_id)
        headings = tx.documents.headings_of_cases([owed.case_id])[owed.case_id]
        begun = [h.id for h in headings if h.type_code == owed.type_code]
        return Reference(document_id=begun[-1]) if begun else Reference(case_id=owed.case_id)
