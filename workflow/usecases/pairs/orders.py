"""Orders on several pairs: begun for those that are chosen, line by line changed before signing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from workflow.domain.documents import Document, Line
from workflow.domain.mandates import Actor
from workflow.domain.permissions import may_edit
from workflow.domain.refusals import N_, Refusal
from workflow.domain.routes import DocumentState
from workflow.store.tables.cases import cases
from workflow.store.unit_of_work import Lock, Transaction
from workflow.usecases import desk as desks
from workflow.usecases import render
from workflow.usecases.desk import Desk
from workflow.usecases.errors import NotFoundError
from workflow.usecases.pairs.lines import fill_lines, has_lines
from workflow.usecases.pairs.parties import head_is_a_party
from workflow.usecases.prepare import start_for_cases
from workflow.usecases.render import Effect
from workflow.usecases.services import Services

MOST_LINES = 50


def start_order(
    services: Services, actor: Actor, case_ids: Sequence[UUID], type_code: str
) -> Document | Refusal:
    """Begin an order with a line for each of these pairs of one organisation."""
    if not case_ids:
        return Refusal(
            "order.no_pairs", N_("No pair is chosen."), N_("Choose the pairs for the order.")
        )
    if len(set(case_ids)) > MOST_LINES:
        return Refusal(
            "order.too_many",
            N_("An order takes at most {most} pairs."),
            N_("Make several orders."),
            {"most": MOST_LINES},
        )
    return start_for_cases(services, actor, case_ids, type_code)


def take_line_out(
    services: Services, actor: Actor, document_id: UUID, case_id: UUID
) -> Document | Refusal:
    """Take a pair out of an order that is still being written: the others do not wait for it."""

    def without(lines: tuple[Line, ...]) -> tuple[Line, ...] | Refusal:
        kept = tuple(line for line in lines if line.case_id != case_id)
        if len(kept) == len(lines):
            return Refusal("order.line_gone", N_("The pair is not in the order any more."))
        if not kept:
            return Refusal(
                "order.last_line",
                N_("It is the only pair of the order."),
                N_("Leave the order a draft until the pair is ready."),
            )
        return kept

    return _change_lines(services, actor, document_id, without, ())


def put_line_in(
    services: Services, actor: Actor, document_id: UUID, case_id: UUID
) -> Document | Refusal:
    """Put another pair of the same organisation into an order that is still being written."""

    def with_it(lines: tuple[Line, ...]) -> tuple[Line, ...] | Refusal:
        if any(line.case_id == case_id for line in lines):
            return Refusal("order.line_twice", N_("The pair is in the order already."))
        if len(lines) >= MOST_LINES:
            return Refusal(
                "order.too_many",
                N_("An order takes at most {most} pairs."),
                N_("Make several orders."),
                {"most": MOST_LINES},
            )
        return (*lines, Line(case_id))

    return _change_lines(services, actor, document_id, with_it, (case_id,))


def refresh_lines(services: Services, actor: Actor, document_id: UUID) -> Document | Refusal:
    """Take the rows of an order from its pairs anew."""
    return _change_lines(services, actor, document_id, lambda lines: lines, ())


def _change_lines(
    services: Services,
    actor: Actor,
    document_id: UUID,
    change: Callable[[tuple[Line, ...]], tuple[Line, ...] | Refusal],
    more: Sequence[UUID],
) -> Document | Refusal:
    with services.uow() as tx:
        tx.lock(Lock.CASE, cases, {*tx.documents.case_ids(document_id), *more})
        desk = desks.lay(tx, services, actor, document_id)
        if not has_lines(desk.kind):
            raise NotFoundError(f"document {document_id} has no lines")
        refusal = may_edit(desk.document, desk.actor, desk.around) or _same_place(tx, desk, more)
        if refusal:
            return refusal
        lines = change(desk.document.lines)
        if isinstance(lines, Refusal):
            return lines
        document = write_lines(tx, services, desk, lines)
        tx.audit.add(
            desk.organisation.id,
            "order.lines_changed",
            {"document": str(document.id), "lines": len(lines)},
        )
        tx.commit()
        return document


def _same_place(tx: Transaction, desk: Desk, more: Sequence[UUID]) -> Refusal | None:
    """A pair of another organisation, or of another text of the regulation, stays out."""
    for case in tx.cases.load_many(more).values():
        if case.organisation_id != desk.organisation.id or not tx.pairs.find([case.id]):
            raise NotFoundError(f"case {case.id}")
        if case.pack_version != desk.document.pack_version:
            return Refusal(
                "document.several_texts",
                N_("The pairs were begun by different versions of the regulation."),
                N_("Make one order for the pairs of each version."),
            )
    return None


def write_lines(
    tx: Transaction, services: Services, desk: Desk, lines: tuple[Line, ...]
) -> Document:
    """Write the order with these lines and what they say now; its draft is made anew."""
    document = replace(desk.document, lines=lines)
    regulation = services.packs.get(document.pack, document.pack_version)
    facts = fill_lines(
        tx, services, document, desk.kind, regulation, desk.organisation, document.facts
    )
    if facts == dict(desk.document.facts) and lines == desk.document.lines:
        return desk.document
    revision = replace(document.revision, facts=facts, draft=None, failure=None)
    by_founder = head_is_a_party(tx, services, desk.kind, desk.organisation, facts)
    document = replace(document.with_revision(revision), by_founder=by_founder)
    document = desks.save(tx, desk, document)
    render.ask(tx, document)
    return document


def refresh_order(services: Services, payload: Any) -> Effect:
    """Take the rows of a draft order anew from its pairs (a job; see `refreshing`)."""
    document_id = UUID(payload["document"])

    def effect(tx: Transaction) -> None:
        desks.lock_cases(tx, document_id)
        document = tx.documents.load(document_id)
        actor = desks.actor_of(tx, document.created_by)
        desk = desks.lay_for_system(tx, services, document, actor)
        if desk.state in (DocumentState.DRAFT, DocumentState.REWORK) and has_lines(desk.kind):
            write_lines(tx, services, desk, document.lines)

    return effect
