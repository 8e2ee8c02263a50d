"""Failed sign-ins lock a login or an address, longer each time, in bounded memory."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from marshrut.engines.throttle import FailureWindow, network_of

NOW = datetime(2026, 5, 4, 6, 30, tzinfo=UTC)


def failing(window: FailureWindow, key: str, times: int) -> None:
    for _ in range(times):
        window.record(key, NOW)


def test_first_failures_cost_nothing() -> None:
    window = FailureWindow(free=5)
    failing(window, "belova", 5)
    assert window.locked_until("belova", NOW) is None


def test_each_further_failure_locks_twice_as_long_up_to_an_hour() -> None:
    window = FailureWindow(free=1)
    window.record("belova", NOW)
    locks = []
    for _ in range(9):
        window.record("belova", NOW)
        until = window.locked_until("belova", NOW)
        assert until is not None
        locks.append(int((until - NOW).total_seconds()))
    assert locks == [30, 60, 120, 240, 480, 960, 1920, 3600, 3600]


def test_lock_ends_at_its_moment() -> None:
    window = FailureWindow(free=0)
    window.record("belova", NOW)
    assert window.locked_until("belova", NOW + timedelta(seconds=29)) is not None
    assert window.locked_until("belova", NOW + timedelta(seconds=30)) is None


def test_failures_of_one_do_not_lock_another() -> None:
    window = FailureWindow(free=0)
    window.record("belova", NOW)
    assert window.locked_until("zaitseva", NOW) is None


def test_failures_are_forgotten_after_an_hour_and_on_request() -> None:
    window = FailureWindow(free=1)
    window.record("belova", NOW)
    window.record("belova", NOW + timedelta(hours=1))
    assert window.locked_until("belova", NOW + timedelta(hours=1)) is None
    window.forget("belova")
    window.record("belova", NOW + timedelta(hours=1))
    assert window.locked_until("belova", NOW + timedelta(hours=1)) is None


def test_full_window_locks_newcomers_instead_of_letting_them_in() -> None:
    window = FailureWindow(free=1, most_keys=3)
    for key in "abc":
        window.record(key, NOW)
    failing(window, "newcomer", 2)
    assert window.locked_until("newcomer", NOW) is not None
    assert window.locked_until("another newcomer", NOW) is not None
    assert window.locked_until("a", NOW) is None


def test_full_window_takes_newcomers_again_when_old_failures_are_forgotten() -> None:
    window = FailureWindow(free=1, most_keys=3)
    for key in "abc":
        window.record(key, NOW)
    failing(window, "newcomer", 2)
    assert window.locked_until("newcomer", NOW + timedelta(hours=2)) is None


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("", "unknown"),
    ],
)
def test_address_is_counted_with_its_whole_network(address: str, counted: str) -> None:
    assert network_of(address) == counted
