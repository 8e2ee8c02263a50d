"""Names that a document prints in an oblique case although nobody has confirmed the forms."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from workflow.domain.routes import DocumentState
from workflow.ports import PrintedOrganisation, PrintedPerson
from workflow.store.unit_of_work import Repositories
from workflow.usecases import render
from workflow.usecases.desk import Desk
from workflow.usecases.services import Services

POST, ORGANISATION = "post", "organisation"

#: Where a draft is still in the hands of who prepares it.
IN_PREPARATION = (DocumentState.DRAFT, DocumentState.REWORK)


def with_unconfirmed(tx: Repositories, services: Services, desk: Desk) -> Desk:
    """Say in the desk's circumstances whose forms the draft prints unconfirmed.

    A document without a draft prints nothing yet, and one that was sent on its way is bound by
    its visas: neither is looked through.
    """
    document = desk.document
    if desk.state not in IN_PREPARATION or document.revision.draft is None:
        return desk
    found = dict.fromkeys(
        name
        for file in render.plan(tx, services, desk)
        for path in sorted(services.assembler.oblique_names(file.template))
        for name in _unconfirmed(file.context, path.split("."))
    )
    return replace(desk, around=replace(desk.around, unconfirmed=tuple(found)))


def _unconfirmed(value: object, path: Sequence[str]) -> Iterator[str]:
    match value:
        case Mapping():
            yield from _unconfirmed(value.get(path[0]), path[1:])
        case list() | tuple():
            for one in value:
                yield from _unconfirmed(one, path)
        case PrintedPerson():
            if path == [POST]:
                yield from () if value.post_confirmed else (value.post,)
            elif path == [ORGANISATION]:
                yield from () if value.organisation_confirmed else (value.organisation,)
            elif not value.confirmed:
                yield " ".join(p for p in (value.last, value.first, value.middle) if p)
        case PrintedOrganisation() if not value.confirmed:
            yield value.short
