"""«Что ждёт меня»: what waits for a person now, over all organisations, the most urgent first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from workflow.domain.cases import Case
from workflow.domain.mandates import Actor
from workflow.domain.obligations import Evidence, Obligation
from workflow.domain.organisations import Organisation
from workflow.domain.permissions import Circumstances, may_prepare
from workflow.domain.regulations import Regulation, Role, Verb
from workflow.domain.routes import DocumentState
from workflow.domain.submissions import SubmissionState
from workflow.queries.pairs_waiting import PairWaiting, pairs_waiting
from workflow.queries.powers_to_say import powers_to_say
from workflow.queries.terms import Term, soonest, terms_of
from workflow.queries.waiting import roles_held
from workflow.queries.waiting_by_power import waiting_by_power
from workflow.queries.without_mentor import without_mentor
from workflow.store.repositories.documents import Heading
from workflow.store.repositories.obligations import STILL_OPEN
from workflow.store.unit_of_work import Repositories
from workflow.usecases.open_case import OPENERS
from workflow.usecases.services import Services

AT_ONCE = 20
MOST_OWED = 200
MOST_PACKAGES = 200


class Ask(StrEnum):
    """What the person is asked to do: a verb of a route, or the beginning of something."""

    PREPARE = "prepare"
    AGREE = "agree"
    DECIDE = "decide"
    RESOLVE = "resolve"
    FIX = "fix"
    SIGN = "sign"
    REGISTER = "register"
    ACKNOWLEDGE = "acknowledge"
    DELIVER = "deliver"
    ACCEPT = "accept"
    BEGIN = "begin"
    ANSWER = "answer"
    OPEN_CASE = "open_case"
    PROPOSE = "propose"  # a mentor for somebody who needs one
    PAPER = "paper"  # a paper that the order on a pair asks for
    ORDER = "order"  # on pairs whose papers are all there
    CLEAR_UP = "clear_up"  # a rule stops a pair
    ALLOW = "allow"  # the head lets a pair pass
    SAY_CODES = "say_codes"  # what a power of attorney lets its holder sign


#: Of two things due on the same day the one that others wait for comes first.
_ORDER = (
    Ask.SIGN,
    Ask.AGREE,
    Ask.DELIVER,
    Ask.ACCEPT,
    Ask.FIX,
    Ask.DECIDE,
    Ask.RESOLVE,
    Ask.ALLOW,
    Ask.SAY_CODES,
    Ask.PROPOSE,
    Ask.PREPARE,
    Ask.ORDER,
    Ask.PAPER,
    Ask.CLEAR_UP,
    Ask.BEGIN,
    Ask.OPEN_CASE,
    Ask.ANSWER,
    Ask.ACKNOWLEDGE,
    Ask.REGISTER,
)


@dataclass(frozen=True)
class Waiting:
    """One thing to do.

    `document_id` is set for what is begun, `type_code` and `case_id` for what is to be begun (for
    PROPOSE the pair, whose mentees are the title), `power_id` for a power of attorney, whose
    holder is the title;
    `submission_id` is the package to be accepted, `term` the soonest of the terms that are served;
    `free_from` the first day without the mentor who has given notice. `of_pair` says more of what
    is asked for pairs that are being brought together.
    """

    ask: Ask
    title: str
    organisation: str
    organisation_id: UUID
    document_id: UUID | None = None
    state: DocumentState | None = None
    number: str = ""
    case_id: UUID | None = None
    type_code: str = ""
    submission_id: UUID | None = None
    term: Term | None = None
    free_from: date | None = None
    of_pair: PairWaiting | None = None
    power_id: UUID | None = None

    @property
    def urgency(self) -> tuple[date, int, str]:
        last = self.term.last if self.term and self.term.last else date.max
        return (
            last,
            _ORDER.index(self.ask),
            str(self.document_id or self.power_id or self.type_code),
        )


@dataclass(frozen=True)
class Inbox:
    """A page of the list, numbered from 1, and how much there is altogether.

    `to_sign` are the documents among them that wait for the actor's signature.
    """

    items: tuple[Waiting, ...]
    total: int
    page: int
    pages: int
    to_sign: int = 0


@dataclass(frozen=True)
class _Desk:
    """What an organisation works on: its open programmes, their documents, what it owes."""

    organisation: Organisation
    regulation: Regulation
    cases: tuple[Case, ...]
    headings: Mapping[UUID, tuple[Heading, ...]]
    owed: tuple[Obligation, ...]
    terms: Mapping[UUID, Term]

    def terms_for(self, codes: Iterable[str], sent: bool = False) -> list[Term]:
        wanted = set(codes)
        return [
            self.terms[o.id]
            for o in self.owed
            if o.type_code in wanted or (sent and o.evidence is Evidence.SUBMISSION)
        ]


def inbox(services: Services, actor: Actor, page: int = 1) -> Inbox:
    """Return what waits for the actor; a page outside the list is its nearest one."""
    with services.uow.reading() as tx:
        places = _places(tx, actor)
        now = services.clock()
        days = {place.id: place.local_day(now) for place in places.values()}
        roles = roles_held(actor, days)
        desks = {
            place.id: _lay(tx, services, place)
            for place in places.values()
            if place.pack and any((place.id, role) in roles for role in OPENERS)
        }
        found = _steps(tx, services, actor, roles, places, desks)
        for desk in desks.values():
            found += _duties(services, desk, actor)
        found += _without_mentor(tx, services, roles, places)
        found += _powers(tx, services, actor, places)
        found += _of_pairs(pairs_waiting(tx, services, actor, roles, places), places)
    ordered = sorted(found, key=lambda item: item.urgency)
    pages = max(1, -(-len(ordered) // AT_ONCE))
    page = min(max(1, page), pages)
    shown = ordered[(page - 1) * AT_ONCE : page * AT_ONCE]
    to_sign = sum(item.ask is Ask.SIGN for item in ordered)
    return Inbox(tuple(shown), len(ordered), page, pages, to_sign)


def _places(tx: Repositories, actor: Actor) -> dict[UUID, Organisation]:
    named = [e.organisation_id for e in actor.employments]
    named += [m.organisation_id for m in actor.mandates]
    return tx.organisations.load_many(named)


def _lay(tx: Repositories, services: Services, place: Organisation) -> _Desk:
    cases = tx.cases.of_organisation(place.id, only_open=True).items
    owed = tx.obligations.of_debtor(place.id, states=STILL_OPEN, limit=MOST_OWED).items
    headings = tx.documents.headings_of_cases([case.id for case in cases])
    return _Desk(
        organisation=place,
        regulation=services.packs.newest(place.pack),
        cases=cases,
        headings={case_id: tuple(found) for case_id, found in headings.items()},
        owed=owed,
        terms=terms_of(tx, services, owed),
    )


def _steps(
    tx: Repositories,
    services: Services,
    actor: Actor,
    roles: set[tuple[UUID, Role]],
    places: Mapping[UUID, Organisation],
    desks: Mapping[UUID, _Desk],
) -> list[Waiting]:
    """The open steps of documents that wait for the actor, each document and verb once."""
    waiting = tx.documents.waiting_for([e.id for e in actor.employments], roles)
    waiting += waiting_by_power(tx, services, actor)
    headings = tx.documents.headings_of({document_id for document_id, _ in waiting})
    offices = {s.organisation_id for _, s in waiting if s.verb is Verb.ACCEPT and s.organisation_id}
    packages = _unanswered(tx, offices)
    others = {h.organisation_id for h in headings.values()} - places.keys()
    named = {**places, **tx.organisations.load_many(others)}
    once = dict.fromkeys((document_id, step.verb) for document_id, step in waiting)
    found = []
    for document_id, verb in once:
        heading = headings[document_id]
        place = named[heading.organisation_id]
        found.append(
            Waiting(
                ask=Ask(verb.value),
                title=heading.title,
                organisation=place.short_name,
                organisation_id=place.id,
                document_id=document_id,
                state=heading.state,
                number=heading.number,
                type_code=heading.type_code,
                submission_id=packages.get(document_id) if verb is Verb.ACCEPT else None,
                term=_term_of(services, heading, verb, desks.get(place.id)),
            )
        )
    return found


def _without_mentor(
    tx: Repositories,
    services: Services,
    roles: set[tuple[UUID, Role]],
    places: Mapping[UUID, Organisation],
) -> list[Waiting]:
    return [
        Waiting(
            ask=Ask.PROPOSE,
            title=", ".join(one.mentees),
            organisation=places[one.organisation_id].short_name,
            organisation_id=one.organisation_id,
            case_id=one.case_id,
            free_from=one.free_from,
        )
        for one in without_mentor(tx, services, roles, places)
    ]


def _powers(
    tx: Repositories, services: Services, actor: Actor, places: Mapping[UUID, Organisation]
) -> list[Waiting]:
    return [
        Waiting(
            ask=Ask.SAY_CODES,
            title=one.holder,
            organisation=places[one.organisation_id].short_name,
            organisation_id=one.organisation_id,
            power_id=one.power_id,
        )
        for one in powers_to_say(tx, services, actor, places)
    ]


def _of_pairs(waiting: Iterable[PairWaiting], places: Mapping[UUID, Organisation]) -> list[Waiting]:
    return [
        Waiting(
            ask=Ask(one.ask.value),
            title=one.title,
            organisation=places[one.organisation_id].short_name,
            organisation_id=one.organisation_id,
            case_id=one.case_id,
            type_code=one.type_code,
            of_pair=one,
        )
        for one in waiting
    ]


def _unanswered(tx: Repositories, offices: Iterable[UUID]) -> dict[UUID, UUID]:
    """The packages that wait for an answer in these offices, by their letters."""
    found: dict[UUID, UUID] = {}
    for office_id in offices:
        states = (SubmissionState.ARRIVED, SubmissionState.EXAMINED)
        page = tx.submissions.of_receiver(office_id, states=states, limit=MOST_PACKAGES)
        found |= {package.letter_id: package.id for package in page.items if package.letter_id}
    return found


def _term_of(services: Services, heading: Heading, verb: Verb, desk: _Desk | None) -> Term | None:
    """The soonest term that the document serves; being read or accepted serves none."""
    if desk is None or verb in (Verb.ACKNOWLEDGE, Verb.ACCEPT):
        return None
    regulation = services.packs.get(heading.pack, heading.pack_version)
    kind = regulation.document_types[heading.type_code]
    return soonest(desk.terms_for((kind.code, *kind.approves), sent=bool(kind.addressee)))


def _duties(services: Services, desk: _Desk, actor: Actor) -> list[Waiting]:
    """What has to be begun or answered because it is owed."""
    # What one person owes is met by that person's own step, which waits for nobody else.
    owed = [o for o in desk.owed if o.evidence is not Evidence.STEP]
    answers = [o for o in owed if not o.type_code]
    found = [_waiting(desk, Ask.ANSWER, o.title, desk.terms[o.id]) for o in answers]
    by_document = [o for o in owed if o.type_code]
    programmes = [case for case in desk.cases if _is_programme(desk.regulation, case.kind)]
    if by_document and not programmes:
        term = soonest(desk.terms[o.id] for o in by_document)
        title = _programme_title(desk.regulation)
        return [*found, _waiting(desk, Ask.OPEN_CASE, title, term)] if title else found
    for case in programmes:
        found += _to_begin(services, desk, case, actor, by_document)
    return found


def _is_programme(regulation: Regulation, kind: str) -> bool:
    known = regulation.case_kinds.get(kind)
    return known is not None and any(
        regulation.document_types[code].template for code in known.documents
    )


def _programme_title(regulation: Regulation) -> str:
    made = [k.title for key, k in regulation.case_kinds.items() if _is_programme(regulation, key)]
    return made[0] if made else ""


def _to_begin(
    services: Services, desk: _Desk, case: Case, actor: Actor, owed: list[Obligation]
) -> list[Waiting]:
    """Documents that are owed and not begun; the letter, once what it sends is in force."""
    types = services.packs.get(case.pack, case.pack_version).document_types
    begun = {heading.type_code for heading in desk.headings[case.id]}
    wanted: list[str] = [o.type_code for o in owed if o.type_code not in begun]
    wanted += _letters(desk, case, _sent_types(services, case), owed)
    found = []
    for code in dict.fromkeys(wanted):
        kind = types.get(code)
        if kind is None or not kind.template:
            continue
        around = Circumstances(kind, desk.organisation, services.clock())
        if may_prepare(actor, around) is None:
            term = soonest(desk.terms_for((code, *kind.approves), sent=bool(kind.addressee)))
            found.append(_waiting(desk, Ask.BEGIN, kind.title, term, case.id, code))
    return found


def _sent_types(services: Services, case: Case) -> tuple[str, ...]:
    """The codes of the case's types that are sent to somebody."""
    regulation = services.packs.get(case.pack, case.pack_version)
    codes = regulation.case_kinds[case.kind].documents
    return tuple(code for code in codes if regulation.document_types[code].addressee)


def _letters(desk: _Desk, case: Case, codes: tuple[str, ...], owed: list[Obligation]) -> list[str]:
    headings = desk.headings[case.id]
    in_force = {h.type_code for h in headings if h.state is DocumentState.IN_FORCE}
    to_send = any(o.evidence is Evidence.SUBMISSION and o.type_code in in_force for o in owed)
    letters = [h for h in headings if h.type_code in codes]
    under_way = any(h.state is not DocumentState.IN_FORCE for h in letters)
    # A letter in force that is not delivered yet has a step of its own that waits for somebody.
    undelivered = bool(letters) and not _was_returned(desk)
    return list(codes) if to_send and not under_way and not undelivered else []


def _was_returned(desk: _Desk) -> bool:
    return any(o.repair_due is not None for o in desk.owed)


def _waiting(
    desk: _Desk,
    ask: Ask,
    title: str,
    term: Term | None,
    case_id: UUID | None = None,
    type_code: str = "",
) -> Waiting:
    return Waiting(
        ask=ask,
        title=title,
        organisation=desk.organisation.short_name,
        organisation_id=desk.organisation.id,
        case_id=case_id,
        type_code=type_code,
        term=term,
    )
