"""After the order: daily papers, terms with their changes, what happened."""

from __future__ import annotations

from collections.abc import Sequence

from flask import url_for

from web.buttons import Action, Button
from web.components import Happening, Mark, Tag
from web.current import _, surroundings
from web.dates import moment, short_date
from web.views.document_words import numbered, state_tag, term_label, tied, waits_for
from web.views.pairs.items import Item, ItemGroup, document_url, prepare_action, pressed
from web.views.pairs.words import (
    cause_words,
    change_words,
    debtor_name,
    pair_term_phrase,
    period,
    turn_words,
)
from workflow.domain.pairs import Turn, TurnKind
from workflow.domain.refusals import N_
from workflow.domain.regulations import Role
from workflow.domain.submissions import Submission
from workflow.queries.pair_page import (
    JOURNAL,
    PERSONAL_DATA,
    DailyLine,
    PairPage,
    ProposalLine,
    TurnLine,
)
from workflow.queries.pair_terms import PairTerm


def daily_group(shown: PairPage) -> ItemGroup | None:
    """Plan, meetings, report, questionnaires and the letter."""
    if not shown.daily:
        return None
    items = tuple(_daily_item(shown, line) for line in shown.daily)
    return ItemGroup("daily", _(N_("Work of the pair")), items)


def _daily_item(shown: PairPage, line: DailyLine) -> Item:
    document = line.document
    notes = []
    if line.code == JOURNAL:
        words = surroundings().words
        notes.append(words.plural("{n} meeting held", "{n} meetings held", shown.meetings))
    if line.code == PERSONAL_DATA:
        notes.append(_(N_("Voluntary: without it nothing that names the person is sent on.")))
    if document is not None:
        waits = waits_for(document.waits)
        notes += [waits] if waits else []
    notes += [_answer(shown, line.sent)] if line.sent else []
    buttons: tuple[Button, ...] = ()
    if document is None:
        action = prepare_action(shown, line.code, line.person_id, line.begin)
        buttons = (pressed(action),) if line.begin is None else ()
    if line.code == JOURNAL and shown.reads_meetings and shown.meetings:
        url = url_for("my_pairs.meetings", case_id=shown.pair.id)
        buttons = (pressed(Action(N_("Read the meetings"), url, opens=True)), *buttons)
    return Item(
        title=f"{line.title}: {line.person}" if line.person else line.title,
        tag=state_tag(document.state) if document else Tag(_(N_("not begun")), Mark.NEUTRAL),
        url=document_url(shown, document),
        notes=tuple(notes),
        article=tied(line.article),
        buttons=buttons,
    )


def _answer(shown: PairPage, sent: Submission) -> str:
    """What the addressee of the results has answered."""
    if sent.receipt is None:
        return _(N_("Sent {at}. Awaits the answer."), at=moment(sent.sent_at, shown.zone))
    answer = N_("Returned with remarks, № {number}, {at}")
    if sent.receipt.accepted:
        answer = N_("Accepted: notice № {number}, {at}")
    at = moment(sent.receipt.at, shown.zone)
    return _(answer, number=sent.receipt.number, at=at)


def terms_group(shown: PairPage) -> ItemGroup | None:
    """Everything that is owed, with the reason of each change."""
    if not shown.terms:
        return None
    items = tuple(_term_item(owed) for owed in shown.terms)
    return ItemGroup("terms", _(N_("Terms of the pair")), items)


def _term_item(owed: PairTerm) -> Item:
    notes = [change_words(change) for change in owed.changes]
    if owed.counted_from is not None and owed.is_open:
        counted = short_date(owed.counted_from)
        notes.insert(0, _(N_("counted from {date}"), date=counted))
    title, person = owed.term.title, debtor_name(owed)
    if owed.role is Role.HEAD:  # what the head owes is the approval of somebody else's paper
        title = _(N_("{title}, approval"), title=title)
    return Item(
        title=f"{title}: {person}" if person else title,
        tag=term_label(owed.term),
        notes=tuple(notes),
        article=tied(owed.term.article),
        deadline=None if owed.is_cancelled else pair_term_phrase(owed),
    )


def others_group(shown: PairPage) -> ItemGroup | None:
    """Statements, petitions, change sheets: what is no part of the usual course."""
    if not shown.others:
        return None
    items = tuple(
        Item(
            title=f"{line.document.title}: {line.person}" if line.person else line.document.title,
            tag=state_tag(line.document.state),
            url=document_url(shown, line.document),
            notes=(waits_for(line.document.waits),) if line.document.waits else (),
        )
        for line in shown.others
    )
    return ItemGroup("others", _(N_("Further documents of the pair")), items)


def happenings(shown: PairPage) -> tuple[Happening, ...]:
    """Return what happened, the latest first; a withdrawn turn says so."""
    told = [
        (line.turn.recorded_at, _turn(shown, line))
        for line in shown.turns
        if not _is_repeated(line.turn, shown.pair.held)
    ]
    told += [(line.proposal.at, _proposal(shown, line)) for line in shown.proposals]
    begun = Happening(
        moment(shown.pair.requested_at, shown.zone),
        _(N_("It was named who needs a mentor")),
        shown.requested_by,
        shown.pair.need,
    )
    told.append((shown.pair.requested_at, begun))
    told.sort(key=lambda one: one[0], reverse=True)
    return tuple(happening for _at, happening in told)


def _is_repeated(turn: Turn, held: Sequence[Turn]) -> bool:
    """Whether an order only says again from which day the mentor is free."""
    return turn.kind is TurnKind.NOTICE and any(
        one.kind is TurnKind.NOTICE and one.day == turn.day and one.recorded_at < turn.recorded_at
        for one in held
    )


def _turn(shown: PairPage, line: TurnLine) -> Happening:
    turn = line.turn
    document = turn.ground
    if line.document is not None:
        number = numbered(line.document.number, line.document.dated)
        document = f"{line.document.title} {number}".rstrip()
    note = "; ".join(part for part in (cause_words(turn.cause), document) if part)
    what = turn_words(line)
    if turn.withdrawn_at is not None:
        what = _(
            N_("Does not count any more ({date}): {what}"),
            date=moment(turn.withdrawn_at, shown.zone),
            what=what,
        )
    return Happening(moment(turn.recorded_at, shown.zone), what, "", note)


def _proposal(shown: PairPage, line: ProposalLine) -> Happening:
    one = line.proposal
    what = _(
        N_("Proposed as mentor: {mentor}, {period}"),
        mentor=line.mentor,
        period=period(one.since, one.until),
    )
    if one.withdrawn_at is not None:
        what = _(
            N_("Does not count any more ({date}): {what}"),
            date=moment(one.withdrawn_at, shown.zone),
            what=what,
        )
    return Happening(moment(one.at, shown.zone), what, line.by, one.note)
