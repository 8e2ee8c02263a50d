"""Roles are called by what people do, wherever they work."""

from __future__ import annotations

import pytest

from web.words import russian


@pytest.mark.parametrize("msgid", ["role: officer of the office", "who: officer"])
def test_officer_of_a_centre_is_not_called_one_of_a_department(msgid: str) -> None:
    assert russian().text(msgid) == "специалист, принимающий документы"
