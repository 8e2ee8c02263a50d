"""A small world for each test, and the operator's browser in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from marshrut.demonstration.town import PASSWORD
from tests.integration.web.admin_site import OPERATOR_LOGIN, Site, signed_in
from tests.world import World, copy_world, make_world


@pytest.fixture(scope="session")
def town_template(tmp_path_factory: pytest.TempPathFactory) -> tuple[World, Path]:
    folder = tmp_path_factory.mktemp("admin-world")
    return make_world(folder), folder


@pytest.fixture
def world(town_template: tuple[World, Path], tmp_path: Path) -> World:
    return copy_world(*town_template, tmp_path / "world")


@pytest.fixture
def operator(world: World) -> Site:
    return signed_in(world, OPERATOR_LOGIN, PASSWORD, world.town.operator_second_factor)
