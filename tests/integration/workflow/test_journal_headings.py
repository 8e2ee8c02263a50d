"""Journals call a document by its own heading once it is printed with number and date."""

from __future__ import annotations

from dataclasses import replace

import pytest

from marshrut.wiring import LIBRARY
from tests.integration.workflow import acts
from tests.world import FakeWord, World
from workflow.domain.refusals import Refusal
from workflow.domain.registers import Entry
from workflow.ports import Assembled, Context, DocumentProperties

HEADING = "Об утверждении дорожной карты"


class HeadedWord(FakeWord):
    """Everything that is assembled has this heading."""

    heading = ""

    def assemble(
        self, template: str, context: Context, properties: DocumentProperties
    ) -> Assembled | Refusal:
        made = super().assemble(template, context, properties)
        return made if isinstance(made, Refusal) else replace(made, heading=self.heading)


def row_of(world: World, heading: str) -> tuple[Entry, str]:
    """The journal's row of an order with this heading, and the order's title."""
    word = HeadedWord(LIBRARY)
    word.heading = heading
    world.services = replace(world.services, assembler=word)
    order = acts.appointment(world, acts.open_programme(world))
    acts.fixed(world, order.id)
    with world.services.uow.reading() as tx:
        (row,) = tx.entries.of_document(order.id)
    return row, order.title


def test_journal_has_the_heading_of_the_order(world: World) -> None:
    row, _title = row_of(world, HEADING)
    assert row.summary == HEADING


@pytest.mark.parametrize("heading", ["", "к трудовому договору от 1 сентября 2020 г. № 14"])
def test_title_stays_where_the_heading_says_nothing_of_its_own(world: World, heading: str) -> None:
    row, title = row_of(world, heading)
    assert row.summary == title
