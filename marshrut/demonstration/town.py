"""Build the invented municipality in an empty database, through the operator's use cases."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar
from uuid import UUID

from marshrut.demonstration.cast import (
    LESNOGORSK,
    OPERATOR,
    Cast,
    OrganisationCard,
    PersonCard,
)
from marshrut.demonstration.identifiers import (
    insurance_number,
    registration_number,
    taxpayer_organisation,
    taxpayer_person,
)
from marshrut.demonstration.papers import scan
from workflow.queries.case_forms import unconfirmed_forms
from workflow.usecases import accounts, agreements, installation, keys, paperwork, staff
from workflow.usecases.actors import Actor, actor_of_person
from workflow.usecases.confirm_forms import ConfirmedForms, confirm_forms
from workflow.usecases.errors import Refusal
from workflow.usecases.services import Services

PASSWORD = "учебный пароль"  # noqa: S105 - of a training database, shown on its first page
KEY_PASSWORD = "ключ 2026"  # noqa: S105 - the same
WORKING_SINCE = timedelta(days=500)

DoneT = TypeVar("DoneT")

#: Issues a key file: name, given names, insurance and taxpayer numbers, post, organisation.
KeyMaker = Callable[["Inhabitant", "Place"], bytes]


class StoryError(Exception):
    """The story cannot go on: a use case refused what the demonstration needs."""

    code = "demonstration"

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(f"{refusal.code}: {refusal.msgid.format(**refusal.params)}")
        self.refusal = refusal


def done(outcome: DoneT | Refusal) -> DoneT:
    """Return what a use case did; raise StoryError when it refused."""
    if isinstance(outcome, Refusal):
        raise StoryError(outcome)
    return outcome


@dataclass(frozen=True)
class Inhabitant:
    """A person of the municipality, with the account to sign in by."""

    key: str
    name: str
    last: str
    given: str
    post: str
    snils: str
    inn: str
    person_id: UUID
    employment_id: UUID
    roles: tuple[str, ...]
    second_factor: bytes


@dataclass(frozen=True)
class Place:
    """An organisation with its people by their keys."""

    key: str
    id: UUID
    full: str
    short: str
    ogrn: str
    inn: str
    people: Mapping[str, Inhabitant]

    def holding(self, role: str) -> Inhabitant:
        """Who held the role from the beginning."""
        return next(p for p in self.people.values() if role in p.roles)


@dataclass(frozen=True)
class Town:
    """The municipality: its operator, and all organisations by their keys."""

    operator: Actor
    operator_second_factor: bytes
    places: Mapping[str, Place]
    cast: Cast = LESNOGORSK

    @property
    def office(self) -> Place:
        return self.places[self.cast.office]


def build(
    services: Services,
    today: date,
    training: list[installation.TrainingRoot],
    crls: list[bytes],
    key_for: KeyMaker,
    cast: Cast = LESNOGORSK,
) -> Town:
    """Make the installation with everybody in it; heads are confirmed by the office.

    Heads and officers get a training key, kept under `KEY_PASSWORD`; everybody has signed the
    agreement on simple signatures on paper.
    """
    operator = staff.NewPerson(OPERATOR.last, OPERATOR.first, OPERATOR.middle)
    practice = {"password": PASSWORD, "key_password": KEY_PASSWORD}
    begun = done(
        installation.begin(services, operator, OPERATOR.key, PASSWORD, training, crls, practice)
    )
    places: dict[str, Place] = {}
    for number, card in enumerate(cast.organisations, start=1):
        places[card.key] = _settle(services, begun.operator, today, number, card, cast, places)
    town = Town(begun.operator, begun.account.second_factor, places, cast)
    _confirm_heads(services, town)
    _give_keys(services, town, key_for)
    _agree_on_simple_signatures(services, town, today - WORKING_SINCE)
    return town


def _settle(
    services: Services,
    operator: Actor,
    today: date,
    number: int,
    card: OrganisationCard,
    cast: Cast,
    places: Mapping[str, Place],
) -> Place:
    since = today - WORKING_SINCE
    founder, office = places.get(card.founder), places.get(card.office)
    new = staff.NewOrganisation(
        kind=card.kind,
        full_name=card.full,
        short_name=card.short,
        since=since,
        inn=taxpayer_organisation(number),
        kpp=f"{number:04d}01001",
        ogrn=registration_number(number),
        okpo=f"{number:08d}",
        address=card.address,
        place=card.place,
        phone=card.phone,
        email=card.email,
        site=card.site,
        week=card.week,
        time_zone=card.time_zone,
        region=cast.region,
        founder_id=founder.id if founder else None,
        office_id=office.id if office else None,
        pack=cast.pack,
    )
    organisation = done(staff.add_organisation(services, operator, new))
    people = {
        person.key: _employ(
            services, operator, since, organisation.id, number * 100 + i, person, cast.mail_domain
        )
        for i, person in enumerate(card.staff, start=1)
    }
    _confirm_forms(services, operator, organisation.id)
    place = Place(card.key, organisation.id, card.full, card.short, new.ogrn, new.inn, people)
    _introduce_electronics(services, operator, place, since)
    return place


def _introduce_electronics(services: Services, operator: Actor, place: Place, day: date) -> None:
    """The town works without paper; everybody was hired after 2021 and needs no consent."""
    acts = {
        "labour": f"приказ от {day:%d.%m.%Y} № 1-эд с учётом мнения профсоюза",
        "other": f"решение от {day:%d.%m.%Y} № 2, согласовано с учредителем",
    }
    for area, act in acts.items():
        done(paperwork.introduce_electronic(services, operator, place.id, area, day, act))
    answer = paperwork.EnteredAnswer("not_needed", day, remark="принят после 31.12.2021")
    for person in place.people.values():
        done(paperwork.enter_answer(services, operator, person.employment_id, answer))


def _employ(
    services: Services,
    operator: Actor,
    since: date,
    organisation_id: UUID,
    number: int,
    card: PersonCard,
    mail_domain: str,
) -> Inhabitant:
    new = staff.NewPerson(
        card.last,
        card.first,
        card.middle,
        card.female,
        snils=insurance_number(number),
        inn=taxpayer_person(number),
        email=f"{card.key}@{mail_domain}",
    )
    person = done(staff.add_person(services, operator, new))
    employment = done(
        staff.employ(
            services, operator, staff.NewEmployment(person.id, organisation_id, card.post, since)
        )
    )
    for role in card.roles:
        ground = f"приказ от {since:%d.%m.%Y} № {number}-л/с"
        done(staff.give_mandate(services, operator, employment.id, role, since, None, ground))
    opened = done(accounts.open_account(services, operator, person.id, card.key, PASSWORD))
    return Inhabitant(
        key=card.key,
        name=person.full_name,
        last=card.last,
        given=f"{card.first} {card.middle}",
        post=card.post,
        snils=new.snils,
        inn=new.inn,
        person_id=person.id,
        employment_id=employment.id,
        roles=card.roles,
        second_factor=opened.second_factor,
    )


def _confirm_forms(services: Services, operator: Actor, organisation_id: UUID) -> None:
    """The operator has looked at the proposed case forms: the invented names are regular."""
    proposals = unconfirmed_forms(services, operator, organisation_id).proposals
    looked_at = [ConfirmedForms(one.kind, one.text, one.forms, one.person_id) for one in proposals]
    done(confirm_forms(services, operator, organisation_id, looked_at))


def _confirm_heads(services: Services, town: Town) -> None:
    officer = actor_of_person(services, town.office.holding("officer").person_id)
    for place in town.places.values():
        if place.key == town.cast.office:
            continue
        head = actor_of_person(services, place.holding("head").person_id)
        for mandate in head.mandates:
            done(staff.confirm_head(services, officer, mandate.id))


def _give_keys(services: Services, town: Town, key_for: KeyMaker) -> None:
    for place in town.places.values():
        for person in place.people.values():
            if "head" in person.roles:
                actor = actor_of_person(services, person.person_id)
                p12 = key_for(person, place)
                done(keys.add_key(services, actor, p12, KEY_PASSWORD))


def _agree_on_simple_signatures(services: Services, town: Town, signed_on: date) -> None:
    for place in town.places.values():
        sheet = scan("Соглашение об использовании простой электронной подписи", [place.full])
        for number, person in enumerate(place.people.values(), start=1):
            paper = agreements.PaperAgreement(f"{number}-ПЭП", signed_on, sheet)
            done(
                agreements.enter_agreement(
                    services, town.operator, place.id, person.employment_id, paper
                )
            )
