"""Invented organisations, people and facts with which the templates of the library are tried."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import templates_docs
from templates_docs.fields import (
    ApprovalFacts,
    Declension,
    Gender,
    OrgFacts,
    PersonFacts,
    RegistrationFacts,
)

LIBRARY = Path(templates_docs.__file__).parent / "library"
COMMON = LIBRARY / "common"
TEMPLATES: Mapping[str, Path] = {
    "D02": COMMON / "D02-approval-order.docx",
    "D03": LIBRARY / "tetyushi" / "D03-regulation.docx",
    "D04": COMMON / "D04-roadmap.docx",
    "D05": COMMON / "D05-programme.docx",
    "D06": COMMON / "D06-curator-order.docx",
    "D33": COMMON / "D33-cover-letter.docx",
}
APPROVED = ("D03", "D04", "D05")
NUMBER, DAY, DAY_IN_WORDS = "12-о/д", date(2023, 1, 25), "25 января 2023 г."

KINDERGARTEN = OrgFacts(
    full=Declension(
        "Муниципальное бюджетное дошкольное образовательное учреждение «Детский сад № 7 «Ласточка»",
        "муниципального бюджетного дошкольного образовательного учреждения"
        " «Детский сад № 7 «Ласточка»",
        "муниципальному бюджетному дошкольному образовательному учреждению"
        " «Детский сад № 7 «Ласточка»",
        "муниципальное бюджетное дошкольное образовательное учреждение «Детский сад № 7 «Ласточка»",
        "муниципальным бюджетным дошкольным образовательным учреждением"
        " «Детский сад № 7 «Ласточка»",
        "муниципальном бюджетном дошкольном образовательном учреждении «Детский сад № 7 «Ласточка»",
    ),
    short=Declension.unchanging("МБДОУ «Детский сад № 7 «Ласточка»"),
    place="г. Приволжск",
    address="422000, Республика Татарстан, г. Приволжск, ул. Садовая, д. 7",
    phone="(84300) 2-00-07",
    email="lastochka@example.org",
    site="https://lastochka.example.org",
    okpo="12345678",
    ogrn="1021600000000",
    inn="1600000000",
    kpp="160001001",
    founder="Исполнительный комитет Приволжского муниципального района Республики Татарстан",
)
_SCHOOL_TAIL = (
    " «Большешатьминская средняя общеобразовательная школа имени Героя Советского Союза"
    " Константина Добронравова» Приволжского муниципального района Республики Татарстан"
)
SCHOOL = replace(
    KINDERGARTEN,
    full=Declension(
        *(
            f"{words}{_SCHOOL_TAIL}"
            for words in (
                "Муниципальное бюджетное общеобразовательное учреждение",
                "муниципального бюджетного общеобразовательного учреждения",
                "муниципальному бюджетному общеобразовательному учреждению",
                "муниципальное бюджетное общеобразовательное учреждение",
                "муниципальным бюджетным общеобразовательным учреждением",
                "муниципальном бюджетном общеобразовательном учреждении",
            )
        )
    ),
    short=Declension.unchanging("МБОУ «Большешатьминская СОШ имени К. Добронравова»"),
    place="с. Большая Шатьма",
    address="422001, Республика Татарстан, Приволжский район, с. Большая Шатьма, ул. Школьная, 1А",
)
BARE_ORG = replace(
    KINDERGARTEN, address="", phone="", email="", site="", okpo="", ogrn="", inn="", kpp="",
    founder="",
)  # fmt: skip


def person(
    last: str, first: str, middle: str, gender: Gender, fio: Declension, post: Declension
) -> PersonFacts:
    return PersonFacts(last, first, middle, gender, fio, post)


HEAD = person(
    "Соколова", "Вера", "Игоревна", Gender.FEMALE,
    Declension(
        "Соколова Вера Игоревна", "Соколовой Веры Игоревны", "Соколовой Вере Игоревне",
        "Соколову Веру Игоревну", "Соколовой Верой Игоревной", "Соколовой Вере Игоревне",
    ),
    Declension("заведующий", "заведующего", "заведующему", "заведующего", "заведующим",
               "заведующем"),
)  # fmt: skip
ACTING_HEAD = person(
    "Черномырдина-Константинопольская", "Александра", "Всеволодовна", Gender.FEMALE,
    Declension.unchanging("Черномырдина-Константинопольская Александра Всеволодовна"),
    Declension.unchanging(
        "исполняющий обязанности директора муниципального бюджетного общеобразовательного"
        " учреждения"
    ),
)  # fmt: skip
CURATOR = person(
    "Петрова", "Анна", "Сергеевна", Gender.FEMALE,
    Declension(
        "Петрова Анна Сергеевна", "Петровой Анны Сергеевны", "Петровой Анне Сергеевне",
        "Петрову Анну Сергеевну", "Петровой Анной Сергеевной", "Петровой Анне Сергеевне",
    ),
    Declension(
        "заместитель заведующего по воспитательной и методической работе",
        "заместителя заведующего по воспитательной и методической работе",
        "заместителю заведующего по воспитательной и методической работе",
        "заместителя заведующего по воспитательной и методической работе",
        "заместителем заведующего по воспитательной и методической работе",
        "заместителе заведующего по воспитательной и методической работе",
    ),
)  # fmt: skip
SYSADMIN = person(
    "Ильин", "Олег", "Маратович", Gender.MALE,
    Declension(
        "Ильин Олег Маратович", "Ильина Олега Маратовича", "Ильину Олегу Маратовичу",
        "Ильина Олега Маратовича", "Ильиным Олегом Маратовичем", "Ильине Олеге Маратовиче",
    ),
    Declension(
        "системный администратор", "системного администратора", "системному администратору",
        "системного администратора", "системным администратором", "системном администраторе",
    ),
)  # fmt: skip
CLERK = person(
    "Гараева", "Лилия", "Рустамовна", Gender.FEMALE,
    Declension(
        "Гараева Лилия Рустамовна", "Гараевой Лилии Рустамовны", "Гараевой Лилии Рустамовне",
        "Гараеву Лилию Рустамовну", "Гараевой Лилией Рустамовной", "Гараевой Лилии Рустамовне",
    ),
    Declension(
        "делопроизводитель", "делопроизводителя", "делопроизводителю", "делопроизводителя",
        "делопроизводителем", "делопроизводителе",
    ),
)  # fmt: skip
OFFICER = person(
    "Тихонов", "Пётр", "Андреевич", Gender.MALE,
    Declension(
        "Тихонов Пётр Андреевич", "Тихонова Петра Андреевича", "Тихонову Петру Андреевичу",
        "Тихонова Петра Андреевича", "Тихоновым Петром Андреевичем", "Тихонове Петре Андреевиче",
    ),
    Declension("начальник", "начальника", "начальнику", "начальника", "начальником", "начальнике"),
)  # fmt: skip

OFFICE = "МКУ «Отдел образования Исполнительного комитета Приволжского муниципального района»"
MUNICIPAL_ORDER = (
    f"приказом {OFFICE} от 23 декабря 2022 г. № 101-о/д «Об организации работы по внедрению"
    " системы (целевой модели) наставничества педагогических работников»"
)


def texts(*items: str) -> list[dict[str, str]]:
    return [{"text": item} for item in items]


def annexes(*types: str) -> list[dict[str, object]]:
    return [
        {"type": kind, "number": number, "period": "2023 год" if kind == "D04" else None}
        for number, kind in enumerate(types, start=1)
    ]


def measures(count: int) -> list[dict[str, str]]:
    """Return `count` rows of a roadmap over three stages, each stage's rows together."""
    stages = ("Подготовительный этап", "Основной этап", "Заключительный этап")
    long_text = (
        "Выявление профессиональных затруднений и запросов педагогических работников, в том числе"
        " молодых и вновь принятых, анкетирование и беседы"
    )
    return [
        {
            "stage": stages[row * 3 // count],
            "text": long_text if row % 2 else "Назначение куратора реализации программ",
            "due": "январь 2023 г." if row % 3 else "1 раз в полугодие",
            "responsible": "Куратор, руководитель организации",
            "result": "Приказ о назначении куратора" if row % 2 else "Аналитическая справка",
        }
        for row in range(count)
    ]


_MINIMAL: Mapping[str, Mapping[str, object]] = {
    "D02": {
        "annexes": annexes("D03"),
        "basis": MUNICIPAL_ORDER,
        "effective_date": DAY,
        "responsible": CURATOR,
        "ack_deadline": date(2023, 1, 31),
    },
    "D03": {
        "legal_basis": texts("Трудовой кодекс Российской Федерации (статья 351.8)"),
        "term_min": "3 месяцев",
        "term_max": "1 года",
        "group_min": 2,
        "curator_from_род": "заместителей руководителя организации",
        "analytics_period": "один раз в полугодие",
        "notice_days": 3,
        "pay_act_тв": "положением об оплате труда работников организации",
        "site_section": "Целевая модель наставничества",
        "site_days": 10,
    },
    "D04": {"period": "2023 год", "rows": measures(3)},
    "D05": {
        "period_from": date(2023, 2, 1),
        "period_to": date(2025, 12, 31),
        "legal_federal": texts("Трудовой кодекс Российской Федерации (статья 351.8)"),
        "developers": [{"fio": "Петрова Анна Сергеевна", "post": "заместитель заведующего"}],
        "target_groups": texts("молодые (начинающие) педагоги", "педагоги-наставники"),
        "forms": texts("«педагог — педагог»"),
        "directions": texts("профессиональная адаптация молодых педагогов"),
        "management": "Руководство осуществляет заведующий, реализацию организует куратор",
        "conditions": texts("добровольное участие наставников и наставляемых"),
        "results": texts("рост числа молодых педагогов, закрепившихся в профессии"),
        "monitoring": texts("аналитическая справка куратора — один раз в полугодие"),
        "incentives_other": texts("благодарственное письмо, почётная грамота"),
        "relevance": "Молодым педагогам нужна помощь опытного коллеги",
        "goal": "создание условий для закрепления педагогов в профессии",
        "tasks": texts("выявить затруднения педагогов", "повысить квалификацию наставников"),
        "principles": texts("добровольность и равенство участников"),
        "criteria": [{"criterion": "Опыт", "indicator": "Устойчивые результаты работы"}],
        "plan": measures(3),
        "site_section": "Целевая модель наставничества",
    },
    "D06": {
        "basis": MUNICIPAL_ORDER,
        "curator": CURATOR,
        "date_from": DAY,
        "duties": texts("разработать дорожную карту"),
    },
    "D33": {
        "recipient": OFFICER,
        "recipient_org": OFFICE,
        "subject": "О направлении документов по наставничеству",
        "basis": f"пункта 2.5 приказа {OFFICE} от 23 декабря 2022 г. № 101-о/д",
        "items": [{"name": "Дорожная карта", "sheets": 3, "copies": 1}],
        "executor": CURATOR,
        "executor_phone": "(84300) 2-00-07",
    },
}
_FULL: Mapping[str, Mapping[str, object]] = {
    "D02": {
        "annexes": annexes("D03", "D04", "D05"),
        "goal": "внедрения системы (целевой модели) наставничества педагогических работников",
        "council_body_род": "педагогического совета",
        "council_date": date(2023, 1, 20),
        "council_number": "4",
        "union_date": date(2023, 1, 23),
        "union_number": "2",
        "old_act": "приказ от 1 сентября 2021 г. № 45-о/д «Об утверждении Положения»",
        "site_days": 10,
        "site_section": "Целевая модель наставничества",
        "control_person": CURATOR,
    },
    "D03": {
        "legal_basis": texts(
            "Трудовой кодекс Российской Федерации (статья 351.8)",
            "Федеральный закон от 29 декабря 2012 г. № 273-ФЗ «Об образовании в Российской"
            " Федерации»",
        ),
        "max_mentees": 3,
        "mentor_requirements": texts(
            "стаж педагогической работы не менее 5 лет", "первая или высшая категория"
        ),
        "council": True,
        "plan_days": 5,
        "report_days": 5,
        "electronic": True,
    },
    "D04": {"rows": measures(25)},
    "D05": {
        "legal_regional": texts("приказ Министерства образования от 16 ноября 2022 г. № 1"),
        "legal_municipal": texts("приказ отдела образования от 23 декабря 2022 г. № 101-о/д"),
        "legal_local": texts("устав организации", "положение о системе наставничества"),
        "incentives_material": texts("стимулирующая выплата"),
        "criteria": [
            {"criterion": "Опыт", "indicator": "Устойчивые результаты педагогической работы"},
            {"criterion": "Личные качества", "indicator": "Умение слушать, ответственность"},
        ],
        "plan": measures(9),
        "work_forms": [
            {
                "partners": "Отдел образования",
                "organisation": "Консультации, открытые занятия, мастер-классы",
                "external": "Профессиональные конкурсы, аттестация",
            }
        ],
    },
    "D06": {
        "goal": "реализации системы (целевой модели) наставничества педагогических работников",
        "date_to": date(2023, 12, 31),
        "duties": texts(
            "разработать проекты положения о системе наставничества и дорожной карты",
            "вести банк (персонифицированный учёт) наставников и наставляемых",
            "проводить мониторинг и готовить аналитическую справку один раз в полугодие",
        ),
        "sysadmin": SYSADMIN,
        "site_section": "Целевая модель наставничества",
        "payment": "в размере 10 процентов должностного оклада",
        "clerk": CLERK,
    },
    "D33": {
        "recipient_address": "roo@example.org",
        "reply_number": "17",
        "reply_date": date(2023, 1, 18),
        "greeting": "Уважаемый Пётр Андреевич!",
        "site_address": "https://lastochka.example.org/mentoring",
        "site_section": "Целевая модель наставничества",
        "note": "Дополнительно сообщаем, что программа размещена на сайте.",
        "items": [
            {"name": f"Приказ от 25 января 2023 г. № 12-о/д «{title}»", "sheets": 2, "copies": 1}
            for title in ("О назначении куратора", "Об утверждении Положения", "О совете")
        ],
    },
}


def context(
    code: str, *, full: bool, org: OrgFacts = KINDERGARTEN, head: PersonFacts = HEAD
) -> dict[str, object]:
    """Return what the template of `code` is filled with: all facts, or the required ones alone."""
    approved = code in APPROVED
    return {
        "org": org if full else replace(BARE_ORG, full=org.full, short=org.short, place=org.place),
        "head": head,
        "reg": RegistrationFacts() if approved else RegistrationFacts(NUMBER, DAY),
        "approval": ApprovalFacts(NUMBER, DAY, APPROVED.index(code) + 1 if full else None)
        if approved
        else ApprovalFacts(),
        **_MINIMAL[code],
        **(_FULL[code] if full else {}),
    }


def common_blocks() -> dict[str, bytes]:
    """Return the common blocks by name; main templates have a type code in theirs."""
    return {
        path.stem: path.read_bytes()
        for path in COMMON.glob("*.docx")
        if not path.name.startswith("D")
    }
