"""Certificates and lists that a PDF keeps for its own validation (PAdES-B-LT, B-LTA)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from signing.certificates import load_certificate
from signing.evidence import Evidence, Grounds
from signing.keys import SigningKey
from signing.pdf.signatures import open_pdf, read_signatures
from signing.pdf.store import read_store
from signing.revocation.known import load_crl
from signing.sign import sign_pdf
from signing.timestamps.stamping import keep_in_pdf, stamp_pdf
from signing.training.timestamp_authority import TrainingTsa
from signing.validate import validate_pdf
from signing.verdicts import TimeBasis, Verdict
from tests.pki import DAY, NOON, YEAR, Office
from tests.tsa import authority_at, tsa_of, vouching
from tests.unit.signing.conftest import grounds_of, key_of, trust_in
from tests.unit.signing.test_pdf_signatures import updated

SIGNED = NOON - 5 * DAY


@pytest.fixture(scope="module")
def tsa(office: Office) -> TrainingTsa:
    return tsa_of(office.issuing)


@pytest.fixture
def bare(office: Office) -> Grounds:
    """Grounds that know the root, and no list and no certificate besides."""
    return grounds_of(trust_in(office.root), (), timestamping=vouching(office.root))


def kept(office: Office, pdf: bytes) -> bytes:
    """The PDF with everything that is needed to judge it."""
    return keep_in_pdf(
        pdf, [load_certificate(office.issuing.holder.der)], map(load_crl, office.crls)
    )


def test_what_is_kept_comes_back(pdf: bytes, office: Office) -> None:
    store = read_store(open_pdf(kept(office, pdf)))
    assert store.certificates == (load_certificate(office.issuing.holder.der),)
    assert [each.der for each in store.crls] == list(office.crls)
    assert store.understood


def test_the_lists_in_the_pdf_are_enough(
    pdf: bytes, head_key: SigningKey, office: Office, tsa: TrainingTsa, bare: Grounds
) -> None:
    """PAdES-B-LT: nothing but the root is known beside the file."""
    alone = replace(head_key, chain=())
    signed = sign_pdf(pdf, alone, SIGNED, authority_at(tsa, SIGNED))
    assert validate_pdf(signed, bare).report.verdict is not Verdict.VALID
    report = validate_pdf(kept(office, signed), bare).report
    assert report.verdict is Verdict.VALID
    assert report.signatures[0].time_basis is TimeBasis.PROVEN
    assert report.signatures[0].check("integrity").code == "long_term_later"


def test_a_timestamp_over_what_is_kept_proves_it_for_long(
    pdf: bytes, office: Office, bare: Grounds
) -> None:
    """PAdES-B-LTA: the signer's certificate and the first authority's have expired since."""
    key = key_of(office.issuing.person(not_before=NOON - YEAR, not_after=NOON - 3 * DAY))
    first = tsa_of(office.issuing, "Первая", not_after=NOON - 2 * DAY)
    second = tsa_of(office.issuing, "Вторая", not_after=NOON + DAY)
    lists = (
        office.root_crl,
        office.issuing.crl(this_update=SIGNED, next_update=NOON + DAY),
        office.issuing.crl(this_update=NOON - 4 * DAY, next_update=NOON + DAY),
    )
    signed = sign_pdf(pdf, key, SIGNED, authority_at(first, SIGNED))
    keeping = keep_in_pdf(signed, (), map(load_crl, lists))
    document = stamp_pdf(keeping, authority_at(second, NOON - 3 * DAY))
    judged = validate_pdf(document, bare)
    assert judged.report.verdict is Verdict.VALID
    assert judged.report.signatures[0].checked_at.date() == SIGNED.date()

    again = Evidence.from_bytes(judged.evidence.to_bytes())
    assert validate_pdf(document, again.grounds()).report == judged.report


def test_a_kept_list_that_revokes_is_heard(
    pdf: bytes, head_key: SigningKey, office: Office, grounds: Grounds
) -> None:
    revoked = office.issuing.crl({head_key.certificate.serial: SIGNED}, this_update=NOON)
    document = keep_in_pdf(sign_pdf(pdf, head_key, SIGNED), (), [load_crl(revoked)])
    assert validate_pdf(document, grounds).report.verdict is Verdict.INVALID


def test_an_older_kept_list_takes_nothing_from_a_newer_one(
    pdf: bytes, head_key: SigningKey, office: Office
) -> None:
    revoked = office.issuing.crl({head_key.certificate.serial: SIGNED}, this_update=NOON)
    grounds = grounds_of(trust_in(office.root), [office.root_crl, revoked])
    document = kept(office, sign_pdf(pdf, head_key, SIGNED))
    assert validate_pdf(document, grounds).report.verdict is Verdict.INVALID


def test_a_forged_kept_list_says_nothing(
    pdf: bytes, head_key: SigningKey, office: Office, bare: Grounds
) -> None:
    forged = office.issuing.crl(key=office.root.holder.key)
    document = keep_in_pdf(
        sign_pdf(pdf, head_key, SIGNED), (), map(load_crl, (office.root_crl, forged))
    )
    report = validate_pdf(document, bare).report
    assert report.signatures[0].check("revocation").code == "unusable"
    assert report.verdict is Verdict.UNDECIDED


def test_what_cannot_be_read_leaves_the_file_undecided(
    pdf: bytes, head_key: SigningKey, grounds: Grounds
) -> None:
    def bomb(writer: IncrementalPdfFileWriter) -> None:
        huge = generic.StreamObject(stream_data=bytes(60 * 1024 * 1024))
        huge.compress()
        lists = generic.ArrayObject([writer.add_object(huge)])
        store = generic.DictionaryObject({generic.pdf_name("/CRLs"): lists})
        writer.root[generic.pdf_name("/DSS")] = writer.add_object(store)
        writer.update_root()

    document = updated(sign_pdf(pdf, head_key, SIGNED), bomb)
    assert len(document) < 1024 * 1024
    assert not read_signatures(document).kept.understood
    assert validate_pdf(document, grounds).report.verdict is Verdict.UNDECIDED
