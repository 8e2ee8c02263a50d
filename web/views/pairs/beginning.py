"""Documents of a pair are begun: a paper, an order on several pairs, what a change asks for."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from flask import (
    Response,
    abort,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.wrappers import Response as AnyResponse

from web.access import needs
from web.actor import current_actor
from web.buttons import Action
from web.current import _, services, surroundings
from web.errors import unless_refused
from web.refusals import tell
from web.views.document_words import state_tag, tied, waits_for
from web.views.pairs.blueprint import WORKERS, crumbs, pages
from web.views.pairs.items import Item, pressed
from web.views.pairs.words import pair_name, period
from workflow.domain.documents import Document
from workflow.domain.facts import check_facts
from workflow.domain.refusals import N_, Refusal
from workflow.domain.regulations import DocumentType, PairEffect
from workflow.queries.pair_changes import ChangeAction, ChangeAsked, PairChanges, pair_changes
from workflow.queries.pair_forms import OrderChoice, OrderForm, order_form
from workflow.queries.pair_page import pair_page
from workflow.usecases.pairs.orders import start_order
from workflow.usecases.prepare import save_facts, start_document

PREPARE_ORDER = N_("Prepare the order")
CHANGES = N_("Something has changed")


@pages.post("/pairs/<uuid:case_id>/documents/<code>")
@needs(*WORKERS)
def begin(case_id: UUID, code: str) -> AnyResponse:
    """Begin a paper of the pair, of the person named in the address, and lead to its facts."""
    work, actor = services().work, current_actor()
    shown = pair_page(work, actor, case_id)  # for these eyes only
    named = {str(one): one for one in shown.names}
    person = named.get(request.args.get("person", ""))
    document = unless_refused(start_document(work, actor, case_id, code, person))
    facts = _of_person(document, str(person or ""))
    _assemble(document, facts)
    return redirect(url_for("facts.page", document_id=document.id), code=303)


def _of_person(document: Document, person: str) -> Mapping[str, object]:
    """The facts with the person whose paper it is, where the type has such a field."""
    kind = _kind(document)
    own = next((k for k in ("mentee", "person", "mentor") if kind.field(k) is not None), None)
    if not person or own is None:
        return document.facts
    return {**document.facts, own: person}


def _assemble(document: Document, facts: Mapping[str, object]) -> None:
    """Keep what is known already; when that is everything, the draft is made at once."""
    if facts == document.facts and check_facts(_kind(document).fields, facts):
        return
    unless_refused(save_facts(services().work, current_actor(), document.id, facts))


def _kind(document: Document) -> DocumentType:
    regulation = services().work.packs.get(document.pack, document.pack_version)
    return regulation.document_types[document.type_code]


@pages.get("/pairs/<uuid:case_id>/orders/<effect>")
@needs(*WORKERS)
def order_page(case_id: UUID, effect: str) -> Response:
    """Ask which pairs the order shall name."""
    return _order_page(_order_form(case_id, effect), {str(case_id)})


@pages.post("/pairs/<uuid:case_id>/orders/<effect>")
@needs(*WORKERS)
def order_begin(case_id: UUID, effect: str) -> AnyResponse:
    """Begin the order with the pairs that were chosen."""
    work, actor = services().work, current_actor()
    shown = _order_form(case_id, effect)
    chosen = set(request.form.getlist("pairs"))
    wanted = [one.case_id for one in shown.choices if str(one.case_id) in chosen]
    order = start_order(work, actor, wanted, shown.kind.code)
    if isinstance(order, Refusal):
        return _order_page(shown, chosen, order)
    _assemble(order, order.facts)
    return redirect(url_for("facts.page", document_id=order.id), code=303)


def _order_form(case_id: UUID, effect: str) -> OrderForm:
    if effect not in set(PairEffect):
        abort(404)
    return order_form(services().work, current_actor(), case_id, PairEffect(effect))


def _order_page(shown: OrderForm, chosen: set[str], refusal: Refusal | None = None) -> Response:
    told = refusal or shown.refusal
    name = next((_named(one) for one in shown.choices if one.case_id == shown.chosen), "")
    page = render_template(
        "pairs/order.html",
        shown=shown,
        crumbs=crumbs(shown.chosen, name or _(N_("Pair")), _(PREPARE_ORDER)),
        choices=[_choice(one) for one in shown.choices],
        chosen=chosen,
        refused=tell(told, surroundings().words) if told else None,
        article=tied(shown.kind.article),
    )
    return make_response(page, 409 if refusal else 200)


def _named(one: OrderChoice) -> str:
    return pair_name(one.mentees, one.mentor)


def _choice(one: OrderChoice) -> tuple[str, str, str]:
    """Key, words and small print of a pair that may be chosen."""
    missing = ", ".join(f"{line.title.lower()} ({line.person})" for line in one.missing)
    note = _(N_("Missing: {what}"), what=missing) if missing else _(N_("All papers are there"))
    return str(one.case_id), f"{_named(one)}, {period(one.since, one.until)}", note


_ASKED: Mapping[ChangeAsked, tuple[str, str]] = {
    ChangeAsked.RESIGNS: (
        N_("The mentor lays the duties down"),
        N_("No reason is needed and nobody may refuse; the clerk may prepare the statement."),
    ),
    ChangeAsked.CANCELS: (
        N_("The head cancels the assignment"),
        N_("The mentor is warned in advance; the term counts from the day of handing over."),
    ),
    ChangeAsked.PETITIONS: (
        N_("The mentee asks for another mentor"),
        N_("The head resolves the petition: grants it, denies it, or has both sides heard."),
    ),
    ChangeAsked.REPRESENTS: (
        N_("The curator proposes to end or replace"),
        N_("The curator names what was not done; the head decides."),
    ),
    ChangeAsked.CHANGES_TERM: (
        N_("Mentor and mentees agree on another term or plan"),
        N_("Both sides sign the change sheet; the order on the term follows."),
    ),
    ChangeAsked.EXTENDS: (
        N_("Order on another term"),
        N_("It rests on the change sheet that both sides have signed."),
    ),
    ChangeAsked.REPLACES: (
        N_("Replace the mentor, or end the mentoring"),
        N_("For another mentor: propose one first and get the papers."),
    ),
    ChangeAsked.CORRECTS: (
        N_("Mend a mistake in the order"),
        N_(
            "A signed order is not edited: another order amends its words. Term, mentor and terms"
            " of papers stay as they are: they are changed by the orders on another term and on"
            " replacement; a line that should not be there is cancelled."
        ),
    ),
    ChangeAsked.CANCELS_ORDER: (
        N_("Cancel the order, or the line of this pair"),
        N_("The other pairs of the order are not touched."),
    ),
}


@pages.get("/pairs/<uuid:case_id>/changes")
@needs(*WORKERS)
def changes(case_id: UUID) -> str:
    """Ask what has happened; each answer has its document."""
    shown = pair_changes(services().work, current_actor(), case_id)
    name = pair_name(shown.mentees, shown.mentor)
    return render_template(
        "pairs/changes.html",
        shown=shown,
        name=name,
        crumbs=crumbs(case_id, name, _(CHANGES)),
        over=tell(shown.over, surroundings().words) if shown.over else None,
        items=[_change(shown, action) for action in shown.actions],
    )


def _change(shown: PairChanges, action: ChangeAction) -> Item:
    title, text = _ASKED[action.asked]
    url = url_for("pairs.begin", case_id=shown.case_id, code=action.kind.code)
    act = Action(N_("Prepare the paper"), url, action.refusal)
    if action.document is not None:
        open_url = url_for("documents.page", document_id=action.document.document_id)
        act = Action(N_("Look at the document"), open_url, opens=True)
    notes = [_(text)]
    if action.document is not None and action.document.waits:
        notes.append(waits_for(action.document.waits))
    return Item(
        title=_(title),
        tag=state_tag(action.document.state) if action.document else None,
        notes=tuple(notes),
        article=" · ".join(part for part in (action.kind.title, tied(action.kind.article)) if part),
        buttons=(pressed(act),),
    )
