"""Who may put a document on paper and back, and which ink signatures may be entered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from workflow.domain.documents import Document, Verdict
from workflow.domain.mandates import Actor
from workflow.domain.paper import SWITCHED
from workflow.domain.permissions import (
    STATE_WORDS,
    Circumstances,
    is_partly_signed,
    may_be_fixed,
    may_enter_paper,
)
from workflow.domain.refusals import N_, Refusal
from workflow.domain.regulations import Origin, Verb
from workflow.domain.routes import DocumentState, Step, last_mark, open_steps, state_of, steps_of

_BEFORE_SIGNING = (
    DocumentState.DRAFT,
    DocumentState.REWORK,
    DocumentState.ON_APPROVAL,
    DocumentState.AGREED,
    DocumentState.FIXING,
    DocumentState.TO_SIGN,
)


@dataclass(frozen=True)
class InkEntry:
    """An ink signature: the step that it closes (its key) and the date beside it."""

    step: str
    signed_on: date


def may_put_on_paper(document: Document, actor: Actor, around: Circumstances) -> Refusal | None:
    """Whether the clerk may switch the document to paper: before anybody has signed it."""
    refusal = may_enter_paper(actor, around) or _has_own_signature(around)
    if refusal:
        return refusal
    if document.on_paper:
        return Refusal("paper.already", N_("The original of this document is on paper already."))
    return _not_signed_yet(document, around)


def may_put_back(document: Document, actor: Actor, around: Circumstances) -> Refusal | None:
    """Whether the clerk may take back the own switch; never after an ink signature."""
    refusal = may_enter_paper(actor, around) or _has_own_signature(around)
    if refusal:
        return refusal
    if document.paper_reason is None or document.paper_reason.code != SWITCHED:
        return Refusal(
            "paper.not_switched",
            N_("It is on paper by the organisation's rules, not by a switch of the clerk."),
            N_("See how the organisation keeps its originals."),
        )
    return _not_signed_yet(document, around)


def _has_own_signature(around: Circumstances) -> Refusal | None:
    if around.kind.origin is Origin.MADE:
        return None
    return Refusal(
        "paper.with_order",
        N_("This document is not signed itself: it is kept as the order that approves it."),
        N_("Open the order."),
    )


def _not_signed_yet(document: Document, around: Circumstances) -> Refusal | None:
    state = state_of(document, around.kind, around.visa_roles)
    if state in _BEFORE_SIGNING and not is_partly_signed(document):
        return None
    if state in _BEFORE_SIGNING:
        return Refusal(
            "paper.partly_signed",
            N_("One of the parties has signed already; all sign in one way."),
            N_("Return the document for rework, then it can be signed anew."),
        )
    return Refusal(
        "paper.too_late",
        N_("The document is {state}: its original stays as it is."),
        params={"state": STATE_WORDS[state]},
    )


def may_enter_ink(document: Document, actor: Actor, around: Circumstances) -> Refusal | None:
    """Whether the actor may enter ink signatures of the document now."""
    refusal = may_enter_paper(actor, around)
    if refusal:
        return refusal
    waiting = signatures_waited_for(document, around)
    if not waiting or state_of(document, around.kind, around.visa_roles) is not (
        DocumentState.TO_SIGN
    ):
        return Refusal(
            "paper.not_to_sign",
            N_("The document does not wait for a signature."),
            N_("Make it ready for signature and print it first."),
        )
    if not document.on_paper:
        return Refusal(
            "paper.electronic",
            N_("The original of this document is electronic."),
            N_("If it is signed with a pen after all, switch it to paper first."),
        )
    return may_be_fixed(around)


def signatures_waited_for(document: Document, around: Circumstances) -> tuple[Step, ...]:
    """The signatures that may be put now, in the order of the route."""
    waiting = open_steps(document, around.kind, around.visa_roles)
    return tuple(step for step in waiting if step.verb is Verb.SIGN)


def check_ink_date(
    document: Document, step: Step, signed_on: date, around: Circumstances
) -> Refusal | None:
    """Whether the date beside the signature can be right.

    A one-sided act is signed on its printed date; an agreement may bear different dates, but
    nobody signs before those whom the route puts first.
    """
    dated = document.dated
    if signed_on > around.today:
        return Refusal("paper.signed_in_future", N_("The date lies in the future."))
    if around.kind.one_sided and dated != signed_on:
        return Refusal(
            "paper.another_day",
            N_("The document is dated {date}; the signature bears another date."),
            N_("Renew the date and print the document again, or correct the date you entered."),
            {"date": dated},
        )
    if dated is not None and signed_on < dated:
        return Refusal(
            "paper.before_document",
            N_("The date is earlier than the document itself ({date})."),
            N_("Look at the date on the paper."),
            {"date": dated},
        )
    before = _signed_before(document, step, around)
    if before is not None and signed_on < before:
        return Refusal(
            "paper.wrong_order",
            N_("The signature that comes before it is of {date}; this one cannot be earlier."),
            N_("Look at the dates on the paper."),
            {"date": before},
        )
    return None


def _signed_before(document: Document, step: Step, around: Circumstances) -> date | None:
    """The latest date of the signatures that the route puts before this one."""
    dates = [
        mark.happened_on or around.organisation.local_day(mark.at)
        for other in steps_of(document, around.kind, around.visa_roles)
        if other.verb is Verb.SIGN and other.spec.key in step.spec.after
        if (mark := last_mark(document, other)) is not None
    ]
    return max(dates, default=None)


def may_enter_again(
    document: Document, step_key: str, signed_on: date, actor: Actor, around: Circumstances
) -> Refusal | None:
    """Whether a lost scan may be entered again: the same signature, the same date."""
    refusal = may_enter_paper(actor, around)
    if refusal:
        return refusal
    steps = steps_of(document, around.kind, around.visa_roles)
    step = next((s for s in steps if s.key == step_key and s.verb is Verb.SIGN), None)
    mark = last_mark(document, step) if step else None
    if mark is None or mark.verdict is not Verdict.SIGNED_ON_PAPER:
        return Refusal(
            "paper.nothing_to_repeat",
            N_("No ink signature has been entered for this step."),
            N_("Open the document to see who has signed it."),
        )
    if mark.happened_on != signed_on:
        return Refusal(
            "paper.another_signature",
            N_("The signature that was entered is of {date}: only its own scan may be renewed."),
            N_("Look at the date on the paper."),
            {"date": mark.happened_on},
        )
    return None
