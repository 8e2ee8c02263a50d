"""Answers of responders, and how asking each address went."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from workflow.domain.trust import AskedSource, StoredAnswer
from workflow.store import rows
from workflow.store.repositories.base import chunks, within
from workflow.store.repositories.signatures import WAITS_FOR_A_LIST
from workflow.store.tables.signatures import signatures
from workflow.store.tables.trust import awaited_sources, ocsp_answers, revocation_sources

#: So many answers about one certificate are judged by: the newest ones.
FEW = 3


class OcspAnswers:
    """Answers about certificates; old ones are kept, because old verdicts rest on them."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def add(self, answer: StoredAnswer) -> bool:
        """Remember an answer; False if it was known already."""
        return rows.insert_if_absent(self.connection, ocsp_answers, asdict(answer))

    def to_judge_by(self, serial: str) -> list[StoredAnswer]:
        """Return the newest answers about certificates with this number."""
        c = ocsp_answers.c
        query = sa.select(ocsp_answers).where(c.serial == serial)
        query = query.order_by(c.this_update.desc(), c.id.desc()).limit(FEW)
        return [within(row, StoredAnswer) for row in self.connection.execute(query)]


class RevocationSources:
    """Addresses that were asked, by their key."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def by_keys(self, keys: Iterable[str]) -> dict[str, AskedSource]:
        """Return what is known of these sources; one that was never asked is left out."""
        known: dict[str, AskedSource] = {}
        for some in chunks(list(dict.fromkeys(keys))):
            query = sa.select(revocation_sources).where(revocation_sources.c.key.in_(some))
            found = (within(row, AskedSource) for row in self.connection.execute(query))
            known |= {source.key: source for source in found}
        return known

    def page(self, *, limit: int, skip: int = 0) -> list[AskedSource]:
        """Return what is known of all sources: those that fail for the longest time first."""
        c = revocation_sources.c
        query = sa.select(revocation_sources).order_by(c.failures.desc(), c.key.desc())
        found = self.connection.execute(query.limit(limit).offset(skip))
        return [within(row, AskedSource) for row in found]

    def await_at(self, awaited: Mapping[UUID, Iterable[str]]) -> None:
        """Remember which sources the certificates of these signatures name."""
        c = awaited_sources.c
        known: set[tuple[UUID, str]] = set()
        for some in chunks(list(awaited)):
            query = sa.select(c.signature_id, c.key).where(c.signature_id.in_(some))
            known |= {(row.signature_id, row.key) for row in self.connection.execute(query)}
        for signature_id, keys in awaited.items():
            for key in keys:
                if (signature_id, key) not in known:
                    row = {"signature_id": signature_id, "key": key}
                    rows.insert_if_absent(self.connection, awaited_sources, row)

    def awaited(self, keys: Iterable[str]) -> dict[str, int]:
        """Return how many signatures wait for each of these sources, received ones and those
        before their second look; a source that nobody waits for is left out."""
        counted: dict[str, int] = {}
        c = awaited_sources.c
        joined = awaited_sources.join(signatures, signatures.c.id == c.signature_id)
        for some in chunks(list(dict.fromkeys(keys))):
            query = sa.select(c.key, sa.func.count()).select_from(joined)
            query = query.where(c.key.in_(some), WAITS_FOR_A_LIST).group_by(c.key)
            for key, count in self.connection.execute(query):
                counted[key] = count
        return counted

    def put(self, source: AskedSource) -> None:
        """Write how asking went; the last word stays."""
        row = dict(vars(source))
        if not rows.insert_if_absent(self.connection, revocation_sources, row):
            this = revocation_sources.c.key == source.key
            self.connection.execute(sa.update(revocation_sources).where(this).values(row))
