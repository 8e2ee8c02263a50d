"""signing.timestamps behind the port Stamps: signatures completed and kept for long."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from marshrut.engines.signatures import grounds_of
from marshrut.engines.timestamps import ASKED_AGAIN
from signing.errors import SigningError
from signing.evidence import Grounds
from signing.timestamps.completing import TimestampNotGoodError, complete_detached, complete_pdf
from signing.timestamps.preserving import preserve_pdf
from signing.timestamps.tokens import Imprint, Token, parse_token
from workflow.domain.refusals import N_, Refusal
from workflow.domain.regulations import SignatureFormat
from workflow.ports import TrustView
from workflow.timestamping import LongTermCopy, Timestamp, TimestampAuthority, ToStamp

Made = TypeVar("Made", bytes, LongTermCopy)


class _RefusedError(SigningError):
    """The authority gave no timestamp; `refusal` says why."""

    code = "timestamp.refused"

    def __init__(self, refusal: Refusal) -> None:
        super().__init__()
        self.refusal = refusal


@dataclass(frozen=True)
class _Asking:
    """The workflow's authority as signing asks one."""

    authority: TimestampAuthority
    now: datetime
    outlast: datetime | None = None
    given: list[Timestamp] = field(default_factory=list)

    def stamp(self, imprint: Imprint) -> Token:
        given = self.authority.stamp(imprint.digest, imprint.value, self.now)
        if isinstance(given, Refusal):
            raise _RefusedError(given)
        if self.outlast is not None and given.authority_ends <= self.outlast:
            raise _RefusedError(_ends_too(given))
        self.given.append(given)
        return parse_token(given.token)


def _ends_too(given: Timestamp) -> Refusal:
    return Refusal(
        "timestamp.authority_ends_too",
        N_("The certificate of the time-stamping authority {authority} ends on {until}."),
        N_("Set up an authority with a newer certificate; records are renewed by it."),
        {"authority": given.authority, "until": given.authority_ends},
    )


class Completing:
    """Puts timestamps into signatures, by the grounds on which signatures are judged."""

    def complete(
        self, given: ToStamp, authority: TimestampAuthority, trust: TrustView, now: datetime
    ) -> bytes | Refusal:
        """See `workflow.timestamping.Stamps`."""
        asking = _Asking(authority, now)

        def completed() -> bytes:
            grounds = grounds_of(trust, now)
            if given.format is SignatureFormat.PADES:
                return complete_pdf(given.signature, asking, grounds)
            return complete_detached(given.content, given.signature, asking, grounds)

        return _unless_refused(completed)

    def preserve(
        self,
        given: ToStamp,
        authority: TimestampAuthority,
        trust: TrustView,
        now: datetime,
        *,
        kept_since: datetime,
    ) -> LongTermCopy | Refusal:
        """See `workflow.timestamping.Stamps`."""
        asking = _Asking(authority, now)
        return _preserved(given, asking, lambda: grounds_of(trust, now, kept_since))

    def renew(
        self,
        given: ToStamp,
        authority: TimestampAuthority,
        trust: TrustView,
        now: datetime,
        *,
        ends: datetime | None,
    ) -> LongTermCopy | Refusal:
        """See `workflow.timestamping.Stamps`."""
        asking = _Asking(authority, now, outlast=ends)
        # What stands under the last timestamp is judged by it, so the receipt is of no use here.
        return _preserved(given, asking, lambda: grounds_of(trust, now))


def _preserved(
    given: ToStamp, asking: _Asking, grounds: Callable[[], Grounds]
) -> LongTermCopy | Refusal:
    def made() -> LongTermCopy:
        copy = preserve_pdf(given.content, given.signature, asking, grounds())
        return LongTermCopy(copy, asking.given[-1].authority_ends)

    return _unless_refused(made)


def _unless_refused(act: Callable[[], Made]) -> Made | Refusal:
    try:
        return act()
    except _RefusedError as error:
        return error.refusal
    except TimestampNotGoodError as error:
        failed = error.failed
        return Refusal(f"timestamp.{failed.code}", failed.msgid, ASKED_AGAIN, failed.params)
    except SigningError as error:
        return Refusal(error.code, error.msgid, ASKED_AGAIN, error.params)
