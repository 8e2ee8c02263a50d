"""Signed PDFs are copied for long keeping: once, when they are settled, if the copy holds."""

from __future__ import annotations

from dataclasses import replace

import pytest

from marshrut.engines.signatures import grounds_of
from signing.validate import validate_pdf
from signing.verdicts import TimeBasis, Verdict
from tests.integration.workflow import acts
from tests.integration.workflow.acts import Story
from tests.integration.workflow.stamped import DAY, Moody, set_up, the_signature, tick, to_sign
from tests.world import World
from workflow.domain.regulations import SignatureFormat
from workflow.domain.signatures import Signature
from workflow.ports import CheckStatus
from workflow.usecases.long_term import keep_long_term
from workflow.usecases.recheck import recheck
from workflow.usecases.trust import trust_view


@pytest.fixture
def tsa(story: Story) -> Moody:
    """The authority of the training installation, set up."""
    return set_up(story)


def settled(story: Story, how: str) -> Signature:
    """Signed, accepted, and found good by the lists of the next day."""
    world, document = story.world, to_sign(story, how)
    signature = acts.signed(world, document.id)
    assert [one.long_term for one in signature.files] == [""] * len(signature.files)
    tick(world)
    assert not any(one.long_term for one in the_signature(world, document.id).files)
    world.clock.now += DAY
    acts.renew_lists(world)
    tick(world)
    tick(world)
    return the_signature(world, document.id)


def test_signed_pdfs_are_copied_for_long_keeping_when_the_second_look_is_settled(
    story: Story, tsa: Moody
) -> None:
    world, signature = story.world, settled(story, "inside")
    with world.services.uow.reading() as tx:
        trust = trust_view(tx, world.services)
    bare = replace(trust, crls=())  # what the copy needs, it has
    for one in signature.files:
        assert one.long_term not in ("", one.signature)
        signed, copy = (world.services.blobs.get(each) for each in (one.signature, one.long_term))
        assert copy.startswith(signed)
        grounds = grounds_of(bare, world.clock() + DAY, world.clock())
        report = validate_pdf(copy, grounds).report
        assert report.verdict is Verdict.VALID
        assert report.signatures[0].time_basis is TimeBasis.PROVEN
        assert len(report.timestamps) == 1
        assert judged_as(world, one.file, copy) is CheckStatus.VALID
    asked = len(tsa.asked)
    world.clock.now += DAY
    tick(world)
    assert the_signature(world, signature.document_id).files == signature.files
    assert len(tsa.asked) == asked


def judged_as(world: World, file: str, signed: bytes) -> CheckStatus:
    """What a receiver says of the copy, by the lists of today."""
    with world.services.uow.reading() as tx:
        trust = trust_view(tx, world.services)
    return world.services.signatures.examine(
        world.services.blobs.get(file),
        signed,
        SignatureFormat.PADES,
        trust=trust,
        now=world.clock(),
        expected=None,
    ).status


def test_detached_signatures_have_no_such_copy(story: Story, tsa: Moody) -> None:
    signature = settled(story, "beside")
    assert signature.is_settled
    assert [one.long_term for one in signature.files] == [""]


def test_a_silent_authority_leaves_the_copy_for_another_day(story: Story, tsa: Moody) -> None:
    world, document = story.world, to_sign(story, "inside")
    acts.signed(world, document.id)
    tsa.silent = True
    world.clock.now += DAY
    acts.renew_lists(world)
    tick(world)
    tick(world)
    waiting = the_signature(world, document.id)
    assert (waiting.is_settled, any(one.long_term for one in waiting.files)) == (True, False)
    tsa.silent = False
    tick(world)
    assert not any(one.long_term for one in the_signature(world, document.id).files)
    world.clock.now += DAY
    acts.renew_lists(world)
    tick(world)
    assert all(one.long_term for one in the_signature(world, document.id).files)


def test_two_workers_keep_one_copy(story: Story, tsa: Moody) -> None:
    world, document = story.world, to_sign(story, "inside")
    signature = acts.signed(world, document.id)
    world.clock.now += DAY
    acts.renew_lists(world)
    payload = {"signature": str(signature.id)}
    with world.services.uow() as tx:
        recheck(world.services, payload)(tx)
        tx.commit()
    effects = [keep_long_term(world.services, payload) for _ in range(2)]
    kept = []
    for effect in effects:
        with world.services.uow() as tx:
            effect(tx)
            tx.commit()
        kept.append(the_signature(world, document.id))
    assert all(one.long_term for one in kept[0].files)
    assert kept[1] == kept[0]
