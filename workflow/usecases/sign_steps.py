"""Which steps one act of signing serves: whoever signs in two roles signs once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from workflow.domain.documents import Document, Mark, Verdict
from workflow.domain.permissions import may_sign, steps_for
from workflow.domain.regulations import Verb
from workflow.domain.routes import Step
from workflow.usecases import desk as desks
from workflow.usecases.desk import Desk
from workflow.usecases.examine import mandate_for
from workflow.usecases.services import Services


def steps_of_one_act(
    services: Services, desk: Desk, first: Step, serves: Callable[[Step], bool]
) -> tuple[Step, ...]:
    """`first`, and every other signing step that waits for the actor, or waits once those are done.

    `serves` says whether the signature is enough for what a step demands. A step that the actor
    may not take (nobody signs for the employer towards oneself) is never among them.
    """
    served = [first]
    document = marked_at(services, desk, desk.document, first, Verdict.SIGNED, "")
    while may_sign(document, desk.actor, desk.around) is None:
        done = {step.key for step in served}
        waiting = [
            step
            for step in steps_for(document, Verb.SIGN, desk.actor, desk.around)
            if step.key not in done and serves(step)
        ]
        if not waiting:
            break
        served.append(waiting[0])
        document = marked_at(services, desk, document, waiting[0], Verdict.SIGNED, "")
    return tuple(served)


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
