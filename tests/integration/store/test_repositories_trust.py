"""Signatures, attempts, trust, public checks, and what is said once for the installation."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from tests import factories
from tests.factories import MORNING, Town
from tests.stored import store_document
from workflow.domain.documents import Document
from workflow.domain.installation import CalendarOverride, Installation, PackVersion
from workflow.domain.pdf_leases import PdfLease
from workflow.domain.refusals import Refusal
from workflow.domain.routes import DocumentState
from workflow.domain.signatures import PreparedFile, SignatureStatus
from workflow.domain.trust import AskedSource, PublicCheck, StoredAnswer, StoredCrl, VisualCopy
from workflow.store.errors import MissingRowError, StaleError
from workflow.store.repositories.base import HistoryError
from workflow.store.unit_of_work import UnitOfWork

DAY = timedelta(days=1)


@pytest.fixture
def document(uow: UnitOfWork, town: Town) -> Document:
    """A stored document that waits for its signature."""
    with uow() as tx:
        stored = factories.document_in(DocumentState.TO_SIGN, town)
        stored = store_document(tx, stored, town)
        tx.commit()
    return stored


# --- Signatures ----------------------------------------------------------------------------


def test_a_signature_comes_back_with_its_files_and_the_reason_of_its_verdict(
    uow: UnitOfWork, town: Town, document: Document
) -> None:
    stale = Refusal("revocation.unknown", "No list after {since}.", params={"since": MORNING})
    undecided = factories.signature(
        document, town.head, kind=None, valid_from=None, valid_until=None, explanation=stale,
        status=SignatureStatus.RECEIVED,
    )  # fmt: skip
    with uow() as tx:
        saved = tx.signatures.save(undecided)
        tx.commit()
    with uow.reading() as snapshot:
        assert snapshot.signatures.load(saved.id) == saved == replace(undecided, version=1)


def test_a_later_look_adds_a_report_and_touches_no_signed_bytes(
    uow: UnitOfWork, town: Town, document: Document
) -> None:
    with uow() as tx:
        saved = tx.signatures.save(factories.signature(document, town.head))
        looked = tuple(replace(f, report_now=factories.digest("now")) for f in saved.files)
        again = tx.signatures.save(replace(saved, files=looked, checked_at=MORNING), saved)
        assert tx.signatures.load(saved.id) == again
        forged = tuple(replace(f, signature=factories.digest("other")) for f in again.files)
        with pytest.raises(HistoryError):
            tx.signatures.save(replace(again, files=forged), again)


def test_a_timestamp_changes_the_signature_and_keeps_what_came_from_the_signer(
    uow: UnitOfWork, town: Town, document: Document
) -> None:
    with uow() as tx:
        waiting = factories.signature(
            document, town.head, status=SignatureStatus.RECEIVED, stamp_wanted=True
        )
        saved = tx.signatures.save(waiting)
        assert tx.signatures.waiting_for_time() == [saved]
        stamped = tuple(
            replace(f, signature=factories.digest("stamped"), handed_in=f.signature)
            for f in saved.files
        )
        again = tx.signatures.save(
            replace(saved, files=stamped, stamped_at=MORNING, proven_at=MORNING), saved
        )
        assert tx.signatures.load(saved.id) == again
        assert tx.signatures.waiting_for_time() == []
        lost = tuple(replace(f, handed_in="") for f in again.files)
        with pytest.raises(HistoryError):
            tx.signatures.save(replace(again, files=lost), again)


def test_signatures_that_wait_for_a_decision_come_longest_waiting_first(
    uow: UnitOfWork, town: Town, document: Document
) -> None:
    with uow() as tx:
        waiting = {"status": SignatureStatus.RECEIVED}
        second = factories.signature(document, town.head, received_at=MORNING + DAY, **waiting)
        first = factories.signature(document, town.head, **waiting)
        second, first = tx.signatures.save(second), tx.signatures.save(first)
        accepted = tx.signatures.save(factories.signature(document, town.head))
        assert tx.signatures.received() == [first, second]
        assert tx.signatures.received(limit=1) == [first]
        assert tx.signatures.of_document(document.id) == [first, accepted, second]


def test_a_signature_waits_for_the_first_list_issued_after_it(
    uow: UnitOfWork, town: Town, document: Document
) -> None:
    with uow() as tx:
        at_receipt = {"checked_at": MORNING}
        second = factories.signature(document, town.head, received_at=MORNING + timedelta(hours=1))
        second = tx.signatures.save(second)
        first = tx.signatures.save(factories.signature(document, town.head, **at_receipt))
        tx.signatures.save(factories.signature(document, town.head, checked_at=MORNING + DAY))
        withdrawn = {"status": SignatureStatus.WITHDRAWN}
        tx.signatures.save(factories.signature(document, town.head, **withdrawn))
        find = tx.signatures.awaiting_second_look
        assert find(MORNING) == []
        assert find(MORNING + timedelta(minutes=1)) == [first]
        assert find(MORNING + DAY) == [first, second]


def test_an_attempt_is_answered_once(uow: UnitOfWork, town: Town, document: Document) -> None:
    with uow() as tx:
        attempt = tx.attempts.save(factories.attempt(document, town.head))
        answered = replace(attempt, answer=factories.digest("cms"))
        saved = tx.attempts.save(answered, attempt)
        with pytest.raises(StaleError):
            tx.attempts.save(replace(attempt, answer=factories.digest("other")), attempt)
        assert tx.attempts.load(attempt.id) == saved


def test_unused_attempts_are_swept_and_used_ones_kept(
    uow: UnitOfWork, town: Town, document: Document
) -> None:
    with uow() as tx:
        used = factories.attempt(document, town.head, answer=factories.digest("cms"))
        used = tx.attempts.save(used)
        unused = tx.attempts.save(factories.attempt(document, town.head))
        assert tx.attempts.remove_expired(MORNING) == 0
        assert tx.attempts.remove_expired(MORNING + DAY) == 1
        assert tx.attempts.load(used.id) == used
        with pytest.raises(MissingRowError):
            tx.attempts.load(unused.id)


PREPARED = (
    PreparedFile(factories.digest("order"), 900, 2948),
    PreparedFile(factories.digest("roadmap"), 700, 2748),
)


def test_prepared_files_stay_as_they_were_given_out(
    uow: UnitOfWork, town: Town, document: Document
) -> None:
    with uow() as tx:
        attempt = tx.attempts.save(factories.attempt(document, town.head, prepared=PREPARED))
        assert tx.attempts.load(attempt.id).prepared == PREPARED
        answered = tx.attempts.save(replace(attempt, answer=factories.digest("cms")), attempt)
        assert tx.attempts.load(attempt.id) == answered
        with pytest.raises(HistoryError):
            tx.attempts.save(replace(answered, prepared=PREPARED[:1]), answered)


def test_document_has_one_lease_the_newest(uow: UnitOfWork, town: Town, document: Document) -> None:
    with uow() as tx:
        attempts = [tx.attempts.save(factories.attempt(document, town.head)) for _ in range(2)]
        assert tx.pdf_leases.of_document(document.id) is None
        for attempt in attempts:
            until = MORNING + timedelta(minutes=3)
            lease = PdfLease(document.id, attempt.id, attempt.person_id, until)
            tx.pdf_leases.put(lease)
            assert tx.pdf_leases.of_document(document.id) == lease
        tx.pdf_leases.remove(document.id)
        assert tx.pdf_leases.of_document(document.id) is None


def test_prepared_files_and_leases_are_swept_with_their_attempts(
    uow: UnitOfWork, town: Town, document: Document
) -> None:
    with uow() as tx:
        unused = tx.attempts.save(factories.attempt(document, town.head, prepared=PREPARED))
        until = MORNING + timedelta(minutes=3)
        tx.pdf_leases.put(PdfLease(document.id, unused.id, unused.person_id, until))
        assert tx.attempts.remove_expired(MORNING + DAY) == 1
        assert tx.pdf_leases.of_document(document.id) is None


# --- Trust ---------------------------------------------------------------------------------


def test_an_organisation_trusts_its_own_anchors_and_the_installations(
    uow: UnitOfWork, town: Town
) -> None:
    with uow() as tx:
        common = tx.trust_anchors.save(factories.trust_anchor())
        own = tx.trust_anchors.save(factories.trust_anchor(organisation_id=town.school.id))
        removed = tx.trust_anchors.save(factories.trust_anchor(removed_at=MORNING))
        assert tx.trust_anchors.trusted_by(town.school.id) == [common, own]
        assert tx.trust_anchors.trusted_by(town.office.id) == [common]
        assert tx.trust_anchors.trusted_by(None) == [common]
        assert tx.trust_anchors.all() == [common, own, removed]


def crl(issuer: str, number: int) -> StoredCrl:
    day = MORNING + number * DAY
    return StoredCrl(
        factories.new_id(),
        factories.digest(issuer),
        factories.digest(f"{issuer} {number}"),
        day,
        day + 7 * DAY,
        day,
    )


def test_the_newest_revocation_list_of_each_issuer_counts(uow: UnitOfWork) -> None:
    first, second, other = crl("A", 1), crl("A", 2), crl("B", 1)
    with uow() as tx:
        assert [tx.crls.add(one) for one in (second, first, other)] == [True, True, True]
        assert tx.crls.add(replace(first, id=factories.new_id())) is False
        assert {one.blob for one in tx.crls.newest_of_each()} == {second.blob, other.blob}
        issuer = factories.digest("A")
        assert tx.crls.first_after(issuer, MORNING) == first
        assert tx.crls.first_after(issuer, first.this_update) == second
        assert tx.crls.first_after(issuer, second.this_update) is None


def test_the_newest_answers_about_a_certificate_count(uow: UnitOfWork) -> None:
    answers = [
        StoredAnswer(
            factories.new_id(),
            "0F",
            factories.digest(f"answer {number}"),
            MORNING + number * DAY,
            None,
            MORNING,
        )
        for number in range(5)
    ]
    with uow() as tx:
        assert all(tx.ocsp_answers.add(one) for one in answers)
        assert tx.ocsp_answers.add(replace(answers[0], id=factories.new_id())) is False
        assert tx.ocsp_answers.to_judge_by("0F") == answers[:1:-1]
        assert tx.ocsp_answers.to_judge_by("F0") == []


def test_how_asking_an_address_went_is_remembered(uow: UnitOfWork) -> None:
    first = AskedSource(
        factories.digest("a"), "http://crl.example.org/a.crl", MORNING, MORNING + DAY
    )
    failed = replace(
        first,
        failures=2,
        problem="fetching.no_answer",
        next_at=MORNING + 2 * DAY,
        succeeded_at=MORNING,
        failed_at=MORNING + DAY,
        failure=Refusal("fetching.no_answer", "Nobody answers.", params={"seconds": 30}),
    )
    with uow() as tx:
        tx.revocation_sources.put(first)
        assert tx.revocation_sources.by_keys([first.key]) == {first.key: first}
        tx.revocation_sources.put(failed)
        known = tx.revocation_sources.by_keys([first.key, factories.digest("b")])
        assert known == {first.key: failed}


def test_sources_that_fail_come_first_and_say_who_waits_for_them(
    uow: UnitOfWork, document: Document, town: Town
) -> None:
    sources = [
        AskedSource(factories.digest(name), f"http://{name}.example.org", MORNING, MORNING, count)
        for name, count in (("a", 0), ("b", 3), ("c", 1))
    ]
    good, worst, bad = sources
    states: tuple[dict[str, object], ...] = (
        {"status": SignatureStatus.RECEIVED},
        {"status": SignatureStatus.ACCEPTED, "checked_at": MORNING},
        {"status": SignatureStatus.ACCEPTED, "checked_at": MORNING + DAY},
        {"status": SignatureStatus.REFUSED},
    )
    with uow() as tx:
        for source in sources:
            tx.revocation_sources.put(source)
        assert tx.revocation_sources.page(limit=2) == [worst, bad]
        assert tx.revocation_sources.page(limit=2, skip=2) == [good]
        given = [
            tx.signatures.save(
                factories.signature(document, town.head, received_at=MORNING, **state), None
            )
            for state in states
        ]
        for _ in range(2):
            tx.revocation_sources.await_at({one.id: {worst.key, good.key} for one in given[:3]})
        tx.revocation_sources.await_at({given[3].id: [bad.key]})
        counted = tx.revocation_sources.awaited([one.key for one in sources])
        assert counted == {worst.key: 2, good.key: 2}


def test_a_fixing_has_one_public_address(uow: UnitOfWork, document: Document) -> None:
    check = PublicCheck("token-one", document.id, 1, MORNING)
    with uow() as tx:
        assert tx.public_checks.add(check)
        assert not tx.public_checks.add(replace(check, token="token-two"))
        assert tx.public_checks.find("token-one") == check
        assert tx.public_checks.of_fixing(document.id, 1) == check
        assert tx.public_checks.find("token-two") is None
        assert tx.public_checks.of_fixing(document.id, 2) is None


def test_the_newest_visual_copy_of_each_file_is_shown(uow: UnitOfWork, document: Document) -> None:
    def copy(file: str, number: int) -> VisualCopy:
        said = factories.digest(f"{file} {number}")
        return VisualCopy(
            factories.new_id(), document.id, 1, factories.digest(file), said, MORNING, number
        )

    main, annex, newer = copy("main", 1), copy("annex", 1), copy("main", 2)
    with uow() as tx:
        for one in (newer, main, annex):  # what read the older state ends later
            tx.visual_copies.add(one)
        assert set(tx.visual_copies.newest(document.id, 1)) == {newer, annex}
        assert tx.visual_copies.newest(document.id, 2) == []


# --- Said once -----------------------------------------------------------------------------


def test_there_is_one_installation(uow: UnitOfWork) -> None:
    made = Installation(
        factories.new_id(), MORNING, training=True, settings={"base_url": "https://e.example"}
    )
    with uow() as tx:
        assert tx.installations.find() is None
        saved = tx.installations.save(made)
        assert tx.installations.find() == saved
        with pytest.raises(sa.exc.IntegrityError, match=r"the_only"):
            tx.installations.save(replace(made, id=factories.new_id()))


def test_a_day_is_overridden_once_for_a_region_and_once_for_an_organisation(
    uow: UnitOfWork, town: Town
) -> None:
    day = date(2025, 3, 30)
    common = CalendarOverride(
        factories.new_id(), "RU-TA", None, day, False, "указ", MORNING, town.clerk.person.id
    )
    own = replace(common, id=factories.new_id(), organisation_id=town.school.id, working=True)
    with uow() as tx:
        common, own = tx.calendar_overrides.save(common), tx.calendar_overrides.save(own)
        assert tx.calendar_overrides.of_region("RU-TA") == [common]
        assert tx.calendar_overrides.of_region("") == []
        assert tx.calendar_overrides.of_organisation(town.school.id) == [own]
        tx.calendar_overrides.remove(own)
        with pytest.raises(MissingRowError):
            tx.calendar_overrides.remove(own)
        assert tx.calendar_overrides.of_organisation(town.school.id) == []
        with pytest.raises(sa.exc.IntegrityError):
            tx.calendar_overrides.save(replace(common, id=factories.new_id()))


def test_a_pack_version_is_kept_as_it_was_first_used(uow: UnitOfWork) -> None:
    sources = {"tetyushi/pack.yml": "name: tetyushi\n", "federal/pack.yml": "name: federal\n"}
    pack = PackVersion("tetyushi", factories.PACK_VERSION, sources, MORNING)
    with uow() as tx:
        assert tx.pack_versions.add(pack)
        assert not tx.pack_versions.add(replace(pack, sources={}, first_used_at=MORNING + DAY))
        assert tx.pack_versions.find("tetyushi", factories.PACK_VERSION) == pack
        assert tx.pack_versions.find("federal", factories.PACK_VERSION) is None
