"""«Напоминания» on a person's own page, and where the link of a letter leads."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from uuid import uuid4

import pytest

from marshrut.wiring import make_due
from tests.integration.web.office_site import Ordered, ordered
from tests.integration.web.pairs_site import begun_pair
from tests.integration.web.signing_site import browser_of, site, stranger
from tests.mail_server import MailServer, mail_server, with_mail
from tests.world import Clock, World
from workflow.domain.obligations import Evidence, Fulfilment, Obligation

FRIDAY = date(2026, 5, 8)
#: Of school-1: one who owes, the head, somebody of another school.
MENTOR, HEAD, STRANGER = "mironova", "belova", "petrov"


@pytest.fixture
def server() -> Iterator[MailServer]:
    with mail_server() as running:
        yield running


def report(world: World) -> Obligation:
    """What the mentor owes her own school by Friday."""
    school = world.place("school-1").id
    owed = Obligation(
        id=world.services.new_id(),
        key="report",
        title="Отчёт наставника",
        debtor_id=school,
        creditor_id=school,
        evidence=Evidence.STEP,
        due=FRIDAY,
        article="Положение, п. 3.2",
        employment_id=world.person(MENTOR).employment_id,
    )
    return save(world, owed)


def save(world: World, new: Obligation, loaded: Obligation | None = None) -> Obligation:
    with world.services.uow() as tx:
        saved = tx.obligations.save(new, loaded)
        tx.commit()
    return saved


def tick(world: World, day: int) -> None:
    """It is noon of the day in May; the schedule asks for reminders."""
    assert isinstance(world.clock, Clock)
    world.clock.now = datetime(2026, 5, day, 9, tzinfo=world.clock.now.tzinfo)
    with world.services.uow() as tx:
        make_due(world.services)["reminders"](tx)
        tx.commit()
    world.work()


def inbox(world: World, key: str) -> str:
    return browser_of(site(world), world, key).read("/inbox")


def test_the_debtor_sees_what_is_due_by_when_and_how_many_days_are_left(world: World) -> None:
    owed = report(world)
    assert "Напоминания" not in inbox(world, MENTOR)
    tick(world, 6)
    page = inbox(world, MENTOR)
    assert "Напоминания" in page
    assert f'href="/reminders/{owed.id}"' in page
    assert "до пятницы, 8\xa0мая (осталось 2 рабочих дня)" in page
    assert "Скоро срок" in page
    assert "Исполнитель" not in page


def test_head_sees_who_is_late_from_the_day_after(world: World) -> None:
    report(world)
    tick(world, 6)
    assert "Напоминания" not in inbox(world, HEAD)
    tick(world, 12)
    page = inbox(world, HEAD)
    assert "Просрочено" in page
    assert "Ответить" not in page  # the head owes nothing
    assert "Исполнитель: Миронова\xa0А.\xa0П." in page
    assert "Напоминания" not in inbox(world, STRANGER)


def test_what_is_met_is_no_reminder_any_more(world: World) -> None:
    owed = report(world)
    tick(world, 6)
    met = Fulfilment(world.clock(), "report", accepted_at=world.clock())
    save(world, replace(owed, fulfilments=(met,)), owed)
    assert "Напоминания" not in inbox(world, MENTOR)


def test_whoever_has_lost_the_mandate_sees_no_reminders_of_others(world: World) -> None:
    report(world)
    tick(world, 12)
    head = world.person(HEAD)
    with world.services.uow() as tx:
        for mandate in tx.mandates.of_person(head.person_id):
            tx.mandates.save(replace(mandate, until=date(2026, 5, 11)), mandate)
        tx.commit()
    assert "Напоминания" not in inbox(world, HEAD)


def test_the_page_says_that_the_installation_sends_no_mail(world: World) -> None:
    report(world)
    tick(world, 6)
    assert "отправка писем в системе не настроена" in inbox(world, MENTOR)


def test_the_page_says_that_the_card_has_no_address(world: World, server: MailServer) -> None:
    posting = with_mail(world, server)
    report(posting)
    with posting.services.uow() as tx:
        person = tx.people.load(world.person(MENTOR).person_id)
        tx.people.save(replace(person, email=""), person)
        tx.commit()
    tick(posting, 6)
    page = inbox(posting, MENTOR)
    assert "в вашей карточке нет адреса" in page
    assert "Письмо не отправлено" in page


def test_where_letters_arrive_nothing_is_said_of_mail(world: World, server: MailServer) -> None:
    posting = with_mail(world, server)
    report(posting)
    tick(posting, 6)
    assert len(server.letters) == 1
    page = inbox(posting, MENTOR)
    assert "Напоминания" in page
    assert "видны только на этой странице" not in page


def task_of_school(town: Ordered) -> Obligation:
    """The first task that school-1 owes the office, due on Friday."""
    world = town.world
    with world.services.uow.reading() as tx:
        owed = tx.obligations.of_debtor(world.place("school-1").id, limit=50).items[0]
    return save(world, replace(owed, due=FRIDAY), owed)


def test_what_is_owed_in_a_pair_names_its_mentees(kedrovsk: World) -> None:
    begun_pair(kedrovsk, "zotova", "golubeva")
    tick(kedrovsk, 25)
    page = inbox(kedrovsk, "kuzina").replace("\xa0", " ")
    assert "Индивидуальный план наставничества" in page
    assert "Наставляемые: Голубева Д. М." in page
    assert "Наставляемые: Голубева Д. М. · Исполнитель: Зотова Н. Л." in page


def test_the_link_of_a_letter_leads_to_the_task(world: World) -> None:
    owed = task_of_school(ordered(world))
    tick(world, 6)
    clerk = browser_of(site(world), world, "zaytseva")
    response = clerk.client.get(f"/reminders/{owed.id}")
    assert (response.status_code, response.location) == (303, f"/tasks/{owed.id}")
    assert owed.title in clerk.read(f"/tasks/{owed.id}")


def test_the_link_leads_nowhere_for_those_who_were_not_reminded(world: World) -> None:
    owed = task_of_school(ordered(world))
    tick(world, 6)
    app = site(world)
    assert browser_of(app, world, STRANGER).status(f"/reminders/{owed.id}") == 404
    assert browser_of(app, world, "zaytseva").status(f"/reminders/{uuid4()}") == 404
    response = stranger(app).client.get(f"/reminders/{owed.id}")
    assert response.status_code in (302, 303)
    assert "/login" in response.location
