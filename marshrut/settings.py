"""Settings: one frozen value read from the environment, by the entrance only.

| variable | meaning | without it |
|---|---|---|
| MARSHRUT_DATA_DIR | folder of the database file, files, keys, embedded Valkey | where we stand |
| MARSHRUT_DATABASE_URL | `postgresql://…` or `sqlite:////…` | SQLite in the data folder |
| MARSHRUT_REDIS_URL | `redis://…`, `rediss://…`, `unix://…` | `up` starts a Valkey of its own |
| MARSHRUT_KEYS_DIR | folder of the secret keys (mode 0600) | `keys` in the data folder |
| MARSHRUT_BASE_URL | the address people type | `http://127.0.0.1:8000` |
| MARSHRUT_WORKERS | how many jobs at once on this machine | the number of processors, at most 4 |
| MARSHRUT_CADES_PLUGIN | the file `cadesplugin_api.js` of КриптоПро | no signing in the browser |
| MARSHRUT_PKCS11_MODULE | the library of the server's tokens (PKCS#11) | no keys on tokens |
| MARSHRUT_FETCH_LISTS | `off`: revocation lists are imported by hand | `on`: they are fetched |
| MARSHRUT_TSA_URL | `http(s)://…`: the authority asked for timestamps | nobody is asked |
| MARSHRUT_SMTP_HOST, _FROM | mail server, address that mail comes from | reminders on pages only |
| MARSHRUT_SMTP_SECURITY, _PORT | `starttls`, `ssl`, `none` (this machine) | `starttls` |
| MARSHRUT_SMTP_USER, _PASSWORD | the account on the mail server | it asks for none |
| MARSHRUT_OPERATOR_NAME, _LOGIN, _GENDER, _PASSWORD | answers for `marshrut init` | it asks |
"""

from __future__ import annotations

import difflib
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from marshrut import smtp_settings
from marshrut.problems import Problem
from marshrut.smtp_settings import SmtpSettings, read_smtp
from signing.errors import SigningError
from signing.revocation.reach import reach_to
from workflow.domain.refusals import N_

PREFIX = "MARSHRUT_"
VARIABLES = (
    "MARSHRUT_DATA_DIR",
    "MARSHRUT_DATABASE_URL",
    "MARSHRUT_REDIS_URL",
    "MARSHRUT_KEYS_DIR",
    "MARSHRUT_BASE_URL",
    "MARSHRUT_WORKERS",
    "MARSHRUT_CADES_PLUGIN",
    "MARSHRUT_PKCS11_MODULE",
    "MARSHRUT_FETCH_LISTS",
    "MARSHRUT_TSA_URL",
    *smtp_settings.VARIABLES,
)
#: Read by `marshrut init` alone; they may stay set in a container's environment.
VARIABLES_OF_INIT = (
    "MARSHRUT_OPERATOR_NAME",
    "MARSHRUT_OPERATOR_LOGIN",
    "MARSHRUT_OPERATOR_GENDER",
    "MARSHRUT_OPERATOR_PASSWORD",
)
MOST_WORKERS = 64
LARGEST_SCRIPT = 2 * 1024 * 1024
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}


class SettingsError(Exception):
    """The settings cannot be used; `problems` holds all of them."""

    code = "settings"

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("; ".join(p.msgid.format(**p.params) for p in problems))
        self.problems = problems


@dataclass(frozen=True)
class Settings:
    """Where this installation keeps what, and how it is reached. Addresses may hold passwords.

    `redis_url` is None where the embedded Valkey is to be used, `smtp` where no mail is sent,
    `cades_plugin` where nobody signs in the browser, `pkcs11_module` where no keys lie on tokens of
    the server, `tsa_url` where nobody is asked for timestamps.
    """

    data_dir: Path
    database_url: str = field(repr=False)
    redis_url: str | None = field(repr=False)
    keys_dir: Path
    base_url: str
    workers: int
    smtp: SmtpSettings | None = None
    fetch_lists: bool = True
    cades_plugin: Path | None = None
    tsa_url: str | None = None
    pkcs11_module: Path | None = None

    @property
    def blobs_dir(self) -> Path:
        return self.data_dir / "files"

    @property
    def valkey_dir(self) -> Path:
        return self.data_dir / "valkey"


def read_settings(environ: Mapping[str, str], here: Path, processors: int) -> Settings:
    """Return the settings of `environ`; an empty variable counts as not set.

    `here` is the folder we stand in. Raises SettingsError with every problem at once.
    """
    given = {name: value.strip() for name, value in environ.items() if value.strip()}
    problems = _unknown(given)
    data_dir = (here / given.get("MARSHRUT_DATA_DIR", ".")).resolve()
    smtp, problems_of_mail = read_smtp(given)
    keys_dir = (here / given.get("MARSHRUT_KEYS_DIR", data_dir / "keys")).resolve()
    plugin, module = given.get("MARSHRUT_CADES_PLUGIN"), given.get("MARSHRUT_PKCS11_MODULE")
    settings = Settings(
        data_dir=data_dir,
        database_url=given.get("MARSHRUT_DATABASE_URL", f"sqlite:///{data_dir / 'marshrut.db'}"),
        redis_url=given.get("MARSHRUT_REDIS_URL"),
        keys_dir=keys_dir,
        base_url=given.get("MARSHRUT_BASE_URL", "http://127.0.0.1:8000").rstrip("/"),
        workers=_number(given.get("MARSHRUT_WORKERS", str(min(4, processors)))),
        smtp=smtp,
        fetch_lists=given.get("MARSHRUT_FETCH_LISTS", "on") != "off",
        cades_plugin=data_dir / plugin if plugin else None,
        tsa_url=given.get("MARSHRUT_TSA_URL"),
        pkcs11_module=data_dir / module if module else None,
    )
    problems += _problems(settings) + problems_of_mail + _fetching_problems(given)
    if problems:
        raise SettingsError(tuple(problems))
    return settings


def settings_from_environment() -> Settings:
    """Return the settings of this process; see `read_settings`."""
    return read_settings(os.environ, Path.cwd(), os.cpu_count() or 1)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() else 0


def _unknown(given: Mapping[str, str]) -> list[Problem]:
    problems = []
    for name in sorted(given):
        if name.startswith(PREFIX) and name not in VARIABLES + VARIABLES_OF_INIT:
            close = difflib.get_close_matches(name, VARIABLES, n=1) or [", ".join(VARIABLES)]
            problems.append(
                Problem(
                    N_("There is no setting {name}. Did you mean {known}?"),
                    {"name": name, "known": close[0]},
                )
            )
    return problems


def _problems(settings: Settings) -> list[Problem]:
    checks = (
        _data_dir_problem(settings.data_dir),
        _database_problem(settings.database_url),
        _redis_problem(settings.redis_url),
        _base_url_problem(settings.base_url),
        _workers_problem(settings.workers),
        _plugin_problem(settings.cades_plugin),
        _tsa_problem(settings.tsa_url),
        _module_problem(settings.pkcs11_module),
    )
    return [problem for problem in checks if problem is not None]


def _data_dir_problem(folder: Path) -> Problem | None:
    existing = next(path for path in (folder, *folder.parents) if path.exists())
    if existing.is_dir() and os.access(existing, os.W_OK | os.X_OK):
        return None
    return Problem(
        N_("MARSHRUT_DATA_DIR: {folder} is not a folder we may write to. Give another one."),
        {"folder": existing},
    )


def _database_problem(url: str) -> Problem | None:
    try:
        address = make_url(url)
    except ArgumentError:
        address = None
    if address is not None and address.get_backend_name() == "postgresql":
        return None
    file = address.database if address and address.get_backend_name() == "sqlite" else None
    if file and Path(file).is_absolute():
        return None
    # The value may hold a password: it is not repeated.
    return Problem(
        N_(
            "MARSHRUT_DATABASE_URL is no database address. Write"
            " postgresql://user:password@host/database or sqlite:////absolute/path.db."
        )
    )


def _redis_problem(url: str | None) -> Problem | None:
    if url is None:
        return None
    parts = urlsplit(url)
    if parts.scheme == "unix" and parts.path.startswith("/"):
        return None
    if parts.scheme in ("redis", "rediss") and parts.netloc:
        return None
    return Problem(
        N_(
            "MARSHRUT_REDIS_URL is no Redis address. Write redis://host:6379/0 or"
            " unix:///path/to/socket, or leave it out."
        )
    )


def _base_url_problem(url: str) -> Problem | None:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path or parts.query:
        return Problem(
            N_(
                "MARSHRUT_BASE_URL: {url} is no address of a site. Write it as people type it,"
                " without a path: https://marshrut.example.ru."
            ),
            {"url": url},
        )
    if parts.scheme == "http" and parts.hostname not in _LOOPBACK:
        return Problem(
            N_(
                "MARSHRUT_BASE_URL: {url} would send passwords unprotected over the network."
                " Set up https and write https://…."
            ),
            {"url": url},
        )
    return None


def _fetching_problems(given: Mapping[str, str]) -> list[Problem]:
    if given.get("MARSHRUT_FETCH_LISTS", "on") in ("on", "off"):
        return []
    return [Problem(N_("MARSHRUT_FETCH_LISTS is “on” or “off”."))]


def _workers_problem(workers: int) -> Problem | None:
    if 1 <= workers <= MOST_WORKERS:
        return None
    return Problem(
        N_("MARSHRUT_WORKERS must be a whole number from 1 to {most}."), {"most": MOST_WORKERS}
    )


def _plugin_problem(script: Path | None) -> Problem | None:
    if script is None or _is_readable_script(script):
        return None
    return Problem(
        N_(
            "MARSHRUT_CADES_PLUGIN: {file} is no script of at most 2 MB that we may read. Put"
            " cadesplugin_api.js there, as its maker gives it out, or leave the setting out."
        ),
        {"file": script},
    )


def _is_readable_script(script: Path) -> bool:
    if script.suffix != ".js" or not script.is_file() or not os.access(script, os.R_OK):
        return False
    return 0 < script.stat().st_size <= LARGEST_SCRIPT


def _tsa_problem(url: str | None) -> Problem | None:
    if url is None:
        return None
    try:
        reach_to(url)
    except SigningError:
        return Problem(
            N_(
                "MARSHRUT_TSA_URL is no address of a time-stamping authority. Write it as the"
                " authority gives it, http://… or https://…, without name and password, or leave"
                " it out."
            )
        )
    return None


def _module_problem(library: Path | None) -> Problem | None:
    if library is None or (library.is_file() and os.access(library, os.R_OK)):
        return None
    return Problem(
        N_(
            "MARSHRUT_PKCS11_MODULE: {file} is no file that we may read. Write the path of the"
            " library that belongs to the token (it ends in .so), or leave the setting out."
        ),
        {"file": library},
    )
