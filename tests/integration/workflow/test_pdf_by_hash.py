"""Signing inside the PDF by hash: prepared once at a time, completed with what the key made."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from threading import Barrier
from uuid import UUID

import pytest
from asn1crypto import cms as asn1_cms
from asn1crypto import core

from marshrut.demonstration.town import KEY_PASSWORD, done
from signing.cades import complete_cms, prepare_cms
from signing.keys import SigningKey, open_pkcs12
from signing.sign import sign_pdf
from signing.training.certificates import KeyAlgorithm
from tests.databases import Database
from tests.gost_training import GostAuthority
from tests.integration.workflow import acts
from tests.integration.workflow.test_two_signers import working_by
from tests.world import World, copy_world, holder, make_world
from workflow.domain.refusals import Refusal
from workflow.domain.regulations import SignatureFormat
from workflow.domain.routes import DocumentState
from workflow.domain.signatures import Signature, SignatureStatus
from workflow.ports import CheckStatus
from workflow.usecases.errors import NotFoundError
from workflow.usecases.fix import fix
from workflow.usecases.keys import add_key
from workflow.usecases.record_signature import record_signature
from workflow.usecases.return_for_rework import return_for_rework
from workflow.usecases.sign import begin_signing, sign_with_stored_key
from workflow.usecases.sign_by_hash import (
    BegunByHash,
    begin_signing_by_hash,
    cancel_by_hash,
    record_by_hash,
)
from workflow.usecases.staff import give_mandate
from workflow.usecases.trust import trust_view

PACK = "two_deputies"
SECONDS = 30
LEASE = timedelta(minutes=3)


@dataclass
class Deputy:
    """One of those who may sign, with a key of their own and a browser."""

    world: World
    name: str
    key: SigningKey
    document: UUID

    def begin(self) -> BegunByHash | Refusal:
        who, seen = self.world.actor(self.name), acts.seen(self.world, self.document)
        certificate = self.key.certificate.der
        return begin_signing_by_hash(self.world.services, who, self.document, seen, certificate)

    def begun(self) -> BegunByHash:
        return done(self.begin())

    def sign(self, begun: BegunByHash, key: SigningKey | None = None) -> list[bytes]:
        return [by_plugin(self.world, key or self.key, one) for one in begun.digests.values]

    def hand_in(self, begun: BegunByHash, made: list[bytes]) -> Signature | Refusal:
        who = self.world.actor(self.name)
        return record_by_hash(self.world.services, who, begun.begun.attempt.id, made)

    def cancel(self, begun: BegunByHash) -> None:
        cancel_by_hash(self.world.services, self.world.actor(self.name), begun.begun.attempt.id)


def by_plugin(world: World, key: SigningKey, digest: str) -> bytes:
    """What the signer's program returns for a digest: a CMS with the time of its own clock."""
    value = bytes.fromhex(digest)
    prepared = prepare_cms(value, key.certificate, key.scheme, signing_time=world.clock())
    return complete_cms(prepared, key.sign(prepared.to_sign), key.chain)


def key_of(world: World, who: str) -> SigningKey:
    made = world.authorities.key_file(
        holder(world.person(who), world.place("school-1")), KEY_PASSWORD, world.clock()
    )
    done(add_key(world.services, world.actor(who), made, KEY_PASSWORD))
    return open_pkcs12(made, KEY_PASSWORD)


def order_of_deputies(world: World, case: UUID) -> UUID:
    facts = {"curator": world.employment("safina"), "basis": "решение педагогического совета"}
    order = acts.drafted(world, case, "TEST", date_from=world.clock().date(), **facts)
    acts.submitted(world, order.id)
    return acts.fixed(world, order.id).id


@dataclass
class Office:
    """School 1 has two deputies, and an order that either of them signs inside the PDF."""

    world: World
    case: UUID
    order: UUID
    first: Deputy
    second: Deputy

    @property
    def state(self) -> DocumentState:
        return acts.state(self.world, self.order)

    def wait(self, **by: float) -> None:
        self.world.clock.now += timedelta(**by)

    @property
    def signed_pdf(self) -> bytes:
        (signature,) = acts.signatures(self.world, self.order)
        return self.world.services.blobs.get(signature.files[0].signature)

    def is_valid(self, signed: bytes) -> bool:
        """Whether a signed PDF is good by itself, whosever it is."""
        (file,) = acts.manifest(self.world, self.order).files
        with self.world.services.uow.reading() as tx:
            trust = trust_view(tx, self.world.services)
        answer = self.world.services.signatures.examine(
            self.world.services.blobs.get(file.pdf),
            signed,
            SignatureFormat.PADES,
            trust=trust,
            now=self.world.clock(),
            expected=None,
        )
        return answer.status is CheckStatus.VALID


def opened(world: World) -> Office:
    working_by(world, PACK)
    since = world.clock().date()
    post = UUID(world.employment("ershov"))
    ground = "приказ от 04.05.2026 № 7-к"
    services, operator = world.services, world.town.operator
    done(give_mandate(services, operator, post, "deputy", since, None, ground))
    case = acts.open_programme(world)
    order = order_of_deputies(world, case)
    first, second = (Deputy(world, who, key_of(world, who), order) for who in ("safina", "ershov"))
    return Office(world, case, order, first, second)


@pytest.fixture(scope="session")
def office_template(
    world_template: tuple[World, Path], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Office, Path]:
    """The office up to the order that waits to be signed, opened once."""
    folder = tmp_path_factory.mktemp("deputies") / "world"
    return opened(copy_world(*world_template, folder)), folder


@pytest.fixture
def office(office_template: tuple[Office, Path], tmp_path: Path) -> Iterator[Office]:
    made, folder = office_template
    world = copy_world(made.world, folder, tmp_path / "copied")
    world.services = replace(world.services, packs=made.world.services.packs)
    first, second = (replace(each, world=world) for each in (made.first, made.second))
    yield replace(made, world=world, first=first, second=second)
    world.services.uow.engine.dispose()


@pytest.fixture
def on_each_database(database: Database, tmp_path: Path) -> Iterator[Office]:
    world = make_world(tmp_path, database.url)
    yield opened(world)
    world.services.uow.engine.dispose()


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
    until = (office.world.clock() + LEASE).astimezone(local)
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
        meeting.wait(SECONDS)
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


def of_another_document(office: Office, begun: BegunByHash) -> list[bytes]:
    other = order_of_deputies(office.world, office.case)
    there = Deputy(office.world, "safina", office.first.key, other)
    return there.sign(there.begun())


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


# A session replayed


def test_same_signature_again_gets_the_first_answer_and_another_is_refused(
    on_each_database: Office,
) -> None:
    office = on_each_database
    begun = office.first.begun()
    made = office.first.sign(begun)
    first = done(office.first.hand_in(begun, made))
    office.wait(minutes=30)
    assert done(office.first.hand_in(begun, made)) == first
    other = office.first.sign(begun)
    assert other != made
    assert acts.refused(office.first.hand_in(begun, other)) == "signing.used"
    assert acts.signatures(office.world, office.order) == [first]


def test_session_is_of_no_use_after_ten_minutes(office: Office) -> None:
    begun = office.first.begun()
    made = office.first.sign(begun)
    office.wait(minutes=10)
    assert acts.refused(office.first.hand_in(begun, made)) == "signing.expired"
    assert acts.signatures(office.world, office.order) == []
    assert office.state is DocumentState.TO_SIGN


def test_session_is_of_no_use_to_another_account(office: Office) -> None:
    world = office.world
    begun = office.first.begun()
    made = office.first.sign(begun)
    attempt = begun.begun.attempt.id
    for other in ("ershov", "belova", "zaytseva"):
        answer = record_by_hash(world.services, world.actor(other), attempt, made)
        assert acts.refused(answer) == "signing.not_yours"
    with pytest.raises(NotFoundError):
        record_by_hash(world.services, world.actor("petrov"), attempt, made)
    assert acts.signatures(world, office.order) == []
    assert acts.refused(office.second.begin()) == "signing.leased"
    first = done(office.first.hand_in(begun, made))
    answer = record_by_hash(world.services, world.actor("ershov"), attempt, made)
    assert acts.refused(answer) == "signing.not_yours"
    assert acts.signatures(world, office.order) == [first]


def test_used_session_takes_no_signature_of_another_document(office: Office) -> None:
    begun = office.first.begun()
    first = done(office.first.hand_in(begun, office.first.sign(begun)))
    foreign = of_another_document(office, begun)
    assert acts.refused(office.first.hand_in(begun, foreign)) == "signing.used"
    assert acts.signatures(office.world, office.order) == [first]


def test_detached_session_is_replayed_in_vain_too(story: acts.Story) -> None:
    world = story.world
    order = acts.appointment(world, story.case)
    acts.fixed(world, order.id)
    head = Deputy(world, "belova", key_of(world, "belova"), order.id)
    begun = head.begun()
    assert begun.begun.attempt.prepared == ()
    made = head.sign(begun)
    first = done(head.hand_in(begun, made))
    world.clock.now += timedelta(minutes=11)
    assert done(head.hand_in(begun, made)) == first
    assert acts.refused(head.hand_in(begun, head.sign(begun))) == "signing.used"
    assert len(acts.signatures(world, order.id)) == 1


def test_session_that_never_was_is_not_found(office: Office) -> None:
    nowhere = office.world.services.new_id()
    with pytest.raises(NotFoundError):
        record_by_hash(office.world.services, office.world.actor("safina"), nowhere, [b"cms"])
    with pytest.raises(NotFoundError):
        cancel_by_hash(office.world.services, office.world.actor("safina"), nowhere)
