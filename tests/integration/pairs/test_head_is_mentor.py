"""The head of the school is a mentor: the founder signs for the employer and approves the report.

Nobody represents the employer towards oneself, nobody approves the own report.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from marshrut.demonstration.town import done
from tests.integration.pairs.deeds import (
    SCHOOL,
    SINCE,
    consented,
    experienced,
    life,
    on_day,
    order_agreed,
    order_begun,
    owed,
    paper,
    proposed,
    refused,
    requested,
    signed_paper,
)
from tests.integration.security.own_authority import OwnAuthority, handed_in
from tests.integration.workflow.acts import fixed, load, renew_lists, seen, signed, state
from tests.told_once import told_once
from tests.world import World
from workflow.domain.documents import Document
from workflow.domain.obligations import ObligationState, state_of
from workflow.domain.pairs import PairStatus
from workflow.domain.permissions import may_see
from workflow.domain.refusals import Refusal
from workflow.domain.regulations import Role, SignatureKind
from workflow.domain.routes import DocumentState
from workflow.ports import PrintedOrganisation, PrintedPerson
from workflow.usecases import desk as desks
from workflow.usecases import render
from workflow.usecases.prepare import save_facts, start_document, submit
from workflow.usecases.resolve import resolve
from workflow.usecases.sign import begin_signing
from workflow.usecases.sign_simply import begin_simple_signing

FOUNDER = "department"
HEAD, FOUNDERS_HEAD, MENTEE = "sedova", "gromov", "golubeva"
NAME_OF_FOUNDER = "Управление образования Кедровского городского округа"
BASIS_OF_FOUNDER = "Положения об Управлении образования Кедровского городского округа"
UNTIL = date(2026, 11, 17)
REPORT = {
    "rows": ({"text": "Знакомство", "due": "первая неделя", "done": "выполнено"},),
    "meetings_count": 3,
    "summary": "Научилась планировать урок.",
    "readiness": "sufficient",
}
NOT_KEPT = ({"date": SINCE, "event": "Встреча", "failure": "встреча не состоялась"},)


@pytest.fixture
@told_once
def office(kedrovsk: World) -> World:
    experienced(kedrovsk, HEAD, in_field=20)
    experienced(kedrovsk, MENTEE, pedagogical=1)
    return kedrovsk


@pytest.fixture
@told_once
def matched(office: World) -> UUID:
    """The head is proposed as Golubeva's mentor for six months."""
    case_id = requested(office, MENTEE, until=UNTIL)
    proposed(office, case_id, HEAD, SINCE, UNTIL)
    return case_id


@pytest.fixture
@told_once
def led(office: World, matched: UUID) -> UUID:
    """The founder has signed the order; it is the first day."""
    consented(office, matched, HEAD, MENTEE)
    order = order_begun(office, matched)
    order_agreed(office, order.id)
    fixed(office, order.id, SCHOOL)
    signed(office, order.id, FOUNDER)
    on_day(office, SINCE)
    return matched


def printed_head(world: World, document: Document) -> PrintedPerson:
    """Whom the document names as the head, the addressee or the one who approves."""
    with world.services.uow.reading() as tx:
        actor = desks.actor_of(tx, document.created_by)
        desk = desks.lay_for_system(tx, world.services, document, actor)
        (file, *_) = render.plan(tx, world.services, desk)
    head = file.context["head"]
    assert isinstance(head, PrintedPerson)
    return head


def is_for_the_founder(world: World, document: Document) -> None:
    """It names the founder's head with post and organisation."""
    head = printed_head(world, document)
    assert (head.last, head.post) == ("Громов", "начальник")
    assert head.organisation == NAME_OF_FOUNDER
    assert dict(head.organisation_forms)["род"].startswith("Управления образования")


def refused_by_key(world: World, document_id: UUID) -> Refusal:
    """What the head is told who tries to sign for the employer."""
    head, digest = world.actor(HEAD), seen(world, document_id)
    return refused(world, lambda: begin_signing(world.services, head, document_id, digest))


# --- Consents and the agreement -------------------------------------------------------------


def test_consents_are_written_to_the_founder(office: World, matched: UUID) -> None:
    consents = [
        signed_paper(office, matched, "D09", HEAD, mentees_elsewhere=0),
        signed_paper(office, matched, "D10", MENTEE),
    ]
    for consent in consents:
        assert state(office, consent.id) is DocumentState.IN_FORCE
        is_for_the_founder(office, consent)


def test_the_agreement_is_concluded_between_the_head_and_the_founder(
    office: World, matched: UUID
) -> None:
    signed_paper(office, matched, "D09", HEAD, mentees_elsewhere=0)
    clerk, services = office.actor("titova"), office.services
    agreement = done(start_document(services, clerk, matched, "D13"))
    assert agreement.facts["head_basis"] == BASIS_OF_FOUNDER
    said: Mapping[str, object] = {
        "contract_date": date(2019, 8, 26),
        "contract_number": "3",
        "paid": False,
        "no_pay_ground": "пункта 3.4 положения об оплате труда",
    }
    saved = done(save_facts(services, clerk, agreement.id, {**agreement.facts, **said}))
    assert saved.problems == ()
    office.work()
    done(submit(services, clerk, agreement.id))
    office.work()
    fixed(office, agreement.id, SCHOOL)
    is_for_the_founder(office, load(office, agreement.id))

    signed(office, agreement.id, SCHOOL)  # as the worker, and as nobody else
    assert state(office, agreement.id) is DocumentState.TO_SIGN
    answer = refused_by_key(office, agreement.id)
    assert (answer.code, answer.article) == ("sign.towards_oneself", "ТК РФ, ст. 351.8")
    authority = OwnAuthority.trusted(office, "qualified", SignatureKind.QUALIFIED)
    authority.new_list()
    key = authority.key(FOUNDERS_HEAD, place=FOUNDER)
    done(handed_in(office, load(office, agreement.id), key, who=FOUNDERS_HEAD))
    office.work()
    assert state(office, agreement.id) is DocumentState.IN_FORCE


# --- The order ------------------------------------------------------------------------------


def test_the_founder_signs_the_order_and_the_head_is_told_why(office: World, matched: UUID) -> None:
    consented(office, matched, HEAD, MENTEE)
    order = order_begun(office, matched)
    assert order.by_founder
    order_agreed(office, order.id)
    fixed(office, order.id, SCHOOL)
    is_for_the_founder(office, load(office, order.id))
    answer = refused_by_key(office, order.id)
    assert (answer.code, answer.article) == ("sign.towards_oneself", "ТК РФ, ст. 351.8")
    assert "founder" in answer.todo
    signature = signed(office, order.id, FOUNDER)
    assert signature.person_id == office.person(FOUNDERS_HEAD).person_id
    assert state(office, order.id) is DocumentState.IN_FORCE
    assert life(office, matched).status is PairStatus.WAITING_TO_BEGIN
    for who in (HEAD, MENTEE, "kuzina"):
        office.acknowledge(who, order.id)


def test_the_head_of_another_office_has_no_say(office: World, matched: UUID) -> None:
    consented(office, matched, HEAD, MENTEE)
    order = order_begun(office, matched)
    order_agreed(office, order.id)
    fixed(office, order.id, SCHOOL)
    with office.services.uow.reading() as tx:
        document = tx.documents.load(order.id)
        founder, centre = (
            desks.actor_of(tx, office.person(k).person_id) for k in ("gromov", "zhukova")
        )
        around = desks.lay(tx, office.services, founder, order.id).around
    assert may_see(document, founder, around)
    assert not may_see(document, centre, around)


def test_one_line_about_the_head_gives_the_whole_order_to_the_founder(office: World) -> None:
    experienced(office, "zotova", in_field=18)
    experienced(office, "nikitin", pedagogical=1)
    others = requested(office, "nikitin")
    proposed(office, others, "zotova")
    consented(office, others, "zotova", "nikitin")
    own = requested(office, MENTEE, until=UNTIL)
    proposed(office, own, HEAD, SINCE, UNTIL)
    consented(office, own, HEAD, MENTEE)
    assert order_begun(office, others, own).by_founder
    assert not order_begun(office, others).by_founder


def test_an_order_written_while_another_acted_is_not_signed_by_the_mentor(
    office: World, matched: UUID
) -> None:
    """Whoever becomes head before the signing is a party all the same."""
    consented(office, matched, HEAD, MENTEE)
    order = order_begun(office, matched)
    order_agreed(office, order.id)
    fixed(office, order.id, SCHOOL)
    with office.services.uow() as tx:  # as it stood when somebody else was head
        document = tx.documents.load(order.id)
        actor = desks.actor_of(tx, document.created_by)
        desk = desks.lay_for_system(tx, office.services, document, actor)
        desks.save(tx, desk, replace(document, by_founder=False))
        tx.commit()
    answer = refused_by_key(office, order.id)
    assert (answer.code, "acting head" in answer.todo) == ("sign.towards_oneself", True)


# --- The work and its end -------------------------------------------------------------------


def test_plan_and_report_of_the_head_as_of_any_mentor_but_for_the_approval(
    office: World, led: UUID
) -> None:
    assert life(office, led).status is PairStatus.RUNNING
    plan = signed_paper(office, led, "D16", HEAD)
    office.sign_simply("kuzina", plan.id)
    office.work()
    assert state(office, plan.id) is DocumentState.IN_FORCE

    on_day(office, date(2026, 11, 18))
    renew_lists(office)
    report = signed_paper(office, led, "D26", HEAD, **REPORT)
    is_for_the_founder(office, report)
    duties = owed(office, led)
    assert state_of(duties["D26", "sign_mentor"]) is ObligationState.MET
    approval = duties["D26", "sign_head"]
    assert (approval.debtor_id, approval.role) == (office.place(FOUNDER).id, Role.HEAD)

    head, digest = office.actor(HEAD), seen(office, report.id)
    own = refused(office, lambda: begin_simple_signing(office.services, head, report.id, digest))
    assert own.code == "sign.towards_oneself"
    assert refused_by_key(office, report.id).code == "sign.towards_oneself"

    signature = signed(office, report.id, FOUNDER)
    assert signature.person_id == office.person(FOUNDERS_HEAD).person_id
    assert state(office, report.id) is DocumentState.IN_FORCE
    assert state_of(owed(office, led)["D26", "sign_head"]) is ObligationState.MET


def test_the_founder_decides_on_a_petition_about_the_head(office: World, led: UUID) -> None:
    petition = signed_paper(office, led, "D22", MENTEE, ground="no_contact")
    is_for_the_founder(office, petition)
    digest, services = seen(office, petition.id), office.services
    head, founder = office.actor(HEAD), office.actor(FOUNDERS_HEAD)
    own = refused(office, lambda: resolve(services, head, petition.id, digest, "granted"))
    assert own.code == "resolve.towards_oneself"
    done(resolve(services, founder, petition.id, digest, "granted"))


def test_the_curators_representation_goes_to_the_founder(office: World, led: UUID) -> None:
    sheet = signed_paper(office, led, "D23", "kuzina", facts=NOT_KEPT, proposal="replace")
    is_for_the_founder(office, sheet)
    digest, services = seen(office, sheet.id), office.services
    own = refused(
        office, lambda: resolve(services, office.actor(HEAD), sheet.id, digest, "granted")
    )
    assert own.code == "resolve.towards_oneself"
    done(resolve(services, office.actor(FOUNDERS_HEAD), sheet.id, digest, "granted"))


def test_the_head_lays_the_duties_down_before_the_founder_and_is_replaced_by_its_order(
    office: World, led: UUID
) -> None:
    statement = signed_paper(office, led, "D21", HEAD)
    assert state(office, statement.id) is DocumentState.IN_FORCE
    is_for_the_founder(office, statement)
    experienced(office, "zotova", in_field=18)
    freed = statement.facts["effective"]
    assert isinstance(freed, date)
    proposed(office, led, "zotova", freed, date(2027, 2, 17))
    consented(office, led, "zotova", MENTEE)
    order = order_begun(office, led, code="D25", variant="replacement", ground="resignation")
    assert order.by_founder  # it releases the head
    order_agreed(office, order.id)
    fixed(office, order.id, SCHOOL)
    assert refused_by_key(office, order.id).code == "sign.towards_oneself"
    signed(office, order.id, FOUNDER)
    assert life(office, led).mentor == office.person("zotova").employment_id


def test_papers_of_other_mentors_stay_with_the_head(office: World) -> None:
    experienced(office, "zotova", in_field=18)
    case_id = requested(office, MENTEE)
    proposed(office, case_id, "zotova")
    consent = paper(office, case_id, "D09", "zotova", mentees_elsewhere=0)
    assert not consent.by_founder
    head = printed_head(office, consent)
    assert (head.last, head.post, head.organisation) == ("Седова", "директор", "")


def test_ground_of_the_signatory_follows_who_signs_unless_somebody_typed_another(
    office: World, matched: UUID
) -> None:
    clerk, services = office.actor("titova"), office.services
    agreement = done(start_document(services, clerk, matched, "D42F"))
    assert agreement.facts["head_basis"] == "Устава"

    def named(who: str, **typed: object) -> object:
        facts = {**load(office, agreement.id).facts, **typed}
        facts["employee"] = str(office.person(who).employment_id)
        return done(save_facts(services, clerk, agreement.id, facts)).document.facts["head_basis"]

    assert named(HEAD) == BASIS_OF_FOUNDER
    assert named(MENTEE) == "Устава"
    assert named(MENTEE, head_basis="доверенности от 1 мая 2026 г. № 2") == named(HEAD)


def test_what_the_founder_signs_stands_on_the_letterhead_of_the_founder(
    office: World, matched: UUID
) -> None:
    consented(office, matched, HEAD, MENTEE)
    founders = order_begun(office, matched)
    own = done(start_document(office.services, office.actor("titova"), matched, "D42F"))
    with office.services.uow.reading() as tx:
        actor = desks.actor_of(tx, founders.created_by)
        desk = desks.lay_for_system(tx, office.services, founders, actor)
        (file, *_) = render.plan(tx, office.services, desk)
        issuer, school = file.context["issuer"], file.context["org"]
        assert isinstance(issuer, PrintedOrganisation)
        assert isinstance(school, PrintedOrganisation)
        assert (issuer.short, school.founder) == (NAME_OF_FOUNDER, issuer.full)
        desk = desks.lay_for_system(tx, office.services, own, actor)
        (file, *_) = render.plan(tx, office.services, desk)
        assert "issuer" not in file.context
