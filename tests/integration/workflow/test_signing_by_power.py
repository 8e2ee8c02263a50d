"""Who has a power of attorney signs where the route asks for the head, while the power holds."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest

from marshrut.demonstration.town import done
from marshrut.wiring import make_due
from tests import powers
from tests.integration.workflow import acts
from tests.integration.workflow.acts import Story
from tests.powers import DAY
from tests.world import World
from workflow.domain.documents import Document
from workflow.domain.permissions import may_sign
from workflow.domain.powers import AnswerStatus
from workflow.domain.refusals import Refusal
from workflow.domain.routes import DocumentState
from workflow.domain.signatures import Signature, SignatureStatus
from workflow.status_sources import StatusSource
from workflow.usecases import desk as desks
from workflow.usecases.powers.meaning import confirm_words
from workflow.usecases.visual_copy import read_for_copy

IN_WORDS = "<ТекстПолн>Подписывать приказы об утверждении документов</ТекстПолн>"


@pytest.fixture
def world(story: Story) -> World:
    return story.world


@pytest.fixture
def order(story: Story) -> Document:
    return acts.load(story.world, story.order)


def the_signature(world: World, order: Document) -> Signature:
    (found,) = acts.signatures(world, order.id)
    return found


def authority_in(world: World, signature: Signature) -> dict[str, object]:
    """Check 8 of the newest report."""
    report = json.loads(world.services.blobs.get(signature.files[0].report_now))
    (one,) = report["signatures"]
    return next(check for check in one["checks"] if check["key"] == "authority")


def may(world: World, order: Document, key: str = "safina") -> str:
    """Why the person may not sign the order, "" where she may."""
    with world.services.uow.reading() as tx:
        desk = desks.lay(tx, world.services, world.actor(key), order.id)
    refusal = may_sign(desk.document, desk.actor, desk.around)
    return refusal.code if refusal else ""


def test_the_deputy_signs_by_power_of_attorney_and_the_order_is_in_force(
    world: World, order: Document
) -> None:
    assert may(world, order) == "step.not_yours"
    power = powers.in_use(world)
    assert may(world, order) == ""
    signature = done(powers.signed_by_deputy(world, order))
    assert (signature.status, signature.explanation) == (SignatureStatus.ACCEPTED, None)
    assert (signature.power_id, signature.mandate_id) == (power.id, None)
    assert signature.employment_id == world.person("safina").employment_id
    world.work()
    assert acts.state(world, order.id) is DocumentState.IN_FORCE
    check = authority_in(world, signature)
    assert check["outcome"] == "passed"
    said = check["params"]
    assert isinstance(said, dict)
    assert said["number"] == power.number


def test_what_it_was_judged_by_is_kept_with_every_file(world: World, order: Document) -> None:
    power = powers.in_use(world)
    signature = done(powers.signed_by_deputy(world, order))
    for file in signature.files:
        kept = json.loads(world.services.blobs.get(file.power))
        assert kept["answer"]["status"] == "in_force"
        assert kept["codes"] == [powers.CODE]
        assert {outcome for _, outcome, _ in kept["said"]} == {"passed"}
        opened = world.services.signatures.open_power(world.services.blobs.get(file.power))
        assert done(opened).file == world.services.blobs.get(power.file)


def test_the_mark_on_the_copy_names_the_power(world: World, order: Document) -> None:
    power = powers.in_use(world)
    done(powers.signed_by_deputy(world, order))
    with world.services.uow.reading() as tx:
        facts = read_for_copy(tx, world.services, acts.load(world, order.id))
    assert facts is not None
    (mark,) = facts.requests[0].marks
    assert mark.power is not None
    assert (mark.power.number, mark.power.until) == (power.number, power.until)
    assert mark.post == world.person("safina").post


def test_a_stale_answer_leaves_the_signature_received_until_a_fresh_one_comes(
    world: World, order: Document
) -> None:
    power = powers.in_use(world, asked=False)
    done(powers.answered(world, power))
    world.clock.now += 4 * DAY
    acts.renew_lists(world)
    order = acts.fixed(world, order.id)  # a document is signed on its date
    signature = done(powers.signed_by_deputy(world, order))
    assert signature.status is SignatureStatus.RECEIVED
    assert signature.explanation is not None
    assert "too old" in signature.explanation.msgid
    assert acts.state(world, order.id) is DocumentState.SIGNATURE_RECEIVED
    done(powers.answered(world, power))
    world.work()
    accepted = the_signature(world, order)
    assert accepted.status is SignatureStatus.ACCEPTED
    assert accepted.received_at == signature.received_at
    assert acts.state(world, order.id) is DocumentState.IN_FORCE


def test_without_any_answer_the_signature_waits(world: World, order: Document) -> None:
    powers.in_use(world, asked=False)
    signature = done(powers.signed_by_deputy(world, order))
    assert signature.status is SignatureStatus.RECEIVED
    assert signature.explanation is not None
    assert signature.explanation.code == "signature.authority.authority_unknown"


def test_an_answer_that_the_registry_does_not_know_it_is_not_enough(
    world: World, order: Document
) -> None:
    power = powers.in_use(world, asked=False)
    done(powers.answered(world, power, AnswerStatus.UNKNOWN))
    assert done(powers.signed_by_deputy(world, order)).status is SignatureStatus.RECEIVED


def test_a_revoked_power_lets_nobody_sign(world: World, order: Document) -> None:
    power = powers.in_use(world)
    done(powers.answered(world, power, AnswerStatus.REVOKED))
    assert may(world, order) == "power.revoked"
    assert acts.refused(powers.signed_by_deputy(world, order)) == "power.revoked"
    done(powers.answered(world, power))  # somebody looks again and sees it otherwise
    assert may(world, order) == "power.revoked"


def test_a_revocation_before_the_signing_found_later_withdraws_the_signature(
    world: World, order: Document
) -> None:
    power = powers.in_use(world)
    signature = done(powers.signed_by_deputy(world, order))
    world.work()
    assert acts.state(world, order.id) is DocumentState.IN_FORCE
    day = world.clock().date()
    world.clock.now += DAY
    done(powers.answered(world, power, AnswerStatus.REVOKED, revoked_on=day))
    world.work()
    withdrawn = the_signature(world, order)
    assert withdrawn.id == signature.id
    assert withdrawn.status is SignatureStatus.WITHDRAWN
    assert acts.state(world, order.id) is DocumentState.TO_SIGN
    assert authority_in(world, withdrawn)["outcome"] == "failed"
    kept = json.loads(world.services.blobs.get(withdrawn.files[0].power))
    assert kept["answer"]["status"] == "in_force"  # by what it was accepted stays known


def test_a_revocation_after_the_signing_leaves_the_signature(world: World, order: Document) -> None:
    power = powers.in_use(world)
    done(powers.signed_by_deputy(world, order))
    world.work()
    world.clock.now += 2 * DAY
    day: date = world.clock().date()
    done(powers.answered(world, power, AnswerStatus.REVOKED, revoked_on=day))
    world.work()
    assert the_signature(world, order).status is SignatureStatus.ACCEPTED
    assert acts.state(world, order.id) is DocumentState.IN_FORCE


def test_an_old_answer_never_withdraws_what_was_accepted(world: World, order: Document) -> None:
    powers.in_use(world)
    done(powers.signed_by_deputy(world, order))
    world.work()
    world.clock.now += 30 * DAY
    acts.renew_lists(world)
    for question in make_due(world.services).values():
        with world.services.uow() as tx:
            question(tx)
            tx.commit()
    world.work()
    found = the_signature(world, order)
    assert found.status is SignatureStatus.ACCEPTED
    assert authority_in(world, found)["outcome"] == "passed"


def test_an_ended_power_lets_nobody_sign(world: World, order: Document) -> None:
    yesterday = world.clock().date() - DAY
    ended = replace(
        powers.sample(world),
        issued=(yesterday - 30 * DAY).isoformat(),
        until=yesterday.isoformat(),
    )
    powers.in_use(world, ended)
    assert may(world, order) == "power.ended"


def test_a_power_for_other_documents_is_not_enough(world: World, order: Document) -> None:
    done(powers.meaning(world, ["D06"]))
    power = done(powers.kept(world, powers.written(world, powers.sample(world))))
    done(powers.answered(world, power))
    assert may(world, order) == "power.not_covered"
    assert acts.refused(powers.signed_by_deputy(world, order)) == "power.not_covered"


def test_what_a_code_meant_at_the_acceptance_stays(world: World, order: Document) -> None:
    powers.in_use(world)
    done(powers.signed_by_deputy(world, order))
    world.work()
    done(powers.meaning(world, []))
    world.work()
    assert the_signature(world, order).status is SignatureStatus.ACCEPTED
    assert acts.state(world, order.id) is DocumentState.IN_FORCE


def test_words_let_sign_once_the_head_has_confirmed_them(world: World, order: Document) -> None:
    given = replace(powers.sample(world), kind="0", powers=IN_WORDS)
    power = powers.in_use(world, given)
    assert may(world, order) == "power.not_covered"
    head = world.actor("belova")
    done(confirm_words(world.services, head, power.id, "D02", "подписывать приказы"))
    signature = done(powers.signed_by_deputy(world, order))
    assert signature.status is SignatureStatus.ACCEPTED
    kept = json.loads(world.services.blobs.get(signature.files[0].power))
    assert kept["confirmation"]["confirmed_by"].startswith("Белова")


def test_another_worker_than_the_named_one_cannot_use_the_power(
    world: World, order: Document
) -> None:
    powers.in_use(world)
    assert may(world, order, "zaytseva") == "step.not_yours"


def test_a_certificate_of_another_person_is_not_the_holder_s(world: World, order: Document) -> None:
    powers.in_use(world)
    foreign = powers.own_key(world, "mironova")
    refused = powers.signed_by_deputy(world, order, foreign)
    assert acts.refused(refused).startswith("signature.owner.")
    assert acts.signatures(world, order.id) == []


def test_the_lists_of_who_signed_the_power_are_fetched_with_those_of_the_holder(
    world: World, order: Document
) -> None:
    power = powers.in_use(world, asked=False)
    asked: list[bytes] = []

    class Sources:
        """Remembers for which signatures addresses were looked for."""

        def named_by(self, signature: bytes, *_known: object) -> tuple[StatusSource, ...]:
            asked.append(signature)
            return ()

        def ask(self, *_known: object) -> Refusal:
            raise AssertionError("nothing was named")

    world.services = replace(world.services, status_sources=Sources())
    done(powers.signed_by_deputy(world, order))
    world.work()
    assert world.services.blobs.get(power.signature) in asked


def test_nobody_signs_for_a_head_whom_the_document_concerns(world: World, order: Document) -> None:
    powers.in_use(world)
    with world.services.uow.reading() as tx:
        desk = desks.lay(tx, world.services, world.actor("safina"), order.id)
    concerned = frozenset({world.person("belova").person_id})
    around = replace(desk.around, counterparties=concerned)
    refusal = may_sign(desk.document, desk.actor, around)
    assert refusal is not None


def test_a_head_still_signs_by_the_mandate(world: World, order: Document) -> None:
    powers.in_use(world)
    signature = acts.signed(world, order.id)
    assert (signature.power_id, signature.files[0].power) == (None, "")
