"""How a mentor and a mentee are spoken to: what to do, by when, what waits for others."""

from __future__ import annotations

from collections.abc import Mapping

from flask import url_for

from web.buttons import Action
from web.components import Mark, NextStep, Tag, Task
from web.current import _
from web.views.document_words import state_tag, tied, waits_for
from web.views.pairs.items import Item, pressed
from web.views.pairs.words import pair_name, pair_term_phrase, period
from workflow.domain.deadlines import InTime
from workflow.domain.refusals import N_
from workflow.domain.regulations import Role, Verb
from workflow.queries.my_pairs import Ask, MyPair, MyPaper, MyStep, Part
from workflow.queries.pair_page import PLAN, QUESTIONNAIRE, REPORT

_PARTS: Mapping[Part, str] = {
    Part.MENTOR: N_("You are the mentor"),
    Part.PROPOSED: N_("You are proposed as the mentor"),
    Part.FORMER: N_("You were the mentor"),
    Part.MENTEE: N_("You are mentored"),
}
_ASKS: Mapping[Ask, str] = {
    Ask.CONSENT: N_("Give my consent"),
    Ask.BEGIN: N_("Fill in"),
    Ask.CONTINUE: N_("Go on"),
    Ask.SIGN: N_("Sign"),
    Ask.ACKNOWLEDGE: N_("To do: acknowledge"),
}
_BEGINS: Mapping[str, str] = {
    PLAN: N_("Draw up the plan"),
    REPORT: N_("Write the report"),
    QUESTIONNAIRE: N_("Answer the questionnaire"),
}


def part_words(part: Part) -> str:
    return _(_PARTS[part])


def name_of(pair: MyPair) -> str:
    return pair_name(pair.mentees, pair.mentor)


def with_whom(pair: MyPair) -> str:
    """Return the other side of the pair."""
    if pair.part is Part.MENTEE:
        return pair.mentor or _(N_("nobody has been named yet"))
    return ", ".join(pair.mentees)


def term_of(pair: MyPair) -> str:
    """Return the days of the pair, and that they are only proposed, if they are."""
    days = period(pair.since, pair.until)
    return days if pair.ordered else _(N_("{days} (proposed)"), days=days)


def step_title(pair: MyPair, step: MyStep) -> str:
    if step.ask is Ask.CONSENT and pair.part is Part.MENTEE:
        mentor = pair.offer.mentor if pair.offer else ""
        return _(N_("A mentor is proposed to you: {mentor}"), mentor=mentor)
    if step.ask is Ask.CONSENT:
        return _(N_("You are proposed as the mentor of {mentees}"), mentees=", ".join(pair.mentees))
    return step.title


def _step_text(pair: MyPair, step: MyStep) -> str:
    if step.ask is Ask.CONSENT and pair.offer:
        return _(
            N_(
                "Term: {days}. If you agree, give your consent. If not, leave it and tell the"
                " curator: without your consent there will be no order."
            ),
            days=period(pair.offer.since, pair.offer.until),
        )
    article = tied(step.owed.term.article) if step.owed else ""
    return " · ".join(part for part in (name_of(pair), article) if part)


def step_action(step: MyStep, *, main: bool = False) -> Action:
    """Return what to press for the step."""
    label = _ASKS[step.ask]
    if step.ask in (Ask.BEGIN, Ask.CONSENT):
        url = url_for("my_pairs.begin", case_id=step.case_id, code=step.type_code)
        return Action(_BEGINS.get(step.type_code, label), url, main=main)
    name = {
        Ask.CONTINUE: "facts.page",
        Ask.SIGN: "signing.sign_page",
        Ask.ACKNOWLEDGE: "signing.acknowledge_page",
    }[step.ask]
    return Action(label, url_for(name, document_id=step.document_id), opens=True, main=main)


def next_step(pair: MyPair, step: MyStep) -> NextStep:
    """Return the step as the most visible thing of a page."""
    return NextStep(
        title=step_title(pair, step),
        text=_step_text(pair, step),
        deadline=pair_term_phrase(step.owed) if step.owed else None,
        button=pressed(step_action(step, main=True)),
    )


def step_task(pair: MyPair, step: MyStep) -> Task:
    """Return a step as a line of the list of everything that waits for the person."""
    return Task(
        title=step_title(pair, step),
        tag=Tag(_(N_("Your turn")), Mark.NEXT),
        url=url_for("my_pairs.page", case_id=pair.case_id),
        note=name_of(pair),
        deadline=pair_term_phrase(step.owed) if step.owed else None,
    )


def step_item(pair: MyPair, step: MyStep) -> Item:
    """Return a step below the first one; what lies ahead has no button yet."""
    deadline = pair_term_phrase(step.owed) if step.owed else None
    if step.ahead:
        return Item(step.title, Tag(_(N_("Later")), Mark.NEUTRAL), deadline=deadline)
    tag = Tag(_(N_("Your turn")), Mark.NEXT)
    buttons = (pressed(step_action(step)),)
    return Item(step_title(pair, step), tag, deadline=deadline, buttons=buttons)


def paper_item(paper: MyPaper) -> Item:
    """Return a document: how it stands, whom it waits for, whether it came in time."""
    met = paper.owed if paper.owed and not paper.owed.is_open else None
    return Item(
        title=paper.line.title,
        tag=state_tag(paper.line.state),
        url=url_for("documents.page", document_id=paper.line.document_id),
        notes=tuple(note for note in (_approval(paper) or waits_for(paper.line.waits),) if note),
        deadline=pair_term_phrase(met) if met else None,
    )


def _approval(paper: MyPaper) -> str:
    """Say that a report has come in time and that the head's approval is the head's own matter."""
    waits_for_head = any(w.role is Role.HEAD and w.verb is Verb.SIGN for w in paper.line.waits)
    if paper.type_code != REPORT or not waits_for_head or not paper.owed or paper.owed.is_open:
        return ""
    if isinstance(paper.owed.term.late, InTime):
        return _(N_("The report is signed in time; the head approves it."))
    return _(N_("The report is signed; the head approves it."))
