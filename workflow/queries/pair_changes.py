"""«Что случилось»: what may be done when something changes in a pair."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from workflow.domain.mandates import Actor
from workflow.domain.pair_permissions import is_led
from workflow.domain.pairs import Life
from workflow.domain.refusals import N_, Refusal
from workflow.domain.regulations import DocumentType, PairEffect, Regulation
from workflow.domain.term_changes import CHANGE_SHEET
from workflow.queries.case_page import ENDED, IN_FORCE, DocumentLine
from workflow.queries.pair_page import begins
from workflow.queries.pair_papers import is_pending, type_with
from workflow.queries.pair_places import lay_for_work
from workflow.queries.pair_standing import Standing, standings
from workflow.store.unit_of_work import Repositories
from workflow.usecases.pairs.reading import PairDesk
from workflow.usecases.services import Services

PETITION, REPRESENTATION = "D22", "D23"


class ChangeAsked(StrEnum):
    """What happened to a pair, as people say it; each has a document of its own."""

    RESIGNS = "resigns"
    CANCELS = "cancels"
    PETITIONS = "petitions"
    REPRESENTS = "represents"
    CHANGES_TERM = "changes_term"
    EXTENDS = "extends"
    REPLACES = "replaces"
    CORRECTS = "corrects"
    CANCELS_ORDER = "cancels_order"


@dataclass(frozen=True)
class ChangeAction:
    """A document that may be begun about the change; `document` is one under way already."""

    asked: ChangeAsked
    kind: DocumentType
    document: DocumentLine | None
    refusal: Refusal | None


@dataclass(frozen=True)
class PairChanges:
    """What may be begun about a pair.

    `over` is said once for a pair that has ended: then only what is still possible is listed.
    """

    case_id: UUID
    organisation: str
    mentees: tuple[str, ...]
    mentor: str
    over: Refusal | None
    actions: tuple[ChangeAction, ...]


def pair_changes(services: Services, actor: Actor, case_id: UUID) -> PairChanges:
    """Return what may be begun; NotFoundError for a pair that is not for these eyes."""
    with services.uow.reading() as tx:
        desk = lay_for_work(tx, services, actor, case_id)
        place = {desk.organisation.id: desk.organisation}
        (standing,) = standings(tx, services, desk.actor, [desk.pair], place)
        life = desk.life
        return PairChanges(
            case_id=case_id,
            organisation=desk.organisation.short_name,
            mentees=tuple(standing.names[m] for m in life.mentees or desk.pair.mentees),
            mentor=standing.names[life.mentor] if life.mentor else "",
            over=is_led(life) if life.is_over else None,
            actions=tuple(
                action
                for asked in ChangeAsked
                if (kind := _type(desk.regulation, asked)) is not None
                and (action := _action(tx, services, desk, standing, asked, kind))
                and not (life.is_over and action.document is None and _now(desk, standing, asked))
            ),
        )


_EFFECTS = {
    ChangeAsked.RESIGNS: PairEffect.STATEMENT,
    ChangeAsked.CANCELS: PairEffect.NOTICE,
    ChangeAsked.EXTENDS: PairEffect.EXTEND,
    ChangeAsked.REPLACES: PairEffect.REPLACE_OR_END,
    ChangeAsked.CORRECTS: PairEffect.AMEND,
    ChangeAsked.CANCELS_ORDER: PairEffect.CANCEL,
}
_CODES = {
    ChangeAsked.PETITIONS: PETITION,
    ChangeAsked.REPRESENTS: REPRESENTATION,
    ChangeAsked.CHANGES_TERM: CHANGE_SHEET,
}


def _type(regulation: Regulation, asked: ChangeAsked) -> DocumentType | None:
    if asked in _EFFECTS:
        return type_with(regulation, _EFFECTS[asked])
    return regulation.document_types.get(_CODES[asked])


def _action(
    tx: Repositories,
    services: Services,
    desk: PairDesk,
    standing: Standing,
    asked: ChangeAsked,
    kind: DocumentType,
) -> ChangeAction:
    under_way = [h for h in standing.of_types(kind.code) if h.state not in (*IN_FORCE, *ENDED)]
    refusal = _now(desk, standing, asked) or begins(tx, services, desk, kind)
    document = standing.lines[under_way[-1].id] if under_way else None
    return ChangeAction(asked, kind, document, refusal)


def _now(desk: PairDesk, standing: Standing, asked: ChangeAsked) -> Refusal | None:
    """What the pair's life says against it, whoever asks."""
    match asked:
        case ChangeAsked.RESIGNS if is_pending(desk.pair, desk.life):
            return None  # somebody who is only proposed may decline, too
        case ChangeAsked.CORRECTS | ChangeAsked.CANCELS_ORDER:
            return _was_ordered(desk.life)
        case ChangeAsked.EXTENDS:
            return is_led(desk.life) or _agreed(standing)
        case _:
            return is_led(desk.life)


def _was_ordered(life: Life) -> Refusal | None:
    if life.spell is not None:
        return None
    return Refusal(
        "pair.no_order",
        N_("There is no order in force for this pair yet."),
        N_("Change the draft of the order, or take the pair out of it."),
    )


def _agreed(standing: Standing) -> Refusal | None:
    """An order on another term rests on the consent of both sides: the change sheet."""
    if CHANGE_SHEET not in standing.regulation.document_types:
        return None
    if any(h.state in IN_FORCE for h in standing.of_types(CHANGE_SHEET)):
        return None
    return Refusal(
        "pair.term_not_agreed",
        N_("Mentor and mentees have not agreed on another term yet."),
        N_("Prepare the change sheet first and have both sides sign it."),
    )
