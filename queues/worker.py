"""Workers: rq's, with our bounds.

`run_workers` warms up once, then forks `count` workers; each forks a work-horse per job, which
inherits the warm modules and opens its own database connection. Nobody outlives the parent.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from types import FrameType
from typing import NoReturn

import structlog
from redis import Redis
from redis.client import Pipeline
from rq import Queue, Worker, worker_registration
from rq.job import Job
from rq.serializers import JSONSerializer
from rq.worker import DequeueStrategy
from sqlalchemy.pool import QueuePool

from queues.errors import WarmParentError
from queues.jobs import PERFORM, performer_of_this_worker
from queues.names import QueueName
from queues.perform import Performer
from queues.processes import die_with_parent

log = structlog.get_logger("queues")

HEARTBEAT_SECONDS = 30
_PAUSE_BEFORE_RESTART_SECONDS = 1.0
_STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT)


@dataclass(frozen=True)
class Crew:
    """What the workers of one process group are made of.

    `redis` opens a new client; `warm_up` imports and loads what every job needs.
    """

    redis: Callable[[], Redis]
    performer: Performer
    warm_up: Callable[[], None]
    queues: Sequence[QueueName] = tuple(QueueName)


class OutboxWorker(Worker):
    """An rq worker that runs nothing but outbox rows."""

    def __init__(self, performer: Performer, queues: Sequence[Queue], redis: Redis) -> None:
        super().__init__(
            queues,
            connection=redis,
            serializer=JSONSerializer,
            worker_ttl=HEARTBEAT_SECONDS + 15,
            log_job_description=False,
        )
        self.performer = performer
        self.log_result_lifespan = False

    @property
    def asked_to_stop(self) -> bool:
        """Whether the worker ended because of SIGTERM or SIGINT."""
        return self._shutdown_requested_date is not None

    def heartbeat(self, timeout: int | None = None, pipeline: Pipeline | None = None) -> None:
        """Also register anew: a flushed Redis has forgotten who watches the queue."""
        super().heartbeat(timeout, pipeline)
        worker_registration.register(self, pipeline)

    def execute_job(self, job: Job, queue: Queue) -> None:
        """Fork a work-horse, unless the job is not ours: Redis may not choose what we run."""
        if job.func_name != PERFORM:
            log.error("a job that is not ours was thrown away", queue=queue.name)
            job.delete()
            return
        super().execute_job(job, queue)

    def fork_work_horse(self, job: Job, queue: Queue) -> None:
        refuse_open_connections(self.performer)
        self._worker_pid = os.getpid()
        super().fork_work_horse(job, queue)

    def main_work_horse(self, job: Job, queue: Queue) -> None:
        """The horse dies with its worker: nobody would watch its time."""
        die_with_parent(signal.SIGKILL, self._worker_pid)
        performer_of_this_worker.set(self.performer)
        super().main_work_horse(job, queue)


def refuse_open_connections(performer: Performer) -> None:
    """Raise WarmParentError if a fork now would share a database connection."""
    pool = performer.uow.engine.pool
    if isinstance(pool, QueuePool) and pool.checkedin() + pool.checkedout() > 0:
        raise WarmParentError("the worker's parent has opened a database connection")


def work(crew: Crew) -> None:
    """Work until SIGTERM or SIGINT; a job in progress is finished first (warm shutdown).

    rq's worker ends on errors of its own (a Redis that was flushed under it): it is made anew.
    """
    while True:
        redis = crew.redis()
        queues = [Queue(q.value, connection=redis, serializer=JSONSerializer) for q in crew.queues]
        worker = OutboxWorker(crew.performer, queues, redis)
        # In turn: much quick work must not keep the slow waiting, nor the other way round.
        worker.work(logging_level="WARNING", dequeue_strategy=DequeueStrategy.ROUND_ROBIN)
        if worker.asked_to_stop:
            return
        log.warning("the worker begins anew")
        time.sleep(_PAUSE_BEFORE_RESTART_SECONDS)


def run_workers(crew: Crew, count: int) -> None:
    """Warm up, keep `count` workers running until SIGTERM or SIGINT, let them finish."""
    crew.warm_up()
    refuse_open_connections(crew.performer)
    Foreman(crew, count).watch()


class Foreman:
    """The parent of the workers: replaces who ends, passes on the wish to stop."""

    def __init__(self, crew: Crew, count: int) -> None:
        self.crew = crew
        self.count = count
        self.children: set[int] = set()
        self.stopping = False

    def watch(self) -> None:
        """Return when every worker has ended after SIGTERM or SIGINT."""
        for number in _STOP_SIGNALS:
            signal.signal(number, self._stop)
        while True:
            while not self.stopping and len(self.children) < self.count:
                self._fork()
            if not self.children:
                return
            ended, _ = os.wait()
            self.children.discard(ended)
            if not self.stopping:
                log.warning("a worker ended and is replaced", pid=ended)
                time.sleep(_PAUSE_BEFORE_RESTART_SECONDS)

    def _stop(self, _signum: int, _frame: FrameType | None) -> None:
        self.stopping = True
        for child in self.children:
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGTERM)

    def _fork(self) -> None:
        # A signal in between would find a child that is not in the list yet.
        signal.pthread_sigmask(signal.SIG_BLOCK, _STOP_SIGNALS)
        parent, child = os.getpid(), os.fork()
        if child == 0:
            _begin_work(self.crew, parent)
        self.children.add(child)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _STOP_SIGNALS)


def _begin_work(crew: Crew, parent: int) -> NoReturn:
    status = 1
    try:
        for number in _STOP_SIGNALS:
            signal.signal(number, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _STOP_SIGNALS)
        die_with_parent(signal.SIGTERM, parent)
        work(crew)
        status = 0
    finally:
        os._exit(status)
