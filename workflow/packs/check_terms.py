"""Can the deadlines and duties of a pack be read, and do their events ever happen."""

from __future__ import annotations

from workflow.domain.deadline_phrases import (
    OneOff,
    PhraseError,
    Recurrence,
    Term,
    read_phrase,
)
from workflow.domain.refusals import N_
from workflow.packs.findings import Findings
from workflow.packs.schema import PackModel, TypeModel

# A case begins on its first day or the day of its order, whichever is later.
CASE_EVENTS = frozenset({"begins", "starts", "ends", "opened", "closed"})
DOCUMENT_EVENTS = frozenset(
    {"agreed", "fixed", "signed", "registered", "acknowledged", "delivered", "accepted", "returned"}
)


def check_deadlines(findings: Findings, pack: PackModel, code: str, kind: TypeModel) -> None:
    for key, deadline in kind.deadlines.items():
        path = ("types", code, "deadlines", key, "due")
        if deadline.met_by and deadline.met_by not in kind.route:
            at = ("types", code, "deadlines", key, "met_by")
            findings.add_unknown(at, deadline.met_by, kind.route)
        term = _phrase(findings, path, deadline.due)
        if isinstance(term, Term):
            check_event(findings, pack, path, term.after)
        elif isinstance(term, Recurrence):
            findings.add(
                path,
                "pack.deadline_recurs",
                N_("“{phrase}” comes again and again; it is no deadline of one document."),
                N_("Put it into the section “duties”."),
                phrase=deadline.due,
            )


def _phrase(findings: Findings, path: tuple[str, ...], text: str) -> Term | Recurrence | None:
    try:
        phrase = read_phrase(text)
    except PhraseError:
        findings.add(
            path,
            "pack.deadline_unreadable",
            N_("The deadline “{phrase}” cannot be read."),
            N_("Write “5 working days after case.ends” or “every half-year”."),
            phrase=text,
        )
        return None
    if isinstance(phrase, OneOff):
        findings.add(
            path,
            "pack.deadline_one_off",
            N_("“{phrase}” is a date of one year; a regulation outlives it."),
            N_("Leave it to the order that sets the task."),
            phrase=text,
        )
        return None
    return phrase


def check_event(findings: Findings, pack: PackModel, path: tuple[str, ...], event: str) -> None:
    whose, _, what = event.partition(".")
    if whose == "case":
        known = sorted(CASE_EVENTS)
    elif whose == "order" or whose in pack.types:
        known = sorted(DOCUMENT_EVENTS)
    else:
        findings.add_unknown(path, whose, ["case", "order", *pack.types])
        return
    if what not in known:
        findings.add(
            path,
            "pack.event_unknown",
            N_("“{event}” never happens."),
            N_("Possible after “{whose}.”: {known}."),
            event=event,
            whose=whose,
            known=", ".join(known),
        )


def check_duties(findings: Findings, pack: PackModel) -> None:
    for key, duty in pack.duties.items():
        path = ("duties", key, "due")
        if isinstance(_phrase(findings, path, duty.due), Term):
            findings.add(
                path,
                "pack.duty_once",
                N_("“{phrase}” comes once; a duty comes again and again."),
                N_("Write “every half-year”, or put it under “deadlines” of a type."),
                phrase=duty.due,
            )
        if duty.type and duty.type not in pack.types:
            findings.add_unknown(("duties", key, "type"), duty.type, pack.types)
