"""Which sealed statements this installation has made, also under sealing keys it has no more.

The certificate follows from the key beside the database. Its fingerprint is kept with the first
statement that it seals, so that a statement does not become a stranger's when the key is replaced.
A former key may be in other hands by then: what is sealed with it is ours only as long as the very
bytes lie here as an accepted signature or acknowledgement.
"""

from __future__ import annotations

import hashlib

from workflow.domain.documents import Document
from workflow.ports import OpenedSeal
from workflow.store.unit_of_work import Repositories, Transaction
from workflow.usecases.services import Services


def remember_seal(tx: Transaction, services: Services, training: bool) -> None:
    """Keep the fingerprint of the certificate that seals now."""
    fingerprint = services.simple_seals.fingerprint(training)
    tx.known_seals.remember(fingerprint, training, services.clock())


def is_ours(
    tx: Repositories, opened: OpenedSeal, sealed: bytes, document: Document | None = None
) -> bool:
    """Whether this installation has made the statement `sealed`.

    `document` is the one whose acknowledgements are looked through, too. Everything else is a
    stranger's: a certificate that was never used here, bytes that nobody handed in here.
    """
    if opened.own:
        return True
    if not tx.known_seals.knows(opened.fingerprint, opened.statement.training):
        return False
    digest = hashlib.sha256(sealed).hexdigest()
    acknowledged = document is not None and any(m.evidence == digest for m in document.marks)
    return acknowledged or tx.signatures.is_accepted_statement(digest)
