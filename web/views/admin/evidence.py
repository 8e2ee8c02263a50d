"""Evidence records: the last nights, and what stands in the way of the next ones."""

from __future__ import annotations

from flask import url_for

from web.access import OPERATOR, needs
from web.actor import current_actor
from web.components import Cell, Fact, Link, Mark, Notice, Table, Tag
from web.current import _, services, settings, surroundings
from web.dates import moment, short_date
from web.refusals import tell
from web.views.admin.blueprint import pages
from web.views.admin.layout import Card, Section, crumbs, page_mark, show
from workflow.domain.evidence_records import NightlyRecord, RecordKind, RecordState
from workflow.domain.refusals import N_
from workflow.queries.preservation import Delayed, NightLine, Nights, nights

_KINDS = {
    RecordKind.NIGHT: N_("Evidence: record of a night"),
    RecordKind.TIMESTAMP: N_("Evidence: timestamp renewed"),
    RecordKind.TREE: N_("Evidence: renewed with another digest"),
}
_STATES = {
    RecordState.CURRENT: (N_("Evidence: holds"), Mark.DONE),
    RecordState.RENEWED: (N_("Evidence: renewed"), Mark.NEUTRAL),
    RecordState.INTERRUPTED: (N_("Evidence: interrupted"), Mark.PROBLEM),
}
SILENT = "signing.timestamp_authority_silent"
NOT_TRUSTED = "timestamp.chain."
ENDS_TOO = "evidence.authority_ends_too"


@pages.get("/evidence")
@needs(OPERATOR)
def evidence() -> str:
    """Show the records of the last nights, the newest first."""
    found = nights(services().work, current_actor(), page_mark())
    following = url_for("admin.evidence", before=found.following) if found.following else ""
    return show(
        Card(
            title=_("Preservation of signatures"),
            crumbs=crumbs(Link(_("Preservation of signatures"))),
            lead=_(
                "Every night the signatures of an organisation, their evidence and the end of its"
                " audit trail get one timestamp. Records are renewed before the certificate of the"
                " time-stamping authority ends."
            ),
            notices=_notices(found),
            facts=_facts(found),
            sections=(Section(_table(found)),),
            next_url=following,
        )
    )


def _notices(found: Nights) -> tuple[Notice, ...]:
    notices = []
    if not found.authority:
        text = _(
            "No time-stamping authority is set up, so no evidence records are made: after its"
            " certificate has ended a signature cannot be proven. Set MARSHRUT_TSA_URL."
        )
        notices.append(Notice(text, _("Signatures are not preserved"), Mark.PROBLEM))
    if found.interrupted:
        text = surroundings().words.plural(
            "{n} record was not renewed before its authority’s certificate ended.",
            "{n} records were not renewed before their authority’s certificate ended.",
            found.interrupted,
        )
        more = _(
            "What they proved before can be shown no more; the signatures under them have got or"
            " get new records, which prove them from their own day on only."
        )
        notices.append(Notice(f"{text} {more}", _("A proof was interrupted"), Mark.PROBLEM))
    notices += [_waiting(task) for task in found.waiting[:3]]
    return tuple(notices)


def _waiting(task: Delayed) -> Notice:
    if task.reason == SILENT:
        why = _("The time-stamping authority does not answer.")
    elif task.reason == ENDS_TOO:
        why = _("The certificate of the time-stamping authority ends no later: renew the contract.")
    elif task.reason.startswith(NOT_TRUSTED):
        why = _("The time-stamping authority is not trusted here: add its certificate.")
    else:
        why = _("The timestamp could not be got ({code}).", code=task.reason)
    again = _(
        "Attempts so far: {n}. The next one: {at}. Nothing is lost meanwhile.",
        n=task.attempts,
        at=moment(task.next_at, settings().zone),
    )
    return Notice(f"{why} {again}", _("An evidence record waits"), Mark.WAITING)


def _facts(found: Nights) -> tuple[Fact, ...]:
    if not found.without:
        return ()
    label = _("Signatures of the last 30 days without a record")
    return (Fact(label, str(found.without)),)


def _table(found: Nights) -> Table:
    return Table(
        _("Last records"),
        (
            _("Organisation"),
            _("Evidence: state"),
            _("Timestamp"),
            _("Evidence: holds until"),
            _("Evidence: what was done"),
            _("Evidence: groups of files"),
        ),
        tuple(_row(line) for line in found.lines),
        empty=_("There are no evidence records yet."),
    )


def _row(line: NightLine) -> tuple[Cell, ...]:
    record, zone = line.record, settings().zone
    return (
        Cell(line.place or _("This installation: its audit trail")),
        Cell(tag=_tag(record), note=_doubt(record)),
        Cell(moment(record.stamped_at, zone), note=record.authority),
        Cell(short_date(record.ends_at.astimezone(zone).date())),
        Cell(_(_KINDS[record.kind])),
        Cell(str(line.groups)),
    )


def _tag(record: NightlyRecord) -> Tag:
    if record.state is RecordState.CURRENT and record.doubt is not None:
        return Tag(_("Evidence: not checked yet"), Mark.WAITING)
    label, mark = _STATES[record.state]
    return Tag(_(label), mark)


def _doubt(record: NightlyRecord) -> str:
    if record.doubt is None or record.state is not RecordState.CURRENT:
        return ""
    return tell(record.doubt, surroundings().words, settings().zone).what
