"""The route and the history of a document in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import url_for

from web.components import Happening as Line
from web.components import Mark, Tag
from web.current import _, surroundings
from web.dates import moment, short_date
from web.refusals import tell
from web.views.document_words import numbered, role_name, tied
from web.views.time_words import time_words
from workflow.domain.documents import Verdict
from workflow.domain.refusals import N_
from workflow.domain.regulations import Verb
from workflow.domain.signatures import SignatureStatus
from workflow.queries.document_page import DocumentPage
from workflow.queries.history import Done, Happening, RouteLine, StepStatus

_HAPPENED: Mapping[str, str] = {
    "revision": N_("Happened: revision {revision} begun"),
    "registered": N_("Happened: registered as an existing document"),
    "fixed": N_("Happened: number and date given: {number}"),
    "prepare": N_("Happened: draft sent on its way (revision {revision})"),
    "decide": N_("Happened: decision entered"),
    "resolve": N_("Happened: resolution given"),
    "granted": N_("Happened: petition granted"),
    "denied": N_("Happened: petition denied"),
    "mediation": N_("Happened: both sides to be heard"),
    "deliver": N_("Happened: sent to the addressee"),
    "collapsed": N_("Happened: agreed by whoever prepared it"),
    "vacant": N_("Happened: a visa passed over, nobody holds the role"),
    "agreed": N_("Happened: agreed (revision {revision})"),
    "agreed_with_remarks": N_("Happened: agreed with remarks (revision {revision})"),
    "returned": N_("Happened: returned for rework (revision {revision})"),
    "received": N_("Happened: signature received, it is being checked"),
    "signed": N_("Happened: signed"),
    "signed_on_paper": N_("Happened: signed on paper on {date}"),
    "scanned_again": N_("Happened: the scan of the signature of {date} entered once more"),
    "signature_lost": N_("Happened: the file of the signature was lost; it counts no more"),
    "signed_again": N_("Happened: signed again over the same files"),
    "withdrawn": N_("Happened: the signature turned out not to hold"),
    "acknowledged": N_("Happened: acknowledged"),
    "acknowledged_on_paper": N_("Happened: acknowledged on paper on {date}"),
    "absent": N_("Happened: absent, could not acknowledge"),
    "refused": N_("Happened: refused to acknowledge"),
    "accepted": N_("Happened: accepted by the addressee"),
    "repealed": N_("Happened: repealed"),
    "order_fixed": N_("Happened: made ready for signature with its order"),
    "order_unfixed": N_("Happened: the order was returned; the document waits for it again"),
    "order_signed": N_("Happened: put in force by its order"),
    "order_withdrawn": N_("Happened: the signature of the order turned out not to hold"),
    "amended": N_("Happened: amended by another document"),
    "closed": N_("Happened: no longer in force"),
    "reopened": N_("Happened: what amended or ended it turned out not to hold"),
}

_STEPS: Mapping[Verb, str] = {
    Verb.PREPARE: N_("Step: preparation"),
    Verb.AGREE: N_("Step: visa"),
    Verb.DECIDE: N_("Step: decision"),
    Verb.RESOLVE: N_("Step: resolution"),
    Verb.FIX: N_("Step: number and date"),
    Verb.SIGN: N_("Step: signature"),
    Verb.REGISTER: N_("Step: registration"),
    Verb.ACKNOWLEDGE: N_("Step: acknowledgement"),
    Verb.DELIVER: N_("Step: sending"),
    Verb.ACCEPT: N_("Step: acceptance"),
}

_VERDICTS: Mapping[Verdict, tuple[str, Mark]] = {
    Verdict.DONE: (N_("Done so: done"), Mark.DONE),
    Verdict.COLLAPSED: (N_("Done so: by whoever prepared it"), Mark.DONE),
    Verdict.VACANT: (N_("Done so: nobody holds the role"), Mark.NEUTRAL),
    Verdict.AGREED: (N_("Done so: agreed"), Mark.DONE),
    Verdict.AGREED_WITH_REMARKS: (N_("Done so: agreed with remarks"), Mark.DONE),
    Verdict.SIGNED: (N_("Done so: signed"), Mark.DONE),
    Verdict.SIGNED_ON_PAPER: (N_("Done so: on paper"), Mark.PAPER),
    Verdict.ACKNOWLEDGED: (N_("Done so: acknowledged"), Mark.DONE),
    Verdict.ACKNOWLEDGED_ON_PAPER: (N_("Done so: on paper"), Mark.PAPER),
    Verdict.ABSENT: (N_("Done so: absent"), Mark.WAITING),
    Verdict.REFUSED: (N_("Done so: refused"), Mark.PROBLEM),
    Verdict.ACCEPTED: (N_("Done so: accepted"), Mark.DONE),
    Verdict.GRANTED: (N_("Done so: granted"), Mark.DONE),
    Verdict.DENIED: (N_("Done so: denied"), Mark.PROBLEM),
    Verdict.MEDIATION: (N_("Done so: both sides to be heard"), Mark.WAITING),
}


#: Of somebody whose line of an order was cancelled before they had acknowledged it.
CALLED_OFF = N_("Done so: not asked any more, the line is cancelled")


@dataclass(frozen=True)
class RouteRow:
    """A step of the route as the page shows it."""

    what: str
    who: str
    tag: Tag
    when: str = ""
    remark: str = ""
    article: str = ""


def route_rows(shown: DocumentPage) -> tuple[RouteRow, ...]:
    """Return the route step by step: who is called, who did what when."""
    return tuple(_row(shown, line) for line in shown.route)


def _row(shown: DocumentPage, line: RouteLine) -> RouteRow:
    called = ", ".join(line.people)
    if line.role:
        called = f"{role_name(line.role)}: {called}" if called else role_name(line.role)
    if line.done is None:
        is_open = line.status is StepStatus.OPEN
        label = N_("Step is open") if is_open else N_("Step comes later")
        tag = Tag(_(label), Mark.NEXT if is_open else Mark.NEUTRAL)
        return RouteRow(_(_STEPS[line.verb]), called, tag, article=tied(line.article))
    label, mark = _VERDICTS.get(line.done.verdict, _VERDICTS[Verdict.DONE])
    if line.done.called_off:
        label, mark = CALLED_OFF, Mark.NEUTRAL
    return RouteRow(
        what=_(_STEPS[line.verb]),
        who=line.done.who or called,
        tag=Tag(_(label), mark),
        when=_when(shown, line.done),
        remark=line.done.remark,
        article=tied(line.article),
    )


def _when(shown: DocumentPage, done: Done) -> str:
    if done.happened_on:
        return short_date(done.happened_on)
    return moment(done.at, shown.zone) if done.at else ""


_SIGNATURES: Mapping[SignatureStatus, tuple[str, Mark]] = {
    SignatureStatus.RECEIVED: (N_("Signature: being checked"), Mark.WAITING),
    SignatureStatus.ACCEPTED: (N_("Signature: accepted"), Mark.DONE),
    SignatureStatus.REFUSED: (N_("Signature: not accepted"), Mark.PROBLEM),
    SignatureStatus.WITHDRAWN: (N_("Signature: withdrawn"), Mark.PROBLEM),
}


@dataclass(frozen=True)
class SignatureRow:
    """A signature with the address of its report."""

    who: str
    when: str
    tag: Tag
    why: str
    url: str
    record_url: str = ""
    proof: str = ""


def signature_rows(shown: DocumentPage) -> tuple[SignatureRow, ...]:
    """Return who signed when, whether it counts, and why not."""
    return tuple(
        SignatureRow(
            who=line.who,
            when=moment(line.at, shown.zone),
            tag=Tag(_(_SIGNATURES[line.status][0]), _SIGNATURES[line.status][1]),
            why=tell(line.explanation, surroundings().words, shown.zone).what
            if line.explanation
            else "",
            url=url_for("reports.page", signature_id=line.signature_id),
            record_url=url_for("reports.record", signature_id=line.signature_id)
            if line.preserved
            else "",
            proof=time_words(line.proven_at, line.time_authority, shown.zone),
        )
        for line in shown.signatures
    )


def timeline(shown: DocumentPage) -> tuple[Line, ...]:
    """Return what happened, the latest first."""
    return tuple(_line(shown, one) for one in shown.happened)


def _line(shown: DocumentPage, one: Happening) -> Line:
    what = _(
        _HAPPENED[one.key],
        revision=one.revision,
        number=numbered(one.number, one.dated),
        date=short_date(one.dated) if one.dated else "",
    )
    who = one.who
    if one.entered_by:
        who = _(N_("{who}, entered by {clerk}"), who=one.who, clerk=one.entered_by)
    return Line(moment(one.at, shown.zone), what, who, one.note)
