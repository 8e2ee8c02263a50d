"""Which algorithms a signature may use, as a value.

An algorithm is allowed, refused (known and too weak) or unknown to this program; what is unknown
leaves a signature undecided, it is never accepted. GOST R 34.10-2001 and 34.11-94 are refused:
what they signed is verified, so that the report can say so, and nothing new is accepted.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from asn1crypto import algos, keys
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa, utils

from signing.asn1 import exact_bytes
from signing.digests import DIGESTS
from signing.digests import digest as digest_of
from signing.errors import MALFORMED
from signing.gost.asn1 import DIGEST_NAMES, KEY_NAMES, key_algorithm_of
from signing.gost.backend import backend
from signing.gost.curves import CURVES, TEST_256, TEST_512
from signing.gost.encoding import read_public_key
from signing.gost.errors import GostError, InvalidKeyError, UnknownParametersError
from signing.gost.keys import KeyAlgorithm, PublicKey


class Standing(StrEnum):
    """What a policy says of an algorithm, the better first."""

    ALLOWED = "allowed"
    UNKNOWN = "unknown"
    REFUSED = "refused"


class Family(StrEnum):
    """The families of signature schemes that can be verified here."""

    RSA = "rsa"
    RSA_PSS = "rsa-pss"
    ECDSA = "ecdsa"
    GOST_2012_256 = "gost2012_256"
    GOST_2012_512 = "gost2012_512"
    GOST_2001 = "gost2001"


GOST = {Family(KEY_NAMES[kind]): kind for kind in KeyAlgorithm}
"""The families of GOST R 34.10, each with the kind of its keys, which decides the digest."""


HASHES: dict[str, type[hashes.HashAlgorithm]] = {
    "md5": hashes.MD5,
    "sha1": hashes.SHA1,
    "sha224": hashes.SHA224,
    "sha256": hashes.SHA256,
    "sha384": hashes.SHA384,
    "sha512": hashes.SHA512,
}
"""The digests that `cryptography` signs and verifies with RSA and ECDSA."""


class UnknownKeyError(InvalidSignature):
    """The key has a parameter set that is not known here: nothing can be said of the value."""


@dataclass(frozen=True)
class Scheme:
    """A signature scheme: its family and the digest it signs (a name as in hashlib)."""

    family: Family
    digest: str

    def verify(self, public_key_der: bytes, signature: bytes, signed: bytes) -> None:
        """Verify `signature` over `signed`; raises InvalidSignature unless it is right.

        A key that does not fit the scheme raises InvalidSignature as well, and one whose
        parameter set is unknown UnknownKeyError, which is an InvalidSignature.
        """
        self.verify_digest(public_key_der, signature, digest_of(self.digest, signed))

    def verify_digest(self, public_key_der: bytes, signature: bytes, value: bytes) -> None:
        """Verify `signature` over what has the digest `value`; raises as `verify` does."""
        if self.family in GOST:
            self._verify_gost(public_key_der, signature, value)
            return
        digest = utils.Prehashed(HASHES[self.digest]())
        try:
            key = serialization.load_der_public_key(public_key_der)
        except MALFORMED as error:
            raise InvalidSignature from error
        if self.family is Family.ECDSA and isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, value, ec.ECDSA(digest))
        elif self.family is Family.RSA and isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, value, padding.PKCS1v15(), digest)
        elif self.family is Family.RSA_PSS and isinstance(key, rsa.RSAPublicKey):
            pss = padding.PSS(padding.MGF1(HASHES[self.digest]()), padding.PSS.AUTO)
            key.verify(signature, value, pss, digest)
        else:
            raise InvalidSignature

    def knows(self, public_key_der: bytes) -> bool:
        """Say whether a value by this key can be judged: GOST parameter sets may be unknown."""
        try:
            return self.family not in GOST or bool(_gost_key(public_key_der))
        except UnknownParametersError:
            return False
        except GostError:
            return True

    def _verify_gost(self, public_key_der: bytes, signature: bytes, value: bytes) -> None:
        try:
            key = _gost_key(public_key_der)
            if key.algorithm is not GOST[self.family]:
                raise InvalidSignature(f"{key.algorithm.name} key, {self.family} signature")
            backend().verify(key, value, signature)
        except UnknownParametersError as error:
            raise UnknownKeyError(str(error)) from error
        except GostError as error:
            raise InvalidSignature(str(error)) from error


@lru_cache(maxsize=256)
def _gost_key(public_key_der: bytes) -> PublicKey:
    """Read a key once: that it lies in its subgroup takes as long to see as a verification."""
    return read_public_key(public_key_der)


def read_scheme(algorithm: algos.SignedDigestAlgorithm, digest: str | None = None) -> Scheme | None:
    """Return the scheme of an AlgorithmIdentifier, None when it is unknown here.

    `digest` is the digest named beside it (as a SignerInfo does); a scheme that names its own
    must agree with it, otherwise ValueError is raised.
    """
    gost = key_algorithm_of(algorithm["algorithm"].dotted)
    if gost is not None:
        return _scheme(Family(KEY_NAMES[gost]), DIGEST_NAMES[gost.digest], digest)
    name = algorithm["algorithm"].native
    if name == "rsassa_pss":
        return _pss_scheme(algorithm, digest)
    if name == "rsassa_pkcs1v15":
        family, own = Family.RSA, None
    elif name == "ecdsa":
        family, own = Family.ECDSA, None
    elif name.endswith("_rsa"):
        family, own = Family.RSA, name.removesuffix("_rsa")
    elif name.endswith("_ecdsa"):
        family, own = Family.ECDSA, name.removesuffix("_ecdsa")
    else:
        return None
    return _scheme(family, own, digest)


def _pss_scheme(algorithm: algos.SignedDigestAlgorithm, digest: str | None) -> Scheme | None:
    parameters = algorithm["parameters"]
    own = parameters["hash_algorithm"]["algorithm"].native
    mask = parameters["mask_gen_algorithm"]
    if mask["algorithm"].native != "mgf1" or mask["parameters"]["algorithm"].native != own:
        return None
    return _scheme(Family.RSA_PSS, own, digest)


def _scheme(family: Family, own: str | None, digest: str | None) -> Scheme | None:
    if own is not None and digest is not None and own != digest:
        raise ValueError(f"the signature is over {own}, the digest is {digest}")
    used = own or digest
    if used is None or used not in (DIGESTS if family in GOST else HASHES):
        return None
    return Scheme(family, used)


@dataclass(frozen=True)
class AlgorithmPolicy:
    """The algorithms that count: digests by name, RSA by key size in bits, curves by name.

    Digests that are neither allowed nor refused are unknown, and so are GOST keys whose parameter
    set has no name here; the sets for tests have one and are refused.
    """

    digests: frozenset[str] = frozenset(
        {"sha256", "sha384", "sha512", "streebog256", "streebog512"}
    )
    refused_digests: frozenset[str] = frozenset({"md2", "md4", "md5", "sha1", "sha224", "gost94"})
    rsa_bits: tuple[int, int] = (2048, 16384)
    curves: frozenset[str] = frozenset({"secp256r1", "secp384r1", "secp521r1"})
    refused_keys: frozenset[str] = frozenset({"dsa", Family.GOST_2001})
    gost_keys: frozenset[str] = frozenset({Family.GOST_2012_256, Family.GOST_2012_512})
    gost_curves: frozenset[str] = frozenset(
        curve.name for curve in CURVES if curve not in (TEST_256, TEST_512)
    )

    def digest(self, name: str) -> Standing:
        """Judge a digest by its name as in hashlib ("sha256")."""
        if name in self.digests:
            return Standing.ALLOWED
        return Standing.REFUSED if name in self.refused_digests else Standing.UNKNOWN

    def key(self, key: keys.PublicKeyInfo) -> Standing:
        """Judge a public key: RSA by its size, elliptic curves and parameter sets by their name."""
        algorithm = key["algorithm"]["algorithm"].native
        if algorithm in ("rsa", "rsassa_pss"):
            least, most = self.rsa_bits
            return Standing.ALLOWED if least <= key.bit_size <= most else Standing.REFUSED
        if algorithm == "ec":
            kind, curve = key.curve
            allowed = kind == "named" and curve in self.curves
            return Standing.ALLOWED if allowed else Standing.REFUSED
        if algorithm in self.gost_keys:
            return self._gost_key(exact_bytes(key))
        return Standing.REFUSED if algorithm in self.refused_keys else Standing.UNKNOWN

    def _gost_key(self, der: bytes) -> Standing:
        try:
            curve = _gost_key(der).curve
        except InvalidKeyError:
            return Standing.REFUSED
        except GostError:
            return Standing.UNKNOWN
        return Standing.ALLOWED if curve.name in self.gost_curves else Standing.REFUSED

    def signature(self, algorithm: algos.SignedDigestAlgorithm) -> Standing:
        """Judge the algorithm with which a certificate or revocation list was signed."""
        name = algorithm["algorithm"].native
        if any(name.startswith(f"{digest}_") for digest in self.refused_digests):
            return Standing.REFUSED
        try:
            scheme = read_scheme(algorithm)
        except MALFORMED:
            return Standing.UNKNOWN
        return Standing.UNKNOWN if scheme is None else self.digest(scheme.digest)


DEFAULT_POLICY = AlgorithmPolicy()


def worst(standings: list[Standing]) -> Standing:
    """Return the worst of several standings; of none, ALLOWED."""
    return max(standings, key=list(Standing).index, default=Standing.ALLOWED)
