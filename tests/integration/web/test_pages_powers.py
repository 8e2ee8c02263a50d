"""Pages about powers of attorney: the list, loading, the registry, words, codes, and signing."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from flask import Flask
from werkzeug.datastructures import FileStorage

from marshrut.demonstration.town import done
from signing.sign import sign_detached
from tests import powers
from tests.integration.web.admin_site import Site
from tests.integration.web.signing_site import Browser, browser_of
from tests.powers import DAY
from tests.world import World
from workflow.domain.documents import Document
from workflow.domain.powers import AnswerStatus, PowerOfAttorney


def address(power: PowerOfAttorney, rest: str = "") -> str:
    return f"/powers/{power.id}{rest}"


def of(world: World, rest: str = "") -> str:
    return f"/powers/of/{world.place('school-1').id}{rest}"


def sent_file(content: bytes, name: str) -> FileStorage:
    return FileStorage(io.BytesIO(content), name)


@pytest.fixture
def power(world: World) -> PowerOfAttorney:
    """Kulikova signs orders of appointment (D06) for the head; nobody has asked the registry."""
    done(powers.meaning(world, ["D06"]))
    given = powers.sample(world, deputy="kulikova")
    return done(powers.kept(world, powers.written(world, given)))


def test_the_clerk_loads_a_power_and_sees_what_is_missing(clerk: Browser, world: World) -> None:
    assert "Доверенностей пока нет" in clerk.read(of(world))
    form = clerk.read(of(world, "/new"))
    written = powers.written(world, powers.sample(world))
    answer = clerk.send(
        of(world, "/new"),
        form,
        file=sent_file(written.file, "doverennost.xml"),
        signature=sent_file(written.signature, "doverennost.xml.sig"),
    )
    assert answer.status_code == 303
    card = clerk.read(answer.location)
    assert "По доверенности пока ничего нельзя подписать" in card
    assert "Подпись под доверенностью действительна" in card
    assert "Белова Яна Николаевна" in card
    assert "Сафина" in clerk.read(of(world))


def test_a_power_of_somebody_else_than_the_head_is_refused_with_words(
    clerk: Browser, world: World
) -> None:
    form = clerk.read(of(world, "/new"))
    key = powers.key_of_head(world, "petrov", "school-2")
    written = powers.written(world, powers.sample(world), key)
    answer = clerk.send(
        of(world, "/new"),
        form,
        file=sent_file(written.file, "d.xml"),
        signature=sent_file(written.signature, "d.sig"),
    )
    assert answer.status_code == 409
    assert "Доверенность не принята" in answer.text
    other = clerk.send(
        of(world, "/new"),
        form,
        file=sent_file(written.file, "d.xml"),
        signature=sent_file(sign_detached(b"x", key, world.clock()), "d.sig"),
    )
    assert "Приложите подпись именно к этому XML-файлу" in other.text
    wrong = clerk.send(of(world, "/new"), form, file=sent_file(b"x", "d.pdf"))
    assert wrong.status_code == 422


def test_the_registry_s_answer_is_entered_and_shown_with_its_age(
    app: Flask, clerk: Browser, world: World, power: PowerOfAttorney
) -> None:
    assert "Реестр доверенностей ещё не спрошен" in clerk.read(address(power))
    form = clerk.read(address(power, "/answer"))
    assert "05.05.2026" not in form
    without = clerk.send(address(power, "/answer"), form, status="in_force", as_of="04.05.2026")
    assert without.status_code == 409
    assert "Не указано, откуда ответ" in without.text
    answer = clerk.send(
        address(power, "/answer"),
        form,
        status="in_force",
        as_of="04.05.2026",
        words="сайт реестра",
        file=sent_file(b"%PDF-1.4 answer", "answer.pdf"),
    )
    assert answer.status_code == 303
    card = clerk.read(address(power))
    assert "можно подписывать" in card
    assert "сайт реестра" in card
    world.clock.now += 4 * DAY
    clerk = browser_of(app, world, "zaytseva")
    assert "Ответ реестра устарел" in clerk.read(address(power))
    (kept,) = _answers(world, power)
    assert clerk.status(address(power, f"/answers/{kept}")) == 200
    assert clerk.status(address(power, f"/answers/{uuid4()}")) == 404


def _answers(world: World, power: PowerOfAttorney) -> list[object]:
    with world.services.uow.reading() as tx:
        return [answer.id for answer in tx.power_answers.of_powers([power.id])]


def test_a_revocation_is_loud(clerk: Browser, world: World, power: PowerOfAttorney) -> None:
    form = clerk.read(address(power, "/revoke"))
    assert "Отменить эту запись нельзя" in form
    answer = clerk.send(
        address(power, "/revoke"),
        form,
        revoked_on="04.05.2026",
        as_of="04.05.2026",
        words="сайт реестра",
    )
    assert answer.status_code == 303
    card = clerk.read(address(power))
    assert "Доверенность отозвана" in card
    assert "/revoke" not in card


def test_the_head_says_what_codes_mean_and_the_clerk_only_reads(
    head: Browser, clerk: Browser, world: World, power: PowerOfAttorney
) -> None:
    assert "Сохранить</button>" not in clerk.read(of(world, "/codes"))
    page = head.read(of(world, "/codes"))
    answer = head.send(of(world, "/codes"), page, code=powers.CODE, types=["D02", "D06"])
    assert answer.status_code == 303
    assert powers.CODE in head.read(of(world, "/codes"))
    refused = head.send(of(world, "/codes"), page, code="", types=["D02"])
    assert refused.status_code == 409
    assert "Код полномочия не указан" in refused.text


def test_a_power_waits_for_the_head_until_its_codes_mean_something(
    app: Flask, world: World
) -> None:
    done(powers.kept(world, powers.written(world, powers.sample(world))))
    head, clerk = browser_of(app, world, "belova"), browser_of(app, world, "zaytseva")
    page = head.read("/inbox")
    assert "Доверенность: Сафина" in page
    assert "Указать, что можно подписывать" in page
    assert of(world, "/codes") in page
    assert "Доверенность: Сафина" not in clerk.read("/inbox")
    done(powers.meaning(world, []))
    assert "Доверенность: Сафина" not in head.read("/inbox")


@pytest.mark.parametrize("way", ["revoked", "over"])
def test_a_power_that_ended_waits_for_nobody(app: Flask, world: World, way: str) -> None:
    ends = (world.clock().date() + 2 * DAY).isoformat()
    sample = replace(powers.sample(world), until=ends)
    given = done(powers.kept(world, powers.written(world, sample)))
    assert "Доверенность: Сафина" in browser_of(app, world, "belova").read("/inbox")
    if way == "revoked":
        done(powers.answered(world, given, AnswerStatus.REVOKED))
    else:
        world.clock.now += 3 * DAY
    assert "Доверенность: Сафина" not in browser_of(app, world, "belova").read("/inbox")


def test_the_head_confirms_words_and_the_clerk_sees_why_not(
    head: Browser, clerk: Browser, world: World
) -> None:
    words = "<ТекстПолн>Подписывать приказы об утверждении документов</ТекстПолн>"
    given = replace(powers.sample(world, deputy="kulikova"), kind="0", powers=words)
    power = done(powers.kept(world, powers.written(world, given)))
    form = head.read(address(power, "/words"))
    answer = head.send(
        address(power, "/words"), form, type_code="D02", words="утверждать документы"
    )
    assert answer.status_code == 303
    card = clerk.read(address(power))
    assert "«утверждать документы»" in card
    assert "указывает только руководитель" in card


def test_files_can_be_taken_away(clerk: Browser, world: World, power: PowerOfAttorney) -> None:
    got = clerk.client.get(address(power, "/file"))
    assert got.data == world.services.blobs.get(power.file)
    assert clerk.status(address(power, "/signature")) == 200


@pytest.mark.parametrize("key", ["petrov", "fomina", "mironova"])
def test_others_do_not_find_them(
    app: Flask, world: World, power: PowerOfAttorney, key: str
) -> None:
    stranger = browser_of(app, world, key)
    for rest in ("", "/answer", "/revoke", "/words", "/file", "/signature"):
        assert stranger.status(address(power, rest)) == 404
    for rest in ("", "/new", "/codes"):
        assert stranger.status(of(world, rest)) == 404


def test_the_office_looks_at_powers_of_its_schools(
    app: Flask, world: World, power: PowerOfAttorney
) -> None:
    officer = browser_of(app, world, "gareev")
    assert "МБОУ" in officer.read("/powers")
    assert "Куликова" in officer.read(of(world))
    assert "Внести ответ реестра" in officer.read(address(power))


def test_the_operator_chooses_an_organisation_and_speaks_for_all(
    operator: Site, world: World, power: PowerOfAttorney
) -> None:
    assert "МБОУ «Лесногорская СОШ № 1»" in operator.get("/powers")
    assert "Для всех организаций, которые не указали иного" in operator.get(of(world, "/codes"))
    assert "Куликова" in operator.get(address(power))


def test_the_holder_is_called_and_told_by_which_power_she_signs(
    app: Flask, world: World, order: Document, power: PowerOfAttorney
) -> None:
    holder = browser_of(app, world, "kulikova")
    assert order.title in holder.read("/inbox")
    page = holder.read(f"/documents/{order.id}/sign")
    assert f"Вы подписываете по доверенности № {power.number}" in page
    assert "не будет считаться, пока не внесут свежий ответ" in page
    done(powers.answered(world, power))
    page = holder.read(f"/documents/{order.id}/sign")
    assert "Она будет храниться вместе с подписью" in page
    done(powers.answered(world, power, AnswerStatus.REVOKED))
    assert order.title not in holder.read("/inbox")


def test_an_end_is_told_before_the_signing(app: Flask, world: World) -> None:
    today = world.clock().date()
    given = powers.sample(world, deputy="kulikova")
    ends = (today + timedelta(days=12)).isoformat()
    done(powers.kept(world, powers.written(world, replace(given, until=ends))))
    page = browser_of(app, world, "kulikova").read("/inbox")
    assert "Ваша доверенность заканчивается 16\xa0мая" in page
    assert "доверенность заканчивается" in browser_of(app, world, "zaytseva").read("/inbox")
    assert "доверенность заканчивается" not in browser_of(app, world, "ershov").read("/inbox")
