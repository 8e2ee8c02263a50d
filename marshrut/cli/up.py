"""`marshrut up`: everything of a small installation in one process group.

In an empty folder it makes a database for training with a demonstration municipality; otherwise
it goes on with what is there. Web, worker, schedule and the embedded Valkey run as children.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from types import FrameType
from urllib.parse import urlsplit

import click

from marshrut.background import system_clock
from marshrut.cli.click_words import RussianCommand
from marshrut.cli.environment import explained_problems, stop_with
from marshrut.embedded import embedded_valkey
from marshrut.keys import SecretKeys, add_new_keys, create_keys, keys_exist, read_keys
from marshrut.settings import Settings, settings_from_environment
from marshrut.training import AUTHORITIES, TIMESTAMPS_KEY, TrainingAuthorities
from marshrut.wiring import make_services
from queues.processes import die_with_parent
from web.words import russian
from workflow.domain.refusals import N_
from workflow.store.migrations import upgrade
from workflow.usecases import installation
from workflow.usecases.services import Services

PARTS = ("web", "worker", "schedule")
STOP_SECONDS = 30
RESTART_AFTER_SECONDS = 2
MOST_RESTARTS = 5
#: Whose municipality a new folder gets when nobody asks for another one.
DEFAULT_PACK = "tetyushi"


@click.command(
    cls=RussianCommand, help="Запустить всё сразу; в пустой папке — учебную базу с примером."
)
@click.option(
    "--pack",
    metavar="NAME",
    help="Регламент примера в пустой папке: tetyushi — дорожная карта, yurga — пары.",
)
def up(pack: str | None) -> None:
    """Migrate, start everything, print the address; stop it all at Ctrl-C or SIGTERM.

    `pack` chooses the municipality of a new training installation.
    """
    _check_known(pack)
    with explained_problems():
        settings = settings_from_environment()
        new = not keys_exist(settings.keys_dir)
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        add_new_keys(settings.keys_dir)
        keys = create_keys(settings.keys_dir) if new else read_keys(settings.keys_dir)
        services = make_services(settings, keys, system_clock)
        upgrade(services.uow.engine)
        _furnish(services, settings, keys, pack)
        training = installation.is_training(services)
        if training:
            _complete_training(settings, keys)
        services.uow.engine.dispose()
        with _redis(settings) as redis_url:
            _run(settings, redis_url, training)


def _complete_training(settings: Settings, keys: SecretKeys) -> None:
    """Make the authority for timestamps that earlier versions did not have."""
    folder = settings.keys_dir / AUTHORITIES
    if TrainingAuthorities.exist(folder) and not (folder / TIMESTAMPS_KEY).exists():
        authorities = TrainingAuthorities.load(folder, keys.at_rest.hex())
        authorities.add_timestamps(system_clock())


def _check_known(pack: str | None) -> None:
    """Stop before anything is made when there is no municipality for the pack."""
    if pack is None:
        return
    from marshrut.demonstration.opening import PRACTICES

    if pack not in PRACTICES:
        known = ", ".join(PRACTICES)
        stop_with(
            N_("There is no example for practice by “{pack}”. Known: {known}."),
            pack=pack,
            known=known,
        )


def _furnish(services: Services, settings: Settings, keys: SecretKeys, pack: str | None) -> None:
    words = russian()
    if installation.is_begun(services):
        if pack is not None:
            click.echo(words.text(N_("What is here already goes on: --pack is for a new folder.")))
        return
    # Imported here: an installation that is there needs no demonstration.
    from marshrut.demonstration.opening import furnish_for_practice

    click.echo(words.text(N_("Making a database for training. It takes about a minute.")))
    furnish_for_practice(services, settings, keys, pack or DEFAULT_PACK)


@contextmanager
def _redis(settings: Settings) -> Iterator[str]:
    """The configured Redis, or a Valkey of our own for as long as we run."""
    if settings.redis_url is not None:
        yield settings.redis_url
        return
    with embedded_valkey(settings.valkey_dir) as url:
        yield url


def _run(settings: Settings, redis_url: str, training: bool) -> None:
    """Keep the parts running until we are asked to stop, or one of them cannot be kept."""
    environment = {**os.environ, "MARSHRUT_REDIS_URL": redis_url}
    stopping = False

    def ask_to_stop(_signum: int, _frame: FrameType | None) -> None:
        nonlocal stopping
        stopping = True

    signal.signal(signal.SIGTERM, ask_to_stop)
    signal.signal(signal.SIGINT, ask_to_stop)
    children = {part: _start(part, settings, environment) for part in PARTS}
    restarts = dict.fromkeys(PARTS, 0)
    _greet(settings, training)
    try:
        while not stopping:
            time.sleep(0.3)
            for part, child in children.items():
                if child.poll() is None or stopping:
                    continue
                restarts[part] += 1
                if restarts[part] > MOST_RESTARTS:
                    stop_with(
                        N_("The part “{part}” does not stay up; its log is above."), part=part
                    )
                time.sleep(RESTART_AFTER_SECONDS)
                children[part] = _start(part, settings, environment)
    finally:
        _stop(children.values())


def _start(
    part: str, settings: Settings, environment: Mapping[str, str]
) -> subprocess.Popen[bytes]:
    address = urlsplit(settings.base_url)
    options = {
        "web": ["--port", str(address.port or 8000)] if address.scheme == "http" else [],
        "worker": ["--workers", str(settings.workers)],
    }.get(part, [])
    parent = os.getpid()
    return subprocess.Popen(  # noqa: S603 - our own command line
        [sys.executable, "-m", "marshrut", part, *options],
        env=dict(environment),
        # Ctrl-C reaches us alone; we stop the parts in order.
        start_new_session=True,
        preexec_fn=lambda: die_with_parent(signal.SIGTERM, parent),
    )


def _stop(children: Collection[subprocess.Popen[bytes]]) -> None:
    processes = list(children)
    for child in processes:
        child.terminate()
    deadline = time.monotonic() + STOP_SECONDS
    for child in processes:
        try:
            child.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait(5)


def _greet(settings: Settings, training: bool) -> None:
    words = russian()
    click.echo("")
    click.echo(words.text(N_("Marshrut is running: {address}"), address=settings.base_url))
    if training:
        from marshrut.demonstration.opening import PRACTICE_FILES
        from marshrut.demonstration.town import KEY_PASSWORD, PASSWORD

        click.echo(words.text(N_("A training installation: nothing made here has legal force.")))
        click.echo(
            words.text(
                N_("Logins and their second-factor codes: {address}/training"),
                address=settings.base_url,
            )
        )
        click.echo(words.text(N_("Password of everybody: {password}"), password=PASSWORD))
        click.echo(
            words.text(
                N_("Key files to sign elsewhere with, good and bad ones: {folder}"),
                folder=settings.data_dir / PRACTICE_FILES,
            )
        )
        click.echo(
            words.text(N_("Password of the signing keys: {password}"), password=KEY_PASSWORD)
        )
    click.echo(words.text(N_("Stop with Ctrl-C.")))
    sys.stdout.flush()
