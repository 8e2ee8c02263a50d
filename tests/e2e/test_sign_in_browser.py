"""A head signs with a GOST key in a real browser, through a stand-in for the КриптоПро plug-in.

The page and its script are the real ones, under the real policy; the plug-in is not (see
cadesplugin_stand_in.js): nothing here says that КриптоПро itself does the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from tests.e2e.office import Office, pages_of
from tests.gost_training import GostAuthority
from tests.hash_signer import HashSigner, SignerError
from tests.integration.web.signing_site import fixed_appointment, programme
from tests.world import World
from workflow.domain.documents import Document
from workflow.domain.signatures import Signature, SignatureStatus

STAND_IN = Path(__file__).parent / "cadesplugin_stand_in.js"
CANCELLED = "Действие отменено пользователем. (0x8010006E)"
SIGN = "Подписать"
BROKEN = ""  # a certificate of which the plug-in cannot say anything
SHORT = timedelta(days=1)  # it began two days ago


@dataclass
class Program:
    """What runs beside the browser and holds the keys; `fails_with` is what it says next."""

    world: World
    signer: HashSigner
    signed: list[str] = field(default_factory=list)
    fails_with: list[str] = field(default_factory=list)

    def install(self, page: Page) -> None:
        page.expose_function("standInCertificates", lambda: [*self.signer.certificates(), BROKEN])
        page.expose_function("standInSign", lambda *asked: self.sign(*asked))

    def sign(self, place: int, algorithm: int, digest: str) -> str:
        if self.fails_with:
            raise SignerError(self.fails_with.pop())
        self.signed.append(digest)
        return self.signer.sign(place, algorithm, digest, self.world.clock())


@pytest.fixture
def order(world: World) -> Document:
    """An order that waits for the head's signature: one file, a signature beside it."""
    with ThreadPoolExecutor(1) as apart:
        return apart.submit(lambda: fixed_appointment(world, programme(world))).result()


@pytest.fixture
def program(world: World) -> Program:
    """The head's own GOST key, one that has ended, and a key of somebody else."""
    with ThreadPoolExecutor(1) as apart:
        authority = apart.submit(GostAuthority.trusted, world).result()
    ended = authority.key("belova", "school-1", lives=SHORT)
    keys = (authority.key("petrov", "school-2"), authority.key("belova", "school-1"), ended)
    return Program(world, HashSigner(keys))


@pytest.fixture
def office(
    browser: Browser, serve: Callable[[Flask], str], world: World, tmp_path: Path
) -> Iterator[Office]:
    people = Office(browser, serve(pages_of(world, tmp_path, STAND_IN)), world)
    yield people
    people.close()


@pytest.fixture
def said(office: Office) -> list[str]:
    """Everything that the head's browser complains of, a broken policy among it."""
    complaints: list[str] = []
    page = office.at("belova")
    page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return complaints


def opened(office: Office, order: Document, program: Program | None) -> Page:
    page = office.at("belova")
    if program:
        program.install(page)
    page.goto(f"{office.address}/documents/{order.id}/sign")
    page.get_by_role("link", name="Перейти к подписанию в браузере").click()
    return page


def signatures_of(world: World, order: Document) -> list[Signature]:
    with world.services.uow.reading() as tx:
        return tx.signatures.of_document(order.id)


def test_order_is_signed_with_the_heads_own_gost_key(
    office: Office, order: Document, program: Program, said: list[str]
) -> None:
    page = opened(office, order, program)
    own = page.get_by_role("radio").nth(0)
    expect(own).to_be_checked()
    expect(own).to_have_value("1")
    expect(page.get_by_role("radio").nth(1)).to_be_disabled()
    main = page.locator("main")
    expect(main).to_contain_text("Сертификат принадлежит другому лицу: Петров")
    expect(main).to_contain_text("Срок действия сертификата закончился")
    page.get_by_role("button", name=SIGN, exact=True).click()
    expect(main.locator("h1")).to_contain_text("Подписано")
    (made,) = signatures_of(office.world, order)
    assert made.status is SignatureStatus.ACCEPTED
    assert made.owner.startswith("Белова")
    assert [len(digest) for digest in program.signed] == [64]
    assert said == []


def test_where_no_plug_in_answers_the_page_says_what_to_install(
    office: Office, order: Document
) -> None:
    page = opened(office, order, None)
    main = page.locator("main")
    expect(main).to_contain_text("Что нужно установить")
    expect(main).to_contain_text("КриптоПро ЭЦП Browser plug-in")
    expect(page.get_by_role("button", name=SIGN, exact=True)).to_have_count(0)
    page.get_by_role("button", name="Начать подписание в своей программе").click()
    expect(main).to_contain_text("Загрузите подписи до")


def test_whoever_cancels_is_told_and_may_sign_again(
    office: Office, order: Document, program: Program
) -> None:
    program.fails_with = [CANCELLED]
    page = opened(office, order, program)
    button = page.get_by_role("button", name=SIGN, exact=True)
    button.click()
    expect(page.get_by_role("alert")).to_contain_text("Вы отменили подписание")
    assert signatures_of(office.world, order) == []
    button.click()
    expect(page.locator("main h1")).to_contain_text("Подписано")


def test_who_forbids_the_plug_in_is_told_how_to_allow_it(
    office: Office, order: Document, program: Program
) -> None:
    program.fails_with = ["Отказано в доступе. (0x80070005)"]
    page = opened(office, order, program)
    page.get_by_role("button", name=SIGN, exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("Плагину не разрешено работать")
    expect(page.get_by_role("alert")).to_contain_text("(0x80070005)")


def test_two_clicks_sign_once(office: Office, order: Document, program: Program) -> None:
    page = opened(office, order, program)
    page.get_by_role("button", name=SIGN, exact=True).dblclick()
    expect(page.locator("main h1")).to_contain_text("Подписано")
    assert len(program.signed) == 1
    assert len(signatures_of(office.world, order)) == 1


def test_of_two_tabs_one_signs_and_the_other_finds_the_signature(
    office: Office, order: Document, program: Program
) -> None:
    page = opened(office, order, program)
    other = page.context.new_page()
    program.install(other)
    other.goto(page.url)
    page.get_by_role("button", name=SIGN, exact=True).click()
    expect(page.locator("main h1")).to_contain_text("Подписано")
    other.get_by_role("button", name=SIGN, exact=True).click()
    expect(other.locator("main h1")).to_contain_text("Подписано")
    assert len(signatures_of(office.world, order)) == 1


def test_page_left_open_for_a_night_says_to_reload_it(
    office: Office, order: Document, program: Program
) -> None:
    page = opened(office, order, program)
    button = page.get_by_role("button", name=SIGN, exact=True)
    expect(button).to_be_enabled()
    page.context.clear_cookies()
    button.click()
    expect(page.get_by_role("alert")).to_contain_text("Страница устарела, или вы вышли")
    assert program.signed == []


def test_list_fits_a_telephone(office: Office, order: Document, program: Program) -> None:
    page = opened(office, order, program)
    expect(page.get_by_role("radio")).to_have_count(3)
    for width in (320, 360, 768, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize(
    "calls",
    [
        "hashed.SetHashValue('00')",
        "hashed.propset_Algorithm(101).then(() => hashed.SetHashValue('not hex'))",
        "signed.SignHash(hashed, signer, cadesplugin.CADESCOM_CADES_BES)",
        "signed.SignHash(hashed, signer, cadesplugin.CADESCOM_PKCS7_TYPE)",
        "(async () => signed.SignCades(signer, 1, true))()",
        "cadesplugin.CreateObjectAsync('CAdESCOM.SignedXML')",
    ],
)
def test_stand_in_refuses_other_calls_and_other_orders(
    office: Office, order: Document, program: Program, calls: str
) -> None:
    page = opened(office, order, program)
    expect(page.get_by_role("radio")).to_have_count(3)
    code = """async () => {
      const made = (name) => cadesplugin.CreateObjectAsync(`CAdESCOM.${name}`);
      const hashed = await made("HashedData");
      const signer = await made("CPSigner");
      const signed = await made("CadesSignedData");
      try { await CALLS; } catch (error) { return error.message; }
      return "";
    }"""
    assert "(0x80070057)" in page.evaluate(code.replace("CALLS", calls))
