"""What the head reads before a petition is resolved."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from workflow.domain.mandates import Actor
from workflow.domain.permissions import may_resolve
from workflow.domain.refusals import Refusal
from workflow.queries.fact_lines import FactLine, fact_lines, names_in
from workflow.queries.headings import FileCard, Heading, file_cards, heading_of
from workflow.usecases import desk as desks
from workflow.usecases.services import Services


@dataclass(frozen=True)
class ResolvePage:
    """A petition: what it says, its files, `seen` as the digest that a resolution binds.

    `resolve` says why the actor may not resolve it.
    """

    heading: Heading
    type_code: str
    facts: tuple[FactLine, ...]
    files: tuple[FileCard, ...]
    seen: str
    resolve: Refusal | None


def resolve_page(services: Services, actor: Actor, document_id: UUID) -> ResolvePage:
    """Return the page; NotFoundError when the document is not there or not for these eyes."""
    with services.uow.reading() as tx:
        desk = desks.lay(tx, services, actor, document_id)
        document, fields = desk.document, desk.kind.fields
        facts = document.facts if document.revisions else {}
        return ResolvePage(
            heading=heading_of(desk),
            type_code=desk.kind.code,
            facts=fact_lines(fields, facts, names_in(tx, fields, [facts])),
            files=file_cards(document.manifest),
            seen=document.manifest.digest if document.manifest else "",
            resolve=may_resolve(document, desk.actor, desk.around),
        )
