"""A joint order that three roles sign: one person two of them, simply, and the head by key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

from marshrut.demonstration.town import done
from tests.integration.workflow import acts
from tests.integration.workflow.test_two_signers import PACK, ShelfWithTestPack, joint_order
from tests.world import World
from workflow.domain.regulations import (
    DocumentType,
    Regulation,
    Role,
    SignatureDemand,
    SignatureFormat,
    SignatureKind,
    StepSpec,
    Verb,
    Who,
)
from workflow.usecases.staff import change_organisation

SIMPLE = SignatureDemand(SignatureKind.SIMPLE, SignatureFormat.CADES)
ADVANCED = SignatureDemand(SignatureKind.ADVANCED, SignatureFormat.CADES)


class SimplyShelf(ShelfWithTestPack):
    """The test pack with steps for whom a simple signature is enough."""

    def newest(self, name: str) -> Regulation:
        return _changed(super().newest(name)) if name == PACK else super().newest(name)

    def get(self, name: str, version: str) -> Regulation:
        return _changed(super().get(name, version)) if name == PACK else super().get(name, version)


def _changed(regulation: Regulation) -> Regulation:
    types: Mapping[str, DocumentType] = regulation.document_types
    joint = types["TEST"]
    own = StepSpec("sign_own", Verb.SIGN, Who(field_key="curator"), ("fix",), signature=SIMPLE)
    deputy = StepSpec("sign_deputy", Verb.SIGN, Who(Role.DEPUTY), ("fix",), signature=SIMPLE)
    head = StepSpec("sign_head", Verb.SIGN, Who(Role.HEAD), ("fix",), signature=ADVANCED)
    others = tuple(s for s in joint.route if s.verb is not Verb.SIGN)
    changed = replace(joint, route=(*others, own, deputy, head))
    letter = replace(types["D33"], depends_on=())  # it may enclose this order alone
    return replace(regulation, document_types={**types, "TEST": changed, "D33": letter})


def to_be_signed(world: World) -> UUID:
    """School-1 works by that pack; the order waits for Safina (twice) and for the head."""
    world.services = replace(world.services, packs=SimplyShelf(world.services.packs))
    with world.services.uow.reading() as tx:
        school = tx.organisations.load(world.place("school-1").id)
    done(change_organisation(world.services, world.town.operator, replace(school, pack=PACK)))
    order = joint_order(world)
    assert acts.load(world, order).fixing is not None
    return order
