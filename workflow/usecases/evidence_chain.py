"""The whole record of a group of files: its way from the first timestamp to the newest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from workflow.domain.evidence_records import NightlyRecord, Piece, PieceRole, RecordItem
from workflow.domain.refusals import Refusal
from workflow.evidence_records import Link
from workflow.store.errors import StoreError
from workflow.store.unit_of_work import Repositories
from workflow.usecases.services import Services

Key = TypeVar("Key", UUID, str)

LONGEST = 128
"""More renewals than this no record holds (see the engine)."""


@dataclass(frozen=True)
class Way:
    """The records through which a group of files goes, the first first; all leaves of each."""

    item: RecordItem
    records: tuple[NightlyRecord, ...]
    leaves: tuple[tuple[str, ...], ...]

    @property
    def newest(self) -> NightlyRecord:
        return self.records[-1]


def way_of(tx: Repositories, item: RecordItem) -> Way:
    """Return the way of a group from where it stands."""
    records = records_of(tx, item)
    leaves = tuple(tx.evidence_records.leaves(record.id) for record in records)
    return Way(item, records, leaves)


def records_of(tx: Repositories, item: RecordItem) -> tuple[NightlyRecord, ...]:
    """Return the records through which a group goes, the first first."""
    records = [tx.evidence_records.load(item.record_id)]
    while len(records) < LONGEST:
        renewed = tx.evidence_records.renewal_of(records[-1].id)
        if renewed is None:
            break
        records.append(tx.evidence_records.load(renewed.record_id))
    return tuple(records)


def records_for(services: Services, signature_ids: Iterable[UUID]) -> dict[UUID, bytes]:
    """Return the records (DER) of these signatures; those that have none whole are left out."""
    with services.uow.reading() as tx:
        items = tx.evidence_records.covering(signature_ids)
        ways = {signature_id: way_of(tx, found[-1]) for signature_id, found in items.items()}
    return _whole(services, ways)


def records_for_copies(services: Services, copies: Iterable[str]) -> dict[str, bytes]:
    """Return the records (DER) of these copies for long keeping (blobs), as `records_for` does."""
    with services.uow.reading() as tx:
        items = tx.evidence_records.covering_copies(copies)
        ways = {copy: way_of(tx, item) for copy, item in items.items()}
    return _whole(services, ways)


def _whole(services: Services, ways: Mapping[Key, Way]) -> dict[Key, bytes]:
    made: dict[Key, bytes] = {}
    for key, way in ways.items():
        try:
            record = assembled(services, way)
        except StoreError:
            continue  # something of it is lost: the page of the signature says so
        if isinstance(record, bytes):
            made[key] = record
    return made


def assembled(services: Services, way: Way, *, with_evidence: bool = True) -> bytes | Refusal:
    """Return the record as DER, with the evidence that its files and timestamps are judged by.

    Raises what the storage of files raises when something is lost.
    """
    links = [
        Link(record.digest, leaves, services.blobs.get(record.token))
        for record, leaves in zip(way.records, way.leaves, strict=True)
    ]
    base = services.blobs.get(way.item.base) if way.item.base else b""
    first = Link(links[0].digest, links[0].leaves, links[0].token, _digests(services, way))
    evidence = _evidence(services, way) if with_evidence else ()
    return services.evidence.assemble([first, *links[1:]], base, evidence)


def _digests(services: Services, way: Way) -> tuple[str, ...]:
    """The digests of the files: those in the tree, for a renewed record those of the files."""
    pieces: Sequence[Piece] = way.item.pieces
    if not way.item.base:
        return tuple(piece.digest for piece in pieces)
    name = way.records[0].digest
    return tuple(services.evidence.digest_of(name, services.blobs.get(p.blob)) for p in pieces)


def _evidence(services: Services, way: Way) -> tuple[bytes, ...]:
    own = [piece.blob for piece in way.item.pieces if piece.role is PieceRole.EVIDENCE]
    of_tokens = [record.evidence for record in way.records if record.evidence]
    return tuple(services.blobs.get(blob) for blob in dict.fromkeys((*own, *of_tokens)))
