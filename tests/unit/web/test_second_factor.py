"""Codes of RFC 6238, appendix B (the last six of its eight digits)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from web.second_factor import code_at, matching_step, provisioning_uri

SECRET = b"12345678901234567890"


@pytest.mark.parametrize(
    ("seconds", "code"),
    [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (2000000000, "279037")],
)
def test_code_is_that_of_the_rfc(seconds: int, code: str) -> None:
    at = datetime.fromtimestamp(seconds, UTC)
    assert code_at(SECRET, at) == code
    assert matching_step(SECRET, code, at, None) == seconds // 30


@pytest.mark.parametrize(("off", "accepted"), [(-60, False), (-30, True), (30, True), (60, False)])
def test_clock_of_the_telephone_may_be_off_by_one_step(off: int, accepted: bool) -> None:
    now = datetime(2026, 5, 4, 6, 30, tzinfo=UTC)
    code = code_at(SECRET, now + timedelta(seconds=off))
    assert (matching_step(SECRET, code, now, None) is not None) is accepted


def test_used_step_and_those_before_do_not_count_again() -> None:
    now = datetime(2026, 5, 4, 6, 30, tzinfo=UTC)
    step = matching_step(SECRET, code_at(SECRET, now), now, None)
    assert step is not None
    assert matching_step(SECRET, code_at(SECRET, now), now, step) is None
    later = now + timedelta(seconds=30)
    assert matching_step(SECRET, code_at(SECRET, later), later, step) == step + 1


def test_code_may_be_typed_in_two_groups() -> None:
    at = datetime.fromtimestamp(59, UTC)
    assert matching_step(SECRET, "287 082", at, None) == 1


@pytest.mark.parametrize("code", ["", "28708", "２８７０８２", "287082x"])
def test_anything_else_is_no_code(code: str) -> None:
    assert matching_step(SECRET, code, datetime.fromtimestamp(59, UTC), None) is None


def test_naive_moment_is_refused() -> None:
    with pytest.raises(ValueError, match="naive"):
        code_at(SECRET, datetime(2026, 5, 4))  # noqa: DTZ001 - that is the point


def test_address_for_the_authenticator_names_issuer_and_login() -> None:
    address = provisioning_uri(SECRET, "belova", "Маршрут")
    assert address.startswith("otpauth://totp/")
    assert "secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ" in address
