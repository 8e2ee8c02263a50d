"""A signature twenty years later: judged from stored bytes, or refused with the reason."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from signing.evidence import Evidence
from signing.records.check import BrokenRenewalError, OtherFileError, TokenUndecidedError
from signing.records.evidence_records import Chain, read_record
from signing.records.information import evidence_in, with_evidence
from signing.records.preserved import judge_preserved
from signing.reports.indications import Main, indication_of
from signing.timestamps.tokens import parse_token
from signing.validate import Validation, validate_detached
from signing.verdicts import SignatureKind, TimeBasis, Verdict
from tests.pki import DAY, NOON, YEAR
from tests.tsa import vouching
from tests.unit.signing.conftest import CONTENT
from tests.unit.signing.record_story import (
    FIRST_RENEWAL,
    NIGHT,
    SECOND_RENEWAL,
    Story,
)


@pytest.fixture(scope="module")
def story() -> Story:
    return Story.told()


def codes(validation: Validation) -> list[str]:
    return [remark.code for remark in validation.report.remarks]


def test_everything_has_expired_and_the_signature_still_holds(story: Story) -> None:
    found, validation = story.judged(story.whole())
    assert found.proven is not None
    assert NIGHT <= found.proven.since < NIGHT + DAY
    assert found.proven.timestamps == 3
    (signature,) = validation.report.signatures
    assert signature.time_basis is TimeBasis.PROVEN
    assert signature.checked_at == found.proven.since
    assert found.verdict_of(validation) is Verdict.VALID
    assert indication_of(signature).main is Main.PASSED
    assert codes(validation)[0] == "record_proven"


def test_without_the_record_the_same_signature_has_expired(story: Story) -> None:
    validation = validate_detached(CONTENT, story.signature, story.grounds())
    assert validation.report.verdict is Verdict.INVALID


def test_the_newest_timestamp_is_judged_by_what_is_known_today(story: Story) -> None:
    """Nobody knows from old bytes whether the last authority lost its key since."""
    found, validation = story.judged(story.whole(), story.grounds(current=False))
    assert isinstance(found.problem, TokenUndecidedError)
    assert found.verdict_of(validation) is not Verdict.VALID
    assert codes(validation)[:2] == ["record_not_counted", "record_token_undecided"]


def test_a_record_renewed_in_time_by_nobody_proves_nothing(story: Story) -> None:
    record = with_evidence(story.first(), [story.evidence, story.lists_kept(NIGHT)])
    found, validation = story.judged(record)
    assert isinstance(found.problem, TokenUndecidedError)
    assert "authority_expired" in codes(validation)
    assert found.verdict_of(validation) is Verdict.INVALID


def test_a_renewal_after_the_end_of_the_authority_interrupts_the_proof(story: Story) -> None:
    record = story.renewed(story.first(), 3, NOON + 4 * YEAR)
    kept = map(story.lists_kept, (NIGHT, NOON + 4 * YEAR))
    found, validation = story.judged(with_evidence(record, [story.evidence, *kept]))
    assert isinstance(found.problem, TokenUndecidedError)
    assert found.problem.params == {"number": 1}
    assert "authority_expired" in codes(validation)


@pytest.mark.parametrize("place", [0, 1])
def test_one_bit_in_the_file_or_its_signature_ends_the_proof(story: Story, place: int) -> None:
    members = [CONTENT, story.signature]
    members[place] = flipped(members[place])
    found = judge_preserved(story.whole().to_bytes(), members, story.grounds())
    assert isinstance(found.problem, OtherFileError)


def test_evidence_with_one_bit_changed_is_not_looked_at(story: Story) -> None:
    changed = story.evidence.replace(b'"at":null', b'"at": null')
    assert changed != story.evidence
    moments = map(story.lists_kept, (NIGHT, FIRST_RENEWAL, SECOND_RENEWAL))
    record = with_evidence(story.whole(), [changed, *moments])
    found, validation = story.judged(record)
    assert found.proven is not None
    assert "record_without_evidence" in codes(validation)
    assert found.verdict_of(validation) is Verdict.UNDECIDED  # revocation is not known


def test_evidence_beside_the_record_serves_as_that_inside(story: Story) -> None:
    moments = [story.lists_kept(at) for at in (NIGHT, FIRST_RENEWAL, SECOND_RENEWAL)]
    bare = with_evidence(story.whole(), ())
    found, validation = story.judged(bare, evidence=[story.evidence, *moments])
    assert found.verdict_of(validation) is Verdict.VALID


def test_a_record_that_covers_the_file_alone_proves_no_signature(story: Story) -> None:
    found, _ = story.judged(story.first((CONTENT, story.evidence)), story.grounds(NIGHT + DAY))
    assert isinstance(found.problem, OtherFileError)


def test_a_record_that_covers_no_file_proves_no_signature(story: Story) -> None:
    record = story.first((story.signature, story.evidence))
    found, _ = story.judged(record, story.grounds(NIGHT + DAY))
    assert isinstance(found.problem, OtherFileError)


def test_the_record_of_another_document_proves_nothing_here(story: Story) -> None:
    other = story.first((b"another file", b"another signature"))
    found, validation = story.judged(other, story.grounds(NIGHT + DAY))
    assert isinstance(found.problem, OtherFileError)
    assert found.verdict_of(validation) is not Verdict.VALID


def test_a_good_signature_with_a_record_of_another_is_not_called_valid(story: Story) -> None:
    other = story.first((b"another file", b"another signature"))
    grounds, kept = story.grounds(NIGHT + DAY), Evidence.from_bytes(story.evidence)
    found, validation = story.judged(other, replace(grounds, crls=(*grounds.crls, *kept.crls)))
    assert validation.report.verdict is Verdict.VALID
    assert found.verdict_of(validation) is Verdict.UNDECIDED


def test_every_bit_of_the_way_to_the_root_counts(story: Story) -> None:
    record = story.first()
    der = record.to_bytes()
    for each in {value for lists in record.last.lists for value in lists}:
        place = der.index(each) + 7
        broken = der[:place] + bytes([der[place] ^ 4]) + der[place + 1 :]
        found, _ = story.judged(broken, story.grounds(NIGHT + DAY))
        assert isinstance(found.problem, OtherFileError)


def test_a_changed_token_proves_nothing(story: Story) -> None:
    record = story.first()
    der = record.to_bytes()
    token = parse_token(record.last.token)
    for part in (token.signed.signature, token.info[20:40]):
        place = der.index(part) + 3
        broken = der[:place] + bytes([der[place] ^ 1]) + der[place + 1 :]
        found, _ = story.judged(broken, story.grounds(NIGHT + DAY))
        assert found.problem is not None


def test_renewals_in_another_order_are_refused(story: Story) -> None:
    record = story.whole()
    first, second, third = record.chains[0].timestamps
    for order in ((first, third, second), (second, first, third), (first, third)):
        forged = replace(record, chains=(Chain.of(*order),))
        found, _ = story.judged(forged)
        assert isinstance(found.problem, BrokenRenewalError | OtherFileError)


def test_an_authority_for_training_proves_training_signatures_only(story: Story) -> None:
    grounds = replace(
        story.grounds(),
        timestamping=vouching(
            story.stampers.root,
            kind=SignatureKind.TRAINING,
            stands_for=SignatureKind.ADVANCED,
        ),
    )
    found, validation = story.judged(story.whole(), grounds)
    assert found.proven is not None
    assert validation.report.verdict is Verdict.INVALID  # it is no training signature


def test_a_record_that_cannot_be_read_says_so(story: Story) -> None:
    found, validation = story.judged(b"no record")
    assert found.problem is not None
    assert codes(validation)[:2] == ["record_not_counted", "record_unreadable"]


def test_what_travels_inside_comes_back_and_strange_things_are_left_out(story: Story) -> None:
    record = read_record(with_evidence(story.first(), [b"one", b"two", b"one"]).to_bytes())
    assert evidence_in(record) == (b"one", b"two")
    assert evidence_in(replace(record, crypto_infos=b"\xa0\x02\x30\x00")) == ()
    assert evidence_in(replace(record, crypto_infos=b"\xa0\x05")) == ()


def flipped(content: bytes) -> bytes:
    return content[:9] + bytes([content[9] ^ 1]) + content[10:]


def test_the_judgement_can_be_made_again_from_its_own_evidence(story: Story) -> None:
    found, validation = story.judged(story.whole())
    again = Evidence.from_bytes(validation.evidence.to_bytes())
    assert found.proven is not None
    assert again.proven_at == found.proven.since
    report = validate_detached(CONTENT, story.signature, again.grounds()).report
    assert report.signatures == validation.report.signatures


def test_a_heap_of_evidence_is_not_read(story: Story) -> None:
    heap = json.loads(story.evidence) | {"certificates": ["MA=="] * 1001}
    record = with_evidence(story.whole(), [json.dumps(heap).encode()])
    found, _ = story.judged(record)
    assert found.problem is not None
