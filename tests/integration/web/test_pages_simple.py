"""Pages of the simple signature: agreements, the password page, its result, checks by strangers."""

from __future__ import annotations

import io
import json
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from werkzeug.datastructures import FileStorage

from marshrut.demonstration.town import PASSWORD
from tests.integration.web.signing_site import (
    Browser,
    browser_of,
    proof_for,
    seen_in,
    site,
    stranger,
)
from tests.integration.workflow import acts
from tests.integration.workflow.simple_signers import to_be_signed
from tests.world import World
from workflow.domain.simple_signatures import SimpleAgreement

PDF = b"%PDF-1.4 the agreement on paper"


@pytest.fixture
def order(world: World) -> UUID:
    return to_be_signed(world)


@pytest.fixture
def app(world: World, order: UUID) -> Flask:
    return site(world)


def scan(content: bytes = PDF) -> FileStorage:
    return FileStorage(io.BytesIO(content), "скан.pdf", content_type="application/pdf")


def begun(browser: Browser, order: UUID) -> str:
    """The address of a simple signing that was just begun."""
    page = browser.read(f"/documents/{order}/sign")
    assert "Подписать простой электронной подписью" in page
    answer = browser.send(f"/documents/{order}/sign/simple", page, seen=seen_in(page))
    assert answer.status_code == 303
    return str(answer.location)


def signed(world: World, app: Flask, order: UUID) -> Browser:
    safina = browser_of(app, world, "safina")
    address = begun(safina, order)
    form = safina.read(address)
    answer = safina.send(address, form, **proof_for(world, "safina", form))
    assert answer.status_code == 303, answer.text
    return safina


def agreements(world: World, who: str) -> list[SimpleAgreement]:
    with world.services.uow.reading() as tx:
        return tx.simple_agreements.of_person(world.person(who).person_id)


# --- Signing --------------------------------------------------------------------------------


def test_a_person_reads_the_sentence_and_signs_it(world: World, app: Flask, order: UUID) -> None:
    safina = browser_of(app, world, "safina")
    address = begun(safina, order)
    form = safina.read(address)
    assert "подписываю простой электронной подписью" in form
    entered = proof_for(world, "safina", form)
    for _click in range(2):
        answer = safina.send(address, form, **entered)
        assert (answer.status_code, answer.location) == (303, f"/documents/{order}/signed")
    (signature,) = acts.signatures(world, order)
    result = safina.read(f"/documents/{order}/signed")
    assert signature.serial in result
    assert "простая электронная подпись" in result
    report = safina.read(f"/signatures/{signature.id}/report")
    assert "Отпечаток сертификата установки" in report
    assert "УЧЕБНАЯ" in report or "УЧЕБНЫЙ" in report
    statement = safina.client.get(f"/signatures/{signature.id}/statement.simple.json")
    assert statement.data == world.services.blobs.get(signature.files[0].signature)
    assert safina.status(f"/signatures/{signature.id}/report-0.pdf") == 404
    answered = json.loads(safina.read(f"/signatures/{signature.id}/report.json"))
    assert answered["files"][0]["format"] == "simple"


@pytest.mark.parametrize(
    ("changed", "status", "said"),
    [
        ({"password": ""}, 422, "Введите пароль"),
        ({"code": ""}, 422, "Введите код из приложения"),
        ({"password": "не тот"}, 422, "Неверный пароль"),
        ({"code": "000000"}, 422, "уже использованный код"),
        ({"said": "0" * 64}, 409, "изменились ваша должность"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_signed(
    world: World, app: Flask, order: UUID, changed: dict[str, str], status: int, said: str
) -> None:
    safina = browser_of(app, world, "safina")
    address = begun(safina, order)
    form = safina.read(address)
    answer = safina.send(address, form, **(proof_for(world, "safina", form) | changed))
    assert answer.status_code == status
    assert said in answer.text
    assert PASSWORD not in answer.text
    assert acts.signatures(world, order) == []


def test_anothers_session_is_not_there(world: World, app: Flask, order: UUID) -> None:
    safina, head = browser_of(app, world, "safina"), browser_of(app, world, "belova")
    address = begun(safina, order)
    assert head.status(address) == 404
    form = safina.read(address)
    answer = head.send(address, head.read("/my-signature"), **proof_for(world, "safina", form))
    assert answer.status_code == 404
    assert safina.status(address.replace("/sign/simple/", "/acknowledge/")) == 404


def test_a_session_that_is_over_leads_back(world: World, app: Flask, order: UUID) -> None:
    safina = browser_of(app, world, "safina")
    address = begun(safina, order)
    world.clock.now += timedelta(minutes=11)
    page = safina.read(address)
    assert "Прошло десять минут" in page or "Начните заново" in page
    assert 'name="password"' not in page


def test_where_a_key_is_needed_no_password_is_offered(
    world: World, app: Flask, order: UUID
) -> None:
    head = browser_of(app, world, "belova")
    page = head.read(f"/documents/{order}/sign")
    assert "Подписать простой электронной подписью" not in page
    answer = head.send(f"/documents/{order}/sign/simple", page, seen=seen_in(page))
    assert answer.status_code == 409
    assert "Здесь нужна усиленная подпись" in answer.text


def test_a_stranger_reads_whose_simple_signature_it_is(
    world: World, app: Flask, order: UUID
) -> None:
    signed(world, app, order)
    acts.signed(world, order)
    with world.services.uow.reading() as tx:
        check = tx.public_checks.of_fixing(order, 1)
        found = tx.signatures.of_document(order)
    assert check is not None
    simple = next(s for s in found if s.format == "simple")
    sealed = world.services.blobs.get(simple.files[0].signature)
    somebody = stranger(app)
    page = somebody.read(f"/check/{check.token}")
    assert simple.serial in page
    assert world.services.simple_seals.fingerprint(training=True) in page
    cases = {
        sealed: "Простая подпись хранится здесь и действует",
        sealed.replace("Сафина".encode(), "Белова".encode()): "Подпись не подтверждена",
        b"{}": "Подпись не подтверждена",
    }
    for content, said in cases.items():
        upload = FileStorage(io.BytesIO(content), "документ.simple.json")
        assert said in somebody.send(f"/check/{check.token}", page, file=upload).text


# --- Agreements -----------------------------------------------------------------------------


def test_the_clerk_ends_and_enters_agreements(world: World, app: Flask) -> None:
    clerk = browser_of(app, world, "zaytseva")
    school = world.place("school-1").id
    (held,) = agreements(world, "kulikova")
    listed = clerk.read(f"/organisations/{school}/agreements")
    assert world.person("kulikova").name in listed
    address = f"/agreements/{held.id}/end"
    form = clerk.read(address)
    assert clerk.send(address, form, ended_on="99.99.2026").status_code == 422
    assert clerk.send(address, form, ended_on="04.05.2026").status_code == 303
    assert clerk.status(address) == 404

    new = f"/organisations/{school}/agreements/new"
    form = clerk.read(new)
    employment = world.employment("kulikova")
    assert employment in form
    assert world.employment("safina") not in form
    entered = {"employment": employment, "number": "15-ПЭП", "dated": "04.05.2026"}
    assert clerk.send(new, form, **entered).status_code == 422
    wrong = clerk.send(new, form, **entered, scan=scan(b"no PDF"))
    assert wrong.status_code == 422
    late = clerk.send(new, form, **{**entered, "dated": "05.05.2026"}, scan=scan())
    assert (late.status_code, "15-ПЭП" in late.text) == (422, True)
    done = clerk.send(new, form, **entered, scan=scan())
    assert done.status_code == 303
    assert "Соглашение внесено" in clerk.read(str(done.location))
    newest = next(a for a in agreements(world, "kulikova") if a.number == "15-ПЭП")
    own = browser_of(app, world, "kulikova")
    assert "15-ПЭП" in own.read("/my-signature")
    assert own.client.get(f"/agreements/{newest.id}.pdf").data == PDF


def test_others_find_no_agreements(world: World, app: Flask) -> None:
    school = world.place("school-1").id
    (held,) = agreements(world, "kulikova")
    other = world.place("school-2").holding("clerk").key
    for who in ("ershov", other):
        browser = browser_of(app, world, who)
        for address in (
            f"/organisations/{school}/agreements",
            f"/organisations/{school}/agreements/new",
            f"/agreements/{held.id}/end",
            f"/agreements/{held.id}.pdf",
        ):
            assert browser.status(address) == 404, (who, address)


def test_the_head_reads_agreements_and_is_told_who_enters_them(world: World, app: Flask) -> None:
    head, school = browser_of(app, world, "belova"), world.place("school-1").id
    page = head.read(f"/organisations/{school}/agreements")
    assert "Соглашения вносит делопроизводитель" in page
    new = f"/organisations/{school}/agreements/new"
    form = head.client.get(new)
    assert form.status_code == 409
    answer = head.send(
        new,
        form.text,
        employment=world.employment("kulikova"),
        number="1",
        dated="04.05.2026",
        scan=scan(),
    )
    assert answer.status_code in (409, 422)
    assert len(agreements(world, "kulikova")) == 1


def test_without_an_agreement_one_is_told_how_to_get_one(
    world: World, app: Flask, order: UUID
) -> None:
    (held,) = agreements(world, "safina")
    clerk = browser_of(app, world, "zaytseva")
    address = f"/agreements/{held.id}/end"
    clerk.send(address, clerk.read(address), ended_on="04.05.2026")
    safina = browser_of(app, world, "safina")
    assert "Подпишите соглашение на бумаге у делопроизводителя" in safina.read("/my-signature")
    page = safina.read(f"/documents/{order}/sign")
    assert "соглашение об использовании простой электронной подписи прекращено" in page
