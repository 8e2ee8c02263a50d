"""Before the order: the mentor with the checks, the papers, the order itself."""

from __future__ import annotations

from flask import url_for

from web.buttons import Action, Button
from web.current import _
from web.views.document_words import numbered, state_tag, tied, waits_for
from web.views.pairs.items import Item, ItemGroup, document_url, prepare_action, pressed
from web.views.pairs.words import (
    check_note,
    check_tag,
    check_words,
    paper_tag,
    period,
)
from workflow.domain.matching import EXPERIENCE, NEWLY_BEGUN, Check, Outcome
from workflow.domain.refusals import N_
from workflow.domain.regulations import DocumentType, PairEffect
from workflow.domain.staff_cards import CardPart
from workflow.queries.case_page import DocumentLine
from workflow.queries.pair_page import PairPage
from workflow.queries.pair_papers import PaperLine, PaperState

PROPOSE = N_("Propose a mentor")
PROPOSE_OTHER = N_("Propose another mentor")
PROPOSE_ANOTHER = N_("Change mentor or term")
ENTER_YEARS = N_("Enter the experience")
GIVE_REASON = N_("Give the reason")
NOTE_CLAUSE = N_("The contract holds the terms already")
PREPARE_ORDER = N_("Prepare the order")


def propose_action(shown: PairPage, main: bool = False) -> Action:
    """Propose a mentor, or another one, or other days."""
    label = PROPOSE if shown.life.mentor is None else PROPOSE_OTHER
    label = PROPOSE_ANOTHER if shown.pending else label
    url = url_for("pairs.mentor_page", case_id=shown.pair.id)
    return Action(label, url, shown.answers.propose, opens=True, main=main)


def mentor_group(shown: PairPage) -> ItemGroup:
    """Who is proposed, and how each rule of the regulation stands."""
    proposal = shown.pair.proposal if shown.pending else None
    buttons = [pressed(propose_action(shown))] if not shown.life.is_over else []
    if proposal is None:
        mentor = shown.life.mentor
        note = f"{shown.names[mentor]}, {shown.posts[mentor]}" if mentor else ""
        note = note or _(N_("Nobody is proposed yet."))
        return ItemGroup("mentor", _(N_("The mentor")), (), note, buttons=tuple(buttons))
    if shown.answers.propose is None:
        withdraw = url_for("pairs.withdraw_page", case_id=shown.pair.id)
        buttons.append(pressed(Action(N_("Withdraw the proposal"), withdraw, opens=True)))
    name, post = shown.names[proposal.mentor], shown.posts[proposal.mentor]
    note = f"{name}, {post}. {period(proposal.since, proposal.until)}"
    if proposal.note:
        note += f". {proposal.note}"
    items = tuple(_check_item(shown, check) for check in shown.checks)
    title = _(N_("The mentor who is proposed"))
    return ItemGroup("mentor", title, items, note, buttons=tuple(buttons))


def _check_item(shown: PairPage, check: Check) -> Item:
    return Item(
        title=check_words(check),
        tag=check_tag(check),
        notes=(check_note(check),) if check_note(check) else (),
        article=tied(check.article),
        buttons=check_buttons(shown, check),
    )


def check_buttons(shown: PairPage, check: Check, main: bool = False) -> tuple[Button, ...]:
    """Where the head may pass over a soft check with a reason, or years are to be entered."""
    if check.outcome is Outcome.UNKNOWN:
        return _card_buttons(shown, check, main)
    if not check.soft or check.outcome is not Outcome.NOT_MET:
        return ()
    url = url_for("pairs.reason_page", case_id=shown.pair.id, check=check.key)
    return (pressed(Action(GIVE_REASON, url, shown.answers.decide, opens=True, main=main)),)


def _card_buttons(shown: PairPage, check: Check, main: bool) -> tuple[Button, ...]:
    """Lead to the cards that lack the years: of the mentor, or of each mentee."""
    proposal = shown.pair.proposal
    about = {EXPERIENCE: (proposal.mentor,) if proposal else (), NEWLY_BEGUN: shown.pair.mentees}
    return tuple(
        pressed(
            Action(
                ENTER_YEARS,
                url_for("staff.card_part", employment_id=worker, part=CardPart.EXPERIENCE.value),
                shown.answers.keep_cards,
                opens=True,
                main=main and number == 0,
            )
        )
        for number, worker in enumerate(about.get(check.key, ()))
    )


def paper_group(shown: PairPage) -> ItemGroup | None:
    """The papers without which the order cannot be signed."""
    if not shown.papers:
        return None
    items = tuple(paper_item(shown, line) for line in shown.papers)
    return ItemGroup("papers", _(N_("Papers before the order")), items)


def paper_item(shown: PairPage, line: PaperLine) -> Item:
    document = line.document
    notes = []
    if document is not None and line.state is not PaperState.CLAUSE:
        state = state_tag(document.state).label
        said = (state if state != paper_tag(line.state).label else "", waits_for(document.waits))
        notes += [" · ".join(part for part in said if part)] if any(said) else []
    if line.state is PaperState.CLAUSE:
        notes.append(shown.pair.clause)
    return Item(
        title=f"{line.title}: {line.person}",
        tag=paper_tag(line.state),
        url=document_url(shown, document),
        notes=tuple(notes),
        article=tied(line.gate.article),
        buttons=paper_buttons(shown, line),
    )


def paper_buttons(shown: PairPage, line: PaperLine, main: bool = False) -> tuple[Button, ...]:
    """Begin the paper, or note that the contract holds the same."""
    actions = []
    if line.state in (PaperState.MISSING, PaperState.OTHER_TERMS):
        code = line.gate.type_code
        refusal = shown.paper_refusals[code]
        actions.append(prepare_action(shown, code, line.person_id, refusal, main))
    if line.may_be_clause:
        url = url_for("pairs.clause_page", case_id=shown.pair.id)
        actions.append(Action(NOTE_CLAUSE, url, shown.answers.note_clause, opens=True))
    return tuple(pressed(action) for action in actions)


def order_action(shown: PairPage, kind: DocumentType, main: bool = False) -> Action:
    """Lead to the choice of the pairs that the order names."""
    assert kind.turn is not None  # orders on pairs are those that turn them
    url = url_for("pairs.order_page", case_id=shown.pair.id, effect=kind.turn.value)
    return Action(PREPARE_ORDER, url, shown.answers.order, opens=True, main=main)


def order_group(shown: PairPage) -> ItemGroup:
    """The orders of the pair, and the one that is needed next."""
    items = [_order_item(shown, line) for line in shown.orders]
    buttons = []
    kind = shown.order_kind
    if shown.pending and shown.order is None and kind is not None:
        buttons.append(pressed(order_action(shown, kind)))
    if shown.pending and kind is not None and kind.turn is PairEffect.BEGIN:
        buttons += _early_start(shown)
    note = ""
    if shown.pair.early_start_reason:
        note = _(
            N_("The head has confirmed an early first day: {reason}"),
            reason=shown.pair.early_start_reason,
        )
    empty = _(N_("There is no order yet.")) if not items else ""
    title = _(N_("The order"))
    return ItemGroup("order", title, tuple(items), note, empty, tuple(buttons))


def _order_item(shown: PairPage, line: DocumentLine) -> Item:
    waits = waits_for(line.waits)
    number = numbered(line.number, line.dated)
    return Item(
        title=f"{line.title} {number}".strip(),
        tag=state_tag(line.state),
        url=document_url(shown, line),
        notes=(waits,) if waits else (),
    )


def _early_start(shown: PairPage) -> list[Button]:
    """Where the first day is past already, only the head can confirm it."""
    proposal = shown.pair.proposal
    if proposal is None or proposal.since >= shown.today or shown.pair.early_start_reason:
        return []
    url = url_for("pairs.early_page", case_id=shown.pair.id)
    label = N_("Confirm the early first day")
    return [pressed(Action(label, url, shown.answers.decide, opens=True))]
