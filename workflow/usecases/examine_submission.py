"""The receiver examines a package with its own trust and its own register of heads (a job)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from workflow.domain.exchange import (
    ITEM_INVALID,
    ITEM_ON_PAPER,
    ITEM_UNDECIDED,
    ITEM_VALID,
)
from workflow.domain.organisations import Organisation
from workflow.domain.refusals import N_, Refusal
from workflow.domain.regulations import (
    DocumentType,
    SignatureDemand,
    SignatureFormat,
    SignatureKind,
)
from workflow.domain.signatures import SignedFile
from workflow.domain.submissions import PackageItem, Submission, SubmissionState
from workflow.ports import CheckStatus, TrustView
from workflow.store.unit_of_work import Repositories, Transaction
from workflow.usecases.examine import GRAVITY, examine
from workflow.usecases.examine_statement import examine_statement
from workflow.usecases.package_signers import Share, known_head, shares_of
from workflow.usecases.powers.known import kept_since
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
    """What the signatures of each item have to prove (or why they cannot), and against what."""

    submission: Submission
    shares: Mapping[UUID, tuple[Share, ...] | Refusal]
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
    """Who had to sign each item; what the office entered itself is judged by its own pack."""
    sender = tx.organisations.load(submission.sender_id)
    shares: dict[UUID, tuple[Share, ...] | Refusal] = {}
    if submission.on_paper:
        office = tx.organisations.load(submission.receiver_id)
        for item in submission.items:
            demand = demand_on(services, office, item.type_code)
            expected = known_head(tx, sender, submission.arrived_at, demand)
            shares[item.document_id] = (Share(expected, demand),)
    else:
        for item in submission.items:
            shares[item.document_id] = shares_of(tx, services, sender, item, submission.receiver_id)
    asked = [each for found in shares.values() if not isinstance(found, Refusal) for each in found]
    since = kept_since(*(each.expected for each in asked))
    trust = trust_view(tx, services, organisation=submission.receiver_id, power_since=since)
    return _Expected(submission, shares, trust)


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


def _examined(services: Services, item: PackageItem, around: _Expected) -> PackageItem:
    if item.on_paper:
        return replace(item, verdict=ITEM_ON_PAPER)
    covered = {s.file for s in item.signatures}
    missing = [f for f in item.manifest.files if f.pdf not in covered]
    shares = around.shares[item.document_id]
    if missing or not item.manifest.files:
        unsigned = Refusal(
            "package.file_unsigned",
            N_("The file “{name}” has no signature."),
            N_("Return the package."),
            {"name": missing[0].name if missing else item.title},
        )
        return replace(item, verdict=ITEM_INVALID, explanation=unsigned)
    if isinstance(shares, Refusal):
        return replace(item, verdict=ITEM_INVALID, explanation=shares)
    return _judged(services, item, shares, around.trust)


def _judged(
    services: Services, item: PackageItem, shares: Sequence[Share], trust: TrustView
) -> PackageItem:
    """Every act of signing by itself; the worst answer counts."""
    found: dict[str, SignedFile] = {}
    answers: list[tuple[CheckStatus, Refusal | None]] = []
    report = ""
    for share in shares:
        # The receiver's own reports, never the sender's.
        mine = [
            replace(s, report="", evidence="", report_now="")
            for s in item.signatures
            if not share.signatures or s.signature in share.signatures
        ]
        stated = [s for s in mine if s.format is SignatureFormat.SIMPLE]
        answers += [examine_statement(services, share, s) for s in stated]
        signed = [s for s in mine if s.format is not SignatureFormat.SIMPLE]
        if signed:
            examined = examine(services, signed, trust, share.expected)
            answers.append((examined.status, examined.reason))
            report = report or examined.files[0].report_now
            mine = [*stated, *examined.files]
        found |= {f"{s.file}:{s.signature}": s for s in mine}
    status, reason = max(answers, key=lambda answer: GRAVITY[answer[0]])
    return replace(
        item,
        signatures=tuple(found[f"{s.file}:{s.signature}"] for s in item.signatures),
        verdict=ITEM_VERDICTS[status],
        report=report,
        explanation=reason,
    )
