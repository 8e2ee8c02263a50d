"""Under which certificates this installation has sealed simple signatures."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from workflow.store import rows
from workflow.store.tables.known_seals import known_seals


class KnownSeals:
    """Fingerprints (SHA-256, hex) of sealing certificates; none is ever taken away."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def remember(self, fingerprint: str, training: bool, at: datetime) -> bool:
        """Keep the fingerprint; False where it is known already."""
        known = {"fingerprint": fingerprint, "training": training, "known_since": at}
        return rows.insert_if_absent(self.connection, known_seals, known)

    def knows(self, fingerprint: str, training: bool) -> bool:
        """Return whether this installation has sealed under the certificate, in practice or not."""
        c = known_seals.c
        query = sa.select(sa.exists().where(c.fingerprint == fingerprint, c.training.is_(training)))
        return bool(self.connection.execute(query).scalar())
