"""Keys in PKCS#12: opened, sealed, refused."""

from __future__ import annotations

import pytest
from asn1crypto import pkcs12 as asn1_pkcs12
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    PrivateFormat,
    pkcs12,
)

from signing.errors import TooLargeError
from signing.keys import (
    KeyNotAllowedError,
    KeyUnreadableError,
    SealBrokenError,
    WrongPasswordError,
    open_pkcs12,
    open_sealed_key,
    seal_key,
)
from signing.policy import Family, Scheme
from tests.pki import Holder, Office, ec_key, rsa_key

INSTALLATION = bytes(range(32))


@pytest.fixture(scope="module")
def container(head: Holder) -> bytes:
    return head.pkcs12("пароль")


def test_a_container_opens_with_its_password(container: bytes, head: Holder) -> None:
    key = open_pkcs12(container, "пароль")
    assert key.certificate.der == head.der
    assert len(key.chain) == 1
    assert key.scheme == Scheme(Family.ECDSA, "sha256")
    key.scheme.verify(key.certificate.public_key_der, key.sign(b"text"), b"text")


@pytest.mark.parametrize("password", ["", "Пароль", "пароль "])
def test_a_wrong_password_is_said(password: str, container: bytes) -> None:
    with pytest.raises(WrongPasswordError):
        open_pkcs12(container, password)


@pytest.mark.parametrize("content", [b"", b"\x30\x00", b"%PDF-1.7", b"-----BEGIN PRIVATE KEY-----"])
def test_what_is_no_container_is_said(content: bytes) -> None:
    with pytest.raises(KeyUnreadableError):
        open_pkcs12(content, "пароль")


def test_a_container_without_a_certificate_is_refused() -> None:
    bare = pkcs12.serialize_key_and_certificates(
        b"k", ec_key(), None, None, BestAvailableEncryption(b"x")
    )
    with pytest.raises(KeyUnreadableError):
        open_pkcs12(bare, "x")


def test_a_weak_key_signs_nothing_new(office: Office) -> None:
    for key in (rsa_key(1024), ec.generate_private_key(ec.SECP256K1())):
        weak = office.issuing.person(key=key).pkcs12("x")
        with pytest.raises(KeyNotAllowedError):
            open_pkcs12(weak, "x")


def test_a_huge_container_is_not_parsed() -> None:
    with pytest.raises(TooLargeError):
        open_pkcs12(bytes(1024 * 1024 + 1), "x")


@pytest.mark.parametrize("rounds", [1_000, 5_000_001])
def test_a_container_that_would_take_hours_is_not_opened(rounds: int, head: Holder) -> None:
    encryption = (
        PrivateFormat.PKCS12.encryption_builder()
        .kdf_rounds(1_000)
        .key_cert_algorithm(pkcs12.PBES.PBESv2SHA256AndAES256CBC)
        .build(b"x")
    )
    container = pkcs12.serialize_key_and_certificates(
        b"k", head.key, head.certificate, None, encryption
    )
    pfx = asn1_pkcs12.Pfx.load(container)
    pfx["mac_data"]["iterations"] = rounds
    refused = WrongPasswordError if rounds <= 5_000_000 else KeyUnreadableError
    with pytest.raises(refused):
        open_pkcs12(pfx.dump(), "y")


@pytest.mark.parametrize(
    "algorithm", [pkcs12.PBES.PBESv1SHA1And3KeyTripleDESCBC, pkcs12.PBES.PBESv2SHA256AndAES256CBC]
)
def test_containers_of_older_and_newer_programs_open(algorithm: pkcs12.PBES, head: Holder) -> None:
    encryption = PrivateFormat.PKCS12.encryption_builder().key_cert_algorithm(algorithm).build(b"x")
    container = pkcs12.serialize_key_and_certificates(
        b"k", head.key, head.certificate, None, encryption
    )
    assert open_pkcs12(container, "x").certificate.der == head.der


def test_the_private_key_does_not_show_in_texts(container: bytes) -> None:
    assert "private_key" not in repr(open_pkcs12(container, "пароль"))


@pytest.fixture(scope="module")
def sealed(container: bytes) -> bytes:
    return seal_key(container, "пароль", INSTALLATION, "person-1")


def test_a_sealed_key_opens_with_both_keys(sealed: bytes, head: Holder) -> None:
    key = open_sealed_key(sealed, "пароль", INSTALLATION, "person-1")
    assert key.certificate.der == head.der


def test_a_sealed_key_holds_nothing_readable(sealed: bytes, container: bytes, head: Holder) -> None:
    assert container[:64] not in sealed
    assert head.der[:64] not in sealed


def test_sealing_twice_gives_different_bytes(sealed: bytes, container: bytes) -> None:
    assert seal_key(container, "пароль", INSTALLATION, "person-1") != sealed


def test_a_sealed_key_needs_the_owners_password(sealed: bytes) -> None:
    with pytest.raises(WrongPasswordError):
        open_sealed_key(sealed, "другой", INSTALLATION, "person-1")


@pytest.mark.parametrize(
    ("installation", "owner"), [(bytes(32), "person-1"), (INSTALLATION, "person-2")]
)
def test_a_sealed_key_is_bound_to_owner_and_installation(
    installation: bytes, owner: str, sealed: bytes
) -> None:
    with pytest.raises(SealBrokenError):
        open_sealed_key(sealed, "пароль", installation, owner)


def test_a_changed_sealed_key_is_refused(sealed: bytes) -> None:
    for position in (0, 3, 25, len(sealed) // 2, len(sealed) - 1):
        changed = bytearray(sealed)
        changed[position] ^= 1
        with pytest.raises(SealBrokenError):
            open_sealed_key(bytes(changed), "пароль", INSTALLATION, "person-1")
    with pytest.raises(SealBrokenError):
        open_sealed_key(sealed[:10], "пароль", INSTALLATION, "person-1")


def test_a_container_that_does_not_open_is_never_sealed(container: bytes) -> None:
    with pytest.raises(WrongPasswordError):
        seal_key(container, "другой", INSTALLATION, "person-1")
