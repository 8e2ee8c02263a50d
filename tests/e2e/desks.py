"""Somebody at a browser: what is read, pressed and filled in, and how things are signed there."""

from __future__ import annotations

import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import PurePath

from playwright.sync_api import FilePayload, Locator, Page, expect

from marshrut.demonstration.town import KEY_PASSWORD, Place
from signing.keys import open_pkcs12
from signing.sign import sign_detached
from signing.verdicts import SignatureKind
from tests.e2e.office import Office, until
from tests.world import World, holder

Label = str | re.Pattern[str]

_DOCUMENT = re.compile(r"/documents/([0-9a-f-]{36})")
SAVE = "Сохранить и продолжить"
CHECKED = "Всё верно, перейти к подписи"
SIMPLY = "Перейти к подписанию"


@dataclass(frozen=True)
class Desk:
    """The browser in which somebody has signed in."""

    page: Page
    office: Office
    key: str

    @property
    def main(self) -> Locator:
        return self.page.locator("main")

    def open(self, path: str) -> None:
        """Open an address of the site: `/pairs`, or a whole one."""
        self.page.goto(path if path.startswith("http") else f"{self.office.address}{path}")

    def press(self, label: Label) -> None:
        """Press the first button, or follow the first link, of the page's main part."""
        exact = isinstance(label, str)
        main = self.main
        button = main.get_by_role("button", name=label, exact=exact)
        button.or_(main.get_by_role("link", name=label, exact=exact)).first.click()
        self.page.wait_for_load_state()

    def go_on(self) -> None:
        """Press the one button that the page offers first."""
        self.page.locator("main .main-action:visible").first.click()
        self.page.wait_for_load_state()

    def fill(self, label: str, text: str) -> None:
        """Type into the field whose label begins like this."""
        self.main.get_by_label(re.compile(f"^{label}")).first.fill(text)

    def shows(self, *texts: Label) -> None:
        for text in texts:
            expect(self.main).to_contain_text(text)

    @property
    def path(self) -> str:
        """The address of the open page, without the site."""
        return self.page.url.removeprefix(self.office.address)

    def document(self) -> str:
        """The path of the document whose page, or whose form, is open."""
        found = _DOCUMENT.search(self.page.url)
        assert found, self.page.url
        return f"/documents/{found[1]}"

    def wait_for(self, path: str, text: str) -> None:
        """Open the page again until workers have done what makes it say this."""
        url = f"{self.office.address}{path}"
        until(self.page, url, lambda page: text in _plain(page.inner_text("main")))

    def wait_until(self, path: str, *offered: Label) -> None:
        """Open the page again until workers have done what lets it offer one of these buttons."""

        def is_offered(page: Page) -> bool:
            main = page.locator("main")
            return any(
                main.get_by_role("button", name=label).count()
                + main.get_by_role("link", name=label).count()
                for label in offered
            )

        until(self.page, f"{self.office.address}{path}", is_offered)


def _plain(text: str) -> str:
    """As one types it: with plain spaces and hyphens."""
    return text.translate({0xA0: " ", 0x2011: "-"})


def desk_of(office: Office, key: str) -> Desk:
    """Where somebody sits; they sign in the first time."""
    return Desk(office.at(key), office, key)


def sign_out_everybody(office: Office) -> None:
    """A session does not last for months: before the clock goes on, everybody leaves."""
    for key in tuple(office.signed_in):
        office.leave(key)


# --- Signing --------------------------------------------------------------------------------


def prove(desk: Desk) -> None:
    """Type one's own password, and a code if one has a second factor."""
    proof = desk.office.world.proof(desk.key)
    desk.fill("Ваш пароль для входа", proof.password)
    if proof.code:
        desk.fill("Код", proof.code)
    desk.go_on()


def sign_simply(desk: Desk, document: str) -> None:
    """Sign somebody else's or one's own paper with a simple signature."""
    desk.wait_until(f"{document}/sign", SIMPLY)
    desk.press(SIMPLY)
    prove(desk)
    expect(desk.page.locator("main h1")).to_contain_text("Подписано")


def sign_own_paper(desk: Desk) -> str:
    """From the page where everything is checked to the signature; return the paper's path."""
    document = desk.document()
    desk.press(CHECKED)
    own = f"/my-pairs/papers/{document.rpartition('/')[2]}"
    desk.wait_until(own, CHECKED, SIMPLY)
    if desk.main.get_by_role("button", name=CHECKED).count():
        desk.press(CHECKED)
    sign_simply(desk, document)
    return document


def sign_with_key(desk: Desk, document: str) -> None:
    """Sign with the key that is kept here."""
    until(
        desk.page,
        f"{desk.office.address}{document}/sign",
        lambda page: page.get_by_label("Пароль ключа").count() > 0,
    )
    desk.fill("Пароль ключа", KEY_PASSWORD)
    desk.press("Подписать")
    expect(desk.page.locator("main h1")).to_contain_text("Подписано")


def sign_in_own_program(desk: Desk, document: str) -> None:
    """Download the files, sign them with a qualified key elsewhere, upload the signatures."""
    begin = "Начать подписание в своей программе"
    desk.wait_until(f"{document}/sign", begin)
    desk.press(begin)
    links = desk.main.locator("a[download]").all()
    given = {}
    for link in links:
        with desk.page.expect_download() as download:
            link.click()
        given[download.value.suggested_filename] = download.value.path().read_bytes()
    signatures = _signed_elsewhere(desk, given)
    desk.page.get_by_label("Подписи").set_input_files(signatures)
    desk.go_on()
    expect(desk.page.locator("main h1")).to_contain_text("Подписано")


def _signed_elsewhere(desk: Desk, files: dict[str, bytes]) -> Sequence[FilePayload]:
    """What a program of one's own makes of the files; it has no event loop of a browser."""
    world = desk.office.world
    key = open_pkcs12(_key_file(world, desk.key, SignatureKind.QUALIFIED), KEY_PASSWORD)
    with ThreadPoolExecutor(1) as apart:
        return [
            FilePayload(
                name=f"{PurePath(name).stem}.sig",
                mimeType="application/octet-stream",
                buffer=apart.submit(sign_detached, content, key, world.clock()).result(),
            )
            for name, content in files.items()
        ]


def add_a_key(desk: Desk) -> None:
    """Keep a key for advanced signatures here; the certificate comes from the training CA."""
    file = _key_file(desk.office.world, desk.key, SignatureKind.ADVANCED)
    desk.open("/my-signature")
    key = FilePayload(name="key.p12", mimeType="application/x-pkcs12", buffer=file)
    desk.page.get_by_label("Файл ключа").set_input_files(key)
    desk.fill("Пароль ключа", KEY_PASSWORD)
    desk.press("Добавить ключ")
    desk.shows("Ключ сохранён")


def _key_file(world: World, key: str, kind: SignatureKind) -> bytes:
    owner, place = world.person(key), _place_of(world, key)
    return world.authorities.key_file(holder(owner, place), KEY_PASSWORD, world.clock(), kind)


def _place_of(world: World, key: str) -> Place:
    return next(place for place in world.town.places.values() if key in place.people)


def acknowledge(desk: Desk, document: str) -> None:
    """Read the document and say so, with password and code."""
    desk.open(f"{document}/acknowledge")
    desk.press("Ознакомиться")
    prove(desk)
    desk.shows("простой электронной подписью")


# --- On the way of a document ---------------------------------------------------------------


def send_on_its_way(desk: Desk, document: str) -> None:
    """Finish the preparation as soon as the draft is there."""
    desk.wait_until(document, "Завершить подготовку", "Отправить на согласование")
    desk.go_on()


def agree(desk: Desk, document: str) -> None:
    desk.wait_until(document, "Согласовать")
    desk.press("Согласовать")


def return_for_rework(desk: Desk, document: str, reason: str) -> None:
    """Return the document to those who prepare it."""
    desk.open(f"{document}/return")
    desk.fill("Что", reason)
    desk.press("Вернуть на доработку")


def give_number(desk: Desk, document: str) -> None:
    """Number and date are taken from the register and printed."""
    desk.open(f"{document}/fix")
    desk.go_on()
