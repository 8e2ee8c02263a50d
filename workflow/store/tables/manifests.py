"""The columns in which every manifest file and every signed file is kept."""

from __future__ import annotations

from typing import Any  # a column's Python type is known only to its row function

import sqlalchemy as sa

from workflow.domain.documents import FileRole
from workflow.domain.regulations import SignatureFormat
from workflow.store.types import Choice, Id, UtcDateTime


def sha256_column(name: str) -> sa.Column[Any]:
    """A SHA-256 in hex; empty where the office has none yet."""
    return sa.Column(name, sa.String(64), nullable=False)


def manifest_file_columns() -> list[sa.Column[Any]]:
    """One file of a manifest. `text_of` is the document whose text it is (no foreign key: a
    package keeps its files whatever becomes of the documents)."""
    return [
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("role", Choice(FileRole), nullable=False),
        sa.Column("text_of", Id, nullable=False),
        sha256_column("pdf"),
        sha256_column("content"),
        sha256_column("docx"),
        sa.Column("template", sa.Text, nullable=False),
        sa.Column("pages", sa.Integer, nullable=False),
    ]


def signed_file_columns() -> list[sa.Column[Any]]:
    """A file of the manifest, what was signed over it, what was found."""
    return [
        sha256_column("file"),
        sha256_column("signature"),
        sa.Column("format", Choice(SignatureFormat), nullable=False),
        sha256_column("report"),
        sha256_column("evidence"),
        sha256_column("report_now"),
        sa.Column("power", sa.String(64), nullable=False, server_default=""),
        sa.Column("handed_in", sa.String(64), nullable=False, server_default=""),
        sa.Column("long_term", sa.String(64), nullable=False, server_default=""),
        sa.Column("long_term_ends", UtcDateTime),
        sa.Column("record", sa.String(64), nullable=False, server_default=""),
    ]
