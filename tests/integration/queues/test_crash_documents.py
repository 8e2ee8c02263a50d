"""Real workers make, number and sign documents while they are killed: none is lost or doubled."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from marshrut.demonstration.town import KEY_PASSWORD, Place, done
from marshrut.wiring import make_handlers
from queues.handlers import Effect, Handler, Handlers, Result, one_by_one
from queues.names import QueueName
from tests.databases import Database
from tests.integration.queues.crashes import storm
from tests.world import KEYS, MORNING, FakeConverter, World, make_world, services_in
from workflow.domain.documents import Document
from workflow.domain.refusals import Refusal
from workflow.domain.registers import EntryState
from workflow.domain.regulations import PdfProfile
from workflow.domain.routes import DocumentState, state_of
from workflow.domain.signatures import SignatureStatus
from workflow.ports import Pdf
from workflow.store.audit import Intact, read_events, read_head, verify
from workflow.store.outbox import Task
from workflow.store.tables.outbox import outbox
from workflow.store.unit_of_work import Transaction, UnitOfWork
from workflow.usecases import render, visual_copy
from workflow.usecases.actors import actor_of_person
from workflow.usecases.fix import fix
from workflow.usecases.open_case import open_case
from workflow.usecases.prepare import save_facts, start_document, submit
from workflow.usecases.services import Services
from workflow.usecases.sign import sign_with_stored_key

ROUNDS = 50
LEASE = timedelta(seconds=8)  # a loaded machine is slow, not dead
SCHOOLS = ("school-1", "school-2")
ONWARD = "onward"

#: Where the processes of the storm find the files of the world, and when its morning was.
FOLDER, BEGAN = "MARSHRUT_TEST_WORLD", "MARSHRUT_TEST_BEGAN"


@dataclass(frozen=True)
class MorningClock:
    """A clock that runs, from the world's morning on: leases end, but no midnight comes."""

    began: float

    def __call__(self) -> datetime:
        return MORNING + (datetime.now(UTC) - datetime.fromtimestamp(self.began, UTC))


class SlowConverter(FakeConverter):
    """Takes a moment, so that there is something to be killed in."""

    def to_pdf(self, files: Sequence[bytes], profile: PdfProfile) -> list[Pdf | Refusal]:
        time.sleep(random.uniform(0.02, 0.2))
        return super().to_pdf(files, profile)


def document_work(database_url: str) -> tuple[UnitOfWork, Handlers]:
    """The real work on documents; whatever was rendered goes on by itself until it is in force."""
    clock = MorningClock(float(os.environ[BEGAN]))
    services = services_in(Path(os.environ[FOLDER]), clock, database_url)
    services = replace(services, converter=SlowConverter())
    services.packs.newest("tetyushi")  # read once, before the workers are forked
    rendering = make_handlers(services)[render.KIND]
    handlers = {
        render.KIND: replace(rendering, work=_then_onward(rendering), batch=3),
        ONWARD: Handler(one_by_one(lambda task: _onward(services, task)), QueueName.QUICK),
        visual_copy.KIND: Handler(one_by_one(_no_copy), QueueName.SLOW),
    }
    short = {k: replace(h, lease=LEASE, attempts=1000) for k, h in handlers.items()}
    return services.uow, short


def _then_onward(rendering: Handler) -> Any:
    """Rendering whose effect also asks for the document's next step."""

    def work(tasks: Sequence[Task]) -> list[Result]:
        return [
            _and_ask(result, task.payload) if callable(result) else result
            for result, task in zip(rendering.work(tasks), tasks, strict=True)
        ]

    return work


def _and_ask(effect: Effect, payload: Mapping[str, Any]) -> Effect:
    def both(tx: Transaction) -> None:
        effect(tx)
        tx.outbox.add(ONWARD, {"document": payload["document"]})

    return both


def _no_copy(_: Task) -> Effect:
    """The copy for the eye is not what is tried here."""
    return _nothing


def _nothing(_: Transaction) -> None:
    """Whatever had to be written has been committed by the use case."""


def _onward(services: Services, task: Task) -> Effect:
    """What clerk and head would do next; each act is one transaction of its own."""
    with services.uow.reading() as tx:
        document = tx.documents.load(UUID(task.payload["document"]))
        staff = {
            str(m.role): m.person_id for m in tx.mandates.of_organisation(document.organisation_id)
        }
    clerk = actor_of_person(services, staff["clerk"])
    match _state(services, document):
        case DocumentState.DRAFT:
            done(submit(services, clerk, document.id))
            done(fix(services, clerk, document.id, seen=0))
        case DocumentState.AGREED:
            done(fix(services, clerk, document.id, seen=0))
        case DocumentState.TO_SIGN:
            head = actor_of_person(services, staff["head"])
            assert document.manifest is not None
            digest = document.manifest.digest
            done(sign_with_stored_key(services, head, document.id, digest, KEY_PASSWORD))
        case _:
            pass
    return _nothing


def _state(services: Services, document: Document) -> DocumentState:
    regulation = services.packs.get(document.pack, document.pack_version)
    return state_of(document, regulation.document_types[document.type_code])


@dataclass
class School:
    """A school that prepares an order in every second round."""

    world: World
    place: Place
    case: UUID
    orders: list[UUID]

    @classmethod
    def opened(cls, world: World, key: str) -> School:
        place = world.place(key)
        clerk = world.actor(place.holding("clerk").key)
        case = done(open_case(world.services, clerk, place.id, "programme", "2026/2027"))
        return cls(world, place, case.id, [])

    def prepare(self) -> None:
        """Fill in an order that appoints the curator; from here on the workers take it."""
        services = self.world.services
        clerk = self.world.actor(self.place.holding("clerk").key)
        order = done(start_document(services, clerk, self.case, "D06"))
        self.orders.append(order.id)
        other = next(p for p in self.place.people.values() if not p.roles)
        named = {
            "curator": str(self.place.holding("deputy").employment_id),
            "sysadmin": str(other.employment_id),
            "basis": "приказ отдела образования",
        }
        saved = done(save_facts(services, clerk, order.id, {**order.facts, **named}))
        assert saved.problems == ()


def numbers_of(school: School) -> list[str]:
    """Check every order of the school; return the numbers that they bear."""
    services = school.world.services
    numbers = []
    for order in school.orders:
        with services.uow.reading() as tx:
            document = tx.documents.load(order)
            signatures = tx.signatures.of_document(order)
            assert document.fixing is not None
            assert document.fixing.entry_id is not None
            entry = tx.entries.load(document.fixing.entry_id)
        assert _state(services, document) is DocumentState.IN_FORCE
        assert [s.status for s in signatures] == [SignatureStatus.ACCEPTED]
        assert entry.document_id == order
        assert entry.state is EntryState.REGISTERED
        assert entry.number == document.number
        assert document.manifest is not None
        assert all(services.blobs.get(f.pdf) for f in document.manifest.files)
        numbers.append(document.number)
    return numbers


def rows_of(school: School) -> list[str]:
    with school.world.services.uow.reading() as tx:
        register = tx.registers.find(school.place.id, "personnel")
        assert register is not None
        return [e.number for e in tx.entries.of_register(register.id, limit=500).items]


@pytest.mark.timeout(900)
def test_killed_workers_lose_no_document_and_double_no_number(
    database: Database, redis_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    began = time.time()
    monkeypatch.setenv(FOLDER, str(tmp_path))
    monkeypatch.setenv(BEGAN, str(began))
    world = make_world(tmp_path, database.url)
    world.services = services_in(tmp_path, MorningClock(began), database.url)
    schools = [School.opened(world, key) for key in SCHOOLS]
    marks = tmp_path / "marks"
    marks.mkdir()
    work = f"{__name__}:{document_work.__name__}"
    with storm(work, database, redis_url, marks, seed=1577) as blowing:
        blowing.blow(ROUNDS, lambda number: schools[number % len(schools)].prepare())
        blowing.wait_for_calm(400)
        assert blowing.leases_hit > 0, "no kill hit a running lease: the test has shown nothing"
        assert blowing.relays_killed > 0
        assert blowing.flushed > 0

    for school in schools:
        numbers = numbers_of(school)
        assert len(numbers) == ROUNDS // len(schools)
        assert len(set(numbers)) == len(numbers)
        assert sorted(numbers) == sorted(rows_of(school))
    with world.services.uow.reading() as tx:
        failed = sa.select(outbox.c.last_error).where(outbox.c.failed_at.is_not(None))
        assert tx.connection.execute(failed).all() == []
        for school in schools:
            chain = school.place.id
            head, events = read_head(tx.connection, chain), read_events(tx.connection, chain)
            assert isinstance(verify(KEYS.audit, chain, events, head, []), Intact)
    world.services.uow.engine.dispose()
