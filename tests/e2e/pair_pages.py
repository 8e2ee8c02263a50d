"""What people of Kedrovsk do for a mentor pair at their browsers, from the need to the order."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime

from marshrut.wiring import make_due
from tests.e2e.desks import (
    SAVE,
    Desk,
    add_a_key,
    agree,
    give_number,
    send_on_its_way,
    sign_in_own_program,
    sign_out_everybody,
    sign_own_paper,
    sign_with_key,
)
from tests.e2e.office import Office
from tests.integration.workflow.acts import renew_lists
from tests.world import World

HEAD, CLERK, CURATOR, ASSOCIATION = "sedova", "titova", "kuzina", "orlov"
PAIRS, MY_PAIRS = "/pairs", "/my-pairs"

_PAIR = re.compile(r"/pairs/[0-9a-f-]{36}")


def on_day(office: Office, day: date) -> None:
    """It is that day in Kedrovsk: a session does not last for months, so everybody has left."""
    sign_out_everybody(office)
    with ThreadPoolExecutor(1) as apart:
        apart.submit(_go_on, office.world, day).result()


def _go_on(world: World, day: date) -> None:
    """Ten o'clock in the morning; lists are renewed, and the schedule asks what is due."""
    moment = datetime(day.year, day.month, day.day, 3, tzinfo=UTC)
    assert moment > world.clock(), f"{day} is over"
    world.clock.now = moment
    renew_lists(world)
    for ask in make_due(world.services).values():
        with world.services.uow() as tx:
            ask(tx)
            tx.commit()


def typed(day: date) -> str:
    return f"{day:%d.%m.%Y}"


# --- Who with whom --------------------------------------------------------------------------


def enter_experience(clerk: Desk, worker: str, **years: int) -> None:
    """The clerk enters somebody's full years of work into the staff card."""
    worker_id = clerk.office.world.employment(worker)
    clerk.open(f"/staff/workers/{worker_id}/card/experience")
    for kind, number in years.items():
        clerk.page.locator(f"#f-{kind}_years").fill(str(number))
    clerk.go_on()


def name_the_need(head: Desk, mentee: str, need: str, since: date, until: date) -> str:
    """The head names who needs a mentor; return the path of the pair's page."""
    head.open(PAIRS)
    head.go_on()
    head.main.locator(f"input[value='{head.office.world.employment(mentee)}']").check()
    head.fill("Первый день наставничества", typed(since))
    head.fill("Последний день наставничества", typed(until))
    head.fill("В чём нужна помощь", need)
    head.press("Проверить ответы")
    head.shows(need)
    head.press("Сохранить")
    head.shows("Ожидает наставника")
    found = _PAIR.search(head.page.url)
    assert found, head.page.url
    return found[0]


def propose(association: Desk, pair: str, mentor: str) -> None:
    """The head of the methodical association chooses a mentor and looks at the checks."""
    association.open(pair)
    association.press("Предложить наставника")
    association.page.get_by_label("Наставник", exact=True).select_option(
        association.office.world.employment(mentor)
    )
    association.press("Проверить выбор")
    association.shows("Что показала проверка по Положению")
    association.press("Предложить наставника")


# --- Papers before the order ----------------------------------------------------------------


def consent_as_mentor(mentor: Desk, elsewhere: int = 0) -> str:
    """The proposed mentor consents (D09); return the paper's path."""
    mentor.open(MY_PAIRS)
    mentor.press("Дать согласие")
    mentor.fill("Сколько ещё наставляемых", str(elsewhere))
    mentor.press(SAVE)
    mentor.press(SAVE)  # what is paid may be left out
    return sign_own_paper(mentor)


def consent_as_mentee(mentee: Desk) -> str:
    """The mentee consents (D10); return the paper's path."""
    mentee.open(MY_PAIRS)
    mentee.press("Дать согласие")
    return sign_own_paper(mentee)


def prepare_agreement(clerk: Desk, pair: str, number: str, dated: date) -> str:
    """The clerk writes the additional agreement (D13) to the mentor's contract and numbers it."""
    clerk.open(pair)
    clerk.press("Подготовить")
    agreement = clerk.document()
    clerk.open(f"{agreement}/facts/main")
    clerk.fill("Дата трудового договора", typed(dated))
    clerk.fill("Номер трудового договора", number)
    clerk.main.get_by_label("Нет", exact=True).check()
    clerk.press(SAVE)
    clerk.open(f"{agreement}/facts/more")
    clerk.fill("На каком основании выплата не", "пункта 3.4 положения об оплате труда")
    clerk.press(SAVE)
    send_on_its_way(clerk, agreement)
    give_number(clerk, agreement)
    return agreement


def conclude_agreement(mentor: Desk, head: Desk, agreement: str) -> None:
    """The mentor signs with a key kept here, the head with a qualified one elsewhere."""
    add_a_key(mentor)
    sign_with_key(mentor, agreement)
    mentor.shows("ожидаются другие подписи")
    sign_in_own_program(head, agreement)


# --- The order ------------------------------------------------------------------------------


def begin_order(clerk: Desk, pair: str, basis: str) -> str:
    """The clerk begins the order (D14) for this pair and fills it in; return its path."""
    clerk.open(pair)
    clerk.press("Подготовить приказ")
    clerk.press("Начать приказ")
    order = clerk.document()
    clerk.open(f"{order}/facts/main")
    clerk.fill("Основание", basis)
    clerk.press(SAVE)
    return order


def have_order_agreed(clerk: Desk, curator: Desk, order: str) -> None:
    """The clerk sends the order to the curator, who agrees."""
    send_on_its_way(clerk, order)
    agree(curator, order)
    curator.shows("Согласовано")


def put_in_force(clerk: Desk, head: Desk, document: str) -> None:
    """The clerk gives number and date, the head signs."""
    give_number(clerk, document)
    sign_with_key(head, document)
