"""What is known of a certificate's revocation, and from which list or answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from signing.certificates import Certificate


class Status(StrEnum):
    """What lists and answers say of a certificate at a moment.

    UNKNOWN is the word of a responder that does not know the certificate; it never counts as GOOD.
    """

    GOOD = "good"
    REVOKED = "revoked"
    REVOKED_LATER = "revoked_later"
    NO_LIST = "no_list"
    STALE = "stale"
    UNUSABLE = "unusable"
    UNKNOWN = "unknown"


class RevocationSource(Protocol):
    """A list, or an answer of a responder: its bytes, who issued it, and when it is current."""

    @property
    def der(self) -> bytes: ...

    @property
    def sha256(self) -> str:
        """Return the SHA-256 of the DER, lower-case hexadecimal."""
        ...

    @property
    def issuer_text(self) -> str: ...

    @property
    def this_update(self) -> datetime: ...

    @property
    def next_update(self) -> datetime | None: ...


@dataclass(frozen=True)
class CertificateStatus:
    """The status of one certificate, since when it is revoked, and the source that says so.

    `also` holds what else the status rests on: the complete list under a delta, the lists by which
    a responder was found in order. For STALE, `source` is the newest that there is.
    """

    status: Status
    certificate: Certificate
    revoked_at: datetime | None = None
    source: RevocationSource | None = None
    also: tuple[RevocationSource, ...] = ()

    @property
    def sources(self) -> tuple[RevocationSource, ...]:
        """Return all that the status rests on."""
        return (*(() if self.source is None else (self.source,)), *self.also)
