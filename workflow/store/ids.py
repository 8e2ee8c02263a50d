"""Time-ordered identifiers (UUIDv7, RFC 9562 section 5.7)."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from uuid import UUID

from workflow.ports import Clock, NewId

_TAIL = 62
"""Bits behind the variant: random, but for ids of one moment."""


class _Last(threading.local):
    """The last id of this thread: its moment and its tail."""

    moment = -1
    tail = 0


def uuid7_ids(clock: Clock, random_bytes: Callable[[int], bytes] = os.urandom) -> NewId:
    """Return a `new_id` that takes its milliseconds from `clock`.

    The twelve bits after the version hold the fraction of the millisecond (RFC 9562 section 6.2,
    method 3). Ids that one thread makes in the same moment keep their order as well: the tail
    grows by a random step (method 2). Safe after a fork, because the step is random.
    """
    last = _Last()

    def new_id() -> UUID:
        now = clock()
        milliseconds, microseconds = divmod(now.microsecond, 1000)
        moment = (int(now.timestamp()) * 1000 + milliseconds) << 12 | microseconds * 4096 // 1000
        if moment == last.moment:
            last.tail += 1 + int.from_bytes(random_bytes(4), "big")
        else:
            # Half of the room stays free for the steps.
            last.moment, last.tail = moment, int.from_bytes(random_bytes(8), "big") >> 3
        value = (moment >> 12) << 80 | 0x7 << 76 | (moment & 0xFFF) << 64
        return UUID(int=value | 0b10 << 62 | last.tail % (1 << _TAIL))

    return new_id
