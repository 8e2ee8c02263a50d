"""Signing with a key in the browser: what its script asks of the server, in order and out of it."""

from __future__ import annotations

import base64
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from flask import Flask

from signing.training.certificates import KeyAlgorithm
from tests.gost_training import GostAuthority
from tests.hash_signer import HashSigner
from tests.integration.web.browser_script import SHA_256, Script, own_key, signatures_of
from tests.integration.web.signing_site import (
    Browser,
    browser_of,
    fixed_appointment,
    forward,
    load,
    seen_in,
    signed,
    site,
    stranger,
)
from tests.world import World
from workflow.domain.documents import Document
from workflow.domain.signatures import SignatureStatus
from workflow.usecases.fix import fix

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
def script(world: World, head: Browser, order: Document) -> Script:
    return Script(world, head, order, HashSigner((own_key(world),)))


def test_digests_signed_in_the_browser_put_the_order_in_force(
    world: World, order: Document, script: Script
) -> None:
    begun = script.begin()
    assert begun.json["algorithm"] == "CADESCOM_HASH_ALGORITHM_SHA_256"
    assert begun.json["digests"] == [f.pdf.upper() for f in load(world, order.id).manifest.files]  # type: ignore[union-attr]  # it is fixed
    answer = script.hand_in(begun, script.sign(begun))
    assert (answer.status_code, answer.json) == (200, {"next": f"/documents/{order.id}/signed"})
    assert [s.status for s in signatures_of(world, order)] == [SignatureStatus.ACCEPTED]


@pytest.mark.parametrize(
    ("kind", "number", "length"),
    [(KeyAlgorithm.GOST_2012_256, 101, 64), (KeyAlgorithm.GOST_2012_512, 102, 128)],
)
def test_gost_key_signs_the_digest_of_its_own_kind(
    world: World,
    head: Browser,
    order: Document,
    kind: KeyAlgorithm,
    number: int,
    length: int,
) -> None:
    key = GostAuthority.trusted(world).key("belova", "school-1", kind)
    script = Script(world, head, order, HashSigner((key,)))
    assert "checked" in script.offer()
    begun = script.begin()
    assert begun.json["algorithm"].endswith(f"CP_GOST_3411_2012_{length * 4}")
    (digest,) = begun.json["digests"]
    assert len(digest) == length
    signature = script.signer.sign(0, number, digest, world.clock())
    assert script.hand_in(begun, [signature]).status_code == 200
    (made,) = signatures_of(world, order)
    assert made.status is SignatureStatus.ACCEPTED


def test_page_of_signing_offers_the_way_and_the_way_of_uploading_stays(
    head: Browser, order: Document
) -> None:
    page = head.read(f"/documents/{order.id}/sign")
    assert "Подписать в браузере (КриптоПро)" in page
    assert f'href="/documents/{order.id}/sign/browser"' in page
    assert "Начать подписание в своей программе" in page


def test_without_the_script_the_page_says_so_and_offers_uploading(
    world: World, order: Document
) -> None:
    browser = browser_of(site(world), world, "belova")
    page = browser.read(f"/documents/{order.id}/sign/browser")
    assert "Подписание в браузере здесь не настроено" in page
    assert "Начать подписание в своей программе" in page
    assert "sign_in_browser.js" not in page
    assert browser.status("/plugin/cadesplugin.js") == 404


def test_script_of_the_maker_comes_from_our_own_address_for_those_who_are_signed_in(
    app: Flask, head: Browser
) -> None:
    answer = head.client.get("/plugin/cadesplugin.js")
    assert (answer.status_code, answer.text) == (200, SCRIPT)
    assert answer.mimetype == "text/javascript"
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    assert stranger(app).client.get("/plugin/cadesplugin.js").status_code == 303


def test_page_says_what_has_to_be_installed_and_from_whom(script: Script) -> None:
    assert "cryptopro.ru" in script.page
    assert "КриптоПро ЭЦП Browser plug-in" in script.page


def test_list_shows_owner_issuer_dates_and_why_others_do_not_do(
    world: World, head: Browser, order: Document
) -> None:
    keys = (own_key(world, "petrov", "school-2"), own_key(world))
    shown = Script(world, head, order, HashSigner(keys)).offer()
    assert shown.index("Белова") < shown.index("Петров")
    assert "Выдан: УЧЕБНЫЙ УЦ" in shown
    assert "Действует с" in shown
    assert "Сертификат принадлежит другому лицу: Петров" in shown
    first, second = shown.split("<label")[1:]
    assert ("disabled" in first, "disabled" in second) == (False, True)
    assert 'value="1" checked' in first


def test_certificate_that_has_ended_is_offered_grey(
    world: World, app: Flask, order: Document
) -> None:
    signer = HashSigner((own_key(world),))
    forward(world, days=365 * 4)
    fix(world.services, world.actor("belova"), order.id)
    world.work()
    shown = Script(world, browser_of(app, world, "belova"), order, signer).offer()
    assert "Срок действия сертификата закончился" in shown
    assert "Ни один из этих сертификатов" in shown


def test_what_is_no_certificate_is_offered_grey(script: Script) -> None:
    for sent in ("AAAA", "не base64", "A" * 200_000):
        answer = script.browser.send(
            f"{script.address}/certificates", script.page, certificate=[sent]
        )
        assert answer.status_code == 200
        assert "Сертификат, который не удалось прочитать" in answer.text


def test_same_signatures_again_find_the_first_answer(
    world: World, order: Document, script: Script
) -> None:
    begun = script.begin()
    signatures = script.sign(begun)
    answers = [script.hand_in(begun, signatures) for _click in range(2)]
    assert [(a.status_code, a.json) for a in answers] == [
        (200, {"next": f"/documents/{order.id}/signed"})
    ] * 2
    assert len(signatures_of(world, order)) == 1


def test_other_signatures_for_a_used_signing_are_refused(
    world: World, order: Document, script: Script
) -> None:
    begun = script.begin()
    assert script.hand_in(begun, script.sign(begun)).status_code == 200
    forward(world, seconds=1)
    again = script.hand_in(begun, script.sign(begun))
    assert (again.status_code, again.json["code"]) == (409, "signing.used")
    assert len(signatures_of(world, order)) == 1


def test_of_two_pages_the_first_to_hand_in_signs_and_the_other_is_told(
    world: World, order: Document, script: Script
) -> None:
    one, other = script.begin(), script.begin()
    assert one.json["hand_in"] != other.json["hand_in"]
    second = script.sign(other)
    forward(world, seconds=1)
    assert script.hand_in(one, script.sign(one)).status_code == 200
    late = script.hand_in(other, second)
    assert late.status_code == 409
    assert late.json["what"]
    assert len(signatures_of(world, order)) == 1


def test_page_that_begins_after_another_has_signed_is_led_to_the_result(
    world: World, order: Document, script: Script
) -> None:
    signed(world, order)
    assert script.begin().json == {"next": f"/documents/{order.id}/signed"}


def test_after_ten_minutes_the_signing_is_begun_anew(
    world: World, order: Document, script: Script
) -> None:
    begun = script.begin()
    signatures = script.sign(begun)
    forward(world, minutes=10)
    late = script.hand_in(begun, signatures)
    assert (late.status_code, late.json["code"]) == (409, "signing.expired")
    assert "Начните заново" in late.json["todo"]
    assert signatures_of(world, order) == []


def test_document_made_ready_anew_is_not_signed_from_the_old_page(
    world: World, app: Flask, order: Document
) -> None:
    forward(world, hours=14, minutes=25)  # five minutes to midnight
    browser = browser_of(app, world, "belova")
    late = Script(world, browser, order, HashSigner((own_key(world),)))
    begun = late.begin()
    signatures = late.sign(begun)
    forward(world, minutes=6)
    fix(world.services, world.actor("belova"), order.id)
    world.work()
    answer = late.hand_in(begun, signatures)
    assert (answer.status_code, answer.json["code"]) == (409, "signing.document_changed")
    anew = late.begin()
    assert (anew.status_code, anew.json["code"]) == (409, "document.changed_meanwhile")
    assert signatures_of(world, order) == []


def test_another_persons_certificate_is_refused_by_the_server_in_the_end(
    world: World, head: Browser, order: Document
) -> None:
    script = Script(world, head, order, HashSigner((own_key(world, "petrov", "school-2"),)))
    begun = script.begin()
    answer = script.hand_in(begun, script.sign(begun))
    assert answer.status_code == 409
    assert "Петров" in answer.json["what"]
    assert signatures_of(world, order) == []


def test_signature_by_another_certificate_than_the_chosen_one_is_refused(
    world: World, head: Browser, order: Document
) -> None:
    script = Script(world, head, order, HashSigner((own_key(world), own_key(world))))
    begun = script.begin(place=0)
    answer = script.hand_in(begun, script.sign(begun, place=1))
    assert (answer.status_code, answer.json["code"]) == (409, "signing.another_certificate")
    assert signatures_of(world, order) == []


def test_signature_over_another_digest_is_refused(
    world: World, order: Document, script: Script
) -> None:
    begun = script.begin()
    foreign = script.signer.sign(0, SHA_256, "00" * 32, world.clock())
    assert script.hand_in(begun, [foreign]).status_code == 409
    assert signatures_of(world, order) == []


@pytest.mark.parametrize(
    "sent", [[], ["не base64"], [""], ["A" * 1_500_000], ["AAAA"] * 101], ids=len
)
def test_what_cannot_be_a_signature_is_refused(
    world: World, order: Document, script: Script, sent: list[str]
) -> None:
    answer = script.hand_in(script.begin(), sent)
    assert answer.status_code == 409
    assert answer.json["what"]
    assert signatures_of(world, order) == []


def test_signing_of_another_person_or_document_is_not_there(
    world: World, app: Flask, case_id: UUID, order: Document, script: Script
) -> None:
    begun = script.begin()
    signatures = script.sign(begun)
    clerk = browser_of(app, world, "zaytseva")
    form = clerk.read("/my-signature")
    assert clerk.send(begun.json["hand_in"], form, signature=signatures).status_code == 404
    other = fixed_appointment(world, case_id)
    strange = begun.json["hand_in"].replace(str(order.id), str(other.id))
    assert script.browser.send(strange, script.page, signature=signatures).status_code == 404
    nowhere = f"{script.address}/{uuid4()}"
    assert script.browser.send(nowhere, script.page, signature=signatures).status_code == 404
    assert signatures_of(world, order) == []


def test_people_of_another_school_find_nothing(world: World, app: Flask, order: Document) -> None:
    other = browser_of(app, world, "petrov")
    form = other.read("/my-signature")
    address = f"/documents/{order.id}/sign/browser"
    assert other.status(address) == 404
    assert other.send(f"{address}/certificates", form, certificate=["AAAA"]).status_code == 404
    assert other.send(address, form, certificate="AAAA", seen="0").status_code == 404


def test_clerk_is_told_why_the_document_is_not_signed_by_the_clerk(
    world: World, app: Flask, order: Document
) -> None:
    clerk = browser_of(app, world, "zaytseva")
    page = clerk.read(f"/documents/{order.id}/sign/browser")
    assert "Сейчас подписать нельзя" in page
    assert "sign_in_browser.js" not in page
    form = clerk.read("/my-signature")
    address = f"/documents/{order.id}/sign/browser"
    certificate = base64.b64encode(own_key(world).certificate.der).decode()
    refused = clerk.send(f"{address}/certificates", form, certificate=[certificate])
    assert refused.status_code == 409


def test_signing_needs_the_token_of_the_page(script: Script) -> None:
    answer = script.browser.client.post(script.address, data={"seen": seen_in(script.page)})
    assert answer.status_code == 400
