"""The life of a school's order from the first fact to the office's receipt."""

from __future__ import annotations

from marshrut.demonstration.town import done
from tests.integration.workflow import acts
from tests.world import World
from workflow.domain.obligations import ObligationState, state_of
from workflow.domain.routes import DocumentState
from workflow.domain.submissions import SubmissionState
from workflow.usecases.accept import accept


def test_a_roadmap_goes_from_the_form_to_the_receipt(world: World) -> None:
    services = world.services
    acts.order_the_town(world, world.clock().date() + acts.TERM)
    case = acts.open_programme(world)

    appointment = acts.appointment(world, case)
    acts.fixed(world, appointment.id)
    acts.signed(world, appointment.id)
    assert acts.state(world, appointment.id) is DocumentState.IN_FORCE
    world.acknowledge("safina", appointment.id)

    roadmap = acts.roadmap(world, case)
    order = acts.approval_order(world, case, [roadmap.id])
    acts.fixed(world, order.id)
    signature = acts.signed(world, order.id)
    assert len(signature.files) == 2
    assert acts.state(world, order.id) is DocumentState.IN_FORCE
    assert acts.state(world, roadmap.id) is DocumentState.IN_FORCE

    letter = acts.letter(world, case, [roadmap.id, order.id])
    examined = acts.sent(world, letter.id)
    assert [(i.type_code, i.verdict, i.explanation) for i in examined.items] == [
        ("D33", "valid", None),
        ("D04", "valid", None),
        ("D02", "valid", None),
    ]
    answered = done(accept(services, world.actor("gareev"), examined.id))
    assert answered.state is SubmissionState.ACCEPTED
    assert answered.receipt is not None
    assert answered.receipt.number == "1-ув"
    with services.uow.reading() as tx:
        owed = tx.obligations.of_debtor(world.place("school-1").id, limit=50).items
    assert {o.key for o in owed if state_of(o) is ObligationState.MET} == {"2.1", "2.3", "2.5-1"}
    assert {o.key for o in owed if state_of(o) is ObligationState.OPEN} == {
        "2.2",
        "2.4",
        "2.5-2",
        "2.6",
    }
