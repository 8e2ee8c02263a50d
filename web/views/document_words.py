"""How pages speak of documents: states, roles, what they wait for, terms."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date

from web.components import Mark, Tag
from web.current import _, surroundings
from web.dates import DeadlinePhrase, Tone, long_date, met_deadline, open_deadline, short_date
from workflow.domain.obligations import ObligationState
from workflow.domain.refusals import N_
from workflow.domain.regulations import Role, Verb
from workflow.domain.routes import DocumentState
from workflow.queries.fact_lines import Said
from workflow.queries.inbox import Ask
from workflow.queries.terms import Term
from workflow.queries.waiting import Waits

NAMES_AT_MOST = 3  # of those who wait; more are counted

_STATES: Mapping[DocumentState, tuple[str, Mark]] = {
    DocumentState.DRAFT: (N_("State: draft"), Mark.NEUTRAL),
    DocumentState.REWORK: (N_("State: returned for rework"), Mark.PROBLEM),
    DocumentState.ON_APPROVAL: (N_("State: being agreed"), Mark.WAITING),
    DocumentState.AGREED: (N_("State: agreed"), Mark.NEUTRAL),
    DocumentState.FIXING: (N_("State: being made ready for signature"), Mark.WAITING),
    DocumentState.TO_SIGN: (N_("State: to be signed"), Mark.WAITING),
    DocumentState.SIGNATURE_RECEIVED: (N_("State: the signature is being checked"), Mark.WAITING),
    DocumentState.IN_FORCE: (N_("State: in force"), Mark.DONE),
    DocumentState.AMENDED: (N_("State: amended"), Mark.DONE),
    DocumentState.CANCELLED: (N_("State: cancelled"), Mark.PROBLEM),
    DocumentState.REPEALED: (N_("State: repealed"), Mark.PROBLEM),
}

_ROLES: Mapping[Role, str] = {
    Role.HEAD: N_("role: head"),
    Role.ACTING_HEAD: N_("role: acting head"),
    Role.DEPUTY: N_("role: deputy head"),
    Role.CURATOR: N_("role: curator"),
    Role.CLERK: N_("role: clerk"),
    Role.COUNCIL: N_("role: mentors' council"),
    Role.UNION: N_("role: trade union"),
    Role.OFFICER: N_("role: officer of the office"),
    Role.ASSOCIATION: N_("role: head of the methodical association"),
    Role.EMPLOYEE: N_("role: employee"),
}

_WAITS: Mapping[Verb, str] = {
    Verb.PREPARE: N_("Waits to be prepared: {who}"),
    Verb.AGREE: N_("Waits for a visa: {who}"),
    Verb.DECIDE: N_("Waits for a decision: {who}"),
    Verb.RESOLVE: N_("Waits for a resolution: {who}"),
    Verb.FIX: N_("Waits for number and date: {who}"),
    Verb.SIGN: N_("Waits for a signature: {who}"),
    Verb.REGISTER: N_("Waits to be registered: {who}"),
    Verb.ACKNOWLEDGE: N_("Waits to be acknowledged: {who}"),
    Verb.DELIVER: N_("Waits to be sent: {who}"),
    Verb.ACCEPT: N_("Waits to be accepted: {who}"),
}

ASKS: Mapping[Ask, str] = {
    Ask.PREPARE: N_("To do: prepare"),
    Ask.AGREE: N_("To do: agree"),
    Ask.DECIDE: N_("To do: enter the decision"),
    Ask.RESOLVE: N_("To do: decide"),
    Ask.FIX: N_("To do: give number and date"),
    Ask.SIGN: N_("To do: sign"),
    Ask.REGISTER: N_("To do: register"),
    Ask.ACKNOWLEDGE: N_("To do: acknowledge"),
    Ask.DELIVER: N_("To do: send"),
    Ask.ACCEPT: N_("To do: check and accept"),
    Ask.BEGIN: N_("To do: begin"),
    Ask.ANSWER: N_("To do: answer"),
    Ask.OPEN_CASE: N_("To do: open the programme"),
    Ask.PROPOSE: N_("Propose a mentor"),
    Ask.PAPER: N_("To do: begin"),
    Ask.ORDER: N_("To do: begin"),
    Ask.CLEAR_UP: N_("To do: clear up"),
    Ask.ALLOW: N_("To do: let the pair pass or not"),
    Ask.SAY_CODES: N_("To do: say what may be signed"),
}
REWORK = N_("To do: rework")


def state_tag(state: DocumentState) -> Tag:
    """Return the state of a document in a word or two."""
    label, mark = _STATES[state]
    return Tag(_(label), mark)


def role_name(role: Role) -> str:
    """Return the role as an office names it, in lower case."""
    return _(_ROLES[role])


def ask_label(ask: Ask, state: DocumentState | None = None) -> str:
    """Return what is asked of the person, as a verb."""
    if ask is Ask.PREPARE and state is DocumentState.REWORK:
        return _(REWORK)
    return _(ASKS[ask])


def waits_for(waits: Iterable[Waits]) -> str:
    """Say for what a document waits, and for whom; empty when it waits for nobody."""
    by_verb: dict[Verb, list[Waits]] = {}
    for one in waits:
        by_verb.setdefault(one.verb, []).append(one)
    return "; ".join(_(_WAITS[verb], who=_people(some)) for verb, some in by_verb.items())


def _people(waits: Iterable[Waits]) -> str:
    named: list[str] = []
    for one in waits:
        if one.people:
            named += one.people
        elif one.role:
            named.append(_(N_("{role} (nobody has been appointed)"), role=role_name(one.role)))
    if len(named) > NAMES_AT_MOST:
        return surroundings().words.plural("{n} person", "{n} people", len(named))
    return ", ".join(named)


def term_phrase(term: Term) -> DeadlinePhrase:
    """Say when something is due, or how it was met."""
    words = surroundings().words
    if term.state is ObligationState.NOT_REQUIRED:
        return DeadlinePhrase(_(N_("the task is not required")), Tone.MET)
    if term.state is ObligationState.CANCELLED:
        return DeadlinePhrase(_(N_("the task was cancelled")), Tone.MET)
    is_met = term.state in (ObligationState.MET, ObligationState.ARRIVED)
    if is_met and term.met_on is not None:
        return met_deadline(words, term.met_on, term.late, term.today)
    if term.last is None or term.left is None:
        return DeadlinePhrase(_(N_("the task has no date")), Tone.CALM)
    return open_deadline(words, term.last, term.left, term.today)


_TERMS: Mapping[ObligationState, tuple[str, Mark]] = {
    ObligationState.OPEN: (N_("Task: open"), Mark.NEXT),
    ObligationState.ARRIVED: (N_("Task: being looked at by the office"), Mark.WAITING),
    ObligationState.RETURNED: (N_("Task: returned"), Mark.PROBLEM),
    ObligationState.MET: (N_("Task: met"), Mark.DONE),
    ObligationState.NOT_REQUIRED: (N_("Task: not required"), Mark.NEUTRAL),
    ObligationState.CANCELLED: (N_("Task: cancelled"), Mark.NEUTRAL),
}


def term_label(term: Term) -> Tag:
    """Return the state of a task in a word or two."""
    label, mark = _TERMS[term.state]
    return Tag(_(label), mark)


def said(value: Said | None) -> str:
    """Return one fact as people write it."""
    match value:
        case None:
            return ""
        case bool():
            return _(N_("Yes")) if value else _(N_("No"))
        case date():
            return short_date(value)
        case _:
            return str(value)


_TIED = re.compile(r"(№|п\.|ст\.|ч\.) (?=\S)")


def tied(text: str) -> str:
    """Return the text with numbers tied to their signs: «п. 2.5» does not break."""
    return _TIED.sub("\\1\N{NO-BREAK SPACE}", text)


def numbered(number: str, dated: date | None) -> str:
    """Return «№ 12-о/д от 25 января 2026 г.», as much of it as is known."""
    if number and dated:
        return _(N_("No. {number} of {date}"), number=number, date=long_date(dated))
    if dated:
        return _(N_("of {date}"), date=long_date(dated))
    return _(N_("No. {number}"), number=number) if number else ""
