"""Forms are proposed as an experienced secretary would write them, and doubts are said."""

from __future__ import annotations

import pytest

from templates_docs.fields import Case, Gender
from templates_docs.inflect import (
    DOUBT_WORDS,
    Doubt,
    propose_gender,
    propose_organisation,
    propose_person,
    propose_post,
)

POSTS = {
    "директор": ("директора", "директору", "директора", "директором", "директоре"),
    "заведующий": ("заведующего", "заведующему", "заведующего", "заведующим", "заведующем"),
    "заведующая": ("заведующей", "заведующей", "заведующую", "заведующей", "заведующей"),
    "учитель-логопед": (
        "учителя-логопеда",
        "учителю-логопеду",
        "учителя-логопеда",
        "учителем-логопедом",
        "учителе-логопеде",
    ),
    "тьютор": ("тьютора", "тьютору", "тьютора", "тьютором", "тьюторе"),
}


@pytest.mark.parametrize("post", POSTS)
def test_posts_in_every_case(post: str) -> None:
    declension = propose_post(post).declension
    assert tuple(declension.in_case(case) for case in Case) == (post, *POSTS[post])


@pytest.mark.parametrize(
    ("post", "case", "form"),
    [
        (
            "заместитель директора по учебно-воспитательной работе",
            Case.DATIVE,
            "заместителю директора по учебно-воспитательной работе",
        ),
        ("начальник отдела образования", Case.ACCUSATIVE, "начальника отдела образования"),
        ("ведущий специалист", Case.INSTRUMENTAL, "ведущим специалистом"),
        ("старший воспитатель", Case.ACCUSATIVE, "старшего воспитателя"),
        ("заведующий детским садом", Case.DATIVE, "заведующему детским садом"),
        ("социальный педагог", Case.GENITIVE, "социального педагога"),
        ("преподаватель-организатор ОБЖ", Case.DATIVE, "преподавателю-организатору ОБЖ"),
        ("учитель русского языка и литературы", Case.ACCUSATIVE,
         "учителя русского языка и литературы"),
        ("исполняющий обязанности директора", Case.DATIVE, "исполняющему обязанности директора"),
        ("Директор школы", Case.ACCUSATIVE, "Директора школы"),
    ],
)  # fmt: skip
def test_what_follows_the_post_stays(post: str, case: Case, form: str) -> None:
    proposal = propose_post(post)
    assert proposal.declension.in_case(case) == form
    assert not proposal.doubtful


@pytest.mark.parametrize("post", ["и.о. заведующего", "И.о. директора", "врио начальника отдела"])
def test_an_acting_post_does_not_change(post: str) -> None:
    assert {propose_post(post).declension.in_case(case) for case in Case} == {post}


def test_several_posts_are_doubtful() -> None:
    assert Doubt.SEVERAL_POSTS in propose_post("учитель, классный руководитель").doubts
    assert Doubt.SEVERAL_POSTS in propose_post("директор и методист").doubts


def test_a_post_that_is_no_russian_phrase_is_left_alone_and_doubted() -> None:
    proposal = propose_post("HR-менеджер 2")
    assert proposal.doubtful
    assert propose_post("").doubtful


@pytest.mark.parametrize("name", ["МБОУ «Школа № 3»", "МБДОУ", "«Ромашка»", "ГБПОУ «Колледж»"])
def test_abbreviations_and_quoted_names_do_not_change(name: str) -> None:
    proposal = propose_organisation(name)
    assert {proposal.declension.in_case(case) for case in Case} == {name}
    assert not proposal.doubtful


@pytest.mark.parametrize(
    ("name", "case", "form"),
    [
        (
            "Муниципальное бюджетное общеобразовательное учреждение «Средняя школа № 3»",
            Case.PREPOSITIONAL,
            "Муниципальном бюджетном общеобразовательном учреждении «Средняя школа № 3»",
        ),
        ("Гимназия № 1", Case.GENITIVE, "Гимназии № 1"),
        ("Отдел образования района", Case.ACCUSATIVE, "Отдел образования района"),
        ("детский сад «Ромашка»", Case.ACCUSATIVE, "детский сад «Ромашка»"),
        ("детский сад «Ромашка»", Case.PREPOSITIONAL, "детском саду «Ромашка»"),
    ],
)
def test_organisations(name: str, case: Case, form: str) -> None:
    assert propose_organisation(name).declension.in_case(case) == form


def test_two_forms_of_the_prepositional_case_are_doubtful() -> None:
    doubts = propose_organisation("детский сад «Ромашка»").doubts
    assert doubts == (Doubt.SECOND_PREPOSITIONAL,)


def test_a_common_name_is_inflected_without_doubt() -> None:
    proposal = propose_person("Иванова", "Анна", "Петровна", Gender.FEMALE)
    assert [proposal.declension.in_case(case) for case in Case] == [
        "Иванова Анна Петровна",
        "Ивановой Анны Петровны",
        "Ивановой Анне Петровне",
        "Иванову Анну Петровну",
        "Ивановой Анной Петровной",
        "Ивановой Анне Петровне",
    ]
    assert not proposal.doubtful


def test_yo_is_kept_as_the_person_writes_it() -> None:
    proposal = propose_person("Королёв", "Семён", "Кузьмич", Gender.MALE)
    assert proposal.declension.dative == "Королёву Семёну Кузьмичу"


@pytest.mark.parametrize(
    ("last", "first", "middle", "gender", "doubt"),
    [
        ("Шевченко", "Олег", "Иванович", Gender.MALE, Doubt.INDECLINABLE),
        ("Белых", "Илья", "Фомич", Gender.MALE, Doubt.INDECLINABLE),
        ("Шмидт", "Анна", "Карловна", Gender.FEMALE, Doubt.INDECLINABLE),
        ("Римская-Корсакова", "Ольга", "Львовна", Gender.FEMALE, Doubt.DOUBLE),
        ("Кравец", "Лев", "Ильич", Gender.MALE, Doubt.FLEETING_VOWEL),
        ("Алиев", "Рашид", "Мамед оглы", Gender.MALE, Doubt.FOREIGN),
        ("Smith", "John", "", Gender.MALE, Doubt.FOREIGN),
        ("Иванов", "Квазимир", "Маратович", Gender.MALE, Doubt.UNKNOWN_WORD),
    ],
)
def test_doubts_are_said(last: str, first: str, middle: str, gender: Gender, doubt: Doubt) -> None:
    assert doubt in propose_person(last, first, middle, gender).doubts


def test_a_woman_s_surname_in_a_consonant_does_not_change() -> None:
    proposal = propose_person("Шмидт", "Анна", "Карловна", Gender.FEMALE)
    assert proposal.declension.dative == "Шмидт Анне Карловне"


@pytest.mark.parametrize(
    ("name", "gender"),
    [
        (("Иванова", "Анна", "Петровна"), Gender.FEMALE),
        (("Ким", "Олег", "Сергеевич"), Gender.MALE),
        (("Алиева", "Лейла", "Мамед кызы"), Gender.FEMALE),
        (("Smith", "John", ""), None),
    ],
)
def test_gender_is_proposed_from_the_name(
    name: tuple[str, str, str], gender: Gender | None
) -> None:
    assert propose_gender(*name) == gender


def test_every_doubt_has_words() -> None:
    assert set(DOUBT_WORDS) == set(Doubt)
