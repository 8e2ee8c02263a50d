"""What happened to a document, and its route with who did what when."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from workflow.domain.documents import Document, Existing, Mark, Verdict
from workflow.domain.regulations import Role, Verb
from workflow.domain.routes import (
    CLOSING,
    ORDER_FIX,
    ORDER_SIGN,
    DocumentState,
    Step,
    is_called_off,
    is_done,
    last_mark,
    open_steps,
    steps_of,
)
from workflow.domain.signatures import AGAIN, LOST
from workflow.queries.waiting import place_of, short_names, who_waits
from workflow.store.repositories.documents import OpenStep
from workflow.store.unit_of_work import Repositories
from workflow.usecases.desk import Desk
from workflow.usecases.wording import their_number

_AGREED = (Verdict.AGREED, Verdict.AGREED_WITH_REMARKS)


class StepStatus(StrEnum):
    DONE = "done"
    OPEN = "open"
    LATER = "later"


@dataclass(frozen=True)
class Done:
    """How a step was closed; `happened_on` is the ink date of an act made on paper.

    `called_off`: nobody did it, the line of the order was cancelled by what `remark` names.
    """

    verdict: Verdict
    who: str = ""
    at: datetime | None = None
    happened_on: date | None = None
    remark: str = ""
    called_off: bool = False


@dataclass(frozen=True)
class RouteLine:
    """A step of the route: `people` are called to it, `done` says how it was closed."""

    verb: Verb
    role: Role | None
    people: tuple[str, ...]
    status: StepStatus
    mine: bool
    article: str
    done: Done | None = None


@dataclass(frozen=True)
class Happening:
    """One thing that happened; `key` says what.

    It is a verdict, the verb of a step that was done, or one of `revision`, `fixed`, `registered`,
    `order_fixed`, `order_unfixed`, `order_signed`, `order_withdrawn`, `amended`, `closed`,
    `reopened`: of the last three the document that did it is the `note`.
    `number` and `dated` belong to `fixed`; `entered_by` typed in what had been done on paper.
    """

    key: str
    at: datetime
    who: str
    revision: int
    note: str = ""
    number: str = ""
    dated: date | None = None
    entered_by: str = ""


def happenings(tx: Repositories, desk: Desk) -> tuple[Happening, ...]:
    """Return everything that happened to the document, the latest first."""
    document = desk.document
    names = short_names(tx, _people(document))
    closers = _closers(tx, document)
    found = [_mark(desk, mark, names, closers) for mark in document.marks]
    for revision in document.revisions:
        who = names[revision.created_by] if revision.number == 1 else ""
        found.append(Happening("revision", revision.created_at, who, revision.number))
    for fixing in document.fixings:
        who = names[fixing.fixed_by] if fixing.fixed_by else ""
        found.append(
            Happening(
                "fixed",
                fixing.fixed_at,
                who,
                fixing.revision,
                number=fixing.printed_number,
                dated=fixing.printed_date,
            )
        )
    if document.existing:
        who = names[document.created_by]
        found.append(Happening("registered", document.created_at, who, 0))
    return tuple(sorted(found, key=in_order)[::-1])


#: In which order a document's life puts what is written down for the same moment.
_LIFE = (
    "revision", "prepare", "collapsed", "vacant", "agreed", "agreed_with_remarks", "fixed",
    "registered", "received", "signed", "signed_on_paper",
)  # fmt: skip


def in_order(one: Happening) -> tuple[datetime, int, int]:
    """Return by what things that happened are put one after another, the earliest first."""
    rank = _LIFE.index(one.key) if one.key in _LIFE else len(_LIFE)
    return one.at, one.revision, rank


def _people(document: Document) -> set[UUID]:
    people = {document.created_by, *(r.created_by for r in document.revisions)}
    people |= {f.fixed_by for f in document.fixings if f.fixed_by}
    people |= {m.person_id for m in document.marks if m.person_id}
    return people | {m.entered_by for m in document.marks if m.entered_by}


_OF_THE_ORDER = {
    (ORDER_FIX, Verdict.DONE): "order_fixed",
    (ORDER_FIX, Verdict.WITHDRAWN): "order_unfixed",
    (ORDER_SIGN, Verdict.SIGNED): "order_signed",
    (ORDER_SIGN, Verdict.WITHDRAWN): "order_withdrawn",
}


#: What was lost and made once more: a scan, a signature.
_REPEATED = {
    (Verdict.SIGNED_ON_PAPER, AGAIN): "scanned_again",
    (Verdict.WITHDRAWN, LOST): "signature_lost",
    (Verdict.SIGNED, AGAIN): "signed_again",
}


def _closers(tx: Repositories, document: Document) -> dict[str, str]:
    """The documents that amended or cancelled this one, by id, as an office cites them."""
    ids = {UUID(m.evidence) for m in document.marks if m.step == CLOSING and m.evidence}
    headings = tx.documents.headings_of(ids).values()
    return {str(h.id): f"{h.title} {their_number(h.number, h.dated)}".strip() for h in headings}


def _mark(
    desk: Desk, mark: Mark, names: Mapping[UUID, str], closers: Mapping[str, str]
) -> Happening:
    key = _key_of(desk, mark)
    note = "" if key in _REPEATED.values() else mark.remark
    return Happening(
        key=key,
        at=mark.at,
        who=names[mark.person_id] if mark.person_id else "",
        revision=mark.revision,
        note=closers.get(mark.evidence, "") if mark.step == CLOSING else note,
        dated=mark.happened_on,
        entered_by=names[mark.entered_by] if mark.entered_by else "",
    )


def _key_of(desk: Desk, mark: Mark) -> str:
    if mark.step == CLOSING:
        if mark.verdict is Verdict.WITHDRAWN:
            return "reopened"
        return "amended" if mark.remark == DocumentState.AMENDED else "closed"
    if of_order := _OF_THE_ORDER.get((mark.step, mark.verdict)):
        return of_order
    if again := _REPEATED.get((mark.verdict, mark.remark)):
        return again
    if mark.verdict is Verdict.DONE:
        spec = desk.kind.step(mark.step.partition(":")[0])
        return spec.verb.value if spec else mark.verdict.value
    return mark.verdict.value


def route_lines(tx: Repositories, desk: Desk) -> tuple[RouteLine, ...]:
    """Return the route of the document as it is now, step by step."""
    document, around = desk.document, desk.around
    steps = steps_of(document, desk.kind, around.visa_roles)
    called = who_waits(
        tx,
        {document.id: [OpenStep.of(step, place_of(step, around)) for step in steps]},
        desk.actor,
        around.today,
    )[document.id]
    open_keys = {step.key for step in open_steps(document, desk.kind, around.visa_roles)}
    names = short_names(tx, _people(document))
    cancelled_by = {str(line.cancelled_by) for line in document.lines if line.cancelled_by}
    closers = [name for one, name in _closers(tx, document).items() if one in cancelled_by]
    lines = []
    for step, waits in zip(steps, called, strict=True):
        done = _done(desk, step, names, closers)
        status = StepStatus.OPEN if step.key in open_keys else StepStatus.LATER
        lines.append(
            RouteLine(
                verb=step.verb,
                role=waits.role,
                people=waits.people,
                status=StepStatus.DONE if done else status,
                mine=waits.mine,
                article=step.spec.article,
                done=done,
            )
        )
    return tuple(lines)


def _done(
    desk: Desk, step: Step, names: Mapping[UUID, str], closers: Collection[str]
) -> Done | None:
    document = desk.document
    if step.verb is Verb.REGISTER:
        in_force = desk.state in (DocumentState.IN_FORCE, DocumentState.AMENDED)
        return Done(Verdict.DONE) if in_force else None
    if not is_done(document, step):
        return None
    if document.existing and last_mark(document, step) is None:
        return _done_elsewhere(document, document.existing, step)
    if step.verb is Verb.FIX:
        fixing = document.fixing
        assert fixing is not None  # or the step would not be done
        who = names[fixing.fixed_by] if fixing.fixed_by else ""
        return Done(Verdict.DONE, who, fixing.fixed_at)
    mark = last_mark(document, step)
    if mark is None and is_called_off(document, step):
        return Done(Verdict.DONE, remark="; ".join(closers), called_off=True)
    assert mark is not None  # or the step would not be done
    who = names[mark.person_id] if mark.person_id else ""
    return Done(mark.verdict, who, mark.at, mark.happened_on, mark.remark)


def _done_elsewhere(document: Document, existing: Existing, step: Step) -> Done:
    """How a step of a document was closed before it came here; its paper says who signed."""
    if step.verb is not Verb.SIGN:
        return Done(Verdict.DONE)
    verdict = Verdict.SIGNED_ON_PAPER if document.on_paper else Verdict.SIGNED
    return Done(verdict, existing.signed_by, happened_on=existing.dated)


def fallen_visas(tx: Repositories, desk: Desk) -> tuple[str, ...]:
    """Name those whose visas on the revision before fell with the return for rework."""
    document = desk.document
    if document.existing or desk.state is not DocumentState.REWORK:
        return ()
    survives = {s.key for s in desk.kind.route if s.survives_rework}
    fallen = [
        mark.person_id
        for mark in document.marks
        if mark.revision == document.revision.number - 1
        and mark.verdict in _AGREED
        and mark.person_id
        and mark.step.partition(":")[0] not in survives
    ]
    names = short_names(tx, fallen)
    return tuple(names[person] for person in dict.fromkeys(fallen))
