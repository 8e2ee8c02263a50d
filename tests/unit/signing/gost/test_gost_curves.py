"""The parameter sets are what they must be, and points are added rightly on each."""

from __future__ import annotations

import math
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signing.gost.curves import CURVES, TC26_256_A, TC26_512_C, Curve, curve_by_oid
from signing.gost.errors import UnknownParametersError
from signing.gost.points import has_prime_order, multiply_base, multiply_both
from tests.unit.signing.gost import affine

WITH_COFACTOR = (TC26_256_A, TC26_512_C)
each_curve = pytest.mark.parametrize("curve", CURVES, ids=lambda curve: curve.name)


@each_curve
def test_the_field_and_the_group_are_of_prime_order(curve: Curve) -> None:
    assert _is_prime(curve.p)
    assert _is_prime(curve.q)


@each_curve
def test_the_base_point_has_order_q(curve: Curve) -> None:
    assert curve.holds(curve.x, curve.y)
    assert affine.times(curve, curve.q, (curve.x, curve.y)) is None
    assert multiply_base(curve, curve.q) is None


@each_curve
def test_order_times_cofactor_is_what_hasse_allows(curve: Curve) -> None:
    assert abs(curve.cofactor * curve.q - curve.p - 1) <= 2 * math.isqrt(curve.p)


@each_curve
def test_the_curve_is_smooth_and_resists_the_known_shortcuts(curve: Curve) -> None:
    """RFC 7091, section 5.2."""
    assert (4 * curve.a**3 + 27 * curve.b**2) % curve.p != 0
    assert curve.p != curve.q
    assert all(pow(curve.p, power, curve.q) != 1 for power in range(1, 132))


@pytest.mark.parametrize(
    ("alias", "preferred"),
    [
        ("1.2.643.2.2.36.0", "1.2.643.2.2.35.1"),  # CryptoPro-XchA
        ("1.2.643.7.1.2.1.1.2", "1.2.643.2.2.35.1"),
        ("1.2.643.7.1.2.1.1.3", "1.2.643.2.2.35.2"),
        ("1.2.643.2.2.36.1", "1.2.643.2.2.35.3"),  # CryptoPro-XchB
        ("1.2.643.7.1.2.1.1.4", "1.2.643.2.2.35.3"),
    ],
)
def test_several_identifiers_name_one_curve(alias: str, preferred: str) -> None:
    assert curve_by_oid(alias) is curve_by_oid(preferred)


def test_every_parameter_set_of_the_rfcs_is_known() -> None:
    assert {oid for curve in CURVES for oid in curve.oids} == {
        *(f"1.2.643.2.2.35.{n}" for n in range(4)),
        *(f"1.2.643.2.2.36.{n}" for n in range(2)),
        *(f"1.2.643.7.1.2.1.1.{n}" for n in range(5)),
        *(f"1.2.643.7.1.2.1.2.{n}" for n in range(4)),
    }


def test_an_unknown_identifier_is_refused() -> None:
    with pytest.raises(UnknownParametersError, match=r"1\.2\.840"):
        curve_by_oid("1.2.840.10045.3.1.7")


@given(st.sampled_from(CURVES), st.data())
@settings(max_examples=40)
def test_sums_of_products_are_those_of_the_schoolbook(curve: Curve, data: st.DataObject) -> None:
    scalars = st.integers(0, curve.q - 1) | st.sampled_from([0, 1, 2, curve.q - 1])
    base, scalar = data.draw(scalars), data.draw(scalars)
    point = affine.times(curve, data.draw(st.integers(1, curve.q - 1)), (curve.x, curve.y))
    assert point is not None
    expected = affine.add(
        curve,
        affine.times(curve, base, (curve.x, curve.y)),
        affine.times(curve, scalar, point),
    )
    assert multiply_both(curve, base, scalar, point) == expected


@each_curve
def test_products_that_cancel_out_are_the_point_at_infinity(curve: Curve) -> None:
    point = multiply_base(curve, 5)
    assert point is not None
    assert multiply_both(curve, curve.q - 5, 1, point) is None
    assert multiply_both(curve, 5, 1, point) == multiply_base(curve, 10)


@pytest.mark.parametrize("curve", WITH_COFACTOR, ids=lambda curve: curve.name)
def test_points_outside_the_subgroup_are_known(curve: Curve) -> None:
    base = (curve.x, curve.y)
    orders = set()
    for stranger in [base, *(affine.some_point(curve, x) for x in range(1, 40))]:
        small = affine.times(curve, curve.q, stranger)
        orders.add(_order(curve, small))
        assert has_prime_order(curve, stranger) is (small is None)
        if small is not None:
            assert not has_prime_order(curve, small)
    assert orders == {1, 2, 4}


def _order(curve: Curve, point: affine.Point) -> int:
    return next(n for n in (1, 2, 4) if affine.times(curve, n, point) is None)


def _is_prime(number: int) -> bool:
    """Miller and Rabin's test with 40 bases; the numbers are fixed, so nobody chose them for it."""
    odd, twos = number - 1, 0
    while odd % 2 == 0:
        odd, twos = odd // 2, twos + 1
    chosen = random.Random(number)
    return all(
        _passes(pow(chosen.randrange(2, number - 1), odd, number), number, twos) for _ in range(40)
    )


def _passes(power: int, number: int, twos: int) -> bool:
    if power in (1, number - 1):
        return True
    for _ in range(twos - 1):
        power = power * power % number
        if power == number - 1:
            return True
    return False


@each_curve
def test_scalars_at_the_border_of_their_halves(curve: Curve) -> None:
    """Scalars are taken in two halves: either may be nothing, or all ones."""
    half = (curve.q.bit_length() + 1) // 2
    base, point = (curve.x, curve.y), multiply_base(curve, 3)
    assert point is not None
    for scalar in (0, 1, (1 << half) - 1, 1 << half, (1 << half) + 1, curve.q - 1):
        expected = affine.times(curve, scalar, base)
        assert multiply_base(curve, scalar) == expected
        assert multiply_both(curve, scalar, 0, point) == expected
        tripled = affine.times(curve, scalar, point)
        assert multiply_both(curve, 0, scalar, point) == tripled
        assert multiply_both(curve, scalar, scalar, point) == affine.add(curve, expected, tripled)
