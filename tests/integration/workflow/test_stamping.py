"""Signatures get timestamps: at once, or when the authority answers; without one none counts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta

import pytest
from asn1crypto import tsp

from marshrut.demonstration.town import done
from marshrut.engines.status_sources import NetworkSources
from marshrut.engines.timestamps import AskedAuthority
from marshrut.training import TIMESTAMPS_KEY
from signing.cades import parse_cms
from signing.keys import SigningKey, open_pkcs12
from signing.sign import sign_detached
from signing.timestamps.client import TimestampAuthority as Asked
from signing.timestamps.requests import request
from signing.timestamps.tokens import Imprint, read_imprint
from signing.training.authority import TrainingCA
from signing.training.timestamp_authority import TrainingTsa
from signing.verdicts import SignatureKind as AnchorKind
from tests.integration.security.own_authority import OwnAuthority, begun, handed_in, outputs
from tests.integration.workflow import acts
from tests.integration.workflow.acts import Story
from tests.integration.workflow.stamped import (
    DAY,
    PROVEN,
    SILENCE,
    Moody,
    judged_again,
    set_up,
    the_signature,
    tick,
    to_sign,
)
from tests.integration.workflow.test_fetching_lists import listed_at
from tests.integration.workflow.test_signing import of_head
from tests.integration.workflow.test_signing_again import again, lose
from tests.pki import Office
from tests.tsa import ADDRESS, FOR_TIMESTAMPS, AsksAt, stamped, tsa_of
from tests.world import PASSWORD_OF_CA, World, holder
from web.words import russian
from workflow.domain.documents import Document
from workflow.domain.obligations import ObligationState, state_of
from workflow.domain.refusals import Refusal
from workflow.domain.regulations import SignatureFormat, SignatureKind
from workflow.domain.routes import DocumentState
from workflow.domain.signatures import SignatureStatus
from workflow.domain.trust import TrustAnchor
from workflow.usecases.recheck import recheck
from workflow.usecases.record_signature import record_signature
from workflow.usecases.stamp import stamp_signature
from workflow.usecases.trust import add_anchor, import_crl, trust_view

HOUR = timedelta(hours=1)


@pytest.fixture
def tsa(story: Story) -> Moody:
    """The authority of the training installation, set up."""
    return set_up(story)


# Made here and handed in


@pytest.mark.parametrize("how", ["inside", "beside"])
def test_a_signature_made_here_carries_a_timestamp(story: Story, tsa: Moody, how: str) -> None:
    world, document = story.world, to_sign(story, how)
    signature = acts.signed(world, document.id)
    assert signature.proven_at is not None
    assert "УЧЕБНЫЙ сервер меток времени" in signature.time_authority
    assert signature.stamped_at == signature.received_at
    assert judged_again(world, signature) == [PROVEN] * len(signature.files)
    assert all(one.handed_in not in ("", one.signature) for one in signature.files)
    assert len(tsa.asked) == len(signature.files)
    world.clock.now += DAY
    acts.renew_lists(world)
    tick(world)
    after = the_signature(world, document.id)
    assert (after.status, after.proven_at) == (SignatureStatus.ACCEPTED, signature.proven_at)
    assert after.checked_at == world.clock()
    assert len(tsa.asked) == len(signature.files)


@pytest.mark.parametrize("how", ["inside", "beside"])
def test_what_is_handed_in_gets_a_timestamp_and_is_kept_as_it_came(
    story: Story, tsa: Moody, how: str
) -> None:
    world, document = story.world, to_sign(story, how)
    signing = begun(world, document)
    made = outputs(world, signing, key_of_head(story))
    head = world.actor("belova")
    signature = done(record_signature(world.services, head, signing.attempt.id, made))
    assert signature.status is SignatureStatus.ACCEPTED
    assert [world.services.blobs.get(one.handed_in) for one in signature.files] == made
    assert judged_again(world, signature) == [PROVEN] * len(made)
    again = record_signature(world.services, head, signing.attempt.id, made)
    assert done(again).id == signature.id
    assert len(tsa.asked) == len(made)


def key_of_head(story: Story) -> SigningKey:
    """The key that the head has elsewhere."""
    world = story.world
    held = holder(world.person("belova"), world.place("school-1"))
    return open_pkcs12(world.authorities.key_file(held, "x", world.clock()), "x")


def test_a_signature_that_came_with_a_good_timestamp_gets_no_other(
    story: Story, tsa: Moody
) -> None:
    world, document = story.world, to_sign(story, "beside")
    signing = begun(world, document)
    (plain,) = outputs(world, signing, key_of_head(story))
    given_at = world.clock()
    made = stamped(plain, practice_tsa(story), given_at)
    world.clock.now += timedelta(minutes=5)
    head = world.actor("belova")
    signature = done(record_signature(world.services, head, signing.attempt.id, [made]))
    assert signature.status is SignatureStatus.ACCEPTED
    assert tsa.asked == []
    (one,) = signature.files
    assert (world.services.blobs.get(one.signature), one.handed_in) == (made, "")
    assert signature.proven_at is not None
    assert signature.proven_at - given_at < timedelta(seconds=3)
    assert signature.stamped_at is None


def practice_tsa(story: Story) -> TrainingTsa:
    key = open_pkcs12((story.folder / "keys" / TIMESTAMPS_KEY).read_bytes(), PASSWORD_OF_CA)
    return TrainingTsa(key)


def test_a_gost_signature_is_stamped_by_its_own_digest(story: Story, tsa: Moody) -> None:
    world, document = story.world, to_sign(story, "beside")
    held = holder(world.person("belova"), world.place("school-1"))
    key = world.authorities.gost_key(held, world.clock(), AnchorKind.ADVANCED)
    acts.renew_lists(world)
    signature = done(handed_in(world, document, key))
    assert signature.status is SignatureStatus.ACCEPTED, signature.explanation
    assert tsa.asked == ["streebog256"]
    assert judged_again(world, signature) == [PROVEN]


def test_a_signature_made_again_for_a_lost_one_is_stamped_or_not_taken(
    story: Story, tsa: Moody
) -> None:
    world = story.world
    (signed,) = acts.signatures(world, story.appointment)
    lose(world, signed)
    tsa.silent = True
    assert acts.refused(again(world, signed)) == SILENCE.code
    assert [s.id for s in acts.signatures(world, story.appointment)] == [signed.id]
    tsa.silent = False
    made = done(again(world, signed))
    assert made.proven_at is not None
    assert judged_again(world, made) == [PROVEN]


def test_lists_about_the_authority_are_fetched_where_its_certificate_says(story: Story) -> None:
    world, other = story.world, Office.open("stamps")
    now, address = world.clock(), "http://lists.example.org/tsa.crl"
    stamper = tsa_of(
        other.issuing,
        not_before=now - DAY,
        not_after=now + DAY,
        more=(FOR_TIMESTAMPS, (listed_at(address), False)),
    )
    made = stamped(sign_detached(b"content", key_of_head(story), now), stamper, now)
    sources = NetworkSources()

    def named() -> list[str]:
        with world.services.uow.reading() as tx:
            trust = trust_view(tx, world.services)
        return [s.address for s in sources.named_by(made, SignatureFormat.CADES, trust, now)]

    assert named() == []
    done(own_anchor(world, other))
    assert named() == [address]


def test_where_no_authority_is_set_up_signatures_count_without(story: Story) -> None:
    signature = acts.signed(story.world, to_sign(story, "beside").id)
    assert (signature.stamp_wanted, signature.proven_at) == (False, None)


# The authority is silent


def test_silence_at_the_deadline_costs_nothing_when_the_answer_comes_tomorrow(
    story: Story, tsa: Moody
) -> None:
    world, order = story.world, acts.load(story.world, story.order)
    day = acts.owed(world, "2.3").due_now
    assert day is not None
    world.clock.now = datetime.combine(day, time(10), UTC)
    order = refixed(world, order)
    tsa.silent = True
    received_at = world.clock()
    signature = done(acts.sign(world, order.id))
    assert signature.status is SignatureStatus.RECEIVED
    assert signature.explanation is not None
    assert signature.explanation.code == SILENCE.code
    assert acts.state(world, order.id) is DocumentState.SIGNATURE_RECEIVED
    assert len(tsa.asked) == 1
    for _ in range(3):
        tick(world)
    assert the_signature(world, order.id).status is SignatureStatus.RECEIVED
    world.clock.now += DAY
    acts.renew_lists(world)
    tick(world)
    assert the_signature(world, order.id).status is SignatureStatus.RECEIVED
    tsa.silent = False
    world.clock.now += HOUR
    tick(world)
    accepted = the_signature(world, order.id)
    assert (accepted.status, accepted.received_at) == (SignatureStatus.ACCEPTED, received_at)
    assert accepted.explanation is None
    assert accepted.proven_at is not None
    assert accepted.proven_at - world.clock() < timedelta(seconds=3)
    assert judged_again(world, accepted) == [PROVEN] * len(accepted.files)
    assert acts.state(world, order.id) is DocumentState.IN_FORCE
    met = acts.owed(world, "2.3")
    assert state_of(met) is ObligationState.MET
    assert met.first_arrival == received_at
    assert [one.handed_in for one in accepted.files] == [one.signature for one in signature.files]


def refixed(world: World, document: Document) -> Document:
    """The document, dated anew as the days went by."""
    tick(world)
    return acts.load(world, document.id)


def test_an_answer_after_the_certificate_ended_comes_too_late_and_says_so(
    story: Story, tsa: Moody
) -> None:
    world, document = story.world, to_sign(story, "beside")
    now = world.clock()
    ca = TrainingCA.from_bytes((story.folder / "keys" / "advanced.ca").read_bytes(), PASSWORD_OF_CA)
    issued = ca.issue(of_head(world), now - DAY, now + 2 * HOUR)
    tsa.silent = True
    signature = done(handed_in(world, document, issued.signing_key()))
    assert signature.status is SignatureStatus.RECEIVED
    tsa.silent = False
    world.clock.now += 3 * HOUR
    tick(world)
    refused = the_signature(world, document.id)
    assert refused.status is SignatureStatus.REFUSED
    said = refused.explanation
    assert said is not None
    assert said.code == "timestamp.too_late"
    assert "ответила только" in russian().text(said.msgid, **said.params)
    assert acts.state(world, document.id) is DocumentState.TO_SIGN


def test_taking_the_authority_away_lets_nothing_pass(story: Story, tsa: Moody) -> None:
    """What was received to be proven is not accepted by our clock when the setting goes."""
    world, document = story.world, to_sign(story, "beside")
    tsa.silent = True
    done(acts.sign(world, document.id))
    world.services = replace(world.services, timestamps=None)
    world.clock.now += 2 * HOUR
    tick(world)
    waiting = the_signature(world, document.id)
    assert (waiting.status, waiting.proven_at) == (SignatureStatus.RECEIVED, None)


# The answer is not one that can be used


def asked_of(tsa: TrainingTsa, at: datetime) -> AskedAuthority:
    return AskedAuthority(Asked(ADDRESS, AsksAt(tsa, at)))


@dataclass
class Answers:
    """A Fetch that gives whatever `answer` makes of the request."""

    answer: Callable[[bytes], bytes]

    def post(self, url: str, body: bytes, content_type: str, accept: str, most: int) -> bytes:
        return self.answer(body)


def of_another_digest(tsa: TrainingTsa, at: datetime) -> Callable[[bytes], bytes]:
    return lambda body: tsa.answer(request(Imprint("sha256", bytes(32)), nonce_of(body)), at)


def of_another_nonce(tsa: TrainingTsa, at: datetime) -> Callable[[bytes], bytes]:
    return lambda body: tsa.answer(request(imprint_of(body), 1), at)


def broken(tsa: TrainingTsa, at: datetime) -> Callable[[bytes], bytes]:
    def spoilt(body: bytes) -> bytes:
        answer = bytearray(tsa.answer(body, at))
        answer[-3] ^= 1
        return bytes(answer)

    return spoilt


def cut_short(tsa: TrainingTsa, at: datetime) -> Callable[[bytes], bytes]:
    return lambda body: tsa.answer(body, at)[:-20]


def nonce_of(body: bytes) -> int:
    return int(tsp.TimeStampReq.load(body)["nonce"].native)


def imprint_of(body: bytes) -> Imprint:
    return read_imprint(tsp.TimeStampReq.load(body)["message_imprint"])


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (of_another_digest, "signing.timestamp_of_other"),
        (of_another_nonce, "signing.timestamp_of_other"),
        (broken, "timestamp.unusable"),
        (cut_short, "signing.timestamp_answer_unreadable"),
    ],
)
def test_a_wrong_answer_leaves_the_signature_received(
    story: Story,
    wrong: Callable[[TrainingTsa, datetime], Callable[[bytes], bytes]],
    code: str,
) -> None:
    world, document = story.world, to_sign(story, "beside")
    answers = Answers(wrong(practice_tsa(story), world.clock()))
    world.services = replace(world.services, timestamps=AskedAuthority(Asked(ADDRESS, answers)))
    signature = done(acts.sign(world, document.id))
    assert (signature.status, signature.proven_at) == (SignatureStatus.RECEIVED, None)
    assert acts.refused(signature.explanation) == code
    (one,) = signature.files
    assert one.handed_in == ""


def test_another_authority_proves_nothing_until_the_operator_trusts_it(story: Story) -> None:
    world, document = story.world, to_sign(story, "beside")
    own = OwnAuthority.trusted(world, "office")
    other = Office.open("stamps")
    now, later = world.clock(), world.clock() + 30 * DAY
    for by in (other.root, other.issuing):
        made = by.crl(this_update=now - HOUR, next_update=later)
        done(import_crl(world.services, world.town.operator, made))
    own.new_list(lives=30 * DAY)
    stamper = tsa_of(other.issuing, not_before=now - DAY, not_after=now + 365 * DAY)
    authority = Moody(asked_of(stamper, now))
    world.services = replace(world.services, timestamps=authority)
    signature = done(handed_in(world, document, own.key("belova")))
    assert (signature.status, signature.proven_at) == (SignatureStatus.RECEIVED, None)
    assert acts.refused(signature.explanation) == "timestamp.nothing_trusted"
    done(own_anchor(world, other))
    world.clock.now += HOUR
    tick(world)
    accepted = the_signature(world, document.id)
    assert accepted.status is SignatureStatus.ACCEPTED
    assert accepted.time_authority == "Служба меток"
    assert judged_again(world, accepted) == [PROVEN]


def own_anchor(world: World, office: Office) -> TrustAnchor | Refusal:
    return add_anchor(
        world.services,
        world.town.operator,
        office.root.holder.der,
        SignatureKind.ADVANCED,
        timestamps=True,
    )


def test_who_is_trusted_for_timestamps_vouches_for_no_signature(story: Story) -> None:
    world, document = story.world, to_sign(story, "beside")
    own = OwnAuthority(world, Office.open("office"))
    done(own_anchor(world, own.office))
    own.root_list()
    own.new_list()
    answer = handed_in(world, document, own.key("belova"))
    assert acts.refused(answer).startswith("signature.chain.")


def test_practice_proves_no_time_of_a_real_signature(story: Story, tsa: Moody) -> None:
    world, document = story.world, to_sign(story, "beside")
    own = OwnAuthority.trusted(world, "office")
    own.new_list()
    signature = done(handed_in(world, document, own.key("belova")))
    assert (signature.status, signature.proven_at) == (SignatureStatus.RECEIVED, None)


# Two at once


def test_two_workers_put_one_timestamp_in(story: Story, tsa: Moody) -> None:
    world, document = story.world, to_sign(story, "beside")
    tsa.silent = True
    signature = done(acts.sign(world, document.id))
    tsa.silent = False
    payload = {"signature": str(signature.id)}
    effects = [stamp_signature(world.services, payload) for _ in range(2)]
    for effect in effects:
        with world.services.uow() as tx:
            effect(tx)
            tx.commit()
    stamped_once = the_signature(world, document.id)
    (one,) = stamped_once.files
    assert len(parse_cms(world.services.blobs.get(one.signature)).tokens) == 1
    assert one.handed_in == signature.files[0].signature
    world.work()
    accepted = the_signature(world, document.id)
    assert accepted.status is SignatureStatus.ACCEPTED
    assert stamp_signature(world.services, payload) is not None
    tick(world)
    assert the_signature(world, document.id) == accepted


def test_a_look_that_began_before_the_timestamp_came_changes_nothing(
    story: Story, tsa: Moody
) -> None:
    world, document = story.world, to_sign(story, "beside")
    tsa.silent = True
    signature = done(acts.sign(world, document.id))
    payload = {"signature": str(signature.id)}
    old_look = recheck(world.services, payload)
    tsa.silent = False
    stamping = stamp_signature(world.services, payload)
    for effect in (stamping, old_look):
        with world.services.uow() as tx:
            effect(tx)
            tx.commit()
    (one,) = the_signature(world, document.id).files
    assert one.handed_in
    world.work()
    assert the_signature(world, document.id).status is SignatureStatus.ACCEPTED
