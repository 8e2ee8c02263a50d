"""`marshrut init` as the person runs it who sets a municipality up."""

from __future__ import annotations

import re
from base64 import b32decode
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from marshrut.cli import main
from marshrut.engines.accounts import StoredAccounts
from marshrut.keys import read_keys
from marshrut.settings import read_settings
from marshrut.wiring import make_services
from web.second_factor import code_at
from workflow.domain.people import Gender
from workflow.usecases import installation

PASSWORD = "сирень под окном"
GIVEN = {
    "MARSHRUT_OPERATOR_NAME": "Орлова Вера Петровна",
    "MARSHRUT_OPERATOR_LOGIN": "orlova",
    "MARSHRUT_OPERATOR_PASSWORD": PASSWORD,
}


def run(folder: Path, typed: str = "", given: dict[str, str] | None = None) -> Result:
    environ = {"MARSHRUT_DATA_DIR": str(folder), **(given or {})}
    return CliRunner(env=environ).invoke(main, ["init"], input=typed)


def accounts_in(folder: Path) -> StoredAccounts:
    settings = read_settings({"MARSHRUT_DATA_DIR": str(folder)}, folder, 1)
    keys = read_keys(folder / "keys")
    services = make_services(settings, keys, lambda: datetime.now(UTC))
    assert installation.is_begun(services)
    assert not installation.is_training(services)
    return StoredAccounts(services)


def secret_in(output: str) -> bytes:
    found = re.search(r"secret=([A-Z2-7]+)", output)
    assert found
    return b32decode(found[1])


def test_operator_of_a_container_is_made_without_questions(tmp_path: Path) -> None:
    result = run(tmp_path, given=GIVEN)
    assert result.exit_code == 0, result.output
    accounts = accounts_in(tmp_path)
    operator = accounts.find("orlova")
    assert operator is not None
    assert operator.roles == {"operator"}
    assert accounts.check_password(operator, PASSWORD)
    now = datetime.now(UTC)
    assert accounts.check_second_factor(operator, code_at(secret_in(result.output), now), now)


def test_output_shows_the_code_and_the_next_step_and_never_the_password(tmp_path: Path) -> None:
    output = run(tmp_path, given=GIVEN).output
    assert "otpauth://totp/" in output
    assert "█" in output  # the picture to scan
    assert "marshrut up" in output
    assert "http://127.0.0.1:8000" in output
    assert PASSWORD not in output


def test_keys_can_be_read_by_their_owner_alone(tmp_path: Path) -> None:
    run(tmp_path, given=GIVEN)
    keys = sorted((tmp_path / "keys").iterdir())
    assert len(keys) == 4
    assert {path.stat().st_mode & 0o777 for path in keys} == {0o600}


def test_person_is_asked_for_what_is_not_given(tmp_path: Path) -> None:
    typed = f"Гареев Ильдар Маратович\ngareev\n{PASSWORD}\n{PASSWORD}\n"
    result = run(tmp_path, typed)
    assert result.exit_code == 0, result.output
    operator = accounts_in(tmp_path).find("gareev")
    assert operator is not None
    assert operator.name == "Гареев\u00a0И.\u00a0М."


def test_short_password_is_asked_for_again_at_the_prompt(tmp_path: Path) -> None:
    typed = f"Орлова Вера Петровна\norlova\nкоротко\nкоротко\n{PASSWORD}\n{PASSWORD}\n"
    result = run(tmp_path, typed)
    assert result.exit_code == 0, result.output
    assert "Пароль слишком короткий" in result.output


def test_short_password_of_the_environment_stops_before_anything_is_made(tmp_path: Path) -> None:
    result = run(tmp_path, given={**GIVEN, "MARSHRUT_OPERATOR_PASSWORD": "коротко"})
    assert result.exit_code == 1
    assert "Пароль слишком короткий" in result.output
    assert not (tmp_path / "keys").exists()


def test_second_time_is_refused_and_changes_nothing(tmp_path: Path) -> None:
    run(tmp_path, given=GIVEN)
    before = {path: path.read_bytes() for path in (tmp_path / "keys").iterdir()}
    result = run(tmp_path, given={**GIVEN, "MARSHRUT_OPERATOR_LOGIN": "другой"})
    assert result.exit_code == 1
    assert "уже настроена" in result.output
    assert {path: path.read_bytes() for path in (tmp_path / "keys").iterdir()} == before
    assert accounts_in(tmp_path).find("другой") is None


def test_beginning_that_was_cut_short_goes_on_with_its_keys(tmp_path: Path) -> None:
    run(tmp_path, given=GIVEN)
    audit = (tmp_path / "keys" / "audit.key").read_bytes()
    (tmp_path / "marshrut.db").unlink()
    for rest in tmp_path.glob("marshrut.db-*"):
        rest.unlink()
    assert run(tmp_path, given=GIVEN).exit_code == 0
    assert (tmp_path / "keys" / "audit.key").read_bytes() == audit


def test_name_of_one_word_is_no_name(tmp_path: Path) -> None:
    result = run(tmp_path, given={**GIVEN, "MARSHRUT_OPERATOR_NAME": "Орлова"})
    assert result.exit_code == 1
    assert "фамилию, имя и отчество" in result.output
    assert not (tmp_path / "keys").exists()


@pytest.mark.parametrize(
    ("name", "gender"),
    [
        ("Орлова Вера Петровна", Gender.FEMALE),
        ("Гареев Ильдар Маратович", Gender.MALE),
        ("Мамедов Руслан Али оглы", Gender.MALE),
        ("Мамедова Лейла Али кызы", Gender.FEMALE),
    ],
)
def test_gender_is_told_by_the_patronymic(tmp_path: Path, name: str, gender: Gender) -> None:
    assert run(tmp_path, given={**GIVEN, "MARSHRUT_OPERATOR_NAME": name}).exit_code == 0
    settings = read_settings({"MARSHRUT_DATA_DIR": str(tmp_path)}, tmp_path, 1)
    services = make_services(settings, read_keys(tmp_path / "keys"), lambda: datetime.now(UTC))
    with services.uow.reading() as tx:
        (operator,) = tx.people.page().items
    assert operator.gender is gender


def test_name_without_a_patronymic_is_asked_about(tmp_path: Path) -> None:
    result = run(tmp_path, "ж\n", given={**GIVEN, "MARSHRUT_OPERATOR_NAME": "Ли Мария"})
    assert result.exit_code == 0, result.output
