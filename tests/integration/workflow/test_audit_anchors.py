"""A trail that was written anew, with the database and its key: timestamps show it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from marshrut.cli.audit import trail_lines
from tests.integration.workflow import acts
from tests.integration.workflow.acts import Story
from tests.integration.workflow.test_evidence_records import (
    YEAR,
    Stamping,
    later,
    school,
    signed,
    stamping,
)
from tests.integration.workflow.test_looks_again import tick
from tests.world import World
from workflow.domain.refusals import Refusal
from workflow.evidence_records import RecordFacts
from workflow.store.audit import (
    Broken,
    ChainHead,
    Intact,
    mac_of,
    read_events,
    read_head,
    verify,
)
from workflow.store.tables.audit import audit_events, audit_heads
from workflow.store.tables.evidence_records import evidence_items, evidence_records
from workflow.usecases.audit_anchors import StoredAnchors, anchors_of, proven


@pytest.fixture
def stamped(story: Story, tmp_path: Path) -> World:
    """School 1 with a signed order and a night's record over it and its trail."""
    world = story.world
    authority: Stamping = stamping(world, tmp_path / "world", YEAR)
    world.services = replace(world.services, timestamps=authority)
    signed(world, story)
    tick(world)
    return world


def write_anew(world: World) -> None:
    """Somebody with database and key takes an event out and makes the chain consistent again."""
    services, chain = world.services, school(world)
    with services.uow.engine.begin() as connection:
        events = list(read_events(connection, chain))
        gone = next(event for event in events if event.kind.startswith("document"))
        connection.execute(sa.delete(audit_events).where(audit_events.c.chain == chain))
        mac = ""
        left = [event for event in events if event is not gone]
        for number, event in enumerate(left, 1):
            forged = replace(event, number=number)
            mac = mac_of(services.uow.audit_key, forged, mac)
            row = {**vars(forged), "mac": mac}
            connection.execute(sa.insert(audit_events).values(row))
        connection.execute(
            sa.update(audit_heads)
            .where(audit_heads.c.chain == chain)
            .values(number=len(left), mac=mac)
        )


def checked(world: World, anchors: Sequence[ChainHead] = ()) -> Intact | Broken:
    chain = school(world)
    with world.services.uow.reading() as tx:
        events, head = read_events(tx.connection, chain), read_head(tx.connection, chain)
        return verify(world.services.uow.audit_key, chain, events, head, anchors)


def heads(stored: StoredAnchors) -> list[ChainHead]:
    return [one.head for one in stored.found]


def test_a_chain_written_anew_passes_without_an_anchor_and_shows_with_it(stamped: World) -> None:
    stored = anchors_of(stamped.services, school(stamped))
    assert isinstance(checked(stamped, heads(stored)), Intact)
    write_anew(stamped)
    assert isinstance(checked(stamped), Intact)
    broken = checked(stamped, heads(stored))
    assert isinstance(broken, Broken)
    assert broken.why in ("anchor", "cut")
    told = stored.telling_of(broken.at)
    assert told is not None
    assert isinstance(proven(stamped.services, told), RecordFacts)


def test_a_later_anchor_of_the_forger_does_not_hide_the_earlier(
    stamped: World, story: Story
) -> None:
    write_anew(stamped)
    later(stamped, timedelta(days=1))
    acts.appointment(stamped, story.case)
    tick(stamped)
    stored = anchors_of(stamped.services, school(stamped))
    assert len(stored.found) == 2
    assert isinstance(checked(stamped, heads(stored)), Broken)


def test_anchors_written_anew_with_the_chain_are_not_those_under_their_timestamps(
    stamped: World, story: Story
) -> None:
    write_anew(stamped)
    chain, services = school(stamped), stamped.services
    (old,) = anchors_of(services, chain).found
    with services.uow.reading() as tx:
        events = list(read_events(tx.connection, chain))
    last = events[-1]
    forged = services.blobs.put(str(ChainHead(chain, last.number, last.mac)).encode())
    with services.uow.engine.begin() as connection:
        connection.execute(
            sa.update(evidence_items)
            .where(evidence_items.c.record_id == old.item.record_id, evidence_items.c.head > 0)
            .values(pieces=[["head", forged, forged]], head=last.number)
        )
        connection.execute(
            sa.update(evidence_records)
            .where(evidence_records.c.id == old.item.record_id)
            .values(audit_number=last.number)
        )
    later(stamped, timedelta(days=1))
    acts.appointment(stamped, story.case)
    tick(stamped)
    stored = anchors_of(services, chain)
    assert len(stored.found) == 2
    assert isinstance(checked(stamped, heads(stored)), Intact)
    assert isinstance(proven(services, stored.found[0]), RecordFacts)
    lines, holds = trail_lines(services, ())
    assert not holds
    assert any("не подтверждены своей меткой" in line for line in lines)


def test_a_chain_whose_anchors_were_all_taken_away_says_how_late_its_timestamp_is(
    stamped: World, story: Story
) -> None:
    lines, _ = trail_lines(stamped.services, ())
    assert not any("только с" in line for line in lines)
    write_anew(stamped)
    with stamped.services.uow.engine.begin() as connection:
        connection.execute(sa.delete(evidence_items))
        connection.execute(sa.delete(evidence_records))
    later(stamped, timedelta(days=30))
    acts.appointment(stamped, story.case)
    tick(stamped)
    stored = anchors_of(stamped.services, school(stamped))
    assert isinstance(checked(stamped, heads(stored)), Intact)
    lines, holds = trail_lines(stamped.services, ())
    assert holds
    (late,) = [line for line in lines if "только с" in line and str(school(stamped)) in line]
    assert "события № 1–" in late


def test_an_anchor_with_another_text_is_lost_and_one_without_its_token_unproven(
    stamped: World,
) -> None:
    chain = school(stamped)
    (anchor,) = anchors_of(stamped.services, chain).found
    forged = ChainHead(chain, anchor.head.number, "0" * 64)
    assert isinstance(proven(stamped.services, replace(anchor, head=forged)), Refusal)
    item = anchor.item
    other = stamped.services.blobs.put(b"no head")
    with stamped.services.uow.engine.begin() as connection:
        connection.execute(
            sa.update(evidence_items)
            .where(evidence_items.c.record_id == item.record_id, evidence_items.c.head > 0)
            .values(pieces=[["head", other, other]])
        )
    stored = anchors_of(stamped.services, chain)
    assert (stored.found, stored.lost) == ((), 1)


def test_two_anchors_of_one_number_contradict_each_other(stamped: World) -> None:
    with stamped.services.uow.reading() as tx:
        head = read_head(tx.connection, school(stamped))
    assert head is not None
    other = replace(head, mac="0" * 64)
    for given in ([head, other], [other, head]):
        assert isinstance(checked(stamped, given), Broken)


def test_the_command_uses_the_stored_anchors_and_says_what_they_prove(stamped: World) -> None:
    lines, holds = trail_lines(stamped.services, ())
    assert holds
    assert any("заверена меткой времени" in line for line in lines)
    write_anew(stamped)
    lines, holds = trail_lines(stamped.services, ())
    assert not holds
    assert any("НАРУШЕНА" in line for line in lines)


def test_the_command_says_when_no_timestamp_stands_over_a_chain(story: Story) -> None:
    lines, holds = trail_lines(story.world.services, ())
    assert holds
    assert any("метки времени над этими событиями нет" in line for line in lines)
