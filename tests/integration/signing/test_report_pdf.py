"""The report of a check as a PDF: read back by poppler."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from signing.reports.sheets import report_as_pdf
from signing.verdicts import (
    CHECK_KEYS,
    CertificateFacts,
    Check,
    EvidenceItem,
    EvidenceKind,
    NotUnderstood,
    Outcome,
    Report,
    SignatureFormat,
    SignatureKind,
    SignatureReport,
    TimeBasis,
    not_asked,
)
from tests.integration.signing.pdf_pages import read_pages
from web.words import Words, russian

NOW = datetime(2026, 11, 20, 9, 30, 5, tzinfo=UTC)
KAZAN = ZoneInfo("Europe/Moscow")
HEAD = CertificateFacts(
    serial="2E1196B59E880369BE126310209D67C717CFE950",
    surname="Белова",
    given_name="Яна Николаевна",
    common_name="МБДОУ «Ласточка»",
    title="Заведующий",
    organisation="Муниципальное бюджетное дошкольное образовательное учреждение «Ласточка»",
    snils="11223344595",
    inn="160000000036",
    ogrn="1021600000124",
    inn_le="1600000036",
    issuer="УЧЕБНЫЙ УЦ D8E166",
    not_before=datetime(2026, 1, 9, tzinfo=UTC),
    not_after=datetime(2027, 4, 9, tzinfo=UTC),
    fingerprint="ab" * 32,
    key_algorithm="ECDSA P-256",
    training=True,
)


def signature(outcomes: dict[int, Outcome] | None = None) -> SignatureReport:
    """Return a training signature; `outcomes` names the checks 1–6 that did not pass."""
    made = outcomes or {}
    checks = [
        Check(
            number,
            key,
            made.get(number, Outcome.PASSED),
            "example",
            "Looked at on {moment}.",
            {"moment": NOW},
        )
        for number, key in enumerate(CHECK_KEYS[:6], start=1)
    ]
    return SignatureReport(
        format=SignatureFormat.CADES,
        field_name="",
        kind=SignatureKind.TRAINING,
        stands_for=SignatureKind.QUALIFIED,
        certificate=HEAD,
        claimed_time=NOW - timedelta(hours=1),
        checked_at=NOW,
        time_basis=TimeBasis.NOW,
        checks=(*checks, not_asked(7), not_asked(8), not_asked(9)),
        evidence=(
            EvidenceItem(EvidenceKind.ANCHOR, "УЧЕБНЫЙ корневой УЦ", "cd" * 32, NOW, NOW),
            EvidenceItem(EvidenceKind.CRL, "УЧЕБНЫЙ УЦ", "ef" * 32, NOW, None),
        ),
    )


def shown(report: Report, words: Words | None = None) -> str:
    pages = read_pages(report_as_pdf(report, (words or russian()).text, KAZAN))
    assert [page.overlapping() for page in pages] == [[]] * len(pages)
    return " ".join(page.text for page in pages)


GOOD = Report("Приказ 118-од.pdf", "ab12" * 16, (signature(),))


def test_report_names_file_owner_certificate_and_times() -> None:
    text = shown(GOOD)
    for words in (
        "Отчёт о проверке электронной подписи",
        "Приказ 118-од.pdf",
        "ab12" * 16,
        "Белова Яна Николаевна",
        "Муниципальное бюджетное дошкольное",
        HEAD.serial,
        "с 09.01.2026 по 09.04.2027",
        "20.11.2026 11:30:05 (UTC+3)",
        "20.11.2026 12:30:05 (UTC+3) — момент проверки",
        "учебная (вместо подписи вида: усиленная квалифицированная)",
        "ef" * 32,
    ):
        assert words in text


def test_report_says_that_it_is_a_technical_check_not_made_by_certified_means() -> None:
    text = shown(GOOD)
    assert "Это техническая проверка." in text
    assert "не сертифицированным средством" in text


def test_training_signature_is_told_at_the_top() -> None:
    assert "УЧЕБНАЯ ПОДПИСЬ — юридической силы не имеет" in shown(GOOD)
    real = replace(
        signature(),
        kind=SignatureKind.QUALIFIED,
        stands_for=None,
        certificate=replace(HEAD, issuer="УЦ", training=False),
    )
    assert "УЧЕБНАЯ" not in shown(replace(GOOD, signatures=(real,)))


def test_training_certificate_without_an_anchor_is_told_at_the_top_too() -> None:
    stray = replace(signature({3: Outcome.FAILED}), kind=None, stands_for=None)
    text = shown(replace(GOOD, signatures=(stray,)))
    assert "УЧЕБНАЯ ПОДПИСЬ" in text
    assert "не установлен: цепочка не ведёт к доверенному сертификату" in text


@pytest.mark.parametrize(
    ("outcomes", "result", "word"),
    [
        ({}, "Итог: подпись действительна.", "Пройдена"),
        ({5: Outcome.FAILED}, "Итог: подпись недействительна.", "НЕ ПРОЙДЕНА"),
        ({5: Outcome.NOT_MADE}, "Итог: проверка не завершена.", "Не удалось выполнить"),
    ],
)
def test_verdict_and_checks_are_said_in_words(
    outcomes: dict[int, Outcome], result: str, word: str
) -> None:
    text = shown(replace(GOOD, signatures=(signature(outcomes),)))
    assert result in text
    assert word in text
    assert text.count("Не проверялось") == 3
    assert text.count("Пройдена") == 6 - len(outcomes)


def test_one_bad_signature_among_several_is_told() -> None:
    text = shown(replace(GOOD, signatures=(signature(), signature({1: Outcome.FAILED}))))
    assert "Итог: есть недействительная подпись." in text
    assert "Подпись 1 из 2: действительна" in text
    assert "Подпись 2 из 2: недействительна" in text


def test_file_without_signature_is_told() -> None:
    assert "Итог: подписей в файле нет." in shown(replace(GOOD, signatures=()))


def test_what_was_not_understood_is_told() -> None:
    strange = NotUnderstood("field", "Field {name} at {moment}", {"name": "Sig2", "moment": NOW})
    text = shown(replace(GOOD, not_understood=(strange,)))
    assert "Не удалось разобрать: Field Sig2 at 20.11.2026 12:30:05 (UTC+3)" in text


def test_certificate_that_could_not_be_read_is_told() -> None:
    unread = replace(signature({2: Outcome.FAILED}), certificate=None, kind=None, stands_for=None)
    assert "Сертификат прочитать не удалось." in shown(replace(GOOD, signatures=(unread,)))


def test_numbers_of_the_person_are_not_shown() -> None:
    text = shown(GOOD)
    assert HEAD.snils not in text
    assert HEAD.inn not in text
    assert HEAD.inn_le in text


def test_strange_names_do_not_break_the_report() -> None:
    strange = replace(HEAD, surname="Бело\u0000ва\u202e", given_name="日本 🙂", title="A" * 400)
    text = shown(replace(GOOD, signatures=(replace(signature(), certificate=strange),)))
    assert "Белова ?? ?" in text
    assert text.replace(" ", "").count("A" * 400) == 1


def test_endless_name_goes_on_over_the_next_sheets() -> None:
    endless = replace(HEAD, organisation="О" * 30_000)
    endless_report = replace(GOOD, signatures=(replace(signature(), certificate=endless),))
    pages = read_pages(report_as_pdf(endless_report, russian().text, KAZAN))
    assert sum(word.text.count("О" * 20) * 20 for page in pages for word in page.words) > 20_000
    assert all(word.bottom < page.height for page in pages for word in page.words)


def test_report_of_twenty_signatures_numbers_its_sheets() -> None:
    pages = read_pages(
        report_as_pdf(replace(GOOD, signatures=(signature(),) * 20), russian().text, KAZAN)
    )
    assert len(pages) > 10
    assert f"Лист 1 из {len(pages)}" in pages[0].text
    assert [page.overlapping() for page in pages] == [[]] * len(pages)
