"""The installation's secret keys: files beside the database, never inside it.

Each is 32 random bytes as hex in a file of its own that only our user may read. Losing `at_rest`
loses what is encrypted under it; losing `audit` ends the proof of the trail so far; with another
`seal` the installation has another certificate for simple signatures, and others have to be told
its fingerprint anew: back them up apart from the database.
"""

from __future__ import annotations

import os
import re
import secrets
from dataclasses import dataclass, field
from pathlib import Path

from marshrut.problems import Problem
from marshrut.settings import SettingsError
from workflow.domain.refusals import N_

KEY_BYTES = 32
_HEX = re.compile(rf"[0-9a-f]{{{2 * KEY_BYTES}}}\s*")


@dataclass(frozen=True)
class SecretKeys:
    """`audit` signs the audit trail, `at_rest` encrypts secrets in the database, `session` signs
    sessions and CSRF tokens, `seal` makes the key that seals simple signatures; 32 bytes each."""

    audit: bytes = field(repr=False)
    at_rest: bytes = field(repr=False)
    session: bytes = field(repr=False)
    seal: bytes = field(repr=False)


_NAMES = ("audit", "at_rest", "session", "seal")
#: Keys that installations of earlier versions do not have yet.
_ADDED_LATER = ("seal",)


def create_keys(folder: Path) -> SecretKeys:
    """Make the keys of a new installation, mode 0600 in a folder of mode 0700.

    A key that is there already is never replaced: raises FileExistsError.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for name in _NAMES:
        _create(_path(folder, name))
    return read_keys(folder)


def add_new_keys(folder: Path) -> tuple[str, ...]:
    """Make the keys that this version has and the one that began the installation had not.

    Returns their names: nothing when all are there, or when none is (nothing has been begun).
    """
    if not keys_exist(folder):
        return ()
    missing = tuple(name for name in _ADDED_LATER if not _path(folder, name).exists())
    for name in missing:
        _create(_path(folder, name))
    return missing


def _create(path: Path) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_hex(KEY_BYTES) + "\n")
        file.flush()
        os.fsync(file.fileno())


def keys_exist(folder: Path) -> bool:
    """Return whether any key is there (then an installation has been begun)."""
    return any(_path(folder, name).exists() for name in _NAMES)


def read_keys(folder: Path) -> SecretKeys:
    """Return the keys; raise SettingsError with every problem: missing, readable by others, …"""
    problems = tuple(
        problem for name in _NAMES if (problem := _problem(_path(folder, name))) is not None
    )
    if problems:
        raise SettingsError(problems)
    return SecretKeys(*(bytes.fromhex(_path(folder, name).read_text()) for name in _NAMES))


def _path(folder: Path, name: str) -> Path:
    return folder / f"{name}.key"


def _problem(path: Path) -> Problem | None:
    if not path.is_file() and path.stem in _ADDED_LATER:
        return Problem(
            N_(
                "The secret key {path} is missing. If this installation is older than it, run"
                " “marshrut migrate”; otherwise put the key back from its backup."
            ),
            {"path": path},
        )
    if not path.is_file():
        return Problem(
            N_(
                "The secret key {path} is missing. Begin a new installation with “marshrut init”,"
                " or put the key back from its backup."
            ),
            {"path": path},
        )
    if path.stat().st_mode & 0o077:
        return Problem(
            N_("Others may read the secret key {path}. Run: chmod 600 {path}"), {"path": path}
        )
    if not _HEX.fullmatch(path.read_text(errors="replace")):
        return Problem(
            N_("The secret key {path} is damaged. Put it back from its backup."), {"path": path}
        )
    return None
