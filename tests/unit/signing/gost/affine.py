"""The group law as schoolbooks have it, slow: what the fast one is held against."""

from __future__ import annotations

from signing.gost.curves import Curve

Point = tuple[int, int] | None


def add(curve: Curve, one: Point, other: Point) -> Point:
    """Return the sum of two affine points; None is the point at infinity."""
    if one is None or other is None:
        return other if one is None else one
    (x1, y1), (x2, y2) = one, other
    p = curve.p
    if x1 == x2:
        if (y1 + y2) % p == 0:
            return None
        slope = (3 * x1 * x1 + curve.a) * pow(2 * y1, -1, p)
    else:
        slope = (y2 - y1) * pow(x2 - x1, -1, p)
    x = (slope * slope - x1 - x2) % p
    return x, (slope * (x1 - x) - y1) % p


def times(curve: Curve, scalar: int, point: Point) -> Point:
    """Return scalar · point by doubling and adding."""
    total: Point = None
    for bit in bin(scalar)[2:]:
        total = add(curve, total, total)
        if bit == "1":
            total = add(curve, total, point)
    return total


def some_point(curve: Curve, x: int) -> tuple[int, int]:
    """Return the first point with a coordinate from `x` on; for p = 3 modulo 4."""
    assert curve.p % 4 == 3
    while True:
        square = (x**3 + curve.a * x + curve.b) % curve.p
        y = pow(square, (curve.p + 1) // 4, curve.p)
        if y * y % curve.p == square:
            return x, y
        x += 1
