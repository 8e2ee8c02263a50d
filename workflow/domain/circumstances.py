"""What a decision about a document depends on besides the document and the actor."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from workflow.domain.gates import LineGap
from workflow.domain.organisations import Organisation
from workflow.domain.powers import PowerKnown
from workflow.domain.refusals import N_
from workflow.domain.regulations import DocumentType
from workflow.domain.routes import DocumentState

#: A state in the words of a sentence: "the document is …".
STATE_WORDS: dict[DocumentState, str] = {
    DocumentState.DRAFT: N_("a draft"),
    DocumentState.REWORK: N_("returned for rework"),
    DocumentState.ON_APPROVAL: N_("being agreed"),
    DocumentState.AGREED: N_("agreed"),
    DocumentState.FIXING: N_("being made ready for signature"),
    DocumentState.TO_SIGN: N_("waiting for signature"),
    DocumentState.SIGNATURE_RECEIVED: N_("signed, the signature is being checked"),
    DocumentState.IN_FORCE: N_("in force"),
    DocumentState.AMENDED: N_("amended"),
    DocumentState.CANCELLED: N_("cancelled"),
    DocumentState.REPEALED: N_("no longer in force"),
}


@dataclass(frozen=True)
class Circumstances:
    """What a decision depends on besides the document and the actor.

    `missing` are titles of documents that must be in force first; `unready` those annexes that
    are not agreed yet; `changed` is true when the content differs from what the visas saw.
    `counterparties` are the people whom the document concerns: none of them decides in it for the
    employer. `signatories` are those who do, as documents print them: the head of today or whoever
    acts for the head, in the own organisation and at its founder (by `Who.at`). `latest_event` is
    the newest moment in the organisation's audit trail. `gaps` say which lines (pairs) of an order
    are not ready and why; `parties` maps the field that a personal step names (`mentor`) to the
    employments that the pair gives it. `powers` are the powers of attorney of those organisations
    whose head the route asks to sign, with what is known of each for documents of this type.
    """

    kind: DocumentType
    organisation: Organisation
    now: datetime
    addressee_id: UUID | None = None
    missing: tuple[str, ...] = ()
    unready: tuple[str, ...] = ()
    changed: bool = False
    unconfirmed: tuple[str, ...] = ()  # names, posts whose case forms the draft prints unconfirmed
    counterparties: frozenset[UUID] = field(default_factory=frozenset)
    signatories: Mapping[str, UUID] = field(default_factory=dict)
    latest_event: datetime | None = None
    refusers: frozenset[UUID] = field(default_factory=frozenset)  # of electronic labour documents
    gaps: tuple[LineGap, ...] = ()
    parties: Mapping[str, frozenset[UUID]] = field(default_factory=dict)
    powers: tuple[PowerKnown, ...] = ()

    @property
    def today(self) -> date:
        return self.organisation.local_day(self.now)

    @property
    def visa_roles(self) -> tuple[str, ...]:
        return self.organisation.visa_roles
