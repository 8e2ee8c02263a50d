"""What the system already knows of a document's facts, so that nobody types it again."""

from __future__ import annotations

import re
from datetime import date
from uuid import UUID

from workflow.domain.documents import Document
from workflow.domain.mandates import holder_of
from workflow.domain.notice import earliest_release, notice_rule
from workflow.domain.organisations import Organisation
from workflow.domain.regulations import (
    DocumentType,
    FieldKind,
    FieldSpec,
    Origin,
    Regulation,
    Role,
)
from workflow.domain.working_days import Known
from workflow.store.unit_of_work import Repositories
from workflow.usecases.pairs.filling import NOTICE, PAIR, filling, from_pair
from workflow.usecases.services import Services
from workflow.usecases.wording import order_cited
from workflow.usecases.work_calendars import calendar_of

_WORKING_DAYS_ON = re.compile(r"today\.\+(\d{1,3})")
_ORDER_CASES = {"order.instrumental": "приказом", "order.genitive": "приказа"}


def prefill(
    tx: Repositories,
    services: Services,
    regulation: Regulation,
    kind: DocumentType,
    organisation: Organisation,
    case_id: UUID | None = None,
    author: UUID | None = None,
) -> dict[str, object]:
    """Facts for a new document of the type: its defaults and what the sources name.

    `case_id` is the pair that a paper is about, if it is about one; `author` whoever of the pair
    writes it.

    A source that is not known (no curator yet) leaves the field empty.
    """
    facts: dict[str, object] = {}
    about = case_id and filling(tx, services, regulation, kind, organisation, case_id, author)
    for spec in kind.fields:
        value = spec.default
        if value is None and about and spec.source.startswith(PAIR):
            value = from_pair(about, spec)
        elif value is None and spec.source and spec.source != "system":
            value = _from_source(tx, services, regulation, spec, organisation)
        if value not in (None, ""):
            facts[spec.key] = value
    return facts


def _from_source(
    tx: Repositories,
    services: Services,
    regulation: Regulation,
    spec: FieldSpec,
    organisation: Organisation,
) -> object:
    today = organisation.local_day(services.clock())
    source = spec.source
    if source.startswith("mandate."):
        return _holder(tx, Role(source.removeprefix("mandate.")), organisation, today, spec)
    if source in _ORDER_CASES:
        return _order(tx, regulation, organisation, _ORDER_CASES[source])
    if source == "staff.all":
        staff = tx.employments.of_organisation(organisation.id)
        return tuple(str(e.id) for e in staff if e.held_on(today))
    if source == "person.phone":
        return organisation.requisites.phone
    if source == "today":
        return today
    if source == NOTICE:
        return _earliest_release(tx, services, regulation, organisation, today)
    if match := _WORKING_DAYS_ON.fullmatch(source):
        calendar = calendar_of(tx, services, organisation)
        due = calendar.add_working_days(today, int(match[1]))
        return due.day if isinstance(due, Known) else None
    return None


def _earliest_release(
    tx: Repositories,
    services: Services,
    regulation: Regulation,
    organisation: Organisation,
    today: date,
) -> date | None:
    rule = notice_rule(regulation.rules)
    if rule is None:
        return today
    earliest = earliest_release(today, rule.limit(), calendar_of(tx, services, organisation))
    return earliest if isinstance(earliest, date) else None


def _holder(
    tx: Repositories, role: Role, organisation: Organisation, today: date, spec: FieldSpec
) -> object:
    mandates = tx.mandates.of_organisation(organisation.id)
    mandate = holder_of(mandates, role, organisation.id, today)
    if mandate is None:
        return None
    employment = str(mandate.employment_id)
    return (employment,) if spec.kind is FieldKind.PEOPLE else employment


def _order(
    tx: Repositories, regulation: Regulation, organisation: Organisation, case_word: str
) -> str | None:
    """The municipal order by which the organisation works, as documents cite it."""
    order = order_above(tx, regulation, organisation)
    if order is None:
        return None
    issuer = tx.organisations.load(order.organisation_id)
    return order_cited(order, issuer.short_name, case_word)


def order_above(
    tx: Repositories, regulation: Regulation, organisation: Organisation
) -> Document | None:
    """The newest order in force of the office or founder that sets this organisation tasks."""
    places: list[UUID] = [p for p in (organisation.office_id, organisation.founder_id) if p]
    codes = [
        code for code, kind in regulation.document_types.items() if kind.origin is Origin.EXISTING
    ]
    return tx.documents.newest_in_force(places, codes)
