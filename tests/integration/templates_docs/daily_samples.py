"""Invented facts with which the papers of a pair's daily life are tried."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

from templates_docs.fields import ApprovalFacts, Gender, RegistrationFacts
from tests.integration.templates_docs.library_samples import (
    ACTING_HEAD,
    BARE_ORG,
    COMMON,
    CURATOR,
    HEAD,
    KINDERGARTEN,
    LIBRARY,
    OFFICER,
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
    "D16": COMMON / "D16-individual-plan.docx",
    "D18": COMMON / "D18-meetings-journal.docx",
    "D19": COMMON / "D19-change-sheet.docx",
    "D21": COMMON / "D21-mentor-resignation.docx",
    "D22": COMMON / "D22-replacement-petition.docx",
    "D23": COMMON / "D23-curator-proposal.docx",
    "D26": COMMON / "D26-mentor-report.docx",
    "D27": COMMON / "D27-mentee-questionnaire.docx",
    "D33": LIBRARY / "pairs" / "D33-results-letter.docx",
    "D42E": COMMON / "D42E-electronic-consent.docx",
    "D42F": COMMON / "D42F-simple-signature-agreement.docx",
}
KINDS = ("minimal", "full", "long")
# The rest is known by its date alone.
NUMBERED = ("D33", "D42F")
NUMBER, DAY, DAY_IN_WORDS = "27", date(2026, 9, 4), "4 сентября 2026 г."

ORDER = "приказа МБДОУ «Детский сад № 7 «Ласточка» от 28 августа 2026 г. № 14-л/с"
LONG_CURATOR = worker(
    "Вознесенская Екатерина Константиновна",
    Gender.FEMALE,
    "заместитель директора по учебно-воспитательной и научно-методической работе",
)
SCALE = ("regularity", "usefulness", "atmosphere", "accessibility", "documents", "lessons",
         "advice", "plan", "readiness", "overall")  # fmt: skip
_PAIR = {"mentor": MENTOR, "mentees": [MENTEE], "since": SINCE, "until": UNTIL}
_GROUP = {"mentor": MALE_MENTOR, "mentees": [MENTEE, SECOND_MENTEE]}
_LONG_GROUP = {"mentor": LONG_MENTOR, "mentees": [LONG_MENTEE, SECOND_MENTEE]}


def planned(count: int) -> list[dict[str, object]]:
    """Return `count` rows of an individual plan."""
    long_text = (
        "Посещение уроков (занятий) наставника и их совместный анализ: постановка цели, отбор"
        " содержания, формы работы с классом, обратная связь"
    )
    return [
        {
            "text": long_text if row % 3 == 1 else "Знакомство с рабочей программой",
            "due": ("до 15 октября 2026 г.", "еженедельно", "сентябрь — октябрь")[row % 3],
            "control": "Собеседование" if row % 2 else "Посещение урока, справка по итогам",
            "note": "совместно с куратором" if row % 4 == 0 else None,
        }
        for row in range(count)
    ]


def reported(count: int) -> list[dict[str, object]]:
    """Return `count` rows of a report, as they follow from the plan."""
    return [
        {
            "text": row["text"],
            "due": row["due"],
            "done": "не выполнено" if number == 4 else "12 октября 2026 г.",
            "result": "Составлено поурочное планирование на первую четверть, урок проведён"
            if number % 2
            else None,
        }
        for number, row in enumerate(planned(count))
    ]


def met(count: int) -> list[dict[str, object]]:
    """Return `count` meetings."""
    forms = ("очно", "онлайн", "посещение занятия")
    return [
        {
            "date": date(2026, 9, 1 + row),
            "form": forms[row % 3],
            "topic": "Ведение электронного журнала, выставление отметок за четверть",
            "recommendations": "Заполнять журнал в день проведения урока" if row % 2 else None,
        }
        for row in range(count)
    ]


MINIMAL: Mapping[str, Mapping[str, object]] = {
    "D16": {**_PAIR, "curator": CURATOR, "order": ORDER, "rows": planned(1)},
    "D18": {**_PAIR, "order": ORDER, "rows": met(1)},
    "D19": {
        **_PAIR,
        "curator": CURATOR,
        "order": ORDER,
        "change": "extension",
        "until_new": date(2027, 12, 31),
    },
    "D21": {"mentor": MENTOR, "mentees": [MENTEE], "effective": date(2026, 10, 12)},
    "D22": {"mentee": MENTEE, "mentor": MENTOR},
    "D23": {
        **_PAIR,
        "curator": CURATOR,
        "facts": [
            {
                "date": date(2026, 10, 12),
                "event": "Посещение урока",
                "failure": "Урок не посещён",
                "explanation": None,
            }
        ],
        "proposal": "continue",
    },
    "D26": {
        **_PAIR,
        "order": ORDER,
        "partial": False,
        "rows": reported(1),
        "meetings_count": 3,
        "summary": "Иван Сергеевич уверенно ведёт урок и электронный журнал.",
        "readiness": "sufficient",
    },
    "D27": {
        "mentee": MENTEE,
        "mentor": MENTOR,
        "since": SINCE,
        "until": UNTIL,
        **dict.fromkeys(SCALE, "8"),
        "recommend": False,
    },
    "D33": {
        "recipient": OFFICER,
        "recipient_org": "Муниципального центра наставничества",
        "subject": "О направлении отчёта о результатах наставничества",
        "basis": "пункта 6.2 Положения о наставничестве",
        "items": [{"name": "Отчёт наставника от 4 сентября 2026 г.", "sheets": 2, "copies": 1}],
        "executor": CURATOR,
        "executor_phone": "(84300) 2-00-07",
    },
    "D42E": {"employee": MENTEE, "decision": "refusal", "system_name": "Маршрут"},
    "D42F": {
        "employee": MENTEE,
        "head_basis": "Устава",
        "system_name": "Маршрут",
        "documents": texts("отчёты наставника"),
        "second_factor": False,
    },
}
FULL: Mapping[str, Mapping[str, object]] = {
    "D16": {**_GROUP, "rows": planned(5)},
    "D18": {**_GROUP, "rows": met(5)},
    "D19": {
        **_GROUP,
        "change": "correction",
        "until_new": None,
        "rows": [
            {
                "section": "п. 3",
                "was": "до 15 октября 2026 г.",
                "becomes": "до 15 ноября 2026 г.",
                "reason": "карантин",
            },
            {"section": "п. 4", "was": None, "becomes": "мастер-класс", "reason": "запрос"},
            {"section": "п. 5", "was": "взаимное посещение", "becomes": None, "reason": "учтено"},
        ],
    },
    "D21": {
        "mentees": [MENTEE, SECOND_MENTEE],
        "reason": "увеличение учебной нагрузки",
        "handover": "План и журнал встреч передам куратору Петровой А.С. 9 октября 2026 г.",
    },
    "D22": {
        "mentee": SECOND_MENTEE,
        "ground": "no_contact",
        "candidate": "учителя истории Зотова Игоря Львовича",
    },
    "D23": {
        **_GROUP,
        "facts": [
            {
                "date": date(2026, 10, day),
                "event": "Посещение урока и его анализ",
                "failure": "Урок не посещён, анализ не проведён",
                "explanation": "Наставник находился на курсах" if day % 2 else None,
            }
            for day in (12, 13, 14)
        ],
        "proposal": "replace",
        "note": "закрепить наставником учителя истории Зотова Игоря Львовича",
    },
    "D26": {
        **_GROUP,
        "partial": True,
        "rows": reported(6),
        "meetings_count": 14,
        "difficulties": "Часть встреч пришлось перенести из-за карантина.",
        "readiness": "high",
        "readiness_text": "Петров И.С. готов вести уроки самостоятельно, Лебедевой Д.О. ещё"
        " нужна помощь при подготовке открытых занятий.",
        "recommendations": "Пройти курсы по оценочной деятельности.",
        "proposals": "Объявить Лебедевой Д.О. благодарность за открытое занятие.",
    },
    "D27": {
        "mentee": SECOND_MENTEE,
        **dict.fromkeys(SCALE, "10"),
        "recommend": True,
        "helped": "совместный разбор уроков и готовые шаблоны документов",
        "lacking": "времени на посещение уроков наставника",
        "suggestions": "встречаться в один и тот же день недели",
    },
    "D33": {
        "recipient_address": "centre@example.org",
        "reply_number": "41",
        "reply_date": date(2026, 9, 1),
        "greeting": "Уважаемый Пётр Андреевич!",
        "note": "Анкета второго наставляемого будет направлена дополнительно.",
        "items": [
            {"name": name, "sheets": 2, "copies": 1}
            for name in ("Отчёт наставника от 4 сентября 2026 г.", "Анкета оценки наставничества")
        ],
    },
    "D42E": {
        "employee": SECOND_MENTEE,
        "decision": "consent",
        "act": "положением об электронном кадровом документообороте, утверждённым приказом"
        " от 1 августа 2026 г. № 30-о/д",
    },
    "D42F": {
        "employee": SECOND_MENTEE,
        "login": "lebedeva",
        "second_factor": True,
        "documents": texts("согласия, заявления и ходатайства", "отчёты наставника", "анкеты"),
    },
}
LONG: Mapping[str, Mapping[str, object]] = {
    "D16": {**_LONG_GROUP, "curator": LONG_CURATOR, "rows": planned(12)},
    "D18": {**_LONG_GROUP, "rows": met(25)},
    "D19": {
        **_LONG_GROUP,
        "curator": LONG_CURATOR,
        "change": "reduction",
        "until_new": date(2027, 3, 1),
    },
    "D21": {"mentor": LONG_MENTOR, "mentees": [LONG_MENTEE, SECOND_MENTEE]},
    "D22": {
        "mentee": LONG_MENTEE,
        "mentor": LONG_MENTOR,
        "ground": "other",
        "ground_text": "переходом на работу в другой корпус",
    },
    "D23": {**_LONG_GROUP, "curator": LONG_CURATOR, "proposal": "end", "note": None},
    "D26": {**_LONG_GROUP, "rows": reported(12)},
    "D27": {"mentee": LONG_MENTEE, "mentor": LONG_MENTOR},
    "D33": {},
    "D42E": {"employee": LONG_MENTOR},
    "D42F": {"employee": LONG_MENTOR},
}


def facts(code: str, kind: str) -> dict[str, object]:
    """Return what the template of `code` is filled with: one of KINDS, each over the former."""
    org = SCHOOL if kind == "long" else KINDERGARTEN
    if kind == "minimal":
        org = replace(BARE_ORG, full=org.full, short=org.short, place=org.place)
    return {
        "org": org,
        "head": ACTING_HEAD if kind == "long" else HEAD,
        "reg": RegistrationFacts(NUMBER if code in NUMBERED else "", DAY),
        "approval": ApprovalFacts(),
        **MINIMAL[code],
        **(FULL[code] if kind != "minimal" else {}),
        **(LONG[code] if kind == "long" else {}),
    }
