"""What people of the demonstration do with their password and telephone at hand."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from marshrut.demonstration.town import PASSWORD, Inhabitant, done
from web.second_factor import STEP, code_at
from workflow.queries.case_facts import manifest_digest
from workflow.usecases.acknowledge_simply import acknowledge_simply, begin_acknowledging
from workflow.usecases.actors import actor_of_person
from workflow.usecases.prove import Proof
from workflow.usecases.services import Services
from workflow.usecases.sign_simply import begin_simple_signing, sign_simply


def sign_simply_as(services: Services, person: Inhabitant, document_id: UUID) -> None:
    """Sign what the person sees now with a simple signature."""
    actor = actor_of_person(services, person.person_id)
    seen = manifest_digest(services, actor, document_id)
    begun = done(begin_simple_signing(services, actor, document_id, seen))
    proof = proof_of(services, person)
    done(sign_simply(services, actor, begun.attempt.id, proof, begun.text_digest))


def acknowledge_as(services: Services, person: Inhabitant, document_id: UUID) -> None:
    """Acknowledge what the person sees now with a simple signature."""
    actor = actor_of_person(services, person.person_id)
    seen = manifest_digest(services, actor, document_id)
    begun = done(begin_acknowledging(services, actor, document_id, seen))
    proof = proof_of(services, person)
    done(acknowledge_simply(services, actor, begun.attempt.id, proof, begun.text_digest))


def proof_of(services: Services, person: Inhabitant) -> Proof:
    """The person's password and a code that has not been used: three acts in half a minute.

    A telephone may be half a minute early or late, so that people who act on the same day of a
    story that stands still need not wait for each other.
    """
    with services.uow.reading() as tx:
        (account,) = tx.accounts.of_person(person.person_id)
    present = int(services.clock().timestamp()) // STEP
    used = account.totp_step if account.totp_step is not None else present - 2
    fresh = datetime.fromtimestamp(max(present - 1, used + 1) * STEP, UTC)
    return Proof(PASSWORD, code_at(person.second_factor, fresh))
