"""Two deputies, either of whom signs an order inside the PDF by hash, each with an own key."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from marshrut.demonstration.town import KEY_PASSWORD, done
from signing.cades import complete_cms, prepare_cms
from signing.keys import SigningKey, open_pkcs12
from tests.integration.workflow import acts
from tests.integration.workflow.test_two_signers import working_by
from tests.world import World, holder
from workflow.domain.refusals import Refusal
from workflow.domain.regulations import SignatureFormat
from workflow.domain.routes import DocumentState
from workflow.domain.signatures import Signature
from workflow.ports import CheckStatus
from workflow.usecases.keys import add_key
from workflow.usecases.sign_by_hash import (
    BegunByHash,
    begin_signing_by_hash,
    cancel_by_hash,
    record_by_hash,
)
from workflow.usecases.staff import give_mandate
from workflow.usecases.trust import trust_view

PACK = "two_deputies"


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


def of_another_document(office: Office, begun: BegunByHash) -> list[bytes]:
    other = order_of_deputies(office.world, office.case)
    there = Deputy(office.world, "safina", office.first.key, other)
    return there.sign(there.begun())
