"""Copies for long keeping stand under a record of their own night, and are renewed in time."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest

from marshrut.engines.signatures import grounds_of
from signing.validate import validate_pdf
from signing.verdicts import SignatureLevel
from tests.integration.workflow import acts
from tests.integration.workflow.acts import Story
from tests.integration.workflow.stamped import the_signature
from tests.integration.workflow.test_evidence_records import (
    DAY,
    YEAR,
    Stamping,
    examined,
    later,
    records,
    stamping,
)
from tests.integration.workflow.test_keeping_long_term import judged_as
from tests.integration.workflow.test_looks_again import tick
from tests.world import World
from workflow.domain.signatures import Signature
from workflow.evidence_records import RecordFacts
from workflow.ports import CheckStatus
from workflow.queries.report_page import bundle
from workflow.usecases.evidence_chain import records_for_copies
from workflow.usecases.long_term import keep_long_term
from workflow.usecases.render import Effect
from workflow.usecases.trust import trust_view


@pytest.fixture
def authority(story: Story, tmp_path: Path) -> Stamping:
    """The world's authority for timestamps; its certificate lasts a year."""
    return follow(story.world, stamping(story.world, tmp_path / "world", YEAR))


def follow(world: World, made: Stamping) -> Stamping:
    world.services = replace(world.services, timestamps=made)
    return made


def copied(story: Story) -> Signature:
    """The order, signed, under the record of its night, and copied on the next day."""
    world = story.world
    acts.signed(world, story.order)
    tick(world)
    assert not any(one.long_term for one in the_signature(world, story.order).files)
    later(world, DAY)
    tick(world)
    tick(world)
    return the_signature(world, story.order)


def record_of(world: World, copy: str) -> RecordFacts | None:
    """What the record of a copy proves of its bytes, by today's trust."""
    found = records_for_copies(world.services, [copy]).get(copy)
    if found is None:
        return None
    with world.services.uow.reading() as tx:
        trust = trust_view(tx, world.services)
    content = world.services.blobs.get(copy)
    facts = world.services.evidence.examine(found, [content], trust, world.clock())
    assert isinstance(facts, RecordFacts)
    return facts


def test_a_copy_made_after_the_night_stands_under_the_next_nights_record(
    story: Story, authority: Stamping
) -> None:
    world, signature = story.world, copied(story)
    copies = [one.long_term for one in signature.files]
    assert all(copies)
    first = examined(world, signature)
    later(world, DAY)
    tick(world)
    for copy in copies:
        facts = record_of(world, copy)
        assert facts is not None
        assert isinstance(first, RecordFacts)
        assert facts.since > first.since
    assert examined(world, signature) == first  # the signature's own record is another one
    named = [
        file.name for file in bundle(world.services, acts.someone(world, "head"), story.order).files
    ]
    assert len([name for name in named if name.endswith("-lta.pdf.ers")]) == len(copies)
    before = len(records(world))
    for _ in range(3):
        later(world, DAY)
        tick(world)
    assert len(records(world)) == before


def level_of(world: World, copy: bytes) -> SignatureLevel | None:
    """The level that a copy shows by the lists of today."""
    with world.services.uow.reading() as tx:
        trust = trust_view(tx, world.services)
    (signature,) = validate_pdf(copy, grounds_of(trust, world.clock())).report.signatures
    return signature.level


def test_a_copy_is_renewed_before_its_authority_ends(
    story: Story, authority: Stamping, tmp_path: Path
) -> None:
    world, signature = story.world, copied(story)
    later(world, YEAR - 80 * DAY)
    second = follow(world, stamping(world, tmp_path / "world", 3 * YEAR))
    tick(world)
    renewed = the_signature(world, story.order)
    get = world.services.blobs.get
    for before, after in zip(signature.files, renewed.files, strict=True):
        assert get(after.long_term).startswith(get(before.long_term))
        assert after.long_term != before.long_term
        assert before.long_term_ends is not None
        assert after.long_term_ends is not None
        assert after.long_term_ends > before.long_term_ends + YEAR
        assert after.signature == before.signature
    asked = len(second.asked)
    tick(world)
    assert the_signature(world, story.order).files == renewed.files
    assert len(second.asked) == asked
    later(world, YEAR)
    tick(world)
    for before, after in zip(signature.files, renewed.files, strict=True):
        assert record_of(world, after.long_term) is not None
        assert judged_as(world, after.file, get(after.long_term)) is CheckStatus.VALID
        assert level_of(world, get(after.long_term)) is SignatureLevel.B_LTA
        assert level_of(world, get(before.long_term)) is SignatureLevel.B_B


def test_an_authority_that_ends_as_soon_renews_no_copy(story: Story, authority: Stamping) -> None:
    world, signature = story.world, copied(story)
    later(world, YEAR - 80 * DAY)
    tick(world)
    assert the_signature(world, story.order).files == signature.files


def test_two_workers_renew_a_copy_once(story: Story, authority: Stamping, tmp_path: Path) -> None:
    world, signature = story.world, copied(story)
    later(world, YEAR - 80 * DAY)
    follow(world, stamping(world, tmp_path / "world", 3 * YEAR))
    payload = {"signature": str(signature.id)}
    effects = [keep_long_term(world.services, payload) for _ in range(2)]
    kept = [applied(world, effect, story.order) for effect in effects]
    assert kept[0].files != signature.files
    assert kept[1] == kept[0]


def applied(world: World, effect: Effect, document_id: UUID) -> Signature:
    with world.services.uow() as tx:
        effect(tx)
        tx.commit()
    return the_signature(world, document_id)
