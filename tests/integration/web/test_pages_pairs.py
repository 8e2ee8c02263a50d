"""The pages of mentor pairs: who needs a mentor, who is proposed, papers, order, what happened."""

from __future__ import annotations

import re
from uuid import UUID

import pytest

from tests.integration.pairs import deeds
from tests.integration.web.signing_site import Browser, browser_of, site, stranger
from tests.world import World


@pytest.fixture
def browse(kedrovsk: World):  # type: ignore[no-untyped-def]  # a function from key to Browser
    app = site(kedrovsk)
    return lambda key: browser_of(app, kedrovsk, key)


def _school(world: World) -> str:
    return str(world.place(deeds.SCHOOL).id)


def _wish(world: World, *mentees: str, **changed: str) -> dict[str, object]:
    typed = {
        "kind": "traditional",
        "form": "teacher_teacher",
        "since": "18.05.2026",
        "until": "17.05.2027",
        "need": "подготовка к урокам",
    }
    return {**typed, "mentees": [world.employment(key) for key in mentees], **changed}


def _case_in(location: str) -> UUID:
    found = re.search(r"/pairs/([0-9a-f-]{36})", location)
    assert found, location
    return UUID(found[1])


def test_head_names_who_needs_a_mentor_after_checking_the_answers(kedrovsk: World, browse) -> None:  # type: ignore[no-untyped-def]  # see the fixture
    head: Browser = browse("sedova")
    address = f"/pairs/new/{_school(kedrovsk)}"
    page = head.read(address)
    assert "Положение, п.\N{NO-BREAK SPACE}2.5" in page
    typed = _wish(kedrovsk, "golubeva")
    checked = head.send(address, page, **typed)
    assert checked.status_code == 200
    assert "Голубева Дарья Максимовна" in checked.text
    assert "18.05.2026 – 17.05.2027" in checked.text
    sent = head.send(address, checked.text, **typed, step="send")
    assert sent.status_code == 303
    page = head.read(sent.location)
    assert "Ожидает наставника" in page
    assert "Записано, кому нужен наставник" in page
