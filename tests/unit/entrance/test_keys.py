"""Secret keys are made once, read by us alone, and never replaced."""

from __future__ import annotations

from pathlib import Path

import pytest

from marshrut.keys import KEY_BYTES, add_new_keys, create_keys, keys_exist, read_keys
from marshrut.settings import SettingsError
from web.words import russian


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "keys"


def test_made_keys_are_read_again(folder: Path) -> None:
    assert not keys_exist(folder)
    keys = create_keys(folder)
    assert keys_exist(folder)
    assert read_keys(folder) == keys
    made = (keys.audit, keys.at_rest, keys.session, keys.seal)
    assert {len(key) for key in made} == {KEY_BYTES}
    assert len(set(made)) == 4


def test_two_installations_have_different_keys(tmp_path: Path) -> None:
    assert create_keys(tmp_path / "one").audit != create_keys(tmp_path / "two").audit


def test_nobody_else_may_read_them(folder: Path) -> None:
    create_keys(folder)
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}


def test_keys_are_never_replaced(folder: Path) -> None:
    keys = create_keys(folder)
    with pytest.raises(FileExistsError):
        create_keys(folder)
    assert read_keys(folder) == keys


def test_keys_are_not_shown(folder: Path) -> None:
    keys = create_keys(folder)
    assert keys.audit.hex() not in repr(keys)
    assert repr(keys) == "SecretKeys()"


def test_every_problem_with_the_keys_is_told(folder: Path) -> None:
    create_keys(folder)
    (folder / "audit.key").unlink()
    (folder / "at_rest.key").chmod(0o640)
    (folder / "session.key").write_text("short")
    with pytest.raises(SettingsError) as refused:
        read_keys(folder)
    told = [russian().text(p.msgid, **p.params) for p in refused.value.problems]
    assert [line.split(str(folder))[0] for line in told] == [
        "Нет секретного ключа ",
        "Секретный ключ ",
        "Секретный ключ ",
    ]
    assert f"chmod 600 {folder / 'at_rest.key'}" in told[1]
    assert "резервной копии" in told[2]


def test_an_older_installation_gets_the_key_that_is_new(folder: Path) -> None:
    assert add_new_keys(folder) == ()
    assert not keys_exist(folder)
    before = create_keys(folder)
    assert add_new_keys(folder) == ()
    (folder / "seal.key").unlink()
    with pytest.raises(SettingsError) as refused:
        read_keys(folder)
    (problem,) = refused.value.problems
    assert "marshrut migrate" in russian().text(problem.msgid, **problem.params)
    assert add_new_keys(folder) == ("seal",)
    after = read_keys(folder)
    assert (after.audit, after.at_rest, after.session) == (
        before.audit,
        before.at_rest,
        before.session,
    )
    assert after.seal != before.seal
