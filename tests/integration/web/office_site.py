"""The office's side of the World: an order with tasks, packages that came, people who look."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from marshrut.demonstration.town import done
from tests.integration.web.signing_site import forward, order_the_town, programme, signed_letter
from tests.world import World
from workflow.domain.submissions import Submission
from workflow.queries.office_board import Board, office_board, office_orders
from workflow.usecases.deliver import deliver
from workflow.usecases.tasks import PaperArrival, enter_paper_arrival

ROADMAP, PROGRAMME, SITE = "2.5-1", "2.5-2", "2.6"
KINDERGARTEN, BIRCH, FIRST, SECOND = "Рябинка", "Берёзовская", "СОШ № 1", "СОШ № 2"


@dataclass(frozen=True)
class Ordered:
    """The municipal order in this world, its tasks due on `due`."""

    world: World
    order_id: UUID
    due: date

    def board(self) -> Board:
        return office_board(self.world.services, self.world.actor("gareev"), self.order_id)

    def task(self, school: str, key: str) -> UUID:
        """The task `key` of the school whose name holds `school`."""
        row = next(row for row in self.board().rows if school in row.name)
        return next(c.obligation.id for c in row.cells if c and c.obligation.key == key)

    def came_on_paper(self, school: str, key: str, on: date, signature: bytes = b"") -> Submission:
        arrival = PaperArrival(
            on, "Дорожная карта", "14", on, "plan.pdf", b"%PDF-1.4 plan", signature=signature
        )
        officer = self.world.actor("gareev")
        task = self.task(school, key)
        return done(enter_paper_arrival(self.world.services, officer, task, arrival))


def ordered(world: World) -> Ordered:
    """The order is registered; everything is due in thirty days."""
    due = world.clock().date() + timedelta(days=30)
    order_the_town(world, due)
    return _with_order(world, due)


def _with_order(world: World, due: date) -> Ordered:
    orders = office_orders(world.services, world.actor("gareev"))[0].orders
    return Ordered(world, orders[0].document_id, due)


def delivered(world: World, days_later: int = 0, reason: str = "") -> tuple[Ordered, Submission]:
    """School 1 has sent its roadmap and its order; nobody has examined them yet."""
    case_id = programme(world)
    town = _with_order(world, world.clock().date() + timedelta(days=30))
    letter = signed_letter(world, case_id)
    forward(world, days=days_later)
    clerk = world.actor("zaytseva")
    return town, done(deliver(world.services, clerk, letter.id, reason))
