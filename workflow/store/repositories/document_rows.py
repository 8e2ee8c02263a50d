"""A document as rows, and rows as a document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any  # a row's columns have no one type

import sqlalchemy as sa

from workflow.domain.documents import (
    Document,
    Existing,
    ExistingSignature,
    Fixing,
    Line,
    Manifest,
    Mark,
    Revision,
)
from workflow.store.repositories.base import within
from workflow.store.repositories.manifests import manifest_file, manifest_file_row
from workflow.store.tables.documents import Stage


def document_row(document: Document) -> dict[str, Any]:
    """The document's own row; its state is derived elsewhere."""
    existing = document.existing
    fixed = document.fixing.manifest if document.fixing else None
    return {
        "id": document.id,
        "version": document.version,
        "type_code": document.type_code,
        "organisation_id": document.organisation_id,
        "pack": document.pack,
        "pack_version": document.pack_version,
        "title": document.title,
        "created_at": document.created_at,
        "created_by": document.created_by,
        "on_paper": document.on_paper,
        "paper_reason": document.paper_reason,
        "by_founder": document.by_founder,
        "approved_by": document.approved_by,
        "existing_signed_by": existing.signed_by if existing else None,
        "existing_post": existing.signed_by_post if existing else None,
        "existing_signature": asdict(existing.signature)
        if existing and existing.signature
        else None,
        "number": document.number,
        "dated": document.dated,
        "fixed_digest": fixed.digest if fixed else None,
    }


def line_rows(document: Document) -> list[dict[str, Any]]:
    return [
        {
            "document_id": document.id,
            "case_id": line.case_id,
            "position": position,
            "cancelled_by": line.cancelled_by,
        }
        for position, line in enumerate(document.lines)
    ]


def revision_rows(document: Document) -> list[dict[str, Any]]:
    return [
        {
            "document_id": document.id,
            "number": revision.number,
            "facts": revision.facts,
            "created_at": revision.created_at,
            "created_by": revision.created_by,
            "draft_digest": revision.draft.digest if revision.draft else None,
            "failure": revision.failure,
        }
        for revision in document.revisions
    ]


def fixing_rows(document: Document) -> list[dict[str, Any]]:
    return [
        {
            "document_id": document.id,
            "sequence": fixing.sequence,
            "revision": fixing.revision,
            "printed_number": fixing.printed_number,
            "printed_on": fixing.printed_date,
            "fixed_at": fixing.fixed_at,
            "fixed_by": fixing.fixed_by,
            "entry_id": fixing.entry_id,
            "manifest_digest": fixing.manifest.digest if fixing.manifest else None,
            "failure": fixing.failure,
        }
        for fixing in document.fixings
    ]


def mark_rows(document: Document) -> list[dict[str, Any]]:
    return [
        {
            "id": mark.id,
            "document_id": document.id,
            "position": position,
            "step": mark.step,
            "verdict": mark.verdict,
            "made_at": mark.at,
            "person_id": mark.person_id,
            "revision": mark.revision,
            "fixing": mark.fixing,
            "bound": mark.bound,
            "remark": mark.remark,
            "evidence": mark.evidence,
            "entered_by": mark.entered_by,
            "happened_on": mark.happened_on,
            "employment_id": mark.employment_id,
            "mandate_id": mark.mandate_id,
        }
        for position, mark in enumerate(document.marks)
    ]


def draft_file_rows(document: Document, number: int) -> list[dict[str, Any]]:
    """The files of one revision's draft."""
    drafts = [r.draft for r in document.revisions if r.number == number and r.draft]
    return _file_rows(document, Stage.DRAFT, number, drafts[0]) if drafts else []


def settled_file_rows(document: Document) -> list[dict[str, Any]]:
    """The files that never change: those of fixings and of a document made elsewhere."""
    settled = [
        row
        for fixing in document.fixings
        if fixing.manifest
        for row in _file_rows(document, Stage.FIXED, fixing.sequence, fixing.manifest)
    ]
    if document.existing:
        settled += _file_rows(document, Stage.EXISTING, 0, Manifest(document.existing.files))
    return settled


def _file_rows(
    document: Document, stage: Stage, number: int, manifest: Manifest
) -> list[dict[str, Any]]:
    return [
        {
            "document_id": document.id,
            "stage": stage,
            "number": number,
            "position": position,
            **manifest_file_row(file),
        }
        for position, file in enumerate(manifest.files)
    ]


@dataclass(frozen=True)
class DocumentParts:
    """The child rows of one document, each list in its order."""

    lines: Sequence[sa.Row[Any]]
    revisions: Sequence[sa.Row[Any]]
    fixings: Sequence[sa.Row[Any]]
    marks: Sequence[sa.Row[Any]]
    files: Sequence[sa.Row[Any]]

    def manifest(self, stage: Stage, number: int) -> Manifest:
        return Manifest(
            tuple(
                manifest_file(row)
                for row in self.files
                if row.stage is stage and row.number == number
            )
        )


def document_of(row: sa.Row[Any], parts: DocumentParts) -> Document:
    """Put a document together from its row and those of its children."""
    return within(
        row,
        Document,
        lines=tuple(Line(line.case_id, line.cancelled_by) for line in parts.lines),
        revisions=tuple(_revision(r, parts) for r in parts.revisions),
        fixings=tuple(_fixing(f, parts) for f in parts.fixings),
        marks=tuple(within(m, Mark, at=m.made_at) for m in parts.marks),
        existing=_existing(row, parts),
    )


def _existing(row: sa.Row[Any], parts: DocumentParts) -> Existing | None:
    if row.existing_signed_by is None:
        return None
    return Existing(
        number=row.number,
        dated=row.dated,
        signed_by=row.existing_signed_by,
        signed_by_post=row.existing_post,
        files=parts.manifest(Stage.EXISTING, 0).files,
        signature=ExistingSignature(**row.existing_signature) if row.existing_signature else None,
    )


def _revision(row: sa.Row[Any], parts: DocumentParts) -> Revision:
    draft = parts.manifest(Stage.DRAFT, row.number) if row.draft_digest else None
    return within(row, Revision, draft=draft)


def _fixing(row: sa.Row[Any], parts: DocumentParts) -> Fixing:
    manifest = parts.manifest(Stage.FIXED, row.sequence) if row.manifest_digest else None
    return within(row, Fixing, printed_date=row.printed_on, manifest=manifest)
