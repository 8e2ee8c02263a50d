"""Encryption at rest, password hashes, one-time codes."""

from __future__ import annotations

import os
from datetime import datetime

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor import InvalidToken
from cryptography.hazmat.primitives.twofactor.totp import TOTP

_NONCE = 12
_SECRET_BYTES = 20
_STEP_SECONDS = 30


class SealedSecrets:
    """AES-256-GCM under the installation's key at rest; the purpose is authenticated with it."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)

    def seal(self, secret: bytes, purpose: str) -> bytes:
        """See `workflow.ports.Secrets`."""
        nonce = os.urandom(_NONCE)
        return nonce + self._cipher.encrypt(nonce, secret, purpose.encode())

    def open(self, sealed: bytes, purpose: str) -> bytes:
        """See `workflow.ports.Secrets`."""
        try:
            return self._cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], purpose.encode())
        except InvalidTag as error:
            raise ValueError("the secret was changed or sealed for another purpose") from error


class Argon2Passwords:
    """argon2id with the library's parameters (RFC 9106, low memory profile or better)."""

    def __init__(self) -> None:
        self._hasher = PasswordHasher()

    def hash(self, password: str) -> str:
        return self._hasher.hash(password)

    def matches(self, hashed: str, password: str) -> bool:
        """See `workflow.ports.Passwords`."""
        try:
            return self._hasher.verify(hashed, password)
        except (VerificationError, InvalidHashError):
            return False


class OneTimeCodes:
    """RFC 6238 with six digits, thirty seconds and SHA-1, as every authenticator program."""

    def new_secret(self) -> bytes:
        return os.urandom(_SECRET_BYTES)

    def code(self, secret: bytes, now: datetime) -> str:
        """The code of the moment (shown for the demonstration's accounts)."""
        return self._totp(secret).generate(int(now.timestamp())).decode()

    def step_of(self, secret: bytes, code: str, now: datetime) -> int | None:
        """See `workflow.ports.SecondFactor`; clocks may be half a minute apart."""
        given = code.replace(" ", "").encode()
        for aside in (0, -1, 1):
            moment = int(now.timestamp()) + aside * _STEP_SECONDS
            try:
                self._totp(secret).verify(given, moment)
            except InvalidToken:
                continue
            return moment // _STEP_SECONDS
        return None

    def _totp(self, secret: bytes) -> TOTP:
        return TOTP(secret, 6, SHA1(), _STEP_SECONDS)  # noqa: S303 - what the standard has
