"""«Мои пары»: what a mentor or a mentee has to do in the own pairs, by when, and what is done."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from workflow.domain.documents import Document
from workflow.domain.mandates import Actor
from workflow.domain.organisations import Organisation
from workflow.domain.pairs import Life, Pair, PairStatus, Spell
from workflow.domain.permissions import Circumstances, may_see
from workflow.domain.regulations import DocumentType, Verb
from workflow.queries.case_page import ENDED, IN_FORCE, DocumentLine
from workflow.queries.pair_papers import PaperState
from workflow.queries.pair_standing import Standing, standings
from workflow.queries.pair_terms import PairTerm
from workflow.store.repositories.documents import Heading
from workflow.store.unit_of_work import Repositories
from workflow.usecases.pairs.duties import ENDS
from workflow.usecases.pairs.reading import employment_in
from workflow.usecases.services import Services

MENTOR, MENTEE = "mentor", "mentee"


class Part(StrEnum):
    """Who the actor is in a pair."""

    MENTOR = "mentor"
    PROPOSED = "proposed"
    FORMER = "former"  # was the mentor before
    MENTEE = "mentee"


class Ask(StrEnum):
    """What is asked of the actor."""

    CONSENT = "consent"
    BEGIN = "begin"
    CONTINUE = "continue"
    SIGN = "sign"
    ACKNOWLEDGE = "acknowledge"


_ORDER = (Ask.SIGN, Ask.CONSENT, Ask.CONTINUE, Ask.BEGIN, Ask.ACKNOWLEDGE)
_VERBS: Mapping[Verb, Ask] = {
    Verb.PREPARE: Ask.CONTINUE,
    Verb.SIGN: Ask.SIGN,
    Verb.ACKNOWLEDGE: Ask.ACKNOWLEDGE,
}


@dataclass(frozen=True)
class MyStep:
    """One thing to do; `document_id` is set for what is begun, `owed` for what has a term.

    `ahead`: its time has not come, the event that its term counts from lies in the future.
    """

    ask: Ask
    case_id: UUID
    type_code: str
    title: str
    document_id: UUID | None = None
    owed: PairTerm | None = None
    ahead: bool = False

    @property
    def urgency(self) -> tuple[bool, date, int, str]:
        last = self.owed.term.last if self.owed else None
        key = str(self.document_id or self.type_code)
        return self.ahead, last or date.max, _ORDER.index(self.ask), key


@dataclass(frozen=True)
class MyPaper:
    """A document of the pair that the actor may read.

    `owed` is the actor's own term that it serves; `by_me`: the actor writes it.
    """

    type_code: str
    line: DocumentLine
    by_me: bool
    owed: PairTerm | None

    @property
    def is_open(self) -> bool:
        """Whether it is on its way still."""
        return self.line.state not in (*IN_FORCE, *ENDED)

    @property
    def is_given(self) -> bool:
        """Whether it is in force."""
        return self.line.state in IN_FORCE


@dataclass(frozen=True)
class Offer:
    """Who is proposed as the mentor of the pair, from when to when."""

    mentor: str
    since: date
    until: date


@dataclass(frozen=True)
class MyPair:
    """A pair as the actor sees it: `steps` wait for the actor now, `ahead` come later.

    `post` is the employment that the pair names. `ordered` is false while the days are only
    proposed. `mentor` is empty while there is none. `offer` is what stands until an order says so.
    """

    case_id: UUID
    organisation: str
    post: UUID
    part: Part
    mentor: str
    mentees: tuple[str, ...]
    since: date
    until: date
    ordered: bool
    status: PairStatus
    today: date
    steps: tuple[MyStep, ...]
    ahead: tuple[MyStep, ...]
    papers: tuple[MyPaper, ...]
    offer: Offer | None = None

    @property
    def is_over(self) -> bool:
        over = (PairStatus.ENDED, PairStatus.CANCELLED, PairStatus.TERM_OVER)
        return not self.steps and (self.status in over or self.part is Part.FORMER)


@dataclass(frozen=True)
class MyPairs:
    """All pairs of the actor, those in which something is to be done first."""

    pairs: tuple[MyPair, ...]
    first: MyStep | None

    @property
    def to_begin(self) -> tuple[MyStep, ...]:
        """What is to be begun, the most urgent first; what is begun waits in the inbox."""
        steps = [s for pair in self.pairs for s in pair.steps if s.ask in (Ask.BEGIN, Ask.CONSENT)]
        return tuple(sorted(steps, key=lambda step: step.urgency))

    def of(self, step: MyStep) -> MyPair:
        return next(pair for pair in self.pairs if pair.case_id == step.case_id)


def my_pairs(services: Services, actor: Actor) -> MyPairs:
    """Return the pairs that name the actor, and the one thing to do first."""
    with services.uow.reading() as tx:
        found = _named(tx, actor)
        places = tx.organisations.load_many([pair.organisation_id for pair in found])
        read = standings(tx, services, actor, found, places, whole=True)
        pairs = tuple(
            pair_of(services, actor, one, places[one.pair.organisation_id]) for one in read
        )
    steps = sorted((step for pair in pairs for step in pair.steps), key=lambda s: s.urgency)
    first = steps[0] if steps else None
    return MyPairs(tuple(sorted(pairs, key=lambda pair: _place(pair, first))), first)


def _place(pair: MyPair, first: MyStep | None) -> tuple[bool, bool, bool]:
    is_first = first is not None and pair.case_id == first.case_id
    return not is_first, not pair.steps, pair.is_over


def _named(tx: Repositories, actor: Actor) -> list[Pair]:
    """The pairs in which the actor mentors, is proposed now or is mentored.

    Somebody who was only proposed and is no longer has nothing to see there.
    """
    posts = posts_of(actor)
    found = tx.pairs.naming(posts)
    return [pair for pair in found if part_in(pair, posts) is not None]


def posts_of(actor: Actor) -> frozenset[UUID]:
    """The employments of the actor."""
    return frozenset(e.id for e in actor.employments)


def part_in(pair: Pair, posts: Collection[UUID]) -> Part | None:
    """Who somebody with these employments is in the pair; None for a stranger."""
    named = [turn.mentor for turn in pair.held if turn.mentor]
    if any(one in posts for one in pair.mentees):
        return Part.MENTEE
    if pair.proposed in posts and named[-1:] != [pair.proposed]:
        return Part.PROPOSED
    if named and named[-1] in posts:
        return Part.MENTOR
    return Part.FORMER if any(one in posts for one in named) else None


def _post(pair: Pair, posts: Collection[UUID], part: Part) -> UUID:
    mentors = [turn.mentor for turn in reversed(pair.held) if turn.mentor]
    by_part: dict[Part, list[UUID | None]] = {
        Part.MENTEE: list(pair.mentees),
        Part.PROPOSED: [pair.proposed],
    }
    named = by_part.get(part, [*mentors])
    return next(one for one in named if one is not None and one in posts)


def pair_of(
    services: Services, actor: Actor, standing: Standing, organisation: Organisation
) -> MyPair:
    """Return a standing as the actor sees it, whom the pair names."""
    posts = posts_of(actor)
    part = part_in(standing.pair, posts)
    assert part is not None, "the caller chose pairs that name the actor"
    papers = _papers(services, actor, standing, organisation, posts)
    steps = _steps(standing, papers, posts)
    life, pair = standing.life, standing.pair
    offer = _offer(standing)
    shown = offer if offer and _is_about_offer(part, life) else None
    spell = _own_spell(life, part, posts)
    mentor = standing.names[spell.mentor] if spell else ""
    term: Offer | Spell | Pair = shown or spell or pair
    return MyPair(
        case_id=pair.id,
        organisation=organisation.short_name,
        post=_post(pair, posts, part),
        part=part,
        mentor=shown.mentor if shown else mentor,
        mentees=tuple(standing.names[m] for m in life.mentees or pair.mentees),
        since=term.since,
        until=term.until,
        ordered=spell is not None and shown is None,
        status=_status(life, part, spell, standing.today),
        today=standing.today,
        steps=tuple(s for s in steps if not s.ahead),
        ahead=tuple(s for s in steps if s.ahead),
        papers=papers,
        offer=offer,
    )


def _own_spell(life: Life, part: Part, posts: Collection[UUID]) -> Spell | None:
    """The time with the pair that the page is about: a former mentor's is the own one."""
    own = [spell for spell in life.spells if part is not Part.FORMER or spell.mentor in posts]
    return own[-1] if own else None


def _status(life: Life, part: Part, spell: Spell | None, today: date) -> PairStatus:
    if part is Part.FORMER and spell is not None and spell.until < today:
        return PairStatus.ENDED  # for the former mentor, whoever leads it now
    return life.status


def _offer(standing: Standing) -> Offer | None:
    terms = standing.proposed_terms
    return Offer(standing.names[terms.mentor], terms.since, terms.until) if terms else None


def _is_about_offer(part: Part, life: Life) -> bool:
    """Whether the actor's pair is the one that is proposed, and not the one that was ordered."""
    if part is Part.MENTEE and life.status is PairStatus.MATCHING:
        return True  # the former mentor is gone
    return part is Part.PROPOSED or life.spell is None


def _papers(
    services: Services,
    actor: Actor,
    standing: Standing,
    organisation: Organisation,
    posts: Collection[UUID],
) -> tuple[MyPaper, ...]:
    """What the actor may read, the newest first."""
    now = services.clock()
    found = []
    for heading in reversed(standing.headings):
        document = standing.documents[heading.id]
        kind = standing.regulation.document_types[heading.type_code]
        if not may_see(document, actor, Circumstances(kind, organisation, now)):
            continue
        by_me = is_author(document, kind, posts)
        owed = _owed(standing, heading, posts) if by_me else None
        found.append(MyPaper(heading.type_code, standing.lines[heading.id], by_me, owed))
    return tuple(found)


def is_author(document: Document, kind: DocumentType, posts: Collection[UUID]) -> bool:
    """Whether the document is the paper of somebody with these employments."""
    if not document.revisions or not kind.author_field:
        return False
    return employment_in(document.facts, kind.author_field) in posts


def _owed(standing: Standing, heading: Heading, posts: Collection[UUID]) -> PairTerm | None:
    mine = [t for t in _own_terms(standing, posts) if t.type_code == heading.type_code]
    return mine[0] if mine else None


def _own_terms(standing: Standing, posts: Collection[UUID]) -> list[PairTerm]:
    return [t for t in standing.terms if t.employment_id in posts and not t.is_cancelled]


def _steps(
    standing: Standing, papers: Collection[MyPaper], posts: Collection[UUID]
) -> list[MyStep]:
    found = _open_steps(standing, papers)
    taken = {step.type_code for step in found}
    under_way = {paper.type_code for paper in papers if paper.by_me and paper.is_open}
    for step in (*_consents(standing, posts), *_owed_papers(standing, posts)):
        if step.type_code not in taken | under_way:
            found.append(step)
    return sorted(found, key=lambda step: step.urgency)


def _open_steps(standing: Standing, papers: Collection[MyPaper]) -> list[MyStep]:
    """The steps of documents that wait for the actor."""
    return [
        MyStep(
            ask=_VERBS[waits.verb],
            case_id=standing.pair.id,
            type_code=paper.type_code,
            title=paper.line.title,
            document_id=paper.line.document_id,
            owed=paper.owed if paper.owed and paper.owed.is_open else None,
        )
        for paper in papers
        for waits in paper.line.waits
        if waits.mine and waits.verb in _VERBS
    ]


def _consents(standing: Standing, posts: Collection[UUID]) -> list[MyStep]:
    """The papers that the order asks of the actor and that the actor writes."""
    types = standing.regulation.document_types
    return [
        MyStep(Ask.CONSENT, standing.pair.id, line.gate.type_code, line.title)
        for line in standing.papers
        if line.person_id in posts
        and line.state in (PaperState.MISSING, PaperState.OTHER_TERMS)
        and types[line.gate.type_code].author_field in (MENTOR, MENTEE)
    ]


def _owed_papers(standing: Standing, posts: Collection[UUID]) -> list[MyStep]:
    """What the actor owes and has not begun."""
    types = standing.regulation.document_types
    return [
        MyStep(
            ask=Ask.BEGIN,
            case_id=standing.pair.id,
            type_code=owed.type_code,
            title=types[owed.type_code].title,
            owed=owed,
            ahead=_lies_ahead(types[owed.type_code], owed, standing.today),
        )
        for owed in _own_terms(standing, posts)
        if owed.is_open and owed.type_code in types
    ]


def _lies_ahead(kind: DocumentType, owed: PairTerm, today: date) -> bool:
    """Whether the paper is about the end, and the end has not come."""
    at_the_end = any(rule.after == ENDS for rule in kind.deadlines)
    return at_the_end and owed.counted_from is not None and owed.counted_from > today
