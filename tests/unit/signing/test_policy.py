"""Algorithms: allowed, refused, or not known here."""

from __future__ import annotations

import pytest
from asn1crypto import algos, keys
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from signing.policy import (
    DEFAULT_POLICY,
    AlgorithmPolicy,
    Family,
    Scheme,
    Standing,
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
        ("1.2.643.7.1.1.2.2", UNKNOWN),
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
        ("1.2.643.7.1.1.3.2", UNKNOWN),
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
