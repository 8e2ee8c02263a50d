"""Whom a step of a route calls, and why it may call another than the head who asks."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from workflow.domain.circumstances import Circumstances
from workflow.domain.documents import Document
from workflow.domain.mandates import Actor
from workflow.domain.powers import PowerKnown
from workflow.domain.refusals import N_, Refusal
from workflow.domain.regulations import Role, Verb, Who
from workflow.domain.routes import Step, is_done, steps_of


def is_called(who: Who, step: Step, actor: Actor, around: Circumstances) -> bool:
    """Whether the step waits for this actor (by a post named in the document, or by a role)."""
    if step.employment_id is not None:
        return actor.has_employment(step.employment_id)
    organisation_id = organisation_of(who, around)
    if organisation_id is None or who.role is None:
        return False
    if actor.holds(who.role, organisation_id, around.today):
        return True
    return power_for(step, actor, around) is not None


def organisation_of(who: Who, around: Circumstances) -> UUID | None:
    """The organisation whose role the step asks for."""
    match who.at:
        case "founder":
            return around.organisation.founder_id
        case "addressee":
            return around.addressee_id
        case _:
            return around.organisation.id


def takes(step: Step, actor: Actor, around: Circumstances) -> bool:
    """Whether the step is the actor's: called, still in the post, theirs to decide."""
    if not is_called(step.spec.who, step, actor, around) or has_left(step, actor, around):
        return False
    if not is_for_the_head(step):
        return True
    named = around.signatories.get(step.spec.who.at, actor.person_id)
    # Who acts for the head cannot do what the head herself may not: sign towards herself.
    if {actor.person_id, named} & around.counterparties:
        return False
    return actor.person_id == named or power_for(step, actor, around) is not None


def power_for(step: Step, actor: Actor, around: Circumstances) -> PowerKnown | None:
    """By which power of attorney the actor signs where the route asks for the head.

    None for a head, and for whoever has no power that lets them sign here and now. Of several the
    one that the registry was asked about last.
    """
    fitting = [known for known in _powers_at(step, actor, around) if known.lets_sign(around.today)]
    return max(
        fitting,
        key=lambda k: (k.answer.as_of if k.answer else k.power.kept_at, k.power.id),
        default=None,
    )


def _powers_at(step: Step, actor: Actor, around: Circumstances) -> list[PowerKnown]:
    """The actor's powers of attorney from the organisation whose head the step asks to sign."""
    if step.verb is not Verb.SIGN or not is_for_the_head(step):
        return []
    place = organisation_of(step.spec.who, around)
    if place is None or actor.holds(Role.HEAD, place, around.today):
        return []
    return [
        known
        for known in around.powers
        if known.power.organisation_id == place and known.power.representative_id == actor.person_id
    ]


def power_does_not_do(document: Document, actor: Actor, around: Circumstances) -> Refusal | None:
    """Say to whoever has a power of attorney why it is not enough for this document."""
    steps = steps_of(document, around.kind, around.visa_roles)
    waiting = [s for s in steps if not is_done(document, s)]
    held = [known for step in waiting for known in _powers_at(step, actor, around)]
    if not held or any(known.lets_sign(around.today) for known in held):
        return None
    return why_not_by(held[-1], around.today)


def why_not_by(known: PowerKnown, today: date) -> Refusal:
    """Why a power of attorney lets nobody sign today."""
    power = known.power
    words = {"number": power.number, "until": power.until, "issued": power.issued}
    if known.is_revoked(today):
        return Refusal(
            "power.revoked",
            N_("Your power of attorney № {number} has been revoked."),
            N_("The document is signed by the head, or by the holder of another power."),
            words,
        )
    if not power.in_force(today):
        return Refusal(
            "power.ended",
            N_("Your power of attorney № {number} is given from {issued} to {until}."),
            N_("Ask the head for a new power of attorney."),
            words,
        )
    return Refusal(
        "power.not_covered",
        N_("Your power of attorney № {number} does not let you sign this document."),
        N_(
            "If the power is there in words, have the head read and confirm it; otherwise the "
            "head signs."
        ),
        words,
    )


def is_for_the_head(step: Step) -> bool:
    """Whether the step decides for the employer: nobody takes it in a matter of their own."""
    deciding = step.verb in (Verb.SIGN, Verb.RESOLVE)
    return deciding and step.employment_id is None and step.spec.who.role is Role.HEAD


def has_left(step: Step, actor: Actor, around: Circumstances) -> bool:
    """Whether the step names a post that the actor holds no longer."""
    return any(
        e.id == step.employment_id and e.until is not None and e.until < around.today
        for e in actor.employments
    )


def decided_by_another(
    document: Document, verb: Verb, actor: Actor, around: Circumstances
) -> Refusal | None:
    """Say to a head why the step of the head waits for somebody else."""
    if not actor.holds(Role.HEAD, around.organisation.id, around.today):
        return None
    steps = steps_of(document, around.kind, around.visa_roles)
    if not any(s.verb is verb and is_for_the_head(s) and not is_done(document, s) for s in steps):
        return None
    if actor.person_id in around.counterparties:
        return _towards_oneself(document, verb, around)
    if document.by_founder or around.signatories.get("own", actor.person_id) == actor.person_id:
        return None
    return Refusal(
        f"{verb}.acting_head",
        N_("On these days somebody acts for the head, and the document names them."),
        N_("If you are back, have that authority ended and the document made ready anew."),
        article=around.kind.article,
    )


def _towards_oneself(document: Document, verb: Verb, around: Circumstances) -> Refusal:
    todo = N_("It is signed by the founder, or by an acting head.")
    if document.by_founder:
        todo = N_("It waits for the head of the founder.")
    return Refusal(
        f"{verb}.towards_oneself",
        N_("The document concerns you yourself, so you cannot sign it for the employer.")
        if verb is Verb.SIGN
        else N_("The petition concerns you yourself, so you cannot decide on it."),
        todo,
        article=around.kind.article,
    )
