"""Damaged GOST signatures, certificates and lists: never a crash, never accepted for another."""

from __future__ import annotations

import pytest

from signing.cades import read_cms
from signing.certificates import load_certificate
from signing.errors import SigningError
from signing.evidence import Grounds
from signing.gost.encoding import write_private_key
from signing.keys import SigningKey, gost_signing_key
from signing.revocation.known import load_crl
from signing.sign import sign_detached, sign_pdf
from signing.trust import TrustAnchor, TrustStore
from signing.validate import validate_detached, validate_pdf
from signing.verdicts import SignatureKind, Verdict
from tests.gost_pki import GostHolder, root
from tests.pki import HEAD, MENTOR, NOON
from tests.unit.signing.conftest import CONTENT, plain_pdf
from tests.unit.signing.test_cms_forms import attached, open_lengths, together
from tests.unit.signing.test_mutations import mutations
from tests.unit.signing.test_real_world_traps import grounds_with, listing


@pytest.fixture(scope="module")
def centre() -> GostHolder:
    return root("Головной центр")


@pytest.fixture(scope="module")
def grounds(centre: GostHolder) -> Grounds:
    return grounds_with(centre, listing(centre))


@pytest.fixture(scope="module")
def key(centre: GostHolder) -> SigningKey:
    person = centre.person(HEAD)
    return gost_signing_key(write_private_key(person.key), (person.der,))


@pytest.fixture(scope="module")
def forms(key: SigningKey, centre: GostHolder) -> dict[str, bytes]:
    """One document's signature in the forms that are parsed in different ways."""
    other = centre.person(MENTOR)
    second = gost_signing_key(write_private_key(other.key), (other.der,))
    der = sign_detached(CONTENT, key, NOON)
    return {
        "DER": der,
        "BER": open_lengths(der),
        "attached": attached(der),
        "co-signed": together(der, sign_detached(CONTENT, second, NOON)),
    }


@pytest.mark.parametrize("form", ["DER", "BER", "attached", "co-signed"])
def test_a_damaged_file_says_nothing_else(
    forms: dict[str, bytes], form: str, grounds: Grounds
) -> None:
    whole = read_cms(forms[form])
    said = {(each.signed_attributes, each.certificate) for each in whole.signers}
    refused = 0
    for damaged in mutations(forms[form], 200):
        try:
            report = validate_detached(CONTENT, damaged, grounds).report
        except SigningError:
            refused += 1
            continue
        if report.verdict is Verdict.VALID:
            found = read_cms(damaged)
            assert {(each.signed_attributes, each.certificate) for each in found.signers} <= said
            assert found.content in (None, CONTENT)
        else:
            refused += 1
    assert refused > 100


def test_a_damaged_pdf_is_not_accepted(key: SigningKey, grounds: Grounds) -> None:
    signed = sign_pdf(plain_pdf(), key, NOON)
    start = signed.index(b"/Contents <") + len(b"/Contents <")
    end = signed.index(b">", start)
    for damaged in mutations(signed, 100):
        try:
            report = validate_pdf(damaged, grounds).report
        except SigningError:
            continue
        if report.verdict is Verdict.VALID:
            assert (damaged[:start], damaged[end:]) == (signed[:start], signed[end:])


def test_a_damaged_certificate_of_the_authority_anchors_nothing(
    centre: GostHolder, key: SigningKey, grounds: Grounds
) -> None:
    """An anchor is trusted as it stands, so only damage to its key or name matters."""
    signature = sign_detached(CONTENT, key, NOON)
    whole = centre.certificate
    for damaged in mutations(centre.der, 200):
        try:
            anchor = TrustAnchor(load_certificate(damaged), SignatureKind.ADVANCED)
            trust = TrustStore([anchor])
            report = validate_detached(
                CONTENT, signature, Grounds(trust, grounds.crls, NOON)
            ).report
        except SigningError:
            continue
        if report.verdict is Verdict.VALID:
            assert anchor.certificate.public_key_der == whole.public_key_der
            assert anchor.certificate.subject_der == whole.subject_der


def test_a_damaged_list_never_clears_anybody(centre: GostHolder, key: SigningKey) -> None:
    revoking = listing(centre, (key.certificate.serial,))
    signature = sign_detached(CONTENT, key, NOON)
    for damaged in mutations(revoking, 300):
        try:
            listed = load_crl(damaged)
        except SigningError:
            continue
        known = grounds_with(centre, revoking)
        report = validate_detached(CONTENT, signature, Grounds(known.trust, (listed,), NOON)).report
        assert report.verdict is not Verdict.VALID
