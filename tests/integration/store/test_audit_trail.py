"""The audit trail is written with what it tells about, on both databases."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from tests.conftest import AUDIT_KEY, TestClock
from workflow.store.audit import (
    AuditBodyError,
    Broken,
    Intact,
    read_chains,
    read_events,
    read_head,
    verify,
)
from workflow.store.tables.audit import audit_events, audit_heads
from workflow.store.unit_of_work import UnitOfWork

SCHOOL, OFFICE = UUID(int=5), UUID(int=6)


def tell(uow: UnitOfWork, chain: UUID, *kinds: str) -> None:
    with uow() as tx:
        for kind in kinds:
            tx.audit.add(chain, kind, {"document": str(UUID(int=9)), "files": ["0" * 64]})
        tx.commit()


def checked(uow: UnitOfWork, chain: UUID) -> Intact | Broken:
    with uow.reading() as snapshot:
        connection = snapshot.connection
        return verify(
            AUDIT_KEY, chain, read_events(connection, chain), read_head(connection, chain)
        )


def test_each_organisation_has_a_chain_of_its_own(uow: UnitOfWork) -> None:
    tell(uow, SCHOOL, "document.fixed", "document.signed")
    tell(uow, OFFICE, "submission.accepted")
    tell(uow, SCHOOL, "document.sent")
    with uow.reading() as snapshot:
        assert read_chains(snapshot.connection) == [SCHOOL, OFFICE]
        numbers = [event.number for event in read_events(snapshot.connection, SCHOOL)]
    assert numbers == [1, 2, 3]
    assert isinstance(checked(uow, SCHOOL), Intact)
    assert isinstance(checked(uow, OFFICE), Intact)


def test_one_transaction_may_write_into_two_chains(uow: UnitOfWork) -> None:
    with uow() as tx:
        tx.audit.add(OFFICE, "submission.received", {})
        tx.audit.add(SCHOOL, "submission.sent", {})
        tx.audit.add(OFFICE, "receipt.issued", {})
        tx.commit()
    with uow.reading() as snapshot:
        kinds = [event.kind for event in read_events(snapshot.connection, OFFICE)]
    assert kinds == ["submission.received", "receipt.issued"]
    assert isinstance(checked(uow, OFFICE), Intact)


def test_what_is_rolled_back_leaves_no_event(uow: UnitOfWork) -> None:
    with uow() as tx:
        tx.audit.add(SCHOOL, "document.fixed", {})
    assert checked(uow, SCHOOL) == Intact(SCHOOL, None)


def test_an_event_keeps_the_moment_at_which_it_was_told(uow: UnitOfWork, clock: TestClock) -> None:
    with uow() as tx:
        tx.audit.add(SCHOOL, "document.fixed", {})
        told = clock.now
        clock.advance(timedelta(seconds=5))
        tx.commit()
    with uow.reading() as snapshot:
        (event,) = read_events(snapshot.connection, SCHOOL)
    assert event.happened_at == told


def test_a_receipt_can_carry_the_head_that_includes_its_own_events(uow: UnitOfWork) -> None:
    tell(uow, SCHOOL, "document.fixed")
    with uow() as tx:
        tx.audit.add(SCHOOL, "document.sent", {})
        head = tx.audit.anchor(SCHOOL)
        tx.commit()
    assert head is not None
    assert head.number == 2
    assert checked(uow, SCHOOL) == Intact(SCHOOL, head)


def test_the_head_of_an_untold_chain_is_none(uow: UnitOfWork) -> None:
    with uow() as tx:
        assert tx.audit.anchor(SCHOOL) is None
        tx.commit()
    assert checked(uow, SCHOOL) == Intact(SCHOOL, None)


def test_a_changed_row_breaks_the_chain(uow: UnitOfWork) -> None:
    tell(uow, SCHOOL, "document.fixed", "document.signed")
    with uow() as tx:
        tx.connection.execute(
            sa.update(audit_events).where(audit_events.c.number == 1).values(body={})
        )
        tx.commit()
    assert checked(uow, SCHOOL) == Broken(SCHOOL, 1, "mac")


def test_a_chain_whose_head_was_deleted_is_still_looked_at(uow: UnitOfWork) -> None:
    tell(uow, SCHOOL, "document.fixed")
    with uow() as tx:
        tx.connection.execute(sa.delete(audit_heads))
        tx.commit()
    with uow.reading() as snapshot:
        assert read_chains(snapshot.connection) == [SCHOOL]
    assert checked(uow, SCHOOL) == Broken(SCHOOL, 1, "head")


@pytest.mark.parametrize(
    "body",
    [
        {"person": "Белова Яна Николаевна"},
        {"person": "Petrov Ivan"},
        {"remark": {"text": "нет подписи"}},
        {"names": ["Белова"]},
        {"имя": 1},
        {"amount": 1.5},
        {"at": UUID(int=1)},
        {"long": "a" * 129},
    ],
)
def test_a_body_holds_ids_and_hashes_only(uow: UnitOfWork, body: dict[str, Any]) -> None:
    with uow() as tx, pytest.raises(AuditBodyError):
        tx.audit.add(SCHOOL, "document.fixed", body)
