"""Which algorithms a signature may use, as a value.

An algorithm is allowed, refused (known and too weak) or unknown to this program; what is unknown
leaves a signature undecided, it is never accepted.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from asn1crypto import algos, keys
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from signing.errors import MALFORMED


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


HASHES: dict[str, type[hashes.HashAlgorithm]] = {
    "md5": hashes.MD5,
    "sha1": hashes.SHA1,
    "sha224": hashes.SHA224,
    "sha256": hashes.SHA256,
    "sha384": hashes.SHA384,
    "sha512": hashes.SHA512,
}


@dataclass(frozen=True)
class Scheme:
    """A signature scheme: its family and the digest it signs (a name as in hashlib)."""

    family: Family
    digest: str

    def verify(self, public_key_der: bytes, signature: bytes, signed: bytes) -> None:
        """Verify `signature` over `signed`; raises InvalidSignature unless it is right.

        A key that does not fit the scheme raises InvalidSignature as well.
        """
        digest = HASHES[self.digest]()
        try:
            key = serialization.load_der_public_key(public_key_der)
        except MALFORMED as error:
            raise InvalidSignature from error
        if self.family is Family.ECDSA and isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, signed, ec.ECDSA(digest))
        elif self.family is Family.RSA and isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, signed, padding.PKCS1v15(), digest)
        elif self.family is Family.RSA_PSS and isinstance(key, rsa.RSAPublicKey):
            pss = padding.PSS(padding.MGF1(HASHES[self.digest]()), padding.PSS.AUTO)
            key.verify(signature, signed, pss, digest)
        else:
            raise InvalidSignature


def read_scheme(algorithm: algos.SignedDigestAlgorithm, digest: str | None = None) -> Scheme | None:
    """Return the scheme of an AlgorithmIdentifier, None when it is unknown here.

    `digest` is the digest named beside it (as a SignerInfo does); a scheme that names its own
    must agree with it, otherwise ValueError is raised.
    """
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
    return Scheme(family, used) if used in HASHES else None


@dataclass(frozen=True)
class AlgorithmPolicy:
    """The algorithms that count: digests by name, RSA by key size in bits, curves by name.

    Digests and curves that are neither allowed nor refused are unknown.
    """

    digests: frozenset[str] = frozenset({"sha256", "sha384", "sha512"})
    refused_digests: frozenset[str] = frozenset({"md2", "md4", "md5", "sha1", "sha224"})
    rsa_bits: tuple[int, int] = (2048, 16384)
    curves: frozenset[str] = frozenset({"secp256r1", "secp384r1", "secp521r1"})
    refused_keys: frozenset[str] = frozenset({"dsa"})

    def digest(self, name: str) -> Standing:
        """Judge a digest by its name as in hashlib ("sha256")."""
        if name in self.digests:
            return Standing.ALLOWED
        return Standing.REFUSED if name in self.refused_digests else Standing.UNKNOWN

    def key(self, key: keys.PublicKeyInfo) -> Standing:
        """Judge a public key: RSA by its size, elliptic curves by their name."""
        algorithm = key["algorithm"]["algorithm"].native
        if algorithm in ("rsa", "rsassa_pss"):
            least, most = self.rsa_bits
            return Standing.ALLOWED if least <= key.bit_size <= most else Standing.REFUSED
        if algorithm == "ec":
            kind, curve = key.curve
            allowed = kind == "named" and curve in self.curves
            return Standing.ALLOWED if allowed else Standing.REFUSED
        return Standing.REFUSED if algorithm in self.refused_keys else Standing.UNKNOWN

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
