"""What the original of a document is to be, from the organisation's regime and its people."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from uuid import UUID

from workflow.domain.documents import Document
from workflow.domain.organisations import Organisation
from workflow.domain.paper import (
    SWITCHED,
    Original,
    Party,
    agrees,
    original_of,
    people_of,
    signing_parties,
)
from workflow.domain.regulations import DocumentType
from workflow.store.unit_of_work import Repositories


def with_original(
    tx: Repositories, document: Document, kind: DocumentType, organisation: Organisation, day: date
) -> Document:
    """The document with its original decided anew; what the clerk has switched stays on paper."""
    if document.paper_reason is not None and document.paper_reason.code == SWITCHED:
        return document
    original = original_now(tx, document, kind, organisation, day)
    return replace(document, on_paper=original.on_paper, paper_reason=original.reason)


def original_now(
    tx: Repositories, document: Document, kind: DocumentType, organisation: Organisation, day: date
) -> Original:
    """What the rules say about the document's original on the day."""
    parties = _parties(tx, signing_parties(document, kind)) if kind.labour else ()
    return original_of(kind, tx.paper_regimes.of(organisation.id), parties, day)


def _parties(tx: Repositories, employment_ids: Iterable[UUID]) -> tuple[Party, ...]:
    employments = tx.employments.load_many(employment_ids)
    people = tx.people.load_many([e.person_id for e in employments.values()])
    answers = tx.employee_answers.of_many(employments)
    return tuple(
        Party(e.id, people[e.person_id].short_name, agrees(answers.get(e.id)))
        for e in employments.values()
    )


def refusers_of(tx: Repositories, document: Document, kind: DocumentType) -> frozenset[UUID]:
    """Who of those named in a labour document has not agreed to electronic ones."""
    if not kind.labour:
        return frozenset()
    named = people_of(document, kind)
    answers = tx.employee_answers.of_many(named)
    return frozenset(one for one in named if not agrees(answers.get(one)))
