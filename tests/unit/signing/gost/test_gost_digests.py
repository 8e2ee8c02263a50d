"""Streebog (RFC 6986) and GOST R 34.11-94 (RFC 5831, CryptoPro S-boxes) on both backends."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signing.gost.backend import Backend, digest
from signing.gost.digests import DigestAlgorithm, HashObject
from signing.gost.hash94 import Hash94
from signing.gost.streebog import Streebog

# RFC 6986, section 10; numbers are printed there with the last byte first.
M1 = bytes.fromhex(
    "32313039383736353433323130393837363534333231303938373635343332"
    "3130393837363534333231303938373635343332313039383736353433323130"
)[::-1]
M2 = bytes.fromhex(
    "fbe2e5f0eee3c820fbeafaebef20fffbf0e1e0f0f520e0ed20e8ece0ebe5f0f2"
    "f120fff0eeec20f120faf2fee5e2202ce8f6f3ede220e8e6eee1e8f0f2d1202c"
    "e8f0f2e5e220e5d1"
)[::-1]
RFC_6986 = [
    (
        M1,
        "486f64c1917879417fef082b3381a4e211c324f074654c38823a7b76f830ad00"
        "fa1fbae42b1285c0352f227524bc9ab16254288dd6863dccd5b9f54a1ad0541b",
        "00557be5e584fd52a449b16b0251d05d27f94ab76cbaa6da890b59d8ef1e159d",
    ),
    (
        M2,
        "28fbc9bada033b1460642bdcddb90c3fb3e56c497ccd0f62b8a2ad4935e85f03"
        "7613966de4ee00531ae60f3b5a47f8dae06915d5f2f194996fcabf2622e6881e",
        "508f7e553c06501d749a66fc28c6cac0b005746d97537fa85d9e40904efed29d",
    ),
]
# What CryptoPro and libgcrypt give; the engine of OpenSSL agrees except for the empty message.
CRYPTOPRO_94 = [
    (b"", "981e5f3ca30c841487830f84fb433e13ac1101569b9c13584ac483234cd656c0"),
    (b"a", "e74c52dd282183bf37af0079c9f78055715a103f17e3133ceff1aacf2f403011"),
    (b"abc", "b285056dbf18d7392d7677369524dd14747459ed8143997e163b2986f92fd42c"),
    (b"message digest", "bc6041dd2aa401ebfa6e9886734174febdb4729aa972d60f549ac39b29721ba0"),
]

PARTS = st.lists(st.binary(max_size=150), max_size=6)


@pytest.mark.parametrize(("message", "long", "short"), RFC_6986, ids=["M1", "M2"])
def test_streebog_gives_the_digests_of_the_rfc(
    backend: Backend, message: bytes, long: str, short: str
) -> None:
    assert _digest(backend, DigestAlgorithm.STREEBOG_512, message)[::-1].hex() == long
    assert _digest(backend, DigestAlgorithm.STREEBOG_256, message)[::-1].hex() == short


def test_the_second_message_of_the_rfc_is_the_line_about_stribog() -> None:
    words = "Се ветри, Стрибожи внуци, веютъ с моря стрелами на храбрыя плъкы Игоревы"
    assert M2.decode("cp1251") == words


@pytest.mark.parametrize(("message", "expected"), CRYPTOPRO_94)
def test_the_digest_of_1994_uses_the_s_boxes_of_cryptopro(
    backend: Backend, message: bytes, expected: str
) -> None:
    assert _digest(backend, DigestAlgorithm.GOST_94, message).hex() == expected


@given(PARTS, st.sampled_from(DigestAlgorithm))
def test_however_a_message_is_cut_both_backends_give_one_digest(
    plain: Backend, fast: Backend, parts: list[bytes], kind: DigestAlgorithm
) -> None:
    cut = [plain.new_hash(kind), fast.new_hash(kind)]
    for part in parts:
        for hasher in cut:
            hasher.update(part)
    whole = plain.new_hash(kind)
    whole.update(b"".join(parts))
    assert {hasher.digest() for hasher in cut} == {whole.digest()}


@pytest.mark.parametrize("kind", DigestAlgorithm)
def test_reading_a_digest_does_not_end_it(backend: Backend, kind: DigestAlgorithm) -> None:
    hasher = backend.new_hash(kind)
    hasher.update(M1)
    first = hasher.digest()
    assert hasher.digest() == first
    hasher.update(M2)
    assert hasher.digest() == _digest(backend, kind, M1 + M2)


@pytest.mark.parametrize("kind", DigestAlgorithm)
def test_a_copy_goes_its_own_way(backend: Backend, kind: DigestAlgorithm) -> None:
    hasher = backend.new_hash(kind)
    hasher.update(M1[:40])
    twin = hasher.copy()
    twin.update(M1[40:])
    assert twin.digest() == _digest(backend, kind, M1)
    assert hasher.digest() == _digest(backend, kind, M1[:40])
    assert len(hasher.digest()) == hasher.digest_size == twin.digest_size == kind.size


def test_digests_of_the_chosen_backend_are_the_same() -> None:
    assert digest(DigestAlgorithm.STREEBOG_256, M2)[::-1].hex() == RFC_6986[1][2]


def test_plain_hash_objects_look_like_those_of_hashlib() -> None:
    for made, name, size, block in [
        (Streebog(32, M1), "streebog256", 32, 64),
        (Streebog(64, M1), "streebog512", 64, 64),
        (Hash94(M1), "gost94", 32, 32),
    ]:
        assert (made.name, made.digest_size, made.block_size) == (name, size, block)
        assert made.hexdigest() == made.digest().hex()
        assert len(made.digest()) == size


def test_streebog_takes_any_buffer() -> None:
    expected = Streebog(32, M1).digest()
    for buffer in (bytearray(M1), memoryview(M1)):
        hasher = Streebog(32)
        hasher.update(buffer)
        assert hasher.digest() == expected


def test_streebog_has_two_sizes_only() -> None:
    with pytest.raises(ValueError, match="32 or 64"):
        Streebog(20)


def _digest(backend: Backend, kind: DigestAlgorithm, message: bytes) -> bytes:
    hasher: HashObject = backend.new_hash(kind)
    hasher.update(message)
    return hasher.digest()
