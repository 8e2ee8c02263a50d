"""Workers from a file: who may take them in, what is written, and what a file never does."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Barrier
from uuid import UUID

import pytest

from marshrut.demonstration.identifiers import insurance_number, taxpayer_person
from marshrut.demonstration.town import done
from tests.databases import Database
from tests.integration.workflow.acts import refused
from tests.world import World, make_world
from web.forms.files import UploadedFile
from web.forms.tables import read_table
from workflow.domain.people import Employment, Person
from workflow.domain.staff_cards import CategoryKind, ExperienceKind, StaffCard
from workflow.domain.staff_import_plan import Fate
from workflow.domain.staff_imports import StaffImport
from workflow.domain.staff_sheets import ROWS_AT_MOST, Table
from workflow.queries.staff_import import ImportPage, import_page
from workflow.store.audit import read_events
from workflow.usecases.confirm_forms import SUFFIXES, ConfirmedForms, Inflected, confirm_forms
from workflow.usecases.edit_card import edit_card
from workflow.usecases.errors import NotFoundError
from workflow.usecases.import_staff import confirm_import, drop_import, upload_staff
from workflow.usecases.staff import change_employment

SECONDS = 30
HEAD = ("Фамилия", "Имя", "Отчество", "СНИЛС", "Должность", "Работает с")
HEAD_OF_CARD = (*HEAD, "Категория", "Стаж в данной области", "Электронная почта")
NIKITINA = ("Никитина", "Ольга", "Юрьевна", insurance_number(9001), "учитель химии", "01.09.2020")
LAPTEV = ("Лаптев", "Олег", "Ильич", "", "методист", "01.09.2021")


def table(*rows: Sequence[str], head: Sequence[str] = HEAD) -> Table:
    return list(enumerate((head, *rows), start=1))


def uploaded(world: World, rows: Table, key: str = "zaytseva") -> StaffImport:
    place = world.place("school-1").id
    return done(upload_staff(world.services, world.actor(key), place, "список.csv", rows))


def looked_at(world: World, one: StaffImport, key: str = "zaytseva") -> ImportPage:
    return import_page(world.services, world.actor(key), one.id)


def confirmed(world: World, one: StaffImport, key: str = "zaytseva") -> StaffImport:
    seen = looked_at(world, one, key).digest
    return done(confirm_import(world.services, world.actor(key), one.id, seen))


def counts(one: StaffImport) -> tuple[int, int, int]:
    return one.added, one.changed, one.unchanged


def people(world: World, surname: str) -> list[Person]:
    with world.services.uow.reading() as tx:
        return tx.people.beginning(surname)


def post_of(world: World, surname: str) -> tuple[Employment, StaffCard | None]:
    (person,) = people(world, surname)
    with world.services.uow.reading() as tx:
        (post,) = tx.employments.of_person(person.id)
        return post, tx.staff_cards.of(post.id)


def everything(world: World) -> object:
    """All that an import could change of people, posts and cards."""
    with world.services.uow.reading() as tx:
        everybody = tx.people.page(limit=200).items
        posts = tx.employments.of_people(p.id for p in everybody)
        return everybody, posts, tx.staff_cards.of_many(e.id for e in posts)


def line_of(world: World, key: str, **said: str) -> list[str]:
    """A line about somebody who works here already, with other words in some columns."""
    one = world.person(key)
    first, middle = one.given.split()
    known = dict(zip(HEAD, (one.last, first, middle, one.snils, one.post, ""), strict=True))
    return list((known | said).values())


# --- Accepted ------------------------------------------------------------------------------


def test_nothing_is_written_before_somebody_confirms(world: World) -> None:
    before = everything(world)
    page = looked_at(world, uploaded(world, table(NIKITINA, LAPTEV)))
    assert page.counts[Fate.NEW] == 2
    assert everything(world) == before


def test_new_people_get_a_post_a_card_and_no_account(world: World) -> None:
    row = (*NIKITINA, "первая", "12 лет", "n@school.example")
    written = confirmed(world, uploaded(world, table(row, head=HEAD_OF_CARD)))
    assert counts(written) == (1, 0, 0)
    (person,) = people(world, "Никитина")
    assert (person.snils, person.email) == (NIKITINA[3], "n@school.example")
    post, card = post_of(world, "Никитина")
    assert (post.post, post.organisation_id) == (NIKITINA[4], world.place("school-1").id)
    assert card is not None
    today = world.clock().date()
    assert card.years_on(ExperienceKind.IN_FIELD, today) == 12
    assert card.category_on(today) is CategoryKind.FIRST
    with world.services.uow.reading() as tx:
        assert tx.accounts.of_person(person.id) == []
        assert tx.mandates.of_person(person.id) == []


def test_names_and_posts_wait_for_their_case_forms_unless_the_post_is_known(world: World) -> None:
    known = replace_cell(LAPTEV, 4, world.person("kulikova").post)
    confirmed(world, uploaded(world, table(NIKITINA, known)))
    chemist, _ = post_of(world, "Никитина")
    mathematician, _ = post_of(world, "Лаптев")
    assert dict(chemist.forms)["род"] == "учителя химии"
    assert not chemist.forms_confirmed
    assert mathematician.forms_confirmed
    assert dict(mathematician.forms)["род"] == "учителя математики"
    assert not any(p.forms_confirmed for p in people(world, "Никитина"))


def replace_cell(row: Sequence[str], place: int, text: str) -> tuple[str, ...]:
    return (*row[:place], text, *row[place + 1 :])


def test_card_of_a_worker_is_filled_in_and_its_history_names_who_did_it(world: World) -> None:
    line = [*line_of(world, "mironova"), "высшая", "", ""]
    written = confirmed(world, uploaded(world, table(line, head=HEAD_OF_CARD)))
    assert counts(written) == (0, 1, 0)
    _, card = post_of(world, "Миронова")
    assert card is not None
    assert card.category_on(world.clock().date()) is CategoryKind.HIGHEST
    assert card.changes[-1].by == world.person("zaytseva").person_id


@pytest.mark.parametrize("key", ["zaytseva", "belova"])
def test_clerk_and_head_may_take_in_a_file(world: World, key: str) -> None:
    assert counts(confirmed(world, uploaded(world, table(NIKITINA), key), key)) == (1, 0, 0)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "windows-1251"])
@pytest.mark.parametrize("delimiter", [";", ","])
def test_csv_of_any_program_is_taken_in(world: World, encoding: str, delimiter: str) -> None:
    lines = "\r\n".join(delimiter.join(row) for row in (HEAD, NIKITINA))
    rows, error = read_table(UploadedFile("список.csv", lines.encode(encoding)), "file")
    assert error is None
    assert counts(confirmed(world, uploaded(world, rows))) == (1, 0, 0)
    assert people(world, "Никитина")[0].full_name == "Никитина Ольга Юрьевна"


def test_who_took_in_which_file_stands_in_the_audit_trail(world: World) -> None:
    one = confirmed(world, uploaded(world, table(NIKITINA)))
    assert one.confirmed_by == world.person("zaytseva").person_id
    with world.services.uow.reading() as tx:
        trail = read_events(tx.connection, one.organisation_id)
        told = [(e.kind, one.sha256 in str(e.body)) for e in trail if "staff_import" in e.kind]
    assert told == [("staff_import.uploaded", True), ("staff_import.confirmed", True)]


# --- Twice ---------------------------------------------------------------------------------


def test_same_file_again_changes_nothing(world: World) -> None:
    rows = table(
        (*NIKITINA, "первая", "12", "n@school.example"),
        (*LAPTEV, "нет", "3 года 4 мес.", ""),
        head=HEAD_OF_CARD,
    )
    confirmed(world, uploaded(world, rows))
    before = everything(world)
    assert counts(confirmed(world, uploaded(world, rows))) == (0, 0, 2)
    assert everything(world) == before


def test_same_file_again_after_a_year_changes_nothing(world: World) -> None:
    rows = table((*NIKITINA, "первая", "12", ""), head=HEAD_OF_CARD)
    confirmed(world, uploaded(world, rows))
    before = everything(world)
    world.clock.now += timedelta(days=400)
    assert counts(confirmed(world, uploaded(world, rows))) == (0, 0, 1)
    assert everything(world) == before


def test_same_file_takes_nobody_on_again_who_has_left(world: World) -> None:
    rows = table(NIKITINA, LAPTEV)
    confirmed(world, uploaded(world, rows))
    for surname in ("Никитина", "Лаптев"):
        post, _ = post_of(world, surname)
        last = replace(post, until=world.clock().date())
        done(change_employment(world.services, world.town.operator, last))
    world.clock.now += timedelta(days=2)
    page = looked_at(world, uploaded(world, rows))
    assert page.counts[Fate.WRONG] == 2
    assert {p.column for row in page.rows for p in row.problems} == {"Работает с"}


def test_confirming_twice_writes_once(world: World) -> None:
    one = uploaded(world, table(NIKITINA))
    seen = looked_at(world, one).digest
    first, second = (
        done(confirm_import(world.services, world.actor(key), one.id, seen))
        for key in ("zaytseva", "belova")
    )
    assert first == second
    assert len(people(world, "Никитина")) == 1


@pytest.fixture
def world_on_each_database(database: Database, tmp_path: Path) -> Iterator[World]:
    world = make_world(tmp_path, database.url)
    yield world
    world.services.uow.engine.dispose()


def test_two_who_confirm_at_the_same_moment_write_once(world_on_each_database: World) -> None:
    world = world_on_each_database
    one = uploaded(world, table(NIKITINA, LAPTEV))
    seen, meeting = looked_at(world, one).digest, Barrier(2)

    def confirm(key: str) -> StaffImport:
        meeting.wait(SECONDS)
        return done(confirm_import(world.services, world.actor(key), one.id, seen))

    with ThreadPoolExecutor(2) as hands:
        answers = list(hands.map(confirm, ("zaytseva", "belova"), timeout=SECONDS))
    assert answers[0] == answers[1]
    assert len(people(world, "Никитина") + people(world, "Лаптев")) == 2


# --- Refused -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ((), "staff_sheet.no_headings"),
        ([(1, ["Имя"]), (2, ["Ольга"])], "staff_sheet.no_headings"),
        ([(1, ["Фамилия", "Имя"]), (2, ["Орлова", "Анна"])], "staff_sheet.columns_missing"),
        (table(NIKITINA, head=(*HEAD[:5], "Фамилия")), "staff_sheet.column_twice"),
        (table(), "staff_sheet.empty"),
        (table(*itertools.repeat(NIKITINA, ROWS_AT_MOST + 1)), "staff_sheet.too_long"),
    ],
)
def test_what_is_no_list_of_workers_is_refused_and_not_kept(
    world: World, rows: Table, code: str
) -> None:
    place = world.place("school-1").id
    answer = upload_staff(world.services, world.actor("zaytseva"), place, "a.csv", rows)
    assert refused(answer) == code
    with world.services.uow.reading() as tx:
        assert tx.staff_imports.undecided(place) == []


def test_worker_without_the_right_is_refused_at_each_step(world: World) -> None:
    one = uploaded(world, table(NIKITINA))
    seen = looked_at(world, one).digest
    before = everything(world)
    teacher, place = world.actor("kulikova"), world.place("school-1").id
    answers = (
        upload_staff(world.services, teacher, place, "a.csv", table(LAPTEV)),
        confirm_import(world.services, teacher, one.id, seen),
        drop_import(world.services, teacher, one.id),
    )
    assert [refused(answer) for answer in answers] == ["staff.not_yours"] * 3
    with pytest.raises(NotFoundError):
        looked_at(world, one, "kulikova")
    assert everything(world) == before
    assert looked_at(world, one).digest == seen


def test_file_of_another_school_is_not_there(world: World) -> None:
    one = uploaded(world, table(NIKITINA))
    clerk = world.actor("fomina")
    for act in (
        lambda: import_page(world.services, clerk, one.id),
        lambda: confirm_import(world.services, clerk, one.id, looked_at(world, one).digest),
        lambda: drop_import(world.services, clerk, one.id),
    ):
        with pytest.raises(NotFoundError):
            act()
    assert people(world, "Никитина") == []


@pytest.mark.parametrize("seen", ["", "0" * 64])
def test_what_nobody_looked_at_is_not_written(world: World, seen: str) -> None:
    one = uploaded(world, table(NIKITINA))
    answer = confirm_import(world.services, world.actor("zaytseva"), one.id, seen)
    assert refused(answer) == "staff_import.changed_since"
    assert people(world, "Никитина") == []


def test_another_file_uploaded_meanwhile_takes_the_place_of_the_first(world: World) -> None:
    first = uploaded(world, table(NIKITINA))
    seen = looked_at(world, first).digest
    second = uploaded(world, table(LAPTEV))
    answer = confirm_import(world.services, world.actor("zaytseva"), first.id, seen)
    assert refused(answer) == "staff_import.forgotten"
    answer = confirm_import(world.services, world.actor("zaytseva"), second.id, seen)
    assert refused(answer) == "staff_import.changed_since"
    assert people(world, "Никитина") + people(world, "Лаптев") == []


def test_card_that_changed_since_the_preview_stops_the_whole_file(world: World) -> None:
    line = [*line_of(world, "mironova"), "высшая", "", ""]
    one = uploaded(world, table((*NIKITINA, "", "", ""), line, head=HEAD_OF_CARD))
    clerk, seen = world.actor("zaytseva"), looked_at(world, one).digest
    edited = UUID(world.employment("mironova"))
    done(edit_card(world.services, clerk, edited, lambda card: replace(card, subject="чтение")))
    before = everything(world)
    refusal = confirm_import(world.services, clerk, one.id, seen)
    assert refused(refusal) == "staff_import.changed_since"
    assert everything(world) == before
    assert counts(confirmed(world, one)) == (1, 1, 0)
    _, card = post_of(world, "Миронова")
    assert card is not None
    assert card.subject == "чтение"


def test_file_that_was_given_up_is_not_written(world: World) -> None:
    one = uploaded(world, table(NIKITINA))
    seen = looked_at(world, one).digest
    dropped = done(drop_import(world.services, world.actor("zaytseva"), one.id))
    assert dropped.content is None
    answer = confirm_import(world.services, world.actor("zaytseva"), one.id, seen)
    assert refused(answer) == "staff_import.forgotten"
    assert people(world, "Никитина") == []


# --- By cell -------------------------------------------------------------------------------


def test_mistakes_name_their_cells_and_leave_the_other_rows(world: World) -> None:
    wrong = ("Рыбина", "", "Львовна", "112-233-445 96", "=A1", "31.02.2020")
    one = uploaded(world, table(wrong, NIKITINA))
    mistaken, right = looked_at(world, one).rows
    assert [(p.row, p.column) for p in mistaken.problems] == [
        (2, "СНИЛС"), (2, "Должность"), (2, "Работает с"), (2, "Имя"),
    ]  # fmt: skip
    assert right.fate is Fate.NEW
    assert counts(confirmed(world, one)) == (1, 0, 0)
    assert people(world, "Рыбина") == []


@pytest.mark.parametrize(
    ("column", "text"),
    [("Фамилия", "Орлова"), ("Имя", "Яна"), ("Отчество", ""), ("Должность", "методист"),
     ("Работает с", "01.09.2001")],
)  # fmt: skip
def test_name_post_and_first_day_of_a_worker_are_not_changed(
    world: World, column: str, text: str
) -> None:
    before = everything(world)
    one = uploaded(world, table(line_of(world, "mironova", **{column: text})))
    (row,) = looked_at(world, one).rows
    assert row.fate is Fate.WRONG
    assert counts(confirmed(world, one)) == (0, 0, 0)
    assert everything(world) == before


def test_number_that_a_card_lacks_is_not_taken_from_a_file(world: World) -> None:
    confirmed(world, uploaded(world, table(LAPTEV)))
    (before,) = people(world, "Лаптев")
    said = (*replace_cell(LAPTEV, 3, insurance_number(9002)), taxpayer_person(5))
    one = uploaded(world, table(said, head=(*HEAD, "ИНН")))
    (row,) = looked_at(world, one).rows
    assert [remark.column for remark in row.remarks] == ["СНИЛС", "ИНН"]
    confirmed(world, one)
    assert people(world, "Лаптев") == [before]


def test_worker_of_another_school_is_not_taken_over(world: World) -> None:
    before = everything(world)
    line = line_of(world, "shubin", **{"Работает с": "01.09.2025"})
    one = uploaded(world, table(line))
    (row,) = looked_at(world, one).rows
    assert [p.column for p in row.problems] == ["СНИЛС"]
    confirmed(world, one)
    assert everything(world) == before


# --- What is kept --------------------------------------------------------------------------


def test_columns_that_nobody_reads_are_not_kept(world: World) -> None:
    rows = table((*NIKITINA, "3210 123456"), head=(*HEAD, "Паспорт"))
    one = uploaded(world, rows)
    assert one.content is not None
    assert "3210 123456" not in json.dumps(json.loads(one.content), ensure_ascii=False)
    assert looked_at(world, one).unread == ("Паспорт",)


def test_file_is_erased_when_it_is_written(world: World) -> None:
    one = confirmed(world, uploaded(world, table(NIKITINA)))
    assert one.content is None
    page = looked_at(world, one)
    assert (page.rows, page.unread) == ((), ())


def test_forms_of_a_post_are_confirmed_for_all_who_came_with_a_large_file(world: World) -> None:
    rows = [
        (f"Иванов{chr(1072 + n // 32)}{chr(1072 + n % 32)}", "Олег", "Ильич", "", "тьютор",
         "01.09.2021")
        for n in range(1023)
    ]  # fmt: skip
    assert counts(confirmed(world, uploaded(world, table(*rows)))) == (1023, 0, 0)
    place = world.place("school-1").id
    forms = ConfirmedForms(Inflected.POST, "тьютор", tuple((one, "тьютора") for one in SUFFIXES))
    done(confirm_forms(world.services, world.actor("zaytseva"), place, [forms]))
    with world.services.uow.reading() as tx:
        held = tx.employments.of_organisation(place, limit=2000)
    assert all(one.forms_confirmed for one in held if one.post == "тьютор")
