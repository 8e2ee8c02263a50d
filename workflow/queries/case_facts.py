"""Small questions about one document or organisation, each scoped to what the actor may see."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from workflow.domain.exchange import is_officer
from workflow.domain.mandates import Actor
from workflow.usecases.desk import actor_of, lay
from workflow.usecases.errors import NotFoundError
from workflow.usecases.services import Services

MOST_TASKS = 500


def known_facts(services: Services, actor: Actor, document_id: UUID) -> Mapping[str, object]:
    """What is filled in of a document now."""
    with services.uow.reading() as tx:
        return lay(tx, services, actor, document_id).document.facts


def manifest_digest(services: Services, actor: Actor, document_id: UUID) -> str:
    """The digest of the files a person would read now ("" while they are being made)."""
    with services.uow.reading() as tx:
        manifest = lay(tx, services, actor, document_id).document.manifest
        return manifest.digest if manifest else ""


def register_defaults(services: Services, pack: str, type_code: str) -> Mapping[str, object]:
    """What the pack itself proposes for the facts of a type."""
    kind = services.packs.newest(pack).document_types[type_code]
    return {f.key: f.default for f in kind.fields if f.default is not None}


def task_ids(services: Services, actor: Actor, debtor_id: UUID) -> Mapping[str, UUID]:
    """The obligations of an organisation by their keys, for its own people and its office."""
    with services.uow.reading() as tx:
        debtor = tx.organisations.load(debtor_id)
        known = actor_of(tx, actor.person_id)
        today = debtor.local_day(services.clock())
        office = tx.organisations.load(debtor.office_id) if debtor.office_id else None
        own = known.works_in(debtor_id, today)
        if not own and not (office and is_officer(known, office, today)):
            raise NotFoundError(f"tasks of {debtor_id}")
        owed = tx.obligations.of_debtor(debtor_id, limit=MOST_TASKS).items
        return {o.key: o.id for o in owed}
