"""Signing inside the PDF by hash: prepared once at a time, completed with what the key made."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier

import pytest
from asn1crypto import cms as asn1_cms
from asn1crypto import core

from marshrut.demonstration.town import KEY_PASSWORD, done
from signing.sign import sign_pdf
from signing.training.certificates import KeyAlgorithm
from tests.gost_training import GostAuthority
from tests.integration.web.bulk_site import looked_at, visit
from tests.integration.workflow import acts
from tests.integration.workflow.pdf_office import (
    Deputy,
    Office,
    by_plugin,
    key_of,
    of_another_document,
)
from workflow.domain.bulk_signing import BulkWay
from workflow.domain.refusals import Refusal
from workflow.domain.regulations import SignatureFormat
from workflow.domain.routes import DocumentState
from workflow.domain.signatures import Signature, SignatureStatus
from workflow.usecases.bulk_signing import confirm_in_browser
from workflow.usecases.errors import NotFoundError
from workflow.usecases.fix import fix
from workflow.usecases.record_signature import record_signature
from workflow.usecases.return_for_rework import return_for_rework
from workflow.usecases.sign import begin_signing, sign_with_stored_key
from workflow.usecases.sign_by_hash import (
    BegunByHash,
)
from workflow.usecases.sign_in_bulk import begin_in_bulk, hand_in_to_bulk

PATIENCE = 30  # seconds

# Prepared once


def test_digests_of_the_prepared_file_signed_elsewhere_put_the_order_in_force(
    office: Office,
) -> None:
    begun = office.first.begun()
    (prepared,) = begun.begun.attempt.prepared
    signature = done(office.first.hand_in(begun, office.first.sign(begun)))
    assert (signature.status, signature.format) == (
        SignatureStatus.ACCEPTED,
        SignatureFormat.PADES,
    )
    assert office.state is DocumentState.IN_FORCE
    kept, signed = office.world.services.blobs.get(prepared.pdf), office.signed_pdf
    assert signed[: prepared.place_start] == kept[: prepared.place_start]
    assert signed[prepared.place_end :] == kept[prepared.place_end :]
    assert office.is_valid(signed)


def test_order_and_its_annex_are_signed_in_one_act(story: acts.Story) -> None:
    world = story.world
    head = Deputy(world, "belova", key_of(world, "belova"), story.order)
    begun = head.begun()
    assert len(set(begun.digests.values)) == 2
    assert acts.refused(head.hand_in(begun, head.sign(begun)[:1])) == "signing.incomplete"
    begun = head.begun()
    made = head.sign(begun)
    assert acts.refused(head.hand_in(begun, made[::-1])) == "signature.integrity.content_changed"
    assert done(head.hand_in(begun, made)).status is SignatureStatus.ACCEPTED
    assert acts.state(world, story.roadmap) is DocumentState.IN_FORCE


def test_order_signed_inside_the_pdf_may_be_one_of_many_in_the_browser(story: acts.Story) -> None:
    world = story.world
    head, key, browser = world.actor("belova"), key_of(world, "belova"), visit(world)
    order = acts.load(world, story.order)
    bulk = looked_at(world, [order], BulkWay.BROWSER)
    done(confirm_in_browser(world.services, head, bulk.id, browser))
    certificate = key.certificate.der
    begun = begin_in_bulk(world.services, head, bulk.id, order.id, certificate, browser)
    assert isinstance(begun, BegunByHash)
    made = [by_plugin(world, key, one) for one in begun.digests.values]
    attempt = begun.begun.attempt
    assert len(attempt.prepared) == 2
    item = done(hand_in_to_bulk(world.services, head, bulk.id, order.id, attempt.id, made, browser))
    assert item.refusal is None
    assert acts.state(world, order.id) is DocumentState.IN_FORCE


# Prepared twice


def test_second_person_is_told_who_signs_and_when_it_becomes_free(
    office: Office,
) -> None:
    begun = office.first.begun()
    refusal = office.second.begin()
    assert isinstance(refusal, Refusal)
    assert refusal.code == "signing.leased"
    assert refusal.params["holder"].startswith("Сафина")  # type: ignore[attr-defined]  # a name
    with office.world.services.uow.reading() as tx:
        local = tx.organisations.load(office.world.place("school-1").id).zone
    until = (office.world.clock() + timedelta(minutes=3)).astimezone(local)
    assert refusal.params["until"] == f"{until:%H:%M}"
    assert done(office.first.hand_in(begun, office.first.sign(begun))).status
    assert acts.refused(office.second.begin()) == "document.sign.wrong_state"
    assert len(acts.signatures(office.world, office.order)) == 1


def test_who_is_late_is_refused_and_the_others_file_stays_valid(
    on_each_database: Office,
) -> None:
    office = on_each_database
    late = office.first.begun()
    made = office.first.sign(late)
    office.wait(minutes=3)
    begun = office.second.begun()
    signature = done(office.second.hand_in(begun, office.second.sign(begun)))
    before = office.signed_pdf
    assert acts.refused(office.first.hand_in(late, made)) == "document.sign.wrong_state"
    assert acts.signatures(office.world, office.order) == [signature]
    assert office.signed_pdf == before
    assert office.is_valid(before)


def test_who_is_late_while_somebody_else_signs_is_refused(on_each_database: Office) -> None:
    office = on_each_database
    late = office.first.begun()
    made = office.first.sign(late)
    office.wait(minutes=3)
    begun = office.second.begun()
    assert acts.refused(office.first.hand_in(late, made)) == "signing.lease_lost"
    assert acts.refused(office.first.begin()) == "signing.leased"
    assert done(office.second.hand_in(begun, office.second.sign(begun))).person_id != (
        office.world.person("safina").person_id
    )


def test_who_is_late_and_nobody_came_meanwhile_may_hand_in(office: Office) -> None:
    begun = office.first.begun()
    office.wait(minutes=9)
    signature = office.first.hand_in(begun, office.first.sign(begun))
    assert done(signature).status is SignatureStatus.ACCEPTED


def test_same_person_takes_over_and_the_first_page_cannot_sign_any_more(office: Office) -> None:
    begun = office.first.begun()
    again = office.first.begun()
    made = office.first.sign(begun)
    assert acts.refused(office.first.hand_in(begun, made)) == "signing.lease_lost"
    assert acts.refused(office.second.begin()) == "signing.leased"
    assert done(office.first.hand_in(again, office.first.sign(again))).status


def test_of_two_who_begin_at_the_same_moment_one_may_sign(on_each_database: Office) -> None:
    office = on_each_database
    meeting = Barrier(2)

    def begin(deputy: Deputy) -> BegunByHash | Refusal:
        meeting.wait(PATIENCE)
        return deputy.begin()

    with ThreadPoolExecutor(2) as hands:
        answers = list(hands.map(begin, (office.first, office.second)))
    assert sorted(type(one) is Refusal for one in answers) == [False, True]
    place = next(n for n, one in enumerate(answers) if isinstance(one, BegunByHash))
    deputy, begun = (office.first, office.second)[place], answers[place]
    assert isinstance(begun, BegunByHash)
    assert done(deputy.hand_in(begun, deputy.sign(begun))).status


def test_double_click_signs_once(on_each_database: Office) -> None:
    office = on_each_database
    begun = office.first.begun()
    made = office.first.sign(begun)
    with ThreadPoolExecutor(2) as hands:
        answers = list(hands.map(lambda _: office.first.hand_in(begun, made), range(2)))
    signatures = [one for one in answers if isinstance(one, Signature)]
    assert signatures
    assert {one.id for one in signatures} == {
        one.id for one in acts.signatures(office.world, office.order)
    }
    assert done(office.first.hand_in(begun, made)).id == signatures[0].id


# Given free


def test_cancelling_lets_others_sign_at_once(office: Office) -> None:
    begun = office.first.begun()
    office.first.cancel(begun)
    other = office.second.begun()
    made = office.first.sign(begun)
    assert acts.refused(office.first.hand_in(begun, made)) == "signing.lease_lost"
    office.first.cancel(begun)  # once more: it is nobody's business whose turn it is now
    assert done(office.second.hand_in(other, office.second.sign(other))).status


def test_nobody_cancels_for_another(office: Office) -> None:
    begun = office.first.begun()
    with pytest.raises(NotFoundError):
        office.second.cancel(begun)
    assert acts.refused(office.second.begin()) == "signing.leased"


def test_refused_signature_lets_others_sign_at_once(office: Office) -> None:
    begun = office.first.begun()
    wrong = office.first.sign(begun, office.second.key)
    assert isinstance(office.first.hand_in(begun, wrong), Refusal)
    other = office.second.begun()
    right = office.first.sign(begun)
    assert acts.refused(office.first.hand_in(begun, right)) == "signing.lease_lost"
    assert done(office.second.hand_in(other, office.second.sign(other))).status


def test_refused_signature_may_be_followed_by_the_right_one(office: Office) -> None:
    begun = office.first.begun()
    wrong = office.first.sign(begun, office.second.key)
    refused = office.first.hand_in(begun, wrong)
    assert office.first.hand_in(begun, wrong) == refused
    assert done(office.first.hand_in(begun, office.first.sign(begun))).status


# Other ways of signing beside it


def test_signed_pdf_from_elsewhere_waits_until_the_document_is_free(office: Office) -> None:
    world, ershov = office.world, office.world.actor("ershov")
    seen = acts.seen(world, office.order)
    upload = done(begin_signing(world.services, ershov, office.order, seen))
    fixed = world.services.blobs.get(upload.manifest.files[0].pdf)
    made = sign_pdf(fixed, office.second.key, world.clock())
    begun = office.first.begun()
    answer = record_signature(world.services, ershov, upload.attempt.id, [made])
    assert acts.refused(answer) == "signing.leased"
    begin = begin_signing(world.services, ershov, office.order, seen)
    assert acts.refused(begin) == "signing.leased"
    stored = sign_with_stored_key(world.services, ershov, office.order, seen, KEY_PASSWORD)
    assert acts.refused(stored) == "signing.leased"
    office.wait(minutes=3)
    assert done(record_signature(world.services, ershov, upload.attempt.id, [made])).status
    late = office.first.hand_in(begun, office.first.sign(begun))
    assert acts.refused(late) == "document.sign.wrong_state"


def test_another_pdf_than_the_prepared_one_is_not_taken_for_the_session(office: Office) -> None:
    world, safina = office.world, office.world.actor("safina")
    begun = office.first.begun()
    (file,) = begun.begun.manifest.files
    own = sign_pdf(world.services.blobs.get(file.pdf), office.first.key, world.clock())
    answer = record_signature(world.services, safina, begun.begun.attempt.id, [own])
    assert acts.refused(answer) == "signing.not_the_prepared"
    assert office.state is DocumentState.TO_SIGN


# What comes back


def over_the_fixed_file(office: Office, begun: BegunByHash) -> list[bytes]:
    (file,) = begun.begun.manifest.files
    return [by_plugin(office.world, office.first.key, file.pdf)]


def over_nothing(office: Office, begun: BegunByHash) -> list[bytes]:
    return [by_plugin(office.world, office.first.key, "00" * 32)]


def by_another_key_of_the_same_person(office: Office, begun: BegunByHash) -> list[bytes]:
    return office.first.sign(begun, key_of(office.world, "safina"))


def by_another_person(office: Office, begun: BegunByHash) -> list[bytes]:
    return office.first.sign(begun, office.second.key)


def too_large(office: Office, begun: BegunByHash) -> list[bytes]:
    """With forty kilobytes in it that no signature covers."""
    (made,) = office.first.sign(begun)
    whole = asn1_cms.ContentInfo.load(made)
    filling = core.Any(core.OctetString(bytes(40 * 1024)))
    attribute = asn1_cms.CMSAttribute({"type": "1.2.643.7.9", "values": [filling]})
    whole["content"]["signer_infos"][0]["unsigned_attrs"] = [attribute]
    return [bytes(whole.dump(force=True))]


def no_cms(office: Office, begun: BegunByHash) -> list[bytes]:
    return [b"%PDF-1.7 no signature"]


def the_signed_pdf(office: Office, begun: BegunByHash) -> list[bytes]:
    (file,) = begun.begun.manifest.files
    fixed = office.world.services.blobs.get(file.pdf)
    return [sign_pdf(fixed, office.first.key, office.world.clock())]


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (over_the_fixed_file, "signature.integrity.content_changed"),
        (over_nothing, "signature.integrity.content_changed"),
        (by_another_key_of_the_same_person, "signing.another_certificate"),
        (by_another_person, "signature.owner.other_name"),
        (too_large, "signing.cms_too_large"),
        (no_cms, "signing.cms_unreadable"),
        (the_signed_pdf, "signing.cms_unreadable"),
        (of_another_document, "signature.integrity.content_changed"),
        (lambda office, begun: [], "signing.incomplete"),
        (lambda office, begun: office.first.sign(begun) * 2, "signing.incomplete"),
    ],
)
def test_what_is_no_signature_of_the_prepared_file_is_refused(
    office: Office, make: Callable[[Office, BegunByHash], list[bytes]], reason: str
) -> None:
    begun = office.first.begun()
    assert acts.refused(office.first.hand_in(begun, make(office, begun))) == reason
    assert office.state is DocumentState.TO_SIGN
    assert acts.signatures(office.world, office.order) == []


@pytest.mark.parametrize(
    ("algorithm", "digest"),
    [(KeyAlgorithm.GOST_2012_256, "streebog256"), (KeyAlgorithm.GOST_2012_512, "streebog512")],
)
def test_gost_key_signs_the_digest_of_its_own_kind(
    office: Office, algorithm: KeyAlgorithm, digest: str
) -> None:
    key = GostAuthority.trusted(office.world).key("safina", "school-1", algorithm)
    deputy = replace(office.first, key=key)
    begun = deputy.begun()
    assert begun.digests.name == digest
    assert done(deputy.hand_in(begun, deputy.sign(begun))).status is SignatureStatus.ACCEPTED
    assert office.is_valid(office.signed_pdf)


# The document changes


def test_document_made_ready_anew_while_prepared_is_not_signed(office: Office) -> None:
    world, clerk = office.world, office.world.actor("zaytseva")
    begun = office.first.begun()
    made = office.first.sign(begun)
    done(fix(world.services, clerk, office.order))
    world.work()
    assert acts.refused(office.first.hand_in(begun, made)) == "signing.document_changed"
    other = office.second.begun()  # files of before keep nobody out
    assert done(office.second.hand_in(other, office.second.sign(other))).status
    assert office.is_valid(office.signed_pdf)


def test_document_returned_while_prepared_is_not_signed(office: Office) -> None:
    world, clerk = office.world, office.world.actor("zaytseva")
    begun = office.first.begun()
    made = office.first.sign(begun)
    done(return_for_rework(world.services, clerk, office.order, "Другой срок"))
    assert acts.refused(office.first.hand_in(begun, made)) == "document.sign.wrong_state"
