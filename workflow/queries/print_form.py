"""What is printed to be signed with a pen: the document with its sheet, or the sheet alone."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from workflow.domain.mandates import Actor
from workflow.domain.refusals import N_, Refusal
from workflow.domain.regulations import Verb
from workflow.domain.routes import is_done, steps_of
from workflow.ports import InkRow, PrintRequest
from workflow.store.unit_of_work import Repositories
from workflow.usecases import desk as desks
from workflow.usecases.desk import Desk
from workflow.usecases.errors import NotFoundError
from workflow.usecases.services import Services
from workflow.usecases.wording import document_named


@dataclass(frozen=True)
class Printed:
    """A PDF to print, and what its file is called (without ending)."""

    name: str
    content: bytes


def print_form(services: Services, actor: Actor, document_id: UUID) -> Printed | Refusal:
    """Return the fixed files with the acknowledgement sheet behind them, where one is needed.

    For those who work in the organisation; NotFoundError for all others.
    """
    with services.uow.reading() as tx:
        desk = _desk(tx, services, actor, document_id)
        people = missing_people(tx, desk)
    fixing = desk.document.fixing
    if fixing is None or fixing.manifest is None:
        return Refusal(
            "print.not_fixed",
            N_("The document has not been made ready for signature."),
            N_("Give it number and date first; then it can be printed."),
        )
    files = tuple(services.blobs.get(file.pdf) for file in fixing.manifest.files)
    return _made(services, PrintRequest(document_named(desk.document), files, people))


def print_sheet(services: Services, actor: Actor, document_id: UUID) -> Printed | Refusal:
    """Return a sheet for those alone who have not acknowledged the document yet."""
    with services.uow.reading() as tx:
        desk = _desk(tx, services, actor, document_id)
        people = missing_people(tx, desk)
    if not people:
        return Refusal(
            "print.nobody",
            N_("Everybody who is named has acknowledged the document."),
        )
    return _made(services, PrintRequest(document_named(desk.document), (), people))


def _desk(tx: Repositories, services: Services, actor: Actor, document_id: UUID) -> Desk:
    desk = desks.lay(tx, services, actor, document_id)
    if not desk.actor.works_in(desk.organisation.id, desk.around.today):
        raise NotFoundError(f"{document_id} is not printed for {actor.person_id}")
    return desk


def _made(services: Services, request: PrintRequest) -> Printed | Refusal:
    made = services.visual_copies.print_form(request)
    if isinstance(made, Refusal):
        return made
    return Printed(request.document, made)


def missing_people(tx: Repositories, desk: Desk) -> tuple[InkRow, ...]:
    """Those named in the document who have not acknowledged it yet, as the sheet prints them."""
    steps = steps_of(desk.document, desk.kind, desk.around.visa_roles)
    waiting = [
        step.employment_id
        for step in steps
        if step.verb is Verb.ACKNOWLEDGE
        and step.employment_id is not None
        and not is_done(desk.document, step)
    ]
    posts = tx.employments.load_many(waiting)
    people = tx.people.load_many([post.person_id for post in posts.values()])
    return tuple(InkRow(people[post.person_id].last_initials, post.post) for post in posts.values())
