"""Open a programme of an organisation for a school year."""

from __future__ import annotations

from uuid import UUID

from workflow.domain.cases import Case
from workflow.domain.installation import PackVersion
from workflow.domain.mandates import Actor
from workflow.domain.organisations import Organisation
from workflow.domain.pairs import ASSIGNMENT
from workflow.domain.refusals import N_, Refusal
from workflow.domain.regulations import Regulation, Role
from workflow.store.errors import MissingRowError
from workflow.store.unit_of_work import Transaction
from workflow.usecases import desk as desks
from workflow.usecases.errors import NotFoundError
from workflow.usecases.numbers import open_registers
from workflow.usecases.services import Services

#: Who may open a programme in an organisation (officers open those of the office itself).
OPENERS = (Role.CLERK, Role.HEAD, Role.CURATOR, Role.DEPUTY, Role.OFFICER)


def open_case(
    services: Services, actor: Actor, organisation_id: UUID, kind: str, school_year: str
) -> Case | Refusal:
    """Open a case by the organisation's pack as it is installed now; the case keeps that version.

    NotFoundError when the actor does not work in the organisation.
    """
    with services.uow() as tx:
        try:
            organisation = tx.organisations.load(organisation_id)
        except MissingRowError as error:
            raise NotFoundError(f"organisation {organisation_id}") from error
        known = desks.actor_of(tx, actor.person_id)
        today = organisation.local_day(services.clock())
        if not known.works_in(organisation_id, today):
            raise NotFoundError(f"organisation {organisation_id}")
        if not any(known.holds(role, organisation_id, today) for role in OPENERS):
            return Refusal(
                "case.open.not_yours",
                N_("A programme is opened by the clerk, the curator or the head."),
                N_("Ask one of them."),
            )
        regulation = services.packs.newest(organisation.pack)
        if kind not in regulation.case_kinds or kind == ASSIGNMENT:
            raise NotFoundError(f"kind {kind} in pack {regulation.name}")
        if tx.cases.of_organisation(
            organisation_id, kind=kind, school_year=school_year, limit=1
        ).items:
            return Refusal(
                "case.open.twice",
                N_("The programme for {year} has been opened already."),
                N_("Open it from your list."),
                {"year": school_year},
            )
        case = begin_case(tx, services, known, organisation, regulation, kind, school_year)
        tx.commit()
        return case


def begin_case(
    tx: Transaction,
    services: Services,
    actor: Actor,
    organisation: Organisation,
    regulation: Regulation,
    kind: str,
    school_year: str,
) -> Case:
    """Write a new case down, and keep the text of the regulation that it lives by."""
    case = Case(
        id=services.new_id(),
        kind=kind,
        organisation_id=organisation.id,
        title=regulation.case_kinds[kind].title,
        school_year=school_year,
        pack=regulation.name,
        pack_version=regulation.version,
        opened_at=services.clock(),
        opened_by=actor.person_id,
    )
    case = tx.cases.save(case, None)
    open_registers(tx, services, organisation)
    sources = services.packs.sources(regulation.name)
    kept = PackVersion(regulation.name, regulation.version, sources, services.clock())
    tx.pack_versions.add(kept)
    tx.audit.add(organisation.id, "case.opened", {"case": str(case.id), "pack": case.pack_version})
    return case
