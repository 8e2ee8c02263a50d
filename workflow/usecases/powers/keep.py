"""Take a power of attorney (its XML and the signature beside it) into an organisation's keeping."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from uuid import UUID

from workflow.domain.mandates import Actor
from workflow.domain.people import Person
from workflow.domain.powers import PowerOfAttorney, may_keep_powers
from workflow.domain.refusals import N_, Refusal
from workflow.powers import ExaminedGift, GivenPower, NamedPerson, PowerFacts
from workflow.store.unit_of_work import Repositories
from workflow.usecases.powers.desk import PlaceDesk, lay_place
from workflow.usecases.powers.known import given_power
from workflow.usecases.services import Services
from workflow.usecases.trust import trust_view

LARGEST_POWER = 1024 * 1024
LARGEST_SIGNATURE = 1024 * 1024
NOT_TAKEN = N_("The power of attorney was not taken. Nothing has changed.")
OTHER_SIGNATURE = N_(
    "The power of attorney was not taken. Load the signature that was made over this very XML, by "
    "a certificate that is in force. The page “Check of a signature” tells what is wrong with it."
)


@dataclass(frozen=True)
class _Taken:
    """A power as it would be kept, and what it is judged by."""

    power: PowerOfAttorney
    given: GivenPower


def keep_power(
    services: Services, actor: Actor, organisation_id: UUID, file: bytes, signature: bytes
) -> PowerOfAttorney | Refusal:
    """Keep a power that the organisation's head has given to one of its people.

    Refused when it was given by somebody else, or to nobody known here. What cannot be judged yet
    (no list of revoked certificates) is kept and judged again with every signature.
    """
    with services.uow.reading() as tx:
        desk = lay_place(tx, services, actor, organisation_id)
    refusal = may_keep_powers(desk.actor, desk.place, desk.today) or _check(file, signature)
    if refusal:
        return refusal
    facts = services.signatures.read_power(file)
    if isinstance(facts, Refusal):
        return facts
    with services.uow.reading() as tx:
        taken = _taken(tx, services, desk, facts, file, signature)
        trust = trust_view(tx, services)
    if isinstance(taken, Refusal):
        return taken
    gift = services.signatures.examine_gift(taken.given, trust, services.clock())
    if isinstance(gift, Refusal):
        return gift
    refusal = _not_given(gift)
    if refusal:
        return refusal
    services.blobs.put(file)
    services.blobs.put(signature)
    with services.uow() as tx:
        desk = lay_place(tx, services, actor, organisation_id)
        refusal = may_keep_powers(desk.actor, desk.place, desk.today)
        refusal = refusal or _known_already(tx, desk, facts.number)
        if refusal:
            return refusal
        power = tx.powers.save(replace(taken.power, signed_by=gift.signed_by), None)
        tx.audit.add(
            desk.place.id,
            "power.kept",
            {"power": str(power.id), "number": power.number, "file": power.file},
        )
        tx.commit()
        return power


def _check(file: bytes, signature: bytes) -> Refusal | None:
    if len(file) > LARGEST_POWER or len(signature) > LARGEST_SIGNATURE:
        return Refusal("power.too_large", N_("The file is larger than 1 MB."))
    if not file or not signature:
        return Refusal(
            "power.no_signature",
            N_("A power of attorney is two files: the XML and the signature beside it."),
            N_("Load both files, as the program that made the power gave them."),
        )
    return None


def _taken(
    tx: Repositories,
    services: Services,
    desk: PlaceDesk,
    facts: PowerFacts,
    file: bytes,
    signature: bytes,
) -> _Taken | Refusal:
    refusal = _known_already(tx, desk, facts.number)
    if refusal:
        return refusal
    requisites = desk.place.requisites
    if not requisites.inn and not requisites.ogrn:
        return Refusal(
            "power.no_requisites",
            N_("Neither ИНН nor ОГРН of the organisation is entered here."),
            N_("Ask the operator to enter them: by them the principal is known."),
        )
    holder = _holder(tx, desk, facts)
    if isinstance(holder, Refusal):
        return holder
    power = PowerOfAttorney(
        id=services.new_id(),
        organisation_id=desk.place.id,
        representative_id=holder.id,
        number=facts.number,
        own_number=facts.own_number,
        issued=facts.issued,
        until=facts.until,
        signed_by="",
        coded=facts.coded,
        alone=facts.alone,
        text=facts.text,
        codes=facts.codes,
        file=hashlib.sha256(file).hexdigest(),
        signature=hashlib.sha256(signature).hexdigest(),
        kept_at=services.clock(),
        kept_by=desk.actor.person_id,
    )
    given = given_power(tx, power, desk.place)
    return _Taken(power, replace(given, file=file, signature=signature))


def _known_already(tx: Repositories, desk: PlaceDesk, number: str) -> Refusal | None:
    if tx.powers.find(desk.place.id, number) is None:
        return None
    return Refusal(
        "power.known",
        N_("The power of attorney № {number} is kept here already."),
        N_("Find it in the list."),
        {"number": number},
    )


def _holder(tx: Repositories, desk: PlaceDesk, facts: PowerFacts) -> Person | Refusal:
    """Who of the organisation's people receives the power: known by СНИЛС or ИНН, not by name."""
    posts = tx.employments.of_organisation(desk.place.id, desk.today)
    staff = tx.people.load_many(post.person_id for post in posts).values()
    named = [p for p in staff for one in facts.representatives if _is_same(p, one)]
    if len({person.id for person in named}) == 1:
        return named[0]
    return Refusal(
        "power.holder_unknown",
        N_("None of the organisation's workers, or more than one, is the representative: {names}."),
        N_("Compare СНИЛС and ИНН on the worker's card with those in the power of attorney."),
        {"names": "; ".join(f"{p.last} {p.given}" for p in facts.representatives) or "—"},
    )


def _is_same(person: Person, named: NamedPerson) -> bool:
    """Whether every number known on both sides is the same, and one is."""
    pairs = [(person.snils, named.snils), (person.inn, named.inn)]
    compared = [own == theirs for own, theirs in pairs if own and theirs]
    return bool(compared) and all(compared)


def _not_given(gift: ExaminedGift) -> Refusal | None:
    """Why the file is no power of this organisation's head; what is not known yet is let pass."""
    failed = next((one for one in gift.findings if one.passed is False), None)
    if failed is None:
        return None
    todo = OTHER_SIGNATURE if failed.code == "signature_invalid" else NOT_TAKEN
    return Refusal(f"power.{failed.code}", failed.msgid, todo, failed.params)
