"""The training authority at rest: one JSON text under AES-256-GCM, the key from a password.

The key is derived by scrypt (RFC 7914); the authentication tag covers revocations and numbers
as well as the keys, so that nobody can take a certificate off the list.
"""

from __future__ import annotations

import json
import os
from base64 import b64decode, b64encode
from contextlib import suppress
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any  # JSON as it comes from json.loads has no better type

from cryptography import x509
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_private_key,
)

from signing.gost.encoding import read_private_key, write_private_key
from signing.gost.errors import GostError
from signing.gost.keys import PrivateKey as GostKey
from signing.keys import PrivateKey
from signing.training.authority import Authority, Revocation, TrainingCA, TrainingCaError
from signing.verdicts import SignatureKind
from signing.words import N_

FORM = b"marshrut-training-ca/1\n"
SALT = 16
NONCE = 12
MAX_LENGTH = 16_000_000


class TrainingVaultError(TrainingCaError):
    """The password is wrong, or the bytes are not a stored authority or were changed."""

    code = "training_ca.locked"
    msgid = N_("The training authority cannot be opened: the password or the file is wrong.")


def lock(ca: TrainingCA, password: str) -> bytes:
    """Return `ca` as bytes that only `password` opens."""
    (salt, key), nonce = _sealing_key(password), os.urandom(NONCE)
    plain = json.dumps(_authority_out(ca), sort_keys=True).encode()
    sealed = AESGCM(key).encrypt(nonce, plain, FORM)
    return FORM + salt + nonce + sealed


def unlock(locked: bytes, password: str) -> TrainingCA:
    """Return the authority that `lock` stored; raises TrainingVaultError."""
    if not locked.startswith(FORM) or len(locked) > MAX_LENGTH:
        raise TrainingVaultError
    body = locked[len(FORM) :]
    salt, nonce, sealed = body[:SALT], body[SALT : SALT + NONCE], body[SALT + NONCE :]
    try:
        plain = AESGCM(_key(password, salt)).decrypt(nonce, sealed, FORM)
    except (InvalidTag, ValueError) as error:
        raise TrainingVaultError from error
    return _authority_in(json.loads(plain))


@lru_cache(maxsize=8)
def _sealing_key(password: str) -> tuple[bytes, bytes]:
    """A random salt and its key: a process that stores after each act derives it once."""
    salt = os.urandom(SALT)
    return salt, _key(password, salt)


@lru_cache(maxsize=8)
def _key(password: str, salt: bytes) -> bytes:
    return Scrypt(salt=salt, length=32, n=2**15, r=8, p=1).derive(password.encode())


def _authority_out(ca: TrainingCA) -> dict[str, object]:
    return {
        "kind_stood_for": ca.kind_stood_for,
        "root": _pair_out(ca.root),
        "issuing": _pair_out(ca.issuing),
        "issued": [str(serial) for serial in sorted(ca.issued)],
        "last_crl_number": ca.last_crl_number,
        "revocations": [
            {"serial": str(item.serial), "at": item.at.isoformat(), "reason": item.reason.name}
            for item in ca.revocations.values()
        ],
    }


def _authority_in(stored: dict[str, Any]) -> TrainingCA:
    revocations = [
        Revocation(
            int(item["serial"]),
            datetime.fromisoformat(item["at"]).astimezone(UTC),
            x509.ReasonFlags[item["reason"]],
        )
        for item in stored["revocations"]
    ]
    return TrainingCA(
        SignatureKind(stored["kind_stood_for"]),
        _pair_in(stored["root"]),
        _pair_in(stored["issuing"]),
        issued={int(serial) for serial in stored["issued"]},
        revocations={item.serial: item for item in revocations},
        last_crl_number=stored["last_crl_number"],
    )


def _pair_out(authority: Authority) -> dict[str, str]:
    key = _pkcs8(authority.key)
    return {
        "key": b64encode(key).decode(),
        "certificate": b64encode(authority.certificate_der).decode(),
    }


def _pkcs8(key: PrivateKey) -> bytes:
    if isinstance(key, GostKey):
        return write_private_key(key)
    return key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())


def _private_key(pkcs8: bytes) -> PrivateKey:
    with suppress(GostError):  # a key of another kind
        return read_private_key(pkcs8)
    key = load_der_private_key(pkcs8, None)
    if not isinstance(key, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey):
        raise TrainingVaultError
    return key


def _pair_in(stored: dict[str, str]) -> Authority:
    key = _private_key(b64decode(stored["key"]))
    return Authority(key, x509.load_der_x509_certificate(b64decode(stored["certificate"])))
