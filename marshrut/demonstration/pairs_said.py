"""Who is brought together with whom in the pairs' story, and what they write."""

from __future__ import annotations

from dataclasses import dataclass

#: Mentors of the school by key: years of work, all of them in their field.
MENTORS = {"zotova": 24, "belyaeva": 17, "komarov": 19, "frolova": 28, "maltseva": 14}
#: Those who have just begun, and how long ago.
BEGINNERS = {"golubeva": 1, "nikitin": 0, "rudenko": 2, "savina": 1, "ten": 2}


@dataclass(frozen=True)
class PairCard:
    """A mentor and a mentee by key, and what help is needed with.

    `clause` names the mentor's contract where it holds the terms of the work already.
    """

    mentor: str
    mentee: str
    need: str
    clause: str = ""


FIRST = PairCard("zotova", "golubeva", "ведение документации, подготовка к урокам математики")
SECOND = PairCard("komarov", "nikitin", "подготовка и проведение лабораторных работ")
THIRD = PairCard(
    "frolova",
    "savina",
    "работа с первоклассниками и их родителями",
    clause="трудовой договор от 1 сентября 2022 г. № 8, п. 2.7",
)
FOURTH = PairCard("maltseva", "ten", "современный урок английского языка")
FIFTH = PairCard(
    "belyaeva",
    "rudenko",
    "проверка и оценивание письменных работ",
    clause="трудовой договор от 26 августа 2023 г. № 31, п. 2.5",
)
ALL = (FIRST, SECOND, THIRD, FOURTH, FIFTH)
#: Who has refused electronic labour documents.
ON_PAPER = "maltseva"
#: Who takes the second pair over.
SUCCESSOR = "zotova"

BASIS = (
    "Положения о наставничестве педагогических работников Кедровского городского округа, "
    "утверждённого приказом Управления образования от 12 января 2026 г. № 5"
)

PLAN = (
    ("Знакомство, изучение затруднений и запросов наставляемого", "первая неделя", "собеседование"),
    ("Разбор рабочей программы и календарно-тематического планирования", "первый месяц",
     "просмотр документации"),
    ("Посещение наставником уроков наставляемого с последующим разбором", "ежемесячно",
     "анализ урока"),
    ("Посещение наставляемым уроков наставника", "ежемесячно", "собеседование"),
    ("Подготовка и проведение наставляемым открытого урока", "второе полугодие срока",
     "открытый урок"),
    ("Подведение итогов, рекомендации на дальнейшую работу", "последние две недели срока",
     "отчёт наставника"),
)  # fmt: skip

#: What was done of the plan and what came of it, line by line.
DONE = (
    ("выполнено", "составлен перечень затруднений"),
    ("выполнено", "документация ведётся без замечаний"),
    ("выполнено", "уроки построены по требованиям ФГОС"),
    ("выполнено", "освоены приёмы организации групповой работы"),
    ("выполнено", "открытый урок проведён для методического объединения"),
    ("выполнено", "даны рекомендации на следующий учебный год"),
)

#: A meeting each month: the form, the topic, the advice.
MEETINGS = (
    ("in_person", "Затруднения в первые недели, запись в журнале", "Вести тетрадь наблюдений."),
    ("in_person", "Календарно-тематическое планирование", "Сверить темы с рабочей программой."),
    ("lesson", "Разбор урока «Квадратные уравнения»", "Оставлять время на самопроверку."),
    ("online", "Подготовка контрольных работ", ""),
    ("lesson", "Групповая работа на уроке", "Заранее раздать роли в группах."),
    ("in_person", "Подготовка открытого урока", "Сократить объяснение до десяти минут."),
    ("in_person", "Итоги наставничества", "Продолжить взаимное посещение уроков."),
)

#: The second pair's meetings with its first mentor.
MEETINGS_OF_SECOND = (
    ("in_person", "Техника безопасности в кабинете физики", "Вести журнал инструктажей."),
    ("lesson", "Разбор лабораторной работы", "Проверять приборы накануне."),
)

#: What the second pair's first mentor had done by the time of leaving.
DONE_BEFORE_LEAVING = (
    ("выполнено", "составлен перечень затруднений"),
    ("выполнено", "рабочая программа уточнена"),
    ("выполнено частично", "разобраны два урока"),
    ("выполнено частично", "посещён один урок"),
    ("не выполнено", ""),
    ("не выполнено", ""),
)
SUMMARY_ON_LEAVING = (
    "Егор Романович освоил ведение документации и технику безопасности в кабинете физики."
)

SUMMARY = (
    "Дарья Максимовна уверенно ведёт документацию, строит уроки по требованиям ФГОС и "
    "организует групповую работу. Открытый урок получил положительную оценку методического "
    "объединения."
)
RECOMMENDATIONS = "Освоить формирующее оценивание. Участвовать в конкурсе молодых педагогов."
PROPOSALS = "Поощрить наставляемого за открытый урок."

SCORES = {
    "regularity": "10",
    "usefulness": "9",
    "atmosphere": "10",
    "accessibility": "9",
    "documents": "10",
    "lessons": "9",
    "advice": "9",
    "plan": "8",
    "readiness": "8",
    "overall": "9",
}


def plan_rows() -> tuple[dict[str, object], ...]:
    """The rows of a plan (D16)."""
    return tuple({"text": text, "due": due, "control": way} for text, due, way in PLAN)


def report_rows(
    done: tuple[tuple[str, str], ...] = DONE,
) -> tuple[dict[str, object], ...]:
    """The rows of the report on it (D26)."""
    return tuple(
        {"text": text, "due": due, "done": how, "result": result}
        for (text, due, _), (how, result) in zip(PLAN, done, strict=True)
    )
