"""Reminders: made once, sent through a real mail server, in working hours, never of old news."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa
from structlog.testing import capture_logs

from marshrut.demonstration.town import done
from marshrut.wiring import make_due
from tests.integration.workflow import acts
from tests.mail_server import MailServer, mail_server, with_mail
from tests.world import World, copy_world
from workflow.domain.obligations import Evidence, Fulfilment, Obligation
from workflow.domain.people import Employment
from workflow.domain.reminders import Reminder, ReminderKind
from workflow.store.tables.outbox import outbox
from workflow.usecases.tasks import postpone, waive

FRIDAY = date(2026, 5, 8)
DAY = timedelta(days=1)
BEFORE, ON_THE_DAY, OVERDUE = ReminderKind


@pytest.fixture
def server() -> Iterator[MailServer]:
    with mail_server() as running:
        yield running


@pytest.fixture
def world(
    world_template: tuple[World, Path], tmp_path: Path, server: MailServer
) -> Iterator[World]:
    """A town whose letters go to `server`; it is Wednesday 6 May 2026, 9:30 in Moscow."""
    copied = copy_world(*world_template, tmp_path / "world")
    world = with_mail(copied, server)
    at(world, 6)
    yield world
    world.services.uow.engine.dispose()


def at(world: World, day: int, hour: int = 9, minute: int = 30, month: int = 5) -> None:
    """Set the clock by the time of Moscow."""
    world.clock.now = datetime(2026, month, day, hour, minute, tzinfo=UTC) - timedelta(hours=3)


def tick(world: World) -> None:
    """The schedule asks for reminders; what comes of it is done as far as its hour has come."""
    with world.services.uow() as tx:
        make_due(world.services)["reminders"](tx)
        tx.commit()
    world.work()


def mentor(world: World) -> str:
    """Somebody of school-1 without any role."""
    return next(k for k, p in world.place("school-1").people.items() if not p.roles)


def report(world: World, due: date = FRIDAY, **changed: object) -> Obligation:
    """What the mentor owes her own school."""
    school = world.place("school-1").id
    owed = Obligation(
        id=world.services.new_id(),
        key="report",
        title="Отчёт наставника",
        debtor_id=school,
        creditor_id=school,
        evidence=Evidence.STEP,
        due=due,
        article="Положение, п. 3.2",
        employment_id=world.person(mentor(world)).employment_id,
    )
    return save(world, replace(owed, **changed))  # type: ignore[arg-type]  # a test names real fields


def save(world: World, new: Obligation, loaded: Obligation | None = None) -> Obligation:
    with world.services.uow() as tx:
        saved = tx.obligations.save(new, loaded)
        tx.commit()
    return saved


def reminders(world: World, owed: Obligation) -> list[Reminder]:
    with world.services.uow.reading() as tx:
        return tx.reminders.of_obligations([owed.id])


def address(world: World, key: str) -> str:
    return f"{key}@lesnogorsk.example"


def to(server: MailServer) -> list[str]:
    return [letter.recipients[0] for letter in server.letters]


def failures(world: World, owed: Obligation) -> list[str | None]:
    return [r.failure.code if r.failure else None for r in reminders(world, owed)]


def test_two_working_days_before_the_debtor_gets_a_letter(world: World, server: MailServer) -> None:
    owed = report(world)
    tick(world)
    (letter,) = server.letters
    assert letter.recipients == (address(world, mentor(world)),)
    assert letter.message["Subject"] == "Напоминание: Отчёт наставника, до 8 мая"
    assert letter.text == (
        "Здравствуйте!\n\n"
        "Напоминаем о сроке исполнения:\n\n"
        "Отчёт наставника — до пятницы, 8\xa0мая (осталось 2 рабочих дня)\n"
        f"Организация: {world.place('school-1').short}\n"
        "Основание: Положение, п. 3.2\n\n"
        f"Открыть в системе «Маршрут»: http://127.0.0.1:8000/reminders/{owed.id}\n\n"
        "Письмо отправлено автоматически, отвечать на него не нужно.\n"
    )
    (kept,) = reminders(world, owed)
    assert (kept.kind, kept.last, kept.sent_at) == (BEFORE, FRIDAY, world.clock())
    assert kept.message_id == letter.message["Message-ID"]


def test_each_letter_of_a_term_comes_once(world: World, server: MailServer) -> None:
    owed = report(world)
    for day in (5, 6, 7, 8, 9, 10, 11, 12, 13, 14):
        for hour in (7, 9, 12, 17, 19):
            at(world, day, hour)
            tick(world)
    head, curator = (acts.someone(world, role).person_id for role in ("head", "deputy"))
    kinds = [(r.kind, r.recipient_id) for r in reminders(world, owed)]
    me = world.person(mentor(world)).person_id
    assert kinds[:2] == [(BEFORE, me), (ON_THE_DAY, me)]
    assert {(OVERDUE, me), (OVERDUE, head)} <= set(kinds[2:])
    assert {person for _, person in kinds[2:]} <= {me, head, curator}
    assert len(server.letters) == len(kinds)
    assert len({letter.message["Message-ID"] for letter in server.letters}) == len(kinds)


def test_the_head_is_told_who_is_late_and_the_late_one_what_to_do(
    world: World, server: MailServer
) -> None:
    report(world)
    at(world, 12)
    tick(world)
    letters = {letter.recipients[0]: letter for letter in server.letters}
    own = letters[address(world, mentor(world))]
    assert own.message["Subject"] == "Срок истёк: Отчёт наставника (срок — 8 мая)"
    assert "Просим исполнить как можно скорее" in own.text
    assert "Исполнитель" not in own.text
    heads = letters[address(world, world.place("school-1").holding("head").key)]
    assert heads.message["Subject"] == "Не исполнено в срок: Отчёт наставника (срок — 8 мая)"
    assert f"Исполнитель: {short_name(world, mentor(world))}\n" in heads.text
    assert "8\xa0мая" in heads.text


def short_name(world: World, key: str) -> str:
    with world.services.uow.reading() as tx:
        return tx.people.load(world.person(key).person_id).short_name


def test_at_night_a_letter_waits_for_the_morning(world: World, server: MailServer) -> None:
    owed = report(world)
    at(world, 6, 5)
    tick(world)
    assert server.letters == []
    assert len(reminders(world, owed)) == 1
    at(world, 6, 7, 59)
    world.work()
    assert server.letters == []
    at(world, 6, 8)
    world.work()
    assert len(server.letters) == 1


def test_in_the_evening_nothing_is_begun(world: World, server: MailServer) -> None:
    owed = report(world)
    at(world, 6, 18)
    tick(world)
    assert reminders(world, owed) == []
    at(world, 7, 9)
    tick(world)
    assert len(server.letters) == 1


def test_the_hours_are_those_of_the_debtors_time_zone(world: World, server: MailServer) -> None:
    with world.services.uow() as tx:
        school = tx.organisations.load(world.place("school-1").id)
        tx.organisations.save(replace(school, time_zone="Asia/Novokuznetsk"), school)
        tx.commit()
    owed = report(world)
    at(world, 5, 23)
    tick(world)
    assert [r.kind for r in reminders(world, owed)] == [BEFORE]
    assert server.letters == []
    at(world, 6, 4)
    world.work()
    assert len(server.letters) == 1


def test_what_was_met_before_the_hour_came_is_not_written_about(
    world: World, server: MailServer
) -> None:
    owed = report(world)
    at(world, 6, 5)
    tick(world)
    met = Fulfilment(world.clock(), "report", accepted_at=world.clock())
    save(world, replace(owed, fulfilments=(met,)), owed)
    at(world, 6, 9)
    world.work()
    assert server.letters == []
    assert failures(world, owed) == ["mail.overtaken"]


def town_task(world: World) -> Obligation:
    """A task that the municipal order has set school-1."""
    acts.order_the_town(world, FRIDAY)
    return acts.owed(world, "2.3")


@pytest.mark.parametrize("how", ["postpone", "waive"])
def test_what_the_office_has_decided_otherwise_is_not_written_about(
    world: World, server: MailServer, how: str
) -> None:
    at(world, 6, 5)
    owed = town_task(world)
    tick(world)
    officer = world.actor("gareev")
    if how == "postpone":
        done(postpone(world.services, officer, owed.id, FRIDAY + 14 * DAY, "письмо школы"))
    else:
        done(waive(world.services, officer, owed.id, "письмо школы"))
    at(world, 6, 9)
    world.work()
    assert set(failures(world, owed)) == {"mail.overtaken"}
    assert not any(str(owed.id) in letter.text for letter in server.letters)


def test_a_postponed_term_has_reminders_of_its_own(world: World, server: MailServer) -> None:
    owed = town_task(world)
    tick(world)
    first = len(reminders(world, owed))
    later = FRIDAY + 14 * DAY
    done(postpone(world.services, world.actor("gareev"), owed.id, later, "письмо школы"))
    at(world, 20)
    tick(world)
    again = reminders(world, owed)
    assert [r.last for r in again] == [FRIDAY] * first + [later] * first
    assert all(r.sent_at for r in again)


def test_whoever_has_left_is_not_written_to_any_more(world: World, server: MailServer) -> None:
    owed = report(world)
    at(world, 6, 5)
    tick(world)
    with world.services.uow() as tx:
        post: Employment = tx.employments.load(world.person(mentor(world)).employment_id)
        tx.employments.save(replace(post, until=date(2026, 5, 5)), post)
        tx.commit()
    at(world, 6, 9)
    world.work()
    assert to(server) == []
    assert failures(world, owed) == ["mail.overtaken"]
    at(world, 6, 10)
    tick(world)
    assert address(world, world.place("school-1").holding("head").key) in to(server)


def test_a_server_that_is_away_gets_the_letter_later_the_same_day(
    world: World, server: MailServer
) -> None:
    owed = report(world)
    server.drops.add("letter")
    with capture_logs() as lines:
        tick(world)
    assert "@" not in str(lines)
    assert failures(world, owed) == [None]
    assert reminders(world, owed)[0].sent_at is None
    server.drops.clear()
    world.clock.now += timedelta(minutes=5)
    world.work()
    first, second = server.letters
    assert first.message["Message-ID"] == second.message["Message-ID"]
    assert reminders(world, owed)[0].sent_at == world.clock()
    world.clock.now += timedelta(minutes=5)
    world.work()
    assert len(server.letters) == 2


def test_a_letter_that_did_not_leave_until_the_evening_does_not_leave_at_night(
    world: World, server: MailServer
) -> None:
    owed = report(world)
    server.answers["hello"] = "421 later"
    at(world, 6, 17, 59)
    tick(world)
    server.answers.clear()
    at(world, 6, 18, 30)
    world.work()
    at(world, 6, 23)
    world.work()
    assert server.letters == []
    at(world, 7, 8)
    world.work()
    assert len(server.letters) == 1
    assert failures(world, owed) == [None]


def test_over_a_day_off_a_letter_waits_for_the_next_working_day(
    world: World, server: MailServer
) -> None:
    report(world, date(2026, 5, 18))
    at(world, 16, 17, 59)  # a Saturday: school-1 works six days a week
    server.answers["hello"] = "421 later"
    tick(world)
    server.answers.clear()
    at(world, 16, 18, 30)
    world.work()
    at(world, 17, 12)
    world.work()
    assert server.letters == []
    at(world, 18, 8)
    world.work()
    # By then it is the last day: another reminder, that day's own, says so.
    assert server.letters == []
    tick(world)
    assert server.subjects == ["Сегодня последний день: Отчёт наставника"]


def test_a_mailbox_that_refuses_is_told_of_on_the_row(world: World, server: MailServer) -> None:
    owed = report(world)
    server.answers["RCPT"] = "550 5.1.1 nobody here"
    tick(world)
    assert failures(world, owed) == ["mail.refused"]
    world.clock.now += timedelta(hours=1)
    tick(world)
    assert server.letters == []


def test_without_an_address_in_the_card_nothing_is_sent(world: World, server: MailServer) -> None:
    owed = report(world)
    with world.services.uow() as tx:
        person = tx.people.load(world.person(mentor(world)).person_id)
        tx.people.save(replace(person, email=""), person)
        tx.commit()
    tick(world)
    assert failures(world, owed) == ["mail.no_address"]
    assert server.connections == 0


def test_an_installation_without_mail_still_keeps_its_reminders(
    world: World, server: MailServer
) -> None:
    alone = replace(world, services=replace(world.services, mail=None))
    owed = report(alone)
    tick(alone)
    assert [(r.kind, r.sent_at, r.failure) for r in reminders(alone, owed)] == [
        (BEFORE, None, None)
    ]
    world.clock.now += timedelta(hours=1)
    tick(world)
    assert server.letters == []


def test_the_outbox_holds_neither_names_nor_addresses(world: World) -> None:
    report(world)
    tick(world)
    with world.services.uow.reading() as tx:
        payloads = tx.connection.execute(
            sa.select(outbox.c.payload).where(outbox.c.kind == "mail")
        ).scalars()
        (payload,) = payloads
    assert list(payload) == ["reminder"]
    assert UUID(payload["reminder"])
