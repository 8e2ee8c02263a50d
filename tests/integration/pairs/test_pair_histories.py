"""Random histories of pairs through the real use cases: what must never be found, is not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import count
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from marshrut.demonstration.town import StoryError, done
from tests.integration.pairs.deeds import (
    consented,
    experienced,
    looked_at_again,
    on_day,
    order_agreed,
    order_begun,
    pair_of,
    proposed,
    requested,
    signed_paper,
)
from tests.integration.security.own_authority import OwnAuthority, handed_in
from tests.integration.workflow.acts import entries, fixed, signatures, state
from tests.pki import Office
from tests.world import World, copy_world
from workflow.domain.documents import Document
from workflow.domain.gates import LineTerms, open_gates
from workflow.domain.obligations import Evidence, ObligationState, state_of
from workflow.domain.pairs import PairStatus, life_of
from workflow.domain.people import AbsenceKind
from workflow.domain.registers import EntryState
from workflow.domain.routes import DocumentState
from workflow.domain.signatures import SignatureStatus
from workflow.store.unit_of_work import Repositories
from workflow.usecases.absences import record_absence
from workflow.usecases.end_employment import end_employment
from workflow.usecases.errors import NotFoundError
from workflow.usecases.pairs.duties import duties_of
from workflow.usecases.pairs.propose import withdraw_proposal
from workflow.usecases.pairs.reading import (
    IN_FORCE,
    day_in,
    employment_in,
    employments_in,
    papers_in_force,
)

CANCELLED = ObligationState.CANCELLED
SCHOOL = "school-7"
HEAD, CLERK, CURATOR = "sedova", "titova", "kuzina"
MENTORS, MENTEES = ("zotova", "komarov", "belyaeva"), ("golubeva", "nikitin")
OWED = (ObligationState.OPEN, ObligationState.RETURNED)
ORDERS = ("D14", "D20", "D25")
#: How many histories (twice as many when led) of how many acts: half a minute.
HISTORIES, LONGEST = 4, 12
pytestmark = pytest.mark.timeout(900)  # a limit that strikes is taken for a contradiction
TERM = timedelta(days=364)
REPLACED = {"variant": "replacement", "ground": "mutual"}
ENDED = {"variant": "ending", "ground": "mutual"}

one_pair = st.integers(0, len(MENTEES) - 1)
one_mentor = st.sampled_from(MENTORS)


@dataclass(frozen=True)
class Start:
    """Where histories begin: two teachers who need a mentor, an authority for the head."""

    world: World
    folder: Path
    office: Office
    cases: tuple[UUID, ...]
    orders: tuple[UUID, ...] = ()  # that are in force

    @classmethod
    def from_the_need(cls, world: World, folder: Path) -> Start:
        for one in MENTORS:
            experienced(world, one, in_field=15)
        for one in MENTEES:
            experienced(world, one, pedagogical=1)
        cases = tuple(requested(world, one) for one in MENTEES)
        return cls(world, folder, OwnAuthority.trusted(world, "histories").office, cases)

    def with_an_order(self) -> Start:
        """The same after an order has brought both pairs together."""
        machine = PairHistories(self)
        for pair, mentor in enumerate(MENTORS[: len(MENTEES)]):
            machine.propose(pair, mentor, 0)
            machine.consent(pair)
        machine.order_both()
        assert machine.orders
        return replace(self, orders=tuple(machine.orders))

    def copied(self, folder: Path) -> Start:
        world = copy_world(self.world, self.folder, folder)
        world.clock.now = self.world.clock.now
        return replace(self, world=world, folder=folder)


class PairHistories(RuleBasedStateMachine):
    """Two pairs of one school; any act may be refused, none may leave a contradiction."""

    def __init__(self, start: Start) -> None:
        super().__init__()
        self.world, self.cases = start.world, start.cases
        self.own = OwnAuthority(start.world, start.office)
        self.revoked: dict[int, datetime] = {}
        self.orders = list(start.orders)  # those that the head has signed, the newest last

    def teardown(self) -> None:
        self.world.services.uow.engine.dispose()

    @property
    def today(self) -> date:
        with self.world.services.uow.reading() as tx:
            return tx.organisations.load(self.world.place(SCHOOL).id).local_day(self.world.clock())

    def mentor_of(self, pair: int) -> str | None:
        """Who is proposed for the pair now, by key."""
        return self.known(pair_of(self.world, self.cases[pair]).proposed)

    def leader_of(self, pair: int) -> str | None:
        """Whom an order has named as mentor, by key."""
        return self.known(life_of(pair_of(self.world, self.cases[pair]), self.today).mentor)

    def known(self, employment_id: UUID | None) -> str | None:
        posts = {self.world.person(key).employment_id: key for key in MENTORS}
        return posts.get(employment_id) if employment_id else None

    def attempt(self, act: Callable[[], object]) -> bool:
        """Do it, or be refused; whether it was done."""
        try:
            act()
        except (StoryError, NotFoundError):  # nothing is there for somebody who has left
            self.world.work()
            return False
        return True

    # --- Orders -----------------------------------------------------------------------------

    def order(self, *pairs: int, code: str = "D14", **facts: object) -> bool:
        cases = [self.cases[pair] for pair in pairs]
        return self.attempt(
            lambda: self.in_force(order_begun(self.world, *cases, code=code, **facts).id)
        )

    def in_force(self, order_id: UUID) -> None:
        order_agreed(self.world, order_id)
        self.sign(order_id)

    def sign(self, order_id: UUID) -> None:
        """The head signs with a key of her own, for which there is a list of today."""
        ready = fixed(self.world, order_id, SCHOOL)
        self.own.new_list(self.revoked)
        self.world.clock.now += timedelta(minutes=1)
        signature = done(handed_in(self.world, ready, self.own.key(HEAD, place=SCHOOL), who=HEAD))
        assert signature.status is SignatureStatus.ACCEPTED, signature.explanation
        self.world.work()
        self.orders = [*(o for o in self.orders if o != order_id), order_id]

    def revoke(self, order_id: UUID) -> None:
        """The next list names the certificate: revoked before the signing."""
        newest = signatures(self.world, order_id)[-1]
        self.world.clock.now += timedelta(minutes=1)
        self.revoked[int(newest.serial, 16)] = newest.received_at - timedelta(hours=1)
        self.own.new_list(self.revoked)
        looked_at_again(self.world)

    # --- What people do ---------------------------------------------------------------------

    @rule(pair=one_pair, mentor=one_mentor, days=st.integers(0, 20))
    def propose(self, pair: int, mentor: str, days: int) -> None:
        since = self.today + timedelta(days=days)
        case_id = self.cases[pair]
        self.attempt(lambda: proposed(self.world, case_id, mentor, since, since + TERM))

    @rule(pair=one_pair)
    def withdraw(self, pair: int) -> None:
        actor, case_id = self.world.actor("orlov"), self.cases[pair]
        self.attempt(lambda: done(withdraw_proposal(self.world.services, actor, case_id)))

    @rule(pair=one_pair, elsewhere=st.sampled_from([0, 0, 0, 2]))
    def consent(self, pair: int, elsewhere: int = 0) -> None:
        mentor, case_id, mentee = self.mentor_of(pair), self.cases[pair], MENTEES[pair]
        if mentor:
            self.attempt(
                lambda: consented(self.world, case_id, mentor, mentee, elsewhere=elsewhere)
            )

    @rule(pair=one_pair)
    def order_one(self, pair: int) -> None:
        if self.mentor_of(pair):
            self.order(pair)

    @rule()
    def order_both(self) -> None:
        if all(self.mentor_of(pair) for pair in range(len(MENTEES))):
            self.order(*range(len(MENTEES)))

    @rule(pair=one_pair, mentor=one_mentor, days=st.integers(0, 5))
    def bring_together(self, pair: int, mentor: str, days: int) -> None:
        """Everything up to the order at one go: most histories are to be about what follows."""
        if self.leader_of(pair) is None:
            self.propose(pair, mentor, days)
            self.consent(pair)
            self.order_one(pair)

    @rule(pair=one_pair, days=st.integers(-40, 200))
    def extend(self, pair: int, days: int) -> None:
        """Another last day by mutual consent: a sheet of changes, then the order (D19, D20)."""
        mentor, case_id = self.leader_of(pair), self.cases[pair]
        spell = life_of(pair_of(self.world, case_id), self.today).spell
        if mentor is None or spell is None:
            return
        said = {
            "change": "extension" if days > 0 else "reduction",
            "until_new": spell.until + timedelta(days=days),
        }

        def agreed_by_all() -> None:
            sheet = signed_paper(self.world, case_id, "D19", mentor, **said)
            for other in (MENTEES[pair], CURATOR):
                self.world.sign_simply(other, sheet.id)
            self.world.work()

        if self.attempt(agreed_by_all):
            self.order(pair, code="D20")

    @rule(pair=one_pair, mentor=one_mentor, days=st.integers(0, 10))
    def replace_mentor(self, pair: int, mentor: str, days: int) -> None:
        """Another mentor with the own papers takes the pair over (D25)."""
        if self.leader_of(pair) not in (None, mentor):
            self.propose(pair, mentor, days)
            self.consent(pair)
            ends = self.today + timedelta(days=days)
            self.order(pair, code="D25", ends=ends, **REPLACED)

    @rule(pair=one_pair)
    def end(self, pair: int) -> None:
        if self.leader_of(pair):
            self.order(pair, code="D25", ends=self.today, **ENDED)

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

    @rule(newest=st.booleans())
    def find_revoked(self, newest: bool) -> None:
        """A second look finds that an order was signed with a revoked certificate."""
        if self.orders:
            order_id = self.orders.pop(-1 if newest else 0)
            self.revoke(order_id)
            assert state(self.world, order_id) is DocumentState.TO_SIGN

    @rule()
    def sign_anew(self) -> None:
        """What fell is signed again, if its gates still stand."""
        fallen = sorted(self.headings(ORDERS, (DocumentState.TO_SIGN,)))
        if fallen:
            self.attempt(lambda: self.sign(fallen[0]))

    @rule(who=one_mentor, days=st.integers(0, 15))
    def dismiss(self, who: str, days: int) -> None:
        clerk, post = self.world.actor(CLERK), self.world.person(who).employment_id
        last = self.today + timedelta(days=days)
        ground = "приказ от 20.05.2026 № 31-к"
        self.attempt(lambda: done(end_employment(self.world.services, clerk, post, last, ground)))
        self.world.work()

    @rule(who=st.sampled_from((*MENTORS, *MENTEES)), days=st.integers(0, 30))
    def fall_ill(self, who: str, days: int) -> None:
        since = self.today + timedelta(days=days)
        clerk, post = self.world.actor(CLERK), self.world.person(who).employment_id
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

    # --- What must never be found -----------------------------------------------------------

    def headings(self, codes: Sequence[str], states: Sequence[DocumentState]) -> set[UUID]:
        with self.world.services.uow.reading() as tx:
            found = tx.documents.headings_of_cases(self.cases).values()
        return {h.id for hs in found for h in hs if h.type_code in codes and h.state in states}

    def loaded(self, tx: Repositories, *codes: str) -> list[Document]:
        """The orders of these types that are in force."""
        return list(tx.documents.load_many(sorted(self.headings(codes, IN_FORCE))).values())

    @invariant()
    def no_order_is_in_force_without_its_gates(self) -> None:
        with self.world.services.uow.reading() as tx:
            papers = papers_in_force(tx, self.cases, {"D09", "D10", "D13"})
            for order in self.loaded(tx, "D14", "D25"):
                if order.facts.get("variant") == "ending":
                    continue
                pack = self.world.services.packs.get(order.pack, order.pack_version)
                gates = pack.document_types[order.type_code].gates
                assert gates
                for row in order.facts["lines"]:  # type: ignore[attr-defined]  # rows
                    case_id = UUID(str(row["case"]))
                    assert open_gates(gates, _terms(case_id, row), papers[case_id]) == ()

    @invariant()
    def no_term_is_changed_without_everybodys_consent(self) -> None:
        with self.world.services.uow.reading() as tx:
            sheets = self.loaded(tx, "D19")
            for order in self.loaded(tx, "D20"):
                for row in order.facts["lines"]:  # type: ignore[attr-defined]  # rows
                    assert any(
                        str(sheet.lines[0].case_id) == str(row["case"])
                        and sheet.facts["until_new"] == row["until"]
                        for sheet in sheets
                    )

    @invariant()
    def no_number_is_without_its_row(self) -> None:
        """What is in force is registered, once; what fell keeps its number waiting."""
        rows = {e.id: e for e in entries(self.world, "personnel", SCHOOL)}
        standing = [e for e in rows.values() if e.state is not EntryState.ANNULLED]
        assert len({(e.year, e.number) for e in standing}) == len(standing)
        with self.world.services.uow.reading() as tx:
            numbered = self.headings(ORDERS, tuple(DocumentState))
            documents = tx.documents.load_many(sorted(numbered))
            states = tx.documents.states_of(list(documents))
        for order in documents.values():
            if order.fixing is None:
                continue
            assert order.fixing.entry_id is not None
            row = rows[order.fixing.entry_id]
            assert (row.document_id, row.number) == (order.id, order.fixing.printed_number)
            registered = states[order.id] in (*IN_FORCE, DocumentState.CANCELLED)
            assert row.state is (EntryState.REGISTERED if registered else EntryState.RESERVED)

    @invariant()
    def whatever_turned_a_pair_is_in_force(self) -> None:
        with self.world.services.uow.reading() as tx:
            for case_id in self.cases:
                held = [t for t in tx.pairs.load(case_id).held if t.document_id]
                states = tx.documents.states_of([t.document_id for t in held if t.document_id])
                assert set(states.values()) <= {*IN_FORCE, DocumentState.CANCELLED}

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
    def what_is_owed_is_what_the_regulation_asks(self) -> None:
        with self.world.services.uow.reading() as tx:
            for case_id in self.cases:
                case = tx.cases.load(case_id)
                regulation = self.world.services.packs.get(case.pack, case.pack_version)
                life = life_of(tx.pairs.load(case_id), self.today)
                wanted = {duty.key for duty in duties_of(regulation, life, self.today)}
                of_pair = [
                    o for o in tx.obligations.of_case(case_id) if o.evidence is Evidence.STEP
                ]
                assert {o.key for o in of_pair if state_of(o) in OWED} <= wanted
                assert wanted <= {o.key for o in of_pair if state_of(o) is not CANCELLED}

    @invariant()
    def a_running_pair_has_a_mentor_and_lists_show_it(self) -> None:
        with self.world.services.uow.reading() as tx:
            for case_id in self.cases:
                pair = tx.pairs.load(case_id)
                life = life_of(pair, self.today)
                leading = [s for s in life.spells if s.holds_on(self.today)]
                assert len(leading) <= 1
                if life.status is PairStatus.RUNNING:
                    assert len(leading) == 1
                    post = tx.employments.load(leading[0].mentor)
                    assert post.held_on(self.today)
                shown = tx.pairs.of_organisation(pair.organisation_id, statuses=[life.status])
                assert case_id in {one.id for one in shown.items}


def _terms(case_id: UUID, row: dict[str, object]) -> LineTerms:
    mentor = employment_in(row, "new_mentor") or employment_in(row, "mentor")
    since, until = day_in(row, "since"), day_in(row, "until")
    assert mentor is not None
    assert since is not None
    assert until is not None
    mentees = employments_in(row, "mentees")
    return LineTerms(case_id, mentor, mentees, since, until, clause=str(row.get("clause") or ""))


@pytest.fixture
def start(kedrovsk: World, tmp_path: Path) -> Start:
    return Start.from_the_need(kedrovsk, tmp_path / "kedrovsk")


def play(start: Start, tmp_path: Path, histories: int) -> None:
    number = count()

    class InOwnTown(PairHistories):
        def __init__(self) -> None:
            super().__init__(start.copied(tmp_path / str(next(number))))

    run_state_machine_as_test(
        InOwnTown,
        settings=settings(
            max_examples=histories,
            stateful_step_count=LONGEST,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_no_history_from_the_need_leaves_a_contradiction(start: Start, tmp_path: Path) -> None:
    play(start, tmp_path, HISTORIES)


def test_no_history_of_an_ordered_pair_leaves_a_contradiction(start: Start, tmp_path: Path) -> None:
    play(start.with_an_order(), tmp_path, 2 * HISTORIES)


def looked_through(machine: PairHistories) -> None:
    """Every invariant, now."""
    machine.no_order_is_in_force_without_its_gates()
    machine.no_term_is_changed_without_everybodys_consent()
    machine.no_number_is_without_its_row()
    machine.whatever_turned_a_pair_is_in_force()
    machine.whoever_owes_something_belongs_to_the_pair()
    machine.what_is_owed_is_what_the_regulation_asks()
    machine.a_running_pair_has_a_mentor_and_lists_show_it()


def turns_of(machine: PairHistories, pair: int) -> list[str]:
    return [str(t.kind) for t in pair_of(machine.world, machine.cases[pair]).held]


def test_the_machines_own_acts_write_whole_histories(start: Start) -> None:
    """Its invariants look at something: each act does what it is there for."""
    machine = PairHistories(start)
    machine.propose(0, "zotova", 14)
    machine.propose(1, "komarov", 14)
    machine.consent(0)
    machine.order_both()
    assert turns_of(machine, 0) == turns_of(machine, 1) == []
    machine.consent(1)
    machine.order_both()
    assert turns_of(machine, 0) == turns_of(machine, 1) == ["begun"]
    machine.wait(20)
    machine.plan(0)
    machine.extend(0, 60)
    assert turns_of(machine, 0) == ["begun", "extended"]
    looked_through(machine)
    machine.find_revoked(newest=True)
    assert turns_of(machine, 0) == ["begun"]
    looked_through(machine)
    machine.sign_anew()
    assert turns_of(machine, 0) == ["begun", "extended"]
    machine.replace_mentor(0, "belyaeva", 3)
    assert turns_of(machine, 0) == ["begun", "extended", "notice", "replaced"]
    machine.lay_down(1)
    assert turns_of(machine, 1) == ["begun", "notice"]
    looked_through(machine)
    machine.wait(5)
    machine.dismiss("belyaeva", 1)
    machine.wait(2)
    assert turns_of(machine, 0)[-1] == "notice"
    looked_through(machine)
    machine.end(0)
    assert turns_of(machine, 0)[-1] == "ended"
    looked_through(machine)
