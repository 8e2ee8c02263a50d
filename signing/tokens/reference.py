"""What is stored of a key on a token: its name and its certificate, sealed. The PIN is not."""

from __future__ import annotations

import base64
import json
import os
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from signing.certificates import Certificate, load_certificate
from signing.keys import INSTALLATION_KEY, NONCE, TOKEN_SEAL, SealBrokenError
from signing.tokens.keys import Token, TokenKey, TokenKeyName


@dataclass(frozen=True)
class TokenReference:
    """Which key on which token signs, and the certificates that its signatures carry."""

    name: TokenKeyName
    certificate: Certificate
    chain: tuple[Certificate, ...]


def seal_token_key(key: TokenKey, installation_key: bytes, owner: str) -> bytes:
    """Return the reference to `key` sealed for storage; `owner` (an id) is bound to the result.

    Nothing in it is secret. The seal keeps anybody with the database alone from putting another
    person's token in its place. `installation_key` has 32 bytes.
    """
    name = key.name
    content = {
        "token": [name.token.serial, name.token.label],
        "key": [name.id, name.label],
        "certificates": [
            base64.b64encode(each.der).decode() for each in (key.certificate, *key.chain)
        ],
    }
    nonce = os.urandom(NONCE)
    sealed = _cipher(installation_key).encrypt(nonce, json.dumps(content).encode(), _bound(owner))
    return TOKEN_SEAL + nonce + sealed


def open_token_reference(sealed: bytes, installation_key: bytes, owner: str) -> TokenReference:
    """Read what `seal_token_key` returned; raises SealBrokenError."""
    if not sealed.startswith(TOKEN_SEAL):
        raise SealBrokenError
    rest = sealed[len(TOKEN_SEAL) :]
    try:
        content = _cipher(installation_key).decrypt(rest[:NONCE], rest[NONCE:], _bound(owner))
    except (InvalidTag, ValueError) as error:
        raise SealBrokenError from error
    found = json.loads(content)
    certificate, *chain = (
        load_certificate(base64.b64decode(each)) for each in found["certificates"]
    )
    name = TokenKeyName(Token(*found["token"]), *found["key"])
    return TokenReference(name, certificate, tuple(chain))


def _cipher(installation_key: bytes) -> AESGCM:
    if len(installation_key) != INSTALLATION_KEY:
        raise ValueError("the installation key has 32 bytes")
    return AESGCM(installation_key)


def _bound(owner: str) -> bytes:
    return TOKEN_SEAL + owner.encode()
