"""Evidence records with what stands under them; records only ever change their state."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from workflow.domain.documents import Verdict
from workflow.domain.evidence_records import (
    NightlyRecord,
    Piece,
    PieceRole,
    RecordItem,
    RecordState,
)
from workflow.domain.signatures import SignatureStatus
from workflow.store import rows
from workflow.store.audit import INSTALLATION
from workflow.store.repositories.base import AT_MOST, Aggregates, Page, chunks, within
from workflow.store.tables.audit import audit_heads
from workflow.store.tables.documents import document_marks, documents
from workflow.store.tables.evidence_records import evidence_items, evidence_records
from workflow.store.tables.signatures import signature_files, signatures

SHA256_HEX = 64
"""The evidence of a sealed acknowledgement is a blob; other marks may name a row."""


@dataclass(frozen=True)
class SealedMark:
    """A sealed acknowledgement: its mark, the files it is about, the statement's blob."""

    mark_id: UUID
    document_id: UUID
    fixing: int
    statement: str


class EvidenceRecords(Aggregates[NightlyRecord]):
    """Trees with their timestamps, and the groups of files under them."""

    table = evidence_records
    value = NightlyRecord

    def add(self, record: NightlyRecord, items: Sequence[RecordItem]) -> bool:
        """Keep a record with its items; False if there is one with this `once_key` already."""
        row = {**self._row(record), "version": 1}
        if not rows.insert_if_absent(self.connection, evidence_records, row):
            return False
        for some in chunks(items):
            self.connection.execute(sa.insert(evidence_items), [_item_row(item) for item in some])
        return True

    def exists(self, once_key: str) -> bool:
        """Whether the record of this night is there."""
        query = sa.select(evidence_records.c.id).where(evidence_records.c.once_key == once_key)
        return self.connection.execute(query).first() is not None

    # --- what is not covered yet ---

    def signatures_without(self, organisation_id: UUID, *, limit: int = AT_MOST) -> list[UUID]:
        """Return accepted signatures on the organisation's documents that no record covers.

        One whose record was interrupted counts as not covered. The longest waiting come first.
        """
        s, d = signatures.c, documents.c
        query = (
            sa.select(s.id)
            .join(documents, d.id == s.document_id)
            .where(
                d.organisation_id == organisation_id,
                s.status == SignatureStatus.ACCEPTED,
                ~_covered(evidence_items.c.signature_id == s.id),
            )
            .order_by(s.received_at, s.id)
        )
        return list(self.connection.execute(query.limit(limit)).scalars())

    def acknowledgements_without(
        self, organisation_id: UUID, *, limit: int = AT_MOST
    ) -> list[SealedMark]:
        """Return the sealed acknowledgements that no record covers."""
        m, d = document_marks.c, documents.c
        query = (
            sa.select(m.id, m.document_id, m.fixing, m.evidence)
            .join(documents, d.id == m.document_id)
            .where(
                d.organisation_id == organisation_id,
                m.verdict == Verdict.ACKNOWLEDGED,
                sa.func.length(m.evidence) == SHA256_HEX,
                ~_covered(evidence_items.c.mark_id == m.id),
            )
            .order_by(m.made_at, m.id)
        )
        return [SealedMark(*row) for row in self.connection.execute(query.limit(limit))]

    def copies_without(self, organisation_id: UUID, *, limit: int = AT_MOST) -> list[str]:
        """Return the copies for long keeping (blobs) that no record stands over as they are."""
        f, s, d = signature_files.c, signatures.c, documents.c
        query = (
            sa.select(f.long_term)
            .distinct()
            .select_from(signature_files)
            .join(signatures, s.id == f.signature_id)
            .join(documents, d.id == s.document_id)
            .where(
                d.organisation_id == organisation_id,
                s.status == SignatureStatus.ACCEPTED,
                f.long_term != "",
                ~_covered(evidence_items.c.long_term == f.long_term),
            )
            .order_by(f.long_term)
        )
        return list(self.connection.execute(query.limit(limit)).scalars())

    def chains_grown(self) -> set[UUID]:
        """Return the organisations whose chain of events has grown since its last record.

        Whatever a record is to cover is told in the chain. INSTALLATION stands for its own chain.
        """
        grown = set()
        heads = sa.select(audit_heads.c.chain, audit_heads.c.number)
        for row in self.connection.execute(heads).all():
            if row.number > self.audit_number(None if row.chain == INSTALLATION else row.chain):
                grown.add(row.chain)
        return grown

    def audit_number(self, organisation_id: UUID | None) -> int:
        """Return the number of the newest audit head that a record of the chain covers, or 0."""
        c = evidence_records.c
        query = sa.select(sa.func.max(c.audit_number)).where(c.organisation_id == organisation_id)
        return int(self.connection.execute(query).scalar() or 0)

    def count_without(self, since: datetime, until: datetime) -> int:
        """Return how many accepted signatures that came between these no record covers."""
        s = signatures.c
        query = (
            sa.select(sa.func.count())
            .select_from(signatures)
            .where(
                s.status == SignatureStatus.ACCEPTED,
                s.received_at > since,
                s.received_at < until,
                ~_covered(evidence_items.c.signature_id == s.id),
            )
        )
        return int(self.connection.execute(query).scalar_one())

    # --- what is covered ---

    def covering(self, signature_ids: Iterable[UUID]) -> dict[UUID, list[RecordItem]]:
        """Return the items about each of these signatures, the oldest first."""
        found: dict[UUID, list[RecordItem]] = {}
        for some in chunks(list(dict.fromkeys(signature_ids))):
            query = sa.select(evidence_items).where(evidence_items.c.signature_id.in_(some))
            for row in self.connection.execute(query.order_by(evidence_items.c.record_id)):
                found.setdefault(row.signature_id, []).append(_item(row))
        return found

    def covering_copies(self, copies: Iterable[str]) -> dict[str, RecordItem]:
        """Return the newest item about each of these copies for long keeping (blobs)."""
        c = evidence_items.c
        found: dict[str, RecordItem] = {}
        for some in chunks([blob for blob in dict.fromkeys(copies) if blob]):
            query = sa.select(evidence_items).where(c.long_term.in_(some))
            for row in self.connection.execute(query.order_by(c.record_id)):
                found[row.long_term] = _item(row)
        return found

    def leaves(self, record_id: UUID) -> tuple[str, ...]:
        """Return the leaves of a record's tree."""
        query = sa.select(evidence_items.c.leaf).where(evidence_items.c.record_id == record_id)
        return tuple(self.connection.execute(query).scalars())

    def items(self, record_id: UUID) -> list[RecordItem]:
        """Return everything under a record, in order."""
        query = sa.select(evidence_items).where(evidence_items.c.record_id == record_id)
        found = self.connection.execute(query.order_by(evidence_items.c.position))
        return [_item(row) for row in found]

    def renewal_of(self, record_id: UUID) -> RecordItem | None:
        """Return where the timestamp of a record was renewed, None while it was not."""
        c = evidence_items.c
        query = sa.select(evidence_items).where(c.renews_id == record_id, c.base == "")
        row = self.connection.execute(query.order_by(c.record_id).limit(1)).one_or_none()
        return None if row is None else _item(row)

    def audit_items(self, organisation_id: UUID | None) -> list[RecordItem]:
        """Return the items about the heads of a chain, the newest number first."""
        query = (
            sa.select(evidence_items)
            .join(evidence_records, evidence_records.c.id == evidence_items.c.record_id)
            .where(evidence_items.c.head > 0, evidence_records.c.organisation_id == organisation_id)
            .order_by(evidence_items.c.head.desc(), evidence_items.c.record_id)
        )
        return [_item(row) for row in self.connection.execute(query.limit(AT_MOST))]

    # --- what has to be done ---

    def to_look_after(
        self, ends_before: datetime, weak: Iterable[str], *, limit: int = AT_MOST
    ) -> list[NightlyRecord]:
        """Return records to renew, to judge again or to give up, those that end first first."""
        c = evidence_records.c
        query = sa.select(evidence_records).where(
            c.state == RecordState.CURRENT,
            sa.or_(c.ends_at < ends_before, c.digest.in_(list(weak)), c.doubt.is_not(None)),
        )
        return self._read(query.order_by(c.ends_at, c.id).limit(limit))

    def interrupt(self, record: NightlyRecord) -> list[NightlyRecord]:
        """Mark a record, and all that it renewed, as interrupted; return those that became so."""
        changed: list[NightlyRecord] = []
        waiting = [record.id]
        while waiting:
            loaded = self.load_many(waiting)
            waiting = []
            for one in loaded.values():
                if one.state is RecordState.INTERRUPTED:
                    continue
                changed.append(self.save(replace(one, state=RecordState.INTERRUPTED), one))
                waiting += [i.renews_id for i in self.items(one.id) if i.renews_id is not None]
        return changed

    def newest(self, *, limit: int, before: UUID | None = None) -> Page[NightlyRecord]:
        """Return a page of all records, the newest first."""
        return self._page(sa.true(), limit=limit, before=before)

    def in_state(self, state: RecordState) -> int:
        """Return how many records are in this state."""
        query = sa.select(sa.func.count()).select_from(evidence_records)
        return int(
            self.connection.execute(query.where(evidence_records.c.state == state)).scalar_one()
        )

    def item_counts(self, record_ids: Iterable[UUID]) -> dict[UUID, int]:
        """Return how many groups of files stand under each of these records."""
        c = evidence_items.c
        query = (
            sa.select(c.record_id, sa.func.count().label("groups"))
            .where(c.record_id.in_(list(record_ids)))
            .group_by(c.record_id)
        )
        return {row.record_id: row.groups for row in self.connection.execute(query)}


def _covered(about: sa.ColumnElement[bool]) -> sa.Exists:
    """Say that a record which was not interrupted covers what `about` names."""
    return (
        sa.select(sa.literal(1))
        .select_from(evidence_items)
        .join(evidence_records, evidence_records.c.id == evidence_items.c.record_id)
        .where(about, evidence_records.c.state != RecordState.INTERRUPTED)
        .exists()
    )


def _item_row(item: RecordItem) -> dict[str, Any]:
    return {
        "record_id": item.record_id,
        "position": item.position,
        "leaf": item.leaf,
        "pieces": [[piece.role.value, piece.blob, piece.digest] for piece in item.pieces],
        "signature_id": item.signature_id,
        "mark_id": item.mark_id,
        "head": item.head,
        "renews_id": item.renews_id,
        "base": item.base,
        "long_term": item.long_term,
    }


def _item(row: sa.Row[Any]) -> RecordItem:
    pieces = tuple(Piece(PieceRole(role), blob, digest) for role, blob, digest in row.pieces)
    return within(row, RecordItem, pieces=pieces)
