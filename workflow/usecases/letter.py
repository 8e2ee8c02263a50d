"""The covering letter of a package: to whom, and what is enclosed."""

from __future__ import annotations

from uuid import UUID

from workflow.domain.documents import Document, FileRole
from workflow.store.unit_of_work import Repositories
from workflow.usecases.context import printed_head
from workflow.usecases.desk import Desk
from workflow.usecases.wording import document_named

#: The field of a covering letter that names the documents of the package.
PACKAGE = "package"


def package_documents(tx: Repositories, letter: Document) -> tuple[Document, ...]:
    """The documents that the letter encloses, in the order they were named."""
    named = letter.facts.get(PACKAGE) or ()
    assert isinstance(named, list | tuple)
    ids = [UUID(str(one)) for one in named]
    found = tx.documents.load_many(ids)
    return tuple(found[one] for one in ids if one in found)


def letter_context(tx: Repositories, desk: Desk) -> dict[str, object]:
    """Addressee and list of enclosures; sheets are counted from the files themselves."""
    said: dict[str, object] = {"recipient": None, "recipient_org": None, "items": []}
    if desk.around.addressee_id is not None:
        addressee = tx.organisations.load(desk.around.addressee_id)
        said["recipient"] = printed_head(tx, addressee, desk.around.today)
        said["recipient_org"] = addressee.name_on(desk.around.today).short
    said["items"] = [
        row for document in package_documents(tx, desk.document) for row in _items(document)
    ]
    return said


def _items(document: Document) -> list[dict[str, object]]:
    manifest = document.manifest
    if manifest is None:
        return [{"name": document_named(document), "sheets": 1, "copies": 1}]
    main = sum(f.pages for f in manifest.files if f.role is not FileRole.ANNEX)
    annexes = sum(f.pages for f in manifest.files if f.role is FileRole.ANNEX)
    return [{"name": document_named(document), "sheets": max(1, main + annexes), "copies": 1}]
