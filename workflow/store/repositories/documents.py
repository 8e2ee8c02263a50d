"""Documents with their whole history, and what each of them waits for."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from workflow.domain.documents import Document
from workflow.domain.regulations import Role, Verb
from workflow.domain.routes import DocumentState, Step
from workflow.store import rows
from workflow.store.repositories.base import (
    AT_MOST,
    Aggregates,
    Page,
    children,
    chunks,
    within,
)
from workflow.store.repositories.document_history import write_history
from workflow.store.repositories.document_rows import (
    DocumentParts,
    document_of,
    document_row,
)
from workflow.store.tables.documents import (
    document_files,
    document_fixings,
    document_lines,
    document_marks,
    document_revisions,
    documents,
    open_steps,
)

IN_FORCE = (DocumentState.IN_FORCE, DocumentState.AMENDED)


@dataclass(frozen=True)
class OpenStep:
    """Whom a step waits for: `role` in `organisation_id`, or the holder of `employment_id`."""

    step_key: str
    verb: Verb
    role: Role | None = None
    organisation_id: UUID | None = None
    employment_id: UUID | None = None

    @staticmethod
    def of(step: Step, organisation_id: UUID | None) -> OpenStep:
        """`organisation_id` is the one in which the step's role is looked up (see `Who.at`)."""
        role = None if step.employment_id else step.spec.who.role
        return OpenStep(step.key, step.verb, role, organisation_id, step.employment_id)


@dataclass(frozen=True)
class DerivedDocument:
    """What is written beside a document for queries (see `routes.state_of`, `open_steps`)."""

    state: DocumentState
    open_steps: tuple[OpenStep, ...] = ()


@dataclass(frozen=True)
class Heading:
    """A document as a list shows it, without its history; derived as of its last save.

    An approved document has no number of its own: look at the heading of `approved_by`.
    """

    id: UUID
    type_code: str
    organisation_id: UUID
    pack: str
    pack_version: str
    title: str
    state: DocumentState
    number: str
    dated: date | None
    approved_by: UUID | None


class Documents(Aggregates[Document]):
    """All documents; what was added to one is never changed or removed."""

    table = documents
    value = Document

    def save(  # type: ignore[override]  # a document is never saved without what is derived
        self, new: Document, loaded: Document | None, derived: DerivedDocument
    ) -> Document:
        """Insert `new`, or write what differs from `loaded`; return it with its new version.

        `derived` is written beside. Revisions, fixings and marks are only added; draft, facts and
        failure of the newest revision and manifest and failure of a fixing may still change.
        Raises HistoryError for any other change, StaleError when somebody saved it in between.
        """
        self._save_row(new, loaded, state=derived.state)
        self._save_children(new, loaded)
        self._save_open_steps(new.id, derived.open_steps)
        return replace(new, version=(loaded.version if loaded else 0) + 1)

    def of_case(self, case_id: UUID, *, limit: int = AT_MOST) -> list[Document]:
        """Return the documents that serve the case, the oldest first."""
        lines = sa.select(document_lines.c.document_id).where(document_lines.c.case_id == case_id)
        return self._some(documents.c.id.in_(lines), limit=limit)

    def of_organisation(
        self,
        organisation_id: UUID,
        *,
        type_code: str | None = None,
        states: Collection[DocumentState] = (),
        limit: int = 50,
        before: UUID | None = None,
    ) -> Page[Document]:
        """Return the organisation's documents, the newest first (all states if none is named)."""
        where = [documents.c.organisation_id == organisation_id]
        if type_code is not None:
            where.append(documents.c.type_code == type_code)
        if states:
            where.append(documents.c.state.in_(states))
        return self._page(*where, limit=limit, before=before)

    def case_ids(self, document_id: UUID) -> list[UUID]:
        """Return the cases that the document serves; empty when there is no such document."""
        query = sa.select(document_lines.c.case_id).where(
            document_lines.c.document_id == document_id
        )
        return list(self.connection.execute(query).scalars())

    def types_in_force(
        self, organisation_ids: Collection[UUID], type_codes: Collection[str]
    ) -> frozenset[str]:
        """Return which of the types are in force in one of the organisations."""
        query = sa.select(documents.c.type_code).where(
            documents.c.organisation_id.in_(organisation_ids),
            documents.c.type_code.in_(type_codes),
            documents.c.state.in_(IN_FORCE),
        )
        return frozenset(self.connection.execute(query.distinct()).scalars())

    def in_force_by_type(self, organisation_id: UUID, year: int) -> dict[str, int]:
        """Return how many documents dated in the year are in force, by their type.

        A document that an order approves has the date of its order.
        """
        order = documents.alias("orders")
        query = (
            sa.select(documents.c.type_code, sa.func.count())
            .select_from(documents.outerjoin(order, order.c.id == documents.c.approved_by))
            .where(
                documents.c.organisation_id == organisation_id,
                documents.c.state.in_(IN_FORCE),
                sa.func.coalesce(documents.c.dated, order.c.dated).between(
                    date(year, 1, 1), date(year, 12, 31)
                ),
            )
        )
        counted = self.connection.execute(query.group_by(documents.c.type_code))
        return {row.type_code: row[1] for row in counted}

    def newest_in_force(
        self, organisation_ids: Collection[UUID], type_codes: Collection[str]
    ) -> Document | None:
        """Return the newest document of these types in force in one of the organisations."""
        return self._newest(documents.c.organisation_id.in_(organisation_ids), type_codes)

    def newest_in_force_for(self, case_id: UUID, type_codes: Collection[str]) -> Document | None:
        """Return the newest document of these types in force whose line for the case stands."""
        line = document_lines.c
        served = sa.select(line.document_id).where(
            line.case_id == case_id, line.cancelled_by.is_(None)
        )
        return self._newest(documents.c.id.in_(served), type_codes)

    def approved_by(self, order_id: UUID) -> list[Document]:
        """Return the documents that the order approves, in the order of their making."""
        return self._some(documents.c.approved_by == order_id)

    def to_sign_dated_before(self, day: date, *, limit: int = 100) -> list[Document]:
        """Return documents still to be signed whose printed date lies before `day`."""
        to_sign = documents.c.state == DocumentState.TO_SIGN
        return self._some(to_sign, documents.c.dated < day, limit=limit)

    def states_of(self, document_ids: Collection[UUID]) -> dict[UUID, DocumentState]:
        """Return the states that were derived at the last save."""
        found: dict[UUID, DocumentState] = {}
        for some in chunks(list(document_ids)):
            query = sa.select(documents.c.id, documents.c.state).where(documents.c.id.in_(some))
            found |= {row.id: row.state for row in self.connection.execute(query)}
        return found

    def headings_of(self, document_ids: Collection[UUID]) -> dict[UUID, Heading]:
        """Return the headings of the documents that are there, in one query for many."""
        found: dict[UUID, Heading] = {}
        for some in chunks(list(document_ids)):
            query = sa.select(documents).where(documents.c.id.in_(some))
            found |= {row.id: within(row, Heading) for row in self.connection.execute(query)}
        return found

    def headings_of_cases(self, case_ids: Collection[UUID]) -> dict[UUID, list[Heading]]:
        """Return the headings of the documents that serve each case, the oldest first."""
        lines = children(self.connection, document_lines, "case_id", case_ids)
        wanted = {line.document_id for of_case in lines.values() for line in of_case}
        headings = self.headings_of(sorted(wanted))
        return {
            case_id: sorted(
                (headings[line.document_id] for line in of_case), key=lambda heading: heading.id
            )
            for case_id, of_case in lines.items()
        }

    def revised_at(self, document_ids: Collection[UUID]) -> dict[UUID, datetime]:
        """Return when the newest revision of each document was begun."""
        c = document_revisions.c
        found: dict[UUID, datetime] = {}
        for some in chunks(list(document_ids)):
            newest = sa.func.max(c.created_at, type_=c.created_at.type).label("newest")
            query = sa.select(c.document_id, newest).where(c.document_id.in_(some))
            rows_ = self.connection.execute(query.group_by(c.document_id))
            found |= {row.document_id: row.newest for row in rows_}
        return found

    def in_force_of(
        self, organisation_ids: Collection[UUID], type_codes: Collection[str]
    ) -> dict[tuple[UUID, str], UUID]:
        """Return the newest document in force of each organisation and type."""
        c = documents.c
        found: dict[tuple[UUID, str], UUID] = {}
        for some in chunks(list(organisation_ids)):
            query = sa.select(c.id, c.organisation_id, c.type_code).where(
                c.organisation_id.in_(some), c.type_code.in_(type_codes), c.state.in_(IN_FORCE)
            )
            for row in self.connection.execute(query.order_by(c.id)):
                found[row.organisation_id, row.type_code] = row.id
        return found

    def open_steps_of(self, document_ids: Collection[UUID]) -> dict[UUID, tuple[OpenStep, ...]]:
        """Return what each document waited for at its last save."""
        found = children(self.connection, open_steps, "document_id", document_ids)
        return {one: tuple(within(row, OpenStep) for row in steps) for one, steps in found.items()}

    def waiting_for(
        self,
        employment_ids: Collection[UUID],
        roles: Collection[tuple[UUID, Role]],
        *,
        limit: int = AT_MOST,
    ) -> list[tuple[UUID, OpenStep]]:
        """Return what waits for these posts, and for these roles in their organisations.

        Each document's id with its open step, the oldest documents first: a person's inbox.
        """
        c = open_steps.c
        by_role = (sa.and_(c.organisation_id == place, c.role == role) for place, role in roles)
        query = sa.select(open_steps).where(
            sa.or_(sa.false(), c.employment_id.in_(employment_ids), *by_role)
        )
        ordered = query.order_by(c.document_id, c.step_key).limit(limit)
        return [
            (row.document_id, within(row, OpenStep)) for row in self.connection.execute(ordered)
        ]

    def _some(self, *where: sa.ColumnElement[bool], limit: int = AT_MOST) -> list[Document]:
        return self._read(sa.select(documents).where(*where).order_by(documents.c.id).limit(limit))

    def _newest(
        self, whose: sa.ColumnElement[bool], type_codes: Collection[str]
    ) -> Document | None:
        in_force = documents.c.state.in_(IN_FORCE)
        query = sa.select(documents).where(whose, documents.c.type_code.in_(type_codes), in_force)
        return self._first(
            query.order_by(documents.c.dated.desc().nulls_last(), documents.c.id.desc())
        )

    def _row(self, value: Document) -> dict[str, Any]:
        return document_row(value)

    def _values(self, found: Sequence[sa.Row[Any]]) -> list[Document]:
        ids = [row.id for row in found]
        tables = (document_lines, document_revisions, document_fixings, document_marks)
        lines, revisions, fixings, marks, files = (
            children(self.connection, table, "document_id", ids)
            for table in (*tables, document_files)
        )
        return [
            document_of(
                row,
                DocumentParts(
                    lines[row.id], revisions[row.id], fixings[row.id], marks[row.id], files[row.id]
                ),
            )
            for row in found
        ]

    def _save_children(self, new: Document, loaded: Document | None) -> None:
        write_history(self.connection, new, loaded)

    def _save_open_steps(self, document_id: UUID, steps: Sequence[OpenStep]) -> None:
        query = sa.select(open_steps).where(open_steps.c.document_id == document_id)
        before = [dict(row._mapping) for row in self.connection.execute(query)]
        after = [{"document_id": document_id, **asdict(step)} for step in steps]
        rows.replace_children(self.connection, open_steps, after=after, before=before)
