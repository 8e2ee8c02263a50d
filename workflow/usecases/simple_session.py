"""What signing and acknowledging with a simple signature share: the session and the statement."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from workflow.domain.calling import power_for
from workflow.domain.mandates import Actor, Mandate
from workflow.domain.organisations import Organisation
from workflow.domain.permissions import may_acknowledge, may_sign, steps_for
from workflow.domain.refusals import N_, Refusal
from workflow.domain.regulations import Verb
from workflow.domain.routes import Step
from workflow.domain.signatures import Attempt, may_use_attempt
from workflow.domain.simple_signatures import (
    Authentication,
    SimpleAct,
    SimpleAgreement,
    SimpleStatement,
    StatedFile,
    agreement_for,
    may_be_simple,
)
from workflow.store.errors import MissingRowError
from workflow.store.unit_of_work import Repositories
from workflow.usecases import desk as desks
from workflow.usecases.agree import may_trust
from workflow.usecases.context import post_under
from workflow.usecases.desk import Desk
from workflow.usecases.errors import NotFoundError
from workflow.usecases.examine import mandate_for
from workflow.usecases.services import Services
from workflow.usecases.wording import document_named

SESSION_LIVES = timedelta(minutes=10)
VERBS = {SimpleAct.SIGN: Verb.SIGN, SimpleAct.ACKNOWLEDGE: Verb.ACKNOWLEDGE}


@dataclass(frozen=True)
class Ground:
    """On what a simple signature at a step rests; `place` is whom the person acts for."""

    step: Step
    mandate: Mandate | None
    place: Organisation
    agreement: SimpleAgreement


@dataclass(frozen=True)
class BegunSimply:
    """A single-use session and the Russian sentence that will be sealed."""

    attempt: Attempt
    text: str

    @property
    def text_digest(self) -> str:
        return digest_of_text(self.text)


def digest_of_text(text: str) -> str:
    """SHA-256 (hex) of a sentence: it says which one the person was shown."""
    return hashlib.sha256(text.encode()).hexdigest()


def begin(
    services: Services, actor: Actor, document_id: UUID, seen: str, act: SimpleAct
) -> BegunSimply | Refusal:
    """Open a single-use session (ten minutes) for this person, this step and these bytes.

    `seen` is the digest of the manifest on the page.
    """
    with services.uow() as tx:
        desk = desks.lay_locked(tx, services, actor, document_id)
        refusal = may(desk, act) or may_trust(desk, seen)
        if refusal:
            return refusal
        ground = ground_of(tx, desk, act)
        if isinstance(ground, Refusal):
            return ground
        attempt = tx.attempts.save(_attempt(services, desk, ground.step, seen), None)
        tx.audit.add(
            desk.organisation.id,
            "simple.begun",
            {"document": str(document_id), "attempt": str(attempt.id), "act": str(act)},
        )
        text = shown_text(tx, services, desk, ground, act, attempt)
        tx.commit()
        return BegunSimply(attempt, text)


def _attempt(services: Services, desk: Desk, step: Step, seen: str) -> Attempt:
    return Attempt(
        id=services.new_id(),
        document_id=desk.document.id,
        fixing=desk.document.fixing.sequence if desk.document.fixing else 0,
        step=step.key,
        manifest=seen,
        person_id=desk.actor.person_id,
        certificate="",
        expires_at=desk.around.now + SESSION_LIVES,
    )


def may(desk: Desk, act: SimpleAct) -> Refusal | None:
    """Whether the actor may do this at all, however they sign."""
    ask = may_sign if act is SimpleAct.SIGN else may_acknowledge
    return ask(desk.document, desk.actor, desk.around)


def ground_of(tx: Repositories, desk: Desk, act: SimpleAct, step_key: str = "") -> Ground | Refusal:
    """The step that waits for the actor and the agreement for it, or why not.

    Without `step_key` the first step that a simple signature is enough for.
    """
    waiting = steps_for(desk.document, VERBS[act], desk.actor, desk.around)
    if step_key:
        waiting = [step for step in waiting if step.key == step_key]
    if not waiting:
        return changed_meanwhile()
    enough = [step for step in waiting if act is SimpleAct.ACKNOWLEDGE or not _too_weak(desk, step)]
    if not enough:
        refusal = _too_weak(desk, waiting[0])
        assert refusal is not None
        return refusal
    return _ground(tx, desk, enough[0])


def _too_weak(desk: Desk, step: Step) -> Refusal | None:
    refusal = may_be_simple(desk.kind.demand(step.spec))
    if refusal is not None or power_for(step, desk.actor, desk.around) is None:
        return refusal
    return Refusal(
        "simple.by_power",
        N_("A power of attorney goes with a signature made with a key, not with a simple one."),
        N_("Sign with your key."),
    )


def _ground(tx: Repositories, desk: Desk, step: Step) -> Ground | Refusal:
    mandate = mandate_for(step, desk.actor, desk.around)
    place = desk.organisation
    if mandate is not None:
        place = tx.organisations.load(mandate.organisation_id)
    agreements = tx.simple_agreements.of_person(desk.actor.person_id)
    agreement = agreement_for(agreements, place.id, place.local_day(desk.around.now))
    if isinstance(agreement, Refusal):
        return agreement
    return Ground(step, mandate, place, agreement)


def taken_up(
    tx: Repositories, services: Services, actor: Actor, attempt_id: UUID, act: SimpleAct
) -> tuple[Desk, Attempt, Ground] | Refusal:
    """The session with everything it rests on, looked at anew; or why it cannot be used.

    NotFoundError for a session that is not there, or whose document is not for these eyes.
    """
    try:
        attempt = tx.attempts.load(attempt_id)
    except MissingRowError as error:
        raise NotFoundError(f"signing {attempt_id}") from error
    desk = desks.lay(tx, services, actor, attempt.document_id)
    refusal = may_use_attempt(attempt, actor.person_id, desk.around.now)
    refusal = refusal or may(desk, act) or _same_files(desk, attempt)
    if refusal:
        return refusal
    if attempt.certificate:
        return changed_meanwhile()  # begun for a certificate, not for a password
    ground = ground_of(tx, desk, act, attempt.step)
    return ground if isinstance(ground, Refusal) else (desk, attempt, ground)


def _same_files(desk: Desk, attempt: Attempt) -> Refusal | None:
    manifest, fixing = desk.document.manifest, desk.document.fixing
    sequence = fixing.sequence if fixing else 0
    same = manifest is not None and manifest.digest == attempt.manifest
    if same and sequence == attempt.fixing:
        return None
    return Refusal(
        "signing.document_changed",
        N_("The document was made ready anew after the signing had begun."),
        N_("Open it again and sign what is there now. Your signature has not been used."),
    )


def changed_meanwhile() -> Refusal:
    """What the session was begun with is not so any more."""
    return Refusal(
        "simple.circumstances_changed",
        N_("Your post, your agreement or the document changed after you had opened the page."),
        N_("Open the document and begin anew. Nothing has been signed."),
    )


# --- The statement --------------------------------------------------------------------------


def shown_text(
    tx: Repositories,
    services: Services,
    desk: Desk,
    ground: Ground,
    act: SimpleAct,
    attempt: Attempt,
) -> str:
    """The sentence for the page: word for word what will be sealed."""
    nobody = Authentication(password=False, second_factor=False)
    return statement(tx, services, desk, ground, act, attempt, nobody, desk.around.now).text


def statement(
    tx: Repositories,
    services: Services,
    desk: Desk,
    ground: Ground,
    act: SimpleAct,
    attempt: Attempt,
    recognised: Authentication,
    at: datetime,
) -> SimpleStatement:
    """Everything that is sealed about the act."""
    document, place = desk.document, ground.place
    manifest, installation = document.manifest, tx.installations.find()
    assert manifest is not None
    assert installation is not None
    plain = SimpleStatement(
        act=act,
        document=document_named(document),
        manifest=manifest.digest,
        files=tuple(StatedFile(f.name, f.pdf) for f in manifest.files),
        person=tx.people.load(desk.actor.person_id).full_name,
        post=_post(tx, ground, place.local_day(at)),
        organisation=place.name_on(place.local_day(at)).full,
        inn=place.requisites.inn,
        ogrn=place.requisites.ogrn,
        agreement=ground.agreement.number,
        agreed_on=ground.agreement.dated,
        text="",
        challenge=str(attempt.id),
        authentication=recognised,
        signed_at=at,
        training=installation.training,
    )
    return replace(plain, text=services.simple_seals.sentence(plain))


def _post(tx: Repositories, ground: Ground, day: date) -> str:
    if ground.mandate:
        return post_under(tx, ground.mandate, day)
    employment_id = ground.step.employment_id
    return tx.employments.load(employment_id).post if employment_id else ""
