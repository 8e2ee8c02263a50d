"""Named people acknowledge an order: on screen, on paper, or it is said why they did not."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest

from marshrut.demonstration.town import done
from signing.simple.statement import open_seal
from tests.integration.signing.pdf_pages import read_pages
from tests.integration.workflow import acts
from tests.integration.workflow.acts import Story
from tests.world import World
from workflow.domain.documents import Document, Mark, Verdict
from workflow.domain.mandates import Mandate
from workflow.domain.refusals import Refusal
from workflow.domain.regulations import Role
from workflow.usecases.acknowledge import PaperEntry, acknowledge, enter_acknowledgement
from workflow.usecases.acknowledge_simply import acknowledge_simply, begin_acknowledging
from workflow.usecases.agreements import end_agreement
from workflow.usecases.sign_simply import sign_simply

SHEET = b"%PDF-1.4 the signed sheet"


@pytest.fixture
def in_force(story: Story) -> Story:
    """The order that approves the roadmap is in force and waits to be acknowledged."""
    acts.signed(story.world, story.order)
    return story


def read(story: Story, who: str) -> Document | Refusal:
    world = story.world
    digest = acts.seen(world, story.order)
    return acknowledge(world.services, world.actor(who), story.order, digest)


def enter(
    story: Story,
    about: str,
    verdict: Verdict,
    scan: bytes = SHEET,
    on: date | None = None,
    by: str = "zaytseva",
) -> Document | Refusal:
    world = story.world
    employment = UUID(world.employment(about))
    entry = PaperEntry(employment, verdict, on or world.clock().date(), scan)
    return enter_acknowledgement(world.services, world.actor(by), story.order, entry)


def without_agreement(world: World, who: str) -> None:
    """The person's agreement on simple signatures ended today."""
    with world.services.uow.reading() as tx:
        (held,) = tx.simple_agreements.of_person(world.person(who).person_id)
    clerk, today = world.actor("zaytseva"), world.clock().date()
    done(end_agreement(world.services, clerk, held.id, today))


def text_of(pdf: bytes) -> str:
    return " ".join(" ".join(page.text for page in read_pages(pdf)).split())


def mark_of(world: World, document_id: UUID, who: str) -> Mark:
    """The only mark of the person's acknowledgement."""
    step = f"acknowledge:{world.employment(who)}"
    (mark,) = (m for m in acts.load(world, document_id).marks if m.step == step)
    return mark


def test_whoever_is_named_acknowledges_what_was_signed(in_force: Story) -> None:
    world = in_force.world
    world.acknowledge("kulikova", in_force.order)
    mark = mark_of(world, in_force.order, "kulikova")
    assert mark.verdict is Verdict.ACKNOWLEDGED
    assert mark.bound == acts.seen(world, in_force.order)
    assert mark.person_id == world.person("kulikova").person_id
    assert mark.entered_by is None
    assert acts.refused(read(in_force, "kulikova")) == "step.done"


def test_an_acknowledgement_is_sealed_and_counts_as_no_signature(in_force: Story) -> None:
    world = in_force.world
    signatures = acts.signatures(world, in_force.order)
    world.acknowledge("kulikova", in_force.order)
    mark = mark_of(world, in_force.order, "kulikova")
    said = open_seal(world.services.blobs.get(mark.evidence)).statement
    assert said.act == "acknowledge"
    assert said.person == world.person("kulikova").name
    assert said.manifest == mark.bound
    assert acts.signatures(world, in_force.order) == signatures
    world.work()
    with world.services.uow.reading() as tx:
        newest = tx.visual_copies.newest(in_force.order, 1)
    sheets = " ".join(text_of(world.services.blobs.get(copy.copy)) for copy in newest)
    for word in ("Простая", "электронная"):  # in a narrow column, on lines of their own
        assert word in sheets


def test_whoever_has_an_agreement_does_not_acknowledge_without_the_password(
    in_force: Story,
) -> None:
    assert acts.refused(read(in_force, "kulikova")) == "acknowledge.signature_needed"


def test_a_labour_document_is_not_acknowledged_without_a_signature(in_force: Story) -> None:
    world = in_force.world
    without_agreement(world, "safina")
    seen = acts.seen(world, in_force.appointment)
    answer = acknowledge(world.services, world.actor("safina"), in_force.appointment, seen)
    assert isinstance(answer, Refusal)
    assert (answer.code, answer.article) == ("acknowledge.labour_unsigned", "ТК РФ, ст. 22.3")


def test_other_documents_are_acknowledged_without_an_agreement(in_force: Story) -> None:
    world = in_force.world
    without_agreement(world, "kulikova")
    done(read(in_force, "kulikova"))
    mark = mark_of(world, in_force.order, "kulikova")
    assert (mark.verdict, mark.evidence) == (Verdict.ACKNOWLEDGED, "")


def test_a_used_acknowledgement_is_refused(in_force: Story) -> None:
    world, actor = in_force.world, in_force.world.actor("kulikova")
    seen = acts.seen(world, in_force.order)
    begun = done(begin_acknowledging(world.services, actor, in_force.order, seen))
    session, digest = begun.attempt.id, begun.text_digest
    proof = world.proof("kulikova")
    done(acknowledge_simply(world.services, actor, session, proof, digest))
    before = acts.load(world, in_force.order)
    again = acknowledge_simply(world.services, actor, session, world.proof("kulikova"), digest)
    assert acts.refused(again) == "signing.used"
    assert acts.load(world, in_force.order) == before


def test_a_session_for_acknowledging_signs_nothing(in_force: Story) -> None:
    world, actor = in_force.world, in_force.world.actor("kulikova")
    seen = acts.seen(world, in_force.order)
    begun = done(begin_acknowledging(world.services, actor, in_force.order, seen))
    before = acts.load(world, in_force.order)
    answer = sign_simply(
        world.services, actor, begun.attempt.id, world.proof("kulikova"), begun.text_digest
    )
    assert acts.refused(answer) == "document.sign.wrong_state"
    assert acts.load(world, in_force.order) == before


def test_what_was_not_seen_is_not_acknowledged(in_force: Story) -> None:
    world = in_force.world
    draft = acts.load(world, in_force.order).revision.draft
    assert draft is not None
    answer = acknowledge(world.services, world.actor("kulikova"), in_force.order, draft.digest)
    assert acts.refused(answer) == "document.changed_meanwhile"


def test_whoever_is_not_named_does_not_acknowledge(in_force: Story) -> None:
    world = in_force.world
    curator = acts.seen(world, in_force.appointment)
    clerk = world.actor("zaytseva")
    answer = acknowledge(world.services, clerk, in_force.appointment, curator)
    assert acts.refused(answer) == "step.not_yours"


def test_on_paper_it_needs_the_scan_and_says_who_entered_it(in_force: Story) -> None:
    world = in_force.world
    verdict = Verdict.ACKNOWLEDGED_ON_PAPER
    assert acts.refused(enter(in_force, "mironova", verdict, b"")) == "acknowledge.scan_missing"
    done(enter(in_force, "mironova", verdict))
    mark = mark_of(world, in_force.order, "mironova")
    assert (mark.verdict, mark.happened_on) == (verdict, world.clock().date())
    assert mark.person_id == world.person("mironova").person_id
    assert mark.entered_by == world.person("zaytseva").person_id
    assert world.services.blobs.get(mark.evidence) == SHEET
    assert acts.refused(enter(in_force, "mironova", verdict)) == "acknowledge.not_waiting"


def test_an_absence_needs_no_scan_and_a_refusal_an_act(in_force: Story) -> None:
    world = in_force.world
    done(enter(in_force, "kulikova", Verdict.ABSENT, b""))
    assert mark_of(world, in_force.order, "kulikova").verdict is Verdict.ABSENT
    answer = enter(in_force, "ershov", Verdict.REFUSED, b"")
    assert acts.refused(answer) == "acknowledge.scan_missing"
    done(enter(in_force, "ershov", Verdict.REFUSED))
    assert mark_of(world, in_force.order, "ershov").verdict is Verdict.REFUSED


def test_nobody_is_said_to_have_acknowledged_on_screen(in_force: Story) -> None:
    answer = enter(in_force, "kulikova", Verdict.ACKNOWLEDGED)
    assert acts.refused(answer) == "acknowledge.not_paper"


def test_the_clerk_alone_enters_paper(in_force: Story) -> None:
    answer = enter(in_force, "kulikova", Verdict.ACKNOWLEDGED_ON_PAPER, by="belova")
    assert acts.refused(answer) == "paper.not_yours"


@pytest.mark.parametrize(
    ("days", "reason"), [(-1, "acknowledge.before_document"), (1, "acknowledge.in_future")]
)
def test_paper_is_not_older_than_the_order_nor_from_tomorrow(
    in_force: Story, days: int, reason: str
) -> None:
    on = in_force.world.clock().date() + timedelta(days=days)
    answer = enter(in_force, "kulikova", Verdict.ACKNOWLEDGED_ON_PAPER, on=on)
    assert acts.refused(answer) == reason


def test_a_person_of_another_school_is_not_waited_for(in_force: Story) -> None:
    answer = enter(in_force, "shubin", Verdict.ACKNOWLEDGED_ON_PAPER)
    assert acts.refused(answer) == "acknowledge.not_waiting"


def test_nothing_is_acknowledged_before_it_is_in_force(story: Story) -> None:
    world = story.world
    seen = acts.seen(world, story.order)
    answer = acknowledge(world.services, world.actor("safina"), story.order, seen)
    assert acts.refused(answer) == "document.acknowledge.wrong_state"
    answer = enter(story, "kulikova", Verdict.ACKNOWLEDGED_ON_PAPER)
    assert acts.refused(answer) == "acknowledge.not_waiting"


def curators(world: World) -> list[Mandate]:
    with world.services.uow.reading() as tx:
        held = tx.mandates.of_organisation(world.place("school-1").id)
    return [m for m in held if m.role is Role.CURATOR]


def test_the_order_about_the_curator_gives_the_role_when_it_is_in_force(world: World) -> None:
    case = acts.open_programme(world)
    until = world.clock().date() + timedelta(days=300)
    order = acts.appointment(world, case, date_to=until)
    acts.fixed(world, order.id)
    assert curators(world) == []
    acts.signed(world, order.id)
    (mandate,) = curators(world)
    assert str(mandate.employment_id) == world.employment("safina")
    assert mandate.ground_document_id == order.id
    assert (mandate.since, mandate.until) == (order.facts["date_from"], until)
    assert "1-л/с" in mandate.ground
    school, day = world.place("school-1").id, world.clock().date()
    assert world.actor("safina").holds(Role.CURATOR, school, day)
    assert not world.actor("ershov").holds(Role.CURATOR, school, day)
