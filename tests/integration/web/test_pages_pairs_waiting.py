"""The first page of clerk, head and curator while pairs are being brought together."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import event

from marshrut.demonstration.town import done
from tests.integration.pairs import deeds
from tests.integration.web.pairs_site import Browse, browsers, proposed_pair, ready_pair
from tests.integration.web.test_pages_documents import words
from tests.world import World
from workflow.domain.matching import NEWLY_BEGUN
from workflow.queries.inbox import Ask, inbox
from workflow.usecases.pairs.request import give_reason

AGREEMENT = "Дополнительное соглашение к трудовому договору"
ORDER = "Приказ о назначении наставников"


@pytest.fixture
def browse(kedrovsk: World) -> Browse:
    return browsers(kedrovsk)


def asks(world: World, key: str) -> list[Ask]:
    return [item.ask for item in inbox(world.services, world.actor(key)).items]


def _consented(world: World) -> None:
    """Mentor and mentee have consented; nothing is said of the contract."""
    case_id = proposed_pair(world, "zotova", "golubeva")
    deeds.signed_paper(world, case_id, "D09", "zotova", mentees_elsewhere=0)
    deeds.signed_paper(world, case_id, "D10", "golubeva")


def test_agreement_waits_for_the_clerk_once_the_mentor_has_consented(
    kedrovsk: World, browse: Browse
) -> None:
    case_id = proposed_pair(kedrovsk, "zotova", "golubeva")
    assert asks(kedrovsk, "titova") == []  # consents are written by those who consent
    deeds.signed_paper(kedrovsk, case_id, "D09", "zotova", mentees_elsewhere=0)
    page = words(browse("titova").read("/inbox"))
    assert f"Следующий шаг {AGREEMENT}" in page
    assert "Зотова Н. Л. — Голубева Д. М." in page
    assert f"/pairs/{case_id}" in browse("titova").read("/inbox")
    assert asks(kedrovsk, "sedova") == []


def test_agreement_that_is_begun_is_asked_for_as_a_document_only(kedrovsk: World) -> None:
    _consented(kedrovsk)
    assert asks(kedrovsk, "titova") == [Ask.PAPER]
    case_id = inbox(kedrovsk.services, kedrovsk.actor("titova")).items[0].case_id
    assert case_id is not None
    agreement = {
        "contract_date": date(2020, 9, 1),
        "contract_number": "14",
        "paid": False,
    }
    deeds.paper(kedrovsk, case_id, "D13", "titova", **agreement)
    assert Ask.PAPER not in asks(kedrovsk, "titova")


def test_order_waits_for_the_clerk_when_every_paper_is_there(
    kedrovsk: World, browse: Browse
) -> None:
    case_id = ready_pair(kedrovsk, "zotova", "golubeva")
    clerk = browse("titova")
    page = words(clerk.read("/inbox"))
    assert f"Следующий шаг {ORDER}" in page
    assert "Зотова Н. Л. — Голубева Д. М." in page
    assert f"/pairs/{case_id}/orders/begin" in clerk.read("/inbox")
    assert clerk.status(f"/pairs/{case_id}/orders/begin") == 200
    deeds.order_begun(kedrovsk, case_id)
    assert Ask.ORDER not in asks(kedrovsk, "titova")


def test_pairs_that_one_order_will_name_are_one_thing_to_do(
    kedrovsk: World, browse: Browse
) -> None:
    ready_pair(kedrovsk, "zotova", "golubeva")
    ready_pair(kedrovsk, "belyaeva", "nikitin")
    assert asks(kedrovsk, "titova") == [Ask.ORDER]
    page = words(browse("titova").read("/inbox"))
    assert "Голубева Д. М." in page
    assert "Никитин" in page


def test_soft_rule_that_stops_a_pair_waits_for_the_head_alone(
    kedrovsk: World, browse: Browse
) -> None:
    case_id = proposed_pair(kedrovsk, "zotova", "golubeva")
    assert asks(kedrovsk, "sedova") == []
    deeds.experienced(kedrovsk, "golubeva", pedagogical=8)
    page = words(browse("sedova").read("/inbox"))
    assert "Следующий шаг Зотова Н. Л. — Голубева Д. М." in page
    assert "Стаж наставляемого — не более 3 лет; здесь — 8" in page
    assert [asks(kedrovsk, key) for key in ("titova", "orlov")] == [[], []]
    head, reason = kedrovsk.actor("sedova"), "после длительного перерыва"
    done(give_reason(kedrovsk.services, head, case_id, NEWLY_BEGUN, reason))
    assert asks(kedrovsk, "sedova") == []


def test_hard_rule_waits_for_whoever_proposes(kedrovsk: World, browse: Browse) -> None:
    proposed_pair(kedrovsk, "zotova", "golubeva", years=4)
    assert asks(kedrovsk, "orlov") == [Ask.CLEAR_UP]
    assert [asks(kedrovsk, key) for key in ("titova", "sedova")] == [[], []]
    assert "Разобраться" in browse("orlov").read("/inbox")


def test_years_that_nobody_has_entered_wait_for_the_clerk(kedrovsk: World) -> None:
    deeds.proposed(kedrovsk, deeds.requested(kedrovsk, "golubeva"), "zotova")
    assert asks(kedrovsk, "titova") == [Ask.CLEAR_UP]


def test_first_day_before_the_order_waits_for_the_heads_word(kedrovsk: World) -> None:
    today = kedrovsk.clock().date()
    ready_pair(kedrovsk, "zotova", "golubeva", since=today)
    deeds.on_day(kedrovsk, today + timedelta(days=2))
    assert asks(kedrovsk, "sedova") == [Ask.ALLOW]


def test_nothing_of_a_pair_waits_for_another_school_or_for_its_own_people(
    kedrovsk: World,
) -> None:
    _consented(kedrovsk)
    for key in ("osipova", "zotova", "golubeva", "sedova"):
        assert asks(kedrovsk, key) == [], key


def test_first_page_costs_as_many_questions_for_six_pairs_as_for_two(
    kedrovsk: World, browse: Browse
) -> None:
    asked: list[str] = []
    clerk = browse("titova")

    def count(_connection, _cursor, statement, *_rest):  # type: ignore[no-untyped-def]  # SQLAlchemy's listener
        asked.append(statement)

    def questions() -> int:
        asked.clear()
        clerk.read("/inbox")
        return len(asked)

    ready_pair(kedrovsk, "zotova", "golubeva")
    proposed_pair(kedrovsk, "zotova", "ten")
    event.listen(kedrovsk.services.uow.engine, "before_cursor_execute", count)
    few = questions()
    for mentee in ("nikitin", "rudenko", "savina"):
        proposed_pair(kedrovsk, "belyaeva", mentee)
    assert questions() == few
