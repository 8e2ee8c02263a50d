"""Trust anchors, revocation lists, public checks, visual copies."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from workflow.domain.trust import UNKNOWN_ISSUER, PublicCheck, StoredCrl, TrustAnchor, VisualCopy
from workflow.store import rows
from workflow.store.repositories.base import AT_MOST, Aggregates, within
from workflow.store.tables.trust import crls, public_checks, trust_anchors, visual_copies

#: So many lists of one issuer are judged by, counted from each end that matters.
FEW = 3


class TrustAnchors(Aggregates[TrustAnchor]):
    """Trusted roots; removed ones are kept."""

    table = trust_anchors
    value = TrustAnchor

    def trusted_by(
        self, organisation_id: UUID | None, since: datetime | None = None
    ) -> list[TrustAnchor]:
        """Return what the organisation trusts: its own anchors and the installation's.

        With `since` also those that were removed after that moment.
        """
        c = trust_anchors.c
        # Comparing with None asks for the installation's anchors twice, which does no harm.
        whose = sa.or_(c.organisation_id.is_(None), c.organisation_id == organisation_id)
        removed_later = sa.false() if since is None else c.removed_at > since
        kept = sa.or_(c.removed_at.is_(None), removed_later)
        query = sa.select(trust_anchors).where(whose, kept)
        return self._read(query.order_by(c.id).limit(AT_MOST))

    def own(self) -> list[TrustAnchor]:
        """Return what single organisations trust for themselves, each one's together."""
        c = trust_anchors.c
        query = sa.select(trust_anchors).where(
            c.organisation_id.is_not(None), c.removed_at.is_(None)
        )
        return self._read(query.order_by(c.organisation_id, c.id).limit(AT_MOST))

    def all(self, *, limit: int = AT_MOST) -> list[TrustAnchor]:
        """Return every anchor, removed ones too, in the order they were added."""
        return self._read(sa.select(trust_anchors).order_by(trust_anchors.c.id).limit(limit))


class Crls:
    """Revocation lists; old ones are kept, because old verdicts rest on them."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def add(self, crl: StoredCrl) -> bool:
        """Remember a list; False if it was known already."""
        return rows.insert_if_absent(self.connection, crls, asdict(crl))

    def of_unknown(self) -> list[StoredCrl]:
        """Return the lists that nobody known has signed, the first first."""
        query = sa.select(crls).where(crls.c.issuer == UNKNOWN_ISSUER).order_by(crls.c.id)
        return [within(row, StoredCrl) for row in self.connection.execute(query.limit(AT_MOST))]

    def newest_of_each(self) -> list[StoredCrl]:
        """Return the newest list of each issuer, and the newest of all unknown ones."""
        newest = (
            sa.select(crls.c.issuer, sa.func.max(crls.c.this_update).label("this_update"))
            .group_by(crls.c.issuer)
            .subquery()
        )
        same = sa.and_(crls.c.issuer == newest.c.issuer, crls.c.this_update == newest.c.this_update)
        query = sa.select(crls).join(newest, same).order_by(crls.c.issuer, crls.c.id)
        return [within(row, StoredCrl) for row in self.connection.execute(query.limit(AT_MOST))]

    def to_judge_by(self, received_at: datetime | None = None) -> list[StoredCrl]:
        """Return the newest lists of each issuer and, if given, the first ones after `received_at`.

        A few of each, not one: complete lists and deltas belong together. The first ones after a
        receipt know of a certificate that later ones leave out, because it has expired; they are
        the first by their date, and the first that came here, so that an older list that comes
        later takes the place of none. All lists of unknown issuers go with them.
        """
        found = [*self.of_unknown(), *self._few(crls.c.this_update.desc())]
        if received_at is not None:
            after = crls.c.this_update > received_at
            found += [*self._few(crls.c.this_update, after), *self._few(crls.c.stored_at, after)]
        return list({one.id: one for one in found}.values())

    def _few(
        self, order: sa.ColumnElement[datetime], *where: sa.ColumnElement[bool]
    ) -> list[StoredCrl]:
        place = sa.func.row_number().over(
            partition_by=crls.c.issuer, order_by=(order, crls.c.stored_at, crls.c.id)
        )
        placed = sa.select(crls.c.id, place.label("place")).where(*where).subquery()
        query = sa.select(crls).join(placed, placed.c.id == crls.c.id)
        query = query.where(placed.c.place <= FEW).order_by(crls.c.issuer, crls.c.id)
        return [within(row, StoredCrl) for row in self.connection.execute(query.limit(AT_MOST))]

    def first_after(self, issuer: str, moment: datetime) -> StoredCrl | None:
        """Return the issuer's first list made after `moment` (the one to look at again with)."""
        query = (
            sa.select(crls)
            .where(crls.c.issuer == issuer, crls.c.this_update > moment)
            .order_by(crls.c.this_update, crls.c.id)
            .limit(1)
        )
        row = self.connection.execute(query).one_or_none()
        return None if row is None else within(row, StoredCrl)


class PublicChecks:
    """Unguessable addresses; a fixing has one."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def add(self, check: PublicCheck) -> bool:
        """Remember an address; False if the fixing has one already."""
        return rows.insert_if_absent(self.connection, public_checks, asdict(check))

    def find(self, token: str) -> PublicCheck | None:
        """Return what the address leads to."""
        return self._find(public_checks.c.token == token)

    def of_fixing(self, document_id: UUID, fixing: int) -> PublicCheck | None:
        """Return the address of a document's fixing."""
        c = public_checks.c
        return self._find(sa.and_(c.document_id == document_id, c.fixing == fixing))

    def _find(self, which: sa.ColumnElement[bool]) -> PublicCheck | None:
        row = self.connection.execute(sa.select(public_checks).where(which)).one_or_none()
        return None if row is None else within(row, PublicCheck)


class VisualCopies:
    """Copies for the eye; each is made anew when marks are added."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def add(self, copy: VisualCopy) -> None:
        rows.insert(self.connection, visual_copies, asdict(copy))

    def newest(self, document_id: UUID, fixing: int) -> list[VisualCopy]:
        """Return the newest copy of each file of the fixing, in the order of their making."""
        c = visual_copies.c
        query = (
            sa.select(visual_copies)
            .where(c.document_id == document_id, c.fixing == fixing)
            .order_by(c.of_version, c.made_at, c.id)
            .limit(AT_MOST)
        )
        copies = [within(row, VisualCopy) for row in self.connection.execute(query)]
        return list({copy.file: copy for copy in copies}.values())
