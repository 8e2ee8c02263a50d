"""Days and deadlines in Russian."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from web.dates import (
    Tone,
    deadline_without_date,
    long_date,
    met_deadline,
    moment,
    open_deadline,
    short_date,
)
from web.words import russian
from workflow.domain.deadlines import InTime, Late, LateUncounted, Uncovered, remaining
from workflow.domain.working_days import WorkCalendar

WORDS = russian()
TODAY = date(2026, 5, 4)  # a Monday
CALENDAR = WorkCalendar(years=frozenset({2026}))


def _plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


def _open(last: date) -> tuple[str, Tone]:
    phrase = open_deadline(WORDS, last, remaining(last, TODAY, CALENDAR), TODAY)
    return _plain(phrase.text), phrase.tone


@pytest.mark.parametrize(
    ("day", "words"),
    [(11, "до понедельника, 11 мая"), (6, "до среды, 6 мая"), (8, "до пятницы, 8 мая"),
     (10, "до воскресенья, 10 мая")],
)  # fmt: skip
def test_deadline_ahead_names_the_weekday(day: int, words: str) -> None:
    text, _tone = _open(date(2026, 5, day))
    assert text.startswith(f"{words} (")


def test_deadline_ahead_says_how_many_working_days_are_left() -> None:
    assert _open(date(2026, 5, 7)) == ("до четверга, 7 мая (осталось 3 рабочих дня)", Tone.CALM)


def test_deadline_within_two_working_days_is_soon() -> None:
    assert _open(date(2026, 5, 6))[1] is Tone.SOON
    assert _open(TODAY)[1] is Tone.SOON


def test_deadline_of_another_year_names_the_year() -> None:
    text, tone = _open(date(2029, 1, 30))
    assert text.startswith("до вторника, 30 января 2029 г. (")
    assert tone is Tone.CALM


def test_overdue_names_the_day_and_how_late() -> None:
    assert _open(date(2026, 4, 30)) == (
        "срок истёк 30 апреля, опоздание 2 рабочих дня",
        Tone.OVERDUE,
    )


def test_overdue_since_a_day_off_counts_no_days() -> None:
    saturday, sunday = date(2026, 5, 2), date(2026, 5, 3)
    phrase = open_deadline(WORDS, saturday, remaining(saturday, sunday, CALENDAR), sunday)
    assert _plain(phrase.text) == "срок истёк 2 мая"


def test_what_was_done_says_when_and_how_late() -> None:
    def said(lateness: InTime | Late | LateUncounted | None) -> str:
        return _plain(met_deadline(WORDS, date(2026, 2, 3), lateness, TODAY).text)

    assert said(InTime()) == said(None) == "исполнено 3 февраля"
    assert said(Late(1)) == "исполнено 3 февраля, с опозданием на 1 рабочий день"
    assert said(Late(2)) == "исполнено 3 февраля, с опозданием на 2 рабочих дня"
    assert said(Late(5)) == "исполнено 3 февраля, с опозданием на 5 рабочих дней"
    assert said(Late(0)) == said(LateUncounted(2029)) == "исполнено с опозданием, 3 февраля"


def test_deadline_without_a_date_says_why() -> None:
    phrase = deadline_without_date(WORDS, Uncovered(2029))
    assert "2029" in phrase.text


def test_dates_are_written_as_offices_write_them() -> None:
    assert short_date(date(2026, 5, 8)) == "08.05.2026"
    assert _plain(long_date(date(2026, 5, 8))) == "8 мая 2026 г."
    assert _plain(long_date(date(2026, 5, 8), TODAY)) == "8 мая"


def test_moment_is_shown_in_the_zone_of_its_reader() -> None:
    at = datetime(2026, 5, 8, 21, 30, tzinfo=UTC)
    assert moment(at, ZoneInfo("Europe/Moscow")) == "09.05.2026, 00:30"
    with pytest.raises(ValueError, match="naive"):
        moment(at.replace(tzinfo=None), UTC)
