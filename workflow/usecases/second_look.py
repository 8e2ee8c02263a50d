"""Ask for a second look at a signature (see `recheck`)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from workflow.domain.signatures import Signature
from workflow.store.unit_of_work import Transaction

KIND = "recheck_signature"


def ask(tx: Transaction, signature: Signature, occasion: str) -> bool:
    """Ask for a second look; `occasion` (a CRL's hash, a day) makes the request unique.

    False if it was asked for on this occasion already.
    """
    return tx.outbox.add(
        KIND, {"signature": str(signature.id)}, once_key=f"{KIND}:{signature.id}:{occasion}"
    )


def ask_for_all(
    tx: Transaction, waiting: Callable[[int], Sequence[Signature]], occasion: str, at_most: int
) -> None:
    """Ask for up to `at_most` new second looks; `waiting(skip)` gives the next signatures."""
    ask_each(waiting, lambda signature: ask(tx, signature, occasion), at_most)


def ask_each(
    waiting: Callable[[int], Sequence[Signature]],
    ask_for: Callable[[Signature], bool],
    at_most: int,
) -> None:
    """Ask for up to `at_most` new pieces of work; `waiting(skip)` gives the next signatures.

    `ask_for` says whether it was new: those that were asked for already take nobody's place.
    """
    asked = skip = 0
    while asked < at_most and (some := waiting(skip)):
        skip += len(some)
        asked += sum(map(ask_for, some))
