"""`marshrut schedule`: rings for the outbox and asks what has come due, until it is stopped."""

from __future__ import annotations

import signal
from threading import Event
from types import FrameType

import click

from marshrut.background import background, redis_client
from marshrut.cli.click_words import RussianCommand
from marshrut.cli.environment import explained_problems, stop_with
from marshrut.keys import read_keys
from marshrut.logging import configure_logging
from marshrut.settings import settings_from_environment
from queues import schedule as queue_schedule
from queues.health import schedule_alive_here
from queues.relay import Relay
from workflow.domain.refusals import N_
from workflow.store.migrations import require_newest


@click.command(cls=RussianCommand, help="Передавать работу обработчикам и следить за сроками.")
@click.option("--check", is_flag=True, help="Только проверить, что служба на этой машине жива.")
def schedule(check: bool) -> None:
    """Relay and tick; several at once do no harm."""
    with explained_problems():
        settings = settings_from_environment()
        redis = redis_client(settings)
        if check:
            if not schedule_alive_here(redis):
                stop_with(N_("No schedule of this machine is alive."))
            return
        configure_logging()
        work = background(settings, read_keys(settings.keys_dir))
        require_newest(work.uow.engine)
        relay = Relay(work.uow, redis, work.handlers)
        queue_schedule.run(relay, work.due, _stop_event())


def _stop_event() -> Event:
    stop = Event()

    def ask_to_stop(_signum: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, ask_to_stop)
    signal.signal(signal.SIGINT, ask_to_stop)
    return stop
