"""Writing what was added to a document; what was there before stays as it is."""

from __future__ import annotations

from sqlalchemy import Connection

from workflow.domain.documents import Document
from workflow.store import rows
from workflow.store.repositories.base import HistoryError, append
from workflow.store.repositories.document_rows import (
    draft_file_rows,
    fixing_rows,
    line_rows,
    mark_rows,
    revision_rows,
    settled_file_rows,
)
from workflow.store.tables.documents import (
    document_files,
    document_fixings,
    document_lines,
    document_marks,
    document_revisions,
)


def write_history(connection: Connection, new: Document, loaded: Document | None) -> None:
    """Write lines, revisions, fixings, files and marks that differ.

    Raises HistoryError when something is gone or changed that is only ever added.
    """
    rows.replace_children(
        connection,
        document_lines,
        after=line_rows(new),
        before=line_rows(loaded) if loaded else [],
    )
    _write_revisions(connection, new, loaded)
    append(
        connection,
        document_fixings,
        after=fixing_rows(new),
        before=fixing_rows(loaded) if loaded else [],
        changeable=frozenset({"manifest_digest", "failure"}),
    )
    append(
        connection,
        document_files,
        after=settled_file_rows(new),
        before=settled_file_rows(loaded) if loaded else [],
    )
    append(
        connection,
        document_marks,
        after=mark_rows(new),
        before=mark_rows(loaded) if loaded else [],
    )


def _write_revisions(connection: Connection, new: Document, loaded: Document | None) -> None:
    """Add revisions; the newest one may still get its facts, draft or failure."""
    newest = max((revision.number for revision in new.revisions), default=0)
    before = loaded.revisions if loaded else ()
    after = {revision.number: revision for revision in new.revisions}
    for revision in before:
        if revision.number != newest and after.get(revision.number) != revision:
            raise HistoryError(f"revision {revision.number} is no longer the newest")
    append(
        connection,
        document_revisions,
        after=revision_rows(new),
        before=revision_rows(loaded) if loaded else [],
        changeable=frozenset({"facts", "draft_digest", "failure"}),
    )
    settled = {revision.number for revision in before if revision.number != newest}
    for number in after.keys() - settled:
        rows.replace_children(
            connection,
            document_files,
            after=draft_file_rows(new, number),
            before=draft_file_rows(loaded, number) if loaded else [],
        )
