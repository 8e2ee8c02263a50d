"""`marshrut verify` judges a simple signature anywhere: an empty folder, no database, no keys."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from signing.simple.installation_seal import installation_seal
from signing.simple.statement import seal
from tests.unit.signing.test_simple_statements import CONTENT, OTHER, OWN, STATEMENT

FINGERPRINT = installation_seal(OWN, training=False).certificate.fingerprint


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "report.pdf").write_bytes(CONTENT)
    (tmp_path / "other.pdf").write_bytes(CONTENT + b" ")
    own = installation_seal(OWN, training=False)
    statements = {
        "own": seal(STATEMENT, own),
        "read": seal(replace(STATEMENT, act="acknowledge"), own),
        "foreign": seal(STATEMENT, installation_seal(OTHER, training=False)),
        "training": seal(replace(STATEMENT, training=True), installation_seal(OWN, training=True)),
    }
    statements["changed"] = statements["own"].replace(b"2026-05-05T", b"2026-05-06T")
    for name, content in statements.items():
        (tmp_path / f"{name}.simple.json").write_bytes(content)
    return tmp_path


def verify(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    clean = {k: v for k, v in os.environ.items() if not k.startswith("MARSHRUT_")}
    return subprocess.run(
        [sys.executable, "-m", "marshrut", "verify", *arguments],
        cwd=folder,
        env={**clean, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(
    ("file", "statement", "more", "status", "said"),
    [
        ("report.pdf", "own", ("--installation", FINGERPRINT), 0, "подтверждена"),
        ("report.pdf", "own", (), 2, "Печать цела, установка неизвестна"),
        ("report.pdf", "foreign", ("--installation", FINGERPRINT), 2, "установка неизвестна"),
        ("other.pdf", "own", ("--installation", FINGERPRINT), 1, "не относится к этому файлу"),
        ("report.pdf", "changed", ("--installation", FINGERPRINT), 1, "Печать нарушена"),
        ("report.pdf", "read", ("--installation", FINGERPRINT), 2, "об ознакомлении"),
        (
            "report.pdf",
            "read",
            ("--installation", FINGERPRINT, "--acknowledgement"),
            0,
            "Ознакомление подтверждено",
        ),
        (
            "report.pdf",
            "own",
            ("--installation", FINGERPRINT, "--for", "Ершов Пётр Ильич"),
            1,
            "другому человеку",
        ),
        (
            "report.pdf",
            "own",
            ("--installation", FINGERPRINT, "--for", "Куликова Дарья Игоревна"),
            0,
            "Куликова Дарья Игоревна",
        ),
        ("report.pdf", "own", ("--installation", "12ab"), 2, "не отпечаток"),
        ("report.pdf", "own", ("--at", "2026-05-01"), 2, "не относятся"),
        ("report.pdf", "training", ("--installation", FINGERPRINT), 2, "УЧЕБНАЯ ПОДПИСЬ"),
    ],
)
def test_each_statement_gets_its_answer(
    folder: Path, file: str, statement: str, more: tuple[str, ...], status: int, said: str
) -> None:
    answer = verify(folder, file, "--signature", f"{statement}.simple.json", *more)
    assert answer.returncode == status, answer.stderr
    assert said in answer.stdout + answer.stderr
    assert not (folder / "marshrut.db").exists()


def test_a_program_reads_the_answer(folder: Path) -> None:
    colons = ":".join(FINGERPRINT[i : i + 2] for i in range(0, 64, 2)).upper()
    more = ("--installation", colons, "--json")
    answer = verify(folder, "report.pdf", "--signature", "own.simple.json", *more)
    found = json.loads(answer.stdout)
    assert (found["verdict"], found["act"], found["training"]) == ("valid", "sign", False)
    assert found["installation"] == FINGERPRINT
