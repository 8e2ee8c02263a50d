"""A key that serves for some minutes: encrypted under a key that is not kept beside it."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from signing.gost.keys import PrivateKey as GostKey
from signing.held_keys import HeldKeyLockedError, hold_key, open_held_key
from signing.keys import SigningKey, open_pkcs12
from signing.training.authority import TrainingCA
from signing.training.certificates import KeyAlgorithm
from signing.training.subjects import SubjectFacts
from signing.verdicts import SignatureKind
from tests.pki import HEAD, NOON, YEAR, Holder, Office, rsa_key

HERE, ELSEWHERE = b"i" * 32, b"j" * 32
PURPOSE = "account:bulk:certificate"
GOST = [KeyAlgorithm.GOST_2012_256, KeyAlgorithm.GOST_2012_512]


@pytest.fixture(scope="module", params=["ecdsa", "rsa", *GOST])
def key(request: pytest.FixtureRequest, head: Holder, office: Office) -> SigningKey:
    if request.param in GOST:
        ca = TrainingCA.create(NOON, 1, SignatureKind.ADVANCED)
        facts = SubjectFacts("Берёзкина", "Мария Ильинична", "11223344595", "160000000001")
        return ca.issue(facts, NOON, NOON + YEAR, request.param).signing_key()
    holder = head if request.param == "ecdsa" else office.issuing.person(HEAD, key=rsa_key())
    return open_pkcs12(holder.pkcs12("пароль"), "пароль")


def private_bytes(key: SigningKey) -> bytes:
    if isinstance(key.private_key, GostKey):
        return key.private_key.d.to_bytes(key.private_key.curve.size, "little")
    return key.private_key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())


def test_a_held_key_signs_as_it_did_before(key: SigningKey) -> None:
    held = hold_key(key, HERE, PURPOSE)
    opened = open_held_key(held.locked, held.one_time_key, HERE, PURPOSE)
    assert (opened.certificate, opened.chain, opened.scheme) == (
        key.certificate,
        key.chain,
        key.scheme,
    )
    opened.scheme.verify(key.certificate.public_key_der, opened.sign(b"text"), b"text")


def test_nothing_of_the_key_stands_in_what_is_kept(key: SigningKey) -> None:
    held = hold_key(key, HERE, PURPOSE)
    kept = private_bytes(key)
    assert not any(kept[i : i + 16] in held.locked for i in range(len(kept) - 16))
    assert held.one_time_key not in held.locked
    assert repr(held.one_time_key) not in repr(held)


def test_each_time_the_one_time_key_is_another(key: SigningKey) -> None:
    first, second = (hold_key(key, HERE, PURPOSE) for _time in range(2))
    assert first.one_time_key != second.one_time_key
    with pytest.raises(HeldKeyLockedError):
        open_held_key(first.locked, second.one_time_key, HERE, PURPOSE)


@pytest.mark.parametrize("purpose", ["", "account:bulk:certificatf", "another:bulk:certificate"])
def test_a_key_held_for_one_act_opens_for_no_other(key: SigningKey, purpose: str) -> None:
    held = hold_key(key, HERE, PURPOSE)
    with pytest.raises(HeldKeyLockedError):
        open_held_key(held.locked, held.one_time_key, HERE, purpose)


def test_another_installation_opens_nothing_with_row_and_cookie_together(key: SigningKey) -> None:
    held = hold_key(key, HERE, PURPOSE)
    with pytest.raises(HeldKeyLockedError):
        open_held_key(held.locked, held.one_time_key, ELSEWHERE, PURPOSE)


@pytest.mark.parametrize("one_time_key", [b"", b"k" * 31, b"k" * 32, b"k" * 33])
def test_a_guessed_cookie_opens_nothing(key: SigningKey, one_time_key: bytes) -> None:
    held = hold_key(key, HERE, PURPOSE)
    with pytest.raises(HeldKeyLockedError):
        open_held_key(held.locked, one_time_key, HERE, PURPOSE)


def test_changed_or_cut_bytes_open_nothing(key: SigningKey) -> None:
    held = hold_key(key, HERE, PURPOSE)
    whole = held.locked
    changed = [whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :] for place in (0, 9)]
    for broken in (*changed, whole[:-1] + bytes([whole[-1] ^ 1]), b"", whole[:4], whole[:20]):
        with pytest.raises(HeldKeyLockedError):
            open_held_key(broken, held.one_time_key, HERE, PURPOSE)


def test_a_short_installation_key_is_a_mistake(key: SigningKey) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        hold_key(key, b"short", PURPOSE)
