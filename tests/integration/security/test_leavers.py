"""Whoever has left a post takes no step that waits for its holder."""

from __future__ import annotations

from dataclasses import replace

from marshrut.demonstration.town import done
from tests.integration.security.own_authority import DAY
from tests.integration.web.signing_site import fixed_appointment, load, programme, signed
from tests.world import World
from workflow.domain.refusals import Refusal
from workflow.usecases import staff
from workflow.usecases.acknowledge import acknowledge


def test_a_leaver_does_not_acknowledge(world: World) -> None:
    document = fixed_appointment(world, programme(world))
    signed(world, document)
    manifest = load(world, document.id).manifest
    assert manifest is not None
    with world.services.uow.reading() as tx:
        post = tx.employments.load(world.person("safina").employment_id)
    left = replace(post, until=world.clock().date() - DAY)
    done(staff.change_employment(world.services, world.town.operator, left))
    answer = acknowledge(world.services, world.actor("safina"), document.id, manifest.digest)
    assert isinstance(answer, Refusal)
    assert answer.code == "step.left_post"
