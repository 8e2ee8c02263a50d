"""A school year of mentor pairs: five are named, and each lives another life.

The first runs to its end: plan, meetings, report, approval, questionnaire, the package to the
mentoring centre. The second gets another mentor, the third a longer term, the fourth works on
paper and is suspended, the fifth stood in the order by mistake.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from uuid import UUID

from marshrut.demonstration import pairs_said as said
from marshrut.demonstration.clock import StoryClock
from marshrut.demonstration.deeds import Deeds
from marshrut.demonstration.pair_deeds import PairDeeds, Paper
from marshrut.demonstration.pairs_calendar import PairsCalendar
from marshrut.demonstration.pairs_on_paper import enter_running_pair
from marshrut.demonstration.pairs_said import FIFTH, FIRST, FOURTH, SECOND, THIRD, PairCard
from marshrut.demonstration.papers import scan
from marshrut.demonstration.stage import Stage
from marshrut.demonstration.town import Inhabitant, done
from workflow.usecases.absences import record_absence
from workflow.usecases.accept import accept
from workflow.usecases.paper import put_on_paper
from workflow.usecases.paperwork import EnteredAnswer, enter_answer
from workflow.usecases.wording import day_in_words

SCHOOL, CENTRE, KINDERGARTEN = "school-7", "centre", "kindergarten-3"
A_WEEK, A_DAY = timedelta(days=7), timedelta(days=1)
#: Days that are passed one by one; longer times by weeks.
BUSY = timedelta(days=7)
HOLIDAYS = (6, 7, 8)
LISTS_RENEWED = timedelta(days=6)
ORDER_TITLE = "О назначении наставников и закреплении наставнических пар (групп)"
CONTRACT = {"contract_date": date(2022, 8, 29), "paid": False}
NO_PAY = "пункта 3.4 положения об оплате труда работников"


@dataclass
class PairsStory:
    """The story's people and pairs; documents are remembered by pair and type."""

    stage: Stage
    clock: StoryClock
    days: PairsCalendar
    cases: dict[PairCard, UUID] = field(default_factory=dict)
    order: UUID | None = None
    renewed: date = date.min

    def tell(self) -> None:
        """Tell the whole story, day by day."""
        self.match()
        self.put_in_order()
        self.cancel_a_line()
        self.plan()
        self.enter_running_pair()
        self.replace_a_mentor()
        self.suspend()
        self.extend()
        self.finish()

    @cached_property
    def deeds(self) -> Deeds:
        return Deeds(self.stage.services, self.clock, self.stage.work)

    @cached_property
    def school(self) -> PairDeeds:
        return PairDeeds(self.stage, self.deeds, self.stage.town.places[SCHOOL])

    # --- before the order ------------------------------------------------------------------

    def match(self) -> None:
        """From the need to the papers that an order of pairs asks for."""
        self.clock.on(self.days.first)
        self.enter_staff()
        self.name_needs()
        self.go_to(self.days.before_since(10))
        self.propose_mentors()
        self.go_to(self.days.before_since(8))
        self.consent()
        self.go_to(self.days.before_since(6))
        self.agree_on_terms()

    def enter_staff(self) -> None:
        """The clerk fills in staff cards; one mentor has refused electronic documents."""
        clerk = self.deeds.actor(self.school.clerk)
        self.school.enter_experience(said.MENTORS, said.BEGINNERS)
        refuser = self.school.person(said.ON_PAPER)
        letter = scan(
            "Отказ от взаимодействия посредством электронного документооборота",
            [f"Я, {refuser.name}, не даю согласия на электронный кадровый документооборот."],
        )
        answer = EnteredAnswer("refused", self.deeds.today, letter)
        done(enter_answer(self.stage.services, clerk, refuser.employment_id, answer))

    def name_needs(self) -> None:
        """The head names five who need a mentor."""
        for card in said.ALL:
            until = self.days.until if card is FIRST else self.days.others_until
            self.cases[card] = self.school.request(card.mentee, card.need, self.days.since, until)

    def propose_mentors(self) -> None:
        """The head of the methodical association proposes a mentor for each."""
        association = self.school.place.holding("association")
        for card, case_id in self.cases.items():
            until = self.days.until if card is FIRST else self.days.others_until
            self.school.propose(association, case_id, card.mentor, self.days.since, until)
            if card.clause:
                self.school.note_clause(case_id, card.clause)

    def consent(self) -> None:
        """Mentors and mentees consent; whoever refused electronics signs with a pen."""
        electronic = [card for card in said.ALL if card.mentor != said.ON_PAPER]
        papers = [self._consent_of_mentor(self.cases[c], c.mentor) for c in electronic]
        papers += [Paper(self.cases[c], "D10", self._person(c.mentee)) for c in said.ALL]
        self.school.sign_papers(papers)
        paper = Paper(self.cases[FOURTH], "D09", self.school.clerk, {"mentees_elsewhere": 0})
        (consent,) = self.school.prepare([paper])
        self.school.ink(consent, "Согласие наставника", self._person(FOURTH.mentor).name)

    def agree_on_terms(self) -> None:
        """Additional agreements for those whose contracts do not hold the terms of the work."""
        self.school.give_key(self._person(FIRST.mentor))
        self.school.give_key(self._person(SECOND.mentor))
        agreed = [self._begin_agreement(card) for card in (FIRST, SECOND)]
        on_paper = self._begin_agreement(FOURTH, paper=True)
        self.school.make_ready([*agreed, on_paper])
        for card, agreement in zip((FIRST, SECOND), agreed, strict=True):
            self._sign_agreement(self._person(card.mentor), agreement)
        names = (self._person(FOURTH.mentor).name, self.school.head.name)
        self.school.ink(on_paper, "Дополнительное соглашение", *names)

    def _begin_agreement(self, card: PairCard, mentor: str = "", *, paper: bool = False) -> UUID:
        number = list(said.MENTORS).index(mentor or card.mentor) + 11
        facts = {
            **CONTRACT,
            "contract_number": str(number),
            "no_pay_ground": NO_PAY,
            "paper": paper,
        }
        return self.deeds.begin(self.school.clerk, self.cases[card], "D13", facts)

    def _sign_agreement(self, mentor: Inhabitant, agreement: UUID) -> None:
        """The mentor with a key kept here, the head with a qualified one in a program apart."""
        self.deeds.sign_with_key(mentor, agreement)
        key = self.school.qualified_key(self.school.head)
        self.deeds.sign_elsewhere(self.school.head, agreement, key)
        self.deeds.work()

    def _consent_of_mentor(self, case_id: UUID, mentor: str) -> Paper:
        return Paper(case_id, "D09", self._person(mentor), {"mentees_elsewhere": 0})

    # --- the order -------------------------------------------------------------------------

    def put_in_order(self) -> None:
        """One order names all five; it is acknowledged in four ways."""
        self.go_to(self.days.before_since(3))
        cases = list(self.cases.values())
        facts: Mapping[str, object] = {"basis": said.BASIS}
        self.order = order = self.school.issue_order(cases, "D14", facts)
        self.go_to(self.days.before_since(2))
        others = ("zotova", "komarov", "frolova", "belyaeva", "golubeva", "nikitin", "ten")
        self.school.acknowledge(order, *others, "kuzina")
        self.school.acknowledge_on_paper(order, said.ON_PAPER)
        clerk = self.school.clerk
        away = self._person(THIRD.mentee)
        self.deeds.enter_verdict(clerk, order, away, "absent", remark="Листок нетрудоспособности")
        unwilling = self._person(FIFTH.mentee)
        act = scan(
            "Акт об отказе от ознакомления с приказом",
            [
                f"{unwilling.name} от подписи отказалась: наставником названа не та учительница.",
                "Акт составлен в присутствии двух свидетелей.",
            ],
        )
        self.deeds.enter_verdict(clerk, order, unwilling, "refused", act)
        self.deeds.work()

    def cancel_a_line(self) -> None:
        """The fifth pair stood in the order by mistake: its line is cancelled by another order."""
        self.go_to(self.days.after_since(1))
        assert self.order is not None
        facts: Mapping[str, object] = {
            "target": (str(self.order),),
            "target_род": self._order_named(),
            "whole": False,
            "ground": "в связи с ошибкой при подготовке приказа",
        }
        order = self.school.issue_order([self.cases[FIFTH]], "D44", facts)
        self.school.acknowledge(order, FIFTH.mentor, FIFTH.mentee, "kuzina")

    def _order_named(self) -> str:
        """The order of pairs as it is cited: «приказа от … № …»."""
        dated = self.days.before_since(3)
        return f"приказа от {day_in_words(dated)} №\xa01\u2011л/с «{ORDER_TITLE}»"

    # --- what the pairs do -----------------------------------------------------------------

    def plan(self) -> None:
        """Plans within five working days; one of them comes too late."""
        self.go_to(self.days.after_since(3))
        self._sign_plans(FIRST, SECOND)
        self._plan_on_paper(FOURTH)
        self.go_to(self.days.after_since(8))
        self._sign_plans(THIRD)

    def _sign_plans(self, *cards: PairCard) -> None:
        """Signed by mentor and curator, acknowledged by the mentee."""
        papers = [
            Paper(self.cases[c], "D16", self._person(c.mentor), {"rows": said.plan_rows()})
            for c in cards
        ]
        plans = self.school.sign_papers(papers)
        for card, plan in zip(cards, plans, strict=True):
            self.deeds.sign_simply(self.school.curator, plan)
            self.deeds.work()
            self.deeds.acknowledge(self._person(card.mentee), plan)
        self.deeds.work()

    def _plan_on_paper(self, card: PairCard) -> None:
        facts = {"rows": said.plan_rows()}
        clerk = self.school.clerk
        plan = self.deeds.begin(clerk, self.cases[card], "D16", facts)
        reason = "наставник работает с документами на бумаге"
        done(put_on_paper(self.stage.services, self.deeds.actor(clerk), plan, reason))
        self.deeds.work()
        self.deeds.submit(clerk, plan)
        self.deeds.work()
        names = (self._person(card.mentor).name, self.school.curator.name)
        self.school.ink(plan, "Индивидуальный план наставничества", *names)
        self.school.acknowledge_on_paper(plan, card.mentee)

    def enter_running_pair(self) -> None:
        """The kindergarten begins with the system when its pair has run for months."""
        garden = PairDeeds(self.stage, self.deeds, self.stage.town.places[KINDERGARTEN])
        enter_running_pair(garden, self.days)
        self.deeds.work()

    def replace_a_mentor(self) -> None:
        """The second pair's mentor gives notice; it waits, and gets another one."""
        self.meet(0)
        self.meet(1)
        self.go_to(self.days.months_on(1, 10))
        mentor, case_id = self._person(SECOND.mentor), self.cases[SECOND]
        effective = self.days.months_on(1, 16)
        self.school.sign_papers([Paper(case_id, "D21", mentor, {"effective": effective})])
        self.go_to(self.days.months_on(1, 17))
        self._report_on_leaving(case_id, mentor)
        association, since = self.school.place.holding("association"), self.days.months_on(1, 21)
        self.school.propose(association, case_id, said.SUCCESSOR, since, self.days.others_until)
        papers = [
            self._consent_of_mentor(case_id, said.SUCCESSOR),
            Paper(case_id, "D10", self._person(SECOND.mentee)),
        ]
        self.school.sign_papers(papers)
        agreement = self._begin_agreement(SECOND, said.SUCCESSOR)
        self.school.make_ready([agreement])
        self._sign_agreement(self._person(said.SUCCESSOR), agreement)
        self.go_to(self.days.months_on(1, 19))
        self._order_replacement(case_id, effective)
        self.go_to(self.days.months_on(1, 22))
        self._plan_of_successor(case_id)

    def _report_on_leaving(self, case_id: UUID, mentor: Inhabitant) -> None:
        """The regulation of the story asks for a report at an early end, too."""
        facts = {
            "rows": said.report_rows(said.DONE_BEFORE_LEAVING),
            "summary": said.SUMMARY_ON_LEAVING,
            "readiness": "partial",
        }
        (report,) = self.school.sign_papers([Paper(case_id, "D26", mentor, facts)])
        self.deeds.sign_with_key(self.school.head, report)
        self.deeds.work()

    def _order_replacement(self, case_id: UUID, effective: date) -> None:
        stated = day_in_words(self.days.months_on(1, 10))
        facts: Mapping[str, object] = {
            "variant": "replacement",
            "ground": "resignation",
            "basis": f"заявления Комарова С.П. от {stated}",
            "ends": effective,
            "plan_days": 5,
        }
        order = self.school.issue_order([case_id], "D25", facts)
        self.school.acknowledge(order, SECOND.mentor, said.SUCCESSOR, SECOND.mentee, "kuzina")

    def _plan_of_successor(self, case_id: UUID) -> None:
        mentor = self._person(said.SUCCESSOR)
        (plan,) = self.school.sign_papers(
            [Paper(case_id, "D16", mentor, {"rows": said.plan_rows()[1:]})]
        )
        self.deeds.sign_simply(self.school.curator, plan)
        self.deeds.work()
        self.school.acknowledge(plan, SECOND.mentee)

    def suspend(self) -> None:
        """The fourth pair's mentee goes on maternity leave: the pair is suspended."""
        self.meet(2)
        self.meet(3)
        self.go_to(self.days.months_on(3, 3))
        clerk = self.deeds.actor(self.school.clerk)
        named = self._person(FOURTH.mentee).employment_id
        since = self.days.months_on(3, 5)
        until = since + timedelta(days=139)
        ground = f"приказ от {self.deeds.today:%d.%m.%Y} № 96-к"
        done(record_absence(self.stage.services, clerk, named, "maternity", since, until, ground))
        self.deeds.work()

    def extend(self) -> None:
        """The third pair wants to go on: a sheet of changes signed by all, then the order."""
        self.meet(4)
        self.meet(5)
        self.go_to(self.days.months_on(5, 4))
        case_id, mentor = self.cases[THIRD], self._person(THIRD.mentor)
        until = self.days.extended_until
        facts = {"change": "extension", "until_new": until}
        (sheet,) = self.school.sign_papers([Paper(case_id, "D19", mentor, facts)])
        for signer in (self._person(THIRD.mentee), self.school.curator):
            self.deeds.sign_simply(signer, sheet)
            self.deeds.work()
        self.go_to(self.days.months_on(5, 6))
        agreed = day_in_words(self.days.months_on(5, 4))
        order = self.school.issue_order([case_id], "D20", {"basis": f"листа изменений от {agreed}"})
        self.school.acknowledge(order, THIRD.mentor, THIRD.mentee, "kuzina")

    def meet(self, number: int) -> None:
        """The first pair meets each month of the school year, the second as long as it can."""
        self.go_to(self.days.months_on(number, 2 if number else 4))
        if self.deeds.today.month in HOLIDAYS:
            return
        form, topic, advice = said.MEETINGS[number]
        self.school.meet(FIRST.mentor, self.cases[FIRST], form, topic, advice)
        if number < len(said.MEETINGS_OF_SECOND):
            form, topic, advice = said.MEETINGS_OF_SECOND[number]
            self.school.meet(SECOND.mentor, self.cases[SECOND], form, topic, advice)

    # --- the end of the first pair ---------------------------------------------------------

    def finish(self) -> None:
        """Journal, report, questionnaire; approval; the package to the mentoring centre."""
        self.meet(6)
        self.go_to(self.days.after_until(1))
        case_id = self.cases[FIRST]
        mentor, mentee = self._person(FIRST.mentor), self._person(FIRST.mentee)
        report = {
            "rows": said.report_rows(),
            "summary": said.SUMMARY,
            "readiness": "sufficient",
            "recommendations": said.RECOMMENDATIONS,
            "proposals": said.PROPOSALS,
        }
        answers = {**said.SCORES, "recommend": True, "helped": "разбор уроков"}
        _, made, answered, *_ = self.school.sign_papers(
            [
                Paper(case_id, "D18", mentor),
                Paper(case_id, "D26", mentor, report),
                Paper(case_id, "D27", mentee, answers),
                Paper(case_id, "D11", mentor, self._passport(mentor, 1)),
                Paper(case_id, "D11", mentee, self._passport(mentee, 2)),
            ]
        )
        self.go_to(self.days.after_until(2))
        self.deeds.sign_with_key(self.school.head, made)
        self.deeds.work()
        self.go_to(self.days.after_until(3))
        package = self._send_results(case_id, made, answered)
        self.go_to(self.days.after_until(5))
        officer = self.deeds.actor(self.stage.town.places[CENTRE].holding("officer"))
        done(accept(self.stage.services, officer, package))
        self.deeds.work()
        self.go_to(self.days.last)

    def _send_results(self, case_id: UUID, *enclosed: UUID) -> UUID:
        clerk = self.school.clerk
        facts = {"package": tuple(str(one) for one in enclosed)}
        letter = self.deeds.begin(clerk, case_id, "D33", facts)
        self.school.make_ready([letter])
        self.deeds.sign_with_key(self.school.head, letter)
        self.deeds.work()
        package = self.deeds.send(clerk, letter)
        self.deeds.work()
        return package

    def _passport(self, person: Inhabitant, number: int) -> dict[str, object]:
        centre = self.stage.town.places[CENTRE]
        return {
            "person": str(person.employment_id),
            "address": f"г. Кедровск, ул. Лесная, д. {number}",
            "id_series": "00 00",
            "id_number": f"{number:06d}",
            "id_date": date(2020, 3, 17),
            "id_issuer": "отделом внутренних дел по г. Кедровску",
            "third_parties": ({"name": centre.short, "address": "г. Кедровск, ул. Лесная, д. 8"},),
        }

    # --- time ------------------------------------------------------------------------------

    def go_to(self, day: date) -> None:
        """Pass the days: lists are renewed, and the schedule asks what is due."""
        today = self.deeds.today
        while today < day:
            ahead = day - today
            today += A_DAY if ahead <= BUSY else A_WEEK
            self.clock.on(today)
            self._renew_lists()
            self.stage.ask_what_is_due()
            self.stage.work()

    def _renew_lists(self) -> None:
        """New lists before the old ones run out; an installation makes them daily."""
        if self.deeds.today - self.renewed >= LISTS_RENEWED:
            self.stage.renew_lists()
            self.renewed = self.deeds.today

    def _person(self, key: str) -> Inhabitant:
        return self.school.person(key)
