"""The office's matrix: what its order asks for, against the organisations that report to it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, tzinfo
from uuid import UUID

from workflow.domain.documents import Document
from workflow.domain.exchange import may_decide
from workflow.domain.mandates import Actor
from workflow.domain.obligations import Obligation
from workflow.domain.organisations import Organisation
from workflow.domain.refusals import Refusal
from workflow.domain.regulations import Origin
from workflow.domain.routes import DocumentState
from workflow.queries.cells import Cell, OfficeDay, Standing, cells_of
from workflow.queries.offices import office_seen, offices_of
from workflow.store.errors import MissingRowError
from workflow.store.types import folded
from workflow.store.unit_of_work import Repositories
from workflow.usecases.errors import NotFoundError
from workflow.usecases.order_tasks import TASKS
from workflow.usecases.services import Services
from workflow.usecases.wording import order_named

ORDERS_SHOWN = 50


@dataclass(frozen=True)
class OrderCard:
    """An order with tasks, as it is cited."""

    document_id: UUID
    named: str
    number: str
    dated: date | None


@dataclass(frozen=True)
class OfficeOrders:
    """The orders by which one office has set tasks, the newest first; who may add one."""

    office_id: UUID
    office: str
    orders: tuple[OrderCard, ...]
    refusal: Refusal | None


@dataclass(frozen=True)
class Column:
    """A task of the order; `due` is the day set for everybody, `sums` count its cells."""

    key: str
    title: str
    article: str
    due: date | None
    sums: Mapping[Standing, int]


@dataclass(frozen=True)
class Row:
    """An organisation with its cells in the order of the columns (None: not asked of it)."""

    organisation_id: UUID
    name: str
    cells: tuple[Cell | None, ...]


@dataclass(frozen=True)
class Board:
    """The matrix of one order; `today` is the office's day."""

    order: OrderCard
    office_id: UUID
    office: str
    today: date
    zone: tzinfo
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]

    @property
    def sums(self) -> Mapping[Standing, int]:
        """Count the cells of the whole matrix."""
        return Counter(cell.standing for row in self.rows for cell in row.cells if cell)


def office_orders(services: Services, actor: Actor) -> tuple[OfficeOrders, ...]:
    """Return the orders of every office that the actor may look at."""
    with services.uow.reading() as tx:
        return tuple(
            _orders(tx, services, actor, office) for office in offices_of(tx, services, actor)
        )


def _orders(
    tx: Repositories, services: Services, actor: Actor, office: Organisation
) -> OfficeOrders:
    found: list[OrderCard] = []
    for code in order_types(services, office):
        page = tx.documents.of_organisation(
            office.id,
            type_code=code,
            states=(DocumentState.IN_FORCE, DocumentState.AMENDED),
            limit=ORDERS_SHOWN,
        )
        found += [order_card(document) for document in page.items]
    found.sort(key=lambda card: (card.dated or date.min, card.document_id), reverse=True)
    refusal = may_decide(actor, office, office.local_day(services.clock()))
    return OfficeOrders(office.id, office.short_name, tuple(found), refusal)


def order_types(services: Services, office: Organisation) -> list[str]:
    """Return the codes of the types by which the office's pack sets tasks."""
    if not office.pack:
        return []
    types = services.packs.newest(office.pack).document_types
    return [
        code for code, kind in types.items() if kind.origin is Origin.EXISTING and kind.field(TASKS)
    ]


def order_card(order: Document) -> OrderCard:
    """Return an order as pages name it."""
    return OrderCard(order.id, order_named(order), order.number, order.dated)


def order_seen(tx: Repositories, services: Services, actor: Actor, order_id: UUID) -> Document:
    """Return the order; NotFoundError when there is none for the actor's eyes."""
    try:
        order = tx.documents.load(order_id)
    except MissingRowError as error:
        raise NotFoundError(f"order {order_id}") from error
    office_seen(tx, services, actor, order.organisation_id)
    return order


def office_board(services: Services, actor: Actor, order_id: UUID) -> Board:
    """Return the matrix of an order; NotFoundError when it is not for the actor's eyes."""
    with services.uow.reading() as tx:
        order = order_seen(tx, services, actor, order_id)
        office = tx.organisations.load(order.organisation_id)
        around = OfficeDay.of(tx, services, office)
        cells = cells_of(tx, around, tx.obligations.of_source(order_id))
        if not cells:
            raise NotFoundError(f"order {order_id} sets no tasks")
        debtors = tx.organisations.load_many(c.obligation.debtor_id for c in cells)
    columns = _columns(order, cells)
    rows = [_row(debtor, cells, columns) for debtor in debtors.values()]
    return Board(
        order=order_card(order),
        office_id=office.id,
        office=office.short_name,
        today=around.today,
        zone=office.zone,
        columns=columns,
        rows=tuple(sorted(rows, key=lambda row: folded(row.name))),
    )


def _columns(order: Document, cells: tuple[Cell, ...]) -> tuple[Column, ...]:
    """The tasks in the order in which they stand in the order."""
    rows = order.facts.get(TASKS) or ()
    assert isinstance(rows, Sequence)
    places = {str(row["key"]): place for place, row in enumerate(rows)}
    by_key: dict[str, list[Cell]] = {}
    for cell in cells:
        by_key.setdefault(cell.obligation.key, []).append(cell)
    keys = sorted(by_key, key=lambda key: (places.get(key, len(places)), key))
    return tuple(_column(by_key[key]) for key in keys)


def _column(cells: list[Cell]) -> Column:
    task: Obligation = cells[0].obligation
    sums = Counter(cell.standing for cell in cells)
    return Column(task.key, task.title, task.article, task.due, sums)


def _row(debtor: Organisation, cells: tuple[Cell, ...], columns: tuple[Column, ...]) -> Row:
    own = {c.obligation.key: c for c in cells if c.obligation.debtor_id == debtor.id}
    return Row(debtor.id, debtor.short_name, tuple(own.get(column.key) for column in columns))
