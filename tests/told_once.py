"""Set-ups that several tests share: told once in a process, then taken up from a copy.

    @pytest.fixture
    @told_once
    def led(office: World) -> UUID:
        ...

It suits functions as well that tests call first of all with their world. The first test tells
it. Each later one whose world stands where it began gets a copy of what came of it: database,
blobs, authorities, clock. A world that anything else has touched before is told everything anew,
and so is each that gets other engines: a set-up means the same with `told_once` and without it.
"""

from __future__ import annotations

import copy
import functools
import inspect
import itertools
import shutil
import tempfile
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import ModuleType
from typing import Any, ParamSpec, TypeVar

from marshrut.training import TrainingAuthorities
from tests.world import PASSWORD_OF_CA, World

P = ParamSpec("P")
OutcomeT = TypeVar("OutcomeT")

#: What a fixture returns that gives back the world it took.
_THE_WORLD = "the world"
#: A file of tests has a handful of them; a copy takes a few megabytes.
KEPT = 24


@dataclass(frozen=True)
class Kept:
    """Where a story had come: the files of its world, its clock, what the fixture returned."""

    folder: Path
    moment: datetime
    outcome: Any
    chapter: str

    def take_up(self, world: World) -> None:
        world.services.uow.engine.dispose()
        shutil.rmtree(world.folder)
        shutil.copytree(self.folder, world.folder)
        world.authorities = TrainingAuthorities.load(world.folder / "keys", PASSWORD_OF_CA)
        world.go_on_from(self.moment, self.chapter)


_shelf = tempfile.TemporaryDirectory(prefix="marshrut-told-", ignore_cleanup_errors=True)
_numbers = itertools.count(1)
_names: set[tuple[str, str]] = set()
_told: OrderedDict[tuple[object, ...], Kept] = OrderedDict()


def told_once(tell: Callable[P, OutcomeT]) -> Callable[P, OutcomeT]:
    """Decorate what takes a World and leads it on, through nothing but its use cases."""
    parameters = inspect.signature(tell)

    @functools.wraps(tell)
    def told(*args: P.args, **given: P.kwargs) -> OutcomeT:
        named = parameters.bind(*args, **given).arguments
        (world,) = (value for value in named.values() if isinstance(value, World))
        chapter = world.chapter()
        if chapter is None:
            return tell(*args, **given)
        others = {name: repr(value) for name, value in named.items() if value is not world}
        begins = (tell, chapter, *sorted(others.items()))
        if begins not in _told:
            services, outcome = world.services, tell(*args, **given)
            if world.services is services:
                _keep(begins, world, outcome)
            return outcome
        _told.move_to_end(begins)
        _told[begins].take_up(world)
        outcome = copy.copy(_told[begins].outcome)
        return world if outcome is _THE_WORLD else outcome  # type: ignore[return-value]  # as `tell` did

    _names.add((tell.__module__, tell.__name__))
    return told


def is_told_once(module: ModuleType, name: str) -> bool:
    """Whether the fixture that tests of the module know by this name is one of ours."""
    own = module.__name__
    return any(
        name == told and (where == own or own.startswith(where.removesuffix("conftest")))
        for where, told in _names
        if where == own or where.endswith(".conftest")
    )


def _keep(begins: tuple[object, ...], world: World, outcome: object) -> None:
    number = next(_numbers)
    world.services.uow.engine.dispose()
    folder = Path(_shelf.name) / str(number)
    shutil.copytree(world.folder, folder)
    held = [outcome, *vars(outcome).values()] if hasattr(outcome, "__dict__") else [outcome]
    assert outcome is world or not any(isinstance(one, World) for one in held), "a world is held"
    kept = _THE_WORLD if outcome is world else outcome
    _told[begins] = Kept(folder, world.clock.now, kept, f"told {number}")
    world.go_on_from(world.clock.now, f"told {number}")
    while len(_told) > KEPT:
        _, oldest = _told.popitem(last=False)
        shutil.rmtree(oldest.folder)
