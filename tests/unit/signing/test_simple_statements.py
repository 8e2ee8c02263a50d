"""A sealed statement is read in one form only, and any change of it shows."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from signing.errors import SigningError, TooLargeError
from signing.simple.installation_seal import installation_seal
from signing.simple.statement import (
    MAX_STATEMENT,
    P256_ORDER,
    PREFIX,
    BrokenSealError,
    NotAStatementError,
    Statement,
    _canonical,
    _value,
    looks_like_statement,
    open_seal,
    seal,
)

OWN, OTHER = bytes(range(32)), bytes(range(1, 33))
CONTENT = b"%PDF-1.7 the report"
STATEMENT = Statement(
    act="sign",
    document="Отчёт наставника от 5 мая 2026 г. № 7",
    manifest="a" * 64,
    files=(("Отчёт.pdf", hashlib.sha256(CONTENT).hexdigest()), ("Приложение.pdf", "b" * 64)),
    person="Куликова Дарья Игоревна",
    post="учитель",
    organisation="МБОУ «СОШ № 1»",
    inn="1600000001",
    ogrn="1021600000001",
    agreement="7",
    agreed_on=date(2026, 1, 12),
    text="Подписываю отчёт простой электронной подписью.",
    challenge="0196a0b0-0000-7000-8000-000000000001",
    password=True,
    second_factor=True,
    session="c" * 64,
    signed_at=datetime(2026, 5, 5, 6, 30, 1, 250000, tzinfo=UTC),
    training=False,
)


@pytest.fixture(scope="module")
def sealed() -> bytes:
    return seal(STATEMENT, installation_seal(OWN, training=False))


def changed(sealed: bytes, change: Any) -> bytes:
    """The file after somebody changed its values and wrote it in the right form again."""
    whole = json.loads(sealed)
    change(whole)
    return _canonical(whole)


def test_what_was_sealed_is_read_again(sealed: bytes) -> None:
    opened = open_seal(sealed)
    assert opened.statement == STATEMENT
    assert opened.fingerprint == installation_seal(OWN, training=False).certificate.fingerprint
    assert opened.installation == "Система «Маршрут»"
    assert looks_like_statement(sealed)


def test_it_covers_the_files_that_it_names_and_no_other(sealed: bytes) -> None:
    statement = open_seal(sealed).statement
    assert statement.covers(CONTENT) == "Отчёт.pdf"
    assert statement.covers(CONTENT + b" ") is None


def test_every_changed_byte_is_refused(sealed: bytes) -> None:
    for place in range(len(sealed)):
        flipped = bytearray(sealed)
        flipped[place] ^= 1 << (place % 8)
        with pytest.raises(SigningError):
            open_seal(bytes(flipped))


def test_every_cut_or_longer_file_is_refused(sealed: bytes) -> None:
    for wrong in (b"", sealed[:-1], sealed[1:], sealed + b"\n", b" " + sealed, b"\xef\xbb\xbf"):
        with pytest.raises(SigningError):
            open_seal(wrong)


@pytest.mark.parametrize(
    "change",
    [
        lambda w: w["statement"]["person"].update(name="Ершов Пётр Ильич"),
        lambda w: w["statement"].update(act="acknowledge"),
        lambda w: w["statement"]["document"]["files"][0].update(sha256="d" * 64),
        lambda w: w["statement"]["document"].update(manifest="d" * 64),
        lambda w: w["statement"].update(signed_at="2026-05-05T06:30:01.250001Z"),
        lambda w: w["statement"]["agreement"].update(number="8"),
        lambda w: w["statement"]["authentication"].update(second_factor=False),
        lambda w: w["statement"].update(challenge="another"),
    ],
)
def test_a_changed_fact_breaks_the_seal(sealed: bytes, change: Any) -> None:
    with pytest.raises(BrokenSealError):
        open_seal(changed(sealed, change))


@pytest.mark.parametrize(
    "change",
    [
        lambda w: w.update(more="x"),
        lambda w: w["statement"].update(more="x"),
        lambda w: w["statement"]["person"].update(more="x"),
        lambda w: w["statement"].pop("text"),
        lambda w: w.update(format="marshrut-simple-signature/2"),
        lambda w: w["statement"].update(act="approve"),
        lambda w: w["statement"]["document"].update(files=[]),
        lambda w: w["statement"]["authentication"].update(password=False),
        lambda w: w["statement"].update(signed_at="2026-05-05T06:30:01Z"),
        lambda w: w["statement"]["agreement"].update(dated="2026-1-12"),
        lambda w: w["seal"].update(value=w["seal"]["value"].upper()),
        lambda w: w["seal"].update(certificate=w["seal"]["certificate"] + "===="),
        lambda w: w["statement"]["document"]["files"].append({"name": "x", "sha256": 5}),
        lambda w: w["statement"]["authentication"].update(second_factor=1),
    ],
)
def test_another_shape_is_no_statement(sealed: bytes, change: Any) -> None:
    with pytest.raises(NotAStatementError):
        open_seal(changed(sealed, change))


def test_a_key_that_stands_twice_is_refused(sealed: bytes) -> None:
    twice = sealed.replace(b'"act":"sign"', b'"act":"acknowledge","act":"sign"')
    with pytest.raises(NotAStatementError):
        open_seal(twice)


def test_another_spelling_of_the_same_is_refused(sealed: bytes) -> None:
    whole = json.loads(sealed)
    for spelling in (
        json.dumps(whole, sort_keys=True, ensure_ascii=False, indent=1),
        json.dumps(whole, sort_keys=True, separators=(",", ":")),
        json.dumps(dict(reversed(whole.items())), separators=(",", ":"), ensure_ascii=False),
    ):
        with pytest.raises(NotAStatementError):
            open_seal(spelling.encode())


def test_what_is_too_large_or_too_deep_is_not_read() -> None:
    with pytest.raises(TooLargeError):
        open_seal(b"{" + b" " * MAX_STATEMENT)
    with pytest.raises(NotAStatementError):
        open_seal(b"[" * 100_000)
    with pytest.raises(NotAStatementError):
        open_seal(b"{" + b'"a":{' * 50_000)


def test_the_other_form_of_the_same_value_is_refused(sealed: bytes) -> None:
    """ECDSA has two values of s for each signature; only the smaller one is a seal."""

    def turn(whole: dict[str, Any]) -> None:
        r, s = whole["seal"]["value"][:64], int(whole["seal"]["value"][64:], 16)
        whole["seal"]["value"] = f"{r}{P256_ORDER - s:064x}"

    with pytest.raises(BrokenSealError):
        open_seal(changed(sealed, turn))


def test_a_certificate_cannot_be_put_in_the_place_of_another(sealed: bytes) -> None:
    other = installation_seal(OTHER, training=False).certificate

    def swap(whole: dict[str, Any]) -> None:
        whole["seal"]["certificate"] = base64.b64encode(other.der).decode()

    with pytest.raises(BrokenSealError):
        open_seal(changed(sealed, swap))


def test_whoever_seals_anew_shows_another_fingerprint(sealed: bytes) -> None:
    """Anybody can seal; only the fingerprint says whose seal it is."""
    forged = open_seal(seal(STATEMENT, installation_seal(OTHER, training=False)))
    assert forged.statement == STATEMENT
    assert forged.installation == open_seal(sealed).installation
    assert forged.fingerprint != open_seal(sealed).fingerprint


def test_a_training_statement_cannot_lose_its_word() -> None:
    practice = replace(STATEMENT, training=True)
    with pytest.raises(ValueError, match="training"):
        seal(practice, installation_seal(OWN, training=False))
    with pytest.raises(ValueError, match="training"):
        seal(STATEMENT, installation_seal(OWN, training=True))
    sealed = seal(practice, installation_seal(OWN, training=True))
    assert "УЧЕБНЫЙ" in open_seal(sealed).installation
    assert "УЧЕБНЫЙ".encode() in base64.b64decode(json.loads(sealed)["seal"]["certificate"])
    by = installation_seal(OWN, training=True)

    def cleared(whole: dict[str, Any]) -> None:
        whole["statement"]["installation"]["training"] = False
        from cryptography.hazmat.primitives.asymmetric import ec
        from cryptography.hazmat.primitives.hashes import SHA256

        value = by.key.sign(PREFIX + _canonical(whole["statement"]), ec.ECDSA(SHA256()))
        whole["seal"]["value"] = _value(value)

    with pytest.raises(BrokenSealError):
        open_seal(changed(sealed, cleared))


def test_the_same_secret_makes_the_same_certificate_on_every_machine() -> None:
    one = installation_seal(OWN, training=False)
    installation_seal.cache_clear()
    again = installation_seal(OWN, training=False)
    assert one is not again
    assert one.certificate.der == again.certificate.der
    practice = installation_seal(OWN, training=True)
    assert practice.certificate.public_key_der != one.certificate.public_key_der
    assert OWN.hex() not in repr(one)


def test_what_could_not_be_opened_is_not_sealed() -> None:
    with pytest.raises(NotAStatementError):
        seal(replace(STATEMENT, person=" "), installation_seal(OWN, training=False))
    with pytest.raises(NotAStatementError):
        seal(replace(STATEMENT, text="\ud800"), installation_seal(OWN, training=False))
