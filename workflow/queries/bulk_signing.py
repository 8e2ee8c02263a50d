"""Signing several documents at once: what can be chosen, what is in a list, what became of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from workflow.domain.bulk_signing import MOST_AT_ONCE, Bulk, BulkItem, BulkWay
from workflow.domain.mandates import Actor
from workflow.domain.refusals import Refusal
from workflow.domain.regulations import Verb
from workflow.domain.signatures import Signature
from workflow.queries.headings import FileCard, Heading, file_cards, heading_of
from workflow.queries.my_keys import KeyCard, key_card
from workflow.queries.waiting import roles_held, short_names
from workflow.queries.waiting_by_power import waiting_by_power
from workflow.store.unit_of_work import Repositories
from workflow.usecases import desk as desks
from workflow.usecases.bulk_signing import (
    Visit,
    is_seen,
    may_sign_in_bulk,
    own_bulk,
    own_item,
)
from workflow.usecases.desk import Desk
from workflow.usecases.errors import NotFoundError
from workflow.usecases.services import Services
from workflow.usecases.wording import document_named

#: So long after its beginning an unfinished list is offered to go on with.
OFFERED_FOR = timedelta(days=1)


@dataclass(frozen=True)
class Choosable:
    """A document that waits for the actor's signature; `refusal`: why it cannot be chosen now.

    `concerns` are short names of the people whom it concerns.
    """

    heading: Heading
    kind: str
    concerns: tuple[str, ...]
    files: tuple[FileCard, ...]
    refusal: Refusal | None


@dataclass(frozen=True)
class Unfinished:
    """A list in which something is left: how much is done, out of how many."""

    bulk: Bulk
    done: int
    total: int


@dataclass(frozen=True)
class ChoicePage:
    """A page of what waits for the actor's signature, numbered from 1."""

    way: BulkWay
    items: tuple[Choosable, ...]
    total: int
    page: int
    pages: int
    key: KeyCard | None
    unfinished: tuple[Unfinished, ...]


def choice_page(
    services: Services, actor: Actor, visit: Visit, way: BulkWay, page: int = 1
) -> ChoicePage:
    """Return what may be chosen; a page outside the list is its nearest one."""
    with services.uow.reading() as tx:
        waiting = _to_sign(tx, services, actor)
        pages = max(1, -(-len(waiting) // MOST_AT_ONCE))
        page = min(max(1, page), pages)
        shown = waiting[(page - 1) * MOST_AT_ONCE : page * MOST_AT_ONCE]
        laid = [desks.lay(tx, services, actor, document_id) for document_id in shown]
        names = short_names(tx, {one for desk in laid for one in desk.around.counterparties})
        keys = tx.person_keys.of_person(actor.person_id)
        return ChoicePage(
            way=way,
            items=tuple(_choosable(tx, desk, way, names) for desk in laid),
            total=len(waiting),
            page=page,
            pages=pages,
            key=key_card(keys[0], services.clock()) if keys else None,
            unfinished=_unfinished(tx, services, visit),
        )


def _to_sign(tx: Repositories, services: Services, actor: Actor) -> list[UUID]:
    """The documents that wait for the actor's signature, the oldest first."""
    now = services.clock()
    places = tx.organisations.load_many(
        [e.organisation_id for e in actor.employments] + [m.organisation_id for m in actor.mandates]
    )
    roles = roles_held(actor, {place.id: place.local_day(now) for place in places.values()})
    waiting = tx.documents.waiting_for([e.id for e in actor.employments], roles)
    waiting += waiting_by_power(tx, services, actor)
    return list(dict.fromkeys(one for one, step in waiting if step.verb is Verb.SIGN))


def _choosable(tx: Repositories, desk: Desk, way: BulkWay, names: dict[UUID, str]) -> Choosable:
    fixing = desk.document.fixing
    return Choosable(
        heading=heading_of(desk),
        kind=desk.kind.title,
        concerns=_concerns(desk, names),
        files=file_cards(fixing.manifest if fixing else None),
        refusal=may_sign_in_bulk(tx, desk, way),
    )


def _concerns(desk: Desk, names: dict[UUID, str]) -> tuple[str, ...]:
    return tuple(sorted(names[one] for one in desk.around.counterparties))


def _unfinished(tx: Repositories, services: Services, visit: Visit) -> tuple[Unfinished, ...]:
    bulks = tx.bulks.unfinished(visit.account_id, services.clock() - OFFERED_FOR)
    items = tx.bulk_items.of_bulks(bulk.id for bulk in bulks)
    return tuple(
        Unfinished(bulk, sum(i.is_done for i in items[bulk.id]), len(items[bulk.id]))
        for bulk in bulks
    )


@dataclass(frozen=True)
class BulkLine:
    """A document of a list. `named` is its title with date and number.

    `is_seen`: the files that lie there now have been looked at. `signature` is the one that was
    made, as it stands now.
    """

    item: BulkItem
    named: str
    is_seen: bool
    signature: Signature | None


@dataclass(frozen=True)
class BulkPage:
    """A list and what became of each document; `key_serves_until` while the key is unlocked.

    `key` is the one kept here that would be used.
    """

    bulk: Bulk
    lines: tuple[BulkLine, ...]
    key: KeyCard | None
    key_serves_until: datetime | None

    @property
    def left(self) -> tuple[BulkLine, ...]:
        """The documents that have no answer yet."""
        return tuple(line for line in self.lines if not line.item.is_done)

    @property
    def unseen(self) -> tuple[BulkLine, ...]:
        """The documents that have to be looked at before the confirmation."""
        return tuple(line for line in self.lines if not line.is_seen)


def bulk_page(services: Services, actor: Actor, visit: Visit, bulk_id: UUID) -> BulkPage:
    """Return the actor's own list; NotFoundError for any other."""
    with services.uow.reading() as tx:
        bulk = own_bulk(tx, actor, visit, bulk_id)
        items = tx.bulk_items.of_bulk(bulk_id)
        keys = tx.person_keys.of_person(actor.person_id)
        held = tx.held_keys.find(bulk_id)
        serves = (
            held is not None
            and held.session == visit.session
            and services.clock() < held.expires_at
        )
        return BulkPage(
            bulk=bulk,
            lines=_lines(tx, items),
            key=key_card(keys[0], services.clock()) if keys else None,
            key_serves_until=held.expires_at if held and serves else None,
        )


def _lines(tx: Repositories, items: Sequence[BulkItem]) -> tuple[BulkLine, ...]:
    documents = tx.documents.load_many(item.document_id for item in items)
    made = tx.signatures.load_many(_signatures_in(items))
    return tuple(
        BulkLine(
            item=item,
            named=document_named(documents[item.document_id]),
            is_seen=is_seen(item, documents[item.document_id]),
            signature=made[item.signature_id] if item.signature_id else None,
        )
        for item in items
    )


def _signatures_in(items: Iterable[BulkItem]) -> list[UUID]:
    return [item.signature_id for item in items if item.signature_id]


def bulk_line(
    services: Services, actor: Actor, visit: Visit, bulk_id: UUID, document_id: UUID
) -> BulkLine:
    """Return one document of the actor's own list; NotFoundError for any other."""
    with services.uow.reading() as tx:
        _bulk, item = own_item(tx, actor, visit, bulk_id, document_id)
        return _lines(tx, [item])[0]


@dataclass(frozen=True)
class LookPage:
    """A document of a list, to be looked at: its place (from 1), and which is to be seen next.

    `digest` is that of the files shown. `previous` and `following` are its neighbours; `unseen` is
    the next one that has not been looked at, itself left out. What was made ready anew after it
    had been looked at shows on the list.
    """

    bulk: Bulk
    document: Choosable
    digest: str
    place: int
    total: int
    seen: int
    is_seen: bool
    previous: UUID | None
    following: UUID | None
    unseen: UUID | None


def look_page(
    services: Services, actor: Actor, visit: Visit, bulk_id: UUID, document_id: UUID
) -> LookPage:
    """Return a document of the actor's own list; NotFoundError when it is not there any more."""
    with services.uow.reading() as tx:
        bulk = own_bulk(tx, actor, visit, bulk_id)
        items = tx.bulk_items.of_bulk(bulk_id)
        order = [item.document_id for item in items]
        if document_id not in order:
            raise NotFoundError(f"document {document_id} is not in list {bulk_id}")
        here = order.index(document_id)
        desk = desks.lay(tx, services, actor, document_id)
        names = short_names(tx, desk.around.counterparties)
        manifest = desk.document.manifest
        return LookPage(
            bulk=bulk,
            document=_choosable(tx, desk, bulk.way, names),
            digest=manifest.digest if manifest else "",
            place=here + 1,
            total=len(order),
            seen=sum(item.seen_at is not None for item in items),
            is_seen=is_seen(items[here], desk.document),
            previous=order[here - 1] if here else None,
            following=order[here + 1] if here + 1 < len(order) else None,
            unseen=_unseen_after(items, here),
        )


def next_to_look_at(
    services: Services, actor: Actor, visit: Visit, bulk_id: UUID, document_id: UUID
) -> UUID | None:
    """Return the next document of the actor's own list that nobody has looked at yet."""
    with services.uow.reading() as tx:
        own_bulk(tx, actor, visit, bulk_id)
        items = tx.bulk_items.of_bulk(bulk_id)
    places = [place for place, item in enumerate(items) if item.document_id == document_id]
    return _unseen_after(items, places[0] if places else -1)


def _unseen_after(items: Sequence[BulkItem], here: int) -> UUID | None:
    """The next document after `here`, or else before it, that has not been looked at."""
    others = [*items[here + 1 :], *items[:here]]
    return next((item.document_id for item in others if item.seen_at is None), None)
