"""No finder reads a whole table: what is quick with ten documents is quick with a million."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from tests import factories
from tests.databases import SqliteDatabases
from tests.factories import MORNING, TODAY
from workflow.domain.evidence_records import RecordState
from workflow.domain.obligations import ObligationState
from workflow.domain.registers import Entry
from workflow.domain.regulations import Role
from workflow.domain.routes import DocumentState
from workflow.domain.submissions import SubmissionState
from workflow.store.engine import reading
from workflow.store.errors import MissingRowError
from workflow.store.repositories.registers import Wanted
from workflow.store.tables import metadata
from workflow.store.unit_of_work import Repositories

ID = factories.new_id()
ENTRY: Entry = factories.entry(factories.register(factories.town()))

FINDERS: dict[str, Callable[[Repositories], Any]] = {
    "organisations.load": lambda r: r.organisations.load_many([ID]),
    "organisations.reporting_to": lambda r: r.organisations.reporting_to(ID),
    "organisations.founded_by": lambda r: r.organisations.founded_by(ID),
    "people.named": lambda r: r.people.named("Белова Яна"),
    "people.of_organisation": lambda r: r.people.of_organisation(ID, TODAY),
    "employments.of_person": lambda r: r.employments.of_person(ID),
    "employments.of_people": lambda r: r.employments.of_people([ID, ID]),
    "employments.of_organisation": lambda r: r.employments.of_organisation(ID, TODAY),
    "employments.not_left": lambda r: r.employments.not_left(ID, TODAY, "ив", limit=9),
    "employments.count_not_left": lambda r: r.employments.count_not_left(ID, TODAY, "ив"),
    "employments.left_with_account": lambda r: r.employments.left_with_account(
        TODAY, TODAY, limit=9
    ),
    "people.with_snils": lambda r: r.people.with_snils(["11223344595"]),
    "absences.of_employments": lambda r: r.absences.of_employments([ID]),
    "identity_changes.of_person": lambda r: r.identity_changes.of_person(ID),
    "identity_changes.pending": lambda r: r.identity_changes.pending([ID]),
    "staff_imports.undecided": lambda r: r.staff_imports.undecided(ID),
    "staff_cards.of_many": lambda r: r.staff_cards.of_many([ID, ID]),
    "mandates.of_person": lambda r: r.mandates.of_person(ID),
    "mandates.of_organisations": lambda r: r.mandates.of_organisations([ID]),
    "accounts.find": lambda r: r.accounts.find("belova"),
    "accounts.of_person": lambda r: r.accounts.of_person(ID),
    "sessions.find": lambda r: r.sessions.find("0" * 64),
    "person_keys.of_person": lambda r: r.person_keys.of_person(ID),
    "cases.of_organisation": lambda r: r.cases.of_organisation(ID, only_open=True),
    "documents.of_case": lambda r: r.documents.of_case(ID),
    "documents.of_organisation": lambda r: r.documents.of_organisation(
        ID, type_code="D02", states=[DocumentState.DRAFT], before=ID
    ),
    "documents.approved_by": lambda r: r.documents.approved_by(ID),
    "documents.to_sign_dated_before": lambda r: r.documents.to_sign_dated_before(TODAY),
    "documents.case_ids": lambda r: r.documents.case_ids(ID),
    "documents.types_in_force": lambda r: r.documents.types_in_force([ID], ["D02"]),
    "documents.in_force_by_type": lambda r: r.documents.in_force_by_type(ID, 2025),
    "documents.newest_in_force": lambda r: r.documents.newest_in_force([ID], ["D02"]),
    "documents.newest_in_force_for": lambda r: r.documents.newest_in_force_for(ID, ["D02"]),
    "documents.states_of": lambda r: r.documents.states_of([ID]),
    "documents.headings_of": lambda r: r.documents.headings_of([ID]),
    "documents.headings_of_cases": lambda r: r.documents.headings_of_cases([ID]),
    "documents.revised_at": lambda r: r.documents.revised_at([ID]),
    "documents.in_force_of": lambda r: r.documents.in_force_of([ID], ["D04"]),
    "documents.open_steps_of": lambda r: r.documents.open_steps_of([ID]),
    "documents.waiting_for": lambda r: r.documents.waiting_for([ID], [(ID, Role.CLERK)]),
    "registers.find": lambda r: r.registers.find(ID, "orders"),
    "registers.of_organisation": lambda r: r.registers.of_organisation(ID),
    "entries.of_register": lambda r: r.entries.of_register(ID, year=2025, before=ID),
    "entries.search": lambda r: r.entries.search(ID, Wanted(2025, "приказ")),
    "entries.count": lambda r: r.entries.count(ID, Wanted()),
    "entries.years": lambda r: r.entries.years(ID),
    "entries.of_document": lambda r: r.entries.of_document(ID),
    "entries.number_taken": lambda r: r.entries.number_taken(ID, "12-о/д", 2025),
    "entries.later_registered": lambda r: r.entries.later_registered(ENTRY),
    "entries.states_in": lambda r: r.entries.states_in([ID], 2025),
    "entries.latest_day": lambda r: r.entries.latest_day(ID, 2025),
    "entries.makers_of": lambda r: r.entries.makers_of([replace(ENTRY, document_id=ID)]),
    "obligations.of_debtor": lambda r: r.obligations.of_debtor(ID, states=[ObligationState.OPEN]),
    "obligations.of_creditor": lambda r: r.obligations.of_creditor(ID),
    "obligations.of_source": lambda r: r.obligations.of_source(ID, "roadmap"),
    "obligations.of_case": lambda r: r.obligations.of_case(ID),
    "obligations.open_for": lambda r: r.obligations.open_for(ID, "D04"),
    "obligations.ending_between": lambda r: r.obligations.ending_between(TODAY, TODAY, after=ID),
    "obligations.met_by": lambda r: r.obligations.met_by([ID]),
    "reminders.of_obligations": lambda r: r.reminders.of_obligations([ID]),
    "reminders.of_person": lambda r: r.reminders.of_person(ID, TODAY),
    "submissions.of_receiver": lambda r: r.submissions.of_receiver(
        ID, states=[SubmissionState.ARRIVED]
    ),
    "submissions.of_sender": lambda r: r.submissions.of_sender(ID),
    "submissions.of_document": lambda r: r.submissions.of_document(ID),
    "signatures.of_document": lambda r: r.signatures.of_document(ID),
    "signatures.received": lambda r: r.signatures.received(),
    "signatures.awaiting_second_look": lambda r: r.signatures.awaiting_second_look(MORNING),
    "evidence_records.exists": lambda r: r.evidence_records.exists("night:1"),
    "evidence_records.signatures_without": lambda r: r.evidence_records.signatures_without(ID),
    "evidence_records.acknowledgements_without": lambda r: (
        r.evidence_records.acknowledgements_without(ID)
    ),
    "evidence_records.audit_number": lambda r: r.evidence_records.audit_number(ID),
    "evidence_records.count_without": lambda r: r.evidence_records.count_without(MORNING, MORNING),
    "evidence_records.covering": lambda r: r.evidence_records.covering([ID]),
    "evidence_records.leaves": lambda r: r.evidence_records.leaves(ID),
    "evidence_records.items": lambda r: r.evidence_records.items(ID),
    "evidence_records.renewal_of": lambda r: r.evidence_records.renewal_of(ID),
    "evidence_records.audit_items": lambda r: r.evidence_records.audit_items(ID),
    "evidence_records.to_look_after": lambda r: r.evidence_records.to_look_after(MORNING, ["md5"]),
    "evidence_records.in_state": lambda r: r.evidence_records.in_state(RecordState.CURRENT),
    "evidence_records.item_counts": lambda r: r.evidence_records.item_counts([ID]),
    "trust_anchors.trusted_by": lambda r: r.trust_anchors.trusted_by(ID),
    "crls.first_after": lambda r: r.crls.first_after("0" * 64, MORNING),
    "ocsp_answers.to_judge_by": lambda r: r.ocsp_answers.to_judge_by("0F"),
    "revocation_sources.by_keys": lambda r: r.revocation_sources.by_keys(["0" * 64]),
    "revocation_sources.awaited": lambda r: r.revocation_sources.awaited(["0" * 64]),
    "revocation_sources.await_at": lambda r: r.revocation_sources.await_at({ID: ()}),
    "public_checks.find": lambda r: r.public_checks.find("token"),
    "public_checks.of_fixing": lambda r: r.public_checks.of_fixing(ID, 1),
    "visual_copies.newest": lambda r: r.visual_copies.newest(ID, 1),
    "calendar_overrides.of_region": lambda r: r.calendar_overrides.of_region("RU-TA"),
    "calendar_overrides.of_organisation": lambda r: r.calendar_overrides.of_organisation(ID),
    "pack_versions.find": lambda r: r.pack_versions.find("tetyushi", "0" * 64),
}


@pytest.mark.parametrize("finder", FINDERS)
def test_a_finder_reads_through_indexes(
    sqlite_databases: SqliteDatabases, tmp_path: Path, finder: str
) -> None:
    with sqlite_databases.fresh(tmp_path) as database, reading(database.engine) as connection:
        asked: list[tuple[str, Any]] = []
        sa.event.listen(connection, "before_cursor_execute", lambda *a: asked.append((a[2], a[3])))
        with suppress(MissingRowError):
            FINDERS[finder](Repositories(connection))
        queries = [one for one in asked if one[0].startswith("SELECT")]
        plans = [_plan(connection, *query) for query in queries]
    assert plans
    assert [line for plan in plans for line in plan if _reads_all(line)] == []


def _reads_all(step: str) -> bool:
    return step.startswith("SCAN") and step != "SCAN CONSTANT ROW"


def _plan(connection: sa.Connection, statement: str, parameters: Any) -> list[str]:
    rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
    return [row.detail for row in rows]


def test_every_foreign_key_leads_an_index() -> None:
    without = [
        f"{table.name}.{key.parent.name}"
        for table in metadata.sorted_tables
        for key in table.foreign_keys
        if key.parent.name not in _leading_columns(table)
    ]
    assert without == []


def _leading_columns(table: sa.Table) -> set[str]:
    """The columns by which rows of the table are found: the first of each key or index."""
    unique = [c for c in table.constraints if isinstance(c, sa.UniqueConstraint)]
    keys = [table.primary_key.columns, *(c.columns for c in unique)]
    keys += [index.columns for index in table.indexes]
    return {next(iter(columns)).name for columns in keys}
