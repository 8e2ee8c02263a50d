"""The acknowledgement sheet of a document, and what a named person sees before confirming."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from workflow.domain.documents import Mark, Verdict
from workflow.domain.mandates import Actor
from workflow.domain.people import Employment, Person
from workflow.domain.permissions import may_acknowledge, may_enter_paper
from workflow.domain.refusals import Refusal
from workflow.domain.regulations import Verb
from workflow.domain.routes import Step, is_called_off, is_done, last_mark, open_steps, steps_of
from workflow.domain.simple_signatures import SIGNATURE_NEEDED
from workflow.queries.headings import FileCard, Heading, file_cards, heading_of
from workflow.store.unit_of_work import Repositories
from workflow.usecases import desk as desks
from workflow.usecases.acknowledge import unsigned_refusal
from workflow.usecases.desk import Desk
from workflow.usecases.errors import NotFoundError
from workflow.usecases.services import Services


@dataclass(frozen=True)
class SheetLine:
    """A named person: what the mark says (None: not asked yet), who entered it.

    `called_off`: not asked any more, the line of the order that named the person is cancelled.
    `scan` is the SHA-256 of the paper, where there is one.
    """

    employment_id: UUID
    name: str
    post: str
    mark: Mark | None
    entered_by: str
    is_waiting: bool
    called_off: bool = False

    @property
    def scan(self) -> str:
        on_paper = self.mark is not None and self.mark.entered_by is not None
        return self.mark.evidence if self.mark and on_paper else ""

    @property
    def statement(self) -> str:
        """The SHA-256 of the sealed statement, where a simple signature proves it."""
        signed = self.mark is not None and self.mark.verdict is Verdict.ACKNOWLEDGED
        return self.mark.evidence if self.mark and signed else ""


@dataclass(frozen=True)
class AcknowledgementSheet:
    """`refusal` says why the actor may not enter what was done on paper."""

    heading: Heading
    lines: tuple[SheetLine, ...]
    refusal: Refusal | None

    @property
    def done(self) -> int:
        """How many people need not be asked any more."""
        asked = (line.mark is not None or line.called_off for line in self.lines)
        waiting = (line.is_waiting for line in self.lines)
        return sum(was and not still for was, still in zip(asked, waiting, strict=True))

    def line(self, employment_id: UUID) -> SheetLine:
        """The line of an employment; NotFoundError for somebody who is not named."""
        found = [line for line in self.lines if line.employment_id == employment_id]
        if not found:
            raise NotFoundError(f"employment {employment_id} is not named")
        return found[0]


@dataclass(frozen=True)
class AcknowledgementPage:
    """`digest` goes with the confirmation; `mark` is the actor's own one, if it is there.

    `is_signed`: it is confirmed with a simple signature, on a page of its own.
    """

    heading: Heading
    files: tuple[FileCard, ...]
    digest: str
    refusal: Refusal | None
    mark: Mark | None
    is_signed: bool


def acknowledgement_sheet(
    services: Services, actor: Actor, document_id: UUID
) -> AcknowledgementSheet:
    """Return the sheet to those who work on documents of the organisation."""
    with services.uow.reading() as tx:
        desk = desks.lay(tx, services, actor, document_id)
        if not desk.actor.works_in(desk.organisation.id, desk.around.today):
            raise NotFoundError(f"the sheet of {document_id} is not for {actor.person_id}")
        return AcknowledgementSheet(
            heading=heading_of(desk),
            lines=_lines(tx, desk),
            refusal=may_enter_paper(desk.actor, desk.around),
        )


def acknowledgement_page(
    services: Services, actor: Actor, document_id: UUID
) -> AcknowledgementPage:
    """Return what is to be read and confirmed; NotFoundError when it is not for these eyes."""
    with services.uow.reading() as tx:
        desk = desks.lay(tx, services, actor, document_id)
        refusal = may_acknowledge(desk.document, desk.actor, desk.around)
        unsigned = None if refusal else unsigned_refusal(tx, desk)
    is_signed = unsigned is not None and unsigned.code == SIGNATURE_NEEDED
    manifest = desk.document.manifest
    own = [
        mark
        for step in _steps(desk)
        if step.employment_id and desk.actor.has_employment(step.employment_id)
        if (mark := last_mark(desk.document, step)) is not None
    ]
    return AcknowledgementPage(
        heading=heading_of(desk),
        files=file_cards(manifest),
        digest=manifest.digest if manifest else "",
        refusal=refusal or (None if is_signed else unsigned),
        mark=own[-1] if own else None,
        is_signed=is_signed,
    )


def scan_of(services: Services, actor: Actor, document_id: UUID, sha256: str) -> Heading:
    """Return whose paper a scan is; NotFoundError unless it belongs to a mark of the document."""
    with services.uow.reading() as tx:
        desk = desks.lay(tx, services, actor, document_id)
    marks = [m for m in desk.document.marks if m.entered_by and m.evidence == sha256]
    if not marks or not desk.actor.works_in(desk.organisation.id, desk.around.today):
        raise NotFoundError(f"no scan {sha256} of document {document_id}")
    return heading_of(desk)


def statement_of(services: Services, actor: Actor, document_id: UUID, sha256: str) -> Heading:
    """Return whose document a sealed acknowledgement is about.

    NotFoundError unless it is the actor's own, or they work on the organisation's documents.
    """
    with services.uow.reading() as tx:
        desk = desks.lay(tx, services, actor, document_id)
    for mark in desk.document.marks:
        if mark.verdict is not Verdict.ACKNOWLEDGED or mark.evidence != sha256 or not sha256:
            continue
        own = mark.person_id == desk.actor.person_id
        if own or desk.actor.works_in(desk.organisation.id, desk.around.today):
            return heading_of(desk)
    raise NotFoundError(f"no statement {sha256} of document {document_id}")


def _steps(desk: Desk) -> list[Step]:
    steps = steps_of(desk.document, desk.kind, desk.around.visa_roles)
    return [s for s in steps if s.verb is Verb.ACKNOWLEDGE and s.employment_id]


def _lines(tx: Repositories, desk: Desk) -> tuple[SheetLine, ...]:
    steps = _steps(desk)
    posts = tx.employments.load_many([s.employment_id for s in steps if s.employment_id])
    marks = {s.key: last_mark(desk.document, s) for s in steps}
    clerks = [m.entered_by for m in marks.values() if m and m.entered_by]
    people = tx.people.load_many([p.person_id for p in posts.values()] + clerks)
    waiting = {s.key for s in open_steps(desk.document, desk.kind, desk.around.visa_roles)}
    return tuple(
        _line(desk, step, posts[step.employment_id], marks[step.key], people, waiting)
        for step in steps
        if step.employment_id
    )


def _line(
    desk: Desk,
    step: Step,
    post: Employment,
    mark: Mark | None,
    people: dict[UUID, Person],
    waiting: set[str],
) -> SheetLine:
    clerk = mark.entered_by if mark else None
    return SheetLine(
        employment_id=post.id,
        name=people[post.person_id].full_name,
        post=post.post,
        mark=mark,
        entered_by=people[clerk].short_name if clerk else "",
        is_waiting=step.key in waiting and not is_done(desk.document, step),
        called_off=mark is None and is_called_off(desk.document, step),
    )
