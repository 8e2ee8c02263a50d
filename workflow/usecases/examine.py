"""Examine the signatures of an act of signing: slow work, outside any transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from workflow.domain.calling import power_for
from workflow.domain.identity_changes import known_at
from workflow.domain.mandates import Actor, Mandate
from workflow.domain.organisations import Organisation
from workflow.domain.permissions import Circumstances
from workflow.domain.refusals import N_, Refusal
from workflow.domain.regulations import Role, SignatureDemand, Who
from workflow.domain.routes import Step
from workflow.domain.signatures import SignedFile
from workflow.domain.trust import ProvenTime
from workflow.ports import CheckStatus, Examination, ExpectedSigner, TrustView
from workflow.powers import ByPower
from workflow.store.errors import StoreError
from workflow.store.unit_of_work import Repositories
from workflow.usecases.known_answers import with_answers
from workflow.usecases.powers.known import with_files
from workflow.usecases.services import Services

NOTHING_PROVEN = ProvenTime(None)
WAITED_FOR = Refusal(
    "timestamp.waited_for",
    N_("The time of the signature is not proven yet: the time-stamping authority is waited for."),
    N_("The signature is kept and will be checked again; you need not sign anew."),
)


@dataclass(frozen=True)
class Examined:
    """The worst status of all files, their stored reports, and the certificate's facts.

    `certificates` are those of all signatures (SHA-256). `time` is what timestamps prove of all of
    them: that the last one existed then.
    """

    status: CheckStatus
    files: tuple[SignedFile, ...]
    facts: Examination
    certificates: frozenset[str]
    time: ProvenTime = NOTHING_PROVEN

    @property
    def reason(self) -> Refusal | None:
        return self.facts.reason


def mandate_for(step: Step, actor: Actor, around: Circumstances) -> Mandate | None:
    """By which mandate the actor takes the step (None: in their own name)."""
    who: Who = step.spec.who
    if step.employment_id is not None or who.role is None:
        return None
    place = {
        "founder": around.organisation.founder_id,
        "addressee": around.addressee_id,
    }.get(who.at, around.organisation.id)
    return actor.mandate(who.role, place, around.today) if place else None


def signs_for(step: Step, actor: Actor, around: Circumstances) -> UUID:
    """For which organisation the actor takes the step: its own authorities count there."""
    mandate = mandate_for(step, actor, around)
    if mandate is not None:
        return mandate.organisation_id
    by = power_for(step, actor, around)
    if by is not None:
        return by.power.organisation_id
    posts = (e.organisation_id for e in actor.employments if e.id == step.employment_id)
    return next(posts, around.organisation.id)


def expected_signer(
    tx: Repositories,
    person_id: UUID,
    organisation: Organisation,
    demand: SignatureDemand,
    mandate: Mandate | None,
    role: Role | None,
    signed_at: datetime | None = None,
    power: ByPower | None = None,
) -> ExpectedSigner:
    """For whom the signature is examined: the person, the organisation, the authority.

    A signature made at `signed_at` (None: now) is compared with the name and numbers that the card
    held then: who has married since did not sign under the new name. `organisation` is that of the
    mandate, or the principal of the power of attorney by which the person signs without one.
    """
    represents = mandate is not None or power is not None
    person = tx.people.load(person_id)
    if signed_at is not None:
        person = known_at(person, tx.identity_changes.of_person(person_id), signed_at)
    missing = Refusal(
        "authority.no_mandate",
        N_("{name} did not hold the authority to sign on that day."),
        N_("Enter the order that gives the authority, or have another person sign."),
        {"name": person.short_name},
    )
    return ExpectedSigner(
        last=person.last,
        given=person.given,
        snils=person.snils,
        inn=person.inn,
        organisation_inn=organisation.requisites.inn if represents else "",
        ogrn=organisation.requisites.ogrn if represents else "",
        kind=demand.kind,
        exactly=demand.exactly,
        authority=missing if role is not None and not represents else None,
        represents=represents,
        power=power,
    )


def examine(
    services: Services,
    signed: Sequence[SignedFile],
    trust: TrustView,
    expected: ExpectedSigner | None,
    received_at: datetime | None = None,
    *,
    stamp_wanted: bool = False,
) -> Examined:
    """Examine every file; keep reports and evidence as blobs; the worst answer counts.

    Signed files that carry a report already keep it as the one at acceptance, and get the new
    one beside it. `received_at` makes it a second look at a stored signature. With `stamp_wanted`
    a valid signature whose time no timestamp proves is undecided. Answers of responders about the
    signer's certificate that are kept here count beside what `trust` holds.
    """
    now = services.clock()
    if expected is not None and expected.power is not None:
        expected = replace(expected, power=with_files(services, expected.power))
    answers: list[Examination] = []
    files: list[SignedFile] = []
    for one in signed:
        answer, trust = _examined(services, one, trust, now, expected, received_at)
        answer = _without_time(answer) if stamp_wanted else answer
        report = services.blobs.put(answer.report)
        evidence = services.blobs.put(answer.evidence)
        first = one.report or report
        files.append(
            replace(
                one,
                report=first,
                report_now=report,
                evidence=one.evidence or evidence,
                power=_power_kept(services, one, answer),
            )
        )
        answers.append(answer)
    worst = max(answers, key=lambda a: GRAVITY[a.status])
    certificates = frozenset(a.certificate for a in answers)
    return Examined(worst.status, tuple(files), worst, certificates, _proven_of_all(answers))


def _examined(
    services: Services,
    one: SignedFile,
    trust: TrustView,
    now: datetime,
    expected: ExpectedSigner | None,
    received_at: datetime | None,
) -> tuple[Examination, TrustView]:
    """The answer about one file, and the view by which it was found: who signed, it says itself."""
    content, signature = services.blobs.get(one.file), services.blobs.get(one.signature)
    record = _record_of(services, one)

    def by(view: TrustView) -> Examination:
        return services.signatures.examine(
            content,
            signature,
            one.format,
            trust=view,
            now=now,
            expected=expected,
            received_at=received_at,
            record=record,
        )

    answer = by(trust)
    view = with_answers(services, trust, answer.serial)
    return (answer, trust) if view is trust else (by(view), view)


def _record_of(services: Services, one: SignedFile) -> bytes:
    """The evidence record that came with the file; one that is lost proves as little as none."""
    try:
        return services.blobs.get(one.record) if one.record else b""
    except StoreError:
        return b""


def _without_time(answer: Examination) -> Examination:
    """The answer, undecided where nothing but the proof of its time is missing."""
    time = answer.time or NOTHING_PROVEN
    if answer.status is not CheckStatus.VALID or time.at is not None:
        return answer
    return replace(answer, status=CheckStatus.UNDECIDED, reason=time.problem or WAITED_FOR)


def _proven_of_all(answers: Sequence[Examination]) -> ProvenTime:
    times = [(answer.time.at, answer.time) for answer in answers if answer.time is not None]
    proven = [(at, time) for at, time in times if at is not None]
    if not answers or len(proven) != len(answers):
        return NOTHING_PROVEN
    return max(proven, key=lambda one: one[0])[1]


def _power_kept(services: Services, one: SignedFile, answer: Examination) -> str:
    """The power of attorney with what it was judged by: that of the acceptance stays."""
    if one.evidence or not answer.power:
        return one.power
    return services.blobs.put(answer.power)


#: Of several answers the gravest counts.
GRAVITY = {CheckStatus.VALID: 0, CheckStatus.UNDECIDED: 1, CheckStatus.INVALID: 2}
