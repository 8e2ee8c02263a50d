"""The port through which powers of attorney (МЧД) are read and judged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Protocol
from uuid import UUID

from workflow.domain.powers import AnswerStatus, PowerCode
from workflow.domain.refusals import Refusal

if TYPE_CHECKING:
    from workflow.ports import TrustView


@dataclass(frozen=True)
class NamedPerson:
    """A person by name and numbers (digits only); "" where a number is not known."""

    last: str
    given: str
    snils: str
    inn: str


@dataclass(frozen=True)
class PowerFacts:
    """What the file of a power of attorney says; nothing of it is proven.

    `representatives` are the persons among those who receive it, `alone` is true when it is one
    person and nobody else. `coded` says that the codes count by themselves.
    """

    number: str
    own_number: str
    issued: date
    until: date
    principal: str
    representatives: tuple[NamedPerson, ...]
    alone: bool
    coded: bool
    text: str
    codes: tuple[PowerCode, ...]


@dataclass(frozen=True)
class GivenPower:
    """A power of attorney and what is known here of who gave it.

    `file` is the XML, `signature` the `.sig` beside it, kept here since `kept_since`. `heads` are
    those whom the own register names as heads of the principal on the days that count.
    """

    principal_inn: str
    principal_ogrn: str
    heads: tuple[NamedPerson, ...]
    kept_since: datetime
    file: bytes = field(default=b"", repr=False)
    signature: bytes = field(default=b"", repr=False)


@dataclass(frozen=True)
class AskedRegistry:
    """The registry's answer that counts."""

    status: AnswerStatus
    as_of: datetime
    revoked_on: date | None


@dataclass(frozen=True)
class ReadWords:
    """Who found the power in the words of the file, and when."""

    by: str
    at: datetime


@dataclass(frozen=True)
class ByPower:
    """By which power of attorney the expected person signs, and what it is held against.

    `principal_id` is the organisation that gave it. `file` and `signature` are the SHA-256 under
    which they are kept. `power` names what the
    document needs, `codes` contain it here. `on` is the local day of the signing, `received_at`
    when the signature came in (None: now); the registry's answer may have been `max_age` old then.
    """

    number: str
    principal_id: UUID
    given: GivenPower
    file: str
    signature: str
    power: str
    codes: frozenset[str]
    on: date
    max_age: timedelta
    answer: AskedRegistry | None = None
    reading: ReadWords | None = None
    received_at: datetime | None = None


@dataclass(frozen=True)
class OpenedPower:
    """What was kept of a power beside a signature: its files, and the codes that counted then."""

    file: bytes = field(repr=False)
    signature: bytes = field(repr=False)
    codes: frozenset[str]


@dataclass(frozen=True)
class PowerFinding:
    """One question about a power of attorney: `passed` is None when it could not be answered.

    `msgid` with `params` explains the answer.
    """

    key: str
    passed: bool | None
    code: str
    msgid: str
    params: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class ExaminedGift:
    """What was found of who gave a power and how it is signed; `signed_by` is the signer."""

    signed_by: str
    findings: tuple[PowerFinding, ...]


class ReadsPowers(Protocol):
    """What `workflow.ports.SignatureEngine` can do with powers of attorney."""

    def read_power(self, file: bytes) -> PowerFacts | Refusal:
        """Read a file of the form EMCHD_1; one that passes powers on, or has joint ones, is
        refused."""
        ...

    def examine_gift(
        self, given: GivenPower, trust: TrustView, now: datetime
    ) -> ExaminedGift | Refusal:
        """Judge whether the principal's head gave the power: origin, signature, head, principal."""
        ...

    def open_power(self, evidence: bytes) -> OpenedPower | Refusal:
        """Take the files out of what is kept of a power beside a signature (`SignedFile.power`)."""
        ...
