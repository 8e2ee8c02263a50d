"""signing behind the port KeyHolder: keys that serve for some minutes after their password."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

from signing.errors import SigningError
from signing.held_keys import hold_key, open_held_key
from signing.keys import SigningKey, open_sealed_key
from signing.sign import sign_detached, sign_pdf
from workflow.domain.refusals import Refusal
from workflow.domain.regulations import SignatureFormat
from workflow.held_keys import LockedKey
from workflow.ports import Unlocked


class HeldKeys:
    """`installation_key` (32 bytes) has its part in every lock."""

    def __init__(self, installation_key: bytes) -> None:
        self._installation_key = installation_key

    def hold(self, sealed: bytes, password: str, owner: UUID, purpose: str) -> LockedKey | Refusal:
        """See `workflow.held_keys.KeyHolder`."""
        try:
            key = open_sealed_key(sealed, password, self._installation_key, str(owner))
            held = hold_key(key, self._installation_key, purpose)
        except SigningError as error:
            return _refusal(error)
        return LockedKey(held.locked, held.one_time_key, key.certificate.fingerprint)

    def sign(
        self,
        locked: bytes,
        one_time_key: bytes,
        purpose: str,
        files: Sequence[bytes],
        signature_format: SignatureFormat,
        now: datetime,
    ) -> Unlocked | Refusal:
        """See `workflow.held_keys.KeyHolder`."""
        act: Callable[[bytes, SigningKey, datetime], bytes] = (
            sign_pdf if signature_format is SignatureFormat.PADES else sign_detached
        )
        try:
            key = open_held_key(locked, one_time_key, self._installation_key, purpose)
            return Unlocked(tuple(act(file, key, now) for file in files))
        except SigningError as error:
            return _refusal(error)


def _refusal(error: SigningError) -> Refusal:
    return Refusal(error.code, error.msgid, params=error.params)
