"""What people of Kedrovsk do in these tests, in one call each; all through the use cases."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from uuid import UUID

from marshrut.demonstration.town import done
from marshrut.wiring import make_due
from tests.integration.workflow.acts import fixed, load, seen, signed
from tests.told_once import told_once
from tests.world import World
from workflow.domain.documents import Document
from workflow.domain.obligations import Obligation
from workflow.domain.pairs import Life, Pair, life_of
from workflow.domain.refusals import Refusal
from workflow.domain.staff_cards import Experience, ExperienceKind, StaffCard
from workflow.store.tables.base import metadata
from workflow.usecases.agree import agree
from workflow.usecases.pairs.daily import pairs_of_today
from workflow.usecases.pairs.orders import start_order
from workflow.usecases.pairs.propose import propose_mentor
from workflow.usecases.pairs.request import Wish, note_contract_clause, request_mentor
from workflow.usecases.prepare import save_facts, start_document, submit

SCHOOL = "school-7"
SINCE, UNTIL = date(2026, 5, 18), date(2027, 5, 17)


def experienced(world: World, key: str, **years: int) -> None:
    """Enter full years of experience, as of today, into the staff card."""
    employment_id = world.person(key).employment_id
    day = world.clock().date()
    known = tuple(Experience(ExperienceKind(k), n, 0, day) for k, n in years.items())
    with world.services.uow() as tx:
        before = tx.staff_cards.of(employment_id)
        own = before.id if before else world.services.new_id()
        card = StaffCard(own, employment_id, experience=known)
        tx.staff_cards.save(card, before)
        tx.commit()


def wish(world: World, *mentees: str, **changed: object) -> Wish:
    """A head's wish for a mentor, for somebody who has just begun."""
    named = tuple(world.person(key).employment_id for key in mentees)
    said: dict[str, object] = {
        "kind": "traditional",
        "form": "teacher_teacher",
        "need": "ведение документации, подготовка к урокам",
        "mentees": named,
        "since": SINCE,
        "until": UNTIL,
    }
    return Wish(**{**said, **changed})  # type: ignore[arg-type]  # each test names real fields


def requested(world: World, *mentees: str, **changed: object) -> UUID:
    head = world.actor("sedova")
    place = world.place(SCHOOL).id
    pair = done(request_mentor(world.services, head, place, wish(world, *mentees, **changed)))
    return pair.id


def proposed(
    world: World, case_id: UUID, mentor: str, since: date = SINCE, until: date = UNTIL
) -> None:
    employment = world.person(mentor).employment_id
    actor = world.actor("orlov")
    done(propose_mentor(world.services, actor, case_id, employment, since, until))


def paper(world: World, case_id: UUID, code: str, author: str, **facts: object) -> Document:
    """A personal paper: begun, filled in and sent on its way by `author`."""
    actor = world.actor(author)
    document = done(start_document(world.services, actor, case_id, code))
    known = load(world, document.id).facts
    saved = done(save_facts(world.services, actor, document.id, {**known, **facts}))
    assert saved.problems == (), saved.problems
    world.work()
    done(submit(world.services, actor, document.id))
    world.work()
    return load(world, document.id)


def signed_paper(world: World, case_id: UUID, code: str, author: str, **facts: object) -> Document:
    """The same, signed by its author with a simple signature."""
    document = paper(world, case_id, code, author, **facts)
    world.sign_simply(author, document.id)
    world.work()
    return load(world, document.id)


@told_once
def consented(world: World, case_id: UUID, mentor: str, *mentees: str, elsewhere: int = 0) -> None:
    """Mentor and mentees consent; the mentor's contract holds the terms already."""
    signed_paper(world, case_id, "D09", mentor, mentees_elsewhere=elsewhere)
    for mentee in mentees:
        signed_paper(world, case_id, "D10", mentee)
    contract = "трудовой договор от 1 сентября 2020 г. № 14, п. 2.7"
    done(note_contract_clause(world.services, world.actor("titova"), case_id, contract))


def order_begun(world: World, *case_ids: UUID, code: str = "D14", **facts: object) -> Document:
    """An order with a line for each pair, filled in by the clerk."""
    clerk = world.actor("titova")
    order = done(start_order(world.services, clerk, case_ids, code))
    known = load(world, order.id).facts
    basis = "Положения о наставничестве"
    saved = done(save_facts(world.services, clerk, order.id, {**known, "basis": basis, **facts}))
    assert saved.problems == (), saved.problems
    world.work()
    return load(world, order.id)


def order_agreed(world: World, order_id: UUID) -> None:
    done(submit(world.services, world.actor("titova"), order_id))
    world.work()
    if any(step.verb == "agree" for step in _kind(world, order_id).route):
        done(agree(world.services, world.actor("kuzina"), order_id, seen(world, order_id)))
    world.work()


@told_once
def order_in_force(world: World, order_id: UUID) -> Document:
    """Agreed by the curator, numbered and signed by the head."""
    order_agreed(world, order_id)
    fixed(world, order_id, SCHOOL)
    signed(world, order_id, SCHOOL)
    return load(world, order_id)


def _kind(world: World, document_id: UUID):  # type: ignore[no-untyped-def]  # of the document's own pack
    document = load(world, document_id)
    regulation = world.services.packs.get(document.pack, document.pack_version)
    return regulation.document_types[document.type_code]


@told_once
def begun(
    world: World, mentor: str, *mentees: str, since: date = SINCE, until: date = UNTIL
) -> UUID:
    """A pair whose order is in force."""
    case_id = requested(world, *mentees, since=since, until=until)
    proposed(world, case_id, mentor, since, until)
    consented(world, case_id, mentor, *mentees)
    order_in_force(world, order_begun(world, case_id).id)
    return case_id


def pair_of(world: World, case_id: UUID) -> Pair:
    with world.services.uow.reading() as tx:
        return tx.pairs.load(case_id)


def life(world: World, case_id: UUID) -> Life:
    with world.services.uow.reading() as tx:
        pair = tx.pairs.load(case_id)
        organisation = tx.organisations.load(pair.organisation_id)
    return life_of(pair, organisation.local_day(world.clock()))


def order_of(world: World, case_id: UUID) -> UUID:
    """The order by which the pair works."""
    spell = life(world, case_id).spell
    assert spell is not None
    assert spell.document_id is not None
    return spell.document_id


def owed(world: World, case_id: UUID) -> Mapping[tuple[str, str], Obligation]:
    """What is owed in the pair, by type and step."""
    with world.services.uow.reading() as tx:
        return {(o.type_code, o.step): o for o in tx.obligations.of_case(case_id)}


def refusal(outcome: object) -> Refusal:
    assert isinstance(outcome, Refusal), f"not refused: {outcome}"
    return outcome


def on_day(world: World, day: date) -> None:
    """It is ten o'clock in the morning of that day in Kedrovsk; what waited for it is done."""
    moment = datetime(day.year, day.month, day.day, 3, tzinfo=UTC)
    assert moment > world.clock(), f"{day} is over"
    world.clock.now = moment
    with world.services.uow() as tx:
        pairs_of_today(world.services)(tx)
        tx.commit()
    world.work()


def looked_at_again(world: World) -> None:
    """The schedule asks for second looks at signatures; what comes of it is done."""
    for name in ("undecided_signatures", "accepted_signatures"):
        with world.services.uow() as tx:
            make_due(world.services)[name](tx)
            tx.commit()
    world.work()


def everything(world: World) -> Mapping[str, list[str]]:
    """All rows of all tables."""
    with world.services.uow.engine.connect() as connection:
        return {
            table.name: sorted(map(repr, connection.execute(table.select())))
            for table in metadata.sorted_tables
        }


def refused(world: World, act: Callable[[], object]) -> Refusal:
    """The refusal of the act; what is refused has changed nothing."""
    before = everything(world)
    answer = refusal(act())
    assert everything(world) == before
    return answer
