"""Who reads and keeps the journals of an organisation, and what may be written into them by hand.

The school's journals hold more orders and letters than this system makes. Their rows are written
by the clerk: never deleted, only annulled with a reason; a correction keeps the old text.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from workflow.domain.mandates import Actor
from workflow.domain.organisations import Organisation
from workflow.domain.refusals import N_, Refusal
from workflow.domain.registers import (
    Entry,
    EntryState,
    Numbering,
    Register,
    RowText,
    is_mask,
)
from workflow.domain.regulations import Role

LONGEST_NUMBER = 60  # characters
LARGEST_NUMBER = 999_999  # of a series

_READERS = (Role.CLERK, Role.HEAD, Role.DEPUTY, Role.OFFICER)
_KEEPERS = (Role.CLERK, Role.HEAD, Role.OFFICER)


class JournalKind(StrEnum):
    """What a journal is about, which decides about its columns."""

    INNER = "inner"  # orders, agreements: made by the organisation for itself
    OUTGOING = "outgoing"
    INCOMING = "incoming"
    NOTICES = "notices"


#: The registers that every pack inherits and that are not about papers of the house.
_KINDS = {
    "outgoing": JournalKind.OUTGOING,
    "incoming": JournalKind.INCOMING,
    "receipts": JournalKind.NOTICES,
}


def kind_of(register: Register) -> JournalKind:
    """What the journal is about, by its key."""
    return _KINDS.get(register.key, JournalKind.INNER)


def reads_registers(actor: Actor, organisation: Organisation, today: date) -> bool:
    """Whether the actor may read the organisation's registers: those who keep and use them."""
    return any(actor.holds(role, organisation.id, today) for role in _READERS)


def may_keep_register(actor: Actor, organisation: Organisation, today: date) -> Refusal | None:
    """Whether the actor keeps the journals: sets their numbering, writes rows by hand.

    The clerk does, in an office the officer too, and the head where there is no clerk. The
    operator, who sets organisations up, may set the numbering; no row is for the operator's eyes.
    """
    if actor.operator or any(actor.holds(role, organisation.id, today) for role in _KEEPERS):
        return None
    return Refusal(
        "register.not_keeper",
        N_("The journals are kept by the clerk and the head of the organisation."),
        N_("Ask the clerk."),
    )


def may_change_row(
    entry: Entry, actor: Actor, organisation: Organisation, today: date
) -> Refusal | None:
    """Whether the actor may correct or annul the row."""
    refusal = may_keep_register(actor, organisation, today)
    if refusal:
        return refusal
    if not entry.by_hand:
        return Refusal(
            "register.row_of_document",
            N_("The row was written by the system: it follows its document."),
            N_("Change or cancel the document; the row will follow."),
        )
    if entry.state is EntryState.ANNULLED:
        return Refusal(
            "register.row_annulled",
            N_("The row is annulled already."),
            N_("Write a new row with another number."),
        )
    return None


def may_annul_row(
    entry: Entry, reason: str, actor: Actor, organisation: Organisation, today: date
) -> Refusal | None:
    """Whether the actor may annul the row for this `reason`."""
    refusal = may_change_row(entry, actor, organisation, today)
    if refusal or reason.strip():
        return refusal
    return Refusal(
        "register.reason_missing",
        N_("The reason is missing: the row stays in the journal and must explain itself."),
        N_("Write why the number is not used."),
    )


def check_row(text: RowText, today: date) -> Refusal | None:
    """Whether a row may say this: it has a summary and no date of tomorrow."""
    if not text.summary.strip():
        return Refusal(
            "register.summary_missing",
            N_("The heading is missing: what is the document about?"),
            N_("Write the heading as it stands in the document."),
        )
    if text.dated > today:
        return Refusal(
            "register.in_future",
            N_("The date lies in the future."),
            N_("A document is registered on its day, not before."),
        )
    if len(text.number) > LONGEST_NUMBER:
        return Refusal(
            "register.number_long",
            N_("The number is longer than {most} characters."),
            N_("Type the number alone; anything else belongs into the note."),
            {"most": LONGEST_NUMBER},
        )
    return None


def may_take_next(register: Register, day: date, latest: date | None) -> Refusal | None:
    """Whether a row of `day` may have the next number of an automatic series.

    `latest` is the last date among the rows of that year. Dates of a series never run backwards,
    and the series of a year that is over gives no more numbers.
    """
    if register.numbering is Numbering.MANUAL:
        return None
    over = register.year is not None and day.year < register.year
    if over or (latest is not None and day < latest):
        return Refusal(
            "register.backwards",
            N_("The journal has rows of a later date: the next number would stand out of order."),
            N_("Type the number that the document bears, for example with a letter: 12a."),
        )
    return None


def check_keeping(next_number: int, mask: str) -> Refusal | None:
    """Whether a register can be kept so: a mask that prints, a number to go on from."""
    if not is_mask(mask):
        return Refusal(
            "register.mask",
            N_("The mask of the number must hold {n}, for example {n}-о/д."),
            N_("Correct the mask."),
            {"n": "{n}"},
        )
    if not 1 <= next_number <= LARGEST_NUMBER:
        return Refusal(
            "register.next",
            N_("A register goes on from a number between 1 and {most}."),
            N_("Correct the next number."),
            {"most": LARGEST_NUMBER},
        )
    return None
