"""The office takes a simple signature where the step asks for no more, and judges it itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

import pytest

from marshrut.engines.simple_seals import Seals
from tests.integration.workflow import acts
from tests.integration.workflow.simple_signers import ADVANCED, PACK, SimplyShelf, to_be_signed
from tests.told_once import told_once
from tests.world import World
from web.words import russian
from workflow.domain.refusals import Refusal
from workflow.domain.regulations import DocumentType, Regulation
from workflow.domain.signatures import SignatureStatus
from workflow.domain.submissions import PackageItem, Submission
from workflow.store.tables.known_seals import known_seals
from workflow.usecases.examine_submission import examine_submission
from workflow.usecases.own_seals import is_ours
from workflow.usecases.package_signers import shares_of


@pytest.fixture
@told_once
def package(world: World) -> Submission:
    """The joint order, signed by all, sent with its letter and examined."""
    order = to_be_signed(world)
    world.sign_simply("safina", order)
    acts.signed(world, order)
    with world.services.uow.reading() as tx:
        case = tx.documents.case_ids(order)[0]
    acts.order_the_town(world, world.clock().date() + acts.TERM)
    letter = acts.letter(world, case, [order])
    return acts.sent(world, letter.id)


def joint(package: Submission) -> PackageItem:
    return next(item for item in package.items if item.type_code == "TEST")


def again(world: World, package: Submission) -> PackageItem:
    """What the job finds when it examines the package once more."""
    effect = examine_submission(world.services, {"submission": str(package.id)})
    with world.services.uow() as tx:
        effect(tx)
        tx.commit()
    return joint(acts.package(world, package.id))


class StrictShelf(SimplyShelf):
    """The same pack, but every step wants a key."""

    def get(self, name: str, version: str) -> Regulation:
        regulation = super().get(name, version)
        return _strict(regulation) if name == PACK else regulation


def _strict(regulation: Regulation) -> Regulation:
    types: Mapping[str, DocumentType] = regulation.document_types
    kind = types["TEST"]
    route = tuple(replace(s, signature=ADVANCED if s.signature else None) for s in kind.route)
    return replace(regulation, document_types={**types, "TEST": replace(kind, route=route)})


def test_a_simple_signature_is_taken_where_it_is_enough(package: Submission) -> None:
    item = joint(package)
    assert (item.verdict, item.explanation) == ("valid", None)
    assert {s.format for s in item.signatures} == {"simple", "cades"}
    assert item.report  # of the head's certificate


def test_it_is_not_taken_where_a_key_is_asked_for(world: World, package: Submission) -> None:
    world.services = replace(world.services, packs=StrictShelf(world.services.packs))
    item = again(world, package)
    assert item.verdict == "invalid"
    assert item.explanation is not None
    assert item.explanation.code == "package.simple_not_enough"


def test_a_statement_that_counts_no_longer_is_not_taken(world: World, package: Submission) -> None:
    withdraw(world, joint(package).document_id)
    item = again(world, package)
    assert item.verdict == "invalid"
    assert item.explanation is not None
    assert item.explanation.code == "package.simple_not_enough"


def withdraw(world: World, order: UUID) -> None:
    with world.services.uow() as tx:
        simple = next(s for s in tx.signatures.of_document(order) if s.format == "simple")
        tx.signatures.save(replace(simple, status=SignatureStatus.WITHDRAWN), simple)
        tx.commit()


def replace_the_key(world: World) -> Seals:
    """From now on the installation seals with another key; returns what sealed before."""
    before = world.services.simple_seals
    assert isinstance(before, Seals)
    world.services = replace(world.services, simple_seals=Seals(b"x" * 32, russian()))
    return before


def test_a_seal_of_another_installation_is_not_called_valid(
    world: World, package: Submission
) -> None:
    """Seals of this place were made with a key never used here: whole, but of nobody known."""
    replace_the_key(world)
    with world.services.uow() as tx:
        tx.connection.execute(known_seals.delete())
        tx.commit()
    item = again(world, package)
    assert item.verdict == "undecided"
    assert item.explanation is not None
    assert item.explanation.code == "package.installation_unknown"


def test_a_seal_of_before_the_key_was_replaced_stays_valid(
    world: World, package: Submission
) -> None:
    replace_the_key(world)
    item = again(world, package)
    assert (item.verdict, item.explanation) == ("valid", None)


def test_what_a_former_key_seals_in_other_hands_is_a_strangers(
    world: World, package: Submission
) -> None:
    (digest,) = (s.signature for s in joint(package).signatures if s.format == "simple")
    sealed = world.services.blobs.get(digest)
    former = replace_the_key(world)
    opened = world.services.simple_seals.open(sealed)
    assert not isinstance(opened, Refusal)
    forged = former.seal(replace(opened.statement, challenge="0" * 32))
    with world.services.uow.reading() as tx:
        assert is_ours(tx, opened, sealed)
        of_forger = world.services.simple_seals.open(forged)
        assert not isinstance(of_forger, Refusal)
        assert of_forger.fingerprint == opened.fingerprint
        assert not is_ours(tx, of_forger, forged)
    withdraw(world, joint(package).document_id)
    with world.services.uow.reading() as tx:
        assert not is_ours(tx, opened, sealed)


def test_a_package_without_one_of_the_signatures_is_not_taken(
    world: World, package: Submission
) -> None:
    item = joint(package)
    kept = tuple(s for s in item.signatures if s.format != "simple")
    assert len(kept) < len(item.signatures)
    with world.services.uow.reading() as tx:
        sender = tx.organisations.load(package.sender_id)
        changed = replace(item, signatures=kept)
        refusal = shares_of(tx, world.services, sender, changed, package.receiver_id)
    assert isinstance(refusal, Refusal)
    assert refusal.code == "package.step_unsigned"
