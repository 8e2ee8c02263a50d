"""Time-ordered identifiers (UUIDv7, RFC 9562 section 5.7)."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable
from uuid import UUID

from workflow.ports import Clock, NewId

_TAIL = 62
"""Bits behind the variant: random, but for ids of one moment."""


class _Moment:
    """A moment, and the tails of the ids made in it."""

    def __init__(self, moment: int, first: int) -> None:
        self.moment = moment
        self.first = first
        # `next` of a count is one step for all threads: no lock that a fork could leave locked.
        self.steps = itertools.count()


def uuid7_ids(clock: Clock, random_bytes: Callable[[int], bytes] = os.urandom) -> NewId:
    """Return a `new_id` that takes its milliseconds from `clock`.

    The twelve bits after the version hold the fraction of the millisecond (RFC 9562 section 6.2,
    method 3). Ids that are made one after another in the same moment keep their order as well,
    whichever thread makes them: the tail grows by a random step (method 2). Safe after a fork,
    because the step is random.
    """
    last = _Moment(-1, 0)

    def new_id() -> UUID:
        nonlocal last
        now = clock()
        milliseconds, microseconds = divmod(now.microsecond, 1000)
        moment = (int(now.timestamp()) * 1000 + milliseconds) << 12 | microseconds * 4096 // 1000
        if moment != (known := last).moment:
            # Half of the room stays free for the steps.
            last = known = _Moment(moment, int.from_bytes(random_bytes(8), "big") >> 3)
        tail = known.first + (next(known.steps) << 32) + int.from_bytes(random_bytes(4), "big")
        value = (moment >> 12) << 80 | 0x7 << 76 | (moment & 0xFFF) << 64
        return UUID(int=value | 0b10 << 62 | tail % (1 << _TAIL))

    return new_id
