"""The ministry's list of accredited authorities: which one is in use, and loading a newer one."""

from __future__ import annotations

from flask import Response, make_response, redirect, request, url_for

from web.access import OPERATOR, needs
from web.actor import current_actor
from web.components import Cell, Link, Mark, Table, Tag
from web.current import _, services, settings, surroundings
from web.dates import moment
from web.form_page import FormPage, Upload, draw, read_uploads
from web.forms import entered_from
from web.views.admin.blueprint import pages
from web.views.admin.layout import Section, crumbs, opens
from workflow.domain.refusals import N_, Refusal
from workflow.queries.admin_trust import TrustPage
from workflow.usecases.accredited_lists import import_accredited_list

LIST_FILES = (".xml",)


def accredited_section(found: TrustPage) -> Section:
    """Return the part of the page about trust that tells which list is in use, and how old."""
    zone = settings().zone
    rows = () if found.accredited is None else (found.accredited,)
    tag = Tag(_("List: old"), Mark.WAITING) if found.accredited_old else None
    age = surroundings().words.plural("{n} day old", "{n} days old", found.accredited_days)
    table = Table(
        _("Accredited authorities"),
        (
            _("Accredited: version of the list"),
            _("List: issued at"),
            _("Accredited: authorities in it"),
            _("Accredited: loaded"),
        ),
        tuple(
            (
                Cell(str(one.list_version)),
                Cell(moment(one.issued_at, zone), note=age, tag=tag),
                Cell(str(one.authorities)),
                Cell(moment(one.stored_at, zone)),
            )
            for one in rows
        ),
        empty=_(
            "No list of accredited authorities has been loaded. Without it a root certificate of "
            "the state vouches for nobody."
        ),
    )
    address = url_for("admin.new_accredited_list")
    return Section(table, (opens(N_("Load the list of accredited authorities"), address),))


@pages.route("/accredited/new", methods=["GET", "POST"])
@needs(OPERATOR)
def new_accredited_list() -> Response:
    """Ask for the list; it is verified against the trusted roots of the state."""
    title = _("Load the list of accredited authorities")
    page = FormPage(
        title=title,
        label=_("Check and load the list"),
        lead=_(
            "Take the file from the ministry's portal (e-trust.gosuslugi.ru). "
            "The root certificate of the state and the newest revocation lists of the authorities "
            "that vouch for the ministry must be loaded before."
        ),
        fields=(),
        uploads=(
            Upload("list", _("File of the list"), LIST_FILES, hint=_("A file that ends in .xml")),
        ),
        crumbs=crumbs(Link(_("Trusted certificates"), url_for("admin.trust")), Link(title)),
    )
    if request.method == "GET":
        return draw(page, entered_from((), {}))
    files, wrong = read_uploads(page)
    upload = files.get("list")
    if wrong or upload is None:
        return draw(page, request.form, wrong)
    done = import_accredited_list(services().work, current_actor(), upload.content)
    if isinstance(done, Refusal):
        return draw(page, request.form, refusal=done)
    return make_response(redirect(url_for("admin.trust"), code=303))
