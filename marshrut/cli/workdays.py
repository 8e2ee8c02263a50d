"""`marshrut workdays 30.04.2026 +5`: the date, and which days were left out and why."""

from __future__ import annotations

import re
import sys
from datetime import date, datetime

import click

from marshrut.cli.click_words import RussianCommand
from web.words import russian
from workflow.calendars import COVERED_YEARS, REGIONS, work_calendar
from workflow.domain.refusals import N_
from workflow.domain.working_days import Known, SkippedDay, Unknown

MOST_DAYS = 1_000
NUMBER = re.compile(r"\+?(\d{1,4})")
FORMATS = ("%Y-%m-%d", "%d.%m.%Y")
WEEKDAYS = (
    N_("on a Monday"),
    N_("on a Tuesday"),
    N_("on a Wednesday"),
    N_("on a Thursday"),
    N_("on a Friday"),
    N_("on a Saturday"),
    N_("on a Sunday"),
)


class WrongInputError(Exception):
    """What was typed cannot be used; the text is for people."""

    code = "workdays.input"


@click.command(
    cls=RussianCommand,
    # «-5» is a wrong number with its own message, not an unknown option.
    context_settings={"ignore_unknown_options": True},
    help="Дата через N рабочих дней после DATE и пропущенные дни. "
    "Дата: 30.04.2026 или 2026-04-30; число дней: +5.",
)
@click.argument("start", metavar="DATE")
@click.argument("number", metavar="+N")
@click.option("--region", default="", help="Регион с собственными праздниками, например RU-TA.")
@click.option(
    "--week",
    type=click.Choice(["5", "6"]),
    default="5",
    help="Рабочая неделя: 5 или 6 дней.",
)
def workdays(start: str, number: str, region: str, week: str) -> None:
    """Print the date and the days left out; exit 2 when it cannot be said."""
    try:
        first, days = read_date(start), read_number(number)
        _check_region(region)
    except WrongInputError as wrong:
        click.echo(str(wrong), err=True)
        sys.exit(2)
    found = work_calendar(region, int(week)).add_working_days(first, days)
    if isinstance(found, Unknown):
        click.echo(_not_covered(found), err=True)
        sys.exit(2)
    for line in _answer(first, days, found):
        click.echo(line)


def read_date(text: str) -> date:
    """Read 2026-04-30 or 30.04.2026; raise WrongInputError."""
    for form in FORMATS:
        try:
            # strptime takes only whole dates; a date has no zone to lose.
            return datetime.strptime(text, form).date()  # noqa: DTZ007
        except ValueError:
            continue
    raise WrongInputError(
        russian().text(N_("“{text}” is no date. Write 30.04.2026 or 2026-04-30."), text=text)
    )


def read_number(text: str) -> int:
    """Read +5 or 5; raise WrongInputError."""
    match = NUMBER.fullmatch(text)
    if match is None or int(match[1]) > MOST_DAYS:
        raise WrongInputError(
            russian().text(
                N_("“{text}” is no number of days. Write +5; at most {most}."),
                text=text,
                most=MOST_DAYS,
            )
        )
    return int(match[1])


def _check_region(region: str) -> None:
    if region and region not in REGIONS:
        raise WrongInputError(
            russian().text(
                N_(
                    "The days of the region “{region}” are not known. Known: {known}. Without "
                    "--region the calendar of the whole country is used."
                ),
                region=region,
                known=", ".join(f"{key} ({known.title})" for key, known in REGIONS.items()),
            )
        )


def _not_covered(unknown: Unknown) -> str:
    if unknown.region:
        return russian().text(
            N_(
                "The count reaches {year}, and the holidays of {region} for that year are not "
                "entered. The date cannot be said."
            ),
            year=unknown.year,
            region=REGIONS[unknown.region].title,
        )
    return russian().text(
        N_(
            "The count reaches {year}, whose working calendar is not known (known: {first} to "
            "{last}). The date cannot be said."
        ),
        year=unknown.year,
        first=min(COVERED_YEARS),
        last=max(COVERED_YEARS),
    )


def _answer(start: date, days: int, found: Known) -> list[str]:
    words = russian()
    counted = words.plural(N_("{n} working day"), N_("{n} working days"), days)
    lines = [
        words.text(
            N_("{count} after {start}: {day}"),
            count=counted,
            start=_day(start),
            day=_day(found.day),
        )
    ]
    if found.skipped:
        lines.append(words.text(N_("Left out:")))
        lines += [f"  {_why(skipped)}" for skipped in found.skipped]
    sources = dict.fromkeys(skipped.source for skipped in found.skipped if skipped.source)
    if sources:
        lines.append(words.text(N_("Sources: {sources}."), sources="; ".join(sources)))
    return lines


def _day(day: date) -> str:
    return f"{day:%d.%m.%Y}, {russian().text(WEEKDAYS[day.weekday()])}"


def _why(skipped: SkippedDay) -> str:
    return f"{skipped.day:%d.%m.%Y} — {russian().text(skipped.why)}"
