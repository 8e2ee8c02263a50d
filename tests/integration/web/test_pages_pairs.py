"""The pages of mentor pairs: need, list, proposal, checks, papers, what the head allows."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import event

from tests.integration.pairs import deeds
from tests.integration.web.pairs_site import (
    NBSP,
    Browse,
    begun_pair,
    browsers,
    case_in,
    document_in,
    proposed_pair,
)
from tests.integration.web.signing_site import browser_of, load, site
from tests.world import World
from workflow.domain.pairs import PairStatus


@pytest.fixture
def browse(kedrovsk: World) -> Browse:
    return browsers(kedrovsk)


def _request_address(world: World) -> str:
    return f"/pairs/new/{world.place(deeds.SCHOOL).id}"


def _wish(world: World, *mentees: str, **changed: str) -> dict[str, object]:
    typed = {
        "kind": "traditional",
        "form": "teacher_teacher",
        "since": "18.05.2026",
        "until": "17.05.2027",
        "need": "подготовка к урокам",
    }
    return {**typed, "mentees": [world.employment(key) for key in mentees], **changed}


# --- Who needs a mentor


def test_head_names_who_needs_a_mentor_after_checking_the_answers(
    kedrovsk: World, browse: Browse
) -> None:
    head, address = browse("sedova"), _request_address(kedrovsk)
    page = head.read(address)
    assert "Положение, п. 2.5" in page
    assert "04.05.2026" in page  # from today
    assert "03.05.2027" in page  # for a year
    typed = _wish(kedrovsk, "golubeva")
    checked = head.send(address, page, **typed)
    assert "Голубева Дарья Максимовна" in checked.text
    assert "18.05.2026 – 17.05.2027" in checked.text
    sent = head.send(address, checked.text, **typed, step="send")
    assert sent.status_code == 303
    page = head.read(sent.location)
    assert "Ожидает наставника" in page
    assert "Записано, кому нужен наставник" in page
    assert deeds.life(kedrovsk, case_in(sent.location)).status is PairStatus.WAITING_FOR_MENTOR


def test_answers_can_be_changed_before_they_are_sent(kedrovsk: World, browse: Browse) -> None:
    clerk, address = browse("titova"), _request_address(kedrovsk)
    typed = _wish(kedrovsk, "ten", need="работа с журналом")
    again = clerk.send(address, clerk.read(address), **typed, step="change")
    assert "работа с журналом" in again.text
    assert "Проверить ответы" in again.text


def test_nobody_chosen_is_an_error_that_keeps_what_was_typed(
    kedrovsk: World, browse: Browse
) -> None:
    head, address = browse("sedova"), _request_address(kedrovsk)
    answer = head.send(address, head.read(address), **_wish(kedrovsk, need="уроки физики"))
    assert answer.status_code == 422
    assert "Кому нужен наставник" in answer.text
    assert "уроки физики" in answer.text


def test_term_that_runs_backwards_is_refused_and_begins_no_pair(
    kedrovsk: World, browse: Browse
) -> None:
    head, address = browse("sedova"), _request_address(kedrovsk)
    typed = _wish(kedrovsk, "ten", until="17.05.2025")
    answer = head.send(address, head.read(address), **typed, step="send")
    assert answer.status_code == 409
    assert "Окончание срока раньше начала" in answer.text
    assert "Таких пар нет" in head.read("/pairs")


def test_curator_is_told_who_decides_that_a_mentor_is_needed(
    kedrovsk: World, browse: Browse
) -> None:
    address = _request_address(kedrovsk)
    association = browse("orlov")
    page = association.read("/pairs")
    assert 'aria-disabled="true"' in page
    assert "определяет руководитель организации" in page
    answer = association.send(
        address, association.read(address), **_wish(kedrovsk, "ten"), step="send"
    )
    assert answer.status_code == 409


# --- The list, and who sees it


def test_list_shows_how_each_pair_stands_and_what_is_next(kedrovsk: World, browse: Browse) -> None:
    deeds.requested(kedrovsk, "savina")
    proposed_pair(kedrovsk, "zotova", "golubeva")
    page = browse("kuzina").read("/pairs")
    assert "Ожидает наставника (1)" in page
    assert "Подбирается наставник (1)" in page
    assert "Предложить наставника" in page
    assert "Согласие наставника: Зотова Н. Л." in page


def test_list_is_narrowed_by_status_and_an_unknown_word_narrows_nothing(
    kedrovsk: World, browse: Browse
) -> None:
    deeds.requested(kedrovsk, "savina")
    proposed_pair(kedrovsk, "zotova", "golubeva")
    clerk = browse("titova")
    narrowed = clerk.read("/pairs?status=waiting_for_mentor")
    assert "Савина А. С." in narrowed
    assert "Голубева Д. М." not in narrowed
    assert "Голубева Д. М." in clerk.read("/pairs?status=whatever&page=7")


def test_list_costs_as_many_questions_for_ten_pairs_as_for_two(
    kedrovsk: World, browse: Browse
) -> None:
    asked: list[str] = []

    def count(_connection, _cursor, statement, *_rest):  # type: ignore[no-untyped-def]  # SQLAlchemy's listener
        asked.append(statement)

    deeds.requested(kedrovsk, "savina")
    proposed_pair(kedrovsk, "zotova", "golubeva")
    clerk = browse("titova")
    event.listen(kedrovsk.services.uow.engine, "before_cursor_execute", count)
    clerk.read("/pairs")
    few = len(asked)
    for mentee in ("nikitin", "rudenko", "ten", "savina"):
        deeds.requested(kedrovsk, mentee)
        deeds.proposed(kedrovsk, deeds.requested(kedrovsk, mentee), "belyaeva")
    asked.clear()
    clerk.read("/pairs")
    assert len(asked) == few


def test_pairs_are_not_there_for_another_school_and_for_those_who_do_not_work_on_them(
    kedrovsk: World, browse: Browse
) -> None:
    case_id = proposed_pair(kedrovsk, "zotova", "golubeva")
    for key in ("osipova", "lukina", "panina", "zotova", "golubeva"):
        assert browse(key).status(f"/pairs/{case_id}") == 404, key
        assert browse(key).status(f"/pairs/{case_id}/mentor") == 404, key
        assert browse(key).status(f"/pairs/{case_id}/changes") == 404, key
    assert browse("osipova").status(_request_address(kedrovsk)) == 404
    assert "Голубева" not in browse("osipova").read("/pairs")


def test_navigation_leads_to_pairs_only_where_the_regulation_knows_them(
    world: World, kedrovsk: World, browse: Browse
) -> None:
    assert "Наставнические пары" in browse("orlov").read("/inbox")
    assert "Наставнические пары" not in browse("zotova").read("/inbox")
    clerk_elsewhere = browser_of(site(world), world, "zaytseva")
    assert "Наставнические пары" not in clerk_elsewhere.read("/inbox")


# --- The mentor


def _choice(world: World, mentor: str, **changed: str) -> dict[str, object]:
    term = {"since": "18.05.2026", "until": "17.05.2027", "note": ""}
    return {**term, "mentor": world.employment(mentor), **changed}


def test_checks_are_seen_before_the_mentor_is_proposed(kedrovsk: World, browse: Browse) -> None:
    deeds.experienced(kedrovsk, "komarov", in_field=4)
    case_id = deeds.requested(kedrovsk, "nikitin")
    association, address = browse("orlov"), f"/pairs/{case_id}/mentor"
    checked = association.send(address, association.read(address), **_choice(kedrovsk, "komarov"))
    assert "не менее 10\xa0лет" in checked.text
    assert "Не выполнено" in checked.text
    assert f"Положение, п.{NBSP}2.1" in checked.text
    assert deeds.life(kedrovsk, case_id).status is PairStatus.WAITING_FOR_MENTOR
    sent = association.send(address, checked.text, **_choice(kedrovsk, "komarov"), step="send")
    assert sent.status_code == 303
    assert deeds.pair_of(kedrovsk, case_id).proposed == kedrovsk.person("komarov").employment_id
    page = association.read(sent.location)
    assert "Комаров С. П. — Никитин Е. Р." in page


def test_mentee_cannot_be_chosen_as_own_mentor(kedrovsk: World, browse: Browse) -> None:
    case_id = deeds.requested(kedrovsk, "nikitin")
    association, address = browse("orlov"), f"/pairs/{case_id}/mentor"
    answer = association.send(
        address, association.read(address), **_choice(kedrovsk, "nikitin"), step="send"
    )
    assert answer.status_code == 422
    assert deeds.pair_of(kedrovsk, case_id).proposed is None


def test_proposal_is_withdrawn_on_a_page_of_its_own(kedrovsk: World, browse: Browse) -> None:
    case_id = proposed_pair(kedrovsk, "zotova", "golubeva")
    association, address = browse("orlov"), f"/pairs/{case_id}/mentor/withdraw"
    sent = association.send(address, association.read(address))
    assert sent.status_code == 303
    page = association.read(sent.location)
    assert "пара снова ожидает наставника" in page
    assert "Не действует с" in page  # the proposal stays in the history


def test_head_passes_over_a_soft_check_with_a_reason_and_nobody_else_does(
    kedrovsk: World, browse: Browse
) -> None:
    deeds.experienced(kedrovsk, "komarov", in_field=18)
    deeds.experienced(kedrovsk, "nikitin", pedagogical=5)
    case_id = deeds.requested(kedrovsk, "nikitin")
    deeds.proposed(kedrovsk, case_id, "komarov")
    address = f"/pairs/{case_id}/reason/mentee_years_at_most"
    curator, head = browse("kuzina"), browse("sedova")
    refused = curator.send(address, curator.read(address), reason="вновь назначен")
    assert refused.status_code == 409
    assert "вновь назначен" in refused.text
    empty = head.send(address, head.read(address), reason="")
    assert empty.status_code == 422
    sent = head.send(address, head.read(address), reason="вновь назначен на должность")
    assert sent.status_code == 303
    page = head.read(sent.location)
    assert "Допущено руководителем" in page
    assert "вновь назначен на должность" in page


def test_there_is_no_reason_page_for_a_hard_check(kedrovsk: World, browse: Browse) -> None:
    case_id = proposed_pair(kedrovsk, "komarov", "nikitin", years=4)
    head = browse("sedova")
    assert head.status(f"/pairs/{case_id}/reason/experience_years_at_least") == 404
    page = head.read(f"/pairs/{case_id}")
    assert "(Положение, п. 2.1)" in page


# --- Papers


def test_clerk_begins_the_consent_of_the_mentor_from_the_pair(
    kedrovsk: World, browse: Browse
) -> None:
    case_id = proposed_pair(kedrovsk, "zotova", "golubeva")
    clerk = browse("titova")
    mentor = kedrovsk.employment("zotova")
    page = clerk.read(f"/pairs/{case_id}")
    assert "Получите документ: согласие наставника (Зотова Н. Л.)" in page
    sent = clerk.send(f"/pairs/{case_id}/documents/D09?person={mentor}", page)
    assert sent.status_code == 303
    assert load(kedrovsk, document_in(sent.location)).facts["mentor"] == mentor
    draft = clerk.read(f"/documents/{document_in(sent.location)}")
    assert f'href="/pairs/{case_id}">Зотова Н. Л. — Голубева Д. М.</a>' in draft
    facts = clerk.read(f"/documents/{document_in(sent.location)}/facts")
    for shown in (draft, facts):
        assert '<a href="/pairs" aria-current="page">' in shown  # and not among the programmes
    assert "Ждёт подготовки: Зотова Н. Л." in clerk.read(f"/pairs/{case_id}")


def test_association_is_told_who_prepares_papers(kedrovsk: World, browse: Browse) -> None:
    case_id = proposed_pair(kedrovsk, "zotova", "golubeva")
    association = browse("orlov")
    page = association.read(f"/pairs/{case_id}/mentor")
    answer = association.send(f"/pairs/{case_id}/documents/D09", page)
    assert answer.status_code == 409
    shown = association.read(f"/pairs/{case_id}")
    assert "Вы не уполномочены готовить этот документ" in shown
    assert "/documents/" not in shown.replace(f"/pairs/{case_id}/documents/", "")


def test_clause_of_the_contract_is_noted_with_number_date_and_item(
    kedrovsk: World, browse: Browse
) -> None:
    case_id = proposed_pair(kedrovsk, "zotova", "golubeva")
    clerk, address = browse("titova"), f"/pairs/{case_id}/clause"
    wrong = clerk.send(address, clerk.read(address), number="14", dated="вчера", point="п. 2.7")
    assert wrong.status_code == 422
    typed = {"number": "14", "dated": "01.09.2020", "point": "п. 2.7"}
    sent = clerk.send(address, clerk.read(address), **typed)
    assert sent.status_code == 303
    clause = deeds.pair_of(kedrovsk, case_id).clause
    assert clause.replace(NBSP, " ") == "трудовой договор от 1 сентября 2020 г. № 14, п. 2.7"


def test_curator_cannot_note_a_clause(kedrovsk: World, browse: Browse) -> None:
    case_id = proposed_pair(kedrovsk, "zotova", "golubeva")
    association, address = browse("orlov"), f"/pairs/{case_id}/clause"
    typed = {"number": "14", "dated": "01.09.2020", "point": "п. 2.7"}
    assert association.send(address, association.read(address), **typed).status_code == 409
    assert deeds.pair_of(kedrovsk, case_id).clause == ""


def test_early_first_day_is_confirmed_by_the_head_alone(kedrovsk: World, browse: Browse) -> None:
    case_id = proposed_pair(kedrovsk, "zotova", "golubeva")
    address = f"/pairs/{case_id}/early-start"
    clerk, head = browse("titova"), browse("sedova")
    refused = clerk.send(address, clerk.read(address), reason="начали раньше")
    assert refused.status_code == 409
    assert deeds.pair_of(kedrovsk, case_id).early_start_reason == ""
    assert head.send(address, head.read(address), reason="начали раньше").status_code == 303
    assert deeds.pair_of(kedrovsk, case_id).early_start_reason == "начали раньше"


# --- A pair that runs


def test_running_pair_shows_terms_with_debtors_order_and_what_happened(
    kedrovsk: World, browse: Browse
) -> None:
    case_id = begun_pair(kedrovsk, "zotova", "golubeva")
    page = browse("kuzina").read(f"/pairs/{case_id}")
    assert "Ожидает начала" in page
    assert "Индивидуальный план наставничества: Зотова Н. Л." in page
    assert "до субботы, 23 мая" in page
    assert "Анкета оценки наставничества: Голубева Д. М." in page
    assert "Назначен наставник: Зотова Н. Л." in page
    assert "Приказ о назначении наставников №" in page


def test_term_beyond_the_known_calendar_says_when_its_date_will_be_known(
    kedrovsk: World, browse: Browse
) -> None:
    days = (date(2026, 5, 18), date(2029, 5, 17))
    case_id = begun_pair(kedrovsk, "zotova", "golubeva", *days)
    page = browse("titova").read(f"/pairs/{case_id}")
    assert "18.05.2026 – 17.05.2029" in page
    assert "когда утвердят производственный календарь на 2029 год" in page


def test_address_of_a_case_leads_to_the_pair(kedrovsk: World, browse: Browse) -> None:
    case_id = deeds.requested(kedrovsk, "savina")
    answer = browse("titova").client.get(f"/programmes/{case_id}")
    assert answer.status_code == 303
    assert answer.location.endswith(f"/pairs/{case_id}")


def test_association_finds_in_the_inbox_who_waits_for_a_mentor(
    kedrovsk: World, browse: Browse
) -> None:
    case_id = deeds.requested(kedrovsk, "savina")
    address = f"/pairs/{case_id}/mentor"
    page = browse("orlov").read("/inbox")
    assert "Савина А. С." in page
    assert address in page
    assert address not in browse("kuzina").read("/inbox")  # there is an association
    assert address not in browse("osipova").read("/inbox")
    deeds.proposed(kedrovsk, case_id, "zotova")
    assert address not in browse("orlov").read("/inbox")


def test_years_that_nobody_knows_lead_the_head_to_the_card(kedrovsk: World, browse: Browse) -> None:
    case_id = deeds.requested(kedrovsk, "nikitin")
    deeds.proposed(kedrovsk, case_id, "komarov")
    head, association = browse("sedova"), browse("orlov")
    page = head.read(f"/pairs/{case_id}")
    for worker in ("komarov", "nikitin"):
        address = f"/staff/workers/{kedrovsk.employment(worker)}/card/experience"
        assert address in page
        assert head.status(address) == 200
        assert address not in association.read(f"/pairs/{case_id}")
