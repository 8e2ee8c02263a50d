"""The facts of a document: filled in page by page, kept complete or not, checked, assembled."""

from __future__ import annotations

from uuid import UUID

from marshrut.demonstration.town import done
from tests.integration.web.signing_site import (
    Browser,
    fixed_appointment,
    fixed_approval,
    load,
    prepared,
    signed,
)
from tests.integration.web.test_pages_documents import address, words
from tests.world import World
from web.views.fact_sections import KNOWN, MAIN, MORE, relaxed, sections_of
from workflow.domain.documents import Document
from workflow.domain.regulations import FieldKind, FieldSpec
from workflow.queries.changes import Difference, changed_fields
from workflow.queries.fact_lines import FactLine
from workflow.usecases.prepare import start_document


def begun(world: World, case_id: UUID, code: str) -> Document:
    return done(start_document(world.services, world.actor("zaytseva"), case_id, code))


def roadmap_page(document: Document) -> str:
    return address(document, "facts/main")


# --- Division into pages -------------------------------------------------------------------

FIELDS = (
    FieldSpec("goal", "Цель", FieldKind.TEXT, required=True),
    FieldSpec(
        "rows", "Мероприятия", FieldKind.ROWS, columns=(FieldSpec("a", "А", FieldKind.TEXT),)
    ),
    FieldSpec("note", "Примечание", FieldKind.LONG_TEXT),
    FieldSpec("number", "Номер", FieldKind.TEXT, required=True, source="system"),
    FieldSpec("approves", "Что утверждается", FieldKind.DOCUMENTS, required=True),
)


def test_documents_come_first_then_what_is_obligatory_then_tables_then_the_rest() -> None:
    assert [(s.key, [f.key for f in s.fields]) for s in sections_of(FIELDS)] == [
        ("approves", ["approves"]),
        (MAIN, ["goal"]),
        ("rows", ["rows"]),
        (MORE, ["note"]),
    ]


def test_the_author_of_a_personal_paper_is_asked_apart_from_what_the_pair_says() -> None:
    mentor = FieldSpec("mentor", "Наставник", FieldKind.PERSON, required=True, source="pair.mentor")
    plan = FieldSpec("plan", "План", FieldKind.ROWS, source="pair.plan")
    sections = sections_of((mentor, plan, *FIELDS[:1]), personal=True)
    assert [(s.key, [f.key for f in s.fields]) for s in sections] == [
        (MAIN, ["goal"]),
        ("plan", ["plan"]),
        (KNOWN, ["mentor"]),
    ]


def test_relaxed_fields_ask_for_nothing() -> None:
    columns = (FieldSpec("a", "А", FieldKind.TEXT, required=True),)
    table = FieldSpec("rows", "Строки", FieldKind.ROWS, required=True, columns=columns)
    (loose,) = relaxed([table])
    assert (loose.required, loose.columns[0].required) == (False, False)


# --- Comparison ----------------------------------------------------------------------------


def line(rows: tuple[tuple[object, ...], ...], headings: tuple[str, ...] = ()) -> FactLine:
    kind = FieldKind.ROWS if headings else FieldKind.TEXT
    return FactLine("f", "Поле", kind, True, rows, headings)  # type: ignore[arg-type]  # any values


def test_words_of_a_text_are_compared() -> None:
    (change,) = changed_fields([line((("до 1 марта 2026",),))], [line((("до 15 марта 2026",),))])
    assert [(p.difference, p.text) for p in change.pieces] == [
        (Difference.SAME, "до "),
        (Difference.REMOVED, "1"),
        (Difference.ADDED, "15"),
        (Difference.SAME, " марта 2026"),
    ]


def test_a_changed_row_names_the_cells_that_differ() -> None:
    headings = ("Что", "Срок")
    before = line((("А", "май"), ("Б", "июнь")), headings)
    after = line((("А", "май"), ("Б", "июль"), ("В", None)), headings)
    (change,) = changed_fields([before], [after])
    changed, added = change.rows
    assert (changed.difference, changed.number) == (Difference.CHANGED, 2)
    assert [(c.heading, c.before, c.after) for c in changed.changed] == [("Срок", "июнь", "июль")]
    assert (added.difference, added.number, added.cells) == (Difference.ADDED, 3, ("В", None))


def test_what_did_not_change_is_not_shown() -> None:
    same = line((("Одно и то же",),))
    assert changed_fields([same], [same]) == ()


# --- The form ------------------------------------------------------------------------------


def test_a_form_is_filled_with_what_is_known(world: World, clerk: Browser, case_id: UUID) -> None:
    document = begun(world, case_id, "D06")
    page = clerk.read(address(document, "facts/main"))
    assert "приказом МКУ «Отдел образования" in page
    assert "04.05.2026" in page
    assert "Сафина Гузель Рашидовна, заместитель директора" in page
    assert "Шубин Артём" not in page  # he works in another school


def test_what_is_missing_is_named_and_leads_to_its_page(
    world: World, clerk: Browser, case_id: UUID
) -> None:
    document = begun(world, case_id, "D06")
    page = clerk.read(address(document, "facts"))
    assert "Заполните недостающие сведения" in words(page)
    assert f'href="{address(document, "facts/main")}"' in page
    assert "Куратор" in words(page)


def test_saving_for_later_keeps_what_is_there(world: World, clerk: Browser, case_id: UUID) -> None:
    document = begun(world, case_id, "D04")
    form = clerk.read(roadmap_page(document))
    answer = clerk.send(roadmap_page(document), form, period="", later="1")
    assert (answer.status_code, answer.location) == (303, address(document, "facts") + "?saved=1")
    assert load(world, document.id).facts["rows"] == document.facts["rows"]
    assert "Сведения сохранены" in words(clerk.read(answer.location))


def test_going_on_with_something_missing_keeps_the_rest_and_says_what(
    world: World, clerk: Browser, case_id: UUID
) -> None:
    document = begun(world, case_id, "D06")
    form = clerk.read(address(document, "facts/main"))
    answer = clerk.send(
        address(document, "facts/main"), form, basis="новым основанием", date_from="04.05.2026"
    )
    assert answer.status_code == 422
    assert 'href="#f-curator"' in answer.text
    assert "новым основанием" in answer.text
    assert load(world, document.id).facts["basis"] == "новым основанием"


def test_what_cannot_be_read_stays_in_the_form_and_nothing_else_is_lost(
    world: World, clerk: Browser, case_id: UUID
) -> None:
    document = begun(world, case_id, "D06")
    page = address(document, "facts/main")
    answer = clerk.send(
        page, clerk.read(page), basis="основанием", date_from="31.02.2026", later="1"
    )
    assert answer.status_code == 422
    assert 'value="31.02.2026"' in answer.text
    facts = load(world, document.id).facts
    assert (facts["basis"], facts["date_from"]) == ("основанием", document.facts["date_from"])


def test_a_cleared_default_stays_cleared(world: World, clerk: Browser, case_id: UUID) -> None:
    document = begun(world, case_id, "D06")
    page = address(document, "facts/more")
    assert "реализации системы" in clerk.read(page)
    clerk.send(page, clerk.read(page), goal="", later="1")
    assert "реализации системы" not in clerk.read(page)


def test_rows_are_added_and_taken_away_without_scripts(
    world: World, clerk: Browser, case_id: UUID
) -> None:
    document = begun(world, case_id, "D06")
    page = address(document, "facts/duties")
    typed = {"duties-rows": "2", "duties-0-text": "первая", "duties-1-text": "вторая"}
    more = clerk.send(page, clerk.read(page), **typed, **{"add-row": "duties"})
    assert 'name="duties-2-text"' in more.text
    less = clerk.send(page, clerk.read(page), **typed, **{"drop-row": "duties:0"})
    assert 'value="вторая"' in less.text
    assert 'value="первая"' not in less.text
    assert load(world, document.id).facts == document.facts


def test_a_complete_form_is_assembled_and_leads_to_the_draft(
    world: World, clerk: Browser, case_id: UUID
) -> None:
    document = begun(world, case_id, "D04")
    page = roadmap_page(document)
    answer = clerk.send(page, clerk.read(page), period="2026 год")
    assert answer.location == address(document, "facts") + "?saved=1"
    assert "Посмотреть проект" in words(clerk.read(answer.location))
    world.work()
    assert load(world, document.id).revision.draft is not None


def test_an_order_offers_what_it_may_approve(world: World, clerk: Browser, case_id: UUID) -> None:
    signed(world, fixed_appointment(world, case_id))
    roadmap = prepared(world, case_id, "D04", {"period": "2026 год"})
    order = begun(world, case_id, "D02")
    page = address(order, "facts/approves")
    form = clerk.read(page)
    assert f'value="{roadmap.id}" id="f-approves" checked' in form
    assert "Приказ о назначении куратора" not in words(form)
    clerk.send(page, form, approves=str(roadmap.id))
    assert load(world, roadmap.id).approved_by == order.id
    clerk.send(page, form, approves="", later="1")
    assert load(world, roadmap.id).approved_by is None


def test_a_letter_offers_only_what_is_in_force(world: World, clerk: Browser, case_id: UUID) -> None:
    order = fixed_approval(world, case_id)
    letter = begun(world, case_id, "D33")
    page = address(letter, "facts/package")
    assert str(order.id) not in clerk.read(page)
    signed(world, order)
    form = clerk.read(page)
    assert f'value="{order.id}"' in form
    clerk.send(page, form, package=str(order.id))
    assert load(world, letter.id).facts["package"] == (str(order.id),)


def test_facts_are_read_only_once_the_document_is_on_its_way(
    world: World, clerk: Browser, case_id: UUID
) -> None:
    signed(world, fixed_appointment(world, case_id))
    roadmap = prepared(world, case_id, "D04", {"period": "2026 год"})
    overview = clerk.read(address(roadmap, "facts"))
    assert "Изменить" not in words(overview)
    answer = clerk.send(roadmap_page(roadmap), clerk.read("/programmes/new"), period="2030 год")
    assert answer.status_code == 409
    assert load(world, roadmap.id) == roadmap


def test_a_page_of_the_form_that_does_not_exist_is_not_found(
    world: World, clerk: Browser, case_id: UUID
) -> None:
    assert clerk.status(address(begun(world, case_id, "D04"), "facts/nothing")) == 404
