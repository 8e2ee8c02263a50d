"""A signing session replayed: after use, too late, by another account, over another file."""

from __future__ import annotations

from datetime import timedelta

import pytest

from marshrut.demonstration.town import done
from tests.integration.workflow import acts
from tests.integration.workflow.pdf_office import (
    Deputy,
    Office,
    key_of,
    of_another_document,
)
from workflow.domain.routes import DocumentState
from workflow.usecases.errors import NotFoundError
from workflow.usecases.sign_by_hash import (
    cancel_by_hash,
    record_by_hash,
)


def test_same_signature_again_gets_the_first_answer_and_another_is_refused(
    on_each_database: Office,
) -> None:
    office = on_each_database
    begun = office.first.begun()
    made = office.first.sign(begun)
    first = done(office.first.hand_in(begun, made))
    office.wait(minutes=30)
    assert done(office.first.hand_in(begun, made)) == first
    other = office.first.sign(begun)
    assert other != made
    assert acts.refused(office.first.hand_in(begun, other)) == "signing.used"
    assert acts.signatures(office.world, office.order) == [first]


def test_session_is_of_no_use_after_ten_minutes(office: Office) -> None:
    begun = office.first.begun()
    made = office.first.sign(begun)
    office.wait(minutes=10)
    assert acts.refused(office.first.hand_in(begun, made)) == "signing.expired"
    assert acts.signatures(office.world, office.order) == []
    assert office.state is DocumentState.TO_SIGN


def test_session_is_of_no_use_to_another_account(office: Office) -> None:
    world = office.world
    begun = office.first.begun()
    made = office.first.sign(begun)
    attempt = begun.begun.attempt.id
    for other in ("ershov", "belova", "zaytseva"):
        answer = record_by_hash(world.services, world.actor(other), attempt, made)
        assert acts.refused(answer) == "signing.not_yours"
    with pytest.raises(NotFoundError):
        record_by_hash(world.services, world.actor("petrov"), attempt, made)
    assert acts.signatures(world, office.order) == []
    assert acts.refused(office.second.begin()) == "signing.leased"
    first = done(office.first.hand_in(begun, made))
    answer = record_by_hash(world.services, world.actor("ershov"), attempt, made)
    assert acts.refused(answer) == "signing.not_yours"
    assert acts.signatures(world, office.order) == [first]


def test_used_session_takes_no_signature_of_another_document(office: Office) -> None:
    begun = office.first.begun()
    first = done(office.first.hand_in(begun, office.first.sign(begun)))
    foreign = of_another_document(office, begun)
    assert acts.refused(office.first.hand_in(begun, foreign)) == "signing.used"
    assert acts.signatures(office.world, office.order) == [first]


def test_detached_session_is_replayed_in_vain_too(story: acts.Story) -> None:
    world = story.world
    order = acts.appointment(world, story.case)
    acts.fixed(world, order.id)
    head = Deputy(world, "belova", key_of(world, "belova"), order.id)
    begun = head.begun()
    assert begun.begun.attempt.prepared == ()
    made = head.sign(begun)
    first = done(head.hand_in(begun, made))
    world.clock.now += timedelta(minutes=11)
    assert done(head.hand_in(begun, made)) == first
    assert acts.refused(head.hand_in(begun, head.sign(begun))) == "signing.used"
    assert len(acts.signatures(world, order.id)) == 1


def test_session_that_never_was_is_not_found(office: Office) -> None:
    nowhere = office.world.services.new_id()
    with pytest.raises(NotFoundError):
        record_by_hash(office.world.services, office.world.actor("safina"), nowhere, [b"cms"])
    with pytest.raises(NotFoundError):
        cancel_by_hash(office.world.services, office.world.actor("safina"), nowhere)
