"""A pair of Kedrovsk whose order is in force, for those who look at it from inside."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from marshrut.demonstration.town import done
from tests.integration.pairs import deeds
from tests.told_once import told_once
from tests.world import Clock, World
from workflow.usecases.pairs.request import note_contract_clause

MENTOR, MENTEE = "zotova", "golubeva"


def proposed_pair(world: World) -> UUID:
    """Golubeva needs a mentor, Zotova is proposed; both staff cards are filled in."""
    deeds.experienced(world, MENTOR, in_field=18)
    deeds.experienced(world, MENTEE, pedagogical=1)
    case_id = deeds.requested(world, MENTEE)
    deeds.proposed(world, case_id, MENTOR)
    return case_id


def papers_given(world: World, case_id: UUID, *authors: str) -> None:
    """These people sign what the order asks of them; the contract holds the terms already."""
    asked = {g.type_code for g in world.services.packs.newest("yurga").document_types["D14"].gates}
    if "D09" in asked and MENTOR in authors:
        deeds.signed_paper(world, case_id, "D09", MENTOR, mentees_elsewhere=0)
    if "D10" in asked and MENTEE in authors:
        deeds.signed_paper(world, case_id, "D10", MENTEE)
    contract = "трудовой договор от 1 сентября 2020 г. № 14, п. 2.7"
    done(note_contract_clause(world.services, world.actor("titova"), case_id, contract))


def ordered(world: World, case_id: UUID) -> None:
    """The order comes into force."""
    deeds.order_in_force(world, deeds.order_begun(world, case_id).id)


@told_once
def led_pair(world: World) -> UUID:
    """A pair whose order is in force; it begins on Monday 18 May 2026."""
    case_id = proposed_pair(world)
    papers_given(world, case_id, MENTOR, MENTEE)
    ordered(world, case_id)
    return case_id


def on_day(world: World, days: int) -> None:
    """It is so many days after the pair's first one."""
    assert isinstance(world.clock, Clock)
    begins = world.clock.now.replace(year=2026, month=5, day=18)
    world.clock.now = begins + timedelta(days=days)
