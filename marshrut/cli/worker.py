"""`marshrut worker`: does background work until it is stopped."""

from __future__ import annotations

import sys

import click

from marshrut.background import background, redis_client
from marshrut.cli.click_words import RussianCommand
from marshrut.cli.environment import explained_problems, stop_with
from marshrut.keys import read_keys
from marshrut.logging import configure_logging
from marshrut.settings import settings_from_environment
from queues.health import worker_alive_here
from queues.names import QueueName
from queues.worker import Crew, run_workers
from workflow.domain.refusals import N_
from workflow.store.migrations import require_newest


@click.command(
    cls=RussianCommand, help="Выполнять фоновую работу: сборку, преобразование, проверки."
)
@click.option("--workers", type=click.IntRange(1, 64), help="Сколько заданий сразу.")
@click.option(
    "--queue",
    "queues",
    multiple=True,
    type=click.Choice([name.value for name in QueueName]),
    help="Только эта очередь. Можно несколько.",
)
@click.option("--check", is_flag=True, help="Только проверить, что обработчик на этой машине жив.")
def worker(workers: int | None, queues: tuple[str, ...], check: bool) -> None:
    """Run `--workers` workers; they finish what they do when they are asked to stop."""
    with explained_problems():
        settings = settings_from_environment()
        redis = redis_client(settings)
        if check:
            if not worker_alive_here(redis):
                stop_with(N_("No worker of this machine is alive."))
            return
        configure_logging()
        redis.ping()
        work = background(settings, read_keys(settings.keys_dir))
        require_newest(work.uow.engine)
        # The workers are forked: none of them may inherit this connection.
        work.uow.engine.dispose()
        crew = Crew(
            redis=lambda: redis_client(settings),
            performer=work.performer,
            warm_up=work.warm_up,
            queues=tuple(QueueName(name) for name in queues) or tuple(QueueName),
        )
        run_workers(crew, workers or settings.workers)
    sys.exit(0)
