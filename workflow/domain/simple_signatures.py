"""The simple electronic signature (Federal Law 63-FZ, art. 5 part 2 and art. 9).

It is made by a person who has signed an agreement on paper, by a password and a code, over files
that are named by their hashes. What proves it later is the sealed statement, not a row.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from workflow.domain.mandates import Actor
from workflow.domain.organisations import Organisation
from workflow.domain.refusals import N_, Refusal
from workflow.domain.regulations import Role, SignatureDemand, SignatureKind

#: Where the law asks for an agreement of the participants.
ARTICLE = "63-ФЗ, ст. 9"
#: The code of a refusal: acknowledging needs the password.
SIGNATURE_NEEDED = "acknowledge.signature_needed"
#: What employees may sign and acknowledge with a simple signature.
LABOUR_ARTICLE = "ТК РФ, ст. 22.3"


@dataclass(frozen=True)
class SimpleAgreement:
    """An agreement on simple signatures between a person and an organisation, signed on paper.

    `scan` is the SHA-256 of the paper. It holds from `dated` on; `ended_on` is the first day on
    which it holds no longer. Once suspended it never holds again: another paper takes its place.
    """

    id: UUID
    person_id: UUID
    organisation_id: UUID
    number: str
    dated: date
    scan: str
    entered_by: UUID
    entered_at: datetime
    suspended_at: datetime | None = None
    suspended_by: UUID | None = None
    suspended_reason: str = ""
    ended_on: date | None = None
    ended_by: UUID | None = None
    version: int = 0

    def holds(self, on: date) -> bool:
        """Whether a simple signature may rest on it on the day."""
        return self.suspended_at is None and self.dated <= on and not self.has_ended(on)

    def has_ended(self, on: date) -> bool:
        return self.ended_on is not None and on >= self.ended_on


def may_sign_simply(
    agreements: Iterable[SimpleAgreement], organisation_id: UUID, on: date
) -> Refusal | None:
    """Whether a person with these agreements may sign simply for the organisation on the day."""
    found = agreement_for(agreements, organisation_id, on)
    return found if isinstance(found, Refusal) else None


def agreement_for(
    agreements: Iterable[SimpleAgreement], organisation_id: UUID, on: date
) -> SimpleAgreement | Refusal:
    """The agreement that a simple signature rests on, or why there is none."""
    own = [a for a in agreements if a.organisation_id == organisation_id]
    holding = [a for a in own if a.holds(on)]
    if holding:
        return max(holding, key=lambda a: (a.dated, a.entered_at))
    if any(a.suspended_at is not None and not a.has_ended(on) for a in own):
        return Refusal(
            "simple.suspended",
            N_("You cannot sign: your password was reset by somebody else after the agreement."),
            N_("Sign a new agreement on simple electronic signatures on paper at the clerk's."),
            article=ARTICLE,
        )
    if any(a.has_ended(on) for a in own):
        return Refusal(
            "simple.ended",
            N_("You cannot sign: the agreement on simple electronic signatures has ended."),
            N_("Sign a new one on paper at the clerk's."),
            article=ARTICLE,
        )
    return Refusal(
        "simple.no_agreement",
        N_("You cannot sign: there is no agreement on the use of a simple electronic signature."),
        N_("Sign it on paper at the clerk's."),
        article=ARTICLE,
    )


def may_acknowledge_unsigned(found: SimpleAgreement | Refusal, *, labour: bool) -> Refusal | None:
    """Whether pressing a button is enough to acknowledge, without any signature.

    `found` is what `agreement_for` answered. Whoever has an agreement signs; without one a
    document of labour law is acknowledged on paper.
    """
    if isinstance(found, SimpleAgreement):
        return Refusal(
            SIGNATURE_NEEDED,
            N_("You acknowledge with a simple electronic signature: a password is needed."),
            N_("Open the document and press the button on its page."),
        )
    if labour:
        return Refusal(
            "acknowledge.labour_unsigned",
            N_(
                "You cannot acknowledge this electronically: a document of labour law needs your"
                " signature, and there is no agreement in force on simple electronic signatures."
            ),
            N_("Acknowledge it on paper at the clerk's, or sign the agreement there."),
            article=LABOUR_ARTICLE,
        )
    return None


def may_be_simple(demand: SignatureDemand | None) -> Refusal | None:
    """Whether a simple signature is enough for what a step demands."""
    if demand is not None and demand.kind is SignatureKind.SIMPLE:
        return None
    return Refusal(
        "simple.not_enough",
        N_("An enhanced signature is needed here."),
        N_("Sign with your key file or in your own program."),
        article=demand.article if demand else "",
    )


# --- Agreements as the clerk keeps them ----------------------------------------------------


def may_keep_agreements(actor: Actor, organisation_id: UUID, today: date) -> Refusal | None:
    """Whether the actor enters and ends agreements of the organisation: its clerk, the operator."""
    if actor.operator or actor.holds(Role.CLERK, organisation_id, today):
        return None
    return Refusal(
        "agreement.not_yours",
        N_("Agreements are entered by the clerk."),
        N_("Hand the paper to the clerk."),
    )


def may_enter(
    entered: SimpleAgreement,
    known: Iterable[SimpleAgreement],
    actor: Actor,
    organisation: Organisation,
    today: date,
) -> Refusal | None:
    """Whether a paper may be entered beside those that are `known` of the same person.

    After a suspension the paper must not be older than it, and whoever gave the new password
    does not enter it.
    """
    own = [a for a in known if a.organisation_id == organisation.id]
    if entered.dated > today:
        return Refusal("agreement.in_future", N_("The date of the agreement lies in the future."))
    if any(a.holds(today) for a in own):
        return Refusal(
            "agreement.there",
            N_("This person has an agreement in force already."),
            N_("End it first if another paper takes its place."),
        )
    newest = max(own, key=lambda a: a.entered_at, default=None)
    if newest is not None and newest.suspended_by == actor.person_id:
        return Refusal(
            "agreement.own_reset",
            N_("You gave this person the new password, so somebody else enters the agreement."),
            N_("Ask the clerk of the organisation or another operator."),
        )
    resets = [organisation.local_day(a.suspended_at) for a in own if a.suspended_at]
    if any(entered.dated < day for day in resets):
        return Refusal(
            "agreement.too_old",
            N_("The paper is older than the reset of the password on {date}."),
            N_("Have a new agreement signed on paper."),
            {"date": max(resets)},
        )
    return None


def suspended(agreement: SimpleAgreement, by: UUID, at: datetime, reason: str) -> SimpleAgreement:
    """The agreement after somebody else got to know or to set the person's password."""
    if agreement.suspended_at is not None:
        return agreement
    return replace(agreement, suspended_at=at, suspended_by=by, suspended_reason=reason)


# --- What is sealed -------------------------------------------------------------------------


class SimpleAct(StrEnum):
    """What a person does by a simple signature."""

    SIGN = "sign"
    ACKNOWLEDGE = "acknowledge"


@dataclass(frozen=True)
class StatedFile:
    """A file of the manifest: its name and the SHA-256 (hex) of its fixed bytes."""

    name: str
    sha256: str


@dataclass(frozen=True)
class Authentication:
    """How the person was recognised for this act.

    `session` is the SHA-256 (hex) under which the browser's session is kept, "" outside of one.
    """

    password: bool
    second_factor: bool
    session: str = ""


@dataclass(frozen=True)
class SimpleStatement:
    """What is sealed: who did what to which files, on what ground, and how they were recognised.

    `text` is the Russian sentence that was shown, `challenge` the single-use session, `manifest`
    the digest of the manifest; `signed_at` is aware UTC. `training`: without legal force.
    """

    act: SimpleAct
    document: str
    manifest: str
    files: tuple[StatedFile, ...]
    person: str
    post: str
    organisation: str
    inn: str
    ogrn: str
    agreement: str
    agreed_on: date
    text: str
    challenge: str
    authentication: Authentication
    signed_at: datetime
    training: bool
