"""Dismissal and long absence: pairs wait or are suspended, obligations follow."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from marshrut.demonstration.town import done
from tests.integration.pairs.deeds import (
    begun,
    consented,
    experienced,
    life,
    on_day,
    order_begun,
    order_in_force,
    owed,
    proposed,
)
from tests.told_once import told_once
from tests.world import World
from workflow.domain.obligations import Obligation, ObligationState, state_of
from workflow.domain.pairs import PairStatus
from workflow.domain.people import AbsenceKind
from workflow.usecases.absences import end_absence, record_absence, withdraw_absence
from workflow.usecases.end_employment import end_employment

LEAVE = "приказ от 20.05.2026 № 31-к"


@pytest.fixture
@told_once
def led(kedrovsk: World) -> UUID:
    """Zotova leads Golubeva since 18 May; it is the next day."""
    experienced(kedrovsk, "zotova", in_field=18)
    experienced(kedrovsk, "golubeva", pedagogical=1)
    case_id = begun(kedrovsk, "zotova", "golubeva")
    on_day(kedrovsk, date(2026, 5, 19))
    return case_id


def away(
    world: World,
    who: str,
    since: date,
    until: date | None = None,
    kind: AbsenceKind = AbsenceKind.MATERNITY,
) -> UUID:
    clerk, post = world.actor("titova"), world.person(who).employment_id
    absence = done(record_absence(world.services, clerk, post, kind, since, until, LEAVE))
    world.work()
    return absence.id


def status(world: World, case_id: UUID) -> PairStatus:
    return life(world, case_id).status


def stored(world: World, case_id: UUID) -> PairStatus:
    """What lists show."""
    with world.services.uow.reading() as tx:
        place = tx.pairs.load(case_id).organisation_id
        return next(s for s in PairStatus if tx.pairs.of_organisation(place, statuses=[s]).items)


def test_a_maternity_leave_suspends_the_pair_and_what_it_owes(kedrovsk: World, led: UUID) -> None:
    away(kedrovsk, "golubeva", date(2026, 5, 19))
    assert stored(kedrovsk, led) is status(kedrovsk, led) is PairStatus.SUSPENDED
    assert {state_of(o) for o in owed(kedrovsk, led).values()} == {ObligationState.CANCELLED}
    assert {o.changes[-1].ground for o in owed(kedrovsk, led).values()} == {LEAVE}


def test_after_the_return_the_days_count_anew(kedrovsk: World, led: UUID) -> None:
    absence = away(kedrovsk, "golubeva", date(2026, 5, 19))
    on_day(kedrovsk, date(2026, 9, 14))
    clerk = kedrovsk.actor("titova")
    done(end_absence(kedrovsk.services, clerk, absence, date(2026, 9, 13)))
    kedrovsk.work()
    assert status(kedrovsk, led) is PairStatus.RUNNING
    plan = owed(kedrovsk, led)["D16", "sign_mentor"]
    assert state_of(plan) is ObligationState.OPEN
    assert plan.due_now == date(2026, 9, 19)  # five working days after Monday 14 September


def test_an_absence_known_in_advance_suspends_on_its_days(kedrovsk: World, led: UUID) -> None:
    away(kedrovsk, "golubeva", date(2026, 6, 1), date(2026, 10, 18))
    plan = owed(kedrovsk, led)["D16", "sign_mentor"]
    assert (status(kedrovsk, led), plan.due_now) == (PairStatus.RUNNING, date(2026, 5, 23))
    on_day(kedrovsk, date(2026, 6, 1))
    assert stored(kedrovsk, led) is status(kedrovsk, led) is PairStatus.SUSPENDED
    plan = owed(kedrovsk, led)["D16", "sign_mentor"]
    assert (state_of(plan), plan.changes[-1].ground) == (ObligationState.CANCELLED, LEAVE)
    on_day(kedrovsk, date(2026, 10, 19))
    assert stored(kedrovsk, led) is status(kedrovsk, led) is PairStatus.RUNNING
    plan = owed(kedrovsk, led)["D16", "sign_mentor"]
    assert (state_of(plan), plan.due_now) == (ObligationState.OPEN, date(2026, 10, 24))


def test_corrected_dates_correct_the_pair(kedrovsk: World, led: UUID) -> None:
    absence = away(kedrovsk, "golubeva", date(2026, 5, 19), date(2026, 5, 31))
    clerk, services = kedrovsk.actor("titova"), kedrovsk.services
    done(end_absence(services, clerk, absence, date(2026, 6, 30)))
    kedrovsk.work()
    on_day(kedrovsk, date(2026, 6, 15))
    assert status(kedrovsk, led) is PairStatus.SUSPENDED
    done(withdraw_absence(services, clerk, absence))
    kedrovsk.work()
    assert stored(kedrovsk, led) is status(kedrovsk, led) is PairStatus.RUNNING
    assert life(kedrovsk, led).suspended_by is None


def test_a_usual_leave_suspends_nothing(kedrovsk: World, led: UUID) -> None:
    away(kedrovsk, "golubeva", date(2026, 6, 1), date(2026, 6, 28), AbsenceKind.LEAVE)
    on_day(kedrovsk, date(2026, 6, 1))
    assert status(kedrovsk, led) is PairStatus.RUNNING


def test_a_dismissed_mentor_leaves_the_pair_waiting_from_the_next_day(
    kedrovsk: World, led: UUID
) -> None:
    clerk, post = kedrovsk.actor("titova"), kedrovsk.person("zotova").employment_id
    done(end_employment(kedrovsk.services, clerk, post, date(2026, 6, 5), LEAVE))
    kedrovsk.work()
    assert status(kedrovsk, led) is PairStatus.RUNNING
    on_day(kedrovsk, date(2026, 6, 5))
    assert status(kedrovsk, led) is PairStatus.RUNNING
    on_day(kedrovsk, date(2026, 6, 6))
    assert stored(kedrovsk, led) is status(kedrovsk, led) is PairStatus.WAITING_FOR_MENTOR
    assert life(kedrovsk, led).spells[-1].until == date(2026, 6, 5)


def test_a_mentor_dismissed_before_the_successor_begins_leads_no_longer(
    kedrovsk: World, led: UUID
) -> None:
    experienced(kedrovsk, "komarov", in_field=12)
    since = date(2026, 6, 15)
    proposed(kedrovsk, led, "komarov", since, date(2027, 5, 17))
    consented(kedrovsk, led, "komarov", "golubeva")
    released = {"variant": "replacement", "ground": "mutual", "ends": since}
    order_in_force(kedrovsk, order_begun(kedrovsk, led, code="D25", **released).id)
    clerk, post = kedrovsk.actor("titova"), kedrovsk.person("zotova").employment_id
    done(end_employment(kedrovsk.services, clerk, post, date(2026, 6, 5), LEAVE))
    kedrovsk.work()
    assert [s.until for s in life(kedrovsk, led).spells] == [date(2026, 6, 5), date(2027, 5, 17)]
    on_day(kedrovsk, date(2026, 6, 6))
    assert stored(kedrovsk, led) is status(kedrovsk, led) is PairStatus.WAITING_TO_BEGIN
    on_day(kedrovsk, since)
    assert stored(kedrovsk, led) is status(kedrovsk, led) is PairStatus.RUNNING


def test_a_dismissed_mentee_ends_the_pair(kedrovsk: World, led: UUID) -> None:
    clerk, post = kedrovsk.actor("titova"), kedrovsk.person("golubeva").employment_id
    done(end_employment(kedrovsk.services, clerk, post, date(2026, 6, 5), LEAVE))
    kedrovsk.work()
    on_day(kedrovsk, date(2026, 6, 6))
    assert stored(kedrovsk, led) is status(kedrovsk, led) is PairStatus.ENDED
    questionnaire = owed(kedrovsk, led)["D27", "sign"]
    assert state_of(questionnaire) is ObligationState.CANCELLED
    assert "увольнение" in questionnaire.changes[-1].ground


def test_a_group_goes_on_while_one_mentee_is_away_and_asks_nothing_of_that_one(
    kedrovsk: World,
) -> None:
    experienced(kedrovsk, "zotova", in_field=18)
    for mentee in ("golubeva", "nikitin"):
        experienced(kedrovsk, mentee, pedagogical=1)
    case_id = begun(kedrovsk, "zotova", "golubeva", "nikitin")
    on_day(kedrovsk, date(2026, 5, 19))
    absence = away(kedrovsk, "golubeva", date(2026, 5, 19))
    assert stored(kedrovsk, case_id) is status(kedrovsk, case_id) is PairStatus.RUNNING
    asked = questionnaires(kedrovsk, case_id)
    assert state_of(asked["golubeva"]) is ObligationState.CANCELLED
    assert asked["golubeva"].changes[-1].ground == LEAVE
    assert state_of(asked["nikitin"]) is ObligationState.OPEN
    plan = owed(kedrovsk, case_id)["D16", "sign_mentor"]
    assert (state_of(plan), plan.changes) == (ObligationState.OPEN, ())
    on_day(kedrovsk, date(2027, 6, 7))  # weeks after the last day of the term; 12 June is a holiday
    done(end_absence(kedrovsk.services, kedrovsk.actor("titova"), absence, date(2027, 6, 6)))
    kedrovsk.work()
    back = questionnaires(kedrovsk, case_id)["golubeva"]
    assert (state_of(back), back.due_now) == (ObligationState.OPEN, date(2027, 6, 14))


def questionnaires(world: World, case_id: UUID) -> dict[str, Obligation]:
    """What each of the two mentees owes."""
    with world.services.uow.reading() as tx:
        found = {o.employment_id: o for o in tx.obligations.of_case(case_id) if o.step == "sign"}
    people = {key: world.person(key).employment_id for key in ("golubeva", "nikitin")}
    return {key: found[employment_id] for key, employment_id in people.items()}
