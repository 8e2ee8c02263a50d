"""Lists and answers are fetched from where certificates say, and received signatures decided."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from cryptography import x509
from cryptography.x509.oid import AuthorityInformationAccessOID

from marshrut.demonstration.town import done
from marshrut.engines.status_sources import NetworkSources
from signing.keys import SigningKey, open_pkcs12
from signing.sign import sign_detached
from tests import ocsp_responder
from tests.http_server import Server, answer, serving
from tests.integration.security.own_authority import (
    PASSWORD,
    OwnAuthority,
    handed_in,
    subject_of,
)
from tests.integration.workflow import acts
from tests.integration.workflow.acts import Story
from tests.integration.workflow.test_looks_again import the_signature, tick
from tests.integration.workflow.test_signing_again import lose
from tests.pki import Holder
from tests.world import World
from workflow.domain.documents import Document
from workflow.domain.obligations import ObligationState, state_of
from workflow.domain.regulations import SignatureFormat
from workflow.domain.routes import DocumentState
from workflow.domain.signatures import SignatureStatus
from workflow.domain.trust import AskedSource
from workflow.ports import TrustView
from workflow.store.tables.trust import revocation_sources
from workflow.usecases.fetch_lists import KIND, MOST_ASKED
from workflow.usecases.trust import trust_view

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
SLOT = timedelta(minutes=10)


@pytest.fixture
def server(story: Story) -> Iterator[Server]:
    """The authority's machine; nothing but it can be asked."""
    with serving() as one:
        sources = NetworkSources(one.reach)
        story.world.services = replace(story.world.services, status_sources=sources)
        yield one


@pytest.fixture
def own(story: Story) -> OwnAuthority:
    return OwnAuthority.trusted(story.world, "fetched")


@pytest.fixture
def to_sign(story: Story) -> Document:
    order = acts.appointment(story.world, story.case)
    return acts.fixed(story.world, order.id)


def holder_of(own: OwnAuthority, *extensions: x509.ExtensionType) -> Holder:
    """Belova's certificate with these extensions."""
    since = own.world.clock().replace(microsecond=0) - DAY
    return own.office.issuing.person(
        subject_of(own.world, "belova"),
        not_before=since,
        not_after=since + 365 * DAY,
        more=tuple((each, False) for each in extensions),
    )


def key_of(holder: Holder) -> SigningKey:
    return open_pkcs12(holder.pkcs12(PASSWORD), PASSWORD)


def listed_at(*addresses: str) -> x509.CRLDistributionPoints:
    names = [[x509.UniformResourceIdentifier(each)] for each in addresses]
    return x509.CRLDistributionPoints(
        [x509.DistributionPoint(name, None, None, None) for name in names]
    )


def answered_at(address: str) -> x509.AuthorityInformationAccess:
    ocsp = AuthorityInformationAccessOID.OCSP
    named = x509.UniformResourceIdentifier(address)
    return x509.AuthorityInformationAccess([x509.AccessDescription(ocsp, named)])


def publish(
    server: Server, own: OwnAuthority, revoked: Mapping[int, datetime] | None = None
) -> None:
    publish_as_of(server, own, own.world.clock(), revoked)


def publish_as_of(
    server: Server, own: OwnAuthority, issued: datetime, revoked: Mapping[int, datetime] | None
) -> None:
    made = own.office.issuing.crl(revoked, this_update=issued, next_update=issued + 7 * DAY)
    server.answers["/ca.crl"] = answer(made)


def remembered(world: World) -> list[AskedSource]:
    with world.services.uow.reading() as tx:
        keys = [row.key for row in tx.connection.execute(sa.select(revocation_sources.c.key))]
        return sorted(tx.revocation_sources.by_keys(keys).values(), key=lambda one: one.address)


def wait(world: World, by: timedelta) -> None:
    world.clock.now += by
    tick(world)


def test_a_list_that_is_published_is_fetched_at_once_and_decides(
    story: Story, server: Server, own: OwnAuthority, to_sign: Document
) -> None:
    world = story.world
    publish(server, own)
    key = key_of(holder_of(own, listed_at(server.address("/ca.crl"))))
    received_at = world.clock()
    assert done(handed_in(world, to_sign, key)).status is SignatureStatus.RECEIVED
    assert server.asked == []
    world.work()
    assert [asked.split(b"\r\n")[0] for asked in server.asked] == [b"GET /ca.crl HTTP/1.1"]
    accepted = the_signature(world, to_sign.id)
    assert (accepted.status, accepted.received_at) == (SignatureStatus.ACCEPTED, received_at)
    assert acts.state(world, to_sign.id) is DocumentState.IN_FORCE


def test_an_outage_at_the_deadline_leaves_the_signature_received_with_its_time(
    story: Story, server: Server, own: OwnAuthority
) -> None:
    """The list comes two days later; the day that counts is that of the receipt."""
    world, order = story.world, acts.load(story.world, story.order)
    received_at = world.clock()
    key = key_of(holder_of(own, listed_at(server.address("/ca.crl"))))
    assert done(handed_in(world, order, key)).status is SignatureStatus.RECEIVED
    for _ in range(4):
        wait(world, 12 * HOUR)
        waiting = the_signature(world, order.id)
        assert (waiting.status, waiting.received_at) == (SignatureStatus.RECEIVED, received_at)
        assert acts.state(world, order.id) is DocumentState.SIGNATURE_RECEIVED
    assert state_of(acts.owed(world, "2.3")) is ObligationState.OPEN
    publish(server, own)
    wait(world, 12 * HOUR)
    accepted = the_signature(world, order.id)
    assert (accepted.status, accepted.received_at) == (SignatureStatus.ACCEPTED, received_at)
    assert acts.state(world, order.id) is DocumentState.IN_FORCE
    met = acts.owed(world, "2.3")
    assert (state_of(met), met.first_arrival) == (ObligationState.MET, received_at)


def test_a_failure_is_remembered_and_the_next_try_comes_later_each_time(
    story: Story, server: Server, own: OwnAuthority, to_sign: Document
) -> None:
    world = story.world
    key = key_of(holder_of(own, listed_at(server.address("/ca.crl"))))
    done(handed_in(world, to_sign, key))
    world.work()
    (source,) = remembered(world)
    assert (source.failures, source.problem) == (1, "fetching.answer_refused")
    assert source.next_at == source.asked_at + SLOT
    wait(world, 2 * SLOT)
    assert len(server.asked) == 2
    for minutes, tries in ((20, 3), (40, 4)):
        wait(world, minutes * MINUTE - SLOT)
        assert len(server.asked) == tries - 1
        wait(world, 2 * SLOT)
        assert len(server.asked) == tries
    (source,) = remembered(world)
    assert source.failures == 4
    publish(server, own)
    wait(world, 80 * MINUTE + SLOT)
    (source,) = remembered(world)
    assert (source.failures, source.problem) == (0, "")
    assert the_signature(world, to_sign.id).status is SignatureStatus.ACCEPTED


def test_a_run_that_is_repeated_changes_nothing(
    story: Story, server: Server, own: OwnAuthority, to_sign: Document
) -> None:
    world = story.world
    key = key_of(holder_of(own, listed_at(server.address("/ca.crl"))))
    publish(server, own)
    done(handed_in(world, to_sign, key))
    world.work()
    version = acts.load(world, to_sign.id).version
    for number in range(3):
        with world.services.uow() as tx:
            tx.outbox.add(KIND, {}, once_key=f"again {number}")
            tx.commit()
        world.work()
    assert len(server.asked) == 1
    assert acts.load(world, to_sign.id).version == version


def test_a_revoked_certificate_is_found_by_the_list_that_was_fetched(
    story: Story, server: Server, own: OwnAuthority, to_sign: Document
) -> None:
    world = story.world
    key = key_of(holder_of(own, listed_at(server.address("/ca.crl"))))
    publish(server, own, {key.certificate.serial: world.clock() - HOUR})
    done(handed_in(world, to_sign, key))
    world.work()
    refused = the_signature(world, to_sign.id)
    assert refused.status is SignatureStatus.REFUSED
    assert acts.refused(refused.explanation) == "signature.revocation.revoked"


def test_a_list_that_is_older_than_another_authoritys_is_looked_at_too(
    story: Story, server: Server, own: OwnAuthority, to_sign: Document
) -> None:
    """The root's list came first and was issued later: the signer's own still decides."""
    world = story.world
    key = key_of(holder_of(own, listed_at(server.address("/ca.crl"))))
    own.new_list()
    revoked_at = world.clock()
    wait(world, HOUR)
    assert done(handed_in(world, to_sign, key)).status is SignatureStatus.ACCEPTED
    wait(world, 2 * HOUR)
    own.root_list()
    wait(world, HOUR)
    assert the_signature(world, to_sign.id).status is SignatureStatus.ACCEPTED
    before_the_roots = world.clock() - 2 * HOUR
    publish_as_of(server, own, before_the_roots, {key.certificate.serial: revoked_at})
    wait(world, DAY)
    tick(world)
    assert the_signature(world, to_sign.id).status is SignatureStatus.WITHDRAWN


def test_an_accepted_signature_is_withdrawn_by_the_first_list_after_it(
    story: Story, server: Server, own: OwnAuthority, to_sign: Document
) -> None:
    """The second look: what was current at the signing did not know of the revocation yet."""
    world = story.world
    key = key_of(holder_of(own, listed_at(server.address("/ca.crl"))))
    own.new_list()
    wait(world, HOUR)
    revoked_at = world.clock()
    wait(world, HOUR)
    assert done(handed_in(world, to_sign, key)).status is SignatureStatus.ACCEPTED
    wait(world, HOUR)
    assert the_signature(world, to_sign.id).status is SignatureStatus.ACCEPTED
    publish(server, own, {key.certificate.serial: revoked_at})
    own.root_list()
    wait(world, DAY)
    tick(world)
    assert the_signature(world, to_sign.id).status is SignatureStatus.WITHDRAWN
    assert acts.state(world, to_sign.id) is DocumentState.TO_SIGN


def test_an_answer_of_the_responder_decides_where_there_is_no_list(
    story: Story, server: Server, own: OwnAuthority, to_sign: Document
) -> None:
    world = story.world
    holder = holder_of(own, answered_at(server.address("/ocsp")))
    now = world.clock().replace(microsecond=0)
    said = ocsp_responder.Said(this_update=now, next_update=now + HOUR)
    by = ocsp_responder.delegate(own.office.issuing, not_before=now - DAY, not_after=now + DAY)
    made = ocsp_responder.answer(holder, own.office.issuing, said, by=by, produced_at=now)
    server.answers["/ocsp"] = answer(made, "application/ocsp-response")
    done(handed_in(world, to_sign, key_of(holder)))
    world.work()
    assert server.asked[0].startswith(b"POST /ocsp HTTP/1.1")
    assert the_signature(world, to_sign.id).status is SignatureStatus.ACCEPTED


def test_a_responder_that_does_not_know_the_certificate_is_asked_again(
    story: Story, server: Server, own: OwnAuthority, to_sign: Document
) -> None:
    world = story.world
    holder = holder_of(own, answered_at(server.address("/ocsp")))

    def say(said: ocsp_responder.Said) -> None:
        now = world.clock().replace(microsecond=0)
        dated = replace(said, this_update=now, next_update=now + HOUR)
        made = ocsp_responder.answer(holder, own.office.issuing, dated, produced_at=now)
        server.answers["/ocsp"] = answer(made, "application/ocsp-response")

    say(ocsp_responder.UNKNOWN)
    done(handed_in(world, to_sign, key_of(holder)))
    world.work()
    waiting = the_signature(world, to_sign.id)
    assert waiting.status is SignatureStatus.RECEIVED
    assert acts.refused(waiting.explanation) == "signature.revocation.unknown"
    world.clock.now += 2 * HOUR
    say(ocsp_responder.GOOD)
    tick(world)
    assert len(server.asked) == 2
    assert the_signature(world, to_sign.id).status is SignatureStatus.ACCEPTED


def test_the_list_of_a_stranger_is_not_kept(
    story: Story, server: Server, own: OwnAuthority, to_sign: Document
) -> None:
    """Whoever sits between us and the authority can send anything; only its own word counts."""
    world = story.world
    strange = OwnAuthority.trusted(world, "strange")
    now = world.clock()
    made = strange.office.issuing.crl(this_update=now, next_update=now + DAY)
    server.answers["/ca.crl"] = answer(made)
    done(handed_in(world, to_sign, key_of(holder_of(own, listed_at(server.address("/ca.crl"))))))
    with world.services.uow.reading() as tx:
        before = tx.crls.newest_of_each()
    world.work()
    (source,) = remembered(world)
    assert source.problem == "crl.of_another"
    with world.services.uow.reading() as tx:
        assert tx.crls.newest_of_each() == before
    assert the_signature(world, to_sign.id).status is SignatureStatus.RECEIVED


def test_an_address_inside_the_own_network_is_not_asked(
    story: Story, server: Server, own: OwnAuthority, to_sign: Document
) -> None:
    world = story.world
    inside = ("http://169.254.169.254/latest/", "http://127.0.0.1:6379/", "http://10.0.0.1/a.crl")
    done(handed_in(world, to_sign, key_of(holder_of(own, listed_at(*inside)))))
    world.work()
    assert {source.problem for source in remembered(world)} == {"fetching.address_refused"}
    assert the_signature(world, to_sign.id).status is SignatureStatus.RECEIVED


def test_the_addresses_of_a_stranger_are_never_asked(
    story: Story, server: Server, own: OwnAuthority, to_sign: Document
) -> None:
    """A certificate that leads to no anchor may say what it likes."""
    world = story.world
    publish(server, own)
    key = key_of(holder_of(own, listed_at(server.address("/ca.crl"))))
    sources = NetworkSources(server.reach)
    signature = sign_detached(b"content", key, world.clock())
    with world.services.uow.reading() as tx:
        view = trust_view(tx, world.services)
    named = sources.named_by(signature, SignatureFormat.CADES, view, world.clock())
    assert [one.address for one in named] == [server.address("/ca.crl")]
    nobody = TrustView((), ())
    assert sources.named_by(signature, SignatureFormat.CADES, nobody, world.clock()) == ()


def test_fetching_can_be_switched_off(
    story: Story, server: Server, own: OwnAuthority, to_sign: Document
) -> None:
    world = story.world
    world.services = replace(world.services, status_sources=None)
    publish(server, own)
    done(handed_in(world, to_sign, key_of(holder_of(own, listed_at(server.address("/ca.crl"))))))
    wait(world, HOUR)
    assert server.asked == []
    assert the_signature(world, to_sign.id).status is SignatureStatus.RECEIVED


def test_one_run_asks_a_few_addresses(
    story: Story, server: Server, own: OwnAuthority, to_sign: Document
) -> None:
    """Each certificate names a few of its own; the rest has its turn in the next run."""
    assert MOST_ASKED <= 10
    world = story.world
    many = [server.address(f"/{number}.crl") for number in range(50)]
    done(handed_in(world, to_sign, key_of(holder_of(own, listed_at(*many)))))
    world.work()
    assert len(server.asked) == 4


def test_a_signature_whose_file_is_lost_keeps_no_list_from_the_others(
    story: Story, server: Server, own: OwnAuthority, to_sign: Document
) -> None:
    world = story.world
    publish(server, own)
    key = key_of(holder_of(own, listed_at(server.address("/ca.crl"))))
    other = acts.fixed(world, acts.appointment(world, story.case).id)
    lost = done(handed_in(world, other, key_of(holder_of(own))))
    handed = done(handed_in(world, to_sign, key))
    assert (lost.status, handed.status) == (SignatureStatus.RECEIVED, SignatureStatus.RECEIVED)
    lose(world, lost)
    world.work()
    assert the_signature(world, to_sign.id).status is SignatureStatus.ACCEPTED
