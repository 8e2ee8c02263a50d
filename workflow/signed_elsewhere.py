"""What is said to a signer whose key is on the own computer: its certificates, its digests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from workflow.domain.refusals import Refusal


@dataclass(frozen=True)
class OfferedCertificate:
    """A certificate on the signer's own computer; `reason` says why it does not do for them."""

    sha256: str
    owner: str
    organisation: str
    issuer: str
    serial: str
    valid_from: datetime
    valid_until: datetime
    reason: Refusal | None = None


@dataclass(frozen=True)
class Digests:
    """What the key of a certificate signs: the digest's name (`streebog256`, `sha256`, …).

    `values` are hexadecimal, in the order of the files.
    """

    name: str
    values: tuple[str, ...]
