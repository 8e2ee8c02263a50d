"""Evidence records: made, renewed in time, and refused for every other history."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from asn1crypto import tsp
from hypothesis import given, settings
from hypothesis import strategies as st

from signing.digests import digest
from signing.records.check import (
    BrokenRenewalError,
    DigestBrokenError,
    DigestPeriods,
    DigestUnknownError,
    JudgedToken,
    OrderOfTimesError,
    OtherFileError,
    ProvenRecord,
    RecordNotProvenError,
    TokenRefusedError,
    TokenUndecidedError,
    verify_record,
)
from signing.records.evidence_records import (
    ArchiveTimestamp,
    Chain,
    DigestChangedError,
    TokenMismatchError,
    chain_leaves,
    new_record,
    read_record,
    with_renewed_timestamp,
)
from signing.records.hash_tree import HashTree, LeafUnknownError
from signing.verdicts import Verdict
from tests.pki import DAY, NOON, YEAR
from tests.unit.signing.record_authority import (
    FILE,
    OTHERS,
    RecordAuthority,
    chains_of,
    digests_of,
    first_record,
    proven,
    rehashed,
    renewed,
    tonight,
)

FEW = settings(max_examples=15, deadline=None)


@pytest.fixture
def authority() -> RecordAuthority:
    return RecordAuthority()


def test_a_record_proves_since_when_its_file_exists(authority: RecordAuthority) -> None:
    found = proven(first_record(authority), authority)
    assert found == ProvenRecord(NOON.replace(second=1), NOON, "sha256", 1)


@FEW
@given(st.sets(st.binary(max_size=40), min_size=1, max_size=12))
def test_every_file_of_the_night_has_its_record(contents: set[bytes]) -> None:
    authority = RecordAuthority()
    tree = HashTree.over("sha256", [digest("sha256", each) for each in contents])
    token = authority.stamp("sha256", tree.root, NOON)
    for content in contents:
        record = new_record(tree, digest("sha256", content), token)
        assert proven(record, authority, content=content).timestamps == 1
        with pytest.raises(OtherFileError):
            proven(record, authority, content=content + b".")


@pytest.mark.parametrize("name", ["sha384", "sha512", "streebog256", "streebog512"])
def test_records_are_made_with_every_strong_digest(name: str, authority: RecordAuthority) -> None:
    tree = tonight(name)
    record = new_record(tree, digest(name, FILE), authority.stamp(name, tree.root, NOON))
    assert proven(record, authority).digest == name


def test_the_record_of_another_file_of_the_night_proves_nothing_of_this_one(
    authority: RecordAuthority,
) -> None:
    with pytest.raises(OtherFileError):
        proven(first_record(authority), authority, content=OTHERS[0] + FILE)


def test_asn1crypto_reads_what_is_written(authority: RecordAuthority) -> None:
    """Its own definition lacks the level of chains: there each chain is one timestamp."""
    parsed = tsp.EvidenceRecord.load(first_record(authority).to_bytes(), strict=True)
    assert parsed["version"].native == "v1"
    assert parsed["digest_algorithms"].native == [{"algorithm": "sha256", "parameters": None}]


def test_timestamps_renewed_in_time_carry_the_proof_on(authority: RecordAuthority) -> None:
    record = first_record(authority)
    for years in (4, 8, 12):
        record = renewed(record, authority, NOON + years * YEAR)
    found = proven(record, authority, NOON + 16 * YEAR)
    assert (found.since.year, found.timestamps) == (NOON.year, 4)
    assert found.renewed == NOON + 12 * YEAR


def test_a_timestamp_renewed_too_late_proves_nothing(authority: RecordAuthority) -> None:
    late = renewed(first_record(authority), authority, NOON + 6 * YEAR)
    with pytest.raises(TokenRefusedError) as refused:
        proven(late, authority, NOON + 7 * YEAR)
    assert refused.value.params == {"number": 1}


def test_the_newest_timestamp_must_be_good_now(authority: RecordAuthority) -> None:
    with pytest.raises(TokenRefusedError):
        proven(first_record(authority), authority, NOON + 6 * YEAR)


def test_a_silent_authority_leaves_the_record_undecided(authority: RecordAuthority) -> None:
    record = first_record(authority)
    authority.silent = True
    with pytest.raises(TokenUndecidedError) as undecided:
        proven(record, authority)
    assert not undecided.value.final


def test_a_new_digest_is_begun_before_the_old_one_breaks(authority: RecordAuthority) -> None:
    record = renewed(first_record(authority), authority, NOON + 4 * YEAR)
    record = rehashed(record, authority, NOON + 5 * YEAR)
    record = renewed(record, authority, NOON + 9 * YEAR)
    broken = DigestPeriods(ended={"sha256": NOON + 6 * YEAR})
    found = proven(record, authority, NOON + 12 * YEAR, broken)
    assert (found.digest, found.timestamps) == ("sha512", 4)
    assert read_record(record.to_bytes()).digests == ("sha256", "sha512")


def test_three_digests_one_after_another(authority: RecordAuthority) -> None:
    record = rehashed(first_record(authority), authority, NOON + 4 * YEAR)
    record = rehashed(record, authority, NOON + 8 * YEAR, "streebog512")
    assert proven(record, authority, NOON + 9 * YEAR).digest == "streebog512"


def test_a_digest_that_broke_before_its_renewal_proves_nothing(authority: RecordAuthority) -> None:
    record = rehashed(first_record(authority), authority, NOON + 5 * YEAR)
    with pytest.raises(DigestBrokenError):
        proven(record, authority, NOON + 6 * YEAR, DigestPeriods(ended={"sha256": NOON + YEAR}))


def test_a_digest_that_is_broken_now_proves_nothing_now(authority: RecordAuthority) -> None:
    broken = DigestPeriods(ended={"sha256": NOON})
    with pytest.raises(DigestBrokenError):
        proven(first_record(authority), authority, periods=broken)


@pytest.mark.parametrize("name", ["sha1", "gost94"])
def test_weak_digests_are_refused(name: str, authority: RecordAuthority) -> None:
    leaf = digest(name, FILE)
    tree = HashTree.over(name, [leaf])
    record = new_record(tree, leaf, authority.stamp(name, tree.root, NOON))
    with pytest.raises(DigestBrokenError):
        proven(record, authority)


def test_a_digest_of_the_file_that_nobody_can_compute_leaves_it_undecided(
    authority: RecordAuthority,
) -> None:
    with pytest.raises(DigestUnknownError) as undecided:
        verify_record(first_record(authority), {"sha512": b""}.__getitem__, authority, NOON + DAY)
    assert not undecided.value.final


def test_a_record_must_name_the_digests_of_its_chains(authority: RecordAuthority) -> None:
    record = replace(first_record(authority), digests=("sha512",))
    with pytest.raises(DigestUnknownError):
        proven(record, authority)


def test_renewals_in_another_order_are_refused(authority: RecordAuthority) -> None:
    record = first_record(authority)
    for years in (2, 4):
        record = renewed(record, authority, NOON + years * YEAR)
    one, two, three = record.chains[0].timestamps
    broken: list[tuple[ArchiveTimestamp, ...]] = [
        (one, three, two),
        (one, three),
        (one, one),
        (one, two, two),
    ]
    for order in broken:
        with pytest.raises(BrokenRenewalError):
            proven(chains_of(record, Chain.of(*order)), authority, NOON + 5 * YEAR)
    for rest in ((two, one, three), (two, three), (three,)):
        with pytest.raises(OtherFileError):
            proven(chains_of(record, Chain.of(*rest)), authority, NOON + 5 * YEAR)


def test_a_renewal_taken_from_the_end_leaves_the_earlier_proof_alone(
    authority: RecordAuthority,
) -> None:
    """The rest of a cut record is a record; it holds as long as its own newest timestamp."""
    record = renewed(first_record(authority), authority, NOON + 4 * YEAR)
    cut = chains_of(record, Chain.of(record.chains[0].timestamps[0]))
    assert proven(cut, authority, NOON + 5 * YEAR).timestamps == 1
    with pytest.raises(TokenRefusedError):
        proven(cut, authority, NOON + 6 * YEAR)


def test_chains_in_another_order_are_refused(authority: RecordAuthority) -> None:
    record = rehashed(first_record(authority), authority, NOON + 2 * YEAR)
    record = rehashed(record, authority, NOON + 4 * YEAR, "streebog256")
    one, two, three = record.chains
    for order in ((one, three, two), (one, three), (two, three), (one, two, two), (two, one)):
        with pytest.raises((OtherFileError, BrokenRenewalError)):
            proven(chains_of(record, *order), authority, NOON + 5 * YEAR)


def test_a_new_chain_covers_every_byte_of_the_old_ones(authority: RecordAuthority) -> None:
    """A second, equally good record of the same file cannot be put in place of the first."""
    record = rehashed(first_record(authority), authority, NOON + 2 * YEAR)
    other = first_record(authority, NOON - YEAR)
    with pytest.raises(BrokenRenewalError):
        proven(chains_of(record, other.chains[0], record.chains[1]), authority, NOON + 3 * YEAR)


def test_a_renewal_within_a_chain_keeps_its_digest(authority: RecordAuthority) -> None:
    record = first_record(authority)
    leaf = digest("sha512", record.last.token)
    tree = HashTree.over("sha512", [leaf])
    token = authority.stamp("sha512", tree.root, NOON + YEAR)
    with pytest.raises(DigestChangedError):
        with_renewed_timestamp(record, tree, token)
    foreign = new_record(tree, leaf, token).last
    forced = replace(
        chains_of(record, Chain.of(record.last, foreign)), digests=("sha256", "sha512")
    )
    with pytest.raises(BrokenRenewalError):
        proven(forced, authority, NOON + 2 * YEAR)


@pytest.mark.parametrize("at", [NOON, NOON - DAY])
def test_a_renewal_is_later_than_what_it_renews(at: datetime, authority: RecordAuthority) -> None:
    with pytest.raises(OrderOfTimesError):
        proven(renewed(first_record(authority), authority, at), authority, NOON + YEAR)


def test_a_timestamp_from_the_future_is_refused(authority: RecordAuthority) -> None:
    with pytest.raises(OrderOfTimesError):
        proven(first_record(authority, NOON + 2 * DAY), authority)


def test_an_authority_whose_clock_is_a_minute_ahead_is_believed(
    authority: RecordAuthority,
) -> None:
    ahead = NOON + timedelta(minutes=1)
    assert proven(first_record(authority, ahead), authority, NOON).renewed == ahead


def test_tokens_are_judged_for_the_moment_they_were_relied_on(authority: RecordAuthority) -> None:
    asked: list[datetime] = []

    def judge(token: bytes, imprint: object, at: datetime) -> JudgedToken:
        asked.append(at)
        return authority(token, imprint, at)  # type: ignore[arg-type]  # handed on as it comes

    record = renewed(first_record(authority), authority, NOON + YEAR)
    verify_record(record, digests_of(FILE), judge, NOON + 2 * YEAR)
    assert asked == [NOON + 2 * YEAR, NOON + YEAR]


def test_the_figure_of_the_rfc_and_its_text_are_both_read(authority: RecordAuthority) -> None:
    """RFC 4998, 5.2 joins the two digests as they come, its figure 4 sorts them first."""
    record = first_record(authority)
    file_digest = digest("sha512", FILE)
    for leaf in chain_leaves(record, "sha512", file_digest, 1):
        token = authority.stamp("sha512", leaf, NOON + YEAR)
        chain = new_record(HashTree.over("sha512", [leaf]), leaf, token).chains[0]
        both = replace(record, digests=("sha256", "sha512"), chains=(record.chains[0], chain))
        assert proven(both, authority, NOON + 2 * YEAR).timestamps == 2


def test_a_token_over_something_else_makes_no_record(authority: RecordAuthority) -> None:
    tree = tonight()
    for token in (
        authority.stamp("sha256", bytes(32), NOON),
        authority.stamp("streebog256", tree.root, NOON),
    ):
        with pytest.raises(TokenMismatchError):
            new_record(tree, digest("sha256", FILE), token)


def test_a_file_that_was_not_there_has_no_record(authority: RecordAuthority) -> None:
    tree = tonight()
    token = authority.stamp("sha256", tree.root, NOON)
    with pytest.raises(LeafUnknownError):
        new_record(tree, digest("sha256", b"another"), token)


def test_errors_have_stable_codes() -> None:
    errors: list[type[RecordNotProvenError]] = [
        RecordNotProvenError,
        *RecordNotProvenError.__subclasses__(),
    ]
    assert {error.code for error in errors} == {
        "signing.record_not_proven",
        "signing.record_other_file",
        "signing.record_broken_renewal",
        "signing.record_times",
        "signing.record_token_refused",
        "signing.record_digest_broken",
        "signing.record_token_undecided",
        "signing.record_digest_unknown",
    }


def test_a_valid_token_has_a_time() -> None:
    with pytest.raises(ValueError, match="has a time"):
        JudgedToken(Verdict.VALID, None, NOON)


def test_the_root_is_over_digests_and_nothing_else(authority: RecordAuthority) -> None:
    tree = tonight()
    leaves = sorted(hashlib.sha256(each).digest() for each in (FILE, *OTHERS))
    pairs = [hashlib.sha256(b"".join(leaves[i : i + 2])).digest() for i in range(0, 8, 2)]
    quads = [hashlib.sha256(b"".join(sorted(pairs[i : i + 2]))).digest() for i in (0, 2)]
    assert tree.root == hashlib.sha256(b"".join(sorted(quads))).digest()
