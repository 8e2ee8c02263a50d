"""The receiver believes nothing that the sender says, and nobody decides about themselves."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from marshrut.demonstration.town import done
from tests.integration.security.own_authority import DAY, OwnAuthority, handed_in
from tests.integration.web.signing_site import fixed as fix_now
from tests.integration.web.signing_site import prepared, programme, signed_letter
from tests.world import World
from workflow.domain.documents import Manifest
from workflow.domain.mandates import Mandate
from workflow.domain.refusals import Refusal
from workflow.domain.regulations import Role
from workflow.domain.signatures import Signature
from workflow.domain.submissions import Submission, SubmissionState
from workflow.usecases import due, staff
from workflow.usecases.accept import accept
from workflow.usecases.deliver import deliver
from workflow.usecases.examine_submission import examine_submission


def sent_by_school(world: World) -> Submission:
    letter = signed_letter(world, programme(world))
    sent = done(deliver(world.services, world.actor("zaytseva"), letter.id))
    world.work()
    return now_of(world, sent)


def now_of(world: World, submission: Submission) -> Submission:
    with world.services.uow.reading() as tx:
        return tx.submissions.load(submission.id)


def examined_as(world: World, submission: Submission, **changed: object) -> Submission:
    """Examine the package as if its last item had been another one."""
    services = world.services
    with services.uow() as tx:
        items = (replace(submission.items[-1], **changed),)  # type: ignore[arg-type]  # fields of an item
        smuggled = replace(
            submission, id=services.new_id(), items=items, examined_at=None, version=0
        )
        tx.submissions.save(smuggled, None)
        tx.commit()
    effect = examine_submission(services, {"submission": str(smuggled.id)})
    with services.uow() as tx:
        effect(tx)
        tx.commit()
    return now_of(world, smuggled)


def test_a_package_without_files_or_signatures_is_invalid_not_valid(world: World) -> None:
    sent = sent_by_school(world)
    for changed in (
        {"manifest": Manifest(()), "signatures": ()},
        {"manifest": Manifest(())},
        {"signatures": ()},
    ):
        assert [i.verdict for i in examined_as(world, sent, **changed).items] == ["invalid"]


def test_the_receiver_keeps_its_own_report_and_evidence(world: World) -> None:
    forged = world.services.blobs.put(b'{"verdict":"valid"}')
    sent = sent_by_school(world)
    item = sent.items[-1]
    lying = tuple(replace(s, report=forged, evidence=forged) for s in item.signatures)
    found = examined_as(world, sent, signatures=lying).items[0]
    assert all(forged not in (s.report, s.report_now, s.evidence) for s in found.signatures)


def test_a_head_by_the_schools_own_order_is_not_known_to_the_office(world: World) -> None:
    sent = sent_by_school(world)
    services, school = world.services, world.place("school-1")
    ershov = world.person("ershov")
    with services.uow() as tx:
        order = tx.documents.load(sent.items[0].document_id)
        tx.mandates.save(
            Mandate(
                id=services.new_id(),
                person_id=ershov.person_id,
                employment_id=ershov.employment_id,
                organisation_id=school.id,
                role=Role.HEAD,
                since=world.clock().date(),
                until=None,
                ground="приказ школы",
                recorded_at=world.clock(),
                ground_document_id=order.id,
            ),
            None,
        )
        tx.commit()
    assert examined_as(world, sent).items[0].verdict == "valid"  # Белова is still the head


def head_mandate(world: World, key: str, **changed: object) -> Mandate:
    """A head's mandate of somebody of school-1, confirmed by the office."""
    person = world.person(key)
    mandate = Mandate(
        id=world.services.new_id(),
        person_id=person.person_id,
        employment_id=person.employment_id,
        organisation_id=world.place("school-1").id,
        role=Role.HEAD,
        since=world.clock().date(),
        until=None,
        ground="приказ отдела",
        recorded_at=world.clock(),
        confirmed_by=world.person("gareev").person_id,
    )
    return replace(mandate, **changed)  # type: ignore[arg-type]  # fields of a mandate


def test_an_order_stays_valid_when_its_head_has_left_since(world: World) -> None:
    sent = sent_by_school(world)
    signed_on = world.clock().date()
    world.clock.advance(days=3)
    with world.services.uow() as tx:
        for held in tx.mandates.of_person(world.person("belova").person_id):
            tx.mandates.save(replace(held, until=signed_on), held)
        tx.mandates.save(head_mandate(world, "safina"), None)
        tx.commit()
    assert examined_as(world, sent).items[0].verdict == "valid"


def test_an_order_of_somebody_who_became_head_later_is_not_valid(world: World) -> None:
    sent = sent_by_school(world)
    with world.services.uow() as tx:
        for held in tx.mandates.of_person(world.person("belova").person_id):
            tx.mandates.save(replace(held, until=world.clock().date() - timedelta(days=1)), held)
        tx.mandates.save(head_mandate(world, "safina"), None)
        tx.commit()
    assert examined_as(world, sent).items[0].verdict == "invalid"


def test_a_signature_withdrawn_after_the_examination_is_not_accepted(world: World) -> None:
    own = OwnAuthority.trusted(world, "package")
    own.new_list()
    world.clock.now += timedelta(hours=1)
    case_id = programme(world)
    first = signed_letter(world, case_id)
    with world.services.uow.reading() as tx:
        package = tx.documents.load(first.id).facts["package"]
    letter = fix_now(world, prepared(world, case_id, "D33", {"package": package}))
    signature = handed_in(world, letter, own.key("belova"))
    assert isinstance(signature, Signature)
    sent = done(deliver(world.services, world.actor("zaytseva"), letter.id))
    world.work()
    assert now_of(world, sent).state is SubmissionState.EXAMINED
    world.clock.now += DAY
    own.root_list()
    own.new_list({int(signature.serial, 16): signature.received_at - timedelta(minutes=1)})
    with world.services.uow() as tx:
        due.accepted_signatures(tx)
        tx.commit()
    world.work()
    answer = accept(world.services, world.actor("gareev"), sent.id)
    assert isinstance(answer, Refusal), answer
    assert now_of(world, sent).items[0].verdict == "invalid"


def test_an_officer_who_heads_the_school_does_not_accept_its_package(world: World) -> None:
    sent = sent_by_school(world)
    operator, gareev = world.town.operator, world.person("gareev")
    new = staff.NewEmployment(
        gareev.person_id, world.place("school-1").id, "директор", world.clock().date()
    )
    post = done(staff.employ(world.services, operator, new))
    done(
        staff.give_mandate(
            world.services, operator, post.id, "head", new.since, None, "приказ № 5-к"
        )
    )
    answer = accept(world.services, world.actor("gareev"), sent.id)
    assert isinstance(answer, Refusal)
    assert answer.code == "accept.own_package"


@pytest.mark.parametrize("later", [False, True])
def test_whoever_has_left_the_post_signs_no_more(world: World, later: bool) -> None:
    with world.services.uow.reading() as tx:
        post = tx.employments.load(world.person("belova").employment_id)
    left = replace(post, until=world.clock().date() - DAY)
    done(staff.change_employment(world.services, world.town.operator, left))
    if later:
        done(
            staff.give_mandate(
                world.services, world.town.operator, post.id, "head", post.since, None, "приказ"
            )
        )
    today = world.clock().date()
    assert not any(m.in_force(today) for m in world.actor("belova").mandates)
