"""Two people sign the same files at the same moment: both hold, and nothing happens twice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Barrier
from uuid import UUID

import pytest

from marshrut.demonstration.town import KEY_PASSWORD, done
from tests.databases import Database
from tests.integration.security.own_authority import while_examined
from tests.integration.workflow import acts
from tests.world import World, holder, make_world
from workflow.domain.refusals import Refusal
from workflow.domain.regulations import Regulation
from workflow.domain.routes import DocumentState
from workflow.domain.signatures import Signature, SignatureStatus
from workflow.packs import load, read_pack
from workflow.ports import Packs
from workflow.store.audit import read_events
from workflow.usecases.fix import fix
from workflow.usecases.keys import add_key
from workflow.usecases.return_for_rework import return_for_rework
from workflow.usecases.sign import sign_with_stored_key
from workflow.usecases.staff import change_organisation

PACK = "two_signers"
FOLDER = Path(__file__).parents[2] / "packs"
SECONDS = 30


class ShelfWithTestPack:
    """The installed packs, and one of the tests: by default whose documents two people sign."""

    def __init__(self, shelf: Packs, pack: str = PACK) -> None:
        self._shelf = shelf
        self._pack = pack
        self._added = load(FOLDER / pack)

    def names(self) -> tuple[str, ...]:
        return (*self._shelf.names(), self._pack)

    def newest(self, name: str) -> Regulation:
        return self._added if name == self._pack else self._shelf.newest(name)

    def get(self, name: str, version: str) -> Regulation:
        return self._added if name == self._pack else self._shelf.get(name, version)

    def sources(self, name: str) -> Mapping[str, str]:
        if name != self._pack:
            return self._shelf.sources(name)
        read = read_pack(FOLDER / self._pack).sources
        return {f"{n:02d}/{s.name}/{s.file}": s.content.decode() for n, s in enumerate(read)}


def working_by(world: World, pack: str) -> World:
    """School-1 works by a pack of the tests."""
    world.services = replace(world.services, packs=ShelfWithTestPack(world.services.packs, pack))
    with world.services.uow.reading() as tx:
        school = tx.organisations.load(world.place("school-1").id)
    operator = world.town.operator
    done(change_organisation(world.services, operator, replace(school, pack=pack)))
    return world


def with_two_signers(world: World) -> World:
    """School-1 works by the pack of the test, its deputy has a key."""
    working_by(world, PACK)
    deputy = holder(world.person("safina"), world.place("school-1"))
    key = world.authorities.key_file(deputy, KEY_PASSWORD, world.clock())
    done(add_key(world.services, world.actor("safina"), key, KEY_PASSWORD))
    return world


@pytest.fixture
def two(world: World) -> World:
    return with_two_signers(world)


@pytest.fixture
def two_on_each_database(database: Database, tmp_path: Path) -> Iterator[World]:
    world = make_world(tmp_path, database.url)
    yield with_two_signers(world)
    world.services.uow.engine.dispose()


def joint_order(world: World) -> UUID:
    """An order of the test type that waits for the head and the deputy."""
    case = acts.open_programme(world)
    facts = {"curator": world.employment("safina"), "basis": "решение педагогического совета"}
    order = acts.drafted(world, case, "TEST", date_from=world.clock().date(), **facts)
    acts.submitted(world, order.id)
    acts.fixed(world, order.id)
    return order.id


def sign(world: World, order: UUID, who: str) -> Signature | Refusal:
    actor, digest = world.actor(who), acts.seen(world, order)
    return sign_with_stored_key(world.services, actor, order, digest, KEY_PASSWORD)


def happened(world: World, kind: str) -> int:
    """How often the audit trail of school-1 tells of it."""
    with world.services.uow.reading() as tx:
        trail = read_events(tx.connection, world.place("school-1").id)
        return sum(1 for event in trail if event.kind == kind)


def test_two_signatures_at_the_same_moment_both_hold(two_on_each_database: World) -> None:
    two = two_on_each_database
    order = joint_order(two)
    # Both are examined before either is written: neither can have seen the other.
    meeting = Barrier(2)
    two.services = while_examined(two.services, lambda: meeting.wait(SECONDS))
    with ThreadPoolExecutor(2) as hands:
        acting = [hands.submit(sign, two, order, who) for who in ("belova", "safina")]
        answers = [act.result(SECONDS) for act in acting]
    assert [a.status for a in answers if isinstance(a, Signature)] == [
        SignatureStatus.ACCEPTED,
        SignatureStatus.ACCEPTED,
    ], answers
    assert {s.person_id for s in acts.signatures(two, order)} == {
        two.person("belova").person_id,
        two.person("safina").person_id,
    }
    assert acts.state(two, order) is DocumentState.IN_FORCE
    assert happened(two, "signature.accepted") == 2
    assert happened(two, "document.in_force") == 1
    assert acts.rows(two, "core") == [("1-о/д", "registered")]


def test_one_of_two_signatures_does_not_put_in_force(two: World) -> None:
    order = joint_order(two)
    done(sign(two, order, "safina"))
    assert acts.state(two, order) is DocumentState.TO_SIGN
    assert acts.rows(two, "core") == [("1-о/д", "reserved")]
    assert acts.refused(sign(two, order, "safina")) == "step.done"
    assert acts.refused(fix(two.services, two.actor("zaytseva"), order)) == "fix.partly_signed"


def test_a_return_drops_the_signature_that_was_given(two: World) -> None:
    order = joint_order(two)
    done(sign(two, order, "safina"))
    done(return_for_rework(two.services, two.actor("belova"), order, "Другой срок"))
    two.work()
    acts.submitted(two, order)
    acts.fixed(two, order)
    done(sign(two, order, "belova"))
    assert acts.state(two, order) is DocumentState.TO_SIGN
    done(sign(two, order, "safina"))
    assert acts.state(two, order) is DocumentState.IN_FORCE
    assert acts.rows(two, "core") == [("1-о/д", "annulled"), ("2-о/д", "registered")]
