"""Keys on tokens of the server, as a port beside those of `workflow.ports`."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from uuid import UUID

from workflow.domain.refusals import Refusal
from workflow.ports import SealedKey, TrustView


@dataclass(frozen=True)
class TokenRequest:
    """Which key a person means: the token's name or number, the key's label if there are several.

    `certificate` (DER or PEM) is needed where the token holds none. `pin` is used once.
    """

    token: str
    pin: str = field(repr=False)
    key: str = ""
    certificate: bytes = field(default=b"", repr=False)


@dataclass(frozen=True)
class KeyOnToken:
    """A key that was found and has signed a trial; `token` is what its token is called."""

    key: SealedKey
    token: str


class TokenKeys(Protocol):
    """Tokens and hardware modules of the server. Never raises: answers with a Refusal, in time."""

    def register(
        self, request: TokenRequest, owner: UUID, trust: TrustView, now: datetime
    ) -> KeyOnToken | Refusal:
        """Log in once, have the key sign a trial, and return what is to be kept of it.

        What is kept holds neither key nor PIN: `SignatureEngine.sign` takes it with the PIN in
        place of the password.
        """
        ...
