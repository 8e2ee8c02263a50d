"""Signing several documents at once: choose them, look at each, see the list."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from web.access import signed_in
from web.actor import current_actor
from web.auth import current_visitor
from web.bulk_words import seen_tag
from web.components import Fact, Link, Mark, Notice, Paging
from web.current import _, services, settings, surroundings
from web.forms import FieldError
from web.refusals import Told, tell
from web.views.on_document import previews
from workflow.domain.bulk_signing import MOST_AT_ONCE, BulkWay
from workflow.domain.refusals import N_, Refusal
from workflow.queries.bulk_signing import (
    BulkPage,
    ChoicePage,
    Choosable,
    LookPage,
    Unfinished,
    bulk_page,
    choice_page,
    look_page,
    next_to_look_at,
)
from workflow.queries.my_keys import my_keys
from workflow.usecases.bulk_signing import Visit, begin_bulk, look_at, take_out
from workflow.usecases.errors import NotFoundError

pages = Blueprint("sign_many", __name__, url_prefix="/sign-many")

TITLE = N_("Sign several documents")
NOT_NOW = N_("Signing is not possible now")
WAYS = {
    BulkWay.KEY_HERE: N_("With the key kept in the system"),
    BulkWay.BROWSER: N_("In the browser (КриптоПро)"),
}
DIGEST_LENGTH = 64


def visit() -> Visit:
    """The browser that asks."""
    visitor = current_visitor()
    assert visitor is not None  # the guard let nobody else in
    return Visit(UUID(visitor.account.id), visitor.session_id)


def plugin_set_up() -> bool:
    """Whether the operator has put the script of the browser plug-in there."""
    return settings().cades_plugin is not None


# --- Choosing ------------------------------------------------------------------------------


@pages.get("")
@signed_in
def choose() -> AnyResponse:
    """Show what waits for the visitor's signature, to choose from."""
    return _choice(_way(request.args.get("way", "")))


@pages.post("")
@signed_in
def begin() -> AnyResponse:
    """Make a list of what was chosen."""
    way = _way(request.form.get("way", ""))
    sent = request.form.getlist("document")
    if len(sent) > MOST_AT_ONCE * 2:
        return _choice(way, _too_many())
    chosen = [_identity(one) for one in sent]
    made = begin_bulk(services().work, current_actor(), chosen, way, visit())
    if isinstance(made, Refusal):
        return _choice(way, made, frozenset(chosen))
    return redirect(url_for("sign_many.page", bulk_id=made.id), code=303)


def _way(text: str) -> BulkWay:
    """The way asked for; without one the first that is open to the visitor."""
    if text in list(BulkWay) and (text != BulkWay.BROWSER or plugin_set_up()):
        return BulkWay(text)
    has_key = bool(my_keys(services().work, current_actor()))
    return BulkWay.BROWSER if plugin_set_up() and not has_key else BulkWay.KEY_HERE


def _identity(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise NotFoundError("this is not the id of a document") from error


def _too_many() -> Refusal:
    return Refusal(
        "bulk.too_many",
        N_("More than {most} documents are chosen."),
        N_("Sign them in several lists."),
        {"most": MOST_AT_ONCE},
    )


def _choice(
    way: BulkWay, refusal: Refusal | None = None, chosen: frozenset[UUID] = frozenset()
) -> AnyResponse:
    wanted = request.args.get("page", default=1, type=int)
    shown = choice_page(services().work, current_actor(), visit(), way, wanted)
    page = render_template(
        "sign_many/choose.html",
        shown=shown,
        title=_(TITLE),
        crumbs=_crumbs(TITLE),
        notice=notice_of(refusal, NOT_NOW) if refusal else None,
        unfinished=[_goes_on(one) for one in shown.unfinished],
        ways=_ways(way),
        documents=[(one, _why(one)) for one in shown.items],
        chosen=_checked(shown, chosen),
        paging=_paging(shown),
        most=MOST_AT_ONCE,
    )
    return make_response(page, 409 if refusal else 200)


def _checked(shown: ChoicePage, chosen: frozenset[UUID]) -> set[UUID]:
    """What stands chosen already: everything, where that was asked for."""
    if request.args.get("all"):
        return {one.heading.document_id for one in shown.items if one.refusal is None}
    return set(chosen)


def _why(one: Choosable) -> Told | None:
    if one.refusal is None:
        return None
    return tell(one.refusal, surroundings().words, one.heading.zone)


def _ways(way: BulkWay) -> list[tuple[str, str, bool]]:
    """Label and address of each way that is set up, and whether it is the one shown."""
    if not plugin_set_up():
        return []
    return [
        (_(label), url_for("sign_many.choose", way=one.value), one is way)
        for one, label in WAYS.items()
    ]


def _goes_on(one: Unfinished) -> Notice:
    text = (
        _(N_("Signed: {done} of {total}. The rest waits."), done=one.done, total=one.total)
        if one.bulk.confirmed_at
        else _(N_("Documents in it: {total}. Nothing has been signed yet."), total=one.total)
    )
    link = Link(_(N_("Go on")), url_for("sign_many.page", bulk_id=one.bulk.id))
    return Notice(text, _(N_("You have begun a list already")), Mark.WAITING, link)


def _paging(shown: ChoicePage) -> Paging:
    def address(page: int) -> str:
        inside = 1 <= page <= shown.pages
        return url_for("sign_many.choose", way=shown.way.value, page=page) if inside else ""

    return Paging(
        page=shown.page,
        pages=shown.pages,
        previous_url=address(shown.page - 1),
        next_url=address(shown.page + 1),
    )


# --- The list, and each document of it -----------------------------------------------------


@pages.get("/<uuid:bulk_id>")
@signed_in
def page(bulk_id: UUID) -> AnyResponse:
    """Show the list before it is confirmed; afterwards lead to where it stands."""
    shown = bulk_page(services().work, current_actor(), visit(), bulk_id)
    if shown.bulk.confirmed_at is not None:
        return redirect(url_for("sign_many.signing", bulk_id=bulk_id), code=303)
    return list_page(shown)


def list_page(
    shown: BulkPage,
    refusal: Refusal | None = None,
    errors: tuple[FieldError, ...] = (),
    status: int = 0,
) -> AnyResponse:
    """Answer with the list: what is to be looked at, and the confirmation when all is."""
    page = render_template(
        "sign_many/list.html",
        shown=shown,
        crumbs=_crumbs(N_("The list")),
        notice=notice_of(refusal, NOT_NOW) if refusal else None,
        errors=errors,
        lines=[(line, seen_tag(line)) for line in shown.lines],
        by_key=shown.bulk.way is BulkWay.KEY_HERE,
    )
    return make_response(page, status or (422 if errors else 409 if refusal else 200))


@pages.get("/<uuid:bulk_id>/documents/<uuid:document_id>")
@signed_in
def document(bulk_id: UUID, document_id: UUID) -> AnyResponse:
    """Show a document of the list for reading."""
    return _look(bulk_id, document_id)


def _look(bulk_id: UUID, document_id: UUID, refusal: Refusal | None = None) -> AnyResponse:
    shown = look_page(services().work, current_actor(), visit(), bulk_id, document_id)
    heading = shown.document.heading
    if shown.bulk.confirmed_at is not None:
        return redirect(url_for("sign_many.signing", bulk_id=bulk_id), code=303)
    reason = refusal or shown.document.refusal
    page = render_template(
        "sign_many/document.html",
        shown=shown,
        heading=heading,
        crumbs=_crumbs(N_("The list"), url_for("sign_many.page", bulk_id=bulk_id), heading.named),
        notice=notice_of(reason, NOT_NOW) if reason else None,
        may_be_signed=shown.document.refusal is None,
        facts=_facts(shown),
        previews=previews(heading, shown.document.files),
    )
    return make_response(page, 409 if refusal else 200)


def _facts(shown: LookPage) -> tuple[Fact, ...]:
    one = shown.document
    facts = [Fact(_(N_("Organisation")), one.heading.organisation)]
    if one.concerns:
        facts.append(Fact(_(N_("Whom it concerns")), ", ".join(one.concerns)))
    facts.append(Fact(_(N_("Files")), str(len(one.files))))
    return tuple(facts)


@pages.post("/<uuid:bulk_id>/documents/<uuid:document_id>/seen")
@signed_in
def seen(bulk_id: UUID, document_id: UUID) -> AnyResponse:
    """Note that the files on the page were looked at; go on to the next that was not."""
    work, actor = services().work, current_actor()
    digest = request.form.get("seen", "")[:DIGEST_LENGTH]
    noted = look_at(work, actor, bulk_id, document_id, digest, visit())
    if isinstance(noted, Refusal):
        return _look(bulk_id, document_id, noted)
    following = next_to_look_at(work, actor, visit(), bulk_id, document_id)
    return _onwards(bulk_id, following)


@pages.post("/<uuid:bulk_id>/documents/<uuid:document_id>/out")
@signed_in
def out(bulk_id: UUID, document_id: UUID) -> AnyResponse:
    """Take a document out of the list."""
    refusal = take_out(services().work, current_actor(), bulk_id, document_id, visit())
    shown = bulk_page(services().work, current_actor(), visit(), bulk_id)
    if refusal:
        return list_page(shown, refusal)
    left = shown.unseen if "next" in request.form else ()
    return _onwards(bulk_id, left[0].item.document_id if left else None)


def _onwards(bulk_id: UUID, following: UUID | None) -> AnyResponse:
    if following is None:
        return redirect(url_for("sign_many.page", bulk_id=bulk_id), code=303)
    address = url_for("sign_many.document", bulk_id=bulk_id, document_id=following)
    return redirect(address, code=303)


def notice_of(refusal: Refusal, title: str) -> Notice:
    """Return a refusal as the banner at the top of a page; `title` is a msgid."""
    told = tell(refusal, surroundings().words, settings().zone)
    text = " ".join(part for part in (told.what, told.todo) if part)
    return Notice(text, _(title), Mark.PROBLEM)


def _crumbs(here: str, above: str = "", name: str = "") -> tuple[Link, ...]:
    """The way to a page; `name` is that of a document below the list at `above`."""
    way = [Link(_(N_("What waits for me")), url_for("start.page"))]
    if here != TITLE:
        way.append(Link(_(TITLE), url_for("sign_many.choose")))
    way.append(Link(_(here), above))
    if name:
        way.append(Link(name))
    return tuple(way)


def crumbs_to(here: str) -> tuple[Link, ...]:
    """The way to a page of a list; `here` is its own name (a msgid)."""
    return _crumbs(here)
