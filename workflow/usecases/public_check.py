"""What a stranger may learn under the unguessable address on a visual copy: verdict, no content."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime

from workflow.domain.documents import Document
from workflow.domain.refusals import Refusal
from workflow.domain.regulations import SignatureFormat
from workflow.domain.routes import DocumentState, state_of
from workflow.domain.signatures import Signature, SignatureStatus, SignedFile
from workflow.domain.simple_signatures import SimpleStatement
from workflow.store.blobs import BlobChangedError, BlobMissingError
from workflow.usecases.errors import NotFoundError
from workflow.usecases.own_seals import is_ours
from workflow.usecases.services import Services


@dataclass(frozen=True)
class CheckedSignature:
    """A signature as strangers see it: who, by which certificate, when, with what result.

    Of a `simple` one `serial` is the code of its statement, `fingerprint` (SHA-256, hex) that of
    the certificate by which this installation seals.
    """

    owner: str
    serial: str
    received_at: datetime
    status: SignatureStatus
    training: bool
    simple: bool = False
    fingerprint: str = ""


@dataclass(frozen=True)
class PublicVerdict:
    """The document's card for strangers; `hashes` are the SHA-256 of its fixed files.

    `state` is that of the document now; `superseded` is true when the files of this address are
    not the newest ones.
    """

    title: str
    organisation: str
    number: str
    dated: date | None
    state: DocumentState
    superseded: bool
    on_paper: bool
    signatures: tuple[CheckedSignature, ...]
    hashes: tuple[str, ...]


def look_up(services: Services, token: str) -> PublicVerdict:
    """Return what the address leads to; NotFoundError for any other."""
    with services.uow.reading() as tx:
        check = tx.public_checks.find(token)
        if check is None:
            raise NotFoundError("public check")
        document = tx.documents.load(check.document_id)
        organisation = tx.organisations.load(document.organisation_id)
        kind = services.packs.get(document.pack, document.pack_version).document_types[
            document.type_code
        ]
        signatures = [s for s in tx.signatures.of_document(document.id) if s.fixing == check.fixing]
        fixing = next(f for f in document.fixings if f.sequence == check.fixing)
        hashes = tuple(f.pdf for f in fixing.manifest.files) if fixing.manifest else ()
        return PublicVerdict(
            title=document.title,
            organisation=organisation.name_on(fixing.printed_date).full,
            number=fixing.printed_number,
            dated=fixing.printed_date,
            state=state_of(document, kind, organisation.visa_roles),
            superseded=document.fixing is None or document.fixing.sequence != check.fixing,
            on_paper=document.on_paper,
            signatures=tuple(_checked(services, s) for s in signatures),
            hashes=hashes,
        )


def _checked(services: Services, signature: Signature) -> CheckedSignature:
    simple = signature.format is SignatureFormat.SIMPLE
    own = _sealed_under(services, signature) if simple else ""
    return CheckedSignature(
        owner=signature.owner,
        serial=signature.serial,
        received_at=signature.received_at,
        status=signature.status,
        training=signature.training,
        simple=simple,
        fingerprint=own,
    )


def _sealed_under(services: Services, signature: Signature) -> str:
    """The certificate of the statement itself: the key may have been replaced since."""
    try:
        opened = services.simple_seals.open(services.blobs.get(signature.files[0].signature))
    except (BlobMissingError, BlobChangedError):
        return ""
    return "" if isinstance(opened, Refusal) else opened.fingerprint


@dataclass(frozen=True)
class CheckedStatement:
    """A sealed statement that a stranger holds, judged at the address of a document.

    `own`: this installation sealed it. `counts`: it is one of the accepted signatures over the
    files of this address. `about_these`: it names a file of this address.
    """

    statement: SimpleStatement
    fingerprint: str
    own: bool
    counts: bool
    about_these: bool


def check_statement(services: Services, token: str, content: bytes) -> CheckedStatement | Refusal:
    """Judge a stranger's sealed statement; NotFoundError for an unknown address."""
    digest = hashlib.sha256(content).hexdigest()
    with services.uow.reading() as tx:
        check = tx.public_checks.find(token)
        if check is None:
            raise NotFoundError("public check")
        document = tx.documents.load(check.document_id)
        fixing = next(f for f in document.fixings if f.sequence == check.fixing)
        files = {f.pdf for f in fixing.manifest.files} if fixing.manifest else set()
        accepted = [
            file.signature
            for s in tx.signatures.of_document(document.id)
            if s.fixing == check.fixing and s.status is SignatureStatus.ACCEPTED
            for file in s.files
        ]
    opened = services.simple_seals.open(content)
    if isinstance(opened, Refusal):
        return opened
    with services.uow.reading() as tx:
        own = is_ours(tx, opened, content, document)
    return CheckedStatement(
        statement=opened.statement,
        fingerprint=opened.fingerprint,
        own=own,
        counts=own and digest in accepted,
        about_these=any(f.sha256 in files for f in opened.statement.files),
    )


def is_the_same_file(services: Services, token: str, content: bytes) -> bool:
    """Compare a stranger's file with the fixed or signed files of the address, byte by byte."""
    digest = hashlib.sha256(content).hexdigest()
    with services.uow.reading() as tx:
        check = tx.public_checks.find(token)
        if check is None:
            raise NotFoundError("public check")
        document = tx.documents.load(check.document_id)
        fixing = next(f for f in document.fixings if f.sequence == check.fixing)
        known = {f.pdf for f in fixing.manifest.files} if fixing.manifest else set()
        known |= _signed(
            [
                file
                for s in tx.signatures.of_document(document.id)
                if s.fixing == check.fixing and s.status is SignatureStatus.ACCEPTED
                for file in s.files
            ]
        )
        return digest in known


def _signed(files: list[SignedFile]) -> set[str]:
    return {file.signature for file in files}


def address_of(services: Services, document: Document) -> str:
    """The public address of a document's newest files ("" until a copy was made)."""
    if document.fixing is None:
        return ""
    with services.uow.reading() as tx:
        check = tx.public_checks.of_fixing(document.id, document.fixing.sequence)
    return f"{services.base_url}/check/{check.token}" if check else ""
