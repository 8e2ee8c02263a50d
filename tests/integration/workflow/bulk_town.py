"""A town in which three orders wait for the head, on either database, and what the head does."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import UUID, uuid4

import sqlalchemy as sa

from marshrut.demonstration.town import done
from tests.databases import TEMPLATE, PostgresDatabases, PostgresServer
from tests.integration.web.bulk_site import HEAD, fixed_appointments, visit
from tests.integration.web.signing_site import programme
from tests.world import Clock, World, make_world, services_in
from workflow.domain.bulk_signing import BulkItem
from workflow.domain.documents import Document
from workflow.domain.refusals import Refusal
from workflow.domain.routes import DocumentState
from workflow.store.blobs import FolderBlobs
from workflow.usecases.bulk_signing import KeyOpened, Visit
from workflow.usecases.sign_in_bulk import sign_in_bulk

COUNT = 3


@dataclass(frozen=True)
class Told:
    """A town in which three orders wait for the head; each test gets a copy of its own."""

    world: World
    folder: Path
    orders: tuple[UUID, ...]
    postgres: PostgresServer | None = None

    def copied(self, folder: Path) -> World:
        """A world of its own, a moment later: ids grow as long as one process makes them."""
        self.world.services.uow.engine.dispose()
        shutil.copytree(self.folder, folder)
        clock, url = Clock(), None
        clock.advance(milliseconds=1)
        if self.postgres is not None:
            name = f"bulk_{uuid4().hex}"
            source = self.world.services.uow.engine.url.database
            self.postgres.run(f"CREATE DATABASE {name} TEMPLATE {source}")
            url = self.postgres.url(name)
        return replace(self.world, services=services_in(folder, clock, url), clock=clock)


def tell(folder: Path, databases: PostgresDatabases | None) -> Told:
    """Build the town in SQLite, or in one of the server's databases."""
    postgres = databases.server if databases else None
    name = f"bulk_told_{uuid4().hex}"  # another file of tests may tell it anew
    if postgres:
        postgres.run(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
    world = make_world(folder, postgres.url(name) if postgres else None)
    orders = fixed_appointments(world, programme(world), COUNT)
    return Told(world, folder, tuple(one.id for one in orders), postgres)


def sign(
    world: World, opened: KeyOpened, document: Document, browser: Visit | None = None
) -> BulkItem | Refusal:
    browser = browser or visit(world)
    return sign_in_bulk(
        world.services,
        world.actor(HEAD),
        opened.bulk.id,
        document.id,
        opened.one_time_key,
        browser,
    )


def signed(world: World, opened: KeyOpened, document: Document) -> BulkItem:
    item = done(sign(world, opened, document))
    assert item.refusal is None
    assert item.signature_id is not None
    return item


def state(world: World, document: Document) -> DocumentState:
    with world.services.uow.reading() as tx:
        return tx.documents.headings_of([document.id])[document.id].state


def held_rows(world: World) -> int:
    with world.services.uow.reading() as tx:
        query = sa.text("SELECT count(*) FROM bulk_signing_keys")
        return int(tx.connection.execute(query).scalar_one())


def restarted(world: World) -> World:
    """The same installation after its process was ended and began anew: the database is kept."""
    url = world.services.uow.engine.url.render_as_string(hide_password=False)
    blobs = world.services.blobs
    assert isinstance(blobs, FolderBlobs)
    world.services.uow.engine.dispose()
    return replace(world, services=services_in(blobs.root.parent, world.clock, url))
