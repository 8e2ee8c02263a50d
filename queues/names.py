"""The queues: for quick work, for work that takes seconds of a processor, for letters.

Letters wait for another machine: they must not keep the rest waiting, and a worker that sends them
needs a way out that the others do without.
"""

from __future__ import annotations

from enum import StrEnum


class QueueName(StrEnum):
    """A worker watches all of them, in turn, unless it is told which."""

    QUICK = "marshrut-quick"
    SLOW = "marshrut-slow"
    MAIL = "marshrut-mail"
