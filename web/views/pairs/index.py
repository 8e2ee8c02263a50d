"""The list of pairs."""

from __future__ import annotations

from flask import render_template, request, url_for

from web.access import needs
from web.actor import current_actor
from web.buttons import Action, Button, button
from web.components import Cell, Paging, Table
from web.current import _, services, surroundings
from web.views.pairs.blueprint import TITLE, WORKERS, pages
from web.views.pairs.words import (
    STATUSES,
    next_words,
    pair_term_phrase,
    period,
    status_tag,
)
from workflow.domain.pairs import PairStatus
from workflow.domain.refusals import N_
from workflow.queries.pair_places import PairPlace, pair_places
from workflow.queries.pairs_list import PairLine, PairsList, pairs_list

REQUEST = N_("Name who needs a mentor")
_COLUMNS = (
    N_("Mentees"),
    N_("Mentor"),
    N_("Term of mentoring"),
    N_("How the pair stands"),
    N_("What is next"),
)


@pages.get("/pairs")
@needs(*WORKERS)
def index() -> str:
    """Show the pairs of the person's organisations, by status."""
    work, actor = services().work, current_actor()
    number = request.args.get("page", default=1, type=int)
    shown = pairs_list(work, actor, _status(), number)
    return render_template(
        "pairs/list.html",
        shown=shown,
        table=_table(shown),
        statuses=[
            (status.value, _(STATUSES[status][0]), shown.counts[status])
            for status in PairStatus
            if shown.counts.get(status)
        ],
        everything=sum(shown.counts.values()),
        paging=_paging(shown),
        buttons=[_request_button(place, shown) for place in pair_places(work, actor)],
    )


def _status() -> PairStatus | None:
    """The status asked for; a word that is none narrows nothing."""
    asked = request.args.get("status", "")
    return PairStatus(asked) if asked in set(PairStatus) else None


def _request_button(place: PairPlace, shown: PairsList) -> tuple[str, Button]:
    """The button, with the organisation before it where there are several."""
    url = url_for("pairs.request_page", organisation_id=place.organisation_id)
    action = Action(REQUEST, url, place.request, opens=True, main=True)
    return place.name if shown.several_places else "", button(action, surroundings().words)


def _table(shown: PairsList) -> Table:
    return Table(
        caption=_(TITLE),
        columns=tuple(_(name) for name in _COLUMNS),
        rows=tuple(_row(line, shown.several_places) for line in shown.lines),
        empty=_(N_("There are no such pairs. Name who needs a mentor: a pair begins with that.")),
    )


def _row(line: PairLine, several: bool) -> tuple[Cell, ...]:
    url = url_for("pairs.page", case_id=line.case_id)
    owed = line.next.term if line.next else None
    begins = line.since <= line.until
    return (
        Cell(", ".join(line.mentees), url, note=line.organisation if several else ""),
        Cell(line.mentor or "—"),
        Cell(
            period(line.since, line.until) if begins else "—",
            note="" if line.ordered else _(N_("days that are wished")),
        ),
        Cell(tag=status_tag(line.status)),
        Cell(
            next_words(line.next) if line.next else "—",
            note=pair_term_phrase(owed).text if owed else "",
        ),
    )


def _paging(shown: PairsList) -> Paging:
    status = shown.status.value if shown.status else None
    before, after = shown.page - 1, shown.page + 1
    return Paging(
        page=shown.page,
        pages=shown.pages,
        previous_url=url_for("pairs.index", status=status, page=before) if before else "",
        next_url=url_for("pairs.index", status=status, page=after) if after <= shown.pages else "",
    )
