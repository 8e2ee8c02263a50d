"""Packages between a school and its office: sending, accepting, returning, answering tasks."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tests import factories as make
from tests.factories import Worker
from workflow.domain.exchange import (
    ITEM_INVALID,
    ITEM_ON_PAPER,
    ITEM_UNDECIDED,
    ITEM_VALID,
    may_accept,
    may_be_sent,
    may_decide,
    may_examine_again,
    may_give_evidence,
    may_return_package,
    met_by,
    needs_reason,
    sees_office,
    sees_own_tasks,
)
from workflow.domain.obligations import Change, ChangeKind, Evidence, Fulfilment
from workflow.domain.refusals import Refusal
from workflow.domain.regulations import Role
from workflow.domain.routes import DocumentState
from workflow.domain.submissions import Submission, SubmissionState

TOWN = make.town()
OFFICE, SCHOOL = TOWN.office, TOWN.school
OFFICER = TOWN.officer.actor
ROADMAP = make.document_in(DocumentState.IN_FORCE, TOWN)
LETTER = make.document_in(DocumentState.IN_FORCE, TOWN)
EVERYBODY = {
    "the head": TOWN.head,
    "the deputy": TOWN.deputy,
    "the curator": TOWN.curator,
    "the clerk": TOWN.clerk,
    "a mentor": TOWN.mentor,
    "the officer": TOWN.officer,
    "the office's head": make.worker(OFFICE, Role.HEAD, "Орлова"),
    "the office's clerk": make.worker(OFFICE, Role.CLERK, "Рогова"),
    "another office's officer": make.worker(make.organisation(), Role.OFFICER, "Седова"),
}


def code(refusal: Refusal | None) -> str:
    return refusal.code if refusal else "may"


def package(*verdicts: str) -> Submission:
    """A package of the roadmap and its letter, examined if verdicts are named."""
    sent = make.submission(TOWN, ROADMAP, LETTER)
    if not verdicts:
        return sent
    items = tuple(replace(i, verdict=v) for i, v in zip(sent.items, verdicts, strict=True))
    return replace(sent, items=items, examined_at=make.MORNING)


def answered(sent: Submission, accepted: bool = True) -> Submission:
    return replace(sent, receipt=make.receipt(TOWN, accepted=accepted))


# --- Sending -------------------------------------------------------------------------------


@pytest.mark.parametrize("state", DocumentState)
def test_only_what_is_in_force_is_sent(state: DocumentState) -> None:
    document = make.document_in(state, TOWN)
    sent = state in (DocumentState.IN_FORCE, DocumentState.AMENDED)
    assert code(may_be_sent(document, state)) == ("may" if sent else "package.not_in_force")


def test_a_package_meets_the_open_tasks_that_ask_for_its_documents() -> None:
    asked = make.obligation(TOWN)
    returned = replace(
        asked,
        id=make.new_id(),
        fulfilments=(Fulfilment(make.MORNING, "first"),),
        changes=(Change(ChangeKind.RETURNED, make.MORNING, None, "нет подписи", make.TODAY),),
    )
    waived = replace(
        asked, changes=(Change(ChangeKind.NOT_REQUIRED, make.MORNING, None, "школа закрыта"),)
    )
    met = replace(asked, fulfilments=(Fulfilment(make.MORNING, "x", accepted_at=make.MORNING),))
    link = replace(asked, evidence=Evidence.LINK)
    programme = replace(asked, type_code="D05")
    owed = [asked, returned, waived, met, link, programme]
    assert met_by(owed, frozenset({"D04", "D33"})) == [asked, returned]


@pytest.mark.parametrize(
    ("today", "asked"),
    [(date(2025, 1, 30), "may"), (date(2025, 1, 31), "deliver.reason_missing")],
)
def test_sending_late_asks_for_a_reason_the_day_after_the_term(today: date, asked: str) -> None:
    assert code(needs_reason([make.obligation(TOWN)], today)) == asked


def test_the_earliest_missed_term_is_named() -> None:
    early = make.obligation(TOWN, due=date(2025, 1, 20))
    refusal = needs_reason([make.obligation(TOWN), early], date(2025, 2, 3))
    assert refusal is not None
    assert refusal.params == {"date": date(2025, 1, 20)}


def test_a_repair_a_postponed_and_an_unknown_term_ask_for_no_reason() -> None:
    sent_before = make.obligation(TOWN, fulfilments=(Fulfilment(make.MORNING, "x"),))
    later = Change(ChangeKind.POSTPONED, make.MORNING, None, "письмо", date(2025, 3, 3))
    postponed = make.obligation(TOWN, changes=(later,))
    unknown = make.obligation(TOWN, due=None)
    assert needs_reason([sent_before, postponed, unknown], date(2025, 2, 3)) is None


# --- Receiving -----------------------------------------------------------------------------


def test_a_package_is_what_has_been_done_with_it() -> None:
    assert package().state is SubmissionState.ARRIVED
    assert package(ITEM_VALID, ITEM_VALID).state is SubmissionState.EXAMINED
    assert answered(package()).state is SubmissionState.ACCEPTED
    assert answered(package(), accepted=False).state is SubmissionState.RETURNED


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        (package(), "accept.not_examined"),
        (package(ITEM_VALID, ITEM_VALID), "may"),
        (package(ITEM_ON_PAPER, ITEM_VALID), "may"),
        (package(ITEM_VALID, ITEM_INVALID), "accept.not_valid"),
        (package(ITEM_VALID, ITEM_UNDECIDED), "accept.not_valid"),
        (package(ITEM_VALID, ""), "accept.not_valid"),
        (answered(package(ITEM_VALID, ITEM_VALID)), "accept.decided"),
        (answered(package(ITEM_VALID, ITEM_VALID), accepted=False), "accept.decided"),
    ],
)
def test_only_what_was_examined_and_found_valid_is_accepted(sent: Submission, said: str) -> None:
    assert code(may_accept(sent, OFFICER, OFFICE, make.TODAY)) == said


def test_a_refused_package_says_what_the_examination_found() -> None:
    found = Refusal("signature.revoked", "The certificate was revoked.")
    bad = package(ITEM_INVALID, ITEM_VALID)
    bad = replace(bad, items=(replace(bad.items[0], explanation=found), bad.items[1]))
    assert may_accept(bad, OFFICER, OFFICE, make.TODAY) is found


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        (package(), "may"),
        (package(ITEM_VALID, ITEM_VALID), "may"),
        (package(ITEM_INVALID, ITEM_VALID), "may"),
        (answered(package(ITEM_VALID, ITEM_VALID)), "accept.decided"),
    ],
)
def test_a_package_is_returned_until_it_is_answered(sent: Submission, said: str) -> None:
    assert code(may_return_package(sent, OFFICER, OFFICE, make.TODAY)) == said


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        (package(), "examine.running"),
        (package(ITEM_UNDECIDED, ITEM_VALID), "may"),
        (package(ITEM_INVALID, ITEM_VALID), "may"),
        (package(ITEM_ON_PAPER, ITEM_VALID), "examine.nothing_open"),
        (answered(package(ITEM_UNDECIDED, ITEM_VALID)), "accept.decided"),
    ],
)
def test_an_examination_is_repeated_while_something_is_open(sent: Submission, said: str) -> None:
    assert code(may_examine_again(sent, OFFICER, OFFICE, make.TODAY)) == said


@pytest.mark.parametrize("who", EVERYBODY)
def test_the_office_decides_through_its_officers_its_head_and_deputies(who: str) -> None:
    actor = EVERYBODY[who].actor
    decides = who in ("the officer", "the office's head")
    expected = "may" if decides else "office.not_yours"
    ready = package(ITEM_UNDECIDED, ITEM_VALID)
    asked = (actor, OFFICE, make.TODAY)
    assert code(may_decide(*asked)) == expected
    assert code(may_return_package(ready, *asked)) == expected
    assert code(may_examine_again(ready, *asked)) == expected
    assert code(may_accept(package(ITEM_VALID, ITEM_VALID), *asked)) == expected
    assert sees_office(*asked) is (decides or who == "the office's clerk")


# --- Tasks without a document --------------------------------------------------------------


@pytest.mark.parametrize("who", EVERYBODY)
def test_a_task_is_answered_by_clerk_curator_head_or_deputy(who: str) -> None:
    worker: Worker = EVERYBODY[who]
    link = make.obligation(TOWN, evidence=Evidence.LINK)
    answers = who in ("the clerk", "the curator", "the head", "the deputy")
    said = code(may_give_evidence(link, worker.actor, SCHOOL, make.TODAY))
    assert said == ("may" if answers else "task.not_yours")
    assert sees_own_tasks(worker.actor, SCHOOL, make.TODAY) is answers


@pytest.mark.parametrize(
    ("evidence", "said"),
    [
        (Evidence.LINK, "may"),
        (Evidence.NUMBER, "may"),
        (Evidence.TEXT, "may"),
        (Evidence.SUBMISSION, "task.needs_document"),
        (Evidence.IN_FORCE, "task.needs_document"),
    ],
)
def test_a_task_that_asks_for_a_document_is_not_met_by_words(evidence: Evidence, said: str) -> None:
    owed = make.obligation(TOWN, evidence=evidence)
    assert code(may_give_evidence(owed, TOWN.clerk.actor, SCHOOL, make.TODAY)) == said
