"""A launcher of real workers and relays that a test may kill.

    python -m tests.integration.queues.crew MODULE:FUNCTION DATABASE_URL REDIS_URL FOLDER

imports everything once and then forks a process for each line that it reads (`worker` or `relay`),
answering with its pid. FUNCTION(database_url) -> (UnitOfWork, Handlers) says what the work is.
While a worker works, FOLDER holds a file named after the worker's pid with the tokens it claimed.
Everything ends with the launcher.
"""

from __future__ import annotations

import importlib
import os
import signal
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Event

from redis import Redis

from queues import schedule, worker
from queues.handlers import Handler, Handlers, Result
from queues.perform import Performer
from queues.processes import die_with_parent
from queues.relay import Relay
from workflow.store.outbox import Task
from workflow.store.unit_of_work import UnitOfWork

RING_AGAIN_AFTER = timedelta(seconds=1)


def marked(handler: Handler, folder: Path) -> Handler:
    """Return the handler that also says, while it works, which claims its worker holds."""

    def work(tasks: Sequence[Task]) -> Sequence[Result]:
        mark = folder / str(os.getppid())
        mark.write_text("\n".join(str(task.token) for task in tasks))
        results = handler.work(tasks)
        mark.unlink(missing_ok=True)
        return results

    return replace(handler, work=work)


def run(role: str, uow: UnitOfWork, handlers: Handlers, redis_url: str) -> None:
    if role == "worker":
        crew = worker.Crew(
            redis=lambda: Redis.from_url(redis_url),
            performer=Performer(uow, handlers),
            warm_up=lambda: None,
        )
        worker.work(crew)
    else:
        relay = Relay(uow, Redis.from_url(redis_url), handlers, RING_AGAIN_AFTER)
        schedule.run(relay, {}, Event())


def main(work: str, database_url: str, redis_url: str, folder: str) -> None:
    module, function = work.split(":")
    uow, handlers = getattr(importlib.import_module(module), function)(database_url)
    handlers = {kind: marked(handler, Path(folder)) for kind, handler in handlers.items()}
    launcher = os.getpid()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the killed ones
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # stdout is for answers alone
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            die_with_parent(signal.SIGKILL, launcher)
            run(line.strip(), uow, handlers, redis_url)
            os._exit(0)
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
