"""A document gets its number and printed date, once and in order, and its row for ever."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from marshrut.demonstration.town import done
from marshrut.wiring import make_due
from tests.integration.workflow import acts
from tests.integration.workflow.acts import Story
from tests.world import FakeWord, World
from workflow.domain.refusals import Refusal
from workflow.domain.registers import Numbering
from workflow.domain.routes import DocumentState
from workflow.ports import Assembled, Context, DocumentProperties
from workflow.usecases.fix import fix
from workflow.usecases.journals import Keeping, set_register
from workflow.usecases.open_case import open_case
from workflow.usecases.return_for_rework import return_for_rework
from workflow.usecases.staff import (
    change_organisation,
    confirm_head,
    give_mandate,
)

VLADIVOSTOK = "Asia/Vladivostok"  # ten hours before UTC


def said(world: World, document_id: UUID, place: int = 0) -> dict[str, Any]:
    """What a file of the manifest was assembled from (see FakeWord)."""
    file = acts.manifest(world, document_id).files[place]
    _, context = json.loads(world.services.blobs.get(file.docx))
    assert isinstance(context, dict)
    return context


def move_to(world: World, time_zone: str) -> None:
    with world.services.uow.reading() as tx:
        school = tx.organisations.load(world.place("school-1").id)
    changed = replace(school, time_zone=time_zone)
    done(change_organisation(world.services, world.town.operator, changed))


def keep_by_hand(world: World, key: str) -> None:
    journal = acts.register(world, key)
    by_hand = Keeping(Numbering.MANUAL, 1, journal.mask, journal.nomenclature)
    done(set_register(world.services, world.town.operator, journal.id, by_hand))


def ask_the_schedule(world: World, question: str = "yesterdays_documents") -> None:
    """One tick of the schedule, and the work that comes of it."""
    with world.services.uow() as tx:
        make_due(world.services)[question](tx)
        tx.commit()
    world.work()


def fix_by_clerk(world: World, document_id: UUID, number: str = "") -> object:
    return fix(world.services, world.actor("zaytseva"), document_id, number)


def test_number_and_date_stand_in_the_order_and_in_its_annex(story: Story) -> None:
    world = story.world
    order = acts.load(world, story.order)
    assert (order.number, order.dated) == ("1-о/д", date(2026, 5, 4))
    assert said(world, story.order)["reg"] == {"number": "1-о/д", "dated": "2026-05-04"}
    approval = said(world, story.order, 1)["approval"]
    assert (approval["number"], approval["dated"]) == ("1-о/д", "2026-05-04")
    draft = order.revision.draft
    assert draft is not None
    assert order.manifest is not None
    assert draft.content == order.manifest.content
    assert draft.digest != order.manifest.digest


def test_the_printed_date_is_the_local_day(world: World) -> None:
    move_to(world, VLADIVOSTOK)
    world.clock.now = datetime(2026, 5, 4, 14, 30, tzinfo=UTC)  # half past midnight on the 5th
    order = acts.appointment(world, acts.open_programme(world))
    assert acts.fixed(world, order.id).dated == date(2026, 5, 5)


@pytest.mark.parametrize("who", ["job", "clerk", "head"])
def test_after_local_midnight_the_number_stays_and_the_date_is_new(world: World, who: str) -> None:
    move_to(world, VLADIVOSTOK)
    order = acts.appointment(world, acts.open_programme(world))
    world.clock.now = datetime(2026, 5, 4, 13, 50, tzinfo=UTC)  # ten minutes before midnight
    first = acts.fixed(world, order.id)
    assert first.dated == date(2026, 5, 4)
    world.clock.now += timedelta(minutes=20)
    assert acts.refused(acts.sign(world, order.id)) == "sign.another_day"
    if who == "job":
        ask_the_schedule(world)
    else:
        done(fix(world.services, acts.someone(world, who), order.id))
        world.work()
    again = acts.load(world, order.id)
    assert (again.number, again.dated) == (first.number, date(2026, 5, 5))
    assert said(world, order.id)["reg"] == {"number": again.number, "dated": "2026-05-05"}
    assert acts.rows(world, "personnel") == [("1-л/с", "reserved")]
    assert acts.entries(world, "personnel")[0].dated == date(2026, 5, 5)
    acts.signed(world, order.id)
    assert acts.rows(world, "personnel") == [("1-л/с", "registered")]


def test_before_local_midnight_nothing_is_dated_anew(world: World) -> None:
    move_to(world, "Europe/Kaliningrad")
    order = acts.appointment(world, acts.open_programme(world))
    world.clock.now = datetime(2026, 5, 4, 21, 50, tzinfo=UTC)  # the 5th in Moscow, not yet here
    first = acts.fixed(world, order.id)
    ask_the_schedule(world)
    assert acts.load(world, order.id).fixings == first.fixings


def test_a_number_is_given_up_when_a_later_one_is_registered(world: World) -> None:
    case = acts.open_programme(world)
    waiting, signed = acts.appointment(world, case), acts.appointment(world, case)
    acts.fixed(world, waiting.id)
    acts.fixed(world, signed.id)
    acts.signed(world, signed.id)
    world.clock.now += timedelta(days=1)
    ask_the_schedule(world)
    assert acts.load(world, waiting.id).number == "3-л/с"
    assert acts.rows(world, "personnel") == [
        ("1-л/с", "annulled"),
        ("2-л/с", "registered"),
        ("3-л/с", "reserved"),
    ]
    assert acts.entries(world, "personnel")[0].reason
    third = acts.appointment(world, case)
    assert acts.fixed(world, third.id).number == "4-л/с"


def test_a_yearly_register_begins_again_and_a_number_of_last_year_is_not_kept(
    world: World,
) -> None:
    case = acts.open_programme(world)
    world.clock.now = datetime(2026, 12, 31, 6, tzinfo=UTC)
    acts.renew_lists(world)
    signed, waiting = acts.appointment(world, case), acts.appointment(world, case)
    acts.fixed(world, signed.id)
    acts.signed(world, signed.id)
    assert acts.fixed(world, waiting.id).number == "2-л/с"
    world.clock.now += timedelta(days=1)
    ask_the_schedule(world)
    again = acts.load(world, waiting.id)
    assert (again.number, again.dated) == ("1-л/с", date(2027, 1, 1))
    found = [(e.year, e.number, str(e.state)) for e in acts.entries(world, "personnel")]
    assert found == [
        (2026, "1-л/с", "registered"),
        (2026, "2-л/с", "annulled"),
        (2027, "1-л/с", "reserved"),
    ]


@pytest.mark.parametrize("typed", ["12-Ё/д", "12-ё/д", " 12-е/Д ", "12-е/д"])
def test_a_number_typed_by_hand_comes_once_however_it_is_spelt(world: World, typed: str) -> None:
    keep_by_hand(world, "personnel")
    case = acts.open_programme(world)
    first, second = acts.appointment(world, case), acts.appointment(world, case)
    assert acts.refused(fix_by_clerk(world, first.id)) == "register.number_missing"
    acts.fixed(world, first.id, number="12-ё/д")
    assert acts.refused(fix_by_clerk(world, second.id, typed)) == "register.number_taken"
    assert acts.state(world, second.id) is DocumentState.AGREED
    assert acts.fixed(world, second.id, number="13-ё/д").number == "13-ё/д"


def test_an_annulled_number_typed_by_hand_is_not_used_again(world: World) -> None:
    keep_by_hand(world, "personnel")
    order = acts.appointment(world, acts.open_programme(world))
    acts.fixed(world, order.id, number="12-л/с")
    clerk = world.actor("zaytseva")
    done(return_for_rework(world.services, clerk, order.id, "Ошибка в фамилии"))
    world.work()
    acts.submitted(world, order.id)
    assert acts.refused(fix_by_clerk(world, order.id, "12-л/с")) == "register.number_taken"


def test_a_return_annuls_the_number_with_its_reason_and_frees_the_annexes(story: Story) -> None:
    world = story.world
    head = world.actor("belova")
    done(return_for_rework(world.services, head, story.order, "Исправить срок ознакомления"))
    world.work()
    (row,) = acts.entries(world, "core")
    assert (str(row.state), row.reason) == ("annulled", "Исправить срок ознакомления")
    assert acts.state(world, story.order) is DocumentState.REWORK
    assert acts.state(world, story.roadmap) is DocumentState.AGREED
    acts.refilled(world, story.order, ack_deadline=date(2026, 5, 20))
    acts.agreed(world, story.order)
    assert acts.fixed(world, story.order).number == "2-о/д"
    acts.signed(world, story.order)
    assert acts.state(world, story.roadmap) is DocumentState.IN_FORCE


def test_an_annex_of_a_fixed_order_is_not_returned_alone(story: Story) -> None:
    world = story.world
    answer = return_for_rework(world.services, world.actor("safina"), story.roadmap, "Поправить")
    assert acts.refused(answer) == "return.with_order"
    assert acts.state(world, story.roadmap) is DocumentState.TO_SIGN
    acts.signed(world, story.order)
    assert acts.state(world, story.roadmap) is DocumentState.IN_FORCE


def agreed_order(story: Story) -> None:
    """The order is agreed and not fixed any more: as after its last visa."""
    world = story.world
    done(return_for_rework(world.services, world.actor("belova"), story.order, "Ещё раз"))
    world.work()
    acts.agreed(world, story.order)


def test_an_annex_that_was_agreed_anew_makes_the_visas_of_the_order_void(story: Story) -> None:
    agreed_order(story)
    world = story.world
    done(return_for_rework(world.services, world.actor("safina"), story.roadmap, "Другой год"))
    world.work()
    assert acts.refused(fix_by_clerk(world, story.order)) == "fix.annex"
    acts.refilled(world, story.roadmap, period="2027 год")
    acts.agreed(world, story.roadmap)
    assert acts.refused(fix_by_clerk(world, story.order)) == "fix.changed"
    assert acts.rows(world, "core") == [("1-о/д", "annulled")]


class RewrittenTemplates(FakeWord):
    """The library after somebody has edited its templates in Word."""

    def template_digest(self, template: str) -> str:
        return super().template_digest(template)[::-1]


def test_a_template_edited_since_the_visas_makes_them_void(story: Story) -> None:
    agreed_order(story)
    world = story.world
    library = Path(world.services.assembler.library)  # type: ignore[attr-defined]  # of WordTemplates
    world.services = replace(world.services, assembler=RewrittenTemplates(library))
    assert acts.refused(fix_by_clerk(world, story.order)) == "fix.changed"


def test_another_head_since_the_visas_makes_them_void(story: Story) -> None:
    agreed_order(story)
    world, operator = story.world, story.world.town.operator
    since = world.clock().date()
    deputy = world.person("safina").employment_id
    ground = "приказ от 04.05.2026 № 7-к"
    acting = done(
        give_mandate(world.services, operator, deputy, "acting_head", since, None, ground)
    )
    done(confirm_head(world.services, world.actor("gareev"), acting.id))
    assert acts.refused(fix_by_clerk(world, story.order)) == "fix.changed"


class OutOfPaper(FakeWord):
    """A template that cannot be assembled today."""

    def assemble(
        self, template: str, context: Context, properties: DocumentProperties
    ) -> Assembled | Refusal:
        return Refusal("template.broken", "The template is broken.")


def test_what_cannot_be_made_says_why_and_can_be_tried_again(world: World) -> None:
    order = acts.appointment(world, acts.open_programme(world))
    whole = world.services
    world.services = replace(whole, assembler=OutOfPaper(Path(whole.assembler.library)))  # type: ignore[attr-defined]  # of WordTemplates
    done(fix(world.services, world.actor("zaytseva"), order.id))
    world.work()
    stuck = acts.load(world, order.id)
    assert acts.state(world, order.id) is DocumentState.FIXING
    assert stuck.fixing is not None
    assert stuck.fixing.failure is not None
    assert stuck.fixing.failure.code == "template.broken"
    world.services = whole
    again = acts.fixed(world, order.id)
    assert again.number == stuck.number == "1-л/с"
    assert acts.rows(world, "personnel") == [("1-л/с", "reserved")]
    acts.signed(world, order.id)


def test_two_documents_fixed_at_once_get_two_numbers(world: World) -> None:
    years = ("2026/2027", "2027/2028", "2028/2029", "2029/2030")
    orders = [acts.appointment(world, _case(world, year)).id for year in years]
    with ThreadPoolExecutor(len(orders)) as hands:
        given = list(hands.map(lambda order: fix_by_clerk(world, order), orders))
    assert not [answer for answer in given if isinstance(answer, Refusal)]
    numbers = {acts.load(world, order).number for order in orders}
    assert numbers == {"1-л/с", "2-л/с", "3-л/с", "4-л/с"}
    assert len(acts.rows(world, "personnel")) == len(orders)


def _case(world: World, year: str) -> UUID:
    clerk, school = world.actor("zaytseva"), world.place("school-1").id
    return done(open_case(world.services, clerk, school, "programme", year)).id


def test_an_approved_document_has_no_number_of_its_own(story: Story) -> None:
    agreed_order(story)
    assert acts.state(story.world, story.roadmap) is DocumentState.AGREED
    assert acts.refused(fix_by_clerk(story.world, story.roadmap)) == "fix.with_order"
