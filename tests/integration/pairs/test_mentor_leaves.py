"""The mentor resigns, the head cancels, the mentee petitions (ТК РФ, ст. 351.8; п. 5.1–5.4)."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from marshrut.demonstration.town import done
from tests.integration.pairs.deeds import (
    SCHOOL,
    begun,
    consented,
    experienced,
    life,
    on_day,
    order_agreed,
    order_begun,
    order_in_force,
    owed,
    paper,
    proposed,
    refused,
    requested,
    signed_paper,
)
from tests.integration.security.own_authority import OwnAuthority, handed_in
from tests.integration.workflow.acts import fixed, load, seen, state
from tests.told_once import told_once
from tests.world import World
from workflow.domain.documents import Document
from workflow.domain.obligations import ObligationState, state_of
from workflow.domain.pairs import PairStatus
from workflow.domain.regulations import SignatureKind
from workflow.domain.routes import DocumentState
from workflow.domain.signatures import SignatureStatus
from workflow.usecases.fix import fix
from workflow.usecases.pairs.orders import start_order
from workflow.usecases.prepare import save_facts, start_document, submit
from workflow.usecases.resolve import resolve
from workflow.usecases.sign_simply import begin_simple_signing

MONDAY, FRIDAY = date(2026, 5, 25), date(2026, 5, 29)
RIGHT = "ТК РФ, ст. 351.8"


@pytest.fixture
@told_once
def office(kedrovsk: World) -> World:
    experienced(kedrovsk, "zotova", in_field=18)
    experienced(kedrovsk, "komarov", in_field=12)
    experienced(kedrovsk, "golubeva", pedagogical=1)
    return kedrovsk


@pytest.fixture
@told_once
def led(office: World) -> UUID:
    """Zotova leads Golubeva since 18 May; it is Monday a week later."""
    case_id = begun(office, "zotova", "golubeva")
    on_day(office, MONDAY)
    return case_id


def status(world: World, case_id: UUID) -> PairStatus:
    return life(world, case_id).status


# --- The mentor lays the duties down --------------------------------------------------------


def test_the_statement_alone_frees_the_mentor_and_the_plan_is_owed_no_longer(
    office: World, led: UUID
) -> None:
    statement = signed_paper(office, led, "D21", "zotova")
    assert statement.facts["effective"] == FRIDAY  # three full working days: 26, 27, 28 May
    assert not statement.facts.get("reason")
    assert state(office, statement.id) is DocumentState.IN_FORCE
    assert status(office, led) is PairStatus.RUNNING
    on_day(office, FRIDAY)
    assert status(office, led) is PairStatus.WAITING_FOR_MENTOR
    assert life(office, led).spells[0].until == date(2026, 5, 28)
    for paper_and_step in (("D27", "sign"), ("D16", "sign_mentor"), ("D16", "sign_curator")):
        unneeded = owed(office, led)[paper_and_step]
        assert state_of(unneeded) is ObligationState.CANCELLED
        assert "заявление" in unneeded.changes[-1].ground.lower()


def test_the_plan_stays_owed_until_the_mentor_is_free(office: World, led: UUID) -> None:
    signed_paper(office, led, "D21", "zotova", effective=date(2026, 8, 31))
    assert state_of(owed(office, led)["D16", "sign_mentor"]) is ObligationState.OPEN
    on_day(office, date(2026, 8, 31))
    assert state_of(owed(office, led)["D16", "sign_mentor"]) is ObligationState.CANCELLED


def test_a_day_that_is_too_early_is_refused(office: World, led: UUID) -> None:
    services, mentor = office.services, office.actor("zotova")
    statement = done(start_document(services, mentor, led, "D21"))
    early = {**statement.facts, "effective": date(2026, 5, 28)}
    done(save_facts(services, mentor, statement.id, early))
    office.work()
    answer = refused(office, lambda: submit(services, mentor, statement.id))
    assert (answer.code, answer.article) == ("notice.too_early", RIGHT)
    assert answer.params["earliest"] == FRIDAY
    assert status(office, led) is PairStatus.RUNNING
    assert life(office, led).ended_by is None


def test_what_the_former_mentor_owes_is_the_report_of_the_time_until_then(
    office: World, led: UUID
) -> None:
    signed_paper(office, led, "D21", "zotova")
    on_day(office, FRIDAY)
    report = owed(office, led)["D26", "sign_mentor"]
    assert state_of(report) is ObligationState.OPEN
    assert (report.counted_from, report.due_now) == (date(2026, 5, 28), date(2026, 6, 3))


def test_a_proposed_mentor_may_lay_it_down_before_the_order(office: World) -> None:
    case_id = requested(office, "golubeva")
    proposed(office, case_id, "zotova")
    consented(office, case_id, "zotova", "golubeva")
    signed_paper(office, case_id, "D21", "zotova")
    assert status(office, case_id) is PairStatus.WAITING_FOR_MENTOR


def test_another_mentor_follows_by_order_with_own_papers(office: World, led: UUID) -> None:
    signed_paper(office, led, "D21", "zotova")
    until = date(2027, 5, 17)
    proposed(office, led, "komarov", FRIDAY, until)
    consented(office, led, "komarov", "golubeva")
    order = order_begun(
        office, led, code="D25", variant="replacement", ground="resignation", ends=FRIDAY
    )
    order_in_force(office, order.id)
    lived = life(office, led)
    assert [s.until for s in lived.spells] == [date(2026, 5, 28), until]
    assert lived.mentor == office.person("komarov").employment_id
    assert status(office, led) is PairStatus.RUNNING  # the old mentor's last days
    on_day(office, FRIDAY)
    assert status(office, led) is PairStatus.RUNNING
    with office.services.uow.reading() as tx:
        plans = [o for o in tx.obligations.of_case(led) if o.type_code == "D16"]
    debtors = {o.employment_id: o.due_now for o in plans if o.step == "sign_mentor"}
    assert debtors[office.person("komarov").employment_id] == date(2026, 6, 4)


def replaced(world: World, case_id: UUID) -> None:
    """Komarov follows Zotova on Monday, by an order of Friday."""
    signed_paper(world, case_id, "D21", "zotova")
    on_day(world, FRIDAY)
    proposed(world, case_id, "komarov", date(2026, 6, 1), date(2027, 5, 17))
    consented(world, case_id, "komarov", "golubeva")
    said = {"variant": "replacement", "ground": "resignation"}
    order_in_force(world, order_begun(world, case_id, code="D25", **said).id)


def test_the_order_on_another_mentor_rests_on_the_statement(office: World, led: UUID) -> None:
    signed_paper(office, led, "D21", "zotova")
    proposed(office, led, "komarov", FRIDAY, date(2027, 5, 17))
    order = done(start_order(office.services, office.actor("titova"), (led,), "D25"))
    assert (order.facts["variant"], order.facts["ground"]) == ("replacement", "resignation")
    basis = "заявления о сложении обязанностей наставника от 25 мая 2026 г."
    assert str(order.facts["basis"]).replace("\N{NO-BREAK SPACE}", " ") == basis


@pytest.mark.parametrize("author", ["zotova", "titova"])
def test_the_former_mentors_report_is_about_the_own_time(
    office: World, led: UUID, author: str
) -> None:
    plan = signed_paper(office, led, "D16", "zotova")
    office.sign_simply("kuzina", plan.id)
    replaced(office, led)
    actor, former = office.actor(author), office.person("zotova").employment_id
    report = done(start_document(office.services, actor, led, "D26", former))
    assert report.facts["mentor"] == str(former)
    assert report.facts["since"] == date(2026, 5, 18)
    assert report.facts["until"] == date(2026, 5, 28)
    assert report.facts["partial"] is True
    assert str(report.facts["order"]).endswith("№\N{NO-BREAK SPACE}1-л/с")
    assert report.facts["rows"] != ()


def test_whoever_reported_and_was_replaced_writes_no_more_papers_of_the_pair(
    office: World, led: UUID
) -> None:
    replaced(office, led)
    facts = {
        "rows": ({"text": "Посещение урока", "due": "июнь", "done": "не выполнено"},),
        "summary": "Наставничество завершено досрочно.",
        "readiness": "partial",
    }
    signed_paper(office, led, "D26", "zotova", **facts)
    services, mentor = office.services, office.actor("zotova")
    answer = refused(office, lambda: start_document(services, mentor, led, "D16"))
    assert answer.code == "document.prepare.not_yours"


def test_a_replacement_needs_the_new_mentors_consent(office: World, led: UUID) -> None:
    signed_paper(office, led, "D21", "zotova")
    proposed(office, led, "komarov", FRIDAY, date(2027, 5, 17))
    order = order_begun(
        office, led, code="D25", variant="replacement", ground="resignation", ends=FRIDAY
    )
    order_agreed(office, order.id)
    clerk = office.actor("titova")
    answer = refused(office, lambda: fix(office.services, clerk, order.id))
    assert (answer.code, answer.article) == ("line.consent_mentor", RIGHT)
    assert life(office, led).mentor == office.person("zotova").employment_id


# --- The head cancels -----------------------------------------------------------------------


def noticed(world: World, case_id: UUID) -> Document:
    """The head's notice, signed and not handed over yet."""
    clerk = world.actor("titova")
    notice = done(start_document(world.services, clerk, case_id, "D24"))
    saved = done(save_facts(world.services, clerk, notice.id, notice.facts))
    assert saved.problems == ()
    world.work()
    done(submit(world.services, clerk, notice.id))
    world.work()
    fixed(world, notice.id, SCHOOL)
    authority = OwnAuthority.trusted(world, "qualified", SignatureKind.QUALIFIED)
    authority.new_list()
    key = authority.key("sedova", place=SCHOOL)
    signature = done(handed_in(world, load(world, notice.id), key, who="sedova"))
    assert signature.status is SignatureStatus.ACCEPTED, signature.explanation
    world.work()
    return load(world, notice.id)


def test_the_heads_notice_counts_when_the_mentor_has_received_it(office: World, led: UUID) -> None:
    notice = noticed(office, led)
    assert notice.facts["effective"] == FRIDAY
    assert life(office, led).ended_by is None
    office.acknowledge("zotova", notice.id)
    office.work()
    ended = life(office, led).ended_by
    assert ended is not None
    assert ended.day == FRIDAY


def test_handed_over_late_it_counts_from_a_later_day(office: World, led: UUID) -> None:
    notice = noticed(office, led)
    on_day(office, date(2026, 5, 27))
    office.acknowledge("zotova", notice.id)
    office.work()
    ended = life(office, led).ended_by
    assert ended is not None
    assert ended.day == date(2026, 5, 31)  # Thursday, Friday and Saturday are worked
    assert notice.facts["effective"] == FRIDAY


# --- The mentee petitions -------------------------------------------------------------------


def petition(world: World, case_id: UUID) -> Document:
    return signed_paper(world, case_id, "D22", "golubeva", ground="no_contact")


@pytest.mark.parametrize("verdict", ["granted", "mediation"])
def test_the_head_resolves_a_petition_once(office: World, led: UUID, verdict: str) -> None:
    asked = petition(office, led)
    head, digest = office.actor("sedova"), seen(office, asked.id)
    done(resolve(office.services, head, asked.id, digest, verdict))
    assert status(office, led) is PairStatus.RUNNING  # a resolution replaces nobody
    if verdict == "granted":
        refused(office, lambda: resolve(office.services, head, asked.id, digest, "mediation"))


def test_a_petition_is_denied_with_a_reason_alone(office: World, led: UUID) -> None:
    asked = petition(office, led)
    head, digest = office.actor("sedova"), seen(office, asked.id)
    services = office.services
    silent = refused(office, lambda: resolve(services, head, asked.id, digest, "denied"))
    assert silent.code == "resolve.reason_missing"
    done(resolve(services, head, asked.id, digest, "denied", "наставник встречается по графику"))


def test_nobody_but_the_head_resolves(office: World, led: UUID) -> None:
    asked = petition(office, led)
    digest = seen(office, asked.id)
    clerk = office.actor("titova")
    refused(office, lambda: resolve(office.services, clerk, asked.id, digest, "granted"))


# --- Mistakes -------------------------------------------------------------------------------


def test_a_pair_without_an_ordered_mentor_takes_no_order_on_replacement(office: World) -> None:
    case_id = requested(office, "golubeva")
    clerk = office.actor("titova")
    order = done(start_order(office.services, clerk, [case_id], "D25"))
    filled = {**order.facts, "variant": "ending", "ground": "mutual", "basis": "заявления"}
    saved = done(save_facts(office.services, clerk, order.id, filled))
    assert any(problem.path.endswith(".mentor") for problem in saved.problems)
    office.work()
    refused(office, lambda: submit(office.services, clerk, order.id))


def test_the_same_statement_is_not_signed_twice(office: World, led: UUID) -> None:
    statement = paper(office, led, "D21", "zotova")
    office.sign_simply("zotova", statement.id)
    office.work()
    turned = life(office, led)
    mentor, digest = office.actor("zotova"), seen(office, statement.id)
    refused(office, lambda: begin_simple_signing(office.services, mentor, statement.id, digest))
    assert life(office, led) == turned
