"""A document: where it stands, who did what when, what the person may do, its files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from uuid import UUID

from workflow.domain.administration import may_keep_staff
from workflow.domain.documents import Document, ExistingSignature, ManifestFile, Verdict
from workflow.domain.facts import FactProblem, check_facts
from workflow.domain.mandates import Actor
from workflow.domain.pairs import ASSIGNMENT, life_of
from workflow.domain.paper_acts import may_put_on_paper
from workflow.domain.permissions import (
    Circumstances,
    may_acknowledge,
    may_agree,
    may_deliver,
    may_edit,
    may_enter_paper,
    may_fix,
    may_resolve,
    may_return,
    may_see,
    may_sign,
    may_submit,
)
from workflow.domain.refusals import Refusal
from workflow.domain.regulations import DocumentType, Verb
from workflow.domain.routes import DocumentState, open_steps, state_of
from workflow.queries.case_page import READERS
from workflow.queries.changes import Changes, changed_annexes, changed_fields, last_reviewed
from workflow.queries.fact_lines import FactLine, fact_lines, names_in
from workflow.queries.headings import Heading, heading_of
from workflow.queries.history import Happening, RouteLine, fallen_visas, happenings, route_lines
from workflow.queries.pair_papers import is_pending
from workflow.queries.signature_lines import SignatureLine, signature_lines
from workflow.queries.terms import Term, terms_of
from workflow.queries.waiting import Waits, place_of, who_waits
from workflow.store.repositories.documents import OpenStep
from workflow.store.unit_of_work import Repositories
from workflow.usecases import desk as desks
from workflow.usecases.desk import Desk
from workflow.usecases.pairs.reading import people_named
from workflow.usecases.services import Services
from workflow.usecases.unconfirmed import with_unconfirmed
from workflow.usecases.wording import document_named

MOST_OWED = 200
BEING_PREPARED = (DocumentState.DRAFT, DocumentState.REWORK)


@dataclass(frozen=True)
class Answers:
    """Why the actor may not do each thing (None: may)."""

    edit: Refusal | None
    submit: Refusal | None
    agree: Refusal | None
    return_: Refusal | None
    fix: Refusal | None
    sign: Refusal | None
    acknowledge: Refusal | None
    resolve: Refusal | None
    deliver: Refusal | None
    enter_paper: Refusal | None
    put_on_paper: Refusal | None


@dataclass(frozen=True)
class FileLine:
    """A file to read: its place in the manifest (from 0) and name."""

    place: int
    name: str
    pages: int
    has_docx: bool
    is_annex: bool


@dataclass(frozen=True)
class Related:
    """Another document; `visible` when the actor may open it."""

    document_id: UUID
    named: str
    state: DocumentState
    visible: bool


@dataclass(frozen=True)
class RevisionLine:
    number: int
    at: datetime
    by: str
    has_files: bool
    current: bool


@dataclass(frozen=True)
class DocumentPage:
    """Everything of a document's page.

    `seen` is the digest that a visa given on this page binds. `assembling` is true while a job
    makes the files, `failure` says why it could not. `case_title` is empty for those who do not
    see the cases (`case_ids`) that it serves; `copies` is true when there are copies for the eye.
    `returned` is the last return, while the document is being reworked, and `fallen` names those
    whose visas it made void. `confirm_forms_in` is the organisation in which the actor may confirm
    case forms, None when none that the draft prints waits for it.
    """

    heading: Heading
    kind: DocumentType
    case_title: str
    case_ids: tuple[UUID, ...]
    order: Related | None
    annexes: tuple[Related, ...]
    files: tuple[FileLine, ...]
    seen: str
    assembling: bool
    failure: Refusal | None
    problems: tuple[FactProblem, ...]
    facts: tuple[FactLine, ...]
    route: tuple[RouteLine, ...]
    signatures: tuple[SignatureLine, ...]
    copies: bool
    waits: tuple[Waits, ...]
    happened: tuple[Happening, ...]
    revisions: tuple[RevisionLine, ...]
    returned: Happening | None
    fallen: tuple[str, ...]
    changes: Changes | None
    register: str
    existing_signature: ExistingSignature | None
    confirm_forms_in: UUID | None
    terms: tuple[Term, ...]
    answers: Answers
    visas: bool
    today: date
    zone: tzinfo

    @property
    def signed_with_ink(self) -> bool:
        """Whether an ink signature was entered here (an existing document only has its file)."""
        done = [line.done for line in self.route if line.verb is Verb.SIGN and line.done]
        return any(one.verdict is Verdict.SIGNED_ON_PAPER and one.at for one in done)


def document_page(services: Services, actor: Actor, document_id: UUID) -> DocumentPage:
    """Return the page; NotFoundError when the document is not there or not for these eyes."""
    with services.uow.reading() as tx:
        desk = with_unconfirmed(tx, services, desks.lay(tx, services, actor, document_id))
        document, kind = desk.document, desk.kind
        order = order_of(tx, document)
        heading = _heading(desk, order)
        happened = happenings(tx, desk)
        problems = _problems(desk)
        return DocumentPage(
            heading=heading,
            kind=kind,
            case_title=_case_title(tx, desk),
            case_ids=tuple(line.case_id for line in document.lines),
            order=_related(services, desk, order) if order else None,
            annexes=tuple(_related(services, desk, a.document) for a in desk.annexes),
            files=file_lines(files_read_now(document, order)),
            seen=document.manifest.digest if document.manifest else "",
            assembling=_is_assembling(desk, problems),
            failure=_failure(document),
            problems=problems,
            facts=_facts(tx, desk),
            route=route_lines(tx, desk),
            signatures=signature_lines(tx, document),
            copies=_has_copies(tx, document),
            waits=_waits(tx, desk),
            happened=happened,
            revisions=_revisions(document, happened),
            returned=_returned(desk, happened),
            fallen=fallen_visas(tx, desk),
            changes=changes_since_review(tx, desk),
            register=_register(tx, document),
            existing_signature=document.existing.signature if document.existing else None,
            confirm_forms_in=_confirms_forms_in(desk),
            terms=_terms(tx, services, desk),
            answers=answers_to(desk),
            visas=any(step.verb is Verb.AGREE for step in kind.route),
            today=desk.around.today,
            zone=desk.organisation.zone,
        )


def _confirms_forms_in(desk: Desk) -> UUID | None:
    keeps = may_keep_staff(desk.actor, desk.organisation, desk.around.today) is None
    return desk.organisation.id if desk.around.unconfirmed and keeps else None


def answers_to(desk: Desk) -> Answers:
    """Ask the domain everything that a page offers as a button."""
    asked = (desk.document, desk.actor, desk.around)
    return Answers(
        edit=may_edit(*asked),
        submit=may_submit(*asked),
        agree=may_agree(*asked),
        return_=may_return(*asked),
        fix=may_fix(*asked),
        sign=may_sign(*asked),
        acknowledge=may_acknowledge(*asked),
        resolve=may_resolve(*asked),
        deliver=may_deliver(*asked),
        enter_paper=may_enter_paper(desk.actor, desk.around),
        put_on_paper=may_put_on_paper(*asked),
    )


def _heading(desk: Desk, order: Document | None) -> Heading:
    """An approved document is dated and numbered as its order."""
    heading = heading_of(desk)
    if order is None or order.fixing is None:
        return heading
    fixing = order.fixing
    return Heading(
        **{**vars(heading), "number": fixing.printed_number, "dated": fixing.printed_date}
    )


def order_of(tx: Repositories, document: Document) -> Document | None:
    return tx.documents.load(document.approved_by) if document.approved_by else None


def _case_title(tx: Repositories, desk: Desk) -> str:
    document, actor, around = desk.document, desk.actor, desk.around
    sees = any(actor.holds(role, around.organisation.id, around.today) for role in READERS)
    if not document.lines or not sees:
        return ""
    case = tx.cases.load(document.lines[0].case_id)
    if case.kind == ASSIGNMENT:
        return _pair_title(tx, case.id, around.today)
    return f"{case.title}, {case.school_year}"


def _pair_title(tx: Repositories, case_id: UUID, today: date) -> str:
    """«Зотова Н. Л. — Голубева Д. М.», the mentees alone while nobody mentors."""
    pair = tx.pairs.load(case_id)
    life = life_of(pair, today)
    mentor = pair.proposed if is_pending(pair, life) else life.mentor
    mentees = life.mentees or pair.mentees
    names = people_named(tx, [*mentees, *([mentor] if mentor else [])])
    people = ", ".join(names[one] for one in mentees)
    return f"{names[mentor]} — {people}" if mentor else people


def _has_copies(tx: Repositories, document: Document) -> bool:
    fixing = document.fixing
    return fixing is not None and tx.visual_copies.newest(document.id, fixing.sequence) is not None


def _related(services: Services, desk: Desk, document: Document) -> Related:
    types = services.packs.get(document.pack, document.pack_version).document_types
    kind = types[document.type_code]
    around = Circumstances(kind, desk.organisation, desk.around.now)
    return Related(
        document_id=document.id,
        named=document_named(document),
        state=state_of(document, kind, around.visa_roles),
        visible=may_see(document, desk.actor, around),
    )


def files_read_now(document: Document, order: Document | None) -> tuple[ManifestFile, ...]:
    """What is read now; once its order is fixed, an approved document is read as annexed to it."""
    if order is not None and order.fixing and order.fixing.manifest:
        annexed = order.fixing.manifest.files
        return tuple(f for f in annexed if f.document_id == document.id)
    return document.manifest.files if document.manifest else ()


def file_lines(files: Sequence[ManifestFile]) -> tuple[FileLine, ...]:
    return tuple(
        FileLine(place, file.name, file.pages, bool(file.docx), is_annex=place > 0)
        for place, file in enumerate(files)
    )


def _problems(desk: Desk) -> tuple[FactProblem, ...]:
    if desk.document.existing or desk.state not in BEING_PREPARED:
        return ()
    return check_facts(desk.kind.fields, desk.document.facts)


def _is_assembling(desk: Desk, problems: tuple[FactProblem, ...]) -> bool:
    document = desk.document
    if document.existing or _failure(document):
        return False
    if desk.state is DocumentState.FIXING:
        return True
    return desk.state in BEING_PREPARED and not problems and document.revision.draft is None


def _failure(document: Document) -> Refusal | None:
    if document.existing:
        return None
    if document.fixing is not None:
        return document.fixing.failure
    return document.revision.failure


def _facts(tx: Repositories, desk: Desk) -> tuple[FactLine, ...]:
    document, fields = desk.document, desk.kind.fields
    if not document.revisions:
        return ()
    return fact_lines(fields, document.facts, names_in(tx, fields, [document.facts]))


def _waits(tx: Repositories, desk: Desk) -> tuple[Waits, ...]:
    steps = [
        OpenStep.of(step, place_of(step, desk.around))
        for step in open_steps(desk.document, desk.kind, desk.around.visa_roles)
    ]
    return who_waits(tx, {desk.document.id: steps}, desk.actor, desk.around.today)[desk.document.id]


def _revisions(document: Document, happened: Sequence[Happening]) -> tuple[RevisionLine, ...]:
    begun = {h.revision: h.who for h in happened if h.key == "revision"}
    return tuple(
        RevisionLine(
            number=revision.number,
            at=revision.created_at,
            by=begun.get(revision.number, ""),
            has_files=revision.draft is not None,
            current=revision.number == document.revision.number,
        )
        for revision in reversed(document.revisions)
    )


def _returned(desk: Desk, happened: Sequence[Happening]) -> Happening | None:
    if desk.state is not DocumentState.REWORK:
        return None
    before = desk.document.revision.number - 1
    returns = [h for h in happened if h.key == "returned" and h.revision == before]
    return returns[0] if returns else None


def changes_since_review(tx: Repositories, desk: Desk) -> Changes | None:
    """Compare with the last revision that somebody had looked at; None when there is none."""
    document, fields = desk.document, desk.kind.fields
    old = last_reviewed(document) if document.revisions else None
    if old is None:
        return None
    new = document.revision
    names = names_in(tx, fields, [old.facts, new.facts])
    changed = changed_fields(
        fact_lines(fields, old.facts, names), fact_lines(fields, new.facts, names)
    )
    annexes = changed_annexes(old.draft, new.draft)
    texts = [draft.content[:1] for draft in (old.draft, new.draft) if draft]
    moved = len(set(texts)) > 1 and not changed and not annexes
    return Changes(old.number, changed, annexes, moved)


def _register(tx: Repositories, document: Document) -> str:
    fixing = document.fixing
    if fixing is None or fixing.entry_id is None:
        return ""
    return tx.registers.load(tx.entries.load(fixing.entry_id).register_id).title


def _terms(tx: Repositories, services: Services, desk: Desk) -> tuple[Term, ...]:
    codes = {desk.kind.code, *desk.kind.approves}
    if desk.kind.case_kind == ASSIGNMENT:
        found = tx.obligations.of_cases([line.case_id for line in desk.document.lines])
        owed = tuple(one for some in found.values() for one in some)
    else:
        owed = tx.obligations.of_debtor(desk.organisation.id, limit=MOST_OWED).items
    mine = [o for o in owed if o.type_code in codes]
    return tuple(terms_of(tx, services, mine).values())
