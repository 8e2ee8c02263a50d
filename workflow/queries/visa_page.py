"""What a person sees before agreeing with remarks or returning a document."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from workflow.domain.mandates import Actor
from workflow.domain.permissions import may_agree, may_return, visas_that_fall
from workflow.domain.refusals import Refusal
from workflow.domain.routes import last_mark
from workflow.queries.headings import Heading, heading_of
from workflow.queries.waiting import short_names
from workflow.store.unit_of_work import Repositories
from workflow.usecases import desk as desks
from workflow.usecases.desk import Desk
from workflow.usecases.services import Services


@dataclass(frozen=True)
class VisaPage:
    """`seen` is the digest a visa binds; `falling` names those whose visas a return makes void.

    `annulled` is the number that a return takes away (empty: none was given).
    """

    heading: Heading
    seen: str
    agree: Refusal | None
    return_: Refusal | None
    falling: tuple[str, ...]
    annulled: str


def visa_page(services: Services, actor: Actor, document_id: UUID) -> VisaPage:
    """Return the page; NotFoundError when the document is not there or not for these eyes."""
    with services.uow.reading() as tx:
        desk = desks.lay(tx, services, actor, document_id)
        manifest = desk.document.manifest
        return VisaPage(
            heading=heading_of(desk),
            seen=manifest.digest if manifest else "",
            agree=may_agree(desk.document, desk.actor, desk.around),
            return_=may_return(desk.document, desk.actor, desk.around),
            falling=_falling(tx, desk),
            annulled=desk.document.fixing.printed_number if desk.document.fixing else "",
        )


def _falling(tx: Repositories, desk: Desk) -> tuple[str, ...]:
    marks = [last_mark(desk.document, step) for step in visas_that_fall(desk.document, desk.around)]
    people = list(dict.fromkeys(m.person_id for m in marks if m and m.person_id))
    names = short_names(tx, people)
    return tuple(names[person] for person in people)
