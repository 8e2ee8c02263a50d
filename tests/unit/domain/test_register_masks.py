"""A mask of numbers holds the number and nothing that cannot be printed."""

from __future__ import annotations

from datetime import date

import pytest

from tests.factories import new_id
from workflow.domain.registers import Register, is_mask

DAY = date(2025, 1, 13)


@pytest.mark.parametrize(
    ("mask", "printed"),
    [
        ("{n}-о/д", "7-о/д"),
        ("{n:03}/01-05", "007/01-05"),
        ("{index}/{n}", "01-05/7"),
        ("{n}/{year}", "7/2025"),
    ],
)
def test_mask_is_printed_with_its_number(mask: str, printed: str) -> None:
    register = Register(new_id(), new_id(), "orders", "Журнал", mask, nomenclature="01-05")
    assert is_mask(mask)
    assert register.printed(7, DAY) == printed


@pytest.mark.parametrize(
    "mask",
    ["", "без номера", "{year}", "{n", "{}", "{0}", "{n.real}", "{n!r}", "{n:9999}", "{n}{other}"],
)
def test_mask_that_could_not_be_printed_is_none(mask: str) -> None:
    assert not is_mask(mask)


def test_mask_is_no_longer_than_a_number_may_be() -> None:
    assert not is_mask("{n}" + "х" * 60)
