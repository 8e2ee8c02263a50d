"""Named data of a person go to another organisation with that person's consent alone (ТК, ст. 88).

The consent (D11) is voluntary and blocks no order: it blocks the package that names the person.
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from workflow.domain.documents import Document
from workflow.domain.pairs import ASSIGNMENT
from workflow.domain.refusals import N_, Refusal
from workflow.domain.regulations import DocumentType
from workflow.domain.routes import DocumentState
from workflow.store.unit_of_work import Repositories
from workflow.usecases.pairs.parties import named_in
from workflow.usecases.pairs.reading import day_in, employment_in, people_named

CONSENT = "D11"
PERSON = "person"
#: To whom the data may be handed over; empty: to nobody.
RECIPIENTS = "third_parties"
ARTICLE = "ТК РФ, ст. 88; 152-ФЗ, ст. 9"
_IN_FORCE = (DocumentState.IN_FORCE, DocumentState.AMENDED)


def may_be_handed_over(tx: Repositories, document: Document, kind: DocumentType) -> Refusal | None:
    """Whether everybody whom a paper of a pair names has consented to its being sent."""
    if kind.case_kind != ASSIGNMENT or not document.revisions:
        return None
    named = named_in(document.facts)
    missing = [one for one in named if not _has_consented(tx, one, document)]
    if not missing:
        return None
    people = people_named(tx, missing)
    return Refusal(
        "package.no_consent",
        N_("“{title}” cannot be sent: {people} has not consented to handing personal data over."),
        N_("Get the consent, or take the document out of the package."),
        {"title": document.title, "people": ", ".join(people[one] for one in missing)},
        article=ARTICLE,
    )


def _has_consented(tx: Repositories, employment_id: UUID, sent: Document) -> bool:
    """Whether a consent of the person is in force, given in any post and pair."""
    person_id = tx.employments.load(employment_id).person_id
    posts = {e.id for e in tx.employments.of_person(person_id)}
    cases = {pair.id for pair in tx.pairs.naming(posts)} | {line.case_id for line in sent.lines}
    return any(
        employment_in(consent.facts, PERSON) in posts and _holds(consent, sent)
        for consent in _consents(tx, cases)
    )


def _consents(tx: Repositories, case_ids: Iterable[UUID]) -> Iterable[Document]:
    headings = tx.documents.headings_of_cases(sorted(case_ids))
    ids = {
        heading.id
        for found in headings.values()
        for heading in found
        if heading.type_code == CONSENT and heading.state in _IN_FORCE
    }
    return tx.documents.load_many(sorted(ids)).values()


def _holds(consent: Document, sent: Document) -> bool:
    """Whether it names somebody to hand to, and has not run out by the day of what is sent."""
    if not consent.facts.get(RECIPIENTS):
        return False
    until = day_in(consent.facts, "until")
    return until is None or sent.dated is None or until >= sent.dated
