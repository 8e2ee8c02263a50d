"""Keys on tokens of the server behind the port TokenKeys."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path
from uuid import UUID

from marshrut.engines.kept_keys import a_turn, kind_of_key
from marshrut.engines.trust_stores import store_of
from signing.certificates import Certificate, load_certificate
from signing.errors import SigningError
from signing.tokens.keys import TokenKey, TokenKeyName, find_token, open_token_key
from signing.tokens.process import SECONDS
from signing.tokens.reference import seal_token_key
from workflow.domain.refusals import Refusal
from workflow.ports import SealedKey, TrustView
from workflow.token_keys import KeyOnToken, TokenRequest

TRIAL = 32
"""Random bytes that a key signs to show that it is the one of its certificate."""


class ServerTokens:
    """`installation_key` (32 bytes) seals what is kept; `library` is the PKCS#11 module.

    `seconds` bound each answer of a token.
    """

    def __init__(self, installation_key: bytes, library: Path, seconds: float = SECONDS) -> None:
        self._installation_key = installation_key
        self._library = library
        self._seconds = seconds

    def register(
        self, request: TokenRequest, owner: UUID, trust: TrustView, now: datetime
    ) -> KeyOnToken | Refusal:
        """See `workflow.token_keys.TokenKeys`."""
        try:
            given = load_certificate(request.certificate) if request.certificate else None
            with a_turn():
                key = self._tried(request, given)
            return self._kept(key, owner, trust, now)
        except SigningError as error:
            return Refusal(error.code, error.msgid, params=error.params)

    def _tried(self, request: TokenRequest, given: Certificate | None) -> TokenKey:
        """Log in once and have the key sign something."""
        token = find_token(self._library, request.token, self._seconds)
        name = TokenKeyName(token, label=request.key)
        pin, seconds = request.pin, self._seconds
        with open_token_key(self._library, name, pin, given, seconds=seconds) as key:
            key.sign(os.urandom(TRIAL))
        return key

    def _kept(self, key: TokenKey, owner: UUID, trust: TrustView, now: datetime) -> KeyOnToken:
        certificate, token = key.certificate, key.name.token
        store = store_of(trust.anchors, trust.accredited)
        kind, training = kind_of_key(key, store, now)
        sealed = SealedKey(
            sealed=seal_token_key(key, self._installation_key, str(owner)),
            certificate=certificate.fingerprint,
            owner=certificate.subject_text,
            serial=f"{certificate.serial:X}",
            valid_from=certificate.not_before,
            valid_until=certificate.not_after,
            kind=kind,
            training=training,
        )
        return KeyOnToken(sealed, token.label or token.serial)
