"""Identifiers for invented people and organisations: right check digits, impossible numbers.

Region 00 and insurance numbers below 001-001-999 are not given to anybody.
"""

from __future__ import annotations


def taxpayer_organisation(number: int) -> str:
    """ИНН of an organisation (10 digits) of region 00."""
    digits = f"00{number:07d}"
    return digits + _control(digits, (2, 4, 10, 3, 5, 9, 4, 6, 8))


def taxpayer_person(number: int) -> str:
    """ИНН of a person (12 digits) of region 00."""
    digits = f"00{number:08d}"
    eleventh = _control(digits, (7, 2, 4, 10, 3, 5, 9, 4, 6, 8))
    return digits + eleventh + _control(digits + eleventh, (3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8))


def registration_number(number: int) -> str:
    """ОГРН (13 digits) of region 00."""
    digits = f"10000{number:07d}"
    return digits + str(int(digits) % 11 % 10)


def insurance_number(number: int) -> str:
    """СНИЛС (11 digits) among those that are not given out."""
    digits = f"{number:09d}"
    total = sum(int(digit) * (9 - place) for place, digit in enumerate(digits))
    return f"{digits}{total % 101 % 100:02d}"


def _control(digits: str, weights: tuple[int, ...]) -> str:
    total = sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=True))
    return str(total % 11 % 10)
