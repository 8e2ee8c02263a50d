"""After a return: a new covering letter over the same package, for the clerk to look through."""

from __future__ import annotations

from uuid import UUID

from workflow.domain.documents import Document
from workflow.domain.mandates import Actor
from workflow.domain.refusals import N_, Refusal
from workflow.domain.submissions import SubmissionState
from workflow.usecases import desk as desks
from workflow.usecases.prepare import save_facts, start_document
from workflow.usecases.services import Services


def send_again(services: Services, actor: Actor, letter_id: UUID) -> Document | Refusal:
    """Begin a new letter with what the returned one said; it gets a number and date of its own.

    The answered submission stays as it is: the first arrival still decides "in time".
    """
    with services.uow.reading() as tx:
        desk = desks.lay(tx, services, actor, letter_id)
        sent = [s for s in tx.submissions.of_document(letter_id) if s.letter_id == letter_id]
    if not sent or sent[-1].state is not SubmissionState.RETURNED or not desk.document.lines:
        return Refusal(
            "deliver.not_returned",
            N_("The package was not returned, so there is nothing to send again."),
            N_("Wait for the answer of the office."),
        )
    case_id = desk.document.lines[0].case_id
    letter = start_document(services, actor, case_id, desk.document.type_code)
    if isinstance(letter, Refusal):
        return letter
    facts = {**letter.facts, **desk.document.facts}
    saved = save_facts(services, actor, letter.id, facts)
    return saved if isinstance(saved, Refusal) else saved.document
