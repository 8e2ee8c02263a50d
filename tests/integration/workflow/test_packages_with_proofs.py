"""What proves the time travels with a package; the office judges it by its own trust."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from marshrut.demonstration.town import done
from signing.training.authority import TrainingCA
from signing.training.timestamp_authority import TrainingTsa
from signing.verdicts import Report, SignatureKind, TimeBasis
from tests.integration.workflow import acts
from tests.integration.workflow.acts import Story
from tests.integration.workflow.test_evidence_records import (
    DAY,
    YEAR,
    Stamping,
    later,
    stamping,
)
from tests.integration.workflow.test_looks_again import tick
from tests.world import World
from workflow.domain.exchange import ITEM_VALID
from workflow.domain.signatures import SignedFile
from workflow.domain.submissions import PackageItem, Submission
from workflow.evidence_records import Link, Tree
from workflow.ports import CheckStatus
from workflow.queries.submissions import package_long_term, package_record
from workflow.usecases.errors import NotFoundError
from workflow.usecases.examine import examine
from workflow.usecases.trust import trust_view


@pytest.fixture
def authority(story: Story, tmp_path: Path) -> Stamping:
    """The world's authority for timestamps."""
    made = stamping(story.world, tmp_path / "world", YEAR)
    story.world.services = replace(story.world.services, timestamps=made)
    return made


def sent(story: Story, nights: int) -> Submission:
    """The signed order and its roadmap, sent after so many nights."""
    world = story.world
    acts.signed(world, story.order)
    for _ in range(nights):
        tick(world)
        later(world, DAY)
        tick(world)
    letter = acts.letter(world, story.case, [story.roadmap, story.order])
    return acts.sent(world, letter.id)


def order_in(package: Submission) -> PackageItem:
    return next(item for item in package.items if item.type_code != "D33")


def judged(world: World, signed: SignedFile) -> tuple[CheckStatus, Report]:
    """What the office finds today, whoever signed."""
    with world.services.uow.reading() as tx:
        trust = trust_view(tx, world.services)
    found = examine(world.services, [signed], trust, None)
    return found.status, report_on(world, found.files[0])


def report_on(world: World, signed: SignedFile) -> Report:
    return Report.from_json(world.services.blobs.get(signed.report_now).decode())


def test_the_record_and_the_copy_go_along(story: Story, authority: Stamping) -> None:
    world, package = story.world, sent(story, nights=2)
    assert {item.verdict for item in package.items} == {ITEM_VALID}
    for signed in order_in(package).signatures:
        assert signed.record
        assert signed.long_term
        report = report_on(world, signed)
        assert next(remark.code for remark in report.remarks) == "record_proven"
        (signature,) = report.signatures
        assert (signature.preserved, signature.time_basis) == (True, TimeBasis.PROVEN)
    place = package.items.index(order_in(package))
    officer = world.actor("gareev")
    record = package_record(world.services, officer, package.id, place, 0)
    assert record.name.endswith(".ers")
    assert record.content == world.services.blobs.get(order_in(package).signatures[0].record)
    copy = package_long_term(world.services, officer, package.id, place, 0)
    assert copy.content.startswith(b"%PDF-")
    with pytest.raises(NotFoundError):
        package_record(world.services, world.actor("petrov"), package.id, place, 0)


def test_what_is_sent_before_the_night_has_no_record(story: Story, authority: Stamping) -> None:
    world, package = story.world, sent(story, nights=0)
    assert {item.verdict for item in package.items} == {ITEM_VALID}
    assert not any(signed.record for item in package.items for signed in item.signatures)
    with pytest.raises(NotFoundError):
        package_record(world.services, world.actor("gareev"), package.id, 1, 0)


def test_a_broken_record_neither_saves_nor_spoils_a_signature(
    story: Story, authority: Stamping
) -> None:
    world, package = story.world, sent(story, nights=2)
    put, get = world.services.blobs.put, world.services.blobs.get
    signed = order_in(package).signatures[0]
    letter = package.items[0].signatures[0]
    bad = bytearray(get(signed.signature))
    bad[bad.index(b"/Contents") + 900] ^= 1
    forged = replace(signed, signature=put(bytes(bad)))
    for record in (put(b"no record"), put(get(signed.record)[:-40]), "0" * 64, ""):
        status, report = judged(world, replace(signed, record=record))
        assert status is CheckStatus.VALID
        assert not report.signatures[0].preserved
        assert judged(world, replace(forged, record=record))[0] is not CheckStatus.VALID
    assert judged(world, forged)[0] is not CheckStatus.VALID  # the record is of other bytes
    status, report = judged(world, replace(letter, record=signed.record))
    assert status is CheckStatus.VALID
    assert [each.code for each in report.remarks][:2] == [
        "record_not_counted",
        "record_other_file",
    ]


def test_a_record_of_an_authority_that_the_office_does_not_trust_proves_nothing(
    story: Story, authority: Stamping
) -> None:
    world, package = story.world, sent(story, nights=0)
    engine, get = world.services.evidence, world.services.blobs.get
    signed = order_in(package).signatures[0]
    digests = [engine.digest_of(engine.digest, get(b)) for b in (signed.file, signed.signature)]
    tree = engine.tree(engine.digest, [digests])
    assert isinstance(tree, Tree)
    now = world.clock().replace(microsecond=0)
    stranger = TrainingTsa.create(
        TrainingCA.create(now, 10, SignatureKind.ADVANCED), now - DAY, now + YEAR
    )
    for tsa, counts in ((authority.tsa, True), (stranger, False)):
        stamp = done(Stamping(tsa).stamp(tree.digest, bytes.fromhex(tree.root), world.clock()))
        link = Link(tree.digest, tree.leaves, stamp.token, tuple(digests))
        record = world.services.blobs.put(done(engine.assemble([link])))
        status, report = judged(world, replace(signed, record=record))
        assert status is CheckStatus.VALID
        assert report.signatures[0].preserved is counts
