"""An authority for timestamps in the story's world, and what its signatures come to."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

from marshrut.engines.timestamps import TrainingTimestamps
from marshrut.training import TIMESTAMPS_KEY
from marshrut.wiring import make_due
from signing.evidence import Evidence
from signing.validate import validate_detached, validate_pdf
from signing.verdicts import TimeBasis, Verdict
from tests.integration.workflow import acts
from tests.integration.workflow.acts import Story
from tests.world import PASSWORD_OF_CA, World
from workflow.domain.documents import Document
from workflow.domain.refusals import Refusal
from workflow.domain.regulations import SignatureFormat
from workflow.domain.signatures import Signature
from workflow.timestamping import Timestamp, TimestampAuthority

DAY = timedelta(days=1)
SILENCE = Refusal("timestamp.silent", "The time-stamping authority {host} does not answer.")


@dataclass
class Moody:
    """An authority that a test silences, and that counts how often it is asked."""

    real: TimestampAuthority
    silent: bool = False
    asked: list[str] = field(default_factory=list)

    def stamp(self, digest_name: str, digest: bytes, now: datetime) -> Timestamp | Refusal:
        self.asked.append(digest_name)
        return SILENCE if self.silent else self.real.stamp(digest_name, digest, now)


def set_up(story: Story) -> Moody:
    """Have the world ask the authority of its training installation."""
    file = story.folder / "keys" / TIMESTAMPS_KEY
    authority = Moody(TrainingTimestamps(file, PASSWORD_OF_CA))
    story.world.services = replace(story.world.services, timestamps=authority)
    return authority


def tick(world: World) -> None:
    """The schedule asks about documents and signatures once; what comes of it is done."""
    due = make_due(world.services)
    for question in (ask for name, ask in due.items() if not name.startswith("evidence")):
        with world.services.uow() as tx:
            question(tx)
            tx.commit()
    world.work()


def the_signature(world: World, document_id: UUID) -> Signature:
    (found,) = acts.signatures(world, document_id)
    return found


def judged_again(world: World, signature: Signature, years: int = 30) -> list[tuple[object, ...]]:
    """What the stored evidence alone says of each stored file, long after everything ended."""
    found: list[tuple[object, ...]] = []
    for one in signature.files:
        evidence = Evidence.from_bytes(world.services.blobs.get(one.evidence))
        later = replace(
            evidence.grounds(),
            now=world.clock() + timedelta(days=365 * years),
            received_at=signature.kept_since,
        )
        content, made = (world.services.blobs.get(each) for each in (one.file, one.signature))
        report = (
            validate_pdf(made, later)
            if one.format is SignatureFormat.PADES
            else validate_detached(content, made, later)
        ).report
        found.append((report.verdict, report.signatures[0].time_basis))
    return found


PROVEN = (Verdict.VALID, TimeBasis.PROVEN)


def to_sign(story: Story, how: str) -> Document:
    """A document whose signature stands beside it, or one whose two files are signed inside."""
    if how == "inside":
        return acts.load(story.world, story.order)
    return acts.fixed(story.world, acts.appointment(story.world, story.case).id)
