"""A school sends what is in force, the office looks for itself and answers with a number."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from click.testing import CliRunner

from marshrut.cli.audit import audit
from marshrut.demonstration.town import done
from marshrut.keys import create_keys
from tests.integration.security.own_authority import OwnAuthority, handed_in
from tests.integration.workflow import acts
from tests.integration.workflow.acts import Story
from tests.world import KEYS, World
from workflow.domain.obligations import Obligation, ObligationState, state_of
from workflow.domain.refusals import Refusal
from workflow.domain.routes import DocumentState
from workflow.domain.submissions import Submission, SubmissionState
from workflow.usecases.accept import accept, return_package
from workflow.usecases.deliver import deliver
from workflow.usecases.due import accepted_signatures
from workflow.usecases.examine_again import examine_again
from workflow.usecases.fix import fix
from workflow.usecases.return_for_rework import return_for_rework
from workflow.usecases.send_again import send_again
from workflow.usecases.staff import confirm_head, give_mandate, withdraw_mandate
from workflow.usecases.tasks import (
    PaperArrival,
    enter_paper_arrival,
    give_evidence,
    postpone,
    require_again,
    waive,
)

TASK = "2.5-1"  # the roadmap has to be sent to the office
DAY = timedelta(days=1)


@pytest.fixture
def signed(story: Story) -> Story:
    """The order and the roadmap that it approves are in force."""
    acts.signed(story.world, story.order)
    return story


def letter_of(story: Story) -> UUID:
    return acts.letter(story.world, story.case, [story.roadmap, story.order]).id


def send(story: Story) -> Submission:
    return acts.sent(story.world, letter_of(story))


def officer_accepts(world: World, submission: Submission) -> Submission | Refusal:
    return accept(world.services, world.actor("gareev"), submission.id)


def officer_returns(world: World, submission: Submission, days: int = 5) -> Submission:
    due = world.clock().date() + timedelta(days=days)
    officer = world.actor("gareev")
    return done(return_package(world.services, officer, submission.id, "Нет сроков", due))


def late(world: World) -> None:
    """The term of the municipal order has passed."""
    world.clock.now += acts.TERM + 5 * DAY
    acts.renew_lists(world)


def task(world: World, key: str = TASK, place: str = "school-1") -> Obligation:
    return acts.owed(world, key, place)


def test_a_letter_gets_no_number_before_what_it_encloses(story: Story) -> None:
    world, clerk = story.world, story.world.actor("zaytseva")
    letter = acts.drafted(world, story.case, "D33", package=(str(story.order),))
    acts.submitted(world, letter.id)
    assert acts.refused(fix(world.services, clerk, letter.id)) == "fix.dependency"
    acts.signed(world, story.order)
    acts.fixed(world, letter.id)


def test_what_is_no_longer_in_force_is_not_sent(story: Story) -> None:
    world = story.world
    own = OwnAuthority.trusted(world, "revoking")
    own.new_list()
    key = own.key("belova")
    signature = done(handed_in(world, acts.load(world, story.order), key))
    world.work()
    letter = letter_of(story)
    world.clock.now += timedelta(hours=1)
    own.new_list({key.certificate.serial: signature.received_at - timedelta(hours=2)})
    with world.services.uow() as tx:
        accepted_signatures(tx)
        tx.commit()
    world.work()
    assert acts.state(world, story.order) is DocumentState.TO_SIGN
    answer = deliver(world.services, world.actor("zaytseva"), letter)
    assert acts.refused(answer) == "package.not_in_force"
    assert state_of(task(world)) is ObligationState.OPEN


def test_an_unsigned_letter_is_not_sent_and_a_signed_one_once(signed: Story) -> None:
    world, clerk = signed.world, signed.world.actor("zaytseva")
    letter = acts.drafted(world, signed.case, "D33", package=(str(signed.order),))
    answer = deliver(world.services, clerk, letter.id)
    assert acts.refused(answer) == "document.deliver.wrong_state"
    acts.submitted(world, letter.id)
    acts.fixed(world, letter.id)
    acts.signed(world, letter.id)
    done(deliver(world.services, clerk, letter.id))
    assert acts.refused(deliver(world.services, clerk, letter.id)) == "step.done"
    assert len(acts.rows(world, "incoming", "office")) == 1


def test_the_clerk_sends_and_nobody_else(signed: Story) -> None:
    letter = letter_of(signed)
    answer = deliver(signed.world.services, signed.world.actor("belova"), letter)
    assert acts.refused(answer) == "step.not_yours"


def test_arrival_meets_the_task_and_the_receipt_names_every_hash(signed: Story) -> None:
    world = signed.world
    package = send(signed)
    assert state_of(task(world)) is ObligationState.ARRIVED
    assert task(world).first_arrival == package.arrived_at
    answered = done(officer_accepts(world, package))
    assert state_of(task(world)) is ObligationState.MET
    receipt = answered.receipt
    assert receipt is not None
    assert set(receipt.hashes) == {
        f.pdf
        for document in (package.letter_id, signed.order)
        if document is not None
        for f in acts.manifest(world, document).files
    }
    assert acts.rows(world, "receipts", "office") == [(receipt.number, "registered")]
    assert acts.refused(officer_accepts(world, package)) == "accept.decided"


def test_the_audit_head_of_the_receipt_holds_against_the_chain(
    signed: Story, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = signed.world
    receipt = done(officer_accepts(world, send(signed))).receipt
    assert receipt is not None
    keys = tmp_path / "keys"
    create_keys(keys)
    (keys / "audit.key").write_text(KEYS.audit.hex())
    verdict = verify(world, keys, receipt.audit_head, monkeypatch)
    assert verdict.exit_code == 0, verdict.output
    chain, number, mac = receipt.audit_head.split(":")
    forged = f"{chain}:{number}:{mac[:-1]}{'0' if mac[-1] != '0' else '1'}"
    assert verify(world, keys, forged, monkeypatch).exit_code == 1


def verify(world: World, keys: Path, anchor: str, monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]  # click's Result
    """`marshrut audit verify --anchor` over the database of the world."""
    database = world.services.uow.engine.url.render_as_string(hide_password=False)
    monkeypatch.setenv("MARSHRUT_DATABASE_URL", database)
    monkeypatch.setenv("MARSHRUT_KEYS_DIR", str(keys))
    monkeypatch.setenv("MARSHRUT_DATA_DIR", str(keys.parent))
    return CliRunner().invoke(audit, ["verify", "--anchor", anchor])


def test_after_the_term_a_reason_is_asked_for_and_shown(signed: Story) -> None:
    world, clerk = signed.world, signed.world.actor("zaytseva")
    late(world)
    letter = letter_of(signed)
    assert acts.refused(deliver(world.services, clerk, letter)) == "deliver.reason_missing"
    assert acts.refused(deliver(world.services, clerk, letter, "  ")) == "deliver.reason_missing"
    package = acts.sent(world, letter, reason_late="Болел директор")
    assert package.reason_late == "Болел директор"
    arrival, due = task(world).first_arrival, task(world).due_now
    assert arrival is not None
    assert due is not None
    assert arrival.date() > due


def test_after_a_return_the_first_arrival_still_decides(signed: Story) -> None:
    world, clerk = signed.world, signed.world.actor("zaytseva")
    first = send(signed)
    returned = officer_returns(world, first)
    assert returned.state is SubmissionState.RETURNED
    assert state_of(task(world)) is ObligationState.RETURNED
    assert task(world).repair_due == world.clock().date() + 5 * DAY
    late(world)
    again = done(send_again(world.services, clerk, UUID(str(first.letter_id))))
    world.work()
    acts.submitted(world, again.id)
    acts.fixed(world, again.id)
    acts.signed(world, again.id)
    second = acts.sent(world, again.id)  # no reason is asked for: it came in time
    assert second.previous_id == first.id
    assert task(world).repair_due is None
    assert done(officer_accepts(world, second)).state is SubmissionState.ACCEPTED
    assert state_of(task(world)) is ObligationState.MET
    assert task(world).first_arrival == first.arrived_at


def test_a_return_says_why_and_until_when(signed: Story) -> None:
    world, officer = signed.world, signed.world.actor("gareev")
    package, today = send(signed), signed.world.clock().date()
    ask = world.services, officer, package.id
    assert acts.refused(return_package(*ask, " ", today + DAY)) == "return.reason_missing"
    assert acts.refused(return_package(*ask, "Нет сроков", today)) == "return.repair_date"
    returned = officer_returns(world, package)
    assert acts.refused(officer_accepts(world, package)) == "accept.decided"
    assert returned.receipt is not None
    assert not returned.receipt.accepted


def test_a_roadmap_mended_after_a_return_is_approved_anew(signed: Story) -> None:
    world = signed.world
    officer_returns(world, send(signed))
    answer = return_for_rework(world.services, world.actor("safina"), signed.roadmap, "Сроки")
    # What is in force changes through another document only.
    assert acts.refused(answer) == "document.return.wrong_state"
    plan = acts.roadmap(world, signed.case, period="2026–2027 годы")
    order = acts.approval_order(world, signed.case, [plan.id])
    acts.fixed(world, order.id)
    acts.signed(world, order.id)
    letter = acts.letter(world, signed.case, [plan.id, order.id])
    assert done(officer_accepts(world, acts.sent(world, letter.id))).state
    assert state_of(task(world)) is ObligationState.MET


def head_of(world: World, place: str = "school-1") -> UUID:
    return acts.someone(world, "head", place).mandates[0].id


def test_a_head_whom_the_office_has_not_confirmed_signs_nothing_valid(signed: Story) -> None:
    world, operator = signed.world, signed.world.town.operator
    letter = letter_of(signed)
    done(withdraw_mandate(world.services, operator, head_of(world)))
    employment = UUID(world.employment("belova"))
    since, ground = world.clock().date() - 400 * DAY, "приказ от 01.02.2025 № 3-к"
    entered = done(give_mandate(world.services, operator, employment, "head", since, None, ground))
    package = acts.sent(world, letter)
    assert {i.verdict for i in package.items} == {"invalid"}
    assert acts.refused(officer_accepts(world, package)) == "signature.authority.no_authority"
    assert state_of(task(world)) is ObligationState.ARRIVED
    officer = world.actor("gareev")
    done(confirm_head(world.services, officer, entered.id))
    done(examine_again(world.services, officer, package.id))
    assert acts.refused(officer_accepts(world, package)) == "accept.not_examined"
    world.work()
    assert {i.verdict for i in acts.package(world, package.id).items} == {"valid"}
    done(officer_accepts(world, package))


def test_what_the_office_cannot_decide_is_not_accepted(signed: Story) -> None:
    world, officer = signed.world, signed.world.actor("gareev")
    letter = letter_of(signed)
    world.clock.now += 61 * DAY  # the lists of the authorities are out of date
    package = acts.sent(world, letter, reason_late="Каникулы")
    assert {i.verdict for i in package.items} == {"undecided"}
    assert acts.refused(officer_accepts(world, package)).startswith("signature.revocation.")
    acts.renew_lists(world)
    done(examine_again(world.services, officer, package.id))
    world.work()
    done(officer_accepts(world, package))
    assert task(world).first_arrival == package.arrived_at


def test_a_package_is_not_answered_before_it_is_examined(signed: Story) -> None:
    world = signed.world
    package = done(deliver(world.services, world.actor("zaytseva"), letter_of(signed)))
    assert acts.refused(officer_accepts(world, package)) == "accept.not_examined"


ARRIVAL = PaperArrival(
    arrived_on=date(2026, 5, 4),
    title="Дорожная карта",
    number="14",
    dated=date(2026, 4, 30),
    file_name="scan.pdf",
    content=b"%PDF-1.4 scan",
)


def test_what_came_on_paper_is_entered_by_the_office(story: Story) -> None:
    world, officer = story.world, story.world.actor("gareev")
    owed = task(world, place="school-3").id
    later = replace(ARRIVAL, arrived_on=ARRIVAL.arrived_on + DAY)
    enter = enter_paper_arrival
    assert acts.refused(enter(world.services, officer, owed, later)) == "paper.in_future"
    bare = replace(ARRIVAL, content=b"")
    assert acts.refused(enter(world.services, officer, owed, bare)) == "paper.arrival_incomplete"
    clerk = world.actor("krylova")
    assert acts.refused(enter(world.services, clerk, owed, ARRIVAL)) == "office.not_yours"
    entered = done(enter(world.services, officer, owed, ARRIVAL))
    met = task(world, place="school-3")
    assert state_of(met) is ObligationState.MET
    assert met.first_arrival is not None
    assert met.first_arrival.date() == ARRIVAL.arrived_on
    assert (entered.on_paper, entered.items[0].verdict) == (True, "on_paper")
    assert acts.rows(world, "incoming", "office") == [(entered.incoming_number, "registered")]


def test_a_postponed_task_asks_for_no_reason_until_the_new_day(signed: Story) -> None:
    world, officer = signed.world, signed.world.actor("gareev")
    first = task(world).due_now
    assert first is not None
    new, ground = first + 20 * DAY, "письмо школы от 04.05.2026 № 7"
    one = task(world).id
    assert acts.refused(postpone(world.services, officer, one, new, "")) == "task.ground_missing"
    assert acts.refused(postpone(world.services, officer, one, first, ground)) == "task.same_day"
    clerk = world.actor("zaytseva")
    assert acts.refused(postpone(world.services, clerk, one, new, ground)) == "office.not_yours"
    done(postpone(world.services, officer, one, new, ground))
    assert (task(world).due, task(world).due_now) == (first, new)
    assert task(world, place="school-2").due_now == first
    late(world)
    package = acts.sent(world, letter_of(signed))
    assert package.reason_late == ""


def test_a_task_that_is_not_required_is_not_owed_until_it_is_again(story: Story) -> None:
    world, officer = story.world, story.world.actor("gareev")
    one = task(world, place="kindergarten").id
    assert acts.refused(waive(world.services, officer, one, " ")) == "task.ground_missing"
    done(waive(world.services, officer, one, "В детском саду один педагог"))
    assert state_of(task(world, place="kindergarten")) is ObligationState.NOT_REQUIRED
    done(require_again(world.services, officer, one, "Приняты молодые педагоги"))
    assert state_of(task(world, place="kindergarten")) is ObligationState.OPEN


def test_a_task_is_met_by_an_address(story: Story) -> None:
    world, clerk = story.world, story.world.actor("zaytseva")
    one = task(world, "2.6").id
    for wrong in ("раздел сайта", "ftp://school.example", ""):
        assert acts.refused(give_evidence(world.services, clerk, one, wrong)) == "task.answer"
    teacher = world.actor("kulikova")
    address = "https://school1.lesnogorsk.example/mentoring"
    assert acts.refused(give_evidence(world.services, teacher, one, address)) == "task.not_yours"
    done(give_evidence(world.services, clerk, one, address))
    met = task(world, "2.6")
    assert state_of(met) is ObligationState.MET
    assert met.fulfilments[-1].evidence == address


def test_a_task_for_a_document_is_not_met_by_an_address(story: Story) -> None:
    world = story.world
    address = "https://school1.lesnogorsk.example"
    answer = give_evidence(world.services, world.actor("zaytseva"), task(world).id, address)
    assert acts.refused(answer) == "task.needs_document"


@pytest.mark.parametrize(
    ("evidence", "wrong", "right"), [("number", "много", 12), ("text", "", "Ведёт завуч")]
)
def test_a_task_is_met_by_a_number_or_a_text(
    world: World, evidence: str, wrong: str, right: str | int
) -> None:
    due = world.clock().date() + acts.TERM
    row = {"key": "3", "text": "Сообщить о наставниках", "evidence": evidence, "due": due}
    acts.order_the_town(world, due, more=(row,))
    one, clerk = task(world, "3").id, world.actor("zaytseva")
    assert acts.refused(give_evidence(world.services, clerk, one, wrong)) == "task.answer"
    done(give_evidence(world.services, clerk, one, right))
    assert task(world, "3").fulfilments[-1].evidence == str(right)


def test_a_letter_in_force_waits_for_its_answer_and_then_for_nobody(signed: Story) -> None:
    world = signed.world
    letter = letter_of(signed)
    package = acts.sent(world, letter)
    done(officer_accepts(world, package))
    accepted = [m.step for m in acts.load(world, letter).marks if m.verdict == "accepted"]
    assert accepted == ["accept"]
    assert acts.state(world, letter) is DocumentState.IN_FORCE
