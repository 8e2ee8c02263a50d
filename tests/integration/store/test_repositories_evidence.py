"""Evidence records on both databases: what is covered, renewed, interrupted."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from tests.factories import MORNING, Town, new_id
from workflow.domain.evidence_records import (
    NightlyRecord,
    Piece,
    PieceRole,
    RecordItem,
    RecordKind,
    RecordState,
)
from workflow.domain.refusals import Refusal
from workflow.store.audit import INSTALLATION
from workflow.store.unit_of_work import UnitOfWork

DAY = timedelta(days=1)
DIGEST = "ab" * 32


def record(organisation: UUID | None, key: str, **changes: object) -> NightlyRecord:
    """A record of this morning whose authority lasts a year."""
    made = NightlyRecord(
        id=new_id(),
        organisation_id=organisation,
        once_key=key,
        kind=RecordKind.NIGHT,
        digest="sha256",
        root=DIGEST,
        token=DIGEST,
        evidence="",
        authority="Служба меток",
        stamped_at=MORNING,
        ends_at=MORNING + 365 * DAY,
    )
    return replace(made, **changes)  # type: ignore[arg-type]  # fields of the record, by name


def head_item(of: NightlyRecord, number: int) -> RecordItem:
    pieces = (Piece(PieceRole.HEAD, DIGEST, DIGEST),)
    return RecordItem(of.id, 0, DIGEST, pieces, head=number)


def add(uow: UnitOfWork, made: NightlyRecord, *items: RecordItem) -> bool:
    with uow() as tx:
        added = tx.evidence_records.add(made, items)
        tx.commit()
    return added


def test_a_record_comes_back_as_it_was(uow: UnitOfWork, town: Town) -> None:
    doubt = Refusal("timestamp.no_list", "No list of {name}.", params={"name": "УЦ", "at": MORNING})
    made = record(town.school.id, "night:1", doubt=doubt, audit_number=7)
    assert add(uow, made, head_item(made, 7))
    with uow.reading() as tx:
        assert tx.evidence_records.load(made.id) == replace(made, version=1)
        assert tx.evidence_records.items(made.id) == [head_item(made, 7)]
        assert tx.evidence_records.audit_items(town.school.id) == [head_item(made, 7)]
        assert tx.evidence_records.audit_number(town.school.id) == 7
        assert tx.evidence_records.item_counts([made.id]) == {made.id: 1}


def test_a_night_has_one_record(uow: UnitOfWork, town: Town) -> None:
    first, second = (record(town.school.id, "night:1") for _ in range(2))
    assert add(uow, first)
    assert not add(uow, second, head_item(second, 1))
    with uow.reading() as tx:
        assert [one.id for one in tx.evidence_records.newest(limit=9).items] == [first.id]


def test_a_chain_that_has_grown_waits_for_a_record(uow: UnitOfWork, town: Town) -> None:
    with uow() as tx:
        tx.audit.add(town.school.id, "document.fixed", {})
        tx.audit.add(INSTALLATION, "anchor.added", {})
        tx.commit()
    with uow.reading() as tx:
        assert {town.school.id, INSTALLATION} <= tx.evidence_records.chains_grown()
    add(uow, record(None, "night:all", audit_number=1000))
    add(uow, record(town.school.id, "night:school", audit_number=1000))
    with uow.reading() as tx:
        assert not {town.school.id, INSTALLATION} & tx.evidence_records.chains_grown()


def test_records_are_looked_after_in_the_order_of_their_ends(uow: UnitOfWork, town: Town) -> None:
    later = record(town.school.id, "1", ends_at=MORNING + 20 * DAY)
    sooner = record(town.school.id, "2", ends_at=MORNING + 10 * DAY)
    weak = record(town.school.id, "3", digest="md5")
    doubted = record(town.school.id, "4", doubt=Refusal("no", "No."))
    good = record(town.school.id, "5")
    renewed = record(town.school.id, "6", ends_at=MORNING, state=RecordState.RENEWED)
    for one in (later, sooner, weak, doubted, good, renewed):
        add(uow, one)
    with uow.reading() as tx:
        found = tx.evidence_records.to_look_after(MORNING + 90 * DAY, ["md5"])
    assert [one.once_key for one in found[:2]] == ["2", "1"]
    assert {one.once_key for one in found[2:]} == {"3", "4"}


def test_what_is_interrupted_takes_along_all_that_it_renewed(uow: UnitOfWork, town: Town) -> None:
    first = record(town.school.id, "1", state=RecordState.RENEWED)
    second = record(town.school.id, "2", state=RecordState.RENEWED)
    third = record(town.school.id, "3")
    add(uow, first, head_item(first, 3))
    add(uow, second, RecordItem(second.id, 0, DIGEST, renews_id=first.id))
    add(uow, third, RecordItem(third.id, 0, DIGEST, renews_id=second.id))
    with uow() as tx:
        assert tx.evidence_records.renewal_of(first.id) is not None
        changed = tx.evidence_records.interrupt(tx.evidence_records.load(third.id))
        assert {one.id for one in changed} == {first.id, second.id, third.id}
        assert tx.evidence_records.in_state(RecordState.INTERRUPTED) == 3
        assert tx.evidence_records.interrupt(tx.evidence_records.load(third.id)) == []
