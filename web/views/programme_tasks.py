"""A programme as a task list: what is done, what is next, what waits for whom."""

from __future__ import annotations

from flask import url_for

from web.buttons import Action, Button, button
from web.components import Mark, NextStep, Tag, Task, TaskGroup
from web.current import _, surroundings
from web.dates import DeadlinePhrase
from web.refusals import tell
from web.views.document_words import (
    ask_label,
    numbered,
    state_tag,
    term_label,
    term_phrase,
    tied,
    waits_for,
)
from workflow.domain.deadlines import Every
from workflow.domain.refusals import N_
from workflow.domain.regulations import PeriodicDuty
from workflow.queries.case_page import (
    ENDED,
    CasePage,
    DocumentLine,
    StageLines,
    TypeLine,
)
from workflow.queries.inbox import Ask
from workflow.queries.terms import UNMET, Term, soonest

_EVERY = {
    Every.MONTH: N_("every month"),
    Every.QUARTER: N_("every quarter"),
    Every.HALF_YEAR: N_("every half-year"),
    Every.YEAR: N_("every year"),
}


def next_step(shown: CasePage) -> NextStep | None:
    """Return the one thing to do now: one's own first, else whom the programme waits for."""
    types = [line for stage in shown.stages for line in stage.types]
    own = (_own_step(shown, line) for line in types)
    answers = (_answer(task) for task in shown.tasks if task.state in UNMET)
    others = (_others_step(line) for line in types)
    return next((step for some in (own, answers, others) for step in some if step), None)


def _own_step(shown: CasePage, line: TypeLine) -> NextStep | None:
    document = _current(line)
    if document is None:
        return _beginning(shown, line)
    mine = [w for w in document.waits if w.mine]
    if not mine:
        return None
    ask = Ask(mine[0].verb.value)
    return NextStep(
        title=f"{ask_label(ask, document.state)}: {document.title}",
        text=tied(line.article),
        deadline=_open_deadline(line),
        button=_open(document, main=True),
    )


def _beginning(shown: CasePage, line: TypeLine) -> NextStep | None:
    if line.refusal or line.first or line.documents:
        return None
    action = Action(N_("To do: begin"), begin_address(shown, line.code), opens=True, main=True)
    return NextStep(
        title=f"{ask_label(Ask.BEGIN)}: {line.title}",
        text=tied(line.article),
        deadline=_open_deadline(line),
        button=button(action, surroundings().words),
    )


def _others_step(line: TypeLine) -> NextStep | None:
    document = _current(line)
    if document is None or not document.waits:
        return None
    return NextStep(
        title=document.title,
        text=waits_for(document.waits),
        deadline=_open_deadline(line),
        button=_open(document),
    )


def _answer(task: Term) -> NextStep:
    action = Action(N_("To do: answer"), _task_address(task), opens=True, main=True)
    return NextStep(
        task.title, tied(task.article), term_phrase(task), button(action, surroundings().words)
    )


def _current(line: TypeLine) -> DocumentLine | None:
    """The newest document of the type that is not over."""
    return next((d for d in line.documents if d.state not in ENDED), None)


def _open_deadline(line: TypeLine) -> DeadlinePhrase | None:
    term = soonest(t for t in line.terms if t.state in UNMET)
    return term_phrase(term) if term else None


def _open(document: DocumentLine, main: bool = False) -> Button:
    url = url_for("documents.page", document_id=document.document_id)
    action = Action(N_("Look at the document"), url, opens=True, main=main)
    return button(action, surroundings().words)


def begin_address(shown: CasePage, code: str) -> str:
    """Return the page on which a document of the type is begun."""
    return url_for("cases.begin", case_id=shown.case.id, code=code)


def _task_address(task: Term) -> str:
    return url_for("tasks.page", obligation_id=task.obligation_id)


def task_groups(shown: CasePage) -> tuple[TaskGroup, ...]:
    """Return the documents by stages, then what is met without a document."""
    groups = [TaskGroup(_stage_title(stage), _stage_tasks(shown, stage)) for stage in shown.stages]
    if shown.tasks:
        title = _(N_("Other tasks of the office"))
        groups.append(TaskGroup(title, tuple(_task(task) for task in shown.tasks)))
    return tuple(group for group in groups if group.tasks)


def _stage_title(stage: StageLines) -> str:
    return f"{stage.title} ({tied(stage.article)})" if stage.article else stage.title


def _stage_tasks(shown: CasePage, stage: StageLines) -> tuple[Task, ...]:
    tasks: list[Task] = []
    for line in stage.types:
        tasks += [_document_task(line, d) for d in line.documents] or [_not_begun(shown, line)]
    return tuple(tasks)


def _document_task(line: TypeLine, document: DocumentLine) -> Task:
    parts = (numbered(document.number, document.dated), waits_for(document.waits), _terms(line))
    term = soonest(t for t in line.terms if t.state in UNMET)
    return Task(
        title=document.title,
        tag=state_tag(document.state),
        url=url_for("documents.page", document_id=document.document_id),
        note=" · ".join(part for part in parts if part),
        deadline=term_phrase(term) if term else None,
    )


def _not_begun(shown: CasePage, line: TypeLine) -> Task:
    if line.first:
        note = _(N_("First: {titles}"), titles=", ".join(line.first))
        tag = Tag(_(N_("Not possible yet")))
    elif line.refusal:
        note = tell(line.refusal, surroundings().words).todo
        tag = Tag(_(N_("Not begun")))
    else:
        note, tag = "", Tag(_(N_("May be begun")), Mark.NEXT)
    parts = (note, _terms(line))
    term = soonest(t for t in line.terms if t.state in UNMET)
    return Task(
        title=line.title,
        tag=tag,
        url="" if line.refusal else begin_address(shown, line.code),
        note=" · ".join(part for part in parts if part),
        deadline=term_phrase(term) if term else None,
    )


def _terms(line: TypeLine) -> str:
    """The tasks that the document serves, each with its article, and how the met ones were met."""
    return "; ".join(
        f"{tied(term.article)}: {term_phrase(term).text}"
        if term.state not in UNMET
        else tied(term.article)
        for term in line.terms
        if term.article
    )


def _task(task: Term) -> Task:
    return Task(
        title=task.title,
        tag=term_label(task),
        url=_task_address(task),
        note=tied(task.article),
        deadline=term_phrase(task),
    )


def duty_lines(shown: CasePage) -> tuple[str, ...]:
    """Return what comes back in every period, with its article."""
    return tuple(_duty(duty) for duty in shown.duties)


def _duty(duty: PeriodicDuty) -> str:
    parts = (duty.title, _(_EVERY[duty.rule.every]), tied(duty.rule.article))
    return " — ".join(part for part in parts if part)
