"""«Мои пары»: what a mentor and a mentee see and do there; refusals stand beside their fields."""

from __future__ import annotations

import re
from collections.abc import Callable
from uuid import UUID

import pytest

from marshrut.wiring import make_due
from tests.integration.pairs import deeds
from tests.integration.web.my_pairs_site import led_pair, on_day, proposed_pair
from tests.integration.web.signing_site import Browser, browser_of, proof_for, seen_in, site
from tests.integration.workflow import acts
from tests.told_once import told_once
from tests.world import World

Browse = Callable[[str], Browser]


@pytest.fixture
def browse(kedrovsk: World) -> Browse:
    app = site(kedrovsk)
    return lambda key: browser_of(app, kedrovsk, key)


@pytest.fixture
@told_once
def case_id(kedrovsk: World) -> UUID:
    """A pair whose order is in force; it begins on Monday 18 May 2026."""
    return led_pair(kedrovsk)


def pressed(browser: Browser, page: str, label: str, **entered: object) -> str:
    """Press the button of the form with this label; the address it leads to."""
    forms = re.findall(r'<form method="post" action="([^"]+)">(.*?)</form>', page, re.S)
    (address,) = [url for url, inside in forms if re.search(rf">{label}<", inside)]
    answer = browser.send(address, page, **entered)
    assert answer.status_code == 303, answer.text
    return str(answer.location)


def signed(world: World, browser: Browser, key: str, facts_page: str) -> str:
    """From the page where everything is checked to the page after the signature."""
    page = browser.read(facts_page)
    paper = pressed(browser, page, "Всё верно, перейти к подписи")
    world.work()
    sign = browser.client.get(paper)
    if sign.status_code == 200 and "Всё верно" in sign.text:
        paper = pressed(browser, sign.text, "Всё верно, перейти к подписи")
        world.work()
        sign = browser.client.get(paper)
    assert sign.status_code == 303, sign.text
    page = browser.read(sign.location)
    begun = browser.send(f"{sign.location}/simple", page, seen=seen_in(page))
    form = browser.read(begun.location)
    done = browser.send(begun.location, form, **proof_for(world, key, form))
    assert done.status_code == 303
    world.work()
    return browser.read(done.location)


def document_in(address: str) -> UUID:
    found = re.search(r"/documents/([0-9a-f-]{36})", address)
    assert found, address
    return UUID(found[1])


# --- Who sees what ----------------------------------------------------------------------------


def test_only_those_whom_a_pair_names_are_led_to_their_pairs(
    kedrovsk: World, browse: Browse, case_id: UUID
) -> None:
    for key in ("zotova", "golubeva"):
        assert 'href="/my-pairs"' in browse(key).read("/inbox")
        assert browse(key).status(f"/my-pairs/{case_id}") == 200
    other = browse("komarov")
    assert 'href="/my-pairs"' not in other.read("/inbox")
    assert "Ни в одной паре" in other.read("/my-pairs")
    for key in ("komarov", "titova", "sedova", "kuzina"):
        assert browse(key).status(f"/my-pairs/{case_id}") == 404


def test_a_proposed_mentor_is_asked_for_consent_filled_in_from_the_pair(
    kedrovsk: World, browse: Browse
) -> None:
    case_id = proposed_pair(kedrovsk)
    mentor = browse("zotova")
    page = mentor.read("/my-pairs")
    assert "Вас предлагают наставником" in page
    assert "Голубева Д. М." in page.replace("\N{NO-BREAK SPACE}", " ")
    question = pressed(mentor, page, "Дать согласие")
    form = mentor.read(question)
    assert "Сколько ещё наставляемых" in form
    assert "Вид наставничества" not in form  # the pair says it already
    answer = mentor.send(question, form, mentees_elsewhere="нет")
    assert answer.status_code == 422
    answer = mentor.send(question, form, mentees_elsewhere="1")
    assert answer.status_code == 303
    more = str(answer.location)
    assert more.endswith("/facts/more")  # what may be left out is asked once
    answer = mentor.send(more, form)
    kedrovsk.work()
    after = signed(kedrovsk, mentor, "zotova", str(answer.location))
    assert f'href="/my-pairs/{case_id}"' in after
    assert "Дать согласие" not in mentor.read(f"/my-pairs/{case_id}")
    # The mentor writes no paper of the mentee's.
    assert mentor.send(f"/my-pairs/{case_id}/papers/D22", page).status_code == 409
    # Who has consented may still decline.
    assert "Отказаться" in mentor.read(f"/my-pairs/{case_id}")
    assert mentor.status(f"/my-pairs/{case_id}/leave") == 200


# --- The plan ---------------------------------------------------------------------------------


def test_the_plan_is_begun_with_rows_changed_one_by_one_and_signed(
    kedrovsk: World, browse: Browse, case_id: UUID
) -> None:
    on_day(kedrovsk, 1)
    mentor = browse("zotova")
    page = mentor.read("/my-pairs")
    assert "Индивидуальный план наставничества" in page
    assert "(осталось 4 рабочих дня)" in page
    rows = pressed(mentor, page, "Составить план")
    assert rows.endswith("/facts/rows/rows")
    listed = mentor.read(rows)
    assert "Знакомство, изучение затруднений" in listed
    document_id = document_in(rows)
    first = f"{rows}/0"
    form = mentor.read(first)
    wrong = mentor.send(first, form, text="Знакомство", due="", control="беседа")
    assert wrong.status_code == 422
    assert mentor.send(first, form, text="Беседа", due="май", control="отзыв").status_code == 303
    new = mentor.send(f"{rows}/new", form, text="Ещё одно", due="июнь", control="отзыв")
    assert new.status_code == 303
    mentor.send(f"{rows}/1/remove", listed)
    kept = acts.load(kedrovsk, document_id).facts["rows"]
    assert isinstance(kept, tuple)
    assert [kept[0]["text"], kept[-1]["text"], len(kept)] == ["Беседа", "Ещё одно", 6]
    assert mentor.status(f"{rows}/6") == 404
    kedrovsk.work()
    signed(kedrovsk, mentor, "zotova", f"/documents/{document_id}/facts")
    page = mentor.read(f"/my-pairs/{case_id}")
    assert "Ждёт подписи" in page
    assert "Кузина" in page  # what waits for somebody else is said
    assert mentor.send(first, form, text="Поздно", due="май", control="отзыв").status_code == 409


# --- Meetings ---------------------------------------------------------------------------------


def test_meetings_are_entered_corrected_and_removed(
    kedrovsk: World, browse: Browse, case_id: UUID
) -> None:
    on_day(kedrovsk, 3)
    mentor = browse("zotova")
    new = f"/my-pairs/{case_id}/meetings/new"
    form = mentor.read(new)
    assert 'value="21.05.2026"' in form  # today
    said = {"form": "lesson", "topic": "Разбор урока", "recommendations": "Дать время"}
    for day, refused in (("17.05.2026", "не началось"), ("22.05.2026", "Дата ещё не наступила")):
        answer = mentor.send(new, form, held_on=day, **said)
        assert answer.status_code == 422
        assert 'id="e-held_on"' in answer.text
        assert refused in answer.text
        assert "Разбор урока" in answer.text  # nothing typed is lost
    answer = mentor.send(new, form, held_on="20.05.2026", **{**said, "topic": ""})
    assert (answer.status_code, 'id="e-topic"' in answer.text) == (422, True)
    answer = mentor.send(new, form, held_on="20.05.2026", **said)
    assert answer.status_code == 303
    assert "Проведено встреч: 1" in mentor.read(str(answer.location))
    listed = f"/my-pairs/{case_id}/meetings"
    page = mentor.read(listed)
    (meeting,) = re.findall(rf'href="({listed}/[0-9a-f-]{{36}})"', page)
    for key in ("golubeva", "kuzina"):
        read = browse(key).read(listed)
        assert "Разбор урока" in read
        assert meeting not in read
        assert browse(key).status(meeting) == 404
        assert browse(key).send(f"{meeting}/remove", form).status_code in (400, 404)
    for key in ("sedova", "titova", "orlov", "komarov"):
        assert browse(key).status(listed) == 404
    assert f'href="{listed}"' in browse("kuzina").read(f"/pairs/{case_id}")
    assert f'href="{listed}"' not in browse("sedova").read(f"/pairs/{case_id}")
    form = mentor.read(meeting)
    changed = mentor.send(meeting, form, held_on="19.05.2026", **{**said, "topic": "Конспект"})
    assert changed.status_code == 303
    assert "Конспект" in mentor.read(listed)
    assert mentor.send(f"{meeting}/remove", page).status_code == 303
    assert "ни одной встречи" in mentor.read(listed)


def test_before_the_first_day_no_meeting_is_offered(
    kedrovsk: World, browse: Browse, case_id: UUID
) -> None:
    mentor = browse("zotova")
    assert "Добавить встречу" not in mentor.read(f"/my-pairs/{case_id}")
    answer = mentor.client.get(f"/my-pairs/{case_id}/meetings/new")
    assert answer.status_code == 409


# --- Report and questionnaire -------------------------------------------------------------------


def with_plan(world: World, case_id: UUID) -> None:
    rows = tuple(
        {"text": text, "due": "июнь", "control": "отзыв", "note": None}
        for text in ("Беседа", "Посещение урока")
    )
    deeds.signed_paper(world, case_id, "D16", "zotova", rows=rows)
    plan = next(d for d in deeds_of(world, case_id) if d.type_code == "D16")
    world.sign_simply("kuzina", plan.id)
    world.work()


def deeds_of(world: World, case_id: UUID):  # type: ignore[no-untyped-def]  # headings of a repository
    with world.services.uow.reading() as tx:
        return tx.documents.headings_of_cases([case_id])[case_id]


def test_the_report_comes_with_plan_and_meetings_and_is_signed_in_time(
    kedrovsk: World, browse: Browse, case_id: UUID
) -> None:
    on_day(kedrovsk, 1)
    with_plan(kedrovsk, case_id)
    mentor = browse("zotova")
    page = mentor.read(f"/my-pairs/{case_id}")
    assert "Отчёт наставника" in page
    assert "Составить отчёт" not in page  # its time has not come
    new = f"/my-pairs/{case_id}/meetings/new"
    mentor.send(new, mentor.read(new), held_on="19.05.2026", form="online", topic="Конспект")
    on_day(kedrovsk, 366)
    mentor = browse("zotova")
    page = mentor.read("/my-pairs")
    assert "(осталось" in page
    main = pressed(mentor, page, "Составить отчёт")
    form = mentor.read(main)
    answer = mentor.send(main, form, summary="Научилась.", readiness="high")
    assert answer.status_code == 303
    rows = str(answer.location)
    assert rows.endswith("/facts/rows/rows")
    listed = mentor.read(rows)
    assert "Не хватает: Выполнение" in listed.replace("\N{NO-BREAK SPACE}", " ")
    row = f"{rows}/0"
    form = mentor.read(row)
    cells = {"text": "Беседа", "due": "июнь", "done": "выполнено", "result": "есть запрос"}
    answer = mentor.send(row, form, **cells)
    assert str(answer.location).endswith("/rows/1")
    answer = mentor.send(f"{rows}/1", form, **{**cells, "text": "Посещение урока"})
    assert str(answer.location) == rows
    document_id = document_in(rows)
    assert acts.load(kedrovsk, document_id).facts["meetings_count"] == 1
    kedrovsk.work()
    signed(kedrovsk, mentor, "zotova", f"/documents/{document_id}/facts")
    page = mentor.read(f"/my-pairs/{case_id}")
    assert "Отчёт подписан в срок; его утверждает руководитель." in page


def answers(**changed: str) -> dict[str, str]:
    marks = (
        "regularity usefulness atmosphere accessibility documents lessons advice plan readiness"
        " overall"
    )
    return {**dict.fromkeys(marks.split(), "9"), "recommend": "yes", **changed}


def test_the_questionnaire_is_answered_once(kedrovsk: World, browse: Browse, case_id: UUID) -> None:
    on_day(kedrovsk, 366)
    mentee = browse("golubeva")
    page = mentee.read("/my-pairs")
    main = pressed(mentee, page, "Ответить на анкету")
    form = mentee.read(main)
    assert form.count('class="choices scale"') == 10
    assert form.count('value="10"') == 10
    missing = mentee.send(main, form, **answers(overall=""))
    assert (missing.status_code, 'id="e-overall"' in missing.text) == (422, True)
    assert mentee.send(main, form, **answers()).status_code == 303
    kedrovsk.work()
    document_id = document_in(main)
    # Begun once more, the same one is gone on with.
    again = mentee.send(f"/my-pairs/{case_id}/papers/D27", page)
    assert document_in(str(again.location)) == document_id
    signed(kedrovsk, mentee, "golubeva", f"/documents/{document_id}/facts")
    assert "Ответить на анкету" not in mentee.read(f"/my-pairs/{case_id}")
    again = mentee.send(f"/my-pairs/{case_id}/papers/D27", page)
    assert again.status_code == 409
    assert "заполняется один раз" in again.text
    before = acts.load(kedrovsk, document_id)
    assert mentee.send(main, form, **answers(overall="1")).status_code == 409
    assert acts.load(kedrovsk, document_id) == before
    assert browse("zotova").status(f"/documents/{document_id}") == 404  # not for the mentor's eyes
    assert browse("zotova").status(f"/my-pairs/papers/{document_id}") == 404


# --- Leaving ----------------------------------------------------------------------------------


def test_the_mentor_leaves_no_earlier_than_the_law_allows(
    kedrovsk: World, browse: Browse, case_id: UUID
) -> None:
    on_day(kedrovsk, 0)  # Monday; three full working days, then Friday
    mentor = browse("zotova")
    address = f"/my-pairs/{case_id}/leave"
    assert address in mentor.read(f"/my-pairs/{case_id}")
    form = mentor.read(address)
    assert "Причину называть не нужно" in form
    assert "отказать вам не могут" in form
    assert "не менее чем за 3 рабочих дня" in form
    assert 'value="22.05.2026"' in form
    early = mentor.send(address, form, effective="21.05.2026")
    assert (early.status_code, 'id="e-effective"' in early.text) == (422, True)
    assert "ст.\N{NO-BREAK SPACE}351.8" in early.text
    answer = mentor.send(address, form, effective="22.05.2026")
    assert answer.status_code == 303
    kedrovsk.work()
    assert mentor.status(address) == 404  # the statement is under way
    (statement,) = [d for d in deeds_of(kedrovsk, case_id) if d.type_code == "D21"]
    signed(kedrovsk, mentor, "zotova", f"/documents/{statement.id}/facts")
    on_day(kedrovsk, 4)
    assert "Ожидает наставника" in browse("zotova").read(f"/my-pairs/{case_id}")
    for key in ("golubeva", "sedova"):
        assert browse(key).status(address) == 404


def test_the_mentee_asks_for_another_mentor(kedrovsk: World, browse: Browse, case_id: UUID) -> None:
    on_day(kedrovsk, 1)
    mentee = browse("golubeva")
    address = f"/my-pairs/{case_id}/petition"
    assert address in mentee.read(f"/my-pairs/{case_id}")
    form = mentee.read(address)
    answer = mentee.send(address, form, ground="nothing such")
    assert answer.status_code == 422
    answer = mentee.send(address, form, ground="no_contact")
    assert answer.status_code == 303
    kedrovsk.work()
    (petition,) = [d for d in deeds_of(kedrovsk, case_id) if d.type_code == "D22"]
    signed(kedrovsk, mentee, "golubeva", f"/documents/{petition.id}/facts")
    page = mentee.read(f"/my-pairs/{case_id}")
    assert "Седова" in page  # she decides
    assert browse("zotova").status(address) == 404


def test_orders_are_acknowledged_from_here_and_reminders_lead_here(
    kedrovsk: World, browse: Browse, case_id: UUID
) -> None:
    mentor = browse("zotova")
    page = mentor.read(f"/my-pairs/{case_id}")
    assert "Приказ о назначении наставников" in page
    assert re.search(r'href="/documents/[0-9a-f-]{36}/acknowledge"', page)
    sent = browse("zotova").read("/inbox")
    assert "Приказ о назначении наставников" in sent


def test_what_is_to_be_begun_stands_on_the_first_page_too(
    kedrovsk: World, browse: Browse, case_id: UUID
) -> None:
    on_day(kedrovsk, 1)
    page = browse("zotova").read("/inbox")
    assert "Индивидуальный план наставничества" in page
    assert f'href="/my-pairs/{case_id}"' in page
    assert "Индивидуальный план наставничества" not in browse("golubeva").read("/inbox")


def test_what_a_pair_owes_is_no_task_of_the_office(
    kedrovsk: World, browse: Browse, case_id: UUID
) -> None:
    with kedrovsk.services.uow.reading() as tx:
        owed = tx.obligations.of_cases([case_id])[case_id]
    clerk = browse("titova")
    assert owed
    assert "Отдел образования не ставил вашей организации поручений" in clerk.read("/tasks")
    assert [clerk.client.get(f"/tasks/{one.id}").status_code for one in owed] == [404] * len(owed)


def test_a_reminder_leads_its_debtor_to_the_own_pair(
    kedrovsk: World, browse: Browse, case_id: UUID
) -> None:
    on_day(kedrovsk, 4)
    with kedrovsk.services.uow() as tx:
        make_due(kedrovsk.services)["reminders"](tx)
        tx.commit()
    kedrovsk.work()
    plan = deeds.owed(kedrovsk, case_id)["D16", "sign_mentor"]
    mentor = browse("zotova")
    assert f'href="/reminders/{plan.id}"' in mentor.read("/inbox")
    answer = mentor.client.get(f"/reminders/{plan.id}")
    assert (answer.status_code, answer.location) == (303, f"/my-pairs/{case_id}")
    assert browse("golubeva").status(f"/reminders/{plan.id}") == 404


def test_meetings_may_be_entered_after_the_end_for_days_before_it(
    kedrovsk: World, browse: Browse, case_id: UUID
) -> None:
    on_day(kedrovsk, 366)
    mentor = browse("zotova")
    assert "Добавить встречу" in mentor.read(f"/my-pairs/{case_id}")
    new = f"/my-pairs/{case_id}/meetings/new"
    form = mentor.read(new)
    said = {"form": "online", "topic": "Итоги"}
    assert mentor.send(new, form, held_on="18.05.2027", **said).status_code == 422
    assert mentor.send(new, form, held_on="17.05.2027", **said).status_code == 303


def test_a_mentee_is_asked_whether_the_mentor_suits(kedrovsk: World, browse: Browse) -> None:
    proposed_pair(kedrovsk)
    mentee = browse("golubeva")
    page = mentee.read("/my-pairs")
    assert "Вам предлагают наставника: Зотова" in page
    paper = pressed(mentee, page, "Дать согласие")
    kedrovsk.work()
    facts = re.sub("/facts/.*", "/facts", paper)
    assert document_in(facts)
    signed(kedrovsk, mentee, "golubeva", facts)
    assert "Дать согласие" not in mentee.read("/my-pairs")
    assert "Дать согласие" in browse("zotova").read("/my-pairs")
