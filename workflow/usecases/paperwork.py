"""Enter how an organisation keeps its originals, and what its employees answered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from workflow.domain.mandates import Actor
from workflow.domain.organisations import Organisation
from workflow.domain.paper import (
    Answer,
    Area,
    EmployeeAnswer,
    Introduction,
    PaperRegime,
    check_answer,
    check_introduction,
    may_set_paperwork,
)
from workflow.domain.refusals import Refusal
from workflow.domain.regulations import DocumentType, Origin
from workflow.store.errors import MissingRowError
from workflow.store.unit_of_work import Repositories, Transaction
from workflow.usecases import desk as desks
from workflow.usecases.errors import NotFoundError
from workflow.usecases.services import Services

Change = Callable[[PaperRegime], PaperRegime]


def introduce_electronic(
    services: Services, actor: Actor, organisation_id: UUID, area: str, since: date, act: str
) -> PaperRegime | Refusal:
    """Enter since when originals of the area (`labour` or `other`) are electronic, by which act.

    NotFoundError for an organisation that is not the actor's; ValueError for another area.
    """
    introduced = Introduction(since, act.strip())
    refusal = check_introduction(introduced)
    if refusal:
        return refusal
    return _change(
        services,
        actor,
        organisation_id,
        lambda regime: regime.with_introduction(Area(area), introduced),
        {"area": area, "since": since.isoformat()},
    )


def keep_on_paper(
    services: Services, actor: Actor, organisation_id: UUID, area: str
) -> PaperRegime | Refusal:
    """Take back that originals of the area are electronic; what was signed stays as it is."""
    return _change(
        services,
        actor,
        organisation_id,
        lambda regime: regime.with_introduction(Area(area), None),
        {"area": area, "since": None},
    )


def switch_type(
    services: Services, actor: Actor, organisation_id: UUID, type_code: str, on_paper: bool
) -> PaperRegime | Refusal:
    """Keep documents of a type on paper, or as the rest of its area.

    NotFoundError for a type that the organisation's pack does not make.
    """

    def change(regime: PaperRegime) -> PaperRegime:
        others = tuple(code for code in regime.paper_types if code != type_code)
        kept = (*others, type_code) if on_paper else others
        return replace(regime, paper_types=tuple(sorted(kept)))

    with services.uow.reading() as tx:
        organisation = laid_organisation(tx, services, actor, organisation_id)
    if type_code not in {kind.code for kind in own_types(services, organisation)}:
        raise NotFoundError(f"type {type_code} of organisation {organisation_id}")
    return _change(services, actor, organisation_id, change, {"type": type_code, "paper": on_paper})


def own_types(services: Services, organisation: Organisation) -> tuple[DocumentType, ...]:
    """The types that the organisation makes and signs by its newest pack."""
    if not organisation.pack:
        return ()
    types = services.packs.newest(organisation.pack).document_types.values()
    return tuple(kind for kind in types if kind.origin is Origin.MADE)


def _change(
    services: Services,
    actor: Actor,
    organisation_id: UUID,
    change: Change,
    told: dict[str, object],
) -> PaperRegime | Refusal:
    with services.uow() as tx:
        organisation = laid_organisation(tx, services, actor, organisation_id)
        refusal = _may(tx, services, actor, organisation)
        if refusal:
            return refusal
        before = tx.paper_regimes.of(organisation.id)
        regime = before or PaperRegime(services.new_id(), organisation.id)
        saved = tx.paper_regimes.save(change(regime), before)
        tx.audit.add(organisation.id, "paperwork.changed", told)
        tx.commit()
        return saved


def laid_organisation(
    tx: Repositories, services: Services, actor: Actor, organisation_id: UUID
) -> Organisation:
    """The organisation, for those who work there and for the operator; NotFoundError else."""
    try:
        organisation = tx.organisations.load(organisation_id)
    except MissingRowError as error:
        raise NotFoundError(f"organisation {organisation_id}") from error
    known = desks.actor_of(tx, actor.person_id)
    today = organisation.local_day(services.clock())
    if not known.operator and not known.works_in(organisation.id, today):
        raise NotFoundError(f"organisation {organisation_id} is not for {actor.person_id}")
    return organisation


def _may(
    tx: Repositories, services: Services, actor: Actor, organisation: Organisation
) -> Refusal | None:
    known = desks.actor_of(tx, actor.person_id)
    return may_set_paperwork(known, organisation, organisation.local_day(services.clock()))


@dataclass(frozen=True)
class EnteredAnswer:
    """An employee's answer as the clerk has it on paper.

    `answer` is `consented`, `refused` or `not_needed`; `scan` a PDF (empty: none).
    """

    answer: str
    dated: date
    scan: bytes = b""
    remark: str = ""


def enter_answer(
    services: Services, actor: Actor, employment_id: UUID, entered: EnteredAnswer
) -> EmployeeAnswer | Refusal:
    """Enter that an employee agreed to electronic labour documents, refused, or is not asked.

    NotFoundError for somebody of another organisation; ValueError for another answer.
    """
    scan = services.blobs.put(entered.scan) if entered.scan else ""
    with services.uow() as tx:
        try:
            employment = tx.employments.load(employment_id)
        except MissingRowError as error:
            raise NotFoundError(f"employment {employment_id}") from error
        organisation = laid_organisation(tx, services, actor, employment.organisation_id)
        answer = Answer(entered.answer)
        today = organisation.local_day(services.clock())
        refusal = _may(tx, services, actor, organisation) or check_answer(
            answer, employment, entered.dated, bool(scan), today
        )
        if refusal:
            return refusal
        added = EmployeeAnswer(
            id=services.new_id(),
            employment_id=employment.id,
            answer=answer,
            dated=entered.dated,
            entered_at=services.clock(),
            entered_by=actor.person_id,
            scan=scan,
            remark=entered.remark.strip(),
        )
        _add(tx, organisation, added)
        tx.commit()
        return added


def _add(tx: Transaction, organisation: Organisation, answer: EmployeeAnswer) -> None:
    tx.employee_answers.add(answer)
    tx.audit.add(
        organisation.id,
        "employee.answered",
        {
            "employment": str(answer.employment_id),
            "answer": str(answer.answer),
            "scan": answer.scan or None,
        },
    )
