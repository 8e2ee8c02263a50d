"""A submission as rows, and rows as a submission."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any  # a row's columns have no one type

import sqlalchemy as sa

from workflow.domain.documents import Manifest
from workflow.domain.submissions import PackageItem, Receipt, Submission
from workflow.store.repositories.base import within
from workflow.store.repositories.manifests import (
    manifest_file,
    manifest_file_row,
    signed_file,
    signed_file_row,
)

OWN_FIELDS = (
    "id",
    "version",
    "number",
    "sender_id",
    "receiver_id",
    "letter_id",
    "sent_at",
    "sent_by",
    "arrived_at",
    "reason_late",
    "on_paper",
    "incoming_number",
    "examined_at",
    "previous_id",
    "state",
)
_ITEM_FIELDS = (
    "document_id",
    "type_code",
    "title",
    "number",
    "dated",
    "on_paper",
    "verdict",
    "report",
    "explanation",
)


def submission_row(submission: Submission) -> dict[str, Any]:
    """The submission's own row, the receipt and the derived state in it."""
    receipt = submission.receipt
    return {
        **{name: getattr(submission, name) for name in OWN_FIELDS},
        "receipt_number": receipt.number if receipt else None,
        "receipt_at": receipt.at if receipt else None,
        "receipt_by": receipt.by if receipt else None,
        "receipt_accepted": receipt.accepted if receipt else None,
        "receipt_reason": receipt.reason if receipt else None,
        "receipt_repair_on": receipt.repair_due if receipt else None,
        "receipt_hashes": receipt.hashes if receipt else None,
        "receipt_audit_head": receipt.audit_head if receipt else None,
    }


def item_rows(submission: Submission) -> list[dict[str, Any]]:
    return [
        {
            "submission_id": submission.id,
            "position": position,
            **{name: getattr(item, name) for name in _ITEM_FIELDS},
        }
        for position, item in enumerate(submission.items)
    ]


def file_rows(submission: Submission) -> list[dict[str, Any]]:
    return [
        {
            "submission_id": submission.id,
            "item": place,
            "position": position,
            **manifest_file_row(file),
        }
        for place, item in enumerate(submission.items)
        for position, file in enumerate(item.manifest.files)
    ]


def signature_rows(submission: Submission) -> list[dict[str, Any]]:
    return [
        {
            "submission_id": submission.id,
            "item": place,
            "position": position,
            **signed_file_row(file),
        }
        for place, item in enumerate(submission.items)
        for position, file in enumerate(item.signatures)
    ]


def submission_of(
    row: sa.Row[Any],
    items: Sequence[sa.Row[Any]],
    files: Sequence[sa.Row[Any]],
    signatures: Sequence[sa.Row[Any]],
) -> Submission:
    """Put a submission together from its row and those of its children."""
    return within(
        row,
        Submission,
        items=tuple(
            within(
                item,
                PackageItem,
                manifest=Manifest(
                    tuple(manifest_file(f) for f in files if f.item == item.position)
                ),
                signatures=tuple(signed_file(s) for s in signatures if s.item == item.position),
            )
            for item in items
        ),
        receipt=_receipt(row),
    )


def _receipt(row: sa.Row[Any]) -> Receipt | None:
    if row.receipt_number is None:
        return None
    return Receipt(
        number=row.receipt_number,
        at=row.receipt_at,
        by=row.receipt_by,
        accepted=row.receipt_accepted,
        reason=row.receipt_reason,
        repair_due=row.receipt_repair_on,
        hashes=row.receipt_hashes,
        audit_head=row.receipt_audit_head,
    )
