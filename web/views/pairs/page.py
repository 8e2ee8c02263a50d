"""A pair's page: the next step, then everything about the pair as a task list."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from flask import render_template, request, url_for

from web.access import needs
from web.actor import current_actor
from web.buttons import Action, Button
from web.components import Fact, Mark, NextStep, Notice
from web.current import _, services, surroundings
from web.dates import long_date, short_date
from web.refusals import tell
from web.views.document_words import tied, waits_for
from web.views.pairs.blueprint import WORKERS, crumbs, pages
from web.views.pairs.handwritten import TITLE as HANDWRITTEN
from web.views.pairs.items import document_url, prepare_action, pressed
from web.views.pairs.living_items import (
    daily_group,
    happenings,
    others_group,
    terms_group,
)
from web.views.pairs.matching_items import (
    check_buttons,
    mentor_group,
    order_action,
    order_group,
    paper_buttons,
    paper_group,
    propose_action,
)
from web.views.pairs.words import (
    debtor_name,
    pair_name,
    pair_term_phrase,
    period,
    status_tag,
)
from workflow.domain.matching import Outcome
from workflow.domain.pairs import Cause, Spell
from workflow.domain.refusals import N_
from workflow.queries.pair_next import NextKey, PairNext
from workflow.queries.pair_page import DailyLine, PairPage, pair_page
from workflow.queries.pair_papers import PaperState

_LEFT = N_("The mentor is free of the duties from {day}. Choose another one.")
_LEAVES: Mapping[Cause, str] = {
    Cause.RESIGNATION: N_(
        "At the own statement the mentor is free of the duties from {day}; the head's consent is"
        " not needed. Choose another one."
    )
}
_DONE: Mapping[str, str] = {
    "requested": N_("It is written down who needs a mentor. The next step is below."),
    "proposed": N_("The mentor is proposed. Below is how the rules of the regulation stand."),
    "withdrawn": N_("The proposal has been withdrawn: the pair waits for a mentor again."),
    "reason": N_("The reason has been kept; the check does not stop the order any more."),
    "clause": N_("The clause of the contract has been kept: no additional agreement is needed."),
    "early": N_("The early first day has been confirmed."),
}


@pages.get("/pairs/<uuid:case_id>")
@needs(*WORKERS)
def page(case_id: UUID) -> str:
    """Show the pair: the next step first, then mentor, papers, order, work, terms, history."""
    shown = pair_page(services().work, current_actor(), case_id)
    name = name_of(shown)
    groups = (
        mentor_group(shown),
        paper_group(shown),
        order_group(shown),
        daily_group(shown),
        terms_group(shown),
        others_group(shown),
    )
    done = _DONE.get(request.args.get("done", ""))
    return render_template(
        "pairs/page.html",
        shown=shown,
        name=name,
        crumbs=crumbs(case_id, name),
        done=Notice(_(done), _(N_("It is done")), Mark.DONE) if done else None,
        status=status_tag(shown.life.status),
        step=next_step(shown),
        facts=_facts(shown),
        groups=[group for group in groups if group],
        happened=happenings(shown),
        changes_url=url_for("pairs.changes", case_id=case_id),
        handwritten=_handwritten(shown),
    )


def _handwritten(shown: PairPage) -> Button:
    """Lead the clerk to where consents and statements on paper are entered."""
    url = url_for("pairs.handwritten", case_id=shown.pair.id)
    return pressed(Action(HANDWRITTEN, url, shown.answers.enter_paper, opens=True))


def name_of(shown: PairPage) -> str:
    """Return «Зотова Н. Л. — Голубева Д. М.»."""
    mentor = shown.pair.proposed if shown.pending else shown.life.mentor
    mentees = shown.life.mentees or shown.pair.mentees
    return pair_name([shown.names[m] for m in mentees], shown.names[mentor] if mentor else "")


def _facts(shown: PairPage) -> tuple[Fact, ...]:
    pair, spell = shown.pair, shown.life.spell
    mentees = shown.life.mentees or pair.mentees
    facts = [Fact(_(N_("Mentees")), "\n".join(_person(shown, one) for one in mentees))]
    if spell is not None:
        facts.append(Fact(_(N_("Mentor")), _person(shown, spell.mentor)))
        facts.append(Fact(_(N_("Term by the order")), _ordered_term(spell)))
    else:
        facts.append(Fact(_(N_("Term that is wished")), period(pair.since, pair.until)))
    facts.append(Fact(_(N_("Kind of mentoring")), shown.kind))
    facts.append(Fact(_(N_("Form of mentoring")), shown.form))
    facts.append(Fact(_(N_("What the mentor shall help with")), pair.need))
    return tuple(fact for fact in facts if fact.value)


def _ordered_term(spell: Spell) -> str:
    """The term as it is now; a notice may end it before it has begun."""
    if spell.until < spell.since:
        return _(N_("was to begin on {day}, did not begin"), day=long_date(spell.since))
    return period(spell.since, spell.until)


def _person(shown: PairPage, employment_id: UUID) -> str:
    return f"{shown.names[employment_id]}, {shown.posts[employment_id]}"


def next_step(shown: PairPage) -> NextStep | None:
    """Return the one thing to do now, or for whom the pair waits."""
    following = shown.next
    if following is None:
        return None
    match following.key:
        case NextKey.PROPOSE:
            return _propose(shown)
        case NextKey.CHECK:
            return _check(shown, following)
        case NextKey.PAPER:
            return _paper(shown, following)
        case NextKey.ORDER:
            return _order(shown)
        case NextKey.ORDER_UNDER_WAY | NextKey.RESOLUTION:
            return _under_way(shown, following)
        case NextKey.TERM:
            return _term(shown, following)
        case _:
            return _letter(shown)


def _propose(shown: PairPage) -> NextStep:
    if shown.answers.propose is None:
        text = _(N_("Choose an employee: the rules of the regulation are checked at once."))
        leaves = shown.life.ended_by
        if leaves is not None:
            text = _(_LEAVES.get(leaves.cause, _LEFT), day=short_date(leaves.day))
        action = propose_action(shown, main=True)
        return NextStep(_(N_("Propose a mentor")), text, button=pressed(action))
    names = ", ".join(shown.proposers)
    return NextStep(_(N_("Waits for a mentor to be proposed: {names}"), names=names))


def _check(shown: PairPage, following: PairNext) -> NextStep:
    check = following.check
    assert check is not None  # it is what the key says
    assert check.refusal is not None  # a check that stops says why
    told = tell(check.refusal, surroundings().words)
    todo = told.todo
    if check.soft and not todo:
        todo = _(N_("The head may allow an exception and writes the reason."))
    parts = (told.article and f"({tied(told.article)})", todo)
    own = list(check_buttons(shown, check, main=True))
    if check.outcome is Outcome.NOT_MET:
        own.append(pressed(propose_action(shown, main=True)))
    return NextStep(told.what, " ".join(p for p in parts if p), button=own[0] if own else None)


def _paper(shown: PairPage, following: PairNext) -> NextStep:
    line = following.paper
    assert line is not None  # it is what the key says
    title = _(N_("Get the paper: {title}, {person}"), title=line.title.lower(), person=line.person)
    if line.state is PaperState.UNDER_WAY and line.document is not None:
        return NextStep(title, waits_for(line.document.waits), button=_open(shown, following))
    buttons = paper_buttons(shown, line, main=True)
    return NextStep(title, tied(line.gate.article), button=buttons[0] if buttons else None)


def _open(shown: PairPage, following: PairNext) -> Button | None:
    url = document_url(shown, following.document)
    if not url:
        return None
    return pressed(Action(N_("Look at the document"), url, opens=True, main=True))


def _order(shown: PairPage) -> NextStep:
    text = _(N_("All papers are there. The order may name several pairs."))
    if shown.order_kind is None:
        return NextStep(_(N_("Prepare the order")), text)
    action = order_action(shown, shown.order_kind, main=True)
    return NextStep(_(N_("Prepare the order")), text, button=pressed(action))


def _under_way(shown: PairPage, following: PairNext) -> NextStep:
    assert following.document is not None  # it is what the key says
    waits = waits_for(following.document.waits)
    return NextStep(following.document.title, waits, button=_open(shown, following))


def _term(shown: PairPage, following: PairNext) -> NextStep:
    owed = following.term
    assert owed is not None  # it is what the key says
    line = _daily_of(shown, owed.type_code, owed.employment_id)
    person = debtor_name(owed)
    title = f"{owed.term.title}: {person}" if person else owed.term.title
    deadline = pair_term_phrase(owed)
    if line is None:
        return NextStep(title, tied(owed.term.article), deadline)
    if line.document is not None:
        url = document_url(shown, line.document)
        action = Action(N_("Look at the document"), url, opens=True, main=True)
        waits = waits_for(line.document.waits)
        return NextStep(title, waits, deadline, pressed(action) if url else None)
    action = prepare_action(shown, line.code, line.person_id, line.begin, main=True)
    can = pressed(action) if line.begin is None else None
    return NextStep(title, tied(owed.term.article), deadline, can)


def _daily_of(shown: PairPage, code: str, person: UUID | None) -> DailyLine | None:
    fitting = [line for line in shown.daily if line.code == code]
    own = [line for line in fitting if line.person_id == person]
    return next(iter(own if person else fitting), None)


def _letter(shown: PairPage) -> NextStep:
    title = _(N_("Send the results to the mentoring centre"))
    line = next((one for one in shown.daily if one.person_id is None), None)
    if line is None:
        return NextStep(title)
    action = prepare_action(shown, line.code, None, line.begin, main=True)
    return NextStep(title, tied(line.article), button=pressed(action))
