"""Getting a timestamp from an authority over HTTP (RFC 3161, 3.4).

The time is the authority's or there is none: when it gives no timestamp, an error says so, and no
clock of ours stands in.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlsplit

from signing.errors import SigningError
from signing.revocation.fetching import AnswerRefusedError, Limits, NoAnswerError, Question, fetch
from signing.revocation.reach import Reach
from signing.timestamps.requests import MAX_ANSWER, check_response, request
from signing.timestamps.tokens import Imprint, Token
from signing.words import N_, harmless

QUERY = "application/timestamp-query"
REPLY = "application/timestamp-reply"
SILENT: tuple[type[Exception], ...] = (NoAnswerError, AnswerRefusedError, OSError)
NONCE_BITS = 64
SECONDS = 15.0
REDIRECTS = 2


class AuthoritySilentError(SigningError):
    """The time-stamping authority gave no answer; it may another time."""

    code = "signing.timestamp_authority_silent"
    msgid = N_("The time-stamping authority {host} does not answer; the time is not proven yet.")


class Fetch(Protocol):
    """How an authority is asked."""

    def post(self, url: str, body: bytes, content_type: str, accept: str, most: int) -> bytes:
        """Return the body of the answer, `most` bytes at most; raises one of SILENT."""
        ...


@dataclass(frozen=True)
class BoundedFetch:
    """Asks within the bounds of place (`reach`), time, size and redirects."""

    reach: Reach
    seconds: float = SECONDS
    redirects: int = REDIRECTS

    def post(self, url: str, body: bytes, content_type: str, accept: str, most: int) -> bytes:
        """See `Fetch`; raises AddressRefusedError, NoAnswerError or AnswerRefusedError."""
        question = Question(url, frozenset({accept}), body, content_type)
        return fetch(question, self.reach, Limits(self.seconds, most, self.redirects))


def _new_nonce() -> int:
    return secrets.randbits(NONCE_BITS)


class GivesTimestamps(Protocol):
    """Whoever is asked for a timestamp: an authority, or somebody who asks it."""

    def stamp(self, imprint: Imprint) -> Token:
        """Return a token over `imprint`; raises SigningError when there is none."""
        ...


@dataclass(frozen=True)
class TimestampAuthority:
    """An authority at an address, and how it is asked."""

    url: str
    fetch: Fetch
    new_nonce: Callable[[], int] = _new_nonce

    def stamp(self, imprint: Imprint) -> Token:
        """Return a token over `imprint`; whether it proves anything is judged elsewhere.

        Raises AuthoritySilentError, AuthorityRefusedError, AnswerUnreadableError,
        AnswerToOtherError, TokenUnreadableError, TooLargeError or AddressRefusedError.
        """
        nonce = self.new_nonce()
        asked = request(imprint, nonce)
        try:
            answer = self.fetch.post(self.url, asked, QUERY, REPLY, MAX_ANSWER)
        except SILENT as error:
            host = harmless(urlsplit(self.url).hostname or self.url)
            raise AuthoritySilentError(host=host) from error
        return check_response(answer, imprint, nonce)
