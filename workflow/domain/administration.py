"""Who may set up organisations, people, mandates, accounts and trust."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from workflow.domain.mandates import Actor, Mandate
from workflow.domain.organisations import Organisation
from workflow.domain.people import Person
from workflow.domain.refusals import N_, Refusal
from workflow.domain.regulations import Role

#: Roles that sign or decide for an organisation: their accounts need a second factor.
SIGNING_ROLES = frozenset({Role.HEAD, Role.ACTING_HEAD, Role.OFFICER})


def may_administer(actor: Actor) -> Refusal | None:
    """Whether the actor is the operator of the installation."""
    if actor.operator:
        return None
    return Refusal(
        "admin.not_operator",
        N_("Only the operator of the installation may do this."),
        N_("Ask the operator."),
    )


def may_keep_staff(actor: Actor, organisation: Organisation, today: date) -> Refusal | None:
    """Whether the actor keeps the workers' cards of the organisation: operator, clerk or head."""
    keeps = (Role.CLERK, Role.HEAD, Role.ACTING_HEAD)
    if actor.operator or any(actor.holds(role, organisation.id, today) for role in keeps):
        return None
    return Refusal(
        "staff.not_yours",
        N_("The workers' cards are kept by the clerk and the head of the organisation."),
        N_("Ask the clerk."),
    )


def may_confirm_head(
    actor: Actor, mandate: Mandate, organisation: Organisation, today: date
) -> Refusal | None:
    """Whether the actor may confirm a head: the founder or the office, never the head alone."""
    if mandate.role not in (Role.HEAD, Role.ACTING_HEAD):
        return Refusal("mandate.no_confirmation", N_("This authority needs no confirmation."))
    above = [o for o in (organisation.founder_id, organisation.office_id) if o]
    if actor.person_id != mandate.person_id and any(
        actor.holds(role, place, today) for role in (Role.HEAD, Role.OFFICER) for place in above
    ):
        return None
    return Refusal(
        "mandate.confirm.not_yours",
        N_("A head is confirmed by the founder or by the office."),
        N_("Ask the office."),
    )


def needs_second_factor(mandates: Iterable[Mandate], today: date) -> bool:
    """Whether somebody with these mandates signs or decides for an organisation."""
    return any(m.role in SIGNING_ROLES and m.in_force(today) for m in mandates)


def may_rename(before: Person, after: Person) -> Refusal | None:
    """Name, СНИЛС and ИНН cannot be changed by one person alone; empty ones may be filled in."""
    pairs = (
        (before.last, after.last),
        (before.first, after.first),
        (before.middle, after.middle),
        (before.snils, after.snils),
        (before.inn, after.inn),
    )
    if all(old in ("", new) for old, new in pairs):
        return None
    return Refusal(
        "person.identity_locked",
        N_("Name, insurance number and taxpayer number are not changed by one person alone."),
        N_("Propose the change on the worker's card: somebody else confirms it."),
    )


def check_snils(snils: str) -> bool:
    """Whether the 11 digits carry the right check number (ПФР, постановление 192п)."""
    if not re.fullmatch(r"[0-9]{11}", snils):
        return False
    total = sum(int(d) * (9 - place) for place, d in enumerate(snils[:9]))
    return int(snils[9:]) == total % 101 % 100


def check_inn(inn: str) -> bool:
    """Whether the 10 (organisation) or 12 (person) digits carry the right check digits."""
    weights_10 = (2, 4, 10, 3, 5, 9, 4, 6, 8)
    weights_11 = (7, *weights_10)
    weights_12 = (3, *weights_11)

    def control(digits: str, weights: tuple[int, ...]) -> str:
        total = sum(int(d) * w for d, w in zip(digits, weights, strict=False))
        return str(total % 11 % 10)

    if re.fullmatch(r"[0-9]{10}", inn):
        return inn[9] == control(inn[:9], weights_10)
    if re.fullmatch(r"[0-9]{12}", inn):
        return inn[10] == control(inn, weights_11) and inn[11] == control(inn, weights_12)
    return False


def check_ogrn(ogrn: str) -> bool:
    """Whether the 13 digits carry the right check digit."""
    return bool(re.fullmatch(r"[0-9]{13}", ogrn)) and int(ogrn[:12]) % 11 % 10 == int(ogrn[12])


def check_identifiers(person: Person) -> Refusal | None:
    """Whether СНИЛС and ИНН, where given, can be right at all."""
    if person.snils and not check_snils(person.snils):
        return Refusal(
            "person.snils",
            N_("The insurance number (SNILS) has a misprint: its check digits do not fit."),
            N_("Type the eleven digits from the card."),
        )
    if person.inn and not (len(person.inn) == 12 and check_inn(person.inn)):
        return Refusal(
            "person.inn",
            N_("The taxpayer number (INN) has a misprint: its check digits do not fit."),
            N_("Type the twelve digits from the certificate."),
        )
    return None


def check_requisites(organisation: Organisation) -> Refusal | None:
    """Whether ИНН and ОГРН, where given, can be right at all."""
    inn, ogrn = organisation.requisites.inn, organisation.requisites.ogrn
    if inn and not (len(inn) == 10 and check_inn(inn)):
        return Refusal(
            "organisation.inn",
            N_("The organisation's taxpayer number (INN) has a misprint."),
            N_("Type the ten digits from the charter or the register of legal entities."),
        )
    if ogrn and not check_ogrn(ogrn):
        return Refusal(
            "organisation.ogrn",
            N_("The registration number (OGRN) has a misprint."),
            N_("Type the thirteen digits from the register of legal entities."),
        )
    return None
