"""The receiver examines a package with its own trust and its own register of heads (a job)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from workflow.domain.exchange import (
    ITEM_INVALID,
    ITEM_ON_PAPER,
    ITEM_UNDECIDED,
    ITEM_VALID,
)
from workflow.domain.mandates import holder_of
from workflow.domain.organisations import Organisation
from workflow.domain.refusals import N_, Refusal
from workflow.domain.regulations import (
    DocumentType,
    Role,
    SignatureDemand,
    SignatureFormat,
    SignatureKind,
)
from workflow.domain.submissions import PackageItem, Submission, SubmissionState
from workflow.ports import CheckStatus, ExpectedSigner, TrustView
from workflow.store.unit_of_work import Repositories, Transaction
from workflow.usecases.examine import examine, expected_signer
from workflow.usecases.render import Effect
from workflow.usecases.services import Services
from workflow.usecases.trust import trust_view

KIND = "examine_submission"

#: A status of the examination as the verdict of an item.
ITEM_VERDICTS = {
    CheckStatus.VALID: ITEM_VALID,
    CheckStatus.INVALID: ITEM_INVALID,
    CheckStatus.UNDECIDED: ITEM_UNDECIDED,
}


@dataclass(frozen=True)
class _Expected:
    """For whom each item is examined, and against what."""

    submission: Submission
    signers: Mapping[UUID, ExpectedSigner]
    trust: TrustView


def examine_submission(services: Services, payload: Any) -> Effect:
    """Examine every item; the sender's verdict counts for nothing."""
    submission_id = UUID(payload["submission"])
    with services.uow.reading() as tx:
        submission = tx.submissions.load(submission_id)
        if submission.state not in (SubmissionState.ARRIVED, SubmissionState.EXAMINED):
            return _nothing
        expected = _read(tx, services, submission)
    items = tuple(_examined(services, item, expected) for item in submission.items)

    def effect(tx: Transaction) -> None:
        current = tx.submissions.load(submission_id)
        if current.receipt is not None:
            return
        examined = replace(current, items=items, examined_at=services.clock())
        tx.submissions.save(examined, current)
        tx.audit.add(
            current.receiver_id,
            "package.examined",
            {
                "submission": str(submission_id),
                "valid": all(i.verdict in (ITEM_VALID, ITEM_ON_PAPER) for i in items),
            },
        )

    return effect


def _nothing(tx: Transaction) -> None:
    """The effect of work that is not wanted any more."""


def _read(tx: Repositories, services: Services, submission: Submission) -> _Expected:
    sender = tx.organisations.load(submission.sender_id)
    stored = _stored_at(tx, submission)
    signers: dict[UUID, ExpectedSigner] = {}
    for document_id, demand in _demands(tx, services, submission).items():
        signed_at = stored.get(document_id, submission.arrived_at)
        signers[document_id] = known_head(tx, sender, signed_at, demand)
    return _Expected(submission, signers, trust_view(tx, services))


def _stored_at(tx: Repositories, submission: Submission) -> Mapping[UUID, datetime]:
    """When this installation itself stored the signatures of each item.

    Who was head is asked for that moment: an order stays valid when its head has left since. What
    a file claims of its own time counts for nothing.
    """
    if submission.on_paper:
        return {}
    documents = tx.documents.load_many([i.document_id for i in submission.items])
    carriers = {d.id: d.approved_by or d.id for d in documents.values()}
    moments = {
        file.signature: signature.received_at
        for signature in tx.signatures.of_documents(carriers.values())
        for file in signature.files
    }
    return {
        item.document_id: max(moments[s.signature] for s in item.signatures)
        for item in submission.items
        if item.signatures and all(s.signature in moments for s in item.signatures)
    }


def _demands(
    tx: Repositories, services: Services, submission: Submission
) -> Mapping[UUID, SignatureDemand]:
    """What is asked of each item: by its own pack; by the receiver's if the office entered it."""
    if submission.on_paper:
        office = tx.organisations.load(submission.receiver_id)
        return {i.document_id: demand_on(services, office, i.type_code) for i in submission.items}
    documents = tx.documents.load_many([i.document_id for i in submission.items])
    found: dict[UUID, SignatureDemand] = {}
    for document in documents.values():
        types = services.packs.get(document.pack, document.pack_version).document_types
        demand = _demand(types, types[document.type_code])
        if demand is not None:
            found[document.id] = demand
    return found


def demand_on(services: Services, office: Organisation, type_code: str) -> SignatureDemand:
    """What the office's pack asks of a type; "advanced or better" where it says nothing."""
    types = services.packs.newest(office.pack).document_types if office.pack else {}
    demand = _demand(types, types[type_code]) if type_code in types else None
    return demand or SignatureDemand(SignatureKind.ADVANCED, SignatureFormat.CADES)


def _demand(types: Mapping[str, DocumentType], kind: DocumentType) -> SignatureDemand | None:
    """An approved document is signed as its order is."""
    if kind.signature is not None:
        return kind.signature
    orders = [t for t in types.values() if kind.code in t.approves]
    return orders[0].signature if orders else None


def known_head(
    tx: Repositories, sender: Organisation, signed_at: datetime, demand: SignatureDemand
) -> ExpectedSigner:
    """The head of the sender at a moment, as the receiver knows it: confirmed mandates count.

    An acting head may rest on an order that lives here; nobody becomes head by the own order.
    """
    on = sender.local_day(signed_at)
    confirmed = [
        m
        for m in tx.mandates.of_organisation(sender.id)
        if m.confirmed_by or (m.ground_document_id and m.role is Role.ACTING_HEAD)
    ]
    head = holder_of(confirmed, Role.HEAD, sender.id, on)
    if head is None:
        nobody = Refusal(
            "authority.head_unknown",
            N_("The head of the sending organisation has not been confirmed by the office."),
            N_("Confirm the head's appointment in the register of heads."),
        )
        return ExpectedSigner(
            last="", given="", snils="", inn="",
            organisation_inn=sender.requisites.inn,
            ogrn=sender.requisites.ogrn,
            kind=demand.kind,
            exactly=demand.exactly,
            authority=nobody,
        )  # fmt: skip
    return expected_signer(tx, head.person_id, sender, demand, head, Role.HEAD)


def _examined(services: Services, item: PackageItem, around: _Expected) -> PackageItem:
    if item.on_paper:
        return replace(item, verdict=ITEM_ON_PAPER)
    covered = {s.file for s in item.signatures}
    missing = [f for f in item.manifest.files if f.pdf not in covered]
    if missing or not item.manifest.files or item.document_id not in around.signers:
        unsigned = Refusal(
            "package.file_unsigned",
            N_("The file “{name}” has no signature."),
            N_("Return the package."),
            {"name": missing[0].name if missing else item.title},
        )
        return replace(item, verdict=ITEM_INVALID, explanation=unsigned)
    signed = [replace(s, report="", evidence="") for s in item.signatures]  # the receiver's own
    examined = examine(services, signed, around.trust, around.signers[item.document_id])
    return replace(
        item,
        signatures=examined.files,
        verdict=ITEM_VERDICTS[examined.status],
        report=examined.files[0].report_now,
        explanation=examined.reason,
    )
