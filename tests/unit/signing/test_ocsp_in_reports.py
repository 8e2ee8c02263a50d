"""Answers of responders in a judgement: check 5, what is kept, and the same judgement later."""

from __future__ import annotations

from dataclasses import replace

from signing.evidence import Evidence, Grounds
from signing.keys import SigningKey
from signing.revocation.known import load_crl
from signing.revocation.ocsp import load_answer
from signing.sign import sign_detached
from signing.validate import Validation, validate_detached
from signing.verdicts import EvidenceKind, Outcome, Verdict
from tests.ocsp_responder import SIGNS_ANSWERS, UNKNOWN, answer, delegate, revoked
from tests.pki import DAY, NOON, Holder, Office
from tests.unit.signing.conftest import CONTENT, grounds_of, trust_in


def judged(office: Office, key: SigningKey, crls: list[bytes], *answers: bytes) -> Validation:
    grounds = grounds_of(trust_in(office.root), crls)
    grounds = replace(grounds, ocsp=tuple(load_answer(each) for each in answers))
    return validate_detached(CONTENT, sign_detached(CONTENT, key, NOON), grounds)


def check(validation: Validation) -> tuple[Outcome, str]:
    found = validation.report.signatures[0].check("revocation")
    return found.outcome, found.code


def test_an_answer_takes_the_place_of_the_list(
    head: Holder, head_key: SigningKey, office: Office
) -> None:
    given = answer(head, office.issuing, by=delegate(office.issuing))
    found = judged(office, head_key, [office.root_crl], given)
    assert check(found) == (Outcome.PASSED, "not_revoked")
    assert found.report.verdict is Verdict.VALID
    assert found.evidence.ocsp == (load_answer(given),)
    kinds = [item.kind for item in found.report.signatures[0].evidence]
    assert kinds.count(EvidenceKind.OCSP) == 1


def test_an_answer_about_revocation_invalidates(
    head: Holder, head_key: SigningKey, office: Office
) -> None:
    given = answer(head, office.issuing, revoked(NOON - DAY))
    found = judged(office, head_key, list(office.crls), given)
    assert check(found) == (Outcome.FAILED, "revoked")


def test_an_unknown_certificate_leaves_the_check_unmade(
    head: Holder, head_key: SigningKey, office: Office
) -> None:
    given = answer(head, office.issuing, UNKNOWN)
    found = judged(office, head_key, list(office.crls), given)
    assert check(found) == (Outcome.NOT_MADE, "unknown")
    assert found.report.verdict is Verdict.UNDECIDED


def test_the_judgement_is_repeated_from_what_was_kept(
    head: Holder, head_key: SigningKey, office: Office
) -> None:
    """With the list by which the responder itself was found in order."""
    given = answer(head, office.issuing, by=delegate(office.issuing, SIGNS_ANSWERS))
    found = judged(office, head_key, list(office.crls), given)
    assert found.evidence.ocsp == (load_answer(given),)
    assert load_crl(office.issuing_crl) in found.evidence.crls
    again = Evidence.from_bytes(found.evidence.to_bytes())
    assert again == found.evidence
    signature = sign_detached(CONTENT, head_key, NOON)
    assert validate_detached(CONTENT, signature, again.grounds()).report == found.report


def test_evidence_from_before_answers_is_still_read(head_key: SigningKey, grounds: Grounds) -> None:
    signature = sign_detached(CONTENT, head_key, NOON)
    evidence = validate_detached(CONTENT, signature, grounds).evidence
    stored = evidence.to_bytes().replace(b',"ocsp":[]', b"")
    assert b"ocsp" not in stored
    assert Evidence.from_bytes(stored) == evidence
