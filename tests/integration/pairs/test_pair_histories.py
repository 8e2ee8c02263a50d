"""Random histories of pairs through the real use cases: what must never be found, is not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from itertools import count
from pathlib import Path
from uuid import UUID

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from marshrut.demonstration.town import StoryError, done
from tests.integration.pairs.deeds import (
    consented,
    everything,
    experienced,
    on_day,
    order_begun,
    order_in_force,
    pair_of,
    proposed,
    requested,
    signed_paper,
)
from tests.integration.workflow.acts import entries, renew_lists
from tests.world import World, copy_world
from workflow.domain.documents import Document
from workflow.domain.gates import LineTerms, open_gates
from workflow.domain.obligations import Evidence, ObligationState, state_of
from workflow.domain.pairs import PairStatus, life_of
from workflow.domain.people import AbsenceKind
from workflow.domain.registers import EntryState
from workflow.store.unit_of_work import Repositories
from workflow.usecases.absences import record_absence
from workflow.usecases.pairs.propose import withdraw_proposal
from workflow.usecases.pairs.reading import (
    IN_FORCE,
    day_in,
    employment_in,
    employments_in,
    papers_in_force,
)

SCHOOL = "school-7"
MENTORS, MENTEES = ("zotova", "komarov"), ("golubeva", "nikitin")
OWED = (ObligationState.OPEN, ObligationState.RETURNED)
#: How many histories of how many acts: about half a minute.
HISTORIES, LONGEST = 15, 16

one_pair = st.integers(0, len(MENTEES) - 1)
one_mentor = st.sampled_from(MENTORS)


class PairHistories(RuleBasedStateMachine):
    """Two pairs of one school; any act may be refused, none may leave a contradiction."""

    def __init__(self, world: World) -> None:
        super().__init__()
        self.world = world
        for one in MENTORS:
            experienced(world, one, in_field=15)
        for one in MENTEES:
            experienced(world, one, pedagogical=1)
        self.cases = [requested(world, one) for one in MENTEES]

    def teardown(self) -> None:
        self.world.services.uow.engine.dispose()

    @property
    def today(self) -> date:
        with self.world.services.uow.reading() as tx:
            place = tx.organisations.load(self.world.place(SCHOOL).id)
        return place.local_day(self.world.clock())

    def mentor_of(self, pair: int) -> str | None:
        """Who is proposed for the pair now, by key."""
        wanted = pair_of(self.world, self.cases[pair]).proposed
        return next((k for k in MENTORS if self.world.person(k).employment_id == wanted), None)

    def leader_of(self, pair: int) -> str | None:
        wanted = life_of(pair_of(self.world, self.cases[pair]), self.today).mentor
        return next((k for k in MENTORS if self.world.person(k).employment_id == wanted), None)

    def attempt(self, act: Callable[[], object]) -> None:
        """Do it, or be refused."""
        try:
            act()
        except StoryError:
            self.world.work()

    # --- What people do ---------------------------------------------------------------------

    @rule(pair=one_pair, mentor=one_mentor, days=st.integers(0, 20))
    def propose(self, pair: int, mentor: str, days: int) -> None:
        since = self.today + timedelta(days=days)
        until = since + timedelta(days=364)
        self.attempt(lambda: proposed(self.world, self.cases[pair], mentor, since, until))

    @rule(pair=one_pair)
    def withdraw(self, pair: int) -> None:
        actor, case_id = self.world.actor("orlov"), self.cases[pair]
        self.attempt(lambda: done(withdraw_proposal(self.world.services, actor, case_id)))

    @rule(pair=one_pair, elsewhere=st.sampled_from([0, 0, 0, 2]))
    def consent(self, pair: int, elsewhere: int) -> None:
        mentor = self.mentor_of(pair)
        if mentor:
            self.attempt(
                lambda: consented(
                    self.world, self.cases[pair], mentor, MENTEES[pair], elsewhere=elsewhere
                )
            )

    @rule(pair=one_pair)
    def order_one(self, pair: int) -> None:
        self.order(pair)

    @rule()
    def order_both(self) -> None:
        self.order(*range(len(MENTEES)))

    def order(self, *pairs: int) -> None:
        if all(self.mentor_of(pair) for pair in pairs):
            cases = [self.cases[pair] for pair in pairs]
            self.attempt(lambda: order_in_force(self.world, order_begun(self.world, *cases).id))

    @rule(pair=one_pair)
    def plan(self, pair: int) -> None:
        mentor = self.leader_of(pair)
        if mentor:
            self.attempt(lambda: signed_paper(self.world, self.cases[pair], "D16", mentor))

    @rule(pair=one_pair)
    def lay_down(self, pair: int) -> None:
        mentor = self.leader_of(pair)
        if mentor:
            self.attempt(lambda: signed_paper(self.world, self.cases[pair], "D21", mentor))

    @rule(who=st.sampled_from((*MENTORS, *MENTEES)), days=st.integers(0, 30))
    def fall_ill(self, who: str, days: int) -> None:
        since = self.today + timedelta(days=days)
        clerk, post = self.world.actor("titova"), self.world.person(who).employment_id
        kind, until = AbsenceKind.ILLNESS, since + timedelta(days=9)
        self.attempt(
            lambda: done(
                record_absence(self.world.services, clerk, post, kind, since, until, "листок № 1")
            )
        )
        self.world.work()

    @rule(days=st.integers(1, 25))
    def wait(self, days: int) -> None:
        on_day(self.world, self.today + timedelta(days=days))
        renew_lists(self.world)

    # --- What must never be found -----------------------------------------------------------

    @invariant()
    def no_order_is_in_force_without_its_gates(self) -> None:
        with self.world.services.uow.reading() as tx:
            orders = self._orders(tx)
            papers = papers_in_force(tx, self.cases, {"D09", "D10", "D13"})
            for order in orders:
                pack = self.world.services.packs.get(order.pack, order.pack_version)
                gates = pack.document_types[order.type_code].gates
                assert gates
                for row in order.facts["lines"]:  # type: ignore[attr-defined]  # rows
                    case_id = UUID(str(row["case"]))
                    assert open_gates(gates, _terms(case_id, row), papers[case_id]) == ()

    def _orders(self, tx: Repositories) -> list[Document]:
        headings = tx.documents.headings_of_cases(self.cases)
        ids = {
            h.id
            for found in headings.values()
            for h in found
            if h.type_code == "D14" and h.state in IN_FORCE
        }
        return list(tx.documents.load_many(sorted(ids)).values())

    @invariant()
    def every_order_in_force_stands_once_in_the_register(self) -> None:
        rows = Counter(
            e.document_id
            for e in entries(self.world, "personnel", SCHOOL)
            if e.state is EntryState.REGISTERED
        )
        with self.world.services.uow.reading() as tx:
            assert all(rows[order.id] == 1 for order in self._orders(tx))

    @invariant()
    def whoever_owes_something_belongs_to_the_pair(self) -> None:
        with self.world.services.uow.reading() as tx:
            for case_id in self.cases:
                life = life_of(tx.pairs.load(case_id), self.today)
                own = {*(s.mentor for s in life.spells), *life.mentees}
                owed = [
                    o
                    for o in tx.obligations.of_case(case_id)
                    if o.evidence is Evidence.STEP and state_of(o) in OWED
                ]
                assert len({o.key for o in owed}) == len(owed)
                for one in owed:
                    assert (one.employment_id is None) != (one.role is None)
                    assert one.employment_id is None or one.employment_id in own

    @invariant()
    def a_running_pair_has_a_mentor_and_lists_show_it(self) -> None:
        with self.world.services.uow.reading() as tx:
            for case_id in self.cases:
                pair = tx.pairs.load(case_id)
                life = life_of(pair, self.today)
                leading = [s for s in life.spells if s.holds_on(self.today)]
                if life.status is PairStatus.RUNNING:
                    assert len(leading) == 1
                shown = tx.pairs.of_organisation(pair.organisation_id, statuses=[life.status])
                assert case_id in {one.id for one in shown.items}


def _terms(case_id: UUID, row: dict[str, object]) -> LineTerms:
    mentor, since, until = employment_in(row, "mentor"), day_in(row, "since"), day_in(row, "until")
    assert mentor is not None
    assert since is not None
    assert until is not None
    mentees = employments_in(row, "mentees")
    return LineTerms(case_id, mentor, mentees, since, until, clause=str(row.get("clause") or ""))


def test_no_history_leaves_a_contradiction(
    kedrovsk_template: tuple[World, Path], tmp_path: Path
) -> None:
    number = count()

    class InOwnTown(PairHistories):
        def __init__(self) -> None:
            super().__init__(copy_world(*kedrovsk_template, tmp_path / str(next(number))))

    run_state_machine_as_test(
        InOwnTown,
        settings=settings(
            max_examples=HISTORIES,
            stateful_step_count=LONGEST,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_a_whole_history_is_written_and_the_machine_can_see_it(kedrovsk: World) -> None:
    """The machine's own acts lead to an order in force: its invariants look at something."""
    machine = PairHistories(kedrovsk)
    machine.propose(0, "zotova", 14)
    machine.propose(1, "komarov", 14)
    machine.consent(0, 0)
    before = everything(kedrovsk)["pair_turns"]
    machine.order_both()
    assert everything(kedrovsk)["pair_turns"] == before == []
    machine.consent(1, 0)
    machine.order_both()
    assert len(everything(kedrovsk)["pair_turns"]) == 2
    machine.wait(20)
    machine.plan(0)
    machine.lay_down(0)
    machine.no_order_is_in_force_without_its_gates()
    machine.every_order_in_force_stands_once_in_the_register()
    machine.whoever_owes_something_belongs_to_the_pair()
    machine.a_running_pair_has_a_mentor_and_lists_show_it()
