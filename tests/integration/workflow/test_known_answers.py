"""Answers of responders that are kept count when a signature is handed in or a package arrives."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from marshrut.demonstration.town import done
from signing.sign import sign_detached
from tests import ocsp_responder
from tests.integration.security.own_authority import OwnAuthority, handed_in
from tests.integration.workflow import acts
from tests.integration.workflow.acts import Story
from tests.integration.workflow.test_fetching_lists import holder_of, key_of
from tests.pki import Holder
from tests.world import World
from workflow.domain.signatures import SignatureStatus
from workflow.domain.submissions import PackageItem, Submission
from workflow.domain.trust import StoredAnswer
from workflow.usecases.examine_again import examine_again
from workflow.usecases.try_signature import SAMPLE, try_signature_file

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def own(story: Story) -> OwnAuthority:
    """An authority that has issued no list of its people's certificates."""
    return OwnAuthority.trusted(story.world, "с ответами")


def keep(own: OwnAuthority, holder: Holder, said: ocsp_responder.Said | None = None) -> None:
    """An answer of now about the certificate, as an earlier run of fetching left it."""
    world, now = own.world, own.world.clock().replace(microsecond=0)
    fresh = {"this_update": now, "next_update": now + HOUR}
    said = replace(said or ocsp_responder.GOOD, **fresh)  # type: ignore[arg-type]  # fields, by name
    der = ocsp_responder.answer(holder, own.office.issuing, said, produced_at=now)
    with world.services.uow() as tx:
        tx.ocsp_answers.add(
            StoredAnswer(
                id=world.services.new_id(),
                serial=f"{holder.certificate.serial_number:X}",
                blob=world.services.blobs.put(der),
                this_update=now,
                next_update=now + HOUR,
                stored_at=now,
            )
        )
        tx.commit()


def test_a_signature_is_accepted_at_once_by_an_answer_that_is_kept(
    story: Story, own: OwnAuthority
) -> None:
    holder = holder_of(own)
    keep(own, holder)
    order = acts.load(story.world, story.order)
    assert done(handed_in(story.world, order, key_of(holder))).status is SignatureStatus.ACCEPTED


def test_it_is_refused_when_the_answer_says_revoked_whatever_a_list_says(
    story: Story, own: OwnAuthority
) -> None:
    holder = holder_of(own)
    own.new_list()
    keep(own, holder, ocsp_responder.revoked(own.world.clock() - DAY))
    order = acts.load(story.world, story.order)
    refusal = acts.refused(handed_in(story.world, order, key_of(holder)))
    assert refusal == "signature.revocation.revoked"


def test_an_answer_that_is_no_longer_fresh_leaves_it_received(
    story: Story, own: OwnAuthority
) -> None:
    world, holder = story.world, holder_of(own)
    keep(own, holder)
    world.clock.now += HOUR + timedelta(minutes=1)
    order = acts.load(world, story.order)
    assert done(handed_in(world, order, key_of(holder))).status is SignatureStatus.RECEIVED


def test_an_answer_about_another_authoritys_certificate_of_that_number_says_nothing(
    story: Story, own: OwnAuthority
) -> None:
    other, holder = OwnAuthority.trusted(story.world, "другой"), holder_of(own)
    keep(replace(own, office=other.office), holder)
    order = acts.load(story.world, story.order)
    received = done(handed_in(story.world, order, key_of(holder)))
    assert received.status is SignatureStatus.RECEIVED


def test_the_sample_is_judged_by_kept_answers_too(story: Story, own: OwnAuthority) -> None:
    world, holder = story.world, holder_of(own)
    signature = sign_detached(SAMPLE, key_of(holder), world.clock())
    (tried,) = done(try_signature_file(world.services, world.actor("belova"), signature))
    assert tried.reason is not None
    keep(own, holder)
    (tried,) = done(try_signature_file(world.services, world.actor("belova"), signature))
    assert tried.reason is None


def test_a_package_is_examined_by_kept_answers(story: Story, own: OwnAuthority) -> None:
    world, holder = story.world, holder_of(own)
    keep(own, holder)
    done(handed_in(world, acts.load(world, story.order), key_of(holder)))
    world.work()
    letter = acts.letter(world, story.case, [story.roadmap])
    world.clock.now += 2 * HOUR
    submission = acts.sent(world, letter.id)
    assert roadmap_in(submission).verdict == "undecided"
    keep(own, holder)
    officer = acts.someone(world, "officer", "office")
    done(examine_again(world.services, officer, submission.id))
    world.work()
    assert roadmap_in(acts.package(world, submission.id)).verdict == "valid"


def roadmap_in(submission: Submission) -> PackageItem:
    return next(item for item in submission.items if item.type_code == "D04")


def test_worlds_differ_in_nothing_but_the_answer(story: Story, own: OwnAuthority) -> None:
    """Without any answer the same signature waits: the tests above rest on the answer alone."""
    world: World = story.world
    order = acts.load(world, story.order)
    received = done(handed_in(world, order, key_of(holder_of(own))))
    assert received.status is SignatureStatus.RECEIVED
