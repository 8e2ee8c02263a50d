"""The level of a signature is named by what was verified, not by what merely lies there."""

from __future__ import annotations

from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from signing.evidence import Grounds
from signing.keys import SigningKey
from signing.records.preserved import judge_preserved
from signing.reports.lines import report_lines
from signing.reports.words import format_words
from signing.sign import sign_detached, sign_pdf
from signing.timestamps.preserving import preserve_pdf
from signing.timestamps.stamping import keep_in_pdf, stamp_pdf
from signing.training.timestamp_authority import TrainingTsa
from signing.validate import validate_detached, validate_pdf
from signing.verdicts import Outcome, Report, SignatureLevel, Verdict
from tests.pki import NOON, YEAR, Office
from tests.tsa import authority_at, token_over, tsa_of, vouching
from tests.unit.signing.conftest import CONTENT
from tests.unit.signing.record_story import Story
from tests.unit.signing.test_timestamped_signatures import with_token
from web.words import russian as russian_words

RUSSIAN = russian_words().text
MOSCOW = ZoneInfo("Europe/Moscow")


@pytest.fixture(scope="module")
def tsa(office: Office) -> TrainingTsa:
    return tsa_of(office.issuing)


@pytest.fixture
def stamping(office: Office, grounds: Grounds) -> Grounds:
    return replace(grounds, timestamping=vouching(office.root))


def level_of(report: Report) -> SignatureLevel | None:
    (signature,) = report.signatures
    return signature.level


def russian(report: Report) -> str:
    return format_words(report.signatures[0], RUSSIAN)


def test_without_a_timestamp_it_is_the_lowest_level(
    head_key: SigningKey, stamping: Grounds, pdf: bytes
) -> None:
    detached = sign_detached(CONTENT, head_key, NOON)
    embedded = sign_pdf(pdf, head_key, NOON)
    assert level_of(validate_detached(CONTENT, detached, stamping).report) == "CAdES-BES"
    assert level_of(validate_pdf(embedded, stamping).report) == "PAdES B-B"


def test_a_timestamp_that_holds_makes_it_t(
    head_key: SigningKey, tsa: TrainingTsa, stamping: Grounds, pdf: bytes
) -> None:
    authority = authority_at(tsa, NOON)
    detached = sign_detached(CONTENT, head_key, NOON, authority)
    embedded = sign_pdf(pdf, head_key, NOON, authority)
    assert level_of(validate_detached(CONTENT, detached, stamping).report) == "CAdES-T"
    assert level_of(validate_pdf(embedded, stamping).report) == "PAdES B-T"


def test_a_timestamp_over_the_whole_file_makes_it_t(
    head_key: SigningKey, tsa: TrainingTsa, stamping: Grounds, pdf: bytes
) -> None:
    stamped = stamp_pdf(sign_pdf(pdf, head_key, NOON), authority_at(tsa, NOON))
    assert level_of(validate_pdf(stamped, stamping).report) == "PAdES B-T"


def test_a_timestamp_that_nobody_vouches_for_gives_no_t(
    head_key: SigningKey, tsa: TrainingTsa, grounds: Grounds, pdf: bytes
) -> None:
    authority = authority_at(tsa, NOON)
    detached = sign_detached(CONTENT, head_key, NOON, authority)
    embedded = stamp_pdf(sign_pdf(pdf, head_key, NOON, authority), authority)
    assert level_of(validate_detached(CONTENT, detached, grounds).report) == "CAdES-BES"
    assert level_of(validate_pdf(embedded, grounds).report) == "PAdES B-B"


def test_a_timestamp_of_another_value_gives_no_t(
    head_key: SigningKey, tsa: TrainingTsa, stamping: Grounds
) -> None:
    cms = sign_detached(CONTENT, head_key, NOON)
    cms = with_token(cms, token_over(b"another", tsa, NOON))
    report = validate_detached(CONTENT, cms, stamping).report
    assert report.signatures[0].timestamps[0].verdict is Verdict.INVALID
    assert level_of(report) == "CAdES-BES"


def test_kept_lists_make_it_lt_and_a_timestamp_over_them_lta(
    head_key: SigningKey, tsa: TrainingTsa, stamping: Grounds, pdf: bytes
) -> None:
    authority = authority_at(tsa, NOON)
    signed = sign_pdf(pdf, head_key, NOON, authority)
    evidence = validate_pdf(signed, stamping).evidence
    kept = keep_in_pdf(signed, evidence.certificates, evidence.crls, evidence.ocsp)
    assert level_of(validate_pdf(kept, stamping).report) == "PAdES B-LT"
    assert level_of(validate_pdf(stamp_pdf(kept, authority), stamping).report) == "PAdES B-LTA"


def test_the_copy_for_keeping_is_lta_when_all_has_ended(
    head_key: SigningKey, tsa: TrainingTsa, stamping: Grounds, pdf: bytes
) -> None:
    authority = authority_at(tsa, NOON)
    copy = preserve_pdf(pdf, sign_pdf(pdf, head_key, NOON, authority), authority, stamping)
    bare = replace(stamping, crls=(), now=NOON + 30 * YEAR, received_at=NOON)
    assert level_of(validate_pdf(copy, bare).report) == "PAdES B-LTA"


def test_what_lies_in_the_file_without_speaking_for_it_makes_no_lt(
    head_key: SigningKey, tsa: TrainingTsa, stamping: Grounds, pdf: bytes
) -> None:
    """The lists are those of all but the signer's own authority; outside they are at hand."""
    signed = sign_pdf(pdf, head_key, NOON, authority_at(tsa, NOON))
    evidence = validate_pdf(signed, stamping).evidence
    for crls in ((), evidence.crls[1:], evidence.crls[:1]):
        kept = keep_in_pdf(signed, evidence.certificates, crls, ())
        assert level_of(validate_pdf(kept, stamping).report) == "PAdES B-T"


def test_kept_lists_without_a_timestamp_make_no_lt(
    head_key: SigningKey, stamping: Grounds, pdf: bytes
) -> None:
    signed = sign_pdf(pdf, head_key, NOON)
    evidence = validate_pdf(signed, stamping).evidence
    kept = keep_in_pdf(signed, evidence.certificates, evidence.crls, evidence.ocsp)
    assert level_of(validate_pdf(kept, stamping).report) == "PAdES B-B"


def test_a_store_after_the_last_timestamp_is_covered_by_none(
    head_key: SigningKey, tsa: TrainingTsa, stamping: Grounds, pdf: bytes
) -> None:
    signed = stamp_pdf(sign_pdf(pdf, head_key, NOON), authority_at(tsa, NOON))
    evidence = validate_pdf(signed, stamping).evidence
    kept = keep_in_pdf(signed, evidence.certificates, evidence.crls, evidence.ocsp)
    assert level_of(validate_pdf(kept, stamping).report) == "PAdES B-LT"


def test_a_changed_document_has_no_level(head_key: SigningKey, stamping: Grounds) -> None:
    cms = sign_detached(CONTENT, head_key, NOON)
    report = validate_detached(CONTENT + b"!", cms, stamping).report
    assert report.signatures[0].check("integrity").outcome is Outcome.FAILED
    assert level_of(report) is None
    assert russian(report) == "CAdES"


def test_a_level_that_the_checks_contradict_is_refused(
    head_key: SigningKey, stamping: Grounds
) -> None:
    cms = sign_detached(CONTENT, head_key, NOON)
    (broken,) = validate_detached(CONTENT + b"!", cms, stamping).report.signatures
    (sound,) = validate_detached(CONTENT, cms, stamping).report.signatures
    with pytest.raises(ValueError, match="CAdES-BES"):
        replace(broken, level=SignatureLevel.CADES_BES)
    with pytest.raises(ValueError, match="PAdES B-B"):
        replace(sound, level=SignatureLevel.B_B)


def test_an_evidence_record_that_counts_is_named_with_the_level() -> None:
    story = Story.told()
    _, validation = story.judged(story.whole())
    assert russian(validation.report) == "CAdES-BES, со свидетельством сохранности"
    stored = Report.from_json(validation.report.to_json())
    assert stored == validation.report
    lines = report_lines(stored, RUSSIAN, MOSCOW)
    assert "  Формат: CAdES-BES, со свидетельством сохранности" in lines


def test_a_record_that_proves_nothing_is_not_named() -> None:
    story = Story.told()
    found = judge_preserved(b"no record", (CONTENT, story.signature), story.grounds())
    validation = found.said_in(validate_detached(CONTENT, story.signature, found.grounds))
    assert not validation.report.signatures[0].preserved


def test_a_report_stored_before_levels_is_still_read(
    head_key: SigningKey, tsa: TrainingTsa, stamping: Grounds
) -> None:
    cms = sign_detached(CONTENT, head_key, NOON, authority_at(tsa, NOON))
    text = validate_detached(CONTENT, cms, stamping).report.to_json()
    assert '"level":"CAdES-T"' in text
    before = Report.from_json(text.replace('"level":"CAdES-T",', ""))
    assert level_of(before) is None
    assert russian(before) == "CAdES"
