"""The consent to the sending of named data (D11): who gives it, what waits for it."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from marshrut.demonstration.town import done
from tests.integration.pairs import deeds
from tests.integration.web.my_pairs_site import MENTEE, MENTOR, led_pair, proposed_pair
from tests.integration.web.pairs_site import Browse, browsers, document_in
from tests.integration.workflow.acts import fixed, load, signed
from tests.world import World
from workflow.usecases.prepare import save_facts, start_document, submit

CONSENT = "Дать согласие на передачу моих данных"
CENTRE = {"name": "МБУ «Центр наставничества»", "address": "г. Кедровск, ул. Лесная, д. 8"}
PASSPORT = {
    "address": "г. Кедровск, ул. Лесная, д. 1",
    "id_number": "000001",
    "id_date": date(2020, 3, 17),
    "id_issuer": "отделом внутренних дел по г. Кедровску",
}


@pytest.fixture
def browse(kedrovsk: World) -> Browse:
    return browsers(kedrovsk)


def consented(world: World, case_id: UUID, key: str, *recipients: dict[str, str]) -> None:
    facts = {**PASSPORT, "person": world.employment(key), "third_parties": recipients}
    deeds.signed_paper(world, case_id, "D11", key, **facts)


def letter_with_the_plan(world: World, case_id: UUID) -> UUID:
    """A signed letter that encloses the plan: it names both."""
    row = {"text": "Посещение уроков", "due": "май", "control": "беседа"}
    plan = deeds.signed_paper(world, case_id, "D16", MENTOR, rows=(row,))
    world.sign_simply("kuzina", plan.id)
    world.work()
    clerk = world.actor("titova")
    letter = done(start_document(world.services, clerk, case_id, "D33"))
    facts = {**letter.facts, "package": (str(plan.id),)}
    assert done(save_facts(world.services, clerk, letter.id, facts)).problems == ()
    world.work()
    done(submit(world.services, clerk, letter.id))
    fixed(world, letter.id, deeds.SCHOOL)
    signed(world, letter.id, deeds.SCHOOL)
    return letter.id


def test_whoever_an_order_names_may_consent_once(kedrovsk: World, browse: Browse) -> None:
    case_id = led_pair(kedrovsk)
    mentor, mentee = browse(MENTOR), browse(MENTEE)
    page = mentor.read(f"/my-pairs/{case_id}")
    assert CONSENT in page
    begun = mentor.send(f"/my-pairs/{case_id}/papers/D11", page)
    assert begun.status_code == 303
    paper = load(kedrovsk, document_in(begun.location))
    assert paper.facts["person"] == kedrovsk.employment(MENTOR)
    (recipient,) = paper.facts["third_parties"]
    assert recipient["name"].startswith("муниципальному бюджетному учреждению «Муниципальный центр")
    assert recipient["address"].endswith("ул. Лесная, д. 8")
    assert CONSENT not in mentor.read(f"/my-pairs/{case_id}")
    consented(kedrovsk, case_id, MENTEE, CENTRE)
    assert CONSENT not in mentee.read(f"/my-pairs/{case_id}")


def test_nobody_is_asked_before_the_order(kedrovsk: World, browse: Browse) -> None:
    case_id = proposed_pair(kedrovsk)
    assert CONSENT not in browse(MENTOR).read(f"/my-pairs/{case_id}")


def test_package_waits_for_everybody_whom_it_names(kedrovsk: World, browse: Browse) -> None:
    case_id = led_pair(kedrovsk)
    letter = letter_with_the_plan(kedrovsk, case_id)
    clerk, address = browse("titova"), f"/documents/{letter}/delivery"
    consented(kedrovsk, case_id, MENTOR, CENTRE)
    page = clerk.read(address)
    assert "отправить нельзя" in page.partition("</table>")[0]  # the row says it, too
    assert "(Голубева Д. М.)" in page
    assert clerk.send(address, clerk.read("/pairs")).status_code == 409
    consented(kedrovsk, case_id, MENTEE, CENTRE)
    page = clerk.read(address)
    assert "отправить нельзя" not in page
    assert clerk.send(address, page).status_code == 303


def test_consent_that_names_no_recipient_sends_nothing(kedrovsk: World, browse: Browse) -> None:
    case_id = led_pair(kedrovsk)
    letter = letter_with_the_plan(kedrovsk, case_id)
    consented(kedrovsk, case_id, MENTOR, CENTRE)
    consented(kedrovsk, case_id, MENTEE)
    assert "(Голубева Д. М.)" in browse("titova").read(f"/documents/{letter}/delivery")
