"""A signature is looked at again: received ones until decided, accepted ones with the next list."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from marshrut.demonstration.town import done
from marshrut.wiring import make_due
from tests.integration.security.own_authority import OwnAuthority, handed_in
from tests.integration.workflow import acts
from tests.integration.workflow.acts import Story
from tests.world import World
from workflow.domain.documents import Document
from workflow.domain.mandates import Mandate
from workflow.domain.obligations import ObligationState, state_of
from workflow.domain.regulations import Role
from workflow.domain.routes import DocumentState
from workflow.domain.signatures import Signature, SignatureStatus
from workflow.usecases.fix import fix

DAY = timedelta(days=1)


@pytest.fixture
def own(story: Story) -> OwnAuthority:
    """An authority whose list has not come yet."""
    return OwnAuthority.trusted(story.world, "late")


@pytest.fixture
def to_sign(story: Story) -> Document:
    order = acts.appointment(story.world, story.case)
    return acts.fixed(story.world, order.id)


def tick(world: World) -> None:
    """The schedule asks all its questions once; what comes of it is done."""
    for question in make_due(world.services).values():
        with world.services.uow() as tx:
            question(tx)
            tx.commit()
    world.work()


def the_signature(world: World, document_id: UUID) -> Signature:
    (found,) = acts.signatures(world, document_id)
    return found


def curators(world: World, ground: UUID) -> list[Mandate]:
    with world.services.uow.reading() as tx:
        held = tx.mandates.of_organisation(world.place("school-1").id)
    return [m for m in held if m.role is Role.CURATOR and m.ground_document_id == ground]


def test_without_a_list_a_signature_is_received_and_does_not_count(
    story: Story, own: OwnAuthority, to_sign: Document
) -> None:
    world = story.world
    signature = done(handed_in(world, to_sign, own.key("belova")))
    assert signature.status is SignatureStatus.RECEIVED
    assert acts.refused(signature.explanation).startswith("signature.revocation.")
    assert acts.state(world, to_sign.id) is DocumentState.SIGNATURE_RECEIVED
    assert curators(world, to_sign.id) == []
    assert acts.rows(world, "personnel")[-1] == ("2-л/с", "reserved")
    world.clock.now += timedelta(hours=1)
    tick(world)
    assert the_signature(world, to_sign.id).status is SignatureStatus.RECEIVED


def test_with_the_list_it_is_accepted_and_in_force_as_of_its_receipt(
    story: Story, own: OwnAuthority
) -> None:
    world, order = story.world, acts.load(story.world, story.order)
    received_at = world.clock()
    signature = done(handed_in(world, order, own.key("belova")))
    assert signature.status is SignatureStatus.RECEIVED
    assert state_of(acts.owed(world, "2.3")) is ObligationState.OPEN
    world.clock.now += 2 * DAY
    own.new_list()
    tick(world)
    accepted = the_signature(world, order.id)
    assert (accepted.status, accepted.received_at) == (SignatureStatus.ACCEPTED, received_at)
    assert accepted.explanation is None
    assert acts.state(world, order.id) is DocumentState.IN_FORCE
    assert acts.state(world, story.roadmap) is DocumentState.IN_FORCE
    assert acts.rows(world, "core") == [("1-о/д", "registered")]
    met = acts.owed(world, "2.3")
    assert state_of(met) is ObligationState.MET
    assert met.first_arrival == received_at


def test_a_received_signature_is_not_dated_anew_after_midnight(
    story: Story, own: OwnAuthority, to_sign: Document
) -> None:
    world = story.world
    done(handed_in(world, to_sign, own.key("belova")))
    world.clock.now += DAY
    tick(world)
    assert acts.load(world, to_sign.id).fixings == to_sign.fixings
    answer = fix(world.services, world.actor("zaytseva"), to_sign.id)
    assert acts.refused(answer) == "document.fix.wrong_state"


def test_a_received_signature_that_proves_invalid_lets_the_document_wait_again(
    story: Story, own: OwnAuthority, to_sign: Document
) -> None:
    world = story.world
    key = own.key("belova")
    done(handed_in(world, to_sign, key))
    world.clock.now += timedelta(hours=1)
    own.new_list({key.certificate.serial: world.clock() - DAY})
    tick(world)
    refused = the_signature(world, to_sign.id)
    assert refused.status is SignatureStatus.REFUSED
    assert acts.refused(refused.explanation) == "signature.revocation.revoked"
    assert acts.state(world, to_sign.id) is DocumentState.TO_SIGN
    again = done(handed_in(world, acts.load(world, to_sign.id), own.key("belova")))
    assert again.status is SignatureStatus.ACCEPTED
    assert acts.state(world, to_sign.id) is DocumentState.IN_FORCE


def test_a_refused_document_of_yesterday_is_dated_anew_and_signed(
    story: Story, own: OwnAuthority, to_sign: Document
) -> None:
    world = story.world
    key = own.key("belova")
    done(handed_in(world, to_sign, key))
    world.clock.now += DAY
    own.new_list({key.certificate.serial: world.clock() - 2 * DAY})
    tick(world)
    tick(world)
    again = acts.load(world, to_sign.id)
    assert (again.number, again.dated) == (to_sign.number, world.clock().date())
    done(handed_in(world, again, own.key("belova")))
    assert acts.state(world, to_sign.id) is DocumentState.IN_FORCE


def accepted_then_revoked(world: World, own: OwnAuthority, document: Document) -> None:
    """Signed and accepted by the list of the day; the next one says: revoked before."""
    own.new_list()
    world.clock.now += timedelta(minutes=1)
    key = own.key("belova")
    signature = done(handed_in(world, document, key))
    assert signature.status is SignatureStatus.ACCEPTED
    world.work()
    world.clock.now += DAY
    own.new_list({key.certificate.serial: signature.received_at - timedelta(hours=2)})
    tick(world)


def test_a_certificate_revoked_before_the_signing_withdraws_the_mandate_and_frees_the_number(
    story: Story, own: OwnAuthority, to_sign: Document
) -> None:
    world = story.world
    accepted_then_revoked(world, own, to_sign)
    withdrawn = the_signature(world, to_sign.id)
    assert withdrawn.status is SignatureStatus.WITHDRAWN
    assert acts.refused(withdrawn.explanation) == "signature.revocation.revoked"
    assert acts.state(world, to_sign.id) is DocumentState.TO_SIGN
    assert [m.withdrawn_at for m in curators(world, to_sign.id)] == [world.clock()]
    assert acts.rows(world, "personnel")[-1] == ("2-л/с", "reserved")
    tick(world)
    again = acts.load(world, to_sign.id)
    assert (again.number, again.dated) == ("2-л/с", world.clock().date())
    done(handed_in(world, again, own.key("belova")))
    assert acts.state(world, to_sign.id) is DocumentState.IN_FORCE
    assert acts.rows(world, "personnel")[-1] == ("2-л/с", "registered")


def test_what_an_order_approved_waits_with_it_when_its_signature_is_withdrawn(
    story: Story, own: OwnAuthority
) -> None:
    world, order = story.world, acts.load(story.world, story.order)
    accepted_then_revoked(world, own, order)
    assert acts.state(world, story.order) is DocumentState.TO_SIGN
    assert acts.state(world, story.roadmap) is DocumentState.TO_SIGN
    assert acts.rows(world, "core") == [("1-о/д", "reserved")]
    assert state_of(acts.owed(world, "2.3")) is ObligationState.OPEN


def test_the_first_list_after_the_signing_settles_it(
    story: Story, own: OwnAuthority, to_sign: Document
) -> None:
    world = story.world
    own.new_list()
    signature = done(handed_in(world, to_sign, own.key("belova")))
    world.clock.now += timedelta(hours=2)
    own.root_list()
    own.new_list()
    tick(world)
    looked_at = the_signature(world, to_sign.id)
    assert (looked_at.status, looked_at.checked_at) == (
        SignatureStatus.ACCEPTED,
        world.clock(),
    )
    assert looked_at.files[0].report == signature.files[0].report
    assert looked_at.files[0].report_now != signature.files[0].report


def test_a_signature_stays_accepted_after_its_certificate_has_expired(
    story: Story, own: OwnAuthority, to_sign: Document
) -> None:
    world = story.world
    own.new_list()
    key = own.key("belova", lives=DAY)
    done(handed_in(world, to_sign, key))
    world.clock.now += 5 * DAY
    assert world.clock() > key.certificate.not_after
    own.root_list()
    own.new_list()
    tick(world)
    assert the_signature(world, to_sign.id).status is SignatureStatus.ACCEPTED
    assert acts.state(world, to_sign.id) is DocumentState.IN_FORCE


def test_a_revocation_after_the_signing_changes_nothing(
    story: Story, own: OwnAuthority, to_sign: Document
) -> None:
    world = story.world
    own.new_list()
    key = own.key("belova")
    done(handed_in(world, to_sign, key))
    world.clock.now += 2 * DAY
    own.new_list({key.certificate.serial: world.clock() - DAY})
    tick(world)
    assert the_signature(world, to_sign.id).status is SignatureStatus.ACCEPTED
    assert acts.state(world, to_sign.id) is DocumentState.IN_FORCE
