"""A document laid on the desk: loaded, locked, with everything a decision about it depends on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

from workflow.domain.documents import Document, Mark, Verdict
from workflow.domain.mandates import Actor, holder_of
from workflow.domain.organisations import Organisation
from workflow.domain.pairs import ASSIGNMENT
from workflow.domain.permissions import Circumstances, may_see
from workflow.domain.regulations import DocumentType, FieldKind, Origin, Role, Verb
from workflow.domain.routes import (
    DocumentState,
    Step,
    open_steps,
    state_of,
)
from workflow.store.audit import newest_event_at
from workflow.store.errors import MissingRowError
from workflow.store.repositories.documents import DerivedDocument, OpenStep
from workflow.store.tables.cases import cases
from workflow.store.unit_of_work import Lock, Repositories, Transaction
from workflow.usecases.context import Annex, annexes_of
from workflow.usecases.errors import NotFoundError
from workflow.usecases.known_actor import actor_of as actor_of
from workflow.usecases.originals import refusers_of
from workflow.usecases.pairs.lines import gaps_of
from workflow.usecases.pairs.parties import named_in, parties_of
from workflow.usecases.powers.known import powers_at
from workflow.usecases.services import Services


@dataclass(frozen=True)
class Desk:
    """The document, the actor as known in this transaction, and the circumstances."""

    document: Document
    actor: Actor
    around: Circumstances
    annexes: tuple[Annex, ...] = ()

    @property
    def kind(self) -> DocumentType:
        return self.around.kind

    @property
    def organisation(self) -> Organisation:
        return self.around.organisation

    @property
    def state(self) -> DocumentState:
        return state_of(self.document, self.kind, self.around.visa_roles)


def lay(tx: Repositories, services: Services, actor: Actor, document_id: UUID) -> Desk:
    """Load a document for an actor; NotFoundError when it is not there or not for their eyes."""
    try:
        document = tx.documents.load(document_id)
    except MissingRowError as error:
        raise NotFoundError(f"document {document_id}") from error
    known = actor_of(tx, actor.person_id)
    desk = lay_for_system(tx, services, document, known)
    if not may_see(document, known, desk.around):
        raise NotFoundError(f"document {document_id} is not for {actor.person_id}")
    return desk


def lay_locked(tx: Transaction, services: Services, actor: Actor, document_id: UUID) -> Desk:
    """The same for writing: the document's cases are locked first."""
    lock_cases(tx, document_id)
    return lay(tx, services, actor, document_id)


def lock_cases(tx: Transaction, document_id: UUID) -> None:
    """Lock the cases of a document, so that two acts on it wait for each other."""
    tx.lock(Lock.CASE, cases, tx.documents.case_ids(document_id))


def lay_for_system(tx: Repositories, services: Services, document: Document, actor: Actor) -> Desk:
    """Lay a document for a job, where no person's eyes have to be asked about."""
    regulation = services.packs.get(document.pack, document.pack_version)
    kind = regulation.document_types[document.type_code]
    organisation = tx.organisations.load(document.organisation_id)
    annexes = annexes_of(tx.documents.approved_by(document.id)) if kind.approves else ()
    around = Circumstances(
        kind=kind,
        organisation=organisation,
        now=services.clock(),
        addressee_id=_addressee(kind, organisation),
        missing=_missing(tx, services, document, kind, organisation),
        unready=_unready(services, annexes, organisation, kind, document),
        counterparties=_counterparties(tx, document, kind),
        signatories=_signatories(tx, services, organisation),
        latest_event=newest_event_at(tx.connection, organisation.id),
        gaps=gaps_of(tx, services, document, kind, regulation, organisation),
        parties=parties_of(tx, services, [line.case_id for line in document.lines], organisation),
        refusers=refusers_of(tx, document, kind),
        powers=powers_at(tx, services, kind, organisation),
    )
    return Desk(document, actor, around, annexes)


def _addressee(kind: DocumentType, organisation: Organisation) -> UUID | None:
    match kind.addressee:
        case "office":
            return organisation.office_id
        case "founder":
            return organisation.founder_id
        case _:
            return None


def _missing(
    tx: Repositories,
    services: Services,
    document: Document,
    kind: DocumentType,
    organisation: Organisation,
) -> tuple[str, ...]:
    """Titles of the documents that must be in force before this one."""
    if not kind.depends_on:
        return ()
    types = services.packs.get(document.pack, document.pack_version).document_types
    of_pair = {code for code in kind.depends_on if types[code].case_kind == ASSIGNMENT}
    places = [organisation.id]
    places += [p for p in (organisation.office_id, organisation.founder_id) if p]
    in_force = set(tx.documents.types_in_force(places, set(kind.depends_on) - of_pair))
    in_force |= _in_force_in_each(tx, [line.case_id for line in document.lines], of_pair)
    return tuple(types[code].title for code in kind.depends_on if code not in in_force)


def _in_force_in_each(tx: Repositories, case_ids: list[UUID], codes: set[str]) -> set[str]:
    """The types that are in force in every one of these cases."""
    if not codes:
        return set()
    headings = tx.documents.headings_of_cases(case_ids)
    good = (DocumentState.IN_FORCE, DocumentState.AMENDED)
    return {
        code
        for code in codes
        if all(
            any(h.type_code == code and h.state in good for h in headings[case])
            for case in case_ids
        )
    }


def _unready(
    services: Services,
    annexes: tuple[Annex, ...],
    organisation: Organisation,
    kind: DocumentType,
    document: Document,
) -> tuple[str, ...]:
    """Titles of annexes that are not agreed yet; an order that approves nothing is unready too."""
    types = services.packs.get(document.pack, document.pack_version).document_types
    good = (DocumentState.AGREED, DocumentState.TO_SIGN, DocumentState.IN_FORCE)
    waiting = [
        annex.document.title
        for annex in annexes
        if state_of(annex.document, types[annex.document.type_code], organisation.visa_roles)
        not in good
    ]
    if kind.approves and not annexes:
        waiting = [types[code].title for code in kind.approves]
    return tuple(waiting)


def _counterparties(tx: Repositories, document: Document, kind: DocumentType) -> frozenset[UUID]:
    """The people whom the document concerns.

    In papers of pairs mentors and mentees (a curator is merely told); in other labour documents
    those who acknowledge them by name.
    """
    if not document.revisions:
        return frozenset()
    of_pairs = kind.case_kind == ASSIGNMENT
    named = named_in(document.facts) if of_pairs else []
    for spec in kind.route if kind.labour and not of_pairs else ():
        field = kind.field(spec.who.field_key)
        value = document.facts.get(spec.who.field_key)
        if spec.verb is Verb.ACKNOWLEDGE and field and value:
            one = field.kind is FieldKind.PERSON
            named.extend([UUID(str(value))] if one else [UUID(str(v)) for v in _each(value)])
    employments = tx.employments.load_many(named)
    return frozenset(e.person_id for e in employments.values())


def _signatories(
    tx: Repositories, services: Services, organisation: Organisation
) -> dict[str, UUID]:
    """Who fills the post of the head today, here and at the founder."""
    today = organisation.local_day(services.clock())
    found: dict[str, UUID] = {}
    for at, place in (("own", organisation.id), ("founder", organisation.founder_id)):
        if place is None:
            continue
        head = holder_of(tx.mandates.of_organisation(place), Role.HEAD, place, today)
        if head is not None:
            found[at] = head.person_id
    return found


def _each(value: object) -> tuple[object, ...]:
    return tuple(value) if isinstance(value, list | tuple) else (value,)


def derived(document: Document, kind: DocumentType, organisation: Organisation) -> DerivedDocument:
    """What queries need beside the document: its state and whom it waits for."""
    roles = organisation.visa_roles
    places = {
        "own": organisation.id,
        "founder": organisation.founder_id,
        "addressee": _addressee(kind, organisation),
    }
    waiting = open_steps(document, kind, roles)
    return DerivedDocument(
        state_of(document, kind, roles),
        tuple(OpenStep.of(step, places[step.spec.who.at]) for step in waiting),
    )


def save(tx: Transaction, desk: Desk, document: Document) -> Document:
    """Write the document with what follows from it."""
    state = derived(document, desk.kind, desk.organisation)
    return tx.documents.save(document, desk.document, state)


def save_annex(tx: Transaction, services: Services, desk: Desk, annex: Document) -> Document:
    """Write an annex of the desk's document, which is a document of its own."""
    types = services.packs.get(annex.pack, annex.pack_version).document_types
    state = derived(annex, types[annex.type_code], desk.organisation)
    loaded = next(a.document for a in desk.annexes if a.document.id == annex.id)
    return tx.documents.save(annex, loaded, state)


def mark(
    services: Services,
    desk: Desk,
    step: Step | str,
    verdict: Verdict,
    *,
    remark: str = "",
    evidence: str = "",
) -> Mark:
    """A mark of the desk's actor on the current revision and fixing, now."""
    document = desk.document
    manifest = document.manifest
    key = step if isinstance(step, str) else step.key
    return Mark(
        id=services.new_id(),
        step=key,
        verdict=verdict,
        at=desk.around.now,
        person_id=desk.actor.person_id,
        revision=document.revision.number if document.revisions else 0,
        fixing=document.fixing.sequence if document.fixing else 0,
        bound=manifest.digest if manifest else "",
        remark=remark,
        evidence=evidence,
        employment_id=None if isinstance(step, str) else step.employment_id,
    )


def is_approved_kind(kind: DocumentType) -> bool:
    """Whether documents of the type are put in force by an order."""
    return kind.origin is Origin.APPROVED


def on_desk(desk: Desk, document: Document) -> Desk:
    """The same desk with the document as it has just become (nothing is written)."""
    return replace(desk, document=document)
