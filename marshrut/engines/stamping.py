"""signing.timestamps behind the port Stamps: signatures completed and kept for long."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from marshrut.engines.signatures import grounds_of
from marshrut.engines.timestamps import ASKED_AGAIN
from signing.errors import SigningError
from signing.timestamps.completing import TimestampNotGoodError, complete_detached, complete_pdf
from signing.timestamps.preserving import preserve_pdf
from signing.timestamps.tokens import Imprint, Token, parse_token
from workflow.domain.refusals import Refusal
from workflow.domain.regulations import SignatureFormat
from workflow.ports import TrustView
from workflow.timestamping import TimestampAuthority, ToStamp


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

    def stamp(self, imprint: Imprint) -> Token:
        given = self.authority.stamp(imprint.digest, imprint.value, self.now)
        if isinstance(given, Refusal):
            raise _RefusedError(given)
        return parse_token(given.token)


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
    ) -> bytes | Refusal:
        """See `workflow.timestamping.Stamps`."""
        asking = _Asking(authority, now)
        return _unless_refused(
            lambda: preserve_pdf(
                given.content, given.signature, asking, grounds_of(trust, now, kept_since)
            )
        )


def _unless_refused(act: Callable[[], bytes]) -> bytes | Refusal:
    try:
        return act()
    except _RefusedError as error:
        return error.refusal
    except TimestampNotGoodError as error:
        failed = error.failed
        return Refusal(f"timestamp.{failed.code}", failed.msgid, ASKED_AGAIN, failed.params)
    except SigningError as error:
        return Refusal(error.code, error.msgid, ASKED_AGAIN, error.params)
