"""A person who has another name from now on signed what they signed under the old one."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from marshrut.demonstration.town import done
from tests.integration.security.own_authority import OwnAuthority, handed_in
from tests.integration.workflow import acts
from tests.integration.workflow.acts import Story
from tests.integration.workflow.test_looks_again import the_signature, tick
from tests.world import World
from workflow.domain.identity_changes import Identity, IdentityChange
from workflow.domain.routes import DocumentState
from workflow.domain.signatures import SignatureStatus
from workflow.usecases.change_identity import (
    IdentityProposal,
    confirm_identity,
    propose_identity,
    refuse_identity,
)
from workflow.usecases.confirm_forms import SUFFIXES, ConfirmedForms, Inflected, confirm_forms
from workflow.usecases.prepare import submit


def renaming(world: World, key: str, last: str) -> IdentityChange:
    """The clerk proposes another surname."""
    with world.services.uow.reading() as tx:
        before = Identity.of(tx.people.load(world.person(key).person_id))
    proposal = IdentityProposal(
        replace(before, last=last), world.clock().date(), "свидетельство о браке № 1"
    )
    worker = world.person(key).employment_id
    return done(propose_identity(world.services, world.actor("zaytseva"), worker, proposal))


def renamed(world: World, key: str = "belova", last: str = "Орлова") -> None:
    """The office's officer confirms it."""
    change = renaming(world, key, last)
    done(confirm_identity(world.services, world.actor("gareev"), change.id))


def test_a_signature_that_waits_for_its_list_is_accepted_under_the_name_it_was_made_with(
    story: Story,
) -> None:
    world, own = story.world, OwnAuthority.trusted(story.world, "late")
    order = acts.load(world, story.order)
    assert done(handed_in(world, order, own.key("belova"))).status is SignatureStatus.RECEIVED
    world.clock.now += timedelta(hours=1)
    renamed(world)
    world.clock.now += timedelta(days=2)
    own.new_list()
    tick(world)
    assert the_signature(world, order.id).status is SignatureStatus.ACCEPTED
    assert acts.state(world, order.id) is DocumentState.IN_FORCE


def test_a_package_that_is_examined_after_the_change_is_valid(story: Story) -> None:
    world = story.world
    acts.signed(world, story.order)
    letter = acts.letter(world, story.case, [story.roadmap, story.order])
    world.clock.now += timedelta(hours=1)
    renamed(world)
    package = acts.sent(world, letter.id)
    assert {item.verdict for item in package.items} == {"valid"}


def test_a_certificate_for_the_old_name_signs_nothing_after_the_change(story: Story) -> None:
    world = story.world
    renamed(world)
    answer = acts.sign(world, story.order)
    assert acts.refused(answer) == "signature.owner.other_name"
    assert acts.state(world, story.order) is DocumentState.TO_SIGN


def test_a_refused_change_lets_the_certificate_sign(story: Story) -> None:
    world = story.world
    change = renaming(world, "belova", "Орлова")
    done(refuse_identity(world.services, world.actor("gareev"), change.id, "Нет оригинала"))
    acts.signed(world, story.order)
    assert acts.state(world, story.order) is DocumentState.IN_FORCE


def test_the_files_of_a_signed_document_keep_the_old_name(story: Story) -> None:
    world = story.world
    before = acts.load(world, story.order).manifest
    renamed(world)
    world.work()
    assert acts.load(world, story.order).manifest == before


def test_a_draft_is_made_anew_and_waits_for_the_forms_of_the_new_name(story: Story) -> None:
    world = story.world
    facts = {
        "curator": world.employment("safina"),
        "sysadmin": world.employment("ershov"),
        "basis": "приказ отдела образования",
    }
    draft = acts.drafted(world, story.case, "D06", **facts)
    printed = draft.revision.draft
    assert printed is not None
    renamed(world, "safina", "Орлова")
    assert acts.load(world, draft.id).revision.draft is None
    world.work()
    anew = acts.load(world, draft.id).revision.draft
    assert anew is not None
    assert anew.content != printed.content
    assert (
        acts.refused(submit(world.services, world.actor("zaytseva"), draft.id))
        == "document.forms_unconfirmed"
    )
    place, safina = world.place("school-1").id, world.person("safina").person_id
    forms = tuple((suffix, "Орловой Гузель Рашидовны") for suffix in SUFFIXES)
    looked_at = ConfirmedForms(Inflected.PERSON, "Орлова Гузель Рашидовна", forms, safina)
    assert confirm_forms(world.services, world.actor("zaytseva"), place, [looked_at]) == 1
    world.work()
    done(submit(world.services, world.actor("zaytseva"), draft.id))
