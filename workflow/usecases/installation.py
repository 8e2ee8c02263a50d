"""Begin an installation: a real one, or one for training with anchors of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from workflow.domain.installation import Installation
from workflow.domain.mandates import Actor
from workflow.domain.people import Person
from workflow.domain.refusals import N_, Refusal
from workflow.domain.regulations import SignatureKind
from workflow.domain.trust import TrustAnchor
from workflow.store.audit import INSTALLATION
from workflow.store.unit_of_work import Transaction
from workflow.usecases import desk as desks
from workflow.usecases.accounts import NewAccount, add_account
from workflow.usecases.services import Services
from workflow.usecases.staff import NewPerson, person_of
from workflow.usecases.trust import keep_crl


@dataclass(frozen=True)
class TrainingRoot:
    """A training anchor (PEM) and the kind that it stands for (`advanced` or `qualified`)."""

    pem: bytes
    stands_for: str


@dataclass(frozen=True)
class Begun:
    """The new installation and its first operator, with the account and its second factor."""

    operator: Actor
    account: NewAccount


def is_begun(services: Services) -> bool:
    """Whether this database has been made an installation already."""
    with services.uow.reading() as tx:
        return tx.installations.find() is not None


def is_training(services: Services) -> bool:
    """Whether this database was made for training; that never changes."""
    with services.uow.reading() as tx:
        found = tx.installations.find()
    return found is not None and found.training


def begin(
    services: Services,
    operator: NewPerson,
    login: str,
    password: str,
    training: Sequence[TrainingRoot] = (),
    crls: Sequence[bytes] = (),
    practice: Mapping[str, str] | None = None,
) -> Begun | Refusal:
    """Make the database an installation with its first operator; possible once.

    With `training` anchors it is one for training for ever, otherwise never. `practice` holds
    what a training installation shows on its first page (`password`, `key_password`).
    """
    with services.uow() as tx:
        if tx.installations.find() is not None:
            return Refusal(
                "installation.begun",
                N_("This database is an installation already."),
                N_("Use it as it is, or choose an empty database."),
            )
        tx.installations.save(
            Installation(
                services.new_id(),
                services.clock(),
                training=bool(training),
                settings=dict(practice or {}) if training else {},
            )
        )
        person: Person = tx.people.save(person_of(services, operator))
        account = add_account(tx, services, person.id, login, password, operator=True)
        if isinstance(account, Refusal):
            return account
        for root in training:
            refusal = _trust_training(tx, services, root)
            if refusal:
                return refusal
        for crl in crls:
            refusal = _keep(tx, services, crl)
            if refusal:
                return refusal
        tx.audit.add(INSTALLATION, "installation.begun", {"training": bool(training)})
        actor = desks.actor_of(tx, person.id)
        tx.commit()
        return Begun(actor, account)


def _trust_training(tx: Transaction, services: Services, root: TrainingRoot) -> Refusal | None:
    facts = services.signatures.read_anchor(root.pem)
    if isinstance(facts, Refusal):
        return facts
    if not facts.training:
        return Refusal(
            "installation.not_training",
            N_("A training anchor must say in its name that it is one."),
        )
    kind = SignatureKind(root.stands_for)
    tx.trust_anchors.save(
        TrustAnchor(
            id=services.new_id(),
            organisation_id=None,
            pem=facts.pem,
            fingerprint=facts.fingerprint,
            subject=facts.subject,
            kind=kind,
            added_at=services.clock(),
            added_by=None,
            training=True,
            stands_for=kind,
        )
    )
    return None


def _keep(tx: Transaction, services: Services, crl: bytes) -> Refusal | None:
    facts = services.signatures.read_crl(crl)
    if isinstance(facts, Refusal):
        return facts
    keep_crl(tx, services, facts)
    return None


def keep_training_crls(
    tx: Transaction, services: Services, crls: Sequence[bytes]
) -> Refusal | None:
    """Keep newer lists of the training authority; refused where there is no training."""
    found = tx.installations.find()
    if found is None or not found.training:
        return Refusal("installation.no_training", N_("This is no installation for training."))
    refusals = [_keep(tx, services, crl) for crl in crls]
    return next((r for r in refusals if r is not None), None)


def renew_training_crls(services: Services, crls: Sequence[bytes]) -> Refusal | None:
    """The same in a transaction of its own."""
    with services.uow() as tx:
        refusal = keep_training_crls(tx, services, crls)
        if refusal is None:
            tx.commit()
        return refusal
