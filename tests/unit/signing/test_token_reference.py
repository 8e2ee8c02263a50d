"""What is stored of a key on a token opens for its owner, in its installation, alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from signing.certificates import load_certificate
from signing.keys import KeyOnTokenError, SealBrokenError, open_sealed_key
from signing.policy import Family, Scheme
from signing.tokens.keys import Token, TokenKey, TokenKeyName
from signing.tokens.process import TokenProcess
from signing.tokens.reference import open_token_reference, seal_token_key
from tests.pki import Holder

HERE = bytes(range(32))
NAME = TokenKeyName(Token("64a9038f87bec40d", "Школа № 1"), "a1", "head")


@pytest.fixture
def key(head: Holder) -> TokenKey:
    chain = tuple(load_certificate(c.public_bytes(Encoding.DER)) for c in head.chain[:1])
    own = load_certificate(head.der)
    with TokenProcess(Path(__file__), command=("true",)) as process:
        return TokenKey(NAME, own, chain, Scheme(Family.ECDSA, "sha256"), 0, process)


def test_a_reference_says_which_key_it_was(key: TokenKey) -> None:
    found = open_token_reference(seal_token_key(key, HERE, "person-1"), HERE, "person-1")
    assert (found.name, found.certificate, found.chain) == (NAME, key.certificate, key.chain)


@pytest.mark.parametrize(("here", "owner"), [(bytes(32), "person-1"), (HERE, "person-2")])
def test_a_reference_is_bound_to_owner_and_installation(
    here: bytes, owner: str, key: TokenKey
) -> None:
    with pytest.raises(SealBrokenError):
        open_token_reference(seal_token_key(key, HERE, "person-1"), here, owner)


def test_a_changed_reference_is_refused(key: TokenKey) -> None:
    sealed = seal_token_key(key, HERE, "person-1")
    for position in (0, 3, 10, len(sealed) // 2, len(sealed) - 1):
        changed = bytearray(sealed)
        changed[position] ^= 1
        with pytest.raises(SealBrokenError):
            open_token_reference(bytes(changed), HERE, "person-1")
    with pytest.raises(SealBrokenError):
        open_token_reference(sealed[:10], HERE, "person-1")


def test_a_reference_is_no_key_that_could_be_opened_here(key: TokenKey) -> None:
    with pytest.raises(KeyOnTokenError):
        open_sealed_key(seal_token_key(key, HERE, "person-1"), "2468", HERE, "person-1")
