"""What is made for practice counts in an installation for training alone."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from marshrut.demonstration.town import KEY_PASSWORD
from tests.integration.web.signing_site import fixed_appointment, load, programme
from tests.world import World
from workflow.domain.refusals import Refusal
from workflow.domain.regulations import SignatureKind
from workflow.domain.signatures import Signature, SignatureStatus
from workflow.store.tables.installation import installation
from workflow.usecases.sign import sign_with_stored_key
from workflow.usecases.trust import add_anchor, trust_view


def make_real(world: World) -> None:
    """As if the rows of a training database had found their way into a real one."""
    with world.services.uow() as tx:
        tx.connection.execute(sa.update(installation).values(training=False))
        tx.commit()


def test_no_training_certificate_becomes_an_anchor(world: World, tmp_path: Path) -> None:
    world.authorities.save_trust(tmp_path)
    files = [file for file in tmp_path.rglob("*") if file.suffix in (".pem", ".crt", ".cer")]
    assert files
    for file in files:
        for kind in (SignatureKind.ADVANCED, SignatureKind.QUALIFIED):
            answer = add_anchor(world.services, world.town.operator, file.read_bytes(), kind)
            assert isinstance(answer, Refusal), file.name
            assert answer.code == "anchor.training", file.name


def test_training_anchors_count_in_no_real_installation(world: World) -> None:
    document = fixed_appointment(world, programme(world))
    with world.services.uow.reading() as tx:
        assert trust_view(tx, world.services).anchors  # and the stores built from them are cached
    make_real(world)
    manifest = load(world, document.id).manifest
    assert manifest is not None
    answer = sign_with_stored_key(
        world.services, world.actor("belova"), document.id, manifest.digest, KEY_PASSWORD
    )
    assert not (isinstance(answer, Signature) and answer.status is SignatureStatus.ACCEPTED)
    with world.services.uow.reading() as tx:
        assert trust_view(tx, world.services).anchors == ()
