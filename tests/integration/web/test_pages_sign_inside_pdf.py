"""Signing inside the PDF with a key in the browser: the page, its script, and who waits."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask

from marshrut.demonstration.town import done
from signing.sign import sign_pdf
from tests.hash_signer import HashSigner
from tests.integration.web.browser_script import Script, own_key, signatures_of
from tests.integration.web.signing_site import (
    Browser,
    browser_of,
    fixed_approval,
    forward,
    load,
    site,
)
from tests.integration.web.test_pages_signing_elsewhere import _begin as begin_elsewhere
from tests.integration.web.test_pages_signing_elsewhere import _files as files_of
from tests.integration.web.test_pages_signing_elsewhere import _hand_in as hand_in_elsewhere
from tests.integration.workflow import acts
from tests.integration.workflow.pdf_office import PACK, order_of_deputies
from tests.integration.workflow.test_two_signers import working_by
from tests.told_once import told_once
from tests.world import World
from workflow.domain.documents import Document
from workflow.domain.signatures import SignatureStatus
from workflow.usecases.staff import give_mandate

SCRIPT = "window.cadesplugin = Promise.resolve();\n"


@pytest.fixture
def plugin(tmp_path: Path) -> Path:
    script = tmp_path / "cadesplugin_api.js"
    script.write_text(SCRIPT)
    return script


@pytest.fixture
def app(world: World, plugin: Path) -> Flask:
    return site(world, cades_plugin=plugin)


@pytest.fixture
@told_once
def approval(world: World, case_id: UUID) -> Document:
    """Two files, signed inside the PDF."""
    return fixed_approval(world, case_id)


@pytest.fixture
def inside(world: World, head: Browser, approval: Document) -> Script:
    return Script(world, head, approval, HashSigner((own_key(world),)))


def test_document_is_signed_inside_the_pdf(
    world: World, approval: Document, inside: Script
) -> None:
    assert "Подпись ставится внутри PDF" in inside.page
    begun = inside.begin()
    assert len(begun.json["digests"]) == 2
    answer = inside.hand_in(begun, inside.sign(begun))
    assert (answer.status_code, answer.json) == (200, {"next": f"/documents/{approval.id}/signed"})
    (signature,) = signatures_of(world, approval)
    assert signature.status is SignatureStatus.ACCEPTED
    for file in signature.files:
        signed_pdf = world.services.blobs.get(file.signature)
        assert signed_pdf.startswith(world.services.blobs.get(file.file))
        assert b"/adbe.pkcs7.detached" in signed_pdf
    report = inside.browser.read(f"/signatures/{signature.id}/report")
    assert "не базовый уровень PAdES" in report


def test_page_says_until_when_another_page_of_the_same_person_signs(
    world: World, approval: Document, inside: Script
) -> None:
    inside.begin()
    forward(world, minutes=1)
    for address in (inside.address, f"/documents/{approval.id}/sign"):
        page = inside.browser.read(address)
        assert "Вы уже начали подписывать этот документ на другой странице" in page
        assert "до 09:33" in page  # begun at 9:30 in Moscow
    forward(world, minutes=2)
    assert "на другой странице" not in inside.browser.read(inside.address)


def test_second_page_takes_over_and_the_first_is_told(
    world: World, approval: Document, inside: Script
) -> None:
    first = inside.begin()
    second = inside.begin()
    late = inside.hand_in(first, inside.sign(first))
    assert (late.status_code, late.json["code"]) == (409, "signing.lease_lost")
    assert inside.hand_in(second, inside.sign(second)).status_code == 200
    assert len(signatures_of(world, approval)) == 1


def test_script_gives_the_document_free(
    world: World, app: Flask, approval: Document, inside: Script
) -> None:
    begun = inside.begin()
    clerk = browser_of(app, world, "zaytseva")
    form = clerk.read("/my-signature")
    assert clerk.send(begun.json["cancel"], form).status_code == 404
    assert inside.browser.send(begun.json["cancel"], inside.page).status_code == 204
    answer = inside.hand_in(begun, inside.sign(begun))
    assert (answer.status_code, answer.json["code"]) == (409, "signing.lease_lost")
    assert signatures_of(world, approval) == []


def test_others_see_who_signs_and_when_it_becomes_free(world: World, plugin: Path) -> None:
    app = site(working_by(world, PACK), cades_plugin=plugin)
    _make_deputy(world, "ershov")
    order = order_of_deputies(world, acts.open_programme(world))
    begun = Script(
        world, browser_of(app, world, "safina"), load(world, order), _signer(world, "safina")
    ).begin()
    assert begun.status_code == 200
    other = browser_of(app, world, "ershov")
    for address in (f"/documents/{order}/sign", f"/documents/{order}/sign/browser"):
        page = other.read(address)
        assert "Документ сейчас подписывает Сафина" in page
        assert "он освободится в 09:33" in page
        assert "Проверить ещё раз" in page
        assert "sign_in_browser.js" not in page
    forward(world, minutes=3)
    assert "освободится" not in other.read(f"/documents/{order}/sign")


def test_signed_pdf_handed_in_meanwhile_waits_and_may_be_sent_again(
    world: World, plugin: Path
) -> None:
    app = site(working_by(world, PACK), cades_plugin=plugin)
    _make_deputy(world, "ershov")
    order = load(world, order_of_deputies(world, acts.open_programme(world)))
    other = browser_of(app, world, "ershov")
    address = begin_elsewhere(other, order)
    key = own_key(world, "ershov")
    made = ("1.pdf", sign_pdf(files_of(world, order)[0], key, world.clock()))
    Script(world, browser_of(app, world, "safina"), order, _signer(world, "safina")).begin()
    answer = hand_in_elsewhere(other, address, made)
    assert answer.status_code == 409
    assert "Документ сейчас подписывает Сафина" in answer.text
    assert 'type="file"' in answer.text
    forward(world, minutes=3)
    assert hand_in_elsewhere(other, address, made).status_code == 303
    assert [s.status for s in signatures_of(world, order)] == [SignatureStatus.ACCEPTED]


def _make_deputy(world: World, who: str) -> None:
    post, since = UUID(world.employment(who)), world.clock().date()
    ground = "приказ от 04.05.2026 № 7-к"
    done(give_mandate(world.services, world.town.operator, post, "deputy", since, None, ground))


def _signer(world: World, who: str) -> HashSigner:
    return HashSigner((own_key(world, who),))
