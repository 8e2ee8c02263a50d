"""What can go wrong with a token; each says what to do."""

from __future__ import annotations

from signing.errors import SigningError
from signing.words import N_


class TokenError(SigningError):
    """The root of what a token may answer."""

    code = "signing.token"
    msgid = N_("The token refuses the operation ({reason}). Ask whoever looks after it.")


class WrongPinError(TokenError):
    """The PIN is wrong; it was tried once."""

    code = "signing.wrong_pin"
    msgid = N_("The PIN of the token is wrong.")


class LastTryLeftError(WrongPinError):
    """The PIN was wrong, and with another wrong one the token locks itself."""

    msgid = N_(
        "The PIN of the token is wrong. One attempt is left; after it the token locks itself."
    )


class LastTrySparedError(TokenError):
    """Only one attempt is left, and it is not taken here."""

    code = "signing.pin_last_try"
    msgid = N_(
        "The token has one attempt left before it locks itself; it is not risked here. Enter the "
        "PIN once in the token's own program, then sign."
    )


class PinLockedError(TokenError):
    """Too many wrong PINs were tried."""

    code = "signing.pin_locked"
    msgid = N_(
        "The token is locked after too many wrong PINs. Have it unlocked in its own program by "
        "whoever looks after it."
    )


class PinExpiredError(TokenError):
    """The PIN must be changed first."""

    code = "signing.pin_expired"
    msgid = N_("The PIN of the token has expired. Change it in the token's own program.")


class TokenAbsentError(TokenError):
    """No such token is there."""

    code = "signing.token_absent"
    msgid = N_("The token {token} is not connected.")


class SeveralTokensError(TokenError):
    """The label is that of several tokens."""

    code = "signing.several_tokens"
    msgid = N_("Several tokens are named {token}. Name one by its serial number.")


class TokenSilentError(TokenError):
    """The library did not answer in time, and was stopped."""

    code = "signing.token_silent"
    msgid = N_("The token did not answer within {seconds} seconds. Nothing was signed.")


class TokenBusyError(TokenError):
    """Others talk to the tokens already."""

    code = "signing.token_busy"
    msgid = N_("The token is busy with other signings. Try again in a minute.")


class LibraryUnusableError(TokenError):
    """The library cannot be loaded, or fell over."""

    code = "signing.token_library"
    msgid = N_("The library of the token cannot be used: {library}.")


class TokenKeyAbsentError(TokenError):
    """There is no such private key, or none at all."""

    code = "signing.token_key_absent"
    msgid = N_("There is no such key on the token {token}.")


class SeveralKeysError(TokenError):
    """More than one key fits."""

    code = "signing.several_token_keys"
    msgid = N_("There are several keys on the token {token}: {keys}. Name one of them.")


class TokenKeyKindError(TokenError):
    """The key is of a kind that is not used on tokens here, such as GOST R 34.10."""

    code = "signing.token_key_kind"
    msgid = N_(
        "Keys of this kind ({key}) are not used on tokens here: only RSA and ECDSA are. Sign in "
        "your own program and upload the signature."
    )


class NoTokenCertificateError(TokenError):
    """The token holds no certificate for the key, and none was given."""

    code = "signing.token_certificate_absent"
    msgid = N_("The token holds no certificate for the key {key}. Give its file.")


class OtherTokenKeyError(TokenError):
    """What the token signs does not verify with the certificate."""

    code = "signing.token_other_key"
    msgid = N_("The key on the token is not the one of the certificate. Nothing was signed.")
