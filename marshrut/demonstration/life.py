"""A whole life of documents: a municipal order, four schools, the office's matrix.

Everything is done through the use cases, as people at their pages would do it: one school sends
in time, one late, one gets its package back and mends it, one sends paper.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from marshrut.demonstration import cast
from marshrut.demonstration.clock import StoryClock, weekdays_before
from marshrut.demonstration.deeds import Deeds, UnfinishedError
from marshrut.demonstration.papers import scan
from marshrut.demonstration.town import Inhabitant, Place, Town, done
from workflow.queries.case_facts import known_facts, register_defaults, task_ids
from workflow.usecases import tasks
from workflow.usecases.accept import accept, return_package
from workflow.usecases.actors import Actor
from workflow.usecases.open_case import open_case
from workflow.usecases.register_existing import Incomplete, Scanned, register_existing
from workflow.usecases.return_for_rework import return_for_rework
from workflow.usecases.services import Services
from workflow.usecases.wording import day_in_words

ORDER_NUMBER = "789-о/д"
FIRST_ORDER = "1-о/д"
ORDER_TITLE = (
    "Об организации работы по внедрению системы (целевой модели) наставничества "
    "педагогических работников"
)
#: How many weekdays before the story's end the results of a roadmap are due.
DATED_EVENTS = {
    "Приказ о назначении куратора": 24,
    "Положение, дорожная карта, программа наставничества": 16,
    "Приказ об утверждении": 12,
    "Сопроводительное письмо": 10,
    "Раздел официального сайта": 2,
}
FINAL_REPORT = "Итоговый аналитический отчёт"


@dataclass
class School:
    """What a school has made so far: its case and its documents by type."""

    place: Place
    case_id: UUID
    documents: dict[str, UUID] = field(default_factory=dict)


@dataclass
class Life:
    """The story's people and things; `work` does what waits in the outbox."""

    services: Services
    town: Town
    clock: StoryClock
    work: Callable[[], object]
    last: date
    schools: dict[str, School] = field(default_factory=dict)

    @property
    def deeds(self) -> Deeds:
        return Deeds(self.services, self.clock, self.work)

    def tell(self) -> None:
        """Tell the whole story, day by day."""
        self._day(30)
        self.order_the_district()
        self._day(28)
        for card in cast.SCHOOLS:
            self._open(self.town.places[card.key])
        self.appoint_curators()
        self._day(22)
        self.prepare_what_is_approved()
        self._day(16)
        self.approve()
        self._day(13)
        self.acquaint()
        self._day(11)
        self.send(("school-1", "school-3"))
        self.enter_paper()
        self._day(9)
        self.answer_first_packages()
        self._day(7)
        self.send(("school-2",), late="Директор был в командировке, подписать в срок не мог.")
        self.repair()
        self._day(5)
        self.accept_the_rest()
        self._day(3)
        self.give_addresses()

    # --- the office ------------------------------------------------------------------------

    def order_the_district(self) -> None:
        """The office registers its order with the tasks and their dates for every school."""
        office = self.town.office
        clerk, officer = self._actor(office, "clerk"), self._actor(office, "officer")
        year = self._school_year()
        case = done(open_case(self.services, clerk, office.id, "municipal", year))
        facts = dict(register_defaults(self.services, cast.PACK, "D01"))
        facts["subject"] = ORDER_TITLE
        facts["signer"] = "начальник Орлова Н.В."
        facts["tasks"] = tuple(self._dated(row) for row in _rows(facts["tasks"]))
        dated = weekdays_before(self.last, 31)
        text = [f"{r['key']}. {r['text']} — до {r['due']:%d.%m.%Y}." for r in _rows(facts["tasks"])]
        scanned = Scanned(
            number=ORDER_NUMBER,
            dated=dated,
            title=ORDER_TITLE,
            signed_by="Орлова Наталья Викторовна",
            signed_by_post="начальник",
            file_name="Приказ 789-о_д.pdf",
            content=scan(
                f"Приказ от {dated:%d.%m.%Y} № {ORDER_NUMBER}",
                [
                    ORDER_TITLE,
                    "ПРИКАЗЫВАЮ руководителям организаций:",
                    *text,
                    "Начальник Н.В. Орлова",
                ],
            ),
        )
        outcome = done(register_existing(self.services, officer, case.id, "D01", scanned, facts))
        if isinstance(outcome, Incomplete):
            raise UnfinishedError(", ".join(p.path for p in outcome.problems))

    def _dated(self, row: Mapping[str, object]) -> dict[str, object]:
        """When a task is due in the story: appointments first, packages, then the site."""
        days = {"D06": 24, "D03": 12, "D04": 12, "D05": 12}
        evidence, type_code = row["evidence"], str(row.get("type_code") or "")
        back = {"submission": 10, "link": 2}.get(str(evidence), days.get(type_code, 12))
        return {**row, "due": weekdays_before(self.last, back)}

    def enter_paper(self) -> None:
        """The kindergarten works on paper: the office enters what it has brought."""
        officer = self._actor(self.town.office, "officer")
        kindergarten = self.town.places["kindergarten"]
        owed = task_ids(self.services, officer, kindergarten.id)
        letter = scan(
            "Документы МБДОУ «Детский сад № 5 «Рябинка»",
            ["Приказы, положение, дорожная карта и программа наставничества подписаны заведующим."],
        )
        for key in ("2.1", "2.2", "2.3", "2.5-1", "2.5-2"):
            arrival = tasks.PaperArrival(
                arrived_on=self._today(),
                title="Документы по наставничеству на бумаге",
                number="7",
                dated=self._today(),
                file_name="Рябинка.pdf",
                content=letter,
            )
            done(tasks.enter_paper_arrival(self.services, officer, owed[key], arrival))
        ground = "В детском саду действует программа, принятая ранее (письмо № 3)"
        done(tasks.waive(self.services, officer, owed["2.4"], ground))
        postponed = weekdays_before(self.last, 0) + timedelta(days=14)
        reason = "На сайте детского сада ведутся работы (письмо № 4)"
        done(tasks.postpone(self.services, officer, owed["2.6"], postponed, reason))

    def answer_first_packages(self) -> None:
        """One package is accepted; the other goes back for its content, with a date."""
        officer = self._actor(self.town.office, "officer")
        done(accept(self.services, officer, self._package("school-1")))
        done(
            return_package(
                self.services,
                officer,
                self._package("school-3"),
                "В дорожной карте нет мероприятий по обучению наставников.",
                weekdays_before(self.last, 4),
            )
        )

    def accept_the_rest(self) -> None:
        """What came late and what was mended is accepted."""
        officer = self._actor(self.town.office, "officer")
        for key in ("school-2", "school-3"):
            done(accept(self.services, officer, self._package(key)))

    # --- the schools -----------------------------------------------------------------------

    def _open(self, place: Place) -> None:
        clerk = self._actor(place, "clerk")
        case = done(open_case(self.services, clerk, place.id, "programme", self._school_year()))
        self.schools[place.key] = School(place, case.id)

    def appoint_curators(self) -> None:
        """Each school appoints a deputy head its curator; a labour document, signed detached."""
        for school in self.schools.values():
            people = school.place.people
            facts: dict[str, object] = {
                "curator": str(school.place.holding("deputy").employment_id),
            }
            if "ershov" in people:
                facts["sysadmin"] = str(people["ershov"].employment_id)
            self._prepare(school, "D06", facts)
        self._ready("D06")
        for school in self.schools.values():
            self._acknowledge(school, "D06", [school.place.holding("deputy")])
            if "ershov" in school.place.people:
                self._acknowledge(school, "D06", [school.place.people["ershov"]])

    def prepare_what_is_approved(self) -> None:
        """Положение, roadmap and programme; one of them goes back for rework and is mended."""
        year = self._school_year()
        for school in self.schools.values():
            curator = school.place.holding("deputy")
            self._prepare(school, "D03", {"legal_basis": self._acts()})
            self._prepare(school, "D04", {"period": f"{year} учебный год", "rows": self._events()})
            self._prepare(
                school,
                "D05",
                {
                    "period_from": self._today(),
                    "period_to": date(int(year[-4:]), 8, 31),
                    "legal_municipal": ({"text": self._order_named()},),
                    "developers": ({"fio": curator.name, "post": curator.post},),
                },
            )
        self.work()
        for school in self.schools.values():
            for code in ("D03", "D04", "D05"):
                self.deeds.submit(school.place.holding("clerk"), school.documents[code])
        self._send_one_back(self.schools["school-1"])
        for school in self.schools.values():
            for code in ("D03", "D04", "D05"):
                self._agree(school, code)

    def _acts(self) -> tuple[dict[str, str], ...]:
        """What the Положение rests on: the district's own order in place of the pack's example."""
        rows = _rows(register_defaults(self.services, cast.PACK, "D03")["legal_basis"])
        return (*({"text": str(row["text"])} for row in rows[:-1]), {"text": self._order_named()})

    def _order_named(self) -> str:
        dated = weekdays_before(self.last, 31)
        named = f"от {day_in_words(dated)} № {ORDER_NUMBER} «{ORDER_TITLE}»"
        return f"приказ {cast.OFFICE.short} {named}"

    def _events(self) -> tuple[Mapping[str, object], ...]:
        """The pack's events; what the office's order dates bears the days of this story."""
        return tuple(
            {**row, "due": self._event_due(str(row["result"]), str(row["due"]))}
            for row in _rows(register_defaults(self.services, cast.PACK, "D04")["rows"])
        )

    def _event_due(self, result: str, due: str) -> str:
        if result == FINAL_REPORT:
            return "по окончании учебного года"
        if result not in DATED_EVENTS:
            return due
        return f"до {day_in_words(weekdays_before(self.last, DATED_EVENTS[result]))}"

    def _send_one_back(self, school: School) -> None:
        """A round of rework: the curator misses an event, the clerk adds it."""
        clerk, curator = school.place.holding("clerk"), self._actor(school.place, "deputy")
        document_id = school.documents["D04"]
        reason = "Добавьте встречу наставников по итогам полугодия."
        done(return_for_rework(self.services, curator, document_id, reason))
        rows = _rows(known_facts(self.services, curator, document_id)["rows"])
        added = {
            "stage": rows[-1]["stage"],
            "text": "Встреча наставников по итогам полугодия",
            "due": "по окончании полугодия",
            "responsible": "Куратор",
            "result": "Протокол встречи",
        }
        self.deeds.fill_in(clerk, document_id, {"rows": (*rows, added)})
        self.work()
        self.deeds.submit(clerk, document_id)

    def approve(self) -> None:
        """One order approves all three; the curator agrees it, the head signs."""
        for school in self.schools.values():
            people = school.place.people.values()
            acquainted = [p for p in people if p.roles in ((), ("deputy",))]
            self._prepare(
                school,
                "D02",
                {
                    "approves": tuple(str(school.documents[c]) for c in ("D03", "D04", "D05")),
                    "acquaint": tuple(str(p.employment_id) for p in acquainted),
                    # Named here: in a year without an approved calendar it is not proposed.
                    "ack_deadline": weekdays_before(self.last, 11),
                },
            )
        self._ready("D02", remark={"school-2": "Проверьте срок размещения на сайте."})

    def acquaint(self) -> None:
        """Staff acknowledge; in one school somebody signs paper and somebody is away."""
        for school in self.schools.values():
            readers = [p for p in school.place.people.values() if p.roles in ((), ("deputy",))]
            exceptional = {"kulikova", "ershov"}
            self._acknowledge(school, "D02", [p for p in readers if p.key not in exceptional])
        school = self.schools["school-1"]
        sheet = scan("Лист ознакомления с приказом", ["Куликова Д.И., подпись, дата"])
        self._enter(school, "kulikova", "acknowledged_on_paper", sheet)
        self._enter(school, "ershov", "absent", b"", "Отпуск по графику")

    def _enter(
        self, school: School, key: str, verdict: str, content: bytes, remark: str = ""
    ) -> None:
        clerk, reader = school.place.holding("clerk"), school.place.people[key]
        order = school.documents["D02"]
        self.deeds.enter_verdict(clerk, order, reader, verdict, content, remark)

    def send(self, keys: Sequence[str], late: str = "") -> None:
        """The covering letter with its package is signed, registered and sent."""
        for key in keys:
            school = self.schools[key]
            package = tuple(str(school.documents[c]) for c in ("D02", "D04", "D05"))
            self._prepare(school, "D33", {"package": package})
        self._ready("D33", keys=keys)
        for key in keys:
            school = self.schools[key]
            clerk, letter = school.place.holding("clerk"), school.documents["D33"]
            school.documents["package"] = self.deeds.send(clerk, letter, late)
        self.work()

    def repair(self) -> None:
        """The returned school makes a new roadmap, approves it by a new order and sends again."""
        school = self.schools["school-3"]
        clerk = self._actor(school.place, "clerk")
        facts = dict(known_facts(self.services, clerk, school.documents["D04"]))
        rows = _rows(facts["rows"])
        monitoring = next(i for i, row in enumerate(rows) if row["stage"] == rows[-1]["stage"])
        training = {
            "stage": rows[monitoring - 1]["stage"],
            "text": "Обучение наставников на курсах повышения квалификации",
            "due": "в течение года",
            "responsible": "Куратор",
            "result": "Удостоверения о повышении квалификации",
        }
        self._prepare(
            school,
            "D04",
            {
                "period": facts["period"],
                "rows": (*rows[:monitoring], training, *rows[monitoring:]),
            },
        )
        self.work()
        self.deeds.submit(school.place.holding("clerk"), school.documents["D04"])
        self._agree(school, "D04")
        self._prepare(
            school,
            "D02",
            {
                "approves": (str(school.documents["D04"]),),
                "acquaint": (str(school.place.holding("deputy").employment_id),),
                "ack_deadline": weekdays_before(self.last, 2),
                "old_act": f"пункт 1.2 приказа {school.place.short} "
                f"от {day_in_words(weekdays_before(self.last, 16))} № {FIRST_ORDER}",
            },
        )
        self._ready("D02", keys=("school-3",))
        self._acknowledge(school, "D02", [school.place.holding("deputy")])
        self.send(("school-3",))

    def give_addresses(self) -> None:
        """The section of the site is shown by its address."""
        for key, school in self.schools.items():
            clerk = self._actor(school.place, "clerk")
            owed = task_ids(self.services, clerk, school.place.id)
            address = f"https://{key}.lesnogorsk.example/nastavnichestvo"
            done(tasks.give_evidence(self.services, clerk, owed["2.6"], address))

    # --- what recurs -----------------------------------------------------------------------

    def _prepare(self, school: School, code: str, facts: Mapping[str, object]) -> None:
        clerk = school.place.holding("clerk")
        school.documents[code] = self.deeds.begin(clerk, school.case_id, code, facts)

    def _ready(
        self, code: str, keys: Sequence[str] = (), remark: Mapping[str, str] | None = None
    ) -> None:
        """Agree, fix and sign the document of each school; jobs are done together between."""
        schools = [s for key, s in self.schools.items() if not keys or key in keys]
        self.work()
        for school in schools:
            self.deeds.submit(school.place.holding("clerk"), school.documents[code])
            if code == "D02":
                self._agree(school, code, (remark or {}).get(school.place.key, ""))
        for school in schools:
            self.deeds.fix(school.place.holding("clerk"), school.documents[code])
        self.work()
        for school in schools:
            self.deeds.sign_with_key(school.place.holding("head"), school.documents[code])
        self.work()

    def _agree(self, school: School, code: str, remark: str = "") -> None:
        self.deeds.agree(school.place.holding("deputy"), school.documents[code], remark)

    def _acknowledge(self, school: School, code: str, readers: Sequence[Inhabitant]) -> None:
        for person in readers:
            self.deeds.acknowledge(person, school.documents[code])
        self.work()

    def _package(self, key: str) -> UUID:
        return self.schools[key].documents["package"]

    def _actor(self, place: Place, role: str) -> Actor:
        return self.deeds.actor(place.holding(role))

    def _day(self, back: int) -> None:
        self.clock.on(weekdays_before(self.last, back))

    def _today(self) -> date:
        return self.deeds.today

    def _school_year(self) -> str:
        begins = self.last.year if self.last.month >= 8 else self.last.year - 1
        return f"{begins}/{begins + 1}"


def _rows(value: object) -> tuple[Mapping[str, object], ...]:
    assert isinstance(value, tuple | list)
    return tuple(value)
