"""A bound on how often something may be tried."""

from __future__ import annotations

from datetime import timedelta

from tests.unit.web.fakes import MORNING
from web.limits import KEYS_AT_MOST, Limit, network_of

SECOND = timedelta(seconds=1)


def test_each_key_has_its_own_count() -> None:
    limit = Limit(count=2, period=timedelta(minutes=1))
    assert [limit.allow("a", MORNING) for _ in range(3)] == [True, True, False]
    assert limit.allow("b", MORNING)


def test_time_gives_the_tries_back_one_by_one() -> None:
    limit = Limit(count=2, period=timedelta(seconds=10))
    limit.record("a", MORNING)
    limit.record("a", MORNING + 5 * SECOND)
    assert limit.is_reached("a", MORNING + 9 * SECOND)
    assert not limit.is_reached("a", MORNING + 10 * SECOND)
    assert limit.allow("a", MORNING + 10 * SECOND)
    assert not limit.allow("a", MORNING + 11 * SECOND)


def test_success_forgets_the_failures() -> None:
    limit = Limit(count=1, period=timedelta(hours=1))
    limit.record("a", MORNING)
    limit.forget("a")
    assert not limit.is_reached("a", MORNING)


def test_memory_is_bounded_however_many_ask() -> None:
    limit = Limit(count=1, period=timedelta(hours=1))
    for number in range(KEYS_AT_MOST + 10):
        limit.record(str(number), MORNING)
    assert not limit.is_reached("0", MORNING)
    assert limit.is_reached(str(KEYS_AT_MOST + 9), MORNING)


def test_home_with_many_addresses_counts_as_one() -> None:
    assert network_of("2001:db8:1:2::1") == network_of("2001:db8:1:2:ffff::9")
    assert network_of("2001:db8:1:2::1") != network_of("2001:db8:1:3::1")
    assert network_of("192.0.2.1") != network_of("192.0.2.2")
    assert network_of("") == ""
