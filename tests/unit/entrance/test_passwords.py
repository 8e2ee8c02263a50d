"""Passwords are hashed slowly wherever people sign in; only tests may hash them fast."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from marshrut.engines.secrets import Argon2Passwords
from marshrut.settings import read_settings
from marshrut.wiring import make_services
from tests.world import KEYS


def test_an_installation_hashes_as_rfc_9106_recommends_for_little_memory(tmp_path: Path) -> None:
    services = make_services(read_settings({}, tmp_path, 1), KEYS, lambda: datetime.now(UTC))
    hashed = services.passwords.hash("пароль")
    assert hashed.startswith("$argon2id$v=19$m=65536,t=3,p=4$")


def test_only_the_password_itself_matches_its_hash() -> None:
    passwords = Argon2Passwords()
    hashed = passwords.hash("пароль")
    assert passwords.matches(hashed, "пароль")
    assert not passwords.matches(hashed, "Пароль")
    assert not passwords.matches("none", "пароль")
