"""A revocation that one source tells and another hides still counts, since when it counts."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import permutations

import pytest
from asn1crypto import core
from asn1crypto import ocsp as asn1_ocsp
from cryptography import x509

from signing.certificates import load_certificate
from signing.digests import digest
from signing.evidence import Grounds
from signing.policy import DEFAULT_POLICY
from signing.revocation.known import Status, load_crl, status_of
from signing.revocation.ocsp import load_answer
from signing.timestamps.judgement import judge_token
from signing.verdicts import TimeBasis, Verdict
from tests.ocsp_responder import answer, revoked, signed_anew
from tests.pki import DAY, NOON, Holder, Office, ec_key
from tests.tsa import token_over, tsa_of, vouching
from tests.unit.signing.conftest import grounds_of, trust_in

OFFICE = Office.open("отзывов")
HEAD = OFFICE.issuing.person()
TSA = tsa_of(OFFICE.issuing)
STAMPED, CLOSED = NOON - 5 * DAY, NOON - 2 * DAY
LOST, REPLACED = x509.ReasonFlags.key_compromise, x509.ReasonFlags.superseded


def answered_invalid_since(when: object) -> bytes:
    def invalid(basic: asn1_ocsp.BasicOCSPResponse) -> None:
        basic["tbs_response_data"]["responses"][0]["single_extensions"] = [
            {
                "extn_id": "invalidity_date",
                "extn_value": core.ParsableOctetString(core.GeneralizedTime(when).dump()),
            }
        ]

    given = answer(HEAD, OFFICE.issuing, revoked(CLOSED, reason=LOST))
    key = OFFICE.issuing.holder.key

    def dated(basic: asn1_ocsp.BasicOCSPResponse) -> None:
        basic["tbs_response_data"]["produced_at"] = NOON
        invalid(basic)

    return signed_anew(given, key, dated)


@pytest.mark.parametrize(
    ("invalid_since", "status"),
    [(STAMPED - DAY, Status.REVOKED), (STAMPED + DAY, Status.REVOKED_LATER)],
)
def test_an_answer_counts_from_the_day_when_the_key_was_lost(
    invalid_since: object, status: Status
) -> None:
    found = status_of(
        load_certificate(HEAD.der),
        load_certificate(OFFICE.issuing.holder.der),
        map(load_crl, OFFICE.crls),
        STAMPED,
        TimeBasis.RECEIVED,
        DEFAULT_POLICY,
        [load_answer(answered_invalid_since(invalid_since))],
    )
    assert found.status is status


def closed(reason: x509.ReasonFlags, day: int) -> bytes:
    """The list of that many days ago, in which the authority for timestamps is revoked."""
    entry = {TSA.key.certificate.serial: CLOSED}
    return OFFICE.issuing.crl(entry, reason=reason, this_update=NOON - day * DAY)


def stamping(lists: Iterable[bytes], *answers: bytes) -> Grounds:
    return grounds_of(
        trust_in(OFFICE.root),
        (OFFICE.root_crl, *lists),
        timestamping=vouching(OFFICE.root),
        ocsp=tuple(map(load_answer, answers)),
    )


def verdict(grounds: Grounds) -> Verdict:
    token = token_over(b"signature", TSA, STAMPED)
    return judge_token(token, lambda name: digest(name, b"signature"), grounds).report.verdict


def test_an_authority_that_was_closed_in_peace_still_proves() -> None:
    assert verdict(stamping([closed(REPLACED, 2)])) is Verdict.VALID
    assert verdict(stamping([closed(REPLACED, 2), closed(REPLACED, 1)])) is Verdict.VALID


@pytest.mark.parametrize("lists", list(permutations([closed(REPLACED, 2), closed(LOST, 1)])))
def test_a_loss_that_became_known_later_is_not_hidden_by_an_older_list(
    lists: tuple[bytes, ...],
) -> None:
    assert verdict(stamping(lists)) is Verdict.INVALID


def test_a_loss_that_only_the_responder_knows_of_counts() -> None:
    certificate = x509.load_der_x509_certificate(TSA.key.certificate.der)
    lost = revoked(CLOSED, reason=LOST, this_update=CLOSED, next_update=NOON + DAY)
    told = answer(Holder(certificate, ec_key()), OFFICE.issuing, lost)
    assert verdict(stamping([closed(REPLACED, 1)], told)) is Verdict.INVALID
