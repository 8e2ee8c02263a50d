"""Register a document made elsewhere; a municipal order sets tasks for the schools below it.

So do papers enter that were made before the system came: an order, an agreement, a consent. They
are in force from their own date and satisfy what depends on them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from workflow.domain.documents import (
    Document,
    Existing,
    ExistingSignature,
    FileRole,
    Line,
    ManifestFile,
    Revision,
    Verdict,
)
from workflow.domain.existing import (
    Announced,
    check_announced,
    may_be_entered,
    may_register_existing,
)
from workflow.domain.facts import FactProblem, check_facts
from workflow.domain.gates import is_waiting
from workflow.domain.mandates import Actor
from workflow.domain.organisations import Organisation
from workflow.domain.pairs import life_of
from workflow.domain.permissions import Circumstances
from workflow.domain.refusals import Refusal
from workflow.domain.registers import EntryState, Numbering
from workflow.domain.regulations import (
    DocumentType,
    Origin,
    PairEffect,
    Regulation,
    SignatureFormat,
    Verb,
)
from workflow.domain.routes import steps_of
from workflow.domain.signatures import SignedFile
from workflow.ports import CheckStatus
from workflow.store.errors import MissingRowError
from workflow.store.tables.cases import cases
from workflow.store.unit_of_work import Lock, Repositories, Transaction
from workflow.usecases import desk as desks
from workflow.usecases.desk import Desk
from workflow.usecases.effect import put_existing_in_force
from workflow.usecases.errors import NotFoundError
from workflow.usecases.examine import examine
from workflow.usecases.numbers import Registration, lock_register, take_number
from workflow.usecases.order_tasks import set_tasks
from workflow.usecases.pairs.filling import filling, with_pair
from workflow.usecases.services import Services
from workflow.usecases.trust import trust_view


@dataclass(frozen=True)
class Scanned:
    """A document that exists: its own number and date, who signed it, its scan or file.

    `signature` is the detached `.sig` of the file, if there is one. Of a document that is usually
    made here, `in_journal` gives it a row in the journal under its own number, and
    `acknowledged_on` is the last date on its acknowledgement sheet (None: still to be
    acknowledged).
    """

    number: str
    dated: date
    title: str
    signed_by: str
    signed_by_post: str
    file_name: str
    content: bytes
    signature: bytes = b""
    in_journal: bool = False
    acknowledged_on: date | None = None


@dataclass(frozen=True)
class Incomplete:
    """The facts that are missing or wrong; nothing was registered."""

    problems: tuple[FactProblem, ...]


def register_existing(
    services: Services,
    actor: Actor,
    case_id: UUID,
    type_code: str,
    scanned: Scanned,
    facts: Mapping[str, object],
) -> Document | Refusal | Incomplete:
    """Register an existing document of any type of the case.

    A type that is never made here wants all its facts; every task of its `tasks` becomes an
    obligation of the organisations whose office this is. Of other types the facts may be filled in
    partly: only what is given is checked. NotFoundError for a case that is not the actor's and for
    a type that cannot be entered so.
    """
    with services.uow.reading() as tx:
        here = _laid(tx, services, actor, case_id, type_code).around.organisation
    blob = services.blobs.put(scanned.content) if scanned.content else ""
    signature = _examined(services, scanned, blob, here.id)
    if isinstance(signature, Refusal):
        return signature
    with services.uow() as tx:
        tx.lock(Lock.CASE, cases, [case_id])
        place = _laid(tx, services, actor, case_id, type_code)
        kind, organisation = place.around.kind, place.around.organisation
        refusal = may_register_existing(place.actor, place.around) or check_announced(
            _announced(scanned), place.around
        )
        refusal = refusal or _led_already(tx, place, case_id)
        if refusal:
            return refusal
        about = filling(tx, services, place.regulation, kind, organisation, case_id)
        facts = with_pair(about, facts)
        problems = _problems(kind, facts)
        if problems:
            return Incomplete(problems)
        document = _document(
            services, place.actor, case_id, kind, place.regulation, organisation, scanned
        )
        document = _with_file(document, scanned, blob, facts, signature)
        document = replace(document, on_paper=_is_paper(kind, signature))
        document = _acknowledged(tx, services, place, document, scanned)
        document = tx.documents.save(document, None, desks.derived(document, kind, organisation))
        refusal = _journal(tx, services, place, document, scanned)
        if refusal:
            return refusal
        _take_effect(tx, services, place, document)
        tx.audit.add(
            organisation.id, "document.registered", {"document": str(document.id), "file": blob}
        )
        tx.commit()
        return document


@dataclass(frozen=True)
class _Place:
    """Where the document is entered: who, which type of which regulation, the circumstances."""

    actor: Actor
    around: Circumstances
    regulation: Regulation


def _laid(
    tx: Repositories, services: Services, actor: Actor, case_id: UUID, type_code: str
) -> _Place:
    try:
        case = tx.cases.load(case_id)
    except MissingRowError as error:
        raise NotFoundError(f"case {case_id}") from error
    organisation = tx.organisations.load(case.organisation_id)
    known = desks.actor_of(tx, actor.person_id)
    now = services.clock()
    if not known.works_in(organisation.id, organisation.local_day(now)):
        raise NotFoundError(f"case {case_id}")
    regulation = services.packs.get(case.pack, case.pack_version)
    kind = regulation.document_types.get(type_code)
    if kind is None or not may_be_entered(kind):
        raise NotFoundError(f"type {type_code}")
    return _Place(known, Circumstances(kind, organisation, now), regulation)


def _led_already(tx: Repositories, place: _Place, case_id: UUID) -> Refusal | None:
    """Whether another order has brought the pair together: the same order is entered once."""
    kind = place.around.kind
    if kind.turn is not PairEffect.BEGIN:
        return None
    pairs = tx.pairs.find([case_id]).values()
    return next(
        filter(None, (is_waiting(life_of(p, place.around.today), kind.article) for p in pairs)),
        None,
    )


def _announced(scanned: Scanned) -> Announced:
    return Announced(
        number=scanned.number.strip(),
        dated=scanned.dated,
        signed_by=scanned.signed_by.strip(),
        has_file=bool(scanned.content),
        acknowledged_on=scanned.acknowledged_on,
    )


def _problems(kind: DocumentType, facts: Mapping[str, object]) -> tuple[FactProblem, ...]:
    """What is wrong with the facts; what was not filled in is wrong only where nothing is made."""
    if kind.origin is Origin.EXISTING:
        return check_facts(kind.fields, facts)
    known = [replace(spec, required=False) for spec in kind.fields]
    return check_facts(known, facts)


def _examined(
    services: Services, scanned: Scanned, blob: str, here: UUID
) -> ExistingSignature | Refusal | None:
    """The `.sig` examined with what is trusted `here`; one that does not fit is refused."""
    if not scanned.signature or not blob:
        return None
    with services.uow.reading() as tx:
        trust = trust_view(tx, services, organisation=here)
    signature = services.blobs.put(scanned.signature)
    signed = SignedFile(blob, signature, SignatureFormat.CADES)
    examined = examine(services, [signed], trust, None)
    if examined.status is CheckStatus.INVALID:
        assert examined.reason is not None  # a verdict that is not valid always has one
        return examined.reason
    return ExistingSignature(
        signature=signature,
        report=examined.files[0].report_now,
        verdict=str(examined.status),
        owner=examined.facts.owner,
    )


def _is_paper(kind: DocumentType, signature: ExistingSignature | None) -> bool:
    """A scan without a signature stands for a paper; orders from above are cited, not kept."""
    return kind.origin is not Origin.EXISTING and signature is None


def _acknowledged(
    tx: Repositories, services: Services, place: _Place, document: Document, scanned: Scanned
) -> Document:
    """The document with its signed sheet entered for everybody whom its facts name."""
    if scanned.acknowledged_on is None:
        return document
    desk = Desk(document, place.actor, place.around)
    steps = [s for s in steps_of(document, place.around.kind) if s.verb is Verb.ACKNOWLEDGE]
    named = tx.employments.load_many([s.employment_id for s in steps if s.employment_id])
    for step in steps:
        if step.employment_id is None:
            continue
        verdict, scan = Verdict.ACKNOWLEDGED_ON_PAPER, document.manifest
        mark = desks.mark(services, desk, step, verdict, evidence=scan.main.pdf if scan else "")
        mark = replace(
            mark,
            person_id=named[step.employment_id].person_id,
            entered_by=place.actor.person_id,
            happened_on=scanned.acknowledged_on,
        )
        document = document.marked(mark)
    return document


def _take_effect(tx: Transaction, services: Services, place: _Place, document: Document) -> None:
    if place.around.kind.origin is Origin.EXISTING:
        set_tasks(tx, services, document, place.around.organisation)
    else:
        put_existing_in_force(tx, services, Desk(document, place.actor, place.around))


def _document(
    services: Services,
    actor: Actor,
    case_id: UUID,
    kind: DocumentType,
    regulation: Regulation,
    organisation: Organisation,
    scanned: Scanned,
) -> Document:
    return Document(
        id=services.new_id(),
        type_code=kind.code,
        organisation_id=organisation.id,
        pack=regulation.name,
        pack_version=regulation.version,
        title=scanned.title.strip() or kind.title,
        created_at=services.clock(),
        created_by=actor.person_id,
        lines=(Line(case_id),),
    )


def _with_file(
    document: Document,
    scanned: Scanned,
    blob: str,
    facts: Mapping[str, object],
    signature: ExistingSignature | None,
) -> Document:
    file = ManifestFile(
        name=scanned.file_name,
        role=FileRole.SCAN,
        document_id=document.id,
        pdf=blob,
        content=blob,
    )
    return replace(
        document,
        existing=Existing(
            number=scanned.number.strip(),
            dated=scanned.dated,
            signed_by=scanned.signed_by.strip(),
            signed_by_post=scanned.signed_by_post.strip(),
            files=(file,),
            signature=signature,
        ),
        revisions=(Revision(1, dict(facts), document.created_at, document.created_by),),
    )


def _journal(
    tx: Transaction, services: Services, place: _Place, document: Document, scanned: Scanned
) -> Refusal | None:
    """Where the type has a register of its own kind, the existing document gets its row."""
    kind = place.around.kind
    if not kind.register or not (kind.origin is Origin.EXISTING or scanned.in_journal):
        return None
    register = lock_register(tx, place.around.organisation.id, kind.register)
    # Its number was given by whoever made it, however the register is kept.
    register = replace(register, numbering=Numbering.MANUAL)
    assert document.dated is not None
    wanted = Registration(document.id, document.title, document.dated, place.actor.person_id)
    entry = take_number(
        tx, services, register, wanted, document.number, state=EntryState.REGISTERED
    )
    return entry if isinstance(entry, Refusal) else None
