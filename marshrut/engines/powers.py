"""Powers of attorney of the signing engine behind the port ReadsPowers."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from signing.errors import SigningError
from signing.evidence import Grounds
from signing.expectation import Authority, ExpectedOrganisation, ExpectedPerson
from signing.power.attorney import PowerOfAttorney, PowerPerson, read_power
from signing.power.evidence import PowerEvidence, evidence_of
from signing.power.judgement import judge_gift, judge_power
from signing.power.questions import (
    PowerConfirmation,
    PowerJudgement,
    RegistryAnswer,
    RegistryStatus,
    RequiredPower,
    SigningByPower,
)
from signing.power.questions import PowerFinding as EngineFinding
from signing.validate import Validation, validate_detached
from signing.verdicts import CertificateFacts, EvidenceKind, Outcome
from workflow.domain.powers import AnswerStatus, PowerCode
from workflow.domain.refusals import N_, Refusal
from workflow.ports import Examination, TrustView
from workflow.powers import (
    AskedRegistry,
    ByPower,
    ExaminedGift,
    GivenPower,
    NamedPerson,
    OpenedPower,
    PowerFacts,
    PowerFinding,
    ReadWords,
)

_STATUSES = {
    AnswerStatus.IN_FORCE: RegistryStatus.IN_FORCE,
    AnswerStatus.REVOKED: RegistryStatus.REVOKED,
    AnswerStatus.UNKNOWN: RegistryStatus.UNKNOWN,
}
_PASSED = {Outcome.PASSED: True, Outcome.FAILED: False, Outcome.NOT_MADE: None}

JOINT = Refusal(
    "power.joint",
    N_("The representatives of this power of attorney act only together; that is not supported."),
    N_("Have a power of attorney given to one representative."),
)
TAKE_IT_AS_IT_IS = N_("Load the XML file as the program gave it, with the .sig file beside it.")


class Powers(ABC):
    """Reading powers of attorney and judging who gave them: a part of the engine of signatures."""

    @abstractmethod
    def grounds(
        self, trust: TrustView, now: datetime, received_at: datetime | None = None
    ) -> Grounds:
        """Return what signatures are judged by; raises SigningError for a list that is none."""

    def read_power(self, file: bytes) -> PowerFacts | Refusal:
        """See `workflow.powers.ReadsPowers`."""
        try:
            power = read_power(file)
        except SigningError as error:
            return _refusal(error)
        several = len(power.representatives) > 1
        return JOINT if power.powers.joint and several else _facts(power)

    def examine_gift(
        self, given: GivenPower, trust: TrustView, now: datetime
    ) -> ExaminedGift | Refusal:
        """See `workflow.powers.ReadsPowers`."""
        try:
            power = read_power(given.file)
            validation = _signature_of(given, self.grounds(trust, now))
        except SigningError as error:
            return _refusal(error)
        found = judge_gift(power, validation.report, _people(given.heads), _principal(given))
        signed = validation.report.signatures
        certificate = signed[0].certificate if len(signed) == 1 else None
        owner = certificate.owner if certificate else ""
        return ExaminedGift(owner, tuple(_finding(each) for each in found))

    def open_power(self, evidence: bytes) -> OpenedPower | Refusal:
        """See `workflow.powers.ReadsPowers`."""
        try:
            kept = PowerEvidence.from_bytes(evidence)
        except SigningError as error:
            return _refusal(error)
        return OpenedPower(kept.file, kept.signature, frozenset(kept.codes))

    def power_in_use(self, by: ByPower, grounds: Grounds) -> PowerInUse:
        """Return the judge of the power by which the signatures of one file were given."""
        return PowerInUse(by, grounds)


def _signature_of(given: GivenPower, grounds: Grounds) -> Validation:
    """The power's signature, judged for the moment since which the file has been kept here."""
    since = min(given.kept_since, grounds.now)
    return validate_detached(given.file, given.signature, replace(grounds, received_at=since))


class PowerInUse:
    """Answers check 8 for each signature of a file, and remembers what was found for whom.

    Raises SigningError when the power's file or its signature cannot be read.
    """

    def __init__(self, by: ByPower, grounds: Grounds) -> None:
        self._by = by
        self._now = grounds.now
        self._power = read_power(by.given.file)
        self._validation = _signature_of(by.given, grounds)
        self._found: dict[str, tuple[SigningByPower, PowerJudgement]] = {}

    def authority(self, facts: CertificateFacts) -> Authority:
        """Say whether the power lets the owner of this certificate sign."""
        signing = self._signing(facts)
        judgement = judge_power(
            self._power, self._validation.report, signing, _answer(self._by), self._by.max_age
        )
        self._found[facts.fingerprint] = signing, judgement
        return judgement.authority()

    def evidence(self, certificate: str) -> bytes:
        """Return what is kept of the judgement for the certificate (SHA-256), b"" for none."""
        found = self._found.get(certificate)
        if found is None:
            return b""
        signing, judgement = found
        given = self._by.given
        trust = self._validation.evidence.to_bytes()
        made = evidence_of(
            given.file, given.signature, trust, signing, _answer(self._by), judgement
        )
        return made.to_bytes()

    @property
    def lists_issued(self) -> datetime | None:
        """When the oldest list or answer was issued by which the power's signature was judged."""
        kinds = (EvidenceKind.CRL, EvidenceKind.OCSP)
        signed = self._validation.report.signatures
        used = [e.since for one in signed for e in one.evidence if e.kind in kinds]
        return min(used, default=None)

    def _signing(self, facts: CertificateFacts) -> SigningByPower:
        by = self._by
        return SigningByPower(
            representative=facts,
            principal=_principal(by.given),
            power=RequiredPower(by.power, by.codes),
            on=by.on,
            now=self._now,
            confirmation=_confirmation(by.reading, self._power.sha256, by.power),
            heads=_people(by.given.heads),
            received_at=by.received_at,
        )


def with_power(examination: Examination, power: PowerInUse | None) -> Examination:
    """The examination with what is kept of the power; the oldest of all lists counts."""
    if power is None:
        return examination
    issued = [d for d in (examination.revocation_as_of, power.lists_issued) if d is not None]
    return replace(
        examination,
        power=power.evidence(examination.certificate),
        revocation_as_of=min(issued) if examination.revocation_as_of else None,
    )


def _refusal(error: SigningError) -> Refusal:
    return Refusal(error.code, error.msgid, TAKE_IT_AS_IT_IS, error.params)


def _facts(power: PowerOfAttorney) -> PowerFacts:
    people = [one for one in power.representatives if one is not None]
    organisations = [p.organisation.name for p in power.principals if p.organisation]
    return PowerFacts(
        number=power.number,
        own_number=power.own_number,
        issued=power.issued,
        until=power.until,
        principal=", ".join(organisations),
        representatives=tuple(map(_named, people)),
        alone=len(power.representatives) == 1 and len(people) == 1,
        coded=power.powers.machine_readable,
        text=power.powers.text,
        codes=tuple(PowerCode(c.code, c.name, c.limited) for c in power.powers.codes),
    )


def _named(person: PowerPerson) -> NamedPerson:
    return NamedPerson(person.surname, person.given_name, person.snils, person.inn)


def _people(heads: Sequence[NamedPerson]) -> tuple[ExpectedPerson, ...]:
    return tuple(ExpectedPerson(h.last, h.given, h.snils, h.inn) for h in heads)


def _principal(given: GivenPower) -> ExpectedOrganisation:
    return ExpectedOrganisation(ogrn=given.principal_ogrn, inn_le=given.principal_inn)


def _answer(by: ByPower) -> RegistryAnswer | None:
    asked: AskedRegistry | None = by.answer
    if asked is None:
        return None
    return RegistryAnswer(by.number, _STATUSES[asked.status], asked.as_of, asked.revoked_on)


def _confirmation(reading: ReadWords | None, file: str, power: str) -> PowerConfirmation | None:
    return None if reading is None else PowerConfirmation(reading.by, reading.at, file, power)


def _finding(found: EngineFinding) -> PowerFinding:
    return PowerFinding(
        found.key, _PASSED[found.outcome], found.code, found.msgid, dict(found.params)
    )
