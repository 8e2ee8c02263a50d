"""Evidence records with real timestamps, judged on anchors and lists long after their making."""

from __future__ import annotations

from datetime import datetime

import pytest

from signing.digests import digest
from signing.evidence import Grounds
from signing.records.check import (
    ProvenRecord,
    TokenRefusedError,
    TokenUndecidedError,
    verify_record,
)
from signing.records.evidence_records import (
    EvidenceRecord,
    new_record,
    read_record,
    token_digest,
    with_renewed_timestamp,
)
from signing.records.hash_tree import HashTree
from signing.records.tokens import JudgeOnGrounds
from signing.timestamps.requests import check_response, request
from signing.timestamps.tokens import Imprint
from signing.training.timestamp_authority import TrainingTsa
from signing.trust import TrustStore
from tests.pki import DAY, NOON, YEAR, Office
from tests.tsa import tsa_of, vouching
from tests.unit.signing.conftest import grounds_of

FILE = "Приказ № 12".encode()
NIGHT = NOON - DAY
RENEWAL = NOON + 10 * 30 * DAY
LATER = NOON + 2 * YEAR


@pytest.fixture(scope="module")
def first_tsa(office: Office) -> TrainingTsa:
    """Its certificate ends a year after NOON."""
    return tsa_of(office.issuing)


@pytest.fixture(scope="module")
def second_tsa(office: Office) -> TrainingTsa:
    return tsa_of(office.issuing, "Вторая служба меток", not_after=NOON + 4 * YEAR)


def stamp(tree: HashTree, tsa: TrainingTsa, at: datetime) -> bytes:
    """A token over the root, asked for and checked as a client does."""
    imprint = Imprint(tree.algorithm, tree.root)
    return check_response(tsa.answer(request(imprint, None), at), imprint, None).der


def first_record(tsa: TrainingTsa) -> EvidenceRecord:
    tree = HashTree.over("sha256", [digest("sha256", FILE), digest("sha256", b"another")])
    return new_record(tree, digest("sha256", FILE), stamp(tree, tsa, NIGHT))


def renewed(record: EvidenceRecord, tsa: TrainingTsa, at: datetime) -> EvidenceRecord:
    leaf = token_digest(record)
    tree = HashTree.over(leaf.digest, [leaf.value, digest("sha256", b"another token")])
    return with_renewed_timestamp(record, tree, stamp(tree, tsa, at))


def lists_at(
    office: Office, at: datetime, revoked: dict[int, datetime] | None = None
) -> tuple[bytes, bytes]:
    """Both lists as they are given out at that time."""
    since, until = at - DAY, at + 7 * DAY
    return (
        office.root.crl(this_update=since, next_update=until),
        office.issuing.crl(revoked, this_update=since, next_update=until),
    )


def grounds_at(office: Office, now: datetime, *lists: bytes) -> Grounds:
    return grounds_of(TrustStore(()), lists, timestamping=vouching(office.root), now=now)


def verified(record: EvidenceRecord, judge: JudgeOnGrounds) -> ProvenRecord:
    again = read_record(record.to_bytes())
    return verify_record(again, lambda name: digest(name, FILE), judge, judge.grounds.now)


def test_a_record_is_judged_on_the_grounds_at_hand(office: Office, first_tsa: TrainingTsa) -> None:
    judge = JudgeOnGrounds(grounds_at(office, NOON, *office.crls))
    found = verified(first_record(first_tsa), judge)
    assert (found.renewed, found.timestamps) == (NIGHT, 1)
    assert judge.judged[0].report.evidence


def test_a_renewed_record_outlives_its_first_authority(
    office: Office, first_tsa: TrainingTsa, second_tsa: TrainingTsa
) -> None:
    record = renewed(first_record(first_tsa), second_tsa, RENEWAL)
    assert first_tsa.key.certificate.not_after < LATER
    lists = (*lists_at(office, RENEWAL), *lists_at(office, LATER))
    judge = JudgeOnGrounds(grounds_at(office, LATER, *lists))
    found = verified(record, judge)
    assert found.since < NOON
    assert (found.renewed, found.timestamps) == (RENEWAL, 2)
    names = [each.report.authority for each in judge.judged]
    assert names == ["Вторая служба меток", "Служба меток"]


def test_a_record_that_was_not_renewed_ends_with_its_authority(
    office: Office, first_tsa: TrainingTsa
) -> None:
    judge = JudgeOnGrounds(grounds_at(office, LATER, *lists_at(office, LATER)))
    with pytest.raises(TokenUndecidedError):
        verified(first_record(first_tsa), judge)


def test_an_authority_that_lost_its_key_proves_nothing(
    office: Office, first_tsa: TrainingTsa
) -> None:
    serial = first_tsa.key.certificate.serial
    lists = lists_at(office, NOON, {serial: NIGHT - DAY})
    with pytest.raises(TokenRefusedError):
        verified(first_record(first_tsa), JudgeOnGrounds(grounds_at(office, NOON, *lists)))


def test_without_lists_the_record_stays_undecided(office: Office, first_tsa: TrainingTsa) -> None:
    with pytest.raises(TokenUndecidedError):
        verified(first_record(first_tsa), JudgeOnGrounds(grounds_at(office, NOON)))


def test_a_key_lost_after_the_renewal_takes_nothing_back(
    office: Office, first_tsa: TrainingTsa, second_tsa: TrainingTsa
) -> None:
    record = renewed(first_record(first_tsa), second_tsa, RENEWAL)
    lost = {first_tsa.key.certificate.serial: RENEWAL + DAY}
    lists = (*lists_at(office, RENEWAL), *lists_at(office, LATER, lost))
    assert verified(record, JudgeOnGrounds(grounds_at(office, LATER, *lists))).timestamps == 2


def test_a_key_lost_before_the_renewal_takes_the_proof_away(
    office: Office, first_tsa: TrainingTsa, second_tsa: TrainingTsa
) -> None:
    record = renewed(first_record(first_tsa), second_tsa, RENEWAL)
    lost = {first_tsa.key.certificate.serial: NIGHT - DAY}
    lists = (*lists_at(office, RENEWAL, lost), *lists_at(office, LATER, lost))
    with pytest.raises(TokenRefusedError) as refused:
        verified(record, JudgeOnGrounds(grounds_at(office, LATER, *lists)))
    assert refused.value.params == {"number": 1}


def test_a_renewal_after_the_first_authority_ended_is_too_late(
    office: Office, first_tsa: TrainingTsa, second_tsa: TrainingTsa
) -> None:
    late = first_tsa.key.certificate.not_after + DAY
    record = renewed(first_record(first_tsa), second_tsa, late)
    lists = (*lists_at(office, late), *lists_at(office, LATER))
    with pytest.raises(TokenUndecidedError) as undecided:
        verified(record, JudgeOnGrounds(grounds_at(office, LATER, *lists)))
    assert undecided.value.params == {"number": 1}
