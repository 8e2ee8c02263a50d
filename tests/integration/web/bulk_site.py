"""Many documents that wait for one head's signature, made quickly, and lists of them."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from marshrut.demonstration.town import KEY_PASSWORD, done
from tests.world import World
from workflow.domain.bulk_signing import Bulk, BulkItem, BulkWay
from workflow.domain.documents import Document
from workflow.domain.signatures import Signature
from workflow.usecases.bulk_signing import (
    KeyOpened,
    Visit,
    begin_bulk,
    confirm_with_key,
    look_at,
)
from workflow.usecases.fix import fix
from workflow.usecases.prepare import save_facts, start_document, submit

HEAD = "belova"


def fixed_appointments(world: World, case_id: UUID, count: int) -> list[Document]:
    """Orders (D06, one file, CAdES) with number and date; workers are called twice for all."""
    services, clerk = world.services, world.actor("zaytseva")
    facts = {"curator": world.employment("safina"), "sysadmin": world.employment("ershov")}
    begun = [done(start_document(services, clerk, case_id, "D06")) for _ in range(count)]
    for one in begun:
        assert done(save_facts(services, clerk, one.id, {**one.facts, **facts})).problems == ()
    world.work()
    for one in begun:
        done(submit(services, clerk, one.id))
        done(fix(services, clerk, one.id))
    world.work()
    with services.uow.reading() as tx:
        return list(tx.documents.load_many([one.id for one in begun]).values())


def visit(world: World, key: str = HEAD, session: str = "session of a browser") -> Visit:
    """A browser in which somebody has signed in."""
    with world.services.uow.reading() as tx:
        (account,) = tx.accounts.of_person(world.person(key).person_id)
    return Visit(account.id, session)


def digest_of(world: World, document_id: UUID) -> str:
    with world.services.uow.reading() as tx:
        manifest = tx.documents.load(document_id).manifest
    assert manifest is not None
    return manifest.digest


def looked_at(world: World, documents: Sequence[Document], way: BulkWay = BulkWay.KEY_HERE) -> Bulk:
    """A list of these documents, each of which the head has looked at."""
    services, head, browser = world.services, world.actor(HEAD), visit(world)
    bulk = done(begin_bulk(services, head, [one.id for one in documents], way, browser))
    for one in documents:
        done(look_at(services, head, bulk.id, one.id, digest_of(world, one.id), browser))
    return bulk


def unlocked(world: World, bulk: Bulk) -> KeyOpened:
    """The list confirmed with the password of the key kept here."""
    return done(
        confirm_with_key(world.services, world.actor(HEAD), bulk.id, KEY_PASSWORD, visit(world))
    )


def items_of(world: World, bulk: Bulk) -> list[BulkItem]:
    with world.services.uow.reading() as tx:
        return tx.bulk_items.of_bulk(bulk.id)


def signatures_of(world: World, documents: Sequence[Document]) -> list[Signature]:
    with world.services.uow.reading() as tx:
        return tx.signatures.of_documents([one.id for one in documents])
