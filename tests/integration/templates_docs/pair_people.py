"""Invented mentors and mentees, short names and long ones, for the papers of a pair."""

from __future__ import annotations

from datetime import date

from templates_docs.fields import Gender, PersonFacts
from templates_docs.inflect import propose_person, propose_post
from tests.integration.templates_docs.library_samples import person


def worker(name: str, gender: Gender, post: str) -> PersonFacts:
    """Return a person by «Фамилия Имя Отчество» with the forms that the grammar proposes."""
    last, first, middle = name.split(" ", 2)
    fio = propose_person(last, first, middle, gender).declension
    return person(last, first, middle, gender, fio, propose_post(post).declension)


MENTOR = worker("Иванова Анна Петровна", Gender.FEMALE, "учитель математики")
MALE_MENTOR = worker("Зотов Игорь Львович", Gender.MALE, "учитель истории и обществознания")
MENTEE = worker("Петров Иван Сергеевич", Gender.MALE, "учитель физики")
SECOND_MENTEE = worker("Лебедева Дарья Олеговна", Gender.FEMALE, "воспитатель")
LONG_MENTOR = worker(
    "Черномырдина-Константинопольская Александра Всеволодовна",
    Gender.FEMALE,
    "учитель начальных классов высшей квалификационной категории, руководитель методического"
    " объединения",
)
LONG_MENTEE = worker(
    "Христорождественский Святослав Вениаминович",
    Gender.MALE,
    "преподаватель-организатор основ безопасности и защиты Родины",
)
SINCE, UNTIL = date(2026, 9, 1), date(2027, 8, 31)
