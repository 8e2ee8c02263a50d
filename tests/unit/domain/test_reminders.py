"""Reminders: on which days they come, for whom, at what hour; golden dates of real calendars."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from tests import factories as make
from workflow.calendars import work_calendar
from workflow.domain.mandates import Mandate
from workflow.domain.obligations import Change, ChangeKind, Fulfilment, Obligation
from workflow.domain.people import Employment
from workflow.domain.regulations import Role
from workflow.domain.reminders import (
    Addressees,
    ReminderKind,
    addressees,
    is_day_off,
    kind_on,
    last_day,
    next_morning,
    reminder_on,
    time_for_mail,
    working_days_before,
)
from workflow.domain.working_days import WorkCalendar

FIVE, SIX = work_calendar(), work_calendar(week=6)
TOWN = make.town()
DAY = timedelta(days=1)
MOSCOW = ZoneInfo("Europe/Moscow")
FRIDAY = date(2026, 5, 8)
BEFORE, ON_THE_DAY, OVERDUE = ReminderKind


def first_days(last: date, calendar: WorkCalendar, before: int = 2) -> list[date]:
    """The working day on which each reminder of the term comes first, in their order."""
    owed = make.obligation(TOWN, due=last)
    found: dict[ReminderKind, date] = {}
    for number in range(-20, 25):
        day = last + number * DAY
        if kind := reminder_on(day, owed, calendar, before):
            found.setdefault(kind, day)
    assert list(found) == [k for k in ReminderKind if k in found]
    return list(found.values())


@pytest.mark.parametrize(
    ("calendar", "last", "days"),
    [
        # New Year: 31 December 2025 and 9 January 2026 were moved to; a six-day week has its 9th.
        (SIX, date(2025, 12, 30), [date(2025, 12, 27), date(2025, 12, 30), date(2026, 1, 9)]),
        (FIVE, date(2025, 12, 30), [date(2025, 12, 26), date(2025, 12, 30), date(2026, 1, 12)]),
        # 1 May 2026 is a Friday: the Saturday after it is worked in a six-day week.
        (SIX, date(2026, 4, 30), [date(2026, 4, 28), date(2026, 4, 30), date(2026, 5, 2)]),
        (FIVE, date(2026, 4, 30), [date(2026, 4, 28), date(2026, 4, 30), date(2026, 5, 4)]),
        # Working Saturdays of 2024 and 2025, worked by everybody.
        (FIVE, date(2024, 4, 27), [date(2024, 4, 25), date(2024, 4, 27), date(2024, 5, 2)]),
        (FIVE, date(2024, 12, 28), [date(2024, 12, 26), date(2024, 12, 28), date(2025, 1, 9)]),
        (FIVE, date(2025, 11, 1), [date(2025, 10, 30), date(2025, 11, 1), date(2025, 11, 5)]),
    ],
)
def test_golden_days_of_the_three_reminders(
    calendar: WorkCalendar, last: date, days: list[date]
) -> None:
    assert first_days(last, calendar) == days


def test_a_term_that_ends_on_a_day_off_is_told_of_on_the_working_day_before_it() -> None:
    victory_day = date(2026, 5, 9)
    assert first_days(victory_day, FIVE) == [date(2026, 5, 6), FRIDAY, date(2026, 5, 12)]


def test_a_pack_chooses_how_long_before_the_first_one_comes() -> None:
    assert first_days(FRIDAY, FIVE, before=4)[0] == date(2026, 5, 4)
    assert first_days(FRIDAY, FIVE, before=0) == [FRIDAY, date(2026, 5, 12)]
    assert working_days_before({"remind_working_days_before": 4}) == 4
    assert working_days_before({}) == 2


@pytest.mark.parametrize("senseless", [-1, 21, True, "3"])
def test_a_senseless_setting_counts_as_none(senseless: object) -> None:
    assert working_days_before({"remind_working_days_before": senseless}) == 2


def test_nobody_is_reminded_on_a_day_off_and_a_missed_day_is_made_up() -> None:
    monday = date(2026, 5, 18)
    owed = make.obligation(TOWN, due=monday)
    assert reminder_on(date(2026, 5, 15), owed, FIVE) is BEFORE
    assert reminder_on(date(2026, 5, 16), owed, FIVE) is None
    assert kind_on(date(2026, 5, 16), monday, FIVE) is BEFORE
    assert reminder_on(date(2026, 5, 16), owed, SIX) is BEFORE
    assert reminder_on(date(2026, 5, 20), owed, FIVE) is OVERDUE


def test_what_is_overdue_for_more_than_a_week_is_no_news() -> None:
    assert kind_on(date(2026, 5, 18), FRIDAY, FIVE) is OVERDUE
    assert kind_on(date(2026, 5, 19), FRIDAY, FIVE) is None


def test_a_year_without_a_calendar_leaves_the_last_day_alone() -> None:
    last = date(2029, 3, 15)
    assert first_days(last, FIVE) == [last]
    assert not is_day_off(date(2029, 1, 1), FIVE)


def test_days_overdue_in_a_year_without_a_calendar_are_not_guessed() -> None:
    last = date(2027, 12, 30)
    assert first_days(last, SIX) == [date(2027, 12, 28), last]


def test_a_reminder_speaks_of_the_day_that_counts_now() -> None:
    owed = make.obligation(TOWN, due=FRIDAY)
    later = FRIDAY + 7 * DAY
    postponed = replace(owed, changes=(changed(ChangeKind.POSTPONED, later),))
    returned = replace(
        owed,
        fulfilments=(Fulfilment(make.MORNING, "package"),),
        changes=(changed(ChangeKind.RETURNED, later),),
    )
    assert [last_day(o) for o in (owed, postponed, returned)] == [FRIDAY, later, later]
    assert reminder_on(FRIDAY, postponed, FIVE) is None
    assert reminder_on(later, returned, FIVE) is ON_THE_DAY


def test_nobody_is_reminded_of_what_is_not_owed_any_more() -> None:
    owed = make.obligation(TOWN, due=FRIDAY)
    settled = [
        replace(owed, due=None),
        replace(owed, fulfilments=(Fulfilment(make.MORNING, "package"),)),
        replace(owed, fulfilments=(Fulfilment(make.MORNING, "package", accepted_at=make.MORNING),)),
        replace(owed, changes=(changed(ChangeKind.CANCELLED),)),
        replace(owed, changes=(changed(ChangeKind.NOT_REQUIRED),)),
    ]
    assert [reminder_on(FRIDAY, one, FIVE) for one in settled] == [None] * len(settled)
    required_again = replace(settled[-1], changes=(changed(ChangeKind.REQUIRED_AGAIN),))
    assert reminder_on(FRIDAY, required_again, FIVE) is ON_THE_DAY


def changed(kind: ChangeKind, due: date | None = None) -> Change:
    return Change(kind, make.MORNING + DAY, None, "письмо школы", due)


EVERYBODY = (TOWN.head, TOWN.deputy, TOWN.curator, TOWN.clerk, TOWN.mentor)
MANDATES = tuple(worker.mandate for worker in EVERYBODY)
HEAD, CURATOR, CLERK, MENTOR = (
    worker.person.id for worker in (TOWN.head, TOWN.curator, TOWN.clerk, TOWN.mentor)
)
#: What the mentor owes herself.
REPORT = make.obligation(
    TOWN, due=FRIDAY, creditor_id=TOWN.school.id, employment_id=TOWN.mentor.employment.id
)


def told(
    owed: Obligation,
    kind: ReminderKind,
    mandates: tuple[Mandate, ...] = MANDATES,
    employment: Employment = TOWN.mentor.employment,
) -> Addressees:
    named = employment if owed.employment_id else None
    return addressees(owed, kind, named, mandates, FRIDAY)


@pytest.mark.parametrize("kind", [BEFORE, ON_THE_DAY])
def test_until_the_last_day_the_debtor_alone_is_reminded(kind: ReminderKind) -> None:
    assert told(REPORT, kind) == Addressees((MENTOR,))


def test_what_is_overdue_is_told_to_curator_and_head_as_well() -> None:
    assert told(REPORT, OVERDUE) == Addressees((MENTOR,), (CURATOR, HEAD))


def test_whoever_holds_the_role_owes_what_the_role_owes() -> None:
    approval = replace(REPORT, employment_id=None, role=Role.HEAD)
    assert told(approval, BEFORE) == Addressees((HEAD,))
    assert told(approval, OVERDUE) == Addressees((HEAD,), (CURATOR,))


def test_the_acting_head_is_told_in_the_place_of_the_head() -> None:
    acting = replace(TOWN.deputy.mandate, role=Role.ACTING_HEAD)
    approval = replace(REPORT, employment_id=None, role=Role.HEAD)
    assert told(approval, BEFORE, mandates=(*MANDATES, acting)) == Addressees(
        (TOWN.deputy.person.id,)
    )


def test_what_the_organisation_owes_is_for_those_who_prepare_it() -> None:
    task = make.obligation(TOWN, due=FRIDAY)
    assert told(task, BEFORE) == Addressees((CLERK, CURATOR))
    assert told(task, OVERDUE) == Addressees((CLERK, CURATOR), (HEAD,))


def test_in_an_office_without_clerk_and_curator_the_head_is_told() -> None:
    task = make.obligation(TOWN, due=FRIDAY)
    assert told(task, BEFORE, mandates=(TOWN.head.mandate,)) == Addressees((), (HEAD,))


def test_of_what_somebody_owed_who_has_left_curator_and_head_are_told_at_once() -> None:
    gone = replace(TOWN.mentor.employment, until=FRIDAY - DAY)
    assert told(REPORT, BEFORE, employment=gone) == Addressees((), (CURATOR, HEAD))


def test_one_person_in_two_roles_is_told_once() -> None:
    second = replace(TOWN.head.mandate, role=Role.CURATOR)
    both: tuple[UUID, ...] = told(REPORT, OVERDUE, mandates=(TOWN.head.mandate, second)).everybody
    assert both == (MENTOR, HEAD)


def test_mandates_of_another_organisation_count_for_nothing() -> None:
    elsewhere = replace(TOWN.head.mandate, organisation_id=TOWN.office.id)
    assert told(REPORT, OVERDUE, mandates=(elsewhere,)) == Addressees((MENTOR,))


@pytest.mark.parametrize(
    ("hour", "minute", "sent"),
    [
        (7, 59, datetime(2026, 5, 8, 5, tzinfo=UTC)),
        (8, 0, None),
        (17, 59, None),
        (18, 0, datetime(2026, 5, 9, 5, tzinfo=UTC)),
        (23, 30, datetime(2026, 5, 9, 5, tzinfo=UTC)),
    ],
)
def test_nobody_is_written_to_at_night(hour: int, minute: int, sent: datetime | None) -> None:
    now = datetime(2026, 5, 8, hour, minute, tzinfo=MOSCOW)
    assert time_for_mail(now, MOSCOW) == (sent or now)


def test_the_night_is_that_of_the_organisation() -> None:
    kemerovo = ZoneInfo("Asia/Novokuznetsk")
    noon_in_moscow = datetime(2026, 5, 8, 9, tzinfo=UTC)
    afternoon = noon_in_moscow + timedelta(hours=3)
    assert time_for_mail(noon_in_moscow, kemerovo) == noon_in_moscow
    assert time_for_mail(afternoon, kemerovo) == datetime(2026, 5, 9, 1, tzinfo=UTC)
    assert next_morning(noon_in_moscow, kemerovo) == datetime(2026, 5, 9, 1, tzinfo=UTC)
