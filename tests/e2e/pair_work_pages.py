"""What people of Kedrovsk do at their browsers while a pair works, and when its term is over."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from tests.e2e.desks import SAVE, Desk, send_on_its_way, sign_own_paper
from tests.e2e.pair_pages import MY_PAIRS, typed

ROWS_ARE_RIGHT = "Все строки верны, дальше"
SAVE_ROW = "Сохранить строку"


def draw_up_the_plan(mentor: Desk) -> str:
    """The mentor takes the usual rows and signs (D16); return the plan's path."""
    mentor.open(MY_PAIRS)
    mentor.press("Составить план")
    mentor.press(ROWS_ARE_RIGHT)
    return sign_own_paper(mentor)


def add_a_meeting(mentor: Desk, held_on: date, topic: str, advice: str = "") -> None:
    mentor.open(MY_PAIRS)
    mentor.press(re.compile("^Открыть пару"))
    mentor.press("Добавить встречу")
    mentor.fill("Дата", typed(held_on))
    mentor.fill("Тема", topic)
    mentor.fill("Рекомендации", advice)
    mentor.press("Сохранить встречу")
    mentor.shows("Встреча записана")


def make_the_journal(mentor: Desk, own_pair: str) -> str:
    """The journal of meetings (D18), signed by the mentor; return its path."""
    mentor.open(own_pair)
    mentor.press("Составить журнал встреч")
    return sign_own_paper(mentor)


def write_the_report(mentor: Desk, rows: int, summary: str) -> str:
    """The mentor's report (D26) on each row of the plan; return its path."""
    mentor.open(MY_PAIRS)
    mentor.press("Составить отчёт")
    mentor.fill("Результаты наставничества", summary)
    mentor.page.get_by_label("достаточная", exact=True).check()
    mentor.press(SAVE)
    mentor.press("Заполнить следующую строку")
    for _row in range(rows):
        mentor.fill("Выполнение", "выполнено")
        mentor.press(SAVE_ROW)
    mentor.press(ROWS_ARE_RIGHT)
    mentor.press(SAVE)
    return sign_own_paper(mentor)


def answer_the_questionnaire(mentee: Desk, marks: Sequence[int]) -> str:
    """The mentee's questionnaire (D27); return its path."""
    mentee.open(MY_PAIRS)
    mentee.press("Ответить на анкету")
    for place, mark in enumerate(marks):
        scale = mentee.page.locator(".scale").nth(place)
        scale.get_by_label(str(mark), exact=True).check()
    mentee.page.get_by_label("Да", exact=True).check()
    mentee.press(SAVE)
    mentee.press(SAVE)  # what may be left out
    return sign_own_paper(mentee)


# --- Consents to the sending of named data, and the package ---------------------------------


def consent_to_sending(person: Desk, own_pair: str, centre: str) -> str:
    """Somebody consents that the centre gets named data (D11); return the paper's path."""
    person.open(own_pair)
    person.press("Дать согласие на передачу моих данных")
    person.fill("Адрес регистрации", "г. Кедровск, ул. Лесная, д. 1")
    person.fill("Номер", "000001")
    person.fill("Дата выдачи", "17.03.2020")
    person.fill("Кем выдан", "отделом внутренних дел по г. Кедровску")
    person.press(SAVE)
    person.shows("Кому передаются данные", centre)
    return sign_own_paper(person)


def begin_letter(clerk: Desk, pair: str) -> str:
    """The covering letter (D33) with the results that the system has put into it."""
    clerk.open(pair)
    clerk.press("Подготовить")
    letter = clerk.document()
    clerk.shows("Отчёт наставника от", "Анкета оценки наставничества от")
    send_on_its_way(clerk, letter)
    return letter


def send_package(clerk: Desk, letter: str) -> None:
    """The letter with everything that it encloses goes to the centre."""
    clerk.open(f"{letter}/delivery")
    clerk.press("Отправить")
    clerk.shows("Документы отправлены")


def accept_the_package(officer: Desk, sender: str) -> None:
    """The centre's officer looks at what has come and accepts it as soon as it is examined."""
    officer.open("/submissions")
    officer.press(sender)
    officer.wait_until(officer.path, "Принять")
    officer.press("Принять")
    officer.shows("УВЕДОМЛЕНИЕ О ПРИЁМЕ", "подтверждены")
