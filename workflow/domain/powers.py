"""Powers of attorney (МЧД): by whose power a person who is no head signs for an organisation.

The file says who gave what to whom and until when; whether it was revoked is known to the registry
alone, so somebody asks it and enters the answer. What a code of the classifier lets one sign here
the organisation says; a power in words counts once a named person has read them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from workflow.domain.mandates import Actor
from workflow.domain.organisations import Organisation
from workflow.domain.refusals import N_, Refusal
from workflow.domain.regulations import Role

#: So old an answer of the registry may be when a signature comes in, unless a pack says otherwise.
USUALLY_STANDS = 3
LONGEST_STANDS = 30
SETTING = "power_answer_days"


class AnswerStatus(StrEnum):
    """What the registry of powers of attorney answered."""

    IN_FORCE = "in_force"
    REVOKED = "revoked"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class PowerCode:
    """One power by its code in the classifier (КодПолн); `limited` when the file limits it."""

    code: str
    name: str
    limited: bool


@dataclass(frozen=True)
class PowerOfAttorney:
    """A power of attorney that an organisation keeps: what its file says, and the file.

    `number` is the GUID of the registry, `own_number` the organisation's; `until` is the last day.
    `signed_by` is the owner of the certificate that signed the file. `coded` says that the codes
    count by themselves, `alone` that there is one representative; `text` are powers in words.
    `file` and `signature` are the SHA-256 of the XML and of its `.sig`, kept since `kept_at`.
    """

    id: UUID
    organisation_id: UUID
    representative_id: UUID
    number: str
    own_number: str
    issued: date
    until: date
    signed_by: str
    coded: bool
    alone: bool
    text: str
    codes: tuple[PowerCode, ...]
    file: str
    signature: str
    kept_at: datetime
    kept_by: UUID
    version: int = 0

    def in_force(self, on: date) -> bool:
        """Whether the day lies in the term of the file; the registry is not asked."""
        return self.issued <= on <= self.until


@dataclass(frozen=True)
class PowerAnswer:
    """What somebody found in the registry, as it stood at `as_of`.

    `revoked_on` is the day of the revocation (None: not said). `organisation_id` is for whom it
    was asked (None: the operator asked, for everybody). `words` say where and how, `file` is the
    SHA-256 of what the registry gave ("": nothing).
    """

    id: UUID
    power_id: UUID
    organisation_id: UUID | None
    status: AnswerStatus
    as_of: datetime
    revoked_on: date | None
    words: str
    file: str
    entered_at: datetime
    entered_by: UUID


@dataclass(frozen=True)
class PowerReading:
    """Somebody read the words of a power and found there what documents of a type need.

    `words` are those that were found; `organisation_id` as in `PowerAnswer`.
    """

    id: UUID
    power_id: UUID
    organisation_id: UUID | None
    type_code: str
    words: str
    read_at: datetime
    read_by: UUID


@dataclass(frozen=True)
class CodeMeaning:
    """What a code of the classifier lets one sign: the types of documents.

    `organisation_id` None: the operator said so for everybody.
    """

    id: UUID
    organisation_id: UUID | None
    code: str
    types: tuple[str, ...]
    said_at: datetime
    said_by: UUID
    version: int = 0


@dataclass(frozen=True)
class PowerKnown:
    """All that is known here about one power when documents of one type are to be signed.

    `answer` is what counts of the registry's answers and may be `days` old, `codes` contain the
    type's power here, `reading` is the confirmation for the type.
    """

    power: PowerOfAttorney
    answer: PowerAnswer | None
    codes: frozenset[str]
    reading: PowerReading | None
    days: int = USUALLY_STANDS

    @property
    def is_covered(self) -> bool:
        """Whether the type is among what the power lets one sign."""
        if self.reading is not None:
            return True
        found = any(c.code in self.codes and not c.limited for c in self.power.codes)
        return self.power.coded and self.power.alone and found

    def is_revoked(self, on: date) -> bool:
        """Whether the registry named a revocation that counts on the day."""
        answer = self.answer
        if answer is None or answer.status is not AnswerStatus.REVOKED:
            return False
        return answer.revoked_on is None or answer.revoked_on <= on

    def lets_sign(self, on: date) -> bool:
        """Whether a signature may be given by it on the day; the registry may still be asked."""
        return self.power.in_force(on) and self.is_covered and not self.is_revoked(on)

    @property
    def max_age(self) -> timedelta:
        """How old the registry's answer may be when a signature comes in."""
        return timedelta(days=self.days)

    def answer_is_fresh(self, now: datetime) -> bool:
        """Whether the registry was asked not too long ago and said "in force"."""
        answer = self.answer
        if answer is None or answer.status is not AnswerStatus.IN_FORCE:
            return False
        return now - answer.as_of <= self.max_age


def answer_days(settings: Mapping[str, object]) -> int:
    """Return how many days an answer of the registry stands, by a pack's settings.

    A senseless value counts as none given.
    """
    chosen = settings.get(SETTING)
    whole = isinstance(chosen, int) and not isinstance(chosen, bool)
    if whole and isinstance(chosen, int) and 1 <= chosen <= LONGEST_STANDS:
        return chosen
    return USUALLY_STANDS


def counting_answer(answers: Iterable[PowerAnswer], place: UUID) -> PowerAnswer | None:
    """Return the answer about one power that counts for the organisation.

    A revocation counts whoever found it, the earliest of several; otherwise the newest answer that
    the organisation or the operator entered.
    """
    known = list(answers)
    revoked = [a for a in known if a.status is AnswerStatus.REVOKED]
    if revoked:
        return min(revoked, key=lambda a: (a.revoked_on or date.min, a.as_of))
    own = [a for a in known if a.organisation_id in (None, place)]
    return max(own, key=lambda a: (a.as_of, a.entered_at), default=None)


def codes_for(meanings: Iterable[CodeMeaning], type_code: str, place: UUID) -> frozenset[str]:
    """Return the codes that let one sign documents of the type in the organisation.

    What the organisation says of a code goes before what the operator said for everybody.
    """
    known = list(meanings)
    own = {m.code: m for m in known if m.organisation_id == place}
    for_all = {m.code: m for m in known if m.organisation_id is None}
    return frozenset(code for code, m in (for_all | own).items() if type_code in m.types)


def reading_for(
    readings: Iterable[PowerReading], type_code: str, place: UUID
) -> PowerReading | None:
    """Return the first confirmation for the type that counts for the organisation."""
    counting = (
        r for r in readings if r.type_code == type_code and r.organisation_id in (None, place)
    )
    return min(counting, key=lambda r: (r.read_at, r.id), default=None)


def known_of(
    power: PowerOfAttorney,
    answers: Iterable[PowerAnswer],
    meanings: Iterable[CodeMeaning],
    readings: Iterable[PowerReading],
    type_code: str,
    place: UUID,
    days: int = USUALLY_STANDS,
) -> PowerKnown:
    """Put together what counts for one organisation; the rest may be about other powers."""
    return PowerKnown(
        power,
        counting_answer((a for a in answers if a.power_id == power.id), place),
        codes_for(meanings, type_code, place),
        reading_for((r for r in readings if r.power_id == power.id), type_code, place),
        days,
    )


MOST_WORDS = 1000
#: How far the clock of the registry may be ahead of ours.
CLOCKS_DIFFER = timedelta(minutes=5)


def may_keep_powers(actor: Actor, place: Organisation, today: date) -> Refusal | None:
    """Whether the actor keeps the organisation's powers of attorney: operator, clerk, head."""
    keeps = (Role.CLERK, Role.HEAD, Role.ACTING_HEAD)
    if actor.operator or any(actor.holds(role, place.id, today) for role in keeps):
        return None
    return Refusal(
        "power.not_yours",
        N_("The powers of attorney are kept by the clerk and the head of the organisation."),
        N_("Ask the clerk."),
    )


def may_say_what_counts(actor: Actor, place: Organisation, today: date) -> Refusal | None:
    """Whether the actor says what a code or the words of a power let one sign: operator, head."""
    if actor.operator or actor.holds(Role.HEAD, place.id, today):
        return None
    return Refusal(
        "power.only_head",
        N_("Only the head says what a power of attorney lets one sign."),
        N_("Ask the head or the operator."),
    )


def may_read_words(
    actor: Actor, power: PowerOfAttorney, place: Organisation, today: date
) -> Refusal | None:
    """Whether the actor may confirm what stands in a power's words: never its own holder."""
    return may_say_what_counts(actor, place, today) or _not_by_holder(actor, power)


def may_answer(
    actor: Actor,
    power: PowerOfAttorney,
    place: Organisation,
    status: AnswerStatus,
    today: date,
) -> Refusal | None:
    """Whether the actor may enter the registry's answer for an organisation (`place`).

    Its keepers, or the officers of an office that received the power in a package. Nobody says of
    the own power that it is in force; that it was revoked its holder may say.
    """
    if not actor.holds(Role.OFFICER, place.id, today):
        refusal = may_keep_powers(actor, place, today)
        if refusal:
            return refusal
    return None if status is AnswerStatus.REVOKED else _not_by_holder(actor, power)


def _not_by_holder(actor: Actor, power: PowerOfAttorney) -> Refusal | None:
    if actor.person_id != power.representative_id:
        return None
    return Refusal(
        "power.own",
        N_("The power of attorney was given to you, so somebody else has to do this."),
        N_("Ask the clerk or the head."),
    )


def check_answer(
    power: PowerOfAttorney,
    status: AnswerStatus,
    as_of: datetime,
    revoked_on: date | None,
    has_source: bool,
    now: datetime,
    today: date,
) -> Refusal | None:
    """Whether the registry can have answered so: not in the future, with a source named."""
    if as_of > now + CLOCKS_DIFFER:
        return Refusal(
            "power_answer.in_future",
            N_("The answer of the registry is dated in the future. Check its date."),
        )
    if revoked_on is not None and (status is not AnswerStatus.REVOKED or revoked_on > today):
        return Refusal(
            "power_answer.revoked_on",
            N_("A day of revocation is given only for a revoked power, and not ahead of it."),
            N_("Correct the day of the revocation."),
        )
    if revoked_on is not None and revoked_on < power.issued:
        return Refusal(
            "power_answer.before_issue",
            N_("The power of attorney was given on {issued}, it cannot be revoked before."),
            N_("Correct the day of the revocation."),
            {"issued": power.issued},
        )
    if not has_source:
        return Refusal(
            "power_answer.no_source",
            N_("It is not said where the answer comes from."),
            N_("Add the file of the registry, or write where and how you looked."),
        )
    return None
