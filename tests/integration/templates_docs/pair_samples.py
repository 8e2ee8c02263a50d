"""Invented facts with which the documents of labour law of a mentor pair are tried."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

from templates_docs.fields import ApprovalFacts, Gender, PersonFacts, RegistrationFacts
from tests.integration.templates_docs.library_samples import (
    ACTING_HEAD,
    BARE_ORG,
    CLERK,
    COMMON,
    CURATOR,
    HEAD,
    KINDERGARTEN,
    SCHOOL,
    texts,
)
from tests.integration.templates_docs.pair_people import (
    LONG_MENTEE,
    LONG_MENTOR,
    MALE_MENTOR,
    MENTEE,
    MENTOR,
    SECOND_MENTEE,
    SINCE,
    UNTIL,
    worker,
)

TEMPLATES: Mapping[str, Path] = {
    "D09": COMMON / "D09-mentor-consent.docx",
    "D10": COMMON / "D10-mentee-consent.docx",
    "D11": COMMON / "D11-personal-data-consent.docx",
    "D13": COMMON / "D13-additional-agreement.docx",
    "D14": COMMON / "D14-pair-order.docx",
    "D20": COMMON / "D20-extension-order.docx",
    "D24": COMMON / "D24-cancellation-notice.docx",
    "D25": COMMON / "D25-replacement-order.docx",
    "D43": COMMON / "D43-amending-order.docx",
    "D44": COMMON / "D44-cancelling-order.docx",
}
KINDS = ("minimal", "full", "long")
# The rest is known by its date alone.
NUMBERED = ("D13", "D14", "D20", "D24", "D25", "D43", "D44")
NUMBER, DAY, DAY_IN_WORDS = "14-л/с", date(2026, 8, 28), "28 августа 2026 г."

ACCOUNTANT = worker("Белова Ольга Ивановна", Gender.FEMALE, "главный бухгалтер")
KIND, FORM = "традиционное наставничество", "педагог — педагог"
NEED = "подготовка к урокам, ведение электронного журнала"
PAY_ACT = "положением об оплате труда работников организации"
CONSENT = "от 25 августа 2026 г."
AGREEMENT = "от 26 августа 2026 г. № 3-дс"
CLAUSE = "трудовой договор от 1 сентября 2025 г. № 14, п. 2.7"
RELEASED = date(2026, 10, 12)
EXTENDED = date(2027, 12, 31)
_TERM = {"since": SINCE, "until": UNTIL}
_PAIR = {"kind": KIND, "form": FORM, **_TERM}
_GROUP = [LONG_MENTEE, SECOND_MENTEE]


def line(mentor: PersonFacts = MENTOR, *mentees: PersonFacts, **more: object) -> dict[str, object]:
    """Return one line of an order that names mentors; its optional parts are empty unless named."""
    empty = dict.fromkeys(("need", "agreement", "clause"))
    named = {"mentor": mentor, "mentees": list(mentees or (MENTEE,)), "consent": CONSENT}
    return {**_PAIR, **empty, **named, **more}


def five(**more: object) -> list[dict[str, object]]:
    """Return five lines with names and posts of every length, each with `more`."""
    return [
        line(LONG_MENTOR, *_GROUP, need=NEED, agreement=AGREEMENT, **more),
        line(agreement=AGREEMENT, **more),
        line(MALE_MENTOR, SECOND_MENTEE, clause=CLAUSE, **more),
        line(LONG_MENTOR, MENTEE, need=NEED, agreement=AGREEMENT, **more),
        line(MALE_MENTOR, LONG_MENTEE, need=NEED, clause=CLAUSE, **more),
    ]


def numbered(lines: list[dict[str, object]]) -> list[dict[str, object]]:
    """Return the lines with their places in the order that is cancelled."""
    return [{**each, "number": place} for place, each in enumerate(lines, start=1)]


_PLAN = {"plan_name": "plan", "plan_days": 5, "plan_with_curator": False}
_BASIS = "Положения о наставничестве, утверждённого приказом от 20 августа 2026 г. № 35-о/д"
_STATEMENT = "заявления Ивановой А.П. от 7 октября 2026 г."
_TARGET = "от 28 августа 2026 г. № 14-л/с «О назначении наставника»"
_MISTAKE = "в связи с технической ошибкой"
_CONTROLLED = {"clerk": CLERK, "control_person": CURATOR}
_ADDRESS = "633100, Кемеровская область, г. Юрга, ул. Лесная, д. 7, кв. 12"
_FLAGS = ("education", "category", "experience", "training", "contacts", "mentoring", "ids")

MINIMAL: Mapping[str, Mapping[str, object]] = {
    "D09": {"mentor": MALE_MENTOR, "mentees": [MENTEE], **_PAIR, "mentees_elsewhere": 0},
    "D10": {"mentee": MENTEE, "mentor": MENTOR, **_PAIR},
    "D11": {
        "person": MENTEE,
        "address": _ADDRESS,
        "id_kind": "паспорт гражданина Российской Федерации",
        "id_number": "123456",
        "id_date": date(2016, 4, 12),
        "id_issuer": "отделом внутренних дел г. Юрги",
        "basis": "частью 4 статьи 9 Федерального закона от 27 июля 2006 г. № 152-ФЗ"
        " «О персональных данных»",
        "purpose": "организация наставничества педагогических работников",
        "term": "в течение срока наставничества и трёх лет после его окончания",
        **{f"data_{flag}": False for flag in _FLAGS},
    },
    "D13": {
        "mentor": MENTOR,
        "mentees": [MENTEE],
        "contract_date": date(2020, 9, 1),
        "contract_number": "14",
        "head_basis": "Устава",
        "content": texts("разработка плана наставничества и его выполнение"),
        **_PAIR,
        "mode": "in_person",
        "paid": False,
        "pay_type": "incentive",
        "pay_unit": "percent",
        "no_pay_ground": "пункта 3.4 положения об оплате труда",
        "effective": SINCE,
        "paper": False,
    },
    "D14": {"basis": _BASIS, "lines": [line()], "curator": CURATOR, **_PLAN},
    "D20": {
        "basis": "листа изменений от 20 мая 2027 г.",
        "lines": [line(old_until=UNTIL, until=EXTENDED)],
    },
    "D24": {"mentor": MENTOR, "mentees": [MENTEE], "effective": RELEASED},
    "D25": {
        "variant": "ending",
        "ground": "resignation",
        "basis": _STATEMENT,
        "lines": [line(ends=RELEASED)],
        "pay_stops": False,
    },
    "D43": {
        "target_вин": f"приказ {_TARGET}",
        "ground": _MISTAKE,
        "changes": [
            {
                "action": "replace",
                "item": "в пункте 1",
                "was": "31 августа 2027 г.",
                "becomes": "31 мая 2027 г.",
            }
        ],
        "effective": SINCE,
    },
    "D44": {
        "target_род": f"приказа {_TARGET}",
        "whole": True,
        "ground": _MISTAKE,
        "lines": [{**line(), "number": None}],
        "effective": SINCE,
    },
}
FULL: Mapping[str, Mapping[str, object]] = {
    "D09": {
        "mentor": MENTOR,
        "mentees": [MENTEE, SECOND_MENTEE],
        "need": NEED,
        "pay": "10 процентов должностного оклада ежемесячно",
        "mentees_elsewhere": 1,
    },
    "D10": {"mentee": SECOND_MENTEE, "mentor": MALE_MENTOR, "need": NEED},
    "D11": {
        "person": SECOND_MENTEE,
        "id_series": "32 14",
        "third_parties": [
            {
                "name": "МБУ ДПО «Информационно-методический центр»",
                "address": "г. Юрга, ул. Мира, 1",
            },
            {"name": "Управлению образованием", "address": "г. Юрга, пр. Победы, 13"},
        ],
        "until": EXTENDED,
        **{f"data_{flag}": True for flag in _FLAGS},
    },
    "D13": {
        "mentees": [MENTEE, SECOND_MENTEE],
        "content": texts("разработка плана", "посещение уроков и их анализ", "ведение журнала"),
        "mode": "mixed",
        "hours": 8,
        "paid": True,
        "pay_size": "10",
        "pay_act": PAY_ACT,
        "paper": True,
    },
    "D14": {
        "lines": [line(need=NEED, agreement=AGREEMENT)],
        "plan_name": "programme",
        "plan_with_curator": True,
        "pay_act": PAY_ACT,
        "pay_from": SINCE,
        "accountant": ACCOUNTANT,
        **_CONTROLLED,
    },
    "D20": {"plan_days": 5, "pay_act": "приказом от 28 августа 2026 г. № 15-л/с", **_CONTROLLED},
    "D24": {"mentees": [MENTEE, SECOND_MENTEE], "reason": "изменение учебной нагрузки"},
    "D25": {
        "variant": "replacement",
        "lines": [line(ends=RELEASED, new_mentor=MALE_MENTOR, agreement=AGREEMENT)],
        "pay_stops": True,
        "handover": RELEASED,
        "plan_days": 5,
        "report_days": 5,
        "pay_act": PAY_ACT,
        **_CONTROLLED,
    },
    "D43": {
        "changes": [
            {"action": "restate", "item": "пункт 2", "becomes": "2. Куратору провести встречу."},
            {"action": "add", "item": "пунктом 7", "becomes": "7. Разместить приказ на стенде."},
            {"action": "remove", "item": "строку 3 таблицы пункта 1"},
        ],
        **_CONTROLLED,
    },
    "D44": {"whole": False, "lines": [{**line(), "number": 2}], **_CONTROLLED},
}
LONG: Mapping[str, Mapping[str, object]] = {
    "D09": {"mentor": LONG_MENTOR, "mentees": [*_GROUP, MENTEE]},
    "D10": {"mentee": LONG_MENTEE, "mentor": LONG_MENTOR},
    "D11": {"person": LONG_MENTOR},
    "D13": {"mentor": LONG_MENTOR, "mentees": _GROUP, "extends": AGREEMENT, "until": EXTENDED},
    "D14": {"lines": five()},
    "D20": {"lines": [{**each, "until": EXTENDED} for each in five(old_until=UNTIL)]},
    "D24": {"mentor": LONG_MENTOR, "mentees": _GROUP},
    "D25": {"lines": five(ends=RELEASED, new_mentor=MALE_MENTOR)},
    "D43": {},
    "D44": {"lines": numbered(five())},
}


def facts(code: str, kind: str) -> dict[str, object]:
    """Return what the template of `code` is filled with: one of KINDS, each over the former."""
    org = SCHOOL if kind == "long" else KINDERGARTEN
    if kind == "minimal":
        org = replace(BARE_ORG, full=org.full, short=org.short, place=org.place)
    if code == "D11":
        org = replace(SCHOOL, full=org.full, short=org.short)
    return {
        "org": org,
        "head": ACTING_HEAD if kind == "long" else HEAD,
        "reg": RegistrationFacts(NUMBER if code in NUMBERED else "", DAY),
        "approval": ApprovalFacts(),
        **MINIMAL[code],
        **(FULL[code] if kind != "minimal" else {}),
        **(LONG[code] if kind == "long" else {}),
    }
