"""Codes of RFC 6238, appendix B (the last six of its eight digits)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from web.second_factor import Authenticator, code_at, provisioning_uri

SECRET = b"12345678901234567890"
STEP_OF = Authenticator().step_of


@pytest.mark.parametrize(
    ("seconds", "code"),
    [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (2000000000, "279037")],
)
def test_code_is_that_of_the_rfc(seconds: int, code: str) -> None:
    at = datetime.fromtimestamp(seconds, UTC)
    assert code_at(SECRET, at) == code
    assert STEP_OF(SECRET, code, at) == seconds // 30


@pytest.mark.parametrize(("off", "accepted"), [(-60, False), (-30, True), (30, True), (60, False)])
def test_clock_of_the_telephone_may_be_off_by_one_step(off: int, accepted: bool) -> None:
    now = datetime(2026, 5, 4, 6, 30, tzinfo=UTC)
    code = code_at(SECRET, now + timedelta(seconds=off))
    assert (STEP_OF(SECRET, code, now) is not None) is accepted


def test_each_half_minute_has_its_own_step() -> None:
    now = datetime(2026, 5, 4, 6, 30, tzinfo=UTC)
    step = STEP_OF(SECRET, code_at(SECRET, now), now)
    assert step is not None
    assert STEP_OF(SECRET, code_at(SECRET, now), now + timedelta(seconds=29)) == step
    later = now + timedelta(seconds=30)
    assert STEP_OF(SECRET, code_at(SECRET, later), later) == step + 1


def test_new_secrets_differ_and_are_as_long_as_the_digest() -> None:
    made = {Authenticator().new_secret() for _ in range(20)}
    assert len(made) == 20
    assert {len(secret) for secret in made} == {20}


def test_code_may_be_typed_in_two_groups() -> None:
    at = datetime.fromtimestamp(59, UTC)
    assert STEP_OF(SECRET, "287 082", at) == 1


@pytest.mark.parametrize("code", ["", "28708", "２８７０８２", "287082x"])
def test_anything_else_is_no_code(code: str) -> None:
    assert STEP_OF(SECRET, code, datetime.fromtimestamp(59, UTC)) is None


def test_naive_moment_is_refused() -> None:
    with pytest.raises(ValueError, match="naive"):
        code_at(SECRET, datetime(2026, 5, 4))  # noqa: DTZ001 - that is the point


def test_address_for_the_authenticator_names_issuer_and_login() -> None:
    address = provisioning_uri(SECRET, "belova", "Маршрут")
    assert address.startswith("otpauth://totp/")
    assert "secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ" in address
