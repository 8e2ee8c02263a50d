"""A signature file beside a document hides nothing that is wrong with the document itself."""

from __future__ import annotations

from signing.file_check import judge_files, verdict_over
from signing.sign import sign_detached, sign_pdf
from signing.verdicts import Verdict
from tests.pki import MENTOR, NOON, Office
from tests.unit.signing.conftest import grounds_of, key_of, plain_pdf, trust_in

OFFICE = Office.open("пакетов")
GROUNDS = grounds_of(trust_in(OFFICE.root), OFFICE.crls)
HEAD = key_of(OFFICE.issuing.person())
SECOND = key_of(OFFICE.issuing.person(MENTOR))


def verdict(document: bytes) -> Verdict:
    beside = ("order.pdf.sig", sign_detached(document, SECOND, NOON))
    return verdict_over(judge_files("order.pdf", document, GROUNDS, signature=beside))


def test_a_broken_signature_inside_is_not_hidden_by_a_good_one_beside() -> None:
    signed = sign_pdf(plain_pdf(), HEAD, NOON)
    assert verdict(signed) is Verdict.VALID
    assert verdict(signed + b"\n") is Verdict.INVALID


def test_a_document_without_signatures_of_its_own_is_judged_by_those_beside() -> None:
    assert verdict(plain_pdf()) is Verdict.VALID
    assert verdict(b"%PDF-1.7 and nothing else") is Verdict.VALID
