"""Time-based one-time passwords (RFC 6238): SHA-1, 30 seconds, six digits."""

from __future__ import annotations

import base64
import hmac
import secrets
from datetime import datetime

import segno
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

STEP = 30  # seconds (RFC 6238, section 5.2)
DIGITS = 6
DRIFT = 1  # steps that a telephone's clock may be off, either way
SECRET_BYTES = 20  # as long as the digest (RFC 4226, section 4)


class Authenticator:
    """The codes that an application on a telephone shows; fills the port SecondFactor."""

    def new_secret(self) -> bytes:
        """Return the secret that the telephone and the installation share."""
        return secrets.token_bytes(SECRET_BYTES)

    def step_of(self, secret: bytes, code: str, now: datetime) -> int | None:
        """Return the time step that `code` belongs to (now or one aside); None if it is wrong.

        A code counts once (RFC 6238, section 5.2): the caller keeps the step with the account and
        refuses it, and those before, from then on.
        """
        typed = "".join(code.split()).encode()
        present = int(_seconds(now)) // STEP
        found = None
        for step in range(max(0, present - DRIFT), present + DRIFT + 1):
            if hmac.compare_digest(_totp(secret).generate(step * STEP), typed):
                found = step
        return found


def code_at(secret: bytes, at: datetime) -> str:
    """Return the six digits that a telephone shows at `at` (timezone-aware)."""
    return _totp(secret).generate(int(_seconds(at))).decode()


def provisioning_uri(secret: bytes, login: str, issuer: str) -> str:
    """Return the `otpauth://` address that an authenticator reads from a QR code."""
    return _totp(secret).get_provisioning_uri(login, issuer)


def _totp(secret: bytes) -> TOTP:
    return TOTP(secret, DIGITS, SHA1(), STEP)  # noqa: S303 - RFC 6238 names HMAC-SHA-1


def _seconds(at: datetime) -> float:
    if at.tzinfo is None:
        raise ValueError("a naive moment has no code")
    return at.timestamp()


def typed_secret(secret: bytes) -> str:
    """Return the secret as it is typed into an authenticator: base32 in groups of four."""
    letters = base64.b32encode(secret).decode().rstrip("=")
    return " ".join(letters[i : i + 4] for i in range(0, len(letters), 4))


def qr_picture(address: str) -> str:
    """Return `address` as a QR code: an SVG element without any style, for our strict CSP."""
    picture: str = segno.make(address, error="m").svg_inline(
        border=4, dark="#000", light="#fff", omitsize=True
    )
    return picture
