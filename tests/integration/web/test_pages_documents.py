"""A document's page, visas, return for rework: who sees what, who may do what."""

from __future__ import annotations

import re
from dataclasses import replace
from uuid import UUID

import pytest
from flask import Flask

from marshrut.demonstration.town import done
from tests.integration.web.signing_site import (
    Browser,
    browser_of,
    fixed_appointment,
    fixed_approval,
    load,
    prepared,
    signed,
)
from tests.told_once import told_once
from tests.world import FakeConverter, World
from workflow.domain.documents import Document, Verdict
from workflow.domain.refusals import Refusal
from workflow.usecases.prepare import save_facts, start_document, submit
from workflow.usecases.return_for_rework import return_for_rework

TAG = re.compile(r"<[^>]+>")


@pytest.fixture
@told_once
def roadmap(world: World, case_id: UUID) -> Document:
    """Being agreed: it waits for the curator's visa."""
    signed(world, fixed_appointment(world, case_id))
    return prepared(world, case_id, "D04", {"period": "2026 год"})


@pytest.fixture
def curator(app: Flask, world: World) -> Browser:
    return browser_of(app, world, "safina")


def address(document: Document, name: str = "") -> str:
    return f"/documents/{document.id}" + (f"/{name}" if name else "")


def words(page: str) -> str:
    """The text of a page as it is read, without markup."""
    return " ".join(TAG.sub(" ", page).split())


def agree_address(page: str) -> str:
    found = re.search(r'action="([^"]+/agree\?[^"]+)"', page)
    assert found, "the page has no button for the visa"
    return found[1].replace("&amp;", "&")


# --- Who sees it ---------------------------------------------------------------------------


def test_those_who_work_on_it_see_the_document(app: Flask, world: World, roadmap: Document) -> None:
    for key in ("zaytseva", "safina", "belova"):
        page = words(browser_of(app, world, key).read(address(roadmap)))
        assert "План мероприятий (дорожная карта)" in page
        assert "На согласовании" in page


def test_to_others_the_document_is_not_there(app: Flask, world: World, roadmap: Document) -> None:
    names = ["", "progress", "text/0.pdf", "return", "agree/remarks", "facts", "facts/main"]
    for key in ("fomina", "petrov", "gareev", "mironova"):
        browser = browser_of(app, world, key)
        assert {browser.status(address(roadmap, name)) for name in names} == {404}


def test_another_school_can_do_nothing_to_it(app: Flask, world: World, roadmap: Document) -> None:
    stranger = browser_of(app, world, "fomina")
    own = stranger.read("/programmes/new")
    for action in ("submit", "agree?seen=x", "agree/remarks", "return", "facts/main"):
        answer = stranger.send(address(roadmap, action), own, reason="нет", remark="нет")
        assert answer.status_code == 404, action
    assert load(world, roadmap.id) == roadmap


# --- Where it stands -----------------------------------------------------------------------


def test_the_next_step_is_the_readers_own(curator: Browser, roadmap: Document) -> None:
    page = curator.read(address(roadmap))
    assert "Прочитайте проект и согласуйте его" in words(page)
    assert page.count('class="button main-action"') == 1


def test_others_are_told_whom_it_waits_for_and_why_they_cannot_act(
    clerk: Browser, roadmap: Document
) -> None:
    page = clerk.read(address(roadmap))
    assert "Ждёт согласования: Сафина" in words(page)
    assert 'aria-disabled="true"' in page
    assert "Этот шаг выполняет другой работник" in words(page)


def test_a_draft_is_marked_on_the_screen_and_nothing_in_force_is(
    world: World, clerk: Browser, case_id: UUID
) -> None:
    order = fixed_appointment(world, case_id)
    assert '<p class="preview-mark"><span>ПРОЕКТ</span>' in clerk.read(address(order))
    signed(world, order)
    page = clerk.read(address(order))
    assert "preview-mark" not in page
    assert "Действует" in words(page)
    assert f"№ {load(world, order.id).number}" in words(page)


def test_signatures_stand_on_the_page_with_their_reports(
    world: World, clerk: Browser, case_id: UUID
) -> None:
    order = fixed_appointment(world, case_id)
    signature = signed(world, order)
    page = clerk.read(address(order))
    assert f'href="/signatures/{signature.id}/report"' in page
    assert "Подпись действительна" in words(page)
    assert "Копия с отметкой об электронной подписи" in words(page)


def test_whoever_only_acknowledges_is_led_to_it_and_to_no_programme(
    app: Flask, world: World, case_id: UUID
) -> None:
    order = fixed_appointment(world, case_id)
    named = browser_of(app, world, "ershov")
    assert named.status(address(order)) == 404
    signed(world, order)
    page = named.read(address(order))
    assert f"/documents/{order.id}/acknowledge" in page
    assert "/programmes/" not in page


def test_the_route_says_who_did_what_and_who_is_next(
    world: World, clerk: Browser, case_id: UUID
) -> None:
    order = fixed_appointment(world, case_id)
    signed(world, order)
    page = words(clerk.read(address(order)))
    assert "Подпись Белова" in page
    assert "Ждёт ознакомления: Сафина" in page
    assert "ТК РФ, ст. 22" in page


def test_an_approved_document_bears_number_and_file_of_its_order(
    world: World, clerk: Browser, case_id: UUID
) -> None:
    order = fixed_approval(world, case_id)
    signed(world, order)
    with world.services.uow.reading() as tx:
        (annex,) = tx.documents.approved_by(order.id)
    page = words(clerk.read(address(annex)))
    assert f"№ {order.number}" in page
    assert "Утверждается документом: Приказ об утверждении" in page
    manifest = load(world, order.id).manifest
    assert manifest is not None
    answer = clerk.client.get(address(annex, "text/0.pdf"))
    assert answer.data == world.services.blobs.get(manifest.files[1].pdf)


# --- Files ---------------------------------------------------------------------------------


def test_files_are_handed_out_as_they_are_stored(
    world: World, clerk: Browser, roadmap: Document
) -> None:
    assert roadmap.manifest is not None
    main = roadmap.manifest.main
    pdf = clerk.client.get(address(roadmap, "text/0.pdf"))
    docx = clerk.client.get(address(roadmap, "text/0.docx"))
    assert (pdf.data, pdf.mimetype) == (world.services.blobs.get(main.pdf), "application/pdf")
    assert pdf.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert docx.data == world.services.blobs.get(main.docx)
    assert docx.headers["Content-Disposition"].startswith("attachment")


def test_a_file_that_is_not_there_is_not_found(clerk: Browser, roadmap: Document) -> None:
    for name in ("text/7.pdf", "text/0.exe", "text/0.pdf?revision=9"):
        assert clerk.status(address(roadmap, name)) == 404


# --- Visas ---------------------------------------------------------------------------------


def test_a_visa_binds_what_the_page_showed(
    world: World, curator: Browser, roadmap: Document
) -> None:
    page = curator.read(address(roadmap))
    answer = curator.send(agree_address(page), page)
    assert (answer.status_code, answer.location) == (303, address(roadmap) + "?done=agreed")
    mark = load(world, roadmap.id).marks[-1]
    assert roadmap.manifest is not None
    assert (mark.verdict, mark.bound) == (Verdict.AGREED, roadmap.manifest.digest)
    assert "Вы согласовали документ" in words(curator.read(answer.location))


def test_a_visa_on_something_else_is_refused(
    world: World, curator: Browser, roadmap: Document
) -> None:
    page = curator.read(address(roadmap))
    answer = curator.send(address(roadmap, "agree?seen=" + "0" * 64), page)
    assert answer.status_code == 409
    assert load(world, roadmap.id) == roadmap


def test_remarks_stay_with_the_visa(world: World, curator: Browser, roadmap: Document) -> None:
    form = curator.read(address(roadmap, "agree/remarks"))
    seen = roadmap.manifest.digest if roadmap.manifest else ""
    answer = curator.send(
        address(roadmap, "agree/remarks"), form, seen=seen, remark="Срок тесный, но верный"
    )
    assert answer.status_code == 303
    assert load(world, roadmap.id).marks[-1].verdict is Verdict.AGREED_WITH_REMARKS
    assert "Срок тесный, но верный" in curator.read(address(roadmap))


def test_remarks_are_asked_for_and_kept_when_the_text_has_changed(
    curator: Browser, roadmap: Document
) -> None:
    form = curator.read(address(roadmap, "agree/remarks"))
    empty = curator.send(address(roadmap, "agree/remarks"), form, seen="x", remark=" ")
    assert empty.status_code == 422
    assert "Напишите замечания" in empty.text
    late = curator.send(address(roadmap, "agree/remarks"), form, seen="x", remark="Моё слово")
    assert late.status_code == 409
    assert "Моё слово" in late.text


# --- Return for rework ---------------------------------------------------------------------


def test_a_return_needs_its_reason(world: World, curator: Browser, roadmap: Document) -> None:
    form = curator.read(address(roadmap, "return"))
    answer = curator.send(address(roadmap, "return"), form, reason="  ")
    assert answer.status_code == 422
    assert "Напишите, что нужно исправить" in words(answer.text)
    assert load(world, roadmap.id) == roadmap


def test_a_return_begins_a_revision_and_shows_its_reason(
    world: World, curator: Browser, clerk: Browser, roadmap: Document
) -> None:
    form = curator.read(address(roadmap, "return"))
    answer = curator.send(address(roadmap, "return"), form, reason="Укажите срок: до 30 мая")
    assert answer.location == address(roadmap) + "?done=returned"
    assert load(world, roadmap.id).revision.number == 2
    page = words(clerk.read(address(roadmap)))
    assert "Укажите срок: до 30 мая" in page
    assert "На доработке" in page


def test_before_a_return_it_is_said_which_visas_fall_and_which_number_is_lost(
    world: World, app: Flask, case_id: UUID
) -> None:
    order = fixed_approval(world, case_id)
    head = browser_of(app, world, "belova")
    page = words(head.read(address(order, "return")))
    assert "Будут сняты и запрошены снова визы (Сафина" in page
    assert f"Номер {order.number} будет аннулирован" in page
    head.send(
        address(order, "return"), head.read(address(order, "return")), reason="Не тот контроль"
    )
    assert "Сняты и будут запрошены снова визы (Сафина" in words(head.read(address(order)))


def test_whoever_neither_agrees_nor_signs_cannot_return_and_loses_no_word(
    world: World, app: Flask, roadmap: Document
) -> None:
    head = browser_of(app, world, "belova")
    form = head.read(address(roadmap, "return"))
    assert "может только тот, кто его согласует или подписывает" in words(form)
    own = head.read("/programmes/new")
    answer = head.send(address(roadmap, "return"), own, reason="Моё замечание")
    assert answer.status_code == 409
    assert "Моё замечание" in answer.text
    assert load(world, roadmap.id) == roadmap


def test_the_next_round_shows_what_changed_in_words(
    world: World, curator: Browser, roadmap: Document
) -> None:
    done(return_for_rework(world.services, world.actor("safina"), roadmap.id, "Срок"))
    world.work()
    facts = dict(load(world, roadmap.id).facts)
    stored = facts["rows"]
    assert isinstance(stored, tuple)
    rows = [dict(row) for row in stored]
    before, rows[2]["due"] = rows[2]["due"], "до 30 мая"
    facts |= {"rows": (*rows, {**rows[0], "text": "Семинар"}), "period": "2026–2027 годы"}
    clerk = world.actor("zaytseva")
    done(save_facts(world.services, clerk, roadmap.id, facts))
    world.work()
    done(submit(world.services, clerk, roadmap.id))
    page = curator.read(address(roadmap))
    assert "Что изменилось с редакции 1" in words(page)
    assert f"Срок: было {before} , стало до 30 мая" in words(page)
    assert "Добавлено (Строка 17): " in words(page)
    assert '<ins><span class="unseen">добавлено: </span>2026–2027</ins>' in page
    old = curator.client.get(address(roadmap, "text/0.pdf?revision=1")).data
    assert old != curator.client.get(address(roadmap, "text/0.pdf")).data


# --- Assembling ----------------------------------------------------------------------------


def test_progress_shows_while_the_draft_is_assembled_and_ends_by_itself(
    world: World, clerk: Browser, case_id: UUID
) -> None:
    actor = world.actor("zaytseva")
    document = done(start_document(world.services, actor, case_id, "D03"))
    done(save_facts(world.services, actor, document.id, document.facts))
    polled = {"HX-Request": "true"}
    assert 'hx-trigger="every 2s"' in clerk.read(address(document))
    running = clerk.client.get(address(document, "progress"), headers=polled)
    assert "Документ формируется" in running.text
    world.work()
    over = clerk.client.get(address(document, "progress"), headers=polled)
    assert over.headers["HX-Refresh"] == "true"
    assert "Отправить на согласование" in words(clerk.read(address(document)))


class BrokenConverter(FakeConverter):
    """Says of every file that it cannot be made."""

    def to_pdf(self, files, profile):  # type: ignore[no-untyped-def]  # as in the Protocol
        return [Refusal("convert.failed", "The document could not be turned into a PDF.")] * len(
            files
        )


def test_a_document_that_could_not_be_assembled_says_so(
    world: World, clerk: Browser, case_id: UUID
) -> None:
    actor = world.actor("zaytseva")
    document = done(start_document(world.services, actor, case_id, "D03"))
    done(save_facts(world.services, actor, document.id, document.facts))
    broken = replace(world, services=replace(world.services, converter=BrokenConverter()))
    broken.work()
    page = words(clerk.read(address(document)))
    assert "Документ не удалось сформировать" in page
    assert "Изменить сведения" in page
    again = clerk.send(address(document, "assemble"), clerk.read(address(document)))
    assert again.status_code == 303
    world.work()
    assert "Отправить на согласование" in words(clerk.read(address(document)))


def test_a_draft_is_sent_on_its_way_once(
    world: World, clerk: Browser, curator: Browser, case_id: UUID
) -> None:
    signed(world, fixed_appointment(world, case_id))
    actor = world.actor("zaytseva")
    document = done(start_document(world.services, actor, case_id, "D03"))
    done(save_facts(world.services, actor, document.id, document.facts))
    too_early = clerk.send(address(document, "submit"), clerk.read(address(document)))
    assert too_early.status_code == 409
    world.work()
    page = clerk.read(address(document))
    assert clerk.send(address(document, "submit"), page).status_code == 303
    assert clerk.send(address(document, "submit"), page).status_code == 409
    assert "Прочитайте проект" in words(curator.read(address(document)))
