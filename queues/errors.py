"""What goes wrong in background work."""

from __future__ import annotations


class QueueError(Exception):
    """Root of everything background work refuses or cannot do."""

    code = "queue"


class FinalError(QueueError):
    """Trying again would not help: the task is given up at once, with this reason.

    A handler raises it, or returns it for one task of a batch. `reason` is shown to the operator.
    """

    code = "queue.final"

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class WarmParentError(QueueError):
    """The parent of the work-horses holds database connections that a fork would share."""

    code = "queue.warm_parent"
