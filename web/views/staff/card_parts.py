"""From the parts of a staff card to forms and back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from enum import StrEnum
from typing import cast

from web.current import _
from web.views.admin.layout import Values, day, text
from web.views.staff.words import CATEGORIES, EDUCATION, EXPERIENCE, STATUSES
from workflow.domain.refusals import N_
from workflow.domain.regulations import Choice, FieldKind, FieldSpec
from workflow.domain.staff_cards import (
    CardPart,
    Category,
    CategoryKind,
    Education,
    Experience,
    ExperienceKind,
    StaffCard,
    Status,
    StatusKind,
    Training,
)

AS_OF = "as_of"

_LEADS: Mapping[CardPart, str] = {
    CardPart.EXPERIENCE: N_(
        "An empty line means that the years are not known; nought means that there are none."
    ),
    CardPart.WORK: N_("The day of hiring to this organisation may lie before the present post."),
    CardPart.CATEGORIES: N_("Categories of teacher-mentor and methodist stand beside the highest."),
    CardPart.STATUSES: N_(
        "A status is given by an order; leave the page empty where there is none."
    ),
    CardPart.TRAININGS: N_("Only courses that are finished, with the number of the certificate."),
}


def lead_of(part: CardPart) -> str:
    """What is to be known before filling the part in."""
    return _(_LEADS[part]) if part in _LEADS else ""


def fields_of(part: CardPart) -> tuple[FieldSpec, ...]:
    """What the form of the part asks for."""
    match part:
        case CardPart.WORK:
            return (
                FieldSpec("hired_on", _(N_("Hired on")), FieldKind.DATE),
                FieldSpec("subject", _(N_("Subject or direction")), FieldKind.TEXT),
            )
        case CardPart.EDUCATION:
            choices = _choices(EDUCATION)
            label = _(N_("Education of a teacher"))
            return (FieldSpec("education", label, FieldKind.CHOICE, True, choices=choices),)
        case CardPart.EXPERIENCE:
            return tuple(_experience_fields())
        case CardPart.CATEGORIES:
            return (_rows("categories", _(N_("Categories")), _category_columns()),)
        case CardPart.STATUSES:
            return (_rows("statuses", _(N_("Statuses")), _status_columns()),)
        case CardPart.TRAININGS:
            return (_rows("trainings", _(N_("Courses")), _training_columns()),)


def _choices(words: Mapping[StrEnum, str] | Mapping[Education, str]) -> tuple[Choice, ...]:
    return tuple(Choice(str(key), _(label)) for key, label in words.items())


def _rows(key: str, label: str, columns: tuple[FieldSpec, ...]) -> FieldSpec:
    return FieldSpec(key, label, FieldKind.ROWS, columns=columns)


def _experience_fields() -> Iterator[FieldSpec]:
    yield FieldSpec(
        AS_OF, _(N_("Counted up to")), FieldKind.DATE, required=True, hint=_(N_("Usually today"))
    )
    for kind, label in EXPERIENCE.items():
        years = _(N_("{kind}: years"), kind=_(label))
        months = _(N_("{kind}: months"), kind=_(label))
        yield FieldSpec(f"{kind}_years", years, FieldKind.NUMBER)
        yield FieldSpec(f"{kind}_months", months, FieldKind.NUMBER)


def _category_columns() -> tuple[FieldSpec, ...]:
    kinds = tuple(Choice(str(kind), _(label)) for kind, label in CATEGORIES.items())
    return (
        FieldSpec("kind", _(N_("Category")), FieldKind.CHOICE, True, choices=kinds),
        FieldSpec("order", _(N_("By which order")), FieldKind.TEXT),
        FieldSpec("given_on", _(N_("Given on")), FieldKind.DATE),
        FieldSpec("until", _(N_("In force until")), FieldKind.DATE),
    )


def _status_columns() -> tuple[FieldSpec, ...]:
    kinds = tuple(Choice(str(kind), _(label)) for kind, label in STATUSES.items())
    return (
        FieldSpec("kind", _(N_("Status")), FieldKind.CHOICE, True, choices=kinds),
        FieldSpec("order", _(N_("By which order")), FieldKind.TEXT),
        FieldSpec("certificate", _(N_("Number of the certificate")), FieldKind.TEXT),
        FieldSpec("until", _(N_("In force until")), FieldKind.DATE),
    )


def _training_columns() -> tuple[FieldSpec, ...]:
    return (
        FieldSpec("title", _(N_("Title of the course")), FieldKind.TEXT, required=True),
        FieldSpec("place", _(N_("Where")), FieldKind.TEXT),
        FieldSpec("finished_on", _(N_("Finished on")), FieldKind.DATE, required=True),
        FieldSpec("hours", _(N_("Hours")), FieldKind.NUMBER),
        FieldSpec("certificate", _(N_("Number of the certificate")), FieldKind.TEXT),
    )


def values_of(part: CardPart, card: StaffCard, today: date) -> dict[str, object]:
    """What stands in the form of the part; experience as it is today."""
    match part:
        case CardPart.WORK:
            return {"hired_on": card.hired_on, "subject": card.subject}
        case CardPart.EDUCATION:
            known = card.education if card.education in EDUCATION else None
            return {"education": known}
        case CardPart.EXPERIENCE:
            return _experience_values(card.experience, today)
        case CardPart.CATEGORIES:
            return {"categories": [vars(one) for one in card.categories]}
        case CardPart.STATUSES:
            return {"statuses": [vars(one) for one in card.statuses]}
        case CardPart.TRAININGS:
            return {"trainings": [vars(one) for one in card.trainings]}


def _experience_values(entered: Sequence[Experience], today: date) -> dict[str, object]:
    values: dict[str, object] = {AS_OF: today}
    for one in entered:
        now = one.counted_up_to(today)
        values |= {f"{one.kind}_years": now.years, f"{one.kind}_months": now.months}
    return values


def said_by(part: CardPart, before: StaffCard, values: Values, today: date) -> StaffCard:
    """The card with the part as the form says it."""
    match part:
        case CardPart.WORK:
            hired = day(values, "hired_on")
            return replace(before, hired_on=hired, subject=text(values, "subject"))
        case CardPart.EDUCATION:
            return replace(before, education=Education(text(values, "education")))
        case CardPart.EXPERIENCE:
            as_of = day(values, AS_OF) or today
            return replace(before, experience=tuple(_experience(before, values, as_of)))
        case CardPart.CATEGORIES:
            lines = (
                Category(
                    CategoryKind(text(row, "kind")),
                    day(row, "given_on"),
                    text(row, "order"),
                    day(row, "until"),
                )
                for row in _lines(values, "categories")
            )
            return replace(before, categories=tuple(lines))
        case CardPart.STATUSES:
            held = (
                Status(
                    StatusKind(text(row, "kind")),
                    text(row, "order"),
                    text(row, "certificate"),
                    day(row, "until"),
                )
                for row in _lines(values, "statuses")
            )
            return replace(before, statuses=tuple(held))
        case CardPart.TRAININGS:
            return replace(before, trainings=tuple(map(_training, _lines(values, "trainings"))))


def _lines(values: Values, key: str) -> Sequence[Values]:
    return cast(Sequence[Values], values[key])


def _experience(before: StaffCard, values: Values, as_of: date) -> Iterator[Experience]:
    """What was entered; a line that says nothing new stays as it was counted."""
    known = {one.kind: one for one in before.experience}
    for kind in ExperienceKind:
        years, months = values.get(f"{kind}_years"), values.get(f"{kind}_months")
        if years is None and months is None:
            continue
        entered = Experience(kind, _number(years), _number(months), as_of)
        old = known.get(kind)
        unchanged = old is not None and old.counted_up_to(as_of) == entered
        yield old if old is not None and unchanged else entered


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0


def _training(row: Values) -> Training:
    hours = row.get("hours")
    finished = day(row, "finished_on")
    assert finished is not None  # the column is required
    return Training(
        text(row, "title"),
        finished,
        text(row, "place"),
        hours if isinstance(hours, int) else None,
        text(row, "certificate"),
    )
