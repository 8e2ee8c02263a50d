"""A clock that runs backwards stops signing."""

from __future__ import annotations

from datetime import timedelta

from tests.integration.web.signing_site import fixed, prepared, programme
from tests.world import World
from workflow.domain.refusals import Refusal
from workflow.usecases.sign import begin_signing


def test_nothing_is_signed_while_the_clock_is_behind(world: World) -> None:
    curator = world.employment("safina")
    order = fixed(world, prepared(world, programme(world), "D06", {"curator": curator}))
    assert order.manifest is not None
    head, seen = world.actor("belova"), order.manifest.digest
    world.clock.now -= timedelta(minutes=20)
    refused = begin_signing(world.services, head, order.id, seen)
    assert isinstance(refused, Refusal)
    assert refused.code == "clock.backwards"
    world.clock.now += timedelta(minutes=18)  # two machines may be a little apart
    assert not isinstance(begin_signing(world.services, head, order.id, seen), Refusal)
