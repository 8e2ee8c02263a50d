"""The one place where pyHanko is taught GOST, and the one to look at when pyHanko is upgraded.

Signature values have a hook: `GostSignatureValidator` goes into a ValidationContext and serves
SignerInfos, certificates, CRLs, OCSP answers and timestamps. Digests have none: pyHanko asks
cryptography's module `hashes`, under a name that each of its own modules imported. `install` puts
another object under that name, which knows Streebog and hands everything else on; cryptography
itself stays as it is.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import Any  # the object stands for a module

from asn1crypto import algos, keys
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from pyhanko_certvalidator.errors import AlgorithmNotSupported
from pyhanko_certvalidator.sig_validate import (
    DEFAULT_VALIDATION_CONTEXT,
    DefaultSignatureValidator,
    SignatureValidationContext,
)

from signing.errors import SigningError
from signing.gost import asn1
from signing.gost.backend import backend, digest
from signing.gost.digests import DigestAlgorithm, HashObject
from signing.gost.encoding import read_public_key
from signing.gost.errors import GostError, UnknownParametersError
from signing.words import N_

TAUGHT = (
    "pyhanko.sign.attributes",
    "pyhanko.sign.general",
    "pyhanko.sign.signers.pdf_byterange",
    "pyhanko.sign.signers.pdf_cms",
    "pyhanko.sign.signers.pdf_signer",
    "pyhanko.sign.timestamps.common_utils",
    "pyhanko.sign.validation.generic_cms",
    "pyhanko_certvalidator.util",
)
"""The modules that digest what is signed, or find a digest by its name."""

LEFT_ALONE = {
    "pyhanko.sign.validation.report.tools": "wants what is not installed; reports are ours",
    "pyhanko.sign.pkcs11": "wants what is not installed; tokens are reached otherwise",
    "pyhanko.sign.signers.csc_signer": "signs through services in the cloud, which we do not use",
    "pyhanko.sign.timestamps.dummy_client": "a time-stamp authority for tests",
    "pyhanko.pdf_utils.crypt.pdfmac": "encrypted PDF files, which are refused",
    "pyhanko.pdf_utils.crypt.pubkey": "as above",
}
"""The modules that use `hashes` too and stay as they are, with the reason."""


class PyHankoMovedError(SigningError):
    """pyHanko has not what is relied on here; it was upgraded without this module."""

    code = "signing.pyhanko_moved"
    msgid = N_("The installed version of pyHanko is not the one that this program knows: {module}.")


class GostSignatureValidator(DefaultSignatureValidator):
    """Verifies GOST signature values here and leaves all others to pyHanko."""

    def validate_signature(
        self,
        signature: bytes,
        signed_data: bytes,
        public_key_info: keys.PublicKeyInfo,
        signature_algorithm: algos.SignedDigestAlgorithm,
        context: SignatureValidationContext = DEFAULT_VALIDATION_CONTEXT,
    ) -> None:
        """Raise InvalidSignature unless the value is right; AlgorithmNotSupported too."""
        kind = asn1.key_algorithm_of(signature_algorithm["algorithm"].dotted)
        if kind is None:
            super().validate_signature(
                signature, signed_data, public_key_info, signature_algorithm, context
            )
            return
        named = context.contextual_md_algorithm
        if named not in (None, asn1.DIGEST_NAMES[kind.digest], kind.digest.value):
            raise InvalidSignature(f"{kind.name} does not sign {named}")
        try:
            key = read_public_key(public_key_info.dump())
            if key.algorithm is not kind:
                raise InvalidSignature(f"{key.algorithm.name} key, {kind.name} signature")
            value = signed_data if context.prehashed else digest(kind.digest, signed_data)
            backend().verify(key, value, signature)
        except UnknownParametersError as error:
            raise AlgorithmNotSupported(str(error)) from error
        except GostError as error:
            raise InvalidSignature(str(error)) from error


@cache
def install(names: tuple[str, ...] = TAUGHT) -> None:
    """Teach these modules, and asn1crypto, for the whole process; once is enough.

    Raises PyHankoMovedError, and then has taught nothing.
    """
    modules = [import_module(name) for name in names]
    for module in modules:
        if getattr(module, "hashes", None) is not hashes:
            raise PyHankoMovedError(module=module.__name__)
    asn1.register()
    taught = _Hashes()
    for module in modules:
        module.hashes = taught  # type: ignore[attr-defined]  # checked above


class _GostDigest(hashes.HashAlgorithm):
    """Streebog as cryptography describes a digest."""

    def __init__(self, kind: DigestAlgorithm) -> None:
        self.kind = kind

    @property
    def name(self) -> str:
        return asn1.DIGEST_NAMES[self.kind]

    @property
    def digest_size(self) -> int:
        return self.kind.size

    @property
    def block_size(self) -> int:
        return 32 if self.kind is DigestAlgorithm.GOST_94 else 64


class _GostHash(hashes.HashContext):
    """Streebog as cryptography computes a digest."""

    def __init__(self, algorithm: _GostDigest, hasher: HashObject | None = None) -> None:
        self._algorithm = algorithm
        self._hasher = hasher or backend().new_hash(algorithm.kind)

    @property
    def algorithm(self) -> _GostDigest:
        return self._algorithm

    def update(self, data: Any) -> None:
        self._hasher.update(bytes(data))

    def finalize(self) -> bytes:
        return self._hasher.digest()

    def copy(self) -> _GostHash:
        return _GostHash(self._algorithm, self._hasher.copy())


class _Hashes:
    """The module `hashes` of cryptography with three digests more.

    They are found by their names in capitals, as `get_pyca_cryptography_hash` looks for them.
    """

    def __getattr__(self, name: str) -> Any:
        return getattr(hashes, name)

    def STREEBOG256(self) -> _GostDigest:
        return _GostDigest(DigestAlgorithm.STREEBOG_256)

    def STREEBOG512(self) -> _GostDigest:
        return _GostDigest(DigestAlgorithm.STREEBOG_512)

    def GOST94(self) -> _GostDigest:
        return _GostDigest(DigestAlgorithm.GOST_94)

    def Hash(self, algorithm: hashes.HashAlgorithm, *further: Any) -> hashes.HashContext:
        if isinstance(algorithm, _GostDigest):
            return _GostHash(algorithm)
        return hashes.Hash(algorithm, *further)
