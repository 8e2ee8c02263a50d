"""Packages sent to another organisation."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from workflow.domain.submissions import Submission, SubmissionState
from workflow.store.repositories.base import AT_MOST, Aggregates, Page, append, children
from workflow.store.repositories.manifests import FOUND_LATER
from workflow.store.repositories.submission_rows import (
    file_rows,
    item_rows,
    signature_rows,
    submission_of,
    submission_row,
)
from workflow.store.tables.submissions import (
    submission_files,
    submission_items,
    submission_signatures,
    submissions,
)


class Submissions(Aggregates[Submission]):
    """What was sent is never changed; the receiver adds what it found."""

    table = submissions
    value = Submission

    def of_receiver(
        self,
        receiver_id: UUID,
        *,
        states: Collection[SubmissionState] = (),
        limit: int = 50,
        before: UUID | None = None,
    ) -> Page[Submission]:
        """Return what arrived at the organisation, the newest first."""
        where = [submissions.c.receiver_id == receiver_id, *_in(states)]
        return self._page(*where, limit=limit, before=before)

    def of_sender(
        self,
        sender_id: UUID,
        *,
        states: Collection[SubmissionState] = (),
        limit: int = 50,
        before: UUID | None = None,
    ) -> Page[Submission]:
        """Return what the organisation has sent, the newest first."""
        where = [submissions.c.sender_id == sender_id, *_in(states)]
        return self._page(*where, limit=limit, before=before)

    def of_document(self, document_id: UUID) -> list[Submission]:
        """Return the submissions that hold the document or went with it as their letter."""
        holding = sa.select(submission_items.c.submission_id).where(
            submission_items.c.document_id == document_id
        )
        query = sa.select(submissions).where(
            sa.or_(submissions.c.id.in_(holding), submissions.c.letter_id == document_id)
        )
        return self._read(query.order_by(submissions.c.id).limit(AT_MOST))

    def _row(self, value: Submission) -> dict[str, Any]:
        return submission_row(value)

    def _values(self, found: Sequence[sa.Row[Any]]) -> list[Submission]:
        ids = [row.id for row in found]
        items, files, signatures = (
            children(self.connection, table, "submission_id", ids)
            for table in (submission_items, submission_files, submission_signatures)
        )
        return [
            submission_of(row, items[row.id], files[row.id], signatures[row.id]) for row in found
        ]

    def _save_children(self, new: Submission, loaded: Submission | None) -> None:
        append(
            self.connection,
            submission_items,
            after=item_rows(new),
            before=item_rows(loaded) if loaded else [],
            changeable=frozenset({"verdict", "report", "explanation"}),
        )
        append(
            self.connection,
            submission_files,
            after=file_rows(new),
            before=file_rows(loaded) if loaded else [],
        )
        append(
            self.connection,
            submission_signatures,
            after=signature_rows(new),
            before=signature_rows(loaded) if loaded else [],
            changeable=FOUND_LATER,
        )


def _in(states: Collection[SubmissionState]) -> list[sa.ColumnElement[bool]]:
    return [submissions.c.state.in_(states)] if states else []
