"""Ask for a second look at a signature (see `recheck`)."""

from __future__ import annotations

from workflow.domain.signatures import Signature
from workflow.store.unit_of_work import Transaction

KIND = "recheck_signature"


def ask(tx: Transaction, signature: Signature, occasion: str) -> None:
    """Ask for a second look; `occasion` (a CRL's hash, a day) makes the request unique."""
    tx.outbox.add(
        KIND, {"signature": str(signature.id)}, once_key=f"{KIND}:{signature.id}:{occasion}"
    )
