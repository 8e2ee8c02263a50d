"""What a timestamp token says, read to the letter, and what is no token."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from asn1crypto import cms, core, tsp

from signing.asn1 import exact_bytes
from signing.errors import SigningError, TooLargeError
from signing.sign import sign_detached
from signing.timestamps.tokens import MAX_TOKEN, Imprint, TokenUnreadableError, parse_token
from signing.training.timestamp_authority import TrainingTsa
from tests.pki import DAY, NOON, Office
from tests.tsa import token_over, tsa_of
from tests.unit.signing.conftest import CONTENT, key_of

SECOND = timedelta(seconds=1)


@pytest.fixture(scope="module")
def tsa(office: Office) -> TrainingTsa:
    return tsa_of(office.issuing)


def sealed(tsa: TrainingTsa, **changes: object) -> bytes:
    """A token whose TSTInfo says something else here and there; None leaves a field out."""
    stated = {
        "version": "v1",
        "policy": "1.2.3",
        "message_imprint": {
            "hash_algorithm": {"algorithm": "sha256"},
            "hashed_message": bytes(32),
        },
        "serial_number": 5,
        "gen_time": NOON,
    } | changes
    info = tsp.TSTInfo({name: value for name, value in stated.items() if value is not None})
    return bytes(tsa.seal(info.dump()).dump())


def test_a_token_says_when_and_over_what(tsa: TrainingTsa) -> None:
    token = parse_token(sealed(tsa, nonce=2**70, accuracy={"seconds": 2, "millis": 5, "micros": 7}))
    assert token.time == NOON
    assert token.accuracy == timedelta(seconds=2, milliseconds=5, microseconds=7)
    assert token.imprint == Imprint("sha256", bytes(32))
    assert (token.policy, token.serial, token.nonce) == ("1.2.3", 5, 2**70)
    assert token.signed.certificate == tsa.key.certificate


@pytest.mark.parametrize(
    ("stated", "accuracy", "latest"),
    [
        (NOON, None, NOON),
        (NOON, {"seconds": 3}, NOON + 3 * SECOND),
        (NOON + timedelta(microseconds=1), None, NOON + SECOND),
        (NOON + timedelta(milliseconds=600), {"millis": 500}, NOON + 2 * SECOND),
        (NOON, {"micros": 1}, NOON + SECOND),
    ],
)
def test_the_end_of_the_accuracy_counts(
    stated: datetime, accuracy: dict[str, int] | None, latest: datetime, tsa: TrainingTsa
) -> None:
    token = parse_token(sealed(tsa, gen_time=stated, accuracy=accuracy))
    assert (token.time, token.latest) == (stated, latest)


@pytest.mark.parametrize(
    "changes",
    [
        {"version": "v2"},
        {"accuracy": {"seconds": -1}},
        {"accuracy": {"seconds": 3601}},
        {"accuracy": {"millis": 1000}},
        {"accuracy": {"seconds": 10**30}},
        {"gen_time": datetime(9999, 12, 31, 23, 59, 59, 5, tzinfo=UTC)},
        {"extensions": [{"extn_id": "1.2.3", "critical": True, "extn_value": b""}]},
    ],
    ids=str,
)
def test_a_token_that_says_no_time_is_refused(changes: dict[str, object], tsa: TrainingTsa) -> None:
    with pytest.raises(TokenUnreadableError):
        parse_token(sealed(tsa, **changes))


@pytest.mark.parametrize("written", [b"20261120120000", b"20261120120000+0300", b"2026112012Zx"])
def test_a_time_that_is_not_utc_is_refused(written: bytes, tsa: TrainingTsa) -> None:
    stated = core.GeneralizedTime.load(bytes([0x18, len(written)]) + written)
    info = tsp.TSTInfo.load(parse_token(sealed(tsa)).info)
    members = [info[name].dump() for name in ("version", "policy", "message_imprint")]
    body = b"".join([*members, info["serial_number"].dump(), stated.dump()])
    token = tsa.seal(b"\x30" + bytes([len(body)]) + body).dump()
    with pytest.raises(TokenUnreadableError):
        parse_token(token)


def test_a_signature_of_a_person_is_no_token(office: Office) -> None:
    signature = sign_detached(CONTENT, key_of(office.issuing.person()), NOON)
    with pytest.raises(TokenUnreadableError):
        parse_token(signature)


@pytest.mark.parametrize("content", [b"", b"\x30\x00", b"no token", b"\x30\x80", b"\xff" * 100])
def test_what_is_no_token_is_refused(content: bytes) -> None:
    with pytest.raises(SigningError):
        parse_token(content)


def test_a_huge_token_is_not_parsed() -> None:
    with pytest.raises(TooLargeError):
        parse_token(bytes(MAX_TOKEN + 1))


def test_a_token_by_two_authorities_is_refused(tsa: TrainingTsa) -> None:
    envelope = cms.ContentInfo.load(token_over(CONTENT, tsa, NOON))
    signer = envelope["content"]["signer_infos"][0]
    envelope["content"]["signer_infos"] = [signer, signer.copy()]
    with pytest.raises(TokenUnreadableError):
        parse_token(envelope.dump(force=True))


def test_a_token_keeps_its_bytes(tsa: TrainingTsa) -> None:
    token = token_over(CONTENT, tsa, NOON + DAY)
    assert parse_token(token).der == token
    assert exact_bytes(cms.ContentInfo.load(token)) == token


def test_a_token_with_open_lengths_is_read(tsa: TrainingTsa) -> None:
    token = token_over(CONTENT, tsa, NOON)
    header = len(token) - len(cms.ContentInfo.load(token).contents)
    opened = b"\x30\x80" + token[header:] + bytes(2)
    assert (
        parse_token(opened).signed.signed_attributes == parse_token(token).signed.signed_attributes
    )
