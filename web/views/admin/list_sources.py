"""Where revocation lists and answers come from: how each address answers, and who waits for it."""

from __future__ import annotations

from flask import request, url_for

from web.access import OPERATOR, needs
from web.actor import current_actor
from web.components import Cell, Link, Mark, Notice, Table, Tag
from web.current import _, services, settings, surroundings
from web.dates import moment
from web.refusals import tell
from web.views.admin.blueprint import pages
from web.views.admin.layout import Card, Section, crumbs, opens, show
from workflow.domain.refusals import N_
from workflow.queries.admin_trust import ListSource, SourcesPage, sources_page

MOST_SKIPPED = 100_000


@pages.get("/revocation/sources")
@needs(OPERATOR)
def list_sources() -> str:
    """Show the addresses that were asked, those that fail first."""
    found = sources_page(services().work, current_actor(), _skipped())
    following = found.following
    return show(
        Card(
            title=_("Sources of revocation lists"),
            crumbs=crumbs(
                Link(_("Trusted certificates"), url_for("admin.trust")),
                Link(_("Sources of revocation lists")),
            ),
            lead=_(
                "The addresses stand in the certificates of signers. They are asked while a "
                "signature waits for a newer list."
            ),
            notices=_notices(found),
            sections=(
                Section(
                    _table(found.sources),
                    (opens(N_("Load from a file"), url_for("admin.new_list"), main=True),),
                ),
            ),
            next_url=url_for("admin.list_sources", skip=following) if following else "",
        )
    )


def _skipped() -> int:
    skip = request.args.get("skip", default=0, type=int)
    return min(max(skip, 0), MOST_SKIPPED)


def _notices(found: SourcesPage) -> tuple[Notice, ...]:
    if not found.fetching:
        text = _("Load the lists from files: take them from the sites of the authorities.")
        return (Notice(text, _("Lists are not fetched here"), Mark.WAITING),)
    if not any(one.asked.failures and one.waiting for one in found.sources):
        return ()
    text = _(
        "Signatures wait for these lists. They are asked for again by themselves; if it takes "
        "long, take the list from the authority's site and load it from a file."
    )
    return (Notice(text, _("Some addresses do not answer"), Mark.PROBLEM),)


def _table(sources: tuple[ListSource, ...]) -> Table:
    return Table(
        _("Addresses"),
        (
            _("Source: address"),
            _("Source: last success"),
            _("Source: last failure"),
            _("Source: next try"),
            _("Source: signatures that wait"),
        ),
        tuple(_row(one) for one in sources),
        empty=_("No address has been asked yet: no signature has waited for a list."),
    )


def _row(one: ListSource) -> tuple[Cell, ...]:
    zone, asked = settings().zone, one.asked
    failed = asked.failed_at or (asked.asked_at if asked.failures else None)
    why = tell(asked.failure, surroundings().words, zone).what if asked.failure else ""
    fails = Tag(_("Source: does not answer"), Mark.PROBLEM) if asked.failures else None
    return (
        Cell(asked.address, tag=fails),
        Cell(moment(one.succeeded_at, zone) if one.succeeded_at else "—"),
        Cell(moment(failed, zone) if failed else "—", note=why),
        Cell(moment(asked.next_at, zone) if one.waiting else _("Source: when somebody waits")),
        Cell(str(one.waiting), number=True),
    )
