"""The port through which it is found out who has signed a revocation list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from workflow.domain.regulations import SignatureFormat

if TYPE_CHECKING:
    from workflow.ports import TrustView


@dataclass(frozen=True)
class CrlFacts:
    """What a revocation list says of itself.

    `issuer` is the SHA-256 (hex) of the issuer's name and of its key: of the key that the list
    was verified with, or, where nothing was verified, of the identifier that the list names.
    `issuer_name` is that name for people, `der` the list as DER.
    """

    issuer: str
    issuer_name: str
    der: bytes
    this_update: datetime
    next_update: datetime | None


@dataclass(frozen=True)
class StoredSignature:
    """A stored `.sig` (CAdES) or signed PDF (PAdES), in which authorities' certificates stand."""

    signature: bytes = field(repr=False)
    format: SignatureFormat


class FindsIssuers(Protocol):
    """What `workflow.ports.SignatureEngine` can say of revocation lists."""

    def list_of_known(
        self, crl: bytes, trust: TrustView, stored: Sequence[StoredSignature], now: datetime
    ) -> CrlFacts | None:
        """Read a list that a certificate known here has signed; None when none has.

        Known are the anchors, the accredited authorities, and the authorities in the trusted
        chains of the `stored` signatures. `CrlFacts.issuer` then stands for the issuer's key.
        """
        ...
