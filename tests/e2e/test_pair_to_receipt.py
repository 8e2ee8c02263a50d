"""A mentor pair in real browsers: from the head's need to the receipt of the mentoring centre.

Everybody signs in and does the own part; nothing is done beside the pages but the passing of time.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import pytest

from tests.e2e.desks import (
    Desk,
    acknowledge,
    desk_of,
    return_for_rework,
    sign_simply,
    sign_with_key,
)
from tests.e2e.office import Office, working
from tests.e2e.pair_pages import (
    ASSOCIATION,
    CLERK,
    CURATOR,
    HEAD,
    begin_order,
    conclude_agreement,
    consent_as_mentee,
    consent_as_mentor,
    enter_experience,
    have_order_agreed,
    name_the_need,
    on_day,
    prepare_agreement,
    propose,
    put_in_force,
)
from tests.e2e.pair_work_pages import (
    accept_the_package,
    add_a_meeting,
    answer_the_questionnaire,
    begin_letter,
    consent_to_sending,
    draw_up_the_plan,
    make_the_journal,
    send_package,
    write_the_report,
)
from workflow.domain.obligations import ObligationState, state_of
from workflow.domain.routes import DocumentState

MENTOR, MENTEE, OFFICER = "zotova", "golubeva", "panina"
SINCE, UNTIL = date(2026, 5, 18), date(2026, 11, 17)
NEED = "ведение документации, подготовка к урокам математики"
BASIS = "Положения о наставничестве"
#: Every document that the pair's life has made, by type: two people consent to the sending.
WRITTEN = ["D09", "D10", "D11", "D11", "D13", "D14", "D16", "D18", "D26", "D27", "D33"]
CENTRE = "муниципальному бюджетному учреждению «Муниципальный центр наставничества»"


@dataclass(frozen=True)
class Story:
    """The pair at the desks of its people."""

    town: Office
    pair: str

    def desk(self, key: str) -> Desk:
        return desk_of(self.town, key)

    @property
    def own_pair(self) -> str:
        """The pair's page as its mentor and mentee see it."""
        return self.pair.replace("/pairs/", "/my-pairs/")

    @property
    def case_id(self) -> UUID:
        return UUID(self.pair.rpartition("/")[2])


@pytest.fixture
def story(town: Office) -> Story:
    """The staff cards are filled in, and the head has named who needs a mentor."""
    clerk = desk_of(town, CLERK)
    enter_experience(clerk, MENTOR, in_field=18)
    enter_experience(clerk, MENTEE, pedagogical=1)
    return Story(town, name_the_need(desk_of(town, HEAD), MENTEE, NEED, SINCE, UNTIL))


def test_a_pair_goes_from_the_need_to_the_receipt_of_the_centre(story: Story) -> None:
    with working(story.town.world):
        propose(story.desk(ASSOCIATION), story.pair, MENTOR)
        consent_as_mentor(story.desk(MENTOR))
        consent_as_mentee(story.desk(MENTEE))
        order = order_that_waits_for_the_agreement(story)
        for reader in (MENTOR, MENTEE, CURATOR):
            acknowledge(story.desk(reader), order)
    on_day(story.town, date(2026, 5, 19))
    with working(story.town.world):
        the_pair_works(story)
    on_day(story.town, date(2026, 11, 18))
    with working(story.town.world):
        report = the_term_is_over(story)
    on_day(story.town, date(2026, 11, 19))
    with working(story.town.world):
        sign_with_key(story.desk(HEAD), report)
        letter = results_are_sent(story)
        accept_the_package(story.desk(OFFICER), "МБОУ «СОШ № 7»")
    nothing_is_left(story, letter)


def order_that_waits_for_the_agreement(story: Story) -> str:
    """The order gets no number before the agreement is signed; it cites it afterwards."""
    clerk, head, curator = story.desk(CLERK), story.desk(HEAD), story.desk(CURATOR)
    order = begin_order(clerk, story.pair, BASIS)
    have_order_agreed(clerk, curator, order)
    clerk.open(f"{order}/fix")
    clerk.shows("Не готова", "нет дополнительного соглашения", "ТК РФ, ст. 351.8")
    return_for_rework(clerk, order, "Дождаться дополнительного соглашения")
    agreement = prepare_agreement(clerk, story.pair, "14", date(2020, 9, 1))
    conclude_agreement(story.desk(MENTOR), head, agreement)
    clerk.wait_for(order, "№ 1-дс")  # the line cites what is in force now
    clerk.shows("Готова")
    have_order_agreed(clerk, curator, order)
    put_in_force(clerk, head, order)
    return order


def the_pair_works(story: Story) -> None:
    """The plan within five working days, then the first meeting."""
    mentor = story.desk(MENTOR)
    plan = draw_up_the_plan(mentor)
    sign_simply(story.desk(CURATOR), plan)
    acknowledge(story.desk(MENTEE), plan)
    add_a_meeting(mentor, date(2026, 5, 19), "Рабочая программа", "Сверить темы")


def the_term_is_over(story: Story) -> str:
    """Journal, report and questionnaire; return the report's path."""
    mentor = story.desk(MENTOR)
    make_the_journal(mentor, story.own_pair)
    report = write_the_report(mentor, rows=6, summary="Ведёт документацию сама.")
    mentor.press("К паре")
    mentor.shows("Отчёт подписан в срок; его утверждает руководитель")
    answer_the_questionnaire(story.desk(MENTEE), [9] * 10)
    return report


def results_are_sent(story: Story) -> str:
    """The package goes when everybody whom it names has consented; return the letter's path."""
    clerk = story.desk(CLERK)
    clerk.open(story.pair)
    clerk.shows("Отправить результаты в центр наставничества")
    letter = begin_letter(clerk, story.pair)
    put_in_force(clerk, story.desk(HEAD), letter)
    clerk.open(f"{letter}/delivery")
    clerk.shows("нет согласия на передачу персональных данных (Зотова Н. Л., Голубева Д. М.)")
    for person in (MENTOR, MENTEE):
        consent_to_sending(story.desk(person), story.own_pair, CENTRE)
    send_package(clerk, letter)
    return letter


def nothing_is_left(story: Story, letter: str) -> None:
    """The school sees the receipt; nobody owes anything, every document is in force."""
    clerk, head = story.desk(CLERK), story.desk(HEAD)
    clerk.open(f"{letter}/delivery")
    clerk.shows("Отправка принята", "Уведомление о приёме № 1-ув")
    head.open(story.pair)
    head.shows("Завершена по сроку", re.compile("Принято получателем: уведомление №.1-ув"))
    head.shows("Сейчас по этой паре ничего делать не нужно")
    for key in (MENTOR, MENTEE):
        story.desk(key).open(story.own_pair)
        story.desk(key).shows("от вас ничего не требуется")
    world = story.town.world
    with world.services.uow.reading() as tx:
        owed = tx.obligations.of_case(story.case_id)
        documents = tx.documents.headings_of_cases([story.case_id])[story.case_id]
    assert {o.type_code for o in owed} == {"D16", "D26", "D27"}
    assert {state_of(o) for o in owed} == {ObligationState.MET}
    assert {h.state for h in documents} == {DocumentState.IN_FORCE}
    assert sorted(h.type_code for h in documents) == WRITTEN
