"""Worlds in which a school has come some way already; each test gets a copy of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.workflow.acts import Story, tell
from tests.world import World, copy_world


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
