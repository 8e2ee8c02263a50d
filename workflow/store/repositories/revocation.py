"""Answers of responders, and how asking each address went."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict

import sqlalchemy as sa
from sqlalchemy import Connection

from workflow.domain.trust import AskedSource, StoredAnswer
from workflow.store import rows
from workflow.store.repositories.base import chunks, within
from workflow.store.tables.trust import ocsp_answers, revocation_sources

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

    def put(self, source: AskedSource) -> None:
        """Write how asking went; the last word stays."""
        row = asdict(source)
        if not rows.insert_if_absent(self.connection, revocation_sources, row):
            this = revocation_sources.c.key == source.key
            self.connection.execute(sa.update(revocation_sources).where(this).values(row))
