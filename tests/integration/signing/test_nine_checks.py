"""Each of the nine checks fails alone: a good signature, one thing wrong, all others pass.

Without a chain it is not known who may revoke and what kind a signature is: there alone two other
checks cannot be made.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest
from asn1crypto import cms
from cryptography.hazmat.primitives import hashes

from signing.certificates import load_certificate
from signing.evidence import Grounds
from signing.expectation import Authority, Expectation, ExpectedOrganisation, ExpectedPerson
from signing.sign import sign_detached, sign_pdf
from signing.trust import TrustAnchor, TrustStore
from signing.validate import validate_detached, validate_pdf
from signing.verdicts import CHECK_KEYS, Outcome, SignatureKind, SignatureReport, Verdict
from tests.pki import DAY, HEAD, NOON, SNILS, YEAR, Holder, Office
from tests.unit.signing.conftest import CONTENT, grounds_of, key_of, plain_pdf, trust_in

OFFICE = Office.open("девяти проверок")
EXPECTED = Expectation(
    person=ExpectedPerson("Берёзкина", "Мария Ильинична", "112-233-445 95", "160000000001"),
    organisation=ExpectedOrganisation("1021600000001", "1600000001"),
    authority=Authority(True, "Appointed by the order of {day}.", {"day": NOON}),
    kind=SignatureKind.ADVANCED,
    identified=True,
    represents=True,
)


@dataclass(frozen=True)
class Scene:
    """One signature and everything it is judged by; as it stands, all nine checks pass."""

    holder: Holder
    grounds: Grounds
    expectation: Expectation = EXPECTED
    content: bytes = CONTENT
    change: Callable[[bytes], bytes] = bytes

    def judged(self) -> SignatureReport:
        """The report on a detached signature that the holder makes."""
        key = key_of(self.holder)
        now = min(max(NOON, key.certificate.not_before), key.certificate.not_after)
        signature = self.change(sign_detached(CONTENT, key, now))
        found = validate_detached(self.content, signature, self.grounds, self.expectation)
        return found.report.signatures[0]


def good() -> Scene:
    return Scene(OFFICE.issuing.person(), grounds_of(trust_in(OFFICE.root), OFFICE.crls))


def another_byte(scene: Scene) -> Scene:
    return replace(scene, content=CONTENT[:-1] + bytes([CONTENT[-1] ^ 1]))


def another_value(scene: Scene) -> Scene:
    """The value of another signature by the same key."""
    key = key_of(scene.holder)

    def changed(signature: bytes) -> bytes:
        envelope = cms.ContentInfo.load(signature)
        envelope["content"]["signer_infos"][0]["signature"] = key.sign(b"something else")
        return bytes(envelope.dump(force=True))

    return replace(scene, change=changed)


def an_authority_that_expired(scene: Scene) -> Scene:
    old = OFFICE.root.issuing("Старый центр", not_after=NOON - DAY)
    grounds = grounds_of(trust_in(OFFICE.root), [OFFICE.root_crl, old.crl()])
    return replace(scene, holder=old.person(), grounds=grounds)


def a_stranger_to_our_trust(scene: Scene) -> Scene:
    return replace(scene, holder=Office.open("чужой").issuing.person())


def a_certificate_that_expired(scene: Scene) -> Scene:
    return replace(
        scene, holder=OFFICE.issuing.person(not_before=NOON - YEAR, not_after=NOON - DAY)
    )


def a_certificate_of_tomorrow(scene: Scene) -> Scene:
    return replace(scene, holder=OFFICE.issuing.person(not_before=NOON + DAY))


def a_certificate_that_was_revoked(scene: Scene) -> Scene:
    revoked = OFFICE.issuing.crl({scene.holder.certificate.serial_number: NOON - DAY})
    grounds = grounds_of(trust_in(OFFICE.root), [OFFICE.root_crl, revoked])
    return replace(scene, grounds=grounds)


def a_key_for_encryption(scene: Scene) -> Scene:
    return replace(scene, holder=OFFICE.issuing.person(usage=("key_encipherment",)))


def a_certificate_over_a_weak_digest(scene: Scene) -> Scene:
    return replace(scene, holder=OFFICE.issuing.person(digest=hashes.SHA224))


def a_namesake(scene: Scene) -> Scene:
    return replace(scene, holder=OFFICE.issuing.person(HEAD | {SNILS: "00000000001"}))


def the_head_of_another_school(scene: Scene) -> Scene:
    other = ExpectedOrganisation(inn_le="1600000009")
    return replace(scene, expectation=replace(EXPECTED, organisation=other))


def a_head_who_was_dismissed(scene: Scene) -> Scene:
    gone = Authority(False, "Dismissed by the order of {day}.", {"day": NOON})
    return replace(scene, expectation=replace(EXPECTED, authority=gone))


def a_step_for_qualified_signatures(scene: Scene) -> Scene:
    return replace(scene, expectation=replace(EXPECTED, kind=SignatureKind.QUALIFIED))


WITHOUT_CHAIN = {"revocation": "no_chain", "kind": "kind_unknown"}
FAILURES = [
    (another_byte, "integrity", "content_changed"),
    (another_value, "signature_value", "signature_wrong"),
    (an_authority_that_expired, "chain", "ca_expired"),
    (a_stranger_to_our_trust, "chain", "untrusted"),
    (a_certificate_that_expired, "time", "expired"),
    (a_certificate_of_tomorrow, "time", "not_yet_valid"),
    (a_certificate_that_was_revoked, "revocation", "revoked"),
    (a_key_for_encryption, "usage", "not_for_signing"),
    (a_certificate_over_a_weak_digest, "usage", "algorithm_refused"),
    (a_namesake, "owner", "other_snils"),
    (the_head_of_another_school, "owner", "other_organisation"),
    (a_head_who_was_dismissed, "authority", "no_authority"),
    (a_step_for_qualified_signatures, "kind", "kind_too_low"),
]


def codes(report: SignatureReport, outcome: Outcome) -> dict[str, str]:
    return {check.key: check.code for check in report.checks if check.outcome is outcome}


def test_the_scene_is_good() -> None:
    report = good().judged()
    assert [check.outcome for check in report.checks] == [Outcome.PASSED] * 9
    assert all(check.required for check in report.checks)
    assert report.verdict is Verdict.VALID


def test_every_check_is_among_the_failures() -> None:
    assert {key for _, key, _ in FAILURES} == set(CHECK_KEYS)


@pytest.mark.parametrize(("spoiled", "key", "code"), FAILURES)
def test_one_check_fails_alone(spoiled: Callable[[Scene], Scene], key: str, code: str) -> None:
    report = spoiled(good()).judged()
    assert codes(report, Outcome.FAILED) == {key: code}
    assert codes(report, Outcome.NOT_MADE) == (WITHOUT_CHAIN if key == "chain" else {})
    assert report.verdict is Verdict.INVALID
    expected = Verdict.INVALID if CHECK_KEYS.index(key) < 6 else Verdict.VALID
    assert report.file_verdict is expected


def no_anchors(scene: Scene) -> Scene:
    return replace(scene, grounds=grounds_of(TrustStore(()), OFFICE.crls))


def no_lists(scene: Scene) -> Scene:
    return replace(scene, grounds=grounds_of(trust_in(OFFICE.root), ()))


def an_old_list(scene: Scene) -> Scene:
    old = OFFICE.issuing.crl(this_update=NOON - 9 * DAY, next_update=NOON - DAY)
    return replace(scene, grounds=grounds_of(trust_in(OFFICE.root), [OFFICE.root_crl, old]))


def only_a_name_is_known(scene: Scene) -> Scene:
    nameless = ExpectedPerson("Берёзкина", "Мария Ильинична")
    return replace(scene, expectation=replace(EXPECTED, person=nameless))


def nobody_knows_the_authority(scene: Scene) -> Scene:
    unknown = Authority(None, "The registry did not answer.")
    return replace(scene, expectation=replace(EXPECTED, authority=unknown))


@pytest.mark.parametrize(
    ("spoiled", "key", "code"),
    [
        (no_anchors, "chain", "nothing_trusted"),
        (no_lists, "revocation", "no_list"),
        (an_old_list, "revocation", "stale"),
        (only_a_name_is_known, "owner", "only_name"),
        (nobody_knows_the_authority, "authority", "authority_unknown"),
    ],
)
def test_what_alone_cannot_be_checked_decides_nothing(
    spoiled: Callable[[Scene], Scene], key: str, code: str
) -> None:
    report = spoiled(good()).judged()
    assert codes(report, Outcome.FAILED) == {}
    without_chain = WITHOUT_CHAIN if key == "chain" else {}
    assert codes(report, Outcome.NOT_MADE) == {key: code} | without_chain
    assert report.verdict is Verdict.UNDECIDED


def test_a_training_anchor_stands_in_for_the_kind_it_names() -> None:
    anchor = load_certificate(OFFICE.root.holder.der)
    training = TrustAnchor(anchor, SignatureKind.TRAINING, SignatureKind.ADVANCED)
    report = replace(good(), grounds=grounds_of(TrustStore([training]), OFFICE.crls)).judged()
    assert report.verdict is Verdict.VALID
    asked = replace(EXPECTED, kind=SignatureKind.QUALIFIED)
    scene = replace(good(), grounds=grounds_of(TrustStore([training]), OFFICE.crls))
    report = replace(scene, expectation=asked).judged()
    assert codes(report, Outcome.FAILED) == {"kind": "kind_too_low"}


def test_a_byte_on_the_page_fails_the_integrity_of_a_pdf_alone() -> None:
    scene = good()
    signed = sign_pdf(plain_pdf(), key_of(scene.holder), NOON)
    judged = validate_pdf(signed, scene.grounds, EXPECTED).report
    assert judged.verdict is Verdict.VALID
    assert [check.outcome for check in judged.signatures[0].checks] == [Outcome.PASSED] * 9
    position = signed.index(b"Order 12") + 7
    changed = signed[:position] + b"3" + signed[position + 1 :]
    report = validate_pdf(changed, scene.grounds, EXPECTED).report
    assert codes(report.signatures[0], Outcome.FAILED) == {"integrity": "content_changed"}
    assert codes(report.signatures[0], Outcome.NOT_MADE) == {}
    assert report.verdict is Verdict.INVALID
