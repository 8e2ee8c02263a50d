"""What ends before a planned signing: certificates of those who sign, mandates and powers to sign.

An end is told of from the day on which it is known to come too early: either because it comes
within some days, or because a signature is due after it. Each is known by a key that holds its day:
a prolonged mandate and a new certificate are news of their own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from workflow.domain.administration import SIGNING_ROLES
from workflow.domain.mandates import Mandate, filling
from workflow.domain.obligations import Obligation
from workflow.domain.powers import PowerOfAttorney
from workflow.domain.regulations import (
    DocumentType,
    Role,
    SignatureKind,
    StepSpec,
    Verb,
)
from workflow.domain.reminders import last_day

#: How many days ahead an end is told of in any case, unless a pack says otherwise.
USUALLY_BEFORE = 30
MOST_BEFORE = 365
SETTING = "warn_days_before_end"

DAY = timedelta(days=1)


class EndingKind(StrEnum):
    """What ends."""

    CERTIFICATE = "certificate"
    MANDATE = "mandate"
    POWER = "power"


@dataclass(frozen=True)
class Planned:
    """A signature with a certificate that is due by a day: by the holder of a role, or a person."""

    title: str
    due: date
    role: Role | None = None
    person_id: UUID | None = None


@dataclass(frozen=True)
class Ending:
    """Something of `person_id` that ends on `until`, its last day.

    `role` is that of a mandate; `planned` the first signature that it will be too short for.
    """

    kind: EndingKind
    key: str
    person_id: UUID
    until: date
    role: Role | None = None
    planned: Planned | None = None


def days_before(settings: Mapping[str, object]) -> int:
    """Return how many days ahead an end is told of, by a pack's settings.

    A senseless value counts as none given.
    """
    chosen = settings.get(SETTING)
    if isinstance(chosen, bool) or not isinstance(chosen, int) or not 0 <= chosen <= MOST_BEFORE:
        return USUALLY_BEFORE
    return chosen


def ending_soon(
    certificates: Mapping[UUID, date],
    mandates: Iterable[Mandate],
    planned: Iterable[Planned],
    today: date,
    days: int = USUALLY_BEFORE,
    powers: Iterable[PowerOfAttorney] = (),
) -> tuple[Ending, ...]:
    """Return what ends too early in one organisation, the soonest first.

    `certificates` are the last days of the certificates by which its people sign (of several of
    one person the longest-lasting), `mandates` those of the organisation, `today` its local day.
    A certificate that has ended is told of for `days` more; one of a person who signs no more
    should not be given. `powers` of attorney are told of while they last, unless their holder has
    another one that lasts longer.
    """
    known, due, held = list(mandates), list(planned), list(powers)
    found = [
        Ending(
            EndingKind.CERTIFICATE,
            f"certificate.{person_id}.{until.isoformat()}",
            person_id,
            until,
            planned=_first_after(until, _asked(person_id, known, due, today), today),
        )
        for person_id, until in certificates.items()
        if until >= today - days * DAY
    ]
    found += [
        Ending(
            EndingKind.MANDATE,
            f"mandate.{one.id}.{one.until.isoformat()}",
            one.person_id,
            one.until,
            one.role,
            _first_after(one.until, [p for p in due if _serves(one, p)], today),
        )
        for one in known
        if one.role in SIGNING_ROLES and one.in_force(today) and one.until is not None
        if not _goes_on(one, one.until, known)
    ]
    found += [
        Ending(
            EndingKind.POWER,
            f"power.{one.id}.{one.until.isoformat()}",
            one.representative_id,
            one.until,
            planned=_first_after(one.until, [p for p in due if p.role is Role.HEAD], today),
        )
        for one in held
        if one.in_force(today) and not _is_followed(one, held)
    ]
    soon = (one for one in found if one.planned is not None or one.until <= today + days * DAY)
    return tuple(sorted(soon, key=lambda one: (one.until, one.key)))


def planned_signings(
    owed: Iterable[Obligation],
    types: Mapping[str, DocumentType],
    people: Mapping[UUID, UUID],
) -> tuple[Planned, ...]:
    """Return which signatures are due, from what an organisation owes.

    `people` says who holds an employment. An approved document is signed with its order. Where a
    simple signature is enough, no certificate is needed.
    """
    found: list[Planned] = []
    for one in owed:
        day = last_day(one)
        if day is None:
            continue
        for kind, step in _sign_steps(one, types):
            demand = kind.demand(step)
            if demand is None or demand.kind is SignatureKind.SIMPLE:
                continue
            if one.employment_id is not None:
                person_id = people.get(one.employment_id)
                found += [Planned(one.title, day, person_id=person_id)] if person_id else []
            elif step.who.role is not None and step.who.at == "own":
                found.append(Planned(one.title, day, step.who.role))
    return tuple(dict.fromkeys(found))


def _sign_steps(
    owed: Obligation, types: Mapping[str, DocumentType]
) -> list[tuple[DocumentType, StepSpec]]:
    """The steps of signing that stand between now and what is owed."""
    signed = [k for k in types.values() if owed.type_code in (k.code, *k.approves)]
    steps = [(k, s) for k in signed for s in k.route if s.verb is Verb.SIGN]
    # What is met by one step is owed by whoever takes it, others who sign there are not.
    return [(k, s) for k, s in steps if s.key == owed.step] if owed.step else steps


def _first_after(until: date, planned: Iterable[Planned], today: date) -> Planned | None:
    late = [one for one in planned if one.due > until and one.due >= today]
    return min(late, key=lambda one: (one.due, one.title), default=None)


def _asked(
    person_id: UUID, mandates: list[Mandate], planned: list[Planned], today: date
) -> list[Planned]:
    held = [m for m in mandates if m.person_id == person_id and m.in_force(today)]
    return [
        one for one in planned if one.person_id == person_id or any(_serves(m, one) for m in held)
    ]


def _serves(mandate: Mandate, planned: Planned) -> bool:
    return planned.role is not None and mandate.role in filling(planned.role)


def _goes_on(ending: Mandate, until: date, mandates: list[Mandate]) -> bool:
    """Whether the person holds the role on the day after by another mandate."""
    others = [m for m in mandates if m.person_id == ending.person_id and m.id != ending.id]
    return any(_as_good(m.role, ending.role) and m.in_force(until + DAY) for m in others)


def _is_followed(ending: PowerOfAttorney, powers: list[PowerOfAttorney]) -> bool:
    """Whether its holder has another power that goes on after it."""
    return any(
        one.representative_id == ending.representative_id
        and one.id != ending.id
        and one.in_force(ending.until + DAY)
        for one in powers
    )


def _as_good(one: Role, other: Role) -> bool:
    """Whether both let sign the same: an acting head who becomes the head signs on."""
    return one is other or {one, other} <= set(filling(Role.HEAD))
