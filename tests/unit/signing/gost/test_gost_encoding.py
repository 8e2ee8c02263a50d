"""Keys in DER: what is read, what is written, what is refused in which words."""

from __future__ import annotations

import pytest
from asn1crypto import core
from hypothesis import example, given
from hypothesis import strategies as st

from signing.gost.curves import CRYPTOPRO_A, CURVES, TC26_256_A, TC26_512_A, TEST_256, Curve
from signing.gost.encoding import (
    read_private_key,
    read_public_key,
    write_private_key,
    write_public_key,
)
from signing.gost.errors import (
    GostError,
    InvalidKeyError,
    MalformedKeyError,
    MaskedKeyError,
    UnknownParametersError,
    VerifyOnlyError,
)
from signing.gost.keys import KeyAlgorithm, PrivateKey, PublicKey

# The key of RFC 7091, section 7.1, as RFC 9215 has it in the certificate of appendix D.
SPKI = bytes.fromhex(
    "3066301f06082a85030701010101301306072a85030202230006082a8503070101020203430004"
    "400bd86fe5d8db89668f789b4e1dba8585c5508b45ec5b59d8906ddb70e2492b7fda77ff871a10"
    "fbdf2766d293c5d164afbb3c7b973a41c885d11d70d689b4f126"
)
NUMBER = 0x7A929ADE789BB9BE10ED359DD39A72C11B60961F49397EEE1D19CE9891EC3B28
NAMES = [(curve, oid) for curve in CURVES for oid in curve.oids]
each_name = pytest.mark.parametrize(
    ("curve", "oid"), NAMES, ids=[f"{curve.name}-{oid}" for curve, oid in NAMES]
)


def key_of(curve: Curve, oid: str = "", d: int = 0xB0B) -> PrivateKey:
    size = curve.size
    algorithm = KeyAlgorithm.GOST_2012_256 if size == 32 else KeyAlgorithm.GOST_2012_512
    return PrivateKey(algorithm, curve, d, oid)


def private_key_info(content: bytes, key: PrivateKey | None = None) -> bytes:
    """PKCS #8 with `content` where the number stands."""
    whole = write_private_key(key or key_of(TEST_256, d=NUMBER))
    algorithm = core.Sequence.load(whole)[1]
    parts = core.Integer(0).dump() + algorithm.dump() + core.OctetString(content).dump()
    return bytes(core.Sequence(contents=parts).dump())


def test_the_key_of_the_rfc_is_read() -> None:
    key = read_public_key(SPKI)
    assert key == key_of(TEST_256, d=NUMBER).public_key()
    assert key.algorithm is KeyAlgorithm.GOST_2012_256
    assert key.x == 0x7F2B49E270DB6D90D8595BEC458B50C58585BA1D4E9B788F6689DBD8E56FD80B
    assert write_public_key(key) == SPKI


@each_name
def test_keys_come_back_with_the_name_of_their_parameters(curve: Curve, oid: str) -> None:
    key = key_of(curve, oid)
    for read, written in [
        (read_private_key(write_private_key(key)), key),
        (read_public_key(write_public_key(key.public_key())), key.public_key()),
    ]:
        assert read == written
        assert read.parameter_set == written.parameter_set == oid


@each_name
def test_the_digest_is_written_with_the_older_names_only(curve: Curve, oid: str) -> None:
    written = write_public_key(key_of(curve, oid).public_key())
    digest = core.ObjectIdentifier(f"1.2.643.7.1.1.2.{2 if curve.size == 32 else 3}").dump()
    assert (digest in written) is oid.startswith("1.2.643.2.2.")


def test_keys_that_differ_in_the_name_of_their_curve_are_equal() -> None:
    one, other = (key_of(CRYPTOPRO_A, oid).public_key() for oid in CRYPTOPRO_A.oids[:2])
    assert one == other
    assert one.parameter_set != other.parameter_set


def test_parameters_are_read_with_and_without_the_digest() -> None:
    key = key_of(TC26_256_A).public_key()
    plain = write_public_key(key)
    with_digest = _with_parameters(
        plain, core.ObjectIdentifier("1.2.643.7.1.1.2.2").dump(), TC26_256_A.oids[0]
    )
    assert with_digest != plain
    assert read_public_key(with_digest) == key
    assert read_public_key(_with_parameters(SPKI, b"", TEST_256.oids[0])) == read_public_key(SPKI)


def test_a_digest_that_does_not_fit_the_key_is_refused() -> None:
    plain = write_public_key(key_of(TC26_256_A).public_key())
    foreign = core.ObjectIdentifier("1.2.643.7.1.1.2.3").dump()
    with pytest.raises(UnknownParametersError, match=r"1\.2\.643\.7\.1\.1\.2\.3"):
        read_public_key(_with_parameters(plain, foreign, TC26_256_A.oids[0]))


def test_old_keys_verify_only() -> None:
    point = key_of(CRYPTOPRO_A).public_key()
    old = PublicKey(KeyAlgorithm.GOST_2001, CRYPTOPRO_A, point.x, point.y, "1.2.643.2.2.36.0")
    written = write_public_key(old)
    assert read_public_key(written) == old
    assert core.ObjectIdentifier("1.2.643.2.2.30.1").dump() in written
    with pytest.raises(VerifyOnlyError):
        PrivateKey(KeyAlgorithm.GOST_2001, CRYPTOPRO_A, 5)


@pytest.mark.parametrize(
    "content",
    [
        NUMBER.to_bytes(32, "little"),
        core.OctetString(NUMBER.to_bytes(32, "little")).dump(),
        core.Integer(NUMBER).dump(),
    ],
    ids=["bytes alone", "octet string", "integer"],
)
def test_three_forms_of_a_private_key_are_read(content: bytes) -> None:
    assert read_private_key(private_key_info(content)) == key_of(TEST_256, d=NUMBER)


@pytest.mark.parametrize(
    "content",
    [
        bytes(64),
        core.OctetString(bytes(64)).dump(),
        core.OctetString(bytes(96)).dump(),
        core.Sequence(contents=core.OctetString(bytes(64)).dump()).dump(),
    ],
    ids=["bytes and mask", "octet string", "two masks", "sequence"],
)
def test_a_masked_private_key_is_refused_with_what_to_do(content: bytes) -> None:
    with pytest.raises(MaskedKeyError, match="export it with the program that holds it"):
        read_private_key(private_key_info(content))


@pytest.mark.parametrize("content", [b"", b"\4", bytes(31), bytes(33), b"\4\1\0", b"\2\1"])
def test_other_private_keys_are_malformed(content: bytes) -> None:
    with pytest.raises(MalformedKeyError):
        read_private_key(private_key_info(content))


@pytest.mark.parametrize("number", [0, TEST_256.q, (1 << 256) - 1])
def test_a_private_key_out_of_range_is_refused(number: int) -> None:
    with pytest.raises(InvalidKeyError):
        read_private_key(private_key_info(number.to_bytes(32, "little")))


def test_the_integer_form_may_not_be_negative() -> None:
    with pytest.raises(InvalidKeyError):
        read_private_key(private_key_info(core.Integer(-5).dump()))


def test_a_point_off_the_curve_is_refused() -> None:
    with pytest.raises(InvalidKeyError):
        read_public_key(SPKI[:-1] + bytes([SPKI[-1] ^ 1]))


def test_unknown_names_are_said() -> None:
    rsa = bytes.fromhex("300d06092a864886f70d0101010500")
    info = core.Sequence(contents=rsa + core.BitString((0,) * 8).dump()).dump()
    with pytest.raises(GostError):
        read_public_key(bytes(info))
    nist = _with_parameters(SPKI, b"", "1.2.840.10045.3.1.7")
    with pytest.raises(UnknownParametersError, match=r"1\.2\.840\.10045\.3\.1\.7"):
        read_public_key(nist)
    other = SPKI.replace(bytes.fromhex("2a85030701010101"), bytes.fromhex("2a85030701010109"))
    with pytest.raises(UnknownParametersError, match="no GOST key algorithm"):
        read_public_key(other)


def test_a_long_key_on_a_short_curve_is_refused() -> None:
    other = SPKI.replace(bytes.fromhex("2a85030701010101"), bytes.fromhex("2a85030701010102"))
    other = other.replace(bytes.fromhex("2a85030701010202"), bytes.fromhex("2a85030701010203"))
    with pytest.raises(InvalidKeyError):
        read_public_key(other)


def test_bytes_behind_the_key_are_refused() -> None:
    with pytest.raises(MalformedKeyError):
        read_public_key(SPKI + b"\0")
    with pytest.raises(MalformedKeyError):
        read_private_key(write_private_key(key_of(TEST_256)) + b"\0")


@given(st.binary(max_size=200))
def test_rubbish_is_refused(rubbish: bytes) -> None:
    with pytest.raises(GostError):
        read_public_key(rubbish)
    with pytest.raises(GostError):
        read_private_key(rubbish)


@given(st.integers(0, len(SPKI) - 1), st.integers(1, 255))
@example(SPKI.index(bytes.fromhex("03430004")) + 2, 1)  # how many bits are unused
def test_a_changed_byte_gives_another_key_or_a_refusal(position: int, change: int) -> None:
    changed = bytearray(SPKI)
    changed[position] ^= change
    try:
        read = read_public_key(bytes(changed))
    except GostError:
        return
    assert read != read_public_key(SPKI) or read.parameter_set != TEST_256.oids[0]


def test_a_private_key_does_not_show_its_number() -> None:
    key = PrivateKey.generate(KeyAlgorithm.GOST_2012_512, TC26_512_A)
    assert str(key.d) not in repr(key)
    assert hex(key.d)[2:] not in repr(key)
    assert key != PrivateKey.generate(KeyAlgorithm.GOST_2012_512, TC26_512_A)


def test_a_name_of_another_curve_is_refused() -> None:
    with pytest.raises(InvalidKeyError, match="does not name"):
        key_of(TC26_256_A, CRYPTOPRO_A.oids[0])


def _with_parameters(spki: bytes, after: bytes, parameter_set: str) -> bytes:
    """The same key with other parameters: the name, then the bytes `after`."""
    info = core.Sequence.load(spki)
    algorithm = core.Sequence.load(info[0].dump())
    parameters = core.Sequence(contents=core.ObjectIdentifier(parameter_set).dump() + after)
    changed = core.Sequence(contents=algorithm[0].dump() + parameters.dump())
    return bytes(core.Sequence(contents=changed.dump() + info[1].dump()).dump())
