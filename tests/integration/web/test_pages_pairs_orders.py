"""Orders on several pairs, what happens on the way, the head's resolution."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from uuid import UUID

import pytest

from marshrut.demonstration.town import done
from tests.integration.pairs import deeds
from tests.integration.web.pairs_site import (
    Browse,
    begun_pair,
    browsers,
    document_in,
    proposed_pair,
    ready_pair,
)
from tests.integration.web.signing_site import load, seen_in
from tests.world import World
from workflow.domain.documents import Document
from workflow.domain.routes import DocumentState
from workflow.usecases.pairs.orders import start_order

TWO_PAIRS = (("zotova", "golubeva"), ("belyaeva", "rudenko"))


@pytest.fixture
def browse(kedrovsk: World) -> Browse:
    return browsers(kedrovsk)


def _two_pairs(world: World) -> tuple[UUID, UUID]:
    ready = ready_pair(world, "zotova", "golubeva")
    return ready, proposed_pair(world, "belyaeva", "rudenko")


def _lines(world: World, document_id: UUID) -> set[UUID]:
    return {line.case_id for line in load(world, document_id).lines}


def _ordered_by(world: World, case_id: UUID) -> UUID:
    """The order by which the mentor was named."""
    spell = deeds.life(world, case_id).spell
    assert spell is not None
    assert spell.document_id is not None
    return spell.document_id


def _state(world: World, document_id: UUID) -> DocumentState:
    with world.services.uow.reading() as tx:
        return tx.documents.states_of([document_id])[document_id]


# --- The order


def test_clerk_begins_one_order_for_the_pairs_that_are_chosen(
    kedrovsk: World, browse: Browse
) -> None:
    first, second = _two_pairs(kedrovsk)
    clerk, address = browse("titova"), f"/pairs/{first}/orders/begin"
    page = clerk.read(address)
    assert "Зотова Н. Л. — Голубева Д. М., 18.05.2026 – 17.05.2027" in page
    assert "Все документы есть" in page
    assert "Не хватает: согласие наставника (Беляева И. О.)" in page
    sent = clerk.send(address, page, pairs=[str(first), str(second)])
    assert sent.status_code == 303
    order_id = document_in(sent.location)
    assert _lines(kedrovsk, order_id) == {first, second}
    facts = clerk.read(f"/documents/{order_id}/facts")
    assert "Наставнические пары (группы)" in facts
    assert "Голубева Д. М., учитель математики" in facts


def test_cancelling_an_order_as_a_whole_says_that_other_pairs_are_not_named(
    kedrovsk: World, browse: Browse
) -> None:
    pairs = [ready_pair(kedrovsk, *named) for named in TWO_PAIRS]
    deeds.order_in_force(kedrovsk, deeds.order_begun(kedrovsk, *pairs).id)
    words = {"target_род": "приказа о назначении наставников", "ground": "в связи с ошибкой"}
    order = deeds.order_begun(kedrovsk, pairs[0], code="D44", whole=True, **words)
    clerk, address = browse("titova"), f"/documents/{order.id}"
    missing = "Полностью приказ отменяется для всех его пар; здесь не названо пар: 1."
    page = clerk.read(address)
    assert missing in page
    assert "Добавьте в приказ остальные пары" in page
    clerk.send(f"{address}/lines", page, pair=str(pairs[1]))
    kedrovsk.work()
    assert _lines(kedrovsk, order.id) == set(pairs)
    assert missing not in clerk.read(address)


def test_order_for_nobody_is_refused(kedrovsk: World, browse: Browse) -> None:
    first, _second = _two_pairs(kedrovsk)
    clerk, address = browse("titova"), f"/pairs/{first}/orders/begin"
    answer = clerk.send(address, clerk.read(address))
    assert answer.status_code == 409
    assert "Выберите пары для приказа" in answer.text


def test_head_is_told_that_the_clerk_prepares_orders(kedrovsk: World, browse: Browse) -> None:
    first = proposed_pair(kedrovsk, "zotova", "golubeva")
    head = browse("sedova")
    page = head.read(f"/pairs/{first}/orders/begin")
    assert "Вы не уполномочены готовить этот документ" in page
    assert "Начать приказ" not in page
    answer = head.send(f"/pairs/{first}/orders/begin", page, pairs=[str(first)])
    assert answer.status_code == 409


def test_unknown_order_is_not_there(kedrovsk: World, browse: Browse) -> None:
    first = proposed_pair(kedrovsk, "zotova", "golubeva")
    assert browse("titova").status(f"/pairs/{first}/orders/dissolve") == 404
    assert browse("titova").status(f"/pairs/{first}/orders/statement") == 404


def test_line_that_is_not_ready_is_taken_out_and_put_in_again(
    kedrovsk: World, browse: Browse
) -> None:
    first, second = _two_pairs(kedrovsk)
    order = deeds.order_begun(kedrovsk, first, second)
    clerk, address = browse("titova"), f"/documents/{order.id}"
    page = clerk.read(address)
    assert "Пары в приказе" in page
    assert "нет согласия наставника (Беляева И. О.)" in page
    out = clerk.send(f"{address}/lines/{second}/out", page)
    assert out.status_code == 303
    assert out.location.endswith("#pairs-in-order")
    assert _lines(kedrovsk, order.id) == {first}
    kedrovsk.work()
    page = clerk.read(address)
    assert "Не готова" not in page
    assert clerk.send(f"{address}/lines", page, pair=str(second)).status_code == 303
    assert _lines(kedrovsk, order.id) == {first, second}


def test_last_line_stays_and_a_pair_that_does_not_fit_is_not_put_in(
    kedrovsk: World, browse: Browse
) -> None:
    first, _second = _two_pairs(kedrovsk)
    waiting = deeds.requested(kedrovsk, "savina")  # nobody is proposed for it
    order = deeds.order_begun(kedrovsk, first)
    clerk, address = browse("titova"), f"/documents/{order.id}"
    page = clerk.read(address)
    last = clerk.send(f"{address}/lines/{first}/out", page)
    assert last.status_code == 409
    assert "единственная пара" in last.text
    clerk.send(f"{address}/lines", page, pair=str(waiting))
    assert _lines(kedrovsk, order.id) == {first}


def test_curator_sees_the_lines_but_does_not_change_them(kedrovsk: World, browse: Browse) -> None:
    first, second = _two_pairs(kedrovsk)
    order = deeds.order_begun(kedrovsk, first, second)
    curator, address = browse("kuzina"), f"/documents/{order.id}"
    page = curator.read(address)
    assert "Пары в приказе" in page
    assert "Исключить из приказа" not in page
    form = curator.read("/pairs")
    assert curator.send(f"{address}/lines/{second}/out", form).status_code == 409
    assert browse("osipova").status(address) == 404
    assert _lines(kedrovsk, order.id) == {first, second}


def test_refused_number_shows_both_ways_out(kedrovsk: World, browse: Browse) -> None:
    first, second = _two_pairs(kedrovsk)
    order = deeds.order_begun(kedrovsk, first, second)
    deeds.order_agreed(kedrovsk, order.id)
    page = browse("titova").read(f"/documents/{order.id}/fix")
    assert "нет согласия наставника (Беляева И. О.)" in page
    assert f'href="/pairs/{second}"' in page  # get what is missing
    assert f'href="/documents/{order.id}/return"' in page  # or take the pair out
    assert "Исключить из приказа" not in page  # not before it is returned


def test_order_in_force_names_its_pairs_without_asking_for_anything(
    kedrovsk: World, browse: Browse
) -> None:
    case_id = begun_pair(kedrovsk, "zotova", "golubeva")
    with kedrovsk.services.uow.reading() as tx:
        (order,) = [
            h for h in tx.documents.headings_of_cases([case_id])[case_id] if h.type_code == "D14"
        ]
    page = browse("sedova").read(f"/documents/{order.id}")
    assert "Зотова Н. Л. — Голубева Д. М." in page
    assert "Не готова" not in page
    assert "Исключить из приказа" not in page


# --- What happens on the way


def test_clerk_begins_the_statement_of_a_mentor_who_resigns(
    kedrovsk: World, browse: Browse
) -> None:
    case_id = begun_pair(kedrovsk, "zotova", "golubeva")
    clerk, address = browse("titova"), f"/pairs/{case_id}/changes"
    page = clerk.read(address)
    assert "Наставник слагает обязанности" in page
    sent = clerk.send(f"/pairs/{case_id}/documents/D21", page)
    assert sent.status_code == 303
    statement = load(kedrovsk, document_in(sent.location))
    assert statement.facts["mentor"] == kedrovsk.employment("zotova")
    assert statement.facts["effective"] is not None
    assert "Открыть документ" in clerk.read(address)  # one that is under way is not begun twice


@pytest.mark.parametrize(
    ("code", "field", "words"),
    [("D43", "target_вин", "приказ от"), ("D44", "target_род", "приказа от")],
)
def test_order_on_an_order_cites_it_by_date_and_number(
    kedrovsk: World, browse: Browse, code: str, field: str, words: str
) -> None:
    case_id = begun_pair(kedrovsk, "zotova", "golubeva")
    clerk = browse("titova")
    page = clerk.read(f"/pairs/{case_id}/changes")
    sent = clerk.send(f"/pairs/{case_id}/documents/{code}", page)
    facts = load(kedrovsk, document_in(sent.location)).facts
    assert str(facts[field]).replace("\xa0", " ") == f"{words} 4 мая 2026 г. № 1-л/с"


def test_changes_need_a_mentor_whom_an_order_has_named(kedrovsk: World, browse: Browse) -> None:
    case_id = deeds.requested(kedrovsk, "savina")
    page = browse("titova").read(f"/pairs/{case_id}/changes")
    assert "Наставник ещё не назначен приказом" in page
    assert 'aria-disabled="true"' in page


def test_pair_that_is_over_is_told_so_once_with_what_is_possible_still(
    kedrovsk: World, browse: Browse
) -> None:
    case_id = begun_pair(kedrovsk, "zotova", "golubeva")
    deeds.on_day(kedrovsk, date(2027, 5, 18))
    page = browse("titova").read(f"/pairs/{case_id}/changes")
    assert page.count("Работа этой наставнической пары завершена") == 1
    assert "Наставник слагает обязанности" not in page
    assert "Исправить ошибку в приказе" in page
    assert "Завершена по сроку" in browse("titova").read(f"/pairs/{case_id}")


def test_amending_order_says_that_it_changes_neither_term_nor_mentor(
    kedrovsk: World, browse: Browse
) -> None:
    case_id = begun_pair(kedrovsk, "zotova", "golubeva")
    page = browse("titova").read(f"/pairs/{case_id}/changes")
    assert "Срок, наставник и сроки исполнения остаются прежними" in page
    order = done(start_order(kedrovsk.services, kedrovsk.actor("titova"), [case_id], "D43"))
    facts = browse("titova").read(f"/documents/{order.id}/facts/changes")
    assert "срок меняют лист изменений и приказ о продлении срока" in facts


def test_association_does_not_prepare_petitions(kedrovsk: World, browse: Browse) -> None:
    case_id = begun_pair(kedrovsk, "zotova", "golubeva")
    association = browse("orlov")
    page = association.read(f"/pairs/{case_id}/changes")
    assert "Вы не уполномочены готовить этот документ" in page
    form = association.read(f"/pairs/{case_id}/mentor")
    assert association.send(f"/pairs/{case_id}/documents/D22", form).status_code == 409


# --- The resolution


def _petition(world: World) -> Document:
    case_id = begun_pair(world, "zotova", "golubeva")
    facts: Mapping[str, object] = {"ground": "no_contact"}
    return deeds.signed_paper(world, case_id, "D22", "golubeva", **facts)


def test_head_finds_the_petition_in_the_inbox_and_grants_it(
    kedrovsk: World, browse: Browse
) -> None:
    petition = _petition(kedrovsk)
    head, address = browse("sedova"), f"/documents/{petition.id}/resolve"
    inbox = head.read("/inbox")
    assert address in inbox
    assert "Рассмотреть ходатайство" in head.read(f"/documents/{petition.id}")
    page = head.read(address)
    assert "не удаётся установить личный контакт" in page
    typed = {"verdict": "granted", "reason": "", "seen": seen_in(page)}
    sent = head.send(address, page, **typed)
    assert sent.status_code == 303
    assert "Просьба удовлетворена" in head.read(sent.location)
    assert address not in head.read("/inbox")


def test_denial_without_a_reason_is_refused(kedrovsk: World, browse: Browse) -> None:
    petition = _petition(kedrovsk)
    head, address = browse("sedova"), f"/documents/{petition.id}/resolve"
    page = head.read(address)
    marks = load(kedrovsk, petition.id).marks
    refused = head.send(address, page, verdict="denied", reason="", seen=seen_in(page))
    assert refused.status_code == 409
    nothing = head.send(address, page, reason="потом", seen=seen_in(page))
    assert nothing.status_code == 422
    assert "потом" in nothing.text
    assert load(kedrovsk, petition.id).marks == marks


def test_petition_that_was_not_seen_like_this_is_not_resolved(
    kedrovsk: World, browse: Browse
) -> None:
    petition = _petition(kedrovsk)
    head, address = browse("sedova"), f"/documents/{petition.id}/resolve"
    stale = head.send(address, head.read(address), verdict="granted", reason="", seen="0" * 64)
    assert stale.status_code == 409


def test_curator_reads_the_petition_but_does_not_resolve_it(
    kedrovsk: World, browse: Browse
) -> None:
    petition = _petition(kedrovsk)
    curator, address = browse("kuzina"), f"/documents/{petition.id}/resolve"
    page = curator.read(address)
    assert "Записать решение" not in page
    form = curator.read("/pairs")
    answer = curator.send(address, form, verdict="granted", reason="", seen="0" * 64)
    assert answer.status_code == 409
    assert _state(kedrovsk, petition.id) is DocumentState.IN_FORCE
    assert browse("osipova").status(address) == 404


# --- What comes next when a mentor leaves


def test_mentor_who_gave_notice_makes_the_pair_look_for_another_at_once(
    kedrovsk: World, browse: Browse
) -> None:
    case_id = begun_pair(kedrovsk, "zotova", "golubeva")
    deeds.signed_paper(kedrovsk, case_id, "D21", "zotova")
    page = browse("orlov").read(f"/pairs/{case_id}")
    assert "наставник освобождается от обязанностей с 08.05.2026: согласие руководителя" in page
    assert "Больше не требуется. Причина: Заявление о сложении обязанностей наставника" in page
    assert "должно было начаться 18 мая 2026 г., не началось" in page


def test_head_and_association_read_of_the_notice_on_their_first_page(
    kedrovsk: World, browse: Browse
) -> None:
    case_id = begun_pair(kedrovsk, "zotova", "golubeva")
    assert f"/pairs/{case_id}/mentor" not in browse("orlov").read("/inbox")
    deeds.signed_paper(kedrovsk, case_id, "D21", "zotova")
    for key in ("orlov", "sedova"):
        page = browse(key).read("/inbox")
        assert f"/pairs/{case_id}/mentor" in page
        assert "наставник освобождается с 08.05.2026" in page
    assert "наставник освобождается" not in browse("titova").read("/inbox")
    deeds.proposed(kedrovsk, case_id, "komarov")
    for key in ("orlov", "sedova"):
        assert "наставник освобождается" not in browse(key).read("/inbox")


def test_form_proposes_nobody_who_leaves_and_begins_when_the_mentor_is_free(
    kedrovsk: World, browse: Browse
) -> None:
    case_id = begun_pair(kedrovsk, "zotova", "golubeva", since=date(2026, 5, 5))
    address = f"/pairs/{case_id}/mentor"
    deeds.on_day(kedrovsk, date(2026, 5, 12))
    deeds.signed_paper(kedrovsk, case_id, "D21", "zotova")
    page = browse("orlov").read(address)
    assert 'value="16.05.2026"' in page
    assert 'value="17.05.2027"' in page
    assert f'value="{kedrovsk.employment("zotova")}" selected' not in page
    deeds.proposed(kedrovsk, case_id, "komarov", date(2026, 6, 1))
    page = browse("orlov").read(address)
    assert 'value="01.06.2026"' in page
    assert f'value="{kedrovsk.employment("komarov")}" selected' in page


def test_mentee_is_asked_about_the_mentor_who_follows(kedrovsk: World, browse: Browse) -> None:
    case_id = begun_pair(kedrovsk, "zotova", "golubeva")
    deeds.signed_paper(kedrovsk, case_id, "D21", "zotova")
    deeds.proposed(kedrovsk, case_id, "komarov", date(2026, 6, 1), date(2027, 5, 31))
    page = browse("golubeva").read("/my-pairs")
    assert "Вам предлагают наставника: Комаров С. П." in page
    assert "Срок: 01.06.2026 – 31.05.2027." in page
    assert "предлагают наставника: Зотова" not in page


def test_former_mentor_reads_of_the_own_time_and_owes_the_report(
    kedrovsk: World, browse: Browse
) -> None:
    case_id = begun_pair(kedrovsk, "zotova", "golubeva")
    deeds.on_day(kedrovsk, date(2026, 5, 25))
    deeds.signed_paper(kedrovsk, case_id, "D21", "zotova")
    deeds.on_day(kedrovsk, date(2026, 5, 29))
    deeds.experienced(kedrovsk, "komarov", in_field=12)
    deeds.proposed(kedrovsk, case_id, "komarov", date(2026, 6, 1))
    deeds.consented(kedrovsk, case_id, "komarov", "golubeva")
    said = {"variant": "replacement", "ground": "resignation"}
    order = deeds.order_begun(kedrovsk, case_id, code="D25", **said)
    deeds.order_in_force(kedrovsk, order.id)
    own = browse("zotova").read(f"/my-pairs/{case_id}")
    assert "Зотова Н. Л. — Голубева Д. М." in own
    assert "18.05.2026 – 28.05.2026" in own
    assert "Составить отчёт" in own
    assert "Составить план" not in own
    page = browse("titova").read(f"/pairs/{case_id}")
    assert page.count("Наставник освобождён от обязанностей с 29 мая 2026 г.") == 1
    assert "Новый наставник: Комаров С. П., с 1 июня 2026 г." in page
    assert f"/documents/D26?person={kedrovsk.employment('zotova')}" in page
    assert f"/documents/D16?person={kedrovsk.employment('zotova')}" not in page


def test_cancelled_pair_is_asked_for_nothing_and_names_the_order(
    kedrovsk: World, browse: Browse
) -> None:
    case_id = begun_pair(kedrovsk, "zotova", "golubeva")
    clerk, address = browse("titova"), f"/pairs/{case_id}"
    assert f"{address}/documents/D16" in clerk.read(address)
    words = {"target_род": "приказа", "ground": "ошибка", "whole": True}
    order = deeds.order_begun(kedrovsk, case_id, code="D44", effective=date(2026, 5, 4), **words)
    earlier = _ordered_by(kedrovsk, case_id)
    deeds.order_in_force(kedrovsk, order.id)
    page = clerk.read(address)
    assert "Приказ об отмене приказа № 2-л/с от 4 мая 2026 г." in page
    assert f"{address}/documents/" not in page
    history = clerk.read(f"/documents/{earlier}")
    assert "Больше не действует" in history
    assert "Приказ об отмене приказа от 4 мая 2026 г. № 2-л/с" in history


def test_petition_that_waits_for_the_head_is_the_next_step(kedrovsk: World, browse: Browse) -> None:
    petition = _petition(kedrovsk)
    case_id = petition.lines[0].case_id
    page = browse("kuzina").read(f"/pairs/{case_id}")
    assert "Ждёт резолюции: Седова М. В." in page.partition("Наставляемые")[0]
    assert "Ждёт резолюции: Седова М. В." in browse("kuzina").read("/pairs")
