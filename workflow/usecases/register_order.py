"""Register an order of the office together with the case that it belongs to."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from workflow.domain.cases import Case, school_year_of
from workflow.domain.documents import Document
from workflow.domain.mandates import Actor
from workflow.domain.refusals import Refusal
from workflow.usecases.errors import NotFoundError
from workflow.usecases.open_case import open_case
from workflow.usecases.order_tasks import TASKS
from workflow.usecases.register_existing import Incomplete, Scanned, register_existing
from workflow.usecases.services import Services


def register_order(
    services: Services,
    actor: Actor,
    office_id: UUID,
    type_code: str,
    scanned: Scanned,
    facts: Mapping[str, object],
) -> Document | Refusal | Incomplete:
    """Register an existing order in the office's case of the order's school year.

    The case is opened if there is none yet; it stays open when the order is refused. A task that
    names no item of the order is cited by its key.
    """
    case = _case(services, actor, office_id, type_code, school_year_of(scanned.dated))
    if isinstance(case, Refusal):
        return case
    return register_existing(
        services, actor, case.id, type_code, scanned, _with_articles(facts, scanned.number)
    )


def _with_articles(facts: Mapping[str, object], number: str) -> Mapping[str, object]:
    rows = facts.get(TASKS)
    if not isinstance(rows, tuple):
        return facts
    return {**facts, TASKS: tuple(_with_article(row, number) for row in rows)}


def _with_article(row: Mapping[str, object], number: str) -> Mapping[str, object]:
    """«приказ № 789-о/д, п. 2.5» for the tasks 2.5-1 and 2.5-2 alike."""
    if row.get("article"):
        return row
    item = str(row.get("key") or "").partition("-")[0]
    return {**row, "article": f"приказ № {number.strip()}, п. {item}"}


def _case(
    services: Services, actor: Actor, office_id: UUID, type_code: str, school_year: str
) -> Case | Refusal:
    with services.uow.reading() as tx:
        pack = tx.organisations.load(office_id).pack
        regulation = services.packs.newest(pack)
        if type_code not in regulation.document_types:
            raise NotFoundError(f"type {type_code} in pack {pack}")
        kind = regulation.document_types[type_code].case_kind
        found = tx.cases.of_organisation(
            office_id, kind=kind, school_year=school_year, only_open=True, limit=1
        ).items
    return found[0] if found else open_case(services, actor, office_id, kind, school_year)
