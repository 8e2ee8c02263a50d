"""Mentor pairs and groups: who needs a mentor, who was proposed, and how the pair lives.

A pair is a case of the kind `assignment`. What happened to it is a list of *turns*, each put there
by a document that came into force or by an event of the staff. Turns are only added; one is
withdrawn when the signature that it rests on did not hold. Mentor, term and status of a day are
derived from them, so that a history can always be replayed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

#: The kind of case that is a pair.
ASSIGNMENT = "assignment"

ONE_DAY = timedelta(days=1)


class TurnKind(StrEnum):
    """What a turn does; `Turn.day` is the first day on which it holds."""

    BEGUN = "begun"  # the order names mentor and term
    EXTENDED = "extended"  # another last day (D20)
    NOTICE = "notice"  # the mentor is free from that day on (D21, D24), no order is needed for it
    REPLACED = "replaced"  # another mentor from that day on (D25)
    ENDED = "ended"  # the pair ends, no mentor will follow (D25)
    SUSPENDED = "suspended"
    RESUMED = "resumed"
    MENTEE_LEFT = "mentee_left"
    CANCELLED = "cancelled"  # the line of the order was cancelled (D43, D44)


class Cause(StrEnum):
    """Why a turn came."""

    ORDER = "order"
    MUTUAL = "mutual"  # by consent of both sides
    RESIGNATION = "resignation"  # the mentor's statement (ТК РФ, ст. 351.8)
    CANCELLATION = "cancellation"  # the head's notice (the same article)
    PETITION = "petition"  # the mentee's, granted
    REPRESENTATION = "representation"  # the curator's
    COMPLETED = "completed"
    DISMISSAL = "dismissal"
    TRANSFER = "transfer"
    LEAVE = "leave"
    MISTAKE = "mistake"


@dataclass(frozen=True)
class Turn:
    """One change of a pair. `document_id` is the order or paper behind it, `ground` its words.

    `mentor` is the employment of BEGUN and REPLACED, the mentee's of MENTEE_LEFT stands in
    `mentee`; `until` is the last day of the term (BEGUN, EXTENDED, REPLACED); `ordered_on` the day
    of the order: days count from the later of the two.
    """

    id: UUID
    kind: TurnKind
    day: date
    cause: Cause
    recorded_at: datetime
    document_id: UUID | None = None
    recorded_by: UUID | None = None
    mentor: UUID | None = None
    mentee: UUID | None = None
    until: date | None = None
    ordered_on: date | None = None
    ground: str = ""
    withdrawn_at: datetime | None = None


@dataclass(frozen=True)
class Proposal:
    """A mentor proposed for the pair and the days `since`–`until`, both included.

    `withdrawn_at` is set when somebody else is looked for, or other days are proposed.
    """

    mentor: UUID
    since: date
    until: date
    at: datetime
    by: UUID
    note: str = ""
    withdrawn_at: datetime | None = None


@dataclass(frozen=True)
class Reason:
    """Why a soft check may be passed over, as the head wrote it."""

    check: str
    text: str
    by: UUID
    at: datetime


@dataclass(frozen=True)
class Pair:
    """Who needs a mentor, for what and how long; `id` is that of its case.

    `mentees` are employments. `since`–`until` is the wished term, both days included; it becomes
    the ordered one with the order. `clause` names the contract that already holds content, term
    and form of the work (ТК РФ, ст. 351.8), so that no additional agreement is needed;
    `clause_mentor` is the mentor whose contract that is. `early_start_reason` is the head's
    confirmation of a first day before the order.
    """

    id: UUID
    organisation_id: UUID
    kind: str
    form: str
    need: str
    mentees: tuple[UUID, ...]
    since: date
    until: date
    requested_at: datetime
    requested_by: UUID
    clause: str = ""
    clause_mentor: UUID | None = None
    early_start_reason: str = ""
    proposals: tuple[Proposal, ...] = ()
    reasons: tuple[Reason, ...] = ()
    turns: tuple[Turn, ...] = ()
    version: int = 0

    @property
    def proposal(self) -> Proposal | None:
        """The proposal that stands now; an order takes its mentor and days from it."""
        waiting = [p for p in self.proposals if p.withdrawn_at is None]
        return waiting[-1] if waiting else None

    @property
    def proposed(self) -> UUID | None:
        """The mentor who is proposed now."""
        return self.proposal.mentor if self.proposal else None

    @property
    def held(self) -> tuple[Turn, ...]:
        """The turns that hold, in the order in which they were recorded."""
        return tuple(t for t in self.turns if t.withdrawn_at is None)

    def reason_for(self, check: str) -> str:
        """The newest reason given for passing over the check."""
        return next((r.text for r in reversed(self.reasons) if r.check == check), "")

    def turned(self, turn: Turn) -> Pair:
        return replace(self, turns=(*self.turns, turn))


class PairStatus(StrEnum):
    """How a pair stands on a day."""

    WAITING_FOR_MENTOR = "waiting_for_mentor"
    MATCHING = "matching"  # a mentor is proposed; consents, agreement, order are on their way
    WAITING_TO_BEGIN = "waiting_to_begin"
    RUNNING = "running"
    SUSPENDED = "suspended"
    TERM_OVER = "term_over"  # the set term has run out
    ENDED = "ended"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class Spell:
    """One mentor's time with the pair, both days included; days count from `counted_from`.

    `cut_by` is what ended it before the set term (None: it runs, or ran, to its end).
    """

    mentor: UUID
    since: date
    until: date
    counted_from: date
    document_id: UUID | None
    cut_by: Turn | None = None

    def holds_on(self, day: date) -> bool:
        return self.since <= day <= self.until


@dataclass(frozen=True)
class Life:
    """What follows from the turns: the spells so far, the mentees who are there, the status.

    `mentor` is that of the newest spell (None before the first order). `suspended_by` and
    `resumed_by` are about the day for which it was asked, and so is `absent`: the mentees who are
    away for long while a group goes on without them. `returned` says since when others of them are
    back. `changes_on` is the next day on which the status may be another one by itself.
    """

    status: PairStatus
    spells: tuple[Spell, ...]
    mentees: tuple[UUID, ...]
    suspended_by: Turn | None = None
    ended_by: Turn | None = None
    resumed_by: Turn | None = None
    changes_on: date | None = None
    absent: tuple[UUID, ...] = ()
    returned: tuple[tuple[UUID, date], ...] = ()

    @property
    def spell(self) -> Spell | None:
        return self.spells[-1] if self.spells else None

    @property
    def mentor(self) -> UUID | None:
        return self.spell.mentor if self.spell else None

    @property
    def is_over(self) -> bool:
        return self.status in (PairStatus.TERM_OVER, PairStatus.ENDED, PairStatus.CANCELLED)


def life_of(pair: Pair, today: date) -> Life:
    """Derive how the pair lives on the day `today` from its turns."""
    spells: list[Spell] = []
    ends: list[Turn] = []
    gone: dict[UUID | None, Turn] = {}
    for turn in pair.held:
        match turn.kind:
            case TurnKind.BEGUN | TurnKind.REPLACED:
                spells, ends = [*_cut(spells, turn), _spell(turn)], []
            case TurnKind.EXTENDED if spells and turn.until is not None:
                spells[-1] = _extended(spells[-1], turn.until)
            case TurnKind.NOTICE if spells and turn.mentor not in (None, spells[-1].mentor):
                # A former mentor leaves before the successor begins: only that time ends earlier.
                own = turn.mentor
                spells = [_cut([s], turn)[0] if s.mentor == own else s for s in spells]
            case TurnKind.NOTICE if spells and spells[-1].until < turn.day:
                pass  # the mentor's time was over by then: nobody is to be looked for
            case TurnKind.NOTICE | TurnKind.ENDED | TurnKind.CANCELLED:
                spells = _cut(spells, turn)
                ends.append(turn)
            case TurnKind.MENTEE_LEFT:
                gone[turn.mentee] = turn
    if gone.keys() >= set(pair.mentees):
        last = max(gone.values(), key=lambda t: t.day)
        spells = _cut(spells, last)
        ends.append(last)
    mentees = [m for m in pair.mentees if m not in gone or gone[m].day > today]
    absences = _Absences(_turns_of_those_here(pair, spells, mentees, today), tuple(mentees))
    suspended, resumed = absences.suspension(today)
    status = _status(pair, spells, suspended, ends, today)
    return Life(
        status,
        tuple(spells),
        tuple(mentees),
        suspended,
        ends[-1] if ends else None,
        resumed,
        _next_change(pair, spells, today),
        tuple(m for m in mentees if absences.away(m, today)),
        tuple((m, back) for m in mentees if (back := absences.back(m, today))),
    )


def _spell(turn: Turn) -> Spell:
    assert turn.mentor is not None
    assert turn.until is not None
    counted = max(turn.day, turn.ordered_on or turn.day)
    return Spell(turn.mentor, turn.day, turn.until, counted, turn.document_id)


def _extended(spell: Spell, until: date) -> Spell:
    """Set another last day; a notice that was given before stands, and so does the first day."""
    if until < spell.since:
        return spell
    return replace(spell, until=until if spell.cut_by is None else min(until, spell.until))


def _cut(spells: list[Spell], turn: Turn) -> list[Spell]:
    """End every spell on the day before the turn that would last longer."""
    return [
        replace(s, until=turn.day - ONE_DAY, cut_by=turn) if s.until >= turn.day else s
        for s in spells
    ]


def _turns_of_those_here(
    pair: Pair, spells: list[Spell], mentees: list[UUID], today: date
) -> tuple[Turn, ...]:
    """The absences and returns that concern the pair now, the earliest first.

    Those of a mentor who was replaced, or of a mentee who left, count no longer.
    """
    here = {*mentees, *(s.mentor for s in spells if s.holds_on(today) or s is spells[-1])}
    kinds = (TurnKind.SUSPENDED, TurnKind.RESUMED)
    found = [t for t in pair.held if t.kind in kinds and _person_of(t) in {None, *here}]
    return tuple(sorted(found, key=lambda t: t.day))


@dataclass(frozen=True)
class _Absences:
    """Who is away and when, by the turns of those who belong to the pair.

    An absence is often known with its last day, weeks before it begins. The pair is suspended
    while its mentor is away, or all of its mentees: a group goes on without one of them.
    """

    turns: tuple[Turn, ...]
    mentees: tuple[UUID, ...]

    def away(self, person: UUID | None, day: date) -> Turn | None:
        """The absence that the person is on."""
        own = [t for t in self.turns if t.day <= day and _person_of(t) == person]
        back = [t.day for t in own if t.kind is TurnKind.RESUMED]
        newest = [t for t in own if t.kind is TurnKind.SUSPENDED]
        return next((t for t in reversed(newest) if all(b <= t.day for b in back)), None)

    def back(self, person: UUID, day: date) -> date | None:
        """Since when the person is back from the newest absence."""
        own = [t for t in self.turns if t.day <= day and _person_of(t) == person]
        days = [t.day for t in own if t.kind is TurnKind.RESUMED]
        return None if not days or self.away(person, day) else max(days)

    def suspending(self, day: date) -> Turn | None:
        """The newest absence that keeps the pair from working."""
        others = {_person_of(t) for t in self.turns} - set(self.mentees)
        found = [turn for one in others if (turn := self.away(one, day))]
        mentees = [turn for one in self.mentees if (turn := self.away(one, day))]
        if mentees and len(mentees) == len(self.mentees):
            found.append(max(mentees, key=lambda t: t.day))
        return max(found, key=lambda t: t.day, default=None)

    def suspension(self, today: date) -> tuple[Turn | None, Turn | None]:
        """What suspends the pair today; and with nothing, the return after which it went on."""
        suspending = self.suspending(today)
        if suspending is not None:
            return suspending, None
        back = [t for t in self.turns if t.kind is TurnKind.RESUMED and t.day <= today]
        for turn in reversed(back):
            if self.suspending(turn.day - ONE_DAY) and not self.suspending(turn.day):
                return None, turn
        return None, None


def _person_of(turn: Turn) -> UUID | None:
    return turn.mentee or turn.mentor


def _next_change(pair: Pair, spells: list[Spell], today: date) -> date | None:
    days = {*(t.day for t in pair.held), *(s.since for s in spells)}
    days |= {s.until + ONE_DAY for s in spells}
    return min((day for day in days if day > today), default=None)


def _status(
    pair: Pair, spells: list[Spell], suspended: Turn | None, ends: list[Turn], today: date
) -> PairStatus:
    past = [turn for turn in reversed(ends) if turn.day <= today]
    ended = max(past, key=lambda t: t.day, default=None)
    if not spells:
        if ended is not None and ended.kind is TurnKind.MENTEE_LEFT:
            return PairStatus.ENDED
        return PairStatus.MATCHING if pair.proposed else PairStatus.WAITING_FOR_MENTOR
    newest = spells[-1]
    led = any(spell.holds_on(today) for spell in spells)
    if ended is None and not led and newest.until < newest.since:
        ended = newest.cut_by  # it will never begin
    if ended is not None:
        return _status_after(pair, newest, ended)
    if newest.until < today and not led:
        return PairStatus.TERM_OVER
    if suspended is not None:
        return PairStatus.SUSPENDED
    return PairStatus.RUNNING if led else PairStatus.WAITING_TO_BEGIN


def _status_after(pair: Pair, newest: Spell, ended: Turn) -> PairStatus:
    """A mentor who left leaves the mentee waiting; an ended or cancelled pair waits for nobody."""
    if ended.kind is TurnKind.CANCELLED:
        return PairStatus.CANCELLED
    if ended.kind is not TurnKind.NOTICE:
        return PairStatus.ENDED
    if pair.proposed not in (None, newest.mentor):
        return PairStatus.MATCHING
    return PairStatus.WAITING_FOR_MENTOR


def mentees_at_once(spells: Iterable[tuple[Spell, int]], since: date, until: date) -> int:
    """The largest number of mentees at the same time within `since`–`until`.

    Each spell comes with the number of its mentees. It can only grow on a first day.
    """
    held = [(s, n) for s, n in spells if s.since <= until and s.until >= since]
    days = {since, *(s.since for s, _ in held if s.since > since)}
    return max(sum(n for s, n in held if s.holds_on(day)) for day in days)


def months_of(since: date, until: date) -> tuple[int, bool]:
    """Whole months from `since` to `until`, both days included, and whether days are left over.

    1 September–31 August is twelve months exactly.
    """
    after = until + ONE_DAY
    months = (after.year - since.year) * 12 + after.month - since.month
    if after.day < since.day and not _ends_its_month(since, after):
        months -= 1
        return months, True
    return months, after.day > since.day


def _ends_its_month(since: date, after: date) -> bool:
    """Whether the matching day of a shorter month is its last one (31 August–27 February)."""
    return (after + ONE_DAY).month != after.month and since.day > after.day
