"""Background work that was given up: what, why, and trying again."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from flask import Response, make_response, redirect, render_template, url_for

from web.access import OPERATOR, needs
from web.actor import current_actor
from web.components import Link
from web.current import _, services, settings
from web.dates import moment
from web.errors import unless_refused
from web.views.admin.blueprint import pages
from web.views.admin.layout import crumbs
from workflow.domain.refusals import N_
from workflow.queries.admin import failed_work
from workflow.usecases.failed_work import try_again

#: What each kind of work is called; an unknown one is shown by its own name.
KINDS: Mapping[str, str] = {
    "render": N_("Making a document"),
    "visual_copy": N_("Making a copy with marks"),
    "recheck_signature": N_("Checking a signature again"),
    "examine_submission": N_("Checking a package that has arrived"),
    "fix_again": N_("Renewing the date of a document"),
    "evidence.look": N_("Looking for signatures to preserve"),
    "evidence.night": N_("Making an evidence record"),
    "evidence.renewal": N_("Renewing evidence records"),
    "audit.heads": N_("Writing down the ends of the audit trail"),
}


@pages.get("/tasks")
@needs(OPERATOR)
def tasks() -> str:
    """List the work that was given up, the latest first."""
    zone = settings().zone
    failed = [
        (
            task,
            _(KINDS[task.kind]) if task.kind in KINDS else task.kind,
            moment(task.failed_at, zone),
        )
        for task in failed_work(services().work, current_actor())
    ]
    return render_template(
        "admin/tasks.html", failed=failed, crumbs=crumbs(Link(_("Background work")))
    )


@pages.post("/tasks/<uuid:task_id>/again")
@needs(OPERATOR)
def try_task_again(task_id: UUID) -> Response:
    """Ask for a piece of work once more."""
    unless_refused(try_again(services().work, current_actor(), task_id))
    return make_response(redirect(url_for("admin.tasks"), code=303))


def _kind_name(kind: str) -> str:
    return _(KINDS[kind]) if kind in KINDS else kind
