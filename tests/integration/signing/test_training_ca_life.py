"""From a training certificate to the paper: sign, check, mark, visual copy, report."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from signing.certificates import load_certificate
from signing.copies.marks import MarkRefusedError, mark_of
from signing.copies.visual_copy import VisualCopy, make_visual_copy
from signing.evidence import Grounds
from signing.expectation import Authority, Expectation, ExpectedOrganisation, ExpectedPerson
from signing.gost.keys import PrivateKey as GostKey
from signing.keys import SigningKey, open_pkcs12
from signing.reports.sheets import report_as_pdf
from signing.revocation.known import load_crl
from signing.sign import sign_detached, sign_pdf
from signing.training.authority import Issued, TrainingCA
from signing.training.certificates import KeyAlgorithm
from signing.training.examples import TrainingExamples, make_examples
from signing.training.subjects import OrganisationFacts, SubjectFacts
from signing.trust import TrustAnchor, TrustStore
from signing.validate import validate_detached, validate_pdf
from signing.verdicts import Outcome, SignatureKind, SignatureReport, Verdict
from tests.integration.signing.pdf_pages import full_page, read_pages, typed
from web.words import russian

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
DAY = timedelta(days=1)
KAZAN = ZoneInfo("Europe/Moscow")
ORDER = typed(full_page(120))
HEAD = SubjectFacts(
    surname="Белова",
    given_name="Яна Николаевна",
    snils="11223344595",
    inn="160000000036",
    title="Заведующий",
    organisation=OrganisationFacts(
        "Муниципальное бюджетное дошкольное образовательное учреждение «Ласточка»",
        "МБДОУ «Ласточка»",
        "1021600000124",
        "1600000036",
    ),
)
HEAD_EXPECTED = Expectation(
    person=ExpectedPerson("Белова", "Яна Николаевна", "112-233-445 95", "160000000036"),
    organisation=ExpectedOrganisation("1021600000124", "1600000036"),
    authority=Authority(True, "Appointed by the order of {day}.", {"day": NOW}),
    kind=SignatureKind.QUALIFIED,
)


@dataclass(frozen=True)
class Practice:
    """An authority with its examples, and what signatures are judged by."""

    ca: TrainingCA
    examples: TrainingExamples
    grounds: Grounds


@pytest.fixture(scope="module", params=list(KeyAlgorithm))
def practice(request: pytest.FixtureRequest) -> Practice:
    ca = TrainingCA.create(NOW, 4, SignatureKind.QUALIFIED, algorithm=request.param)
    examples = make_examples(ca, HEAD, NOW, request.param)
    root = load_certificate(ca.root.certificate_der)
    anchor = TrustAnchor(root, SignatureKind.TRAINING, ca.kind_stood_for)
    lists = (ca.crl(NOW, NOW + 7 * DAY), ca.root_crl(NOW, NOW + 7 * DAY))
    grounds = Grounds(TrustStore([anchor]), tuple(load_crl(der) for der in lists), NOW)
    return Practice(ca, examples, grounds)


def opened(issued: Issued) -> SigningKey:
    """The key as it comes out of its PKCS#12 file; GOST keys have none."""
    if isinstance(issued.key, GostKey):
        return issued.signing_key()
    return open_pkcs12(issued.pkcs12("Пароль-2026"), "Пароль-2026")


def signed_by(issued: Issued, grounds: Grounds) -> SignatureReport:
    """Return the report on a signature that was made while the certificate was valid."""
    key = opened(issued)
    moment = max(key.certificate.not_before, min(NOW, key.certificate.not_after))
    signature = sign_detached(ORDER, key, moment)
    return validate_detached(ORDER, signature, grounds, HEAD_EXPECTED).report.signatures[0]


def test_good_example_passes_all_nine_checks(practice: Practice) -> None:
    report = signed_by(practice.examples.good, practice.grounds)
    assert [check.outcome for check in report.checks] == [Outcome.PASSED] * 9
    assert report.training
    assert report.fulfils is SignatureKind.QUALIFIED


@pytest.mark.parametrize(
    ("name", "check"),
    [
        ("expired", "time"),
        ("not_yet_valid", "time"),
        ("revoked", "revocation"),
        ("foreign", "chain"),
    ],
)
def test_each_bad_example_fails_the_check_it_is_bad_for(
    practice: Practice, name: str, check: str
) -> None:
    report = signed_by(getattr(practice.examples, name), practice.grounds)
    assert [each.key for each in report.checks if each.outcome is Outcome.FAILED] == [check]
    with pytest.raises(MarkRefusedError):
        mark_of(report, NOW)


def test_signed_order_comes_out_with_its_mark_and_its_report(practice: Practice) -> None:
    key = opened(practice.examples.good)
    signed = sign_pdf(ORDER, key, NOW)
    report = validate_pdf(signed, practice.grounds, HEAD_EXPECTED, file_name="Приказ.pdf").report
    assert report.verdict is Verdict.VALID

    mark = mark_of(report.signatures[0], NOW, post="Заведующий", short_name="Я.Н. Белова")
    copy = VisualCopy("Приказ № 1", "Приказ.pdf", "https://example.ru/v/1", KAZAN, (mark,))
    pages = read_pages(make_visual_copy(signed, copy, russian().text))
    assert [page.overlapping() for page in pages] == [[], []]
    for page in pages:
        assert f"{practice.examples.good.certificate.serial_number:X}" in page.text
        assert "УЧЕБНАЯ ПОДПИСЬ — юридической силы не имеет" in page.text

    paper = report_as_pdf(report, russian().text, KAZAN)
    words = " ".join(page.text for page in read_pages(paper))
    assert "Итог: подпись действительна." in words
    assert "УЧЕБНЫЙ корневой УЦ" in words
