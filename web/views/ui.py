"""Every component on one page, for those who build pages and those who judge them.

Shown on training installations alone. What stands on it is invented.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from flask import Blueprint, Response, make_response, render_template, request, url_for

from web import current, security
from web.access import public
from web.buttons import button
from web.components import Progress
from web.forms import FieldError, FieldView, change_rows, entered_from, form_fields, read_form
from web.views import samples
from web.views.static import STATIC
from workflow.domain.refusals import N_

pages = Blueprint("ui", __name__, url_prefix="/ui")

TOTAL = 25
TODAY = date(2026, 5, 4)


@pages.get("")
@public
def page() -> Response:
    """Show the components with invented content."""
    entered = entered_from(samples.FIELDS, samples.VALUES)
    return _page(form_fields(samples.FIELDS, entered, options=samples.OPTIONS), ())


@pages.post("")
@public
def check() -> Response:
    """Read the sample form and show it again with what is wrong in it."""
    changed = change_rows(samples.FIELDS, request.form)
    if changed is not None:
        return _page(form_fields(samples.FIELDS, changed, options=samples.OPTIONS), ())
    errors = read_form(samples.FIELDS, request.form, samples.OPTIONS).errors
    fields = form_fields(samples.FIELDS, request.form, errors, samples.OPTIONS)
    return _page(fields, errors, status=422 if errors else 200)


@pages.get("/progress/<int:done>")
@public
def progress(done: int) -> str:
    """Answer the progress as a poll of htmx finds it, or as a page for everybody else."""
    template = "ui/progress.html" if request.headers.get("HX-Request") else "ui/progress_page.html"
    return render_template(template, progress=_progress(min(done, TOTAL)))


@pages.get("/sample.pdf")
@public
def sample_pdf() -> Response:
    """Answer a PDF that may stand in the preview's frame."""
    security.allow_own_frame()
    response = make_response((STATIC / "ui" / "sample.pdf").read_bytes())
    response.mimetype = "application/pdf"
    return response


@pages.route("/confirmation", methods=["GET", "POST"])
@public
def confirmation() -> str:
    """Show the page that says that something was sent."""
    return render_template("ui/confirmation.html", done=samples.CONFIRMATION)


@pages.get("/answers")
@public
def answers() -> str:
    """Show the page on which answers are checked before they are sent."""
    return render_template("ui/answers.html", facts=samples.FACTS)


def _page(fields: Sequence[FieldView], errors: Sequence[FieldError], status: int = 200) -> Response:
    words = current.surroundings().words
    page = render_template(
        "ui/page.html",
        fields=fields,
        errors=errors,
        samples=samples,
        step=samples.next_step(words, TODAY),
        deadlines=samples.deadlines(words, TODAY),
        groups=samples.task_groups(words, TODAY),
        buttons=[button(action, words) for action in samples.ACTIONS],
        progress=_progress(7),
        preview=samples.preview(url_for("ui.sample_pdf")),
    )
    return make_response(page, status)


def _progress(done: int) -> Progress:
    title = current._(N_("Documents are being made"))
    return Progress(title, done, TOTAL, url_for("ui.progress", done=done + 1))
