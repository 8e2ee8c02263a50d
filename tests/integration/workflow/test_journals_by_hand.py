"""Rows of the journals that the clerk writes: numbers, doubles, corrections, annulments."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest

from marshrut.demonstration.town import done
from tests.integration.workflow import acts
from tests.world import World
from workflow.domain.refusals import Refusal
from workflow.domain.registers import Entry, EntryState, Numbering, RowText
from workflow.queries.registers import Wanted, register_page
from workflow.usecases.errors import NotFoundError
from workflow.usecases.journals import (
    Keeping,
    annul_row,
    correct_row,
    enter_row,
    set_register,
)
from workflow.usecases.staff import change_organisation

PDF = b"%PDF-1.4 scan"


@pytest.fixture
def today(world: World) -> date:
    return world.clock().date()


def row(today: date, number: str = "", summary: str = "О графике дежурств") -> RowText:
    return RowText(number, today, summary, signed_by="директор Белова Я. Н.")


def enter(world: World, text: RowText, who: str = "zaytseva", key: str = "core") -> Entry | Refusal:
    journal = acts.register(world, key)
    return enter_row(world.services, world.actor(who), journal.id, text)


def refused(outcome: object) -> str:
    assert isinstance(outcome, Refusal)
    return outcome.code


def stored(world: World, entry_id: UUID) -> Entry:
    with world.services.uow.reading() as tx:
        return tx.entries.load(entry_id)


def test_a_row_without_number_gets_the_next_one(world: World, today: date) -> None:
    first, second = (done(enter(world, row(today))) for _ in range(2))
    assert (first.number, second.number) == ("1-о/д", "2-о/д")
    assert stored(world, second.id) == second
    assert second.by_hand
    assert second.state is EntryState.REGISTERED
    assert second.signed_by == "директор Белова Я. Н."


def test_the_series_goes_on_after_a_number_that_was_typed(world: World, today: date) -> None:
    assert done(enter(world, row(today, "14-О/Д"))).sequence == 14
    assert done(enter(world, row(today))).number == "15-о/д"


def test_a_number_with_a_letter_stands_beside_the_series(world: World, today: date) -> None:
    done(enter(world, row(today)))
    assert done(enter(world, row(today, "1а-о/д"))).sequence == 0
    assert done(enter(world, row(today))).number == "2-о/д"


def test_a_number_of_last_year_moves_no_series(world: World, today: date) -> None:
    old = replace(row(today, "240-о/д"), dated=date(today.year - 1, 12, 30))
    assert done(enter(world, old)).year == today.year - 1
    assert done(enter(world, row(today))).number == "1-о/д"


def test_a_double_is_refused_whatever_its_case(world: World, today: date) -> None:
    done(enter(world, row(today, "7-о/д")))
    assert refused(enter(world, row(today, "7-О/Д"))) == "register.number_taken"
    assert [number for number, _state in acts.rows(world, "core")] == ["7-о/д"]


def test_the_same_number_of_another_year_is_no_double(world: World, today: date) -> None:
    done(enter(world, row(today, "7-о/д")))
    old = replace(row(today, "7-о/д"), dated=date(today.year - 1, 3, 2))
    assert done(enter(world, old)).number == "7-о/д"


def test_the_next_number_is_refused_for_a_day_before_the_last_row(
    world: World, today: date
) -> None:
    done(enter(world, row(today)))
    earlier = row(today - timedelta(days=1))
    assert refused(enter(world, earlier)) == "register.backwards"
    assert done(enter(world, replace(earlier, number="1а-о/д"))).number == "1а-о/д"


def test_a_register_kept_by_hand_gives_no_numbers(world: World, today: date) -> None:
    journal = acts.register(world, "core")
    by_hand = Keeping(Numbering.MANUAL, 1, journal.mask, journal.nomenclature)
    done(set_register(world.services, world.actor("zaytseva"), journal.id, by_hand))
    assert refused(enter(world, row(today))) == "register.number_missing"
    assert done(enter(world, row(today, "15"))).number == "15"


def test_a_correction_keeps_what_stood_there(world: World, today: date) -> None:
    entered = done(enter(world, row(today, "7-о/д")))
    said = replace(entered.text, summary="О графике отпусков", number="8-о/д")
    clerk = world.actor("zaytseva")
    corrected = done(correct_row(world.services, clerk, entered.id, said, PDF))
    kept = stored(world, entered.id)
    assert kept == corrected
    assert (kept.number, kept.summary, kept.sequence) == ("8-о/д", "О графике отпусков", 8)
    assert world.services.blobs.get(kept.scan) == PDF
    assert [change.before for change in kept.changes] == [entered.text]
    assert kept.changes[0].by == clerk.person_id
    again = replace(kept.text, note="см. № 9")
    done(correct_row(world.services, clerk, entered.id, again))
    assert [c.before for c in stored(world, entered.id).changes] == [entered.text, kept.text]
    assert stored(world, entered.id).scan == kept.scan


def test_a_correction_that_changes_nothing_leaves_no_trace(world: World, today: date) -> None:
    entered = done(enter(world, row(today)))
    done(correct_row(world.services, world.actor("zaytseva"), entered.id, entered.text))
    assert stored(world, entered.id) == entered


def test_a_correction_takes_nobody_elses_number(world: World, today: date) -> None:
    done(enter(world, row(today, "7-о/д")))
    second = done(enter(world, row(today, "8-о/д")))
    said = replace(second.text, number="7-о/д")
    outcome = correct_row(world.services, world.actor("zaytseva"), second.id, said)
    assert refused(outcome) == "register.number_taken"
    assert stored(world, second.id) == second


def test_an_annulled_row_stays_and_its_number_is_not_given_again(world: World, today: date) -> None:
    entered = done(enter(world, row(today)))
    clerk = world.actor("zaytseva")
    assert refused(annul_row(world.services, clerk, entered.id, " ")) == "register.reason_missing"
    annulled = done(annul_row(world.services, clerk, entered.id, "внесён дважды"))
    assert stored(world, entered.id) == annulled
    assert (annulled.state, annulled.reason) == (EntryState.ANNULLED, "внесён дважды")
    assert refused(annul_row(world.services, clerk, entered.id, "ещё раз")) == (
        "register.row_annulled"
    )
    assert refused(enter(world, row(today, "1-о/д"))) == "register.number_taken"
    assert done(enter(world, row(today))).number == "2-о/д"


def appointed(world: World) -> UUID:
    """The order that appoints the curator, with its number, not signed yet."""
    acts.order_the_town(world, world.clock().date() + timedelta(days=30))
    document = acts.appointment(world, acts.open_programme(world))
    return acts.fixed(world, document.id).id


def test_a_document_takes_the_number_after_the_clerks(world: World, today: date) -> None:
    done(enter(world, row(today, "5-л/с"), key="personnel"))
    assert acts.load(world, appointed(world)).number == "6-л/с"


def test_the_journal_names_who_made_and_who_signed_the_order(world: World) -> None:
    order = appointed(world)
    clerk, journal = world.actor("zaytseva"), acts.register(world, "personnel")
    before = register_page(world.services, clerk, journal.id, Wanted()).rows
    assert [(r.signed_by, r.executor) for r in before] == [("", clerk.name)]
    acts.signed(world, order)
    after = register_page(world.services, clerk, journal.id, Wanted()).rows
    assert [(r.signed_by, r.executor) for r in after] == [(world.actor("belova").name, clerk.name)]


def test_a_row_of_a_document_follows_the_document_alone(world: World, today: date) -> None:
    appointed(world)
    entry = acts.entries(world, "personnel")[0]
    clerk = world.actor("zaytseva")
    assert refused(correct_row(world.services, clerk, entry.id, entry.text)) == (
        "register.row_of_document"
    )
    assert refused(annul_row(world.services, clerk, entry.id, "так")) == "register.row_of_document"


def test_rows_and_numbering_are_not_there_for_others(world: World, today: date) -> None:
    entered = done(enter(world, row(today)))
    keeping = Keeping(Numbering.MANUAL, 1, "{n}")
    for who in ("mironova", "gareev"):
        with pytest.raises(NotFoundError):
            enter(world, row(today), who)
        with pytest.raises(NotFoundError):
            annul_row(world.services, world.actor(who), entered.id, "так")
        with pytest.raises(NotFoundError):
            set_register(world.services, world.actor(who), entered.register_id, keeping)
    with pytest.raises(NotFoundError):
        enter_row(world.services, world.actor("zaytseva"), uuid4(), row(today))
    with pytest.raises(NotFoundError):
        enter_row(world.services, world.town.operator, entered.register_id, row(today))


def test_the_operator_sets_how_a_register_is_kept(world: World) -> None:
    journal = acts.register(world, "core")
    keeping = Keeping(Numbering.AUTOMATIC, 101, "{n}/{year}", "02-01")
    saved = done(set_register(world.services, world.town.operator, journal.id, keeping))
    assert (saved.next_number, saved.mask, saved.nomenclature) == (101, "{n}/{year}", "02-01")
    wrong = replace(keeping, mask="без номера")
    assert refused(set_register(world.services, world.town.operator, journal.id, wrong)) == (
        "register.mask"
    )


def test_a_new_pack_brings_its_registers_and_touches_no_other(world: World) -> None:
    school = world.place("school-1").id
    journal = acts.register(world, "core")
    keeping = Keeping(Numbering.MANUAL, 77, "{n}-осн")
    kept = done(set_register(world.services, world.town.operator, journal.id, keeping))
    with world.services.uow.reading() as tx:
        before = tx.organisations.load(school)
        assert tx.registers.find(school, "agreements") is None
    pairs = replace(before, pack="pairs")
    done(change_organisation(world.services, world.town.operator, pairs))
    with world.services.uow.reading() as tx:
        agreements = tx.registers.find(school, "agreements")
        assert tx.registers.load(journal.id) == kept
    assert agreements is not None
    assert agreements.printed(3, date(2026, 5, 4)) == "3-дс"
    assert agreements.nomenclature == "01-05"


def test_search_finds_every_word_of_a_row(world: World, today: date) -> None:
    text = RowText(
        "", today, "Письмо", "Школа «Берёзка»", "№ 14 от 01.03.2026", "", "Семёнова А. П.", "срочно"
    )
    journal = acts.register(world, "incoming")
    clerk = world.actor("zaytseva")
    done(enter_row(world.services, clerk, journal.id, text))
    for words in ("березка", "01.03.2026", "семенова", "СРОЧНО"):
        page = register_page(world.services, clerk, journal.id, Wanted(words=words))
        assert page.found == 1, words
    nothing = Wanted(state=EntryState.ANNULLED)
    assert register_page(world.services, clerk, journal.id, nothing).found == 0
