"""The staff card of an employment: what checks of pairs and documents ask about a worker."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from workflow.domain.refusals import N_, Refusal

MOST_YEARS = 75


class CategoryKind(StrEnum):
    """Qualification category; mentor and methodist stand beside the highest one.

    (Приказ Минпросвещения от 24.03.2023 № 196, п. 24–54.)
    """

    NONE = "none"
    FIRST = "first"
    HIGHEST = "highest"
    MENTOR = "mentor"
    METHODIST = "methodist"


class ExperienceKind(StrEnum):
    """What years are counted."""

    TOTAL = "total"
    PEDAGOGICAL = "pedagogical"
    IN_FIELD = "in_field"
    MANAGERIAL = "managerial"
    METHODICAL = "methodical"


class Education(StrEnum):
    """Whether somebody was educated as a teacher; it may not be known."""

    UNKNOWN = "unknown"
    PEDAGOGICAL = "pedagogical"
    OTHER = "other"


class StatusKind(StrEnum):
    """A status that a worker was given by an order (Положение о наставничестве региона)."""

    MENTOR = "mentor"
    TUTOR = "tutor"


class CardPart(StrEnum):
    """What of a card is changed at once: one form, one line of its history."""

    WORK = "work"
    CATEGORIES = "categories"
    EDUCATION = "education"
    EXPERIENCE = "experience"
    STATUSES = "statuses"
    TRAININGS = "trainings"


@dataclass(frozen=True)
class Category:
    """`kind` by `order` of the day `given_on`; without `until` it has no end.

    Kind NONE says that it is known that there is none.
    """

    kind: CategoryKind
    given_on: date | None = None
    order: str = ""
    until: date | None = None

    def in_force(self, day: date) -> bool:
        began = self.given_on is None or self.given_on <= day
        return began and (self.until is None or day <= self.until)


@dataclass(frozen=True)
class Experience:
    """`years` and `months` (0–11) of a kind, counted up to the day `as_of`."""

    kind: ExperienceKind
    years: int
    months: int
    as_of: date

    def years_on(self, day: date) -> int:
        """Full years on `day`, as if the work had gone on without a break.

        For a day before `as_of` this is the least that it can have been.
        """
        return self.counted_up_to(day).years

    def counted_up_to(self, day: date) -> Experience:
        """The same experience as it is on another day, as if there had been no break."""
        months = max(12 * self.years + self.months + _full_months(self.as_of, day), 0)
        return Experience(self.kind, months // 12, months % 12, day)


@dataclass(frozen=True)
class Status:
    """A status by `order`, with the `certificate` that proves it, valid up to `until`."""

    kind: StatusKind
    order: str = ""
    certificate: str = ""
    until: date | None = None


@dataclass(frozen=True)
class Training:
    """A finished course: what about, where, when, of how many hours, with which certificate."""

    title: str
    finished_on: date
    place: str = ""
    hours: int | None = None
    certificate: str = ""


@dataclass(frozen=True)
class CardChange:
    """One part of a card was changed: `before` holds what it said until then."""

    part: CardPart
    at: datetime
    by: UUID
    before: Mapping[str, object]


@dataclass(frozen=True)
class StaffCard:
    """What is known of a worker in one employment; what was not entered is not known.

    `subject` is the subject or direction («математика»), `hired_on` the day of hiring to the
    organisation, which may lie before the post. At most one category, experience and status of
    each kind. `changes` are only ever added.
    """

    id: UUID
    employment_id: UUID
    hired_on: date | None = None
    subject: str = ""
    education: Education = Education.UNKNOWN
    categories: tuple[Category, ...] = ()
    experience: tuple[Experience, ...] = ()
    statuses: tuple[Status, ...] = ()
    trainings: tuple[Training, ...] = ()
    changes: tuple[CardChange, ...] = ()
    version: int = 0

    def years_on(self, kind: ExperienceKind | str, day: date) -> int | None:
        """Full years of a kind on the day; None where nobody entered them (never 0)."""
        entered = next((one for one in self.experience if one.kind == kind), None)
        return None if entered is None else entered.years_on(day)

    def category_on(self, day: date) -> CategoryKind | None:
        """The highest category in force: NONE when it lapsed or there is none, None: not known."""
        if not self.categories:
            return None
        held = [one.kind for one in self.categories if one.in_force(day)]
        return max(held, key=list(CategoryKind).index, default=CategoryKind.NONE)

    def holds_category(self, kind: CategoryKind, day: date) -> bool | None:
        """Whether the category is in force on the day; None when no category was entered."""
        if not self.categories:
            return None
        return any(one.kind is kind and one.in_force(day) for one in self.categories)

    def holds_status(self, kind: StatusKind, day: date) -> bool:
        """Whether the status was entered and is valid on the day."""
        held = (one for one in self.statuses if one.kind is kind)
        return any(one.until is None or day <= one.until for one in held)


#: The fields of a card that each part consists of.
PARTS: Mapping[CardPart, tuple[str, ...]] = {
    CardPart.WORK: ("hired_on", "subject"),
    CardPart.CATEGORIES: ("categories",),
    CardPart.EDUCATION: ("education",),
    CardPart.EXPERIENCE: ("experience",),
    CardPart.STATUSES: ("statuses",),
    CardPart.TRAININGS: ("trainings",),
}


def with_history(before: StaffCard, after: StaffCard, by: UUID, at: datetime) -> StaffCard:
    """Return `after` with a line of history for each part that differs from `before`."""
    differing = (
        part
        for part, names in PARTS.items()
        if any(getattr(before, name) != getattr(after, name) for name in names)
    )
    added = tuple(
        CardChange(part, at, by, {name: _plain(getattr(before, name)) for name in PARTS[part]})
        for part in differing
    )
    return replace(after, changes=(*before.changes, *added))


def check_card(card: StaffCard, today: date) -> Refusal | None:
    """Whether what a card says can be so at all."""
    return (
        _check_kinds(card)
        or _check_experience(card, today)
        or _check_categories(card)
        or _check_days(card, today)
    )


def _check_kinds(card: StaffCard) -> Refusal | None:
    for entered in (card.categories, card.experience, card.statuses):
        kinds = [one.kind for one in entered]
        if len(kinds) != len(set(kinds)):
            return Refusal(
                "staff_card.twice",
                N_("The same kind stands on the card twice."),
                N_("Change the line that is there already."),
            )
    kinds_of_category = {one.kind for one in card.categories}
    if CategoryKind.NONE in kinds_of_category and len(kinds_of_category) > 1:
        return Refusal(
            "staff_card.category_and_none",
            N_("The card says that there is a category and that there is none."),
            N_("Leave one of the two."),
        )
    return None


def _check_experience(card: StaffCard, today: date) -> Refusal | None:
    for one in card.experience:
        if not (0 <= one.years <= MOST_YEARS and 0 <= one.months <= 11):
            return Refusal(
                "staff_card.experience",
                N_("Years are a number from 0 to {most}, months from 0 to 11."),
                N_("Correct the experience."),
                {"most": MOST_YEARS},
            )
        if one.as_of > today:
            return Refusal(
                "staff_card.experience_day",
                N_("Experience is counted up to a day that has not come yet."),
                N_("Write the day on which it was counted: today or an earlier one."),
            )
    total = next((o for o in card.experience if o.kind is ExperienceKind.TOTAL), None)
    if total is None:
        return None
    for one in card.experience:
        if one.years_on(today) > total.years_on(today):
            return Refusal(
                "staff_card.more_than_total",
                N_("One kind of experience is longer than all of it."),
                N_("Check the total and the days on which the years were counted."),
            )
    return None


def _check_categories(card: StaffCard) -> Refusal | None:
    for one in card.categories:
        if one.given_on and one.until and one.until < one.given_on:
            return Refusal(
                "staff_card.category_dates",
                N_("The category ends before it begins. Check the dates."),
            )
    return None


def _check_days(card: StaffCard, today: date) -> Refusal | None:
    if any(one.finished_on > today for one in card.trainings):
        return Refusal(
            "staff_card.training_day",
            N_("The course is not finished yet."),
            N_("Enter it when it is: the card holds finished courses only."),
        )
    if any(one.hours is not None and not 0 < one.hours <= 5000 for one in card.trainings):
        return Refusal("staff_card.training_hours", N_("The hours of the course cannot be so."))
    return None


def _full_months(since: date, until: date) -> int:
    """Full months from one day to another, negative for an earlier one.

    A month without such a day ends with its last one (ГК РФ, ст. 192, п. 3).
    """
    last = monthrange(until.year, until.month)[1]
    begun = until.day < min(since.day, last)
    return 12 * (until.year - since.year) + until.month - since.month - begun


def _plain(value: object) -> object:
    """A value of a card as history keeps it: dataclasses as mappings."""
    if isinstance(value, tuple):
        return tuple(_plain(one) for one in value)
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: _plain(getattr(value, f.name)) for f in fields(value)}
    return value
