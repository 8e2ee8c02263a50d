"""A package signed by a power of attorney is judged by what the receiver itself knows."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from marshrut.demonstration.town import done
from tests import powers
from tests.integration.workflow import acts
from tests.integration.workflow.acts import Story
from tests.powers import CODE, DAY
from tests.world import World
from workflow.domain.powers import AnswerStatus, PowerOfAttorney
from workflow.domain.submissions import PackageItem, Submission
from workflow.usecases.examine_again import examine_again
from workflow.usecases.powers.meaning import say_what_a_code_means


@pytest.fixture
def power(story: Story) -> PowerOfAttorney:
    return powers.in_use(story.world)


@pytest.fixture
def package(story: Story, power: PowerOfAttorney) -> Submission:
    """The order signed by the deputy, in a letter signed by the head."""
    world = story.world
    done(powers.signed_by_deputy(world, acts.load(world, story.order)))
    world.work()
    letter = acts.letter(world, story.case, [story.order])
    return acts.sent(world, letter.id)


def order_in(story: Story, package: Submission) -> PackageItem:
    found = acts.package(story.world, package.id)
    return next(item for item in found.items if item.document_id == story.order)


def examined(story: Story, package: Submission) -> PackageItem:
    world = story.world
    done(examine_again(world.services, world.actor("gareev"), package.id))
    world.work()
    return order_in(story, package)


def operator_says(world: World) -> None:
    """What the code lets one sign, for all organisations."""
    operator, place = world.town.operator, world.place("school-1").id
    said = say_what_a_code_means(world.services, operator, place, CODE, ["D02"], for_all=True)
    assert done(said).organisation_id is None


def test_the_power_goes_with_the_package(story: Story, package: Submission) -> None:
    item = order_in(story, package)
    assert all(file.power for file in item.signatures)


def test_the_sender_s_answer_and_codes_count_for_nothing(
    story: Story, package: Submission, power: PowerOfAttorney
) -> None:
    world = story.world
    item = order_in(story, package)
    assert item.verdict == "undecided"
    assert item.explanation is not None
    assert "which codes" in item.explanation.msgid
    operator_says(world)
    world.work()
    item = order_in(story, package)
    assert item.verdict == "undecided"
    assert item.explanation is not None
    assert "Load the answer of the registry" in item.explanation.msgid
    done(powers.answered(world, power, by="gareev"))
    world.work()
    item = order_in(story, package)
    assert (item.verdict, item.explanation) == ("valid", None)
    kept = json.loads(world.services.blobs.get(item.signatures[0].power))
    assert kept["answer"]["status"] == "in_force"


def test_a_revocation_that_the_sender_knows_counts_for_the_receiver(
    story: Story, package: Submission, power: PowerOfAttorney
) -> None:
    world = story.world
    operator_says(world)
    done(powers.answered(world, power, by="gareev"))
    world.work()
    assert order_in(story, package).verdict == "valid"
    day = world.clock().date()
    world.clock.now += DAY
    revoked = powers.answered(world, power, AnswerStatus.REVOKED, revoked_on=day, by="belova")
    done(revoked)
    world.work()
    assert order_in(story, package).verdict == "invalid"


def test_an_unconfirmed_head_gives_no_power_that_counts_for_the_receiver(
    story: Story, package: Submission, power: PowerOfAttorney
) -> None:
    world = story.world
    with world.services.uow() as tx:
        for mandate in tx.mandates.of_organisation(power.organisation_id):
            if mandate.confirmed_by is not None:
                tx.mandates.save(replace(mandate, confirmed_by=None), mandate)
        tx.commit()
    operator_says(world)
    done(powers.answered(world, power, by="gareev"))
    world.work()
    item = order_in(story, package)
    assert item.verdict == "invalid"
    assert item.explanation is not None
    assert "not known here as the head" in item.explanation.msgid


def test_without_the_power_beside_it_the_signature_does_not_count(
    story: Story, package: Submission, power: PowerOfAttorney
) -> None:
    world = story.world
    with world.services.uow() as tx:
        before = tx.submissions.load(package.id)
        bare = tuple(
            replace(i, signatures=tuple(replace(s, power="") for s in i.signatures))
            for i in before.items
        )
        tx.submissions.save(replace(before, items=bare), before)
        tx.commit()
    item = examined(story, package)
    assert item.verdict == "invalid"
    assert item.explanation is not None
    assert "does not lie beside" in item.explanation.msgid
