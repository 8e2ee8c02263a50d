"""Set up organisations, people, posts and mandates: the operator's acts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar
from uuid import UUID

from workflow.domain.administration import (
    check_identifiers,
    check_requisites,
    may_administer,
    may_confirm_head,
    may_rename,
)
from workflow.domain.mandates import Actor, Mandate
from workflow.domain.organisations import (
    Organisation,
    OrganisationKind,
    OrganisationName,
    Requisites,
)
from workflow.domain.people import Employment, Gender, Person
from workflow.domain.refusals import N_, Refusal
from workflow.domain.regulations import Role
from workflow.store.audit import INSTALLATION
from workflow.store.errors import MissingRowError
from workflow.store.unit_of_work import Transaction
from workflow.usecases import desk as desks
from workflow.usecases.confirmed_posts import post_forms
from workflow.usecases.errors import NotFoundError
from workflow.usecases.numbers import open_registers
from workflow.usecases.services import Services
from workflow.usecases.staff_desk import follow_departure, within_post

DoneT = TypeVar("DoneT")


@dataclass(frozen=True)
class NewOrganisation:
    """The card of an organisation as the operator fills it in.

    `kind` is `school`, `kindergarten`, `office` or `partner`; `forms` are case forms of the short
    name by the suffixes of the templates (proposed where none are given); `since` the day from
    which the name is used.
    """

    kind: str
    full_name: str
    short_name: str
    since: date
    inn: str = ""
    kpp: str = ""
    ogrn: str = ""
    okpo: str = ""
    address: str = ""
    place: str = ""
    phone: str = ""
    email: str = ""
    site: str = ""
    time_zone: str = "Europe/Moscow"
    week: int = 5
    region: str = ""
    founder_id: UUID | None = None
    office_id: UUID | None = None
    pack: str = ""
    visa_roles: tuple[str, ...] = ()
    forms: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class NewPerson:
    """The card of a person as the operator fills it in; `forms` of the full name as above."""

    last: str
    first: str
    middle: str = ""
    female: bool = True
    snils: str = ""
    inn: str = ""
    email: str = ""
    forms: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class NewEmployment:
    """A post from a day on; `forms` of the post as above."""

    person_id: UUID
    organisation_id: UUID
    post: str
    since: date
    until: date | None = None
    forms: tuple[tuple[str, str], ...] = ()


def _as_operator(
    services: Services, actor: Actor, act: Callable[[Transaction], DoneT | Refusal]
) -> DoneT | Refusal:
    """Run an act of the operator in one transaction; refuse anybody else."""
    with services.uow() as tx:
        known = desks.actor_of(tx, actor.person_id)
        refusal = may_administer(known)
        if refusal:
            return refusal
        try:
            done = act(tx)
        except MissingRowError as error:
            raise NotFoundError(str(error)) from error
        if not isinstance(done, Refusal):
            tx.commit()
        return done


def add_organisation(
    services: Services, actor: Actor, new: NewOrganisation
) -> Organisation | Refusal:
    """Enter an organisation and open the registers that its pack names."""

    def act(tx: Transaction) -> Organisation | Refusal:
        organisation = _organisation(services, new)
        refusal = check_requisites(organisation)
        if refusal:
            return refusal
        saved = tx.organisations.save(organisation)
        open_registers(tx, services, saved)
        tx.audit.add(INSTALLATION, "organisation.added", {"organisation": str(saved.id)})
        return saved

    return _as_operator(services, actor, act)


def _organisation(services: Services, new: NewOrganisation) -> Organisation:
    forms = new.forms or services.assembler.propose_phrase(new.short_name).forms
    return Organisation(
        id=services.new_id(),
        kind=OrganisationKind(new.kind),
        names=(OrganisationName(new.full_name, new.short_name, new.since, forms, bool(new.forms)),),
        requisites=Requisites(
            inn=new.inn,
            kpp=new.kpp,
            ogrn=new.ogrn,
            okpo=new.okpo,
            address=new.address,
            place=new.place,
            phone=new.phone,
            email=new.email,
            site=new.site,
        ),
        time_zone=new.time_zone,
        week=new.week,
        region=new.region,
        founder_id=new.founder_id,
        office_id=new.office_id,
        pack=new.pack,
        visa_roles=new.visa_roles,
    )


def change_organisation(
    services: Services, actor: Actor, organisation: Organisation
) -> Organisation | Refusal:
    """Save a changed card (names with their forms, requisites, week, region, pack, visas)."""

    def act(tx: Transaction) -> Organisation | Refusal:
        refusal = check_requisites(organisation)
        if refusal:
            return refusal
        before = tx.organisations.load(organisation.id)
        saved = tx.organisations.save(organisation, before)
        open_registers(tx, services, saved)
        tx.audit.add(INSTALLATION, "organisation.changed", {"organisation": str(saved.id)})
        return saved

    return _as_operator(services, actor, act)


def add_person(services: Services, actor: Actor, new: NewPerson) -> Person | Refusal:
    """Enter a person; case forms that are not given are proposed, for somebody to confirm."""

    def act(tx: Transaction) -> Person | Refusal:
        person = person_of(services, new)
        refusal = check_identifiers(person)
        if refusal:
            return refusal
        saved = tx.people.save(person)
        tx.audit.add(INSTALLATION, "person.added", {"person": str(saved.id)})
        return saved

    return _as_operator(services, actor, act)


def person_of(services: Services, new: NewPerson) -> Person:
    """The person of a card, with proposed case forms where none were given."""
    propose = services.assembler.propose_person
    return Person(
        id=services.new_id(),
        last=new.last.strip(),
        first=new.first.strip(),
        middle=new.middle.strip(),
        gender=Gender.FEMALE if new.female else Gender.MALE,
        snils=new.snils,
        inn=new.inn,
        email=new.email,
        forms=new.forms or propose(new.last, new.first, new.middle, new.female).forms,
        forms_confirmed=bool(new.forms),
    )


def change_person(services: Services, actor: Actor, person: Person) -> Person | Refusal:
    """Save a changed card: forms and e-mail; name and identifiers only where they were empty."""

    def act(tx: Transaction) -> Person | Refusal:
        before = tx.people.load(person.id)
        refusal = may_rename(before, person) or check_identifiers(person)
        if refusal:
            return refusal
        saved = tx.people.save(_with_forms(services, before, person), before)
        tx.audit.add(INSTALLATION, "person.changed", {"person": str(saved.id)})
        return saved

    return _as_operator(services, actor, act)


def _with_forms(services: Services, before: Person, after: Person) -> Person:
    """A name that has grown (a patronymic was filled in) has case forms to be confirmed anew."""
    if after.full_name == before.full_name or after.forms != before.forms:
        return after
    return replace(after, forms=proposed_name(services, after), forms_confirmed=False)


def proposed_name(services: Services, person: Person) -> tuple[tuple[str, str], ...]:
    """Case forms of a person's name as the dictionary has them, for somebody to confirm."""
    female = person.gender is Gender.FEMALE
    return services.assembler.propose_person(person.last, person.first, person.middle, female).forms


def employ(services: Services, actor: Actor, new: NewEmployment) -> Employment | Refusal:
    """Enter a post; its case forms are proposed where none were given or confirmed before."""

    def act(tx: Transaction) -> Employment | Refusal:
        tx.people.load(new.person_id)
        tx.organisations.load(new.organisation_id)
        refusal = _check_term(new.since, new.until)
        if refusal:
            return refusal
        post = new.post.strip()
        forms, confirmed = post_forms(tx, services, new.organisation_id, post)
        employment = Employment(
            id=services.new_id(),
            person_id=new.person_id,
            organisation_id=new.organisation_id,
            post=post,
            since=new.since,
            until=new.until,
            forms=new.forms or forms,
            forms_confirmed=bool(new.forms) or confirmed,
        )
        saved = tx.employments.save(employment)
        tx.audit.add(employment.organisation_id, "employment.added", {"employment": str(saved.id)})
        return saved

    return _as_operator(services, actor, act)


def _check_term(since: date, until: date | None) -> Refusal | None:
    if until is None or until >= since:
        return None
    return Refusal("employment.dates", N_("The post ends before it begins. Check the dates."))


def change_employment(
    services: Services, actor: Actor, employment: Employment
) -> Employment | Refusal:
    """Save confirmed case forms or the last day of a post; person and organisation stay."""

    def act(tx: Transaction) -> Employment | Refusal:
        before = tx.employments.load(employment.id)
        refusal = _check_term(before.since, employment.until)
        if refusal:
            return refusal
        after = replace(
            before,
            forms=employment.forms,
            forms_confirmed=employment.forms_confirmed,
            until=employment.until,
            post=employment.post,
        )
        saved = tx.employments.save(after, before)
        follow_departure(tx, saved)
        tx.audit.add(before.organisation_id, "employment.changed", {"employment": str(saved.id)})
        return saved

    return _as_operator(services, actor, act)


def give_mandate(
    services: Services,
    actor: Actor,
    employment_id: UUID,
    role: str,
    since: date,
    until: date | None,
    ground: str,
) -> Mandate | Refusal:
    """Enter a role that somebody holds, with the document it rests on.

    A head's mandate lets the head sign at home; the office counts it only once it is confirmed.
    """

    def act(tx: Transaction) -> Mandate | Refusal:
        employment = tx.employments.load(employment_id)
        if not ground.strip():
            return Refusal(
                "mandate.ground_missing",
                N_("The ground is missing: which document gives the authority?"),
                N_("Write for example: order of 12 January 2023 № 3-k."),
            )
        if until is not None and until < since:
            return Refusal("mandate.dates", N_("The authority ends before it begins."))
        mandate = Mandate(
            id=services.new_id(),
            person_id=employment.person_id,
            employment_id=employment.id,
            organisation_id=employment.organisation_id,
            role=Role(role),
            since=since,
            until=within_post(until, employment),
            ground=ground.strip(),
            recorded_at=services.clock(),
        )
        saved = tx.mandates.save(mandate, None)
        tx.audit.add(
            mandate.organisation_id,
            "mandate.given",
            {"mandate": str(mandate.id), "role": role},
        )
        return saved

    return _as_operator(services, actor, act)


def withdraw_mandate(services: Services, actor: Actor, mandate_id: UUID) -> Mandate | Refusal:
    """Say that a mandate was entered by mistake; what was done by it stays in the history."""

    def act(tx: Transaction) -> Mandate | Refusal:
        before = tx.mandates.load(mandate_id)
        after = tx.mandates.save(replace(before, withdrawn_at=services.clock()), before)
        tx.audit.add(before.organisation_id, "mandate.withdrawn", {"mandate": str(mandate_id)})
        return after

    return _as_operator(services, actor, act)


def confirm_head(services: Services, actor: Actor, mandate_id: UUID) -> Mandate | Refusal:
    """Confirm a head: the founder's or the office's own register of heads."""
    with services.uow() as tx:
        try:
            before = tx.mandates.load(mandate_id)
        except MissingRowError as error:
            raise NotFoundError(str(error)) from error
        organisation = tx.organisations.load(before.organisation_id)
        known = desks.actor_of(tx, actor.person_id)
        today = organisation.local_day(services.clock())
        refusal = may_confirm_head(known, before, organisation, today)
        if refusal:
            return refusal
        after = tx.mandates.save(replace(before, confirmed_by=known.person_id), before)
        tx.audit.add(organisation.id, "mandate.confirmed", {"mandate": str(mandate_id)})
        tx.commit()
        return after


def rename_organisation(organisation: Organisation, name: OrganisationName) -> Organisation:
    """The organisation with a further name from its day on; the old names stay."""
    return replace(organisation, names=(*organisation.names, name))
