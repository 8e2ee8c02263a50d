"""What an import of workers would do: row by row, before anything is written.

Name, СНИЛС and ИНН of somebody who is known are never touched, not even where they are empty:
that takes a second person. Nobody is guessed: a worker is found by СНИЛС, or by the name together
with a day of the card. Whoever has left is not taken on again by an old list.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from uuid import UUID

from workflow.domain.people import Employment, Person
from workflow.domain.refusals import N_
from workflow.domain.staff_cards import (
    ExperienceKind,
    StaffCard,
    check_card,
)
from workflow.domain.staff_import_card import card_after, gender_of
from workflow.domain.staff_sheets import HEADINGS, CellProblem, SheetRow, folded_text

#: What a row may say of somebody who is known, in the order of the columns; experience by kind.
CARD_KEYS = ("hired_on", "subject", "education")

#: The column in which to look for what a card refuses.
_REFUSED_IN = {
    "staff_card.more_than_total": ExperienceKind.TOTAL,
    "staff_card.experience_day": "counted_on",
    "staff_card.category_dates": "category_since",
}


class Fate(StrEnum):
    """What becomes of a row."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    WRONG = "wrong"


@dataclass(frozen=True)
class Worker:
    """A person in one post, with the card (None: nobody has filled one in)."""

    person: Person
    employment: Employment
    card: StaffCard | None


@dataclass(frozen=True)
class KnownStaff:
    """What is known before the import.

    `workers` are all who hold or held a post of the organisation; `elsewhere` are those СНИЛС of
    the file that belong to other people of the installation; `shared` are those who hold a post in
    another organisation now.
    """

    organisation_id: UUID
    workers: tuple[Worker, ...]
    elsewhere: frozenset[str] = frozenset()
    shared: frozenset[UUID] = frozenset()


@dataclass(frozen=True)
class PlannedRow:
    """A row with what it does.

    `touched` are the keys of the columns from which something is written; `remarks` are cells that
    are left aside. `after` is None for a wrong row; `before` is None for a new post.
    """

    row: SheetRow
    fate: Fate
    problems: tuple[CellProblem, ...] = ()
    remarks: tuple[CellProblem, ...] = ()
    touched: tuple[str, ...] = ()
    before: Worker | None = None
    after: Worker | None = None


def plan_import(
    rows: Iterable[SheetRow], known: KnownStaff, today: date, new_id: Callable[[], UUID]
) -> tuple[PlannedRow, ...]:
    """Return what each row does, in their order; a later row sees what an earlier one adds.

    New people and posts have no case forms yet: whoever writes them adds the proposals.
    """
    planner = _Planner(known, today, new_id)
    return tuple(planner.plan(row) for row in rows)


class _WrongRowError(Exception):
    """A row that cannot be taken; carries what is wrong with it."""

    code = "staff_import.row"

    def __init__(self, row: SheetRow, key: str, msgid: str, **params: object) -> None:
        super().__init__(msgid)
        self.problem = CellProblem(row.number, HEADINGS.get(key, ""), msgid, params)


class _Planner:
    """The staff as it stands after the rows so far."""

    def __init__(self, known: KnownStaff, today: date, new_id: Callable[[], UUID]) -> None:
        self.known, self.today, self.new_id = known, today, new_id
        self.people: dict[UUID, Person] = {}
        self.by_snils: dict[str, UUID] = {}
        self.by_name: dict[str, set[UUID]] = defaultdict(set)
        self.posts: dict[UUID, dict[UUID, Employment]] = defaultdict(dict)
        self.cards: dict[UUID, StaffCard] = {}
        self.taken_on: set[UUID] = set()  # by a row of this file
        for worker in known.workers:
            self._remember(worker)

    def _remember(self, worker: Worker) -> None:
        person = worker.person
        self.people[person.id] = person
        self.by_name[folded_text(person.full_name)].add(person.id)
        if person.snils:
            self.by_snils[person.snils] = person.id
        self.posts[person.id][worker.employment.id] = worker.employment
        if worker.card is not None:
            self.cards[worker.employment.id] = worker.card

    def plan(self, row: SheetRow) -> PlannedRow:
        if row.problems:
            return PlannedRow(row, Fate.WRONG, row.problems)
        try:
            person = self._find(row)
            planned = self._new(row) if person is None else self._present(row, person)
        except _WrongRowError as error:
            return PlannedRow(row, Fate.WRONG, (error.problem,))
        if planned.after is not None:
            self._remember(planned.after)
        return planned

    # --- Who it is

    def _find(self, row: SheetRow) -> Person | None:
        """The worker whom the row means; None for somebody new."""
        if row.snils in self.by_snils:
            return self._checked_name(row, self.people[self.by_snils[row.snils]])
        if row.snils in self.known.elsewhere:
            raise _WrongRowError(
                row, "snils", N_("This person is known already: the operator adds the post.")
            )
        alike = (self.people[one] for one in self.by_name[folded_text(row.full_name)])
        namesakes = [person for person in alike if not (row.snils and person.snils)]
        if not namesakes:
            return None
        same = [person for person in namesakes if self._began_on(person, row)]
        if len(same) != 1:
            raise _WrongRowError(
                row,
                "since",
                N_(
                    "Somebody of this name works or worked here: give the СНИЛС or the day on the "
                    "card. The operator adds a namesake."
                ),
            )
        return same[0]

    def _checked_name(self, row: SheetRow, person: Person) -> Person:
        if folded_text(person.full_name) != folded_text(row.full_name):
            raise _WrongRowError(
                row,
                "last",
                N_(
                    "The card with this СНИЛС has another name. A second person confirms a new one."
                ),
            )
        return person

    def _began_on(self, person: Person, row: SheetRow) -> bool:
        days = {row.since, row.hired_on} - {None}
        for post in self.posts[person.id].values():
            card = self.cards.get(post.id)
            if post.since in days or (card is not None and card.hired_on in days):
                return True
        return False

    # --- What becomes of it

    def _new(self, row: SheetRow) -> PlannedRow:
        gender = row.gender or gender_of(row.middle)
        if gender is None:
            raise _WrongRowError(
                row, "gender", N_("The patronymic does not tell the gender: write «ж» or «м».")
            )
        person = Person(
            id=self.new_id(),
            last=row.last,
            first=row.first,
            middle=row.middle,
            gender=gender,
            snils=row.snils,
            inn=row.inn,
            email=row.email,
        )
        return self._new_post(row, person)

    def _new_post(self, row: SheetRow, person: Person) -> PlannedRow:
        since = self._first_day(row, person)
        post = Employment(self.new_id(), person.id, self.known.organisation_id, row.post, since)
        worker = Worker(person, post, self._card(row, post, None))
        self.taken_on.add(person.id)
        empty = Worker(replace(person, snils="", inn="", email=""), post, None)
        return PlannedRow(row, Fate.NEW, touched=("since", *_touched(empty, worker)), after=worker)

    def _first_day(self, row: SheetRow, person: Person) -> date:
        since = row.since or row.hired_on
        if since is None:
            raise _WrongRowError(
                row, "since", N_("The worker is new here: write since when the post is held.")
            )
        left = max((e.until for e in self._left(person) if e.until), default=None)
        if left is not None and since <= left:
            raise _WrongRowError(
                row,
                "since",
                N_("The worker left on {day}. Write since when the post is held anew."),
                day=left,
            )
        return since

    def _present(self, row: SheetRow, person: Person) -> PlannedRow:
        known = self._checked_person(row, person)
        post = self._post(row, person)
        if post is None:
            return replace(self._new_post(row, known), remarks=_left_aside(row, person))
        card = self.cards.get(post.id)
        before, after = Worker(person, post, card), Worker(known, post, self._card(row, post, card))
        touched = tuple(_touched(before, after))
        return PlannedRow(
            row,
            Fate.CHANGED if touched else Fate.UNCHANGED,
            remarks=_left_aside(row, person),
            touched=touched,
            before=before,
            after=after,
        )

    def _checked_person(self, row: SheetRow, person: Person) -> Person:
        """The person with the e-mail of the row; nothing else of a person comes from a file."""
        if row.inn and person.inn and row.inn != person.inn:
            raise _WrongRowError(
                row, "inn", N_("The card has another ИНН. A second person confirms a new one.")
            )
        if row.email in ("", person.email):
            return person
        if person.id in self.known.shared:
            raise _WrongRowError(
                row,
                "email",
                N_("The worker has a post in another organisation too: the operator changes this."),
            )
        return replace(person, email=row.email)

    def _held(self, person: Person) -> list[Employment]:
        return [e for e in self.posts[person.id].values() if not self._is_left(e)]

    def _left(self, person: Person) -> list[Employment]:
        return [e for e in self.posts[person.id].values() if self._is_left(e)]

    def _is_left(self, post: Employment) -> bool:
        return post.until is not None and post.until < self.today

    def _post(self, row: SheetRow, person: Person) -> Employment | None:
        """The post that the row means; None for one of somebody whom the file takes on."""
        held = self._held(person)
        same = next((e for e in held if folded_text(e.post) == folded_text(row.post)), None)
        if same is None:
            self._check_taken_on(row, person, held)
            return None
        card = self.cards.get(same.id)
        if row.since not in (None, same.since, card.hired_on if card else None):
            raise _WrongRowError(
                row, "since", N_("On the card the post is held since {day}."), day=same.since
            )
        return same

    def _check_taken_on(self, row: SheetRow, person: Person, held: Iterable[Employment]) -> None:
        """Whether the file may give the person a post: not beside one that is held already."""
        posts = ", ".join(f"«{e.post}»" for e in held)
        if posts and person.id not in self.taken_on:
            raise _WrongRowError(
                row,
                "post",
                N_("On the card the post is {post}. Enter a transfer there; the operator adds a "
                   "second post."),
                post=posts,
            )  # fmt: skip
        if person.id in self.known.shared:
            raise _WrongRowError(
                row, "snils", N_("This person is known already: the operator adds the post.")
            )

    def _card(self, row: SheetRow, post: Employment, known: StaffCard | None) -> StaffCard | None:
        if row.category is None and (row.category_since or row.category_order):
            raise _WrongRowError(row, "category", N_("Write which category it is."))
        before = known or StaffCard(self.new_id(), post.id)
        after = card_after(row, before, self.today)
        refusal = check_card(after, self.today)
        if refusal:
            column = _REFUSED_IN.get(refusal.code, "")
            raise _WrongRowError(row, column, refusal.msgid, **refusal.params)
        return known if after == before else after


def _left_aside(row: SheetRow, person: Person) -> tuple[CellProblem, ...]:
    """The numbers that the card lacks: they are not taken from a file."""
    said = N_("The card has no such number. Propose it there: a second person confirms it.")
    return tuple(
        CellProblem(row.number, HEADINGS[key], said)
        for key in ("snils", "inn")
        if getattr(row, key) and not getattr(person, key)
    )


def _touched(before: Worker, after: Worker) -> Iterable[str]:
    for key in ("snils", "inn", "email"):
        if getattr(before.person, key) != getattr(after.person, key):
            yield key
    old = before.card or StaffCard(after.employment.id, after.employment.id)
    new = after.card or old
    for key in CARD_KEYS:
        if getattr(old, key) != getattr(new, key):
            yield key
    if old.categories != new.categories:
        yield "category"
    said = {one.kind: one for one in old.experience}
    yield from (one.kind for one in new.experience if said.get(one.kind) != one)
