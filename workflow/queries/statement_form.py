"""The form by which a clerk enters a paper of a pair that somebody wrote by hand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from workflow.domain.existing import (
    author_of,
    copied_fields,
    may_be_entered,
    may_register_existing,
)
from workflow.domain.mandates import Actor
from workflow.domain.permissions import Circumstances
from workflow.domain.refusals import Refusal
from workflow.domain.regulations import Choice, DocumentType, FieldKind, FieldSpec
from workflow.queries.pair_forms import staff_choices
from workflow.queries.pair_places import lay_for_work
from workflow.store.unit_of_work import Repositories
from workflow.usecases.errors import NotFoundError
from workflow.usecases.pairs.filling import PAIR
from workflow.usecases.pairs.reading import PairDesk, people_named
from workflow.usecases.prefill import prefill
from workflow.usecases.services import Services

_NAMES_PEOPLE = (FieldKind.PERSON, FieldKind.PEOPLE)


@dataclass(frozen=True)
class StatementChoice:
    """The papers of a pair that one person signs in the own name.

    `refusal` says why the actor may not enter one.
    """

    case_id: UUID
    organisation: str
    mentees: tuple[str, ...]
    mentor: str
    types: tuple[DocumentType, ...]
    refusal: Refusal | None


@dataclass(frozen=True)
class StatementForm:
    """What is asked about one paper: `author` names its writer, one of `authors`.

    `fields` are what the clerk copies from it, `known` what the pair says of them already,
    `options` what may be chosen in those that name people.
    """

    choice: StatementChoice
    kind: DocumentType
    author: FieldSpec
    authors: tuple[Choice, ...]
    fields: tuple[FieldSpec, ...]
    known: Mapping[str, object]
    options: Mapping[str, tuple[Choice, ...]]
    today: date


def statement_choice(services: Services, actor: Actor, case_id: UUID) -> StatementChoice:
    """Return the papers; NotFoundError for a pair that is not for these eyes."""
    with services.uow.reading() as tx:
        return _choice(tx, services, lay_for_work(tx, services, actor, case_id))


def statement_form(
    services: Services, actor: Actor, case_id: UUID, type_code: str
) -> StatementForm:
    """Return the form; NotFoundError for a strange pair, or a type that several people sign."""
    with services.uow.reading() as tx:
        desk = lay_for_work(tx, services, actor, case_id)
        choice = _choice(tx, services, desk)
        kind = next((one for one in choice.types if one.code == type_code), None)
        author = author_of(kind) if kind else None
        if kind is None or author is None:
            raise NotFoundError(f"statement {type_code} in pair {case_id}")
        fields = tuple(spec for spec in copied_fields(kind) if spec.key != author.key)
        staff = staff_choices(tx, desk.organisation, desk.today)
        return StatementForm(
            choice=choice,
            kind=kind,
            author=author,
            authors=_authors(staff, author, desk),
            fields=fields,
            known=prefill(tx, services, desk.regulation, kind, desk.organisation, case_id),
            options={spec.key: staff for spec in fields if spec.kind in _NAMES_PEOPLE},
            today=desk.today,
        )


def _choice(tx: Repositories, services: Services, desk: PairDesk) -> StatementChoice:
    types = desk.regulation.document_types
    kinds = [types[code] for code in desk.regulation.case_kinds[desk.case.kind].documents]
    mentees, mentor = desk.life.mentees or desk.pair.mentees, desk.life.mentor or desk.pair.proposed
    names = people_named(tx, [*mentees, *([mentor] if mentor else [])])
    offered = tuple(k for k in kinds if may_be_entered(k) and _is_of_pair(k))
    asked = (Circumstances(k, desk.organisation, services.clock()) for k in offered)
    refusals = (may_register_existing(desk.actor, around) for around in asked)
    return StatementChoice(
        case_id=desk.pair.id,
        organisation=desk.organisation.short_name,
        mentees=tuple(names[one] for one in mentees),
        mentor=names[mentor] if mentor else "",
        types=offered,
        refusal=next(filter(None, refusals), None),
    )


def _is_of_pair(kind: DocumentType) -> bool:
    """Whether one person of the pair signs it; other papers of workers have pages of their own."""
    author = author_of(kind)
    return author is not None and author.source.startswith(PAIR)


def _authors(staff: Iterable[Choice], author: FieldSpec, desk: PairDesk) -> tuple[Choice, ...]:
    """Whose paper it can be: the mentor's (named or proposed), a mentee's, or of either."""
    mentors: set[UUID | None] = {desk.life.mentor, desk.pair.proposed}
    mentees = {*desk.pair.mentees, *desk.life.mentees}
    people: set[UUID | None] = {*mentors, *mentees}
    if author.key in ("mentor", "mentee"):
        people = mentors if author.key == "mentor" else {*mentees}
    named = {str(one) for one in people if one}
    return tuple(choice for choice in staff if choice.key in named)
