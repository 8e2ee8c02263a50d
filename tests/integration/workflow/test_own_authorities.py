"""An organisation's own authorities count for its own people, in its own eyes, and nowhere else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from marshrut.demonstration.town import done
from marshrut.engines.status_sources import NetworkSources
from signing.evidence import Evidence
from signing.sign import sign_detached
from signing.validate import validate_detached
from signing.verdicts import FILE_CHECKS, Outcome
from tests.http_server import Server, serving
from tests.integration.security.own_authority import OwnAuthority, handed_in
from tests.integration.workflow import acts
from tests.integration.workflow.acts import Story
from tests.integration.workflow.test_fetching_lists import (
    holder_of,
    key_of,
    listed_at,
    publish,
)
from tests.integration.workflow.test_looks_again import the_signature, tick
from tests.world import World
from workflow.domain.documents import Document
from workflow.domain.evidence_records import PieceRole
from workflow.domain.regulations import SignatureKind
from workflow.domain.routes import DocumentState
from workflow.domain.signatures import SignatureStatus
from workflow.domain.submissions import Submission
from workflow.domain.trust import TrustAnchor
from workflow.usecases import evidence_night
from workflow.usecases.errors import NotFoundError
from workflow.usecases.examine_again import examine_again
from workflow.usecases.trust import add_anchor, remove_anchor, trusted_anchors
from workflow.usecases.try_signature import SAMPLE, try_signature_file

DAY = timedelta(days=1)
ADVANCED, QUALIFIED = SignatureKind.ADVANCED, SignatureKind.QUALIFIED


@pytest.fixture
def to_sign(story: Story) -> Document:
    order = acts.appointment(story.world, story.case)
    return acts.fixed(story.world, order.id)


def authority(world: World, name: str, place: str, kind: SignatureKind = ADVANCED) -> OwnAuthority:
    """An authority of that place alone, with a list."""
    own = OwnAuthority.trusted(world, name, kind, place)
    own.new_list()
    return own


def own_anchor(world: World, place: str) -> TrustAnchor:
    with world.services.uow.reading() as tx:
        anchors = tx.trust_anchors.trusted_by(world.place(place).id)
    (found,) = (a for a in anchors if a.organisation_id is not None)
    return found


def remove(world: World, anchor: TrustAnchor) -> None:
    done(remove_anchor(world.services, world.town.operator, anchor.id))


def test_a_signature_by_the_organisations_own_authority_is_accepted_at_its_step(
    story: Story, to_sign: Document
) -> None:
    own = authority(story.world, "школы", "school-1")
    signature = done(handed_in(story.world, to_sign, own.key("belova")))
    assert (signature.status, signature.kind) == (SignatureStatus.ACCEPTED, ADVANCED)
    assert acts.state(story.world, to_sign.id) is DocumentState.IN_FORCE


@pytest.mark.parametrize("place", ["school-2", "office"])
def test_the_own_authority_of_another_organisation_vouches_for_nobody_here(
    story: Story, to_sign: Document, place: str
) -> None:
    """Not that of another school and not that of the founder."""
    own = authority(story.world, "чужой", place)
    answer = handed_in(story.world, to_sign, own.key("belova"))
    assert acts.refused(answer) == "signature.chain.untrusted"
    assert acts.signatures(story.world, to_sign.id) == []


def test_an_own_authority_is_never_one_for_qualified_signatures(
    story: Story, to_sign: Document
) -> None:
    world = story.world
    own = OwnAuthority.trusted(world, "школы", place="school-1")
    refusal = own.trust(QUALIFIED, "school-1")
    assert acts.refused(refusal) == "anchor.own_is_advanced"
    with world.services.uow() as tx:  # however such a row came to be, it grants nothing
        known = own_anchor(world, "school-1")
        tx.trust_anchors.save(replace(known, kind=QUALIFIED), known)
        tx.commit()
    with world.services.uow.reading() as tx:
        trusted = trusted_anchors(tx, world.place("school-1").id)
        assert trusted == trusted_anchors(tx)
    own.new_list()
    answer = handed_in(world, to_sign, own.key("belova"))
    assert acts.refused(answer) == "signature.chain.untrusted"


def test_an_authority_that_is_accredited_loses_nothing_by_being_an_own_one_too(
    story: Story, to_sign: Document
) -> None:
    world = story.world
    own = authority(world, "школы", "school-1")
    anchor = own.office.issuing.holder.der
    done(add_anchor(world.services, world.town.operator, anchor, ADVANCED, None))
    done(own.trust(QUALIFIED))
    signature = done(handed_in(world, to_sign, own.key("belova")))
    assert (signature.status, signature.kind) == (SignatureStatus.ACCEPTED, QUALIFIED)


def test_the_second_look_goes_by_the_organisations_own_authorities(
    story: Story, to_sign: Document
) -> None:
    world = story.world
    own = OwnAuthority.trusted(world, "школы", place="school-1")
    received = done(handed_in(world, to_sign, own.key("belova")))
    assert received.status is SignatureStatus.RECEIVED
    world.clock.now += DAY
    own.new_list()
    tick(world)
    assert the_signature(world, to_sign.id).status is SignatureStatus.ACCEPTED


def test_a_removed_authority_accepts_nothing_new_and_old_verdicts_can_be_made_again(
    story: Story, to_sign: Document
) -> None:
    world = story.world
    own = authority(world, "школы", "school-1")
    accepted = done(handed_in(world, to_sign, own.key("belova")))
    world.clock.now += timedelta(hours=1)
    remove(world, own_anchor(world, "school-1"))
    world.clock.now += 2 * DAY
    own.new_list()
    tick(world)
    assert the_signature(world, to_sign.id).status is SignatureStatus.ACCEPTED
    assert acts.state(world, to_sign.id) is DocumentState.IN_FORCE
    (file, *_) = accepted.files
    blobs = world.services.blobs
    evidence = Evidence.from_bytes(blobs.get(file.evidence))
    again = validate_detached(blobs.get(file.file), blobs.get(file.signature), evidence.grounds())
    (judged,) = again.report.signatures
    assert all(check.outcome is Outcome.PASSED for check in judged.checks[:FILE_CHECKS])
    order = acts.load(world, story.order)
    newer = handed_in(world, order, own.key("belova"))
    assert acts.refused(newer) == "signature.chain.untrusted"
    with world.services.uow.reading() as tx:
        kept = [a for a in tx.trust_anchors.all() if a.organisation_id is not None]
    assert [a.removed_at is not None for a in kept] == [True]


def test_what_was_received_below_an_authority_that_is_removed_meanwhile_is_refused(
    story: Story, to_sign: Document
) -> None:
    world = story.world
    own = OwnAuthority.trusted(world, "школы", place="school-1")
    received = done(handed_in(world, to_sign, own.key("belova")))
    assert received.status is SignatureStatus.RECEIVED
    remove(world, own_anchor(world, "school-1"))
    own.new_list()
    tick(world)
    assert the_signature(world, to_sign.id).status is SignatureStatus.REFUSED


def test_the_receiver_goes_by_its_own_authorities_and_not_by_the_senders(story: Story) -> None:
    world = story.world
    own = authority(world, "школы", "school-1")
    signed = done(handed_in(world, acts.load(world, story.order), own.key("belova")))
    assert signed.status is SignatureStatus.ACCEPTED
    world.work()
    letter = acts.letter(world, story.case, [story.roadmap])
    submission = acts.sent(world, letter.id)
    assert verdict_on_the_roadmap(submission) == "invalid"
    done(own.trust(ADVANCED, "office"))
    done(examine_again(world.services, acts.someone(world, "officer", "office"), submission.id))
    world.work()
    assert verdict_on_the_roadmap(acts.package(world, submission.id)) == "valid"


def verdict_on_the_roadmap(submission: Submission) -> str:
    return next(item.verdict for item in submission.items if item.type_code == "D04")


def test_a_signature_tried_on_the_sample_is_answered_by_the_own_authorities(story: Story) -> None:
    world = story.world
    own = authority(world, "школы", "school-1")
    signature = sign_detached(SAMPLE, own.key("belova"), world.clock())
    (tried,) = done(try_signature_file(world.services, world.actor("belova"), signature))
    assert tried.reason is None
    elsewhere = authority(world, "сада", "kindergarten")
    signature = sign_detached(SAMPLE, elsewhere.key("belova"), world.clock())
    (tried,) = done(try_signature_file(world.services, world.actor("belova"), signature))
    assert tried.reason is not None
    assert tried.reason.code == "signature.chain.untrusted"


def test_an_own_authority_is_known_once_and_by_the_operator_alone(story: Story) -> None:
    world = story.world
    own = OwnAuthority.trusted(world, "школы", place="school-1")
    assert acts.refused(own.trust(ADVANCED, "school-1")) == "anchor.known"
    done(own.trust(ADVANCED, "school-2"))
    head, der = world.actor("belova"), own.office.root.holder.der
    school = world.place("school-1").id
    refusal = add_anchor(world.services, head, der, ADVANCED, school)
    assert acts.refused(refusal) == "admin.not_operator"
    with pytest.raises(NotFoundError):
        add_anchor(world.services, world.town.operator, der, ADVANCED, uuid4())


@pytest.fixture
def server(story: Story) -> Iterator[Server]:
    with serving() as one:
        sources = NetworkSources(one.reach)
        story.world.services = replace(story.world.services, status_sources=sources)
        yield one


def test_lists_are_fetched_for_signatures_below_an_own_authority(
    story: Story, server: Server, to_sign: Document
) -> None:
    world = story.world
    own = OwnAuthority.trusted(world, "школы", place="school-1")
    publish(server, own)
    key = key_of(holder_of(own, listed_at(server.address("/ca.crl"))))
    assert done(handed_in(world, to_sign, key)).status is SignatureStatus.RECEIVED
    world.work()
    assert the_signature(world, to_sign.id).status is SignatureStatus.ACCEPTED


def test_nobody_is_asked_below_an_authority_that_is_another_organisations_own(
    story: Story, server: Server, to_sign: Document
) -> None:
    world = story.world
    own = OwnAuthority.trusted(world, "чужой", place="school-2")
    publish(server, own)
    key = key_of(holder_of(own, listed_at(server.address("/ca.crl"))))
    assert acts.refused(handed_in(world, to_sign, key)) == "signature.chain.untrusted"
    tick(world)
    assert server.asked == []


def test_the_night_judges_by_the_authorities_of_whom_somebody_signed_for(
    story: Story, to_sign: Document
) -> None:
    """A founder's own authority counts on a school's document, as it did at the acceptance."""
    world = story.world
    own = authority(world, "школы", "school-1")
    signature = done(handed_in(world, to_sign, own.key("belova")))
    known = own_anchor(world, "school-1")
    mandate = world.actor("lapina").mandates[0]
    with world.services.uow() as tx:
        tx.trust_anchors.save(replace(known, organisation_id=mandate.organisation_id), known)
        stored = tx.signatures.load(signature.id)
        tx.signatures.save(replace(stored, mandate_id=mandate.id), stored)
        tx.commit()
    with world.services.uow.reading() as tx:
        new = evidence_night._new(tx, world.services, world.place("school-1").id)
    subjects = evidence_night._subjects(world.services, new)
    (about,) = (each for each in subjects if each.signature_id == signature.id)
    kept = [each for each in about.pieces if each.role is PieceRole.EVIDENCE]
    assert len(kept) == 1 + len({file.evidence for file in signature.files})
