"""What can go wrong in `signing.gost`: every error has a stable `code`."""

from __future__ import annotations


class GostError(Exception):
    """The root of all errors of this package."""

    code = "gost.error"


class InvalidSignatureError(GostError):
    """The signature value does not belong to this digest and this key."""

    code = "gost.invalid_signature"


class InvalidKeyError(GostError):
    """The key is not a key of its parameter set: out of range, or not in the prime subgroup."""

    code = "gost.invalid_key"


class InvalidDigestError(GostError):
    """The digest has not the length that the key signs."""

    code = "gost.invalid_digest"


class MalformedKeyError(GostError):
    """The bytes are not a GOST key in any form that is known here."""

    code = "gost.malformed_key"


class MaskedKeyError(GostError):
    """The private key is masked or wrapped, as CryptoPro containers hold it."""

    code = "gost.masked_key"


class UnknownParametersError(GostError):
    """The object identifier names no parameter set that is known here."""

    code = "gost.unknown_parameters"


class VerifyOnlyError(GostError):
    """GOST R 34.10-2001 is verified in old files; nothing new is signed with it."""

    code = "gost.verify_only"


class LibgcryptUnavailableError(GostError):
    """libgcrypt is missing, too old, or fails its self-test."""

    code = "gost.libgcrypt_unavailable"


class LibgcryptError(GostError):
    """libgcrypt answered with an error that is no judgement about a signature."""

    code = "gost.libgcrypt"
