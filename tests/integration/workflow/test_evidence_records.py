"""Evidence records: one tree and one timestamp a night, renewed in time, proven from the bytes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa

from marshrut.engines.evidence_records import Records
from marshrut.engines.timestamps import AskedAuthority
from signing.timestamps.client import TimestampAuthority
from signing.training.authority import TrainingCA
from signing.training.timestamp_authority import TrainingTsa
from tests.integration.workflow import acts
from tests.integration.workflow.acts import Story
from tests.integration.workflow.test_looks_again import tick
from tests.world import PASSWORD_OF_CA, World
from workflow.domain.documents import Verdict
from workflow.domain.evidence_records import (
    NightlyRecord,
    PieceRole,
    RecordItem,
    RecordKind,
    RecordState,
)
from workflow.domain.refusals import Refusal
from workflow.domain.signatures import Signature
from workflow.evidence_records import RecordFacts
from workflow.ports import CheckStatus
from workflow.queries.report_page import bundle
from workflow.store.tables.audit import audit_events
from workflow.store.tables.outbox import outbox
from workflow.timestamping import Timestamp
from workflow.usecases import evidence_night, evidence_renewal
from workflow.usecases.evidence_chain import Way, assembled, way_of
from workflow.usecases.trust import trust_view

DAY, YEAR = timedelta(days=1), timedelta(days=365)


@dataclass
class Stamping:
    """An authority for timestamps at hand; it answers with the time it is asked at, or not."""

    tsa: TrainingTsa
    silent: bool = False
    asked: list[str] = field(default_factory=list)

    def stamp(self, digest_name: str, digest: bytes, now: datetime) -> Timestamp | Refusal:
        self.asked.append(digest_name)
        if self.silent:
            return Refusal("timestamp.silent", "The authority is silent.")
        fetch = _Answers(self.tsa, now)
        asking = AskedAuthority(TimestampAuthority("http://tsa.example.org", fetch))
        return asking.stamp(digest_name, digest, now)


@dataclass(frozen=True)
class _Answers:
    tsa: TrainingTsa
    now: datetime

    def post(self, url: str, body: bytes, content_type: str, accept: str, most: int) -> bytes:
        return self.tsa.answer(body, self.now)


class WithoutSha256(Records):
    """The engine on the day after SHA-256 was broken."""

    @property
    def weak(self) -> frozenset[str]:
        return super().weak | {"sha256"}


def stamping(world: World, folder: Path, lasts: timedelta) -> Stamping:
    """An authority certified by the training CA, from yesterday for so long."""
    content = (folder / "keys" / "advanced.ca").read_bytes()
    ca = TrainingCA.from_bytes(content, PASSWORD_OF_CA)
    now = world.clock().replace(microsecond=0)
    return Stamping(TrainingTsa.create(ca, now - DAY, now + lasts))


@pytest.fixture
def authority(story: Story, tmp_path: Path) -> Stamping:
    """The world's authority for timestamps; its certificate lasts a year."""
    made = stamping(story.world, tmp_path / "world", YEAR)
    story.world.services = replace(story.world.services, timestamps=made)
    return made


def school(world: World) -> UUID:
    return world.place("school-1").id


def records(world: World) -> list[NightlyRecord]:
    """The records of the school, the first first."""
    with world.services.uow.reading() as tx:
        found = tx.evidence_records.newest(limit=1000).items
    return [one for one in reversed(found) if one.organisation_id == school(world)]


def items(world: World, record: NightlyRecord) -> list[RecordItem]:
    with world.services.uow.reading() as tx:
        return tx.evidence_records.items(record.id)


def signed(world: World, story: Story) -> Signature:
    """The order signed by the head."""
    acts.sign(world, story.order)
    return acts.signatures(world, story.order)[0]


def way(world: World, signature: Signature) -> Way:
    with world.services.uow.reading() as tx:
        return way_of(tx, tx.evidence_records.covering([signature.id])[signature.id][-1])


def examined(
    world: World, signature: Signature, changed: Sequence[bytes] | None = None
) -> RecordFacts | Refusal:
    """What the assembled record proves of the signature's files, by today's trust."""
    der = assembled(world.services, way(world, signature))
    assert isinstance(der, bytes)
    get = world.services.blobs.get
    files = changed or [get(b) for f in signature.files for b in (f.file, f.signature, f.evidence)]
    with world.services.uow.reading() as tx:
        trust = trust_view(tx, world.services)
    return world.services.evidence.examine(der, files, trust, world.clock())


def later(world: World, by: timedelta) -> None:
    """Time goes by; the authorities issue new lists."""
    world.clock.now += by
    acts.renew_lists(world)


def test_a_night_gives_one_tree_and_one_timestamp(story: Story, authority: Stamping) -> None:
    world, signature = story.world, signed(story.world, story)
    tick(world)
    (record,) = records(world)
    assert (record.kind, record.state, record.doubt) == (
        RecordKind.NIGHT,
        RecordState.CURRENT,
        None,
    )
    about = items(world, record)
    assert signature.id in [item.signature_id for item in about]
    assert [item.head for item in about if item.head] == [record.audit_number]
    roles = {p.role for item in about if item.signature_id == signature.id for p in item.pieces}
    assert roles == {
        PieceRole.FILE,
        PieceRole.SIGNATURE,
        PieceRole.REPORT,
        PieceRole.EVIDENCE,
    }
    facts = examined(world, signature)
    assert isinstance(facts, RecordFacts)
    assert facts.since - record.stamped_at <= timedelta(seconds=2)


def test_a_night_without_anything_new_gives_nothing(story: Story, authority: Stamping) -> None:
    world = story.world
    signed(world, story)
    for _ in range(4):  # the work of the first days is told in the trail, and stands under a record
        tick(world)
        later(world, DAY)
    before = len(records(world))
    for _ in range(3):
        tick(world)
        later(world, DAY)
    assert len(records(world)) == before


def test_the_same_night_twice_gives_one_record(story: Story, authority: Stamping) -> None:
    world = story.world
    signed(world, story)
    payload = {"chain": str(school(world)), "key": "night:x", "part": 1}
    effects = [evidence_night.make_record(world.services, payload) for _ in range(2)]
    other = evidence_night.make_record(world.services, {**payload, "key": "night:y"})
    for effect in (*effects, other):
        with world.services.uow() as tx:
            effect(tx)
            tx.commit()
    assert len(records(world)) == 1


def test_a_silent_authority_is_asked_again_and_nothing_is_lost(
    story: Story, authority: Stamping
) -> None:
    world, signature = story.world, signed(story.world, story)
    authority.silent = True
    tick(world)
    assert records(world) == []
    with world.services.uow.reading() as tx:
        query = sa.select(outbox.c.last_error).where(outbox.c.kind == evidence_night.KIND)
        errors = set(tx.connection.execute(query).scalars())
    assert errors == {"evidence.delayed: timestamp.silent"}
    authority.silent = False
    later(world, timedelta(minutes=1))
    world.work()
    assert isinstance(examined(world, signature), RecordFacts)


def test_without_an_authority_there_are_no_records_and_no_work(story: Story) -> None:
    world = story.world
    world.services = replace(world.services, timestamps=None)
    signed(world, story)
    tick(world)
    assert records(world) == []
    with world.services.uow.reading() as tx:
        query = sa.select(sa.func.count()).where(outbox.c.kind.like("evidence%"))
        assert tx.connection.execute(query).scalar() == 0


@pytest.mark.parametrize("place", [0, 1, 2])
def test_one_bit_in_any_covered_file_is_found(
    story: Story, authority: Stamping, place: int
) -> None:
    world, signature = story.world, signed(story.world, story)
    tick(world)
    file = signature.files[0]
    files = [world.services.blobs.get(b) for b in (file.file, file.signature, file.evidence)]
    files[place] = files[place][:50] + bytes([files[place][50] ^ 1]) + files[place][51:]
    refused = examined(world, signature, files)
    assert isinstance(refused, Refusal)
    assert refused.code == "record.record_other_file"


def test_a_lost_file_leaves_the_others_their_record(story: Story, authority: Stamping) -> None:
    world, signature = story.world, signed(story.world, story)
    blobs = world.services.blobs
    path = blobs._path(signature.files[0].signature)  # type: ignore[attr-defined]  # a folder
    path.unlink()
    tick(world)
    (record,) = records(world)
    assert signature.id not in [item.signature_id for item in items(world, record)]
    assert record.audit_number > 0


def test_a_record_is_renewed_before_its_authority_ends(
    story: Story, authority: Stamping, tmp_path: Path
) -> None:
    world, signature = story.world, signed(story.world, story)
    tick(world)
    (first,) = records(world)
    later(world, YEAR - 80 * DAY)
    second = stamping(world, tmp_path / "world", 3 * YEAR)
    world.services = replace(world.services, timestamps=second)
    tick(world)
    before, *_, after = sorted(records(world), key=lambda one: one.stamped_at)
    assert (before.id, before.state, before.token) == (first.id, RecordState.RENEWED, first.token)
    assert [one.kind for one in way(world, signature).records] == [
        RecordKind.NIGHT,
        RecordKind.TIMESTAMP,
    ]
    assert after.ends_at > first.ends_at + YEAR
    later(world, YEAR)
    assert world.clock() > first.ends_at
    facts = examined(world, signature)
    assert isinstance(facts, RecordFacts)
    assert facts.since - first.stamped_at <= timedelta(seconds=2)


def test_an_authority_that_ends_as_soon_renews_nothing(story: Story, authority: Stamping) -> None:
    world = story.world
    signed(world, story)
    tick(world)
    later(world, YEAR - 80 * DAY)
    tick(world)
    (first, *_) = records(world)
    assert first.state is RecordState.CURRENT
    with world.services.uow.reading() as tx:
        query = sa.select(outbox.c.last_error).where(outbox.c.kind == evidence_renewal.KIND)
        assert "evidence.delayed: evidence.authority_ends_too" in set(
            tx.connection.execute(query).scalars()
        )


def test_what_was_not_renewed_in_time_is_said_and_begins_anew(
    story: Story, authority: Stamping, tmp_path: Path
) -> None:
    world, signature = story.world, signed(story.world, story)
    tick(world)
    (first,) = records(world)
    later(world, YEAR + 10 * DAY)
    second = stamping(world, tmp_path / "world", 3 * YEAR)
    world.services = replace(world.services, timestamps=second)
    tick(world)
    later(world, DAY)
    tick(world)
    assert records(world)[0].state is RecordState.INTERRUPTED
    with world.services.uow.reading() as tx:
        kinds = sa.select(audit_events.c.kind).where(audit_events.c.chain == school(world))
        assert "evidence.interrupted" in set(tx.connection.execute(kinds).scalars())
    facts = examined(world, signature)
    assert isinstance(facts, RecordFacts)
    assert facts.since > first.ends_at


def test_a_weak_digest_is_replaced_over_files_and_record(story: Story, authority: Stamping) -> None:
    world, signature = story.world, signed(story.world, story)
    tick(world)
    (first,) = records(world)
    world.services = replace(world.services, evidence=WithoutSha256())
    later(world, DAY)
    tick(world)
    with world.services.uow.reading() as tx:
        assert tx.evidence_records.load(first.id).state is RecordState.RENEWED
    (newest,) = way(world, signature).records
    assert (newest.kind, newest.digest) == (RecordKind.TREE, "sha512")
    facts = examined(world, signature)
    assert isinstance(facts, RecordFacts)
    assert facts.since - first.stamped_at <= timedelta(seconds=2)


def test_a_renewed_whole_record_is_renewed_by_its_timestamp_later(
    story: Story, authority: Stamping, tmp_path: Path
) -> None:
    world, signature = story.world, signed(story.world, story)
    tick(world)
    world.services = replace(world.services, evidence=WithoutSha256())
    later(world, DAY)
    tick(world)
    later(world, YEAR - 80 * DAY)
    second = stamping(world, tmp_path / "world", 3 * YEAR)
    world.services = replace(world.services, timestamps=second)
    tick(world)
    kinds = [one.kind for one in way(world, signature).records]
    assert kinds == [RecordKind.TREE, RecordKind.TIMESTAMP]
    assert isinstance(examined(world, signature), RecordFacts)


def test_an_authority_nobody_trusts_leaves_a_doubt(story: Story, authority: Stamping) -> None:
    world = story.world
    token = authority.stamp("sha256", bytes(32), world.clock())
    assert isinstance(token, Timestamp)
    with world.services.uow.reading() as tx:
        trust = replace(trust_view(tx, world.services), anchors=())
    facts = Records().judge_token(token.token, "sha256", bytes(32).hex(), trust, world.clock())
    assert facts.status is not CheckStatus.VALID
    assert facts.reason is not None


def test_years_later_the_archive_of_a_document_is_judged_from_its_bytes(
    story: Story, authority: Stamping, tmp_path: Path
) -> None:
    """The signer's certificate and the first authority have ended; only trust is of that day."""
    world, signature = story.world, signed(story.world, story)
    tick(world)
    later(world, YEAR - 80 * DAY)
    second = stamping(world, tmp_path / "world", 8 * YEAR)
    world.services = replace(world.services, timestamps=second)
    tick(world)
    later(world, 4 * YEAR)
    assert signature.valid_until is not None
    assert signature.valid_until < world.clock()
    whole, bare = (archive(world, story.order, records=kept) for kept in (True, False))
    with world.services.uow.reading() as tx:
        trust = trust_view(tx, world.services)
    now = world.clock()
    for package, status in ((whole, CheckStatus.VALID), (bare, CheckStatus.INVALID)):
        found = world.services.file_checks.check("a.zip", package, None, trust, now, "UTC")
        assert not isinstance(found, Refusal)
        assert {one.status for one in found} == {status}


def archive(world: World, document_id: UUID, *, records: bool) -> bytes:
    """The archive that the page of the document gives away, with or without evidence records."""
    files = bundle(world.services, acts.someone(world, "clerk"), document_id).files
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as packed:
        for file in files:
            if records or not file.made:
                content = file.made or world.services.blobs.get(file.sha256)
                packed.writestr(file.name, content)
    return written.getvalue()


def test_a_sealed_acknowledgement_stands_under_the_record_with_its_files(
    story: Story, authority: Stamping
) -> None:
    world = story.world
    order = acts.appointment(world, story.case)
    acts.fixed(world, order.id)
    acts.signed(world, order.id)
    world.acknowledge("safina", order.id)
    marks = acts.load(world, order.id).marks
    (sealed,) = (m.evidence for m in marks if m.verdict is Verdict.ACKNOWLEDGED)
    tick(world)
    about = [item for one in records(world) for item in items(world, one) if item.mark_id]
    pieces = {piece.blob: piece.role for item in about for piece in item.pieces}
    assert pieces[sealed] is PieceRole.SIGNATURE
    assert pieces[acts.manifest(world, order.id).files[0].pdf] is PieceRole.FILE
