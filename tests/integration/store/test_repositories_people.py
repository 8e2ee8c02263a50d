"""Organisations, people, posts, mandates, accounts, cases."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from tests import factories
from tests.factories import MORNING, Town
from workflow.domain.accounts import Session
from workflow.domain.organisations import OrganisationName
from workflow.domain.regulations import Role
from workflow.store.errors import MissingRowError, StaleError
from workflow.store.repositories.base import HistoryError
from workflow.store.tables.accounts import accounts
from workflow.store.unit_of_work import UnitOfWork

# --- Organisations -------------------------------------------------------------------------


def test_an_organisation_comes_back_with_names_requisites_and_visas(uow: UnitOfWork) -> None:
    made = factories.organisation(
        visa_roles=("deputy", "union"), week=6, closed_on=date(2025, 6, 30), time_zone="Asia/Omsk"
    )
    with uow() as tx:
        saved = tx.organisations.save(made)
        tx.commit()
    with uow.reading() as snapshot:
        assert snapshot.organisations.load(made.id) == saved == replace(made, version=1)


def test_a_new_name_joins_the_old_ones(uow: UnitOfWork, town: Town) -> None:
    renamed = OrganisationName("Гимназия", "МБОУ «Гимназия»", date(2025, 2, 1))
    with uow() as tx:
        names = (*town.school.names, renamed)
        tx.organisations.save(replace(town.school, names=names), town.school)
        tx.commit()
    with uow.reading() as snapshot:
        found = snapshot.organisations.load(town.school.id)
    assert found.name_on(date(2025, 1, 31)) == town.school.names[0]
    assert found.name_on(date(2025, 2, 1)) == renamed


def test_the_second_of_two_who_change_an_organisation_is_told(uow: UnitOfWork, town: Town) -> None:
    with uow() as tx:
        tx.organisations.save(replace(town.school, week=6), town.school)
        with pytest.raises(StaleError):
            tx.organisations.save(replace(town.school, region=""), town.school)


def test_an_office_finds_who_reports_to_it_and_a_founder_what_it_founded(
    uow: UnitOfWork, town: Town
) -> None:
    with uow.reading() as snapshot:
        assert snapshot.organisations.reporting_to(town.office.id) == [town.school]
        assert snapshot.organisations.founded_by(town.office.id) == [town.school]
        assert snapshot.organisations.reporting_to(town.school.id) == []
        assert snapshot.organisations.page().items == (town.school, town.office)


# --- People, posts, mandates ---------------------------------------------------------------


def test_a_person_is_found_without_regard_to_case_and_yo(uow: UnitOfWork) -> None:
    with uow() as tx:
        person = tx.people.save(factories.person("Королёва", "Алёна"))
        tx.commit()
    with uow.reading() as snapshot:
        assert snapshot.people.named("королева алена  ИГОРЕВНА") == [person]
        assert snapshot.people.named("Королева") == []


def test_people_and_posts_of_an_organisation_are_those_of_the_day(
    uow: UnitOfWork, town: Town
) -> None:
    left = town.mentor.employment
    with uow() as tx:
        tx.employments.save(replace(left, until=date(2025, 1, 31)), left)
        tx.commit()
    with uow.reading() as snapshot:
        posts, people = snapshot.employments.of_organisation, snapshot.people.of_organisation
        last_day, next_day = date(2025, 1, 31), date(2025, 2, 1)
        assert left.id in [e.id for e in posts(town.school.id, last_day)]
        assert left.id not in [e.id for e in posts(town.school.id, next_day)]
        assert left.id in [e.id for e in posts(town.school.id)]
        assert town.mentor.person in people(town.school.id, last_day)
        assert town.mentor.person not in people(town.school.id, next_day)


def test_a_person_has_posts_in_several_organisations(uow: UnitOfWork, town: Town) -> None:
    with uow() as tx:
        second = tx.employments.save(
            factories.employment(town.mentor.person, town.office, since=date(2024, 1, 9))
        )
        tx.commit()
    with uow.reading() as snapshot:
        both = [town.mentor.employment, second]
        assert snapshot.employments.of_person(town.mentor.person.id) == both
        assert snapshot.employments.of_people([town.mentor.person.id]) == both


def test_mandates_are_found_by_person_and_organisation(uow: UnitOfWork, town: Town) -> None:
    with uow.reading() as snapshot:
        mandates = snapshot.mandates
        assert mandates.of_person(town.head.person.id) == [town.head.mandate]
        assert mandates.of_organisation(town.office.id) == [town.officer.mandate]
        in_both = mandates.of_organisations([town.school.id, town.office.id])
        assert {m.role for m in in_both} == {
            Role.HEAD, Role.DEPUTY, Role.CURATOR, Role.CLERK, Role.EMPLOYEE, Role.OFFICER,
        }  # fmt: skip
        assert mandates.load(town.head.mandate.id) == town.head.mandate


def test_a_mandate_that_is_not_there_is_said(uow: UnitOfWork) -> None:
    with uow.reading() as snapshot, pytest.raises(MissingRowError):
        snapshot.mandates.load(factories.new_id())


def test_a_mandate_ends_or_is_withdrawn_but_not_rewritten(uow: UnitOfWork, town: Town) -> None:
    held = town.head.mandate
    with uow() as tx:
        ended = tx.mandates.save(replace(held, until=date(2025, 1, 31)), held)
        withdrawn = tx.mandates.save(replace(ended, withdrawn_at=MORNING), ended)
        with pytest.raises(HistoryError):
            tx.mandates.save(replace(withdrawn, since=date(2020, 1, 1)), withdrawn)
        tx.commit()
    with uow.reading() as snapshot:
        assert snapshot.mandates.load(held.id) == withdrawn


def test_the_second_of_two_who_end_a_mandate_is_told(uow: UnitOfWork, town: Town) -> None:
    held = town.head.mandate
    with uow() as tx:
        tx.mandates.save(replace(held, until=date(2025, 1, 31)), held)
        with pytest.raises(StaleError):
            tx.mandates.save(replace(held, withdrawn_at=MORNING), held)


def test_cases_are_found_by_organisation_kind_year_and_whether_open(
    uow: UnitOfWork, town: Town
) -> None:
    with uow() as tx:
        old = factories.case(town, school_year="2023/2024", closed_at=MORNING)
        old, current, pair = (
            tx.cases.save(case)
            for case in (old, factories.case(town), factories.case(town, kind="assignment"))
        )
        tx.commit()
    with uow.reading() as snapshot:
        find = snapshot.cases.of_organisation
        assert find(town.school.id).items == (pair, current, old)
        assert find(town.school.id, kind="programme", only_open=True).items == (current,)
        assert find(town.school.id, school_year="2023/2024").items == (old,)
        assert find(town.office.id).items == ()


# --- Accounts ------------------------------------------------------------------------------


def test_an_account_comes_back_with_its_secrets_as_bytes(uow: UnitOfWork, town: Town) -> None:
    made = factories.account(
        town.head.person,
        totp_secret=b"\x00\xffsealed",
        totp_step=57_000_000_000,
        operator=True,
        locked_until=MORNING,
    )
    with uow() as tx:
        saved = tx.accounts.save(made)
        tx.commit()
    with uow.reading() as snapshot:
        assert snapshot.accounts.load(made.id) == saved
        assert snapshot.accounts.find("BELOVA") == saved
        assert snapshot.accounts.find("belov") is None
        assert snapshot.accounts.of_person(town.head.person.id) == [saved]
    assert "argon2" not in repr(saved)
    assert "sealed" not in repr(saved)


def test_a_login_is_given_once_in_any_letter_case(uow: UnitOfWork, town: Town) -> None:
    with uow() as tx:
        tx.accounts.save(factories.account(town.head.person, "belova"))
        with pytest.raises(sa.exc.IntegrityError, match=r"folded_login"):
            tx.accounts.save(factories.account(town.clerk.person, "Belova"))


def test_only_what_differs_is_written(uow: UnitOfWork, town: Town) -> None:
    """A failed attempt that is counted beside must not undo what the statement does not name."""
    with uow() as tx:
        saved = tx.accounts.save(factories.account(town.head.person))
        tx.connection.execute(
            sa.update(accounts).where(accounts.c.id == saved.id).values(failed_attempts=4)
        )
        tx.accounts.save(replace(saved, credentials=2), saved)
        found = tx.accounts.load(saved.id)
    assert (found.failed_attempts, found.credentials, found.version) == (4, 2, 2)


def test_a_session_ends_on_the_server(uow: UnitOfWork, town: Town) -> None:
    later = MORNING + timedelta(hours=1)
    with uow() as tx:
        account = tx.accounts.save(factories.account(town.head.person))
        sessions = [Session(factories.digest(name), account.id, MORNING) for name in "abc"]
        for session in sessions:
            tx.sessions.add(session)
        assert tx.sessions.end(sessions[0].token_digest, later)
        assert not tx.sessions.end(sessions[0].token_digest, later)
        assert tx.sessions.find(sessions[1].token_digest) == sessions[1]
        assert tx.sessions.end_all(account.id, later) == 2
        assert tx.sessions.find(sessions[1].token_digest) == replace(sessions[1], ended_at=later)
        assert tx.sessions.remove_opened_before(later) == 3
        assert tx.sessions.find(sessions[1].token_digest) is None


def test_a_removed_key_is_offered_no_more(uow: UnitOfWork, town: Town) -> None:
    with uow() as tx:
        old = tx.person_keys.save(factories.person_key(town.head.person))
        new = tx.person_keys.save(factories.person_key(town.head.person, kind=None))
        assert tx.person_keys.of_person(town.head.person.id) == [new, old]
        removed_at = datetime(2025, 2, 1, tzinfo=UTC)
        removed = tx.person_keys.save(replace(old, removed_at=removed_at), old)
        assert tx.person_keys.of_person(town.head.person.id) == [new]
        assert tx.person_keys.load(old.id) == removed
        tx.commit()
