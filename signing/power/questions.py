"""What a power of attorney (МЧД) is held against, and what was found out about it, as values.

`signing.power.judgement` puts the questions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from signing.expectation import (
    Authority,
    ExpectedOrganisation,
    ExpectedPerson,
    folded_name,
)
from signing.verdicts import CertificateFacts, Outcome, Param, refuse_naive
from signing.words import N_

DAY_AS_WRITTEN = "%d.%m.%Y"


class RegistryStatus(StrEnum):
    """What the registry of powers of attorney answered."""

    IN_FORCE = "in_force"
    REVOKED = "revoked"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class RegistryAnswer:
    """The registry's answer on the power with this number, as it stood at `as_of` (UTC).

    `revoked_on` is the day of the revocation, None when the answer does not say it.
    """

    number: str
    status: RegistryStatus
    as_of: datetime
    revoked_on: date | None = None

    def __post_init__(self) -> None:
        refuse_naive(self.as_of)


@dataclass(frozen=True)
class RequiredPower:
    """The power that the document needs, and the codes of the classifier that contain it.

    Without codes only somebody who has read its words finds it in a power of attorney.
    """

    name: str
    codes: frozenset[str]

    def __post_init__(self) -> None:
        if not self.name:
            raise ValueError("a required power has a name")


@dataclass(frozen=True)
class PowerConfirmation:
    """A named person read the words of one power of attorney and found this power in them.

    `sha256` is that of the power's file, `power` the name of the required power. Raises ValueError
    without a name.
    """

    confirmed_by: str
    at: datetime
    sha256: str
    power: str

    def __post_init__(self) -> None:
        refuse_naive(self.at)
        if not folded_name(self.confirmed_by):
            raise ValueError("a confirmation is made by a named person")

    def stands_for(self, sha256: str, power: str, now: datetime) -> bool:
        """Say whether it is about this file and this power, and made by `now`."""
        return (self.sha256, self.power) == (sha256, power) and self.at <= now


@dataclass(frozen=True)
class SigningByPower:
    """Who signs what for whom: what a power of attorney is held against.

    `representative` is what the certificate of the document's signer says, `on` the local day on
    which the signature is proven to have been made, `now` the moment of the judgement (UTC).
    `heads` are those whom our own register names as heads of the principal on the day the power
    was given, None where it knows of none: an authority may give a certificate of the organisation
    to other officials too, who could then name themselves its head. `principal` and `power` are
    None where nobody said for whom and what is signed: then these questions stay open.
    `received_at` is when the signature came in: the registry's answer must not have been too old
    then (None: not now).
    """

    representative: CertificateFacts
    principal: ExpectedOrganisation | None
    power: RequiredPower | None
    on: date
    now: datetime
    confirmation: PowerConfirmation | None = None
    heads: tuple[ExpectedPerson, ...] | None = None
    received_at: datetime | None = None

    def __post_init__(self) -> None:
        refuse_naive(self.now)
        if self.received_at is not None:
            refuse_naive(self.received_at)


@dataclass(frozen=True)
class PowerFinding:
    """One of the questions with its answer and the sentence that explains it."""

    key: str
    outcome: Outcome
    code: str
    msgid: str
    params: Mapping[str, Param] = field(default_factory=dict)


HOLDS = N_("The power of attorney {number} of {issued} holds; it ends on {until}.")

WORST_FIRST = (Outcome.FAILED, Outcome.NOT_MADE, Outcome.PASSED)


@dataclass(frozen=True)
class PowerJudgement:
    """All findings on one power of attorney, in the order of the questions."""

    number: str
    issued: date
    until: date
    findings: tuple[PowerFinding, ...]

    @property
    def outcome(self) -> Outcome:
        """Return FAILED if one finding failed, NOT_MADE if one was not made, else PASSED."""
        return min((each.outcome for each in self.findings), key=WORST_FIRST.index)

    @property
    def decisive(self) -> PowerFinding | None:
        """Return the first finding that stands in the way, None when the power holds."""
        worst = self.outcome
        if worst is Outcome.PASSED:
            return None
        return next(each for each in self.findings if each.outcome is worst)

    def authority(self) -> Authority:
        """Return what check 8 is told: it holds, it does not, or it is not known yet."""
        decisive = self.decisive
        if decisive is None:
            said = {
                "number": self.number,
                "issued": f"{self.issued:{DAY_AS_WRITTEN}}",
                "until": f"{self.until:{DAY_AS_WRITTEN}}",
            }
            return Authority(True, HOLDS, said)
        holds = False if decisive.outcome is Outcome.FAILED else None
        return Authority(holds, decisive.msgid, decisive.params)
