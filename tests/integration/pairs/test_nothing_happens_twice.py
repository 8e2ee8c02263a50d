"""What has been done is not done again: the second time is refused and changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest

from marshrut.demonstration.town import KEY_PASSWORD, done
from tests.integration.pairs.deeds import (
    SCHOOL,
    SINCE,
    begun,
    consented,
    experienced,
    life,
    on_day,
    order_agreed,
    order_begun,
    order_of,
    pair_of,
    paper,
    proposed,
    refused,
    requested,
    signed_paper,
)
from tests.integration.pairs.test_questionnaire_is_answered_once import ANSWERS
from tests.integration.workflow.acts import (
    entries,
    fixed,
    load,
    package,
    renew_lists,
    seen,
    signed,
    state,
)
from tests.told_once import told_once
from tests.world import World
from workflow.domain.documents import Document
from workflow.domain.identity_changes import Identity
from workflow.domain.pairs import PairStatus
from workflow.domain.routes import DocumentState
from workflow.domain.submissions import Submission, SubmissionState
from workflow.usecases.accept import accept, return_package
from workflow.usecases.acknowledge_simply import begin_acknowledging
from workflow.usecases.change_identity import (
    IdentityProposal,
    confirm_identity,
    propose_identity,
    refuse_identity,
)
from workflow.usecases.deliver import deliver
from workflow.usecases.fix import fix
from workflow.usecases.prepare import save_facts, start_document, submit
from workflow.usecases.register_existing import Scanned, register_existing
from workflow.usecases.resolve import resolve
from workflow.usecases.sign import sign_with_stored_key
from workflow.usecases.sign_simply import begin_simple_signing, sign_simply

LABOUR_CODE = "ТК РФ, ст. 351.8"
UNTIL = date(2026, 11, 17)
REPORT = {
    "rows": ({"text": "Знакомство", "due": "первая неделя", "done": "выполнено"},),
    "meetings_count": 3,
    "summary": "Научилась планировать урок.",
    "readiness": "sufficient",
}


@pytest.fixture
@told_once
def office(kedrovsk: World) -> World:
    experienced(kedrovsk, "zotova", in_field=18)
    experienced(kedrovsk, "golubeva", pedagogical=1)
    return kedrovsk


@pytest.fixture
@told_once
def led(office: World) -> UUID:
    """Zotova leads Golubeva for six months; it is the first day."""
    case_id = begun(office, "zotova", "golubeva", until=UNTIL)
    on_day(office, SINCE)
    return case_id


# --- The package to the mentoring centre ----------------------------------------------------


def passport(world: World, who: str) -> dict[str, object]:
    return {
        "person": world.employment(who),
        "address": "г. Кедровск, ул. Лесная, д. 1",
        "id_number": "000001",
        "id_date": date(2020, 3, 17),
        "id_issuer": "отделом внутренних дел по г. Кедровску",
        "third_parties": (
            {"name": "МБУ «Центр наставничества»", "address": "г. Кедровск, ул. Лесная, д. 8"},
        ),
    }


def results_sent(world: World, case_id: UUID) -> Submission:
    """Report and questionnaire with their letter, examined by the centre."""
    on_day(world, UNTIL + timedelta(days=1))
    renew_lists(world)
    report = signed_paper(world, case_id, "D26", "zotova", **REPORT)
    signed(world, report.id, SCHOOL)
    answers = signed_paper(world, case_id, "D27", "golubeva", **ANSWERS)
    for who in ("zotova", "golubeva"):
        signed_paper(world, case_id, "D11", who, **passport(world, who))
    letter = letter_with(world, case_id, report, answers)
    sent = done(deliver(world.services, world.actor("titova"), letter.id))
    world.work()
    return package(world, sent.id)


def letter_with(world: World, case_id: UUID, *enclosed: Document) -> Document:
    services, clerk = world.services, world.actor("titova")
    letter = done(start_document(services, clerk, case_id, "D33"))
    named = {"package": tuple(str(one.id) for one in enclosed), "executor_phone": "(38400) 4-30-07"}
    saved = done(save_facts(services, clerk, letter.id, {**letter.facts, **named}))
    assert saved.problems == ()
    world.work()
    done(submit(services, clerk, letter.id))
    world.work()
    fixed(world, letter.id, SCHOOL)
    signed(world, letter.id, SCHOOL)
    return load(world, letter.id)


def test_the_centre_answers_a_package_once(office: World, led: UUID) -> None:
    sent = results_sent(office, led)
    services, officer = office.services, office.actor("panina")
    accepted = done(accept(services, officer, sent.id))
    office.work()
    assert accepted.state is SubmissionState.ACCEPTED
    due = office.clock().date() + timedelta(days=7)
    again: list[Callable[[], object]] = [
        lambda: accept(services, officer, sent.id),
        lambda: return_package(services, officer, sent.id, "нет подписи", due),
    ]
    assert {refused(office, act).code for act in again} == {"accept.decided"}
    assert package(office, sent.id).receipt == accepted.receipt
    assert accepted.receipt is not None
    receipts = entries(office, "receipts", "centre")
    assert [entry.number for entry in receipts] == [accepted.receipt.number]


def test_a_letter_is_sent_once(office: World, led: UUID) -> None:
    sent = results_sent(office, led)
    assert sent.letter_id is not None
    letter, clerk = sent.letter_id, office.actor("titova")
    assert refused(office, lambda: deliver(office.services, clerk, letter)).code == "step.done"


# --- Petition, proposal, identity -----------------------------------------------------------


@pytest.mark.parametrize("second", ["granted", "denied", "mediation"])
def test_a_petition_is_resolved_once(office: World, led: UUID, second: str) -> None:
    asked = signed_paper(office, led, "D22", "golubeva", ground="no_contact")
    services, head, digest = office.services, office.actor("sedova"), seen(office, asked.id)
    done(resolve(services, head, asked.id, digest, "granted"))
    office.work()
    answer = refused(office, lambda: resolve(services, head, asked.id, digest, second, "причина"))
    assert answer.code == "step.done"
    assert life(office, led).status is PairStatus.RUNNING


def test_a_proposed_mentor_answers_once(office: World) -> None:
    case_id = requested(office, "golubeva")
    proposed(office, case_id, "zotova")
    consent = paper(office, case_id, "D09", "zotova", mentees_elsewhere=0)
    services, mentor, digest = office.services, office.actor("zotova"), seen(office, consent.id)
    session = done(begin_simple_signing(services, mentor, consent.id, digest))
    attempt, shown = session.attempt.id, session.text_digest
    done(sign_simply(services, mentor, attempt, office.proof("zotova"), shown))
    office.work()
    proof = office.proof("zotova")
    replayed = refused(office, lambda: sign_simply(services, mentor, attempt, proof, shown))
    assert replayed.code == "signing.used"
    anew = refused(office, lambda: begin_simple_signing(services, mentor, consent.id, digest))
    assert anew.code == "document.sign.wrong_state"


def test_a_proposed_name_is_decided_once(office: World) -> None:
    services, clerk, head = office.services, office.actor("titova"), office.actor("sedova")
    employment = office.person("golubeva").employment_id
    with services.uow.reading() as tx:
        person = tx.people.load(office.person("golubeva").person_id)
    since = office.clock().date()
    wanted = IdentityProposal(
        replace(Identity.of(person), last="Ильина"), since, "свидетельство о браке"
    )
    change = done(propose_identity(services, clerk, employment, wanted))
    done(confirm_identity(services, head, change.id))
    office.work()
    for act in (
        lambda: confirm_identity(services, head, change.id),
        lambda: refuse_identity(services, head, change.id, "ошибка"),
    ):
        assert refused(office, act).code == "identity.decided"


# --- The order ------------------------------------------------------------------------------


def test_an_order_in_force_is_neither_numbered_nor_signed_again(office: World, led: UUID) -> None:
    order = order_of(office, led)
    services, clerk, head = office.services, office.actor("titova"), office.actor("sedova")
    digest = seen(office, order)
    numbered = refused(office, lambda: fix(services, clerk, order))
    assert numbered.code == "document.fix.wrong_state"
    refused(office, lambda: sign_with_stored_key(services, head, order, digest, KEY_PASSWORD))
    assert [e.document_id for e in entries(office, "personnel", SCHOOL)].count(order) == 1


def test_an_order_is_acknowledged_once(office: World, led: UUID) -> None:
    order = order_of(office, led)
    office.acknowledge("zotova", order)
    office.work()
    mentor, digest = office.actor("zotova"), seen(office, order)
    again = refused(office, lambda: begin_acknowledging(office.services, mentor, order, digest))
    assert again.code == "step.done"


def test_a_pair_is_brought_together_by_one_order(office: World) -> None:
    experienced(office, "komarov", in_field=12)
    case_id = begun(office, "zotova", "golubeva")
    lived = pair_of(office, case_id)
    second = order_begun(office, case_id)
    order_agreed(office, second.id)
    clerk = office.actor("titova")
    answer = refused(office, lambda: fix(office.services, clerk, second.id))
    assert (answer.code, answer.article) == ("line.led_already", LABOUR_CODE)
    assert pair_of(office, case_id) == lived


def test_of_two_orders_on_one_pair_the_second_is_not_signed(office: World) -> None:
    case_id = requested(office, "golubeva")
    proposed(office, case_id, "zotova")
    consented(office, case_id, "zotova", "golubeva")
    orders = [order_begun(office, case_id) for _ in range(2)]
    for order in orders:
        order_agreed(office, order.id)
        fixed(office, order.id, SCHOOL)
    signed(office, orders[0].id, SCHOOL)
    head, digest = office.actor("sedova"), seen(office, orders[1].id)
    answer = refused(
        office,
        lambda: sign_with_stored_key(office.services, head, orders[1].id, digest, KEY_PASSWORD),
    )
    assert (answer.code, answer.article) == ("line.led_already", LABOUR_CODE)
    assert state(office, orders[1].id) is DocumentState.TO_SIGN
    assert len(pair_of(office, case_id).turns) == 1


def test_an_order_from_before_is_entered_once(office: World) -> None:
    case_id = requested(office, "golubeva")
    proposed(office, case_id, "zotova")
    scanned = Scanned(
        number="4-л/с",
        dated=office.clock().date(),
        title="О назначении наставника",
        signed_by="Седова М.В.",
        signed_by_post="директор",
        file_name="order.pdf",
        content=b"%PDF-1.4 scan",
        in_journal=True,
        acknowledged_on=office.clock().date(),
    )
    services, clerk = office.services, office.actor("titova")

    def entered(card: Scanned) -> object:
        return register_existing(services, clerk, case_id, "D14", card, {})

    assert isinstance(entered(scanned), Document)
    office.work()
    for card in (scanned, replace(scanned, number="5-л/с")):
        answer = refused(office, lambda card=card: entered(card))  # type: ignore[misc]  # bound now
        assert (answer.code, answer.article) == ("line.led_already", LABOUR_CODE)
    assert len(pair_of(office, case_id).turns) == 1
