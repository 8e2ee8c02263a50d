"""What documents and their copies print: people, organisations, registration, marks, sheets."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from workflow.domain.documents import Verdict
from workflow.domain.organisations import Requisites
from workflow.domain.regulations import SignatureKind


@dataclass(frozen=True)
class PrintedPerson:
    """A person as a document prints them: name and post with their case forms.

    `organisation` is the short name of that where the post is held, with its case forms; empty
    where it is the document's own. Whether somebody confirmed the forms is not printed, so it is
    not compared either.
    """

    last: str
    first: str
    middle: str
    female: bool
    forms: tuple[tuple[str, str], ...]
    post: str
    post_forms: tuple[tuple[str, str], ...]
    organisation: str = ""
    organisation_forms: tuple[tuple[str, str], ...] = ()
    confirmed: bool = field(default=True, compare=False)
    post_confirmed: bool = field(default=True, compare=False)
    organisation_confirmed: bool = field(default=True, compare=False)


@dataclass(frozen=True)
class PrintedOrganisation:
    """An organisation as a letterhead prints it."""

    full: str
    short: str
    forms: tuple[tuple[str, str], ...]
    requisites: Requisites
    founder: str
    confirmed: bool = field(default=True, compare=False)


@dataclass(frozen=True)
class PrintedRegistration:
    """Number and date of the document itself; empty until it is fixed."""

    number: str = ""
    dated: date | None = None


@dataclass(frozen=True)
class PrintedApproval:
    """Number and date of the order that approves, and which annex of it this is."""

    number: str = ""
    dated: date | None = None
    annex: int | None = None


@dataclass(frozen=True)
class PrintedPower:
    """The power of attorney by which a signature was given: number, days of giving and ending."""

    number: str
    issued: date
    until: date


@dataclass(frozen=True)
class SignatureMark:
    """A signature as the visual copy shows it; `short_name` is «И.О. Фамилия».

    Of a simple one `owner` is the person and `serial` the code of its statement.
    """

    kind: SignatureKind
    owner: str
    post: str
    short_name: str
    serial: str
    valid_from: datetime
    valid_until: datetime
    signed_at: datetime
    training: bool
    power: PrintedPower | None = None


@dataclass(frozen=True)
class SheetRow:
    """A row of the visa or acknowledgement sheet; `name` is «Фамилия И.О.».

    `at` is a day for what happened on paper. `simple`: a simple signature proves it.
    """

    name: str
    post: str
    verdict: Verdict
    remark: str
    at: datetime | date
    simple: bool = False


@dataclass(frozen=True)
class VisualCopyRequest:
    """What a visual copy is made of; `address` is that of the public check page.

    `document` names it («Приказ от 25 января 2023 г. № 12-о/д»).
    """

    pdf: bytes
    sha256: str
    document: str
    file_name: str
    address: str
    time_zone: str
    marks: tuple[SignatureMark, ...]
    visas: tuple[SheetRow, ...] = ()
    acknowledgements: tuple[SheetRow, ...] = ()


@dataclass(frozen=True)
class InkRow:
    """Somebody who signs the acknowledgement sheet with a pen; `name` is «Фамилия И.О.»."""

    name: str
    post: str


@dataclass(frozen=True)
class PrintRequest:
    """What is printed for signature: the fixed PDF files in their order, names for the sheet."""

    document: str
    files: tuple[bytes, ...]
    people: tuple[InkRow, ...] = ()
