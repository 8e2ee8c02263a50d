"""Invented content of the component page, in Russian as a pack or a school would give it."""

from __future__ import annotations

from datetime import date

from web.buttons import Action, button
from web.components import (
    Cell,
    Confirmation,
    Fact,
    Happening,
    Link,
    Mark,
    NextStep,
    Notice,
    Paging,
    Preview,
    Table,
    Tag,
    Task,
    TaskGroup,
)
from web.dates import DeadlinePhrase, deadline_without_date, met_deadline, open_deadline
from web.words import Words
from workflow.domain.deadlines import InTime, Late, Uncovered, remaining
from workflow.domain.refusals import N_, Refusal
from workflow.domain.regulations import Choice, FieldKind, FieldSpec
from workflow.domain.working_days import WorkCalendar

CALENDAR = WorkCalendar(years=frozenset({2026}))
CRUMBS = (
    Link("Что ждёт меня", "/ui"),
    Link("Программа 2026/27", "/ui"),
    Link("Дорожная карта"),
)
SIGN = N_("Sign")
RETURN = N_("Return for rework")
NO_CURATOR = Refusal(
    "document.not_fixed",
    N_("The document has no number and date yet: the visa of {who} is awaited."),
    N_("Ask {who} for the visa."),
    {"who": "куратора"},
    article="Положение, п. 3.2",
)
ACTIONS = (
    Action(SIGN, "/ui", main=True),
    Action(RETURN, "/ui", opens=True),
    Action(N_("Repeal"), "/ui", opens=True, grave=True),
    Action(SIGN, "/ui", main=True, refusal=NO_CURATOR),
)

DONE = Tag("Выполнено", Mark.DONE)
NEXT = Tag("Сейчас", Mark.NEXT)
WAITS = Tag("Ждёт директора", Mark.WAITING)
LATER = Tag("Пока нельзя")
LATE = Tag("Просрочено", Mark.PROBLEM)
PAPER = Tag("На бумаге", Mark.PAPER)
TAGS = (Tag("Проект"), DONE, NEXT, WAITS, LATE, PAPER, Tag("Действует", Mark.DONE))

NOTICES = (
    Notice("Дорожная карта отправлена на согласование куратору."),
    Notice("Приказ зарегистрирован под № 14-од.", "Готово", Mark.DONE, Link("Открыть", "/ui")),
    Notice(
        "Подпись получена. Список отозванных сертификатов недоступен, проверка повторится.",
        "Проверка не завершена",
        Mark.WAITING,
    ),
    Notice(
        "Сертификат выдан Петрову И. С., а подписывает Белова Я. Н. Выберите свой сертификат. "
        "Документ не изменён.",
        "Подпись не принята",
        Mark.PROBLEM,
    ),
)

FACTS = (
    Fact("Учреждение", "МБОУ «Заречная школа»", "/ui"),
    Fact("Куратор", "Соколова Марина Юрьевна, заместитель директора", "/ui"),
    Fact("Основание", "Приказ от 12.01.2026 № 3-од"),
    Fact("Раздел сайта", "", "/ui"),
)

FIELDS = (
    FieldSpec(
        "title",
        "Заголовок приказа",
        FieldKind.TEXT,
        required=True,
        hint="Отвечает на вопрос «о чём»: «О внедрении целевой модели наставничества»",
    ),
    FieldSpec("curator", "Куратор", FieldKind.PERSON, required=True, article="Положение, п. 3.2"),
    FieldSpec("starts", "Дата начала", FieldKind.DATE, required=True),
    FieldSpec("mentors", "Число наставников", FieldKind.NUMBER),
    FieldSpec(
        "approves",
        "Что утверждает приказ",
        FieldKind.CHOICE,
        required=True,
        choices=(
            Choice("regulation", "Положение"),
            Choice("roadmap", "Дорожную карту"),
            Choice("programme", "Программу"),
        ),
    ),
    FieldSpec("council", "Создаётся ли совет наставников?", FieldKind.YES_NO, required=True),
    FieldSpec("readers", "Кого ознакомить", FieldKind.PEOPLE),
    FieldSpec("reason", "Преамбула", FieldKind.LONG_TEXT),
    FieldSpec(
        "events",
        "Мероприятия",
        FieldKind.ROWS,
        required=True,
        columns=(
            FieldSpec("what", "Мероприятие", FieldKind.TEXT, required=True),
            FieldSpec("until", "Срок", FieldKind.DATE, required=True),
            FieldSpec("who", "Ответственный", FieldKind.PERSON),
        ),
    ),
)
PEOPLE = (
    Choice("e1", "Соколова М. Ю., заместитель директора"),
    Choice("e2", "Ильина В. П., учитель математики"),
    Choice("e3", "Гаврилов О. С., учитель физики"),
)
OPTIONS = {"curator": PEOPLE, "readers": PEOPLE, "who": PEOPLE}
VALUES = {
    "title": "О внедрении целевой модели наставничества",
    "curator": "e1",
    "approves": "roadmap",
    "readers": ("e2", "e3"),
    "events": (
        {"what": "Собрание наставников", "until": date(2026, 9, 15), "who": "e1"},
        {"what": "Анкетирование наставляемых", "until": date(2026, 10, 1), "who": "e2"},
    ),
}

TABLE = Table(
    "Журнал регистрации приказов по основной деятельности",
    ("№", "Дата", "О чём", "Листов"),
    (
        (
            Cell("14-од", "/ui"),
            Cell("12.01.2026"),
            Cell("О назначении куратора"),
            Cell("1", number=True),
        ),
        (
            Cell("15-од", "/ui"),
            Cell("20.01.2026"),
            Cell("Об утверждении дорожной карты"),
            Cell("4", number=True),
        ),
        (
            Cell("16-од"),
            Cell("21.01.2026"),
            Cell(tag=Tag("Аннулирован", Mark.PROBLEM), note="Номер занят по ошибке"),
            Cell("—", number=True),
        ),
    ),
)
EMPTY_TABLE = Table("Входящие", ("№", "Дата"), (), empty="Сегодня ничего не поступило.")
PAGING = Paging(2, 5, "/ui?page=1", "/ui?page=3")
MATRIX = Table(
    "Исполнение приказа отдела № 789-о/д",
    ("Школа", "Приказ о кураторе", "Дорожная карта", "Программа", "Раздел сайта"),
    (
        (
            Cell("Заречная школа", "/ui"),
            Cell(tag=Tag("В срок", Mark.DONE), note="подпись верна"),
            Cell(tag=Tag("В срок", Mark.DONE), note="подпись верна"),
            Cell(tag=Tag("В срок", Mark.DONE), note="подпись верна"),
            Cell(tag=Tag("Ожидается"), note="до 1 марта"),
        ),
        (
            Cell("Лесная школа", "/ui"),
            Cell(tag=Tag("В срок", Mark.DONE), note="подпись верна"),
            Cell(tag=Tag("С опозданием", Mark.WAITING), note="на 2 рабочих дня"),
            Cell(tag=Tag("Возвращено", Mark.PROBLEM), note="исправить до 6 февраля"),
            Cell(tag=Tag("Ожидается"), note="до 1 марта"),
        ),
        (
            Cell("Детский сад «Ручеёк»", "/ui"),
            Cell(tag=PAPER, note="вх. № 21 от 29.01.2026"),
            Cell(tag=PAPER, note="вх. № 21 от 29.01.2026"),
            Cell(tag=Tag("Не требуется"), note="приказ № 801-о/д"),
            Cell(tag=Tag("Не отправлено", Mark.PROBLEM), note="срок истёк"),
        ),
    ),
    sticky=True,
)
HAPPENINGS = (
    Happening("20.01.2026, 15:40", "Приказ подписан", "Белова Я. Н., директор"),
    Happening(
        "19.01.2026, 10:12",
        "Возвращено на доработку",
        "Соколова М. Ю., куратор",
        "В п. 3 укажите срок: до 1 марта.",
    ),
    Happening("18.01.2026, 09:05", "Проект подготовлен", "Зайцева Т. К., делопроизводитель"),
)
CONFIRMATION = Confirmation(
    "Документы отправлены",
    "Исх. № 48 от 29.01.2026",
    "Исходящий номер",
    (
        "Отдел образования проверит подписи и пришлёт уведомление о приёме.",
        "Если отдел вернёт пакет, замечания и срок исправления появятся в разделе «Что ждёт меня».",
    ),
)


def next_step(words: Words, today: date) -> NextStep:
    return NextStep(
        "Подпишите приказ об утверждении дорожной карты",
        "Согласован куратором 3 мая. К приказу приложена дорожная карта на 4 листах.",
        _open(words, date(2026, 5, 8), today),
        button(ACTIONS[0], words),
    )


def _open(words: Words, last: date, today: date) -> DeadlinePhrase:
    return open_deadline(words, last, remaining(last, today, CALENDAR), today)


def deadlines(words: Words, today: date) -> tuple[DeadlinePhrase, ...]:
    return (
        _open(words, date(2026, 5, 8), today),
        _open(words, date(2026, 4, 30), today),
        _open(words, today, today),
        deadline_without_date(words, Uncovered(2029)),
        met_deadline(words, date(2026, 1, 28), InTime(), today),
        met_deadline(words, date(2026, 2, 3), Late(2), today),
    )


def task_groups(words: Words, today: date) -> tuple[TaskGroup, ...]:
    soon, overdue, *_others = deadlines(words, today)
    return (
        TaskGroup(
            "Подготовительный этап",
            (
                Task("Приказ о назначении куратора", DONE, "/ui", "№ 3-од от 12.01.2026"),
                Task("Положение о наставничестве", WAITS, "/ui", "Ждёт подписи: Белова Я. Н."),
                Task("Дорожная карта", NEXT, "/ui", deadline=soon),
                Task("Лист ознакомления", PAPER, "/ui", "Двое ознакомлены на бумаге"),
            ),
        ),
        TaskGroup(
            "Отправка в отдел образования",
            (
                Task("Сопроводительное письмо", LATE, "/ui", deadline=overdue),
                Task("Пакет документов", LATER, "", "Сначала подпишите дорожную карту"),
            ),
        ),
    )


def preview(url: str) -> Preview:
    return Preview("Приказ об утверждении дорожной карты", url, "ПРОЕКТ", url)
