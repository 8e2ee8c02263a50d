"""Where the link of a reminder leads, and reminders as tasks of a list."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from flask import Blueprint, redirect, url_for
from werkzeug.wrappers import Response as AnyResponse

from web.access import signed_in
from web.actor import current_actor
from web.components import Mark, Tag, Task, TaskGroup
from web.current import _, services, surroundings
from web.views.document_words import term_phrase, tied
from workflow.domain.refusals import N_
from workflow.domain.reminders import ReminderKind
from workflow.queries.reminders import OpenReminder, Reminded, reference

pages = Blueprint("reminders", __name__)

_TAGS: Mapping[ReminderKind, tuple[str, Mark]] = {
    ReminderKind.BEFORE: (N_("Reminder: the term ends soon"), Mark.WAITING),
    ReminderKind.ON_THE_DAY: (N_("Reminder: the last day"), Mark.NEXT),
    ReminderKind.OVERDUE: (N_("Reminder: overdue"), Mark.PROBLEM),
}


@pages.get("/reminders/<uuid:obligation_id>")
@signed_in
def page(obligation_id: UUID) -> AnyResponse:
    """Lead to where the thing is done: letters keep their link when a document has been begun."""
    place = reference(services().work, current_actor(), obligation_id)
    if place.pair_id is not None:
        target = url_for("my_pairs.page", case_id=place.pair_id)
    elif place.document_id is not None:
        target = url_for("documents.page", document_id=place.document_id)
    elif place.case_id is not None:
        target = url_for("cases.page", case_id=place.case_id)
    else:
        target = url_for("tasks.page", obligation_id=place.obligation_id)
    return redirect(target, code=303)


def reminder_group(shown: Reminded) -> TaskGroup | None:
    """Return the reminders as a group of a task list; None when there are none."""
    if not shown.items:
        return None
    return TaskGroup(_("Reminders"), tuple(_task(item) for item in shown.items))


def mail_note(shown: Reminded) -> str:
    """Say how else the reminders come, if they do not come by mail."""
    if not shown.by_mail:
        return _("Reminders are shown on this page only: the installation sends no mail.")
    if not shown.has_address:
        return _(
            "Reminders are shown on this page only: there is no mail address in your card. Ask the"
            " operator to enter it."
        )
    return ""


def more_note(shown: Reminded) -> str:
    """Say how many reminders there are beyond those shown."""
    left = shown.total - len(shown.items)
    words = surroundings().words
    return words.plural("{n} more reminder", "{n} more reminders", left) if left else ""


def _task(item: OpenReminder) -> Task:
    label, mark = _TAGS[item.kind]
    owing = _("Responsible: {name}", name=item.owing) if item.owing else ""
    failure = _(item.failure.msgid, **item.failure.params) if item.failure else ""
    mentees = _("Mentees: {names}", names=", ".join(item.mentees)) if item.mentees else ""
    parts = (item.organisation, mentees, owing, tied(item.term.article), failure.rstrip("."))
    return Task(
        title=item.title,
        tag=Tag(_(label), mark),
        url=url_for("reminders.page", obligation_id=item.term.obligation_id),
        note=" · ".join(part for part in parts if part),
        deadline=term_phrase(item.term),
    )
