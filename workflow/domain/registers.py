"""Registers: automatic or manual numbering; every number has a row.

"No gaps" means just that: a number that was printed but never signed keeps its row, annulled
with the reason, and is never used again. The journals hold documents from outside the system,
too: their rows are written by hand, and what a correction replaced is kept.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from enum import StrEnum
from string import Formatter
from uuid import UUID

from workflow.domain.refusals import N_, Refusal

MASK_FIELDS = ("n", "year", "index")
LONGEST_MASK = 60  # characters


class Numbering(StrEnum):
    """Who gives the numbers of a register: the system, or the clerk who types them."""

    AUTOMATIC = "automatic"
    MANUAL = "manual"


@dataclass(frozen=True)
class Register:
    """A journal of an organisation (журнал регистрации).

    `mask` holds `{n}` (and may hold `{year}`); `next_number` is the next one to give out, and a
    register may start at any number. A yearly register begins again at 1 with the new year.
    """

    id: UUID
    organisation_id: UUID
    key: str
    title: str
    mask: str
    numbering: Numbering = Numbering.AUTOMATIC
    next_number: int = 1
    year: int | None = None
    nomenclature: str = ""
    version: int = 0

    def number_for(self, day: date) -> int:
        """The next sequence number for a document dated `day`."""
        return 1 if self.year is not None and day.year > self.year else self.next_number

    def printed(self, sequence: int, day: date) -> str:
        """The number as it is printed: `12-о/д`."""
        return self.mask.format(n=sequence, year=day.year, index=self.nomenclature)

    def sequence_of(self, number: str, day: date) -> int:
        """Which number of the series a typed one is; 0 when it does not follow the mask."""
        parts = []
        for literal, name, _spec, _how in Formatter().parse(self.mask):
            known = {"n": r"0*([0-9]{1,9})", "year": str(day.year), None: ""}
            parts.append(re.escape(literal) + known.get(name, re.escape(self.nomenclature)))
        found = re.fullmatch("".join(parts), number.strip(), re.IGNORECASE)
        return int(found[1]) if found else 0


def is_mask(mask: str) -> bool:
    """Whether `mask` holds `{n}` (`{n:03}` pads it) and nothing that cannot be printed."""
    try:
        parts = list(Formatter().parse(mask))
    except ValueError:
        return False
    fields = [(name, spec or "", how) for _text, name, spec, how in parts if name is not None]
    known = all(
        name in MASK_FIELDS and how is None and re.fullmatch(r"(0?\d)?", spec, re.ASCII)
        for name, spec, how in fields
    )
    return known and any(name == "n" for name, _spec, _how in fields) and len(mask) <= LONGEST_MASK


class EntryState(StrEnum):
    """What became of a number."""

    RESERVED = "reserved"
    REGISTERED = "registered"
    ANNULLED = "annulled"


@dataclass(frozen=True)
class RowText:
    """What a row says.

    `correspondent` is who sent it, or to whom it goes; `their_number` the number and date that
    the sender gave it («№ 14 от 01.03.2026»); `executor` who made it, or to whom it was handed;
    `scan` the SHA-256 of a scan. Of a document that lives here the signatories are known from its
    signatures and are not written down once more.
    """

    number: str
    dated: date
    summary: str
    correspondent: str = ""
    their_number: str = ""
    signed_by: str = ""
    executor: str = ""
    note: str = ""
    scan: str = ""


@dataclass(frozen=True)
class EntryChange:
    """A correction of a row written by hand: when, by whom, and what stood there `before`."""

    at: datetime
    by: UUID
    before: RowText


@dataclass(frozen=True)
class Entry:
    """A row of a register. `sequence` orders an automatic series; 0 in a manual one.

    `by_hand`: the clerk wrote it, no act of the system did. The other fields are those of
    `RowText`; `changes` are only added to.
    """

    id: UUID
    register_id: UUID
    sequence: int
    year: int
    number: str
    dated: date
    state: EntryState
    document_id: UUID | None
    summary: str
    entered_at: datetime
    entered_by: UUID | None
    reason: str = ""
    correspondent: str = ""
    their_number: str = ""
    signed_by: str = ""
    executor: str = ""
    note: str = ""
    scan: str = ""
    by_hand: bool = False
    changes: tuple[EntryChange, ...] = ()
    version: int = 0

    @property
    def text(self) -> RowText:
        """What the row says now."""
        return RowText(**{field.name: getattr(self, field.name) for field in fields(RowText)})

    def saying(self, text: RowText) -> Entry:
        """The row with another text, in the year of its date."""
        said = {field.name: getattr(text, field.name) for field in fields(RowText)}
        return replace(self, **said, year=text.dated.year)


def may_use_number(number: str, taken: bool) -> Refusal | None:
    """Whether a number typed by the clerk may be given in a manual register."""
    if not number.strip():
        return Refusal(
            "register.number_missing",
            N_("The number is missing: this register is kept by hand."),
            N_("Type the number from your register."),
        )
    if taken:
        return Refusal(
            "register.number_taken",
            N_("The number {number} is already in the register."),
            N_("Look it up in the register and type the next free one."),
            {"number": number.strip()},
        )
    return None


def may_keep_number(
    register: Register, entry: Entry, later_registered: bool, new_day: date
) -> bool:
    """Whether a document that is fixed again on `new_day` keeps the number it had.

    It may not once a later number of the series is registered (dates of a register never run
    backwards), nor in another year of a yearly register, nor where the year stands in the number.
    """
    if later_registered:
        return False
    if register.year is not None and entry.year != new_day.year:
        return False
    typed = entry.sequence == 0
    return typed or register.printed(entry.sequence, new_day) == entry.number
