"""One's own pair: what to do, the meetings, and what may be begun besides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from workflow.domain.mandates import Actor
from workflow.domain.meetings import Meeting, may_enter_meeting, sees_meeting
from workflow.domain.notice import earliest_release, keeps_notice, notice_rule
from workflow.domain.pair_permissions import is_led
from workflow.domain.refusals import Refusal
from workflow.domain.regulations import DocumentType, PairEffect, Role
from workflow.domain.term_changes import CHANGE_SHEET
from workflow.queries.my_pairs import (
    MyPair,
    MyPaper,
    Part,
    is_author,
    pair_of,
    part_in,
    posts_of,
)
from workflow.queries.pair_changes import PETITION
from workflow.queries.pair_page import JOURNAL, PERSONAL_DATA
from workflow.queries.pair_papers import type_with
from workflow.queries.pair_standing import Standing, standings
from workflow.store.unit_of_work import Repositories
from workflow.usecases import desk as desks
from workflow.usecases.errors import NotFoundError
from workflow.usecases.pairs.reading import PairDesk, lay_pair
from workflow.usecases.services import Services
from workflow.usecases.work_calendars import calendar_of


@dataclass(frozen=True)
class MyPairPage:
    """The pair and what else may be begun there, each by its type (None: not offered now).

    `meeting` says why no meeting may be entered now (None: may); `sees_meetings` whether
    they are shown at all; `meetings` is how many there are. `personal_data` is the consent to
    the sending of named data, until the actor has given one.
    """

    pair: MyPair
    meetings: int
    sees_meetings: bool
    meeting: Refusal | None
    journal: DocumentType | None
    personal_data: DocumentType | None
    change: DocumentType | None
    leave: DocumentType | None
    petition: DocumentType | None


def my_pair(services: Services, actor: Actor, case_id: UUID) -> MyPairPage:
    """Return the page; NotFoundError for a pair that does not name the actor."""
    with services.uow.reading() as tx:
        desk, standing = _lay(tx, services, actor, case_id)
        pair = pair_of(services, desk.actor, standing, desk.organisation)
        seen = _seen(tx, desk)
        leads = pair.part is Part.MENTOR and is_led(desk.life) is None
        return MyPairPage(
            pair=pair,
            meetings=len(seen),
            sees_meetings=pair.part is not Part.PROPOSED,
            meeting=_may_enter(desk),
            journal=_offered(desk, pair, JOURNAL, bool(seen) and pair.part is Part.MENTOR),
            personal_data=_offered(desk, pair, PERSONAL_DATA, _gives_data(pair)),
            change=_offered(desk, pair, CHANGE_SHEET, leads),
            leave=_leaving(desk, pair),
            petition=_offered(
                desk, pair, PETITION, pair.part is Part.MENTEE and is_led(desk.life) is None
            ),
        )


def _lay(
    tx: Repositories, services: Services, actor: Actor, case_id: UUID
) -> tuple[PairDesk, Standing]:
    desk = lay_pair(tx, services, actor, case_id)
    if part_in(desk.pair, posts_of(desk.actor)) is None:
        raise NotFoundError(f"pair {case_id} does not name {actor.person_id}")
    place = {desk.organisation.id: desk.organisation}
    (standing,) = standings(tx, services, desk.actor, [desk.pair], place, whole=True)
    return desk, standing


def _seen(tx: Repositories, desk: PairDesk) -> tuple[Meeting, ...]:
    """The meetings that the actor may read, the newest first."""
    posts = posts_of(desk.actor)
    curator = desk.actor.holds(Role.CURATOR, desk.organisation.id, desk.today)
    found = tx.meetings.of_case(desk.pair.id)
    seen = [one for one in found if sees_meeting(one, desk.pair, posts, is_curator=curator)]
    return tuple(reversed(seen))


def _may_enter(desk: PairDesk) -> Refusal | None:
    """Whether the actor may enter any meeting now: after the end those before it are entered."""
    posts = posts_of(desk.actor)
    own = [s.until for s in desk.life.spells if s.mentor in posts]
    day = min(desk.today, max(own, default=desk.today))
    return may_enter_meeting(desk.life, posts, day, desk.today)


def _offered(desk: PairDesk, pair: MyPair, code: str, now: bool) -> DocumentType | None:
    """The type, if it may be begun now and none is under way."""
    kind = desk.regulation.document_types.get(code)
    return kind if kind is not None and now and own_draft(pair, code) is None else None


def _gives_data(pair: MyPair) -> bool:
    """Whether papers that name the actor may be sent on, and nothing is said to that yet."""
    given = any(p.by_me and p.type_code == PERSONAL_DATA and p.is_given for p in pair.papers)
    return pair.ordered and not given


def own_draft(pair: MyPair, code: str) -> MyPaper | None:
    """The actor's own paper of the type that is under way: another one is not begun."""
    return next((p for p in pair.papers if p.by_me and p.type_code == code and p.is_open), None)


def _leaving(desk: PairDesk, pair: MyPair) -> DocumentType | None:
    """The statement by which the mentor lays the duties down, as long as there are any."""
    kind = type_with(desk.regulation, PairEffect.STATEMENT)
    if kind is None or pair.part not in (Part.MENTOR, Part.PROPOSED):
        return None
    spell = desk.life.spell
    if pair.part is Part.PROPOSED:
        bound = any(paper.by_me for paper in pair.papers)  # a consent that is given or begun
    else:
        bound = is_led(desk.life) is None and spell is not None and spell.cut_by is None
    return _offered(desk, pair, kind.code, bound)


@dataclass(frozen=True)
class Leaving:
    """What the mentor reads before leaving: the term of notice, the first day that keeps it.

    `earliest` is None when the calendar of that year is not approved.
    """

    pair: MyPair
    kind: DocumentType
    notice_days: int
    earliest: date | None


def leaving(services: Services, actor: Actor, case_id: UUID) -> Leaving:
    """Return it; NotFoundError when there is nothing to lay down."""
    with services.uow.reading() as tx:
        desk, standing = _lay(tx, services, actor, case_id)
        pair = pair_of(services, desk.actor, standing, desk.organisation)
        kind = _leaving(desk, pair)
        if kind is None:
            raise NotFoundError(f"nothing to lay down in pair {case_id}")
        rule = notice_rule(desk.regulation.rules)
        if rule is None:
            return Leaving(pair, kind, 0, desk.today)
        calendar = calendar_of(tx, services, desk.organisation)
        earliest = earliest_release(desk.today, rule.limit(), calendar)
        return Leaving(
            pair=pair,
            kind=kind,
            notice_days=rule.limit(),
            earliest=earliest if isinstance(earliest, date) else None,
        )


def may_leave_on(services: Services, actor: Actor, case_id: UUID, day: date) -> Refusal | None:
    """Whether the day keeps the term of notice if the statement is handed in today."""
    with services.uow.reading() as tx:
        desk = lay_pair(tx, services, actor, case_id)
        rule = notice_rule(desk.regulation.rules)
        if rule is None:
            return None
        return keeps_notice(rule, desk.today, day, calendar_of(tx, services, desk.organisation))


@dataclass(frozen=True)
class MyMeetings:
    """The meetings of a pair that the actor may read, the newest first.

    `mine` are those that the actor may correct; `enter` says why none may be entered.
    """

    case_id: UUID
    organisation: str
    mentor: str
    mentees: tuple[str, ...]
    names: Mapping[UUID, str]
    meetings: tuple[Meeting, ...]
    mine: frozenset[UUID]
    enter: Refusal | None
    named: bool
    today: date

    def own(self, meeting_id: UUID) -> Meeting:
        """The meeting, if the actor may correct it; NotFoundError otherwise."""
        for meeting in self.meetings:
            if meeting.id == meeting_id and meeting_id in self.mine:
                return meeting
        raise NotFoundError(f"meeting {meeting_id}")


def my_meetings(services: Services, actor: Actor, case_id: UUID) -> MyMeetings:
    """Return the meetings; NotFoundError for everybody but the pair and its curator."""
    with services.uow.reading() as tx:
        desk = lay_pair(tx, services, actor, case_id)
        posts = posts_of(desk.actor)
        part = part_in(desk.pair, posts)
        curator = desk.actor.holds(Role.CURATOR, desk.organisation.id, desk.today)
        if not curator and part in (None, Part.PROPOSED):
            raise NotFoundError(f"the meetings of {case_id} are not for {actor.person_id}")
        place = {desk.organisation.id: desk.organisation}
        (standing,) = standings(tx, services, desk.actor, [desk.pair], place)
        seen = _seen(tx, desk)
        life = desk.life
        return MyMeetings(
            case_id=case_id,
            organisation=desk.organisation.short_name,
            mentor=standing.names[life.mentor] if life.mentor else "",
            mentees=tuple(standing.names[m] for m in life.mentees or desk.pair.mentees),
            names=standing.names,
            meetings=seen,
            mine=frozenset(m.id for m in seen if m.mentor in posts),
            enter=_may_enter(desk),
            named=part is not None,
            today=desk.today,
        )


def is_own_paper(services: Services, actor: Actor, document_id: UUID) -> UUID | None:
    """The pair of a document that the actor writes; None for any other document."""
    with services.uow.reading() as tx:
        desk = desks.lay(tx, services, actor, document_id)
        if not is_author(desk.document, desk.kind, posts_of(desk.actor)):
            return None
        return desk.document.lines[0].case_id if desk.document.lines else None
