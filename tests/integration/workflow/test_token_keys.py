"""A head's key on a token of the server: registered under its PIN, signs, never more than asked."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from marshrut.demonstration.town import KEY_PASSWORD, done
from marshrut.engines.signatures import Signatures
from marshrut.engines.tokens import ServerTokens
from marshrut.training import subject_of
from signing.training.certificates import KeyAlgorithm
from tests.integration.workflow import acts
from tests.integration.workflow.acts import Story
from tests.softhsm import LIBRARY, PIN, SoftHsm, seen_by_this_process, soft_hsm
from tests.world import KEYS, World, holder
from workflow.domain.accounts import PersonKey
from workflow.domain.bulk_signing import BulkWay
from workflow.domain.refusals import Refusal
from workflow.domain.regulations import SignatureFormat, SignatureKind
from workflow.domain.routes import DocumentState
from workflow.domain.signatures import Signature, SignatureStatus
from workflow.queries.my_keys import my_keys
from workflow.store.audit import INSTALLATION, read_events
from workflow.token_keys import TokenRequest
from workflow.usecases import desk as desks
from workflow.usecases.bulk_signing import BULK_UNFIT, Visit, begin_bulk, may_sign_in_bulk
from workflow.usecases.keys import add_key, remove_key
from workflow.usecases.sign import sign_with_stored_key
from workflow.usecases.token_keys import add_token_key
from workflow.usecases.try_signature import try_stored_key

TOKEN = "Школа № 1"
WRONG = "1357"


def with_tokens(world: World, library: Path | None = LIBRARY) -> World:
    """The same world on a server that has tokens, or has lost their library."""
    world.services = replace(
        world.services,
        signatures=Signatures(KEYS.at_rest, library),
        token_keys=ServerTokens(KEYS.at_rest, library) if library else None,
    )
    return world


def certified(world: World, algorithm: KeyAlgorithm = KeyAlgorithm.RSA_2048) -> bytes:
    """A key of the head with her certificate, to be put on a token."""
    authority = world.authorities._authorities["advanced"]
    facts = subject_of(holder(world.person("belova"), world.place("school-1")))
    since = world.clock() - timedelta(days=1)
    return authority.issue(facts, since, since + timedelta(days=365), algorithm).pkcs12(
        KEY_PASSWORD
    )


@pytest.fixture
def hsm(tmp_path: Path) -> Iterator[SoftHsm]:
    made = soft_hsm(tmp_path / "hsm")
    made.make_token(TOKEN)
    with seen_by_this_process(made):
        yield made


@pytest.fixture
def school(story: Story, hsm: SoftHsm) -> Story:
    """The order of the story waits; a key of its head lies on the server's token."""
    hsm.put(TOKEN, "head", "A1", certified(story.world), KEY_PASSWORD)
    with_tokens(story.world)
    return story


def register(world: World, pin: str = PIN, **more: str | bytes) -> PersonKey | Refusal:
    request = TokenRequest(TOKEN, pin, **more)  # type: ignore[arg-type]  # fields by name
    return add_token_key(world.services, world.actor("belova"), request)


def sign(world: World, document_id: UUID, pin: str = PIN) -> Signature | Refusal:
    actor = world.actor("belova")
    digest = acts.seen(world, document_id)
    return sign_with_stored_key(world.services, actor, document_id, digest, pin)


def test_a_registered_key_is_shown_with_its_token(school: Story) -> None:
    key = done(register(school.world))
    newest = my_keys(school.world.services, school.world.actor("belova"))[0]
    assert (newest.id, newest.token, newest.is_used) == (key.id, TOKEN, True)
    assert (newest.kind, newest.training) == (SignatureKind.ADVANCED, True)


def test_what_is_kept_holds_neither_key_nor_pin(school: Story) -> None:
    key = done(register(school.world))
    assert PIN.encode() not in key.sealed
    assert len(key.sealed) < 8000
    with school.world.services.uow.reading() as tx:
        told = read_events(tx.connection, INSTALLATION)
    assert PIN not in str(told)


def test_the_order_of_two_files_is_signed_inside_under_the_pin(school: Story) -> None:
    world = school.world
    done(register(world))
    signature = done(sign(world, school.order))
    assert (signature.status, signature.format) == (
        SignatureStatus.ACCEPTED,
        SignatureFormat.PADES,
    )
    assert acts.state(world, school.order) is DocumentState.IN_FORCE


@pytest.mark.parametrize("algorithm", [KeyAlgorithm.RSA_2048, KeyAlgorithm.ECDSA_P256])
def test_a_detached_signature_by_a_token_is_accepted(
    algorithm: KeyAlgorithm, world: World, hsm: SoftHsm
) -> None:
    hsm.put(TOKEN, "head", "A1", certified(world, algorithm), KEY_PASSWORD)
    with_tokens(world)
    acts.order_the_town(world, world.clock().date() + acts.TERM)
    order = acts.appointment(world, acts.open_programme(world))
    acts.fixed(world, order.id)
    done(register(world))
    signature = done(sign(world, order.id))
    assert (signature.status, signature.format) == (
        SignatureStatus.ACCEPTED,
        SignatureFormat.CADES,
    )


def test_a_gost_key_kept_here_signs_inside_the_pdf(story: Story) -> None:
    """SoftHSM knows no GOST R 34.10-2012; a container does."""
    with_gost_key(story.world)
    signature = acts.signed(story.world, story.order)
    assert (signature.format, acts.state(story.world, story.order)) == (
        SignatureFormat.PADES,
        DocumentState.IN_FORCE,
    )


def test_a_gost_key_kept_here_signs_detached(world: World) -> None:
    with_gost_key(world)
    acts.order_the_town(world, world.clock().date() + acts.TERM)
    order = acts.appointment(world, acts.open_programme(world))
    acts.fixed(world, order.id)
    assert acts.signed(world, order.id).format is SignatureFormat.CADES


def with_gost_key(world: World) -> None:
    made = certified(world, KeyAlgorithm.GOST_2012_256)
    done(add_key(world.services, world.actor("belova"), made, KEY_PASSWORD))


def test_a_wrong_pin_changes_nothing_and_is_said(school: Story) -> None:
    world = school.world
    assert acts.refused(register(world, WRONG)) == "signing.wrong_pin"
    done(register(world))
    assert acts.refused(sign(world, school.order, WRONG)) == "signing.wrong_pin"
    assert acts.state(world, school.order) is DocumentState.TO_SIGN
    assert acts.signatures(world, school.order) == []
    assert done(sign(world, school.order)).status is SignatureStatus.ACCEPTED


def test_a_token_that_is_gone_is_said(school: Story, hsm: SoftHsm) -> None:
    world = school.world
    done(register(world))
    hsm.remove_token(TOKEN)
    assert acts.refused(sign(world, school.order)) == "signing.token_absent"
    assert acts.refused(register(world)) == "signing.token_absent"
    assert acts.state(world, school.order) is DocumentState.TO_SIGN


def test_another_token_of_the_same_name_does_not_stand_in(school: Story, hsm: SoftHsm) -> None:
    done(register(school.world))
    hsm.remove_token(TOKEN)
    hsm.make_token(TOKEN)
    hsm.put(TOKEN, "head", "A1", certified(school.world), KEY_PASSWORD)
    assert acts.refused(sign(school.world, school.order)) == "signing.token_absent"


def test_a_token_that_hangs_holds_nobody_up(story: Story, tmp_path: Path) -> None:
    services = replace(story.world.services, token_keys=ServerTokens(KEYS.at_rest, LIBRARY, 1.0))
    story.world.services = services
    os.mkfifo(tmp_path / "softhsm2.conf")
    with seen_by_this_process(SoftHsm(tmp_path)):
        assert acts.refused(register(story.world)) == "signing.token_silent"


def test_tokens_that_hang_leave_the_others_their_threads(story: Story, tmp_path: Path) -> None:
    """Two talk to tokens at once; whoever comes meanwhile is told so and not kept waiting."""
    services = replace(story.world.services, token_keys=ServerTokens(KEYS.at_rest, LIBRARY, 6.0))
    story.world.services = services
    os.mkfifo(tmp_path / "softhsm2.conf")
    with seen_by_this_process(SoftHsm(tmp_path)), ThreadPoolExecutor(3) as people:
        asked = [people.submit(register, story.world) for _ in range(3)]
        answers = sorted(acts.refused(each.result()) for each in asked)
    assert answers == ["signing.token_busy", "signing.token_silent", "signing.token_silent"]


def test_a_list_of_documents_is_not_signed_with_a_key_on_a_token(school: Story) -> None:
    done(register(school.world))
    visit = Visit(school.world.services.new_id(), "session")
    actor = school.world.actor("belova")
    begun = begin_bulk(school.world.services, actor, [school.order], BulkWay.KEY_HERE, visit)
    assert acts.refused(begun) == BULK_UNFIT
    with school.world.services.uow.reading() as tx:
        desk = desks.lay(tx, school.world.services, actor, school.order)
        refusal = may_sign_in_bulk(tx, desk, BulkWay.KEY_HERE)
    assert refusal is not None
    assert refusal.code == "bulk.key_on_token"


def test_a_server_that_lost_its_library_says_so(school: Story) -> None:
    world = school.world
    done(register(world))
    with_tokens(world, None)
    assert acts.refused(sign(world, school.order)) == "signing.no_tokens_here"
    assert acts.refused(register(world)) == "key.no_tokens"


def test_a_stranger_with_the_row_of_another_signs_nothing(school: Story) -> None:
    """Whoever writes into the database alone cannot lend a token to somebody else."""
    world = school.world
    key = done(register(world))
    thief = world.actor("zaytseva")
    with world.services.uow() as tx:
        tx.person_keys.save(replace(key, id=world.services.new_id(), person_id=thief.person_id))
        tx.commit()
    assert acts.refused(try_stored_key(world.services, thief, PIN)) == "signing.seal_broken"


def test_trying_ones_signature_works_with_a_token(school: Story) -> None:
    done(register(school.world))
    (tried,) = done(try_stored_key(school.world.services, school.world.actor("belova"), PIN))
    assert tried.status == "valid"


def test_the_same_certificate_again_replaces_and_removal_leaves_the_older_key(
    school: Story,
) -> None:
    world, actor = school.world, school.world.actor("belova")
    before = my_keys(world.services, actor)
    done(register(world))
    second = done(register(world))
    shown = my_keys(world.services, actor)
    assert [card.id for card in shown] == [second.id, *(card.id for card in before)]
    remove_key(world.services, actor, second.id)
    assert my_keys(world.services, actor) == before
    assert done(acts.sign(world, school.order)).status is SignatureStatus.ACCEPTED


def test_a_key_on_a_token_is_not_used_where_a_qualified_signature_is_demanded(
    kedrovsk: World, hsm: SoftHsm
) -> None:
    head = next(
        p.key
        for place in kedrovsk.town.places.values()
        for p in place.people.values()
        if "head" in p.roles and place.key.startswith("school")
    )
    place = next(p for p in kedrovsk.town.places.values() if head in p.people)
    authority = kedrovsk.authorities._authorities["qualified"]
    facts = subject_of(holder(kedrovsk.person(head), place))
    since = kedrovsk.clock() - timedelta(days=1)
    issued = authority.issue(facts, since, since + timedelta(days=365), KeyAlgorithm.RSA_2048)
    hsm.put(TOKEN, "head", "A1", issued.pkcs12(KEY_PASSWORD), KEY_PASSWORD)
    with_tokens(kedrovsk)
    actor = kedrovsk.actor(head)
    done(add_token_key(kedrovsk.services, actor, TokenRequest(TOKEN, PIN)))
    tried = done(try_stored_key(kedrovsk.services, actor, PIN))
    by_kind = {one.capacity.demand.kind: one for one in tried}
    closed = by_kind[SignatureKind.QUALIFIED]
    assert closed.reason is not None
    assert closed.reason.code == "sign.key_on_server"
