"""The operator's pages: who sees them, organisations, people, posts, authorities."""

from __future__ import annotations

from uuid import uuid4

import pytest

from marshrut.demonstration.identifiers import insurance_number, taxpayer_organisation
from marshrut.demonstration.town import PASSWORD
from tests.integration.web.admin_site import Site, signed_in, site
from tests.world import World
from workflow.domain.people import Person
from workflow.domain.regulations import Role

ORGANISATION = {
    "full_name": "муниципальное бюджетное учреждение «Школа № 7»",
    "short_name": "МБУ «Школа № 7»",
    "since": "01.09.2020",
    "kind": "school",
    "week": "5",
    "time_zone": "Europe/Moscow",
}
PERSON = {"last": "Ковалёва", "first": "Дарья", "middle": "Петровна", "gender": "female"}


def found_person(world: World, surname: str) -> Person:
    with world.services.uow.reading() as tx:
        (one,) = tx.people.beginning(surname)
    return one


def addresses(world: World) -> list[str]:
    school, head = world.place("school-1"), world.person("belova")
    with world.services.uow.reading() as tx:
        register = tx.registers.of_organisation(school.id)[0]
        mandate = tx.mandates.of_person(head.person_id)[0]
        anchor = tx.trust_anchors.trusted_by(None)[0]
        account = tx.accounts.of_person(head.person_id)[0]
    organisation, person = f"organisations/{school.id}", f"people/{head.person_id}"
    post = f"posts/{head.employment_id}"
    pages = (
        *("", "organisations", "organisations/new", "people", "people/new", "accounts"),
        *(
            "trust",
            "trust/new",
            "revocation/new",
            "accredited/new",
            "calendar",
            "calendar/new",
            "tasks",
        ),
        *("calendar/complete", organisation, f"{organisation}/change"),
        *(f"{organisation}/names/new", f"{organisation}/names/0/forms", person),
        *(f"{person}/change", f"{person}/forms", f"{person}/posts/new", f"{person}/account/new"),
        *(post, f"{post}/end", f"{post}/forms", f"{post}/mandates/new"),
        *(f"mandates/{mandate.id}/end", f"mandates/{mandate.id}/withdraw"),
        *(f"registers/{register.id}", f"accounts/{account.id}", f"accounts/{account.id}/reset"),
        *(f"accounts/{account.id}/close", f"trust/{anchor.id}/remove"),
    )
    return [f"/admin/{page}".rstrip("/") for page in pages]


def test_every_page_opens_for_the_operator(world: World, operator: Site) -> None:
    for address in addresses(world):
        assert "Настройка" in operator.get(address), address


def test_no_page_is_there_for_a_head_or_asks_a_stranger_for_anything_but_to_sign_in(
    world: World,
) -> None:
    head = signed_in(world, "belova", PASSWORD, world.person("belova").second_factor)
    stranger = site(world)
    for address in addresses(world):
        assert head.browser.get(address).status_code == 404, address
        assert "/login" in stranger.browser.get(address).location, address


@pytest.mark.parametrize("noun", ["organisations", "people", "posts", "registers", "accounts"])
def test_what_is_not_there_is_not_found(operator: Site, noun: str) -> None:
    assert operator.browser.get(f"/admin/{noun}/{uuid4()}").status_code == 404


def test_operator_of_the_past_sees_nothing(world: World, operator: Site) -> None:
    with world.services.uow() as tx:
        (account,) = tx.accounts.of_person(world.town.operator.person_id)
        tx.sessions.end_all(account.id, world.clock())
        tx.commit()
    assert operator.browser.get("/admin").status_code == 303


def test_organisation_is_entered_and_its_case_forms_confirmed(operator: Site) -> None:
    inn = taxpayer_organisation(77)
    forms = operator.sent("/admin/organisations/new", **ORGANISATION, inn=inn, pack="tetyushi")
    assert "МБУ «Школа № 7»" in operator.get(forms)
    cases = dict.fromkeys(("genitive", "dative", "accusative", "prepositional"), "школы № 7")
    card = operator.get(operator.sent(forms, **cases, instrumental="школой № 7"))
    assert inn in card
    assert "Журнал" in card  # the registers of its regulation are open
    assert "школой № 7" in operator.get(forms)


def test_misprint_in_requisites_is_told_and_nothing_typed_is_lost(operator: Site) -> None:
    page = operator.refused("/admin/organisations/new", **ORGANISATION, inn="1234567890")
    assert "В ИНН организации опечатка" in page
    assert "МБУ «Школа № 7»" in page
    page = operator.refused("/admin/organisations/new", **{**ORGANISATION, "since": "31.02.2020"})
    assert "Такого дня" in page or "нет в календаре" in page


def test_organisation_gets_a_new_name_and_keeps_the_old_one(world: World, operator: Site) -> None:
    card = f"/admin/organisations/{world.place('school-1').id}"
    operator.sent(
        f"{card}/names/new", full="новое наименование", short="МБОУ «Лицей»", since="01.09.2026"
    )
    page = operator.get(card)
    assert "МБОУ «Лицей»" in page
    assert world.place("school-1").short in page.partition("<h1>")[2]


def test_card_of_an_organisation_changes_founder_week_and_visas(
    world: World, operator: Site
) -> None:
    school, office = world.place("school-1"), world.town.office
    operator.sent(
        f"/admin/organisations/{school.id}/change",
        kind="school",
        week="5",
        time_zone="Asia/Omsk",
        region="RU-TA",
        office=str(office.id),
        visas=["curator", "deputy"],
        closed_on="31.08.2026",
    )
    with world.services.uow.reading() as tx:
        saved = tx.organisations.load(school.id)
    assert (saved.week, saved.time_zone, saved.founder_id) == (5, "Asia/Omsk", None)
    assert saved.visa_roles == ("curator", "deputy")
    assert saved.closed_on is not None
    assert saved.office_id == office.id


def test_register_goes_on_from_any_number_by_a_mask(world: World, operator: Site) -> None:
    with world.services.uow.reading() as tx:
        register = tx.registers.of_organisation(world.place("school-1").id)[0]
    address = f"/admin/registers/{register.id}"
    operator.sent(address, numbering="manual", next_number="118", mask="{n:03}/01-05")
    with world.services.uow.reading() as tx:
        saved = tx.registers.load(register.id)
    assert (saved.numbering, saved.next_number, saved.mask) == ("manual", 118, "{n:03}/01-05")
    for mask in ("без номера", "{n}-{year", "{n.__class__}", "{n:99999}", "{n}{other}"):
        page = operator.refused(address, numbering="automatic", next_number="1", mask=mask)
        assert "В образце номера" in page


def test_person_is_entered_with_confirmed_case_forms(world: World, operator: Site) -> None:
    snils = insurance_number(900)
    dashed = f"{snils[:3]}-{snils[3:6]}-{snils[6:9]} {snils[9:]}"
    forms = operator.sent("/admin/people/new", **PERSON, snils=dashed)
    assert "Ковалёвой" in operator.get(forms)
    cases = ("genitive", "dative", "accusative", "instrumental", "prepositional")
    card = operator.sent(forms, **dict.fromkeys(cases, "Ковалёвой Дарье Петровне"))
    assert dashed in operator.get(card)
    assert found_person(world, "ковалева").snils == snils


def test_misprint_in_snils_or_inn_is_told(operator: Site) -> None:
    page = operator.refused("/admin/people/new", **PERSON, snils="11111111111")
    assert "В СНИЛС опечатка" in page
    assert "Ковалёва" in page
    assert "В ИНН опечатка" in operator.refused("/admin/people/new", **PERSON, inn="123456789012")


def test_name_and_identifiers_cannot_be_changed_once_they_are_set(
    world: World, operator: Site
) -> None:
    head = world.person("belova")
    address = f"/admin/people/{head.person_id}/change"
    page = operator.get(address)
    assert 'name="email"' in page
    assert 'name="snils"' not in page
    assert 'name="last"' not in page
    operator.sent(address, email="ya@example.org", snils=insurance_number(901), last="Другая")
    saved = found_person(world, head.last)
    assert (saved.email, saved.snils, saved.last) == ("ya@example.org", head.snils, head.last)


def test_empty_identifiers_may_be_filled_in(world: World, operator: Site) -> None:
    operator.sent("/admin/people/new", **PERSON)
    one = found_person(world, "Ковалёва")
    card = f"/admin/people/{one.id}"
    assert "Не указаны СНИЛС и ИНН" in operator.get(card)
    operator.sent(f"{card}/change", snils=insurance_number(902))
    assert found_person(world, "Ковалёва").snils == insurance_number(902)
    assert "Не указаны СНИЛС и ИНН" not in operator.get(card)


def test_people_are_found_by_surname(world: World, operator: Site) -> None:
    head = world.person("belova")
    page = operator.get("/admin/people?surname=БЕЛ")
    assert head.last in page
    assert "Тихонова Вера" not in page
    assert "Никого не найдено" in operator.get("/admin/people?surname=%25")


def test_post_and_authority_are_entered_and_ended(world: World, operator: Site) -> None:
    operator.sent("/admin/people/new", **PERSON)
    one = found_person(world, "Ковалёва")
    card = f"/admin/people/{one.id}"
    forms = operator.sent(
        f"{card}/posts/new",
        organisation=str(world.place("school-1").id),
        post="заместитель директора",
        since="01.09.2025",
    )
    assert "заместителя директора" in operator.get(forms)
    post = forms.removesuffix("/forms")
    given = {"role": "acting_head", "since": "01.05.2026", "until": "31.05.2026"}
    page = operator.refused(f"{post}/mandates/new", **given, ground="  ")
    assert "Основание" in page
    operator.sent(f"{post}/mandates/new", **given, ground="приказ от 30.04.2026 № 5-к")
    assert "приказ от 30.04.2026 № 5-к" in operator.get(card)
    with world.services.uow.reading() as tx:
        (mandate,) = tx.mandates.of_person(one.id)
    assert "раньше" in operator.refused(f"/admin/mandates/{mandate.id}/end", until="30.04.2026")
    operator.sent(f"/admin/mandates/{mandate.id}/end", until="10.05.2026")
    assert "01.05.2026 — 10.05.2026" in operator.get(card)
    assert "раньше" in operator.refused(f"{post}/end", until="31.08.2025")
    operator.sent(f"{post}/end", until="31.05.2026")
    assert "01.09.2025 — 31.05.2026" in operator.get(card)


def test_authority_entered_by_mistake_is_withdrawn(world: World, operator: Site) -> None:
    head = world.person("belova")
    with world.services.uow.reading() as tx:
        mandate = next(m for m in tx.mandates.of_person(head.person_id) if m.role is Role.HEAD)
    address = f"/admin/mandates/{mandate.id}/withdraw"
    assert "Отозвать полномочие?" in operator.get(address)
    assert "Отозвано" in operator.get(operator.sent(address))
    ended = operator.refused(f"/admin/mandates/{mandate.id}/end", until="01.01.2027")
    assert "уже отозвано" in ended
