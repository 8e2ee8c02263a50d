"""What can be wrong with a key container."""

from __future__ import annotations

from signing.errors import SigningError
from signing.words import N_


class KeyUnreadableError(SigningError):
    """The bytes are not a PKCS#12 file with one key and its certificate."""

    code = "signing.key_unreadable"
    msgid = N_("The file is not a key container (PKCS#12) with a key and its certificate.")


class WrongPasswordError(SigningError):
    """The password does not open the key."""

    code = "signing.wrong_password"
    msgid = N_("The password of the key is wrong.")


class ProtectionUnknownError(KeyUnreadableError):
    """The container is encrypted, or its checksum is made, in a way that is not known here."""

    code = "signing.key_protection_unknown"
    msgid = N_(
        "The key container is protected in a way that is not read here ({algorithm}). Export the "
        "key anew with AES-256 and a checksum by SHA-256."
    )


class NoChecksumError(KeyUnreadableError):
    """The container has no MAC, so nobody can tell whether it was changed."""

    code = "signing.key_without_checksum"
    msgid = N_(
        "The key container has no checksum (MAC): it cannot be seen whether it was changed. "
        "Export the key anew, with a password."
    )


class KeyMaskedError(KeyUnreadableError):
    """The key is hidden by masks that only the program which made it takes off (RFC 9548)."""

    code = "signing.key_masked"
    msgid = N_(
        "The key in the container is hidden by the program that made it. Sign in that program "
        "and upload the signature."
    )
