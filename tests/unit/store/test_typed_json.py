"""Facts keep their Python values through canonical JSON text."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from types import MappingProxyType
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.dialects import sqlite

from workflow.domain.refusals import Refusal
from workflow.store.errors import NaiveTimeError, NotCanonicalError
from workflow.store.tables.typed_json import RefusalJson, TypedJson

DIALECT = sqlite.dialect()
TEXT = st.text(st.characters(exclude_categories=["Cs"]))
FACTS = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | TEXT
    | st.dates()
    | st.uuids()
    | st.datetimes(timezones=st.just(UTC)),
    lambda inner: (
        st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(TEXT | st.sampled_from(["$date", "$id", "$", "$$at"]), inner, max_size=4)
    ),
    max_leaves=12,
)


def text_of(value: object) -> str | None:
    return TypedJson().process_bind_param(value, DIALECT)


def kept(value: object) -> object:
    return TypedJson().process_result_value(text_of(value), DIALECT)


@given(FACTS)
def test_facts_come_back_as_the_same_values_of_the_same_types(facts: object) -> None:
    assert shape(kept(facts)) == shape(facts)


def shape(value: object) -> object:
    """The value with the types of everything in it: `True == 1` must not pass."""
    if isinstance(value, tuple):
        return (tuple, [shape(item) for item in value])
    if isinstance(value, dict):
        return (dict, {key: shape(item) for key, item in value.items()})
    return (type(value), value)


def test_dates_ids_and_tuples_are_written_so_that_a_person_can_read_them() -> None:
    facts = {"от": date(2025, 1, 30), "кто": (UUID(int=7),), "лет": 3, "да": True}
    assert text_of(facts) == (
        '{"да":true,"кто":[{"$id":"00000000-0000-0000-0000-000000000007"}],'
        '"лет":3,"от":{"$date":"2025-01-30"}}'
    )


def test_a_list_comes_back_as_a_tuple_and_any_mapping_as_a_dict() -> None:
    assert kept(MappingProxyType({"строки": [{"n": 1}]})) == {"строки": ({"n": 1},)}


def test_a_key_that_looks_like_a_tag_stays_a_key() -> None:
    assert kept({"$date": "2025-01-30"}) == {"$date": "2025-01-30"}


def test_a_moment_comes_back_in_utc() -> None:
    moscow = datetime(2025, 1, 13, 9, tzinfo=timezone(timedelta(hours=3)))
    found = kept(moscow)
    assert isinstance(found, datetime)
    assert (found, found.utcoffset()) == (moscow, timedelta(0))


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(NaiveTimeError):
        text_of({"at": datetime(2025, 1, 13, 9)})  # noqa: DTZ001 - naive on purpose


@pytest.mark.parametrize("value", [1.5, b"bytes", {1, 2}, {1: "a key that is no text"}, "\ud800"])
def test_what_has_no_single_text_is_refused(value: object) -> None:
    with pytest.raises(NotCanonicalError):
        text_of({"field": value})


def test_a_refusal_comes_back_with_what_it_was_about() -> None:
    refusal = Refusal(
        "signing.expired",
        "The certificate has expired on {date}.",
        "Choose another one.",
        {"date": datetime(2025, 1, 13, tzinfo=UTC), "day": date(2025, 1, 13)},
        "63-ФЗ, ст. 14",
    )
    stored = RefusalJson().process_bind_param(refusal, DIALECT)
    assert RefusalJson().process_result_value(stored, DIALECT) == refusal


def test_no_refusal_is_kept_as_nothing() -> None:
    assert RefusalJson().process_bind_param(None, DIALECT) is None
    assert RefusalJson().process_result_value(None, DIALECT) is None
