"""Adding points on a curve, in plain integers; written for verifying.

Points are in Jacobian coordinates, (X, Y, Z) for x = X/Z², y = Y/Z³; None is the point at
infinity. Times depend on the numbers: nothing here hides a private key from who can measure.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from signing.gost.curves import Curve

Affine = tuple[int, int]
Jacobian = tuple[int, int, int]
Halves = tuple[tuple[Affine, ...], tuple[Affine, ...]]
"""Multiples for the lower half of a scalar, and for the upper one."""

_BASE_WIDTH = 7
_POINT_WIDTH = 5


def has_prime_order(curve: Curve, point: Affine) -> bool:
    """Whether a point of the curve lies in the subgroup that the base point generates.

    Curves with a cofactor have other points too, of which an attacker may choose one.
    """
    if curve.cofactor == 1:
        return True
    group = _group(curve)
    if group.vanishes(point, curve.cofactor):
        return False
    multiples = group.odd_multiples(point, _POINT_WIDTH)
    return group.sum_of_products([(curve.q, multiples)]) is None


def multiply_base(curve: Curve, scalar: int) -> Affine | None:
    """Return scalar · P for the base point P; the scalar is not negative."""
    group = _group(curve)
    return group.sum_of_products(group.halves(scalar, group.base_halves))


def multiply_both(curve: Curve, base: int, scalar: int, point: Affine) -> Affine | None:
    """Return base · P + scalar · point, with the doublings done once for both.

    `point` is of the prime order. Both scalars are taken in two halves, which halves the
    doublings; what that needs of the point is kept, because authorities sign much.
    """
    group, tables = _group(curve), _point_halves(curve, point)
    products = [*group.halves(base, group.base_halves), *group.halves(scalar, tables)]
    return group.sum_of_products(products)


@lru_cache(maxsize=16)
def _group(curve: Curve) -> _Group:
    return _Group(curve)


@lru_cache(maxsize=256)
def _point_halves(curve: Curve, point: Affine) -> Halves:
    return _group(curve).tables_of_halves(point, _POINT_WIDTH)


class _Group:
    """The points of one curve, with the multiples of its base point that windows need."""

    def __init__(self, curve: Curve) -> None:
        self._p = curve.p
        self._a = curve.a
        self._a_is_minus_3 = curve.a == curve.p - 3
        self._short = _reduction(curve.p)
        self._half = (curve.q.bit_length() + 1) // 2
        self.base_halves = self.tables_of_halves((curve.x, curve.y), _BASE_WIDTH)

    def sum_of_products(self, products: list[tuple[int, tuple[Affine, ...]]]) -> Affine | None:
        """Add scalar · point over `products`: scalars, each with 1, 3, 5 … times its point."""
        digits = [_odd_digits(scalar, len(table).bit_length() + 1) for scalar, table in products]
        total: Jacobian | None = None
        for position in range(max(map(len, digits)) - 1, -1, -1):
            total = self._doubled(total)
            for row, (_, table) in zip(digits, products, strict=True):
                digit = row[position] if position < len(row) else 0
                if digit > 0:
                    total = self._added(total, table[digit >> 1])
                elif digit < 0:
                    x, y = table[-digit >> 1]
                    total = self._added(total, (x, -y))
        return None if total is None else self._affine([total])[0]

    def halves(self, scalar: int, tables: Halves) -> list[tuple[int, tuple[Affine, ...]]]:
        """Return scalar · point as two products of scalars that are half as long."""
        low = scalar & ((1 << self._half) - 1)
        return [(low, tables[0]), (scalar >> self._half, tables[1])]

    def tables_of_halves(self, point: Affine, width: int) -> Halves:
        """Return the odd multiples of `point`, and of the point that the upper half counts."""
        upper: Jacobian | None = (*point, 1)
        for _ in range(self._half):
            upper = self._doubled(upper)
        assert upper is not None  # the order is an odd prime
        shifted = self._affine([upper])[0]
        return self.odd_multiples(point, width), self.odd_multiples(shifted, width)

    def odd_multiples(self, point: Affine, width: int) -> tuple[Affine, ...]:
        """Return 1, 3, 5 … times `point`, as many as digits of that width need.

        `point` is not of small order, so none of them is the point at infinity.
        """
        twice = self._doubled((*point, 1))
        assert twice is not None
        step = self._affine([twice])[0]
        multiples: list[Jacobian] = [(*point, 1)]
        while len(multiples) < 1 << width - 2:
            following = self._added(multiples[-1], step)
            assert following is not None
            multiples.append(following)
        return tuple(self._affine(multiples))

    def vanishes(self, point: Affine, power_of_two: int) -> bool:
        """Whether `power_of_two` times the point is the point at infinity."""
        total: Jacobian | None = (*point, 1)
        for _ in range(power_of_two.bit_length() - 1):
            total = self._doubled(total)
        return total is None

    def _affine(self, points: list[Jacobian]) -> list[Affine]:
        """Divide by the powers of Z, with one inversion for all (Montgomery's trick)."""
        p = self._p
        products = [1]
        for _, _, z in points:
            products.append(products[-1] * z % p)
        inverse = pow(products[-1], -1, p)
        result = []
        for (x, y, z), before in zip(reversed(points), reversed(products[:-1]), strict=True):
            z_inverse = inverse * before % p
            inverse = inverse * z % p
            square = z_inverse * z_inverse % p
            result.append((x * square % p, y * square * z_inverse % p))
        return result[::-1]

    def _doubled(self, point: Jacobian | None) -> Jacobian | None:
        if point is None:
            return None
        x, y, z = point
        short = self._short
        yy = short(y * y)
        zz = short(z * z)
        s = short(4 * x * yy)
        # 3x² + a·z⁴ falls apart into factors for a = -3, which most curves have.
        if self._a_is_minus_3:
            m = short(3 * (x - zz) * (x + zz))
        else:
            m = short(3 * x * x + self._a * short(zz * zz))
        doubled_x = short(m * m - 2 * s)
        doubled_z = short(2 * y * z)
        if not doubled_z % self._p:
            return None
        return doubled_x, short(m * (s - doubled_x) - 8 * yy * yy), doubled_z

    def _added(self, point: Jacobian | None, other: Affine) -> Jacobian | None:
        x2, y2 = other
        if point is None:
            return x2, y2, 1
        x1, y1, z1 = point
        short = self._short
        zz = short(z1 * z1)
        h = short(x2 * zz - x1)
        r = short(y2 * short(zz * z1) - y1)
        if not h % self._p:
            return None if r % self._p else self._doubled(point)
        hh = short(h * h)
        hhh = short(h * hh)
        v = short(x1 * hh)
        x3 = short(r * r - hhh - 2 * v)
        return x3, short(r * (v - x3) - y1 * hhh), short(z1 * h)


def _reduction(p: int) -> Callable[[int], int]:
    """Return what makes a product short again; it stays congruent modulo p.

    All but two of the primes lie next to a power of two, 2^n - c: there 2^n counts as c, which
    takes a third of the time of a division. What comes out may be negative or a little above p.
    """
    bits = min(p.bit_length(), p.bit_length() - 1, key=lambda n: abs((1 << n) - p))
    mask, c = (1 << bits) - 1, (1 << bits) - p
    if abs(c) >= 1 << 16:
        return lambda number: number % p

    def folded_twice(number: int) -> int:
        number = (number & mask) + (number >> bits) * c
        return (number & mask) + (number >> bits) * c

    return folded_twice


def _odd_digits(scalar: int, width: int) -> list[int]:
    """Write `scalar` in digits of base 2, lowest first, odd or zero, less than 2^(width-1).

    Of `width` neighbours at most one is not zero (the "non-adjacent form").
    """
    digits = []
    span, half = 1 << width, 1 << width - 1
    while scalar:
        digit = 0
        if scalar & 1:
            digit = scalar & (span - 1)
            if digit >= half:
                digit -= span
            scalar -= digit
        digits.append(digit)
        scalar >>= 1
    return digits or [0]
