"""The queues: for quick work, for work that takes seconds of a processor, for letters and lists.

Letters, and revocation lists that are fetched, wait for another machine: they must not keep the
rest waiting, and a worker that does this needs a way out that the others do without.
"""

from __future__ import annotations

from enum import StrEnum


class QueueName(StrEnum):
    """A worker watches all of them, in turn, unless it is told which."""

    QUICK = "marshrut-quick"
    SLOW = "marshrut-slow"
    MAIL = "marshrut-mail"
