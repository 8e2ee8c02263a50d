"""The outbox: work that was asked for is done, once, or visibly given up; on both databases."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa

from queues.errors import FinalError
from queues.handlers import Effect, Handler, Handlers, Result, delay_before, one_by_one
from queues.perform import Performer, drain
from tests.conftest import TestClock
from workflow.store.audit import read_events
from workflow.store.errors import LeaseLostError
from workflow.store.outbox import Progress, Task, failed_tasks, oldest_open, progress
from workflow.store.tables.outbox import outbox, still_open
from workflow.store.unit_of_work import Transaction, UnitOfWork

MINUTE = timedelta(minutes=1)
BULK = UUID(int=1)


class Desk:
    """Remembers whose effects were committed: they are rows of the audit trail's chain."""

    def __init__(self, uow: UnitOfWork) -> None:
        self.uow = uow
        self.seen: list[Task] = []

    def work(self, task: Task) -> Effect:
        self.seen.append(task)
        name = task.payload["name"]
        return lambda tx: tx.audit.add(UUID(int=2), f"done.{name}", {})

    @property
    def done(self) -> list[str]:
        with self.uow.reading() as snapshot:
            events = read_events(snapshot.connection, UUID(int=2))
            return [event.kind.removeprefix("done.") for event in events]


@pytest.fixture
def desk(uow: UnitOfWork) -> Desk:
    return Desk(uow)


def ask(uow: UnitOfWork, *names: str, kind: str = "stamp", batch_id: UUID | None = None) -> None:
    with uow() as tx:
        for name in names:
            tx.outbox.add(kind, {"name": name}, batch_id=batch_id)
        tx.commit()


def stamping(desk: Desk) -> Handlers:
    return {"stamp": Handler(one_by_one(desk.work))}


def failing(error: Exception) -> Callable[[Sequence[Task]], Sequence[Result]]:
    def work(tasks: Sequence[Task]) -> Sequence[Result]:
        raise error

    return work


def open_ids(uow: UnitOfWork) -> list[UUID]:
    with uow.reading() as snapshot:
        query = sa.select(outbox.c.id).where(still_open).order_by(outbox.c.id)
        return list(snapshot.connection.execute(query).scalars())


def test_what_was_asked_for_is_done_once(uow: UnitOfWork, desk: Desk) -> None:
    ask(uow, "first", "second")
    performer = Performer(uow, stamping(desk))
    assert drain(performer) == 2
    assert drain(performer) == 0
    assert sorted(desk.done) == ["first", "second"]


def test_what_was_rolled_back_is_never_done(uow: UnitOfWork, desk: Desk) -> None:
    with uow() as tx:
        tx.outbox.add("stamp", {"name": "one"})
    assert drain(Performer(uow, stamping(desk))) == 0
    assert desk.seen == []


def test_work_that_an_effect_asks_for_is_drained_too(uow: UnitOfWork, desk: Desk) -> None:
    def ask_for_more(task: Task) -> Effect:
        def effect(tx: Transaction) -> None:
            tx.outbox.add("stamp", {"name": "follow-up"})

        return effect

    handlers = {"begin": Handler(one_by_one(ask_for_more)), **stamping(desk)}
    ask(uow, "one", kind="begin")
    assert drain(Performer(uow, handlers)) == 2
    assert desk.done == ["follow-up"]


def test_nothing_is_done_before_its_time(uow: UnitOfWork, desk: Desk, clock: TestClock) -> None:
    with uow() as tx:
        tx.outbox.add("stamp", {"name": "later"}, not_before=clock.now + MINUTE)
        tx.commit()
    performer = Performer(uow, stamping(desk))
    assert drain(performer) == 0
    clock.advance(MINUTE)
    assert drain(performer) == 1


def test_a_failure_is_tried_again_with_a_growing_delay_then_given_up(
    uow: UnitOfWork, clock: TestClock
) -> None:
    ask(uow, "one")
    broken = Performer(uow, {"stamp": Handler(failing(OSError("no space")), attempts=3)})
    drain(broken)
    clock.advance(delay_before(1) - timedelta(seconds=1))
    drain(broken)
    assert open_attempts(uow) == [1]
    clock.advance(timedelta(seconds=1))
    drain(broken)
    assert open_attempts(uow) == [2]
    clock.advance(delay_before(2))
    drain(broken)
    with uow.reading() as snapshot:
        (given_up,) = failed_tasks(snapshot.connection)
    assert (given_up.attempts, given_up.last_error) == (3, "OSError: no space")
    assert open_ids(uow) == []


def open_attempts(uow: UnitOfWork) -> list[int]:
    with uow.reading() as snapshot:
        query = sa.select(outbox.c.attempts).where(still_open)
        return list(snapshot.connection.execute(query).scalars())


def test_the_delay_grows_and_is_bounded() -> None:
    delays = [delay_before(attempt) for attempt in range(1, 60)]
    assert delays[:3] == [timedelta(seconds=s) for s in (10, 20, 40)]
    assert delays == sorted(delays)
    assert delays[-1] == timedelta(hours=1)


def test_a_final_failure_is_not_tried_again(uow: UnitOfWork) -> None:
    ask(uow, "one")
    drain(Performer(uow, {"stamp": Handler(failing(FinalError("the template is broken")))}))
    with uow.reading() as snapshot:
        (given_up,) = failed_tasks(snapshot.connection)
    assert (given_up.attempts, given_up.last_error) == (1, "the template is broken")


def test_what_was_given_up_can_be_rung_again(uow: UnitOfWork, desk: Desk) -> None:
    ask(uow, "one")
    drain(Performer(uow, {"stamp": Handler(failing(FinalError("no paper")))}))
    with uow.reading() as snapshot:
        (given_up,) = failed_tasks(snapshot.connection)
    with uow() as tx:
        assert tx.outbox.ring_again(given_up.id)
        tx.commit()
    assert drain(Performer(uow, stamping(desk))) == 1
    with uow() as tx:
        assert not tx.outbox.ring_again(given_up.id)


def test_an_effect_that_fails_leaves_nothing_behind_and_is_tried_again(
    uow: UnitOfWork, desk: Desk, clock: TestClock
) -> None:
    def half(task: Task) -> Effect:
        def effect(tx: Transaction) -> None:
            tx.audit.add(UUID(int=2), "done.half", {})
            tx.audit.anchor(UUID(int=2))
            raise OSError("power")

        return effect

    ask(uow, "whole")
    drain(Performer(uow, {"stamp": Handler(one_by_one(half))}))
    assert desk.done == []
    clock.advance(delay_before(1))
    drain(Performer(uow, stamping(desk)))
    assert desk.done == ["whole"]


def test_a_leased_row_cannot_be_claimed_until_the_lease_ends(
    uow: UnitOfWork, desk: Desk, clock: TestClock
) -> None:
    ask(uow, "one")
    (row,) = open_ids(uow)
    with uow() as tx:
        assert len(tx.outbox.claim(row, MINUTE)) == 1
        tx.commit()
    performer = Performer(uow, stamping(desk))
    assert performer.perform(row) == 0
    clock.advance(MINUTE + timedelta(seconds=1))
    assert performer.perform(row) == 1
    assert desk.seen[0].attempt == 2


def test_who_lost_the_lease_writes_no_effect(uow: UnitOfWork, desk: Desk, clock: TestClock) -> None:
    """A slow worker comes back after another one has taken its row and done it."""
    ask(uow, "one")
    (row,) = open_ids(uow)
    fast = Performer(uow, stamping(desk))

    def slow(task: Task) -> Effect:
        clock.advance(timedelta(hours=1))
        assert fast.perform(row) == 1
        return desk.work(task)

    assert Performer(uow, {"stamp": Handler(one_by_one(slow))}).perform(row) == 0
    assert len(desk.seen) == 2
    assert desk.done == ["one"]


def test_who_lost_the_lease_writes_no_failure_either(
    uow: UnitOfWork, desk: Desk, clock: TestClock
) -> None:
    ask(uow, "one")
    (row,) = open_ids(uow)

    def slow(task: Task) -> Effect:
        clock.advance(timedelta(hours=1))
        Performer(uow, stamping(desk)).perform(row)
        raise FinalError("too late")

    Performer(uow, {"stamp": Handler(one_by_one(slow))}).perform(row)
    assert desk.done == ["one"]
    with uow.reading() as snapshot:
        assert failed_tasks(snapshot.connection) == []


def test_a_finished_claim_cannot_be_finished_twice(uow: UnitOfWork) -> None:
    ask(uow, "one")
    (row,) = open_ids(uow)
    with uow() as tx:
        (task,) = tx.outbox.claim(row, MINUTE)
        tx.outbox.finish(task)
        with pytest.raises(LeaseLostError):
            tx.outbox.finish(task)


def test_a_task_whose_workers_always_die_is_given_up(uow: UnitOfWork, clock: TestClock) -> None:
    ask(uow, "poison")
    (row,) = open_ids(uow)
    for _ in range(3):
        with uow() as tx:
            assert tx.outbox.claim(row, MINUTE)
            tx.commit()
        clock.advance(2 * MINUTE)
    performer = Performer(uow, {"stamp": Handler(failing(AssertionError()), attempts=3)})
    assert performer.perform(row) == 0
    with uow.reading() as snapshot:
        (given_up,) = failed_tasks(snapshot.connection)
    assert "died" in given_up.last_error


def test_a_batch_claims_no_more_than_it_may(uow: UnitOfWork, desk: Desk) -> None:
    sizes: list[int] = []

    def convert(tasks: Sequence[Task]) -> Sequence[Result]:
        sizes.append(len(tasks))
        return [desk.work(task) for task in tasks]

    names = [f"{number:02}" for number in range(60)]
    ask(uow, *names)
    ask(uow, "other", kind="other")
    performer = Performer(uow, {"stamp": Handler(convert, batch=25)})
    assert performer.perform(open_ids(uow)[0]) == 25
    assert drain(performer) == 35
    assert sizes == [25, 25, 10]
    assert sorted(desk.done) == names


def test_one_bad_task_does_not_spoil_its_batch(uow: UnitOfWork, desk: Desk) -> None:
    def convert(tasks: Sequence[Task]) -> Sequence[Result]:
        return [
            FinalError("no PDF") if task.payload["name"] == "bad" else desk.work(task)
            for task in tasks
        ]

    ask(uow, "good", "bad", "better")
    drain(Performer(uow, {"stamp": Handler(convert, batch=25)}))
    assert sorted(desk.done) == ["better", "good"]
    with uow.reading() as snapshot:
        assert [task.last_error for task in failed_tasks(snapshot.connection)] == ["no PDF"]


def test_a_handler_that_forgets_a_result_loses_no_task(uow: UnitOfWork, clock: TestClock) -> None:
    ask(uow, "one", "two")
    drain(Performer(uow, {"stamp": Handler(lambda tasks: [], batch=2)}))
    assert open_attempts(uow) == [1, 1]


def test_the_progress_of_a_bulk_is_a_count(uow: UnitOfWork, desk: Desk) -> None:
    def work(task: Task) -> Effect:
        if task.payload["name"] == "bad":
            raise FinalError("no")
        return desk.work(task)

    ask(uow, "one", "bad", "two", batch_id=BULK)
    ask(uow, "not of the bulk")
    performer = Performer(uow, {"stamp": Handler(one_by_one(work))})
    performer.perform(open_ids(uow)[0])
    with uow.reading() as snapshot:
        assert progress(snapshot.connection, BULK).total == 3
    drain(performer)
    with uow.reading() as snapshot:
        assert progress(snapshot.connection, BULK) == Progress(total=3, done=2, failed=1)
        assert progress(snapshot.connection, UUID(int=9)) == Progress(0, 0, 0)


def test_the_same_key_asks_only_once_even_after_it_was_done(uow: UnitOfWork, desk: Desk) -> None:
    for first in (True, False):
        with uow() as tx:
            assert tx.outbox.add("stamp", {"name": "daily"}, once_key="2025-01-13") is first
            tx.commit()
        drain(Performer(uow, stamping(desk)))
    assert desk.done == ["daily"]


def test_a_kind_that_nobody_handles_waits(uow: UnitOfWork, desk: Desk) -> None:
    ask(uow, "one", kind="of a later version")
    (row,) = open_ids(uow)
    performer = Performer(uow, stamping(desk))
    assert drain(performer) == 0
    assert performer.perform(row) == 0
    assert open_ids(uow) == [row]


def test_an_unknown_row_is_nothing_to_do(uow: UnitOfWork, desk: Desk) -> None:
    assert Performer(uow, stamping(desk)).perform(UUID(int=3)) == 0


def test_health_sees_since_when_work_waits(uow: UnitOfWork, clock: TestClock) -> None:
    with uow.reading() as snapshot:
        assert oldest_open(snapshot.connection) is None
    asked = clock.now
    ask(uow, "one")
    clock.advance(MINUTE)
    ask(uow, "two")
    with uow.reading() as snapshot:
        assert oldest_open(snapshot.connection) == asked
