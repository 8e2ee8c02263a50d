"""The operator's pages: accounts, trusted certificates, revocation lists, calendar, failed work."""

from __future__ import annotations

import io
import re
from base64 import b32decode
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding

from marshrut.demonstration.town import PASSWORD
from signing.state_roots import state_certificates
from tests.accredited_world import State
from tests.integration.web.admin_site import Site, shown_password, shown_secret, signed_in
from tests.world import World
from web.views.admin.trust import shown_fingerprint
from workflow.domain.refusals import Refusal
from workflow.domain.trust import AskedSource
from workflow.domain.working_days import Known
from workflow.usecases.failed_work import try_again
from workflow.usecases.trust import timestamp_anchors, trusted_anchors
from workflow.usecases.work_calendars import calendar_of

SINCE = datetime(2026, 1, 1, tzinfo=UTC)


def name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, common)])


def authority(common: str = "Пример УЦ", ca: bool = True) -> x509.Certificate:
    key = ec.generate_private_key(ec.SECP256R1())
    return (
        x509.CertificateBuilder()
        .subject_name(name(common))
        .issuer_name(name(common))
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(SINCE)
        .not_valid_after(SINCE + timedelta(days=3650))
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        .sign(key, SHA256())
    )


def revocations(next_update: datetime) -> bytes:
    made = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(name("Пример УЦ"))
        .last_update(SINCE)
        .next_update(next_update)
        .sign(ec.generate_private_key(ec.SECP256R1()), SHA256())
    )
    return made.public_bytes(Encoding.DER)


def file(content: bytes, called: str) -> tuple[io.BytesIO, str]:
    return io.BytesIO(content), called


def hidden(page: str) -> dict[str, str]:
    found = re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page)
    return {key: value for key, value in found if key != "csrf_token"}


# --- Accounts ------------------------------------------------------------------------------


def test_new_account_works_with_the_password_and_codes_shown_once(
    world: World, operator: Site
) -> None:
    who = world.person("belova")
    address = f"/admin/people/{who.person_id}/account/new"
    page = operator.post(address, login="belova-2")
    assert page.status_code == 200
    assert "no-store" in page.headers["Cache-Control"]
    assert "<svg" in page.text
    assert "style=" not in page.text  # the policy allows no style inside a page
    secret = b32decode(shown_secret(page.text))
    signed_in(world, "belova-2", shown_password(page.text), secret).get("/account")
    with world.services.uow.reading() as tx:
        account = tx.accounts.find("belova-2")
    assert account is not None
    card = operator.get(f"/admin/accounts/{account.id}")
    assert shown_password(page.text) not in card


def test_login_that_is_taken_is_refused_and_kept_in_the_form(world: World, operator: Site) -> None:
    who = world.person("belova")
    page = operator.refused(f"/admin/people/{who.person_id}/account/new", login="BELOVA")
    assert "уже занят" in page
    assert 'value="BELOVA"' in page


def test_new_password_ends_sessions_and_the_old_password(world: World, operator: Site) -> None:
    head = world.person("belova")
    browser = signed_in(world, "belova", PASSWORD, head.second_factor)
    with world.services.uow.reading() as tx:
        account = tx.accounts.find("belova")
    assert account is not None
    address = f"/admin/accounts/{account.id}/reset"
    assert "Выдать новый пароль?" in operator.get(address)
    page = operator.post(address).text
    assert browser.browser.get("/account").status_code == 303
    refused = browser.post("/login", login="belova", password=PASSWORD)
    assert refused.status_code == 422
    signed_in(world, "belova", shown_password(page), b32decode(shown_secret(page)))


def test_closed_account_lets_nobody_in(world: World, operator: Site) -> None:
    head = world.person("belova")
    browser = signed_in(world, "belova", PASSWORD, head.second_factor)
    with world.services.uow.reading() as tx:
        account = tx.accounts.find("belova")
    assert account is not None
    card = operator.sent(f"/admin/accounts/{account.id}/close")
    assert "Закрыта" in operator.get(card)
    assert browser.browser.get("/account").status_code == 303


def test_operator_cannot_close_the_own_account(world: World, operator: Site) -> None:
    with world.services.uow.reading() as tx:
        account = tx.accounts.find("operator")
    assert account is not None
    page = operator.refused(f"/admin/accounts/{account.id}/close")
    assert "Свою учётную запись закрыть нельзя" in page
    operator.get("/admin")


# --- Certificates and lists ----------------------------------------------------------------


@pytest.mark.parametrize("encoding", [Encoding.PEM, Encoding.DER])
def test_certificate_is_trusted_after_its_fingerprint_was_confirmed(
    operator: Site, encoding: Encoding
) -> None:
    made = authority()
    sent = operator.post(
        "/admin/trust/new",
        kind="advanced",
        certificate=file(made.public_bytes(encoding), "root.cer"),
    )
    assert sent.status_code == 200
    digits = made.fingerprint(SHA256()).hex().upper()
    assert " ".join(digits[i : i + 4] for i in range(0, 64, 4)) in sent.text
    assert digits[:4] not in operator.get("/admin/trust").split()
    page = operator.get(operator.sent("/admin/trust/compared", **hidden(sent.text)))
    assert "Пример УЦ" in page
    again = operator.refused("/admin/trust/compared", **hidden(sent.text))
    assert "уже есть среди доверенных" in again


def test_certificate_for_timestamps_vouches_for_nothing_else(world: World, operator: Site) -> None:
    page = operator.get("/admin/trust")
    assert "Метки времени не запрашиваются" in page
    made = authority("УЦ меток")
    operator.get("/admin/trust/timestamps/new")
    sent = operator.post(
        "/admin/trust/timestamps/new",
        certificate=file(made.public_bytes(Encoding.PEM), "root.pem"),
    )
    assert "только за метки времени" in sent.text
    page = operator.get(operator.sent("/admin/trust/compared", **hidden(sent.text)))
    assert page.index("Службы меток времени") < page.index("УЦ меток")
    with world.services.uow.reading() as tx:
        assert [one.subject for one in timestamp_anchors(tx)] == ["УЦ меток"]
        assert "УЦ меток" not in {one.subject for one in trusted_anchors(tx)}
    again = operator.refused("/admin/trust/compared", **hidden(sent.text))
    assert "уже есть среди доверенных" in again


def test_certificate_swapped_between_the_pages_is_not_trusted(operator: Site) -> None:
    sent = operator.post(
        "/admin/trust/new",
        kind="advanced",
        certificate=file(authority().public_bytes(Encoding.PEM), "root.pem"),
    )
    swapped = authority("Чужой УЦ").public_bytes(Encoding.PEM).decode()
    answer = operator.post("/admin/trust/compared", **{**hidden(sent.text), "pem": swapped})
    assert answer.status_code == 400
    assert "Чужой УЦ" not in operator.get("/admin/trust")


@pytest.mark.parametrize(
    ("content", "called", "said"),
    [
        (b"not a certificate", "root.cer", "прочитать как сертификат"),
        (authority(ca=False).public_bytes(Encoding.DER), "own.cer", "не сертификат удостоверяющ"),
        (b"x", "root.exe", "Выберите файл"),
        (b"x" * 70_000, "root.cer", "слишком большой"),
    ],
    ids=["no certificate", "of a person", "wrong suffix", "too large"],
)
def test_anything_but_a_certificate_of_an_authority_is_refused(
    operator: Site, content: bytes, called: str, said: str
) -> None:
    page = operator.refused("/admin/trust/new", kind="qualified", certificate=file(content, called))
    assert said in page


def test_training_certificate_is_not_trusted_by_hand(operator: Site) -> None:
    content = authority("УЧЕБНЫЙ УЦ").public_bytes(Encoding.PEM)
    sent = operator.post("/admin/trust/new", kind="advanced", certificate=file(content, "a.pem"))
    assert "учебный сертификат" in operator.refused("/admin/trust/compared", **hidden(sent.text))


def test_certificate_is_trusted_no_longer(world: World, operator: Site) -> None:
    with world.services.uow.reading() as tx:
        anchor = tx.trust_anchors.trusted_by(None)[0]
    address = f"/admin/trust/{anchor.id}/remove"
    assert anchor.subject in operator.get(address)
    operator.sent(address)
    with world.services.uow.reading() as tx:
        assert anchor.id not in {one.id for one in tx.trust_anchors.trusted_by(None)}


def test_the_list_of_accredited_authorities_is_verified_and_shown(
    world: World, operator: Site
) -> None:
    state = State.founded(world)
    assert "ни за кого не ручается" in operator.get("/admin/trust")
    refused = operator.refused("/admin/accredited/new", list=file(state.list(777), "list.xml"))
    assert "Не подтверждён ни один государственный корневой сертификат" in refused
    state.confirm_root()
    page = operator.get(
        operator.sent("/admin/accredited/new", list=file(state.list(777), "list.xml"))
    )
    assert "777" in page
    assert "ни за кого не ручается" not in page
    older = operator.refused("/admin/accredited/new", list=file(state.list(776), "list.xml"))
    assert "Версия перечня 776 старше действующей версии 777" in older


def test_revocation_list_is_loaded_and_told_when_it_is_outdated(
    world: World, operator: Site
) -> None:
    content = revocations(world.clock() + timedelta(days=3))
    page = operator.get(operator.sent("/admin/revocation/new", list=file(content, "ca.crl")))
    assert "Пример УЦ" in page
    assert "устарел" not in page.lower()
    world.clock.now += timedelta(days=3)
    again = signed_in(world, "operator", PASSWORD, world.town.operator_second_factor)
    assert "Список отозванных сертификатов устарел" in again.get("/admin/trust")
    assert "Устарел 1 список" in again.get("/admin")


def test_file_that_is_no_revocation_list_is_refused(operator: Site) -> None:
    page = operator.refused("/admin/revocation/new", list=file(b"nothing", "ca.crl"))
    assert "Ничего не изменено" in page


# --- Calendar ------------------------------------------------------------------------------


def due(world: World, place: str, working_days: int) -> date:
    with world.services.uow.reading() as tx:
        organisation = tx.organisations.load(world.place(place).id)
        counted = calendar_of(tx, world.services, organisation).add_working_days(
            date(2026, 9, 1), working_days
        )
    assert isinstance(counted, Known)
    return counted.day


def test_deadline_of_an_organisation_respects_its_own_day_off(world: World, operator: Site) -> None:
    assert due(world, "school-1", 1) == date(2026, 9, 2)
    day = {"day": "02.09.2026", "working": "no", "source": "приказ от 20.08.2026 № 40-од"}
    whose = f"organisation:{world.place('school-1').id}"
    page = operator.get(operator.sent("/admin/calendar/new", **day, whose=whose))
    assert "приказ от 20.08.2026 № 40-од" in page
    assert due(world, "school-1", 1) == date(2026, 9, 3)
    assert due(world, "kindergarten", 1) == date(2026, 9, 2)
    assert "уже внесён" in operator.refused("/admin/calendar/new", **day, whose=whose)
    (removal,) = re.findall(r'href="(/admin/calendar/[0-9a-f-]+/remove)"', page)
    operator.sent(removal)
    assert due(world, "school-1", 1) == date(2026, 9, 2)


def test_day_of_a_region_holds_for_all_and_the_own_day_goes_before_it(
    world: World, operator: Site
) -> None:
    given = {"day": "02.09.2026", "source": "указ от 01.08.2026 № 1"}
    operator.sent("/admin/calendar/new", **given, working="no", whose="region:RU-TA")
    assert due(world, "school-1", 1) == due(world, "kindergarten", 1) == date(2026, 9, 3)
    own = f"organisation:{world.place('school-1').id}"
    operator.sent("/admin/calendar/new", **given, working="yes", whose=own)
    assert due(world, "school-1", 1) == date(2026, 9, 2)
    assert due(world, "kindergarten", 1) == date(2026, 9, 3)


def test_day_without_its_ground_is_not_entered(operator: Site) -> None:
    page = operator.refused(
        "/admin/calendar/new", day="02.09.2026", working="no", whose="country", source=""
    )
    assert "Основание" in page
    assert "02.09.2026" in page


def test_year_of_a_region_counts_once_it_is_marked_as_complete(
    world: World, operator: Site
) -> None:
    def counted() -> object:
        with world.services.uow.reading() as tx:
            organisation = tx.organisations.load(world.place("school-1").id)
            return calendar_of(tx, world.services, organisation).add_working_days(
                date(2027, 9, 1), 1
            )

    assert not isinstance(counted(), Known)
    page = operator.sent("/admin/calendar/complete", region="RU-TA", year="2027")
    assert "2027" in operator.get(page)
    assert counted() == Known(date(2027, 9, 2))


# --- Failed work ---------------------------------------------------------------------------


def failed(world: World) -> str:
    """Give a task up; return its id."""
    with world.services.uow() as tx:
        tx.outbox.add("render", {"document": "1"})
        waiting = tx.outbox.next_due(["render"])
        assert waiting is not None
        (task,) = tx.outbox.claim(waiting, timedelta(minutes=1))
        tx.outbox.give_up(task, "ConverterError: conversion.timeout")
        tx.commit()
    return str(task.id)


def test_failed_work_is_shown_with_its_reason_and_tried_again(world: World, operator: Site) -> None:
    task = failed(world)
    assert "Не выполнено 1 задание" in operator.get("/admin")
    page = operator.get("/admin/tasks")
    assert "Формирование документа" in page
    assert "conversion.timeout" in page
    after = operator.get(operator.sent(f"/admin/tasks/{task}/again"))
    assert "Все задания выполнены" in after
    with world.services.uow() as tx:
        assert str(tx.outbox.next_due(["render"])) == task
    assert operator.post(f"/admin/tasks/{task}/again").status_code == 404


def test_only_the_operator_tries_work_again(world: World) -> None:
    task = failed(world)
    head = signed_in(world, "belova", PASSWORD, world.person("belova").second_factor)
    assert head.post(f"/admin/tasks/{task}/again").status_code == 404
    assert isinstance(try_again(world.services, world.actor("belova"), UUID(task)), Refusal)


# --- Own authorities, state certificates, sources of lists ----------------------------------


def test_authority_of_one_organisation_is_confirmed_and_shown_with_its_name(
    world: World, operator: Site
) -> None:
    content, school = authority("УЦ школы").public_bytes(Encoding.PEM), world.place("school-1")
    given = {"kind": "qualified", "organisation": str(school.id)}
    sent = operator.post("/admin/trust/new", certificate=file(content, "a.pem"), **given)
    assert school.short in sent.text
    assert "только за неквалифицированные" in operator.refused(
        "/admin/trust/compared", **hidden(sent.text)
    )
    given["kind"] = "advanced"
    sent = operator.post("/admin/trust/new", certificate=file(content, "a.pem"), **given)
    wrong = {**hidden(sent.text), "organisation": "школа"}
    assert operator.post("/admin/trust/compared", **wrong).status_code == 400
    page = operator.get(operator.sent("/admin/trust/compared", **hidden(sent.text)))
    assert "Собственные удостоверяющие центры организаций" in page
    with world.services.uow.reading() as tx:
        (own,) = tx.trust_anchors.own()
    assert own.organisation_id == school.id
    operator.sent(f"/admin/trust/{own.id}/remove")
    assert "УЦ школы" not in operator.get("/admin/trust")


def test_state_roots_are_offered_and_none_is_trusted_before_it_was_compared(
    world: World, operator: Site
) -> None:
    known = state_certificates()
    with world.services.uow.reading() as tx:
        trusted = {one.fingerprint for one in tx.trust_anchors.trusted_by(None)}
    assert not trusted & {one.certificate.fingerprint for one in known}
    page = operator.get("/admin/trust/state")
    for one in known:
        assert shown_fingerprint(one.certificate.fingerprint) in page
        offered = f"/admin/trust/state/{one.certificate.fingerprint}" in page
        assert offered == one.is_root
    root = next(one for one in known if one.is_root).certificate
    question = operator.get(f"/admin/trust/state/{root.fingerprint}")
    assert shown_fingerprint(root.fingerprint) in question
    assert "Доверенный" not in operator.get("/admin/trust/state")
    operator.sent("/admin/trust/compared", **hidden(question))
    page = operator.get("/admin/trust/state")
    assert page.count("Доверенный") == 1
    assert f"/admin/trust/state/{root.fingerprint}" not in page


def test_only_roots_of_the_state_can_be_confirmed_there(operator: Site) -> None:
    below = next(one for one in state_certificates() if not one.is_root).certificate
    for fingerprint in (below.fingerprint, "0" * 64, "нет"):
        assert operator.post(f"/admin/trust/state/{fingerprint}").status_code == 405
        assert operator.browser.get(f"/admin/trust/state/{fingerprint}").status_code == 404


def test_an_old_list_of_accredited_authorities_and_ending_certificates_are_told(
    world: World, operator: Site
) -> None:
    state = State.founded(world)
    state.confirm_root()
    operator.sent("/admin/accredited/new", list=file(state.list(777), "list.xml"))
    fresh = operator.get("/admin/trust")
    assert "Перечень аккредитованных удостоверяющих центров устарел" not in fresh
    assert "Скоро истекает" not in fresh
    world.clock.now += timedelta(days=31)
    page = signed_in(world, "operator", PASSWORD, world.town.operator_second_factor)
    shown = page.get("/admin/trust")
    assert "Перечень аккредитованных удостоверяющих центров устарел" in shown
    assert "31 день назад" in shown
    world.clock.now += timedelta(days=10 * 365 - 31 - 40)
    page = signed_in(world, "operator", PASSWORD, world.town.operator_second_factor)
    assert "Скоро истекает" in page.get("/admin/trust")


def asked_source(world: World, number: int, failures: int = 0) -> AskedSource:
    now = world.clock()
    why = Refusal("crl.dated_ahead", "What was fetched is dated in the future.")
    return AskedSource(
        key=f"{number:064}",
        address=f"http://crl.example.org/{number}.crl",
        asked_at=now,
        next_at=now + timedelta(hours=1),
        failures=failures,
        problem=why.code if failures else "",
        failed_at=now if failures else None,
        failure=why if failures else None,
    )


def test_sources_of_lists_are_shown_with_how_they_answered_in_parts(
    world: World, operator: Site
) -> None:
    assert "Обращений ещё не было" in operator.get("/admin/revocation/sources")
    with world.services.uow() as tx:
        for number in range(60):
            tx.revocation_sources.put(asked_source(world, number))
        tx.revocation_sources.put(asked_source(world, 60, failures=2))
        tx.commit()
    page = operator.get("/admin/revocation/sources")
    assert page.index("/60.crl") < page.index("/59.crl")
    assert "Не отвечает" in page
    assert "Загрузить из файла" in page
    (more,) = re.findall(r'rel="next" href="([^"]+)"', page)
    rest = operator.get(more)
    assert "/0.crl" in rest
    assert "/60.crl" not in rest
    assert operator.browser.get("/admin/revocation/sources?skip=мусор").status_code == 200


def test_only_the_operator_sees_these_pages(world: World) -> None:
    head = signed_in(world, "belova", PASSWORD, world.person("belova").second_factor)
    root = next(one for one in state_certificates() if one.is_root).certificate
    for address in ("trust/state", f"trust/state/{root.fingerprint}", "revocation/sources"):
        assert head.browser.get(f"/admin/{address}").status_code == 404
