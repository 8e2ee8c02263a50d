"""The mentor pairs of an organisation as they are filed: who with whom, until when, every turn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from workflow.domain.organisations import Organisation
from workflow.domain.pairs import Life, Pair, PairStatus, TurnKind, life_of
from workflow.store.unit_of_work import Repositories
from workflow.usecases.pairs.reading import people_named
from workflow.usecases.services import Services
from workflow.usecases.wording import document_named

#: The pairs of one organisation are exported in parts of so many.
PART = 200


@dataclass(frozen=True)
class FiledTurn:
    """A turn of a pair: from which day, who is the mentor then, by which document or event."""

    kind: TurnKind
    day: date
    cause: str
    mentor: str
    until: date | None
    ground: str


@dataclass(frozen=True)
class FiledPair:
    """A pair; `mentor` ("" while nobody is) and the term are those of today."""

    id: UUID
    status: PairStatus
    mentor: str
    mentees: tuple[str, ...]
    need: str
    since: date
    until: date
    turns: tuple[FiledTurn, ...]


def filed_pairs(
    tx: Repositories, services: Services, organisation: Organisation
) -> tuple[FiledPair, ...]:
    """Return the newest PART pairs, in the order in which they were asked for."""
    today = organisation.local_day(services.clock())
    found = tx.pairs.search([organisation.id], (), limit=PART)
    lives = {pair.id: life_of(pair, today) for pair in found}
    names = people_named(tx, [one for pair in found for one in _named(pair)])
    grounds = _grounds(tx, found)
    return tuple(
        _filed(pair, lives[pair.id], names, grounds)
        for pair in sorted(found, key=lambda pair: (pair.requested_at, pair.id))
    )


def _named(pair: Pair) -> tuple[UUID, ...]:
    mentors = [turn.mentor for turn in pair.turns if turn.mentor]
    proposed = [pair.proposed] if pair.proposed else []
    return (*pair.mentees, *mentors, *proposed)


def _grounds(tx: Repositories, pairs: list[Pair]) -> Mapping[UUID, str]:
    ids = {t.document_id for pair in pairs for t in pair.held if t.document_id}
    return {d.id: document_named(d) for d in tx.documents.load_many(sorted(ids)).values()}


def _filed(
    pair: Pair, life: Life, names: Mapping[UUID, str], grounds: Mapping[UUID, str]
) -> FiledPair:
    waits = life.status in (PairStatus.WAITING_FOR_MENTOR, PairStatus.MATCHING)
    mentor = None if waits else life.mentor
    spell = life.spell
    return FiledPair(
        id=pair.id,
        status=life.status,
        mentor=names[mentor] if mentor else "",
        mentees=tuple(names[one] for one in life.mentees or pair.mentees),
        need=pair.need,
        since=spell.since if spell else pair.since,
        until=spell.until if spell else pair.until,
        turns=tuple(
            FiledTurn(
                kind=turn.kind,
                day=turn.day,
                cause=turn.cause,
                mentor=names[turn.mentor] if turn.mentor else "",
                until=turn.until,
                ground=grounds.get(turn.document_id, "") if turn.document_id else turn.ground,
            )
            for turn in pair.held
        ),
    )
