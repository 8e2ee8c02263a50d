"""The form by which a clerk enters a document that exists already, for any case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from workflow.domain.cases import Case
from workflow.domain.existing import copied_fields, may_be_entered, may_register_existing
from workflow.domain.mandates import Actor
from workflow.domain.organisations import Organisation
from workflow.domain.permissions import Circumstances
from workflow.domain.refusals import Refusal
from workflow.domain.regulations import Choice, DocumentType, FieldKind, FieldSpec, Origin
from workflow.store.errors import MissingRowError
from workflow.store.unit_of_work import Repositories
from workflow.usecases import desk as desks
from workflow.usecases.errors import NotFoundError
from workflow.usecases.services import Services


@dataclass(frozen=True)
class ExistingChoice:
    """The types of a case whose existing documents can be entered."""

    case_id: UUID
    case_title: str
    organisation: str
    types: tuple[DocumentType, ...]


@dataclass(frozen=True)
class ExistingForm:
    """What is asked about one document; `refusal` says why the actor may not enter it.

    `known` are facts that may be copied from it, none of them needed; `options` what may be chosen
    in those that name people.
    """

    case_id: UUID
    case_title: str
    organisation: str
    kind: DocumentType
    known: tuple[FieldSpec, ...]
    options: dict[str, tuple[Choice, ...]]
    today: date
    refusal: Refusal | None


def existing_choice(services: Services, actor: Actor, case_id: UUID) -> ExistingChoice:
    """Return the types; NotFoundError for a case that is not of the actor's organisation."""
    with services.uow.reading() as tx:
        case, organisation = _laid(tx, services, actor, case_id)
        return ExistingChoice(
            case_id=case.id,
            case_title=_title(case),
            organisation=organisation.short_name,
            types=_types(services, case),
        )


def existing_form(services: Services, actor: Actor, case_id: UUID, type_code: str) -> ExistingForm:
    """Return the form; NotFoundError for a strange case, or a type that is not of the case."""
    with services.uow.reading() as tx:
        case, organisation = _laid(tx, services, actor, case_id)
        kind = next((k for k in _types(services, case) if k.code == type_code), None)
        if kind is None:
            raise NotFoundError(f"type {type_code} in case {case_id}")
        now = services.clock()
        around = Circumstances(kind, organisation, now)
        known = copied_fields(kind)
        return ExistingForm(
            case_id=case.id,
            case_title=_title(case),
            organisation=organisation.short_name,
            kind=kind,
            known=known,
            options=_options(tx, organisation, known),
            today=organisation.local_day(now),
            refusal=may_register_existing(desks.actor_of(tx, actor.person_id), around),
        )


def _title(case: Case) -> str:
    return f"{case.title}, {case.school_year}" if case.school_year else case.title


def _laid(
    tx: Repositories, services: Services, actor: Actor, case_id: UUID
) -> tuple[Case, Organisation]:
    try:
        case = tx.cases.load(case_id)
    except MissingRowError as error:
        raise NotFoundError(f"case {case_id}") from error
    organisation = tx.organisations.load(case.organisation_id)
    known = desks.actor_of(tx, actor.person_id)
    if not known.works_in(organisation.id, organisation.local_day(services.clock())):
        raise NotFoundError(f"case {case_id} is not for {actor.person_id}")
    return case, organisation


def _types(services: Services, case: Case) -> tuple[DocumentType, ...]:
    """The types of the case, in the order of the regulation; an office enters its orders alone."""
    regulation = services.packs.get(case.pack, case.pack_version)
    kinds = [regulation.document_types[c] for c in regulation.case_kinds[case.kind].documents]
    return tuple(k for k in kinds if k.origin is not Origin.EXISTING and may_be_entered(k))


def _options(
    tx: Repositories, organisation: Organisation, known: tuple[FieldSpec, ...]
) -> dict[str, tuple[Choice, ...]]:
    """Everybody who has ever worked there: an older document may name whoever has left."""
    posts = tx.employments.of_organisation(organisation.id)
    people = tx.people.load_many([e.person_id for e in posts])
    named = [(f"{people[e.person_id].full_name}, {e.post}", str(e.id)) for e in posts]
    staff = tuple(Choice(key, label) for label, key in sorted(named))
    kinds = (FieldKind.PERSON, FieldKind.PEOPLE)
    return {spec.key: staff for spec in known if spec.kind in kinds}
