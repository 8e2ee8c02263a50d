"""Write a migration from what the metadata says.

    python -m workflow.store.migrations.make                 # the newest one anew
    python -m workflow.store.migrations.make "Add templates" # the next number

The newest one may be written anew until it is released; an older one never changes.

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
    """Write the next migration, or (without `message`) the newest one anew under its name."""
    versions = FOLDER / "versions"
    if message is None:
        newest = max(versions.glob("[0-9]*.py"))
        message = newest.stem.partition("_")[2].replace("_", " ")
        newest.unlink()
    number = f"{1 + len(list(versions.glob('[0-9]*.py'))):04d}"
    with tempfile.TemporaryDirectory() as folder:
        engine = make_engine(f"sqlite:///{Path(folder) / 'empty.db'}")
        with engine.connect() as connection:
            config = configuration(connection)
            command.upgrade(config, "head")
            command.revision(config, message, autogenerate=True, rev_id=number)
        engine.dispose()


if __name__ == "__main__":
    make(sys.argv[1] if len(sys.argv) > 1 else None)
