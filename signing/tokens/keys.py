"""Signing keys on tokens: found, and used for the length of one act.

SoftHSM and most tokens know RSA and ECDSA; keys of GOST R 34.10 on tokens are not used here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from asn1crypto import keys as asn1_keys
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from signing.by_hash import digest_for
from signing.certificates import Certificate, CertificateUnreadableError, load_certificate
from signing.digests import digest
from signing.policy import Family, Scheme
from signing.tokens.errors import (
    NoTokenCertificateError,
    OtherTokenKeyError,
    SeveralKeysError,
    SeveralTokensError,
    TokenAbsentError,
    TokenKeyAbsentError,
    TokenKeyKindError,
)
from signing.tokens.process import SECONDS, TokenProcess

MAX_CHAIN = 8


@dataclass(frozen=True)
class Token:
    """A token that is there; `serial` is its own number, `label` the name that it was given."""

    serial: str
    label: str


@dataclass(frozen=True)
class TokenKeyName:
    """Which key on which token: by its id (hexadecimal) and label; empty when that is not known."""

    token: Token
    id: str = ""
    label: str = ""


@dataclass(frozen=True)
class TokenKey:
    """A private key that stays on its token; used like a `signing.keys.SigningKey`.

    It serves as long as the conversation that opened it lasts.
    """

    name: TokenKeyName
    certificate: Certificate
    chain: tuple[Certificate, ...]
    scheme: Scheme
    place: int
    process: TokenProcess = field(repr=False)

    def sign(self, to_sign: bytes) -> bytes:
        """Return the signature value over `to_sign`, verified with the certificate.

        Raises TokenError; OtherTokenKeyError when the value does not verify.
        """
        is_rsa = self.scheme.family is Family.RSA
        message = to_sign if is_rsa else digest(self.scheme.digest, to_sign)
        answer = self.process.ask(
            "sign",
            self.name.token.label,
            key=self.place,
            mechanism="rsa-sha256" if is_rsa else "ecdsa",
            message=message.hex(),
        )
        value = bytes.fromhex(answer["signature"])
        signature = value if is_rsa else _der_of(value)
        try:
            self.scheme.verify(self.certificate.public_key_der, signature, to_sign)
        except InvalidSignature as error:
            raise OtherTokenKeyError from error
        return signature


def list_tokens(library: Path, seconds: float = SECONDS) -> tuple[Token, ...]:
    """Return the tokens that `library` (a PKCS#11 module) sees; raises TokenError."""
    with TokenProcess(library, seconds) as process:
        return _listed(process)


def find_token(library: Path, name: str, seconds: float = SECONDS) -> Token:
    """Return the token whose serial number or label is `name`.

    Raises TokenAbsentError, SeveralTokensError, and what `list_tokens` raises.
    """
    tokens = list_tokens(library, seconds)
    found = [t for t in tokens if t.serial == name] or [t for t in tokens if t.label == name]
    if not found:
        raise TokenAbsentError(token=name)
    if len(found) > 1:
        raise SeveralTokensError(token=name)
    return found[0]


@contextmanager
def open_token_key(
    library: Path,
    name: TokenKeyName,
    pin: str,
    certificate: Certificate | None = None,
    chain: tuple[Certificate, ...] = (),
    *,
    spare_last_try: bool = True,
    seconds: float = SECONDS,
) -> Iterator[TokenKey]:
    """Log in to a token, once, and give the key for the length of a `with` block.

    Without `certificate` the one that lies beside the key is used, with its authorities if they
    are there. With `spare_last_try` a token that would lock itself at the next wrong PIN is left
    alone. `seconds` bound each answer of the token. Raises TokenError, KeyNotAllowedError.
    """
    with TokenProcess(library, seconds) as process:
        found = process.ask(
            "open",
            name.token.label,
            serial=name.token.serial,
            pin=pin,
            spare_last_try=spare_last_try,
        )
        place, facts = _chosen(found["keys"], name)
        own = TokenKeyName(name.token, facts["id"], facts["label"])
        if certificate is None:
            lying = [(each["id"], bytes.fromhex(each["der"])) for each in found["certificates"]]
            certificate, chain = _certificates(own, lying)
        scheme = _scheme(certificate, facts["kind"])
        yield TokenKey(own, certificate, chain, scheme, place, process)


def _listed(process: TokenProcess) -> tuple[Token, ...]:
    answer = process.ask("tokens")
    return tuple(Token(each["serial"], each["label"]) for each in answer["tokens"])


def _chosen(keys: Sequence[dict[str, str]], name: TokenKeyName) -> tuple[int, dict[str, str]]:
    """Return the only key that fits, and its place in the list; an id may stand for a label."""
    fitting = [
        (place, key)
        for place, key in enumerate(keys)
        if name.id in ("", key["id"]) and name.label in ("", key["label"], key["id"])
    ]
    if not fitting:
        raise TokenKeyAbsentError(token=name.token.label)
    if len(fitting) > 1:
        raise SeveralKeysError(token=name.token.label, keys=", ".join(_told_apart(fitting)))
    return fitting[0]


def _told_apart(keys: Sequence[tuple[int, dict[str, str]]]) -> list[str]:
    """Return the labels of the keys, or their ids if labels do not tell them apart."""
    labels = sorted({key["label"] for _, key in keys} - {""})
    return labels if len(labels) == len(keys) else sorted(key["id"] for _, key in keys)


def _certificates(
    name: TokenKeyName, lying: Sequence[tuple[str, bytes]]
) -> tuple[Certificate, tuple[Certificate, ...]]:
    """Return the certificate beside the key (the same id), and the authorities above it."""
    own = [load_certificate(der) for id_, der in lying if id_ == name.id]
    if len(own) != 1:
        raise NoTokenCertificateError(key=name.label or name.id)
    others = _readable(der for id_, der in lying if id_ != name.id)
    chain: list[Certificate] = []
    below = own[0]
    for _ in range(MAX_CHAIN):
        above = [c for c in others if c.subject_der == below.issuer_der and c not in chain]
        if not above or above[0].subject_der == above[0].issuer_der:
            break
        below = above[0]
        chain.append(below)
    return own[0], tuple(chain)


def _readable(ders: Iterable[bytes]) -> list[Certificate]:
    """Return the certificates that are some; anybody may put anything on a token."""
    found = []
    for der in ders:
        with suppress(CertificateUnreadableError):
            found.append(load_certificate(der))
    return found


def _scheme(certificate: Certificate, kind: str) -> Scheme:
    """Return the scheme of the certificate's key, which must be of the token key's kind."""
    if kind not in ("rsa", "ec"):
        raise TokenKeyKindError(key=kind)
    name = digest_for(certificate)
    public_key: asn1_keys.PublicKeyInfo = certificate.parsed.public_key
    if public_key.algorithm != kind:
        raise OtherTokenKeyError
    return Scheme(Family.RSA if kind == "rsa" else Family.ECDSA, name)


def _der_of(value: bytes) -> bytes:
    """Return r‖s, each of half the length (PKCS #11, 2.3.1), as a DER SEQUENCE."""
    half = len(value) // 2
    return encode_dss_signature(
        int.from_bytes(value[:half], "big"), int.from_bytes(value[half:], "big")
    )
