"""What a kind of work is: the function that does it and its bounds.

The entrance makes the registry, a plain dict from kind to handler, and gives it to the relay and
the workers before they fork; nothing fills it at import time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from queues.names import QueueName
from workflow.store.outbox import Task
from workflow.store.unit_of_work import Transaction

Effect = Callable[[Transaction], None]
"""Writes the result of a task, in the same commit that marks the task done. It must be quick."""

Result = Effect | Exception
"""One task's outcome: its effect, or why it has none."""

_FIRST_DELAY = timedelta(seconds=10)
_LONGEST_DELAY = timedelta(hours=1)


@dataclass(frozen=True)
class Handler:
    """How tasks of one kind are done.

    `work` takes up to `batch` tasks outside any transaction and returns their results in the same
    order; what it raises is the result of all of them. It may run more than once for a task (a
    killed worker), so it changes nothing but blobs. `lease`: how long it may take, for the whole
    batch; it is stopped shortly before. `attempts`: how often it is tried, crashes included.
    """

    work: Callable[[Sequence[Task]], Sequence[Result]]
    queue: QueueName = QueueName.QUICK
    batch: int = 1
    lease: timedelta = timedelta(minutes=2)
    attempts: int = 8

    @property
    def time_limit(self) -> int:
        """Seconds after which rq stops the work: inside the lease, so that it is still ours."""
        return max(1, int(self.lease.total_seconds() * 0.9))


Handlers = Mapping[str, Handler]


def one_by_one(work: Callable[[Task], Effect]) -> Callable[[Sequence[Task]], Sequence[Result]]:
    """Return the `work` of a handler whose tasks have nothing in common."""

    def work_all(tasks: Sequence[Task]) -> Sequence[Result]:
        return [work(task) for task in tasks]

    return work_all


def delay_before(attempt: int) -> timedelta:
    """Return how long to wait before trying after the `attempt`-th failure: 10 s, 20 s, … 1 h."""
    return min(_FIRST_DELAY * (1 << min(attempt - 1, 16)), _LONGEST_DELAY)
