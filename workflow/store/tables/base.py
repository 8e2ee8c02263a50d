"""The one `metadata` and what every table follows.

Conventions:
- the table's name is the plural of the aggregate (`cases`, `documents`), a child's name begins
  with its parent's (`document_lines`);
- primary key `id` of type `Id`; an aggregate has `version` (`version_column()`), raised by each
  save, and is compared in `UPDATE … WHERE id AND version`;
- moments are `UtcDateTime` and end in `_at` or `_until`; local days are `sa.Date`, end in `_on`;
- hashed JSON is `CanonicalJson`; an enumeration is `Choice(Enum)`; nothing is nullable unless the
  office has a reason;
- every foreign key is indexed (`reference(…)` does it) and every column that a query filters or
  sorts by has an index; constraints need no names, the naming convention gives them.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from workflow.store.types import Id

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def id_column() -> sa.Column[Any]:
    """The primary key of an aggregate or a child that has an identity of its own."""
    return sa.Column("id", Id, primary_key=True)


def version_column() -> sa.Column[int]:
    """The count of saves of an aggregate, beginning with 1."""
    return sa.Column("version", sa.Integer, nullable=False)


def reference(name: str, target: str, *, nullable: bool = False) -> sa.Column[Any]:
    """An indexed foreign key: `reference("case_id", "cases.id")`."""
    return sa.Column(name, Id, sa.ForeignKey(target), nullable=nullable, index=True)
