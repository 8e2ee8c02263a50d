"""One transaction, everything in it or nothing.

    with uow() as tx:                              # a write transaction
        tx.lock(Lock.CASE, cases, [case_id])       # first the case …
        tx.lock(Lock.REGISTER, registers, [register_id])
        document = tx.documents.load(document_id)
        tx.documents.save(fixed, document)
        tx.outbox.add("convert", {"document": str(document_id)})
        tx.audit.add(organisation_id, "document.fixed", {"document": str(document_id)})
        tx.commit()                                # … the audit chain's head is locked in here

    with uow.reading() as snapshot:                # one unchanging view, cannot write
        document = snapshot.documents.load(document_id)

Leaving the block without `commit()` rolls everything back; after it the transaction is closed.
Nothing slow happens between `with` and `commit()`: no conversion, no signature, no network.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import IntEnum
from functools import cached_property
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection, Engine, Table

from workflow.ports import Clock, NewId
from workflow.store.audit import AuditTrail
from workflow.store.engine import busy_as_error, reading, writing
from workflow.store.errors import LockOrderError, MissingRowError
from workflow.store.outbox import Outbox
from workflow.store.repositories.accounts import Accounts, PersonKeys, Sessions
from workflow.store.repositories.accredited_lists import AccreditedLists
from workflow.store.repositories.bulk_signing import BulkItems, Bulks, HeldKeys
from workflow.store.repositories.cases import Cases
from workflow.store.repositories.documents import Documents
from workflow.store.repositories.evidence_records import EvidenceRecords
from workflow.store.repositories.identity_changes import IdentityChanges
from workflow.store.repositories.installation import CalendarOverrides, Installations, PackVersions
from workflow.store.repositories.known_seals import KnownSeals
from workflow.store.repositories.mandates import Mandates
from workflow.store.repositories.obligations import Obligations
from workflow.store.repositories.organisations import Organisations
from workflow.store.repositories.pairs import Meetings, Pairs
from workflow.store.repositories.paperwork import EmployeeAnswers, PaperRegimes
from workflow.store.repositories.people import Absences, Employments, People
from workflow.store.repositories.powers import (
    CodeMeanings,
    PowerAnswers,
    PowerReadings,
    Powers,
)
from workflow.store.repositories.registers import Entries, Registers
from workflow.store.repositories.reminders import Reminders
from workflow.store.repositories.revocation import OcspAnswers, RevocationSources
from workflow.store.repositories.signatures import Attempts, PdfLeases, Signatures
from workflow.store.repositories.simple_agreements import SimpleAgreements
from workflow.store.repositories.staff_cards import StaffCards
from workflow.store.repositories.staff_imports import StaffImports
from workflow.store.repositories.submissions import Submissions
from workflow.store.repositories.trust import Crls, PublicChecks, TrustAnchors, VisualCopies


class Lock(IntEnum):
    """What is locked, in the only order in which it may be (so that nobody waits in a ring)."""

    BULK = 0
    CASE = 1
    REGISTER = 2
    AUDIT_HEAD = 3


class Repositories:
    """What hangs on a transaction and on a snapshot alike.

    A repository is added here as a cached property over its class:

        @cached_property
        def documents(self) -> Documents:
            return Documents(self.connection)
    """

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    @cached_property
    def organisations(self) -> Organisations:
        return Organisations(self.connection)

    @cached_property
    def people(self) -> People:
        return People(self.connection)

    @cached_property
    def employments(self) -> Employments:
        return Employments(self.connection)

    @cached_property
    def staff_cards(self) -> StaffCards:
        return StaffCards(self.connection)

    @cached_property
    def absences(self) -> Absences:
        return Absences(self.connection)

    @cached_property
    def identity_changes(self) -> IdentityChanges:
        return IdentityChanges(self.connection)

    @cached_property
    def staff_imports(self) -> StaffImports:
        return StaffImports(self.connection)

    @cached_property
    def paper_regimes(self) -> PaperRegimes:
        return PaperRegimes(self.connection)

    @cached_property
    def employee_answers(self) -> EmployeeAnswers:
        return EmployeeAnswers(self.connection)

    @cached_property
    def mandates(self) -> Mandates:
        return Mandates(self.connection)

    @cached_property
    def accounts(self) -> Accounts:
        return Accounts(self.connection)

    @cached_property
    def sessions(self) -> Sessions:
        return Sessions(self.connection)

    @cached_property
    def person_keys(self) -> PersonKeys:
        return PersonKeys(self.connection)

    @cached_property
    def bulks(self) -> Bulks:
        return Bulks(self.connection)

    @cached_property
    def bulk_items(self) -> BulkItems:
        return BulkItems(self.connection)

    @cached_property
    def held_keys(self) -> HeldKeys:
        return HeldKeys(self.connection)

    @cached_property
    def known_seals(self) -> KnownSeals:
        return KnownSeals(self.connection)

    @cached_property
    def powers(self) -> Powers:
        return Powers(self.connection)

    @cached_property
    def power_answers(self) -> PowerAnswers:
        return PowerAnswers(self.connection)

    @cached_property
    def power_readings(self) -> PowerReadings:
        return PowerReadings(self.connection)

    @cached_property
    def code_meanings(self) -> CodeMeanings:
        return CodeMeanings(self.connection)

    @cached_property
    def cases(self) -> Cases:
        return Cases(self.connection)

    @cached_property
    def pairs(self) -> Pairs:
        return Pairs(self.connection)

    @cached_property
    def meetings(self) -> Meetings:
        return Meetings(self.connection)

    @cached_property
    def documents(self) -> Documents:
        return Documents(self.connection)

    @cached_property
    def registers(self) -> Registers:
        return Registers(self.connection)

    @cached_property
    def entries(self) -> Entries:
        return Entries(self.connection)

    @cached_property
    def obligations(self) -> Obligations:
        return Obligations(self.connection)

    @cached_property
    def reminders(self) -> Reminders:
        return Reminders(self.connection)

    @cached_property
    def submissions(self) -> Submissions:
        return Submissions(self.connection)

    @cached_property
    def signatures(self) -> Signatures:
        return Signatures(self.connection)

    @cached_property
    def attempts(self) -> Attempts:
        return Attempts(self.connection)

    @cached_property
    def pdf_leases(self) -> PdfLeases:
        return PdfLeases(self.connection)

    @cached_property
    def simple_agreements(self) -> SimpleAgreements:
        return SimpleAgreements(self.connection)

    @cached_property
    def trust_anchors(self) -> TrustAnchors:
        return TrustAnchors(self.connection)

    @cached_property
    def accredited_lists(self) -> AccreditedLists:
        return AccreditedLists(self.connection)

    @cached_property
    def crls(self) -> Crls:
        return Crls(self.connection)

    @cached_property
    def ocsp_answers(self) -> OcspAnswers:
        return OcspAnswers(self.connection)

    @cached_property
    def revocation_sources(self) -> RevocationSources:
        return RevocationSources(self.connection)

    @cached_property
    def evidence_records(self) -> EvidenceRecords:
        return EvidenceRecords(self.connection)

    @cached_property
    def public_checks(self) -> PublicChecks:
        return PublicChecks(self.connection)

    @cached_property
    def visual_copies(self) -> VisualCopies:
        return VisualCopies(self.connection)

    @cached_property
    def installations(self) -> Installations:
        return Installations(self.connection)

    @cached_property
    def calendar_overrides(self) -> CalendarOverrides:
        return CalendarOverrides(self.connection)

    @cached_property
    def pack_versions(self) -> PackVersions:
        return PackVersions(self.connection)


class Snapshot(Repositories):
    """A read-only view of one moment."""


class Transaction(Repositories):
    """A write transaction; see the module's text."""

    def __init__(self, connection: Connection, clock: Clock, new_id: NewId, key: bytes) -> None:
        super().__init__(connection)
        self.clock = clock
        self.new_id = new_id
        self.outbox = Outbox(connection, clock, new_id)
        self.audit = AuditTrail(connection, clock, key, before_lock=self._reach_audit_head)
        self._held: tuple[Lock, UUID] | None = None

    def lock(self, rank: Lock, table: Table, ids: Iterable[UUID]) -> None:
        """Take `SELECT … FOR UPDATE` on the rows `ids` of `table`.

        Ranks and, inside a rank, ids ascend over the whole transaction: LockOrderError otherwise.
        Raises MissingRowError when a row is not there, BusyError when it is not free in time.
        """
        wanted = sorted(set(ids))
        for row_id in wanted:
            if self._held is not None and (rank, row_id) < self._held:
                raise LockOrderError(f"{rank.name} {row_id} is locked after {self._held[0].name}")
            self._held = (rank, row_id)
            found = self.connection.execute(
                sa.select(table.c.id).where(table.c.id == row_id).with_for_update()
            ).one_or_none()
            if found is None:
                raise MissingRowError(f"there is no row {row_id} in {table.name}")

    def commit(self) -> None:
        """Write the audit events, make everything durable and close the transaction."""
        self.audit.write()
        self.connection.commit()
        self.connection.close()

    def _reach_audit_head(self, chain: UUID) -> None:
        if self._held is not None and (Lock.AUDIT_HEAD, chain) < self._held:
            raise LockOrderError(f"audit chain {chain} is locked after {self._held[1]}")
        self._held = (Lock.AUDIT_HEAD, chain)


@dataclass(frozen=True)
class UnitOfWork:
    """Begins transactions. `audit_key` is the HMAC key of the audit trail (32 bytes)."""

    engine: Engine
    clock: Clock
    new_id: NewId
    audit_key: bytes = field(repr=False)

    @contextmanager
    def __call__(self) -> Iterator[Transaction]:
        """Begin a write transaction; raise BusyError when the database is not free in time."""
        with busy_as_error(), writing(self.engine) as connection:
            connection.begin()
            yield Transaction(connection, self.clock, self.new_id, self.audit_key)

    @contextmanager
    def reading(self) -> Iterator[Snapshot]:
        """Begin a read-only transaction over one unchanging view."""
        with busy_as_error(), reading(self.engine) as connection:
            connection.begin()
            yield Snapshot(connection)
