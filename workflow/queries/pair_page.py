"""A pair as a task list: mentor, papers, order, daily papers, terms, what happened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, tzinfo
from uuid import UUID

from workflow.domain.administration import may_keep_staff
from workflow.domain.mandates import Actor, filling
from workflow.domain.matching import Check
from workflow.domain.pair_permissions import (
    may_decide_for_pair,
    may_propose_mentor,
    may_request_mentor,
)
from workflow.domain.pairs import Life, Pair, PairStatus, Proposal, Turn
from workflow.domain.permissions import Circumstances, may_enter_paper, may_prepare
from workflow.domain.refusals import Refusal
from workflow.domain.regulations import DocumentType, PairEffect, Role
from workflow.domain.submissions import Submission
from workflow.queries.case_page import DocumentLine
from workflow.queries.pair_next import PairNext, next_of
from workflow.queries.pair_papers import PaperLine
from workflow.queries.pair_places import lay_for_work
from workflow.queries.pair_standing import Standing, standings
from workflow.queries.pair_terms import PairTerm
from workflow.queries.waiting import short_names
from workflow.queries.without_mentor import PROPOSERS
from workflow.store.unit_of_work import Repositories
from workflow.usecases.pairs.checks import checks_for
from workflow.usecases.pairs.lines import label_of
from workflow.usecases.pairs.parties import parties_of
from workflow.usecases.pairs.reading import PairDesk, employment_in
from workflow.usecases.services import Services

#: Who may open every document of the organisation (see `permissions.may_see`).
OPENERS = (Role.HEAD, Role.DEPUTY, Role.CURATOR, Role.CLERK, Role.OFFICER)
PLAN, JOURNAL, REPORT, QUESTIONNAIRE = "D16", "D18", "D26", "D27"
PERSONAL_DATA = "D11"
#: What orders do to a pair; the rest of the turns are papers of one person.
_BY_ORDER = frozenset(PairEffect) - {PairEffect.STATEMENT, PairEffect.NOTICE}


@dataclass(frozen=True)
class DailyLine:
    """A paper of the daily life that the pair needs: of whom, and the newest one begun.

    `begin` says why the actor may not begin one (None: may); `sent` is the newest package that
    went with the letter, with the addressee's answer.
    """

    code: str
    title: str
    article: str
    person: str
    person_id: UUID | None
    document: DocumentLine | None
    begin: Refusal | None
    sent: Submission | None = None


@dataclass(frozen=True)
class OtherLine:
    """A further document of the pair with the person it names first."""

    document: DocumentLine
    person: str


@dataclass(frozen=True)
class TurnLine:
    """A turn with the document behind it and the people it names."""

    turn: Turn
    document: DocumentLine | None
    mentor: str
    mentee: str


@dataclass(frozen=True)
class ProposalLine:
    proposal: Proposal
    mentor: str
    by: str


@dataclass(frozen=True)
class PairAnswers:
    """Why the actor may not do each thing (None: may)."""

    propose: Refusal | None
    decide: Refusal | None
    note_clause: Refusal | None
    order: Refusal | None
    keep_cards: Refusal | None
    enter_paper: Refusal | None


@dataclass(frozen=True)
class PairPage:
    """Everything of a pair's page.

    `names` are short names by employment; `papers` are asked for the mentor who is proposed;
    `daily` what is written while the pair lives; `others` further documents of the pair.
    `opens_documents`: the actor may read the documents; `reads_meetings`: what they
    spoke of as well. `proposers` are those whose word it is.
    """

    pair: Pair
    life: Life
    organisation: str
    regulation: str
    kind: str
    form: str
    names: Mapping[UUID, str]
    posts: Mapping[UUID, str]
    requested_by: str
    pending: bool
    checks: tuple[Check, ...]
    papers: tuple[PaperLine, ...]
    paper_refusals: Mapping[str, Refusal | None]
    order_kind: DocumentType | None
    order: DocumentLine | None
    orders: tuple[DocumentLine, ...]
    daily: tuple[DailyLine, ...]
    meetings: int
    reads_meetings: bool
    others: tuple[OtherLine, ...]
    terms: tuple[PairTerm, ...]
    turns: tuple[TurnLine, ...]
    proposals: tuple[ProposalLine, ...]
    proposers: tuple[str, ...]
    next: PairNext | None
    answers: PairAnswers
    opens_documents: bool
    today: date
    zone: tzinfo
    now: datetime


def pair_page(services: Services, actor: Actor, case_id: UUID) -> PairPage:
    """Return the page; NotFoundError for a pair that is not there or not for these eyes."""
    with services.uow.reading() as tx:
        desk = lay_for_work(tx, services, actor, case_id)
        place = {desk.organisation.id: desk.organisation}
        (standing,) = standings(tx, services, desk.actor, [desk.pair], place, whole=True)
        checks = _checks(tx, desk, standing)
        asked = replace(standing.situation, checks=checks)
        people = _people(tx, desk)
        orders = _orders(standing)
        daily = _daily(tx, services, desk, standing)
        shown = {line.document.document_id for line in daily if line.document}
        shown |= {line.document.document_id for line in standing.papers if line.document}
        shown |= {line.document_id for line in orders}
        rest = [h for h in reversed(standing.headings) if h.id not in shown]
        return PairPage(
            pair=desk.pair,
            life=desk.life,
            organisation=desk.organisation.short_name,
            regulation=desk.regulation.title,
            kind=label_of(desk.regulation.mentoring_kinds, desk.pair.kind),
            form=label_of(desk.regulation.mentoring_forms, desk.pair.form),
            names=standing.names,
            posts=_posts(tx, standing),
            requested_by=people[desk.pair.requested_by],
            pending=standing.pending,
            checks=checks,
            papers=standing.papers,
            paper_refusals=_paper_refusals(tx, services, desk, standing),
            order_kind=standing.order_kind,
            order=standing.order,
            orders=orders,
            daily=daily,
            meetings=len(tx.meetings.of_case(case_id)),
            reads_meetings=_holds_one(desk, (Role.CURATOR,)),
            others=tuple(_other(standing, h.id) for h in rest),
            terms=standing.terms,
            turns=_turns(desk, standing),
            proposals=tuple(
                ProposalLine(p, standing.names[p.mentor], people[p.by]) for p in desk.pair.proposals
            ),
            proposers=_proposers(tx, desk),
            next=next_of(asked),
            answers=_answers(tx, services, desk, standing),
            opens_documents=_holds_one(desk, OPENERS),
            today=desk.today,
            zone=desk.organisation.zone,
            now=services.clock(),
        )


def _checks(tx: Repositories, desk: PairDesk, standing: Standing) -> tuple[Check, ...]:
    terms = standing.proposed_terms
    return checks_for(tx, desk.pair, desk.regulation, terms) if terms else ()


def _people(tx: Repositories, desk: PairDesk) -> dict[UUID, str]:
    pair = desk.pair
    return short_names(tx, {pair.requested_by, *(p.by for p in pair.proposals)})


def _posts(tx: Repositories, standing: Standing) -> dict[UUID, str]:
    return {e.id: e.post for e in tx.employments.load_many(standing.names).values()}


def _orders(standing: Standing) -> tuple[DocumentLine, ...]:
    """The orders that name, replace or release a mentor, amend or cancel; the newest first."""
    types = standing.regulation.document_types
    found = standing.of_types(*(code for code, kind in types.items() if kind.turn in _BY_ORDER))
    return tuple(standing.lines[h.id] for h in reversed(found))


def begins(
    tx: Repositories, services: Services, desk: PairDesk, kind: DocumentType
) -> Refusal | None:
    """Why the actor may not begin a document of the type for the pair (None: may)."""
    parties = parties_of(tx, services, [desk.pair.id], desk.organisation)
    around = Circumstances(kind, desk.organisation, services.clock(), parties=parties)
    return may_prepare(desk.actor, around)


def _paper_refusals(
    tx: Repositories, services: Services, desk: PairDesk, standing: Standing
) -> dict[str, Refusal | None]:
    types = standing.regulation.document_types
    codes = dict.fromkeys(line.gate.type_code for line in standing.papers)
    return {code: begins(tx, services, desk, types[code]) for code in codes}


def _daily(
    tx: Repositories, services: Services, desk: PairDesk, standing: Standing
) -> tuple[DailyLine, ...]:
    """What is written while the pair lives and after; nothing before its first order."""
    if desk.life.spell is None:
        return ()
    letter = standing.letter_kind
    codes = [PLAN, JOURNAL, REPORT, QUESTIONNAIRE, PERSONAL_DATA]
    codes += [letter.code] if letter else []
    lines: list[DailyLine] = []
    for code in codes:
        kind = desk.regulation.document_types.get(code)
        if kind is not None:
            refusal = begins(tx, services, desk, kind)
            lines += _lines_of(tx, kind, refusal, desk, standing)
    if desk.life.status is PairStatus.CANCELLED:
        return tuple(line for line in lines if line.document)  # nothing more is to be written
    return tuple(lines)


def _lines_of(
    tx: Repositories,
    kind: DocumentType,
    refusal: Refusal | None,
    desk: PairDesk,
    standing: Standing,
) -> list[DailyLine]:
    """One line for each person whose paper it is, one altogether where it is nobody's own."""
    people = _whose(kind, desk, standing)
    if not people:
        newest = [standing.lines[h.id] for h in standing.of_types(kind.code)][-1:]
        document = newest[0] if newest else None
        sent = _sent_with(tx, document) if document else None
        return [DailyLine(kind.code, kind.title, kind.article, "", None, document, refusal, sent)]
    return [
        DailyLine(
            code=kind.code,
            title=kind.title,
            article=kind.article,
            person=standing.names.get(person, ""),
            person_id=person,
            document=_newest_of(kind, key, person, standing),
            begin=refusal,
        )
        for key, person in people
    ]


def _sent_with(tx: Repositories, letter: DocumentLine) -> Submission | None:
    found = tx.submissions.of_document(letter.document_id)
    return next((s for s in reversed(found) if s.letter_id == letter.document_id), None)


def _whose(kind: DocumentType, desk: PairDesk, standing: Standing) -> list[tuple[str, UUID]]:
    """The field that names the author of such a paper, with everybody who writes one."""
    life = desk.life
    mentees = life.mentees or desk.pair.mentees
    mentor = [life.mentor] if life.mentor else []
    if kind.code == QUESTIONNAIRE:
        return [("mentee", one) for one in mentees]
    if kind.code == PERSONAL_DATA:
        return [("person", one) for one in (*mentor, *mentees)]
    if kind.code in (PLAN, JOURNAL, REPORT):
        return [("mentor", one) for one in (*mentor, *_former(kind, desk, standing))]
    return []


def _former(kind: DocumentType, desk: PairDesk, standing: Standing) -> list[UUID]:
    """The mentors before the present one who have written such a paper, or owe one still."""
    owing = {t.employment_id for t in standing.terms if t.is_open and t.type_code == kind.code}
    before = dict.fromkeys(s.mentor for s in desk.life.spells if s.mentor != desk.life.mentor)
    return [one for one in before if one in owing or _newest_of(kind, "mentor", one, standing)]


def _newest_of(
    kind: DocumentType, key: str, person: UUID, standing: Standing
) -> DocumentLine | None:
    own = [
        h
        for h in standing.of_types(kind.code)
        if employment_in(standing.documents[h.id].facts, key) == person
    ]
    return standing.lines[own[-1].id] if own else None


def _other(standing: Standing, document_id: UUID) -> OtherLine:
    document = standing.documents[document_id]
    facts = document.facts if document.revisions else {}
    named = (employment_in(facts, key) for key in ("mentee", "person", "mentor"))
    person = next((one for one in named if one), None)
    name = standing.names.get(person, "") if person else ""
    return OtherLine(standing.lines[document_id], name)


def _turns(desk: PairDesk, standing: Standing) -> tuple[TurnLine, ...]:
    names = standing.names
    return tuple(
        TurnLine(
            turn,
            standing.lines.get(turn.document_id) if turn.document_id else None,
            names.get(turn.mentor, "") if turn.mentor else "",
            names.get(turn.mentee, "") if turn.mentee else "",
        )
        for turn in desk.pair.turns
    )


def _proposers(tx: Repositories, desk: PairDesk) -> tuple[str, ...]:
    """Whose word it is to propose a mentor: the association's, else the curator's or head's."""
    mandates = [
        m for m in tx.mandates.of_organisation(desk.organisation.id) if m.in_force(desk.today)
    ]
    for role in PROPOSERS:
        held = [m.person_id for m in mandates if m.role in filling(role)]
        if held:
            names = short_names(tx, held)
            return tuple(names[one] for one in dict.fromkeys(held))
    return ()


def _answers(
    tx: Repositories, services: Services, desk: PairDesk, standing: Standing
) -> PairAnswers:
    now = services.clock()
    kind = standing.order_kind
    return PairAnswers(
        propose=may_propose_mentor(desk.life, desk.actor, desk.organisation, now),
        decide=may_decide_for_pair(desk.actor, desk.organisation, now),
        note_clause=may_request_mentor(desk.actor, desk.organisation, now),
        order=begins(tx, services, desk, kind) if kind else None,
        keep_cards=may_keep_staff(desk.actor, desk.organisation, desk.today),
        enter_paper=_enters_paper(desk, now),
    )


def _enters_paper(desk: PairDesk, now: datetime) -> Refusal | None:
    """Why the actor may not enter what was written by hand: every type asks for the same."""
    kind = next(iter(desk.regulation.document_types.values()))
    return may_enter_paper(desk.actor, Circumstances(kind, desk.organisation, now))


def _holds_one(desk: PairDesk, roles: tuple[Role, ...]) -> bool:
    place = desk.organisation.id
    return any(desk.actor.holds(role, place, desk.today) for role in roles)
