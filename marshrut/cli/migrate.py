"""`marshrut migrate`: bring the database to the schema of this version."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click
from sqlalchemy import Engine

from marshrut.cli.click_words import RussianCommand
from marshrut.cli.environment import explained_problems
from marshrut.engines.simple_seals import Seals
from marshrut.keys import add_new_keys, keys_exist, read_keys
from marshrut.settings import settings_from_environment
from web.words import russian
from workflow.domain.refusals import N_
from workflow.store import migrations
from workflow.store.engine import make_engine
from workflow.store.repositories.known_seals import KnownSeals


@click.command(cls=RussianCommand, help="Обновить схему базы данных до этой версии программы.")
def migrate() -> None:
    """Migrate in one transaction and say what was done; running it again does nothing.

    Keys that came with this version are made as well.
    """
    with explained_problems():
        settings = settings_from_environment()
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        added = add_new_keys(settings.keys_dir)
        engine = make_engine(settings.database_url)
        before = migrations.current(engine)
        migrations.upgrade(engine)
        after = migrations.current(engine)
        remember_seals(engine, settings.keys_dir)
    for name in added:
        click.echo(russian().text(N_("A new secret key was made: {name}. Back it up."), name=name))
    done = N_("The database schema was brought up to number {number}.")
    already = N_("The database schema is up to date: number {number}.")
    click.echo(russian().text(already if before == after else done, number=after))


def remember_seals(engine: Engine, keys_dir: Path) -> None:
    """Keep under which certificates simple signatures are sealed now: a key may be replaced."""
    if not keys_exist(keys_dir):
        return
    seals = Seals(read_keys(keys_dir).seal, russian())
    with engine.begin() as connection:
        known = KnownSeals(connection)
        for training in (False, True):
            known.remember(seals.fingerprint(training), training, datetime.now(UTC))
