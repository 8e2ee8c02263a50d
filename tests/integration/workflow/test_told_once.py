"""What is told once is, for every test, as if it had been told to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest

from tests.integration.pairs.deeds import everything
from tests.integration.workflow import acts
from tests.told_once import told_once
from tests.world import World, copy_world

Another = Callable[[], World]


@pytest.fixture
def another(world_template: tuple[World, Path], tmp_path: Path) -> Iterator[Another]:
    """A function that gives the world of another test."""
    made: list[World] = []

    def copied() -> World:
        made.append(copy_world(*world_template, tmp_path / str(len(made))))
        return made[-1]

    yield copied
    for world in made:
        world.services.uow.engine.dispose()


def test_the_second_world_takes_up_what_was_told_to_the_first(another: Another) -> None:
    told: list[UUID] = []

    @told_once
    def programme(world: World) -> UUID:
        told.append(acts.open_programme(world))
        world.services.blobs.put(b"a file of the story")
        acts.renew_lists(world)
        return told[-1]

    first, second = another(), another()
    (case_id,) = {programme(first), programme(second)}
    assert told == [case_id]
    assert everything(first) == everything(second)
    sha256 = first.services.blobs.put(b"a file of the story")
    assert second.services.blobs.get(sha256) == b"a file of the story"
    assert second.clock() == first.clock() > another().clock()
    acts.renew_lists(second)  # the numbers of lists go on from those of the story


def test_what_one_test_does_is_not_seen_by_the_next(another: Another) -> None:
    programme = told_once(acts.open_programme)
    first = another()
    programme(first)
    before = everything(first)
    acts.open_programme(first, "school-2")
    acts.order_the_town(first, first.clock().date() + acts.TERM)
    second = another()
    programme(second)
    assert everything(second) == before


@pytest.mark.parametrize(
    "touch",
    [
        lambda world: acts.order_the_town(world, world.clock().date() + acts.TERM),
        lambda world: world.clock.advance(minutes=1),
    ],
    ids=["an act", "the clock"],
)
def test_a_world_that_was_touched_is_told_anew(
    another: Another, touch: Callable[[World], object]
) -> None:
    programme = told_once(acts.open_programme)
    known, touched = another(), another()
    touch(touched)
    orders = everything(touched)["documents"]
    assert programme(known) != programme(touched)
    assert everything(touched)["documents"] == orders


def test_other_arguments_are_another_story(another: Another) -> None:
    programme = told_once(acts.open_programme)
    one, other = another(), another()
    assert programme(one, "school-1") != programme(other, "school-2")


def test_who_changes_the_engines_is_told_each_time(another: Another) -> None:
    @told_once
    def with_engines(world: World) -> UUID:
        world.services = replace(world.services, base_url="https://other.example")
        return acts.open_programme(world)

    first, second = another(), another()
    assert with_engines(first) != with_engines(second)
    assert second.services.base_url == "https://other.example"


def test_a_world_with_other_engines_takes_up_nothing(another: Another) -> None:
    programme = told_once(acts.open_programme)
    first, second = another(), another()
    second.services = replace(second.services, base_url="https://other.example")
    assert programme(first) != programme(second)
