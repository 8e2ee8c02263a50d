"""A personal statement written by hand (заявление, согласие): the clerk enters it with its scan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from workflow.domain.documents import Document
from workflow.domain.existing import check_author, is_personal
from workflow.domain.mandates import Actor
from workflow.domain.refusals import Refusal
from workflow.domain.regulations import DocumentType, FieldKind, Verb
from workflow.store.errors import MissingRowError
from workflow.usecases.errors import NotFoundError
from workflow.usecases.register_existing import Incomplete, Scanned, register_existing
from workflow.usecases.services import Services


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
    """Enter a statement of a type that only the people named in it sign; it is in force at once.

    NotFoundError for any other type, and for an author of another organisation.
    """
    with services.uow.reading() as tx:
        try:
            case = tx.cases.load(case_id)
            employment = tx.employments.load(written.employment_id)
        except MissingRowError as error:
            raise NotFoundError(f"case {case_id}") from error
        kind = services.packs.get(case.pack, case.pack_version).document_types.get(type_code)
        strange = employment.organisation_id != case.organisation_id
        if kind is None or strange or not is_personal(kind):
            raise NotFoundError(f"statement {type_code} of {written.employment_id}")
        author = tx.people.load(employment.person_id)
    refusal = check_author(employment, written.written_on)
    if refusal:
        return refusal
    scanned = Scanned(
        number=written.number,
        dated=written.written_on,
        title="",
        signed_by=author.full_name,
        signed_by_post=employment.post,
        file_name=written.file_name,
        content=written.scan,
    )
    named = {**facts, **_author_facts(kind, employment.id)}
    return register_existing(services, actor, case_id, type_code, scanned, named)


def _author_facts(kind: DocumentType, employment_id: UUID) -> dict[str, object]:
    """The fields that name whoever signs."""
    keys = {step.who.field_key for step in kind.route if step.verb is Verb.SIGN}
    signers = [spec for spec in kind.fields if spec.key in keys]
    one = str(employment_id)
    return {s.key: (one,) if s.kind is FieldKind.PEOPLE else one for s in signers}
