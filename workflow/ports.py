"""What the engines offer each other, as Protocols; the entrance fills them.

Only bytes and plain values cross these lines: the workflow knows neither Word nor certificates.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from workflow.accredited_lists import ReadsAccreditedLists
from workflow.domain.installation import CalendarOverride
from workflow.domain.mail import OutgoingMail
from workflow.domain.refusals import Refusal
from workflow.domain.regulations import PdfProfile, Regulation, SignatureFormat, SignatureKind
from workflow.domain.simple_signatures import SimpleStatement
from workflow.domain.trust import ProvenTime, TrustAnchor
from workflow.domain.working_days import WorkCalendar
from workflow.powers import ByPower, ReadsPowers
from workflow.prepared_pdfs import SignsInsidePdfs
from workflow.printed import (
    InkRow as InkRow,
)
from workflow.printed import (
    PrintedApproval as PrintedApproval,
)
from workflow.printed import (
    PrintedOrganisation as PrintedOrganisation,
)
from workflow.printed import (
    PrintedPerson as PrintedPerson,
)
from workflow.printed import (
    PrintedRegistration as PrintedRegistration,
)
from workflow.printed import (
    PrintRequest as PrintRequest,
)
from workflow.printed import (
    SheetRow as SheetRow,
)
from workflow.printed import (
    SignatureMark as SignatureMark,
)
from workflow.printed import (
    VisualCopyRequest as VisualCopyRequest,
)
from workflow.revocation_lists import CrlFacts as CrlFacts
from workflow.revocation_lists import FindsIssuers
from workflow.signed_elsewhere import Digests as Digests
from workflow.signed_elsewhere import OfferedCertificate as OfferedCertificate


class Clock(Protocol):
    """The present moment: aware, UTC."""

    def __call__(self) -> datetime: ...


class NewId(Protocol):
    """A new identifier (UUIDv7: later ones are greater)."""

    def __call__(self) -> UUID: ...


class Blobs(Protocol):
    """Files by the SHA-256 of their bytes, never changed once put."""

    def put(self, content: bytes) -> str:
        """Keep `content` durably and return its SHA-256 as 64 lower-case hex digits."""
        ...

    def get(self, sha256: str) -> bytes:
        """Return the bytes, checked against their hash; raise when they are missing or changed."""
        ...


class Secrets(Protocol):
    """Encryption at rest under a key that is not in the database."""

    def seal(self, secret: bytes, purpose: str) -> bytes:
        """Encrypt `secret`; `purpose` is bound to it and needed to open it."""
        ...

    def open(self, sealed: bytes, purpose: str) -> bytes:
        """Decrypt; raise ValueError when it was changed, or sealed for another purpose."""
        ...


class Passwords(Protocol):
    """Password hashing (argon2id)."""

    def hash(self, password: str) -> str: ...

    def matches(self, hashed: str, password: str) -> bool:
        """Whether the password is right; takes the same time for any hash."""
        ...


class SecondFactor(Protocol):
    """Time-based one-time codes (RFC 6238)."""

    def new_secret(self) -> bytes: ...

    def step_of(self, secret: bytes, code: str, now: datetime) -> int | None:
        """The time step that the code belongs to (now, or one step aside); None if wrong."""
        ...


class Packs(Protocol):
    """The regulations that are installed."""

    def names(self) -> tuple[str, ...]:
        """The packs that an organisation may work by."""
        ...

    def newest(self, name: str) -> Regulation:
        """The pack as it is installed now; KeyError for an unknown name."""
        ...

    def sources(self, name: str) -> Mapping[str, str]:
        """The texts that `newest` was read from, to be kept with the first case."""
        ...

    def get(self, name: str, version: str) -> Regulation:
        """The pack as a case knows it: by the SHA-256 of its sources."""
        ...


class Calendars(Protocol):
    """The production calendar of an organisation as a value.

    Ask `usecases.work_calendars.calendar_of`, which brings along what the operator has entered.
    """

    def calendar(
        self,
        region: str,
        week: int,
        overrides: tuple[CalendarOverride, ...] = (),
        region_years: frozenset[int] = frozenset(),
    ) -> WorkCalendar:
        """`region` as in the pack ("" federal days only), `week` 5 or 6 working days.

        `overrides` hold one entry a day at most and go before everything else; `region_years` are
        years whose regional days are all entered.
        """
        ...


# --- Word templates ------------------------------------------------------------------------


#: What a template may be given: text, numbers, yes/no, dates, lists, mappings and `Printed…`.
Context = Mapping[str, object]


@dataclass(frozen=True)
class Assembled:
    """A DOCX, the SHA-256 of the template with its blocks, and the heading to the text.

    `heading` is «О назначении наставников» as it is printed; empty where the document has none.
    """

    docx: bytes
    template: str
    heading: str = ""


@dataclass(frozen=True)
class DocumentProperties:
    """What the file's own properties say."""

    title: str
    author: str
    made_at: datetime


@dataclass(frozen=True)
class Pdf:
    """A converted file."""

    content: bytes
    pages: int


@dataclass(frozen=True)
class Forms:
    """Proposed case forms by the suffixes of the templates; `doubtful`: look closely."""

    forms: tuple[tuple[str, str], ...]
    doubtful: bool


class Assembler(Protocol):
    """Word templates."""

    def assemble(
        self, template: str, context: Context, properties: DocumentProperties
    ) -> Assembled | Refusal:
        """Render the library's `template` (a path) with plain values."""
        ...

    def template_digest(self, template: str) -> str:
        """SHA-256 (hex) of the template with the common blocks it may use."""
        ...

    def oblique_names(self, template: str) -> frozenset[str]:
        """Names that the template prints in a case other than the nominative.

        Dotted from the context (`curator.fio`, `pairs.mentor.post`), the case left away; the items
        of a list are named like the list.
        """
        ...

    def propose_person(self, last: str, first: str, middle: str, female: bool) -> Forms:
        """Case forms of a full name."""
        ...

    def propose_phrase(self, text: str) -> Forms:
        """Case forms of a post or of an organisation's name."""
        ...


class Converter(Protocol):
    """DOCX to PDF."""

    def to_pdf(self, files: Sequence[bytes], profile: PdfProfile) -> list[Pdf | Refusal]:
        """Convert up to 25 files in one go; answers stand in the order of `files`."""
        ...


# --- Signatures ----------------------------------------------------------------------------


class CheckStatus(StrEnum):
    """What an examination of a signature came to."""

    VALID = "valid"
    INVALID = "invalid"
    UNDECIDED = "undecided"


@dataclass(frozen=True)
class ExpectedSigner:
    """For whom a signature is examined (checks 7–9 of the report).

    `organisation_inn` and `ogrn` are those of the organisation whose mandate is used
    (`represents`); a certificate that names an organisation while these are not known leaves the
    signature undecided, and so does a person without СНИЛС and ИНН: it may be a namesake.
    `authority` is None when the mandate holds, otherwise the reason why not. With `power` the
    person signs by a power of attorney, which is judged with the signature.
    """

    last: str
    given: str
    snils: str
    inn: str
    organisation_inn: str
    ogrn: str
    kind: SignatureKind
    exactly: bool = False
    authority: Refusal | None = None
    represents: bool = False
    power: ByPower | None = None


@dataclass(frozen=True)
class TrustView:
    """All that signatures are examined against: anchors; CRLs, OCSP answers (DER); the compact
    list of accredited authorities (empty: none); anchors that vouch for timestamps alone."""

    anchors: tuple[TrustAnchor, ...]
    crls: tuple[bytes, ...]
    ocsp: tuple[bytes, ...] = ()
    accredited: bytes = b""
    timestamping: tuple[TrustAnchor, ...] = ()


@dataclass(frozen=True)
class Examination:
    """The answer: status, the certificate's facts, the report and the evidence to keep.

    `report` is canonical JSON, `evidence` the chain and revocation data that were used, `power` the
    power of attorney with all that it was judged by (empty: none);
    `certificate` is the SHA-256 of the signer's certificate; `revocation_as_of` is when the list
    was issued by which it was found not to be revoked (None: not found out); `reason` says in
    one sentence why the status is not VALID (never None then); `time` is what timestamps prove.
    """

    status: CheckStatus
    report: bytes
    evidence: bytes
    kind: SignatureKind | None
    certificate: str = ""
    owner: str = ""
    serial: str = ""
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    training: bool = False
    power: bytes = b""
    revocation_as_of: datetime | None = None
    reason: Refusal | None = None
    time: ProvenTime | None = None


@dataclass(frozen=True)
class AnchorFacts:
    """What a CA certificate says of itself; `training` when its bytes say «УЧЕБНЫЙ»."""

    pem: str
    fingerprint: str
    subject: str
    training: bool


@dataclass(frozen=True)
class Unlocked:
    """What signing with a stored key gives: one signature (or signed PDF) for each file."""

    outputs: tuple[bytes, ...]


@dataclass(frozen=True)
class SealedKey:
    """A PKCS#12 encrypted at rest, and what its certificate says."""

    sealed: bytes
    certificate: str
    owner: str
    serial: str
    valid_from: datetime
    valid_until: datetime
    kind: SignatureKind | None
    training: bool


class SignatureEngine(ReadsAccreditedLists, ReadsPowers, SignsInsidePdfs, FindsIssuers, Protocol):
    """Making and examining signatures. Never raises for bad input: answers with a Refusal."""

    def examine(
        self,
        content: bytes,
        signature: bytes,
        signature_format: SignatureFormat,
        *,
        trust: TrustView,
        now: datetime,
        expected: ExpectedSigner | None,
        received_at: datetime | None = None,
        record: bytes = b"",
    ) -> Examination:
        """Examine one signature over `content` (the fixed bytes).

        For PAdES `signature` is the signed PDF, which must begin with `content`. `received_at` is
        when this installation stored the signature: a second look judges validity and revocation
        for that moment with what is known `now`; without it the moment is `now`. An evidence
        `record` that holds by `trust` proves the moment; one that does not changes nothing.
        """
        ...

    def seal_key(
        self, p12: bytes, password: str, owner: UUID, trust: TrustView, now: datetime
    ) -> SealedKey | Refusal:
        """Check a PKCS#12 with its password and encrypt it at rest, bound to its owner's id."""
        ...

    def sign(
        self,
        sealed: bytes,
        password: str,
        owner: UUID,
        files: Sequence[bytes],
        signature_format: SignatureFormat,
        now: datetime,
    ) -> Unlocked | Refusal:
        """Unlock the key for this one act and sign each of `files`."""
        ...

    def read_crl(self, crl: bytes) -> CrlFacts | Refusal:
        """Read a CRL (DER or PEM); its signature is checked when it is used."""
        ...

    def read_anchor(self, pem: bytes) -> AnchorFacts | Refusal:
        """Read a CA certificate (PEM or DER) that is to be trusted."""
        ...

    def certificate_digest(self, certificate: bytes) -> str | Refusal:
        """SHA-256 (hex) of a certificate given as DER or PEM."""
        ...

    def offered_certificate(
        self, certificate: bytes, expected: ExpectedSigner, now: datetime
    ) -> OfferedCertificate | Refusal:
        """Read a certificate (DER or PEM) and say whether it can be the expected signer's now.

        Chain and revocation are not looked at: the signature is examined when it is there.
        """
        ...

    def digests_to_sign(self, certificate: bytes, files: Sequence[bytes]) -> Digests | Refusal:
        """The digests of `files` that the certificate's key signs elsewhere."""
        ...


@dataclass(frozen=True)
class OpenedSeal:
    """A sealed statement whose seal is whole.

    `fingerprint` is the SHA-256 (hex) of the sealing certificate; `own` when it is this
    installation's. Of any other nothing is known but that the statement was not changed.
    """

    statement: SimpleStatement
    fingerprint: str
    own: bool


class SimpleSeals(Protocol):
    """Simple signatures: statements under the installation's seal."""

    def sentence(self, statement: SimpleStatement) -> str:
        """The Russian sentence that the person is shown and that is sealed as `text`.

        It follows from the other facts, its own `text`, `challenge` and time aside.
        """
        ...

    def seal(self, statement: SimpleStatement) -> bytes:
        """Return the statement as canonical JSON under the seal."""
        ...

    def open(self, sealed: bytes) -> OpenedSeal | Refusal:
        """Check a sealed statement and read it."""
        ...

    def fingerprint(self, training: bool) -> str:
        """SHA-256 (hex) of this installation's own certificate, to be told to others."""
        ...


class VisualCopies(Protocol):
    """Copies for the eye: marks, QR, sheets; the signed bytes are never touched."""

    def make(self, request: VisualCopyRequest) -> bytes | Refusal:
        """Return the copy as PDF."""
        ...

    def print_form(self, request: PrintRequest) -> bytes | Refusal:
        """The files and the sheet for ink signatures behind them, as one PDF."""
        ...

    def report_pdf(self, report: bytes, time_zone: str) -> bytes | Refusal:
        """A stored report (canonical JSON) as a PDF in Russian."""
        ...

    def report_lines(self, report: bytes, time_zone: str) -> list[str] | Refusal:
        """The same report as lines of plain Russian, for a page."""
        ...


# --- Mail ----------------------------------------------------------------------------------


class MailDelayedError(Exception):
    """The letter did not leave, for a reason that may pass; `reason` names nobody."""

    code = "mail.delayed"

    def __init__(self, reason: Refusal) -> None:
        super().__init__(reason.msgid.format(**reason.params))
        self.reason = reason


class Mail(Protocol):
    """Letters, put into words and handed to a mail server."""

    def send(self, mail: OutgoingMail) -> Refusal | None:
        """Hand the letter over; a Refusal says why this address will never get it.

        Raises MailDelayedError when it has to be tried again.
        """
        ...
