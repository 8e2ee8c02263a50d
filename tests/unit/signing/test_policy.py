"""Algorithms: allowed, refused, or not known here."""

from __future__ import annotations

import pytest
from asn1crypto import algos, keys
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from signing.digests import digest
from signing.gost.backend import backend
from signing.gost.curves import CRYPTOPRO_A, CURVES, TC26_512_A, TEST_256, TEST_512, Curve
from signing.gost.encoding import write_public_key
from signing.gost.keys import KeyAlgorithm, PrivateKey
from signing.policy import (
    DEFAULT_POLICY,
    AlgorithmPolicy,
    Family,
    Scheme,
    Standing,
    UnknownKeyError,
    read_scheme,
    worst,
)
from tests.pki import ec_key, public_der, rsa_key

ALLOWED, UNKNOWN, REFUSED = Standing.ALLOWED, Standing.UNKNOWN, Standing.REFUSED


@pytest.mark.parametrize(
    ("name", "standing"),
    [
        ("sha256", ALLOWED),
        ("sha512", ALLOWED),
        ("sha1", REFUSED),
        ("md5", REFUSED),
        ("streebog256", ALLOWED),
        ("streebog512", ALLOWED),
        ("gost94", REFUSED),
        ("1.2.112.0.2.0.34.101.31.81", UNKNOWN),
    ],
)
def test_digests(name: str, standing: Standing) -> None:
    assert DEFAULT_POLICY.digest(name) is standing


@pytest.mark.parametrize(
    ("name", "standing"),
    [
        ("sha256_rsa", ALLOWED),
        ("sha384_ecdsa", ALLOWED),
        ("sha1_rsa", REFUSED),
        ("md5_rsa", REFUSED),
        ("sha1_dsa", REFUSED),
        ("sha256_dsa", UNKNOWN),
        ("ed25519", UNKNOWN),
        ("rsassa_pkcs1v15", UNKNOWN),
        ("1.2.643.7.1.1.3.2", ALLOWED),
        ("1.2.643.7.1.1.3.3", ALLOWED),
        ("1.2.643.7.1.1.1.1", ALLOWED),
        ("1.2.643.7.1.1.1.2", ALLOWED),
        ("1.2.643.2.2.3", REFUSED),
        ("1.2.643.2.2.19", REFUSED),
        ("1.2.112.0.2.0.34.101.45.12", UNKNOWN),
    ],
)
def test_signature_algorithms(name: str, standing: Standing) -> None:
    assert DEFAULT_POLICY.signature(algos.SignedDigestAlgorithm({"algorithm": name})) is standing


def key_standing(key: object, policy: AlgorithmPolicy = DEFAULT_POLICY) -> Standing:
    der = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)  # type: ignore[attr-defined]  # any private key
    return policy.key(keys.PublicKeyInfo.load(der))


def test_keys() -> None:
    assert key_standing(rsa_key(2048)) is ALLOWED
    assert key_standing(rsa_key(1024)) is REFUSED
    assert key_standing(ec_key()) is ALLOWED
    assert key_standing(ec.generate_private_key(ec.SECP256K1())) is REFUSED
    assert key_standing(ec.generate_private_key(ec.SECP224R1())) is REFUSED
    assert key_standing(dsa.generate_private_key(1024)) is REFUSED
    assert key_standing(ed25519.Ed25519PrivateKey.generate()) is UNKNOWN


def test_a_policy_is_a_value() -> None:
    strict = AlgorithmPolicy(rsa_bits=(3072, 4096))
    assert key_standing(rsa_key(2048), strict) is REFUSED


def test_the_worst_standing_decides() -> None:
    assert worst([]) is ALLOWED
    assert worst([ALLOWED, UNKNOWN]) is UNKNOWN
    assert worst([REFUSED, UNKNOWN, ALLOWED]) is REFUSED


def test_a_scheme_must_agree_with_the_digest_beside_it() -> None:
    algorithm = algos.SignedDigestAlgorithm({"algorithm": "sha256_rsa"})
    assert read_scheme(algorithm, "sha256") == Scheme(Family.RSA, "sha256")
    with pytest.raises(ValueError, match="sha512"):
        read_scheme(algorithm, "sha512")


def pss(digest: str, mask: str) -> algos.SignedDigestAlgorithm:
    return algos.SignedDigestAlgorithm(
        {
            "algorithm": "rsassa_pss",
            "parameters": {
                "hash_algorithm": {"algorithm": digest},
                "mask_gen_algorithm": {"algorithm": "mgf1", "parameters": {"algorithm": mask}},
                "salt_length": 32,
            },
        }
    )


def test_pss_is_read_and_verified() -> None:
    key = rsa_key()
    scheme = read_scheme(pss("sha256", "sha256"), "sha256")
    assert scheme == Scheme(Family.RSA_PSS, "sha256")
    signature = key.sign(b"text", padding.PSS(padding.MGF1(hashes.SHA256()), 32), hashes.SHA256())
    scheme.verify(public_der(key), signature, b"text")
    with pytest.raises(InvalidSignature):
        scheme.verify(public_der(key), signature, b"texts")


def test_pss_with_a_weak_mask_is_not_known() -> None:
    assert read_scheme(pss("sha256", "sha1")) is None
    assert DEFAULT_POLICY.signature(pss("sha1", "sha1")) is REFUSED


@pytest.mark.parametrize("key", [rsa_key(), ec_key()])
@pytest.mark.parametrize("family", list(Family))
def test_a_key_of_another_family_verifies_nothing(
    family: Family, key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
) -> None:
    with pytest.raises(InvalidSignature):
        Scheme(family, "sha256").verify(public_der(key), bytes(64), b"text")


def test_what_is_no_key_verifies_nothing() -> None:
    with pytest.raises(InvalidSignature):
        Scheme(Family.RSA, "sha256").verify(b"\x30\x00", bytes(64), b"text")


LONG, SHORT = Family.GOST_2012_512, Family.GOST_2012_256


def gost_key(curve: Curve = CRYPTOPRO_A) -> PrivateKey:
    short = curve.size == 32
    kind = KeyAlgorithm.GOST_2012_256 if short else KeyAlgorithm.GOST_2012_512
    return PrivateKey(kind, curve, 0xB0B)


def gost_info(curve: Curve = CRYPTOPRO_A) -> keys.PublicKeyInfo:
    return keys.PublicKeyInfo.load(write_public_key(gost_key(curve).public_key()))


@pytest.mark.parametrize("curve", CURVES, ids=lambda curve: curve.name)
def test_gost_keys_of_the_seven_sets_are_allowed_and_those_of_examples_are_not(
    curve: Curve,
) -> None:
    refused = curve in (TEST_256, TEST_512)
    assert DEFAULT_POLICY.key(gost_info(curve)) is (REFUSED if refused else ALLOWED)


def test_a_gost_key_of_an_unknown_set_is_unknown_and_verifies_nothing() -> None:
    info = gost_info()
    info["algorithm"]["parameters"] = {"public_key_param_set": "1.2.643.2.2.35.9"}
    assert DEFAULT_POLICY.key(info) is UNKNOWN
    assert not Scheme(SHORT, "streebog256").knows(info.dump())
    with pytest.raises(UnknownKeyError):
        Scheme(SHORT, "streebog256").verify(info.dump(), bytes(64), b"text")


def test_a_gost_key_that_is_no_point_is_refused() -> None:
    spki = bytearray(gost_info().dump())
    spki[-1] ^= 1
    assert DEFAULT_POLICY.key(keys.PublicKeyInfo.load(bytes(spki))) is REFUSED
    assert Scheme(SHORT, "streebog256").knows(bytes(spki))
    with pytest.raises(InvalidSignature):
        Scheme(SHORT, "streebog256").verify(bytes(spki), bytes(64), b"text")


def test_keys_of_2001_are_refused_and_verify() -> None:
    info = gost_info()
    info["algorithm"] = {"algorithm": "gost2001", "parameters": info["algorithm"]["parameters"]}
    info["algorithm"]["parameters"]["digest_param_set"] = "1.2.643.2.2.30.1"
    assert DEFAULT_POLICY.key(info) is REFUSED
    value = backend().sign(gost_key(), digest("gost94", b"text"))
    Scheme(Family.GOST_2001, "gost94").verify(info.dump(), value, b"text")
    with pytest.raises(InvalidSignature):
        Scheme(Family.GOST_2001, "gost94").verify(info.dump(), value, b"texts")


@pytest.mark.parametrize(
    ("names", "family", "hashed"),
    [
        (("1.2.643.7.1.1.1.1", "1.2.643.7.1.1.3.2"), SHORT, "streebog256"),
        (("1.2.643.7.1.1.1.2", "1.2.643.7.1.1.3.3"), LONG, "streebog512"),
        (("1.2.643.2.2.19", "1.2.643.2.2.3"), Family.GOST_2001, "gost94"),
    ],
)
def test_both_ways_to_name_a_gost_signature_are_one_scheme(
    names: tuple[str, str], family: Family, hashed: str
) -> None:
    for name in names:
        algorithm = algos.SignedDigestAlgorithm({"algorithm": name})
        assert read_scheme(algorithm) == read_scheme(algorithm, hashed) == Scheme(family, hashed)
        with pytest.raises(ValueError, match="sha256"):
            read_scheme(algorithm, "sha256")


@pytest.mark.parametrize("curve", [CRYPTOPRO_A, TC26_512_A], ids=lambda curve: curve.name)
def test_gost_is_verified(curve: Curve) -> None:
    key, spki = gost_key(curve), gost_info(curve).dump()
    scheme = {32: Scheme(SHORT, "streebog256"), 64: Scheme(LONG, "streebog512")}[curve.size]
    value = backend().sign(key, digest(scheme.digest, b"text"))
    scheme.verify(spki, value, b"text")
    for wrong in (
        lambda: scheme.verify(spki, value, b"texts"),
        lambda: scheme.verify(spki, value[::-1], b"text"),
        lambda: scheme.verify(spki, value + b"\0", b"text"),
        lambda: scheme.verify(public_der(ec_key()), value, b"text"),
        lambda: Scheme(Family.GOST_2001, "gost94").verify(spki, value, b"text"),
    ):
        with pytest.raises(InvalidSignature):
            wrong()
