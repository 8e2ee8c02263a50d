"""Settings come from the environment; all their problems are told at once, each with its fix."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from marshrut.settings import Settings, SettingsError, read_settings
from marshrut.smtp_settings import Security, SmtpSettings
from web.words import russian


def read(here: Path, environ: Mapping[str, str] | None = None) -> Settings:
    return read_settings(environ or {}, here, processors=8)


def problems(here: Path, **environ: str) -> list[str]:
    with pytest.raises(SettingsError) as refused:
        read(here, {f"MARSHRUT_{name}": value for name, value in environ.items()})
    return [russian().text(p.msgid, **p.params) for p in refused.value.problems]


def test_an_empty_environment_is_an_installation_in_this_folder(tmp_path: Path) -> None:
    settings = read(tmp_path)
    assert settings == Settings(
        data_dir=tmp_path,
        database_url=f"sqlite:///{tmp_path}/marshrut.db",
        redis_url=None,
        keys_dir=tmp_path / "keys",
        base_url="http://127.0.0.1:8000",
        workers=4,
    )


def test_an_empty_variable_counts_as_not_set(tmp_path: Path) -> None:
    assert read(tmp_path, {"MARSHRUT_REDIS_URL": " "}).redis_url is None


def test_everything_can_be_set(tmp_path: Path) -> None:
    environ = {
        "MARSHRUT_DATA_DIR": "data",
        "MARSHRUT_DATABASE_URL": "postgresql://marshrut:secret@db/marshrut",
        "MARSHRUT_REDIS_URL": "redis://redis:6379/0",
        "MARSHRUT_KEYS_DIR": "/run/secrets/marshrut",
        "MARSHRUT_BASE_URL": "https://marshrut.example.ru/",
        "MARSHRUT_WORKERS": "12",
        "HOME": "/root",
    }
    settings = read(tmp_path, environ)
    assert settings.data_dir == tmp_path / "data"
    assert settings.keys_dir == Path("/run/secrets/marshrut")
    assert settings.base_url == "https://marshrut.example.ru"
    assert settings.workers == 12


def test_script_of_the_browser_plug_in_lies_in_the_data_folder(tmp_path: Path) -> None:
    (tmp_path / "cadesplugin_api.js").write_text("//")
    given = {"MARSHRUT_DATA_DIR": str(tmp_path), "MARSHRUT_CADES_PLUGIN": "cadesplugin_api.js"}
    assert read(tmp_path, given).cades_plugin == tmp_path / "cadesplugin_api.js"
    assert read(tmp_path).cades_plugin is None


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("missing.js", None),
        ("empty.js", b""),
        ("plugin.exe", b"MZ"),
        ("large.js", b"/" * (2 * 1024 * 1024 + 1)),
    ],
)
def test_script_that_cannot_be_served_is_told_at_the_start(
    tmp_path: Path, name: str, content: bytes | None
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    (told,) = problems(tmp_path, CADES_PLUGIN=name)
    assert told.startswith(f"MARSHRUT_CADES_PLUGIN: {tmp_path / name} ")


@pytest.mark.parametrize(("said", "fetched"), [("", True), ("on", True), ("off", False)])
def test_lists_are_fetched_unless_somebody_switches_it_off(
    said: str, fetched: bool, tmp_path: Path
) -> None:
    assert read(tmp_path, {"MARSHRUT_FETCH_LISTS": said}).fetch_lists is fetched


def test_neither_on_nor_off_is_refused(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, FETCH_LISTS="нет")
    assert "MARSHRUT_FETCH_LISTS" in problem


def test_authority_for_timestamps_may_lie_inside_the_own_network(tmp_path: Path) -> None:
    url = "http://10.1.2.3:3318/tsp"
    assert read(tmp_path, {"MARSHRUT_TSA_URL": url}).tsa_url == url
    assert read(tmp_path).tsa_url is None


@pytest.mark.parametrize("url", ["tsa.example.org", "ftp://tsa.example.org", "http://u:p@tsa.ru/"])
def test_what_is_no_address_of_an_authority_is_refused_and_not_repeated(
    url: str, tmp_path: Path
) -> None:
    (problem,) = problems(tmp_path, TSA_URL=url)
    assert "MARSHRUT_TSA_URL" in problem
    assert url not in problem


def test_passwords_are_not_shown(tmp_path: Path) -> None:
    environ = {
        "MARSHRUT_DATABASE_URL": "postgresql://marshrut:secret@db/marshrut",
        "MARSHRUT_REDIS_URL": "redis://:secret@redis:6379/0",
    }
    assert "secret" not in repr(read(tmp_path, environ))


def test_all_problems_are_told_together(tmp_path: Path) -> None:
    told = problems(
        tmp_path,
        DATABASE_URL="mysql://db/marshrut",
        REDIS_URL="localhost",
        BASE_URL="marshrut.example.ru",
        WORKERS="many",
    )
    assert [line.split()[0].strip(":") for line in told] == [
        "MARSHRUT_DATABASE_URL",
        "MARSHRUT_REDIS_URL",
        "MARSHRUT_BASE_URL",
        "MARSHRUT_WORKERS",
    ]


def test_a_mistyped_name_is_noticed(tmp_path: Path) -> None:
    (told,) = problems(tmp_path, DATABSE_URL="postgresql://db/marshrut")
    assert "MARSHRUT_DATABSE_URL" in told
    assert told.endswith("MARSHRUT_DATABASE_URL.")


def test_a_bad_address_with_a_password_is_not_repeated(tmp_path: Path) -> None:
    (told,) = problems(tmp_path, DATABASE_URL="postgress://user:secret@db/marshrut")
    assert "secret" not in told


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///relative.db", "not an address"])
def test_a_database_that_would_be_lost_is_refused(tmp_path: Path, url: str) -> None:
    assert len(problems(tmp_path, DATABASE_URL=url)) == 1


@pytest.mark.parametrize(
    "url", ["http://school.example.ru", "ftp://school.example.ru", "https://school.ru/path"]
)
def test_an_address_without_protection_or_with_a_path_is_refused(tmp_path: Path, url: str) -> None:
    assert len(problems(tmp_path, BASE_URL=url)) == 1


@pytest.mark.parametrize("workers", ["0", "-1", "65", "2.5", "٣"])
def test_a_senseless_number_of_workers_is_refused(tmp_path: Path, workers: str) -> None:
    assert problems(tmp_path, WORKERS=workers) == [
        "MARSHRUT_WORKERS: укажите целое число от 1 до 64."
    ]


def test_a_data_folder_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert len(problems(tmp_path, DATA_DIR=str(tmp_path / "file" / "below"))) == 1


SMTP = {"SMTP_HOST": "smtp.example.ru", "SMTP_FROM": "marshrut@example.ru"}


def smtp(here: Path, **environ: str) -> SmtpSettings | None:
    return read(here, {f"MARSHRUT_{name}": value for name, value in environ.items()}).smtp


def test_without_settings_of_mail_none_is_sent(tmp_path: Path) -> None:
    assert smtp(tmp_path) is None


def test_server_and_sender_are_enough_for_mail(tmp_path: Path) -> None:
    assert smtp(tmp_path, **SMTP) == SmtpSettings(
        "smtp.example.ru", 587, Security.STARTTLS, "marshrut@example.ru"
    )


@pytest.mark.parametrize(("security", "port"), [("starttls", 587), ("ssl", 465)])
def test_the_port_of_mail_follows_its_protection(tmp_path: Path, security: str, port: int) -> None:
    found = smtp(tmp_path, **SMTP, SMTP_SECURITY=security)
    assert found is not None
    assert (found.security, found.port) == (security, port)


def test_every_setting_of_mail_is_read(tmp_path: Path) -> None:
    own = {**SMTP, "SMTP_HOST": "localhost", "SMTP_SECURITY": "none", "SMTP_PORT": "1025"}
    found = smtp(tmp_path, **own, SMTP_USER="marshrut", SMTP_PASSWORD="secret")
    assert found == SmtpSettings(
        "localhost", 1025, Security.NONE, "marshrut@example.ru", "marshrut", "secret"
    )
    assert "secret" not in repr(found)


def test_all_problems_of_mail_are_told_together_with_the_others(tmp_path: Path) -> None:
    told = problems(
        tmp_path,
        WORKERS="many",
        SMTP_PORT="70000",
        SMTP_SECURITY="perhaps",
        SMTP_USER="marshrut",
    )
    assert [line.split(maxsplit=1)[0].strip(":") for line in told] == [
        "MARSHRUT_WORKERS",
        "MARSHRUT_SMTP_HOST",
        "MARSHRUT_SMTP_PORT",
        "MARSHRUT_SMTP_SECURITY",
        "MARSHRUT_SMTP_FROM",
        "MARSHRUT_SMTP_USER",
    ]


@pytest.mark.parametrize("sender", ["marshrut", "a b@example.ru", "Маршрут <m@example.ru>"])
def test_a_sender_that_is_no_address_is_refused(tmp_path: Path, sender: str) -> None:
    assert len(problems(tmp_path, **{**SMTP, "SMTP_FROM": sender})) == 1


def test_letters_do_not_cross_a_network_unprotected(tmp_path: Path) -> None:
    (told,) = problems(tmp_path, **SMTP, SMTP_SECURITY="none")
    assert told.startswith("MARSHRUT_SMTP_SECURITY: без защиты")


def test_the_library_of_tokens_is_a_file_that_is_there(tmp_path: Path) -> None:
    (tmp_path / "library.so").write_bytes(b"ELF")
    given = {"MARSHRUT_DATA_DIR": str(tmp_path), "MARSHRUT_PKCS11_MODULE": "library.so"}
    assert read(tmp_path, given).pkcs11_module == tmp_path / "library.so"
    assert read(tmp_path).pkcs11_module is None
    with pytest.raises(SettingsError, match="MARSHRUT_PKCS11_MODULE"):
        read(tmp_path, {**given, "MARSHRUT_PKCS11_MODULE": "missing.so"})
