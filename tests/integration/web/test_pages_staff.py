"""The clerk's pages about workers: the list, the card, absences, leaving, case forms."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from html import unescape
from uuid import UUID

import pytest
from flask import Flask

from marshrut.demonstration.town import done
from tests.integration.web.signing_site import Browser, browser_of, programme
from tests.world import World
from workflow.domain.people import Departure
from workflow.domain.refusals import Refusal
from workflow.domain.staff_cards import CategoryKind, ExperienceKind, StaffCard
from workflow.queries.case_forms import unconfirmed_forms
from workflow.usecases.confirm_forms import ConfirmedForms, confirm_forms
from workflow.usecases.prepare import save_facts, start_document, submit


@pytest.fixture
def school(world: World) -> UUID:
    return next(p.id for p in world.town.places.values() if "zaytseva" in p.people)


def _worker(world: World) -> UUID:
    place = next(p for p in world.town.places.values() if "zaytseva" in p.people)
    return next(p.employment_id for key, p in place.people.items() if key not in OFFICE)


OFFICE = ("zaytseva", "belova")
APPOINTED = {"curator": "safina", "sysadmin": "ershov"}  # by D06


def _card(world: World, employment_id: UUID) -> StaffCard | None:
    with world.services.uow.reading() as tx:
        return tx.staff_cards.of(employment_id)


def _address(employment_id: UUID, rest: str = "") -> str:
    return f"/staff/workers/{employment_id}{rest}"


def _sent(browser: Browser, address: str, **fields: object) -> str:
    """Send the form of the page; return the page that it leads to."""
    answer = browser.send(address, browser.read(address), **fields)
    assert answer.status_code == 303, unescape(answer.text)
    return unescape(browser.read(answer.location))


def _refused(browser: Browser, address: str, **fields: object) -> str:
    answer = browser.send(address, browser.read(address), **fields)
    assert answer.status_code in (409, 422)
    return unescape(answer.text)


# --- The list ------------------------------------------------------------------------------


def test_clerk_comes_from_the_menu_to_the_list_of_the_school(clerk: Browser, world: World) -> None:
    assert 'href="/staff"' in clerk.read("/inbox")
    answer = clerk.client.get("/staff")
    page = unescape(clerk.read(answer.location))
    for person in next(
        p for p in world.town.places.values() if "zaytseva" in p.people
    ).people.values():
        assert person.last in page


def test_list_is_searched_by_surname(clerk: Browser, school: UUID) -> None:
    assert "Зайцева" in clerk.read(f"/staff/{school}?surname=зайц")
    assert "Никого не найдено" in clerk.read(f"/staff/{school}?surname=Несуществующая")


def test_workers_of_another_school_are_not_there(clerk: Browser, world: World) -> None:
    other = next(p for p in world.town.places.values() if "zaytseva" not in p.people)
    worker = next(iter(other.people.values()))
    assert clerk.status(f"/staff/{other.id}") == 404
    assert clerk.status(f"/staff/{other.id}/forms") == 404
    assert clerk.status(_address(worker.employment_id)) == 404
    assert clerk.status(_address(worker.employment_id, "/dismiss")) == 404


def test_officer_has_no_such_pages(app: Flask, world: World, school: UUID) -> None:
    officer = browser_of(app, world, "gareev")
    assert 'href="/staff"' not in officer.read("/inbox")
    assert officer.status("/staff") == 404
    assert officer.status(f"/staff/{school}") == 404


# --- The card ------------------------------------------------------------------------------


def test_experience_is_entered_and_its_history_kept(clerk: Browser, world: World) -> None:
    worker = _worker(world)
    assert "Внести стаж" in clerk.read(_address(worker))
    page = _sent(
        clerk,
        _address(worker, "/card/experience"),
        as_of="04.05.2026",
        in_field_years="12",
        in_field_months="3",
    )
    assert "Стаж в данной области — 12 лет 3 месяца" in page
    assert "Изменено: Стаж" in page
    card = _card(world, worker)
    assert card is not None
    assert card.years_on(ExperienceKind.IN_FIELD, date(2026, 5, 4)) == 12
    assert card.years_on(ExperienceKind.TOTAL, date(2026, 5, 4)) is None


def test_saving_the_same_experience_again_adds_no_history(clerk: Browser, world: World) -> None:
    worker = _worker(world)
    address = _address(worker, "/card/experience")
    entered = {"as_of": "04.05.2026", "in_field_years": "12"}
    _sent(clerk, address, **entered)
    _sent(clerk, address, **entered, in_field_months="0")
    card = _card(world, worker)
    assert card is not None
    assert len(card.changes) == 1


def test_experience_longer_than_the_total_is_refused_with_what_was_typed(
    clerk: Browser, world: World
) -> None:
    worker = _worker(world)
    page = _refused(
        clerk,
        _address(worker, "/card/experience"),
        as_of="04.05.2026",
        total_years="3",
        in_field_years="17",
    )
    assert "больше общего" in page
    assert 'value="17"' in page
    assert _card(world, worker) is None


def test_category_is_added_as_a_line(clerk: Browser, world: World) -> None:
    worker = _worker(world)
    fields = {"categories-rows": "1", "categories-0-kind": "highest", "categories-0-order": "№ 5"}
    page = _sent(clerk, _address(worker, "/card/categories"), **fields)
    assert "высшая; № 5" in page
    card = _card(world, worker)
    assert card is not None
    assert card.holds_category(CategoryKind.HIGHEST, date(2026, 5, 4))


@pytest.mark.parametrize(
    ("part", "fields", "shown"),
    [
        ("work", {"hired_on": "01.09.2015", "subject": "математика"}, "математика"),
        ("education", {"education": "pedagogical"}, "педагогическое"),
        ("statuses", {"statuses-rows": "1", "statuses-0-kind": "tutor"}, "тьютор"),
        (
            "trainings",
            {
                "trainings-rows": "1",
                "trainings-0-title": "Основы наставничества",
                "trainings-0-finished_on": "20.03.2026",
                "trainings-0-hours": "36",
            },
            "Основы наставничества; 20.03.2026; 36 часов",
        ),
    ],
)
def test_each_part_of_the_card_is_saved(
    clerk: Browser, world: World, part: str, fields: dict[str, str], shown: str
) -> None:
    page = _sent(clerk, _address(_worker(world), f"/card/{part}"), **fields)
    assert shown in page


def test_part_that_no_card_has_is_not_there(clerk: Browser, world: World) -> None:
    assert clerk.status(_address(_worker(world), "/card/salary")) == 404


# --- Absences and leaving ------------------------------------------------------------------


def test_absence_is_entered_ended_and_withdrawn(clerk: Browser, world: World) -> None:
    worker = _worker(world)
    page = _sent(
        clerk,
        _address(worker, "/absences/new"),
        kind="illness",
        since="01.05.2026",
        ground="листок нетрудоспособности",
    )
    assert "длительная болезнь, с 01.05.2026, окончание пока неизвестно" in page
    with world.services.uow.reading() as tx:
        (absence,) = tx.absences.of_employments([worker])
    page = _sent(clerk, f"/staff/absences/{absence.id}/end", until="20.05.2026")
    assert "с 01.05.2026 по 20.05.2026" in page
    page = _sent(clerk, f"/staff/absences/{absence.id}/withdraw")
    assert "внесено ошибочно" in page


def test_absence_that_ends_before_it_begins_is_refused(clerk: Browser, world: World) -> None:
    page = _refused(
        clerk,
        _address(_worker(world), "/absences/new"),
        kind="leave",
        since="10.05.2026",
        until="01.05.2026",
        ground="приказ",
    )
    assert "раньше, чем начинается" in page


def test_dismissal_ends_the_post_on_its_ground(clerk: Browser, world: World) -> None:
    worker = _worker(world)
    address = _address(worker, "/dismiss")
    page = _sent(clerk, address, last_day="15.05.2026", ground="приказ от 12.05.2026 № 4-к")
    assert "уволен(а): приказ от 12.05.2026 № 4-к" in page
    with world.services.uow.reading() as tx:
        post = tx.employments.load(worker)
    assert (post.until, post.departure) == (date(2026, 5, 15), Departure.DISMISSAL)


def test_dismissal_without_a_ground_is_refused(clerk: Browser, world: World) -> None:
    worker = _worker(world)
    _refused(clerk, _address(worker, "/dismiss"), last_day="15.05.2026")
    with world.services.uow.reading() as tx:
        assert tx.employments.load(worker).until is None


def test_transfer_leads_to_the_card_of_the_new_post(clerk: Browser, world: World) -> None:
    worker = _worker(world)
    _sent(clerk, _address(worker, "/card/work"), subject="физика")
    page = _sent(
        clerk,
        _address(worker, "/transfer"),
        post="методист",
        since="01.06.2026",
        ground="приказ от 25.05.2026 № 9-к",
    )
    assert "методист" in page
    assert "физика" in page


# --- Case forms ----------------------------------------------------------------------------


def _forget_forms(world: World, key: str) -> None:
    """Somebody's name is as it is when it has just been entered: with forms that are proposed."""
    with world.services.uow() as tx:
        before = tx.people.load(world.person(key).person_id)
        tx.people.save(replace(before, forms_confirmed=False), before)
        tx.commit()


def test_nothing_waits_where_everything_is_confirmed(clerk: Browser, school: UUID) -> None:
    assert "Всё подтверждено" in clerk.read(f"/staff/{school}/forms")
    assert "Проверить падежи" not in clerk.read(f"/staff/{school}")


def test_ticked_forms_are_confirmed_as_corrected(
    clerk: Browser, world: World, school: UUID
) -> None:
    _forget_forms(world, "belova")
    assert "Не подтверждены падежи: 1 имя" in clerk.read(f"/staff/{school}")
    key = f"person:{world.person('belova').person_id}"
    cases = ("genitive", "dative", "accusative", "instrumental", "prepositional")
    entered = {f"{case}:{key}": f"Исправлено {case}" for case in cases}
    page = _sent(clerk, f"/staff/{school}/forms", confirm=key, **entered)
    assert "Подтверждено: 1" in page
    with world.services.uow.reading() as tx:
        person = tx.people.load(world.person("belova").person_id)
    assert person.forms_confirmed
    assert dict(person.forms)["дат"] == "Исправлено dative"


def test_line_that_is_not_ticked_stays_unconfirmed(
    clerk: Browser, world: World, school: UUID
) -> None:
    _forget_forms(world, "belova")
    assert "Ничего не отмечено" in _refused(clerk, f"/staff/{school}/forms")
    with world.services.uow.reading() as tx:
        assert not tx.people.load(world.person("belova").person_id).forms_confirmed


def test_line_with_an_empty_case_is_not_confirmed(
    clerk: Browser, world: World, school: UUID
) -> None:
    _forget_forms(world, "belova")
    key = f"person:{world.person('belova').person_id}"
    assert "не все падежи" in _refused(clerk, f"/staff/{school}/forms", confirm=key)


def test_draft_with_unconfirmed_names_is_not_sent_until_they_are_confirmed(
    clerk: Browser, world: World, school: UUID
) -> None:
    _forget_forms(world, "safina")
    work, actor = world.services, world.actor("zaytseva")
    document = done(start_document(work, actor, programme(world), "D06"))
    named = {key: world.employment(who) for key, who in APPOINTED.items()}
    done(save_facts(work, actor, document.id, {**document.facts, **named}))
    world.work()
    refused = submit(work, actor, document.id)
    assert isinstance(refused, Refusal)
    assert refused.code == "document.forms_unconfirmed"
    page = unescape(clerk.read(f"/documents/{document.id}"))
    assert "Подтвердите падежи" in page
    assert f'href="/staff/{school}/forms"' in page
    (waiting,) = unconfirmed_forms(work, actor, school).proposals
    looked_at = ConfirmedForms(waiting.kind, waiting.text, waiting.forms, waiting.person_id)
    assert confirm_forms(work, actor, school, [looked_at]) == 1
    world.work()
    assert not isinstance(submit(work, actor, document.id), Refusal)
