"""Keys as DER: SubjectPublicKeyInfo (RFC 9215, section 4; RFC 4491, section 2.3.2) and PKCS #8.

Coordinates and private keys are little-endian inside OCTET STRINGs, unlike everywhere else.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar  # asn1crypto publishes no types

from asn1crypto import core

from signing.gost.curves import Curve, curve_by_oid
from signing.gost.errors import (
    MalformedKeyError,
    MaskedKeyError,
    UnknownParametersError,
)
from signing.gost.keys import KeyAlgorithm, PrivateKey, PublicKey

_DIGEST_PARAMETERS = {
    KeyAlgorithm.GOST_2012_256: "1.2.643.7.1.1.2.2",
    KeyAlgorithm.GOST_2012_512: "1.2.643.7.1.1.2.3",
    KeyAlgorithm.GOST_2001: "1.2.643.2.2.30.1",
}
_TC26 = "1.2.643.7.1.2."
_OCTET_STRING, _INTEGER, _SEQUENCE = 4, 2, 16
_Key = TypeVar("_Key")


class KeyParameters(core.Sequence):  # type: ignore[misc]  # asn1crypto publishes no types
    """GostR3410-2012-PublicKeyParameters (RFC 9215, section 4), and that of 2001."""

    _fields = [  # noqa: RUF012 - asn1crypto's way
        ("public_key_param_set", core.ObjectIdentifier),
        ("digest_param_set", core.ObjectIdentifier, {"optional": True}),
        ("encryption_param_set", core.ObjectIdentifier, {"optional": True}),
    ]


class _Algorithm(core.Sequence):  # type: ignore[misc]  # as above
    _fields = [  # noqa: RUF012
        ("algorithm", core.ObjectIdentifier),
        ("parameters", KeyParameters),
    ]


class _PublicKeyInfo(core.Sequence):  # type: ignore[misc]  # as above
    _fields = [  # noqa: RUF012
        ("algorithm", _Algorithm),
        ("public_key", core.OctetBitString),
    ]


class _PrivateKeyInfo(core.Sequence):  # type: ignore[misc]  # as above
    _fields = [  # noqa: RUF012
        ("version", core.Integer),
        ("algorithm", _Algorithm),
        ("private_key", core.OctetString),
        ("attributes", core.Any, {"optional": True}),
        ("public_key", core.Any, {"optional": True}),
    ]


def read_public_key(der: bytes) -> PublicKey:
    """Return the key in a SubjectPublicKeyInfo.

    Raises MalformedKeyError, UnknownParametersError, and InvalidKeyError for a bad point.
    """
    return _reading(_public_key, der)


def read_private_key(der: bytes) -> PrivateKey:
    """Return the key in a PrivateKeyInfo (PKCS #8, unencrypted).

    Three forms of the number are read: its little-endian bytes alone (as OpenSSL writes), the same
    in an OCTET STRING of their own, an INTEGER. Raises MalformedKeyError, MaskedKeyError,
    UnknownParametersError, InvalidKeyError, VerifyOnlyError.
    """
    return _reading(_private_key, der)


def write_public_key(key: PublicKey) -> bytes:
    """Return a SubjectPublicKeyInfo."""
    size = key.curve.size
    point = key.x.to_bytes(size, "little") + key.y.to_bytes(size, "little")
    info = _PublicKeyInfo(
        {"algorithm": _algorithm(key), "public_key": core.OctetString(point).dump()}
    )
    return bytes(info.dump())


def write_private_key(key: PrivateKey) -> bytes:
    """Return a PrivateKeyInfo in the form that OpenSSL's engine writes and reads."""
    scalar = key.d.to_bytes(key.curve.size, "little")
    info = _PrivateKeyInfo({"version": 0, "algorithm": _algorithm(key), "private_key": scalar})
    return bytes(info.dump())


def _reading(read: Callable[[bytes], _Key], der: bytes) -> _Key:
    try:
        return read(der)
    except (ValueError, TypeError) as error:  # what asn1crypto raises for broken bytes
        raise MalformedKeyError(f"the bytes are no GOST key: {error}") from error


def _public_key(der: bytes) -> PublicKey:
    info = _PublicKeyInfo.load(der, strict=True)
    _demand_no_more(info)
    algorithm, curve, parameter_set = _parameters(info["algorithm"])
    if info["public_key"].contents[:1] != b"\0":  # asn1crypto reads over unused bits
        raise MalformedKeyError("a public key has whole bytes")
    point = core.OctetString.load(info["public_key"].native, strict=True).native
    if len(point) != 2 * curve.size:
        raise MalformedKeyError(f"a public key has {2 * curve.size} bytes, not {len(point)}")
    x = int.from_bytes(point[: curve.size], "little")
    y = int.from_bytes(point[curve.size :], "little")
    return PublicKey(algorithm, curve, x, y, parameter_set)


def _private_key(der: bytes) -> PrivateKey:
    info = _PrivateKeyInfo.load(der, strict=True)
    _demand_no_more(info)
    algorithm, curve, parameter_set = _parameters(info["algorithm"])
    scalar = _scalar(info["private_key"].native, algorithm.size)
    return PrivateKey(algorithm, curve, scalar, parameter_set)


def _scalar(content: bytes, size: int) -> int:
    if len(content) == size:
        return int.from_bytes(content, "little")
    if content[:1] == bytes([_INTEGER]):
        return int(core.Integer.load(content, strict=True).native)
    if content[:1] == bytes([_OCTET_STRING]):
        inner = core.OctetString.load(content, strict=True).native
        if len(inner) == size:
            return int.from_bytes(inner, "little")
        content = inner
    # RFC 9548: the key times masks, then the masks; CryptoPro wraps both in a SEQUENCE.
    if (content and len(content) % size == 0) or content[:1] == bytes([0x20 | _SEQUENCE]):
        raise MaskedKeyError(
            "the private key is masked; export it with the program that holds it, or sign there"
        )
    raise MalformedKeyError(f"a private key has {size} bytes, not {len(content)}")


def _parameters(identifier: Any) -> tuple[KeyAlgorithm, Curve, str]:
    oid = identifier["algorithm"].dotted
    try:
        algorithm = KeyAlgorithm(oid)
    except ValueError:
        raise UnknownParametersError(f"{oid} is no GOST key algorithm") from None
    parameters = identifier["parameters"]
    _demand_no_more(identifier, parameters)
    digest = parameters["digest_param_set"]
    if digest.native is not None and digest.dotted != _DIGEST_PARAMETERS[algorithm]:
        raise UnknownParametersError(f"{digest.dotted} is no digest for {algorithm.name}")
    parameter_set = parameters["public_key_param_set"].dotted
    return algorithm, curve_by_oid(parameter_set), parameter_set


def _demand_no_more(*sequences: core.Sequence) -> None:
    """asn1crypto reads over what follows the last known field."""
    for sequence in sequences:
        if len(sequence) > len(sequence._fields):
            raise MalformedKeyError("the key has fields that are not known")


def _algorithm(key: PublicKey | PrivateKey) -> _Algorithm:
    parameters = {"public_key_param_set": key.parameter_set}
    # RFC 9215, section 4: present with the older names, left out with those of TC 26.
    if not key.parameter_set.startswith(_TC26):
        parameters["digest_param_set"] = _DIGEST_PARAMETERS[key.algorithm]
    return _Algorithm({"algorithm": key.algorithm.value, "parameters": KeyParameters(parameters)})
