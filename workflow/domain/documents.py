"""A document: its revisions, fixings and the marks people have put on it.

Marks are only ever added; what is open and which state the document is in are derived from
them (see `routes`). Nothing here decides who may do what.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from workflow.domain.refusals import Refusal


class FileRole(StrEnum):
    """What a file is in a manifest."""

    MAIN = "main"
    ANNEX = "annex"
    SCAN = "scan"


@dataclass(frozen=True)
class ManifestFile:
    """One file of a manifest.

    `pdf` and `docx` are SHA-256 (hex) of stored blobs; `content` is the digest of the template
    and of the facts without registration fields: two files with the same `content` say the same.
    `document_id` is the document whose text it is (an annex is a document of its own).
    """

    name: str
    role: FileRole
    document_id: UUID
    pdf: str
    content: str
    docx: str = ""
    template: str = ""
    pages: int = 0


@dataclass(frozen=True)
class Manifest:
    """The files of a revision in their order: the main file, then the annexes."""

    files: tuple[ManifestFile, ...]

    @property
    def digest(self) -> str:
        """SHA-256 (hex) over the names and hashes; what a visa or signature binds."""
        rows = [[f.role, str(f.document_id), f.pdf, f.content] for f in self.files]
        return hashlib.sha256(json.dumps(rows, ensure_ascii=False).encode()).hexdigest()

    @property
    def content(self) -> tuple[str, ...]:
        """What the files say, apart from number and date."""
        return tuple(f.content for f in self.files)

    @property
    def main(self) -> ManifestFile:
        return self.files[0]


@dataclass(frozen=True)
class Revision:
    """One version of the content (редакция), numbered from 1.

    `draft` is what was assembled for reading and visas; None while it is being made. `failure`
    says why it could not be made.
    """

    number: int
    facts: Mapping[str, object]
    created_at: datetime
    created_by: UUID
    draft: Manifest | None = None
    failure: Refusal | None = None


@dataclass(frozen=True)
class Fixing:
    """Number and printed date given to a revision, and the files rendered with both.

    Only the last fixing counts. `manifest` is None while the files are being rendered.
    `entry_id` is the row of the register (None for a document without a number).
    """

    sequence: int
    revision: int
    printed_number: str
    printed_date: date
    fixed_at: datetime
    fixed_by: UUID | None
    entry_id: UUID | None = None
    manifest: Manifest | None = None
    failure: Refusal | None = None


class Verdict(StrEnum):
    """What a mark says."""

    DONE = "done"
    COLLAPSED = "collapsed"  # the same person has done the neighbouring step
    VACANT = "vacant"  # nobody in the organisation holds the role that the visa asks for
    AGREED = "agreed"
    AGREED_WITH_REMARKS = "agreed_with_remarks"
    RETURNED = "returned"
    RECEIVED = "received"  # a signature came in that cannot be decided yet
    SIGNED = "signed"
    SIGNED_ON_PAPER = "signed_on_paper"
    WITHDRAWN = "withdrawn"  # an accepted signature turned out not to hold
    ACKNOWLEDGED = "acknowledged"
    ACKNOWLEDGED_ON_PAPER = "acknowledged_on_paper"
    ABSENT = "absent"
    REFUSED = "refused"
    ACCEPTED = "accepted"
    GRANTED = "granted"  # a petition, by the head's resolution
    DENIED = "denied"
    MEDIATION = "mediation"  # both sides are heard by the council of mentors first
    REPEALED = "repealed"


@dataclass(frozen=True)
class Mark:
    """What somebody did at a step, to which revision and fixing, when and with what evidence.

    `bound` is the digest of the manifest the person saw. `entered_by` is the clerk who entered
    an act made on paper; `happened_on` its ink date. `evidence` is the SHA-256 of a scan, or the
    id of a signature or submission.
    """

    id: UUID
    step: str
    verdict: Verdict
    at: datetime
    person_id: UUID | None
    revision: int
    fixing: int = 0
    bound: str = ""
    remark: str = ""
    evidence: str = ""
    entered_by: UUID | None = None
    happened_on: date | None = None
    employment_id: UUID | None = None
    mandate_id: UUID | None = None


@dataclass(frozen=True)
class ExistingSignature:
    """The `.sig` that came with an existing document, as it was examined when it was registered.

    `signature` and `report` are SHA-256 of blobs, `verdict` is `valid`, `invalid` or `undecided`,
    `owner` stands in the certificate.
    """

    signature: str
    report: str
    verdict: str
    owner: str = ""


@dataclass(frozen=True)
class Existing:
    """A document made elsewhere and registered here with its scan or file."""

    number: str
    dated: date
    signed_by: str
    signed_by_post: str
    files: tuple[ManifestFile, ...]
    signature: ExistingSignature | None = None


@dataclass(frozen=True)
class Line:
    """A case that the document serves (an order with five pairs has five lines)."""

    case_id: UUID
    cancelled_by: UUID | None = None


@dataclass(frozen=True)
class Document:
    """A document with its whole history; a value, replaced and saved as one.

    `by_founder`: the head is a party to it, so the founder acts in the head's steps (nobody
    represents the employer towards oneself).
    """

    id: UUID
    type_code: str
    organisation_id: UUID
    pack: str
    pack_version: str
    title: str
    created_at: datetime
    created_by: UUID
    lines: tuple[Line, ...] = ()
    revisions: tuple[Revision, ...] = ()
    fixings: tuple[Fixing, ...] = ()
    marks: tuple[Mark, ...] = ()
    on_paper: bool = False
    paper_reason: Refusal | None = None
    by_founder: bool = False
    approved_by: UUID | None = None
    existing: Existing | None = None
    version: int = 0

    @property
    def revision(self) -> Revision:
        return self.revisions[-1]

    @property
    def fixing(self) -> Fixing | None:
        """The fixing of the current revision, if there is one."""
        last = self.fixings[-1] if self.fixings else None
        return last if last and last.revision == self.revision.number else None

    @property
    def facts(self) -> Mapping[str, object]:
        return self.revision.facts

    @property
    def number(self) -> str:
        if self.existing:
            return self.existing.number
        return self.fixing.printed_number if self.fixing else ""

    @property
    def dated(self) -> date | None:
        if self.existing:
            return self.existing.dated
        return self.fixing.printed_date if self.fixing else None

    @property
    def manifest(self) -> Manifest | None:
        """What a person reads now: the fixed files, else the draft ones."""
        if self.existing:
            return Manifest(self.existing.files)
        if self.fixing and self.fixing.manifest:
            return self.fixing.manifest
        return self.revision.draft

    def marked(self, mark: Mark) -> Document:
        return replace(self, marks=(*self.marks, mark))

    def with_revision(self, revision: Revision) -> Document:
        """Replace the revision of the same number, or add it as the newest one."""
        kept = tuple(r for r in self.revisions if r.number != revision.number)
        return replace(self, revisions=(*kept, revision))

    def with_fixing(self, fixing: Fixing) -> Document:
        """Replace the fixing of the same sequence, or add it as the newest one."""
        kept = tuple(f for f in self.fixings if f.sequence != fixing.sequence)
        return replace(self, fixings=(*kept, fixing))
