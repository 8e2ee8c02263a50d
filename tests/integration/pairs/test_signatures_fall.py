"""A signature that turns out not to hold: what the order did to its pairs is undone, and said.

The second look finds that the certificate had been revoked before the signing.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from uuid import UUID

import pytest

from marshrut.demonstration.town import done
from tests.integration.pairs.deeds import (
    SCHOOL,
    consented,
    experienced,
    life,
    looked_at_again,
    on_day,
    order_agreed,
    order_begun,
    owed,
    pair_of,
    proposed,
    requested,
)
from tests.integration.security.own_authority import OwnAuthority, handed_in
from tests.integration.workflow.acts import entries, fixed, load, signatures, state
from tests.mail_server import MailServer, mail_server, with_mail
from tests.told_once import told_once
from tests.world import World
from workflow.domain.documents import Document
from workflow.domain.obligations import ChangeKind, ObligationState, state_of
from workflow.domain.pairs import PairStatus
from workflow.domain.regulations import SignatureKind
from workflow.domain.routes import DocumentState
from workflow.domain.signatures import Signature, SignatureStatus
from workflow.usecases.prepare import save_facts, start_document, submit

DAY, HEAD = timedelta(days=1), "sedova"
SINCE = date(2026, 5, 5)
PAIRS = {"golubeva": "zotova", "nikitin": "komarov"}
LATER_ORDERS: dict[str, dict[str, object]] = {
    "D43": {
        "target_вин": "приказ о назначении наставников",
        "ground": "в связи с технической ошибкой",
        "changes": ({"action": "remove", "item": "пункт 3"},),
    },
    "D44": {
        "target_род": "приказа о назначении наставников",
        "ground": "в связи с ошибкой",
        "whole": False,
    },
}


@pytest.fixture
def server() -> Iterator[MailServer]:
    with mail_server() as running:
        yield running


@pytest.fixture
def office(kedrovsk: World, server: MailServer) -> World:
    experienced(kedrovsk, "zotova", in_field=18)
    experienced(kedrovsk, "komarov", in_field=12)
    for mentee in PAIRS:
        experienced(kedrovsk, mentee, pedagogical=1)
    return with_mail(kedrovsk, server)


@pytest.fixture
def own(office: World) -> OwnAuthority:
    return OwnAuthority.trusted(office, "late", SignatureKind.QUALIFIED)


@pytest.fixture
@told_once
def cases(office: World) -> list[UUID]:
    """Two pairs with all their papers; they begin on the next day."""
    found = []
    for mentee, mentor in PAIRS.items():
        case_id = requested(office, mentee, since=SINCE)
        proposed(office, case_id, mentor, SINCE)
        consented(office, case_id, mentor, mentee)
        found.append(case_id)
    return found


def signed_outside(world: World, own: OwnAuthority, document_id: UUID) -> Signature:
    """Made ready and signed with a key of the test's own authority, accepted by today's list."""
    ready = fixed(world, document_id, SCHOOL)
    own.root_list()
    own.new_list()
    world.clock.now += timedelta(minutes=1)
    signature = done(handed_in(world, ready, own.key(HEAD, place=SCHOOL), who=HEAD))
    assert signature.status is SignatureStatus.ACCEPTED, signature.explanation
    world.work()
    return signature


def ordered(world: World, own: OwnAuthority, *case_ids: UUID, code: str, **facts: object) -> UUID:
    order = order_begun(world, *case_ids, code=code, **facts)
    order_agreed(world, order.id)
    signed_outside(world, own, order.id)
    return order.id


def revoked(world: World, own: OwnAuthority, document_id: UUID, *, before: bool) -> None:
    """The next day's list names the certificate: revoked before the signing, or after it."""
    (signature,) = signatures(world, document_id)
    world.clock.now += DAY
    moment = signature.received_at + timedelta(hours=-2 if before else 2)
    own.root_list()
    own.new_list({int(signature.serial, 16): moment})
    looked_at_again(world)


def journal(world: World, document_id: UUID) -> list[str]:
    found = entries(world, "personnel", SCHOOL)
    return [str(e.state) for e in found if e.document_id == document_id]


# --- The order that brings pairs together ---------------------------------------------------


def test_what_the_order_did_is_undone_with_the_reason(
    office: World, own: OwnAuthority, cases: list[UUID]
) -> None:
    order = ordered(office, own, *cases, code="D14")
    on_day(office, SINCE)
    assert [life(office, one).status for one in cases] == [PairStatus.RUNNING] * 2
    revoked(office, own, order, before=True)
    assert [s.status for s in signatures(office, order)] == [SignatureStatus.WITHDRAWN]
    assert state(office, order) is DocumentState.TO_SIGN
    assert journal(office, order) == ["reserved"]
    number = load(office, order).number
    for case_id in cases:
        assert life(office, case_id).status is PairStatus.MATCHING
        assert [t.withdrawn_at for t in pair_of(office, case_id).turns] == [office.clock.now]
        undone = owed(office, case_id).values()
        assert {state_of(o) for o in undone} == {ObligationState.CANCELLED}
        assert all(number in o.changes[-1].ground for o in undone)


def test_head_clerk_and_all_whom_the_order_names_are_told_once(
    office: World, own: OwnAuthority, cases: list[UUID], server: MailServer
) -> None:
    order = ordered(office, own, *cases, code="D14")
    server.letters.clear()
    revoked(office, own, order, before=True)
    looked_at_again(office)
    letters = {one.recipients[0].split("@")[0]: one.text for one in server.letters}
    named = {"zotova", "golubeva", "komarov", "nikitin", "kuzina"}
    assert letters.keys() == named | {HEAD, "titova"}
    assert len(server.letters) == len(letters)
    for who, text in letters.items():
        assert "Причина: " in text
        assert (f"/documents/{order}" in text) is (who not in named)
        assert ("Документ касается вас" in text) is (who in named)


def test_signed_anew_the_same_order_brings_the_pairs_together_again(
    office: World, own: OwnAuthority, cases: list[UUID]
) -> None:
    order = ordered(office, own, *cases, code="D14")
    number, duties = load(office, order).number, owed(office, cases[0])
    revoked(office, own, order, before=True)
    signed_outside(office, own, order)
    assert load(office, order).number == number
    assert journal(office, order) == ["registered"]
    for case_id in cases:
        assert life(office, case_id).status is PairStatus.RUNNING
        assert len(pair_of(office, case_id).held) == 1
    again = owed(office, cases[0])
    assert again.keys() == duties.keys()
    assert {state_of(o) for o in again.values()} == {ObligationState.OPEN}
    plan = again["D16", "sign_mentor"]
    assert [c.kind for c in plan.changes][:2] == [ChangeKind.CANCELLED, ChangeKind.REQUIRED_AGAIN]


def test_a_certificate_revoked_after_the_signing_changes_nothing(
    office: World, own: OwnAuthority, cases: list[UUID]
) -> None:
    order = ordered(office, own, *cases, code="D14")
    before = [(pair_of(office, one), owed(office, one)) for one in cases]
    revoked(office, own, order, before=False)
    assert state(office, order) is DocumentState.IN_FORCE
    assert [(pair_of(office, one).turns, owed(office, one)) for one in cases] == [
        (pair.turns, duties) for pair, duties in before
    ]


# --- Later orders and notices ---------------------------------------------------------------


@pytest.mark.parametrize("code", LATER_ORDERS)
def test_an_order_that_was_amended_or_cancelled_without_force_is_as_before(
    office: World, own: OwnAuthority, cases: list[UUID], code: str
) -> None:
    order = ordered(office, own, *cases, code="D14")
    on_day(office, SINCE)
    later = ordered(office, own, cases[0], code=code, **LATER_ORDERS[code])
    assert state(office, order) is DocumentState.AMENDED
    cancelled = code == "D44"
    assert (life(office, cases[0]).status is PairStatus.CANCELLED) is cancelled
    revoked(office, own, later, before=True)
    assert state(office, later) is DocumentState.TO_SIGN
    assert state(office, order) is DocumentState.IN_FORCE
    assert {line.cancelled_by for line in load(office, order).lines} == {None}
    assert [life(office, one).status for one in cases] == [PairStatus.RUNNING] * 2
    assert {state_of(o) for o in owed(office, cases[0]).values()} == {ObligationState.OPEN}


def noticed(world: World, own: OwnAuthority, case_id: UUID) -> Document:
    """The head's notice, signed; the mentor has received it."""
    clerk = world.actor("titova")
    notice = done(start_document(world.services, clerk, case_id, "D24"))
    assert done(save_facts(world.services, clerk, notice.id, notice.facts)).problems == ()
    world.work()
    done(submit(world.services, clerk, notice.id))
    world.work()
    signed_outside(world, own, notice.id)
    world.acknowledge("zotova", notice.id)
    world.work()
    return load(world, notice.id)


def test_a_notice_without_force_leaves_the_mentor_with_the_pair(
    office: World, own: OwnAuthority, cases: list[UUID]
) -> None:
    ordered(office, own, *cases, code="D14")
    on_day(office, SINCE)
    notice = noticed(office, own, cases[0])
    assert life(office, cases[0]).ended_by is not None
    questionnaire = owed(office, cases[0])["D27", "sign"]
    assert state_of(questionnaire) is ObligationState.CANCELLED
    revoked(office, own, notice.id, before=True)
    assert life(office, cases[0]).ended_by is None
    assert life(office, cases[0]).status is PairStatus.RUNNING
    again = owed(office, cases[0])["D27", "sign"]
    assert state_of(again) is ObligationState.OPEN
    assert notice.number in again.changes[-1].ground
