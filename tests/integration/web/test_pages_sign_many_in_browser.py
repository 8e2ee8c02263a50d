"""Signing several documents with the key in the browser: what the page's script asks."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from marshrut.demonstration.town import KEY_PASSWORD
from signing.keys import open_pkcs12
from tests.hash_signer import HashSigner
from tests.integration.web.bulk_pages import (
    FIELD,
    ask,
    looked_at,
    press,
)
from tests.integration.web.bulk_site import HEAD, fixed_appointments, signatures_of
from tests.integration.web.signing_site import (
    Browser,
    browser_of,
    fixed_approval,
    forward,
    programme,
    site,
)
from tests.world import World, holder
from workflow.domain.documents import Document
from workflow.domain.signatures import SignatureStatus

COUNT = 3


@pytest.fixture
def app(world: World) -> Flask:
    return site(world)


@pytest.fixture
def orders(world: World) -> list[Document]:
    return fixed_appointments(world, programme(world), COUNT)


@pytest.fixture
def head(app: Flask, world: World) -> Browser:
    return browser_of(app, world, HEAD)


@dataclass
class Plugin:
    """What the page's script does with the plug-in, for a list."""

    world: World
    browser: Browser
    at: str
    signer: HashSigner

    def post(self, address: str, **fields: object) -> Any:
        token = dict(FIELD.findall(self.browser.read("/my-signature")))["csrf_token"]
        return self.browser.client.post(address, data={"csrf_token": token, **fields})

    def begin(self, document: Document) -> Any:
        certificate = self.signer.certificates()[0]
        return self.post(f"{self.at}/documents/{document.id}/begin", certificate=certificate)

    def sign(self, begun: Any) -> list[str]:
        now = self.world.clock()
        return [self.signer.sign(0, 4, digest, now) for digest in begun.json["digests"]]

    def hand_in(self, begun: Any, signatures: list[str]) -> Any:
        return self.post(begun.json["hand_in"], signature=signatures)


@pytest.fixture
def in_browser(world: World, tmp_path: Path) -> Browser:
    script = tmp_path / "cadesplugin_api.js"
    script.write_text("window.cadesplugin = Promise.resolve();\n")
    return browser_of(site(world, cades_plugin=script), world, HEAD)


def own_key(world: World) -> HashSigner:
    owner = holder(world.person(HEAD), world.place("school-1"))
    file = world.authorities.key_file(owner, KEY_PASSWORD, world.clock())
    return HashSigner((open_pkcs12(file, KEY_PASSWORD),))


def test_certificate_is_chosen_once_and_each_document_is_handed_in(
    in_browser: Browser, orders: list[Document], world: World
) -> None:
    at = looked_at(in_browser, orders, way="browser")
    assert press(in_browser, in_browser.read(at), "/confirm").location == f"{at}/signing"
    plugin = Plugin(world, in_browser, at, own_key(world))
    offered = plugin.post(f"{at}/certificates", certificate=plugin.signer.certificates())
    assert "Белова" in offered.text
    for one in orders:
        begun = plugin.begin(one)
        signatures = plugin.sign(begun)
        answers = [plugin.hand_in(begun, signatures) for _again in range(2)]
        assert [a.json["mark"] for a in answers] == ["done", "done"]
        assert plugin.begin(one).json["mark"] == "done"
    assert len(signatures_of(world, orders)) == COUNT
    assert "Подписано 3 документа" in in_browser.read(f"{at}/result")


def test_of_two_tabs_with_the_plug_in_one_signs_and_the_other_finds_it(
    in_browser: Browser, orders: list[Document], world: World
) -> None:
    at = looked_at(in_browser, orders[:1], way="browser")
    press(in_browser, in_browser.read(at), "/confirm")
    plugin = Plugin(world, in_browser, at, own_key(world))
    one, other = plugin.begin(orders[0]), plugin.begin(orders[0])
    second = plugin.sign(other)
    forward(world, seconds=1)
    first = plugin.hand_in(one, plugin.sign(one))
    assert plugin.hand_in(other, second).json == first.json
    assert len(signatures_of(world, orders)) == 1


def test_document_signed_inside_the_pdf_is_in_the_list_of_the_browser(
    in_browser: Browser, world: World
) -> None:
    order = fixed_approval(world, programme(world))
    at = looked_at(in_browser, [order], way="browser")
    press(in_browser, in_browser.read(at), "/confirm")
    plugin = Plugin(world, in_browser, at, own_key(world))
    begun = plugin.begin(order)
    assert begun.json["cancel"]
    assert plugin.hand_in(begun, plugin.sign(begun)).json["mark"] == "done"
    assert [s.status for s in signatures_of(world, [order])] == [SignatureStatus.ACCEPTED]


def test_signing_of_another_document_or_list_is_not_there(
    in_browser: Browser, orders: list[Document], world: World
) -> None:
    at = looked_at(in_browser, orders, way="browser")
    press(in_browser, in_browser.read(at), "/confirm")
    plugin = Plugin(world, in_browser, at, own_key(world))
    begun = plugin.begin(orders[0])
    address = begun.json["hand_in"].replace(str(orders[0].id), str(orders[1].id))
    assert plugin.post(address, signature=plugin.sign(begun)).status_code == 404
    assert plugin.post(begun.json["hand_in"], signature=["не base64"]).status_code == 409
    assert signatures_of(world, orders) == []


def test_list_for_the_browser_is_not_signed_with_a_key_kept_here(
    in_browser: Browser, orders: list[Document], world: World
) -> None:
    at = looked_at(in_browser, orders[:1], way="browser")
    assert ask(in_browser, at, orders[0]).json["code"] == "bulk.not_confirmed"
    press(in_browser, in_browser.read(at), "/confirm", password=KEY_PASSWORD)
    assert ask(in_browser, at, orders[0]).json["code"] == "bulk.not_confirmed"
    assert signatures_of(world, orders) == []


def test_where_no_plug_in_is_set_up_the_way_is_not_offered(
    head: Browser, orders: list[Document]
) -> None:
    assert "КриптоПро" not in head.read("/sign-many?way=browser")
