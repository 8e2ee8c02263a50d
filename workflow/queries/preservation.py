"""How long the proof of a document's signatures is kept up: its evidence records."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from workflow.domain.evidence_records import NightlyRecord, RecordItem, RecordState
from workflow.domain.mandates import Actor
from workflow.domain.refusals import Refusal
from workflow.queries.admin import operators_reading
from workflow.queries.headings import Heading, heading_of
from workflow.store.errors import MissingRowError
from workflow.store.outbox import waiting_tasks
from workflow.store.unit_of_work import Repositories
from workflow.usecases import desk as desks
from workflow.usecases import evidence_night, evidence_renewal
from workflow.usecases.errors import NotFoundError
from workflow.usecases.evidence_chain import records_for, records_of
from workflow.usecases.evidence_night import WITHOUT_RECORD_SINCE
from workflow.usecases.services import Services

PAGE = 50
KINDS = (evidence_night.KIND, evidence_renewal.KIND)


@dataclass(frozen=True)
class Preservation:
    """The record of one signature: made on the night of `since`, renewed at `renewed`.

    It lasts until `ends_at` and is renewed before. `interrupted`: nobody renewed it in time.
    `doubt` says why its timestamp cannot be judged yet.
    """

    since: datetime
    renewed: datetime | None
    authority: str
    ends_at: datetime
    interrupted: bool
    doubt: Refusal | None


def preservation_of(tx: Repositories, signature_ids: Iterable[UUID]) -> dict[UUID, Preservation]:
    """Return how the proof of each of these signatures is kept; those without a record are out."""
    found = tx.evidence_records.covering(signature_ids)
    return {
        signature_id: _preservation(_first_of(tx, items), records_of(tx, items[-1]))
        for signature_id, items in found.items()
    }


def _first_of(tx: Repositories, items: list[RecordItem]) -> NightlyRecord:
    """The first record of the unbroken way: what was interrupted proves nothing any more."""
    records = tx.evidence_records.load_many([item.record_id for item in items])
    unbroken = [one for one in records.values() if one.state is not RecordState.INTERRUPTED]
    return min(unbroken or records.values(), key=lambda one: one.stamped_at)


def _preservation(first: NightlyRecord, records: tuple[NightlyRecord, ...]) -> Preservation:
    newest = records[-1]
    return Preservation(
        since=first.stamped_at,
        renewed=newest.stamped_at if newest.id != first.id else None,
        authority=newest.authority,
        ends_at=newest.ends_at,
        interrupted=newest.state is RecordState.INTERRUPTED,
        doubt=newest.doubt,
    )


@dataclass(frozen=True)
class RecordFile:
    """The evidence record of a signature, to take away."""

    heading: Heading
    content: bytes


def record_file(services: Services, actor: Actor, signature_id: UUID) -> RecordFile:
    """Return the record (DER); NotFoundError when there is none, or not for these eyes."""
    with services.uow.reading() as tx:
        try:
            signature = tx.signatures.load(signature_id)
        except MissingRowError as error:
            raise NotFoundError(f"signature {signature_id}") from error
        heading = heading_of(desks.lay(tx, services, actor, signature.document_id))
    content = records_for(services, [signature_id]).get(signature_id)
    if content is None:
        raise NotFoundError(f"signature {signature_id} has no evidence record")
    return RecordFile(heading, content)


@dataclass(frozen=True)
class NightLine:
    """A record as the operator sees it; `place` is "" for the installation's own."""

    record: NightlyRecord
    place: str
    groups: int


@dataclass(frozen=True)
class Delayed:
    """A record that could not be made or renewed so far; `reason` is a code."""

    attempts: int
    next_at: datetime
    reason: str


@dataclass(frozen=True)
class Nights:
    """The last records, and what stands in the way of the next ones.

    `authority` says whether one is set up. `waiting` are attempts that have failed so far.
    `without` counts signatures of the last weeks that no record covers.
    """

    authority: bool
    lines: tuple[NightLine, ...]
    following: UUID | None
    waiting: tuple[Delayed, ...]
    interrupted: int
    without: int


def nights(services: Services, actor: Actor, before: UUID | None = None) -> Nights:
    """Return the operator's page; NotFoundError for anybody else."""
    with operators_reading(services, actor) as tx:
        page = tx.evidence_records.newest(limit=PAGE, before=before)
        counts = tx.evidence_records.item_counts([one.id for one in page.items])
        ids = {one.organisation_id for one in page.items if one.organisation_id is not None}
        places = tx.organisations.load_many(ids)
        lines = tuple(
            NightLine(
                one,
                places[one.organisation_id].short_name if one.organisation_id else "",
                counts.get(one.id, 0),
            )
            for one in page.items
        )
        return Nights(
            authority=services.timestamps is not None,
            lines=lines,
            following=page.following,
            waiting=tuple(
                Delayed(one.attempts, one.next_at, one.last_error.rpartition(" ")[2])
                for one in waiting_tasks(tx.connection, KINDS)
            ),
            interrupted=tx.evidence_records.in_state(RecordState.INTERRUPTED),
            without=tx.evidence_records.count_without(
                services.clock() - WITHOUT_RECORD_SINCE, services.clock() - evidence_night.ONE_NIGHT
            ),
        )
