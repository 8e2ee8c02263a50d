"""signing.timestamps behind the port TimestampAuthority: one at an address, one for training."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path

from signing.cades import is_named
from signing.certificates import Certificate
from signing.errors import SigningError
from signing.evidence import Grounds
from signing.keys import SigningKey, open_pkcs12
from signing.revocation.reach import reach_to
from signing.timestamps.client import AuthoritySilentError, BoundedFetch, TimestampAuthority
from signing.timestamps.judgement import CLOCK_SKEW, is_for_timestamps, judge_token
from signing.timestamps.tokens import Imprint, Token
from signing.training.timestamp_authority import TrainingTsa
from signing.trust import TrustStore
from signing.verdicts import Outcome
from workflow.domain.refusals import N_, Refusal
from workflow.timestamping import Timestamp
from workflow.timestamping import TimestampAuthority as Authority

#: People wait for the first answer, so it is short; a job asks again.
SECONDS = 6.0
#: So many seconds a silent authority is not asked again.
LEFT_ALONE = 60.0
#: So far an authority's clock may be behind ours; ahead only as far as a judgement lets it.
CLOCK_BEHIND = timedelta(minutes=5)
#: The address that stands for the authority of a training installation; nobody asks it.
IN_PROCESS = "http://training.invalid/"

ASKED_AGAIN = N_("Nothing is lost: the time-stamping authority will be asked again.")
_UNUSABLE = N_("The answer of the time-stamping authority is not a timestamp that can be used.")
_ANOTHER_TIME = N_("The time-stamping authority says {said}, but here it is {now}.")
_SET_THE_CLOCK = N_("Tell the administrator: the clock of the server has to be checked.")


class AskedAuthority:
    """Asks an authority and looks at what it gave; trust is judged elsewhere."""

    def __init__(self, authority: TimestampAuthority) -> None:
        self._authority = authority

    def stamp(self, digest_name: str, digest: bytes, now: datetime) -> Timestamp | Refusal:
        """See `workflow.timestamping.TimestampAuthority`."""
        return _asked(self._authority, Imprint(digest_name, digest), now)


class NotAskedIntoSilence:
    """An authority that was silent is left alone for a while, so that nobody waits for it again.

    Whoever signs a hundred documents waits for a silent authority once, not a hundred times.
    `seconds` counts what has passed, whatever the clock says.
    """

    def __init__(self, authority: Authority, seconds: Callable[[], float] = time.monotonic) -> None:
        self._authority = authority
        self._seconds = seconds
        self._silence: tuple[float, Refusal] | None = None

    def stamp(self, digest_name: str, digest: bytes, now: datetime) -> Timestamp | Refusal:
        """See `workflow.timestamping.TimestampAuthority`."""
        silence = self._silence
        if silence is not None and self._seconds() < silence[0]:
            return silence[1]
        answer = self._authority.stamp(digest_name, digest, now)
        if isinstance(answer, Refusal) and answer.code == AuthoritySilentError.code:
            self._silence = (self._seconds() + LEFT_ALONE, answer)
        else:
            self._silence = None
        return answer


class TrainingTimestamps:
    """The authority of a training installation: answers in this process, with the time asked at.

    `file` is the PKCS#12 that `marshrut.training` made, read when it is first needed.
    """

    def __init__(self, file: Path, password: str) -> None:
        self._file = file
        self._password = password

    def stamp(self, digest_name: str, digest: bytes, now: datetime) -> Timestamp | Refusal:
        """See `workflow.timestamping.TimestampAuthority`."""
        try:
            key = _opened(self._file, self._password)
        except SigningError as error:
            return _refusal(error)
        answering = TimestampAuthority(IN_PROCESS, _Answers(TrainingTsa(key), now))
        return _asked(answering, Imprint(digest_name, digest), now)


def authority_at(url: str) -> Authority:
    """Return the authority at an address of the operator's; raises SigningError for none.

    The address may lie inside the own network; a redirect is not followed.
    """
    asked = AskedAuthority(TimestampAuthority(url, BoundedFetch(reach_to(url), SECONDS, 0)))
    return NotAskedIntoSilence(asked)


@lru_cache(maxsize=2)
def _opened(file: Path, password: str) -> SigningKey:
    return open_pkcs12(file.read_bytes(), password)


@dataclass(frozen=True)
class _Answers:
    """How the training authority is asked: no network lies between."""

    tsa: TrainingTsa
    now: datetime

    def post(self, url: str, body: bytes, content_type: str, accept: str, most: int) -> bytes:
        return self.tsa.answer(body, self.now)


def _asked(authority: TimestampAuthority, imprint: Imprint, now: datetime) -> Timestamp | Refusal:
    try:
        token = authority.stamp(imprint)
    except SigningError as error:
        return _refusal(error)
    certificate = _signer_of(token, imprint, now)
    if certificate is None:
        return Refusal("timestamp.unusable", _UNUSABLE, ASKED_AGAIN)
    if token.time < now - CLOCK_BEHIND or token.latest > now + CLOCK_SKEW:
        said = {"said": token.time.replace(microsecond=0), "now": now.replace(microsecond=0)}
        return Refusal("timestamp.another_time", _ANOTHER_TIME, _SET_THE_CLOCK, said)
    return Timestamp(token.der, token.time, certificate.subject_text, certificate.not_after)


def _signer_of(token: Token, imprint: Imprint, now: datetime) -> Certificate | None:
    """The authority's certificate, if it is one for timestamps and its key made this token.

    Nobody is trusted here, so only the checks of the token itself are looked at.
    """
    nobody = Grounds(TrustStore(()), (), now)
    judged = judge_token(token.der, lambda _: imprint.value, nobody)
    if any(judged.report.checks[number - 1].outcome is not Outcome.PASSED for number in (1, 2)):
        return None
    enclosed = [each for each in token.signed.certificates if is_named(token.signed.sid, each)]
    return next(filter(is_for_timestamps, enclosed), None)


def _refusal(error: SigningError) -> Refusal:
    return Refusal(error.code, error.msgid, ASKED_AGAIN, error.params)
