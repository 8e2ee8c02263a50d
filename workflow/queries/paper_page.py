"""What the clerk sees before entering that a printed document was signed with ink."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from workflow.domain.mandates import Actor
from workflow.domain.refusals import Refusal
from workflow.queries.headings import FileCard, Heading, file_cards, heading_of
from workflow.store.unit_of_work import Repositories
from workflow.usecases import desk as desks
from workflow.usecases.desk import Desk
from workflow.usecases.paper import ink_signer, may_enter_ink, step_to_sign
from workflow.usecases.services import Services


@dataclass(frozen=True)
class PaperPage:
    """`signer` is whoever the signature is expected from (empty when nobody has the authority)."""

    heading: Heading
    files: tuple[FileCard, ...]
    signer: str
    refusal: Refusal | None


def paper_page(services: Services, actor: Actor, document_id: UUID) -> PaperPage:
    """Return the page; NotFoundError when the document is not there or not for these eyes."""
    with services.uow.reading() as tx:
        desk = desks.lay(tx, services, actor, document_id)
        fixing = desk.document.fixing
        return PaperPage(
            heading=heading_of(desk),
            files=file_cards(fixing.manifest if fixing else None),
            signer=_signer(tx, desk),
            refusal=may_enter_ink(desk),
        )


def _signer(tx: Repositories, desk: Desk) -> str:
    step = step_to_sign(desk)
    if step is None or desk.document.dated is None:
        return ""
    signer = ink_signer(tx, desk, step, desk.document.dated)
    return "" if isinstance(signer, Refusal) else tx.people.load(signer.person_id).full_name
