"""What people of the town do in these tests, in one call each; all through the use cases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TypeVar
from uuid import UUID

from marshrut.demonstration.town import KEY_PASSWORD, done
from tests.world import World, copy_world
from workflow.domain.documents import Document, Manifest
from workflow.domain.mandates import Actor
from workflow.domain.obligations import Obligation
from workflow.domain.refusals import Refusal
from workflow.domain.registers import Entry, Register
from workflow.domain.routes import DocumentState, state_of
from workflow.domain.signatures import Signature, SignatureStatus
from workflow.domain.submissions import Submission
from workflow.usecases.agree import agree
from workflow.usecases.deliver import deliver
from workflow.usecases.fix import fix
from workflow.usecases.installation import renew_training_crls
from workflow.usecases.open_case import open_case
from workflow.usecases.prepare import save_facts, start_document, submit
from workflow.usecases.register_existing import Scanned, register_existing
from workflow.usecases.sign import sign_with_stored_key

OutcomeT = TypeVar("OutcomeT")

SCHOOL_YEAR = "2026/2027"
TERM = timedelta(days=30)


def refused(outcome: OutcomeT | Refusal) -> str:
    """The code of the refusal; the test fails if the use case did what was asked."""
    assert isinstance(outcome, Refusal), f"not refused: {outcome}"
    return outcome.code


def someone(world: World, role: str, place: str = "school-1") -> Actor:
    """Who held the role in the organisation from the beginning, as known now."""
    return world.actor(world.place(place).holding(role).key)


def load(world: World, document_id: UUID) -> Document:
    with world.services.uow.reading() as tx:
        return tx.documents.load(document_id)


def seen(world: World, document_id: UUID) -> str:
    """The digest of what a person sees now."""
    return manifest(world, document_id).digest


def manifest(world: World, document_id: UUID) -> Manifest:
    found = load(world, document_id).manifest
    assert found is not None
    return found


def state(world: World, document_id: UUID) -> DocumentState:
    document = load(world, document_id)
    regulation = world.services.packs.get(document.pack, document.pack_version)
    return state_of(document, regulation.document_types[document.type_code])


def register(world: World, key: str, place: str = "school-1") -> Register:
    with world.services.uow.reading() as tx:
        found = tx.registers.find(world.place(place).id, key)
    assert found is not None
    return found


def rows(world: World, key: str, place: str = "school-1") -> list[tuple[str, str]]:
    """Number and state of each row of a register, in the order of the series."""
    return [(e.number, str(e.state)) for e in entries(world, key, place)]


def entries(world: World, key: str, place: str = "school-1") -> list[Entry]:
    journal = register(world, key, place)
    with world.services.uow.reading() as tx:
        found = tx.entries.of_register(journal.id).items
    return sorted(found, key=lambda e: (e.year, e.sequence, e.entered_at))


def signatures(world: World, document_id: UUID) -> list[Signature]:
    with world.services.uow.reading() as tx:
        return tx.signatures.of_document(document_id)


def owed(world: World, key: str, place: str = "school-1") -> Obligation:
    """The organisation's task by its key in the municipal order."""
    with world.services.uow.reading() as tx:
        found = tx.obligations.of_debtor(world.place(place).id, limit=50).items
    return next(o for o in found if o.key == key)


def package(world: World, submission_id: UUID) -> Submission:
    with world.services.uow.reading() as tx:
        return tx.submissions.load(submission_id)


def renew_lists(world: World) -> None:
    """The training authorities issue new revocation lists, as they do every day."""
    lists = world.authorities.crls(world.clock(), TERM)
    assert renew_training_crls(world.services, lists) is None


def order_the_town(world: World, due: date, more: tuple[object, ...] = ()) -> Document:
    """The municipal order with its tasks, each due on the day, and `more` rows."""
    services = world.services
    case = done(
        open_case(
            services, world.actor("lapina"), world.place("office").id, "municipal", SCHOOL_YEAR
        )
    )
    kind = services.packs.newest("tetyushi").document_types["D01"]
    facts = {f.key: f.default for f in kind.fields if f.default is not None}
    tasks = facts["tasks"]
    assert isinstance(tasks, tuple)
    facts["signer"] = "начальник отдела Н.В. Орлова"
    facts["tasks"] = (*({**row, "due": due} for row in tasks), *more)
    scanned = Scanned(
        number="118-о/д",
        dated=world.clock().date(),
        title="Об организации работы",
        signed_by="Орлова Н.В.",
        signed_by_post="начальник отдела",
        file_name="scan.pdf",
        content=b"%PDF-1.4 scan",
    )
    registered = register_existing(services, world.actor("gareev"), case.id, "D01", scanned, facts)
    assert isinstance(registered, Document), registered
    return registered


def open_programme(world: World, place: str = "school-1") -> UUID:
    clerk = someone(world, "clerk", place)
    return done(
        open_case(world.services, clerk, world.place(place).id, "programme", SCHOOL_YEAR)
    ).id


def drafted(
    world: World, case_id: UUID, type_code: str, place: str = "school-1", **facts: object
) -> Document:
    """A document with its draft assembled, before it is sent on its way."""
    clerk = someone(world, "clerk", place)
    document = done(start_document(world.services, clerk, case_id, type_code))
    return refilled(world, document.id, place, **facts)


def refilled(world: World, document_id: UUID, place: str = "school-1", **facts: object) -> Document:
    """The document with some facts changed and assembled anew."""
    clerk = someone(world, "clerk", place)
    known = load(world, document_id).facts
    saved = done(save_facts(world.services, clerk, document_id, {**known, **facts}))
    assert saved.problems == ()
    world.work()
    return load(world, document_id)


def submitted(world: World, document_id: UUID, place: str = "school-1") -> None:
    done(submit(world.services, someone(world, "clerk", place), document_id))


def agreed(world: World, document_id: UUID, place: str = "school-1") -> None:
    """Sent on its way, and agreed by the curator (the deputy)."""
    submitted(world, document_id, place)
    curator = someone(world, "deputy", place)
    done(agree(world.services, curator, document_id, seen(world, document_id)))


def fixed(world: World, document_id: UUID, place: str = "school-1", number: str = "") -> Document:
    """Numbered, dated and made ready for signature."""
    done(fix(world.services, someone(world, "clerk", place), document_id, number))
    world.work()
    document = load(world, document_id)
    assert document.fixing is not None
    assert document.fixing.manifest is not None, document.fixing.failure
    return document


def sign(world: World, document_id: UUID, place: str = "school-1") -> Signature | Refusal:
    """The head signs with the key that is kept here."""
    head = someone(world, "head", place)
    digest = seen(world, document_id)
    return sign_with_stored_key(world.services, head, document_id, digest, KEY_PASSWORD)


def signed(world: World, document_id: UUID, place: str = "school-1") -> Signature:
    """Signed by the head, accepted, and everything that follows is done."""
    signature = done(sign(world, document_id, place))
    assert signature.status is SignatureStatus.ACCEPTED, signature.explanation
    world.work()
    return signature


def appointment(world: World, case_id: UUID, place: str = "school-1", **facts: object) -> Document:
    """The order that appoints the deputy as curator, agreed (it needs no visa)."""
    staff = world.place(place).people
    other = next(p for p in staff.values() if not p.roles)
    named: dict[str, object] = {
        "curator": str(world.place(place).holding("deputy").employment_id),
        "sysadmin": str(other.employment_id),
        "basis": "приказ отдела образования",
    }
    document = drafted(world, case_id, "D06", place, **{**named, **facts})
    submitted(world, document.id, place)
    return load(world, document.id)


def roadmap(
    world: World, case_id: UUID, place: str = "school-1", period: str = "2026 год"
) -> Document:
    """A roadmap that the curator has agreed."""
    document = drafted(world, case_id, "D04", place, period=period)
    agreed(world, document.id, place)
    return load(world, document.id)


def approval_order(
    world: World, case_id: UUID, approves: Sequence[UUID], place: str = "school-1"
) -> Document:
    """An order that approves these documents, agreed by the curator."""
    named = tuple(str(one) for one in approves)
    document = drafted(world, case_id, "D02", place, approves=named)
    agreed(world, document.id, place)
    return load(world, document.id)


def letter(
    world: World, case_id: UUID, encloses: Sequence[UUID], place: str = "school-1"
) -> Document:
    """A covering letter, signed and in force, not sent yet."""
    named = tuple(str(one) for one in encloses)
    document = drafted(world, case_id, "D33", place, package=named)
    submitted(world, document.id, place)
    fixed(world, document.id, place)
    signed(world, document.id, place)
    return load(world, document.id)


def sent(
    world: World, letter_id: UUID, place: str = "school-1", reason_late: str = ""
) -> Submission:
    """The letter's package, sent and examined by the office."""
    clerk = someone(world, "clerk", place)
    submission = done(deliver(world.services, clerk, letter_id, reason_late))
    world.work()
    return package(world, submission.id)


@dataclass(frozen=True)
class Story:
    """A world in which school-1 has come some way; `order` approves `roadmap`."""

    world: World
    folder: Path
    case: UUID
    appointment: UUID
    roadmap: UUID
    order: UUID

    def copied(self, folder: Path) -> Story:
        world = copy_world(self.world, self.folder, folder)
        return Story(world, folder, self.case, self.appointment, self.roadmap, self.order)


def tell(world: World, folder: Path) -> Story:
    """The town has its tasks; school-1 a curator, an agreed roadmap and an order to be signed."""
    order_the_town(world, world.clock().date() + TERM)
    case = open_programme(world)
    first = appointment(world, case)
    fixed(world, first.id)
    signed(world, first.id)
    plan = roadmap(world, case)
    order = approval_order(world, case, [plan.id])
    fixed(world, order.id)
    return Story(world, folder, case, first.id, plan.id, order.id)
