"""Key containers made to keep whoever opens them busy: refused before that begins."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from asn1crypto import algos, core, keys, parser, pkcs12
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from signing.containers.errors import KeyUnreadableError
from signing.containers.pkcs12 import make_container, read_container
from signing.keys import open_pkcs12
from tests.pki import Holder, ec_key
from tests.unit.signing.test_containers import (
    PASSWORD,
    certificate_bag,
    key_bag,
    plain,
    protected_anew,
)

HOURS = 2**31 - 1
"""Rounds of PBKDF2 that take ten minutes; a file has room for thousands of such keys."""
NESTED = "1.2.840.113549.1.12.10.1.6"
MERSENNE = (9689, 11213)
"""2 to the power of these, less one, is a prime: to see that it is one takes a minute each."""


@contextmanager
def at_once() -> Iterator[None]:
    began = time.process_time()
    yield
    assert time.process_time() - began < 5


def sequence(*parts: bytes) -> bytes:
    return bytes(parser.emit(0, 1, 16, b"".join(parts)))


def encrypted(content: bytes) -> tuple[algos.EncryptionAlgorithm, bytes]:
    """The content as this product encrypts it under the password."""
    part = pkcs12.AuthenticatedSafe.load(
        pkcs12.Pfx.load(make_container(content, (), PASSWORD, "k"))["auth_safe"]["content"].native
    )[1]
    value = pkcs12.SafeContents.load(part["content"].native)[0]["bag_value"]
    return value["encryption_algorithm"], value["encrypted_data"].native


def shrouded(rounds: int, prf: str = "sha256") -> bytes:
    """An encrypted key of which its derivation is said to take so many rounds."""
    algorithm, content = encrypted(
        ec_key().private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    )
    derivation = algorithm["parameters"]["key_derivation_func"]["parameters"]
    derivation["iteration_count"] = rounds
    derivation["prf"] = {"algorithm": prf}
    value = {"encryption_algorithm": algorithm, "encrypted_data": content}
    bag = pkcs12.SafeBag({"bag_id": "pkcs8_shrouded_key_bag", "bag_value": value})
    return bytes(bag.dump())


def nested(bag: bytes, depth: int) -> bytes:
    """Bags within bags (RFC 7292, section 4.2.6)."""
    for _ in range(depth):
        content = core.ObjectIdentifier(NESTED).dump() + parser.emit(2, 1, 0, sequence(bag))
        bag = sequence(content)
    return bag


def hidden(bag: bytes) -> bytes:
    """A file with the bag in a part that is encrypted."""
    algorithm, content = encrypted(sequence(bag))
    info = {
        "content_type": "data",
        "content_encryption_algorithm": algorithm,
        "encrypted_content": content,
    }
    part = {
        "content_type": "encrypted_data",
        "content": {"version": "v0", "encrypted_content_info": info},
    }
    return protected_anew(pkcs12.AuthenticatedSafe([part]).dump())


@pytest.mark.parametrize(
    "file",
    [plain(shrouded(HOURS)), plain(nested(shrouded(HOURS), 1)), hidden(shrouded(HOURS))],
    ids=["in the open", "in a bag within", "in an encrypted part"],
)
def test_a_key_that_is_derived_for_hours_is_refused_wherever_it_hides(file: bytes) -> None:
    with at_once(), pytest.raises(KeyUnreadableError):
        open_pkcs12(file, PASSWORD)


def test_bags_within_bags_without_end_crash_nothing() -> None:
    with at_once(), pytest.raises(KeyUnreadableError):
        open_pkcs12(plain(nested(shrouded(1), 3_000)), PASSWORD)


def test_derivations_by_streebog_are_bounded_together() -> None:
    """Each alone would pass; all of them would take minutes."""
    keys_of_five_thousand = [shrouded(5_000, "1.2.643.7.1.1.4.2")] * 60
    with at_once(), pytest.raises(KeyUnreadableError):
        read_container(plain(*keys_of_five_thousand), PASSWORD)


def rsa_numbers(p: int, q: int) -> bytes:
    d = pow(65537, -1, (p - 1) * (q - 1))
    numbers = keys.RSAPrivateKey(
        {
            "version": 0,
            "modulus": p * q,
            "public_exponent": 65537,
            "private_exponent": d,
            "prime1": p,
            "prime2": q,
            "exponent1": d % (p - 1),
            "exponent2": d % (q - 1),
            "coefficient": pow(q, -1, p),
        }
    )
    return bytes(keys.PrivateKeyInfo.wrap(numbers, "rsa").dump())


def test_an_rsa_key_of_endless_primes_is_refused(head: Holder) -> None:
    p, q = (2**power - 1 for power in MERSENNE)
    file = plain(key_bag(rsa_numbers(p, q)), certificate_bag(head.der))
    with at_once(), pytest.raises(KeyUnreadableError):
        open_pkcs12(file, PASSWORD)
