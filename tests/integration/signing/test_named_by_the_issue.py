"""What signatures must withstand, as a set: any flipped bit that is covered makes one worthless.

The rest of the set stands where its subject is (folders below `tests`):

- the list of accredited authorities, wrapped: unit/signing/test_xmldsig.py
  `test_a_root_that_wraps_the_signed_one_is_refused`, unit/signing/test_trusted_list.py
  `test_the_signed_list_inside_another_one_is_refused`; rolled back: the same file
  `test_the_version_never_goes_down`, integration/workflow/test_accredited_lists.py
  `test_a_newer_list_counts_and_an_older_one_is_refused`;
- lists out of reach at the deadline: integration/workflow/test_fetching_lists.py
  `test_an_outage_at_the_deadline_leaves_the_signature_received_with_its_time`; the list of tomorrow
  says "revoked before": integration/workflow/test_withdrawal_mail.py
  `test_a_received_signature_that_is_refused_by_the_list_of_tomorrow_is_told_too`,
  integration/workflow/test_looks_again.py
  `test_a_received_signature_that_proves_invalid_lets_the_document_wait_again`;
- a silent authority for timestamps: integration/workflow/test_stamping.py;
- powers of attorney that were revoked: unit/signing/test_power_judgement.py;
- a rewritten audit trail: integration/store/test_audit_trail.py;
- the same session twice: integration/workflow/test_signing.py;
- PAdES prepared twice: integration/workflow/test_pdf_by_hash.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from asn1crypto import cms, parser

from signing.cades import parse_cms
from signing.certificates import load_certificate
from signing.errors import SigningError
from signing.evidence import Grounds
from signing.gost.encoding import write_private_key
from signing.gost.keys import KeyAlgorithm as GostAlgorithm
from signing.keys import SigningKey, gost_signing_key
from signing.pdf.signatures import read_signatures
from signing.revocation.known import load_crl
from signing.sign import sign_detached, sign_pdf
from signing.trust import TrustAnchor, TrustStore
from signing.validate import validate_detached, validate_pdf
from signing.verdicts import Outcome, Report, SignatureKind, Verdict
from tests import gost_pki
from tests.pki import HEAD, NOON, Office, rsa_key
from tests.unit.signing.conftest import CONTENT, key_of, plain_pdf

ALGORITHMS = ("GOST-256", "GOST-512", "RSA", "ECDSA")
FORMATS = ("CAdES", "PAdES")
STEP = 11
"""Every so many bytes one bit is flipped, each time another one: thousands in all."""


@dataclass(frozen=True)
class Place:
    """Somebody's key, and what her signatures are judged by."""

    key: SigningKey
    grounds: Grounds


@cache
def place(algorithm: str) -> Place:
    if algorithm.startswith("GOST"):
        name = GostAlgorithm.GOST_2012_256 if "256" in algorithm else GostAlgorithm.GOST_2012_512
        root = gost_pki.root(f"Центр {algorithm}")
        person = root.person(HEAD, key=gost_pki.new_key(name))
        key = gost_signing_key(write_private_key(person.key), (person.der,))
        anchor = root.certificate
        lists: tuple[bytes, ...] = (root.crl(),)
    else:
        office = Office.open(algorithm)
        changes = {"key": rsa_key()} if algorithm == "RSA" else {}
        key = key_of(office.issuing.person(HEAD, **changes))
        anchor, lists = load_certificate(office.root.holder.der), office.crls
    trust = TrustStore([TrustAnchor(anchor, SignatureKind.ADVANCED)])
    return Place(key, Grounds(trust, tuple(map(load_crl, lists)), NOON))


def test_the_index_above_names_files_and_tests_that_exist() -> None:
    tests = Path(__file__).parents[2]
    words = (__doc__ or "").replace(",", " ").replace(";", " ").split()
    files = [word.rstrip(".") for word in words if "/test_" in word]
    texts = [(tests / name).read_text() for name in files if name.endswith(".py")]
    assert len(texts) == len(files) >= 9
    for name in (word.strip("`") for word in words if word.startswith("`test_")):
        assert any(f"def {name}(" in text for text in texts), name


@cache
def signed(algorithm: str, form: str) -> bytes:
    key = place(algorithm).key
    if form == "CAdES":
        return sign_detached(CONTENT, key, NOON)
    return sign_pdf(plain_pdf(), key, NOON)


def judged(algorithm: str, form: str, signature: bytes) -> Report | None:
    """The report; None where the file cannot be read any more."""
    grounds = place(algorithm).grounds
    try:
        if form == "CAdES":
            return validate_detached(CONTENT, signature, grounds).report
        return validate_pdf(signature, grounds).report
    except SigningError:
        return None


def inside(algorithm: str, form: str) -> bytes:
    """The CMS of the signature."""
    whole = signed(algorithm, form)
    return whole if form == "CAdES" else read_signatures(whole).signatures[0].cms


def covered_parts(algorithm: str, form: str) -> dict[str, bytes]:
    parsed = parse_cms(inside(algorithm, form))
    assert parsed.signed_attributes is not None
    return {
        "attributes": parser.parse(parsed.signed_attributes)[4],
        "value": parsed.signature,
        "certificate": place(algorithm).key.certificate.der,
    }


def flipped(whole: bytes, cms_der: bytes, part: bytes, form: str) -> Iterator[bytes]:
    """The file with one bit of `part` flipped, in the CMS or in the digits it is written as."""
    start = cms_der.index(part)
    for number, place_in in enumerate(range(start, start + len(part), STEP)):
        changed = bytearray(cms_der)
        changed[place_in] ^= 1 << number % 8
        yield bytes(changed) if form == "CAdES" else put_into(whole, cms_der, bytes(changed))


def put_into(whole: bytes, cms_der: bytes, changed: bytes) -> bytes:
    digits = cms_der.hex().encode()
    where = whole.lower().index(digits)
    return whole[:where] + changed.hex().encode() + whole[where + len(digits) :]


@pytest.mark.parametrize("algorithm", ALGORITHMS)
@pytest.mark.parametrize("form", FORMATS)
def test_the_signatures_of_these_tests_are_valid(form: str, algorithm: str) -> None:
    report = judged(algorithm, form, signed(algorithm, form))
    assert report is not None
    assert report.verdict is Verdict.VALID


@pytest.mark.parametrize("part", ["attributes", "value", "certificate"])
@pytest.mark.parametrize("algorithm", ALGORITHMS)
@pytest.mark.parametrize("form", FORMATS)
def test_a_flipped_bit_that_is_covered_is_never_accepted(
    form: str, algorithm: str, part: str
) -> None:
    whole, cms_der = signed(algorithm, form), inside(algorithm, form)
    tried = 0
    for damaged in flipped(whole, cms_der, covered_parts(algorithm, form)[part], form):
        report = judged(algorithm, form, damaged)
        assert report is None or report.verdict is not Verdict.VALID
        tried += 1
    assert tried >= 5


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_a_flipped_bit_of_the_document_is_never_accepted(algorithm: str) -> None:
    grounds, signature = place(algorithm).grounds, signed(algorithm, "CAdES")
    for position in range(len(CONTENT)):
        changed = bytearray(CONTENT)
        changed[position] ^= 1 << position % 8
        (report,) = validate_detached(bytes(changed), signature, grounds).report.signatures
        assert report.check("integrity").outcome is Outcome.FAILED


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_a_flipped_bit_of_a_signed_pdf_is_never_accepted(algorithm: str) -> None:
    whole = signed(algorithm, "PAdES")
    first = whole.index(b"/Contents <")
    after = whole.index(b">", first) + 1
    for number, position in enumerate((*range(0, first, 29), *range(after, len(whole), 29))):
        changed = bytearray(whole)
        changed[position] ^= 1 << number % 8
        report = judged(algorithm, "PAdES", bytes(changed))
        assert report is None or report.verdict is not Verdict.VALID


# --- verified, not accepted -------------------------------------------------------------------


def spoiled(algorithm: str, attributes: bool) -> bytes:
    """A right signature by the right key: over the document alone, or over fewer attributes."""
    key, outer = place(algorithm).key, cms.ContentInfo.load(signed(algorithm, "CAdES"))
    signer = outer["content"]["signer_infos"][0]
    if attributes:
        kept = [a for a in signer["signed_attrs"] if a["type"].native != "signing_certificate_v2"]
        signer["signed_attrs"] = cms.CMSAttributes(kept)
        signer["signature"] = key.sign(cms.CMSAttributes(kept).dump())
    else:
        del signer["signed_attrs"]
        signer["signature"] = key.sign(CONTENT)
    return bytes(outer.dump(force=True))


@pytest.mark.parametrize("algorithm", ALGORITHMS)
@pytest.mark.parametrize(
    ("attributes", "code"), [(True, "not_bound"), (False, "no_signed_attributes")]
)
def test_a_signature_that_names_no_certificate_is_verified_and_not_accepted(
    attributes: bool, code: str, algorithm: str
) -> None:
    grounds = place(algorithm).grounds
    given = spoiled(algorithm, attributes)
    (report,) = validate_detached(CONTENT, given, grounds).report.signatures
    assert report.verdict is Verdict.INVALID
    check = report.check("signature_value")
    assert (check.outcome, check.code) == (Outcome.FAILED, code)
    assert "verified" in check.msgid or "not accepted" in check.msgid
