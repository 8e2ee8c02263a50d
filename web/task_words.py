"""A task's page in words: its facts, next step, decisions and history."""

from __future__ import annotations

from datetime import datetime

from flask import url_for

from web.buttons import Action, Button, button
from web.cell_words import cell_notes, lateness_words
from web.components import Fact, Happening, NextStep
from web.dates import long_date, moment, short_date
from web.words import Words
from workflow.domain.obligations import ChangeKind, Evidence, ObligationState
from workflow.domain.refusals import N_
from workflow.queries.task_page import Arrival, Decision, TaskPage

EVIDENCE: dict[Evidence, str] = {
    Evidence.SUBMISSION: N_("a signed document sent to the office"),
    Evidence.IN_FORCE: N_("a document of the organisation in force"),
    Evidence.LINK: N_("an address of a page"),
    Evidence.NUMBER: N_("a number"),
    Evidence.TEXT: N_("an answer in words"),
}
_DECIDED: dict[ChangeKind, str] = {
    ChangeKind.POSTPONED: N_("The term was postponed to {date}"),
    ChangeKind.NOT_REQUIRED: N_("Marked as not required"),
    ChangeKind.REQUIRED_AGAIN: N_("Required after all"),
    ChangeKind.RETURNED: N_("Returned, to be mended by {date}"),
    ChangeKind.CANCELLED: N_("The task was called off"),
}
_OWED = (ObligationState.OPEN, ObligationState.RETURNED)


def task_facts(words: Words, task: TaskPage) -> tuple[Fact, ...]:
    """Return what the task is, by which order, by when, and how it stands."""
    owed = task.obligation
    facts = [
        Fact(words.text(N_("Organisation")), task.debtor),
        Fact(words.text(N_("Set by")), task.order.named if task.order else task.office),
        Fact(words.text(N_("Item of the order")), owed.article),
        Fact(words.text(N_("What it is done by")), words.text(EVIDENCE[owed.evidence])),
        Fact(words.text(N_("Term of the task")), _term(words, task)),
        Fact(words.text(N_("How it stands")), _standing(words, task)),
    ]
    answers = [a.evidence for a in task.arrivals if a.evidence]
    if answers and task.is_answered_in_words:
        facts.append(Fact(words.text(N_("Answer")), answers[-1]))
    return tuple(fact for fact in facts if fact.value)


def _term(words: Words, task: TaskPage) -> str:
    owed = task.obligation
    if owed.due_now is None:
        return words.text(N_("the order names no date"))
    now = long_date(owed.due_now)
    if owed.due is None or owed.due == owed.due_now:
        return words.text(N_("by {date}, that day included"), date=now)
    before = long_date(owed.due)
    return words.text(N_("by {date} (first set: by {before})"), date=now, before=before)


def _standing(words: Words, task: TaskPage) -> str:
    return "\n".join(note for note in cell_notes(words, task.cell, task.today) if note)


def step_of(words: Words, task: TaskPage) -> NextStep | None:
    """What the reader has to do now, if it is their turn."""
    return _office_step(words, task) if task.is_office else _own_step(words, task)


def _office_step(words: Words, task: TaskPage) -> NextStep | None:
    package = task.cell.submission_id
    if task.cell.state is not ObligationState.ARRIVED or package is None:
        return None
    return NextStep(
        words.text(N_("Answer the package")),
        words.text(N_("It has come; accept it or return it with a reason.")),
        button=button(
            Action(
                N_("Open the package"),
                url_for("submissions.page", submission_id=package),
                opens=True,
                main=True,
            ),
            words,
        ),
    )


def _own_step(words: Words, task: TaskPage) -> NextStep | None:
    if task.cell.state not in _OWED:
        return None
    if task.is_answered_in_words:
        answer = Action(
            N_("Answer the task"),
            url_for("tasks.answer", obligation_id=task.obligation.id),
            task.answer,
            opens=True,
            main=True,
        )
        return NextStep(task.obligation.title, button=button(answer, words))
    sent = task.obligation.evidence is Evidence.SUBMISSION
    text = (
        N_("Prepare the document, have it signed and send it with a covering letter.")
        if sent
        else N_("Prepare the document and have it signed: the task is then done by itself.")
    )
    return NextStep(task.obligation.title, words.text(text))


def decision_buttons(words: Words, task: TaskPage) -> tuple[Button, ...]:
    """Return what the office may decide about the task, disabled with the reason if not."""
    task_id, refusal = task.obligation.id, task.decide
    if task.is_waived:
        labels = [(N_("Require after all"), "tasks.require")]
    elif task.cell.state is ObligationState.MET:
        labels = []
    else:
        labels = [
            (N_("Enter what came on paper"), "tasks.paper"),
            (N_("Postpone the term"), "tasks.postpone"),
            (N_("Mark as not required"), "tasks.waive"),
        ]
    return tuple(
        button(Action(label, url_for(endpoint, obligation_id=task_id), refusal, opens=True), words)
        for label, endpoint in labels
    )


def happenings(words: Words, task: TaskPage) -> tuple[Happening, ...]:
    """Return decisions and arrivals, the latest first."""
    told: list[tuple[datetime, Happening]] = [
        *((one.at, _decided(words, task, one)) for one in task.decisions),
        *((one.at, _came(words, task, one)) for one in task.arrivals),
    ]
    return tuple(happening for _at, happening in sorted(told, key=_moment, reverse=True))


def _moment(told: tuple[datetime, Happening]) -> datetime:
    return told[0]


def _decided(words: Words, task: TaskPage, one: Decision) -> Happening:
    date = long_date(one.due) if one.due else ""
    what = words.text(_DECIDED[one.kind], date=date)
    return Happening(moment(one.at, task.zone), what, one.by, one.ground)


def _came(words: Words, task: TaskPage, one: Arrival) -> Happening:
    what = _arrived(words, one)
    late = f" — {lateness_words(words, one.lateness)}" if one.lateness else ""
    # The time of day of what came on paper is not known.
    local = one.at.astimezone(task.zone)
    when = short_date(local.date()) if one.on_paper else moment(one.at, task.zone)
    note = one.evidence if task.is_answered_in_words else ""
    return Happening(when, what + late, task.debtor, note)


def _arrived(words: Words, one: Arrival) -> str:
    if one.on_paper:
        return words.text(
            N_("Came on paper or by mail, incoming № {number}"), number=one.incoming_number
        )
    if one.submission_id:
        return words.text(N_("Package arrived, incoming № {number}"), number=one.incoming_number)
    if one.evidence:
        return words.text(N_("The task was answered"))
    return words.text(N_("The document has come into force"))
