"""The head is away: an acting head signs by order, on the days of the order and as «И. о.»."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from marshrut.demonstration.town import done
from signing.keys import SigningKey
from tests.integration.pairs.deeds import (
    SCHOOL,
    consented,
    experienced,
    life,
    on_day,
    order_agreed,
    order_begun,
    proposed,
    refused,
    requested,
)
from tests.integration.pairs.test_head_is_mentor import printed_head
from tests.integration.security.own_authority import OwnAuthority, begun, handed_in, outputs
from tests.integration.workflow.acts import fixed, load, seen, signed, state
from tests.told_once import told_once
from tests.world import World
from workflow.domain.documents import Document
from workflow.domain.mandates import Mandate
from workflow.domain.pairs import PairStatus
from workflow.domain.regulations import Role
from workflow.domain.routes import DocumentState
from workflow.domain.signatures import SignatureStatus
from workflow.usecases.end_mandate import end_mandate
from workflow.usecases.fix import fix
from workflow.usecases.prepare import save_facts, start_document
from workflow.usecases.record_signature import record_signature
from workflow.usecases.return_for_rework import return_for_rework
from workflow.usecases.sign import begin_signing
from workflow.usecases.staff import give_mandate
from workflow.usecases.visual_copy import read_for_copy

ACTING = "kuzina"
FIRST, LAST = date(2026, 5, 6), date(2026, 5, 13)
GROUND = "приказ от 30 апреля 2026 г. № 28-к"
SINCE = date(2026, 6, 1)


@pytest.fixture
@told_once
def matched(kedrovsk: World) -> UUID:
    """A pair that is ready for its order on 4 May; the deputy will act from 6 to 13 May."""
    experienced(kedrovsk, "zotova", in_field=18)
    experienced(kedrovsk, "golubeva", pedagogical=1)
    case_id = requested(kedrovsk, "golubeva", since=SINCE)
    proposed(kedrovsk, case_id, "zotova", SINCE)
    consented(kedrovsk, case_id, "zotova", "golubeva")
    acts_for_the_head(kedrovsk)
    return case_id


def agreed_order(world: World, case_id: UUID) -> UUID:
    """An order written today; the curator, who may be the acting head, has agreed it."""
    order = order_begun(world, case_id)
    order_agreed(world, order.id)
    return order.id


def fixed_order(world: World, case_id: UUID) -> Document:
    return fixed(world, agreed_order(world, case_id), SCHOOL)


@pytest.fixture
def key(kedrovsk: World) -> SigningKey:
    authority = OwnAuthority.trusted(kedrovsk, "advanced")
    authority.new_list(lives=timedelta(days=30))
    return authority.key(ACTING, place=SCHOOL)


def acts_for_the_head(world: World) -> Mandate:
    employment, operator = world.person(ACTING).employment_id, world.town.operator
    return done(
        give_mandate(world.services, operator, employment, "acting_head", FIRST, LAST, GROUND)
    )


def may_not_sign(world: World, who: str, document_id: UUID) -> str:
    actor, digest = world.actor(who), seen(world, document_id)
    return refused(world, lambda: begin_signing(world.services, actor, document_id, digest)).code


def test_before_the_first_day_the_head_signs_and_nobody_else(
    kedrovsk: World, matched: UUID
) -> None:
    document = fixed_order(kedrovsk, matched)
    assert (printed_head(kedrovsk, document).last, document.dated) == ("Седова", date(2026, 5, 4))
    assert may_not_sign(kedrovsk, ACTING, document.id) == "step.not_yours"


@pytest.mark.parametrize("day", [FIRST, LAST])
def test_on_the_days_of_the_order_the_acting_head_signs_and_is_named_so(
    kedrovsk: World, matched: UUID, key: SigningKey, day: date
) -> None:
    on_day(kedrovsk, day)
    document = fixed_order(kedrovsk, matched)
    head = printed_head(kedrovsk, document)
    assert (head.last, head.post) == ("Кузина", "и.\u00a0о. директора")
    assert head.post_forms == ()  # the same in every case
    signature = done(handed_in(kedrovsk, document, key, who=ACTING))
    kedrovsk.work()
    assert signature.status is SignatureStatus.ACCEPTED, signature.explanation
    with kedrovsk.services.uow.reading() as tx:
        assert signature.mandate_id is not None
        assert tx.mandates.load(signature.mandate_id).ground == GROUND
    assert state(kedrovsk, document.id) is DocumentState.IN_FORCE
    assert life(kedrovsk, matched).status is PairStatus.WAITING_TO_BEGIN
    assert posts_on_copy(kedrovsk, document.id) == ["и.\u00a0о. директора"]


def posts_on_copy(world: World, document_id: UUID) -> list[str]:
    """The posts in the marks of the visual copy."""
    with world.services.uow.reading() as tx:
        document = tx.documents.load(document_id)
        read = read_for_copy(tx, world.services, document)
    assert read is not None
    return [mark.post for mark in read.requests[0].marks]


def test_agreement_names_the_order_by_which_the_acting_head_acts(
    kedrovsk: World, matched: UUID
) -> None:
    def basis() -> object:
        clerk = kedrovsk.actor("titova")
        begun = done(start_document(kedrovsk.services, clerk, matched, "D13"))
        return begun.facts["head_basis"]

    assert basis() == "Устава"
    on_day(kedrovsk, FIRST)
    assert basis() == "приказа от 30 апреля 2026 г. № 28-к"


def test_while_somebody_acts_the_head_does_not_sign_in_their_name(
    kedrovsk: World, matched: UUID
) -> None:
    on_day(kedrovsk, FIRST)
    document = fixed_order(kedrovsk, matched)
    assert may_not_sign(kedrovsk, "sedova", document.id) == "sign.acting_head"


def test_a_head_who_is_back_earlier_signs_what_names_the_head(
    kedrovsk: World, matched: UUID
) -> None:
    on_day(kedrovsk, FIRST)
    order_id = agreed_order(kedrovsk, matched)
    with kedrovsk.services.uow.reading() as tx:
        (mandate,) = (
            m
            for m in tx.mandates.of_organisation(kedrovsk.place(SCHOOL).id)
            if m.role is Role.ACTING_HEAD
        )
    done(end_mandate(kedrovsk.services, kedrovsk.town.operator, mandate.id, FIRST))
    on_day(kedrovsk, date(2026, 5, 7))
    clerk = kedrovsk.actor("titova")
    stale = refused(kedrovsk, lambda: fix(kedrovsk.services, clerk, order_id))
    assert stale.code == "fix.changed"  # it was agreed with another name under it
    done(return_for_rework(kedrovsk.services, clerk, order_id, "подписывает директор"))
    saved = done(save_facts(kedrovsk.services, clerk, order_id, load(kedrovsk, order_id).facts))
    assert saved.problems == ()
    kedrovsk.work()
    order_agreed(kedrovsk, order_id)
    document = fixed(kedrovsk, order_id, SCHOOL)
    assert printed_head(kedrovsk, document).post == "директор"
    signed(kedrovsk, order_id, SCHOOL)
    assert state(kedrovsk, order_id) is DocumentState.IN_FORCE


def test_after_the_last_day_the_authority_is_over(kedrovsk: World, matched: UUID) -> None:
    on_day(kedrovsk, date(2026, 5, 14))
    document = fixed_order(kedrovsk, matched)
    assert printed_head(kedrovsk, document).post == "директор"
    assert may_not_sign(kedrovsk, ACTING, document.id) == "step.not_yours"


def test_what_was_begun_in_time_is_not_accepted_after_the_last_day(
    kedrovsk: World, matched: UUID, key: SigningKey
) -> None:
    """Midnight passes between the beginning and the handing in."""
    on_day(kedrovsk, LAST)
    document = fixed_order(kedrovsk, matched)
    kedrovsk.clock.now = datetime(2026, 5, 13, 16, 59, tzinfo=UTC)  # 23:59 in Kedrovsk
    signing = begun(kedrovsk, document, ACTING)
    made = outputs(kedrovsk, signing, key)
    kedrovsk.clock.now += timedelta(minutes=2)
    actor = kedrovsk.actor(ACTING)
    late = refused(
        kedrovsk, lambda: record_signature(kedrovsk.services, actor, signing.attempt.id, made)
    )
    assert late.code == "step.not_yours"
