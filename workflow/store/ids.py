"""Time-ordered identifiers (UUIDv7, RFC 9562 section 5.7)."""

from __future__ import annotations

import os
from collections.abc import Callable
from uuid import UUID

from workflow.ports import Clock, NewId


def uuid7_ids(clock: Clock, random_bytes: Callable[[int], bytes] = os.urandom) -> NewId:
    """Return a `new_id` that takes its milliseconds from `clock`.

    The twelve bits after the version hold the fraction of the millisecond (RFC 9562 section 6.2,
    method 3), so that rows made in the same millisecond keep their order. Safe after a fork.
    """

    def new_id() -> UUID:
        moment = clock()
        seconds = int(moment.timestamp())
        milliseconds, microseconds = divmod(moment.microsecond, 1000)
        fraction = microseconds * 4096 // 1000
        value = (seconds * 1000 + milliseconds) << 80
        value |= 0x7 << 76 | fraction << 64
        value |= 0b10 << 62 | int.from_bytes(random_bytes(8), "big") >> 2
        return UUID(int=value)

    return new_id
