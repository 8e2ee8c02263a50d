"""Saving what tests/factories.py makes."""

from __future__ import annotations

from dataclasses import replace

from tests.factories import Town, Worker, order_type
from workflow.domain.documents import Document
from workflow.domain.regulations import DocumentType
from workflow.domain.routes import open_steps, state_of
from workflow.store.repositories.documents import DerivedDocument, OpenStep
from workflow.store.unit_of_work import Transaction


def store_town(tx: Transaction, town: Town) -> Town:
    """Save everybody of the town; return it as it was saved."""
    return Town(
        office=tx.organisations.save(town.office),
        school=tx.organisations.save(town.school),
        head=store_worker(tx, town.head),
        deputy=store_worker(tx, town.deputy),
        curator=store_worker(tx, town.curator),
        clerk=store_worker(tx, town.clerk),
        officer=store_worker(tx, town.officer),
        mentor=store_worker(tx, town.mentor),
    )


def store_worker(tx: Transaction, worker: Worker) -> Worker:
    """Save a person with post and mandate; the organisation is there already."""
    person = tx.people.save(worker.person)
    employment = tx.employments.save(worker.employment)
    return replace(
        worker, person=person, employment=employment, mandate=tx.mandates.save(worker.mandate)
    )


def derived(document: Document, town: Town, kind: DocumentType | None = None) -> DerivedDocument:
    """What a use case writes beside an order of the school (see `factories.order_type`)."""
    kind = kind or order_type()
    waiting = () if document.existing else open_steps(document, kind)
    return DerivedDocument(
        state_of(document, kind), tuple(OpenStep.of(step, town.school.id) for step in waiting)
    )


def store_document(tx: Transaction, document: Document, town: Town) -> Document:
    """Save a new document with what is derived from it."""
    return tx.documents.save(document, None, derived(document, town))
