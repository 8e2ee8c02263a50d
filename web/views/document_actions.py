"""What may be done with a document where it stands, and which of it comes next."""

from __future__ import annotations

from flask import url_for

from web.buttons import Action, button
from web.components import NextStep
from web.current import _, surroundings
from web.views.document_words import term_phrase, waits_for
from workflow.domain.refusals import N_
from workflow.domain.regulations import Origin, Verb
from workflow.domain.routes import DocumentState
from workflow.queries.document_page import BEING_PREPARED, DocumentPage
from workflow.queries.pair_changes import PETITION
from workflow.queries.terms import UNMET, soonest

CHANGE = N_("Change the facts")
FILL_IN = N_("Fill in the facts")
AGAIN = N_("Assemble once more")
SEND = N_("Send to be agreed")
FINISH = N_("Finish the preparation")
AGREE = N_("To do: agree")
AGREE_WITH_REMARKS = N_("Agree with remarks")
RETURN = N_("Return for rework")
MAKE_READY = N_("To do: give number and date")
SIGN = N_("Sign")
ON_PAPER = N_("Enter what was done on paper")
PRINT = N_("Print for signature")
SWITCH = N_("Sign on paper instead")
SCANS = N_("Look at the scans of the signatures")
ACKNOWLEDGE = N_("To do: acknowledge")
DELIVER = N_("To do: send")
RESOLVE = N_("To do: decide")
RESOLVE_PETITION = N_("Resolve the petition")

_SIGNING = (DocumentState.TO_SIGN, DocumentState.SIGNATURE_RECEIVED)
_IN_FORCE = (DocumentState.IN_FORCE, DocumentState.AMENDED)

#: What the main action asks of the person, as the title of the next step.
_STEPS = {
    FILL_IN: N_("Fill in the facts of the document"),
    AGAIN: N_("Mend what is named above, or try once more"),
    SEND: N_("Look at the draft and send it to be agreed"),
    FINISH: N_("Look at the draft and finish the preparation"),
    AGREE: N_("Read the draft and agree it, or return it"),
    MAKE_READY: N_("Give the document its number and date"),
    SIGN: N_("Read the document and sign it"),
    ON_PAPER: N_("Print the document, have it signed with a pen and enter the scan"),
    ACKNOWLEDGE: N_("Read the document and acknowledge it"),
    DELIVER: N_("Send the documents to the addressee"),
    RESOLVE: N_("Read what is asked for and write the resolution"),
    RESOLVE_PETITION: N_("Read the petition and write the resolution"),
}


def document_actions(shown: DocumentPage) -> tuple[Action, ...]:
    """Return the actions of the document's state; the first one is the main one."""
    state = shown.heading.state
    if state in BEING_PREPARED:
        return _of_draft(shown)
    if state is DocumentState.ON_APPROVAL:
        return _of_visas(shown)
    if state in (DocumentState.AGREED, DocumentState.FIXING):
        return _of_agreed(shown)
    if state in _SIGNING:
        return _of_signing(shown)
    return _of_in_force(shown) if state in _IN_FORCE else ()


def next_step(shown: DocumentPage, actions: tuple[Action, ...]) -> NextStep | None:
    """Return what the person is to do now, or whom the document waits for."""
    term = soonest(t for t in shown.terms if t.state in UNMET)
    deadline = term_phrase(term) if term else None
    main = next((a for a in actions if a.main and a.refusal is None), None)
    if main is not None:
        pressed = button(main, surroundings().words)
        return NextStep(_(_STEPS[main.label]), "", deadline, pressed)
    text = waits_for(shown.waits)
    if text:
        return NextStep(text, deadline=deadline)
    if shown.kind.origin is Origin.APPROVED and shown.heading.state is DocumentState.AGREED:
        return NextStep(
            _(N_("Waits for the order that approves it")),
            shown.order.named if shown.order else _(N_("Name the document in the order.")),
            deadline,
        )
    return None


def _address(endpoint: str, shown: DocumentPage) -> str:
    return url_for(endpoint, document_id=shown.heading.document_id)


def _of_draft(shown: DocumentPage) -> tuple[Action, ...]:
    facts = _address("facts.page", shown)
    if shown.problems:
        return (Action(FILL_IN, facts, shown.answers.edit, opens=True, main=True),)
    if shown.failure:
        again = Action(AGAIN, _address("documents.assemble", shown), shown.answers.edit, main=True)
        return (again, Action(CHANGE, facts, shown.answers.edit, opens=True))
    send = Action(
        SEND if shown.visas else FINISH,
        _address("documents.submit", shown),
        shown.answers.submit,
        main=True,
    )
    return (send, Action(CHANGE, facts, shown.answers.edit, opens=True))


def _of_visas(shown: DocumentPage) -> tuple[Action, ...]:
    address = url_for("visas.agree", document_id=shown.heading.document_id, seen=shown.seen)
    agree = Action(AGREE, address, shown.answers.agree, main=True)
    if shown.answers.agree is not None:
        return (agree, _return(shown))
    remarks = Action(AGREE_WITH_REMARKS, _address("visas.remarks_page", shown), opens=True)
    return (agree, remarks, _return(shown))


def _return(shown: DocumentPage) -> Action:
    return Action(RETURN, _address("visas.return_page", shown), shown.answers.return_, opens=True)


def _of_agreed(shown: DocumentPage) -> tuple[Action, ...]:
    if shown.kind.origin is Origin.APPROVED or shown.heading.state is DocumentState.FIXING:
        return (_return(shown),)
    address = _address("signing.fix_page", shown)
    return (
        Action(MAKE_READY, address, shown.answers.fix, opens=True, main=True),
        _return(shown),
    )


def _of_signing(shown: DocumentPage) -> tuple[Action, ...]:
    if shown.kind.origin is Origin.APPROVED:
        return ()  # it is signed and returned with its order
    actions = [
        Action(
            SIGN, _address("signing.sign_page", shown), shown.answers.sign, opens=True, main=True
        )
    ]
    if shown.answers.sign is not None and shown.answers.sign.code == "sign.another_day":
        address = _address("signing.fix_page", shown)
        actions.append(Action(N_("To do: renew the date"), address, shown.answers.fix, opens=True))
    sign = shown.answers.sign
    if shown.heading.on_paper and sign and sign.code != "sign.on_paper":
        actions = actions[1:]  # the button would only puzzle those who sign nothing
    return (*_of_paper(shown), *actions, _return(shown))


def _of_paper(shown: DocumentPage) -> tuple[Action, ...]:
    """Print, and enter what was signed with a pen; or switch to paper while nobody has signed."""
    paper = _address("signing.paper_page", shown)
    if shown.heading.on_paper:
        to_print = Action(PRINT, _address("signing.print", shown), opens=True)
        if shown.answers.enter_paper is not None:
            return (to_print,)
        return (Action(ON_PAPER, paper, opens=True, main=True), to_print)
    if shown.answers.put_on_paper is not None:
        return ()
    return (Action(SWITCH, paper, opens=True),)


def _of_in_force(shown: DocumentPage) -> tuple[Action, ...]:
    actions = []
    waits = {one.verb for one in shown.waits}
    if Verb.RESOLVE in waits:
        label = RESOLVE_PETITION if shown.kind.code == PETITION else RESOLVE
        address = _address("pairs.resolution_page", shown)
        actions.append(Action(label, address, shown.answers.resolve, opens=True, main=True))
    to_send = Verb.DELIVER in waits
    if to_send:
        address = _address("delivery.page", shown)
        actions.append(Action(DELIVER, address, shown.answers.deliver, opens=True, main=True))
    if any(one.mine for one in shown.waits if one.verb is Verb.ACKNOWLEDGE):
        address = _address("signing.acknowledge_page", shown)
        refusal = shown.answers.acknowledge
        actions.append(Action(ACKNOWLEDGE, address, refusal, opens=True, main=not to_send))
    if Verb.ACKNOWLEDGE in waits and shown.answers.enter_paper is None:
        sheet = _address("signing.acknowledgement_sheet", shown)
        actions.append(Action(ON_PAPER, sheet, opens=True))
    if shown.signed_with_ink:
        actions.append(Action(SCANS, _address("signing.paper_page", shown), opens=True))
    return tuple(actions)
