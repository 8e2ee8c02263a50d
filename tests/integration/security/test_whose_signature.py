"""A signature is this person's, by one certificate, under circumstances that still hold."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa

from marshrut.demonstration.town import done
from tests.integration.security.own_authority import (
    OwnAuthority,
    begun,
    handed_in,
    outputs,
    while_examined,
)
from tests.integration.web.signing_site import fixed_appointment, fixed_approval, load, programme
from tests.world import World
from workflow.domain.organisations import Requisites
from workflow.domain.refusals import Refusal
from workflow.domain.regulations import SignatureKind
from workflow.domain.signatures import Signature, SignatureStatus
from workflow.store.tables.people import people
from workflow.usecases import staff
from workflow.usecases.errors import NotFoundError
from workflow.usecases.record_signature import record_signature
from workflow.usecases.trust import remove_anchor


def refused(answer: Signature | Refusal) -> str:
    assert isinstance(answer, Refusal), answer
    return answer.code


def received(answer: Signature | Refusal) -> tuple[SignatureStatus, str]:
    assert isinstance(answer, Signature), answer
    return answer.status, answer.explanation.code if answer.explanation else ""


def forget_numbers(world: World, who: str) -> None:
    """As if nobody had ever entered the person's СНИЛС and ИНН."""
    with world.services.uow() as tx:
        own = people.c.id == world.person(who).person_id
        tx.connection.execute(sa.update(people).where(own).values(snils="", inn=""))
        tx.commit()


@pytest.fixture
def own(world: World) -> OwnAuthority:
    authority = OwnAuthority.trusted(world, "whose")
    authority.new_list()
    return authority


def test_a_namesake_is_not_accepted_where_no_number_is_known(
    world: World, own: OwnAuthority
) -> None:
    document = fixed_appointment(world, programme(world))
    forget_numbers(world, "belova")
    answer = handed_in(world, document, own.key("belova", snils="11223344595", inn="160000000001"))
    assert received(answer) == (SignatureStatus.RECEIVED, "signature.owner.only_name")


def test_a_received_namesake_is_refused_once_the_number_is_known(
    world: World, own: OwnAuthority
) -> None:
    document = fixed_appointment(world, programme(world))
    forget_numbers(world, "belova")
    answer = handed_in(world, document, own.key("belova", snils="11223344595", inn="160000000001"))
    assert isinstance(answer, Signature)
    with world.services.uow.reading() as tx:
        card = tx.people.load(world.person("belova").person_id)
    filled = replace(card, snils=world.person("belova").snils)
    done(staff.change_person(world.services, world.town.operator, filled))
    world.clock.now += timedelta(minutes=1)
    own.new_list()
    world.work()
    with world.services.uow.reading() as tx:
        assert tx.signatures.load(answer.id).status is SignatureStatus.REFUSED


def test_a_certificate_for_another_organisation_is_not_accepted_without_requisites(
    world: World, own: OwnAuthority
) -> None:
    document = fixed_appointment(world, programme(world))
    with world.services.uow() as tx:
        school = tx.organisations.load(world.place("school-1").id)
        tx.organisations.save(replace(school, requisites=Requisites()), school)
        tx.commit()
    other = world.place("school-2")
    key = own.key("belova", ogrn=other.ogrn, inn_le=other.inn)
    assert received(handed_in(world, document, key)) == (
        SignatureStatus.RECEIVED,
        "signature.owner.organisation_unknown",
    )


def test_a_certificate_for_another_organisation_is_refused(world: World, own: OwnAuthority) -> None:
    document = fixed_appointment(world, programme(world))
    other = world.place("school-2")
    key = own.key("belova", ogrn=other.ogrn, inn_le=other.inn)
    assert refused(handed_in(world, document, key)) == "signature.owner.other_organisation"


def test_a_certificate_of_the_organisation_without_a_person_is_refused(
    world: World, own: OwnAuthority
) -> None:
    document = fixed_appointment(world, programme(world))
    key = own.key("belova", surname="", given="", snils="", inn="")
    assert refused(handed_in(world, document, key)) == "signature.owner.other_name"


def test_files_signed_with_different_certificates_are_refused(
    world: World, own: OwnAuthority
) -> None:
    better = OwnAuthority.trusted(world, "better", SignatureKind.QUALIFIED)
    better.new_list()
    order = fixed_approval(world, programme(world))
    assert order.manifest is not None
    assert len(order.manifest.files) > 1
    answer = handed_in(world, order, better.key("belova"), own.key("belova"))
    assert refused(answer) == "signing.several_certificates"


def change_numbers(world: World) -> None:
    forget_numbers(world, "belova")


def withdraw_mandate(world: World) -> None:
    for mandate in world.actor("belova").mandates:
        done(staff.withdraw_mandate(world.services, world.town.operator, mandate.id))


def distrust(world: World) -> None:
    with world.services.uow.reading() as tx:
        anchors = tx.trust_anchors.trusted_by(None)
    for anchor in anchors:
        done(remove_anchor(world.services, world.town.operator, anchor.id))


@pytest.mark.parametrize("happens", [change_numbers, withdraw_mandate, distrust])
def test_what_changes_during_the_check_counts(
    world: World, own: OwnAuthority, happens: Callable[[World], None]
) -> None:
    document = fixed_appointment(world, programme(world))
    signing = begun(world, document)
    made = outputs(world, signing, own.key("belova"))
    services = while_examined(world.services, lambda: happens(world))
    with suppress(NotFoundError):  # who has lost every authority does not even see the document
        answer = record_signature(services, world.actor("belova"), signing.attempt.id, made)
        assert isinstance(answer, Refusal)
    assert _signatures(world, document.id) == []


def test_two_answers_to_one_attempt_leave_one_signature(world: World, own: OwnAuthority) -> None:
    document = fixed_appointment(world, programme(world))
    signing = begun(world, document)
    first = outputs(world, signing, own.key("belova"))
    world.clock.now += timedelta(seconds=1)
    second = outputs(world, signing, own.key("belova"))
    belova = world.actor("belova")
    inner: list[Signature | Refusal] = []

    def hand_in_the_other() -> None:
        if not inner:
            answer = record_signature(world.services, belova, signing.attempt.id, second)
            inner.append(answer)

    services = while_examined(world.services, hand_in_the_other)
    answer = record_signature(services, belova, signing.attempt.id, first)
    assert refused(answer) == "signing.used"
    assert _signatures(world, document.id) == inner


def test_a_signature_over_files_that_were_made_anew_is_refused(
    world: World, own: OwnAuthority
) -> None:
    document = fixed_appointment(world, programme(world))
    signing = begun(world, document)
    made = outputs(world, signing, own.key("belova"))
    with world.services.uow() as tx:
        attempt = tx.attempts.load(signing.attempt.id)
        tx.attempts.save(replace(attempt, fixing=attempt.fixing + 1), attempt)
        tx.commit()
    answer = record_signature(world.services, world.actor("belova"), signing.attempt.id, made)
    assert refused(answer) == "signing.document_changed"


def test_an_undecided_signature_does_not_put_in_force(world: World) -> None:
    own = OwnAuthority.trusted(world, "unlisted")  # no list of the issuing authority
    document = fixed_appointment(world, programme(world))
    answer = handed_in(world, document, own.key("belova"))
    assert received(answer)[0] is SignatureStatus.RECEIVED
    assert "signed" not in [m.verdict for m in load(world, document.id).marks]
    with world.services.uow.reading() as tx:
        found = tx.documents.in_force_of([document.organisation_id], ["D06"])
    assert document.id not in dict(found)


def _signatures(world: World, document_id: UUID) -> list[Signature]:
    with world.services.uow.reading() as tx:
        return tx.signatures.of_document(document_id)
