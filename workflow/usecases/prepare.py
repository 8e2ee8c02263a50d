"""Begin a document, fill in its facts, send it on its way."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from workflow.domain.cases import Case
from workflow.domain.documents import Document, Line, Revision, Verdict
from workflow.domain.facts import FactProblem, check_facts, ids_in
from workflow.domain.mandates import Actor, holder_of
from workflow.domain.organisations import Organisation
from workflow.domain.permissions import (
    Circumstances,
    is_called,
    may_edit,
    may_prepare,
    may_submit,
)
from workflow.domain.refusals import N_, Refusal
from workflow.domain.regulations import DocumentType, FieldKind, Origin, Role, Verb
from workflow.domain.routes import Step, open_steps, steps_of
from workflow.domain.rules import CHOSEN_FROM_ROLE, chosen_from_role
from workflow.store.errors import MissingRowError
from workflow.store.tables.cases import cases
from workflow.store.unit_of_work import Lock, Repositories, Transaction
from workflow.usecases import desk as desks
from workflow.usecases import render
from workflow.usecases.desk import Desk
from workflow.usecases.errors import NotFoundError
from workflow.usecases.fix import fix_if_nobody_does
from workflow.usecases.originals import with_original
from workflow.usecases.pairs.answered import may_write_again
from workflow.usecases.pairs.lines import LINES, fill_lines, has_lines
from workflow.usecases.pairs.parties import head_is_a_party, parties_of
from workflow.usecases.pairs.signatory_basis import with_basis
from workflow.usecases.prefill import prefill
from workflow.usecases.services import Services
from workflow.usecases.unconfirmed import with_unconfirmed


@dataclass(frozen=True)
class Saved:
    """A document after its facts were saved; `problems` keep it from being assembled."""

    document: Document
    problems: tuple[FactProblem, ...]


def start_document(
    services: Services, actor: Actor, case_id: UUID, type_code: str, author: UUID | None = None
) -> Document | Refusal:
    """Begin a document of a case, filled with what is known.

    `author` is the employment of whoever's personal paper the clerk prepares.
    NotFoundError for a case that is not there or not of the actor's organisation, and for a type
    that the case's pack does not know.
    """
    return start_for_cases(services, actor, (case_id,), type_code, author)


def start_for_cases(
    services: Services,
    actor: Actor,
    case_ids: Sequence[UUID],
    type_code: str,
    author: UUID | None = None,
) -> Document | Refusal:
    """Begin a document that serves several cases of one organisation, a line for each.

    All of them must live by the same text of the regulation: the document is one.
    """
    wanted = list(dict.fromkeys(case_ids))
    with services.uow() as tx:
        try:
            tx.lock(Lock.CASE, cases, wanted)
        except MissingRowError as error:
            raise NotFoundError(f"case {wanted}") from error
        served = list(tx.cases.load_many(wanted).values())
        case = served[0]
        if {c.organisation_id for c in served} != {case.organisation_id}:
            raise NotFoundError(f"cases {wanted} are not of one organisation")
        organisation = tx.organisations.load(case.organisation_id)
        known = desks.actor_of(tx, actor.person_id)
        now = services.clock()
        if not known.works_in(organisation.id, organisation.local_day(now)):
            raise NotFoundError(f"case {case.id} is not for {actor.person_id}")
        regulation = services.packs.get(case.pack, case.pack_version)
        kind = regulation.document_types.get(type_code)
        if kind is None or kind.origin is Origin.EXISTING:
            raise NotFoundError(f"type {type_code} cannot be made in case {case.id}")
        parties = parties_of(tx, services, wanted, organisation)
        refusal = may_prepare(known, Circumstances(kind, organisation, now, parties=parties))
        refusal = refusal or _of_one_text(served, kind)
        refusal = refusal or may_write_again(tx, kind, wanted, known, organisation.local_day(now))
        if refusal:
            return refusal
        author = _author(kind, known, parties, author)
        facts = prefill(tx, services, regulation, kind, organisation, case.id, author)
        if author:
            facts = {**facts, kind.author_field: str(author)}
        document = _first_revision(services, kind, case, wanted, known, facts)
        document = _with_lines(tx, services, document, kind, organisation)
        document = with_original(tx, document, kind, organisation, organisation.local_day(now))
        state = desks.derived(document, kind, organisation)
        document = tx.documents.save(document, None, state)
        tx.audit.add(
            organisation.id, "document.begun", {"document": str(document.id), "type": type_code}
        )
        tx.commit()
        return document


def _first_revision(
    services: Services,
    kind: DocumentType,
    case: Case,
    case_ids: Sequence[UUID],
    actor: Actor,
    facts: Mapping[str, object],
) -> Document:
    """A document that was just begun, by the regulation of its case."""
    now = services.clock()
    return Document(
        id=services.new_id(),
        type_code=kind.code,
        organisation_id=case.organisation_id,
        pack=case.pack,
        pack_version=case.pack_version,
        title=kind.title,
        created_at=now,
        created_by=actor.person_id,
        lines=tuple(Line(one) for one in case_ids),
        revisions=(Revision(number=1, facts=facts, created_at=now, created_by=actor.person_id),),
    )


def _author(
    kind: DocumentType,
    actor: Actor,
    parties: Mapping[str, frozenset[UUID]],
    named: UUID | None,
) -> UUID | None:
    """Whose personal paper it is: of those whom the pair names, the actor or who was named."""
    possible = parties.get(kind.author_field, frozenset())
    wanted = [e.id for e in actor.employments] + ([named] if named else [])
    return next((one for one in wanted if one in possible), None)


def _of_one_text(served: Sequence[Case], kind: DocumentType) -> Refusal | None:
    """Whether one document can serve all the cases."""
    if len(served) > 1 and not has_lines(kind):
        return Refusal(
            "document.one_case",
            N_("“{title}” is made for one pair."),
            N_("Begin it on the page of the pair."),
            {"title": kind.title},
        )
    if len({(case.pack, case.pack_version) for case in served}) > 1:
        return Refusal(
            "document.several_texts",
            N_("The pairs were begun by different versions of the regulation."),
            N_("Make one order for the pairs of each version."),
        )
    return None


def _with_lines(
    tx: Repositories,
    services: Services,
    document: Document,
    kind: DocumentType,
    organisation: Organisation,
) -> Document:
    """Write the rows of the pairs, and whether the founder acts for the employer."""
    regulation = services.packs.get(document.pack, document.pack_version)
    facts = fill_lines(tx, services, document, kind, regulation, organisation, document.facts)
    by_founder = head_is_a_party(tx, services, kind, organisation, facts)
    today = organisation.local_day(services.clock())
    facts = with_basis(tx, kind, organisation, facts, by_founder, today)
    revision = replace(document.revision, facts=facts)
    return replace(document.with_revision(revision), by_founder=by_founder)


def save_facts(
    services: Services,
    actor: Actor,
    document_id: UUID,
    facts: Mapping[str, object],
    section: Collection[str] = (),
) -> Saved | Refusal:
    """Keep what was filled in, complete or not; assemble the draft when it is complete.

    Nothing typed is ever lost: incomplete facts are kept too, with the list of problems. With
    `section` (keys of fields) only these are written, so that two people who fill in two pages of
    one form at the same moment both find their answers again.
    """
    with services.uow() as tx:
        desk = desks.lay_locked(tx, services, actor, document_id)
        refusal = may_edit(desk.document, desk.actor, desk.around)
        if refusal:
            return refusal
        known = {f.key for f in desk.kind.fields if f.asked}
        written = known.intersection(section) if section else known
        others = {k: v for k, v in desk.document.facts.items() if section and k not in written}
        kept = others | {key: value for key, value in facts.items() if key in written}
        kept = _kept_with_lines(tx, services, desk, kept)
        by_founder = head_is_a_party(tx, services, desk.kind, desk.organisation, kept)
        if by_founder != desk.document.by_founder:
            today = desk.around.today
            kept = with_basis(tx, desk.kind, desk.organisation, kept, by_founder, today)
        unchanged = kept == dict(desk.document.facts) and desk.document.revision.draft is not None
        problems = check_facts(desk.kind.fields, kept)
        problems += _foreign_people(tx, desk, kept) + _foreign_documents(tx, desk, kept)
        problems += _broken_rules(tx, services, desk, kept)
        if unchanged:
            return Saved(desk.document, problems)
        revision = replace(desk.document.revision, facts=kept, draft=None, failure=None)
        document = replace(desk.document.with_revision(revision), by_founder=by_founder)
        document = desks.save(tx, desk, document)
        document = _take_annexes(tx, services, desks.on_desk(desk, document))
        if not problems:
            render.ask(tx, document)
        tx.audit.add(
            desk.organisation.id,
            "document.facts_saved",
            {"document": str(document.id), "revision": revision.number},
        )
        tx.commit()
        return Saved(document, problems)


def _kept_with_lines(
    tx: Transaction, services: Services, desk: Desk, facts: Mapping[str, object]
) -> dict[str, object]:
    """The facts with the rows of the pairs as these stand now.

    What a person may add to a row is kept from the last revision.
    """
    if not has_lines(desk.kind):
        return dict(facts)
    document = desk.document
    regulation = services.packs.get(document.pack, document.pack_version)
    before = {LINES: document.facts.get(LINES, ())}
    return fill_lines(
        tx, services, document, desk.kind, regulation, desk.organisation, {**before, **facts}
    )


def _foreign_people(
    tx: Transaction, desk: Desk, facts: Mapping[str, object]
) -> tuple[FactProblem, ...]:
    """Only the organisation's own staff may be named in its documents."""
    staff = {str(e.id) for e in tx.employments.of_organisation(desk.organisation.id)}
    problems = []
    for spec in desk.kind.fields:
        if spec.kind not in ("person", "people") or not facts.get(spec.key):
            continue
        value = facts[spec.key]
        named = value if isinstance(value, tuple) else (value,)
        if any(str(one) not in staff for one in named):
            problems.append(
                FactProblem(
                    spec.key,
                    N_("“{label}” names somebody who does not work in your organisation."),
                    {"label": spec.label},
                )
            )
    return tuple(problems)


def _foreign_documents(
    tx: Transaction, desk: Desk, facts: Mapping[str, object]
) -> tuple[FactProblem, ...]:
    """A document approves and encloses documents of its own organisation alone."""
    problems = []
    for spec in desk.kind.fields:
        if spec.kind is not FieldKind.DOCUMENTS:
            continue
        named = set(ids_in(facts.get(spec.key)))
        found = tx.documents.load_many(list(named))
        own = {d.id for d in found.values() if d.organisation_id == desk.organisation.id}
        if named - own:
            problems.append(
                FactProblem(
                    spec.key,
                    N_("“{label}” names a document that is not one of your organisation."),
                    {"label": spec.label},
                )
            )
    return tuple(problems)


def _broken_rules(
    tx: Transaction, services: Services, desk: Desk, facts: Mapping[str, object]
) -> tuple[FactProblem, ...]:
    """What the pack's rules say against the facts; a soft rule gives way to a reason."""
    document = desk.document
    regulation = services.packs.get(document.pack, document.pack_version)
    problems = []
    for rule in regulation.rules:
        if rule.name != CHOSEN_FROM_ROLE or rule.params.get("type") != desk.kind.code:
            continue
        key = str(rule.params["field"])
        chosen = facts.get(key)
        if not chosen:
            continue
        role = Role(str(rule.params["role"]))
        holders = [
            str(m.employment_id)
            for m in tx.mandates.of_organisation(desk.organisation.id)
            if m.role is role and m.in_force(desk.around.today)
        ]
        reason = str(facts.get(f"{key}_reason") or "")
        refusal = chosen_from_role(rule, str(chosen), holders, reason)
        if refusal:
            problems.append(FactProblem(key, refusal.msgid, refusal.params))
    return tuple(problems)


#: The field of an order that names the documents it approves.
APPROVES = "approves"


def _take_annexes(tx: Transaction, services: Services, desk: Desk) -> Document:
    """Link the documents that the order approves to it, and let go of those it no longer does."""
    if not desk.kind.approves:
        return desk.document
    wanted = set(ids_in(desk.document.facts.get(APPROVES)))
    present = {a.document.id: a.document for a in desk.annexes}
    types = services.packs.get(desk.document.pack, desk.document.pack_version).document_types
    found = tx.documents.load_many(list(wanted - present.keys()))
    for annex in found.values():
        same_place = annex.organisation_id == desk.organisation.id
        if same_place and annex.type_code in desk.kind.approves and annex.approved_by is None:
            linked = replace(annex, approved_by=desk.document.id)
            state = desks.derived(linked, types[annex.type_code], desk.organisation)
            tx.documents.save(linked, annex, state)
    for annex_id in present.keys() - wanted:
        desks.save_annex(tx, services, desk, replace(present[annex_id], approved_by=None))
    return desk.document


def submit(services: Services, actor: Actor, document_id: UUID) -> Document | Refusal:
    """Send the draft to those who agree it.

    A visa that would be the preparer's own collapses into the preparation (consecutive steps of
    the same person are one). One of a deputy, council or union that the office does not have is
    passed over, and the route says so.
    """
    with services.uow() as tx:
        desk = with_unconfirmed(tx, services, desks.lay_locked(tx, services, actor, document_id))
        refusal = may_submit(desk.document, desk.actor, desk.around)
        if refusal:
            return refusal
        steps = steps_of(desk.document, desk.kind, desk.around.visa_roles)
        document = desk.document
        for step in (s for s in steps if s.verb is Verb.PREPARE):
            document = document.marked(desks.mark(services, desk, step, Verdict.DONE))
        for step in open_steps(document, desk.kind, desk.around.visa_roles):
            verdict = _visa_without_act(tx, desk, step)
            if verdict is not None:
                mark = desks.mark(services, desk, step, verdict)
                nobody = verdict is Verdict.VACANT
                document = document.marked(replace(mark, person_id=None) if nobody else mark)
        document = desks.save(tx, desk, document)
        document = fix_if_nobody_does(tx, services, desks.on_desk(desk, document))
        manifest = document.revision.draft
        tx.audit.add(
            desk.organisation.id,
            "document.submitted",
            {"document": str(document.id), "manifest": manifest.digest if manifest else None},
        )
        tx.commit()
        return document


#: Roles that a small office may be without; who agrees for it then is nobody.
_MAY_BE_MISSING = (Role.DEPUTY, Role.COUNCIL, Role.UNION)


def _visa_without_act(tx: Repositories, desk: Desk, step: Step) -> Verdict | None:
    """Whether a visa needs no act of its own: it is the preparer's, or nobody's."""
    if step.verb is not Verb.AGREE:
        return None
    if is_called(step.spec.who, step, desk.actor, desk.around):
        return Verdict.COLLAPSED
    role, place = step.spec.who.role, desk.organisation.id
    if step.employment_id is not None or role not in _MAY_BE_MISSING or step.spec.who.at != "own":
        return None
    mandates = tx.mandates.of_organisation(place)
    vacant = holder_of(mandates, role, place, desk.around.today) is None
    return Verdict.VACANT if vacant else None
