"""Keys that are kept for people: how they are opened, and what their signatures are worth."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from threading import BoundedSemaphore

from signing.keys import TOKEN_SEAL, KeyAtHand, open_sealed_key
from signing.tokens.errors import TokenBusyError, TokenError
from signing.tokens.keys import open_token_key
from signing.tokens.reference import open_token_reference
from signing.trust import Chain, TrustStore
from signing.verdicts import SignatureKind as AnchorKind
from signing.words import N_
from workflow.domain.regulations import SignatureKind

_KINDS = {
    AnchorKind.ADVANCED: SignatureKind.ADVANCED,
    AnchorKind.QUALIFIED: SignatureKind.QUALIFIED,
}


class NoTokensHereError(TokenError):
    """The installation has no library for tokens (any more)."""

    code = "signing.no_tokens_here"
    msgid = N_(
        "Keys on tokens are not set up on this server. Sign in your own program and upload the "
        "signature."
    )


@contextmanager
def opened_key(
    sealed: bytes, password: str, installation_key: bytes, owner: str, library: Path | None
) -> Iterator[KeyAtHand]:
    """Open a kept key for the length of a `with` block: one kept here, or one on a token.

    For a token `password` is its PIN, which is tried once. Raises SigningError.
    """
    if not sealed.startswith(TOKEN_SEAL):
        yield open_sealed_key(sealed, password, installation_key, owner)
        return
    if library is None:
        raise NoTokensHereError
    found = open_token_reference(sealed, installation_key, owner)
    with (
        a_turn(),
        open_token_key(library, found.name, password, found.certificate, found.chain) as key,
    ):
        yield key


TURNS = BoundedSemaphore(2)
"""Who talks to tokens at once: one that hangs must not hold every thread of the pages."""
WAIT = 2.0
"""Seconds until somebody is told to come again."""


@contextmanager
def a_turn(turns: BoundedSemaphore = TURNS, wait: float = WAIT) -> Iterator[None]:
    """Wait for one's turn at the tokens, not long; raises TokenBusyError."""
    if not turns.acquire(timeout=wait):
        raise TokenBusyError
    try:
        yield
    finally:
        turns.release()


def kind_of_key(
    key: KeyAtHand, store: TrustStore, now: datetime
) -> tuple[SignatureKind | None, bool]:
    """The kind that a signature with this key would have, and whether it is for practice."""
    chain = store.find_chain(key.certificate, key.chain, now)
    if not isinstance(chain, Chain):
        return None, False
    training = chain.anchor.kind is AnchorKind.TRAINING
    kind = chain.anchor.stands_for if training else chain.anchor.kind
    return (_KINDS.get(kind) if kind else None), training
