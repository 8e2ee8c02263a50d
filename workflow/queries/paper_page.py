"""What the clerk sees before entering that a printed document was signed with ink."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from workflow.domain.documents import Mark, Verdict
from workflow.domain.mandates import Actor
from workflow.domain.paper_acts import may_enter_again, may_put_back, may_put_on_paper
from workflow.domain.refusals import Refusal
from workflow.domain.regulations import Verb
from workflow.domain.routes import Step, is_done, last_mark, steps_of
from workflow.queries.headings import FileCard, Heading, file_cards, heading_of
from workflow.store.unit_of_work import Repositories
from workflow.usecases import desk as desks
from workflow.usecases.desk import Desk
from workflow.usecases.errors import NotFoundError
from workflow.usecases.paper import AGAIN, ink_signer, may_enter_ink
from workflow.usecases.services import Services


@dataclass(frozen=True)
class SignerLine:
    """A signature of the route: whose it is (empty when nobody has the authority).

    `signed_on` is the ink date, `scan` the SHA-256 of the paper; both are empty while the
    signature is waited for. `repeated`: the scan was entered once more; `again` says why the
    actor may not do so (None: may, where there is a scan).
    """

    step: str
    name: str
    signed_on: date | None = None
    scan: str = ""
    is_done: bool = False
    repeated: bool = False
    again: Refusal | None = None


@dataclass(frozen=True)
class PaperPage:
    """`refusal` says why no ink signature can be entered, `put_on_paper` and `put_back` why the
    original cannot be switched (None: it can)."""

    heading: Heading
    files: tuple[FileCard, ...]
    signers: tuple[SignerLine, ...]
    one_sided: bool
    refusal: Refusal | None
    put_on_paper: Refusal | None
    put_back: Refusal | None

    @property
    def waited_for(self) -> tuple[SignerLine, ...]:
        return tuple(line for line in self.signers if not line.is_done)

    @property
    def scanned(self) -> tuple[SignerLine, ...]:
        return tuple(line for line in self.signers if line.scan)

    def scanned_line(self, step: str) -> SignerLine:
        """The ink signature of a step; NotFoundError when none was entered there."""
        found = next((line for line in self.scanned if line.step == step), None)
        if found is None:
            raise NotFoundError(f"no ink signature at step {step}")
        return found


def paper_page(services: Services, actor: Actor, document_id: UUID) -> PaperPage:
    """Return the page; NotFoundError when the document is not there or not for these eyes."""
    with services.uow.reading() as tx:
        desk = desks.lay(tx, services, actor, document_id)
        fixing = desk.document.fixing
        asked = (desk.document, desk.actor, desk.around)
        return PaperPage(
            heading=heading_of(desk),
            files=file_cards(fixing.manifest if fixing else None),
            signers=_signers(tx, desk),
            one_sided=desk.kind.one_sided,
            refusal=may_enter_ink(desk),
            put_on_paper=may_put_on_paper(*asked),
            put_back=may_put_back(*asked),
        )


def _signers(tx: Repositories, desk: Desk) -> tuple[SignerLine, ...]:
    steps = steps_of(desk.document, desk.kind, desk.around.visa_roles)
    return tuple(_line(tx, desk, step) for step in steps if step.verb is Verb.SIGN)


def _line(tx: Repositories, desk: Desk, step: Step) -> SignerLine:
    mark = last_mark(desk.document, step)
    if mark is not None and mark.person_id and is_done(desk.document, step):
        return _done(tx, desk, step, mark)
    signer = ink_signer(tx, desk, step, desk.document.dated or desk.around.today)
    name = "" if isinstance(signer, Refusal) else tx.people.load(signer.person_id).full_name
    return SignerLine(step.key, name)


def _done(tx: Repositories, desk: Desk, step: Step, mark: Mark) -> SignerLine:
    assert mark.person_id is not None  # the caller looked
    name = tx.people.load(mark.person_id).full_name
    if mark.verdict is not Verdict.SIGNED_ON_PAPER or mark.happened_on is None:
        return SignerLine(step.key, name, mark.happened_on, is_done=True)
    return SignerLine(
        step=step.key,
        name=name,
        signed_on=mark.happened_on,
        scan=mark.evidence,
        is_done=True,
        repeated=mark.remark == AGAIN,
        again=may_enter_again(desk.document, step.key, mark.happened_on, desk.actor, desk.around),
    )
