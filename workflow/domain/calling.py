"""Whom a step of a route calls, and why it may call another than the head who asks."""

from __future__ import annotations

from uuid import UUID

from workflow.domain.circumstances import Circumstances
from workflow.domain.documents import Document
from workflow.domain.mandates import Actor
from workflow.domain.refusals import N_, Refusal
from workflow.domain.regulations import Role, Verb, Who
from workflow.domain.routes import Step, is_done, steps_of


def is_called(who: Who, step: Step, actor: Actor, around: Circumstances) -> bool:
    """Whether the step waits for this actor (by a post named in the document, or by a role)."""
    if step.employment_id is not None:
        return actor.has_employment(step.employment_id)
    organisation_id = _organisation_of(who, around)
    if organisation_id is None or who.role is None:
        return False
    return actor.holds(who.role, organisation_id, around.today)


def _organisation_of(who: Who, around: Circumstances) -> UUID | None:
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
    return actor.person_id == named and actor.person_id not in around.counterparties


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
