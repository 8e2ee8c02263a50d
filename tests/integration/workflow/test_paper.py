"""Paper beside electronic through the use cases: regime, ink signatures, existing documents."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader

from marshrut.demonstration.town import done
from tests.integration.workflow import acts
from tests.integration.workflow.acts import Story
from tests.integration.workflow.test_two_signers import joint_order, sign, with_two_signers
from tests.world import Clock, World
from workflow.domain.documents import Document, Verdict
from workflow.domain.paper_acts import InkEntry
from workflow.domain.refusals import Refusal
from workflow.domain.routes import DocumentState
from workflow.queries.print_form import print_form
from workflow.usecases.acknowledge import SignedSheet, acknowledge, enter_sheet
from workflow.usecases.errors import NotFoundError
from workflow.usecases.fix import fix, fix_again_if_unsigned
from workflow.usecases.paper import (
    AGAIN,
    InkSignature,
    enter_ink_signature,
    enter_ink_signatures,
    enter_scan_again,
    put_back,
    put_on_paper,
)
from workflow.usecases.paperwork import (
    EnteredAnswer,
    enter_answer,
    introduce_electronic,
    keep_on_paper,
    switch_type,
)
from workflow.usecases.register_existing import Incomplete, Scanned, register_existing

SCAN = b"%PDF-1.4 the signed paper"


def today(world: World) -> date:
    return world.clock().date()


def later(world: World, days: int) -> None:
    assert isinstance(world.clock, Clock)
    world.clock.advance(days=days)


# --- The regime ----------------------------------------------------------------------------


def test_until_it_is_introduced_everything_is_on_paper(world: World) -> None:
    school, clerk = world.place("school-1").id, world.actor("zaytseva")
    done(keep_on_paper(world.services, clerk, school, "labour"))
    done(keep_on_paper(world.services, clerk, school, "other"))
    case = acts.open_programme(world)
    labour = acts.appointment(world, case)
    other = acts.drafted(world, case, "D04", period="2026 год")
    for document, code in (
        (labour, "paper.labour_not_introduced"),
        (other, "paper.other_not_introduced"),
    ):
        assert document.on_paper
        assert document.paper_reason is not None
        assert document.paper_reason.code == code


def test_the_original_is_decided_again_when_the_document_is_fixed(world: World) -> None:
    school, clerk = world.place("school-1").id, world.actor("zaytseva")
    case = acts.open_programme(world)
    order = acts.appointment(world, case)
    assert not order.on_paper
    done(switch_type(world.services, clerk, school, "D06", True))
    fixed = acts.fixed(world, order.id)
    assert fixed.on_paper
    assert acts.refused(acts.sign(world, order.id)) == "sign.on_paper"
    done(switch_type(world.services, clerk, school, "D06", False))
    done(fix(world.services, clerk, order.id))
    world.work()
    assert not acts.load(world, order.id).on_paper
    acts.signed(world, order.id)


def test_what_an_order_approves_is_kept_as_the_order(story: Story) -> None:
    world = story.world
    done(put_on_paper(world.services, world.actor("zaytseva"), story.order, "отказ"))
    assert acts.load(world, story.roadmap).on_paper
    ink = InkSignature(today(world), SCAN)
    done(enter_ink_signature(world.services, world.actor("zaytseva"), story.order, ink))
    assert acts.state(world, story.roadmap) is DocumentState.IN_FORCE
    assert acts.rows(world, "core") == [("1-о/д", "registered")]


def test_only_head_clerk_and_operator_enter_the_regime(world: World) -> None:
    school = world.place("school-1").id
    for who in ("ershov", "safina"):
        answer = introduce_electronic(
            world.services, world.actor(who), school, "labour", today(world), "приказ № 1"
        )
        assert acts.refused(answer) == "paperwork.not_yours"
    head = world.actor("belova")
    done(introduce_electronic(world.services, head, school, "labour", today(world), "приказ № 1"))


def test_a_type_that_the_school_does_not_make_is_not_switched(world: World) -> None:
    clerk = world.actor("zaytseva")
    with pytest.raises(NotFoundError):
        switch_type(world.services, clerk, world.place("school-1").id, "D01", True)


def test_who_has_refused_acknowledges_a_labour_order_with_a_pen(world: World) -> None:
    clerk = world.actor("zaytseva")
    safina = UUID(world.employment("safina"))
    assert isinstance(world.clock, Clock)
    world.clock.advance(minutes=1)  # the newest answer counts
    refused = EnteredAnswer("refused", today(world))
    done(enter_answer(world.services, clerk, safina, refused))
    order = acts.appointment(world, acts.open_programme(world))
    assert not order.on_paper  # the order is the head's; she merely acknowledges it
    acts.fixed(world, order.id)
    acts.signed(world, order.id)
    digest = acts.seen(world, order.id)
    answer = acknowledge(world.services, world.actor("safina"), order.id, digest)
    assert acts.refused(answer) == "acknowledge.refused_electronics"
    sheet = SignedSheet(SCAN, {safina: today(world)})
    document = done(enter_sheet(world.services, clerk, order.id, sheet))
    assert document.marks[-1].verdict is Verdict.ACKNOWLEDGED_ON_PAPER


# --- Ink signatures ------------------------------------------------------------------------


@pytest.fixture
def two(world: World) -> World:
    return with_two_signers(world)


def enter(world: World, order: UUID, *signed: tuple[str, date]) -> Document | Refusal:
    entries = [InkEntry(step, day) for step, day in signed]
    return enter_ink_signatures(world.services, world.actor("zaytseva"), order, entries, SCAN)


def paper_order(world: World) -> UUID:
    order = joint_order(world)
    done(put_on_paper(world.services, world.actor("zaytseva"), order, "отказ"))
    return order


def test_two_ink_signatures_of_different_days_come_with_one_scan(two: World) -> None:
    order, begun = paper_order(two), today(two)
    later(two, 2)
    signed = ("sign_head", begun), ("sign_deputy", begun + timedelta(days=1))
    document = done(enter(two, order, *signed))
    assert acts.state(two, order) is DocumentState.IN_FORCE
    assert acts.rows(two, "core") == [("1-о/д", "registered")]
    marks = document.marks[-2:]
    assert [m.happened_on for m in marks] == [begun, begun + timedelta(days=1)]
    assert {m.person_id for m in marks} == {
        two.person("belova").person_id,
        two.person("safina").person_id,
    }
    assert len({m.evidence for m in marks}) == 1
    assert {m.entered_by for m in marks} == {two.person("zaytseva").person_id}


def test_one_of_two_ink_signatures_does_not_put_in_force(two: World) -> None:
    order = paper_order(two)
    done(enter(two, order, ("sign_deputy", today(two))))
    assert acts.state(two, order) is DocumentState.TO_SIGN
    assert acts.refused(enter(two, order, ("sign_deputy", today(two)))) == "paper.not_their_turn"
    assert acts.refused(sign(two, order, "belova")) == "sign.on_paper"
    back = put_back(two.services, two.actor("zaytseva"), order)
    assert acts.refused(back) == "paper.partly_signed"
    done(enter(two, order, ("sign_head", today(two))))
    assert acts.state(two, order) is DocumentState.IN_FORCE


@pytest.mark.parametrize(
    ("days", "code"), [(-1, "paper.before_document"), (1, "paper.signed_in_future")]
)
def test_a_wrong_ink_date_enters_nothing(two: World, days: int, code: str) -> None:
    order = paper_order(two)
    before = acts.load(two, order)
    wrong = today(two) + timedelta(days=days)
    answer = enter(two, order, ("sign_head", today(two)), ("sign_deputy", wrong))
    assert acts.refused(answer) == code
    assert acts.load(two, order) == before


def test_after_one_electronic_signature_nobody_signs_with_a_pen(two: World) -> None:
    order = joint_order(two)
    done(sign(two, order, "safina"))
    assert acts.refused(enter(two, order, ("sign_head", today(two)))) == "paper.electronic"
    answer = put_on_paper(two.services, two.actor("zaytseva"), order, "отказ")
    assert acts.refused(answer) == "paper.partly_signed"


def test_what_was_printed_is_not_dated_anew_after_midnight(story: Story) -> None:
    world, clerk = story.world, story.world.actor("zaytseva")
    done(put_on_paper(world.services, clerk, story.order, "отказ"))
    printed = today(world)
    later(world, 1)
    assert fix_again_if_unsigned(world.services, story.order) is None
    done(enter_ink_signature(world.services, clerk, story.order, InkSignature(printed, SCAN)))
    assert acts.load(world, story.order).dated == printed
    assert acts.state(world, story.order) is DocumentState.IN_FORCE


def test_a_lost_scan_is_entered_again_for_the_same_signature_alone(story: Story) -> None:
    world, clerk, services = story.world, story.world.actor("zaytseva"), story.world.services
    done(put_on_paper(services, clerk, story.order, "отказ"))
    nothing = enter_scan_again(services, clerk, story.order, InkEntry("sign", today(world)), SCAN)
    assert acts.refused(nothing) == "paper.nothing_to_repeat"
    done(enter_ink_signature(services, clerk, story.order, InkSignature(today(world), SCAN)))
    first = acts.load(world, story.order).marks[-1]
    wrong = InkEntry(first.step, today(world) - timedelta(days=1))
    refused = enter_scan_again(services, clerk, story.order, wrong, b"%PDF-1.4 again")
    assert acts.refused(refused) == "paper.another_signature"
    entry = InkEntry(first.step, today(world))
    done(enter_scan_again(services, clerk, story.order, entry, b"%PDF-1.4 again"))
    again = acts.load(world, story.order).marks[-1]
    assert (again.person_id, again.happened_on, again.bound) == (
        first.person_id,
        first.happened_on,
        first.bound,
    )
    assert (again.remark, again.evidence != first.evidence) == (AGAIN, True)
    assert acts.state(world, story.order) is DocumentState.IN_FORCE


def test_the_printed_form_of_a_draft_is_refused_and_of_a_fixed_order_made(story: Story) -> None:
    world, clerk = story.world, story.world.actor("zaytseva")
    draft = acts.drafted(world, story.case, "D04", period="2027 год")
    assert acts.refused(print_form(world.services, clerk, draft.id)) == "print.not_fixed"
    made = done(print_form(world.services, clerk, story.order))
    reader = PdfFileReader(io.BytesIO(made.content))
    # The order, its roadmap, and the sheet for those who are named in it.
    assert reader.root["/Pages"]["/Count"] == 3


# --- Existing documents --------------------------------------------------------------------


def existing(world: World, **changed: object) -> Scanned:
    made = Scanned(
        number="7-л/с",
        dated=date(2025, 9, 1),
        title="",
        signed_by="Белова Яна Николаевна",
        signed_by_post="директор",
        file_name="приказ.pdf",
        content=SCAN,
    )
    return replace(made, **changed)  # type: ignore[arg-type]  # fields of the test's own choice


def test_an_existing_order_is_in_force_from_its_date_and_gives_its_role(world: World) -> None:
    case, clerk = acts.open_programme(world), world.actor("zaytseva")
    facts = {"curator": world.employment("safina"), "date_from": date(2025, 9, 1)}
    scanned = existing(world, in_journal=True)
    document = register_existing(world.services, clerk, case, "D06", scanned, facts)
    assert isinstance(document, Document), document
    assert document.on_paper
    assert acts.state(world, document.id) is DocumentState.IN_FORCE
    assert acts.rows(world, "personnel") == [("7-л/с", "registered")]
    assert [m.role.value for m in world.actor("safina").mandates].count("curator") == 1
    assert acts.load(world, document.id) == document


def test_an_existing_order_satisfies_what_depends_on_it(world: World) -> None:
    acts.order_the_town(world, today(world) + timedelta(days=30))
    case, clerk = acts.open_programme(world), world.actor("zaytseva")
    curator = acts.appointment(world, case)
    acts.fixed(world, curator.id)
    acts.signed(world, curator.id)
    draft = acts.drafted(world, case, "D33", package=(str(curator.id),))
    acts.submitted(world, draft.id)
    assert acts.refused(fix(world.services, clerk, draft.id)) == "fix.dependency"
    outcome = register_existing(world.services, clerk, case, "D02", existing(world), {})
    assert isinstance(outcome, Document), outcome
    assert acts.rows(world, "core") == []  # its number stands in an older journal
    letter = acts.letter(world, case, [outcome.id])
    sent = acts.sent(world, letter.id)
    assert [(i.number, i.on_paper) for i in sent.items][-1] == ("7-л/с", True)


def test_its_signed_sheet_leaves_nobody_to_ask(world: World) -> None:
    case, clerk = acts.open_programme(world), world.actor("zaytseva")
    facts = {"curator": world.employment("safina"), "date_from": date(2025, 9, 1)}
    early = existing(world, acknowledged_on=date(2025, 8, 31))
    answer = register_existing(world.services, clerk, case, "D06", early, facts)
    assert isinstance(answer, Refusal)
    assert answer.code == "existing.sheet_before_document"
    scanned = existing(world, acknowledged_on=date(2025, 9, 2))
    document = register_existing(world.services, clerk, case, "D06", scanned, facts)
    assert isinstance(document, Document), document
    (mark,) = document.marks
    assert (mark.verdict, mark.happened_on) == (
        Verdict.ACKNOWLEDGED_ON_PAPER,
        date(2025, 9, 2),
    )
    assert mark.person_id == world.person("safina").person_id


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"content": b""}, "existing.file_missing"),
        ({"number": " "}, "existing.incomplete"),
        ({"signed_by": ""}, "existing.incomplete"),
        ({"dated": date(2030, 1, 1)}, "existing.in_future"),
    ],
)
def test_an_existing_document_says_what_it_is(
    world: World, changed: dict[str, object], code: str
) -> None:
    case, clerk = acts.open_programme(world), world.actor("zaytseva")
    scanned = existing(world, **changed)
    answer = register_existing(world.services, clerk, case, "D06", scanned, {})
    assert isinstance(answer, Refusal)
    assert answer.code == code
    assert acts.rows(world, "personnel") == []


def test_facts_may_be_missing_but_not_wrong(world: World) -> None:
    case, clerk = acts.open_programme(world), world.actor("zaytseva")
    wrong = {"date_from": "вчера"}
    answer = register_existing(world.services, clerk, case, "D06", existing(world), wrong)
    assert isinstance(answer, Incomplete)
    assert [p.path for p in answer.problems] == ["date_from"]


def test_the_clerk_alone_enters_what_is_usually_made_here(world: World) -> None:
    case = acts.open_programme(world)
    answer = register_existing(
        world.services, world.actor("belova"), case, "D06", existing(world), {}
    )
    assert isinstance(answer, Refusal)
    assert answer.code == "paper.not_yours"


def test_a_letter_is_sent_and_not_remembered(world: World) -> None:
    case, clerk = acts.open_programme(world), world.actor("zaytseva")
    with pytest.raises(NotFoundError):
        register_existing(world.services, clerk, case, "D33", existing(world), {})


def test_a_signature_that_is_none_registers_nothing(world: World) -> None:
    case, clerk = acts.open_programme(world), world.actor("zaytseva")
    scanned = existing(world, signature=b"no signature at all")
    answer = register_existing(world.services, clerk, case, "D06", scanned, {})
    assert isinstance(answer, Refusal)


def test_the_signature_of_a_file_is_examined_and_its_verdict_kept(story: Story) -> None:
    world, clerk = story.world, story.world.actor("zaytseva")
    (signature,) = acts.signatures(world, story.appointment)
    (file,) = signature.files
    blobs = world.services.blobs
    scanned = existing(world, content=blobs.get(file.file), signature=blobs.get(file.signature))
    document = register_existing(world.services, clerk, story.case, "D06", scanned, {})
    assert isinstance(document, Document), document
    assert not document.on_paper
    assert document.existing is not None
    kept = document.existing.signature
    assert kept is not None
    assert kept.owner == signature.owner
    assert kept.verdict in ("valid", "undecided")
    assert acts.load(world, document.id).existing == document.existing
