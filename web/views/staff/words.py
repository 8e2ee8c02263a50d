"""How pages speak of experience, categories, statuses and absences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from web.current import _, surroundings
from web.dates import short_date
from workflow.domain.people import Absence, AbsenceKind
from workflow.domain.refusals import N_
from workflow.domain.staff_cards import (
    CardPart,
    Category,
    CategoryKind,
    Education,
    Experience,
    ExperienceKind,
    Status,
    StatusKind,
    Training,
)

EXPERIENCE: Mapping[ExperienceKind, str] = {
    ExperienceKind.TOTAL: N_("Experience: total"),
    ExperienceKind.PEDAGOGICAL: N_("Experience: pedagogical"),
    ExperienceKind.IN_FIELD: N_("Experience: in the field"),
    ExperienceKind.MANAGERIAL: N_("Experience: managerial"),
    ExperienceKind.METHODICAL: N_("Experience: methodical"),
}
CATEGORIES: Mapping[CategoryKind, str] = {
    CategoryKind.NONE: N_("Category: none"),
    CategoryKind.FIRST: N_("Category: first"),
    CategoryKind.HIGHEST: N_("Category: highest"),
    CategoryKind.MENTOR: N_("Category: mentor"),
    CategoryKind.METHODIST: N_("Category: methodist"),
}
EDUCATION: Mapping[Education, str] = {
    Education.PEDAGOGICAL: N_("Education: pedagogical"),
    Education.OTHER: N_("Education: other"),
}
STATUSES: Mapping[StatusKind, str] = {
    StatusKind.MENTOR: N_("Status: mentor"),
    StatusKind.TUTOR: N_("Status: tutor"),
}
ABSENCES: Mapping[AbsenceKind, str] = {
    AbsenceKind.MATERNITY: N_("Absence: maternity"),
    AbsenceKind.ILLNESS: N_("Absence: long illness"),
    AbsenceKind.LEAVE: N_("Absence: leave"),
}
PARTS: Mapping[CardPart, str] = {
    CardPart.EXPERIENCE: N_("Card: experience"),
    CardPart.WORK: N_("Card: work"),
    CardPart.CATEGORIES: N_("Card: category"),
    CardPart.EDUCATION: N_("Card: education"),
    CardPart.STATUSES: N_("Card: statuses"),
    CardPart.TRAININGS: N_("Card: courses"),
}


def experience_words(one: Experience, today: date) -> str:
    """Return «Общий стаж — 12 лет 3 месяца» as it is today."""
    return f"{_(EXPERIENCE[one.kind])} — {years_words(one.counted_up_to(max(one.as_of, today)))}"


def years_words(one: Experience) -> str:
    """Return «12 лет 3 месяца»."""
    words = surroundings().words
    years = words.plural("{n} full year", "{n} full years", one.years)
    months = words.plural("{n} full month", "{n} full months", one.months) if one.months else ""
    return f"{years} {months}".rstrip()


def category_words(one: Category) -> str:
    """Return the category with its order and term."""
    return "; ".join((_(CATEGORIES[one.kind]), *_documents(one.order, one.given_on, one.until)))


def status_words(one: Status) -> str:
    """Return the status with its order, certificate and term."""
    certificate = _(N_("certificate {number}"), number=one.certificate) if one.certificate else ""
    parts = (_(STATUSES[one.kind]), *_documents(one.order, None, None), certificate)
    until = _(N_("until {date}"), date=short_date(one.until)) if one.until else ""
    return "; ".join(part for part in (*parts, until) if part)


def training_words(one: Training) -> str:
    """Return the course with place, day and hours."""
    hours = surroundings().words.plural("{n} hour", "{n} hours", one.hours) if one.hours else ""
    certificate = _(N_("certificate {number}"), number=one.certificate) if one.certificate else ""
    parts = (one.title, one.place, short_date(one.finished_on), hours, certificate)
    return "; ".join(part for part in parts if part)


def _documents(order: str, given_on: date | None, until: date | None) -> Iterator[str]:
    if order:
        yield order
    if given_on:
        yield _(N_("from {date}"), date=short_date(given_on))
    if until:
        yield _(N_("until {date}"), date=short_date(until))


def absence_words(one: Absence) -> str:
    """Return «длительная болезнь, с 01.02.2026 по 15.03.2026»."""
    since = short_date(one.since)
    if one.until is None:
        term = _(N_("since {since}, the end is not known"), since=since)
    else:
        term = _(N_("{since} to {until}, both included"), since=since, until=short_date(one.until))
    return f"{_(ABSENCES[one.kind])}, {term}"
