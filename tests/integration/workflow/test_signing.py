"""What is accepted as a signature, and what is refused for which reason; nothing else changes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from marshrut.demonstration.town import KEY_PASSWORD, done
from signing.keys import SigningKey, open_pkcs12
from signing.training.authority import Issued, TrainingCA
from signing.training.examples import make_examples
from signing.training.subjects import OrganisationFacts, SubjectFacts
from tests.integration.security.own_authority import OwnAuthority, begun, outputs
from tests.integration.workflow import acts
from tests.integration.workflow.acts import Story
from tests.world import PASSWORD_OF_CA, World
from workflow.domain.documents import Document
from workflow.domain.refusals import Refusal
from workflow.domain.regulations import SignatureFormat, SignatureKind
from workflow.domain.routes import DocumentState
from workflow.domain.signatures import Signature, SignatureStatus
from workflow.store.tables.installation import installation
from workflow.usecases.fix import fix
from workflow.usecases.installation import renew_training_crls
from workflow.usecases.record_signature import record_signature
from workflow.usecases.return_for_rework import return_for_rework
from workflow.usecases.sign import begin_signing, sign_with_stored_key
from workflow.usecases.trust import add_anchor

DAY = timedelta(days=1)


@pytest.fixture
def to_sign(story: Story) -> Document:
    """A fixed order about the curator: one file, a detached signature, an advanced one wanted."""
    order = acts.appointment(story.world, story.case)
    return acts.fixed(story.world, order.id)


def of_head(world: World) -> SubjectFacts:
    """What stands in the certificate of school-1's head."""
    head, school = world.person("belova"), world.place("school-1")
    legal = OrganisationFacts(school.full, school.short, school.ogrn, school.inn)
    return SubjectFacts(head.last, head.given, head.snils, head.inn, head.post, legal)


def training_ca(story: Story) -> TrainingCA:
    """The authority that the installation trusts for advanced signatures."""
    vault = story.folder / "keys" / "advanced.ca"
    return TrainingCA.from_bytes(vault.read_bytes(), PASSWORD_OF_CA)


def key_of(issued: Issued) -> SigningKey:
    return open_pkcs12(issued.pkcs12(KEY_PASSWORD), KEY_PASSWORD)


def hand_in(world: World, document: Document, *keys: SigningKey) -> Signature | Refusal:
    signing = begun(world, document)
    made = outputs(world, signing, *keys)
    return record_signature(world.services, world.actor("belova"), signing.attempt.id, made)


def sign_whatever_the_date(world: World, document: Document, key: SigningKey) -> list[bytes]:
    """Sign as a program does that does not look at the certificate's dates."""
    signing = begun(world, document)
    here = world.clock.now
    world.clock.now = key.certificate.not_before + timedelta(hours=1)
    made = outputs(world, signing, key)
    world.clock.now = here
    return made


@pytest.mark.parametrize(
    ("example", "reason"),
    [
        ("expired", "signature.time.expired"),
        ("not_yet_valid", "signature.time.not_yet_valid"),
        ("revoked", "signature.revocation.revoked"),
        ("foreign", "signature.chain.untrusted"),
    ],
)
def test_a_certificate_that_does_not_hold_is_refused(
    story: Story, to_sign: Document, example: str, reason: str
) -> None:
    world, ca = story.world, training_ca(story)
    examples = make_examples(ca, of_head(world), world.clock())
    world.clock.now += timedelta(minutes=1)
    lists = [ca.crl(world.clock(), world.clock() + DAY)]
    assert renew_training_crls(world.services, lists) is None
    made = sign_whatever_the_date(world, to_sign, key_of(getattr(examples, example)))
    signing = begun(world, to_sign)
    head = world.actor("belova")
    assert acts.refused(record_signature(world.services, head, signing.attempt.id, made)) == reason
    assert acts.load(world, to_sign.id).marks == to_sign.marks
    assert acts.signatures(world, to_sign.id) == []
    good = hand_in(world, to_sign, key_of(examples.good))
    assert done(good).status is SignatureStatus.ACCEPTED


@pytest.mark.parametrize(
    ("surname", "snils", "reason"),
    [
        ("Иванова", "", "signature.owner.other_name"),
        ("", "00200200200", "signature.owner.other_snils"),
    ],
)
def test_another_persons_certificate_is_refused(
    story: Story, to_sign: Document, surname: str, snils: str, reason: str
) -> None:
    world, facts, now = story.world, of_head(story.world), story.world.clock()
    other = replace(facts, surname=surname or facts.surname, snils=snils or facts.snils)
    issued = training_ca(story).issue(other, now - DAY, now + 300 * DAY)
    assert acts.refused(hand_in(world, to_sign, key_of(issued))) == reason


def test_another_organisations_certificate_is_refused(story: Story, to_sign: Document) -> None:
    world, other = story.world, story.world.place("school-2")
    now = world.clock()
    legal = OrganisationFacts(other.full, other.short, other.ogrn, other.inn)
    facts = replace(of_head(world), organisation=legal)
    issued = training_ca(story).issue(facts, now - DAY, now + 300 * DAY)
    reason = acts.refused(hand_in(world, to_sign, key_of(issued)))
    assert reason == "signature.owner.other_organisation"


def good_key(story: Story) -> SigningKey:
    now = story.world.clock()
    issued = training_ca(story).issue(of_head(story.world), now - DAY, now + 300 * DAY)
    return key_of(issued)


def changed_byte(made: list[bytes]) -> list[bytes]:
    return [made[0].replace(b"72 720 Td", b"72 721 Td"), *made[1:]]


def changed_after_signing(made: list[bytes]) -> list[bytes]:
    return [made[0] + b"\n% a line more\n", *made[1:]]


def swapped(made: list[bytes]) -> list[bytes]:
    return made[::-1]


def without_the_last(made: list[bytes]) -> list[bytes]:
    return made[:-1]


def with_an_empty_one(made: list[bytes]) -> list[bytes]:
    return [*made[:-1], b""]


def something_else(made: list[bytes]) -> list[bytes]:
    return [b"%PDF-1.4 this is no signed file" for _ in made]


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (changed_byte, "signature.another_file"),
        (changed_after_signing, "signature.integrity.appended"),
        (swapped, "signature.another_file"),
        (without_the_last, "signing.incomplete"),
        (with_an_empty_one, "signing.incomplete"),
        (something_else, "signing.pdf_unreadable"),
    ],
)
def test_signed_files_that_were_spoilt_are_refused(
    story: Story, spoil: Callable[[list[bytes]], list[bytes]], reason: str
) -> None:
    world, order = story.world, acts.load(story.world, story.order)
    signing = begun(world, order)
    assert signing.format is SignatureFormat.PADES
    made = spoil(outputs(world, signing, good_key(story)))
    answer = record_signature(world.services, world.actor("belova"), signing.attempt.id, made)
    assert acts.refused(answer) == reason
    assert acts.state(world, order.id) is DocumentState.TO_SIGN
    assert acts.signatures(world, order.id) == []


def test_a_changed_byte_in_a_detached_signature_is_refused(story: Story, to_sign: Document) -> None:
    world = story.world
    signing = begun(world, to_sign)
    (made,) = outputs(world, signing, good_key(story))
    spoilt = made[:-3] + bytes([made[-3] ^ 1]) + made[-2:]
    answer = record_signature(world.services, world.actor("belova"), signing.attempt.id, [spoilt])
    assert acts.refused(answer) == "signature.signature_value.signature_wrong"


def test_a_signature_of_another_file_is_refused(story: Story, to_sign: Document) -> None:
    world = story.world
    other = acts.fixed(world, acts.appointment(world, story.case).id)
    foreign = outputs(world, begun(world, other), good_key(story))
    signing = begun(world, to_sign)
    answer = record_signature(world.services, world.actor("belova"), signing.attempt.id, foreign)
    assert acts.refused(answer) == "signature.integrity.content_changed"


def test_a_wrong_password_signs_nothing(story: Story) -> None:
    world, seen = story.world, acts.seen(story.world, story.order)
    head = world.actor("belova")
    answer = sign_with_stored_key(world.services, head, story.order, seen, "не тот пароль")
    assert acts.refused(answer) == "signing.wrong_password"
    assert acts.signatures(world, story.order) == []
    acts.signed(world, story.order)


def test_the_same_bytes_get_the_first_answer_and_others_are_refused(
    story: Story, to_sign: Document
) -> None:
    world, head = story.world, story.world.actor("belova")
    signing = begun(world, to_sign)
    made = outputs(world, signing, good_key(story))
    first = done(record_signature(world.services, head, signing.attempt.id, made))
    again = done(record_signature(world.services, head, signing.attempt.id, made))
    assert again == first
    other = outputs(world, signing, good_key(story))
    assert other != made
    refusal = record_signature(world.services, head, signing.attempt.id, other)
    assert acts.refused(refusal) == "signing.used"
    assert len(acts.signatures(world, to_sign.id)) == 1


def test_an_attempt_ends_after_ten_minutes(story: Story, to_sign: Document) -> None:
    world = story.world
    signing = begun(world, to_sign)
    made = outputs(world, signing, good_key(story))
    world.clock.now += timedelta(minutes=10)
    answer = record_signature(world.services, world.actor("belova"), signing.attempt.id, made)
    assert acts.refused(answer) == "signing.expired"


def test_an_attempt_serves_whoever_began_it(story: Story, to_sign: Document) -> None:
    world = story.world
    signing = begun(world, to_sign)
    made = outputs(world, signing, good_key(story))
    for other in ("safina", "zaytseva"):
        answer = record_signature(world.services, world.actor(other), signing.attempt.id, made)
        assert acts.refused(answer) == "signing.not_yours"
    assert done(
        record_signature(world.services, world.actor("belova"), signing.attempt.id, made)
    ).status


def test_of_two_tabs_the_first_signature_counts(story: Story, to_sign: Document) -> None:
    world, head = story.world, story.world.actor("belova")
    tabs = [begun(world, to_sign), begun(world, to_sign)]
    made = [outputs(world, tab, good_key(story)) for tab in tabs]
    done(record_signature(world.services, head, tabs[0].attempt.id, made[0]))
    second = record_signature(world.services, head, tabs[1].attempt.id, made[1])
    assert acts.refused(second) == "document.sign.wrong_state"
    assert len(acts.signatures(world, to_sign.id)) == 1


def test_an_attempt_from_before_a_new_fixing_is_void(story: Story, to_sign: Document) -> None:
    world, clerk = story.world, story.world.actor("zaytseva")
    signing = begun(world, to_sign)
    made = outputs(world, signing, good_key(story))
    done(fix(world.services, clerk, to_sign.id))
    world.work()
    answer = record_signature(world.services, world.actor("belova"), signing.attempt.id, made)
    assert acts.refused(answer) == "signing.document_changed"


def test_a_signature_of_an_older_fixing_is_refused(story: Story, to_sign: Document) -> None:
    world, clerk = story.world, story.world.actor("zaytseva")
    made = outputs(world, begun(world, to_sign), good_key(story))
    done(return_for_rework(world.services, clerk, to_sign.id, "Другой номер"))
    world.work()
    acts.submitted(world, to_sign.id)
    again = acts.fixed(world, to_sign.id)
    signing = begun(world, again)
    answer = record_signature(world.services, world.actor("belova"), signing.attempt.id, made)
    assert acts.refused(answer) == "signature.integrity.content_changed"


def test_what_changed_since_the_page_was_opened_is_not_signed(
    story: Story, to_sign: Document
) -> None:
    world, head = story.world, story.world.actor("belova")
    opened = acts.seen(world, to_sign.id)
    done(return_for_rework(world.services, head, to_sign.id, "Другой срок"))
    world.work()
    acts.refilled(world, to_sign.id, basis="другой приказ")
    acts.submitted(world, to_sign.id)
    acts.fixed(world, to_sign.id)
    answer = begin_signing(world.services, head, to_sign.id, opened)
    assert acts.refused(answer) == "document.changed_meanwhile"


def test_the_certificate_that_was_chosen_is_the_one_that_signs(
    story: Story, to_sign: Document
) -> None:
    world, head = story.world, story.world.actor("belova")
    chosen, other = good_key(story), good_key(story)
    signing = done(
        begin_signing(
            world.services,
            head,
            to_sign.id,
            acts.seen(world, to_sign.id),
            chosen.certificate.pem,
        )
    )
    made = outputs(world, signing, other)
    answer = record_signature(world.services, head, signing.attempt.id, made)
    assert acts.refused(answer) == "signing.another_certificate"
    made = outputs(world, signing, chosen)
    assert done(record_signature(world.services, head, signing.attempt.id, made)).status


class Demanding:
    """The installed packs, where every signature has to be a qualified one."""

    def __init__(self, world: World) -> None:
        self._shelf = world.services.packs

    def __getattr__(self, name: str) -> object:
        return getattr(self._shelf, name)

    def get(self, name: str, version: str) -> object:
        regulation = self._shelf.get(name, version)
        types = {
            code: replace(kind, signature=replace(kind.signature, kind=SignatureKind.QUALIFIED))
            if kind.signature
            else kind
            for code, kind in regulation.document_types.items()
        }
        return replace(regulation, document_types=types)


def test_a_qualified_step_refuses_the_key_on_the_server_and_a_lesser_kind(
    story: Story, to_sign: Document
) -> None:
    world = story.world
    world.services = replace(world.services, packs=Demanding(world))  # type: ignore[arg-type]  # the rest is the shelf's
    assert acts.refused(acts.sign(world, to_sign.id)) == "sign.key_on_server"
    answer = hand_in(world, to_sign, good_key(story))
    assert acts.refused(answer) == "signature.kind.kind_too_low"


def test_training_anchors_never_count_in_a_real_installation(
    story: Story, to_sign: Document
) -> None:
    world, operator = story.world, story.world.town.operator
    with world.services.uow() as tx:
        tx.connection.execute(installation.update().values(training=False))
        tx.commit()
    root = training_ca(story).root.certificate_der
    kind = SignatureKind.ADVANCED
    assert acts.refused(add_anchor(world.services, operator, root, kind)) == "anchor.training"
    signature = done(acts.sign(world, to_sign.id))
    assert (signature.status, signature.kind) == (SignatureStatus.RECEIVED, None)
    assert acts.state(world, to_sign.id) is DocumentState.SIGNATURE_RECEIVED
    OwnAuthority.trusted(world, "real")  # now there is something that could be trusted
    world.work()
    (looked_at,) = acts.signatures(world, to_sign.id)
    assert looked_at.status is SignatureStatus.REFUSED
    assert acts.refused(looked_at.explanation) == "signature.chain.untrusted"
    assert acts.state(world, to_sign.id) is DocumentState.TO_SIGN


def test_an_own_authority_of_the_right_kind_is_accepted(story: Story, to_sign: Document) -> None:
    own = OwnAuthority.trusted(story.world, "office")
    own.new_list()
    signature = done(hand_in(story.world, to_sign, own.key("belova")))
    assert (signature.status, signature.kind, signature.training) == (
        SignatureStatus.ACCEPTED,
        SignatureKind.ADVANCED,
        False,
    )
