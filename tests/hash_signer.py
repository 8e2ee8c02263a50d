"""What a program of the signer's own does with a digest: a CMS with the time of its own clock.

Stands in for КриптоПро CSP behind its browser plug-in, in tests alone.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import datetime

from signing.cades import complete_cms, prepare_cms
from signing.keys import SigningKey

#: The plug-in's numbers of digests (CADESCOM_HASH_ALGORITHM).
ALGORITHMS = {101: "streebog256", 102: "streebog512", 4: "sha256", 5: "sha384", 6: "sha512"}
SIZES = {"streebog256": 32, "streebog512": 64, "sha256": 32, "sha384": 48, "sha512": 64}


class SignerError(Exception):
    """The program refuses; the text is what the plug-in would say."""


@dataclass(frozen=True)
class HashSigner:
    """A local store of keys with their certificates."""

    keys: tuple[SigningKey, ...]

    def certificates(self) -> list[str]:
        """The certificates as the plug-in exports them: Base64 in lines."""
        return [base64.encodebytes(key.certificate.der).decode() for key in self.keys]

    def sign(self, place: int, algorithm: int, digest: str, at: datetime) -> str:
        """Sign a digest given in hexadecimal; only the digest of the key itself will do."""
        key = self.keys[place]
        name = ALGORITHMS.get(algorithm, "")
        if name != key.scheme.digest:
            raise SignerError("Указан неправильный алгоритм. (0x80090008)")
        value = bytes.fromhex(digest)
        if len(value) != SIZES[name]:
            raise SignerError(
                "Хэш не годится для использования в указанном состоянии. (0x80090002)"
            )
        prepared = prepare_cms(value, key.certificate, key.scheme, signing_time=at)
        cms = complete_cms(prepared, key.sign(prepared.to_sign), key.chain)
        return base64.encodebytes(cms).decode()
