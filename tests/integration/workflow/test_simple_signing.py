"""A simple signature: on an agreement, once, over these files, by this person; else nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest

from marshrut.demonstration.town import PASSWORD, done
from signing.simple.statement import open_seal
from tests.integration.workflow import acts
from tests.integration.workflow.simple_signers import to_be_signed
from tests.world import World
from workflow.domain.documents import Document, Verdict
from workflow.domain.refusals import Refusal
from workflow.domain.regulations import SignatureFormat, SignatureKind
from workflow.domain.routes import DocumentState
from workflow.domain.signatures import Signature, SignatureStatus
from workflow.domain.simple_signatures import SimpleAgreement
from workflow.store.audit import read_events
from workflow.usecases import second_look
from workflow.usecases.accounts import open_account, reset_password
from workflow.usecases.agreements import (
    PaperAgreement,
    end_agreement,
    enter_agreement,
)
from workflow.usecases.due import accepted_signatures
from workflow.usecases.errors import NotFoundError
from workflow.usecases.prove import Proof
from workflow.usecases.record_signature import record_signature
from workflow.usecases.return_for_rework import return_for_rework
from workflow.usecases.sign import begin_signing
from workflow.usecases.sign_simply import begin_simple_signing, sign_simply
from workflow.usecases.simple_session import BegunSimply

SCAN = b"%PDF-1.4 the agreement on paper"


@pytest.fixture
def order(world: World) -> UUID:
    return to_be_signed(world)


def begin(world: World, order: UUID, who: str = "safina") -> BegunSimply:
    actor = world.actor(who)
    return done(begin_simple_signing(world.services, actor, order, acts.seen(world, order)))


def hand_in(
    world: World, begun: BegunSimply, who: str = "safina", proof: Proof | None = None
) -> Signature | Refusal:
    return sign_simply(
        world.services,
        world.actor(who),
        begun.attempt.id,
        proof or world.proof(who),
        begun.text_digest,
    )


def agreements(world: World, who: str) -> list[SimpleAgreement]:
    with world.services.uow.reading() as tx:
        return tx.simple_agreements.of_person(world.person(who).person_id)


def everything(world: World, order: UUID) -> tuple[Document, list[Signature], int]:
    """What a refusal must not change."""
    with world.services.uow.reading() as tx:
        events = sum(1 for _ in read_events(tx.connection, world.place("school-1").id))
    return acts.load(world, order), acts.signatures(world, order), events


def test_one_statement_is_sealed_and_serves_both_roles_of_its_person(
    world: World, order: UUID
) -> None:
    begun = begin(world, order)
    assert "Сафина" in begun.text
    signature = done(hand_in(world, begun))
    assert (signature.format, signature.kind, signature.status) == (
        SignatureFormat.SIMPLE,
        SignatureKind.SIMPLE,
        SignatureStatus.ACCEPTED,
    )
    marks = [m for m in acts.load(world, order).marks if m.evidence == str(signature.id)]
    curator = f"sign_own:{world.employment('safina')}"
    assert {m.step for m in marks} == {curator, "sign_deputy"}
    assert {m.verdict for m in marks} == {Verdict.SIGNED}
    sealed = open_seal(world.services.blobs.get(signature.files[0].signature)).statement
    assert sealed.text == begun.text
    assert sealed.person == world.person("safina").name
    assert sealed.challenge == str(begun.attempt.id)
    assert sealed.training
    assert sealed.second_factor
    assert [s for _, s in sealed.files] == [f.pdf for f in acts.manifest(world, order).files]
    assert acts.state(world, order) is DocumentState.TO_SIGN
    acts.signed(world, order)
    assert acts.state(world, order) is DocumentState.IN_FORCE


def test_a_used_session_is_refused_and_changes_nothing(world: World, order: UUID) -> None:
    begun = begin(world, order)
    done(hand_in(world, begun))
    before = everything(world, order)
    assert acts.refused(hand_in(world, begun)) == "signing.used"
    assert everything(world, order) == before


def test_a_session_of_another_person_is_refused(world: World, order: UUID) -> None:
    begun = begin(world, order)
    before = everything(world, order)
    assert acts.refused(hand_in(world, begun, "belova")) == "signing.not_yours"
    with pytest.raises(NotFoundError):
        hand_in(world, begun, "shubin")
    assert everything(world, order) == before


def test_a_session_ends_after_ten_minutes(world: World, order: UUID) -> None:
    begun = begin(world, order)
    world.clock.now += timedelta(minutes=10)
    assert acts.refused(hand_in(world, begun)) == "signing.expired"


def test_after_rework_an_old_session_is_void(world: World, order: UUID) -> None:
    begun = begin(world, order)
    clerk = world.actor("zaytseva")
    done(return_for_rework(world.services, clerk, order, "Исправьте основание."))
    acts.refilled(world, order, basis="решение совета от 3 мая")
    acts.submitted(world, order)
    acts.fixed(world, order)
    before = everything(world, order)
    assert acts.refused(hand_in(world, begun)) == "signing.document_changed"
    assert everything(world, order) == before


def test_another_sentence_than_the_one_shown_is_not_signed(world: World, order: UUID) -> None:
    begun = begin(world, order)
    shown = replace(begun, text=begun.text.replace("Сафина", "Белова"))
    assert acts.refused(hand_in(world, shown)) == "simple.circumstances_changed"
    assert acts.signatures(world, order) == []


def test_a_step_that_wants_a_key_refuses_a_password(world: World, order: UUID) -> None:
    head, seen = world.actor("belova"), acts.seen(world, order)
    answer = begin_simple_signing(world.services, head, order, seen)
    assert acts.refused(answer) == "simple.not_enough"


def test_a_sealed_statement_is_no_signature_of_a_key(world: World, order: UUID) -> None:
    signature = done(hand_in(world, begin(world, order)))
    sealed = world.services.blobs.get(signature.files[0].signature)
    head, seen = world.actor("belova"), acts.seen(world, order)
    begun = done(begin_signing(world.services, head, order, seen))
    answer = record_signature(world.services, head, begun.attempt.id, [sealed])
    assert isinstance(answer, Refusal)
    assert acts.state(world, order) is DocumentState.TO_SIGN


def test_a_session_begun_with_a_certificate_takes_no_password(world: World, order: UUID) -> None:
    actor, seen = world.actor("safina"), acts.seen(world, order)
    certificate = world.authorities.roots()[0].pem
    begun = done(begin_signing(world.services, actor, order, seen, certificate))
    answer = sign_simply(world.services, actor, begun.attempt.id, world.proof("safina"), "")
    assert acts.refused(answer) == "simple.circumstances_changed"


@pytest.mark.parametrize(
    ("proof", "code"),
    [
        (Proof("не тот пароль"), "proof.wrong_password"),
        (Proof(PASSWORD, "000000"), "proof.wrong_code"),
        (Proof(PASSWORD, session="a session that is not open"), "proof.nobody"),
    ],
)
def test_who_is_not_recognised_signs_nothing(
    world: World, order: UUID, proof: Proof, code: str
) -> None:
    begun = begin(world, order)
    before = everything(world, order)
    assert acts.refused(hand_in(world, begun, proof=proof)) == code
    assert everything(world, order) == before


def test_another_account_does_not_recognise_its_owner_elsewhere(world: World, order: UUID) -> None:
    begun = begin(world, order)
    with world.services.uow.reading() as tx:
        (other,) = tx.accounts.of_person(world.person("belova").person_id)
    stolen = replace(world.proof("belova"), account_id=other.id)
    assert acts.refused(hand_in(world, begun, proof=stolen)) == "proof.nobody"


def test_guessing_makes_the_account_rest(world: World, order: UUID) -> None:
    begun = begin(world, order)
    for _ in range(6):
        hand_in(world, begun, proof=Proof("не тот пароль"))
    assert acts.refused(hand_in(world, begun)) == "proof.locked"


def test_a_code_counts_once(world: World, order: UUID) -> None:
    proof = world.proof("safina")
    begun = begin(world, order)
    wrong = replace(begun, text="другое")
    assert acts.refused(hand_in(world, wrong, proof=proof)) == "simple.circumstances_changed"
    assert acts.refused(hand_in(world, begun, proof=proof)) == "proof.wrong_code"


# --- The agreement --------------------------------------------------------------------------


def test_without_an_agreement_nothing_is_begun(world: World, order: UUID) -> None:
    (held,) = agreements(world, "safina")
    today = world.clock().date()
    done(end_agreement(world.services, world.actor("zaytseva"), held.id, today))
    answer = begin_simple_signing(
        world.services, world.actor("safina"), order, acts.seen(world, order)
    )
    assert acts.refused(answer) == "simple.ended"


def test_an_agreement_that_ends_meanwhile_stops_the_signing(world: World, order: UUID) -> None:
    begun = begin(world, order)
    (held,) = agreements(world, "safina")
    done(end_agreement(world.services, world.actor("zaytseva"), held.id, world.clock().date()))
    assert acts.refused(hand_in(world, begun)) == "simple.ended"
    assert acts.signatures(world, order) == []


def reset(world: World, who: str, by: str = "") -> None:
    with world.services.uow.reading() as tx:
        (account,) = tx.accounts.of_person(world.person(who).person_id)
    operator = world.town.operator
    done(reset_password(world.services, operator, account.id, "совсем новый пароль"))


def enter(world: World, who: str, on: date, by: str = "zaytseva") -> SimpleAgreement | Refusal:
    actor = world.town.operator if by == "operator" else world.actor(by)
    employment = world.person(who).employment_id
    school = world.place("school-1").id
    return enter_agreement(world.services, actor, school, employment, PaperAgreement("9", on, SCAN))


def test_a_reset_by_somebody_else_suspends_until_a_new_paper(world: World, order: UUID) -> None:
    begun = begin(world, order)
    reset(world, "safina")
    assert acts.refused(hand_in(world, begun, proof=Proof("x"))) == "simple.suspended"
    today = world.clock().date()
    yesterday = today - timedelta(days=1)
    assert acts.refused(enter(world, "safina", today, by="operator")) == "agreement.own_reset"
    assert acts.refused(enter(world, "safina", yesterday)) == "agreement.too_old"
    done(enter(world, "safina", today))
    begin(world, order)


def test_a_second_account_from_the_operator_suspends_as_well(world: World) -> None:
    person = world.person("kulikova").person_id
    made = open_account(world.services, world.town.operator, person, "second", "другой пароль 1")
    done(made)
    assert [a.suspended_at is not None for a in agreements(world, "kulikova")] == [True]


def test_a_reset_of_ones_own_password_suspends_nothing(world: World) -> None:
    services, operator = world.services, world.town.operator
    with services.uow.reading() as tx:
        (account,) = tx.accounts.of_person(operator.person_id)
    done(reset_password(services, operator, account.id, "мой новый пароль"))
    with services.uow.reading() as tx:
        assert tx.simple_agreements.of_person(operator.person_id) == []


@pytest.mark.parametrize("by", ["belova", "safina"])
def test_only_the_clerk_or_the_operator_enters(world: World, by: str) -> None:
    answer = enter(world, "kulikova", world.clock().date(), by=by)
    assert acts.refused(answer) == "agreement.not_yours"


def test_a_clerk_of_another_school_finds_nothing(world: World) -> None:
    other = world.place("school-2").holding("clerk").key
    with pytest.raises(NotFoundError):
        enter(world, "kulikova", world.clock().date(), by=other)


def test_a_person_of_another_school_gets_no_agreement_here(world: World) -> None:
    with pytest.raises(NotFoundError):
        enter(world, "shubin", world.clock().date())


def test_two_agreements_do_not_hold_at_once(world: World) -> None:
    assert acts.refused(enter(world, "kulikova", world.clock().date())) == "agreement.there"


@pytest.mark.parametrize(
    ("paper", "code"),
    [
        (PaperAgreement(" ", date(2026, 5, 4), SCAN), "agreement.number_missing"),
        (PaperAgreement("9", date(2026, 5, 4), b""), "agreement.scan_missing"),
        (PaperAgreement("9", date(2026, 5, 5), SCAN), "agreement.in_future"),
    ],
)
def test_half_a_paper_is_not_entered(world: World, paper: PaperAgreement, code: str) -> None:
    (held,) = agreements(world, "kulikova")
    clerk, today = world.actor("zaytseva"), world.clock().date()
    done(end_agreement(world.services, clerk, held.id, today))
    employment, school = world.person("kulikova").employment_id, world.place("school-1").id
    answer = enter_agreement(world.services, clerk, school, employment, paper)
    assert acts.refused(answer) == code


def test_an_agreement_ends_once_and_not_before_itself(world: World) -> None:
    (held,) = agreements(world, "kulikova")
    clerk, today = world.actor("zaytseva"), world.clock().date()
    early = held.dated - timedelta(days=1)
    services = world.services
    assert acts.refused(end_agreement(services, clerk, held.id, early)) == "agreement.end_date"
    late = today + timedelta(days=1)
    assert acts.refused(end_agreement(services, clerk, held.id, late)) == "agreement.end_date"
    done(end_agreement(services, clerk, held.id, today))
    assert acts.refused(end_agreement(services, clerk, held.id, today)) == "agreement.ended"


# --- Afterwards -----------------------------------------------------------------------------


def test_second_looks_pass_a_sealed_statement_by(world: World, order: UUID) -> None:
    signature = done(hand_in(world, begin(world, order)))
    world.clock.now += timedelta(days=1)
    acts.renew_lists(world)
    with world.services.uow() as tx:
        assert signature.id not in {s.id for s in tx.signatures.awaiting_second_look(world.clock())}
        accepted_signatures(tx)
        second_look.ask(tx, signature, "somebody asked all the same")
        tx.commit()
    world.work()
    with world.services.uow.reading() as tx:
        assert tx.signatures.load(signature.id) == signature


def test_a_statement_covers_its_own_files_only(world: World, order: UUID) -> None:
    signature = done(hand_in(world, begin(world, order)))
    statement = open_seal(world.services.blobs.get(signature.files[0].signature)).statement
    other = acts.appointment(world, acts.open_programme(world, "school-2"), "school-2")
    assert other.revision.draft is not None
    draft = world.services.blobs.get(other.revision.draft.main.pdf)
    assert statement.covers(draft) is None
