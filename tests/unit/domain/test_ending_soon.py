"""What ends before a planned signing is told of once, from the day on which it is known."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest

from tests import factories as make
from tests.unit.domain.test_powers import POWER
from workflow.domain.ending_soon import (
    MOST_BEFORE,
    USUALLY_BEFORE,
    Ending,
    EndingKind,
    Planned,
    days_before,
    ending_soon,
    planned_signings,
)
from workflow.domain.mandates import Mandate
from workflow.domain.obligations import Evidence, Fulfilment
from workflow.domain.powers import PowerOfAttorney
from workflow.domain.regulations import (
    DocumentType,
    Role,
    SignatureDemand,
    SignatureFormat,
    SignatureKind,
    StepSpec,
    Verb,
    Who,
)

TOWN = make.town()
HEAD, MENTOR = TOWN.head.person.id, TOWN.mentor.person.id
TODAY = make.TODAY
DAY = timedelta(days=1)
FAR = TODAY + 200 * DAY


def acting(until: date | None, **changed: object) -> Mandate:
    made = replace(TOWN.deputy.mandate, role=Role.ACTING_HEAD, since=TODAY - DAY, until=until)
    return replace(made, **changed)  # type: ignore[arg-type]  # a test names real fields


def order_due(due: date, title: str = "Приказ") -> Planned:
    return Planned(title, due, Role.HEAD)


def of_certificate(until: date, *planned: Planned, days: int = USUALLY_BEFORE) -> list[Ending]:
    return list(ending_soon({HEAD: until}, [TOWN.head.mandate], planned, TODAY, days))


@pytest.mark.parametrize(
    ("ends_in", "told"), [(-31, False), (-30, True), (0, True), (30, True), (31, False)]
)
def test_a_certificate_is_told_of_thirty_days_ahead_and_after(ends_in: int, told: bool) -> None:
    assert bool(of_certificate(TODAY + ends_in * DAY)) is told


def test_a_regulation_may_set_other_days() -> None:
    assert of_certificate(TODAY + 31 * DAY, days=31)
    assert not of_certificate(TODAY + 10 * DAY, days=9)


def test_an_order_due_after_the_certificate_is_told_of_however_far_it_is() -> None:
    until = TODAY + 100 * DAY
    late = order_due(until + DAY)
    (found,) = of_certificate(until, order_due(FAR), late, order_due(until))
    assert (found.kind, found.person_id, found.until) == (EndingKind.CERTIFICATE, HEAD, until)
    assert found.planned == late


def test_a_signature_due_on_the_last_day_is_in_time() -> None:
    until = TODAY + 100 * DAY
    assert of_certificate(until, order_due(until)) == []


def test_what_the_head_owes_does_not_concern_another_persons_certificate() -> None:
    found = ending_soon({MENTOR: TODAY + 100 * DAY}, [TOWN.head.mandate], [order_due(FAR)], TODAY)
    assert found == ()


def test_what_a_person_owes_concerns_that_persons_certificate() -> None:
    owed = Planned("Соглашение", FAR, person_id=MENTOR)
    (found,) = ending_soon({MENTOR: TODAY + 100 * DAY, HEAD: FAR}, [], [owed], TODAY)
    assert (found.person_id, found.planned) == (MENTOR, owed)


def test_a_mandate_ending_before_an_order_is_due_is_told_of() -> None:
    mandate = acting(TODAY + 60 * DAY)
    (found,) = ending_soon({}, [mandate], [order_due(FAR)], TODAY)
    assert (found.kind, found.role, found.until) == (
        EndingKind.MANDATE,
        Role.ACTING_HEAD,
        mandate.until,
    )
    assert found.planned == order_due(FAR)


def test_a_mandate_that_nothing_is_due_after_is_told_of_when_it_ends_soon() -> None:
    assert ending_soon({}, [acting(TODAY + 31 * DAY)], [], TODAY) == ()
    assert len(ending_soon({}, [acting(TODAY + 30 * DAY)], [], TODAY)) == 1


@pytest.mark.parametrize(
    "mandate",
    [
        acting(None),
        acting(TODAY - DAY),
        acting(TODAY + DAY, since=TODAY + DAY),
        acting(TODAY + DAY, role=Role.CLERK),
        acting(TODAY + DAY, withdrawn_at=make.MORNING),
    ],
    ids=["without end", "ended", "not begun", "signs nothing", "withdrawn"],
)
def test_other_mandates_are_not_told_of(mandate: Mandate) -> None:
    assert ending_soon({}, [mandate], [order_due(FAR)], TODAY) == ()


@pytest.mark.parametrize("role", [Role.ACTING_HEAD, Role.HEAD])
def test_a_mandate_that_is_followed_by_another_one_is_not_told_of(role: Role) -> None:
    first = acting(TODAY + 5 * DAY)
    later = acting(TODAY + 300 * DAY, id=make.new_id(), since=TODAY + 6 * DAY, role=role)
    assert ending_soon({}, [first, later], [], TODAY) == ()
    gap = replace(later, since=TODAY + 7 * DAY)
    assert len(ending_soon({}, [first, gap], [], TODAY)) == 1


def test_a_prolonged_mandate_is_news_of_its_own() -> None:
    (first,) = ending_soon({}, [acting(TODAY + DAY)], [], TODAY)
    (again,) = ending_soon({}, [acting(TODAY + 2 * DAY)], [], TODAY)
    assert first.key != again.key


def test_the_soonest_comes_first() -> None:
    found = ending_soon({HEAD: TODAY + 9 * DAY}, [acting(TODAY + 3 * DAY)], [], TODAY)
    assert [one.kind for one in found] == [EndingKind.MANDATE, EndingKind.CERTIFICATE]


@pytest.mark.parametrize("value", [True, -1, MOST_BEFORE + 1, "30", None])
def test_senseless_days_in_a_pack_count_as_none_given(value: object) -> None:
    assert days_before({"warn_days_before_end": value}) == USUALLY_BEFORE


def test_a_pack_says_how_many_days() -> None:
    assert days_before({"warn_days_before_end": 60}) == 60


# --- Which signatures are due ----------------------------------------------------------------


def type_of(code: str, kind: SignatureKind, who: Who, **changed: object) -> DocumentType:
    return make.order_type(
        code=code,
        route=(StepSpec("sign", Verb.SIGN, who),),
        signature=SignatureDemand(kind, SignatureFormat.CADES),
        **changed,
    )


ROADMAP = make.order_type(code="D04", route=(), signature=None)
ORDER = type_of("D02", SignatureKind.ADVANCED, Who(Role.HEAD), approves=("D04",))
AGREEMENT = type_of("D13", SignatureKind.ADVANCED, Who(field_key="mentor"))
CONSENT = type_of("D09", SignatureKind.SIMPLE, Who(field_key="mentor"))
TYPES = {kind.code: kind for kind in (ROADMAP, ORDER, AGREEMENT, CONSENT)}
DUE = date(2025, 1, 30)
PEOPLE: dict[UUID, UUID] = {TOWN.mentor.employment.id: MENTOR}


def test_a_roadmap_is_signed_with_the_order_that_approves_it() -> None:
    owed = make.obligation(TOWN)
    assert planned_signings([owed], TYPES, PEOPLE) == (Planned(owed.title, DUE, Role.HEAD),)


def test_what_a_person_signs_is_planned_for_that_person() -> None:
    owed = make.obligation(
        TOWN,
        type_code="D13",
        evidence=Evidence.STEP,
        step="sign",
        employment_id=TOWN.mentor.employment.id,
    )
    (planned,) = planned_signings([owed], TYPES, PEOPLE)
    assert (planned.person_id, planned.role) == (MENTOR, None)


def test_where_a_simple_signature_is_enough_no_certificate_is_planned_for() -> None:
    owed = make.obligation(TOWN, type_code="D09")
    assert planned_signings([owed], TYPES, PEOPLE) == ()


def test_another_step_than_signing_is_no_planned_signature() -> None:
    owed = make.obligation(TOWN, type_code="D02", evidence=Evidence.STEP, step="prepare")
    assert planned_signings([owed], TYPES, PEOPLE) == ()


def test_what_has_come_or_has_no_day_is_not_planned() -> None:
    sent = make.obligation(TOWN, fulfilments=(Fulfilment(make.MORNING, "signed"),))
    without = make.obligation(TOWN, due=None)
    assert planned_signings([sent, without], TYPES, PEOPLE) == ()


def power(until: date, number: int = 1, **changed: object) -> PowerOfAttorney:
    made = replace(
        POWER,
        id=UUID(int=number),
        representative_id=MENTOR,
        issued=TODAY - DAY,
        until=until,
    )
    return replace(made, **changed)  # type: ignore[arg-type]  # a test names real fields


def of_power(*powers: PowerOfAttorney, planned: tuple[Planned, ...] = ()) -> list[Ending]:
    return list(ending_soon({}, [TOWN.head.mandate], planned, TODAY, powers=powers))


@pytest.mark.parametrize(("ends_in", "told"), [(-1, False), (0, True), (30, True), (31, False)])
def test_a_power_of_attorney_is_told_of_while_it_lasts(ends_in: int, told: bool) -> None:
    found = of_power(power(TODAY + ends_in * DAY))
    assert bool(found) is told
    assert all(one.person_id == MENTOR and one.kind is EndingKind.POWER for one in found)


def test_a_power_that_ends_before_a_planned_signing_of_the_head_is_told_of_at_once() -> None:
    due = order_due(FAR)
    (found,) = of_power(power(FAR - DAY), planned=(due,))
    assert (found.planned, found.until) == (due, FAR - DAY)
    assert of_power(power(FAR), planned=(due,)) == []


def test_a_power_that_is_followed_by_another_is_not_told_of() -> None:
    soon = TODAY + 5 * DAY
    assert of_power(power(soon), power(FAR, 2)) == []
    assert len(of_power(power(soon), power(FAR, 2, representative_id=HEAD))) == 1
