"""What a key outside this system signs, and whose it is: by the certificate that was chosen."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest

from signing.by_hash import (
    NotForSignaturesError,
    NotYetValidError,
    OtherOwnerError,
    OverError,
    digests_to_sign,
    refuse_unfit,
)
from signing.certificates import Certificate, load_certificate
from signing.digests import digest
from signing.expectation import Expectation, ExpectedPerson
from signing.gost.keys import KeyAlgorithm
from signing.keys import KeyNotAllowedError
from tests import gost_pki
from tests.pki import DAY, HEAD, MENTOR, NOON, YEAR, Office, rsa_key

FILES = (b"%PDF-1.7 order", b"%PDF-1.7 annex")
THE_HEAD = Expectation(person=ExpectedPerson(snils="112-233-445 95"))


def certificate(**changes: object) -> Certificate:
    holder = Office.open().issuing.person(**changes)  # type: ignore[arg-type]  # fields of Request, by name
    return load_certificate(holder.der)


@pytest.mark.parametrize(
    ("algorithm", "name"),
    [
        (KeyAlgorithm.GOST_2012_256, "streebog256"),
        (KeyAlgorithm.GOST_2012_512, "streebog512"),
    ],
)
def test_gost_key_signs_streebog_of_its_own_length(algorithm: KeyAlgorithm, name: str) -> None:
    person = gost_pki.root("Центр").person(HEAD, key=gost_pki.new_key(algorithm))
    found, values = digests_to_sign(person.certificate, FILES)
    assert (found, values) == (name, [digest(name, file) for file in FILES])


def test_rsa_and_elliptic_keys_sign_sha_256() -> None:
    expected = [hashlib.sha256(file).digest() for file in FILES]
    assert digests_to_sign(certificate(key=rsa_key()), FILES) == ("sha256", expected)
    assert digests_to_sign(certificate(), FILES) == ("sha256", expected)


def test_key_that_is_too_weak_gets_nothing_to_sign() -> None:
    with pytest.raises(KeyNotAllowedError):
        digests_to_sign(certificate(key=rsa_key(1024)), FILES)


def test_certificate_of_the_person_does() -> None:
    refuse_unfit(certificate(), THE_HEAD, NOON)


def test_end_and_beginning_are_told_by_their_day() -> None:
    with pytest.raises(OverError, match=r"20\.11\.2027"):
        refuse_unfit(certificate(), THE_HEAD, NOON + YEAR + DAY)
    with pytest.raises(NotYetValidError, match=r"21\.10\.2026"):
        refuse_unfit(certificate(), THE_HEAD, NOON - 31 * DAY)


def test_another_persons_certificate_is_told_by_its_owner() -> None:
    with pytest.raises(OtherOwnerError) as refused:
        refuse_unfit(certificate(values=MENTOR), THE_HEAD, NOON)
    assert refused.value.params["owner"]


def test_namesake_with_another_number_is_another_person() -> None:
    other = replace(THE_HEAD, person=ExpectedPerson(snils="000-000-000 01"))
    with pytest.raises(OtherOwnerError):
        refuse_unfit(certificate(), other, NOON)


@pytest.mark.parametrize("usage", [("key_encipherment",), None])
def test_certificate_for_something_else_is_no_certificate_for_signing(
    usage: tuple[str, ...] | None,
) -> None:
    with pytest.raises(NotForSignaturesError):
        refuse_unfit(certificate(usage=usage), THE_HEAD, NOON)
