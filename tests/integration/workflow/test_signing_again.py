"""A lost `.sig`: the same person alone signs the same bytes again; nothing else follows."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from marshrut.demonstration.opening import leave_practice_files
from marshrut.demonstration.stage import Stage
from marshrut.demonstration.town import KEY_PASSWORD, done
from signing.keys import SigningKey, open_pkcs12
from signing.sign import sign_detached
from tests.integration.pairs import deeds
from tests.integration.security.own_authority import OwnAuthority
from tests.integration.workflow import acts
from tests.integration.workflow.acts import Story
from tests.world import World
from workflow.domain.documents import Verdict
from workflow.domain.refusals import Refusal
from workflow.domain.registers import Entry
from workflow.domain.routes import DocumentState
from workflow.domain.signatures import AGAIN, Signature, SignatureStatus
from workflow.store.blobs import FolderBlobs
from workflow.usecases.errors import NotFoundError
from workflow.usecases.recheck import recheck
from workflow.usecases.sign_again import is_damaged, sign_again, sign_again_with_stored_key


@pytest.fixture
def signed(story: Story) -> Signature:
    """The order about the curator, in force by the head's signature."""
    (signature,) = acts.signatures(story.world, story.appointment)
    return signature


def _path(world: World, sha256: str) -> Path:
    blobs = world.services.blobs
    assert isinstance(blobs, FolderBlobs)
    return blobs.root / sha256[:2] / sha256[2:4] / sha256


def lose(world: World, signature: Signature) -> None:
    for file in signature.files:
        _path(world, file.signature).unlink()


def again(world: World, signature: Signature, who: str = "belova") -> Signature | Refusal:
    return sign_again_with_stored_key(
        world.services, world.actor(who), signature.id, signature.manifest, KEY_PASSWORD
    )


def journal(story: Story) -> list[Entry]:
    with story.world.services.uow.reading() as tx:
        return tx.entries.of_document(story.appointment)


def status(world: World, signature: Signature) -> SignatureStatus:
    with world.services.uow.reading() as tx:
        return tx.signatures.load(signature.id).status


def test_the_same_person_signs_the_same_files_again(story: Story, signed: Signature) -> None:
    world = story.world
    before, rows = acts.load(world, story.appointment), journal(story)
    lose(world, signed)
    assert is_damaged(world.services, signed)
    world.clock.now += timedelta(days=3)
    acts.renew_lists(world)
    made = done(again(world, signed))
    assert (made.person_id, made.manifest, made.fixing, made.step, made.mandate_id) == (
        signed.person_id,
        signed.manifest,
        signed.fixing,
        signed.step,
        signed.mandate_id,
    )
    assert not is_damaged(world.services, made)
    assert (status(world, signed), status(world, made)) == (
        SignatureStatus.WITHDRAWN,
        SignatureStatus.ACCEPTED,
    )
    after = acts.load(world, story.appointment)
    assert acts.state(world, story.appointment) is DocumentState.IN_FORCE
    assert (after.number, after.dated) == (before.number, before.dated)
    assert after.marks[: len(before.marks)] == before.marks  # the old mark stays
    assert [(m.verdict, m.evidence) for m in after.marks[len(before.marks) :]] == [
        (Verdict.WITHDRAWN, str(signed.id)),
        (Verdict.SIGNED, str(made.id)),
    ]
    assert after.marks[-1].remark == AGAIN
    assert journal(story) == rows


def test_bytes_that_changed_on_the_disk_are_as_good_as_lost(
    story: Story, signed: Signature
) -> None:
    path = _path(story.world, signed.files[0].signature)
    path.chmod(0o600)
    path.write_bytes(b"0" * path.stat().st_size)
    assert is_damaged(story.world.services, signed)
    done(again(story.world, signed))


def test_a_signature_that_is_whole_is_not_made_again(story: Story, signed: Signature) -> None:
    assert deeds.refused(story.world, lambda: again(story.world, signed)).code == (
        "sign_again.intact"
    )


def test_nobody_else_signs_in_place_of_the_signatory(story: Story, signed: Signature) -> None:
    world = story.world
    lose(world, signed)
    refused = deeds.refused(world, lambda: again(world, signed, "safina"))
    assert refused.code == "sign_again.not_yours"
    with pytest.raises(NotFoundError):
        again(world, signed, "petrov")
    with pytest.raises(NotFoundError):
        sign_again(world.services, world.actor("belova"), uuid4(), signed.manifest, [b"x"])


def _key(story: Story, name: str) -> SigningKey:
    world, folder = story.world, story.folder / "practice"
    if not folder.exists():
        world.clock.now += timedelta(
            minutes=1
        )  # a list issued at the same moment would not be newer
        leave_practice_files(Stage(world.services, world.town, world.authorities), folder)
    return open_pkcs12((folder / f"belova-{name}.p12").read_bytes(), KEY_PASSWORD)


def _handed_in(story: Story, signed: Signature, key: SigningKey, content: bytes = b"") -> object:
    world = story.world
    files = [content or world.services.blobs.get(f.file) for f in signed.files]
    made = [sign_detached(one, key, world.clock()) for one in files]
    return sign_again(world.services, world.actor("belova"), signed.id, signed.manifest, made)


def test_a_program_of_ones_own_serves_as_well(story: Story, signed: Signature) -> None:
    lose(story.world, signed)
    key = _key(story, "good-advanced")
    made = _handed_in(story, signed, key)
    assert isinstance(made, Signature), made
    assert status(story.world, made) is SignatureStatus.ACCEPTED


@pytest.mark.parametrize(
    ("name", "content"),
    [("revoked", b""), ("foreign", b""), ("good-advanced", b"%PDF-1.7 another file")],
)
def test_what_is_not_valid_replaces_nothing(
    story: Story, signed: Signature, name: str, content: bytes
) -> None:
    lose(story.world, signed)
    key = _key(story, name)
    deeds.refused(story.world, lambda: _handed_in(story, signed, key, content))
    assert acts.state(story.world, story.appointment) is DocumentState.IN_FORCE
    assert status(story.world, signed) is SignatureStatus.ACCEPTED


def test_without_a_fresh_list_nothing_is_taken(story: Story, signed: Signature) -> None:
    lose(story.world, signed)
    story.world.clock.now += timedelta(days=300)
    refused = deeds.refused(story.world, lambda: again(story.world, signed))
    assert refused.code.startswith("signature.")


def test_other_files_than_those_on_the_page_are_not_signed(story: Story, signed: Signature) -> None:
    world = story.world
    lose(world, signed)
    wrong = deeds.refused(
        world,
        lambda: sign_again_with_stored_key(
            world.services, world.actor("belova"), signed.id, "0" * 64, KEY_PASSWORD
        ),
    )
    assert wrong.code == "sign_again.changed"
    few = deeds.refused(
        world,
        lambda: sign_again(world.services, world.actor("belova"), signed.id, signed.manifest, []),
    )
    assert few.code == "signing.incomplete"


def test_signing_again_twice_is_refused(story: Story, signed: Signature) -> None:
    lose(story.world, signed)
    made = done(again(story.world, signed))
    refused = deeds.refused(story.world, lambda: again(story.world, signed))
    assert refused.code == "sign_again.counts_no_more"
    lose(story.world, made)
    done(again(story.world, made))  # the new one may be lost, too


def test_a_new_signature_that_turns_out_revoked_takes_the_document_out_of_force(
    story: Story, signed: Signature
) -> None:
    """The lost one does not count in its place: nothing proves it any more."""
    world = story.world
    lose(world, signed)
    own = OwnAuthority.trusted(world, "late")
    own.new_list()
    world.clock.now += timedelta(minutes=1)
    key = own.key("belova")
    made = _handed_in(story, signed, key)
    assert isinstance(made, Signature), made
    world.clock.now += timedelta(days=1)
    own.new_list({key.certificate.serial: made.received_at - timedelta(hours=2)})
    effect = recheck(world.services, {"signature": str(made.id)})
    with world.services.uow() as tx:
        effect(tx)
        tx.commit()
    assert status(world, made) is SignatureStatus.WITHDRAWN
    assert acts.state(world, story.appointment) is DocumentState.TO_SIGN
