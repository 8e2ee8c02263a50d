"""Updates of a signed PDF that pass themselves off as timestamps or data for long-term keeping."""

from __future__ import annotations

import pytest
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from signing.sign import sign_pdf
from signing.timestamps.stamping import keep_in_pdf, stamp_pdf
from signing.validate import validate_pdf
from signing.verdicts import Outcome, Report, Verdict
from tests.integration.signing import pdf_attacks as attack
from tests.pki import DAY, NOON, Authority, Office
from tests.tsa import authority_at, tsa_of, vouching
from tests.unit.signing.conftest import grounds_of, key_of, plain_pdf, trust_in

OFFICE = Office.open("хранения")
KEY = key_of(OFFICE.issuing.person())
GROUNDS = grounds_of(trust_in(OFFICE.root), OFFICE.crls, timestamping=vouching(OFFICE.root))
SIGNED = sign_pdf(plain_pdf(), KEY, NOON - DAY)
XMP = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'><title>Order 13</title></x:xmpmeta>"


def judged(pdf: bytes) -> Report:
    return validate_pdf(pdf, GROUNDS).report


def another_description(writer: IncrementalPdfFileWriter) -> None:
    kind = {"Type": attack.name("/Metadata"), "Subtype": attack.name("/XML")}
    writer.root[attack.name("/Metadata")] = writer.add_object(attack.stream(XMP, **kind))
    writer.update_root()


def another_version(writer: IncrementalPdfFileWriter) -> None:
    writer.root[attack.name("/Version")] = attack.name("/2.0")
    writer.update_root()


def hidden_object(writer: IncrementalPdfFileWriter) -> None:
    writer.add_object(attack.stream(b"Order 13"))


CHANGES = [attack.another_title, another_description, another_version, hidden_object]


def with_title_and_store(pdf: bytes) -> bytes:
    return keep_in_pdf(attack.updated(pdf, attack.another_title))


@pytest.mark.parametrize("change", CHANGES)
def test_what_is_no_data_for_keeping_does_not_pass_as_such(change: attack.Change) -> None:
    report = judged(attack.updated(SIGNED, change))
    assert report.signatures[0].check("integrity").outcome is Outcome.NOT_MADE
    assert report.verdict is Verdict.UNDECIDED


@pytest.mark.parametrize("change", CHANGES)
def test_a_timestamp_of_nobody_heals_no_update(change: attack.Change) -> None:
    nobody = tsa_of(Authority.root("Никто"))
    document = stamp_pdf(attack.updated(SIGNED, change), authority_at(nobody, NOON))
    assert judged(document).verdict is Verdict.UNDECIDED


def test_data_for_keeping_cover_no_other_update() -> None:
    assert judged(keep_in_pdf(SIGNED)).verdict is Verdict.VALID
    assert judged(with_title_and_store(SIGNED)).verdict is Verdict.UNDECIDED


def test_whoever_signs_after_an_update_answers_for_it() -> None:
    document = sign_pdf(attack.updated(SIGNED, attack.another_title), KEY, NOON)
    report = judged(document)
    assert report.verdict is Verdict.VALID
    assert "revision_properties" in [each.code for each in report.remarks]


def test_a_pdf_that_carries_timestamps_alone_is_still_read() -> None:
    tsa = tsa_of(OFFICE.issuing)
    once = stamp_pdf(plain_pdf(), authority_at(tsa, NOON - DAY))
    report = judged(stamp_pdf(once, authority_at(tsa, NOON - DAY / 2)))
    assert [each.verdict for each in report.timestamps] == [Verdict.VALID] * 2
    assert not report.not_understood
    assert report.verdict is Verdict.INVALID
