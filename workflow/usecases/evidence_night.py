"""The evidence record of a night: all that is new in an organisation, one tree, one timestamp.

Once an hour the schedule asks which chains of events have grown; where it is night, a record is
asked for, once for each local day. What a record covers is looked at once more by what is known
that night, so that chain and lists are kept that are current at the time of the timestamp. An
authority that is silent is asked again; nothing is lost, the next night takes what is left.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import structlog

from workflow.domain.evidence_records import (
    NightlyRecord,
    Piece,
    PieceRole,
    RecordItem,
    RecordKind,
    RecordState,
)
from workflow.domain.refusals import Refusal
from workflow.domain.regulations import SignatureFormat
from workflow.domain.signatures import Signature, SignedFile
from workflow.evidence_records import EvidenceEngine, TokenFacts, Tree
from workflow.ports import CheckStatus, TrustView
from workflow.store.audit import INSTALLATION, ChainHead, read_head
from workflow.store.errors import StoreError
from workflow.store.repositories.evidence_records import SealedMark
from workflow.store.unit_of_work import Repositories, Transaction
from workflow.timestamping import Timestamp
from workflow.usecases.render import Effect
from workflow.usecases.services import Services
from workflow.usecases.trust import signer_organisation, trust_view

log = structlog.get_logger("evidence")

LOOK = "evidence.look"
KIND = "evidence.night"
NIGHT_BEGINS = 1
"""The local hour from which on the record of the day may be made."""
WITHOUT_RECORD_SINCE = timedelta(days=30)
ONE_NIGHT = timedelta(days=1)
"""A signature of so long ago without a record is one that waits, within these last weeks."""
MOST = 500
"""So many signatures, and so many acknowledgements, stand under one record; the rest follow."""


class EvidenceDelayedError(Exception):
    """The record could not be made now, for a reason that may pass; it is tried again."""

    code = "evidence.delayed"

    def __init__(self, reason: Refusal) -> None:
        super().__init__(reason.code)
        self.reason = reason


@dataclass(frozen=True)
class Subject:
    """A group of files that shall stand under one record, and what it is about."""

    pieces: tuple[Piece, ...]
    signature_id: UUID | None = None
    mark_id: UUID | None = None
    head: int = 0
    long_term: str = ""


@dataclass(frozen=True)
class _New:
    """What no record of the organisation covers yet, read in one view.

    `copies` are copies of signed PDFs for long keeping, as blobs; `views` say by what each
    signature is judged: with the anchors of the organisation for which somebody signed.
    """

    signatures: tuple[Signature, ...]
    copies: tuple[str, ...]
    marks: tuple[tuple[SealedMark, tuple[str, ...]], ...]
    head: ChainHead | None
    trust: TrustView
    views: dict[UUID, TrustView]

    @property
    def is_all(self) -> bool:
        return all(len(found) < MOST for found in (self.signatures, self.copies, self.marks))


def ask(services: Services) -> Callable[[Transaction], None]:
    """A question of the schedule: once an hour it is looked where something is new."""

    def question(tx: Transaction) -> None:
        if services.timestamps is not None:
            hour = services.clock().strftime("%Y-%m-%dT%H")
            tx.outbox.add(LOOK, {}, once_key=f"{LOOK}:{hour}")

    return question


def look(services: Services, _payload: Any) -> Effect:
    """Ask for the record of each organisation with something new in whose place it is night."""
    now = services.clock()
    with services.uow.reading() as tx:
        grown = tx.evidence_records.chains_grown()
        places = tx.organisations.load_many(grown - {INSTALLATION})
    nights = {
        place.id: now.astimezone(place.zone)
        for place in places.values()
        if now.astimezone(place.zone).hour >= NIGHT_BEGINS
    }
    if INSTALLATION in grown:
        nights[INSTALLATION] = now

    def effect(tx: Transaction) -> None:
        for chain, night in nights.items():
            key = f"night:{chain}:{night.date().isoformat()}"
            if not tx.evidence_records.exists(f"{key}:1"):
                tx.outbox.add(KIND, {"chain": str(chain), "key": key, "part": 1}, once_key=key)

    return effect


def make_record(services: Services, payload: Any) -> Effect:
    """Make the record of a night outside any transaction; the effect keeps it."""
    if services.timestamps is None:
        return _nothing
    chain, part = UUID(payload["chain"]), int(payload["part"])
    key = f"{payload['key']}:{part}"
    with services.uow.reading() as tx:
        if tx.evidence_records.exists(key):
            return _nothing
        new = _new(tx, services, chain)
    subjects = _subjects(services, new)
    if not subjects:
        return _nothing
    engine = services.evidence
    tree = grown(engine, engine.digest, [[p.digest for p in s.pieces] for s in subjects])
    stamp, facts = stamped(services, tree, new.trust)
    record = kept_record(
        services,
        None if chain == INSTALLATION else chain,
        key,
        RecordKind.NIGHT,
        tree,
        stamp,
        facts,
    )
    record = replace(record, audit_number=new.head.number if new.head else 0)
    items = [
        RecordItem(
            record.id,
            place,
            leaf,
            s.pieces,
            s.signature_id,
            s.mark_id,
            s.head,
            long_term=s.long_term,
        )
        for place, (leaf, s) in enumerate(zip(tree.leaves, subjects, strict=True))
    ]

    def effect(tx: Transaction) -> None:
        _keep(tx, record, items, new)
        if not new.is_all:
            following = {**payload, "part": part + 1}
            tx.outbox.add(KIND, following, once_key=f"{payload['key']}:{part + 1}")

    return effect


def _keep(tx: Transaction, record: NightlyRecord, items: Sequence[RecordItem], new: _New) -> None:
    """Keep the record, unless another worker was quicker with any part of it."""
    of_signatures = tx.evidence_records.covering([one.id for one in new.signatures])
    there = {item.record_id for found in of_signatures.values() for item in found}
    holding = [
        one
        for one in tx.evidence_records.load_many(there).values()
        if one.state is not RecordState.INTERRUPTED
    ]
    known = tx.evidence_records.audit_number(record.organisation_id)
    if new.copies and record.organisation_id is not None:
        waiting = tx.evidence_records.copies_without(record.organisation_id, limit=2 * MOST)
        if not set(new.copies) <= set(waiting):
            return
    if holding or (record.audit_number and known >= record.audit_number):
        return
    if tx.evidence_records.add(record, items):
        log.info("evidence record", record=str(record.id), key=record.once_key, groups=len(items))


def _nothing(tx: Transaction) -> None:
    """There is nothing new, or all is done already."""


# --- what is new -----------------------------------------------------------------------------


def _new(tx: Repositories, services: Services, chain: UUID) -> _New:
    organisation_id = None if chain == INSTALLATION else chain
    trust = trust_view(tx, services, organisation=organisation_id)
    head = read_head(tx.connection, chain)
    if head is not None and head.number <= tx.evidence_records.audit_number(organisation_id):
        head = None
    if organisation_id is None:
        return _New((), (), (), head, trust, {})
    found = tx.evidence_records.signatures_without(organisation_id, limit=MOST)
    signatures = tuple(tx.signatures.load_many(found).values())
    marks = tx.evidence_records.acknowledgements_without(organisation_id, limit=MOST)
    views = {
        one.id: trust_view(
            tx,
            services,
            one.kept_since,
            one.serial,
            organisation=signer_organisation(tx, one),
            accepted_at=one.received_at,
        )
        for one in signatures
        if one.format is not SignatureFormat.SIMPLE
    }
    copies = tuple(tx.evidence_records.copies_without(organisation_id, limit=MOST))
    return _New(signatures, copies, _with_files(tx, marks), head, trust, views)


def _with_files(
    tx: Repositories, marks: Sequence[SealedMark]
) -> tuple[tuple[SealedMark, tuple[str, ...]], ...]:
    """Add to each acknowledgement the files that were acknowledged."""
    documents = tx.documents.load_many({one.document_id for one in marks})
    manifests = {
        (document.id, fixing.sequence): tuple(f.pdf for f in fixing.manifest.files)
        for document in documents.values()
        for fixing in document.fixings
        if fixing.manifest is not None
    }
    return tuple((one, manifests.get((one.document_id, one.fixing), ())) for one in marks)


def _subjects(services: Services, new: _New) -> list[Subject]:
    """Return the groups of files; one whose files are lost is left for the next night."""
    found: list[Subject] = []
    for signature in new.signatures:
        try:
            pieces = _pieces_of(services, signature, new)
        except StoreError as error:
            log.error("no evidence record", signature=str(signature.id), code=error.code)
        else:
            found.append(Subject(pieces, signature_id=signature.id))
    for copy in new.copies:
        # All that it is judged by is inside.
        found.append(Subject(_pieces(services, [(PieceRole.SIGNATURE, copy)]), long_term=copy))
    for mark, files in new.marks:
        signed = [(PieceRole.SIGNATURE, mark.statement), *((PieceRole.FILE, f) for f in files)]
        found.append(Subject(_pieces(services, signed), mark_id=mark.mark_id))
    if new.head is not None:
        blob = services.blobs.put(str(new.head).encode())
        pieces = _pieces(services, [(PieceRole.HEAD, blob)])
        found.append(Subject(pieces, head=new.head.number))
    return found


def _pieces_of(services: Services, signature: Signature, new: _New) -> tuple[Piece, ...]:
    """Return the files of a signature: signed file, signature, report, evidence of then and now."""
    parts: list[tuple[PieceRole, str]] = []
    for signed in signature.files:
        parts += [(PieceRole.FILE, signed.file), (PieceRole.SIGNATURE, signed.signature)]
        parts += [(PieceRole.REPORT, r) for r in (signed.report, signed.report_now) if r]
        parts += [(PieceRole.SIGNATURE, b) for b in (signed.handed_in, signed.long_term) if b]
        parts += [(PieceRole.EVIDENCE, e) for e in (signed.evidence, signed.power) if e]
        if signature.format is not SignatureFormat.SIMPLE:
            parts += _looked_at_tonight(services, signature, signed, new)
    return _pieces(services, parts)


def _looked_at_tonight(
    services: Services, signature: Signature, signed: SignedFile, new: _New
) -> list[tuple[PieceRole, str]]:
    """Return what the signature is judged by tonight, nothing when that cannot be said tonight."""
    examination = services.signatures.examine(
        services.blobs.get(signed.file),
        services.blobs.get(signed.signature),
        signed.format,
        trust=new.views[signature.id],
        now=services.clock(),
        expected=None,
        received_at=signature.kept_since,
    )
    if examination.status is not CheckStatus.VALID:
        return []
    return [(PieceRole.EVIDENCE, services.blobs.put(examination.evidence))]


def _pieces(services: Services, parts: Sequence[tuple[PieceRole, str]]) -> tuple[Piece, ...]:
    """Return the parts with their digests, each blob once."""
    once = {blob: role for role, blob in reversed(parts)}
    name = services.evidence.digest
    return tuple(
        Piece(role, blob, digest_of_blob(services, name, blob)) for blob, role in once.items()
    )


# --- what a night and a renewal share --------------------------------------------------------


def digest_of_blob(services: Services, name: str, blob: str) -> str:
    """Return the digest of a stored file; by SHA-256 it is the blob's own name."""
    if name == "sha256":
        return blob
    return services.evidence.digest_of(name, services.blobs.get(blob))


def grown(engine: EvidenceEngine, digest: str, groups: Sequence[Sequence[str]]) -> Tree:
    """Return the tree over the groups; raises EvidenceDelayedError when none can be made."""
    tree = engine.tree(digest, groups)
    if isinstance(tree, Refusal):
        raise EvidenceDelayedError(tree)
    return tree


def stamped(services: Services, tree: Tree, trust: TrustView) -> tuple[Timestamp, TokenFacts]:
    """Ask for the timestamp over the root, and judge it.

    Raises EvidenceDelayedError when there is none, or when it is not good; one whose authority
    cannot be judged yet is taken.
    """
    assert services.timestamps is not None  # the caller looked
    stamp = services.timestamps.stamp(tree.digest, bytes.fromhex(tree.root), services.clock())
    if isinstance(stamp, Refusal):
        raise EvidenceDelayedError(stamp)
    facts = services.evidence.judge_token(
        stamp.token, tree.digest, tree.root, trust, services.clock()
    )
    if facts.status is CheckStatus.INVALID and facts.reason is not None:
        raise EvidenceDelayedError(facts.reason)
    return stamp, facts


def kept_record(
    services: Services,
    organisation_id: UUID | None,
    once_key: str,
    kind: RecordKind,
    tree: Tree,
    stamp: Timestamp,
    facts: TokenFacts,
) -> NightlyRecord:
    """Return the record of a tree and its timestamp, whose bytes are kept."""
    return NightlyRecord(
        id=services.new_id(),
        organisation_id=organisation_id,
        once_key=once_key,
        kind=kind,
        digest=tree.digest,
        root=tree.root,
        token=services.blobs.put(stamp.token),
        evidence=services.blobs.put(facts.evidence) if facts.evidence else "",
        authority=stamp.authority,
        stamped_at=stamp.at,
        ends_at=stamp.authority_ends,
        doubt=None if facts.status is CheckStatus.VALID else facts.reason,
    )
