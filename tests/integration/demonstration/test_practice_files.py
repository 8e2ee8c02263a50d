"""Key files of a training installation: the good ones sign, each bad one fails for its reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from marshrut.demonstration.opening import leave_practice_files
from marshrut.demonstration.stage import Stage
from marshrut.demonstration.town import KEY_PASSWORD
from signing.evidence import Grounds
from signing.keys import open_pkcs12
from signing.revocation.known import load_crl
from signing.sign import sign_detached
from signing.trust_folder import load_trust_folder
from signing.validate import validate_detached
from signing.verdicts import Outcome
from tests.world import World

CONTENT = b"%PDF-1.7 a file"


@pytest.fixture
def folder(world: World, tmp_path: Path) -> Path:
    leave_practice_files(Stage(world.services, world.town, world.authorities), tmp_path / "keys")
    return tmp_path / "keys"


def failed_checks(world: World, folder: Path, name: str) -> list[str]:
    """Which of the file checks fail for a signature made with the key file."""
    key = open_pkcs12((folder / f"belova-{name}.p12").read_bytes(), KEY_PASSWORD)
    signed_at = max(world.clock(), key.certificate.not_before)
    signed_at = min(signed_at, key.certificate.not_after)
    signature = sign_detached(CONTENT, key, signed_at)
    lists = tuple(load_crl(crl.read_bytes()) for crl in (folder / "trust").glob("*.crl"))
    grounds = Grounds(load_trust_folder(folder / "trust"), lists, world.clock())
    (found,) = validate_detached(CONTENT, signature, grounds).report.signatures
    return [c.key for c in found.checks if c.outcome is Outcome.FAILED]


@pytest.mark.parametrize(
    ("name", "failed"),
    [
        ("good-advanced", []),
        ("good-qualified", []),
        ("good-gost", []),
        ("good-qualified-gost", []),
        ("expired", ["time"]),
        ("not-yet-valid", ["time"]),
        ("revoked", ["revocation"]),
        ("foreign", ["chain"]),
    ],
)
def test_each_key_file_is_what_its_name_says(
    world: World, folder: Path, name: str, failed: list[str]
) -> None:
    assert failed_checks(world, folder, name) == failed


def test_key_files_are_for_their_owner_alone(folder: Path) -> None:
    assert {p.stat().st_mode & 0o077 for p in folder.glob("*.p12")} == {0}
