"""Acknowledge an order (ознакомление): electronically, or as the clerk enters it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from workflow.domain.documents import Document, Verdict
from workflow.domain.mandates import Actor
from workflow.domain.permissions import may_acknowledge, may_enter_paper, steps_for
from workflow.domain.refusals import N_, Refusal
from workflow.domain.regulations import Verb
from workflow.domain.routes import Step, open_steps
from workflow.domain.simple_signatures import agreement_for, may_acknowledge_unsigned
from workflow.store.unit_of_work import Repositories, Transaction
from workflow.usecases import desk as desks
from workflow.usecases.agree import may_trust
from workflow.usecases.desk import Desk
from workflow.usecases.effect import ask_for_visual_copy
from workflow.usecases.pairs.following import follow_handing_over
from workflow.usecases.services import Services

#: What a clerk may enter for somebody, and whether it needs a scan.
ON_PAPER = {
    Verdict.ACKNOWLEDGED_ON_PAPER: True,
    Verdict.REFUSED: True,
    Verdict.ABSENT: False,
}


def acknowledge(
    services: Services, actor: Actor, document_id: UUID, seen: str
) -> Document | Refusal:
    """Confirm having read the document whose manifest has the digest `seen`, without a signature.

    Refused to whoever has an agreement on simple signatures (see `acknowledge_simply`), and for
    documents of labour law.
    """
    with services.uow() as tx:
        desk = desks.lay_locked(tx, services, actor, document_id)
        refusal = may_acknowledge(desk.document, desk.actor, desk.around) or may_trust(desk, seen)
        refusal = refusal or unsigned_refusal(tx, desk)
        if refusal:
            return refusal
        document = desk.document
        for step in steps_for(document, Verb.ACKNOWLEDGE, desk.actor, desk.around):
            document = document.marked(desks.mark(services, desk, step, Verdict.ACKNOWLEDGED))
        document = save_acknowledged(tx, services, desk, document, Verdict.ACKNOWLEDGED)
        tx.commit()
        return document


def unsigned_refusal(tx: Repositories, desk: Desk) -> Refusal | None:
    """Why the desk's actor cannot acknowledge without a signature; None when they can."""
    agreements = tx.simple_agreements.of_person(desk.actor.person_id)
    found = agreement_for(agreements, desk.organisation.id, desk.around.today)
    return may_acknowledge_unsigned(found, labour=desk.kind.labour)


@dataclass(frozen=True)
class PaperEntry:
    """What the clerk enters for a person: the verdict, the ink date, the scan, a remark."""

    employment_id: UUID
    verdict: Verdict
    happened_on: date
    scan: bytes = b""
    remark: str = ""

    @classmethod
    def of(
        cls, employment_id: UUID, verdict: str, happened_on: date, scan: bytes, remark: str
    ) -> PaperEntry:
        """The same from plain values; ValueError for an unknown verdict."""
        return cls(employment_id, Verdict(verdict), happened_on, scan, remark)


def enter_acknowledgement(
    services: Services, actor: Actor, document_id: UUID, entry: PaperEntry
) -> Document | Refusal:
    """Enter that somebody acknowledged on paper, was absent, or refused (with an act)."""
    scan = services.blobs.put(entry.scan) if entry.scan else ""
    with services.uow() as tx:
        desk = desks.lay_locked(tx, services, actor, document_id)
        refusal = may_enter_paper(desk.actor, desk.around) or _complete(entry, desk)
        marked = refusal or _entered(tx, services, desk, entry, scan)
        if isinstance(marked, Refusal):
            return marked
        document = save_acknowledged(tx, services, desk, marked, entry.verdict)
        tx.commit()
        return document


@dataclass(frozen=True)
class SignedSheet:
    """A sheet that several people have signed: its scan, and the date beside each name."""

    scan: bytes
    dates: Mapping[UUID, date]  # by employment


def enter_sheet(
    services: Services, actor: Actor, document_id: UUID, sheet: SignedSheet
) -> Document | Refusal:
    """Enter everybody who has signed the printed sheet, with one scan for all of them.

    All or none: one wrong date or name, and nothing is entered.
    """
    scan = services.blobs.put(sheet.scan) if sheet.scan else ""
    with services.uow() as tx:
        desk = desks.lay_locked(tx, services, actor, document_id)
        refusal = may_enter_paper(desk.actor, desk.around)
        if refusal is None and not sheet.dates:
            refusal = Refusal(
                "acknowledge.nobody",
                N_("No date is entered beside any name."),
                N_("Enter the date beside the name of each person who has signed the sheet."),
            )
        if refusal:
            return refusal
        document = desk.document
        for employment_id, day in sheet.dates.items():
            entry = PaperEntry(employment_id, Verdict.ACKNOWLEDGED_ON_PAPER, day, sheet.scan)
            marked = _complete(entry, desk) or _entered(
                tx, services, desks.on_desk(desk, document), entry, scan
            )
            if isinstance(marked, Refusal):
                return marked
            document = marked
        document = save_acknowledged(tx, services, desk, document, Verdict.ACKNOWLEDGED_ON_PAPER)
        tx.commit()
        return document


def _entered(
    tx: Transaction, services: Services, desk: Desk, entry: PaperEntry, scan: str
) -> Document | Refusal:
    """The desk's document with the mark that the clerk enters for the person."""
    step = _step_of(desk, entry.employment_id)
    if step is None:
        return Refusal(
            "acknowledge.not_waiting",
            N_("Nobody waits for this person's acknowledgement."),
            N_("Open the acknowledgement sheet to see who has not confirmed yet."),
        )
    employment = tx.employments.load(entry.employment_id)
    mark = desks.mark(
        services, desk, step, entry.verdict, remark=entry.remark.strip(), evidence=scan
    )
    mark = replace(
        mark,
        person_id=employment.person_id,
        entered_by=desk.actor.person_id,
        happened_on=entry.happened_on,
    )
    return desk.document.marked(mark)


def _step_of(desk: Desk, employment_id: UUID) -> Step | None:
    waiting = open_steps(desk.document, desk.kind, desk.around.visa_roles)
    return next(
        (s for s in waiting if s.verb is Verb.ACKNOWLEDGE and s.employment_id == employment_id),
        None,
    )


def _complete(entry: PaperEntry, desk: Desk) -> Refusal | None:
    if entry.verdict not in ON_PAPER:
        return Refusal("acknowledge.not_paper", N_("This cannot be entered for another person."))
    if ON_PAPER[entry.verdict] and not entry.scan:
        return Refusal(
            "acknowledge.scan_missing",
            N_("The scan is missing: the signed sheet or the act of refusal."),
            N_("Scan the paper and attach the file."),
        )
    if entry.happened_on > desk.around.today:
        return Refusal("acknowledge.in_future", N_("The date lies in the future."))
    dated = desk.document.dated
    if dated is not None and entry.happened_on < dated:
        return Refusal(
            "acknowledge.before_document",
            N_("The date is earlier than the document itself ({date})."),
            N_("Look at the date on the paper."),
            {"date": dated},
        )
    return None


def save_acknowledged(
    tx: Transaction, services: Services, desk: Desk, document: Document, verdict: Verdict
) -> Document:
    """Write an acknowledgement down with what follows from it."""
    document = desks.save(tx, desk, document)
    follow_handing_over(tx, services, desks.on_desk(desk, document))
    ask_for_visual_copy(tx, document)
    tx.audit.add(
        desk.organisation.id,
        "document.acknowledged",
        {
            "document": str(document.id),
            "manifest": document.marks[-1].bound,
            "verdict": str(verdict),
        },
    )
    return document
