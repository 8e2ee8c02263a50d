"""Say what a code of a power lets one sign here, and confirm what stands in its words."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from uuid import UUID

from workflow.domain.administration import may_administer
from workflow.domain.mandates import Actor
from workflow.domain.organisations import Organisation
from workflow.domain.powers import (
    MOST_WORDS,
    CodeMeaning,
    PowerReading,
    may_read_words,
    may_say_what_counts,
)
from workflow.domain.refusals import N_, Refusal
from workflow.domain.regulations import DocumentType, Role, Verb
from workflow.usecases.powers.answers import look_again
from workflow.usecases.powers.desk import lay_place, lay_power
from workflow.usecases.services import Services

LONGEST_CODE = 80

NO_SUCH_TYPE = Refusal(
    "power.no_such_type",
    N_("The head signs no documents of this type here."),
    N_("Choose anew."),
)


def types_signed_by_head(services: Services, place: Organisation) -> tuple[DocumentType, ...]:
    """The types of documents that the head of the organisation signs, by its regulation."""
    if not place.pack:
        return ()
    types = services.packs.newest(place.pack).document_types.values()
    return tuple(kind for kind in types if _asks_for_the_head(kind))


def _asks_for_the_head(kind: DocumentType) -> bool:
    return any(s.verb is Verb.SIGN and s.who.role is Role.HEAD for s in kind.route)


def say_what_a_code_means(
    services: Services,
    actor: Actor,
    organisation_id: UUID,
    code: str,
    types: Iterable[str],
    *,
    for_all: bool = False,
) -> CodeMeaning | Refusal:
    """Set which documents a code lets one sign in the organisation; none: it lets sign nothing.

    What is said counts from now on; signatures that were accepted stay so. The operator may say it
    `for_all` organisations that say nothing else.
    """
    code, chosen = code.strip(), tuple(sorted(set(types)))
    with services.uow() as tx:
        desk = lay_place(tx, services, actor, organisation_id)
        refusal = may_say_what_counts(desk.actor, desk.place, desk.today)
        refusal = refusal or (may_administer(desk.actor) if for_all else None)
        refusal = refusal or _check(services, desk.place, code, chosen)
        if refusal:
            return refusal
        said = tx.code_meanings.counting_for(organisation_id)
        whose = None if for_all else organisation_id
        before = next((m for m in said if m.code == code and m.organisation_id == whose), None)
        meaning = CodeMeaning(
            id=before.id if before else services.new_id(),
            organisation_id=whose,
            code=code,
            types=chosen,
            said_at=services.clock(),
            said_by=desk.actor.person_id,
            version=before.version if before else 0,
        )
        meaning = tx.code_meanings.save(meaning, before)
        said_of = [meaning.code, *meaning.types]
        body = {
            "meaning": str(meaning.id),
            "said": sha256("\n".join(said_of).encode()).hexdigest(),
            "types": len(meaning.types),
        }
        tx.audit.add(organisation_id, "power.code_means", body)
        for power in tx.powers.of_organisations([organisation_id]):
            if any(one.code == code for one in power.codes):
                look_again(tx, power, f"{meaning.id}.{meaning.version}")
        tx.commit()
        return meaning


def _check(
    services: Services, place: Organisation, code: str, types: tuple[str, ...]
) -> Refusal | None:
    if not code or len(code) > LONGEST_CODE:
        return Refusal("power.no_code", N_("The code of the power is missing or too long."))
    known = {kind.code for kind in types_signed_by_head(services, place)}
    if set(types) <= known:
        return None
    return Refusal(
        "power.no_such_type",
        N_("The head signs no documents of this type here."),
        N_("Choose anew."),
    )


def confirm_words(
    services: Services, actor: Actor, power_id: UUID, type_code: str, words: str
) -> PowerReading | Refusal:
    """Confirm in one's own name that the power's words let its holder sign documents of a type.

    `words` are those that were found in the power.
    """
    words = " ".join(words.split())
    with services.uow() as tx:
        desk = lay_power(tx, services, actor, power_id)
        refusal = may_read_words(desk.actor, desk.power, desk.place, desk.today)
        refusal = refusal or _check_words(services, desk.principal, type_code, words)
        if refusal:
            return refusal
        reading = PowerReading(
            id=services.new_id(),
            power_id=desk.power.id,
            organisation_id=desk.answers_for,
            type_code=type_code,
            words=words,
            read_at=services.clock(),
            read_by=desk.actor.person_id,
        )
        tx.power_readings.add(reading)
        body = {"power": str(power_id), "type": type_code, "reading": str(reading.id)}
        tx.audit.add(desk.power.organisation_id, "power.words_confirmed", body)
        look_again(tx, desk.power, str(reading.id))
        tx.commit()
        return reading


def _check_words(
    services: Services, principal: Organisation, type_code: str, words: str
) -> Refusal | None:
    if not words:
        return Refusal(
            "power.no_words",
            N_("Write the words of the power of attorney that give this power."),
        )
    if len(words) > MOST_WORDS:
        return Refusal("power.too_many_words", N_("Write 1000 characters at most."))
    if type_code in {kind.code for kind in types_signed_by_head(services, principal)}:
        return None
    return Refusal(
        "power.no_such_type",
        N_("The head signs no documents of this type here."),
        N_("Choose anew."),
    )
