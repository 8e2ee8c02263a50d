"""Number and date: what will be given, the files while they are made, what went wrong."""

from __future__ import annotations

from uuid import UUID

from flask import Response, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from web.access import signed_in
from web.actor import current_actor
from web.buttons import Action, Button, button
from web.components import Fact, Mark, Notice, Preview, Progress
from web.current import _, services, surroundings
from web.dates import long_date, short_date
from web.forms import FieldError
from web.views.on_document import crumbs, document_address, notice_of, previews
from web.views.pairs.order_lines import held_back
from workflow.domain.refusals import N_, Refusal
from workflow.queries.fixing_page import FixingPage, fixing_page
from workflow.queries.signing_page import fixed_files
from workflow.usecases.fix import fix

NUMBER_AT_MOST = 60  # characters
NUMBER_CODES = ("register.number_missing", "register.number_taken")
TITLE = N_("Number and date")
MAKE_READY = N_("Give number and date")
RENEW = N_("Renew the date")


@signed_in
def page(document_id: UUID) -> Response:
    """Say which number and date the document will get; show how far its files are."""
    return _page(fixing_page(services().work, current_actor(), document_id))


@signed_in
def act(document_id: UUID) -> AnyResponse:
    """Give number and date, or renew the date; the same form again does nothing."""
    typed = request.form.get("number", "").strip()[:NUMBER_AT_MOST]
    seen = request.form.get("seen", default=0, type=int)
    actor, work = current_actor(), services().work
    done = fix(work, actor, document_id, typed, seen)
    if isinstance(done, Refusal):
        return _page(fixing_page(work, actor, document_id), typed, done)
    return redirect(url_for("signing.fix_page", document_id=document_id), code=303)


@signed_in
def progress(document_id: UUID) -> Response:
    """Answer how far the files are; when they are there the page is loaded anew."""
    shown = fixing_page(services().work, current_actor(), document_id)
    if not _is_running(shown):
        return Response(status=200, headers={"HX-Refresh": "true"})
    if not request.headers.get("HX-Request"):
        return _page(shown)
    return make_response(render_template("signing/progress.html", progress=_progress(shown)))


def _is_running(shown: FixingPage) -> bool:
    return shown.is_making and shown.failure is None


def _page(shown: FixingPage, typed: str = "", refusal: Refusal | None = None) -> Response:
    errors = _errors(refusal)
    page = render_template(
        "signing/fix.html",
        shown=shown,
        crumbs=crumbs(shown.heading, TITLE),
        facts=_facts(shown),
        errors=errors,
        notices=_notices(shown, refusal if not errors else None),
        progress=_progress(shown) if _is_running(shown) else None,
        typed=typed,
        act=_button(shown),
        next_step=_next(shown),
        previews=_previews(shown),
        line_block=held_back(shown.heading.document_id) if shown.refusal else None,
    )
    return make_response(page, 200 if refusal is None else 422 if errors else 409)


def _errors(refusal: Refusal | None) -> tuple[FieldError, ...]:
    if refusal is None or refusal.code not in NUMBER_CODES:
        return ()
    return (FieldError("number", refusal.msgid, refusal.params),)


def _notices(shown: FixingPage, refusal: Refusal | None) -> tuple[Notice, ...]:
    if refusal:
        return (notice_of(refusal, shown.heading),)
    if shown.failure:
        return (notice_of(shown.failure, shown.heading, N_("The files could not be made")),)
    if shown.is_outdated:
        dated = shown.heading.dated
        text = _(
            N_("The document is dated {date}, and it is signed on its date. Renew the date."),
            date=short_date(dated) if dated else "",
        )
        return (Notice(text, mark=Mark.WAITING),)
    return ()


def _facts(shown: FixingPage) -> tuple[Fact, ...]:
    today = long_date(shown.heading.today)
    facts = [Fact(_(N_("Document")), shown.heading.title)]
    if shown.number and not shown.number.by_hand:
        facts.append(Fact(_(N_("Number")), shown.number.number))
    if shown.number:
        facts.append(Fact(_(N_("Register of documents")), shown.number.register))
    dated = shown.heading.dated
    is_open = shown.heading.dated is None or shown.is_outdated
    date_label = N_("Date that will be printed") if is_open else N_("Printed date")
    facts.append(Fact(_(date_label), today if is_open or dated is None else long_date(dated)))
    if shown.annexes:
        facts.append(Fact(_(N_("Annexes")), "\n".join(shown.annexes)))
    return tuple(facts)


def _button(shown: FixingPage) -> Button | None:
    """The one action: first time, once more after a failure, or another day's date."""
    is_first = shown.heading.dated is None
    if not (is_first or shown.is_outdated or shown.failure):
        return None
    label = RENEW if shown.is_outdated else MAKE_READY
    address = url_for("signing.fix", document_id=shown.heading.document_id)
    action = Action(label, address, shown.refusal, main=True)
    return button(action, surroundings().words)


def _next(shown: FixingPage) -> tuple[Button, ...]:
    """Where it goes on once the files are there."""
    if not shown.is_ready or shown.is_outdated:
        return ()
    document_id = shown.heading.document_id
    actions = (
        Action(
            N_("To the signing"),
            url_for("signing.sign_page", document_id=document_id),
            opens=True,
            main=True,
        ),
        Action(
            N_("Signed on paper"),
            url_for("signing.paper_page", document_id=document_id),
            opens=True,
        ),
        Action(N_("To the document"), document_address(document_id), opens=True),
    )
    return tuple(button(action, surroundings().words) for action in actions)


def _previews(shown: FixingPage) -> tuple[Preview, ...]:
    if not shown.is_ready:
        return ()
    fixed = fixed_files(services().work, current_actor(), shown.heading.document_id)
    return previews(fixed.heading, fixed.files)


def _progress(shown: FixingPage) -> Progress:
    return Progress(
        _(N_("The files are being made")),
        0,
        shown.files,
        url_for("signing.fix_progress", document_id=shown.heading.document_id),
    )
