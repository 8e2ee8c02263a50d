"""PKCS#12 files (RFC 7292): read and made.

Nothing in a file is believed before its checksum (MAC) is right under the password. Read are:
PBES2 (RFC 8018) with AES or triple DES, PBKDF2 by SHA or Streebog; triple DES and RC2 of 40 bits in
the older way; checksums by SHA, and by Streebog as OpenSSL's gost engine makes them (RFC 9548,
section 3). GOST ciphers are named and refused.

Other readers open whatever is in a file, and an encrypted part may hide a key that is derived for
hours: so every file is read here, where all derivations are counted.
"""

from __future__ import annotations

import hmac
import os
from dataclasses import dataclass, field

from asn1crypto import algos, core, parser, pkcs12
from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives import padding
from cryptography.hazmat.primitives.ciphers import Cipher, modes
from cryptography.hazmat.primitives.ciphers.algorithms import AES

from signing.ber import definite
from signing.containers.derivation import (
    CHECKSUM,
    ENCRYPTION,
    GOST_CHECKSUM_KEY,
    INITIAL_VECTOR,
    BySha,
    ByStreebog,
    Derives,
    pkcs12_key,
)
from signing.containers.errors import (
    KeyUnreadableError,
    NoChecksumError,
    ProtectionUnknownError,
    WrongPasswordError,
)
from signing.containers.rc2 import decrypt_cbc
from signing.errors import MALFORMED, MEGABYTE, refuse_larger

MAX_PKCS12 = MEGABYTE
MAX_ROUNDS = 5_000_000
MAX_STREEBOG_ROUNDS = 10_000
"""A round of Streebog takes 0.04 ms with libgcrypt and 1.2 ms without, so it counts for many."""
MAX_PARTS = 16
MAX_BAGS = 64
OWN_ROUNDS = 100_000
SALT = 16
SEQUENCE = 16

CHECKSUMS = {
    "1.3.14.3.2.26": "sha1",
    "2.16.840.1.101.3.4.2.1": "sha256",
    "2.16.840.1.101.3.4.2.2": "sha384",
    "2.16.840.1.101.3.4.2.3": "sha512",
}
GOST_CHECKSUMS = {
    "1.2.643.7.1.1.2.2": ByStreebog("streebog256"),
    "1.2.643.7.1.1.2.3": ByStreebog("streebog512"),
}
DERIVATIONS: dict[str, Derives] = {
    "1.2.840.113549.2.7": BySha("sha1"),
    "1.2.840.113549.2.9": BySha("sha256"),
    "1.2.840.113549.2.10": BySha("sha384"),
    "1.2.840.113549.2.11": BySha("sha512"),
    "1.2.643.7.1.1.4.1": ByStreebog("streebog256"),
    "1.2.643.7.1.1.4.2": ByStreebog("streebog512"),
}
CIPHERS: dict[str, tuple[type[AES] | type[TripleDES], int]] = {
    "2.16.840.1.101.3.4.1.2": (AES, 16),
    "2.16.840.1.101.3.4.1.22": (AES, 24),
    "2.16.840.1.101.3.4.1.42": (AES, 32),
    "1.2.840.113549.3.7": (TripleDES, 24),
}
"""In CBC, with the length of the key in bytes."""
PBES2, PBKDF2 = "1.2.840.113549.1.5.13", "1.2.840.113549.1.5.12"
OLD_TRIPLE_DES, OLD_RC2 = "1.2.840.113549.1.12.1.3", "1.2.840.113549.1.12.1.6"
MAX_RC2 = 64 * 1024
"""Bytes of certificates that are read under RC2; it is slow here."""


@dataclass(frozen=True)
class Container:
    """What a PKCS#12 file holds: one private key (PKCS #8) and certificates, as DER."""

    private_key: bytes = field(repr=False)
    certificates: tuple[bytes, ...]


def read_container(content: bytes, password: str) -> Container:
    """Take a PKCS#12 file apart.

    Raises KeyUnreadableError and its kinds, WrongPasswordError, or TooLargeError over 1 MB.
    """
    refuse_larger(content, MAX_PKCS12)
    try:
        return _Opener(password).container(pkcs12.Pfx.load(definite(content), strict=True))
    except MALFORMED as error:
        raise KeyUnreadableError from error


class _Opener:
    """Opens one file under one password and counts the rounds of all its derivations."""

    def __init__(self, password: str) -> None:
        self._password = password
        self._left = MAX_ROUNDS

    def container(self, file: pkcs12.Pfx) -> Container:
        if file["auth_safe"]["content_type"].native != "data":
            raise ProtectionUnknownError(algorithm=file["auth_safe"]["content_type"].native)
        protected = bytes(file["auth_safe"]["content"].native)
        self._verify(file["mac_data"], protected)
        parts = pkcs12.AuthenticatedSafe.load(protected, strict=True)
        if len(parts) > MAX_PARTS:
            raise ValueError("more parts than a key needs")
        keys: list[bytes] = []
        certificates: list[bytes] = []
        for part in parts:
            self._gather(self._bags(part), keys, certificates)
        if len(keys) != 1:
            raise ValueError("a key container has one key")
        return Container(keys[0], tuple(certificates))

    def _verify(self, checksum: pkcs12.MacData, protected: bytes) -> None:
        """Raise WrongPasswordError unless the checksum is right (RFC 7292, section 4)."""
        if isinstance(checksum, core.Void) or checksum.native is None:
            raise NoChecksumError
        algorithm = checksum["mac"]["digest_algorithm"]["algorithm"].dotted
        salt, rounds = bytes(checksum["mac_salt"].native), int(checksum["iterations"].native)
        found: Derives
        if algorithm in GOST_CHECKSUMS:
            found = GOST_CHECKSUMS[algorithm]
            self._spend(rounds, found)
            secret = self._password.encode()
            key = found.pbkdf2(secret, salt, rounds, GOST_CHECKSUM_KEY)[-32:]
        elif algorithm in CHECKSUMS:
            found = BySha(CHECKSUMS[algorithm])
            self._spend(rounds, found)
            size = len(found.hmac(b"", b""))
            key = pkcs12_key(found.digest, self._password, salt, rounds, CHECKSUM, size)
        else:
            raise ProtectionUnknownError(algorithm=algorithm)
        right = found.hmac(key, protected)
        if not hmac.compare_digest(right, bytes(checksum["mac"]["digest"].native)):
            raise WrongPasswordError

    def _spend(self, rounds: int, by: Derives) -> None:
        weight = MAX_ROUNDS // MAX_STREEBOG_ROUNDS if isinstance(by, ByStreebog) else 1
        if not 0 < rounds * weight <= self._left:
            raise ValueError("the key is derived too often")
        self._left -= rounds * weight

    def _bags(self, part: pkcs12.ContentInfo) -> pkcs12.SafeContents:
        kind = part["content_type"].native
        if kind == "data":
            content = bytes(part["content"].native)
        elif kind == "encrypted_data":
            info = part["content"]["encrypted_content_info"]
            algorithm, encrypted = info["content_encryption_algorithm"], info["encrypted_content"]
            content = self._decrypted(algorithm, bytes(encrypted.native))
        else:
            raise ProtectionUnknownError(algorithm=kind)
        bags = pkcs12.SafeContents.load(content, strict=True)
        if len(bags) > MAX_BAGS:
            raise ValueError("more than a key container holds")
        return bags

    def _gather(
        self, bags: pkcs12.SafeContents, keys: list[bytes], certificates: list[bytes]
    ) -> None:
        for bag in bags:
            kind, value = bag["bag_id"].native, bag["bag_value"]
            if kind == "key_bag":
                keys.append(bytes(parser.emit(0, 1, SEQUENCE, value.contents)))
            elif kind == "pkcs8_shrouded_key_bag":
                encrypted = bytes(value["encrypted_data"].native)
                keys.append(self._decrypted(value["encryption_algorithm"], encrypted))
            elif kind == "cert_bag" and value["cert_id"].native == "x509":
                certificates.append(bytes(value["cert_value"]))

    def _decrypted(self, algorithm: algos.EncryptionAlgorithm, encrypted: bytes) -> bytes:
        oid = algorithm["algorithm"].dotted
        if oid == PBES2:
            cipher, key, vector = self._by_pbes2(algorithm["parameters"])
        elif oid == OLD_TRIPLE_DES:
            key, vector = self._by_old_way(algorithm["parameters"], 24)
            cipher = TripleDES
        elif oid == OLD_RC2:
            if len(encrypted) > MAX_RC2:
                raise ValueError("more than the certificates of a key")
            key, vector = self._by_old_way(algorithm["parameters"], 5)
            return _unpadded(decrypt_cbc(key, 40, vector, encrypted), 64)
        else:
            raise ProtectionUnknownError(algorithm=algorithm["algorithm"].native)
        opened = Cipher(cipher(key), modes.CBC(vector)).decryptor()
        return _unpadded(opened.update(encrypted) + opened.finalize(), cipher.block_size)

    def _by_pbes2(
        self, parameters: algos.Pbes2Params
    ) -> tuple[type[AES] | type[TripleDES], bytes, bytes]:
        """Return cipher, key and initial vector (RFC 8018, section 6.2)."""
        function, scheme = parameters["key_derivation_func"], parameters["encryption_scheme"]
        if function["algorithm"].dotted != PBKDF2:
            raise ProtectionUnknownError(algorithm=function["algorithm"].native)
        if scheme["algorithm"].dotted not in CIPHERS:
            raise ProtectionUnknownError(algorithm=scheme["algorithm"].native)
        cipher, length = CIPHERS[scheme["algorithm"].dotted]
        derivation = function["parameters"]
        pseudo_random = derivation["prf"]["algorithm"].dotted
        if pseudo_random not in DERIVATIONS:
            raise ProtectionUnknownError(algorithm=pseudo_random)
        by, rounds = DERIVATIONS[pseudo_random], int(derivation["iteration_count"].native)
        self._spend(rounds, by)
        salt = bytes(derivation["salt"].chosen.native)
        key = by.pbkdf2(self._password.encode(), salt, rounds, length)
        return cipher, key, bytes(scheme["parameters"].native)

    def _by_old_way(self, parameters: algos.Pbes1Params, length: int) -> tuple[bytes, bytes]:
        """Return a key of `length` bytes and the initial vector (RFC 7292, appendix C)."""
        salt, rounds = bytes(parameters["salt"].native), int(parameters["iterations"].native)
        self._spend(3 * rounds, BySha("sha1"))
        key, vector = (
            pkcs12_key("sha1", self._password, salt, rounds, purpose, size)
            for purpose, size in ((ENCRYPTION, length), (INITIAL_VECTOR, 8))
        )
        return key, vector


def _unpadded(padded: bytes, block_size: int) -> bytes:
    """Take the padding away; `block_size` in bits."""
    unpadder = padding.PKCS7(block_size).unpadder()
    return unpadder.update(padded) + unpadder.finalize()


def make_container(
    private_key: bytes, certificates: tuple[bytes, ...], password: str, label: str
) -> bytes:
    """Return a PKCS#12 file with a key (PKCS #8) and certificates (DER), its own one first.

    AES-256 under PBKDF2 by SHA-256 and a checksum by SHA-256: what OpenSSL 3 reads by default.
    """
    algorithm, encrypted = _encrypted(private_key, password)
    named = [{"type": "friendly_name", "values": [label]}]
    own = [*named, {"type": "local_key_id", "values": [b"\1"]}]
    key = {
        "bag_id": "pkcs8_shrouded_key_bag",
        "bag_value": {"encryption_algorithm": algorithm, "encrypted_data": encrypted},
        "bag_attributes": own,
    }
    others = [
        {
            "bag_id": "cert_bag",
            "bag_value": {"cert_id": "x509", "cert_value": core.ParsableOctetString(certificate)},
            "bag_attributes": own if place == 0 else [],
        }
        for place, certificate in enumerate(certificates)
    ]
    algorithm, encrypted = _encrypted(pkcs12.SafeContents(others).dump(), password)
    holding = {
        "content_type": "data",
        "content_encryption_algorithm": algorithm,
        "encrypted_content": encrypted,
    }
    parts = [
        {
            "content_type": "encrypted_data",
            "content": {"version": "v0", "encrypted_content_info": holding},
        },
        {"content_type": "data", "content": pkcs12.SafeContents([key]).dump()},
    ]
    protected = pkcs12.AuthenticatedSafe(parts).dump()
    by, salt = BySha("sha256"), os.urandom(SALT)
    checksum_key = pkcs12_key(by.digest, password, salt, OWN_ROUNDS, CHECKSUM, 32)
    checksum = {
        "mac": {
            "digest_algorithm": {"algorithm": by.digest},
            "digest": by.hmac(checksum_key, protected),
        },
        "mac_salt": salt,
        "iterations": OWN_ROUNDS,
    }
    safe = {"content_type": "data", "content": protected}
    return bytes(pkcs12.Pfx({"version": "v3", "auth_safe": safe, "mac_data": checksum}).dump())


def _encrypted(content: bytes, password: str) -> tuple[algos.EncryptionAlgorithm, bytes]:
    salt, vector = os.urandom(SALT), os.urandom(16)
    key = BySha("sha256").pbkdf2(password.encode(), salt, OWN_ROUNDS, 32)
    padder = padding.PKCS7(128).padder()
    padded = padder.update(content) + padder.finalize()
    sealed = Cipher(AES(key), modes.CBC(vector)).encryptor()
    derivation = {
        "salt": algos.Pbkdf2Salt(name="specified", value=core.OctetString(salt)),
        "iteration_count": OWN_ROUNDS,
        "prf": {"algorithm": "sha256"},
    }
    algorithm = algos.EncryptionAlgorithm(
        {
            "algorithm": "pbes2",
            "parameters": {
                "key_derivation_func": {"algorithm": "pbkdf2", "parameters": derivation},
                "encryption_scheme": {"algorithm": "aes256_cbc", "parameters": vector},
            },
        }
    )
    return algorithm, sealed.update(padded) + sealed.finalize()
