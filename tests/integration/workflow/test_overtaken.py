"""What was overtaken while it was being worked on leaves no trace, and nothing follows twice."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from marshrut.demonstration.town import KEY_PASSWORD, done
from tests.world import World
from workflow.domain.documents import Document
from workflow.domain.regulations import Role
from workflow.domain.signatures import Signature, SignatureStatus
from workflow.usecases.fix import fix
from workflow.usecases.installation import renew_training_crls
from workflow.usecases.open_case import open_case
from workflow.usecases.prepare import save_facts, start_document, submit
from workflow.usecases.render import render_many
from workflow.usecases.sign import sign_with_stored_key

LISTS_LIVE = timedelta(days=60)


def load(world: World, document_id: UUID) -> Document:
    with world.services.uow.reading() as tx:
        return tx.documents.load(document_id)


def appointment(world: World, curator: str) -> Document:
    """An order that appoints the curator, its facts saved and nothing assembled yet."""
    services, clerk = world.services, world.actor("zaytseva")
    case = done(open_case(services, clerk, world.place("school-1").id, "programme", "2026/2027"))
    return appointed(world, done(start_document(services, clerk, case.id, "D06")), curator)


def appointed(world: World, order: Document, curator: str) -> Document:
    named = {"curator": world.employment(curator), "sysadmin": world.employment("ershov")}
    facts = {**order.facts, **named, "basis": "приказа отдела", "curator_reason": "Замещений нет"}
    saved = done(save_facts(world.services, world.actor("zaytseva"), order.id, facts))
    assert saved.problems == ()
    return load(world, order.id)


def test_a_draft_of_facts_that_were_changed_meanwhile_is_not_shown(world: World) -> None:
    order = appointment(world, "safina")
    asked = {"document": str(order.id), "revision": 1, "fixing": 0}
    (late,) = render_many(world.services, [asked])
    appointed(world, order, "ershov")
    with world.services.uow() as tx:
        late(tx)
        tx.commit()
    assert load(world, order.id).revision.draft is None
    world.work()
    draft = load(world, order.id).revision.draft
    assert draft is not None
    again = appointed(world, load(world, order.id), "safina")
    world.work()
    other = load(world, again.id).revision.draft
    assert other is not None
    assert draft.content != other.content


def _signed(world: World, order: Document) -> Signature:
    manifest = load(world, order.id).manifest
    assert manifest is not None
    head = world.actor("belova")
    return done(sign_with_stored_key(world.services, head, order.id, manifest.digest, KEY_PASSWORD))


def test_an_order_signed_twice_while_no_list_was_there_takes_effect_once(world: World) -> None:
    clerk = world.actor("zaytseva")
    world.clock.now += timedelta(days=70)
    order = appointment(world, "safina")
    world.work()
    done(submit(world.services, clerk, order.id))
    done(fix(world.services, clerk, order.id))
    world.work()
    signatures = [_signed(world, order), _signed(world, order)]
    assert {s.status for s in signatures} == {SignatureStatus.RECEIVED}

    renew_training_crls(world.services, world.authorities.crls(world.clock(), LISTS_LIVE))
    world.work()
    with world.services.uow.reading() as tx:
        now = [tx.signatures.load(s.id).status for s in signatures]
        mandates = tx.mandates.of_organisation(order.organisation_id)
    assert now == [SignatureStatus.ACCEPTED, SignatureStatus.ACCEPTED]
    given = [m for m in mandates if m.ground_document_id == order.id]
    assert [m.role for m in given] == [Role.CURATOR]
