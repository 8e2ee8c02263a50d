"""Paper beside electronic: since when originals are electronic, and which are ink all the same.

Two regimes, each introduced by an act of its own: labour documents by a local act with the union's
opinion (ТК РФ, ст. 22.2), all others by a decision agreed with the founder (273-ФЗ, ст. 28 ч. 8).
Until then, and wherever nothing is known, originals are on paper.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from workflow.domain.documents import Document
from workflow.domain.mandates import Actor
from workflow.domain.organisations import Organisation
from workflow.domain.people import Employment
from workflow.domain.refusals import N_, Refusal
from workflow.domain.regulations import DocumentType, Role, Verb
from workflow.domain.routes import steps_of

LABOUR_ARTICLE = "ТК РФ, ст. 22.2"
OTHER_ARTICLE = "273-ФЗ, ст. 28 ч. 8"

#: Whoever was hired later and had no employment record by then is asked for no consent.
CONSENT_NEEDED_UNTIL = date(2021, 12, 31)

#: The code of the reason that a clerk has typed in; it outlives a new fixing.
SWITCHED = "paper.switched"

_WAY = N_("Print it and sign it with a pen; the clerk enters the scan.")


class Area(StrEnum):
    """Which documents an introduction is about."""

    LABOUR = "labour"
    OTHER = "other"

    @classmethod
    def of(cls, kind: DocumentType) -> Area:
        return cls.LABOUR if kind.labour else cls.OTHER


@dataclass(frozen=True)
class Introduction:
    """Electronic originals from `since` on, by an act («приказ от 01.09.2025 № 15-о/д»)."""

    since: date
    act: str


@dataclass(frozen=True)
class PaperRegime:
    """How an organisation keeps its originals (порядок документооборота).

    `paper_types` are codes of types that stay on paper whatever has been introduced.
    """

    id: UUID
    organisation_id: UUID
    labour: Introduction | None = None
    other: Introduction | None = None
    paper_types: tuple[str, ...] = ()
    version: int = 0

    def introduction(self, area: Area) -> Introduction | None:
        return self.labour if area is Area.LABOUR else self.other

    def with_introduction(self, area: Area, introduced: Introduction | None) -> PaperRegime:
        if area is Area.LABOUR:
            return replace(self, labour=introduced)
        return replace(self, other=introduced)

    def is_electronic(self, area: Area, day: date) -> bool:
        introduced = self.introduction(area)
        return introduced is not None and introduced.since <= day


class Answer(StrEnum):
    """What is known of an employee's consent to electronic labour documents."""

    CONSENTED = "consented"
    REFUSED = "refused"
    NOT_NEEDED = "not_needed"  # hired after 2021, without an employment record by then


@dataclass(frozen=True)
class EmployeeAnswer:
    """An answer as the clerk entered it; the newest one counts. `scan` is the SHA-256 of a PDF."""

    id: UUID
    employment_id: UUID
    answer: Answer
    dated: date
    entered_at: datetime
    entered_by: UUID
    scan: str = ""
    remark: str = ""


def agrees(answer: EmployeeAnswer | None) -> bool:
    """Whether labour documents may be electronic towards the employee; silence is a refusal."""
    return answer is not None and answer.answer is not Answer.REFUSED


@dataclass(frozen=True)
class Party:
    """An employee who signs the document in their own name; `name` is «Белова Я. Н.»."""

    employment_id: UUID
    name: str
    agrees: bool


@dataclass(frozen=True)
class Original:
    """Whether the original is on paper, and why (None: it is electronic)."""

    on_paper: bool
    reason: Refusal | None = None


def original_of(
    kind: DocumentType, regime: PaperRegime | None, parties: Iterable[Party], day: date
) -> Original:
    """Decide what the original of a document of the type is on the day.

    `parties` sign in their own name: one refusal puts a labour document on paper as a whole.
    Whoever merely acknowledges an order does not (see `acknowledges_on_paper`).
    """
    reason = _not_introduced(kind, regime, day) or _type_on_paper(kind, regime)
    if reason is None and kind.labour:
        reason = _party_refused(parties)
    return Original(reason is not None, reason)


def _not_introduced(kind: DocumentType, regime: PaperRegime | None, day: date) -> Refusal | None:
    area = Area.of(kind)
    if regime is not None and regime.is_electronic(area, day):
        return None
    if area is Area.LABOUR:
        return Refusal(
            "paper.labour_not_introduced",
            N_("Electronic labour documents have not been introduced in the organisation yet."),
            _WAY,
            article=LABOUR_ARTICLE,
        )
    return Refusal(
        "paper.other_not_introduced",
        N_("Work without paper has not been agreed with the founder yet."),
        _WAY,
        article=OTHER_ARTICLE,
    )


def _type_on_paper(kind: DocumentType, regime: PaperRegime | None) -> Refusal | None:
    if regime is None or kind.code not in regime.paper_types:
        return None
    return Refusal(
        "paper.type_switched",
        N_("The organisation keeps documents of this type on paper."),
        _WAY,
    )


def _party_refused(parties: Iterable[Party]) -> Refusal | None:
    names = [party.name for party in parties if not party.agrees]
    if not names:
        return None
    return Refusal(
        "paper.party_refused",
        N_("No consent to electronic labour documents: {names}. The whole document is on paper."),
        _WAY,
        {"names": ", ".join(names)},
        article=LABOUR_ARTICLE,
    )


def switched(reason: str) -> Refusal:
    """The reason for paper that the clerk typed in."""
    return Refusal(
        SWITCHED,
        N_("The clerk has switched the document to paper: {reason}."),
        _WAY,
        {"reason": reason.strip().rstrip(".")},
    )


def signs_on_paper(document: Document) -> Refusal | None:
    """Why the document takes no electronic signature (None: it does)."""
    if not document.on_paper:
        return None
    if document.paper_reason is None:
        return Refusal("sign.on_paper", N_("The original of this document is on paper."), _WAY)
    return replace(document.paper_reason, code="sign.on_paper")


def acknowledges_on_paper(
    document: Document,
    kind: DocumentType,
    employment_id: UUID | None,
    refusers: Collection[UUID],
) -> Refusal | None:
    """Why this person signs the sheet with a pen (None: may acknowledge on screen).

    An electronic order stays electronic for the others: acknowledgement is mixed.
    """
    way = N_("Sign the acknowledgement sheet at the clerk's; the clerk enters it.")
    if not kind.labour:
        return None
    if document.on_paper:
        return Refusal(
            "acknowledge.on_paper",
            N_("The original of this document is on paper, so it is acknowledged on paper, too."),
            way,
            article=LABOUR_ARTICLE,
        )
    if employment_id in refusers:
        return Refusal(
            "acknowledge.refused_electronics",
            N_("There is no consent of yours to electronic labour documents."),
            way,
            article=LABOUR_ARTICLE,
        )
    return None


def signing_parties(document: Document, kind: DocumentType) -> tuple[UUID, ...]:
    """The employments that sign in their own name, as the document's facts name them."""
    return _named(document, kind, (Verb.SIGN,))


def people_of(document: Document, kind: DocumentType) -> tuple[UUID, ...]:
    """The employments that sign or acknowledge by name."""
    return _named(document, kind, (Verb.SIGN, Verb.ACKNOWLEDGE))


def _named(document: Document, kind: DocumentType, verbs: Collection[Verb]) -> tuple[UUID, ...]:
    named = [s.employment_id for s in steps_of(document, kind) if s.verb in verbs]
    return tuple(dict.fromkeys(one for one in named if one is not None))


def may_set_paperwork(actor: Actor, organisation: Organisation, today: date) -> Refusal | None:
    """Whether the actor may say how originals are kept: head, clerk, operator."""
    if actor.operator or any(
        actor.holds(role, organisation.id, today) for role in (Role.HEAD, Role.CLERK)
    ):
        return None
    return Refusal(
        "paperwork.not_yours",
        N_("How originals are kept is entered by the head or the clerk of the organisation."),
        N_("Ask the clerk."),
    )


def check_introduction(introduced: Introduction) -> Refusal | None:
    """Whether the act is named; the day may lie ahead (the term of notice runs first)."""
    if introduced.act.strip():
        return None
    return Refusal(
        "paperwork.no_act",
        N_("The act that introduces electronic documents is not named."),
        N_("Enter its kind, date and number."),
    )


def check_answer(
    answer: Answer, employment: Employment, dated: date, has_scan: bool, today: date
) -> Refusal | None:
    """Whether an employee's answer may be entered so."""
    if dated > today:
        return Refusal("consent.in_future", N_("The date lies in the future."))
    if answer is Answer.CONSENTED and not has_scan:
        return Refusal(
            "consent.scan_missing",
            N_("The scan of the signed consent is missing."),
            N_("Scan the consent and attach the file."),
            article=LABOUR_ARTICLE,
        )
    if answer is Answer.NOT_NEEDED and employment.since <= CONSENT_NEEDED_UNTIL:
        return Refusal(
            "consent.needed",
            N_("The employee has worked here since {since}: consent is needed."),
            N_("Enter the consent with its scan, or the refusal."),
            {"since": employment.since},
            article=LABOUR_ARTICLE,
        )
    return None
