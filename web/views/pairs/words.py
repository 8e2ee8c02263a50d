"""How pages speak of pairs: status, people, what comes next, turns, changes of terms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from web.components import Mark, Tag
from web.current import _, surroundings
from web.dates import DeadlinePhrase, deadline_without_date, long_date, short_date
from web.refusals import tell
from web.views.document_words import role_name, term_phrase, waits_for
from workflow.domain.deadlines import Uncovered
from workflow.domain.matching import RULES_IN_WORDS, Check, Outcome
from workflow.domain.obligations import Change, ChangeKind
from workflow.domain.pairs import Cause, PairStatus, TurnKind
from workflow.domain.refusals import N_
from workflow.domain.rules import Rule
from workflow.queries.pair_next import NextKey, PairNext
from workflow.queries.pair_page import TurnLine
from workflow.queries.pair_papers import PaperState
from workflow.queries.pair_terms import PairTerm
from workflow.queries.pairs_waiting import PairWaiting

STATUSES: Mapping[PairStatus, tuple[str, Mark]] = {
    PairStatus.WAITING_FOR_MENTOR: (N_("Pair: waiting for a mentor"), Mark.NEXT),
    PairStatus.MATCHING: (N_("Pair: a mentor is being found"), Mark.WAITING),
    PairStatus.WAITING_TO_BEGIN: (N_("Pair: waiting to begin"), Mark.NEUTRAL),
    PairStatus.RUNNING: (N_("Pair: running"), Mark.DONE),
    PairStatus.SUSPENDED: (N_("Pair: suspended"), Mark.WAITING),
    PairStatus.TERM_OVER: (N_("Pair: the term is over"), Mark.NEXT),
    PairStatus.ENDED: (N_("Pair: ended"), Mark.NEUTRAL),
    PairStatus.CANCELLED: (N_("Pair: cancelled"), Mark.NEUTRAL),
}
_PAPERS: Mapping[PaperState, tuple[str, Mark]] = {
    PaperState.IN_FORCE: (N_("State: in force"), Mark.DONE),
    PaperState.CLAUSE: (N_("In the contract already"), Mark.DONE),
    PaperState.UNDER_WAY: (N_("Paper: under way"), Mark.WAITING),
    PaperState.OTHER_TERMS: (N_("Paper: for another term or pair"), Mark.PROBLEM),
    PaperState.MISSING: (N_("Paper: missing"), Mark.NEXT),
}
_OUTCOMES: Mapping[Outcome, tuple[str, Mark]] = {
    Outcome.MET: (N_("Check: met"), Mark.DONE),
    Outcome.NOT_MET: (N_("Check: not met"), Mark.PROBLEM),
    Outcome.UNKNOWN: (N_("Check: not known yet"), Mark.WAITING),
    Outcome.PASSED_OVER: (N_("Check: allowed by the head"), Mark.NEUTRAL),
}
_TURNS: Mapping[TurnKind, str] = {
    TurnKind.BEGUN: N_("The mentor is {mentor}: from {day} to {until}"),
    TurnKind.EXTENDED: N_("The term was changed: to {until}"),
    TurnKind.NOTICE: N_("The mentor is free of the duties from {day}"),
    TurnKind.REPLACED: N_("The new mentor is {mentor}: from {day} to {until}"),
    TurnKind.ENDED: N_("Mentoring is over from {day}"),
    TurnKind.SUSPENDED: N_("Mentoring is suspended from {day}"),
    TurnKind.RESUMED: N_("Mentoring goes on from {day}"),
    TurnKind.MENTEE_LEFT: N_("{mentee} is mentored no longer from {day}"),
    TurnKind.CANCELLED: N_("The line of the order was cancelled from {day}"),
}
_CAUSES: Mapping[Cause, str] = {
    Cause.ORDER: "",
    Cause.MUTUAL: N_("by agreement of both sides"),
    Cause.RESIGNATION: N_("at the mentor's own statement"),
    Cause.CANCELLATION: N_("the head cancelled the assignment"),
    Cause.PETITION: N_("at the mentee's petition"),
    Cause.REPRESENTATION: N_("at the curator's proposal"),
    Cause.COMPLETED: N_("everything that was planned is done"),
    Cause.DISMISSAL: N_("somebody leaves the post"),
    Cause.TRANSFER: N_("somebody is transferred"),
    Cause.LEAVE: N_("somebody is away for long"),
    Cause.MISTAKE: N_("there was a mistake in the order"),
}
_CHANGES: Mapping[ChangeKind, str] = {
    ChangeKind.POSTPONED: N_("moved to {date}: {ground}"),
    ChangeKind.CANCELLED: N_("not needed any more: {ground}"),
    ChangeKind.REQUIRED_AGAIN: N_("needed again: {ground}"),
    ChangeKind.NOT_REQUIRED: N_("not needed any more: {ground}"),
    ChangeKind.RETURNED: N_("returned, to be mended by {date}: {ground}"),
}


def status_tag(status: PairStatus) -> Tag:
    label, mark = STATUSES[status]
    return Tag(_(label), mark)


def paper_tag(state: PaperState) -> Tag:
    label, mark = _PAPERS[state]
    return Tag(_(label), mark)


def check_tag(check: Check) -> Tag:
    label, mark = _OUTCOMES[check.outcome]
    return Tag(_(label), mark)


def pair_name(mentees: Sequence[str], mentor: str = "") -> str:
    """Return «Зотова Н. Л. — Голубева Д. М.», or the mentees alone while nobody mentors."""
    people = ", ".join(mentees)
    return f"{mentor} — {people}" if mentor else people


def period(since: date, until: date) -> str:
    """Return «18.05.2026 – 17.05.2027»."""
    return f"{short_date(since)} – {short_date(until)}"


def check_words(check: Check) -> str:
    return _(check.msgid, **check.params)


def check_note(check: Check) -> str:
    """Say what came out of a check that is not simply met, and what to do."""
    if check.reason and check.outcome is Outcome.PASSED_OVER:
        return _(N_("The head's reason: {reason}"), reason=check.reason)
    if check.refusal is None:
        return ""
    told = tell(check.refusal, surroundings().words)
    return " ".join(part for part in (told.what, told.todo) if part)


def rule_words(rule: Rule) -> str:
    """Return a rule as the regulation says it; empty for one that forms do not show."""
    msgid = RULES_IN_WORDS.get(rule.name)
    return _(msgid, limit=rule.limit()) if msgid else ""


def pair_term_phrase(owed: PairTerm) -> DeadlinePhrase:
    """Say when something is due, or why no day is known yet."""
    if owed.is_open and owed.term.last is None and owed.uncovered_year is not None:
        unknown = Uncovered(owed.uncovered_year)
        return deadline_without_date(surroundings().words, unknown)
    return term_phrase(owed.term)


def debtor_name(owed: PairTerm) -> str:
    if owed.debtor:
        return owed.debtor
    return role_name(owed.role) if owed.role else ""


def change_words(change: Change) -> str:
    day = short_date(change.due) if change.due else ""
    return _(_CHANGES[change.kind], date=day, ground=change.ground)


def turn_words(line: TurnLine) -> str:
    turn = line.turn
    return _(
        _TURNS[turn.kind],
        day=long_date(turn.day),
        until=long_date(turn.until) if turn.until else "",
        mentor=line.mentor,
        mentee=line.mentee,
    )


def cause_words(cause: Cause) -> str:
    return _(_CAUSES[cause])


_NEXT: Mapping[NextKey, str] = {
    NextKey.PROPOSE: N_("Propose a mentor"),
    NextKey.CHECK: N_("Clear up: {what}"),
    NextKey.PAPER: N_("{title}: {person}"),
    NextKey.ORDER: N_("Prepare the order"),
    NextKey.TERM: N_("{title}: {person}"),
    NextKey.LETTER: N_("Send the results to the mentoring centre"),
}


def next_words(following: PairNext) -> str:
    """Return the next thing in a line of a list."""
    msgid = _NEXT.get(following.key, "")
    match following.key:
        case NextKey.CHECK if following.check:
            return _(msgid, what=check_words(following.check))
        case NextKey.PAPER if following.paper:
            return _(msgid, title=following.paper.title, person=following.paper.person)
        case NextKey.ORDER_UNDER_WAY | NextKey.RESOLUTION if following.document:
            waits = waits_for(following.document.waits)
            return ". ".join(part for part in (following.document.title, waits) if part)
        case NextKey.TERM if following.term:
            person = debtor_name(following.term)
            return _(msgid, title=following.term.term.title, person=person)
        case _:
            return _(msgid)


#: So many pairs of an order are named on the first page; of the others only the number is told.
_NAMED = 3


def pair_title(waiting: PairWaiting) -> str:
    """Return what a pair waits for: the paper or order, else the people of the pair."""
    names = [pair_name(mentees, mentor) for mentor, mentees in waiting.pairs]
    return waiting.title or "; ".join(names)


def pair_note(waiting: PairWaiting) -> str:
    """Return of whom a paper or order is, or which rule stops the pair."""
    if waiting.check is not None:
        refusal = waiting.check.refusal
        return tell(refusal, surroundings().words).what if refusal else check_words(waiting.check)
    if not waiting.title:
        return _(N_("all papers are there, but mentoring would begin before the order"))
    names = [pair_name(mentees, mentor) for mentor, mentees in waiting.pairs]
    more = len(names) - _NAMED
    shown = "; ".join(names[:_NAMED])
    return _(N_("{pairs} and {n} more"), pairs=shown, n=more) if more > 0 else shown
