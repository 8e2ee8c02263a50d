"""What the page says before a document gets its number and date, and while its files are made."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from workflow.domain.mandates import Actor
from workflow.domain.permissions import may_fix
from workflow.domain.refusals import Refusal
from workflow.domain.registers import EntryState, Numbering, Register, may_keep_number
from workflow.domain.routes import DocumentState
from workflow.queries.headings import Heading, heading_of
from workflow.store.unit_of_work import Repositories
from workflow.usecases import desk as desks
from workflow.usecases.desk import Desk
from workflow.usecases.fix import with_changes
from workflow.usecases.services import Services


@dataclass(frozen=True)
class ExpectedNumber:
    """The number that the document will get.

    `number` is empty where the clerk types it (`by_hand`); `is_kept` when the document has it
    already and keeps it.
    """

    register: str
    number: str
    by_hand: bool
    is_kept: bool = False


@dataclass(frozen=True)
class FixingPage:
    """`number` is None for a document without one; `refusal` says why it cannot be fixed now.
    `sequence` is that of the last fixing (0: none).

    `is_making`: the files are being rendered; `failure` says why they could not be. `is_ready`:
    they are there. `is_outdated`: the document bears an earlier date than today and has to be
    dated anew before it is signed.
    """

    heading: Heading
    sequence: int
    number: ExpectedNumber | None
    annexes: tuple[str, ...]
    refusal: Refusal | None
    failure: Refusal | None
    is_making: bool
    is_ready: bool
    is_outdated: bool

    @property
    def files(self) -> int:
        """How many files are rendered."""
        return 1 + len(self.annexes)


def fixing_page(services: Services, actor: Actor, document_id: UUID) -> FixingPage:
    """Return the page; NotFoundError when the document is not there or not for these eyes."""
    with services.uow.reading() as tx:
        desk = desks.lay(tx, services, actor, document_id)
        if desk.state in _UNFIXED:
            desk = with_changes(tx, services, desk)
        fixing = desk.document.fixing
        return FixingPage(
            heading=heading_of(desk),
            sequence=fixing.sequence if fixing else 0,
            number=_number(tx, desk),
            annexes=tuple(annex.document.title for annex in desk.annexes),
            refusal=may_fix(desk.document, desk.actor, desk.around),
            failure=fixing.failure if fixing else None,
            is_making=desk.state is DocumentState.FIXING and fixing is not None,
            is_ready=fixing is not None and fixing.manifest is not None,
            is_outdated=is_outdated(desk),
        )


#: Only here is it worth rendering the context anew to see whether the text has changed.
_UNFIXED = (DocumentState.AGREED, DocumentState.FIXING, DocumentState.TO_SIGN)


def is_outdated(desk: Desk) -> bool:
    """Whether the unsigned document bears an earlier day than today and must not."""
    fixing = desk.document.fixing
    unsigned = desk.state in (DocumentState.FIXING, DocumentState.TO_SIGN)
    return (
        unsigned
        and desk.kind.one_sided
        and fixing is not None
        and fixing.printed_date < desk.around.today
    )


def _number(tx: Repositories, desk: Desk) -> ExpectedNumber | None:
    if not desk.kind.register:
        return None
    register = tx.registers.find(desk.organisation.id, desk.kind.register)
    if register is None:
        return None
    held = _held(tx, register, desk)
    if held:
        return ExpectedNumber(register.title, held, by_hand=False, is_kept=True)
    by_hand = register.numbering is Numbering.MANUAL
    number = "" if by_hand else _next(tx, register, desk)
    return ExpectedNumber(register.title, number, by_hand)


def _held(tx: Repositories, register: Register, desk: Desk) -> str:
    """The number that the document has and keeps when it is dated today."""
    fixing = desk.document.fixing
    if fixing is None or fixing.entry_id is None:
        return ""
    entry = tx.entries.load(fixing.entry_id)
    if entry.state is not EntryState.RESERVED:
        return entry.number
    later = tx.entries.later_registered(entry)
    return entry.number if may_keep_number(register, entry, later, desk.around.today) else ""


def _next(tx: Repositories, register: Register, desk: Desk) -> str:
    """The number that would be given now: the next one that is free."""
    today = desk.around.today
    year = today.year if register.year is not None else None
    sequence = register.number_for(today)
    while tx.entries.number_taken(register.id, register.printed(sequence, today), year):
        sequence += 1
    return register.printed(sequence, today)
