"""Packages between organisations: who may send, accept, return, and what meets a task."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from workflow.domain.documents import Document
from workflow.domain.mandates import Actor
from workflow.domain.obligations import Evidence, Obligation, ObligationState, state_of
from workflow.domain.organisations import Organisation
from workflow.domain.permissions import STATE_WORDS
from workflow.domain.refusals import N_, Refusal
from workflow.domain.regulations import Role
from workflow.domain.routes import DocumentState
from workflow.domain.submissions import Submission, SubmissionState

#: What an item's examination says of it.
ITEM_VALID = "valid"
ITEM_INVALID = "invalid"
ITEM_UNDECIDED = "undecided"
ITEM_ON_PAPER = "on_paper"


def may_be_sent(document: Document, state: DocumentState) -> Refusal | None:
    """Whether a document may go into a package: only what is in force."""
    if state in (DocumentState.IN_FORCE, DocumentState.AMENDED):
        return None
    return Refusal(
        "package.not_in_force",
        N_("“{title}” cannot be sent: it is {state}."),
        N_("Have it signed first, or take it out of the package."),
        {"title": document.title, "state": STATE_WORDS[state]},
    )


def met_by(owed: Iterable[Obligation], types: frozenset[str]) -> list[Obligation]:
    """The obligations that a package with documents of these types meets."""
    waiting = (ObligationState.OPEN, ObligationState.RETURNED, ObligationState.ARRIVED)
    return [
        o
        for o in owed
        if o.evidence is Evidence.SUBMISSION and o.type_code in types and state_of(o) in waiting
    ]


def needs_reason(owed: Iterable[Obligation], today: date) -> Refusal | None:
    """Sending late is possible, with a reason; the office sees both."""
    late = [o.due_now for o in owed if not o.fulfilments and o.due_now and o.due_now < today]
    if not late:
        return None
    return Refusal(
        "deliver.reason_missing",
        N_("The term ended on {date}. You may still send: the office will see that it is late."),
        N_("Give the reason."),
        {"date": min(late)},
    )


def is_officer(actor: Actor, office: Organisation, today: date) -> bool:
    """Whether the actor works on submissions in the office."""
    roles = (Role.OFFICER, Role.HEAD, Role.DEPUTY)
    return any(actor.holds(role, office.id, today) for role in roles)


def may_decide(actor: Actor, office: Organisation, today: date) -> Refusal | None:
    """Whether the actor may postpone, waive, enter and decide for the office."""
    if is_officer(actor, office, today):
        return None
    return Refusal(
        "office.not_yours",
        N_("Only the officers of the receiving organisation decide this."),
        N_("Ask the office."),
    )


def may_accept(
    submission: Submission, actor: Actor, office: Organisation, today: date
) -> Refusal | None:
    """Whether the package may be accepted: examined, and every item valid or on paper.

    What could not be checked is not accepted; a wrong "valid" is worse than a wait.
    """
    refusal = may_decide(actor, office, today) or _open(submission)
    refusal = refusal or _own_package(submission, actor, today)
    if refusal:
        return refusal
    if submission.state is SubmissionState.ARRIVED:
        return Refusal(
            "accept.not_examined",
            N_("The signatures of the package are still being checked."),
            N_("Wait until the check is done."),
        )
    bad = [i for i in submission.items if i.verdict not in (ITEM_VALID, ITEM_ON_PAPER)]
    if not bad:
        return None
    return bad[0].explanation or Refusal(
        "accept.not_valid",
        N_("“{title}”: the signature could not be confirmed."),
        N_("Open the report. Return the package, or wait until the check can be made."),
        {"title": bad[0].title},
    )


def _own_package(submission: Submission, actor: Actor, today: date) -> Refusal | None:
    """Nobody accepts what they have sent or answer for themselves."""
    sent = submission.sent_by == actor.person_id and not submission.on_paper
    answers = submission.sender_id != submission.receiver_id and actor.holds(
        Role.HEAD, submission.sender_id, today
    )
    if not sent and not answers:
        return None
    return Refusal(
        "accept.own_package",
        N_("You sent this package yourself, or head the organisation that did."),
        N_("Another officer has to accept it."),
    )


def may_return_package(
    submission: Submission, actor: Actor, office: Organisation, today: date
) -> Refusal | None:
    """Whether the package may be returned with a reason."""
    return may_decide(actor, office, today) or _open(submission)


def _open(submission: Submission) -> Refusal | None:
    if submission.receipt is None:
        return None
    return Refusal(
        "accept.decided",
        N_("This package has been answered already: notice № {number}."),
        params={"number": submission.receipt.number},
    )


def may_give_evidence(
    owed: Obligation, actor: Actor, debtor: Organisation, today: date
) -> Refusal | None:
    """Whether the actor may meet a task by an address, a number or a text."""
    roles = (Role.CLERK, Role.CURATOR, Role.HEAD, Role.DEPUTY)
    if not any(actor.holds(role, debtor.id, today) for role in roles):
        return Refusal(
            "task.not_yours",
            N_("The task is answered by the clerk, the curator or the head."),
            N_("Ask one of them."),
        )
    if owed.evidence not in (Evidence.LINK, Evidence.NUMBER, Evidence.TEXT):
        return Refusal(
            "task.needs_document",
            N_("The task is met by a document."),
            N_("Prepare the document and send it."),
        )
    return None


def sees_office(actor: Actor, office: Organisation, today: date) -> bool:
    """Whether the actor may look at what schools have sent: officers, and the office's clerk."""
    return is_officer(actor, office, today) or actor.holds(Role.CLERK, office.id, today)


def sees_own_tasks(actor: Actor, debtor: Organisation, today: date) -> bool:
    """Whether the actor may look at what the organisation owes and has sent."""
    roles = (Role.CLERK, Role.CURATOR, Role.HEAD, Role.DEPUTY)
    return any(actor.holds(role, debtor.id, today) for role in roles)


def may_examine_again(
    submission: Submission, actor: Actor, office: Organisation, today: date
) -> Refusal | None:
    """Whether the package may be examined anew: while it is not answered and not all is valid."""
    refusal = may_decide(actor, office, today) or _open(submission)
    if refusal:
        return refusal
    if submission.state is SubmissionState.ARRIVED:
        return Refusal(
            "examine.running",
            N_("The signatures of the package are still being checked."),
            N_("Wait until the check is done."),
        )
    if all(i.verdict in (ITEM_VALID, ITEM_ON_PAPER) for i in submission.items):
        return Refusal(
            "examine.nothing_open",
            N_("Every signature of the package has been confirmed."),
            N_("Accept the package."),
        )
    return None
