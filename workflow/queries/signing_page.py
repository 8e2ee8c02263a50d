"""What a person sees before signing: the files, by what authority, with which key."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from workflow.domain.calling import power_for
from workflow.domain.documents import Manifest
from workflow.domain.mandates import Actor, Mandate
from workflow.domain.permissions import may_fix, may_sign, steps_for
from workflow.domain.powers import PowerKnown
from workflow.domain.refusals import Refusal
from workflow.domain.regulations import Role, SignatureDemand, Verb
from workflow.domain.routes import Step
from workflow.domain.signatures import Attempt, Signature, may_use_attempt
from workflow.domain.simple_signatures import SimpleAct
from workflow.queries.fixing_page import is_outdated
from workflow.queries.headings import FileCard, Heading, file_cards, heading_of
from workflow.queries.my_keys import KeyCard, key_card
from workflow.queries.simple_page import simple_way
from workflow.store.errors import MissingRowError
from workflow.store.unit_of_work import Repositories
from workflow.usecases import desk as desks
from workflow.usecases.desk import Desk
from workflow.usecases.errors import NotFoundError
from workflow.usecases.examine import mandate_for
from workflow.usecases.pdf_leases import lease_of, leased_to_another
from workflow.usecases.services import Services
from workflow.usecases.sign import demand_of, may_use_stored_key


@dataclass(frozen=True)
class Authority:
    """By what right somebody signs; `role` is None for whoever signs in their own name.

    `power` is the power of attorney by which somebody signs for the head.
    """

    role: Role | None
    post: str
    organisation: str = ""
    ground: str = ""
    power: PowerKnown | None = None


@dataclass(frozen=True)
class SigningPage:
    """`digest` is that of the manifest shown; it goes with the signature that is asked for.
    `sequence` is that of the last fixing.

    `key` is the one that would be used; `key_refusal` says why a key kept here cannot be.
    `simple_is_enough`: a password and a code may do instead of a key; `simple_refusal` says why
    they cannot now. `renew_refusal` counts where `is_outdated`. `mine` is the actor's signature
    over these very files, if it has been handed in already. `leased_until` is set while the actor
    signs inside the PDF on another page, which a new signing makes void.
    """

    heading: Heading
    sequence: int
    files: tuple[FileCard, ...]
    digest: str
    demand: SignatureDemand | None
    signer: str
    authority: Authority | None
    key: KeyCard | None
    refusal: Refusal | None
    key_refusal: Refusal | None
    simple_is_enough: bool
    simple_refusal: Refusal | None
    is_outdated: bool
    renew_refusal: Refusal | None
    mine: Signature | None
    leased_until: datetime | None


def signing_page(services: Services, actor: Actor, document_id: UUID) -> SigningPage:
    """Return the page; NotFoundError when the document is not there or not for these eyes."""
    with services.uow.reading() as tx:
        desk = desks.lay(tx, services, actor, document_id)
        manifest = _fixed(desk)
        keys = tx.person_keys.of_person(desk.actor.person_id)
        simple_is_enough, simple_refusal = simple_way(tx, desk, SimpleAct.SIGN)
        return SigningPage(
            heading=heading_of(desk),
            sequence=desk.document.fixing.sequence if desk.document.fixing else 0,
            files=file_cards(manifest),
            digest=manifest.digest if manifest else "",
            demand=demand_of(desk),
            signer=tx.people.load(desk.actor.person_id).full_name,
            authority=_authority(tx, desk),
            key=key_card(keys[0], services.clock()) if keys else None,
            refusal=_refusal(tx, desk),
            key_refusal=may_use_stored_key(tx, desk),
            simple_is_enough=simple_is_enough,
            simple_refusal=simple_refusal,
            is_outdated=is_outdated(desk),
            renew_refusal=may_fix(desk.document, desk.actor, desk.around),
            mine=_mine(tx, desk),
            leased_until=_own_lease(tx, desk),
        )


def _refusal(tx: Repositories, desk: Desk) -> Refusal | None:
    """Why the actor cannot sign now: for want of a right, or because somebody else does."""
    refusal = may_sign(desk.document, desk.actor, desk.around)
    return refusal or leased_to_another(tx, desk)


def _own_lease(tx: Repositories, desk: Desk) -> datetime | None:
    lease = lease_of(tx, desk)
    if lease is None or lease.person_id != desk.actor.person_id:
        return None
    return lease.leased_until if desk.around.now < lease.leased_until else None


def _fixed(desk: Desk) -> Manifest | None:
    fixing = desk.document.fixing
    return fixing.manifest if fixing else None


def _authority(tx: Repositories, desk: Desk) -> Authority | None:
    steps = steps_for(desk.document, Verb.SIGN, desk.actor, desk.around)
    if not steps:
        return None
    mandate = mandate_for(steps[0], desk.actor, desk.around)
    if mandate is not None:
        return _by_mandate(tx, desk, mandate)
    power = power_for(steps[0], desk.actor, desk.around)
    return _by_power(tx, desk, power) if power else _in_own_name(desk, steps[0])


def _by_power(tx: Repositories, desk: Desk, known: PowerKnown) -> Authority:
    principal = tx.organisations.load(known.power.organisation_id)
    today = desk.around.today
    posts = [e for e in desk.actor.employments if e.organisation_id == principal.id]
    return Authority(
        role=None,
        post=next((e.post for e in posts if e.held_on(today)), ""),
        organisation=principal.name_on(today).short,
        power=known,
    )


def _by_mandate(tx: Repositories, desk: Desk, mandate: Mandate) -> Authority:
    represented = tx.organisations.load(mandate.organisation_id)
    return Authority(
        role=mandate.role,
        post=tx.employments.load(mandate.employment_id).post,
        organisation=represented.name_on(desk.around.today).short,
        ground=mandate.ground,
    )


def _in_own_name(desk: Desk, step: Step) -> Authority:
    posts = [e.post for e in desk.actor.employments if e.id == step.employment_id]
    return Authority(role=None, post=posts[0] if posts else "")


def _mine(tx: Repositories, desk: Desk) -> Signature | None:
    fixing = desk.document.fixing
    if fixing is None:
        return None
    mine = [
        s
        for s in tx.signatures.of_document(desk.document.id)
        if s.fixing == fixing.sequence and s.person_id == desk.actor.person_id
    ]
    return mine[-1] if mine else None


@dataclass(frozen=True)
class AttemptPage:
    """A signing with one's own program: `refusal` says why nothing can be handed in any more."""

    heading: Heading
    files: tuple[FileCard, ...]
    demand: SignatureDemand
    attempt_id: UUID
    expires_at: datetime
    refusal: Refusal | None
    is_answered: bool


def attempt_page(
    services: Services, actor: Actor, document_id: UUID, attempt_id: UUID
) -> AttemptPage:
    """Return the actor's own signing of the document; NotFoundError for any other."""
    with services.uow.reading() as tx:
        desk = desks.lay(tx, services, actor, document_id)
        attempt = _own_attempt(tx, desk, attempt_id)
        manifest, demand = _fixed(desk), demand_of(desk)
        if manifest is None or demand is None or manifest.digest != attempt.manifest:
            raise NotFoundError(f"the files of signing {attempt_id} are not there any more")
        refusal = may_use_attempt(attempt, desk.actor.person_id, desk.around.now)
        return AttemptPage(
            heading=heading_of(desk),
            files=file_cards(manifest),
            demand=demand,
            attempt_id=attempt.id,
            expires_at=attempt.expires_at,
            refusal=refusal or may_sign(desk.document, desk.actor, desk.around),
            is_answered=attempt.signature_id is not None,
        )


def require_own_attempt(
    services: Services, actor: Actor, document_id: UUID, attempt_id: UUID
) -> None:
    """Raise NotFoundError unless the actor has begun this signing of this document."""
    with services.uow.reading() as tx:
        _own_attempt(tx, desks.lay(tx, services, actor, document_id), attempt_id)


def _own_attempt(tx: Repositories, desk: Desk, attempt_id: UUID) -> Attempt:
    try:
        attempt = tx.attempts.load(attempt_id)
    except MissingRowError as error:
        raise NotFoundError(f"signing {attempt_id}") from error
    if attempt.person_id != desk.actor.person_id or attempt.document_id != desk.document.id:
        raise NotFoundError(f"signing {attempt_id} is not of {desk.actor.person_id}")
    return attempt


@dataclass(frozen=True)
class FixedFiles:
    """The files of the newest fixing, for reading, printing and signing elsewhere."""

    heading: Heading
    files: tuple[FileCard, ...]


def fixed_files(services: Services, actor: Actor, document_id: UUID) -> FixedFiles:
    """Return the fixed files; NotFoundError where there are none for the actor to read."""
    with services.uow.reading() as tx:
        desk = desks.lay(tx, services, actor, document_id)
    manifest = _fixed(desk)
    if manifest is None:
        raise NotFoundError(f"document {document_id} has no fixed files")
    return FixedFiles(heading_of(desk), file_cards(manifest))
