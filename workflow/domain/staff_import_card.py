"""What a row of a file makes of a staff card."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from workflow.domain.people import Gender
from workflow.domain.staff_cards import (
    Category,
    CategoryKind,
    Experience,
    ExperienceKind,
    StaffCard,
)
from workflow.domain.staff_sheets import SheetRow


def card_after(row: SheetRow, before: StaffCard, today: date) -> StaffCard:
    """Return the card with what the row says; an equal one where it says nothing new."""
    return replace(
        before,
        hired_on=row.hired_on or before.hired_on,
        subject=row.subject or before.subject,
        education=row.education or before.education,
        categories=_categories(row, before),
        experience=_experience(row, before, today),
    )


def gender_of(middle: str) -> Gender | None:
    """The gender that a patronymic tells, None where it tells none."""
    name = middle.casefold()
    if name.endswith(("вна", "чна", "кызы", "гызы")):
        return Gender.FEMALE
    return Gender.MALE if name.endswith(("ич", "оглы", "оглу", "улы")) else None


def _categories(row: SheetRow, before: StaffCard) -> tuple[Category, ...]:
    if row.category is None:
        return before.categories
    if row.category is CategoryKind.NONE:
        known = any(c.kind is CategoryKind.NONE for c in before.categories)
        return before.categories if known else (Category(CategoryKind.NONE),)
    held = next((c for c in before.categories if c.kind is row.category), Category(row.category))
    said = replace(
        held,
        given_on=row.category_since or held.given_on,
        order=row.category_order or held.order,
    )
    others = (c for c in before.categories if c.kind not in (row.category, CategoryKind.NONE))
    return before.categories if said in before.categories else (*others, said)


def _experience(row: SheetRow, before: StaffCard, today: date) -> tuple[Experience, ...]:
    """The years of the row; a kind that has grown to the same years by itself stays as it is."""
    known = {one.kind: one for one in before.experience}
    said = (
        Experience(kind, years, months, row.counted_on or today)
        for kind, years, months in row.experience
    )
    other = {
        one.kind: one
        for one in said
        if not _same_years(known.get(one.kind), one, dated=row.counted_on is not None)
    }
    if not other:
        return before.experience
    after = {**known, **other}
    return tuple(after[kind] for kind in ExperienceKind if kind in after)


def _same_years(known: Experience | None, said: Experience, *, dated: bool) -> bool:
    """Whether the card says as much; years without a date may be those of an older list."""
    if known is None:
        return False
    then = [known.counted_up_to(said.as_of), *([] if dated else [known])]
    return any(one.years == said.years and said.months in (0, one.months) for one in then)
