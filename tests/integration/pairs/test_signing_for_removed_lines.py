"""Nobody signs for a line that was taken away meanwhile: it is refused and changes nothing.

Papers of a pair that only waits for another order may still be signed: they serve that order.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from uuid import UUID

import pytest

from marshrut.demonstration.town import KEY_PASSWORD, done
from tests.integration.pairs.deeds import (
    SCHOOL,
    SINCE,
    UNTIL,
    consented,
    everything,
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
from tests.integration.security.own_authority import OwnAuthority, begun, outputs
from tests.integration.workflow.acts import fixed, load, seen, signed, state
from tests.told_once import told_once
from tests.world import World
from workflow.domain.documents import Document
from workflow.domain.pairs import PairStatus
from workflow.domain.paper_acts import InkEntry
from workflow.domain.refusals import Refusal
from workflow.domain.routes import DocumentState
from workflow.usecases.acknowledge_simply import begin_acknowledging
from workflow.usecases.errors import NotFoundError
from workflow.usecases.fix import fix
from workflow.usecases.pairs.orders import take_line_out
from workflow.usecases.pairs.propose import withdraw_proposal
from workflow.usecases.pairs.request import note_contract_clause
from workflow.usecases.paper import enter_ink_signatures, put_on_paper
from workflow.usecases.prepare import save_facts, start_document, submit
from workflow.usecases.record_signature import record_signature
from workflow.usecases.return_for_rework import return_for_rework
from workflow.usecases.sign import sign_with_stored_key
from workflow.usecases.sign_simply import begin_simple_signing, sign_simply
from workflow.usecases.simple_session import BegunSimply

RIGHT = "ТК РФ, ст. 351.8"
SCAN = b"%PDF-1.4 scan"
AGREEMENT = {
    "contract_date": date(2020, 9, 1),
    "contract_number": "14",
    "paid": False,
    "no_pay_ground": "пункта 3.4 положения об оплате труда",
    "paper": True,
}
CANCELLED = {
    "target_род": "приказа о назначении наставников",
    "ground": "в связи с ошибкой",
    "whole": False,
}


@pytest.fixture
@told_once
def office(kedrovsk: World) -> World:
    experienced(kedrovsk, "zotova", in_field=18)
    experienced(kedrovsk, "komarov", in_field=12)
    for mentee in ("golubeva", "nikitin"):
        experienced(kedrovsk, mentee, pedagogical=1)
    return kedrovsk


@pytest.fixture
@told_once
def matching(office: World) -> UUID:
    """Zotova is proposed for Golubeva."""
    case_id = requested(office, "golubeva")
    proposed(office, case_id, "zotova")
    return case_id


@pytest.fixture
@told_once
def two(office: World, matching: UUID) -> list[UUID]:
    """Two pairs with all their papers."""
    consented(office, matching, "zotova", "golubeva")
    other = requested(office, "nikitin")
    proposed(office, other, "komarov")
    consented(office, other, "komarov", "nikitin")
    return [matching, other]


def simply(world: World, who: str, document: Document) -> Callable[[], BegunSimply | Refusal]:
    """Somebody opens the page of the document and wants to sign it."""
    digest = seen(world, document.id)
    return lambda: begin_simple_signing(world.services, world.actor(who), document.id, digest)


def unseen(world: World, act: Callable[[], object]) -> None:
    """It is not for these eyes; nothing has changed."""
    before = everything(world)
    with pytest.raises(NotFoundError):
        act()
    assert everything(world) == before


# --- Personal papers ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "who", "facts"),
    [("D09", "zotova", {"mentees_elsewhere": 0}), ("D10", "golubeva", {})],
)
def test_a_consent_that_names_a_former_candidate_is_not_signed(
    office: World, matching: UUID, code: str, who: str, facts: dict[str, object]
) -> None:
    consent = paper(office, matching, code, who, **facts)
    proposed(office, matching, "komarov")
    answer = refused(office, simply(office, who, consent))
    article = "Положение, п. 2.1" if code == "D10" else RIGHT
    assert (answer.code, answer.article) == ("paper.other_mentor", article)
    proposed(office, matching, "zotova")
    assert not isinstance(simply(office, who, consent)(), Refusal)


def test_a_signing_that_was_begun_before_is_refused_as_well(office: World, matching: UUID) -> None:
    consent = paper(office, matching, "D09", "zotova", mentees_elsewhere=0)
    session = done(simply(office, "zotova", consent)())
    done(withdraw_proposal(office.services, office.actor("orlov"), matching))
    mentor, proof = office.actor("zotova"), office.proof("zotova")
    attempt, shown = session.attempt.id, session.text_digest
    answer = refused(office, lambda: sign_simply(office.services, mentor, attempt, proof, shown))
    assert (answer.code, answer.article) == ("paper.other_mentor", RIGHT)
    assert state(office, consent.id) is DocumentState.TO_SIGN


def test_a_new_consent_is_not_sent_on_its_way_for_a_former_candidate(
    office: World, matching: UUID
) -> None:
    services, mentee = office.services, office.actor("golubeva")
    consent = done(start_document(services, mentee, matching, "D10"))
    done(save_facts(services, mentee, consent.id, consent.facts))
    office.work()
    proposed(office, matching, "komarov")
    answer = refused(office, lambda: submit(services, mentee, consent.id))
    assert answer.code == "paper.other_mentor"


def test_ink_under_the_agreement_of_a_former_candidate_is_not_entered(
    office: World, matching: UUID
) -> None:
    signed_paper(office, matching, "D09", "zotova", mentees_elsewhere=0)
    services, clerk = office.services, office.actor("titova")
    agreement = done(start_document(services, clerk, matching, "D13"))
    saved = done(save_facts(services, clerk, agreement.id, {**agreement.facts, **AGREEMENT}))
    assert saved.problems == ()
    office.work()
    done(submit(services, clerk, agreement.id))
    if not load(office, agreement.id).on_paper:
        done(put_on_paper(services, clerk, agreement.id, "наставник против электронных документов"))
    fixed(office, agreement.id, SCHOOL)
    day = load(office, agreement.id).dated
    assert day is not None
    mentors = f"sign_mentor:{office.employment('zotova')}"
    ink = [InkEntry(mentors, day), InkEntry("sign_head", day)]

    def entered() -> Document | Refusal:
        return enter_ink_signatures(services, clerk, agreement.id, ink, SCAN)

    proposed(office, matching, "komarov")
    answer = refused(office, entered)
    assert (answer.code, answer.article) == ("paper.other_mentor", RIGHT)
    proposed(office, matching, "zotova")
    done(entered())
    assert state(office, agreement.id) is DocumentState.IN_FORCE


@pytest.mark.parametrize(
    ("code", "article"), [("D16", "Положение, п. 4.1"), ("D09", RIGHT)], ids=["plan", "consent"]
)
def test_nothing_is_signed_for_a_cancelled_line(
    office: World, two: list[UUID], code: str, article: str
) -> None:
    order_in_force(office, order_begun(office, *two).id)
    on_day(office, SINCE)
    facts = {"mentees_elsewhere": 0} if code == "D09" else {}
    papers = {
        who: paper(office, case_id, code, who, **facts)
        for who, case_id in zip(("zotova", "komarov"), two, strict=True)
    }
    order_in_force(office, order_begun(office, two[0], code="D44", **CANCELLED).id)
    assert life(office, two[0]).status is PairStatus.CANCELLED
    answer = refused(office, simply(office, "zotova", papers["zotova"]))
    assert (answer.code, answer.article) == ("paper.line_cancelled", article)
    office.sign_simply("komarov", papers["komarov"].id)


def test_the_consent_of_a_pair_taken_out_of_a_draft_serves_the_next_order(
    office: World, matching: UUID
) -> None:
    other = requested(office, "nikitin")
    proposed(office, other, "komarov")
    consent = paper(office, other, "D09", "komarov", mentees_elsewhere=0)
    draft = order_begun(office, matching, other)
    clerk = office.actor("titova")
    done(take_line_out(office.services, clerk, draft.id, other))
    office.work()
    office.sign_simply("komarov", consent.id)
    office.work()
    signed_paper(office, other, "D10", "nikitin")
    clause = "трудовой договор от 1 сентября 2020 г. № 14, п. 2.7"
    done(note_contract_clause(office.services, clerk, other, clause))
    order_in_force(office, order_begun(office, other).id)
    assert life(office, other).status is PairStatus.WAITING_TO_BEGIN


# --- The order ------------------------------------------------------------------------------


def test_a_stale_page_does_not_sign_the_order_after_a_line_was_taken_out(
    office: World, two: list[UUID]
) -> None:
    kept, gone = two
    services, clerk, head = office.services, office.actor("titova"), office.actor("sedova")
    order = order_begun(office, *two)
    order_agreed(office, order.id)
    page = fixed(office, order.id, SCHOOL)
    stale = seen(office, order.id)
    key = OwnAuthority.trusted(office, "late").key("sedova", place=SCHOOL)
    session = begun(office, page, "sedova")
    made = outputs(office, session, key)

    def signed_as_seen() -> object:
        return sign_with_stored_key(services, head, order.id, stale, KEY_PASSWORD)

    def handed_in() -> object:
        return record_signature(services, head, session.attempt.id, made)

    done(return_for_rework(services, clerk, order.id, "одна пара не готова"))
    done(take_line_out(services, clerk, order.id, gone))
    office.work()
    for act in (signed_as_seen, handed_in):
        assert refused(office, act).code == "document.sign.wrong_state"
    order_agreed(office, order.id)
    fixed(office, order.id, SCHOOL)
    answers = [refused(office, act).code for act in (signed_as_seen, handed_in)]
    assert answers == ["document.changed_meanwhile", "signing.document_changed"]
    assert [life(office, one).status for one in two] == [PairStatus.MATCHING] * 2
    signed(office, order.id, SCHOOL)
    assert life(office, kept).status is PairStatus.WAITING_TO_BEGIN
    assert life(office, gone).status is PairStatus.MATCHING
    assert owed(office, gone) == {}


def test_an_order_whose_pair_changed_after_it_was_made_ready_is_not_signed(
    office: World, two: list[UUID]
) -> None:
    order = order_begun(office, *two)
    order_agreed(office, order.id)
    fixed(office, order.id, SCHOOL)
    proposed(office, two[1], "belyaeva", SINCE, UNTIL)
    head, digest = office.actor("sedova"), seen(office, order.id)
    answer = refused(
        office,
        lambda: sign_with_stored_key(office.services, head, order.id, digest, KEY_PASSWORD),
    )
    assert answer.code == "line.changed"
    assert [life(office, one).status for one in two] == [PairStatus.MATCHING] * 2


def test_whose_line_was_taken_out_does_not_acknowledge_the_order(
    office: World, two: list[UUID]
) -> None:
    order = order_begun(office, *two)
    done(take_line_out(office.services, office.actor("titova"), order.id, two[1]))
    office.work()
    order_in_force(office, order.id)
    digest = seen(office, order.id)

    def acknowledges(who: str) -> object:
        return begin_acknowledging(office.services, office.actor(who), order.id, digest)

    for who in ("komarov", "nikitin"):
        unseen(office, lambda who=who: acknowledges(who))  # type: ignore[misc]  # bound now
    for who in ("zotova", "golubeva"):
        assert not isinstance(acknowledges(who), Refusal)


def test_an_order_that_names_nobody_any_more_is_not_made_ready(
    office: World, two: list[UUID]
) -> None:
    order = order_begun(office, two[0])
    order_agreed(office, order.id)
    done(withdraw_proposal(office.services, office.actor("orlov"), two[0]))
    clerk = office.actor("titova")
    assert refused(office, lambda: fix(office.services, clerk, order.id)).code == "line.no_mentor"
