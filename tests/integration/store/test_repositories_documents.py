"""Documents: what was saved is what is loaded, and what was added stays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import factories
from tests.databases import Database
from tests.factories import Town
from tests.stored import derived, store_document
from workflow.domain.documents import Document, Line, Mark, Verdict
from workflow.domain.refusals import Refusal
from workflow.domain.regulations import Role, Verb
from workflow.domain.routes import DocumentState, state_of
from workflow.store.errors import MissingRowError, StaleError
from workflow.store.repositories.base import HistoryError
from workflow.store.repositories.documents import DerivedDocument, OpenStep
from workflow.store.tables.documents import documents
from workflow.store.unit_of_work import UnitOfWork

FAILURE = Refusal("template.field", "The field {field} is unknown.", params={"field": "срок"})


def saved(uow: UnitOfWork, town: Town, *some: Document) -> list[Document]:
    with uow() as tx:
        stored = [store_document(tx, document, town) for document in some]
        tx.commit()
    return stored


def changed(uow: UnitOfWork, town: Town, new: Document, loaded: Document) -> Document:
    with uow() as tx:
        stored = tx.documents.save(new, loaded, derived(new, town))
        tx.commit()
    return stored


def loaded(uow: UnitOfWork, document: Document) -> Document:
    with uow.reading() as snapshot:
        return snapshot.documents.load(document.id)


@pytest.mark.parametrize("state", DocumentState)
def test_a_document_of_the_factory_is_in_the_state_asked_for(state: DocumentState) -> None:
    document = factories.document_in(state, factories.town())
    assert state_of(document, factories.order_type()) is state


@pytest.mark.parametrize("state", DocumentState)
def test_a_document_comes_back_as_it_was_saved(
    uow: UnitOfWork, town: Town, state: DocumentState
) -> None:
    document = factories.document_in(state, town)
    (stored,) = saved(uow, town, document)
    assert stored == replace(document, version=1)
    assert loaded(uow, stored) == stored


def test_an_existing_document_comes_back_with_number_date_and_scan(
    uow: UnitOfWork, town: Town
) -> None:
    (stored,) = saved(uow, town, factories.existing_document(town))
    found = loaded(uow, stored)
    assert (found, found.number, found.dated) == (stored, "789-о/д", date(2024, 12, 27))


def test_a_document_that_is_not_there_is_said(uow: UnitOfWork) -> None:
    with uow.reading() as snapshot, pytest.raises(MissingRowError):
        snapshot.documents.load(factories.new_id())


def test_the_second_of_two_who_change_a_document_is_told(uow: UnitOfWork, town: Town) -> None:
    (document,) = saved(uow, town, factories.document_in(DocumentState.ON_APPROVAL, town))
    first = document.marked(factories.mark(document, "agree", Verdict.AGREED, town.curator))
    assert changed(uow, town, first, document).version == 2
    second = document.marked(factories.mark(document, "agree", Verdict.RETURNED, town.curator))
    with pytest.raises(StaleError):
        changed(uow, town, second, document)
    assert [m.verdict for m in loaded(uow, document).marks] == [Verdict.DONE, Verdict.AGREED]


# --- What may change and what may not ------------------------------------------------------


def test_facts_draft_and_failure_of_the_newest_revision_change(uow: UnitOfWork, town: Town) -> None:
    (first,) = saved(uow, town, factories.draft(town, {"срок": date(2025, 1, 30)}))
    being_made = replace(first.revision, facts={"срок": date(2025, 2, 1)}, draft=None)
    second = changed(uow, town, first.with_revision(being_made), first)
    assert loaded(uow, first) == second
    failed = replace(being_made, failure=FAILURE)
    third = changed(uow, town, second.with_revision(failed), second)
    assert loaded(uow, first).revision.failure == FAILURE
    longer = replace(failed, failure=None, draft=factories.manifest(first.id, "new", annexes=2))
    fourth = changed(uow, town, third.with_revision(longer), third)
    assert loaded(uow, first) == fourth


def test_an_earlier_revision_does_not_change(uow: UnitOfWork, town: Town) -> None:
    (document,) = saved(uow, town, factories.document_in(DocumentState.REWORK, town))
    first = replace(document.revisions[0], facts={"tampered": True})
    with pytest.raises(HistoryError):
        changed(uow, town, replace(document, revisions=(first, *document.revisions[1:])), document)


def test_a_revision_does_not_change_in_the_act_that_replaces_it(
    uow: UnitOfWork, town: Town
) -> None:
    (document,) = saved(uow, town, factories.draft(town, {"n": 1}))
    touched = replace(document.revision, facts={"n": 2})
    following = replace(document.revision, number=2)
    with pytest.raises(HistoryError):
        changed(uow, town, replace(document, revisions=(touched, following)), document)


def test_a_fixing_gets_its_files_once(uow: UnitOfWork, town: Town) -> None:
    (document,) = saved(uow, town, factories.document_in(DocumentState.FIXING, town))
    assert document.fixing is not None
    rendered = replace(document.fixing, manifest=factories.manifest(document.id, "fixed"))
    ready = changed(uow, town, document.with_fixing(rendered), document)
    assert loaded(uow, document) == ready
    other = replace(rendered, manifest=factories.manifest(document.id, "other bytes"))
    with pytest.raises(HistoryError):
        changed(uow, town, ready.with_fixing(other), ready)


def _another_number(document: Document, town: Town) -> Document:
    assert document.fixing is not None
    return document.with_fixing(replace(document.fixing, printed_number="13-о/д"))


def _another_verdict(document: Document, town: Town) -> Document:
    return replace(
        document, marks=(*document.marks[:-1], replace(document.marks[-1], remark="no such words"))
    )


@pytest.mark.parametrize(
    "tamper",
    [
        _another_number,
        _another_verdict,
        lambda document, town: replace(document, marks=document.marks[1:]),
        lambda document, town: replace(document, fixings=()),
        lambda document, town: replace(document, revisions=document.revisions[1:]),
        lambda document, town: replace(document, revisions=document.revisions[:-1]),
    ],
    ids=[
        "printed number",
        "remark",
        "mark removed",
        "fixing removed",
        "first revision removed",
        "last revision removed",
    ],
)
def test_history_is_neither_rewritten_nor_cut(
    uow: UnitOfWork, town: Town, tamper: Callable[[Document, Town], Document]
) -> None:
    reworked = factories.returned(factories.draft(town), town)
    (document,) = saved(uow, town, factories.signed(reworked, town))
    false = DerivedDocument(DocumentState.IN_FORCE)
    with uow() as tx, pytest.raises(HistoryError):
        tx.documents.save(tamper(document, town), document, false)
    assert loaded(uow, document) == document


def test_a_line_is_taken_out_or_cancelled(uow: UnitOfWork, town: Town) -> None:
    cases = [factories.case(town) for _ in range(3)]
    with uow() as tx:
        for case in cases:
            tx.cases.save(case)
        tx.commit()
    lines = tuple(Line(case.id) for case in cases)
    (order,) = saved(uow, town, factories.draft(town, lines=lines))
    shorter = changed(uow, town, replace(order, lines=(lines[2], lines[1])), order)
    assert loaded(uow, order).lines == (lines[2], lines[1])
    cancelled = replace(lines[1], cancelled_by=order.id)
    changed(uow, town, replace(shorter, lines=(lines[2], cancelled)), shorter)
    assert loaded(uow, order).lines == (lines[2], cancelled)


# --- Any document --------------------------------------------------------------------------

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
FACTS = st.dictionaries(
    TEXT,
    st.recursive(
        TEXT | st.integers() | st.booleans() | st.dates() | st.uuids(),
        lambda inner: st.lists(inner, max_size=3).map(tuple) | st.dictionaries(TEXT, inner),
        max_leaves=5,
    ),
    max_size=4,
)
Step = Callable[[Document, Town], Document]


@st.composite
def acts(draw: st.DrawFn) -> Step:
    """Something that happens to a document, told apart by chance and not by sense."""
    words, facts = draw(TEXT), draw(FACTS)
    day = draw(st.dates())
    annexes = draw(st.integers(0, 2))
    verdict = draw(st.sampled_from(Verdict))

    def revise(document: Document, town: Town) -> Document:
        number = document.revision.number + 1
        return document.with_revision(replace(document.revision, number=number, facts=facts))

    def assemble(document: Document, town: Town) -> Document:
        files = factories.manifest(document.id, words, annexes)
        return document.with_revision(replace(document.revision, draft=files, facts=facts))

    def fix(document: Document, town: Town) -> Document:
        numbered = factories.fixing(document, printed_number=words, printed_date=day)
        return document.with_fixing(numbered)

    def render(document: Document, town: Town) -> Document:
        if not document.fixings or document.fixings[-1].manifest:
            return document
        files = factories.manifest(document.id, words, annexes)
        return document.with_fixing(replace(document.fixings[-1], manifest=files))

    def mark(document: Document, town: Town) -> Document:
        made: Mark = factories.mark(document, words, verdict, town.curator, remark=words)
        return document.marked(replace(made, happened_on=day, entered_by=town.clerk.person.id))

    def rename(document: Document, town: Town) -> Document:
        return replace(document, title=words, on_paper=not document.on_paper)

    return draw(st.sampled_from([revise, assemble, fix, render, mark, rename]))


@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(facts=FACTS, happens=st.lists(acts(), max_size=6))
def test_whatever_happens_to_a_document_is_loaded_as_it_was_saved(
    uow: UnitOfWork, town: Town, facts: dict[str, object], happens: list[Step]
) -> None:
    somehow = DerivedDocument(DocumentState.DRAFT)
    with uow() as tx:
        document = tx.documents.save(factories.draft(town, facts), None, somehow)
        assert tx.documents.load(document.id) == document
        for act in happens:
            document = tx.documents.save(act(document, town), document, somehow)
            assert tx.documents.load(document.id) == document
        tx.commit()
    assert loaded(uow, document) == document


# --- Queries -------------------------------------------------------------------------------


def test_many_documents_are_loaded_in_as_many_queries_as_one(
    uow: UnitOfWork, town: Town, database: Database
) -> None:
    some = [factories.document_in(state, town) for state in DocumentState]
    ids = [document.id for document in saved(uow, town, *some)]
    asked: list[str] = []
    with uow.reading() as snapshot:
        sa.event.listen(snapshot.connection, "before_cursor_execute", lambda *a: asked.append(a[2]))
        found = snapshot.documents.load_many(reversed(ids))
        for_many = len(asked)
        snapshot.documents.load(ids[0])
    assert list(found) == list(reversed(ids))
    assert (for_many, len(asked) - for_many) == (6, 6)


def test_a_document_is_found_by_the_state_it_has_now(uow: UnitOfWork, town: Town) -> None:
    (document,) = saved(uow, town, factories.document_in(DocumentState.TO_SIGN, town))
    signed = document.marked(factories.mark(document, "sign", Verdict.SIGNED, town.head))
    changed(uow, town, signed, document)
    with uow.reading() as snapshot:
        find = snapshot.documents.of_organisation
        to_sign = find(town.school.id, type_code="D02", states=[DocumentState.TO_SIGN])
        in_force = find(town.school.id, type_code="D02", states=[DocumentState.IN_FORCE])
        states = snapshot.documents.states_of([document.id])
    assert (to_sign.items, [d.id for d in in_force.items]) == ((), [document.id])
    assert states == {document.id: DocumentState.IN_FORCE}


def test_a_heading_says_what_a_list_shows(uow: UnitOfWork, town: Town) -> None:
    case = factories.case(town)
    with uow() as tx:
        tx.cases.save(case)
        tx.commit()
    served = replace(factories.document_in(DocumentState.IN_FORCE, town), lines=(Line(case.id),))
    document, other = saved(uow, town, served, factories.draft(town))
    with uow.reading() as snapshot:
        of_case = snapshot.documents.headings_of_cases([case.id])
        several = snapshot.documents.headings_of([document.id, other.id, factories.new_id()])
    (heading,) = of_case[case.id]
    assert heading == several[document.id]
    assert (heading.state, heading.number) == (DocumentState.IN_FORCE, document.number)
    assert (heading.title, heading.dated) == (document.title, document.dated)
    assert set(several) == {document.id, other.id}


def test_pages_follow_each_other_without_gap_or_repetition(uow: UnitOfWork, town: Town) -> None:
    stored = saved(uow, town, *(factories.draft(town) for _ in range(5)))
    seen, before = [], None
    with uow.reading() as snapshot:
        while True:
            page = snapshot.documents.of_organisation(town.school.id, limit=2, before=before)
            seen.append([d.id for d in page.items])
            before = page.following
            if before is None:
                break
    newest_first = [d.id for d in reversed(stored)]
    assert seen == [newest_first[:2], newest_first[2:4], newest_first[4:]]


def test_a_full_last_page_has_nothing_following(uow: UnitOfWork, town: Town) -> None:
    saved(uow, town, *(factories.draft(town) for _ in range(2)))
    with uow.reading() as snapshot:
        page = snapshot.documents.of_organisation(town.school.id, limit=2)
    assert (len(page.items), page.following) == (2, None)


def test_documents_of_a_case_are_those_with_a_line_for_it(uow: UnitOfWork, town: Town) -> None:
    case, other = factories.case(town), factories.case(town)
    with uow() as tx:
        tx.cases.save(case)
        tx.cases.save(other)
        tx.commit()
    mine, both, _ = saved(
        uow,
        town,
        factories.draft(town, lines=(Line(case.id),)),
        factories.draft(town, lines=(Line(other.id), Line(case.id))),
        factories.draft(town, lines=(Line(other.id),)),
    )
    with uow.reading() as snapshot:
        assert snapshot.documents.of_case(case.id) == [mine, both]
        assert set(snapshot.documents.case_ids(both.id)) == {case.id, other.id}
        assert snapshot.documents.case_ids(factories.new_id()) == []


def test_annexes_are_the_documents_that_an_order_approves(uow: UnitOfWork, town: Town) -> None:
    (order,) = saved(uow, town, factories.draft(town))
    annex, _ = saved(uow, town, factories.draft(town, approved_by=order.id), factories.draft(town))
    with uow.reading() as snapshot:
        assert snapshot.documents.approved_by(order.id) == [annex]


def test_yesterdays_unsigned_documents_are_found_the_day_after(uow: UnitOfWork, town: Town) -> None:
    to_sign, _ = saved(
        uow,
        town,
        factories.document_in(DocumentState.TO_SIGN, town),
        factories.document_in(DocumentState.IN_FORCE, town),
    )
    with uow.reading() as snapshot:
        find = snapshot.documents.to_sign_dated_before
        assert find(factories.TODAY) == []
        assert find(factories.TODAY + timedelta(days=1)) == [to_sign]


def test_the_newest_document_in_force_is_the_one_dated_last(uow: UnitOfWork, town: Town) -> None:
    case = factories.case(town)
    with uow() as tx:
        tx.cases.save(case)
        tx.commit()
    lines = (Line(case.id),)
    newer, *_ = saved(
        uow,
        town,
        _signed_on(town, date(2025, 1, 20), lines),
        _signed_on(town, date(2025, 1, 13), lines),
        factories.document_in(DocumentState.REPEALED, town, lines=lines),
    )
    with uow.reading() as snapshot:
        find = snapshot.documents.newest_in_force
        assert find([town.office.id, town.school.id], ["D02", "D04"]) == newer
        assert snapshot.documents.newest_in_force_for(case.id, ["D02"]) == newer
        assert find([town.office.id], ["D02"]) is None
        assert find([town.school.id], ["D04"]) is None


def _signed_on(town: Town, day: date, lines: tuple[Line, ...]) -> Document:
    ready = factories.fixed(factories.draft(town, lines=lines), town, printed_date=day)
    return ready.marked(factories.mark(ready, "sign", Verdict.SIGNED, town.head))


def test_types_in_force_are_those_of_any_of_the_organisations(uow: UnitOfWork, town: Town) -> None:
    saved(
        uow,
        town,
        factories.document_in(DocumentState.AMENDED, town),
        factories.existing_document(town),
        factories.document_in(DocumentState.TO_SIGN, town, type_code="D03"),
    )
    with uow.reading() as snapshot:
        find = snapshot.documents.types_in_force
        both = [town.school.id, town.office.id]
        assert find(both, ["D01", "D02", "D03"]) == {"D01", "D02"}
        assert find([town.school.id], ["D01", "D02"]) == {"D02"}
        assert find(both, []) == frozenset()


def test_a_cancelled_line_is_in_force_for_its_case_no_more(uow: UnitOfWork, town: Town) -> None:
    case = factories.case(town)
    with uow() as tx:
        tx.cases.save(case)
        tx.commit()
    (order,) = saved(uow, town, _signed_on(town, factories.TODAY, (Line(case.id),)))
    changed(uow, town, replace(order, lines=(Line(case.id, order.id),)), order)
    with uow.reading() as snapshot:
        assert snapshot.documents.newest_in_force_for(case.id, ["D02"]) is None
        assert snapshot.documents.newest_in_force([town.school.id], ["D02"]) is not None


def test_open_steps_say_whom_a_document_waits_for_now(uow: UnitOfWork, town: Town) -> None:
    named = {"named": (str(town.mentor.employment.id),)}
    (document,) = saved(uow, town, factories.draft(town, named))
    assert _open_steps(uow, document) == (
        OpenStep("prepare", Verb.PREPARE, Role.CLERK, town.school.id),
    )
    signed = changed(uow, town, factories.signed(document, town), document)
    key = f"acknowledge:{town.mentor.employment.id}"
    assert _open_steps(uow, signed) == (
        OpenStep(key, Verb.ACKNOWLEDGE, None, town.school.id, town.mentor.employment.id),
    )


def test_an_inbox_holds_what_waits_for_a_post_or_a_role_and_nothing_else(
    uow: UnitOfWork, town: Town
) -> None:
    named = {"named": (str(town.mentor.employment.id),)}
    draft, signed, _ = saved(
        uow,
        town,
        factories.draft(town),
        factories.document_in(DocumentState.IN_FORCE, town, facts=named),
        factories.document_in(DocumentState.ON_APPROVAL, town),
    )
    with uow.reading() as snapshot:
        find = snapshot.documents.waiting_for
        mentor, clerk = [town.mentor.employment.id], [(town.school.id, Role.CLERK)]
        assert [document_id for document_id, _ in find(mentor, [])] == [signed.id]
        assert [document_id for document_id, _ in find([], clerk)] == [draft.id]
        assert [step.verb for _, step in find(mentor, clerk)] == [Verb.PREPARE, Verb.ACKNOWLEDGE]
        assert find([town.clerk.employment.id], [(town.office.id, Role.CLERK)]) == []
        assert find([], []) == []


def _open_steps(uow: UnitOfWork, document: Document) -> tuple[OpenStep, ...]:
    with uow.reading() as snapshot:
        return snapshot.documents.open_steps_of([document.id])[document.id]


def test_number_and_date_stand_beside_for_queries(uow: UnitOfWork, town: Town) -> None:
    fixed, draft = saved(
        uow, town, factories.document_in(DocumentState.TO_SIGN, town), factories.draft(town)
    )
    assert fixed.fixing is not None
    assert fixed.fixing.manifest is not None
    with uow.reading() as snapshot:
        beside = {
            row.id: (row.state, row.number, row.dated, row.fixed_digest)
            for row in snapshot.connection.execute(sa.select(documents))
        }
    digest = fixed.fixing.manifest.digest
    assert beside[fixed.id] == (DocumentState.TO_SIGN, "12-о/д", factories.TODAY, digest)
    assert beside[draft.id] == (DocumentState.DRAFT, "", None, None)
