"""PKCS#12 with GOST keys: read within bounds, nothing believed before its checksum is right."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from asn1crypto import core, parser, pkcs12

from signing.containers.derivation import BySha, ByStreebog, pkcs12_key
from signing.containers.errors import (
    KeyMaskedError,
    KeyUnreadableError,
    NoChecksumError,
    ProtectionUnknownError,
    WrongPasswordError,
)
from signing.containers.pkcs12 import make_container, read_container
from signing.digests import digest
from signing.errors import TooLargeError
from signing.gost.curves import TEST_256
from signing.gost.encoding import write_private_key
from signing.gost.keys import KeyAlgorithm as GostAlgorithm
from signing.gost.keys import PrivateKey as GostKey
from signing.keys import KeyNotAllowedError, SealBrokenError, open_pkcs12, open_sealed_key, seal_key
from signing.training.authority import Issued, TrainingCA
from signing.training.certificates import KeyAlgorithm
from signing.training.subjects import SubjectFacts
from signing.verdicts import SignatureKind
from tests.pki import NOON, YEAR

PASSWORD = "пароль"
FACTS = SubjectFacts("Берёзкина", "Мария Ильинична", "11223344595", "160000000001")
INSTALLATION = bytes(range(32))


@pytest.fixture(scope="module")
def ca() -> TrainingCA:
    return TrainingCA.create(NOON, 1, SignatureKind.ADVANCED, algorithm=KeyAlgorithm.GOST_2012_256)


@pytest.fixture(scope="module", params=[KeyAlgorithm.GOST_2012_256, KeyAlgorithm.GOST_2012_512])
def issued(request: pytest.FixtureRequest, ca: TrainingCA) -> Issued:
    return ca.issue(FACTS, NOON - timedelta(days=1), NOON + YEAR, request.param)


@pytest.fixture(scope="module")
def container(issued: Issued) -> bytes:
    return issued.pkcs12(PASSWORD)


# RFC 9337, appendix A: PBKDF2 with HMAC_GOSTR3411_2012_512.
VECTORS = [
    (
        (b"password", b"salt", 1, 64),
        "64770af7f748c3b1c9ac831dbcfd85c26111b30a8a657ddc3056b80ca73e040d"
        "2854fd36811f6d825cc4ab66ec0a68a490a9e5cf5156b3a2b7eecddbf9a16b47",
    ),
    (
        (b"password", b"salt", 2, 64),
        "5a585bafdfbb6e8830d6d68aa3b43ac00d2e4aebce01c9b31c2caed56f0236d4"
        "d34b2b8fbd2c4e89d54d46f50e47d45bbac301571743119e8d3c42ba66d348de",
    ),
]


@pytest.mark.parametrize(("given", "expected"), VECTORS)
def test_keys_are_derived_as_rfc_9337_says(
    given: tuple[bytes, bytes, int, int], expected: str
) -> None:
    assert ByStreebog("streebog512").pbkdf2(*given).hex() == expected


def test_a_long_password_is_hashed_first() -> None:
    by = ByStreebog("streebog256")
    long = b"p" * 65
    assert by.hmac(long, b"m") == by.hmac(digest("streebog256", long), b"m")
    assert by.hmac(long[:64], b"m") != by.hmac(digest("streebog256", long[:64]), b"m")


def test_more_than_one_block_is_derived() -> None:
    by = ByStreebog("streebog256")
    assert by.pbkdf2(b"p", b"s", 3, 50)[:32] == by.pbkdf2(b"p", b"s", 3, 32)
    assert len(by.pbkdf2(b"p", b"s", 3, 50)) == 50


def test_a_gost_container_opens_and_signs(container: bytes, issued: Issued) -> None:
    key = open_pkcs12(container, PASSWORD)
    assert key.certificate.der == issued.certificate_der
    assert [each.subject_text for each in key.chain] == [issued.signing_key().chain[0].subject_text]
    key.scheme.verify(key.certificate.public_key_der, key.sign(b"text"), b"text")


def test_a_gost_key_is_sealed_like_any_other(container: bytes, issued: Issued) -> None:
    sealed = seal_key(container, PASSWORD, INSTALLATION, "person-1")
    opened = open_sealed_key(sealed, PASSWORD, INSTALLATION, "person-1")
    assert opened.certificate.der == issued.certificate_der
    with pytest.raises(SealBrokenError):
        open_sealed_key(sealed, PASSWORD, INSTALLATION, "person-2")


@pytest.mark.parametrize("password", ["", "Пароль", "пароль "])
def test_a_wrong_password_of_a_gost_container_is_said(password: str, container: bytes) -> None:
    with pytest.raises(WrongPasswordError):
        open_pkcs12(container, password)


def test_any_changed_byte_of_the_protected_content_is_seen(container: bytes) -> None:
    file = pkcs12.Pfx.load(container)
    protected = bytes(file["auth_safe"]["content"].native)
    start = container.index(protected)
    for position in range(start, start + len(protected), 307):
        changed = bytearray(container)
        changed[position] ^= 1
        with pytest.raises((WrongPasswordError, KeyUnreadableError)):
            read_container(bytes(changed), PASSWORD)


def test_flipped_bits_anywhere_crash_nothing(container: bytes) -> None:
    outcomes = set()
    for position in range(0, len(container), 41):
        changed = bytearray(container)
        changed[position] ^= 0x10
        try:
            read_container(bytes(changed), PASSWORD)
        except (WrongPasswordError, KeyUnreadableError) as error:
            outcomes.add(type(error))
    assert {WrongPasswordError, KeyUnreadableError} <= outcomes


def with_checksum(container: bytes, change: Callable[[pkcs12.MacData], None]) -> bytes:
    file = pkcs12.Pfx.load(container)
    change(file["mac_data"])
    return bytes(file.dump(force=True))


@pytest.mark.parametrize("rounds", [0, -1, 5_000_001, 2**70])
def test_a_checksum_that_would_take_hours_is_not_made(rounds: int, container: bytes) -> None:
    changed = with_checksum(container, lambda mac: mac.__setitem__("iterations", rounds))
    for opens in (read_container, open_pkcs12):
        with pytest.raises(KeyUnreadableError) as refused:
            opens(changed, PASSWORD)
        assert type(refused.value) is KeyUnreadableError


@pytest.mark.parametrize(("rounds", "refused"), [(1, False), (10_000, False), (10_001, True)])
def test_streebog_is_bounded_more_narrowly(rounds: int, refused: bool, container: bytes) -> None:
    def by_streebog(mac: pkcs12.MacData) -> None:
        mac["iterations"] = rounds
        mac["mac"]["digest_algorithm"]["algorithm"] = "streebog512"

    changed = with_checksum(container, by_streebog)
    with pytest.raises(KeyUnreadableError if refused else WrongPasswordError):
        read_container(changed, PASSWORD)


def test_parts_that_take_hours_together_are_not_opened(issued: Issued) -> None:
    file = pkcs12.Pfx.load(issued.pkcs12(PASSWORD))
    parts = pkcs12.AuthenticatedSafe.load(file["auth_safe"]["content"].native)
    many = pkcs12.AuthenticatedSafe([parts[0]] * 60)
    changed = protected_anew(many.dump())
    with pytest.raises(KeyUnreadableError):
        open_pkcs12(changed, PASSWORD)


def protected_anew(protected: bytes) -> bytes:
    """A file with this content and the right checksum over it."""
    by, salt, rounds = BySha("sha256"), b"salt", 1
    key = pkcs12_key("sha256", PASSWORD, salt, rounds, 3, 32)
    checksum = {
        "mac": {"digest_algorithm": {"algorithm": "sha256"}, "digest": by.hmac(key, protected)},
        "mac_salt": salt,
        "iterations": rounds,
    }
    safe = {"content_type": "data", "content": protected}
    return bytes(pkcs12.Pfx({"version": "v3", "auth_safe": safe, "mac_data": checksum}).dump())


def plain(*bags: bytes) -> bytes:
    """A file with these bags (DER) in the open, under the right checksum."""
    contents = parser.emit(0, 1, 16, b"".join(bags))
    part = pkcs12.ContentInfo({"content_type": "data", "content": contents})
    return protected_anew(pkcs12.AuthenticatedSafe([part]).dump())


def key_bag(pkcs8: bytes) -> bytes:
    oid = core.ObjectIdentifier("1.2.840.113549.1.12.10.1.1").dump()
    return bytes(parser.emit(0, 1, 16, oid + parser.emit(2, 1, 0, pkcs8)))


def certificate_bag(certificate: bytes) -> bytes:
    value = {"cert_id": "x509", "cert_value": core.ParsableOctetString(certificate)}
    return bytes(pkcs12.SafeBag({"bag_id": "cert_bag", "bag_value": value}).dump())


def bags_of(issued: Issued) -> tuple[bytes, bytes]:
    key = issued.key
    assert isinstance(key, GostKey)
    return key_bag(write_private_key(key)), certificate_bag(issued.certificate_der)


def test_keys_in_the_open_are_read_as_well(issued: Issued) -> None:
    assert open_pkcs12(plain(*bags_of(issued)), PASSWORD).private_key == issued.key


def test_two_keys_none_and_no_certificate_are_refused(issued: Issued) -> None:
    key, certificate = bags_of(issued)
    for bags in ((key, key, certificate), (certificate,), (key,)):
        with pytest.raises(KeyUnreadableError):
            open_pkcs12(plain(*bags), PASSWORD)


def test_a_certificate_for_another_key_is_refused(issued: Issued, ca: TrainingCA) -> None:
    other = ca.issue(FACTS, NOON, NOON + YEAR, KeyAlgorithm.GOST_2012_256)
    key, _ = bags_of(issued)
    _, certificate = bags_of(other)
    with pytest.raises(KeyUnreadableError):
        open_pkcs12(plain(key, certificate), PASSWORD)


@pytest.mark.parametrize("form", ["octets", "integer"])
def test_a_key_in_any_of_its_forms_opens(form: str, issued: Issued) -> None:
    key = issued.key
    assert isinstance(key, GostKey)
    number = key.d.to_bytes(key.curve.size, "little")
    inner = core.OctetString(number) if form == "octets" else core.Integer(key.d)
    pkcs8 = write_private_key(key).replace(
        core.OctetString(number).dump(), core.OctetString(inner.dump()).dump()
    )
    body = parser.parse(write_private_key(key))[4]
    changed = body.replace(core.OctetString(number).dump(), core.OctetString(inner.dump()).dump())
    pkcs8 = parser.emit(0, 1, 16, changed)
    _, certificate = bags_of(issued)
    assert open_pkcs12(plain(key_bag(pkcs8), certificate), PASSWORD).private_key == key


def test_a_masked_key_says_where_to_sign(issued: Issued) -> None:
    key = issued.key
    assert isinstance(key, GostKey)
    number = core.OctetString(key.d.to_bytes(key.curve.size, "little")).dump()
    masked = core.OctetString(bytes(range(1, 2 * key.curve.size + 1))).dump()
    pkcs8 = parser.emit(0, 1, 16, parser.parse(write_private_key(key))[4].replace(number, masked))
    with pytest.raises(KeyMaskedError):
        open_pkcs12(plain(key_bag(pkcs8), bags_of(issued)[1]), PASSWORD)


def test_a_key_on_a_curve_for_tests_signs_nothing(ca: TrainingCA, issued: Issued) -> None:
    weak = GostKey.generate(GostAlgorithm.GOST_2012_256, TEST_256)
    with pytest.raises((KeyNotAllowedError, KeyUnreadableError)):
        open_pkcs12(plain(key_bag(write_private_key(weak)), bags_of(issued)[1]), PASSWORD)


def test_a_container_without_a_checksum_is_refused(container: bytes) -> None:
    file = pkcs12.Pfx.load(container)
    bare = pkcs12.Pfx({"version": "v3", "auth_safe": file["auth_safe"]})
    with pytest.raises(NoChecksumError):
        open_pkcs12(bare.dump(), PASSWORD)


def test_a_checksum_of_an_unknown_kind_is_named(container: bytes) -> None:
    def by_md5(mac: pkcs12.MacData) -> None:
        mac["mac"]["digest_algorithm"]["algorithm"] = "md5"

    with pytest.raises(ProtectionUnknownError, match=r"1\.2\.840\.113549\.2\.5"):
        open_pkcs12(with_checksum(container, by_md5), PASSWORD)


@pytest.mark.parametrize("content", [b"", b"\x30\x00", b"\x30\x80\x00\x00", b"%PDF-1.7"])
def test_what_is_no_gost_container_is_said(content: bytes) -> None:
    with pytest.raises(KeyUnreadableError):
        read_container(content, PASSWORD)


def test_a_huge_gost_container_is_not_parsed() -> None:
    with pytest.raises(TooLargeError):
        read_container(bytes(1024 * 1024 + 1), PASSWORD)


def test_two_containers_of_one_key_differ(issued: Issued) -> None:
    key = issued.key
    assert isinstance(key, GostKey)
    made = {
        make_container(write_private_key(key), (issued.certificate_der,), PASSWORD, "ключ")
        for _ in range(2)
    }
    assert len(made) == 2
