"""Signing inside the PDF with the key in the signer's browser, judged by others afterwards."""

from __future__ import annotations

import subprocess
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from marshrut.cli import main
from marshrut.demonstration.town import KEY_PASSWORD, done
from signing.certificates import load_certificate
from signing.keys import SigningKey, open_pkcs12
from signing.trust import TrustAnchor, TrustStore
from signing.trust_folder import save_trust_folder
from signing.verdicts import SignatureKind as AnchorKind
from tests.e2e.conftest import Apart
from tests.e2e.office import Office, pages_of
from tests.e2e.test_sign_in_browser import CANCELLED, SIGN, STAND_IN, Program, signatures_of
from tests.gost_training import GostAuthority
from tests.hash_signer import HashSigner
from tests.integration.web.signing_site import fixed_approval, load, programme
from tests.integration.workflow import acts
from tests.integration.workflow.pdf_office import PACK, order_of_deputies
from tests.integration.workflow.test_two_signers import working_by
from tests.world import World, holder
from workflow.domain.documents import Document
from workflow.domain.signatures import SignatureStatus
from workflow.usecases.staff import give_mandate

DAY = timedelta(days=1)
WAITS_FOR_THE_PIN = "window.standInSign = () => new Promise(() => {});"


@pytest.fixture
def approval(world: World) -> Document:
    """An order and the roadmap that it approves: two files, signed inside the PDF."""
    with ThreadPoolExecutor(1) as apart:
        return apart.submit(lambda: fixed_approval(world, programme(world))).result()


@pytest.fixture
def gost(world: World) -> GostAuthority:
    with ThreadPoolExecutor(1) as apart:
        return apart.submit(GostAuthority.trusted, world).result()


@pytest.fixture
def office(
    browser: Browser, serve: Callable[[Flask], str], world: World, tmp_path: Path
) -> Iterator[Office]:
    people = Office(browser, serve(pages_of(world, tmp_path, STAND_IN)), world)
    yield people
    people.close()


def own_key(world: World, who: str) -> SigningKey:
    owner = holder(world.person(who), world.place("school-1"))
    made = world.authorities.key_file(owner, KEY_PASSWORD, world.clock())
    return open_pkcs12(made, KEY_PASSWORD)


def opened(office: Office, who: str, document: UUID, program: Program | None) -> Page:
    page = office.at(who)
    if program:
        program.install(page)
    page.goto(f"{office.address}/documents/{document}/sign")
    page.get_by_role("link", name="Перейти к подписанию в браузере").click()
    return page


def signed_and_downloaded(
    office: Office, order: Document, program: Program, folder: Path
) -> list[Path]:
    """Sign as the head does, and take the originals away as the page of the report offers them."""
    page = opened(office, "belova", order.id, program)
    expect(page.locator("main")).to_contain_text("Подпись ставится внутри PDF")
    page.get_by_role("button", name=SIGN, exact=True).click()
    expect(page.locator("main h1")).to_contain_text("Подписано")
    assert len(program.signed) == 2
    page.get_by_role("link", name="Отчёт о проверке").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Подлинник с подписью (архив)").click()
    with zipfile.ZipFile(download.value.path()) as archive:
        archive.extractall(folder)
    return sorted(folder.rglob("*.pdf"))


def test_order_signed_with_a_gost_key_is_verified_from_the_command_line(
    office: Office, approval: Document, gost: GostAuthority, tmp_path: Path, apart: Apart
) -> None:
    program = Program(office.world, HashSigner((gost.key("belova", "school-1"),)))
    files = signed_and_downloaded(office, approval, program, tmp_path / "taken")
    (made,) = signatures_of(office.world, approval)
    assert made.status is SignatureStatus.ACCEPTED
    assert len(files) == 2
    head = office.world.person("belova")
    command = ["verify", *trusting(gost, tmp_path), "--for", f"{head.last} {head.given}"]
    for file in files:
        result = run(apart, *command, str(file))
        assert result.exit_code == 0, result.output
        assert "подпись действительна" in result.output
        assert "внутри PDF, CMS" in result.output
    changed = tmp_path / "changed.pdf"
    changed.write_bytes(files[0].read_bytes().replace(b"72 720 Td", b"72 721 Td"))
    assert run(apart, *command, str(changed)).exit_code == 1


def run(apart: Apart, *command: str) -> Result:
    """What the command answers; a browser has a loop in this thread."""
    answer = apart(lambda: CliRunner().invoke(main, list(command)))
    assert isinstance(answer, Result)
    return answer


def trusting(gost: GostAuthority, folder: Path) -> list[str]:
    """Options of the command: the authority, its lists, and the day of the signing."""
    now, authority = gost.world.clock(), gost.authority
    root = load_certificate(authority.root.certificate_der)
    anchor = TrustAnchor(root, AnchorKind.TRAINING, AnchorKind.ADVANCED)
    save_trust_folder(TrustStore([anchor]), folder / "trust")
    options = ["--trust", str(folder / "trust"), "--at", f"{now:%Y-%m-%dT%H:%M}"]
    for name, made in (
        ("root", authority.root_crl(now - DAY, now + 30 * DAY)),
        ("issuing", authority.crl(now - DAY, now + 30 * DAY)),
    ):
        (folder / f"{name}.crl").write_bytes(made)
        options += ["--crl", str(folder / f"{name}.crl")]
    return options


def test_order_signed_with_an_ecdsa_key_is_valid_for_pdfsig(
    office: Office, approval: Document, tmp_path: Path
) -> None:
    program = Program(office.world, HashSigner((own_key(office.world, "belova"),)))
    files = signed_and_downloaded(office, approval, program, tmp_path / "taken")
    assert len(files) == 2
    for file in files:
        said = pdfsig(file)
        assert "Signature is Valid" in said
        assert "Total document signed" in said
        assert "adbe.pkcs7.detached" in said
    changed = tmp_path / "changed.pdf"
    changed.write_bytes(files[0].read_bytes().replace(b"72 720 Td", b"72 721 Td"))
    assert "Digest Mismatch" in pdfsig(changed)


def pdfsig(file: Path) -> str:
    ran = subprocess.run(["pdfsig", str(file)], capture_output=True, timeout=60)
    return ran.stdout.decode(errors="replace")  # it cuts long names in the middle of a letter


@pytest.fixture
def order(world: World) -> UUID:
    """An order that either of two deputies signs inside the PDF."""

    def made() -> UUID:
        working_by(world, PACK)
        post, since = UUID(world.employment("ershov")), world.clock().date()
        ground = "приказ от 04.05.2026 № 7-к"
        operator = world.town.operator
        done(give_mandate(world.services, operator, post, "deputy", since, None, ground))
        return order_of_deputies(world, acts.open_programme(world))

    with ThreadPoolExecutor(1) as apart:
        return apart.submit(made).result()


def test_others_wait_while_the_plugin_asks_for_the_pin_and_sign_once_the_page_is_left(
    order: UUID, office: Office
) -> None:
    world = office.world
    first = office.at("safina")
    first.add_init_script(WAITS_FOR_THE_PIN)
    own = HashSigner((own_key(world, "safina"),))
    first.expose_function("standInCertificates", lambda: own.certificates())
    opened(office, "safina", order, None)
    first.get_by_role("button", name=SIGN, exact=True).click()
    expect(first.get_by_role("status").filter(has_text="Подписываем")).to_be_visible()
    program = Program(world, HashSigner((own_key(world, "ershov"),)))
    second = office.at("ershov")
    program.install(second)
    second.goto(f"{office.address}/documents/{order}/sign/browser")
    expect(second.locator("main")).to_contain_text("Документ сейчас подписывает Сафина")
    expect(second.get_by_role("button", name=SIGN, exact=True)).to_have_count(0)
    first.goto(f"{office.address}/")
    expect(first.get_by_role("heading", name="Что ждёт меня")).to_be_visible()
    again = second.get_by_role("link", name="Проверить ещё раз")
    expect(again).to_be_visible()
    until_free(second)
    second.get_by_role("button", name=SIGN, exact=True).click()
    expect(second.locator("main h1")).to_contain_text("Подписано")
    assert len(signatures_of(world, load(world, order))) == 1


def until_free(page: Page) -> None:
    """Look once more until the document is free: the word of the other page takes a moment."""
    for _ in range(50):
        page.get_by_role("link", name="Проверить ещё раз").click()
        page.wait_for_load_state()
        if not page.get_by_text("Документ сейчас подписывает").count():
            return
        page.wait_for_timeout(100)
    raise AssertionError("the document does not become free")


def test_who_cancels_gives_the_document_free_at_once(order: UUID, office: Office) -> None:
    world = office.world
    program = Program(world, HashSigner((own_key(world, "safina"),)), fails_with=[CANCELLED])
    page = opened(office, "safina", order, program)
    with page.expect_response(lambda answer: answer.url.endswith("/cancel")) as given:
        page.get_by_role("button", name=SIGN, exact=True).click()
    assert given.value.status == 204
    expect(page.get_by_role("alert")).to_contain_text("Вы отменили подписание")
    with world.services.uow.reading() as tx:
        assert tx.pdf_leases.of_document(order) is None
    page.get_by_role("button", name=SIGN, exact=True).click()
    expect(page.locator("main h1")).to_contain_text("Подписано")
