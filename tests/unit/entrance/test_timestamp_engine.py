"""An authority for timestamps behind its port: asked where the operator says, trusted by nobody."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from marshrut.cli.up import _complete_training
from marshrut.engines.timestamps import (
    LEFT_ALONE,
    AskedAuthority,
    NotAskedIntoSilence,
    authority_at,
)
from marshrut.settings import Settings, read_settings
from marshrut.training import AUTHORITIES, TIMESTAMPS_KEY, TrainingAuthorities
from marshrut.wiring import make_timestamps
from signing.revocation.fetching import NoAnswerError
from signing.timestamps.client import REPLY, TimestampAuthority
from signing.timestamps.tokens import parse_token
from signing.training.authority import TrainingCA
from signing.training.subjects import SubjectFacts
from signing.training.timestamp_authority import TrainingTsa
from signing.verdicts import SignatureKind
from tests.http_server import Server, answer, head, serving
from tests.tsa import ADDRESS, AsksAt
from tests.world import KEYS
from web.words import russian
from workflow.domain.refusals import Refusal
from workflow.timestamping import Timestamp

NOW = datetime(2026, 5, 4, 6, 30, tzinfo=UTC)
DIGEST = hashlib.sha256(b"a signature value").digest()
YEAR = timedelta(days=365)


@pytest.fixture(scope="module")
def ca() -> TrainingCA:
    return TrainingCA.create(NOW, 5, SignatureKind.ADVANCED)


@pytest.fixture(scope="module")
def tsa(ca: TrainingCA) -> TrainingTsa:
    return TrainingTsa.create(ca, NOW - YEAR, NOW + YEAR)


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as running:
        yield running


def code(given: Timestamp | Refusal) -> str:
    assert isinstance(given, Refusal)
    assert russian().text(given.msgid, **given.params) != given.msgid
    return given.code


def asked(tsa: TrainingTsa, at: datetime = NOW) -> Timestamp | Refusal:
    authority = AskedAuthority(TimestampAuthority(ADDRESS, AsksAt(tsa, at)))
    return authority.stamp("sha256", DIGEST, NOW)


def test_authority_inside_the_own_network_is_asked_where_the_operator_says(
    server: Server, tsa: TrainingTsa
) -> None:
    server.answers["/tsp"] = lambda came: iter(
        [answer(tsa.answer(came.partition(b"\r\n\r\n")[2], NOW), REPLY)]
    )
    given = authority_at(server.address("/tsp")).stamp("sha256", DIGEST, NOW)
    assert isinstance(given, Timestamp)
    assert parse_token(given.token).imprint.value == DIGEST
    assert given.at == NOW
    assert given.authority.startswith("УЧЕБНЫЙ сервер меток времени")
    assert given.authority_ends == NOW + YEAR


def test_redirect_is_not_followed(server: Server, tsa: TrainingTsa) -> None:
    there = f"Location: {server.address('/tsp')}"
    server.answers["/here"] = head("307 Temporary Redirect", there, "Content-Length: 0")
    given = authority_at(server.address("/here")).stamp("sha256", DIGEST, NOW)
    assert code(given) == "signing.timestamp_authority_silent"
    assert len(server.asked) == 1


def test_silent_authority_is_a_refusal() -> None:
    @dataclass
    class Silent:
        def post(self, url: str, body: bytes, content_type: str, accept: str, most: int) -> bytes:
            raise NoAnswerError(host="tsa.example.org")

    authority = AskedAuthority(TimestampAuthority(ADDRESS, Silent()))
    assert code(authority.stamp("sha256", DIGEST, NOW)) == "signing.timestamp_authority_silent"


class Silences:
    """An authority that says nothing until it is told to; counts how often it was asked."""

    def __init__(self, tsa: TrainingTsa) -> None:
        self.answers = TimestampAuthority(ADDRESS, AsksAt(tsa, NOW))
        self.silent = True
        self.asked = 0

    def stamp(self, digest_name: str, digest: bytes, now: datetime) -> Timestamp | Refusal:
        self.asked += 1
        if self.silent:
            return Refusal("signing.timestamp_authority_silent", "It does not answer.", "", {})
        return AskedAuthority(self.answers).stamp(digest_name, digest, now)


def test_hundred_signatures_wait_for_a_silent_authority_once(tsa: TrainingTsa) -> None:
    silences, passed = Silences(tsa), [1000.0]
    authority = NotAskedIntoSilence(silences, lambda: passed[0])
    given = [authority.stamp("sha256", DIGEST, NOW) for _ in range(100)]
    assert silences.asked == 1
    assert len({id(each) for each in given}) == 1
    silences.silent = False
    passed[0] += LEFT_ALONE - 1
    assert isinstance(authority.stamp("sha256", DIGEST, NOW), Refusal)
    passed[0] += 1
    assert isinstance(authority.stamp("sha256", DIGEST, NOW), Timestamp)
    assert isinstance(authority.stamp("sha256", DIGEST, NOW), Timestamp)
    assert silences.asked == 3


def test_time_far_from_ours_is_refused(tsa: TrainingTsa) -> None:
    assert code(asked(tsa, NOW - timedelta(hours=1))) == "timestamp.another_time"
    assert code(asked(tsa, NOW + timedelta(minutes=2))) == "timestamp.another_time"
    for near in (timedelta(minutes=-4), timedelta(minutes=1)):
        assert isinstance(asked(tsa, NOW + near), Timestamp)


def test_certificate_that_is_not_for_timestamps_is_refused(ca: TrainingCA) -> None:
    person = ca.issue(
        SubjectFacts("Белова", "Анна", "11223344595", "500100732259"), NOW - YEAR, NOW + YEAR
    )
    assert code(asked(TrainingTsa.of(person))) == "timestamp.unusable"


def test_token_by_another_key_than_its_certificate_is_refused(
    ca: TrainingCA, tsa: TrainingTsa
) -> None:
    other = TrainingTsa.create(ca, NOW - YEAR, NOW + YEAR)
    key = type(tsa.key)(tsa.key.certificate, tsa.key.chain, tsa.key.scheme, other.key.private_key)
    assert code(asked(TrainingTsa(key))) == "timestamp.unusable"


# Which authority an installation has


def settings_in(folder: Path, **environ: str) -> Settings:
    return read_settings({f"MARSHRUT_{name}": said for name, said in environ.items()}, folder, 1)


def test_installation_has_no_authority_unless_one_is_set(tmp_path: Path) -> None:
    assert make_timestamps(settings_in(tmp_path), KEYS) is None
    assert make_timestamps(settings_in(tmp_path, TSA_URL="http://10.0.0.7:3318/tsp"), KEYS)


def test_training_installation_gives_timestamps_in_this_process(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    folder = settings.keys_dir / AUTHORITIES
    TrainingAuthorities.create(folder, KEYS.at_rest.hex(), NOW)
    assert (folder / TIMESTAMPS_KEY).stat().st_mode & 0o077 == 0
    authority = make_timestamps(settings, KEYS)
    assert authority is not None
    given = authority.stamp("streebog256", bytes(32), NOW + YEAR)
    assert isinstance(given, Timestamp)
    assert given.at == NOW + YEAR
    assert "УЧЕБНЫЙ" in given.authority
    assert code(authority.stamp("sha1", bytes(20), NOW)) == "signing.timestamp_refused"


def test_training_installation_of_an_earlier_version_gets_its_authority(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    folder = settings.keys_dir / AUTHORITIES
    TrainingAuthorities.create(folder, KEYS.at_rest.hex(), NOW)
    made = (folder / TIMESTAMPS_KEY).read_bytes()
    _complete_training(settings, KEYS)
    assert (folder / TIMESTAMPS_KEY).read_bytes() == made
    (folder / TIMESTAMPS_KEY).unlink()
    assert make_timestamps(settings, KEYS) is None
    _complete_training(settings, KEYS)
    assert make_timestamps(settings, KEYS) is not None


def test_real_installation_gets_none(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    _complete_training(settings, KEYS)
    assert make_timestamps(settings, KEYS) is None
