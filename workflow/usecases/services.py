"""What a use case works with; put together once by the entrance."""

from __future__ import annotations

from dataclasses import dataclass

from workflow.evidence_records import EvidenceEngine
from workflow.file_checks import FileChecks
from workflow.held_keys import KeyHolder
from workflow.ports import (
    Assembler,
    Blobs,
    Calendars,
    Clock,
    Converter,
    Mail,
    NewId,
    Packs,
    Passwords,
    SecondFactor,
    Secrets,
    SignatureEngine,
    SimpleSeals,
    VisualCopies,
)
from workflow.status_sources import StatusSources
from workflow.store.unit_of_work import UnitOfWork
from workflow.timestamping import Stamps, TimestampAuthority
from workflow.token_keys import TokenKeys


@dataclass(frozen=True)
class Services:
    """The engines behind their ports.

    `base_url` is the address under which people reach this installation (QR codes, links).
    `mail` is None where no mail server is set: then nobody is written to. `status_sources` is None
    where revocation lists are imported by hand only, `timestamps` where no authority is set up,
    `token_keys` where the server has no tokens.
    """

    uow: UnitOfWork
    blobs: Blobs
    packs: Packs
    calendars: Calendars
    assembler: Assembler
    converter: Converter
    signatures: SignatureEngine
    key_holder: KeyHolder
    simple_seals: SimpleSeals
    file_checks: FileChecks
    evidence: EvidenceEngine
    visual_copies: VisualCopies
    stamps: Stamps
    secrets: Secrets
    passwords: Passwords
    second_factor: SecondFactor
    clock: Clock
    new_id: NewId
    base_url: str
    mail: Mail | None = None
    status_sources: StatusSources | None = None
    timestamps: TimestampAuthority | None = None
    token_keys: TokenKeys | None = None
