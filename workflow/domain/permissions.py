"""Every "may I?" about a document: what its state allows, and who may do it.

Each `may_…` returns None or a Refusal; the page shows it under the disabled button, the use
case returns it, the API answers 409 with its code. Clock, organisation and actor are arguments.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from workflow.domain.calling import (
    decided_by_another,
    has_left,
    power_does_not_do,
    takes,
)
from workflow.domain.calling import is_called as is_called
from workflow.domain.circumstances import STATE_WORDS as STATE_WORDS
from workflow.domain.circumstances import Circumstances as Circumstances
from workflow.domain.documents import Document, Verdict
from workflow.domain.mandates import Actor
from workflow.domain.paper import acknowledges_on_paper, signs_on_paper
from workflow.domain.refusals import N_, Refusal
from workflow.domain.regulations import Origin, Role, Verb
from workflow.domain.routes import (
    Act,
    DocumentState,
    Step,
    is_called_off,
    is_done,
    last_mark,
    open_steps,
    state_of,
    steps_of,
    transitions_of,
)

#: How far the clocks of several machines may be apart.
CLOCKS_DIFFER = timedelta(minutes=5)


def steps_for(document: Document, verb: Verb, actor: Actor, around: Circumstances) -> list[Step]:
    """The open steps of the verb that wait for this actor."""
    waiting = open_steps(document, around.kind, around.visa_roles)
    return [s for s in waiting if s.verb is verb and takes(s, actor, around)]


def may_see(document: Document, actor: Actor, around: Circumstances) -> bool:
    """Whether the actor may read the document at all; otherwise it is "not found".

    Those who work on documents in its organisation, its author, and whoever a step names.
    """
    own = around.organisation.id
    office = (Role.HEAD, Role.DEPUTY, Role.CURATOR, Role.CLERK, Role.OFFICER)
    if any(actor.holds(role, own, around.today) for role in office):
        return True
    return any(
        is_called(step.spec.who, step, actor, around) and _is_shown(document, step, around)
        for step in steps_of(document, around.kind, around.visa_roles)
    )


#: What has come into force is known to those it concerns, and stays known when it ends.
_PUBLISHED = frozenset(
    {
        DocumentState.IN_FORCE,
        DocumentState.AMENDED,
        DocumentState.CANCELLED,
        DocumentState.REPEALED,
    }
)


def _is_shown(document: Document, step: Step, around: Circumstances) -> bool:
    """Whether whoever the step names sees the document yet: an addressee, once it is sent."""
    if step.verb not in (Verb.ACKNOWLEDGE, Verb.ACCEPT):
        return True
    if state_of(document, around.kind, around.visa_roles) not in _PUBLISHED:
        return False
    steps = steps_of(document, around.kind, around.visa_roles)
    sent = all(is_done(document, s) for s in steps if s.verb is Verb.DELIVER)
    return step.verb is Verb.ACKNOWLEDGE or sent


def _policy(document: Document, act: Act, around: Circumstances) -> Refusal | None:
    """What the state allows, whoever asks."""
    state = state_of(document, around.kind, around.visa_roles)
    if (state, act) in transitions_of(around.kind):
        return None
    return Refusal(
        f"document.{act}.wrong_state",
        N_("This is not possible now: the document is {state}."),
        N_("Open the document to see its next step."),
        {"state": STATE_WORDS[state]},
    )


def _not_yours(document: Document, verb: Verb, actor: Actor, around: Circumstances) -> Refusal:
    """Say why no open step of the verb waits for the actor."""
    mine = [
        s
        for s in steps_of(document, around.kind, around.visa_roles)
        if s.verb is verb and is_called(s.spec.who, s, actor, around)
    ]
    if any(last_mark(document, s) is not None for s in mine):
        return Refusal("step.done", N_("You have already done this step."))
    if mine and all(is_called_off(document, s) for s in mine):
        return Refusal(
            "step.line_cancelled",
            N_("Another order has cancelled the line that names you: nothing waits for you here."),
            N_("Acknowledge the cancelling order when it comes to you."),
        )
    if mine and all(has_left(s, actor, around) for s in mine):
        return Refusal(
            "step.left_post",
            N_("You no longer hold the post that this step names."),
            N_("Tell the clerk: the step is closed on paper, or the document names another post."),
        )
    if mine:
        return Refusal(
            "step.too_early",
            N_("It is not your turn yet: earlier steps of the route are not done."),
            N_("Open the document to see who is next."),
        )
    return Refusal(
        "step.not_yours",
        N_("This step is for another person."),
        N_("Open the document to see who is next."),
    )


def may_prepare(actor: Actor, around: Circumstances) -> Refusal | None:
    """Whether the actor may begin a document of the type: its author's role, or the clerk."""
    preparing = [s.who for s in around.kind.route if s.verb is Verb.PREPARE]
    roles = {who.role for who in preparing if who.role} | {Role.CLERK}
    if any(actor.holds(role, around.organisation.id, around.today) for role in roles):
        return None
    named = (around.parties.get(who.field_key, frozenset()) for who in preparing if who.field_key)
    if any(actor.has_employment(one) for employments in named for one in employments):
        return None
    return Refusal(
        "document.prepare.not_yours",
        N_("You have no authority to prepare this document."),
        N_("It is prepared by the clerk or by the person the regulation names."),
        article=around.kind.article,
    )


def may_edit(document: Document, actor: Actor, around: Circumstances) -> Refusal | None:
    """Whether the facts of the current revision may be changed."""
    return _policy(document, Act.EDIT, around) or may_prepare(actor, around)


def may_submit(document: Document, actor: Actor, around: Circumstances) -> Refusal | None:
    """Whether the draft may go to those who agree it."""
    refusal = may_edit(document, actor, around)
    if refusal:
        return refusal
    if document.revision.failure:
        return document.revision.failure
    if document.revision.draft is None:
        return Refusal(
            "document.being_assembled",
            N_("The document is still being assembled."),
            N_("Wait a few seconds and look at the draft before you send it."),
        )
    if around.gaps and all(step.verb is not Verb.FIX for step in around.kind.route):
        # Nobody makes it ready later: whoever wrote it mends it now.
        return around.gaps[0].refusal
    return _unconfirmed_forms(around)


def _unconfirmed_forms(around: Circumstances) -> Refusal | None:
    if not around.unconfirmed:
        return None
    return Refusal(
        "document.forms_unconfirmed",
        N_("Nobody has confirmed these case forms: {names}."),
        N_("Compare them with the draft and confirm them, or ask the clerk to."),
        {"names": "; ".join(around.unconfirmed)},
    )


def may_agree(document: Document, actor: Actor, around: Circumstances) -> Refusal | None:
    """Whether the actor's visa is due; nobody agrees what they prepared themselves."""
    refusal = _policy(document, Act.AGREE, around)
    if refusal:
        return refusal
    if not steps_for(document, Verb.AGREE, actor, around):
        return _not_yours(document, Verb.AGREE, actor, around)
    if prepared_by(document, around) == actor.person_id:
        return Refusal(
            "visa.own_document",
            N_("You prepared this document, so somebody else has to agree it."),
            N_("Ask the head to name another person for the visa."),
        )
    return None


def prepared_by(document: Document, around: Circumstances) -> UUID | None:
    """Who sent the current revision on its way."""
    preparing = {s.key for s in around.kind.route if s.verb is Verb.PREPARE}
    done = [
        m for m in document.marks if m.revision == document.revision.number and m.step in preparing
    ]
    return done[-1].person_id if done else None


def may_return(document: Document, actor: Actor, around: Circumstances) -> Refusal | None:
    """Whether the actor may send the document back: whoever agrees or signs it, or the clerk."""
    refusal = _lives_with_order(document, around) or _policy(document, Act.RETURN, around)
    if refusal:
        return refusal
    steps = steps_of(document, around.kind, around.visa_roles)
    deciding = [s for s in steps if s.verb in (Verb.AGREE, Verb.SIGN)]
    if any(is_called(s.spec.who, s, actor, around) for s in deciding):
        return None
    if actor.holds(Role.CLERK, around.organisation.id, around.today):
        return None
    return Refusal(
        "document.return.not_yours",
        N_("Only those who agree or sign the document may return it."),
        N_("Write your remark to the person who prepared it."),
    )


def _lives_with_order(document: Document, around: Circumstances) -> Refusal | None:
    """Whether an order already holds the file: then the text waits or falls with the order."""
    state = state_of(document, around.kind, around.visa_roles)
    if around.kind.origin is not Origin.APPROVED or state is not DocumentState.TO_SIGN:
        return None
    return Refusal(
        "return.with_order",
        N_("The document is being signed together with the order that approves it."),
        N_("Return the order: this document can then be returned, too."),
    )


def may_fix(document: Document, actor: Actor, around: Circumstances) -> Refusal | None:
    """Whether number and date may be given and the files made ready for signature."""
    refusal = _policy(document, Act.FIX, around)
    if refusal:
        return refusal
    if around.kind.origin is not Origin.MADE:
        return Refusal(
            "fix.with_order",
            N_("This document has no number of its own."),
            N_("It is made ready for signature together with the order that approves it."),
        )
    if not _fixes(actor, around) and not _renews_date(document, actor, around):
        return _not_yours(document, Verb.FIX, actor, around)
    if is_partly_signed(document):
        return Refusal(
            "fix.partly_signed",
            N_("One of the signatories has signed already; that signature would be lost."),
            N_("Have the others sign, or return the document for rework."),
        )
    return may_be_fixed(around)


def is_partly_signed(document: Document) -> bool:
    """Whether somebody has signed the newest fixed files, with a key or with ink."""
    fixing = document.fixing
    if fixing is None:
        return False
    signatures = {
        (m.step, m.evidence): m.verdict for m in document.marks if m.fixing == fixing.sequence
    }
    return any(v in (Verdict.SIGNED, Verdict.SIGNED_ON_PAPER) for v in signatures.values())


def _fixes(actor: Actor, around: Circumstances) -> bool:
    """Whether fixing is the actor's work: as the route says, or as the clerk.

    A paper without such a step is made ready by whoever may prepare it.
    """
    roles = {s.who.role for s in around.kind.route if s.verb is Verb.FIX and s.who.role}
    if not roles and may_prepare(actor, around) is None:
        return True
    roles.add(Role.CLERK)
    return any(actor.holds(role, around.organisation.id, around.today) for role in roles)


def _renews_date(document: Document, actor: Actor, around: Circumstances) -> bool:
    """After midnight whoever signs need not wait for the clerk: only the date becomes new."""
    fixing = document.fixing
    if fixing is None or fixing.printed_date >= around.today:
        return False
    signing = [s for s in steps_of(document, around.kind, around.visa_roles) if s.verb is Verb.SIGN]
    return any(is_called(s.spec.who, s, actor, around) for s in signing)


def may_be_fixed(around: Circumstances) -> Refusal | None:
    """What the fixing itself demands, whoever (or whatever job) asks."""
    if around.missing:
        return Refusal(
            "fix.dependency",
            N_("The document cannot be made ready for signature: {titles} must be in force first."),
            N_("Register it first."),
            {"titles": ", ".join(around.missing)},
            article=around.kind.article,
        )
    if around.gaps:
        return around.gaps[0].refusal
    if around.unready:
        return Refusal(
            "fix.annex",
            N_("The annexes are not agreed yet: {titles}."),
            N_("Have them agreed, or take them out of the order."),
            {"titles": ", ".join(around.unready)},
        )
    if around.changed:
        return Refusal(
            "fix.changed",
            N_("The text, the template or an annex has changed since it was agreed."),
            N_("Return the document for rework and have it agreed anew."),
        )
    return None


def may_sign(document: Document, actor: Actor, around: Circumstances) -> Refusal | None:
    """Whether the actor may sign the fixed files now.

    A one-sided act is signed on its printed day. Nobody represents the employer towards
    oneself: a labour document about its own signatory is signed by the founder.
    """
    if around.missing:
        return Refusal(
            "sign.dependency",
            N_("The document cannot be signed: {titles} must be in force first."),
            N_("Register it first."),
            {"titles": ", ".join(around.missing)},
            article=around.kind.article,
        )
    if around.gaps:
        return around.gaps[0].refusal
    refusal = _policy(document, Act.SIGN, around)
    if refusal:
        return refusal
    waiting = steps_for(document, Verb.SIGN, actor, around)
    if not waiting:
        own = decided_by_another(document, Verb.SIGN, actor, around)
        own = own or power_does_not_do(document, actor, around)
        return own or _not_yours(document, Verb.SIGN, actor, around)
    on_paper = signs_on_paper(document)
    return on_paper or _clock_runs_on(around) or _signed_on_its_day(document, around)


def _clock_runs_on(around: Circumstances) -> Refusal | None:
    """A clock that runs backwards stops signing: its dates could be anybody's wish."""
    latest = around.latest_event
    if latest is None or around.now >= latest - CLOCKS_DIFFER:
        return None
    return Refusal(
        "clock.backwards",
        N_("The server's clock shows {now}, but something happened here at {latest} already."),
        N_("Tell the operator: nothing is signed until the clock is right."),
        {"now": around.now, "latest": latest},
    )


def _signed_on_its_day(document: Document, around: Circumstances) -> Refusal | None:
    fixing = document.fixing
    if fixing is None or fixing.manifest is None:
        return Refusal("sign.not_fixed", N_("The document has not been made ready for signature."))
    if around.kind.one_sided and fixing.printed_date != around.today:
        return Refusal(
            "sign.another_day",
            N_("The document is dated {date}, and a document is signed on its date."),
            N_("Renew the date: the text stays the same."),
            {"date": fixing.printed_date},
        )
    return None


def may_acknowledge(document: Document, actor: Actor, around: Circumstances) -> Refusal | None:
    """Whether the actor is named in the acknowledgement sheet and has not signed it yet."""
    refusal = _policy(document, Act.ACKNOWLEDGE, around)
    if refusal:
        return refusal
    waiting = steps_for(document, Verb.ACKNOWLEDGE, actor, around)
    if not waiting:
        return _not_yours(document, Verb.ACKNOWLEDGE, actor, around)
    with_a_pen = (
        acknowledges_on_paper(document, around.kind, step.employment_id, around.refusers)
        for step in waiting
    )
    return next(filter(None, with_a_pen), None)


def may_resolve(document: Document, actor: Actor, around: Circumstances) -> Refusal | None:
    """Whether the actor's resolution is due: the head's on a petition, never on the own one."""
    refusal = _policy(document, Act.RESOLVE, around)
    if refusal:
        return refusal
    if not steps_for(document, Verb.RESOLVE, actor, around):
        own = decided_by_another(document, Verb.RESOLVE, actor, around)
        return own or _not_yours(document, Verb.RESOLVE, actor, around)
    return None


def may_enter_paper(actor: Actor, around: Circumstances) -> Refusal | None:
    """Whether the actor may enter what was done on paper: the clerk of the organisation."""
    if actor.holds(Role.CLERK, around.organisation.id, around.today):
        return None
    return Refusal(
        "paper.not_yours",
        N_("What was signed on paper is entered by the clerk."),
        N_("Hand the paper to the clerk."),
    )


def may_deliver(document: Document, actor: Actor, around: Circumstances) -> Refusal | None:
    """Whether the covering letter may be sent with its package."""
    refusal = _policy(document, Act.DELIVER, around)
    if refusal:
        return refusal
    if around.addressee_id is None:
        return Refusal(
            "deliver.no_addressee",
            N_("The addressee is not set."),
            N_("Ask the operator to set the office that your organisation reports to."),
        )
    if not steps_for(document, Verb.DELIVER, actor, around):
        return _not_yours(document, Verb.DELIVER, actor, around)
    return None


def visas_that_fall(document: Document, around: Circumstances) -> tuple[Step, ...]:
    """The visas that a new revision makes void (those that do not survive rework)."""
    return tuple(
        step
        for step in steps_of(document, around.kind, around.visa_roles)
        if step.verb is Verb.AGREE
        and not step.spec.survives_rework
        and (mark := last_mark(document, step)) is not None
        and mark.verdict is not Verdict.RETURNED
    )
