"""Every sentence of the engine has its Russian, with the same places to fill in."""

from __future__ import annotations

import ast
import re
from datetime import timedelta, timezone
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from signing.evidence import Grounds
from signing.keys import SigningKey
from signing.reports.lines import report_lines
from signing.sign import sign_detached
from signing.validate import validate_detached
from tests.pki import DAY, NOON, Office
from tests.unit.signing.conftest import CONTENT, grounds_of, trust_in
from web.words import TRANSLATIONS, russian

ROOT = Path(__file__).parents[3]
COMMANDS = [ROOT / "marshrut/cli/verify.py", ROOT / "marshrut/cli/sign.py"]
MOSCOW = timezone(timedelta(hours=3))


def marked() -> set[str]:
    """Every sentence marked for translation in the engine and its commands."""
    found = set()
    for path in [*(ROOT / "signing").rglob("*.py"), *COMMANDS]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "N_":
                found.add(ast.literal_eval(node.args[0]))
    return found


def catalogue() -> dict[str, str]:
    texts: dict[str, str] = {}
    for path in (TRANSLATIONS / "ru").glob("*.po"):
        with path.open("rb") as file:
            texts |= {m.id: m.string for m in read_po(file, locale="ru") if isinstance(m.id, str)}
    return texts


def test_every_sentence_is_in_the_catalogue() -> None:
    assert marked()
    assert marked() - catalogue().keys() == set()


def test_the_places_to_fill_are_the_same() -> None:
    texts = catalogue()
    for msgid in marked():
        assert set(re.findall(r"{\w+}", texts[msgid])) == set(re.findall(r"{\w+}", msgid)), msgid


@pytest.fixture
def lines(head_key: SigningKey, grounds: Grounds) -> list[str]:
    signature = sign_detached(CONTENT, head_key, NOON)
    report = validate_detached(CONTENT, signature, grounds, file_name="Приказ.pdf").report
    return report_lines(report, russian().text, MOSCOW)


def test_the_report_says_what_was_checked_and_with_what(lines: list[str]) -> None:
    text = "\n".join(lines)
    assert lines[3] == "Итог: подпись действительна."
    assert "Владелец: Берёзкина Мария Ильинична" in text
    assert "Проверено на момент: 20.11.2026 15:00:00 (UTC+3) — момент проверки" in text
    assert "3. Сертификат выдан доверенным удостоверяющим центром — Пройдена." in text
    assert text.count("SHA-256") == 6
    assert "7. Владелец — тот, кто должен подписать — Не проверялось." in text


def test_the_report_says_that_it_is_a_technical_check(lines: list[str]) -> None:
    assert "техническая проверка" in lines[-1]
    assert "не сертифицированным средством" in lines[-1]


def test_the_report_holds_no_personal_numbers(lines: list[str]) -> None:
    assert "11223344595" not in "\n".join(lines)
    assert "160000000001" not in "\n".join(lines)


def test_a_hypothetical_answer_says_so(head_key: SigningKey, office: Office) -> None:
    grounds = grounds_of(trust_in(office.root), office.crls, at=NOON - DAY)
    report = validate_detached(CONTENT, sign_detached(CONTENT, head_key, NOON), grounds).report
    text = "\n".join(report_lines(report, russian().text, MOSCOW))
    assert "ответ условный" in text


def test_no_english_is_left_in_the_report(lines: list[str]) -> None:
    words = {"SHA", "CAdES", "BES", "UTC", "PDF", "pdf", "ETSI", "TOTAL", "PASSED"}
    english = {w for line in lines for w in re.findall(r"[A-Za-z]{3,}", line)} - words
    assert not {w for w in english if not re.fullmatch(r"[0-9A-Fa-f]+", w)}
