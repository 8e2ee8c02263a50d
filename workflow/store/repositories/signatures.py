"""Signatures with their files, signing attempts, and leases of PDFs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from workflow.domain.pdf_leases import PdfLease
from workflow.domain.regulations import SignatureFormat
from workflow.domain.signatures import Attempt, PreparedFile, Signature, SignatureStatus
from workflow.store import rows
from workflow.store.repositories.base import (
    AT_MOST,
    Aggregates,
    HistoryError,
    append,
    children,
    chunks,
    within,
)
from workflow.store.repositories.manifests import STAMPED_LATER, signed_file, signed_file_row
from workflow.store.tables.signatures import (
    pdf_leases,
    signature_files,
    signatures,
    signing_attempt_files,
    signing_attempts,
)

NOT_LOOKED_AT_AGAIN = sa.and_(
    signatures.c.status == SignatureStatus.ACCEPTED,
    signatures.c.format != SignatureFormat.SIMPLE,
    sa.or_(signatures.c.checked_at.is_(None), signatures.c.checked_at <= signatures.c.received_at),
)
"""Accepted signatures before their second look; simple ones rest on nothing a list could name."""

WAITS_FOR_A_LIST = sa.or_(signatures.c.status == SignatureStatus.RECEIVED, NOT_LOOKED_AT_AGAIN)


class Signatures(Aggregates[Signature]):
    """What was handed in, with the verdicts; a signature gains a timestamp, nothing else."""

    table = signatures
    value = Signature

    def of_document(self, document_id: UUID) -> list[Signature]:
        """Return the document's signatures in the order in which they came."""
        return self.of_documents([document_id])

    def of_documents(self, document_ids: Iterable[UUID]) -> list[Signature]:
        """Return the signatures of these documents in the order in which they came."""
        found: list[Signature] = []
        for some in chunks(list(dict.fromkeys(document_ids))):
            query = sa.select(signatures).where(signatures.c.document_id.in_(some))
            found += self._read(query.order_by(signatures.c.received_at, signatures.c.id))
        return found

    def is_accepted_statement(self, digest: str) -> bool:
        """Return whether the sealed statement of this SHA-256 (hex) is an accepted signature."""
        query = sa.select(
            sa.exists().where(
                signature_files.c.signature_id == signatures.c.id,
                signature_files.c.signature == digest,
                signatures.c.format == SignatureFormat.SIMPLE,
                signatures.c.status == SignatureStatus.ACCEPTED,
            )
        )
        return bool(self.connection.execute(query).scalar())

    def by_power(self, power_id: UUID) -> list[Signature]:
        """Return the signatures given by a power of attorney, in the order in which they came."""
        query = sa.select(signatures).where(signatures.c.power_id == power_id)
        return self._read(query.order_by(signatures.c.received_at, signatures.c.id))

    def certificates_until(self, person_ids: Iterable[UUID]) -> dict[UUID, datetime]:
        """Return when the longest-lasting certificate of each person's accepted signatures ends.

        People without such a signature are left out.
        """
        c = signatures.c
        found: dict[UUID, datetime] = {}
        for some in chunks(list(dict.fromkeys(person_ids))):
            query = sa.select(c.person_id, sa.func.max(c.valid_until)).where(
                c.person_id.in_(some),
                c.status == SignatureStatus.ACCEPTED,
                c.format != SignatureFormat.SIMPLE,
                c.valid_until.is_not(None),
            )
            for person_id, until in self.connection.execute(query.group_by(c.person_id)):
                found[person_id] = until
        return found

    def received(self, *, limit: int = AT_MOST, skip: int = 0) -> list[Signature]:
        """Return signatures that wait for a decision, the longest waiting first."""
        return self._some(
            signatures.c.status == SignatureStatus.RECEIVED,
            order=signatures.c.received_at,
            limit=limit,
            skip=skip,
        )

    def newest_certified(self, *, limit: int = AT_MOST) -> list[Signature]:
        """Return the signatures with certificates, the newest first."""
        return self._some(
            signatures.c.format != SignatureFormat.SIMPLE,
            order=signatures.c.received_at.desc(),
            limit=limit,
            skip=0,
        )

    def waiting_for_time(self, *, limit: int = AT_MOST, skip: int = 0) -> list[Signature]:
        """Return signatures that count when a timestamp proves their time.

        Those that have waited longest since anything came come first.
        """
        c = signatures.c
        return self._some(
            c.status == SignatureStatus.RECEIVED,
            c.stamp_wanted.is_(True),
            c.proven_at.is_(None),
            order=sa.func.coalesce(c.stamped_at, c.received_at),
            limit=limit,
            skip=skip,
        )

    def without_long_term(self, *, limit: int = AT_MOST, skip: int = 0) -> list[Signature]:
        """Return settled signatures inside PDFs that have no copy for long keeping yet."""
        c, files = signatures.c, signature_files.c
        lacking = sa.select(files.signature_id).where(files.long_term == "")
        return self._some(
            c.status == SignatureStatus.ACCEPTED,
            c.format == SignatureFormat.PADES,
            c.proven_at.is_not(None),
            c.checked_at > sa.func.coalesce(c.stamped_at, c.received_at),
            c.id.in_(lacking),
            order=c.checked_at,
            limit=limit,
            skip=skip,
        )

    def with_ending_copies(
        self, now: datetime, until: datetime, *, limit: int = AT_MOST, skip: int = 0
    ) -> list[Signature]:
        """Return accepted signatures with a copy for keeping whose authority ends in this time.

        Copies of which that is not known are among them; those that have ended are not.
        """
        files = signature_files.c
        ending = sa.select(files.signature_id).where(
            files.long_term != "",
            sa.or_(
                files.long_term_ends.is_(None),
                sa.and_(files.long_term_ends > now, files.long_term_ends < until),
            ),
        )
        c = signatures.c
        accepted = c.status == SignatureStatus.ACCEPTED
        return self._some(accepted, c.id.in_(ending), order=c.received_at, limit=limit, skip=skip)

    def awaiting_second_look(
        self, list_issued_at: datetime, *, limit: int = AT_MOST, skip: int = 0
    ) -> list[Signature]:
        """Return accepted signatures older than a list, not looked at since they were received."""
        return self._some(
            NOT_LOOKED_AT_AGAIN,
            signatures.c.received_at < list_issued_at,
            order=signatures.c.received_at,
            limit=limit,
            skip=skip,
        )

    def _some(
        self,
        *where: sa.ColumnElement[bool],
        order: sa.ColumnElement[Any],
        limit: int,
        skip: int,
    ) -> list[Signature]:
        query = sa.select(signatures).where(*where)
        return self._read(query.order_by(order, signatures.c.id).limit(limit).offset(skip))

    def _row(self, value: Signature) -> dict[str, Any]:
        row = super()._row(value)
        del row["files"]
        return row

    def _values(self, found: Sequence[sa.Row[Any]]) -> list[Signature]:
        files = children(
            self.connection, signature_files, "signature_id", [row.id for row in found]
        )
        return [
            within(row, Signature, files=tuple(signed_file(file) for file in files[row.id]))
            for row in found
        ]

    def _save_children(self, new: Signature, loaded: Signature | None) -> None:
        _refuse_lost_bytes(new, loaded)
        append(
            self.connection,
            signature_files,
            after=_file_rows(new),
            before=_file_rows(loaded) if loaded else [],
            changeable=STAMPED_LATER,
        )


class Attempts(Aggregates[Attempt]):
    """Single-use signing sessions."""

    table = signing_attempts
    value = Attempt

    def remove_expired(self, before: datetime) -> int:
        """Delete attempts that expired before `before` and were not used; return how many."""
        c = signing_attempts.c
        over = sa.and_(c.expires_at < before, c.answer == "")
        for table in (signing_attempt_files, pdf_leases):
            unused = sa.select(c.id).where(over)
            self.connection.execute(sa.delete(table).where(table.c.attempt_id.in_(unused)))
        return self.connection.execute(sa.delete(signing_attempts).where(over)).rowcount

    def _row(self, value: Attempt) -> dict[str, Any]:
        row = super()._row(value)
        del row["prepared"]
        return row

    def _values(self, found: Sequence[sa.Row[Any]]) -> list[Attempt]:
        files = children(
            self.connection, signing_attempt_files, "attempt_id", [row.id for row in found]
        )
        return [
            within(row, Attempt, prepared=tuple(within(f, PreparedFile) for f in files[row.id]))
            for row in found
        ]

    def _save_children(self, new: Attempt, loaded: Attempt | None) -> None:
        append(
            self.connection,
            signing_attempt_files,
            after=_prepared_rows(new),
            before=_prepared_rows(loaded) if loaded else [],
        )


class PdfLeases:
    """Whose signing inside a document's PDFs was prepared last; asked about under its lock."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def of_document(self, document_id: UUID) -> PdfLease | None:
        """Return the lease, run out or not."""
        query = sa.select(pdf_leases).where(pdf_leases.c.document_id == document_id)
        row = self.connection.execute(query).one_or_none()
        return None if row is None else within(row, PdfLease)

    def put(self, lease: PdfLease) -> None:
        """Write the lease in the place of whatever there was for the document."""
        self.remove(lease.document_id)
        rows.insert(self.connection, pdf_leases, asdict(lease))

    def remove(self, document_id: UUID) -> None:
        """Give the document free; nothing happens if it is."""
        self.connection.execute(
            sa.delete(pdf_leases).where(pdf_leases.c.document_id == document_id)
        )

    def remove_of(self, attempt_id: UUID) -> None:
        """Give free what this attempt holds; nothing happens if it is another's by now."""
        self.connection.execute(sa.delete(pdf_leases).where(pdf_leases.c.attempt_id == attempt_id))

    def end(self, attempt_id: UUID, at: datetime) -> None:
        """Let others pass from `at` on, as far as the attempt still holds anything."""
        c = pdf_leases.c
        mine = sa.and_(c.attempt_id == attempt_id, c.leased_until > at)
        self.connection.execute(sa.update(pdf_leases).where(mine).values(leased_until=at))


def _prepared_rows(attempt: Attempt) -> list[dict[str, Any]]:
    return [
        {"attempt_id": attempt.id, "position": position, **asdict(file)}
        for position, file in enumerate(attempt.prepared)
    ]


def _refuse_lost_bytes(new: Signature, loaded: Signature | None) -> None:
    """What came from the signer stays; raises HistoryError where another would take its place."""
    for before, after in zip(loaded.files if loaded else (), new.files, strict=False):
        came = before.handed_in or before.signature
        if came not in (after.signature, after.handed_in):
            raise HistoryError("signature of signature_files would be changed")


def _file_rows(signature: Signature) -> list[dict[str, Any]]:
    return [
        {"signature_id": signature.id, "position": position, **signed_file_row(file)}
        for position, file in enumerate(signature.files)
    ]
