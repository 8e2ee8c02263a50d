"""What a document waits for, read from the marks that people have put on it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tests import factories as make
from tests.factories import Worker
from workflow.domain.documents import Document, Existing, Verdict
from workflow.domain.permissions import Circumstances, visas_that_fall
from workflow.domain.regulations import DocumentType, Origin, Role, StepSpec, Verb, Who
from workflow.domain.routes import (
    CLOSING,
    ORDER_FIX,
    ORDER_SIGN,
    DocumentState,
    is_done,
    last_mark,
    open_steps,
    state_of,
    steps_of,
)

TOWN = make.town()
NAMED = (str(TOWN.mentor.employment.id), str(TOWN.deputy.employment.id))
ORDER = make.order_type()
PREPARE = ORDER.route[0]


def visas(*steps: StepSpec) -> DocumentType:
    """The order with other visas."""
    return make.order_type(route=(PREPARE, *steps, *ORDER.route[2:]))


def visa(key: str, role: Role, *after: str, survives_rework: bool = False) -> StepSpec:
    return StepSpec(key, Verb.AGREE, Who(role), after, survives_rework)


IN_A_ROW = visas(
    visa("agree_curator", Role.CURATOR, "prepare"),
    visa("agree_deputy", Role.DEPUTY, "agree_curator"),
)
SIDE_BY_SIDE = visas(
    visa("agree_curator", Role.CURATOR, "prepare", survives_rework=True),
    visa("agree_deputy", Role.DEPUTY, "prepare"),
)


def marked(document: Document, step: str, verdict: Verdict, who: Worker = TOWN.head) -> Document:
    return document.marked(make.mark(document, step, verdict, who))


def sent(kind: DocumentType, facts: dict[str, object] | None = None) -> Document:
    return marked(make.draft(TOWN, facts, kind), "prepare", Verdict.DONE, TOWN.clerk)


def revised(document: Document) -> Document:
    """The document sent on its way again after rework."""
    number = document.revision.number + 1
    again = document.with_revision(replace(document.revision, number=number))
    return marked(again, "prepare", Verdict.DONE, TOWN.clerk)


def waiting(document: Document, kind: DocumentType, own: tuple[str, ...] = ()) -> list[str]:
    return [step.key for step in open_steps(document, kind, own)]


# --- The life of a document ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "next_step"),
    [
        (DocumentState.DRAFT, ["prepare"]),
        (DocumentState.REWORK, ["prepare"]),
        (DocumentState.ON_APPROVAL, ["agree"]),
        (DocumentState.AGREED, ["fix"]),
        (DocumentState.FIXING, []),
        (DocumentState.TO_SIGN, ["sign"]),
        (DocumentState.SIGNATURE_RECEIVED, ["sign"]),
        (DocumentState.IN_FORCE, [f"acknowledge:{one}" for one in NAMED]),
        (DocumentState.AMENDED, [f"acknowledge:{one}" for one in NAMED]),
        (DocumentState.CANCELLED, []),
        (DocumentState.REPEALED, []),
    ],
)
def test_a_document_waits_for_its_next_step(state: DocumentState, next_step: list[str]) -> None:
    document = make.document_in(state, TOWN, facts={"named": NAMED})
    assert state_of(document, ORDER) is state
    assert waiting(document, ORDER) == next_step


def test_the_last_closing_act_says_how_a_document_ended() -> None:
    amended = make.document_in(DocumentState.AMENDED, TOWN)
    end = make.mark(amended, CLOSING, Verdict.REPEALED, TOWN.head, remark="cancelled")
    assert state_of(amended.marked(end), ORDER) is DocumentState.CANCELLED


def test_a_document_that_existed_before_is_in_force() -> None:
    existing = make.existing_document(TOWN)
    assert state_of(existing, make.order_type(route=())) is DocumentState.IN_FORCE


def test_petition_that_exists_on_paper_still_waits_for_the_resolution() -> None:
    kind = make.order_type(
        route=(
            StepSpec("sign", Verb.SIGN, Who(field_key="named")),
            StepSpec("resolve", Verb.RESOLVE, Who(Role.HEAD), ("sign",)),
        )
    )
    paper = make.existing_document(TOWN)
    assert state_of(paper, kind) is DocumentState.IN_FORCE
    assert waiting(paper, kind) == ["resolve"]
    assert waiting(marked(paper, "resolve", Verdict.GRANTED), kind) == []


def test_people_named_in_an_existing_document_acknowledge_it() -> None:
    draft = make.draft(TOWN, {"named": NAMED})
    paper = Existing("3-к", date(2023, 1, 12), "Белова Я. И.", "директор", ())
    existing = replace(draft, existing=paper)
    first, second = (f"acknowledge:{one}" for one in NAMED)
    assert waiting(existing, ORDER) == [first, second]
    assert waiting(marked(existing, first, Verdict.ACKNOWLEDGED_ON_PAPER), ORDER) == [second]


# --- Visas ---------------------------------------------------------------------------------


def test_visas_in_a_row_come_one_after_another() -> None:
    document = sent(IN_A_ROW)
    assert waiting(document, IN_A_ROW) == ["agree_curator"]
    document = marked(document, "agree_curator", Verdict.AGREED)
    assert waiting(document, IN_A_ROW) == ["agree_deputy"]
    document = marked(document, "agree_deputy", Verdict.AGREED_WITH_REMARKS)
    assert state_of(document, IN_A_ROW) is DocumentState.AGREED


def test_visas_side_by_side_come_in_any_order() -> None:
    document = sent(SIDE_BY_SIDE)
    assert waiting(document, SIDE_BY_SIDE) == ["agree_curator", "agree_deputy"]
    document = marked(document, "agree_deputy", Verdict.AGREED)
    assert waiting(document, SIDE_BY_SIDE) == ["agree_curator"]
    assert state_of(document, SIDE_BY_SIDE) is DocumentState.ON_APPROVAL


def test_a_new_revision_lets_the_visas_fall_that_do_not_survive_it() -> None:
    document = sent(SIDE_BY_SIDE)
    for step in ("agree_curator", "agree_deputy"):
        document = marked(document, step, Verdict.AGREED)
    around = Circumstances(SIDE_BY_SIDE, TOWN.school, make.MORNING)
    assert [step.key for step in visas_that_fall(document, around)] == ["agree_deputy"]
    document = revised(document)
    assert waiting(document, SIDE_BY_SIDE) == ["agree_deputy"]


def test_whoever_returned_the_document_is_asked_again_even_if_the_visa_survives() -> None:
    document = marked(sent(SIDE_BY_SIDE), "agree_curator", Verdict.RETURNED)
    assert waiting(revised(document), SIDE_BY_SIDE) == ["agree_curator", "agree_deputy"]


def test_a_return_is_no_visa_that_could_fall() -> None:
    document = marked(sent(SIDE_BY_SIDE), "agree_deputy", Verdict.RETURNED)
    around = Circumstances(SIDE_BY_SIDE, TOWN.school, make.MORNING)
    assert visas_that_fall(document, around) == ()


def test_a_visa_collapses_into_the_preparation_by_the_same_person() -> None:
    document = marked(sent(SIDE_BY_SIDE), "agree_deputy", Verdict.COLLAPSED)
    assert waiting(document, SIDE_BY_SIDE) == ["agree_curator"]


def test_the_organisations_own_list_stands_in_for_the_packs() -> None:
    own = ("deputy", "union")
    keys = [step.key for step in steps_of(make.draft(TOWN), IN_A_ROW, own)]
    assert keys == ["prepare", "agree_curator:deputy", "agree_curator:union", "fix", "sign"]
    document = sent(IN_A_ROW)
    assert waiting(document, IN_A_ROW, own) == ["agree_curator:deputy", "agree_curator:union"]
    roles = [step.spec.who.role for step in open_steps(document, IN_A_ROW, own)]
    assert roles == [Role.DEPUTY, Role.UNION]


def test_visas_are_due_only_once_the_document_is_sent_on_its_way() -> None:
    assert waiting(make.draft(TOWN), SIDE_BY_SIDE) == ["prepare"]


# --- Number, date and signatures -----------------------------------------------------------


TWO_SIGN = make.order_type(
    one_sided=False,
    route=(
        *ORDER.route[:4],
        StepSpec("sign_named", Verb.SIGN, Who(field_key="named"), ("fix",)),
        *ORDER.route[4:],
    ),
)


def test_several_signers_sign_in_any_order_and_the_last_one_concludes() -> None:
    document = make.fixed(make.draft(TOWN, {"named": NAMED[:1]}), TOWN)
    theirs = f"sign_named:{NAMED[0]}"
    assert waiting(document, TWO_SIGN) == ["sign", theirs]
    document = marked(document, theirs, Verdict.SIGNED, TOWN.mentor)
    assert state_of(document, TWO_SIGN) is DocumentState.TO_SIGN
    assert waiting(document, TWO_SIGN) == ["sign"]
    document = marked(document, "sign", Verdict.SIGNED_ON_PAPER)
    assert state_of(document, TWO_SIGN) is DocumentState.IN_FORCE


def test_one_signature_that_is_being_checked_keeps_the_document_waiting() -> None:
    document = make.fixed(make.draft(TOWN, {"named": NAMED[:1]}), TOWN)
    document = marked(document, "sign", Verdict.RECEIVED)
    document = marked(document, f"sign_named:{NAMED[0]}", Verdict.SIGNED, TOWN.mentor)
    assert state_of(document, TWO_SIGN) is DocumentState.SIGNATURE_RECEIVED


def test_a_signature_binds_the_files_that_were_signed() -> None:
    """Dated anew after midnight: nobody has signed the new files."""
    signed = make.document_in(DocumentState.IN_FORCE, TOWN)
    again = make.fixing(signed, manifest=make.manifest(signed.id, "dated anew"))
    assert state_of(signed.with_fixing(again), ORDER) is DocumentState.TO_SIGN


def test_a_number_given_to_one_revision_is_none_of_the_next() -> None:
    document = make.document_in(DocumentState.TO_SIGN, TOWN)
    assert (document.number, document.dated) == ("12-о/д", make.TODAY)
    document = marked(revised(document), "agree", Verdict.AGREED)
    assert (document.number, document.dated) == ("", None)
    assert state_of(document, ORDER) is DocumentState.AGREED


def _signature(document: Document, name: str, verdict: Verdict) -> Document:
    return document.marked(make.mark(document, "sign", verdict, TOWN.head, evidence=name))


@pytest.mark.parametrize("later", [Verdict.WITHDRAWN, Verdict.SIGNED])
def test_an_accepted_signature_stands_whatever_becomes_of_an_earlier_one(later: Verdict) -> None:
    """The first could not be decided, so the head signed once more; then the list came."""
    document = make.document_in(DocumentState.TO_SIGN, TOWN)
    document = _signature(document, "first", Verdict.RECEIVED)
    document = _signature(document, "second", Verdict.SIGNED)
    assert state_of(document, ORDER) is DocumentState.IN_FORCE
    assert state_of(_signature(document, "first", later), ORDER) is DocumentState.IN_FORCE


def test_a_withdrawn_signature_counts_no_more() -> None:
    document = _signature(make.document_in(DocumentState.TO_SIGN, TOWN), "one", Verdict.SIGNED)
    document = _signature(document, "one", Verdict.WITHDRAWN)
    assert state_of(document, ORDER) is DocumentState.TO_SIGN
    assert waiting(document, ORDER) == ["sign"]


def test_the_other_signature_is_still_being_checked_when_one_is_withdrawn() -> None:
    document = make.document_in(DocumentState.TO_SIGN, TOWN)
    document = _signature(document, "first", Verdict.RECEIVED)
    document = _signature(document, "second", Verdict.SIGNED)
    document = _signature(document, "second", Verdict.WITHDRAWN)
    assert state_of(document, ORDER) is DocumentState.SIGNATURE_RECEIVED


# --- People named in a field ---------------------------------------------------------------


def test_everybody_named_has_a_step_of_their_own_and_nobody_two() -> None:
    twice = {"named": (*NAMED, NAMED[0])}
    steps = [s for s in steps_of(make.draft(TOWN, twice), ORDER) if s.verb is Verb.ACKNOWLEDGE]
    assert [str(step.employment_id) for step in steps] == list(NAMED)
    one = [s for s in steps_of(make.draft(TOWN, {"named": NAMED[1]}), ORDER) if s.employment_id]
    assert [str(step.employment_id) for step in one] == [NAMED[1]]


@pytest.mark.parametrize(
    "verdict",
    [
        Verdict.ACKNOWLEDGED,
        Verdict.ACKNOWLEDGED_ON_PAPER,
        Verdict.ABSENT,
        Verdict.REFUSED,
        Verdict.COLLAPSED,
    ],
)
def test_acknowledgement_ends_with_any_answer(verdict: Verdict) -> None:
    document = make.document_in(DocumentState.IN_FORCE, TOWN, facts={"named": NAMED})
    first, second = (f"acknowledge:{one}" for one in NAMED)
    assert waiting(marked(document, first, verdict), ORDER) == [second]


def test_acknowledgement_binds_the_files_that_were_shown() -> None:
    document = make.document_in(DocumentState.IN_FORCE, TOWN, facts={"named": NAMED[:1]})
    key = f"acknowledge:{NAMED[0]}"
    document = marked(document, key, Verdict.ACKNOWLEDGED)
    (step,) = [s for s in steps_of(document, ORDER) if s.key == key]
    assert is_done(document, step)
    again = document.with_fixing(
        make.fixing(document, manifest=make.manifest(document.id, "dated anew"))
    )
    assert last_mark(again, step) is None


def test_registering_is_done_with_the_signature_and_holds_nobody_up() -> None:
    registered = make.order_type(
        route=(
            *ORDER.route[:4],
            StepSpec("register", Verb.REGISTER, Who(Role.CLERK), ("sign",)),
            StepSpec("deliver", Verb.DELIVER, Who(Role.CLERK), ("register",)),
        )
    )
    assert waiting(make.document_in(DocumentState.IN_FORCE, TOWN), registered) == ["deliver"]


# --- Documents that an order approves ------------------------------------------------------

ROADMAP = make.order_type(
    code="D04", origin=Origin.APPROVED, register="", signature=None, route=ORDER.route[:2]
)


@pytest.mark.parametrize(
    ("acts", "state"),
    [
        ([], DocumentState.AGREED),
        ([(ORDER_FIX, Verdict.DONE)], DocumentState.TO_SIGN),
        ([(ORDER_FIX, Verdict.DONE), (ORDER_FIX, Verdict.WITHDRAWN)], DocumentState.AGREED),
        ([(ORDER_FIX, Verdict.DONE), (ORDER_SIGN, Verdict.SIGNED)], DocumentState.IN_FORCE),
        (
            [
                (ORDER_FIX, Verdict.DONE),
                (ORDER_SIGN, Verdict.SIGNED),
                (ORDER_SIGN, Verdict.WITHDRAWN),
            ],
            DocumentState.TO_SIGN,
        ),
    ],
)
def test_an_approved_document_lives_with_its_order(
    acts: list[tuple[str, Verdict]], state: DocumentState
) -> None:
    document = marked(sent(ROADMAP), "agree", Verdict.AGREED)
    for step, verdict in acts:
        document = marked(document, step, verdict)
    assert state_of(document, ROADMAP) is state


def test_an_order_cannot_put_in_force_what_is_not_agreed() -> None:
    document = marked(sent(ROADMAP), ORDER_SIGN, Verdict.SIGNED)
    assert state_of(document, ROADMAP) is DocumentState.ON_APPROVAL


def test_what_an_order_did_to_one_revision_says_nothing_of_the_next() -> None:
    document = marked(sent(ROADMAP), "agree", Verdict.AGREED)
    document = marked(revised(marked(document, ORDER_FIX, Verdict.DONE)), "agree", Verdict.AGREED)
    assert state_of(document, ROADMAP) is DocumentState.AGREED
