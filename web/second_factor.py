"""Time-based one-time passwords (RFC 6238): SHA-1, 30 seconds, six digits."""

from __future__ import annotations

import hmac
from datetime import datetime

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

STEP = 30  # seconds (RFC 6238, section 5.2)
DIGITS = 6
DRIFT = 1  # steps that a phone's clock may be off, either way


def code_at(secret: bytes, at: datetime) -> str:
    """Return the six digits that an authenticator shows at `at` (timezone-aware)."""
    return _totp(secret).generate(int(_seconds(at))).decode()


def matching_step(secret: bytes, code: str, at: datetime, last_step: int | None) -> int | None:
    """Return the time step whose code is `code`, or None when there is none.

    The caller stores the step with the account and gives it as `last_step` next time: a code
    counts once (RFC 6238, section 5.2), so a step that is not later is not looked at.
    """
    digits = "".join(code.split())
    present = int(_seconds(at)) // STEP
    found = None
    for step in range(present - DRIFT, present + DRIFT + 1):
        if step < 0 or (last_step is not None and step <= last_step):
            continue
        expected = _totp(secret).generate(step * STEP)
        if hmac.compare_digest(expected, digits.encode()):
            found = step
    return found


def provisioning_uri(secret: bytes, login: str, issuer: str) -> str:
    """Return the `otpauth://` address that an authenticator reads from a QR code."""
    return _totp(secret).get_provisioning_uri(login, issuer)


def _totp(secret: bytes) -> TOTP:
    # 80-bit secrets are what some authenticators were enrolled with elsewhere; ours are 160.
    return TOTP(secret, DIGITS, SHA1(), STEP)  # noqa: S303 - RFC 6238 names HMAC-SHA-1


def _seconds(at: datetime) -> float:
    if at.tzinfo is None:
        raise ValueError("a naive moment has no code")
    return at.timestamp()
