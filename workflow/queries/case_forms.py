"""Case forms that nobody has confirmed yet, doubtful ones first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from workflow.domain.mandates import Actor
from workflow.domain.organisations import Organisation
from workflow.domain.people import Employment, Gender, Person
from workflow.ports import Assembler
from workflow.usecases.confirm_forms import CaseForms, Inflected
from workflow.usecases.services import Services
from workflow.usecases.staff_desk import staff_reading


@dataclass(frozen=True)
class Proposal:
    """Forms to be looked at; `doubtful` says that the dictionary is not sure of them."""

    kind: Inflected
    text: str
    forms: CaseForms
    doubtful: bool
    person_id: UUID | None = None

    @property
    def key(self) -> str:
        """Tells the proposals of one organisation apart."""
        return f"{self.kind}:{self.person_id or self.text}"


@dataclass(frozen=True)
class UnconfirmedForms:
    """What waits for somebody's look in one organisation."""

    organisation_id: UUID
    organisation: str
    proposals: tuple[Proposal, ...]


def unconfirmed_forms(services: Services, actor: Actor, organisation_id: UUID) -> UnconfirmedForms:
    """Return what waits in the organisation; NotFoundError for whoever does not keep its staff.

    A post stands once for all who hold one of the same words.
    """
    with staff_reading(services, actor, organisation_id) as (tx, desk):
        held = tx.employments.of_organisation(organisation_id, desk.today)
        people = tx.people.load_many(e.person_id for e in held)
    proposals = [
        *_name(services.assembler, desk.organisation),
        *(_person(services.assembler, p) for p in people.values() if not p.forms_confirmed),
        *_posts(services.assembler, held),
    ]
    ordered = sorted(proposals, key=lambda one: (not one.doubtful, one.kind, one.text))
    return UnconfirmedForms(organisation_id, desk.organisation.short_name, tuple(ordered))


def person_proposal(
    services: Services, actor: Actor, organisation_id: UUID, person_id: UUID
) -> Proposal:
    """Return the forms of one name, confirmed or not, as far as they are known."""
    with staff_reading(services, actor, organisation_id) as (tx, _desk):
        return _person(services.assembler, tx.people.load(person_id))


def _name(assembler: Assembler, organisation: Organisation) -> Iterable[Proposal]:
    for name in organisation.names:
        if not name.forms_confirmed:
            proposed = assembler.propose_phrase(name.short)
            forms = name.forms or proposed.forms
            yield Proposal(Inflected.ORGANISATION, name.short, forms, proposed.doubtful)


def _person(assembler: Assembler, person: Person) -> Proposal:
    proposed = assembler.propose_person(
        person.last, person.first, person.middle, person.gender is Gender.FEMALE
    )
    forms = person.forms or proposed.forms
    return Proposal(Inflected.PERSON, person.full_name, forms, proposed.doubtful, person.id)


def _posts(assembler: Assembler, held: Iterable[Employment]) -> Iterable[Proposal]:
    for post, one in {e.post: e for e in held if not e.forms_confirmed}.items():
        proposed = assembler.propose_phrase(post)
        yield Proposal(Inflected.POST, post, one.forms or proposed.forms, proposed.doubtful)
