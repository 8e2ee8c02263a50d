"""Mentor pairs and their meetings."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from workflow.domain.meetings import Meeting
from workflow.domain.pairs import Life, Pair, PairStatus, Proposal, Reason, Turn
from workflow.store import rows
from workflow.store.repositories.base import (
    AT_MOST,
    Aggregates,
    Page,
    append,
    children,
    within,
)
from workflow.store.tables.pairs import (
    meetings,
    pair_mentees,
    pair_proposals,
    pair_reasons,
    pair_turns,
    pairs,
)

_OWN = (
    "id", "version", "organisation_id", "kind", "form", "need", "since", "until", "requested_at",
    "requested_by", "clause", "clause_mentor", "early_start_reason",
)  # fmt: skip


class Pairs(Aggregates[Pair]):
    """Who mentors whom. Proposals, reasons and turns are only added."""

    table = pairs
    value = Pair

    def save_living(self, new: Pair, loaded: Pair | None, life: Life) -> Pair:
        """Save with what follows from the turns beside, for queries."""
        spell = life.spell
        derived = {
            "status": life.status,
            "mentor_id": spell.mentor if spell else new.proposed,
            "begins_on": spell.since if spell else None,
            "ends_on": spell.until if spell else None,
            "changes_on": life.changes_on,
        }
        self._save_row(new, loaded, **derived)
        self._save_children(new, loaded)
        return replace(new, version=(loaded.version if loaded else 0) + 1)

    def find(self, case_ids: Iterable[UUID]) -> dict[UUID, Pair]:
        """Return the pairs among these cases, by id."""
        wanted = list(dict.fromkeys(case_ids))
        query = sa.select(pairs).where(pairs.c.id.in_(wanted))
        return {pair.id: pair for pair in self._read(query)} if wanted else {}

    def of_organisation(
        self,
        organisation_id: UUID,
        *,
        statuses: Collection[PairStatus] = (),
        limit: int = 50,
        before: UUID | None = None,
    ) -> Page[Pair]:
        """Return the organisation's pairs, the newest first."""
        where = [pairs.c.organisation_id == organisation_id]
        if statuses:
            where.append(pairs.c.status.in_(statuses))
        return self._page(*where, limit=limit, before=before)

    def search(
        self,
        organisation_ids: Collection[UUID],
        statuses: Collection[PairStatus] = (),
        *,
        limit: int = 50,
        offset: int = 0,
    ) -> list[Pair]:
        """Return pairs of these organisations, the newest first, from the `offset`-th on."""
        where = [pairs.c.organisation_id.in_(organisation_ids)]
        where += [pairs.c.status.in_(statuses)] if statuses else []
        query = sa.select(pairs).where(*where).order_by(pairs.c.id.desc())
        return self._read(query.limit(limit).offset(offset))

    def counted(self, organisation_ids: Collection[UUID]) -> dict[PairStatus, int]:
        """Return how many pairs of these organisations stand how, as of their last change."""
        query = sa.select(pairs.c.status, sa.func.count()).where(
            pairs.c.organisation_id.in_(organisation_ids)
        )
        rows_ = self.connection.execute(query.group_by(pairs.c.status))
        return {row.status: row[1] for row in rows_}

    def naming(self, employment_ids: Collection[UUID], *, limit: int = AT_MOST) -> list[Pair]:
        """Return the pairs in which one of these posts mentors, is proposed or is a mentee."""
        if not employment_ids:
            return []
        as_mentee = sa.select(pair_mentees.c.pair_id).where(
            pair_mentees.c.employment_id.in_(employment_ids)
        )
        as_mentor = sa.select(pair_turns.c.pair_id).where(pair_turns.c.mentor.in_(employment_ids))
        proposed = sa.select(pair_proposals.c.pair_id).where(
            pair_proposals.c.mentor.in_(employment_ids)
        )
        query = sa.select(pairs).where(
            pairs.c.id.in_(as_mentee.union(as_mentor, proposed).subquery().select())
        )
        return self._read(query.order_by(pairs.c.id.desc()).limit(limit))

    def names_one_of(self, employment_ids: Collection[UUID]) -> bool:
        """Return whether one of these posts mentors, is proposed now or is a mentee somewhere."""
        if not employment_ids:
            return False
        held = pair_turns.c.mentor.in_(employment_ids) & pair_turns.c.withdrawn_at.is_(None)
        waiting = sa.and_(
            pair_proposals.c.mentor.in_(employment_ids), pair_proposals.c.withdrawn_at.is_(None)
        )
        named = sa.or_(
            sa.exists().where(pair_mentees.c.employment_id.in_(employment_ids)),
            sa.exists().where(held),
            sa.exists().where(waiting),
        )
        return bool(self.connection.execute(sa.select(named)).scalar())

    def turned_by(self, document_id: UUID) -> list[Pair]:
        """Return the pairs that the document has changed."""
        turned = sa.select(pair_turns.c.pair_id).where(pair_turns.c.document_id == document_id)
        return self._read(sa.select(pairs).where(pairs.c.id.in_(turned)).order_by(pairs.c.id))

    def stale(self, day: date, *, limit: int = 100) -> list[Pair]:
        """Return pairs whose stored status may have changed by the mere passing of days."""
        query = sa.select(pairs).where(pairs.c.changes_on <= day)
        return self._read(query.order_by(pairs.c.changes_on, pairs.c.id).limit(limit))

    def _row(self, value: Pair) -> dict[str, Any]:
        return {name: getattr(value, name) for name in _OWN}

    def _values(self, found: Sequence[sa.Row[Any]]) -> list[Pair]:
        ids = [row.id for row in found]
        mentees = children(self.connection, pair_mentees, "pair_id", ids)
        proposals = children(self.connection, pair_proposals, "pair_id", ids)
        reasons = children(self.connection, pair_reasons, "pair_id", ids)
        turns = children(self.connection, pair_turns, "pair_id", ids)
        return [
            within(
                row,
                Pair,
                mentees=tuple(m.employment_id for m in mentees[row.id]),
                proposals=tuple(
                    within(p, Proposal, at=p.made_at, by=p.made_by) for p in proposals[row.id]
                ),
                reasons=tuple(
                    Reason(r.check_key, r.reason, r.given_by, r.given_at) for r in reasons[row.id]
                ),
                turns=tuple(within(t, Turn, day=t.day_on, until=t.until_on) for t in turns[row.id]),
            )
            for row in found
        ]

    def _save_children(self, new: Pair, loaded: Pair | None) -> None:
        rows.replace_children(
            self.connection,
            pair_mentees,
            after=_mentee_rows(new),
            before=_mentee_rows(loaded) if loaded else [],
        )
        for table, made in (
            (pair_proposals, _proposal_rows),
            (pair_reasons, _reason_rows),
            (pair_turns, _turn_rows),
        ):
            append(
                self.connection,
                table,
                after=made(new),
                before=made(loaded) if loaded else [],
                changeable=frozenset({"withdrawn_at"}),
            )


def _mentee_rows(pair: Pair) -> list[Mapping[str, Any]]:
    return [
        {"pair_id": pair.id, "position": place, "employment_id": mentee}
        for place, mentee in enumerate(pair.mentees)
    ]


def _proposal_rows(pair: Pair) -> list[Mapping[str, Any]]:
    return [
        {
            "pair_id": pair.id,
            "position": place,
            "mentor": proposal.mentor,
            "since": proposal.since,
            "until": proposal.until,
            "made_at": proposal.at,
            "made_by": proposal.by,
            "note": proposal.note,
            "withdrawn_at": proposal.withdrawn_at,
        }
        for place, proposal in enumerate(pair.proposals)
    ]


def _reason_rows(pair: Pair) -> list[Mapping[str, Any]]:
    return [
        {
            "pair_id": pair.id,
            "position": place,
            "check_key": reason.check,
            "reason": reason.text,
            "given_by": reason.by,
            "given_at": reason.at,
        }
        for place, reason in enumerate(pair.reasons)
    ]


def _turn_rows(pair: Pair) -> list[Mapping[str, Any]]:
    return [
        {
            "id": turn.id,
            "pair_id": pair.id,
            "position": place,
            "kind": turn.kind,
            "day_on": turn.day,
            "cause": turn.cause,
            "recorded_at": turn.recorded_at,
            "document_id": turn.document_id,
            "recorded_by": turn.recorded_by,
            "mentor": turn.mentor,
            "mentee": turn.mentee,
            "until_on": turn.until,
            "ordered_on": turn.ordered_on,
            "ground": turn.ground,
            "withdrawn_at": turn.withdrawn_at,
        }
        for place, turn in enumerate(pair.turns)
    ]


class Meetings(Aggregates[Meeting]):
    """Meetings of pairs; a removed one keeps its row."""

    table = meetings
    value = Meeting

    def of_case(self, case_id: UUID, *, limit: int = AT_MOST) -> list[Meeting]:
        """Return the meetings of a pair by their day, removed ones left out."""
        query = sa.select(meetings).where(
            meetings.c.case_id == case_id, meetings.c.removed_at.is_(None)
        )
        return self._read(query.order_by(meetings.c.held_on, meetings.c.id).limit(limit))
