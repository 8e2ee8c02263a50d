"""Where the revocation of certificates is known, as a port beside those of `workflow.ports`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from workflow.domain.refusals import Refusal
from workflow.domain.regulations import SignatureFormat
from workflow.ports import CrlFacts, TrustView


class SourceKind(StrEnum):
    """What an address in a certificate gives: a revocation list, or an answer about that one."""

    LIST = "list"
    ANSWER = "answer"


@dataclass(frozen=True)
class StatusSource:
    """An address, from a certificate whose chain is trusted, at which its revocation is known.

    `certificate` and its `issuer` are DER.
    """

    kind: SourceKind
    address: str
    certificate: bytes
    issuer: bytes


@dataclass(frozen=True)
class AnswerFacts:
    """What an OCSP answer says of itself; `serial` is the certificate's number (hexadecimal).

    `unknown`: the responder does not know the certificate, or does not yet.
    """

    serial: str
    der: bytes
    this_update: datetime
    next_update: datetime | None
    unknown: bool = False


class StatusSources(Protocol):
    """Lists and answers from the addresses in certificates. Never raises for what comes back."""

    def named_by(
        self,
        signature: bytes,
        signature_format: SignatureFormat,
        trust: TrustView,
        at: datetime,
    ) -> tuple[StatusSource, ...]:
        """The addresses in the chains of a signature's certificates, as they are trusted `at`.

        A certificate that leads to no anchor has none: nobody else's address is asked.
        """
        ...

    def ask(
        self, source: StatusSource, trust: TrustView, now: datetime
    ) -> CrlFacts | AnswerFacts | Refusal:
        """Ask the address, bounded in time, size and place, and take only what fits.

        A list or answer that is not the issuer's word on the certificate is a Refusal.
        """
        ...
