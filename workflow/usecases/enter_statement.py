"""A personal statement written by hand (заявление, согласие): the clerk enters it with its scan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from workflow.domain.documents import Document
from workflow.domain.existing import author_of, check_author, copied_fields
from workflow.domain.facts import check_facts
from workflow.domain.mandates import Actor
from workflow.domain.refusals import Refusal
from workflow.domain.regulations import PairEffect
from workflow.store.errors import MissingRowError
from workflow.usecases.errors import NotFoundError
from workflow.usecases.pairs.filling import filling, with_pair
from workflow.usecases.pairs.lines import may_name_day
from workflow.usecases.register_existing import Incomplete, Scanned, register_existing
from workflow.usecases.services import Services
from workflow.usecases.work_calendars import calendar_of


@dataclass(frozen=True)
class Handwritten:
    """Who wrote the statement, when, and its scan (a PDF); a number where the type has one."""

    employment_id: UUID
    written_on: date
    file_name: str
    scan: bytes
    number: str = ""


def enter_statement(
    services: Services,
    actor: Actor,
    case_id: UUID,
    type_code: str,
    written: Handwritten,
    facts: Mapping[str, object],
) -> Document | Refusal | Incomplete:
    """Enter a statement of a type that one person signs in the own name; it is in force at once.

    `facts` are what the paper says of the type's `copied_fields`; what the pair says already need
    not be repeated. The mentor's statement (D21) names a day that keeps the term of notice,
    counted from the day on which it was written.
    NotFoundError for any other type, and for an author of another organisation.
    """
    with services.uow.reading() as tx:
        try:
            case = tx.cases.load(case_id)
            employment = tx.employments.load(written.employment_id)
        except MissingRowError as error:
            raise NotFoundError(f"case {case_id}") from error
        regulation = services.packs.get(case.pack, case.pack_version)
        kind = regulation.document_types.get(type_code)
        own = author_of(kind) if kind else None
        strange = employment.organisation_id != case.organisation_id
        if kind is None or own is None or strange:
            raise NotFoundError(f"statement {type_code} of {written.employment_id}")
        organisation = tx.organisations.load(case.organisation_id)
        author = tx.people.load(employment.person_id)
        about = filling(tx, services, regulation, kind, organisation, case_id)
        named = with_pair(about, {**facts, own.key: str(employment.id)})
        refusal = check_author(employment, written.written_on)
        if refusal is None and kind.turn is PairEffect.STATEMENT:
            calendar = calendar_of(tx, services, organisation)
            refusal = may_name_day(regulation, calendar, written.written_on, named)
    if refusal:
        return refusal
    problems = check_facts(copied_fields(kind), named)
    if problems:
        return Incomplete(problems)
    scanned = Scanned(
        number=written.number,
        dated=written.written_on,
        title="",
        signed_by=author.full_name,
        signed_by_post=employment.post,
        file_name=written.file_name,
        content=written.scan,
    )
    return register_existing(services, actor, case_id, type_code, scanned, named)
