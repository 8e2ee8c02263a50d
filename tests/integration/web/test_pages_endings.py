"""«Скоро заканчивается» on the first page: whose, until when, what to do."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

from flask import Flask

from tests.integration.web.signing_site import browser_of
from tests.world import World
from workflow.domain.mandates import Mandate
from workflow.domain.regulations import Role

HEADING = "Скоро заканчивается"


def key_ends(world: World, days: int) -> None:
    """The head's stored key has a certificate that ends in so many days."""
    with world.services.uow() as tx:
        (kept,) = tx.person_keys.of_person(world.person("belova").person_id)
        until = world.clock() + timedelta(days=days)
        tx.person_keys.save(replace(kept, valid_until=until), kept)
        tx.commit()


def test_nothing_is_said_while_nothing_ends(app: Flask, world: World) -> None:
    for key in ("belova", "zaytseva"):
        assert HEADING not in browser_of(app, world, key).read("/inbox")


def test_the_owner_is_led_to_the_keys(app: Flask, world: World) -> None:
    key_ends(world, 12)
    page = browser_of(app, world, "belova").read("/inbox")
    assert HEADING in page
    assert "Сертификат вашей подписи заканчивается 16\xa0мая" in page
    assert "Получите новый сертификат" in page
    assert 'href="/my-signature"' in page
    assert "Сейчас вас ничего не ждёт" not in page


def test_the_clerk_sees_whose_it_is(app: Flask, world: World) -> None:
    key_ends(world, 12)
    page = browser_of(app, world, "zaytseva").read("/inbox")
    assert re.search(r"Белова\sЯ\.\s?Н\.: сертификат подписи заканчивается 16\sмая", page)
    assert "Напомните владельцу сертификата" in page


def test_a_certificate_that_has_ended_is_called_so(app: Flask, world: World) -> None:
    key_ends(world, -1)
    page = browser_of(app, world, "belova").read("/inbox")
    assert "Сертификат вашей подписи закончился 3\xa0мая" in page
    assert "срок истёк" in page


def test_a_colleague_is_not_told(app: Flask, world: World) -> None:
    key_ends(world, 12)
    assert HEADING not in browser_of(app, world, "ershov").read("/inbox")


def test_an_acting_heads_mandate_is_told_of_with_what_to_do(app: Flask, world: World) -> None:
    post = world.person("safina")
    today = world.clock().date()
    with world.services.uow() as tx:
        tx.mandates.save(
            Mandate(
                id=world.services.new_id(),
                person_id=post.person_id,
                employment_id=post.employment_id,
                organisation_id=world.place("school-1").id,
                role=Role.ACTING_HEAD,
                since=today,
                until=today + timedelta(days=9),
                ground="приказ от 04.05.2026 № 7-к",
                recorded_at=world.clock(),
            )
        )
        tx.commit()
    page = browser_of(app, world, "safina").read("/inbox")
    assert "Ваши полномочия исполняющего обязанности руководителя заканчиваются 13" in page
    assert "внесите новый приказ до этого дня" in page
