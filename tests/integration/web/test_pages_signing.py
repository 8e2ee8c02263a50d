"""Number and date, signing with a key kept here, and everything somebody may try there."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from flask import Flask

from marshrut.demonstration.town import KEY_PASSWORD, done
from tests.integration.web.signing_site import (
    Browser,
    agreed_appointment,
    browser_of,
    fixed_appointment,
    fixed_approval,
    forward,
    load,
    seen_in,
    signed,
    site,
    stranger,
)
from tests.world import World
from workflow.domain.documents import Document
from workflow.domain.registers import EntryState, Numbering
from workflow.domain.regulations import (
    Regulation,
    SignatureDemand,
    SignatureFormat,
    SignatureKind,
)
from workflow.domain.signatures import Signature, SignatureStatus
from workflow.ports import Packs
from workflow.usecases import desk as desks
from workflow.usecases.fix import fix
from workflow.usecases.render import CHANGED


def _page(document: Document, name: str) -> str:
    return f"/documents/{document.id}/{name}"


def _signatures(world: World, document: Document) -> list[Signature]:
    with world.services.uow.reading() as tx:
        return tx.signatures.of_document(document.id)


# --- Number and date -----------------------------------------------------------------------


def test_page_says_which_number_and_date_will_be_given(
    world: World, case_id: UUID, clerk: Browser
) -> None:
    page = clerk.read(_page(agreed_appointment(world, case_id), "fix"))
    assert "1-л/с" in page
    assert "4\N{NO-BREAK SPACE}мая\N{NO-BREAK SPACE}2026" in page
    assert "Присвоить номер и дату" in page


def test_button_gives_the_number_and_shows_progress_until_the_files_are_there(
    world: World, case_id: UUID, clerk: Browser
) -> None:
    document = agreed_appointment(world, case_id)
    address = _page(document, "fix")
    answer = clerk.send(address, clerk.read(address), seen="0")
    assert answer.status_code == 303
    assert "Готовятся файлы" in clerk.read(address)
    panel = clerk.client.get(f"{address}/progress", headers={"HX-Request": "true"})
    assert 'id="progress"' in panel.text
    world.work()
    ready = clerk.client.get(f"{address}/progress", headers={"HX-Request": "true"})
    assert ready.headers["HX-Refresh"] == "true"
    assert "Перейти к подписанию" in clerk.read(address)


def test_second_click_fixes_nothing_again(world: World, case_id: UUID, clerk: Browser) -> None:
    document = agreed_appointment(world, case_id)
    page = clerk.read(_page(document, "fix"))
    for _click in range(3):
        assert clerk.send(_page(document, "fix"), page, seen="0").status_code == 303
    assert len(load(world, document.id).fixings) == 1


def test_form_without_what_was_seen_does_not_fix_again(
    world: World, order: Document, clerk: Browser
) -> None:
    page = clerk.read("/my-signature")
    assert clerk.send(_page(order, "fix"), page).status_code == 303
    assert load(world, order.id).fixings == order.fixings


def test_number_of_a_register_kept_by_hand_is_typed_and_not_doubled(
    world: World, case_id: UUID, clerk: Browser
) -> None:
    with world.services.uow() as tx:
        register = tx.registers.find(world.place("school-1").id, "personnel")
        assert register is not None
        tx.registers.save(replace(register, numbering=Numbering.MANUAL), register)
        tx.commit()
    first, second = (agreed_appointment(world, case_id) for _ in range(2))
    page = clerk.read(_page(first, "fix"))
    assert 'name="number"' in page
    empty = clerk.send(_page(first, "fix"), page, seen="0", number=" ")
    assert empty.status_code == 422
    assert clerk.send(_page(first, "fix"), page, seen="0", number="47-к").status_code == 303
    taken = clerk.send(_page(second, "fix"), page, seen="0", number="47-к")
    assert taken.status_code == 422
    assert 'value="47-к"' in taken.text
    assert load(world, second.id).fixing is None


def test_head_sees_who_gives_the_number(world: World, case_id: UUID, head: Browser) -> None:
    page = head.read(_page(agreed_appointment(world, case_id), "fix"))
    assert 'aria-disabled="true"' in page
    assert 'name="seen"' not in page


def test_failure_of_the_files_is_told_and_may_be_tried_again(
    world: World, case_id: UUID, clerk: Browser
) -> None:
    document = agreed_appointment(world, case_id)
    done(fix(world.services, world.actor("zaytseva"), document.id))
    broken = load(world, document.id)
    assert broken.fixing is not None
    with world.services.uow() as tx:
        desk = desks.lay(tx, world.services, world.actor("zaytseva"), document.id)
        desks.save(tx, desk, broken.with_fixing(replace(broken.fixing, failure=CHANGED)))
        tx.commit()
    page = clerk.read(_page(document, "fix"))
    assert "Файлы не удалось подготовить" in page
    assert 'name="seen" value="1"' in page


# --- Signing with a key kept here ----------------------------------------------------------


def test_head_signs_with_one_password_and_reads_that_the_order_is_in_force(
    world: World, order: Document, head: Browser
) -> None:
    page = head.read(_page(order, "sign"))
    for said in ("Белова Яна Николаевна", "директор", order.manifest.main.name):  # type: ignore[union-attr]  # it is fixed
        assert said in page
    answer = head.send(_page(order, "sign"), page, seen=seen_in(page), password=KEY_PASSWORD)
    assert (answer.status_code, answer.location) == (303, _page(order, "signed"))
    assert "Подписано." in head.read(answer.location)
    assert [s.status for s in _signatures(world, order)] == [SignatureStatus.ACCEPTED]


def test_every_file_of_the_manifest_is_listed_and_can_be_read(
    world: World, case_id: UUID, head: Browser
) -> None:
    order = fixed_approval(world, case_id)
    page = head.read(_page(order, "sign"))
    assert order.manifest is not None
    assert len(order.manifest.files) == 2
    for place, file in enumerate(order.manifest.files):
        assert f"/fixed/{place}.pdf" in page
        answer = head.client.get(_page(order, f"fixed/{place}.pdf"))
        assert answer.data == world.services.blobs.get(file.pdf)
        assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert head.status(_page(order, "fixed/2.pdf")) == 404


def test_second_click_leads_to_the_first_signature(
    world: World, order: Document, head: Browser
) -> None:
    page = head.read(_page(order, "sign"))
    entered = {"seen": seen_in(page), "password": KEY_PASSWORD}
    answers = [head.send(_page(order, "sign"), page, **entered) for _ in range(3)]
    assert {(a.status_code, a.location) for a in answers} == {(303, _page(order, "signed"))}
    assert len(_signatures(world, order)) == 1


def test_two_tabs_at_the_same_moment_make_one_signature(
    world: World, app: Flask, order: Document, head: Browser
) -> None:
    page = head.read(_page(order, "sign"))
    entered = {"seen": seen_in(page), "password": KEY_PASSWORD}
    cookie = head.client.get_cookie("marshrut")
    assert cookie is not None

    def click(_tab: int) -> int:
        tab = Browser(app.test_client())
        tab.client.set_cookie("marshrut", cookie.value)
        return int(tab.send(_page(order, "sign"), page, **entered).status_code)

    with ThreadPoolExecutor(2) as tabs:
        answers = list(tabs.map(click, range(2)))
    assert answers == [303, 303]
    assert len(_signatures(world, order)) == 1


@pytest.mark.parametrize("seen", ["", "0" * 64, "f" * 1000, "не то"])
def test_tampered_digest_signs_nothing(
    world: World, order: Document, head: Browser, seen: str
) -> None:
    page = head.read(_page(order, "sign"))
    answer = head.send(_page(order, "sign"), page, seen=seen, password=KEY_PASSWORD)
    assert answer.status_code == 409
    assert "Документ изменился" in answer.text
    assert _signatures(world, order) == []


def test_page_left_open_while_the_document_was_made_ready_anew_signs_nothing(
    world: World, order: Document, head: Browser
) -> None:
    old = head.read(_page(order, "sign"))
    forward(world, days=1)
    done(fix(world.services, world.actor("belova"), order.id))
    world.work()
    head = _again(head, world)
    answer = head.send(
        _page(order, "sign"),
        head.read(_page(order, "sign")),
        seen=seen_in(old),
        password=KEY_PASSWORD,
    )
    assert answer.status_code == 409
    assert seen_in(answer.text) != seen_in(old)
    assert _signatures(world, order) == []


def _again(browser: Browser, world: World, key: str = "belova") -> Browser:
    """The person signs in anew after the clock went on."""
    return browser_of(browser.client.application, world, key)


def test_digest_of_another_document_is_refused(
    world: World, case_id: UUID, order: Document, head: Browser
) -> None:
    other = fixed_appointment(world, case_id)
    page = head.read(_page(other, "sign"))
    answer = head.send(_page(order, "sign"), page, seen=seen_in(page), password=KEY_PASSWORD)
    assert answer.status_code == 409
    assert _signatures(world, order) == []


def test_wrong_password_changes_nothing_and_is_told_at_its_field(
    world: World, order: Document, head: Browser
) -> None:
    page = head.read(_page(order, "sign"))
    answer = head.send(_page(order, "sign"), page, seen=seen_in(page), password="не тот")
    assert answer.status_code == 422
    assert 'href="#f-password"' in answer.text
    assert _signatures(world, order) == []


def test_passwords_of_a_key_cannot_be_tried_without_end(
    world: World, order: Document, head: Browser
) -> None:
    page = head.read(_page(order, "sign"))
    for guess in range(5):
        wrong = head.send(_page(order, "sign"), page, seen=seen_in(page), password=f"№ {guess}")
        assert wrong.status_code == 422
    right = {"seen": seen_in(page), "password": KEY_PASSWORD}
    late = head.send(_page(order, "sign"), page, **right)
    assert late.status_code == 429
    assert _signatures(world, order) == []
    forward(world, minutes=10)
    assert head.send(_page(order, "sign"), page, **right).status_code == 303


def test_form_without_its_token_is_refused(world: World, order: Document, head: Browser) -> None:
    page = head.read(_page(order, "sign"))
    answer = head.client.post(
        _page(order, "sign"), data={"seen": seen_in(page), "password": KEY_PASSWORD}
    )
    assert answer.status_code == 400
    assert _signatures(world, order) == []


def test_clerk_reads_why_signing_is_not_for_them(
    world: World, order: Document, clerk: Browser, head: Browser
) -> None:
    page = clerk.read(_page(order, "sign"))
    assert "Сейчас подписать нельзя" in page
    assert 'name="password"' not in page
    seen = seen_in(head.read(_page(order, "sign")))
    form = clerk.read("/my-signature")
    answer = clerk.send(_page(order, "sign"), form, seen=seen, password=KEY_PASSWORD)
    assert answer.status_code == 409
    assert _signatures(world, order) == []


@pytest.mark.parametrize("key", ["petrov", "gareev", "mironova"])
def test_for_others_the_document_is_not_there(
    world: World, app: Flask, order: Document, key: str
) -> None:
    other = browser_of(app, world, key)
    for name in ("fix", "sign", "signed", "paper", "acknowledge", "acknowledgements", "delivery"):
        assert other.status(_page(order, name)) == 404, name
    for name in ("fixed/0.pdf", "fixed.zip", "original.zip", "copy-0.pdf"):
        assert other.status(_page(order, name)) == 404, name
    form = other.read("/my-signature")
    for name in ("fix", "sign", "sign/elsewhere", "paper", "acknowledge", "delivery"):
        assert other.send(_page(order, name), form, seen="1", password="x").status_code == 404, name


def test_strangers_are_asked_to_sign_in(app: Flask, order: Document) -> None:
    answer = stranger(app).client.get(_page(order, "sign"))
    assert (answer.status_code, "/login" in (answer.location or "")) == (303, True)


def test_unknown_documents_are_not_there(head: Browser) -> None:
    for name in ("fix", "sign", "signed", "paper", "acknowledge", "delivery"):
        assert head.status(f"/documents/{uuid4()}/{name}") == 404


def test_whoever_has_no_key_is_led_to_their_own_program(
    world: World, order: Document, head: Browser
) -> None:
    with world.services.uow() as tx:
        for key in tx.person_keys.of_person(world.person("belova").person_id):
            tx.person_keys.save(replace(key, removed_at=world.clock(), sealed=b""), key)
        tx.commit()
    page = head.read(_page(order, "sign"))
    assert 'name="password"' not in page
    assert "Начать подписание в своей программе" in page


def test_ended_certificate_is_told_before_anybody_signs(
    world: World, case_id: UUID, app: Flask
) -> None:
    forward(world, days=3 * 366)
    order = fixed_appointment(world, case_id)
    page = browser_of(app, world, "belova").read(_page(order, "sign"))
    assert "Срок действия сертификата истёк." in page
    assert 'name="password"' not in page


def test_signature_that_cannot_be_decided_is_shown_as_received(
    world: World, order: Document, head: Browser
) -> None:
    forward(world, days=100)  # the newest revocation list is out of date by now
    head = _again(head, world)
    done(fix(world.services, world.actor("belova"), order.id))
    world.work()
    signature = signed(world, order)
    assert signature.status is SignatureStatus.RECEIVED
    page = head.read(_page(order, "signed"))
    assert "Подпись получена, проверяется" in page
    assert head.client.get(_page(order, "sign")).location == _page(order, "signed")


# --- After midnight ------------------------------------------------------------------------


def test_after_midnight_the_head_renews_the_date_and_signs(
    world: World, order: Document, head: Browser
) -> None:
    forward(world, days=1)
    head = _again(head, world)
    page = head.read(_page(order, "sign"))
    assert "Обновить дату" in page
    assert 'name="password"' not in page
    assert head.send(_page(order, "fix"), page, seen=seen_in(page)).status_code == 303
    world.work()
    again = load(world, order.id)
    assert again.number == order.number
    assert again.dated == order.dated + timedelta(days=1)  # type: ignore[operator]  # it is fixed
    page = head.read(_page(order, "sign"))
    answer = head.send(_page(order, "sign"), page, seen=seen_in(page), password=KEY_PASSWORD)
    assert answer.status_code == 303
    with world.services.uow.reading() as tx:
        states = [e.state for e in tx.entries.of_document(order.id)]
    assert states == [EntryState.REGISTERED]


def test_nothing_is_renewed_by_looking(world: World, order: Document, head: Browser) -> None:
    forward(world, days=1)
    head = _again(head, world)
    for name in ("sign", "fix", "fix/progress", "signed"):
        head.client.get(_page(order, name))
    assert load(world, order.id).fixings == order.fixings


def test_head_renews_no_date_before_midnight(world: World, order: Document, head: Browser) -> None:
    page = head.read(_page(order, "sign"))
    answer = head.send(_page(order, "fix"), page, seen="1")
    assert answer.status_code == 409
    assert load(world, order.id).fixings == order.fixings


def test_signed_document_is_not_fixed_again(world: World, order: Document, clerk: Browser) -> None:
    form = clerk.read("/my-signature")
    signed(world, order)
    answer = clerk.send(_page(order, "fix"), form, seen="1")
    assert answer.status_code == 409
    assert load(world, order.id).fixings == order.fixings


# --- Qualified signatures ------------------------------------------------------------------


@dataclass(frozen=True)
class QualifiedPacks:
    """The installed packs, with a qualified signature demanded for every document."""

    packs: Packs

    def names(self) -> tuple[str, ...]:
        return self.packs.names()

    def newest(self, name: str) -> Regulation:
        return _qualified(self.packs.newest(name))

    def sources(self, name: str) -> Mapping[str, str]:
        return self.packs.sources(name)

    def get(self, name: str, version: str) -> Regulation:
        return _qualified(self.packs.get(name, version))


def _qualified(regulation: Regulation) -> Regulation:
    demand = SignatureDemand(SignatureKind.QUALIFIED, SignatureFormat.CADES)
    types = regulation.document_types
    changed = {code: replace(kind, signature=demand) for code, kind in types.items()}
    return replace(regulation, document_types=changed)


def test_qualified_step_takes_no_key_of_the_server_and_says_why(
    world: World, order: Document
) -> None:
    strict = replace(
        world, services=replace(world.services, packs=QualifiedPacks(world.services.packs))
    )
    head = browser_of(site(strict), strict, "belova")
    page = head.read(_page(order, "sign"))
    assert "Квалифицированная подпись ставится только ключом, который хранится у владельца." in page
    assert 'name="password"' not in page
    assert "Начать подписание в своей программе" in page
    answer = head.send(_page(order, "sign"), page, seen=seen_in(page), password=KEY_PASSWORD)
    assert answer.status_code == 409
    assert _signatures(world, order) == []
