"""Manifest files and signed files as rows; shared by documents, submissions and signatures."""

from __future__ import annotations

from typing import Any  # a row's columns have no one type

import sqlalchemy as sa

from workflow.domain.documents import ManifestFile
from workflow.domain.signatures import SignedFile

FOUND_LATER = frozenset(
    {"report", "evidence", "report_now", "power", "long_term", "long_term_ends"}
)
"""The columns of a signed file that are filled in later, by an examination."""

STAMPED_LATER = FOUND_LATER | {"signature", "handed_in"}
"""Those that change when it gets a timestamp: what came from the signer is kept beside."""


def manifest_file_row(file: ManifestFile) -> dict[str, Any]:
    return {
        "name": file.name,
        "role": file.role,
        "text_of": file.document_id,
        "pdf": file.pdf,
        "content": file.content,
        "docx": file.docx,
        "template": file.template,
        "pages": file.pages,
    }


def manifest_file(row: sa.Row[Any]) -> ManifestFile:
    return ManifestFile(
        name=row.name,
        role=row.role,
        document_id=row.text_of,
        pdf=row.pdf,
        content=row.content,
        docx=row.docx,
        template=row.template,
        pages=row.pages,
    )


def signed_file_row(file: SignedFile) -> dict[str, Any]:
    return {
        "file": file.file,
        "signature": file.signature,
        "format": file.format,
        "report": file.report,
        "evidence": file.evidence,
        "report_now": file.report_now,
        "power": file.power,
        "handed_in": file.handed_in,
        "long_term": file.long_term,
        "long_term_ends": file.long_term_ends,
        "record": file.record,
    }


def signed_file(row: sa.Row[Any]) -> SignedFile:
    return SignedFile(
        row.file,
        row.signature,
        row.format,
        row.report,
        row.evidence,
        row.report_now,
        row.power,
        row.handed_in,
        row.long_term,
        row.long_term_ends,
        row.record,
    )
