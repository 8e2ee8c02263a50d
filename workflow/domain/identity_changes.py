"""Changes of a person's name, СНИЛС and ИНН: proposed by one person, decided by another."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from workflow.domain.administration import check_identifiers
from workflow.domain.mandates import Actor
from workflow.domain.people import Person
from workflow.domain.refusals import N_, Refusal
from workflow.domain.regulations import Role

#: What a change may touch, in the order of a card.
IDENTITY_FIELDS = ("last", "first", "middle", "snils", "inn")
NAME_FIELDS = ("last", "first", "middle")


class IdentityDecision(StrEnum):
    """What became of a proposal."""

    PENDING = "pending"
    CONFIRMED = "confirmed"
    REFUSED = "refused"


@dataclass(frozen=True)
class Identity:
    """Name and identifiers of a person at one time."""

    last: str
    first: str
    middle: str
    snils: str
    inn: str

    @classmethod
    def of(cls, person: Person) -> Identity:
        return cls(person.last, person.first, person.middle, person.snils, person.inn)

    @property
    def full_name(self) -> str:
        return " ".join(part for part in (self.last, self.first, self.middle) if part)


@dataclass(frozen=True)
class IdentityChange:
    """`before` becomes `after` from the day `since`, on the `ground` of a document.

    `scan` is the SHA-256 of the document's scan, if there is one. Names are dated by it: a person
    was called `before` until the day before `since`.
    """

    id: UUID
    person_id: UUID
    organisation_id: UUID
    before: Identity
    after: Identity
    since: date
    ground: str
    proposed_at: datetime
    proposed_by: UUID
    scan: str = ""
    scan_name: str = ""
    decision: IdentityDecision = IdentityDecision.PENDING
    decided_at: datetime | None = None
    decided_by: UUID | None = None
    reason: str = ""
    version: int = 0

    @property
    def renames(self) -> bool:
        return self.before.full_name != self.after.full_name

    @property
    def touched(self) -> tuple[str, ...]:
        """The fields that differ."""
        return tuple(
            name
            for name in IDENTITY_FIELDS
            if getattr(self.before, name) != getattr(self.after, name)
        )


def known_at(person: Person, changes: Iterable[IdentityChange], moment: datetime) -> Person:
    """The person as the card named them at a moment: what signatures were compared with then."""
    later = [one for one in changes if one.decided_at is not None and one.decided_at > moment]
    confirmed = [one for one in later if one.decision is IdentityDecision.CONFIRMED]
    next_one = min(confirmed, key=lambda one: one.decided_at or moment, default=None)
    return applied(person, next_one.before) if next_one else person


def may_decide_identity(
    change: IdentityChange, actor: Actor, today: date, office_ids: Iterable[UUID] = ()
) -> Refusal | None:
    """Whether the actor may confirm or refuse: neither who proposed it nor whom it is about.

    The head of the organisation, the operator, or an officer of the office above (`office_ids`).
    """
    if change.decision is not IdentityDecision.PENDING:
        return Refusal(
            "identity.decided",
            N_("This change has been decided already."),
            N_("Open the person's card to see what became of it."),
        )
    if actor.person_id == change.proposed_by:
        return Refusal(
            "identity.own_proposal",
            N_("You proposed this change, so somebody else has to confirm it."),
            N_("Ask the head, the operator or the office."),
        )
    if actor.person_id == change.person_id:
        return Refusal(
            "identity.own_name",
            N_("The change is about yourself, so somebody else has to confirm it."),
            N_("Ask the head, the operator or the office."),
        )
    heads = actor.holds(Role.HEAD, change.organisation_id, today)
    officer = any(actor.holds(Role.OFFICER, office, today) for office in office_ids)
    if actor.operator or heads or officer:
        return None
    return Refusal(
        "identity.not_yours",
        N_("Such a change is confirmed by the head, the operator or the office."),
        N_("Ask the head."),
    )


def check_identity(person: Person, after: Identity, since: date, today: date) -> Refusal | None:
    """Whether the change can be so at all; it says something new and the numbers are numbers."""
    if Identity.of(person) == after:
        return Refusal(
            "identity.nothing", N_("Nothing would change."), N_("Correct the field that is wrong.")
        )
    if not (after.last and after.first):
        return Refusal("identity.empty", N_("A person has a surname and a first name."))
    gone = [k for k in ("snils", "inn") if getattr(person, k) and not getattr(after, k)]
    if gone:
        return Refusal(
            "identity.number_gone",
            N_("A number cannot be left empty once it was known."),
            N_("Write the right number."),
        )
    if since > today:
        return Refusal(
            "identity.future",
            N_("The change takes effect on a day that has not come yet."),
            N_("Propose it on that day or later."),
        )
    return check_identifiers(applied(person, after))


def applied(person: Person, after: Identity) -> Person:
    """The person with the new identity; a new name has no confirmed case forms yet."""
    changed = replace(
        person,
        last=after.last,
        first=after.first,
        middle=after.middle,
        snils=after.snils,
        inn=after.inn,
    )
    if changed.full_name == person.full_name:
        return changed
    return replace(changed, forms=(), forms_confirmed=False)
