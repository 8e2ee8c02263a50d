"""GOST R 34.10-2012 by the examples of RFC 7091 and RFC 9215, on both backends."""

from __future__ import annotations

import pytest
from asn1crypto import x509
from hypothesis import given, settings
from hypothesis import strategies as st

from signing.gost import algorithm
from signing.gost.backend import Backend
from signing.gost.curves import CURVES, TC26_256_A, TEST_256, TEST_512, Curve
from signing.gost.encoding import read_public_key
from signing.gost.errors import InvalidDigestError, InvalidKeyError, InvalidSignatureError
from signing.gost.keys import KeyAlgorithm, PrivateKey, PublicKey
from tests.unit.signing.gost import affine
from tests.unit.signing.gost.rfc9215 import (
    D_256,
    D_512,
    EXAMPLES,
    K_256,
    K_512,
    Example,
    signed_parts,
)

# RFC 7091, section 7.1.
E_256 = 0x2DFBC1B372D89A1188C09C52E0EEC61FCE52032AB1022E8E67ECE6672B043EE5
Q_256 = (
    0x7F2B49E270DB6D90D8595BEC458B50C58585BA1D4E9B788F6689DBD8E56FD80B,
    0x26F1B489D6701DD185C8413A977B3CBBAF64D1C593D26627DFFB101A87FF77DA,
)
R_256 = 0x41AA28D2F1AB148280CD9ED56FEDA41974053554A42767B83AD043FD39DC0493
S_256 = 0x01456C64BA4642A1653C235A98A60249BCD6D3F746B631DF928014F6C5BF9C40
# RFC 7091, section 7.2.
E_512 = int(
    "3754F3CFACC9E0615C4F4A7C4D8DAB531B09B6F9C170C533A71D147035B0C591"
    "7184EE536593F4414339976C647C5D5A407ADEDB1D560C4FC6777D2972075B8C",
    16,
)
Q_512 = (
    int(
        "115DC5BC96760C7B48598D8AB9E740D4C4A85A65BE33C1815B5C320C854621DD"
        "5A515856D13314AF69BC5B924C8B4DDFF75C45415C1D9DD9DD33612CD530EFE1",
        16,
    ),
    int(
        "37C7C90CD40B0F5621DC3AC1B751CFA0E2634FA0503B3D52639F5D7FB72AFD61"
        "EA199441D943FFE7F0C70A2759A3CDB84C114E1F9339FDF27F35ECA93677BEEC",
        16,
    ),
)
R_512 = int(
    "2F86FA60A081091A23DD795E1E3C689EE512A3C82EE0DCC2643C78EEA8FCACD3"
    "5492558486B20F1C9EC197C90699850260C93BCBCD9C5C3317E19344E173AE36",
    16,
)
S_512 = int(
    "1081B394696FFE8E6585E7A9362D26B6325F56778AADBC081C0BFBE933D52FF5"
    "823CE288E8C4F362526080DF7F70CE406A6EEB1F56919CB92A9853BDE73E5B4A",
    16,
)
RFC_7091 = [
    (TEST_256, D_256, K_256, E_256, Q_256, R_256, S_256),
    (TEST_512, D_512, K_512, E_512, Q_512, R_512, S_512),
]
each_example = pytest.mark.parametrize(
    ("curve", "d", "k", "e", "q", "r", "s"), RFC_7091, ids=["section 7.1", "section 7.2"]
)
each_curve = pytest.mark.parametrize("curve", CURVES, ids=lambda curve: curve.name)


def key_of(curve: Curve, d: int = 0xB0B) -> PrivateKey:
    return PrivateKey(_algorithm(curve), curve, d)


def _algorithm(curve: Curve) -> KeyAlgorithm:
    return KeyAlgorithm.GOST_2012_256 if curve.size == 32 else KeyAlgorithm.GOST_2012_512


@each_example
def test_signing_with_the_number_of_the_rfc_gives_its_signature(
    curve: Curve, d: int, k: int, e: int, q: tuple[int, int], r: int, s: int
) -> None:
    key = key_of(curve, d)
    public_key = key.public_key()
    assert (public_key.x, public_key.y) == q
    signature = algorithm.sign(key, e.to_bytes(curve.size, "little"), lambda _: k)
    assert signature == s.to_bytes(curve.size, "big") + r.to_bytes(curve.size, "big")


@each_example
def test_the_signature_of_the_rfc_verifies(
    backend: Backend, curve: Curve, d: int, k: int, e: int, q: tuple[int, int], r: int, s: int
) -> None:
    key = PublicKey(_algorithm(curve), curve, *q)
    signature = algorithm.join_signature(curve, r, s)
    backend.verify(key, e.to_bytes(curve.size, "little"), signature)
    with pytest.raises(InvalidSignatureError):
        backend.verify(key, e.to_bytes(curve.size, "big"), signature)


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
@pytest.mark.parametrize("what", ["request", "certificate", "crl"])
def test_what_rfc_9215_signed_verifies_with_the_key_in_its_certificate(
    backend: Backend, example: Example, what: str
) -> None:
    certificate = x509.Certificate.load(example.certificate)
    info = certificate["tbs_certificate"]["subject_public_key_info"]
    key = read_public_key(info.dump())
    assert key == example.key.public_key()
    signed, signature = signed_parts(getattr(example, what))
    hasher = backend.new_hash(key.algorithm.digest)
    hasher.update(signed)
    backend.verify(key, hasher.digest(), signature)
    hasher.update(b"\0")
    with pytest.raises(InvalidSignatureError):
        backend.verify(key, hasher.digest(), signature)


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_signing_as_rfc_9215_did_gives_the_same_certificate(
    plain: Backend, example: Example
) -> None:
    signed, signature = signed_parts(example.certificate)
    hasher = plain.new_hash(example.key.algorithm.digest)
    hasher.update(signed)
    assert algorithm.sign(example.key, hasher.digest(), lambda _: example.k) == signature


@given(st.sampled_from(CURVES), st.data())
@settings(max_examples=60)
def test_each_backend_verifies_what_the_other_signed(
    plain: Backend, fast: Backend, curve: Curve, data: st.DataObject
) -> None:
    key = key_of(curve, data.draw(st.integers(1, curve.q - 1)))
    digest = data.draw(st.binary(min_size=curve.size, max_size=curve.size))
    public_key = key.public_key()
    fast.verify(public_key, digest, plain.sign(key, digest))
    plain.verify(public_key, digest, fast.sign(key, digest))


@given(st.sampled_from(CURVES), st.data())
@settings(max_examples=60)
def test_any_flipped_bit_is_refused(
    plain: Backend, fast: Backend, curve: Curve, data: st.DataObject
) -> None:
    key = key_of(curve)
    digest = bytes(range(curve.size))
    signature = algorithm.sign(key, digest)
    bit = data.draw(st.integers(0, 8 * 3 * curve.size - 1))
    changed = _flipped(digest + signature, bit)
    for backend in (plain, fast):
        backend.verify(key.public_key(), digest, signature)
        with pytest.raises(InvalidSignatureError):
            backend.verify(key.public_key(), changed[: curve.size], changed[curve.size :])


@each_curve
def test_a_signature_of_another_key_is_refused(backend: Backend, curve: Curve) -> None:
    digest = bytes(curve.size)
    signature = backend.sign(key_of(curve, 7), digest)
    backend.verify(key_of(curve, 7).public_key(), digest, signature)
    with pytest.raises(InvalidSignatureError):
        backend.verify(key_of(curve, 8).public_key(), digest, signature)


@each_curve
def test_r_and_s_must_lie_between_zero_and_the_order(backend: Backend, curve: Curve) -> None:
    key, digest = key_of(curve), b"\1" * curve.size
    r, s = algorithm.split_signature(curve, algorithm.sign(key, digest))
    bad = [(0, s), (r, 0), (0, 0), (curve.q, s), (r, curve.q)]
    limit = 1 << 8 * curve.size
    bad += [pair for pair in ((r + curve.q, s), (r, s + curve.q)) if max(pair) < limit]
    for pair in bad:
        with pytest.raises(InvalidSignatureError):
            backend.verify(key.public_key(), digest, algorithm.join_signature(curve, *pair))


@pytest.mark.parametrize("length", [0, 1, 63, 65, 128])
def test_a_signature_of_another_length_is_refused(backend: Backend, length: int) -> None:
    key = key_of(TC26_256_A)
    with pytest.raises(InvalidSignatureError):
        backend.verify(key.public_key(), bytes(32), b"\1" * length)


def test_a_digest_of_another_length_is_refused(backend: Backend) -> None:
    key = key_of(TC26_256_A)
    with pytest.raises(InvalidDigestError):
        backend.sign(key, bytes(64))
    with pytest.raises(InvalidDigestError):
        backend.verify(key.public_key(), bytes(20), b"\1" * 64)


@each_curve
def test_a_digest_that_is_zero_modulo_the_order_counts_as_one(
    backend: Backend, curve: Curve
) -> None:
    key = key_of(curve)
    signature = backend.sign(key, bytes(curve.size))
    one = (1).to_bytes(curve.size, "little")
    backend.verify(key.public_key(), one, signature)
    backend.verify(key.public_key(), curve.q.to_bytes(curve.size, "little"), signature)


@each_curve
def test_a_sum_that_is_the_point_at_infinity_is_refused(backend: Backend, curve: Curve) -> None:
    """With s = r·d the verifier's sum s/e·P - r/e·Q vanishes whatever the digest."""
    key = key_of(curve, 3)
    signature = algorithm.join_signature(curve, 5, 15)
    with pytest.raises(InvalidSignatureError):
        backend.verify(key.public_key(), b"\7" * curve.size, signature)


def test_two_signatures_of_one_digest_differ(backend: Backend) -> None:
    key = key_of(TC26_256_A)
    assert backend.sign(key, bytes(32)) != backend.sign(key, bytes(32))


def test_a_number_that_makes_r_zero_is_drawn_again() -> None:
    """CryptoPro-C has the base point (0, y): r is 0 for k = 1."""
    key = key_of(next(curve for curve in CURVES if curve.x == 0))
    numbers = iter([1, 2])
    signature = algorithm.sign(key, bytes(32), lambda _: next(numbers))
    assert signature == algorithm.sign(key, bytes(32), lambda _: 2)


@each_curve
def test_random_numbers_are_in_range(curve: Curve) -> None:
    assert all(0 < algorithm.random_nonce(curve.q) < curve.q for _ in range(20))
    assert {algorithm.random_nonce(3) for _ in range(100)} == {1, 2}


@each_curve
def test_a_point_off_the_curve_is_no_key(curve: Curve) -> None:
    good = key_of(curve).public_key()
    for x, y in [
        (good.x, good.y + 1),
        (good.x + curve.p, good.y),
        (good.x, good.y - curve.p),
        (0, 0),
    ]:
        with pytest.raises(InvalidKeyError, match="no point"):
            PublicKey(good.algorithm, curve, x, y)


def test_a_point_of_the_wrong_subgroup_is_no_key() -> None:
    curve = TC26_256_A
    small = next(
        point
        for x in range(1, 40)
        if (point := affine.times(curve, curve.q, affine.some_point(curve, x)))
    )
    shifted = affine.add(curve, small, (curve.x, curve.y))
    assert shifted is not None
    for point in (small, shifted):
        assert curve.holds(*point)
        with pytest.raises(InvalidKeyError, match="subgroup"):
            PublicKey(KeyAlgorithm.GOST_2012_256, curve, *point)


def _flipped(content: bytes, bit: int) -> bytes:
    changed = bytearray(content)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)
