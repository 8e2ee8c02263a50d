"""Write a migration from what the metadata says.

    python -m workflow.store.migrations.make                 # 0001_initial.py anew
    python -m workflow.store.migrations.make "Add templates" # the next number

Then `ruff format` and `ruff check --fix` it, and read it before committing.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from alembic import command

from workflow.store.engine import make_engine
from workflow.store.migrations import FOLDER, configuration


def make(message: str | None) -> None:
    """Write the next migration, or (without `message`) the first one anew."""
    versions = FOLDER / "versions"
    if message is None:
        for old in versions.glob("[0-9]*.py"):
            if old.name != "0001_initial.py":
                raise SystemExit(f"{old.name} builds on the first migration: give a message")
            old.unlink()
    number = f"{1 + len(list(versions.glob('[0-9]*.py'))):04d}"
    with tempfile.TemporaryDirectory() as folder:
        engine = make_engine(f"sqlite:///{Path(folder) / 'empty.db'}")
        with engine.connect() as connection:
            config = configuration(connection)
            command.upgrade(config, "head")
            command.revision(config, message or "initial", autogenerate=True, rev_id=number)
        engine.dispose()


if __name__ == "__main__":
    make(sys.argv[1] if len(sys.argv) > 1 else None)
