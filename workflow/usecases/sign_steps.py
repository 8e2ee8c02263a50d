"""Which steps one act of signing serves: whoever signs in two roles signs once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from workflow.domain.calling import takes
from workflow.domain.documents import Document, Mark, Verdict
from workflow.domain.regulations import Verb
from workflow.domain.routes import Step, is_done, steps_of
from workflow.usecases import desk as desks
from workflow.usecases.desk import Desk
from workflow.usecases.examine import mandate_for
from workflow.usecases.services import Services


def steps_of_one_act(desk: Desk, first: Step, serves: Callable[[Step], bool]) -> tuple[Step, ...]:
    """`first`, and every other step that waits for the actor's signature or will wait for it.

    A step that others sign before is among them, too: they all sign the same bytes. `serves` says
    whether the signature is enough for what a step demands. A step that the actor may not take
    (nobody signs for the employer towards oneself) is never among them.
    """
    return first, *(s for s in _own_signatures(desk) if s.key != first.key and serves(s))


def _own_signatures(desk: Desk) -> list[Step]:
    """The actor's signing steps that are not done and wait for nothing but other signatures."""
    document, around = desk.document, desk.around
    waiting = [
        step
        for step in steps_of(document, desk.kind, around.visa_roles)
        if not is_done(document, step)
    ]
    kept_back = {step.spec.key for step in waiting if step.verb is not Verb.SIGN}
    return [
        step
        for step in waiting
        if step.verb is Verb.SIGN
        and not kept_back & set(step.spec.after)
        and takes(step, desk.actor, around)
    ]


def marked_at(
    services: Services,
    desk: Desk,
    document: Document,
    step: Step,
    verdict: Verdict,
    evidence: str,
) -> Document:
    """The document with the actor's mark at a signing step, by the mandate that they use there."""
    return document.marked(mark_at(services, desk, step, verdict, evidence))


def mark_at(services: Services, desk: Desk, step: Step, verdict: Verdict, evidence: str) -> Mark:
    """The actor's mark at a signing step, by the mandate that they use there."""
    mandate = mandate_for(step, desk.actor, desk.around)
    mark = desks.mark(services, desk, step, verdict, evidence=evidence)
    return replace(mark, mandate_id=mandate.id if mandate else None)
