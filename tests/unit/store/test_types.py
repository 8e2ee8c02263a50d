"""One value has one canonical text; ids follow time."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.store.errors import NotCanonicalError
from workflow.store.ids import uuid7_ids
from workflow.store.types import canonical_json, folded

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner) | st.dictionaries(st.text("абвxyz"), inner),
    max_leaves=20,
)


def test_keys_are_sorted_and_cyrillic_stays_readable() -> None:
    assert canonical_json({"б": (1, True), "а": None}) == '{"а":null,"б":[1,true]}'


@given(st.dictionaries(st.text("абвxyz"), json_values, min_size=2))
def test_the_order_of_keys_does_not_matter(value: dict[str, object]) -> None:
    assert canonical_json(dict(reversed(value.items()))) == canonical_json(value)


@pytest.mark.parametrize(
    "value",
    [1.5, {"a": 1.0}, {1: "a"}, [b"bytes"], {"a": {datetime.now(UTC)}}, uuid.UUID(int=1), "\ud800"],
)
def test_what_has_no_single_text_is_refused(value: object) -> None:
    with pytest.raises(NotCanonicalError):
        canonical_json(value)


def test_the_refusal_names_the_place() -> None:
    with pytest.raises(NotCanonicalError, match=r"\$\.pairs\[1\]\.hours"):
        canonical_json({"pairs": [{}, {"hours": 0.5}]})


@pytest.mark.parametrize("found", ["Алёна", "АЛЕНА", " алена"])
def test_a_search_knows_neither_case_nor_yo(found: str) -> None:
    assert folded(found) == "алена"


def test_a_later_id_is_greater() -> None:
    now = datetime(2025, 1, 13, 6, tzinfo=UTC)
    moments = iter(now + timedelta(microseconds=step * 7) for step in range(500))
    new_id = uuid7_ids(lambda: next(moments))
    ids = [new_id() for _ in range(500)]
    assert ids == sorted(ids)


def test_an_id_is_a_uuid_of_version_7_with_its_milliseconds() -> None:
    now = datetime(2025, 1, 13, 6, 0, 0, 123_000, tzinfo=UTC)
    made = uuid7_ids(lambda: now)()
    assert made.version == 7
    assert made.variant == uuid.RFC_4122
    assert made.int >> 80 == int(now.timestamp() * 1000)


def test_ids_of_one_moment_differ_and_keep_their_order() -> None:
    now = datetime(2025, 1, 13, tzinfo=UTC)
    new_id = uuid7_ids(lambda: now)
    ids = [new_id() for _ in range(1000)]
    assert len(set(ids)) == 1000
    assert ids == sorted(ids)


def test_ids_of_one_moment_keep_their_order_whichever_thread_makes_them() -> None:
    """Requests of one test are answered by threads of their own."""
    now = datetime(2025, 1, 13, tzinfo=UTC)
    new_id = uuid7_ids(lambda: now)
    ids = []
    for _ in range(50):
        with ThreadPoolExecutor(1) as thread:
            ids += [thread.submit(new_id).result(), new_id()]
    assert ids == sorted(ids)


def test_ids_that_threads_make_at_once_differ() -> None:
    now = datetime(2025, 1, 13, tzinfo=UTC)
    new_id = uuid7_ids(lambda: now)
    with ThreadPoolExecutor(4) as threads:
        ids = list(threads.map(lambda _: new_id(), range(2000)))
    assert len(set(ids)) == 2000
