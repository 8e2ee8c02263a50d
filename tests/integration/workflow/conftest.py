"""Worlds in which a school has come some way already; each test gets a copy of its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.databases import Database, PostgresDatabases
from tests.integration.web.bulk_site import looked_at
from tests.integration.workflow import bulk_town
from tests.integration.workflow.acts import Story, tell
from tests.integration.workflow.pdf_office import Office, opened
from tests.world import World, copy_world, make_world
from workflow.domain.bulk_signing import Bulk
from workflow.domain.documents import Document


@pytest.fixture(scope="session")
def story_template(
    world_template: tuple[World, Path], tmp_path_factory: pytest.TempPathFactory
) -> Story:
    """The story up to the order that waits for the head's signature, told once."""
    folder = tmp_path_factory.mktemp("story") / "world"
    return tell(copy_world(*world_template, folder), folder)


@pytest.fixture
def story(story_template: Story, tmp_path: Path) -> Iterator[Story]:
    """School-1 with a curator, an agreed roadmap and an order that waits for its signature."""
    copied = story_template.copied(tmp_path / "world")
    yield copied
    copied.world.services.uow.engine.dispose()


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def bulk_told(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> bulk_town.Told:
    """Three orders that wait for the head, told once on each database."""
    databases: PostgresDatabases | None = None
    if request.param == "postgresql":
        databases = request.getfixturevalue("postgres_databases")
    return bulk_town.tell(tmp_path_factory.mktemp("bulk") / "world", databases)


@pytest.fixture
def town(bulk_told: bulk_town.Told, tmp_path: Path) -> Iterator[World]:
    """The town of a test of its own, on either database."""
    world = bulk_told.copied(tmp_path / "world")
    yield world
    world.services.uow.engine.dispose()


@pytest.fixture
def orders(bulk_told: bulk_town.Told, town: World) -> list[Document]:
    """The orders that wait for the head's signature."""
    with town.services.uow.reading() as tx:
        return list(tx.documents.load_many(bulk_told.orders).values())


@pytest.fixture
def bulk(town: World, orders: list[Document]) -> Bulk:
    """A list of the orders, each of which the head has looked at."""
    return looked_at(town, orders)


@pytest.fixture(scope="session")
def deputies_template(
    world_template: tuple[World, Path], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Office, Path]:
    """The office up to the order that waits to be signed, opened once."""
    folder = tmp_path_factory.mktemp("deputies") / "world"
    return opened(copy_world(*world_template, folder)), folder


@pytest.fixture
def office(deputies_template: tuple[Office, Path], tmp_path: Path) -> Iterator[Office]:
    made, folder = deputies_template
    world = copy_world(made.world, folder, tmp_path / "copied")
    world.services = replace(world.services, packs=made.world.services.packs)
    first, second = (replace(each, world=world) for each in (made.first, made.second))
    yield replace(made, world=world, first=first, second=second)
    world.services.uow.engine.dispose()


@pytest.fixture
def on_each_database(database: Database, tmp_path: Path) -> Iterator[Office]:
    world = make_world(tmp_path, database.url)
    yield opened(world)
    world.services.uow.engine.dispose()
