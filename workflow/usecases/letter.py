"""The covering letter of a package: to whom, and what is enclosed."""

from __future__ import annotations

from uuid import UUID

from workflow.domain.documents import Document
from workflow.domain.facts import ids_in
from workflow.store.unit_of_work import Repositories
from workflow.usecases.context import printed_head
from workflow.usecases.desk import Desk
from workflow.usecases.wording import document_named

#: The field of a covering letter that names the documents of the package.
PACKAGE = "package"


def package_documents(tx: Repositories, letter: Document) -> tuple[Document, ...]:
    """The documents that the letter encloses, in the order they were named."""
    ids = ids_in(letter.facts.get(PACKAGE))
    found = tx.documents.load_many(ids)
    own = {one.id for one in found.values() if one.organisation_id == letter.organisation_id}
    return tuple(found[one] for one in ids if one in own)


def letter_context(tx: Repositories, desk: Desk) -> dict[str, object]:
    """Addressee and list of enclosures; sheets are counted from the files themselves."""
    said: dict[str, object] = {"recipient": None, "recipient_org": None, "items": []}
    if desk.around.addressee_id is not None:
        addressee = tx.organisations.load(desk.around.addressee_id)
        said["recipient"] = printed_head(tx, addressee, desk.around.today)
        said["recipient_org"] = addressee.name_on(desk.around.today).short
    enclosed = package_documents(tx, desk.document)
    others = frozenset(document.id for document in enclosed)
    said["items"] = [_item(document, others - {document.id}) for document in enclosed]
    return said


def _item(document: Document, others: frozenset[UUID]) -> dict[str, object]:
    """One enclosure; an annex that is enclosed by itself is not counted with its order."""
    files = document.manifest.files if document.manifest else ()
    sheets = sum(file.pages for file in files if file.document_id not in others)
    return {"name": document_named(document), "sheets": max(1, sheets), "copies": 1}
