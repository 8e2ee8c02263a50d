"""What signatures are examined against, and what strangers may see of the result."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from workflow.domain.refusals import Refusal
from workflow.domain.regulations import SignatureKind


@dataclass(frozen=True)
class TrustAnchor:
    """A trusted root of an organisation, or of the whole installation (`organisation_id` None).

    `fingerprint` is the SHA-256 (hex) of the certificate. `stands_for` is set for training
    anchors. A removed anchor is kept: old verdicts rest on it. One with `timestamps` vouches for
    timestamps and for no signature.
    """

    id: UUID
    organisation_id: UUID | None
    pem: str
    fingerprint: str
    subject: str
    kind: SignatureKind
    added_at: datetime
    added_by: UUID | None
    training: bool = False
    stands_for: SignatureKind | None = None
    removed_at: datetime | None = None
    timestamps: bool = False
    version: int = 0


@dataclass(frozen=True)
class ProvenTime:
    """What the timestamps of a signature prove: that it existed `at` (UTC), by which `authority`.

    `at` is None where they prove nothing; `problem` says why, unless there are none.
    """

    at: datetime | None
    authority: str = ""
    problem: Refusal | None = None


UNKNOWN_ISSUER = "0" * 64
"""Instead of an issuer's fingerprint: nobody who was known here has signed the list."""
MOST_OF_UNKNOWN = 20
"""So many lists of unknown issuers are kept. They are kept for good, as what they say may count
once their issuer is known; a further one is refused and pushes none of them out."""


@dataclass(frozen=True)
class StoredCrl:
    """A revocation list: `blob` is the SHA-256 of its DER, `issuer` its issuer's fingerprint."""

    id: UUID
    issuer: str
    blob: str
    this_update: datetime
    next_update: datetime | None
    stored_at: datetime


@dataclass(frozen=True)
class StoredAnswer:
    """An answer of a responder (OCSP): `blob` is the SHA-256 of its DER.

    `serial` is the number of the certificate that it is about, as `Signature.serial` has it.
    """

    id: UUID
    serial: str
    blob: str
    this_update: datetime
    next_update: datetime | None
    stored_at: datetime


@dataclass(frozen=True)
class AskedSource:
    """An address from a certificate at which a list or an answer can be had, and how asking went.

    `key` tells it from others (an address of a responder counts for each certificate apart).
    `this_update` is when the newest that it gave was issued, None while it gave nothing. `problem`
    is the code of the last failure, "" after a success; `failures` counts those in a row.
    `succeeded_at` and `failed_at` are when it last went well and badly, `failure` is why.
    """

    key: str
    address: str
    asked_at: datetime
    next_at: datetime
    failures: int = 0
    problem: str = ""
    this_update: datetime | None = None
    succeeded_at: datetime | None = None
    failed_at: datetime | None = None
    failure: Refusal | None = None


LIST_OLD_AFTER = timedelta(days=30)
"""When a list of accredited authorities is called old. It says of itself no day until which it is
good; the ministry issues a new one with every change, several in a month, so one of last month has
surely missed some authority that lost its accreditation."""


@dataclass(frozen=True)
class AccreditedList:
    """A verified list of accredited authorities.

    `file` is the SHA-256 of the signed XML, `compact` that of the form that is judged by;
    `issued_at` is the ministry's date.
    """

    id: UUID
    list_version: int
    issued_at: datetime
    file: str
    compact: str
    authorities: int
    stored_at: datetime
    stored_by: UUID


@dataclass(frozen=True)
class PublicCheck:
    """An unguessable address under which anybody may check the files of a fixing."""

    token: str
    document_id: UUID
    fixing: int
    made_at: datetime


@dataclass(frozen=True)
class VisualCopy:
    """A copy for the eye of one fixed file.

    `file` is the SHA-256 of the fixed PDF, `copy` that of the copy with marks and QR. It is made
    again when marks are added; the one that read the highest version of the document is shown,
    for two makers may end in another order than they began.
    """

    id: UUID
    document_id: UUID
    fixing: int
    file: str
    copy: str
    made_at: datetime
    of_version: int
