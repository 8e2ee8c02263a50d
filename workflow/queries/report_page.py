"""The stored checks of a signature, and the originals with what was signed over them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from workflow.domain.documents import Document, ManifestFile
from workflow.domain.mandates import Actor
from workflow.domain.refusals import Refusal
from workflow.domain.regulations import SignatureFormat
from workflow.domain.signatures import Signature, SignatureStatus, SignedFile
from workflow.domain.signing_again import may_sign_again
from workflow.domain.trust import VisualCopy
from workflow.queries.headings import Heading, heading_of
from workflow.queries.preservation import Preservation, preservation_of
from workflow.store.errors import MissingRowError
from workflow.store.unit_of_work import Repositories
from workflow.usecases import desk as desks
from workflow.usecases.errors import NotFoundError
from workflow.usecases.evidence_chain import records_for, records_for_copies
from workflow.usecases.services import Services
from workflow.usecases.sign_again import is_damaged
from workflow.usecases.wording import document_named


@dataclass(frozen=True)
class CheckedFile:
    """A signed file with the SHA-256 of its reports: at acceptance, and the newest one."""

    name: str
    signed: SignedFile

    @property
    def is_looked_at_again(self) -> bool:
        return bool(self.signed.report_now) and self.signed.report_now != self.signed.report


@dataclass(frozen=True)
class ReportPage:
    """`public_address` is where strangers check the document ("" until a copy was made).

    `preserved` is how its proof is kept up, None without an evidence record.
    `is_lost`: what was signed is missing in the storage or has changed there; `again` says why
    the actor may not sign it again.
    """

    heading: Heading
    signature: Signature
    signer: str
    files: tuple[CheckedFile, ...]
    is_of_newest_files: bool
    has_visual_copy: bool
    public_address: str
    preserved: Preservation | None
    is_lost: bool
    again: Refusal | None


@dataclass(frozen=True)
class BundleFile:
    """A file of the download: its name there, and the SHA-256 of the stored bytes.

    An evidence record is made up for the download: its bytes stand in `made`.
    """

    name: str
    sha256: str
    made: bytes = field(default=b"", repr=False)


@dataclass(frozen=True)
class Bundle:
    """The originals with their accepted signatures."""

    heading: Heading
    files: tuple[BundleFile, ...]


def report_page(services: Services, actor: Actor, signature_id: UUID) -> ReportPage:
    """Return the page; NotFoundError when the signature is not there or not for these eyes."""
    with services.uow.reading() as tx:
        signature = _signature(tx, signature_id)
        desk = desks.lay(tx, services, actor, signature.document_id)
        document = desk.document
        check = tx.public_checks.of_fixing(document.id, signature.fixing)
        copies = tx.visual_copies.newest(document.id, signature.fixing)
        fixing = document.fixing
        lost = is_damaged(services, signature)
        return ReportPage(
            heading=heading_of(desk),
            signature=signature,
            signer=tx.people.load(signature.person_id).full_name,
            files=_checked(document, signature),
            is_of_newest_files=fixing is not None and fixing.sequence == signature.fixing,
            has_visual_copy=bool(copies),
            public_address=f"{services.base_url}/check/{check.token}" if check else "",
            preserved=preservation_of(tx, [signature.id]).get(signature.id),
            is_lost=lost,
            again=may_sign_again(document, signature, desk.actor, desk.around, damaged=lost),
        )


def _signature(tx: Repositories, signature_id: UUID) -> Signature:
    try:
        return tx.signatures.load(signature_id)
    except MissingRowError as error:
        raise NotFoundError(f"signature {signature_id}") from error


def _checked(document: Document, signature: Signature) -> tuple[CheckedFile, ...]:
    names = {f.pdf: f.name for f in _files_of(document, signature.fixing)}
    return tuple(CheckedFile(names.get(s.file, s.file), s) for s in signature.files)


def _files_of(document: Document, fixing: int) -> tuple[ManifestFile, ...]:
    found = next((f for f in document.fixings if f.sequence == fixing), None)
    return found.manifest.files if found and found.manifest else ()


def bundle(services: Services, actor: Actor, document_id: UUID) -> Bundle:
    """Return what proves the document elsewhere: each original and each signature over it.

    NotFoundError when it is not for these eyes, or nothing has been accepted yet.
    """
    with services.uow.reading() as tx:
        desk = desks.lay(tx, services, actor, document_id)
        fixing = desk.document.fixing
        accepted = [
            s
            for s in tx.signatures.of_document(document_id)
            if s.status is SignatureStatus.ACCEPTED and fixing and s.fixing == fixing.sequence
        ]
    if fixing is None or not accepted:
        raise NotFoundError(f"document {document_id} has no accepted signature")
    records = records_for(services, [s.id for s in accepted])
    of_copies = records_for_copies(services, (f.long_term for s in accepted for f in s.files))
    files: list[BundleFile] = []
    for place, file in enumerate(_files_of(desk.document, fixing.sequence), start=1):
        files += _originals(f"{place:02} {file.name}", file.pdf, accepted, records, of_copies)
    return Bundle(heading_of(desk), tuple(files))


def _originals(
    name: str,
    pdf: str,
    accepted: list[Signature],
    records: Mapping[UUID, bytes],
    of_copies: Mapping[str, bytes],
) -> list[BundleFile]:
    """A signed PDF stands for itself; detached signatures lie beside the original.

    Beside each lies its evidence record, named after it, and the copy for long keeping.
    """
    signed = [(s.id, f) for s in accepted for f in s.files if f.file == pdf]
    if any(f.format is SignatureFormat.PADES for _, f in signed):
        names, beside = [name] * len(signed), []
    else:
        names = _names_of_signatures(name, [f.format for _, f in signed])
        beside = [BundleFile(name, pdf)]
    for own, (signature_id, file) in zip(names, signed, strict=True):
        beside.append(BundleFile(own, file.signature))
        if file.long_term:
            copy = f"{own.removesuffix('.pdf')}-lta.pdf"
            beside.append(BundleFile(copy, file.long_term))
            if file.long_term in of_copies:
                beside.append(BundleFile(f"{copy}.ers", "", of_copies[file.long_term]))
        if signature_id in records:
            beside.append(BundleFile(f"{own}.ers", "", records[signature_id]))
    return beside


def _names_of_signatures(name: str, formats: list[SignatureFormat]) -> list[str]:
    """Detached ones are `.sig`, sealed statements `.simple.json`; numbered where several are."""
    numbers = [f".{n}" if len(formats) > 1 else "" for n in range(1, len(formats) + 1)]
    return [
        f"{name}{number}.simple.json" if one is SignatureFormat.SIMPLE else f"{name}{number}.sig"
        for number, one in zip(numbers, formats, strict=True)
    ]


@dataclass(frozen=True)
class CopyPage:
    """A copy for the eye of one file."""

    named: str
    file_name: str
    copy: VisualCopy


def visual_copy(services: Services, actor: Actor, document_id: UUID, place: int) -> CopyPage:
    """Return the newest copy of the file at `place`; NotFoundError until it was made."""
    with services.uow.reading() as tx:
        desk = desks.lay(tx, services, actor, document_id)
        fixing = desk.document.fixing
        copies = tx.visual_copies.newest(document_id, fixing.sequence) if fixing else []
    files = _files_of(desk.document, fixing.sequence) if fixing else ()
    found = [c for c in copies if place < len(files) and c.file == files[place].pdf]
    if not found:
        raise NotFoundError(f"document {document_id} has no copy of file {place}")
    return CopyPage(document_named(desk.document), files[place].name, found[0])
