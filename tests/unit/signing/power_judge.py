"""A judge of powers of attorney for tests: signs samples and asks what is made of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from cryptography import x509
from cryptography.x509.oid import NameOID

from signing.certificates import certificate_facts, load_certificate
from signing.expectation import ExpectedOrganisation
from signing.power.attorney import read_power
from signing.power.judgement import judge_power
from signing.power.questions import (
    PowerFinding,
    PowerJudgement,
    RegistryAnswer,
    RegistryStatus,
    RequiredPower,
    SigningByPower,
)
from signing.sign import sign_detached
from signing.validate import validate_detached
from signing.verdicts import CertificateFacts, Outcome, Report, SignatureKind
from tests.pki import DAY, HEAD, INN, INN_LE, MENTOR, NOON, OGRN, SNILS, Holder, Office
from tests.unit.signing.conftest import grounds_of, key_of, trust_in
from tests.unit.signing.power_samples import (
    CODE,
    NUMBER,
    Sample,
)

GOOD = Sample()
QUALIFIED = SignatureKind.QUALIFIED
TODAY = date(2026, 11, 20)
WEEK = timedelta(days=7)
STAFF_ORDERS = RequiredPower("подписание кадровых приказов", frozenset({CODE, "EDU_01_002"}))
SCHOOL = ExpectedOrganisation(ogrn="1021600000001", inn_le="1600000001")
IN_FORCE = RegistryAnswer(NUMBER, RegistryStatus.IN_FORCE, NOON - DAY)
TEXT = "<ТекстПолн>Подписывать приказы по личному составу</ТекстПолн>"
IN_WORDS = replace(GOOD, kind="0", powers=TEXT)


@dataclass(frozen=True)
class Judge:
    """Signs samples of powers of attorney and has them judged."""

    office: Office

    def report(
        self,
        content: bytes,
        signer: Holder | None = None,
        kind: SignatureKind = QUALIFIED,
        crls: tuple[bytes, ...] | None = None,
        at: datetime | None = None,
    ) -> Report:
        """The report on a detached signature made by the head, or by somebody else."""
        signature = sign_detached(content, key_of(signer or self.head()), NOON)
        lists = self.office.crls if crls is None else crls
        grounds = grounds_of(trust_in(self.office.root, kind=kind), lists, at=at)
        return validate_detached(content, signature, grounds).report

    def head(self, **changes: str) -> Holder:
        """The head with her certificate of the organisation."""
        return self.office.issuing.person(changed(HEAD, changes))

    def deputy(self, **changes: str) -> CertificateFacts:
        """What the personal certificate of the representative says."""
        holder = self.office.issuing.person(changed(MENTOR, changes))
        return certificate_facts(load_certificate(holder.der), training=False)

    def signing(self, **changes: object) -> SigningByPower:
        """A signing that a good power allows."""
        usual: dict[str, object] = {
            "representative": self.deputy(),
            "principal": SCHOOL,
            "power": STAFF_ORDERS,
            "on": TODAY,
            "now": NOON,
        }
        return SigningByPower(**(usual | changes))  # type: ignore[arg-type]  # by name

    def __call__(
        self,
        sample: Sample = GOOD,
        *,
        signer: Holder | None = None,
        report: Report | None = None,
        registry: RegistryAnswer | None = IN_FORCE,
        **changes: object,
    ) -> PowerJudgement:
        """Judge a sample; what is not given is as for a power that holds."""
        content = sample.xml()
        report = report or self.report(content, signer)
        return judge_power(read_power(content), report, self.signing(**changes), registry, WEEK)


NAMES = {
    "surname": NameOID.SURNAME,
    "given": NameOID.GIVEN_NAME,
    "snils": SNILS,
    "inn": INN,
    "inn_le": INN_LE,
    "ogrn": OGRN,
}


def changed(
    values: dict[x509.ObjectIdentifier, str], changes: dict[str, str]
) -> dict[x509.ObjectIdentifier, str]:
    """The attributes of a subject with some changed; "" leaves one out."""
    named = {NAMES[name]: value for name, value in changes.items()}
    return {oid: value for oid, value in (values | named).items() if value}


def only_problem(judgement: PowerJudgement) -> PowerFinding:
    """The one finding that does not pass: each check is shown to stand in the way alone."""
    (finding,) = [each for each in judgement.findings if each.outcome is not Outcome.PASSED]
    assert judgement.outcome is finding.outcome
    assert judgement.decisive == finding
    return finding


def said(judgement: PowerJudgement) -> tuple[Outcome, str]:
    """The outcome and code of the only problem."""
    finding = only_problem(judgement)
    return finding.outcome, finding.code


def refused(code: str) -> tuple[Outcome, str]:
    """What is said of a power that does not hold."""
    return Outcome.FAILED, code


def open_(code: str) -> tuple[Outcome, str]:
    """What is said of a power that cannot be judged yet."""
    return Outcome.NOT_MADE, code
