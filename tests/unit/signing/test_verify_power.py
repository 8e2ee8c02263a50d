"""`marshrut verify --power`: what the files say of a power of attorney, and never more."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from marshrut.cli import main
from signing.sign import sign_detached
from signing.trust_folder import save_trust_folder
from signing.verdicts import SignatureKind
from tests.pki import DAY, HEAD, MENTOR, YEAR, Authority
from tests.unit.signing.conftest import CONTENT, key_of, trust_in
from tests.unit.signing.power_samples import Sample

TODAY = datetime.now(UTC).date()
GIVEN = Sample(
    issued=(TODAY - timedelta(days=30)).isoformat(), until=(TODAY + timedelta(days=30)).isoformat()
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A document signed by the deputy; trust and lists around now."""
    now = datetime.now(UTC).replace(microsecond=0)
    root = Authority.root(not_after=now + 10 * YEAR)
    issuing = root.issuing(not_after=now + 10 * YEAR)
    deputy, head = (
        issuing.person(who, not_before=now - DAY, not_after=now + YEAR) for who in (MENTOR, HEAD)
    )
    (tmp_path / "order.txt").write_bytes(CONTENT)
    (tmp_path / "order.txt.sig").write_bytes(sign_detached(CONTENT, key_of(deputy), now))
    (tmp_path / "head.p12").write_bytes(head.pkcs12("пароль"))
    for name, authority in (("root", root), ("issuing", issuing)):
        made = authority.crl(this_update=now - DAY, next_update=now + DAY)
        (tmp_path / f"{name}.crl").write_bytes(made)
    save_trust_folder(trust_in(root, kind=SignatureKind.QUALIFIED), tmp_path / "trust")
    for name, sample in {"power.xml": GIVEN, "old.xml": replace(GIVEN, until=GIVEN.issued)}.items():
        content = sample.xml()
        (tmp_path / name).write_bytes(content)
        (tmp_path / f"{name}.sig").write_bytes(sign_detached(content, key_of(head), now))
    return tmp_path


def verify(folder: Path, *more: str) -> Result:
    lists = [part for name in ("root", "issuing") for part in ("--crl", f"{folder}/{name}.crl")]
    trust = ["--trust", f"{folder}/trust", *lists]
    return CliRunner().invoke(main, ["verify", *trust, f"{folder}/order.txt.sig", *more])


def test_a_power_that_nobody_asked_the_registry_about_is_not_checked(folder: Path) -> None:
    without = verify(folder)
    assert (without.exit_code, "Доверенность" in without.output) == (0, False)
    result = verify(folder, "--power", f"{folder}/power.xml")
    assert result.exit_code == 2
    assert "Подпись под доверенностью действительна" in result.output
    assert "[не проверено] Неизвестно, не отозвана ли доверенность" in result.output
    assert "Какое полномочие нужно для этого документа, не указано" in result.output
    assert "с реестром это не сверялось" in result.output


def test_a_power_that_does_not_hold_fails(folder: Path) -> None:
    result = verify(folder, "--power", f"{folder}/old.xml")
    assert result.exit_code == 1
    assert "[нет] Срок доверенности истёк" in result.output


def test_one_byte_changed_in_the_power_fails(folder: Path) -> None:
    file = folder / "power.xml"
    file.write_bytes(file.read_bytes().replace(b"12/2026", b"13/2026"))
    result = verify(folder, "--power", str(file))
    assert result.exit_code == 1
    assert "[нет] Подпись под доверенностью недействительна" in result.output


def test_a_power_without_its_signature_is_asked_for(folder: Path) -> None:
    (folder / "power.xml.sig").unlink()
    result = verify(folder, "--power", f"{folder}/power.xml")
    assert result.exit_code == 2
    assert "Нет подписи к доверенности: power.xml.sig" in result.output


def test_a_file_that_is_no_power_is_said_to_be_none(folder: Path) -> None:
    (folder / "power.xml").write_bytes(b"<x/>")
    result = verify(folder, "--power", f"{folder}/power.xml")
    assert result.exit_code == 2
    assert "не читается как машиночитаемая доверенность" in result.output
