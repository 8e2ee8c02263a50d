"""The history of the schema is linear and ends where the tables are."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from tests.databases import Database, PostgresServer
from workflow.store import migrations
from workflow.store.engine import DatabaseUrlError, make_engine
from workflow.store.tables import metadata

VERSIONS = migrations.FOLDER / "versions"


def scripts() -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", str(migrations.FOLDER))
    return ScriptDirectory.from_config(config)


def test_migrations_are_numbered_without_gaps_and_follow_each_other() -> None:
    numbers = [path.name[:4] for path in sorted(VERSIONS.glob("[0-9]*.py"))]
    assert numbers == [f"{number:04}" for number in range(1, len(numbers) + 1)]
    history = [script.revision for script in scripts().walk_revisions()]
    assert history == numbers[::-1]
    assert scripts().get_heads() == [numbers[-1]]


def test_migrations_end_where_the_tables_are(database: Database) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_migrating_again_changes_nothing(database: Database) -> None:
    migrations.upgrade(database.engine)
    assert migrations.current(database.engine) == migrations.newest()
    migrations.require_newest(database.engine)


def test_an_old_schema_is_refused(tmp_path: Path) -> None:
    empty = make_engine(f"sqlite:///{tmp_path / 'empty.db'}")
    with pytest.raises(migrations.SchemaError):
        migrations.require_newest(empty)
    empty.dispose()


def test_two_servers_that_start_together_migrate_once(postgres: PostgresServer) -> None:
    postgres.run("CREATE DATABASE together")
    engine = make_engine(postgres.url("together"))
    errors: list[BaseException] = []

    def start() -> None:
        try:
            migrations.upgrade(engine)
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=start) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    found = migrations.current(engine)
    engine.dispose()
    postgres.run("DROP DATABASE together")
    assert (errors, found) == ([], migrations.newest())


@pytest.mark.parametrize("url", ["mysql://host/name", "sqlite://", "sqlite:///:memory:"])
def test_only_a_database_that_keeps_anything_is_taken(url: str) -> None:
    with pytest.raises(DatabaseUrlError):
        make_engine(url)


def test_every_foreign_key_begins_an_index() -> None:
    """Without one, deleting or locking a parent reads the whole child table."""
    bare = []
    for table in metadata.tables.values():
        beginnings = {next(iter(index.columns)).name for index in table.indexes}
        beginnings |= {next(iter(table.primary_key.columns)).name}
        unique = (key for key in table.constraints if isinstance(key, sa.UniqueConstraint))
        beginnings |= {next(iter(constraint.columns)).name for constraint in unique}
        bare += [str(key.parent) for key in table.foreign_keys if key.parent.name not in beginnings]
    assert bare == []
