"""What an order says of its pairs, and which of its lines are not ready.

The rows of an order's field `lines` are taken from the pairs whenever the order is saved, in the
order of the document's own lines; each row keeps the id of its case beside what is printed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from workflow.domain.documents import Document
from workflow.domain.gates import (
    LineGap,
    LineTerms,
    Paper,
    is_waiting,
    open_gates,
    refusal_of,
    starts_in_time,
)
from workflow.domain.matching import may_be_ordered
from workflow.domain.notice import keeps_notice, notice_rule
from workflow.domain.organisations import Organisation
from workflow.domain.pairs import ONE_DAY, Life, Pair, TurnKind, life_of
from workflow.domain.refusals import N_, Refusal
from workflow.domain.regulations import Choice, DocumentType, PairEffect, Regulation
from workflow.domain.term_changes import CHANGE_SHEET
from workflow.domain.working_days import WorkCalendar
from workflow.store.unit_of_work import Repositories
from workflow.usecases.pairs.checks import checks_for
from workflow.usecases.pairs.paper_gaps import paper_gaps
from workflow.usecases.pairs.reading import (
    candidate_terms,
    day_in,
    employment_in,
    employments_in,
    papers_in_force,
    people_named,
)
from workflow.usecases.pairs.targets import place_in_target, target_gaps
from workflow.usecases.services import Services
from workflow.usecases.wording import dated_and_numbered, document_named
from workflow.usecases.work_calendars import calendar_of

LINES = "lines"
CASE = "case"
INVOLVED = "involved"
#: Orders whose lines name the pair as it is proposed, not as it lives.
_PROPOSED = (PairEffect.BEGIN, PairEffect.REPLACE_OR_END)
VARIANT, REPLACEMENT, COMPLETION = "variant", "replacement", "completion"
#: Columns of an order that say who follows the released mentor, and by which papers.
_NEW_MENTOR = ("new_mentor", "since", "until", "consent", "agreement", "clause")
#: The day named in a statement or notice: the first one without the duties.
EFFECTIVE = "effective"


def has_lines(kind: DocumentType) -> bool:
    """Whether documents of the type list their pairs in rows."""
    return kind.field(LINES) is not None


def fill_lines(
    tx: Repositories,
    services: Services,
    document: Document,
    kind: DocumentType,
    regulation: Regulation,
    organisation: Organisation,
    facts: Mapping[str, object],
) -> dict[str, object]:
    """Return the facts with the rows of the pairs written anew.

    What a person may fill in a row (an item's number, a handover day) is kept.
    """
    spec = kind.field(LINES)
    if spec is None:
        return dict(facts)
    wanted = [line.case_id for line in document.lines if line.cancelled_by is None]
    known = tx.pairs.find(wanted)
    today = organisation.local_day(services.clock())
    before = {str(row.get(CASE)): row for row in _rows(facts)}
    columns = {column.key for column in spec.columns}
    rows = []
    for case_id in wanted:
        life = life_of(known[case_id], today)
        row = _row(tx, known[case_id], life, kind, regulation)
        row |= _by_the_order(tx, document, life, kind, case_id, facts)
        kept = {k: v for k, v in before.get(str(case_id), {}).items() if k in columns}
        rows.append({**kept, **{k: v for k, v in row.items() if k in columns}, CASE: str(case_id)})
    filled = {**facts, LINES: tuple(rows)}
    if kind.field(INVOLVED) is not None:
        filled[INVOLVED] = _involved(facts, rows, _rows(facts))
    return filled


def _rows(facts: Mapping[str, object]) -> Sequence[Mapping[str, object]]:
    rows = facts.get(LINES)
    return [r for r in rows if isinstance(r, Mapping)] if isinstance(rows, list | tuple) else []


def _row(
    tx: Repositories,
    pair: Pair,
    life: Life,
    kind: DocumentType,
    regulation: Regulation,
) -> dict[str, object]:
    """Everything that a row may say; the type's columns choose from it."""
    spell = life.spell
    proposed = candidate_terms(pair, life) if kind.turn in _PROPOSED else None
    row: dict[str, object] = {
        "mentees": tuple(str(m) for m in life.mentees or pair.mentees),
        "kind": label_of(regulation.mentoring_kinds, pair.kind),
        "form": label_of(regulation.mentoring_forms, pair.form),
        "need": pair.need,
    }
    if spell is not None:
        row |= {
            "mentor": str(spell.mentor),
            "since": spell.since,
            "until": spell.until,
            "old_mentor": str(spell.mentor),
            "old_until": spell.until,
        }
        row |= _agreed_change(tx, pair) if kind.turn is PairEffect.EXTEND else {}
    if proposed is not None and (spell is None or proposed.mentor != spell.mentor):
        row |= {
            "mentor": str(proposed.mentor),
            "new_mentor": str(proposed.mentor),
            "since": proposed.since,
            "until": proposed.until,
            "clause": proposed.clause,
            **_papers_cited(tx, pair, proposed.mentor),
        }
        if spell is not None:
            row["mentor"] = str(spell.mentor)
    return row


def _by_the_order(
    tx: Repositories,
    document: Document,
    life: Life,
    kind: DocumentType,
    case_id: UUID,
    facts: Mapping[str, object],
) -> dict[str, object]:
    """What the order's own answers say of a pair: its last day, its place in an earlier order."""
    match kind.turn:
        case PairEffect.REPLACE_OR_END:
            ends: dict[str, object] = {"ends": _released_on(life, facts)}
            return ends if _replaces(facts) else {**ends, **dict.fromkeys(_NEW_MENTOR)}
        case PairEffect.CANCEL:
            return {"number": place_in_target(tx, document.organisation_id, facts, case_id)}
        case _:
            return {}


def _replaces(facts: Mapping[str, object]) -> bool:
    """Whether an order of release names new mentors; so it is taken until it says what it is."""
    return facts.get(VARIANT) in (None, "", REPLACEMENT)


def _released_on(life: Life, facts: Mapping[str, object]) -> date | None:
    """The first day without the mentor: as warned of, after the term, or as the order says."""
    spell = life.spell
    if spell is None:
        return day_in(facts, "ends")
    if spell.cut_by is not None and spell.cut_by.kind is TurnKind.NOTICE:
        return spell.cut_by.day
    if facts.get(VARIANT) == COMPLETION:
        return spell.until + ONE_DAY
    return day_in(facts, "ends")


def label_of(choices: Sequence[Choice], key: str) -> str:
    """The words for a kind or form of mentoring, its key when the regulation has none."""
    return next((c.label for c in choices if c.key == key), key)


def _papers_cited(tx: Repositories, pair: Pair, mentor: UUID) -> dict[str, object]:
    """Consent and agreement of the mentor, as an order cites them: «от 25 августа 2026 г.»."""
    headings = tx.documents.headings_of_cases([pair.id])[pair.id]
    ids = [h.id for h in headings if h.type_code in ("D09", "D13") and h.dated is not None]
    cited: dict[str, object] = {"consent": "", "agreement": ""}
    states = tx.documents.states_of(ids)
    for document in tx.documents.load_many(ids).values():
        if states[document.id] not in ("in_force", "amended"):
            continue
        if employment_in(document.facts, "mentor") == mentor:
            key = "consent" if document.type_code == "D09" else "agreement"
            cited[key] = dated_and_numbered(document)
    return cited


def _agreed_change(tx: Repositories, pair: Pair) -> dict[str, object]:
    """The last day that mentor and mentees have agreed on (D19), and how it is cited."""
    agreed = tx.documents.newest_in_force_for(pair.id, (CHANGE_SHEET,))
    until = day_in(agreed.facts, "until_new") if agreed else None
    if agreed is None or until is None:
        return {"until": None, "basis": ""}
    return {"until": until, "basis": document_named(agreed)}


def _involved(
    facts: Mapping[str, object],
    rows: Sequence[Mapping[str, object]],
    before: Sequence[Mapping[str, object]],
) -> tuple[str, ...]:
    """Mentors and mentees of the lines, and whoever was added by hand; those taken out leave."""
    named = _named(rows)
    gone = set(_named(before)) - set(named)
    others = [str(e) for e in employments_in(facts, INVOLVED) if str(e) not in gone]
    curator = facts.get("curator")
    added = [str(curator)] if curator else []
    return tuple(dict.fromkeys([*named, *others, *added]))


def _named(rows: Sequence[Mapping[str, object]]) -> list[str]:
    found: list[str] = []
    for row in rows:
        found += [str(row[k]) for k in ("mentor", "old_mentor", "new_mentor") if row.get(k)]
        found += [str(e) for e in employments_in(row, "mentees")]
    return list(dict.fromkeys(found))


def gaps_of(
    tx: Repositories,
    services: Services,
    document: Document,
    kind: DocumentType,
    regulation: Regulation,
    organisation: Organisation,
) -> tuple[LineGap, ...]:
    """Which lines keep the order (or paper) from being made ready or signed, and why.

    Nothing is asked once the order is in force: its gates were passed.
    """
    if not document.revisions or document.existing:
        return ()
    if kind.turn is None:
        return paper_gaps(tx, services, document, kind, regulation, organisation)
    if kind.turn in (PairEffect.STATEMENT, PairEffect.NOTICE):
        return _notice_gaps(tx, services, document, regulation, organisation)
    if kind.turn in (PairEffect.AMEND, PairEffect.CANCEL):
        return target_gaps(tx, document, kind)
    if kind.turn not in _PROPOSED or not kind.gates:
        return ()
    wanted = [line.case_id for line in document.lines if line.cancelled_by is None]
    if not wanted:
        return (LineGap(document.id, _no_lines()),)
    known = tx.pairs.find(wanted)
    papers = papers_in_force(tx, wanted, {gate.type_code for gate in kind.gates})
    today = organisation.local_day(services.clock())
    rows = {str(row.get(CASE)): row for row in _rows(document.facts)}
    gaps: list[LineGap] = []
    for case_id in wanted:
        pair = known[case_id]
        life = life_of(pair, today)
        terms = candidate_terms(pair, life)
        row = rows.get(str(case_id), {})
        if kind.turn is PairEffect.REPLACE_OR_END and not _replaces(document.facts):
            continue
        refusal = (
            (is_waiting(life, kind.article) if kind.turn is PairEffect.BEGIN else None)
            or _names_others(row, terms)
            or _gate(tx, regulation, kind, terms, papers[case_id])
            or _cites_others(row, _papers_cited(tx, pair, _given(terms).mentor))
            or may_be_ordered(checks_for(tx, pair, regulation, _given(terms)))
            or starts_in_time(_given(terms), document.dated or today, papers[case_id], kind.gates)
        )
        if refusal:
            gaps.append(LineGap(case_id, refusal))
    return tuple(gaps)


def _notice_gaps(
    tx: Repositories,
    services: Services,
    document: Document,
    regulation: Regulation,
    organisation: Organisation,
) -> tuple[LineGap, ...]:
    given_on = document.dated or organisation.local_day(services.clock())
    calendar = calendar_of(tx, services, organisation)
    refusal = may_name_day(regulation, calendar, given_on, document.facts)
    return (LineGap(document.lines[0].case_id, refusal),) if refusal else ()


def may_name_day(
    regulation: Regulation, calendar: WorkCalendar, given_on: date, facts: Mapping[str, object]
) -> Refusal | None:
    """Whether a statement or notice given on a day names one that is late enough."""
    rule, effective = notice_rule(regulation.rules), day_in(facts, EFFECTIVE)
    if rule is None or effective is None:
        return None
    return keeps_notice(rule, given_on, effective, calendar)


def _given(terms: LineTerms | None) -> LineTerms:
    assert terms is not None, "a line without a mentor has been refused before"
    return terms


def _no_lines() -> Refusal:
    return Refusal(
        "line.none",
        N_("The order names no pair any more."),
        N_("Put a pair in, or leave the order a draft."),
    )


def _names_others(row: Mapping[str, object], terms: LineTerms | None) -> Refusal | None:
    """Whether the order still says what is proposed for the pair."""
    if terms is None or ("new_mentor" in row and not row["new_mentor"]):
        return Refusal(
            "line.no_mentor",
            N_("No mentor is proposed for one of the pairs."),
            N_("Propose a mentor, or take the pair out of the order."),
        )
    mentor = row.get("new_mentor") or row.get("mentor")
    same = (
        str(mentor) == str(terms.mentor)
        and row.get("since") == terms.since
        and row.get("until") == terms.until
        and {str(m) for m in terms.mentees} == {str(m) for m in employments_in(row, "mentees")}
    )
    if same:
        return None
    return _changed()


def _cites_others(row: Mapping[str, object], cited: Mapping[str, object]) -> Refusal | None:
    """Whether a paper has come into force, or fallen, since the order was written."""
    same = all((row.get(key) or "") == paper for key, paper in cited.items())
    return None if same else _changed()


def _changed() -> Refusal:
    return Refusal(
        "line.changed",
        N_("The pair has changed since the order was written."),
        N_("Return the order for rework and save it anew: the lines are taken from the pairs."),
    )


def _gate(
    tx: Repositories,
    regulation: Regulation,
    kind: DocumentType,
    terms: LineTerms | None,
    papers: Sequence[Paper],
) -> Refusal | None:
    missing = open_gates(kind.gates, _given(terms), papers)
    if not missing:
        return None
    first = missing[0]
    name = people_named(tx, [first.person])[first.person]
    return refusal_of(first, name, regulation.document_types[first.gate.type_code].title)
