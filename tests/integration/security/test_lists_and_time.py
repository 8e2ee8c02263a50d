"""Nobody's list may hide a revocation, and no queue may hide a signature."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa

from tests.integration.security.own_authority import DAY, OwnAuthority, handed_in
from tests.integration.web.signing_site import fixed_appointment, load, programme
from tests.pki import ec_key
from tests.world import World
from workflow.domain.obligations import ObligationState, state_of
from workflow.domain.refusals import Refusal
from workflow.domain.signatures import Signature, SignatureStatus
from workflow.domain.trust import MOST_OF_UNKNOWN, StoredCrl
from workflow.store.tables.outbox import outbox
from workflow.usecases import due
from workflow.usecases.second_look import KIND
from workflow.usecases.trust import import_crl

HOUR = timedelta(hours=1)


def accepted(world: World, own: OwnAuthority, lives: timedelta = 365 * DAY) -> Signature:
    signature = handed_in(
        world, fixed_appointment(world, programme(world)), own.key("belova", lives)
    )
    assert isinstance(signature, Signature), signature
    assert signature.status is SignatureStatus.ACCEPTED, signature.explanation
    return signature


def now_of(world: World, signature: Signature) -> Signature:
    with world.services.uow.reading() as tx:
        return tx.signatures.load(signature.id)


def ask_for_second_looks(world: World) -> None:
    with world.services.uow() as tx:
        due.accepted_signatures(tx)
        tx.commit()
    world.work()


def test_a_revocation_stays_known_after_the_authority_has_dropped_the_certificate(
    world: World,
) -> None:
    own = OwnAuthority.trusted(world, "hidden")
    own.new_list()
    world.clock.now += HOUR
    signature = accepted(world, own, lives=5 * DAY)
    serial = int(signature.serial, 16)
    world.clock.now += DAY
    own.new_list({serial: signature.received_at - timedelta(minutes=30)})
    world.clock.now += 30 * DAY
    own.root_list()
    own.new_list()  # the certificate has expired, so it is listed no longer
    ask_for_second_looks(world)
    assert now_of(world, signature).status is SignatureStatus.WITHDRAWN


def test_a_forged_list_of_the_same_name_does_not_displace_the_real_one(world: World) -> None:
    own = OwnAuthority.trusted(world, "forged")
    own.new_list()
    world.clock.now += HOUR
    forged = own.office.issuing.crl(
        this_update=world.clock(), next_update=world.clock() + DAY, key=ec_key("a forger")
    )
    assert not isinstance(import_crl(world.services, world.actor("gareev"), forged), Refusal)
    world.clock.now += HOUR
    accepted(world, own)


def forge(world: World, own: OwnAuthority, issued: datetime) -> StoredCrl | Refusal:
    """A list in the name of the authority, by another key, handed in by an officer."""
    forged = own.office.issuing.crl(
        this_update=issued, next_update=issued + 30 * DAY, key=ec_key("a forger")
    )
    return import_crl(world.services, world.actor("gareev"), forged)


def test_many_forged_lists_do_not_push_out_the_one_that_revokes(world: World) -> None:
    own = OwnAuthority.trusted(world, "pushed")
    own.new_list(lives=30 * DAY)
    world.clock.now += HOUR
    signature = accepted(world, own)
    world.clock.now += DAY
    own.new_list({int(signature.serial, 16): signature.received_at - timedelta(minutes=1)})
    for minutes in range(1, MOST_OF_UNKNOWN):
        for issued in (
            signature.received_at + timedelta(minutes=minutes),
            world.clock() + timedelta(seconds=minutes),
        ):
            forge(world, own, issued)
    last = forge(world, own, world.clock())
    assert isinstance(last, Refusal)
    assert last.code == "crl.of_unknown"
    ask_for_second_looks(world)
    assert now_of(world, signature).status is SignatureStatus.WITHDRAWN


def test_older_lists_that_come_later_do_not_push_out_the_one_that_revokes(world: World) -> None:
    own = OwnAuthority.trusted(world, "older")
    own.new_list(lives=60 * DAY)
    world.clock.now += HOUR
    signature = accepted(world, own, lives=5 * DAY)
    world.clock.now += DAY
    own.new_list({int(signature.serial, 16): signature.received_at - timedelta(minutes=30)})
    world.clock.now += 30 * DAY
    own.root_list()
    for hours in range(1, 5):
        before = signature.received_at + timedelta(hours=hours)
        for issued in (before, world.clock() - timedelta(hours=hours)):
            older = own.office.issuing.crl(this_update=issued, next_update=issued + 60 * DAY)
            import_crl(world.services, world.actor("gareev"), older)
    ask_for_second_looks(world)
    assert now_of(world, signature).status is SignatureStatus.WITHDRAWN


def test_a_list_of_an_authority_that_was_unknown_counts_when_its_list_has_no_place(
    world: World,
) -> None:
    """However many strangers' lists there are, that of a known authority is taken."""
    own = OwnAuthority.trusted(world, "full")
    own.new_list()
    world.clock.now += HOUR
    signature = accepted(world, own)
    for minutes in range(MOST_OF_UNKNOWN):
        forge(world, own, world.clock() - timedelta(minutes=minutes))
    world.clock.now += DAY
    own.root_list()
    own.new_list({int(signature.serial, 16): signature.received_at - timedelta(minutes=1)})
    ask_for_second_looks(world)
    assert now_of(world, signature).status is SignatureStatus.WITHDRAWN


def test_a_list_of_tomorrow_is_refused(world: World) -> None:
    own = OwnAuthority.trusted(world, "tomorrow")
    made = own.office.issuing.crl(
        this_update=world.clock() + DAY, next_update=world.clock() + 30 * DAY
    )
    refusal = import_crl(world.services, world.town.operator, made)
    assert isinstance(refusal, Refusal)
    assert refusal.code == "crl.in_future"


def test_signatures_that_cannot_be_settled_hold_up_nobody_else(world: World) -> None:
    own = OwnAuthority.trusted(world, "queue")
    own.new_list()
    world.clock.now += HOUR
    signature = accepted(world, own)
    with world.services.uow() as tx:
        for number in range(due.MOST_AT_ONCE + 1):
            before = signature.received_at - timedelta(minutes=number + 1)
            older = replace(
                signature,
                id=world.services.new_id(),
                received_at=before,
                checked_at=before,
                status=SignatureStatus.ACCEPTED,
                version=0,
            )
            tx.signatures.save(older, None)
        tx.commit()
    world.clock.now += DAY
    own.new_list({int(signature.serial, 16): signature.received_at - timedelta(minutes=1)})
    with world.services.uow() as tx:
        for _ in range(2):
            due.accepted_signatures(tx)
        tx.commit()
    asked = asked_for(world)
    assert str(signature.id) in asked


def asked_for(world: World) -> set[str]:
    """The signatures for which a second look has been asked."""
    with world.services.uow.reading() as tx:
        rows = tx.connection.execute(sa.select(outbox.c.payload).where(outbox.c.kind == KIND))
        return {row.payload["signature"] for row in rows}


def test_the_document_loses_its_force_with_the_signature(world: World) -> None:
    own = OwnAuthority.trusted(world, "force")
    own.new_list()
    world.clock.now += HOUR
    signature = accepted(world, own)
    world.clock.now += DAY
    own.root_list()
    own.new_list({int(signature.serial, 16): signature.received_at - timedelta(minutes=1)})
    ask_for_second_looks(world)
    assert now_of(world, signature).status is SignatureStatus.WITHDRAWN
    assert [m.verdict for m in load(world, signature.document_id).marks][-1] == "withdrawn"


def test_a_task_is_not_met_by_a_document_whose_signature_fell(world: World) -> None:
    own = OwnAuthority.trusted(world, "task")
    own.new_list()
    world.clock.now += HOUR
    signature = accepted(world, own)
    assert signature.document_id in met_with(world)
    world.clock.now += DAY
    own.root_list()
    own.new_list({int(signature.serial, 16): signature.received_at - timedelta(minutes=1)})
    ask_for_second_looks(world)
    assert signature.document_id not in met_with(world)


def met_with(world: World) -> set[UUID | None]:
    """The documents with which school 1 has met a task for good."""
    with world.services.uow.reading() as tx:
        owed = tx.obligations.of_debtor(world.place("school-1").id, limit=100).items
    met = [o for o in owed if state_of(o) is ObligationState.MET]
    return {f.document_id for o in met for f in o.fulfilments if f.accepted_at}
