"""Public and private keys as values that are in order by construction."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from enum import Enum

from signing.gost.curves import Curve
from signing.gost.digests import DigestAlgorithm
from signing.gost.errors import InvalidKeyError, VerifyOnlyError
from signing.gost.points import has_prime_order, multiply_base


class KeyAlgorithm(Enum):
    """The value is the object identifier (RFC 9215, section 4; RFC 4491, section 2.3.2)."""

    GOST_2012_256 = "1.2.643.7.1.1.1.1"
    GOST_2012_512 = "1.2.643.7.1.1.1.2"
    GOST_2001 = "1.2.643.2.2.19"

    @property
    def size(self) -> int:
        """The length of a private key, a coordinate and a digest in bytes."""
        return 64 if self is KeyAlgorithm.GOST_2012_512 else 32

    @property
    def digest(self) -> DigestAlgorithm:
        """The digest that keys of this kind sign."""
        return _DIGESTS[self]


_DIGESTS = {
    KeyAlgorithm.GOST_2012_256: DigestAlgorithm.STREEBOG_256,
    KeyAlgorithm.GOST_2012_512: DigestAlgorithm.STREEBOG_512,
    KeyAlgorithm.GOST_2001: DigestAlgorithm.GOST_94,
}


@dataclass(frozen=True)
class PublicKey:
    """A point of the prime subgroup, checked once here (RFC 7091, section 5.2).

    `parameter_set` is the object identifier that names the curve in files; one curve may have
    several, and keys that differ in it alone are equal. Raises InvalidKeyError.
    """

    algorithm: KeyAlgorithm
    curve: Curve
    x: int
    y: int
    parameter_set: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        _demand_parameters(self)
        if not self.curve.holds(self.x, self.y):
            raise InvalidKeyError(f"the public key is no point of {self.curve.name}")
        if not has_prime_order(self.curve, (self.x, self.y)):
            raise InvalidKeyError(f"the public key is not in the subgroup of {self.curve.name}")


@dataclass(frozen=True)
class PrivateKey:
    """A number between 0 and the order of the subgroup; raises InvalidKeyError, VerifyOnlyError.

    GOST R 34.10-2001 may not sign any more, so no such key can be made.
    """

    algorithm: KeyAlgorithm
    curve: Curve
    d: int = field(repr=False)
    parameter_set: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        if self.algorithm is KeyAlgorithm.GOST_2001:
            raise VerifyOnlyError("nothing new is signed with GOST R 34.10-2001")
        _demand_parameters(self)
        if not 0 < self.d < self.curve.q:
            raise InvalidKeyError(f"the private key is out of range for {self.curve.name}")

    @classmethod
    def generate(cls, algorithm: KeyAlgorithm, curve: Curve, parameter_set: str = "") -> PrivateKey:
        """Return a random key."""
        return cls(algorithm, curve, 1 + secrets.randbelow(curve.q - 1), parameter_set)

    def public_key(self) -> PublicKey:
        point = multiply_base(self.curve, self.d)
        assert point is not None  # 0 < d < q
        return PublicKey(self.algorithm, self.curve, *point, self.parameter_set)


def _demand_parameters(key: PublicKey | PrivateKey) -> None:
    """Fill in the preferred name of the curve; raise InvalidKeyError for a wrong pair."""
    if key.curve.size != key.algorithm.size:
        raise InvalidKeyError(f"{key.curve.name} is no curve for {key.algorithm.name}")
    if not key.parameter_set:
        object.__setattr__(key, "parameter_set", key.curve.oids[0])
    if key.parameter_set not in key.curve.oids:
        raise InvalidKeyError(f"{key.parameter_set} does not name {key.curve.name}")
