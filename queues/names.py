"""The queues: one for quick work, one for work that takes seconds of a processor."""

from __future__ import annotations

from enum import StrEnum


class QueueName(StrEnum):
    """A worker watches all of them, in turn, unless it is told which."""

    QUICK = "marshrut-quick"
    SLOW = "marshrut-slow"
