"""Whoever changes the audit trail without the key is found out."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from workflow.store.audit import (
    AuditEvent,
    Broken,
    ChainHead,
    ChainHeadError,
    Intact,
    mac_of,
    verify,
)

KEY = bytes(range(32))
SCHOOL = UUID(int=5)


def chain_of(count: int, key: bytes = KEY, chain: UUID = SCHOOL) -> list[AuditEvent]:
    events: list[AuditEvent] = []
    for number in range(1, count + 1):
        event = AuditEvent(
            chain=chain,
            number=number,
            happened_at=datetime(2025, 1, 13, 6, tzinfo=UTC) + timedelta(hours=number),
            kind="document.fixed",
            body={"document": f"{number:064x}"},
            mac="",
        )
        events.append(replace(event, mac=mac_of(key, event, events[-1].mac if events else "")))
    return events


def head_of(events: Sequence[AuditEvent]) -> ChainHead:
    return ChainHead(events[-1].chain, events[-1].number, events[-1].mac)


def test_an_untouched_chain_is_intact() -> None:
    events = chain_of(5)
    assert verify(KEY, SCHOOL, events, head_of(events)) == Intact(SCHOOL, head_of(events))


def test_a_chain_without_events_is_intact() -> None:
    assert verify(KEY, SCHOOL, [], None) == Intact(SCHOOL, None)


def test_an_untouched_chain_agrees_with_every_head_it_ever_had() -> None:
    events = chain_of(5)
    anchors = [head_of(events[:count]) for count in range(1, 6)]
    assert isinstance(verify(KEY, SCHOOL, events, head_of(events), anchors), Intact)


@pytest.mark.parametrize(
    "change",
    [
        {"body": {"document": "0" * 64}},
        {"body": {}},
        {"kind": "document.signed"},
        {"happened_at": datetime(2024, 1, 1, tzinfo=UTC)},
        {"mac": "0" * 64},
    ],
)
def test_a_changed_event_breaks_the_chain_there(change: dict[str, Any]) -> None:
    events = chain_of(5)
    events[2] = replace(events[2], **change)
    assert verify(KEY, SCHOOL, events, head_of(events)) == Broken(SCHOOL, 3, "mac")


def test_a_removed_event_leaves_a_gap() -> None:
    events = chain_of(5)
    assert verify(KEY, SCHOOL, events[:2] + events[3:], head_of(events)) == Broken(SCHOOL, 3, "gap")


def test_a_removed_event_cannot_be_hidden_by_renumbering() -> None:
    events = chain_of(5)
    events[2:] = [replace(event, number=event.number - 1) for event in events[3:]]
    assert verify(KEY, SCHOOL, events, head_of(events)) == Broken(SCHOOL, 3, "mac")


def test_events_that_changed_places_are_noticed() -> None:
    events = chain_of(5)
    events[1], events[2] = replace(events[2], number=2), replace(events[1], number=3)
    assert verify(KEY, SCHOOL, events, head_of(events)) == Broken(SCHOOL, 2, "mac")


def test_a_cut_tail_shows_against_the_head() -> None:
    events = chain_of(5)
    assert verify(KEY, SCHOOL, events[:3], head_of(events)) == Broken(SCHOOL, 3, "head")


def test_a_cut_tail_with_its_head_set_back_shows_against_an_anchor_alone() -> None:
    events = chain_of(5)
    cut = events[:3]
    assert isinstance(verify(KEY, SCHOOL, cut, head_of(cut)), Intact)
    broken = verify(KEY, SCHOOL, cut, head_of(cut), [head_of(events)])
    assert broken == Broken(SCHOOL, 4, "cut")


def test_a_chain_rewritten_without_the_key_is_noticed() -> None:
    forged = chain_of(5, key=bytes(32))
    assert verify(KEY, SCHOOL, forged, head_of(forged)) == Broken(SCHOOL, 1, "mac")


def test_a_chain_rewritten_with_plain_hashes_is_noticed() -> None:
    events = chain_of(3)
    plain = hashlib.sha256(b"anything").hexdigest()
    events[0] = replace(events[0], body={"document": "1"}, mac=plain)
    assert verify(KEY, SCHOOL, events, head_of(events)) == Broken(SCHOOL, 1, "mac")


def test_a_tail_that_was_cut_and_grew_again_shows_against_an_anchor() -> None:
    """Even the program itself, with the key, cannot replace what an anchor knows."""
    before = chain_of(5)
    regrown = before[:3]
    for number in (4, 5):
        event = replace(before[number - 1], kind="document.cancelled", mac="")
        regrown.append(replace(event, mac=mac_of(KEY, event, regrown[-1].mac)))
    broken = verify(KEY, SCHOOL, regrown, head_of(regrown), [head_of(before)])
    assert broken == Broken(SCHOOL, 5, "anchor")


def test_an_emptied_chain_shows_against_an_anchor() -> None:
    assert verify(KEY, SCHOOL, [], None, [head_of(chain_of(2))]) == Broken(SCHOOL, 1, "cut")


def test_a_removed_head_is_noticed() -> None:
    assert verify(KEY, SCHOOL, chain_of(2), None) == Broken(SCHOOL, 2, "head")


def test_an_event_of_another_chain_cannot_be_moved_here() -> None:
    foreign = chain_of(2, chain=UUID(int=6))
    assert verify(KEY, SCHOOL, foreign, head_of(foreign)) == Broken(SCHOOL, 1, "gap")
    moved = [replace(event, chain=SCHOOL) for event in foreign]
    assert verify(KEY, SCHOOL, moved, head_of(moved)) == Broken(SCHOOL, 1, "mac")


def test_an_anchor_of_another_chain_says_nothing() -> None:
    events = chain_of(2)
    other = head_of(chain_of(9, chain=UUID(int=6)))
    assert isinstance(verify(KEY, SCHOOL, events, head_of(events), [other]), Intact)


def test_a_head_is_written_and_read_as_text() -> None:
    head = head_of(chain_of(3))
    assert ChainHead.parse(f" {head}\n") == head


@pytest.mark.parametrize("text", ["", "5", f"{SCHOOL}:0:{'0' * 64}", f"{SCHOOL}:1:xyz", "-" * 36])
def test_what_is_no_head_is_refused(text: str) -> None:
    with pytest.raises(ChainHeadError):
        ChainHead.parse(text)


def test_a_head_whose_chain_is_no_id_is_refused() -> None:
    with pytest.raises(ChainHeadError):
        ChainHead.parse(f"{'-' * 36}:1:{'0' * 64}")
