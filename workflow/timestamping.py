"""Time proven by an authority outside (RFC 3161), as a port beside those of `workflow.ports`."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from workflow.domain.refusals import Refusal
from workflow.domain.regulations import SignatureFormat

if TYPE_CHECKING:
    from workflow.ports import TrustView


@dataclass(frozen=True)
class Timestamp:
    """A timestamp as an authority gave it; whether the authority is trusted is judged elsewhere.

    `token` is the DER of the TimeStampToken, `at` the time that it says (UTC), `authority` its
    name, `authority_ends` when its certificate ends (UTC): after that the token proves nothing by
    itself.
    """

    token: bytes = field(repr=False)
    at: datetime
    authority: str
    authority_ends: datetime


class TimestampAuthority(Protocol):
    """Asks an authority what time it is. Never raises for what comes back."""

    def stamp(self, digest_name: str, digest: bytes, now: datetime) -> Timestamp | Refusal:
        """Ask for a timestamp over a digest (`sha256`, `streebog256`, …), bounded in time and size.

        Only an answer to this very question, signed by a certificate for timestamps, with a time
        close to `now` (UTC) is a Timestamp. Everything else, silence too, is a Refusal that says
        why; asking again later is all right.
        """
        ...


@dataclass(frozen=True)
class ToStamp:
    """A signature over `content`; for PAdES `signature` is the signed PDF."""

    content: bytes = field(repr=False)
    signature: bytes = field(repr=False)
    format: SignatureFormat


@dataclass(frozen=True)
class LongTermCopy:
    """A PAdES-B-LTA copy; `ends` is when the authority of its last timestamp ends (UTC)."""

    content: bytes = field(repr=False)
    ends: datetime


class Stamps(Protocol):
    """Puts timestamps into signatures. Never raises for bad input: answers with a Refusal."""

    def complete(
        self, given: ToStamp, authority: TimestampAuthority, trust: TrustView, now: datetime
    ) -> bytes | Refusal:
        """Return the signature with the timestamp that it lacks, by what is trusted `now`.

        One whose time is proven already is returned as it is, and so is one with a timestamp of
        the same authority that cannot be judged yet. A Refusal, of the authority's or because its
        timestamp does not hold, leaves the signature as it was.
        """
        ...

    def preserve(
        self,
        given: ToStamp,
        authority: TimestampAuthority,
        trust: TrustView,
        now: datetime,
        *,
        kept_since: datetime,
    ) -> LongTermCopy | Refusal:
        """Return a copy of a signed PDF with all that its validity rests on (PAdES-B-LTA).

        `kept_since` is when the signature was stored. A Refusal where the copy would not hold by
        itself, or the authority gives no timestamp.
        """
        ...

    def renew(
        self,
        given: ToStamp,
        authority: TimestampAuthority,
        trust: TrustView,
        now: datetime,
        *,
        ends: datetime | None,
    ) -> LongTermCopy | Refusal:
        """Return such a copy with the lists about its last authority and one more timestamp.

        `given.signature` is the copy, `ends` when its last authority ends (None: not known). A
        Refusal also where the new authority ends no later.
        """
        ...
