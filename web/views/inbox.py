"""«Что ждёт меня»: where a person's day begins."""

from __future__ import annotations

from flask import Blueprint, render_template, request, url_for

from web.access import signed_in
from web.actor import current_actor
from web.auth import current_visitor
from web.buttons import Action, button
from web.components import Link, Mark, NextStep, Notice, Paging, Tag, Task, TaskGroup
from web.current import _, services, surroundings
from web.dates import DeadlinePhrase, short_date
from web.ending_words import what_ends, what_to_do
from web.views.document_words import ask_label, numbered, state_tag, term_phrase, tied
from web.views.my_pairs.blueprint import TITLE as MY_PAIRS
from web.views.my_pairs.words import next_step as pair_step
from web.views.my_pairs.words import step_task
from web.views.pairs.words import pair_note, pair_title
from web.views.reminders import mail_note, more_note, reminder_group
from workflow.domain.deadlines import Left
from workflow.domain.ending_soon import EndingKind
from workflow.domain.refusals import N_
from workflow.queries.endings import EndingLine, endings_for
from workflow.queries.identity_changes import identity_waiting
from workflow.queries.inbox import Ask, Inbox, Waiting, inbox
from workflow.queries.my_pairs import MyPairs, my_pairs
from workflow.queries.reminders import reminded

pages = Blueprint("inbox", __name__)

ENDS_SOON = Tag(N_("ends soon"), Mark.WAITING)
HAS_ENDED = Tag(N_("has ended"), Mark.PROBLEM)
SEVERAL = 2  # documents that are worth signing at once


@pages.get("/inbox")
@signed_in
def page() -> str:
    """Show what waits for the person, the most urgent first."""
    wanted = request.args.get("page", default=1, type=int)
    shown = inbox(services().work, current_actor(), wanted)
    told = reminded(services().work, current_actor())
    first = shown.page == 1 and bool(shown.items)
    step = _next_step(shown.items[0]) if first else None
    pairs = _in_pairs() if shown.page == 1 else None
    if pairs and step is None and pairs.to_begin:
        step = pair_step(pairs.of(pairs.to_begin[0]), pairs.to_begin[0])
    return render_template(
        "inbox/page.html",
        shown=shown,
        to_confirm=_to_confirm(),
        step=step,
        many=_many(shown),
        pairs=_pair_group(pairs) if pairs else None,
        groups=_groups(shown.items[1:] if first else shown.items),
        paging=_paging(shown),
        reminders=reminder_group(told) if shown.page == 1 else None,
        endings=ending_group(endings_for(services().work, current_actor()))
        if shown.page == 1
        else None,
        reminder_notes=[note for note in (more_note(told), mail_note(told)) if note],
    )


def _to_confirm() -> Notice | None:
    """Changes of names and numbers that wait for the visitor as the second person."""
    waiting = len(identity_waiting(services().work, current_actor()))
    if not waiting:
        return None
    count = surroundings().words.plural(
        "{n} change of a name or number waits for you",
        "{n} changes of names or numbers wait for you",
        waiting,
    )
    look = Link(_(N_("Look at the change")), url_for("staff.identities"))
    return Notice(_(N_("A second person confirms or refuses it.")), count, Mark.WAITING, look)


def _many(shown: Inbox) -> Notice | None:
    """Where several documents are signed at once; None where there are not several."""
    if shown.to_sign < SEVERAL or shown.page > 1:
        return None
    title = surroundings().words.plural(
        "{n} document waits for your signature",
        "{n} documents wait for your signature",
        shown.to_sign,
    )
    text = _(N_("You can look at them one after another and confirm the signing once for all."))
    link = Link(_(N_("Sign several documents")), url_for("sign_many.choose"))
    return Notice(text, title, Mark.NEUTRAL, link)


def ending_group(lines: tuple[EndingLine, ...]) -> TaskGroup | None:
    """What ends before a planned signing, with the day and what to do; None when nothing does."""
    if not lines:
        return None
    return TaskGroup(_(N_("Ends soon")), tuple(_ending_task(line) for line in lines))


def _ending_task(line: EndingLine) -> Task:
    words = surroundings().words
    said = what_ends(words, line.ending, line.name, line.today)
    tag = HAS_ENDED if line.ending.until < line.today else ENDS_SOON
    own = not line.name and line.ending.kind is EndingKind.CERTIFICATE
    todo = what_to_do(words, line.ending, line.name)
    return Task(
        title=said.title,
        tag=Tag(_(tag.label), tag.mark),
        url=url_for("my_signature.page") if own else "",
        note=" ".join(part for part in (f"{line.organisation}.", said.planned, todo) if part),
    )


def _in_pairs() -> MyPairs | None:
    """The pairs that name the visitor; None for those who are in none."""
    visitor = current_visitor()
    if visitor is None or not visitor.account.in_pairs:
        return None
    return my_pairs(services().work, current_actor())


def _pair_group(pairs: MyPairs) -> TaskGroup | None:
    """What is to be begun in one's own pairs."""
    tasks = tuple(step_task(pairs.of(step), step) for step in pairs.to_begin)
    return TaskGroup(_(MY_PAIRS), tasks) if tasks else None


def _next_step(item: Waiting) -> NextStep:
    action = Action(ask_label(item.ask, item.state), address_of(item), opens=True, main=True)
    return NextStep(
        title=_title(item),
        text=_note(item),
        deadline=_deadline(item),
        button=button(action, surroundings().words),
    )


def _groups(items: tuple[Waiting, ...]) -> tuple[TaskGroup, ...]:
    groups: dict[str, list[Task]] = {}
    for item in items:
        groups.setdefault(_group(item), []).append(_task(item))
    return tuple(TaskGroup(_(title), tuple(tasks)) for title, tasks in groups.items())


def _group(item: Waiting) -> str:
    left = item.term.left if item.term else None
    if left is None:
        return N_("Without a date")
    return N_("Overdue tasks") if left.state is Left.OVERDUE else N_("With a date")


def _task(item: Waiting) -> Task:
    return Task(
        title=_title(item),
        tag=Tag(ask_label(item.ask, item.state), Mark.NEXT),
        url=address_of(item),
        note=_note(item),
        deadline=_deadline(item),
    )


def _title(item: Waiting) -> str:
    if item.of_pair is not None:
        return pair_title(item.of_pair)
    if item.power_id is not None:
        return _(N_("Power of attorney: {holder}"), holder=item.title)
    return f"{item.title} {numbered(item.number, None)}".strip()


def _note(item: Waiting) -> str:
    state = state_tag(item.state).label if item.state else ""
    served = tied(item.term.article) if item.term else ""
    free = ""
    if item.free_from is not None:
        free = _(N_("the mentor is free from {day}"), day=short_date(item.free_from))
    elif item.of_pair is not None:
        free = pair_note(item.of_pair)
    return " · ".join(part for part in (item.organisation, state, served, free) if part)


def _deadline(item: Waiting) -> DeadlinePhrase | None:
    return term_phrase(item.term) if item.term else None


_PAGES: dict[Ask, str] = {
    Ask.RESOLVE: "pairs.resolution_page",
    Ask.FIX: "signing.fix_page",
    Ask.SIGN: "signing.sign_page",
    Ask.ACKNOWLEDGE: "signing.acknowledge_page",
    Ask.DELIVER: "delivery.page",
}


def address_of(item: Waiting) -> str:
    """Return where the thing is done."""
    if item.ask is Ask.PROPOSE:
        return url_for("pairs.mentor_page", case_id=item.case_id)
    if item.ask is Ask.ORDER and item.of_pair:
        effect = item.of_pair.effect
        return url_for("pairs.order_page", case_id=item.case_id, effect=effect)
    if item.power_id is not None:
        return url_for("powers.codes", organisation_id=item.organisation_id)
    if item.of_pair is not None:
        return url_for("pairs.page", case_id=item.case_id)
    if item.ask is Ask.OPEN_CASE:
        return url_for("cases.new")
    if item.ask is Ask.ANSWER and item.term:
        return url_for("tasks.page", obligation_id=item.term.obligation_id)
    if item.submission_id:
        return url_for("submissions.page", submission_id=item.submission_id)
    if item.document_id is None:
        return url_for("cases.begin", case_id=item.case_id, code=item.type_code)
    if item.ask is Ask.PREPARE:
        return url_for("facts.page", document_id=item.document_id)
    return url_for(_PAGES.get(item.ask, "documents.page"), document_id=item.document_id)


def _paging(shown: Inbox) -> Paging:
    before, after = shown.page - 1, shown.page + 1
    return Paging(
        page=shown.page,
        pages=shown.pages,
        previous_url=url_for("inbox.page", page=before) if before else "",
        next_url=url_for("inbox.page", page=after) if after <= shown.pages else "",
    )
