"""Pairs of Kedrovsk brought to where tests of pages begin, and browsers of its people."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from marshrut.demonstration.town import done
from tests.integration.pairs import deeds
from tests.integration.web.signing_site import Browser, browser_of, site
from tests.told_once import told_once
from tests.world import World
from workflow.domain.regulations import GateOf
from workflow.usecases.pairs.request import note_contract_clause

CONTRACT = "трудовой договор от 1 сентября 2020 г. № 14, п. 2.7"
NBSP = "\N{NO-BREAK SPACE}"


@dataclass
class Reader(Browser):
    """A browser whose pages are read with plain spaces: «Зотова Н. Л.» as one types it."""

    def read(self, address: str) -> str:
        return super().read(address).replace(NBSP, " ")


Browse = Callable[[str], Reader]


def browsers(world: World) -> Browse:
    """A function from somebody's key to their signed-in browser."""
    app = site(world)
    return lambda key: Reader(browser_of(app, world, key).client)


def proposed_pair(
    world: World,
    mentor: str,
    mentee: str,
    since: date = deeds.SINCE,
    until: date = deeds.UNTIL,
    years: int = 18,
) -> UUID:
    """A pair with a proposed mentor whose experience is entered."""
    deeds.experienced(world, mentor, in_field=years)
    deeds.experienced(world, mentee, pedagogical=1)
    case_id = deeds.requested(world, mentee, since=since, until=until)
    deeds.proposed(world, case_id, mentor, since, until)
    return case_id


@told_once
def ready_pair(
    world: World,
    mentor: str,
    mentee: str,
    since: date = deeds.SINCE,
    until: date = deeds.UNTIL,
) -> UUID:
    """The same with every paper that the order asks for."""
    case_id = proposed_pair(world, mentor, mentee, since, until)
    kind = world.services.packs.newest("yurga").document_types["D14"]
    for gate in kind.gates:
        if gate.unless is not None:
            continue
        of_mentor = gate.of is GateOf.MENTOR
        facts = {"mentees_elsewhere": 0} if of_mentor else {}
        author = mentor if of_mentor else mentee
        deeds.signed_paper(world, case_id, gate.type_code, author, **facts)
    done(note_contract_clause(world.services, world.actor("titova"), case_id, CONTRACT))
    return case_id


@told_once
def begun_pair(
    world: World,
    mentor: str,
    mentee: str,
    since: date = deeds.SINCE,
    until: date = deeds.UNTIL,
) -> UUID:
    """A pair whose order is in force."""
    case_id = ready_pair(world, mentor, mentee, since, until)
    deeds.order_in_force(world, deeds.order_begun(world, case_id).id)
    return case_id


def case_in(location: str) -> UUID:
    """The pair that an address is about."""
    found = re.search(r"/pairs/([0-9a-f-]{36})", location)
    assert found, location
    return UUID(found[1])


def document_in(location: str) -> UUID:
    """The document that an address is about."""
    found = re.search(r"/documents/([0-9a-f-]{36})", location)
    assert found, location
    return UUID(found[1])
