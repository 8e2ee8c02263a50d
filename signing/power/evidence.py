"""A power of attorney as it lay beside a signature, with all that it was judged by.

Kept once and never changed, so that authority can be judged again in fifty years, and by others:
file and signature of the power, the registry's answer, the confirmation of its words, who was
known as the head, what was signed and when, and what came out.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any  # JSON as it comes from json.loads has no better type

from signing.errors import MALFORMED, MEGABYTE, SigningError, refuse_larger
from signing.expectation import ExpectedOrganisation, ExpectedPerson
from signing.power.questions import (
    PowerConfirmation,
    PowerJudgement,
    RegistryAnswer,
    RegistryStatus,
    SigningByPower,
)
from signing.verdicts import refuse_naive
from signing.words import N_

FORM = "marshrut-power/1"
UNREADABLE: tuple[type[Exception], ...] = (SigningError, *MALFORMED)
MAX_KEPT = 10 * MEGABYTE


class PowerEvidenceUnreadableError(SigningError):
    """The bytes are no power of attorney as it is kept beside a signature."""

    code = "signing.power_evidence_unreadable"
    msgid = N_("The power of attorney that is kept with the signature cannot be read.")


@dataclass(frozen=True)
class PowerEvidence:
    """What authority by a power of attorney rested on.

    `file` and `signature` are the power's XML and the `.sig` beside it, `trust` the stored evidence
    (JSON) by which that signature was judged. `power` is the name of the power that was needed,
    `codes` those that contain it here. `said` are the findings: question, outcome, code.
    """

    file: bytes = field(repr=False)
    signature: bytes = field(repr=False)
    trust: bytes = field(repr=False)
    principal: ExpectedOrganisation
    heads: tuple[ExpectedPerson, ...]
    power: str
    codes: tuple[str, ...]
    on: date
    judged_at: datetime
    answer: RegistryAnswer | None
    confirmation: PowerConfirmation | None
    said: tuple[tuple[str, str, str], ...]

    def __post_init__(self) -> None:
        refuse_naive(self.judged_at)

    def to_bytes(self) -> bytes:
        """Return the canonical JSON form, UTF-8."""
        kept = {
            "form": FORM,
            "file": _base64(self.file),
            "signature": _base64(self.signature),
            "trust": self.trust.decode(),
            "principal": {"ogrn": self.principal.ogrn, "inn": self.principal.inn_le},
            "heads": [vars(head) for head in self.heads],
            "power": self.power,
            "codes": list(self.codes),
            "on": self.on.isoformat(),
            "judged_at": _time(self.judged_at),
            "answer": _answer_out(self.answer),
            "confirmation": _confirmation_out(self.confirmation),
            "said": [list(each) for each in self.said],
        }
        return json.dumps(kept, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()

    @classmethod
    def from_bytes(cls, content: bytes) -> PowerEvidence:
        """Read what `to_bytes` wrote; raises PowerEvidenceUnreadableError or TooLargeError."""
        refuse_larger(content, MAX_KEPT)
        try:
            return _read(json.loads(content))
        except UNREADABLE as error:
            raise PowerEvidenceUnreadableError from error


def evidence_of(
    file: bytes,
    signature: bytes,
    trust: bytes,
    signing: SigningByPower,
    answer: RegistryAnswer | None,
    judgement: PowerJudgement,
) -> PowerEvidence:
    """Return what is kept of a judgement; `signing` names principal and power (ValueError)."""
    if signing.principal is None or signing.power is None:
        raise ValueError("what nobody was asked for is not kept")
    return PowerEvidence(
        file=file,
        signature=signature,
        trust=trust,
        principal=signing.principal,
        heads=signing.heads or (),
        power=signing.power.name,
        codes=tuple(sorted(signing.power.codes)),
        on=signing.on,
        judged_at=signing.now,
        answer=answer,
        confirmation=signing.confirmation,
        said=tuple((each.key, each.outcome.value, each.code) for each in judgement.findings),
    )


def _read(kept: dict[str, Any]) -> PowerEvidence:
    if kept["form"] != FORM:
        raise ValueError(f"form {kept['form']!r} is not known")
    answer, confirmation = kept["answer"], kept["confirmation"]
    return PowerEvidence(
        file=_bytes(kept["file"]),
        signature=_bytes(kept["signature"]),
        trust=str(kept["trust"]).encode(),
        principal=ExpectedOrganisation(
            ogrn=kept["principal"]["ogrn"], inn_le=kept["principal"]["inn"]
        ),
        heads=tuple(ExpectedPerson(**head) for head in kept["heads"]),
        power=kept["power"],
        codes=tuple(kept["codes"]),
        on=date.fromisoformat(kept["on"]),
        judged_at=_time_in(kept["judged_at"]),
        answer=None if answer is None else _answer_in(answer),
        confirmation=None if confirmation is None else _confirmation_in(confirmation),
        said=tuple((key, outcome, code) for key, outcome, code in kept["said"]),
    )


def _answer_out(answer: RegistryAnswer | None) -> dict[str, Any] | None:
    if answer is None:
        return None
    return {
        "number": answer.number,
        "status": answer.status.value,
        "as_of": _time(answer.as_of),
        "revoked_on": None if answer.revoked_on is None else answer.revoked_on.isoformat(),
    }


def _answer_in(kept: dict[str, Any]) -> RegistryAnswer:
    day = kept["revoked_on"]
    return RegistryAnswer(
        kept["number"],
        RegistryStatus(kept["status"]),
        _time_in(kept["as_of"]),
        None if day is None else date.fromisoformat(day),
    )


def _confirmation_out(given: PowerConfirmation | None) -> dict[str, Any] | None:
    return None if given is None else vars(given) | {"at": _time(given.at)}


def _confirmation_in(kept: dict[str, Any]) -> PowerConfirmation:
    return PowerConfirmation(**(kept | {"at": _time_in(kept["at"])}))


def _time(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()


def _time_in(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode()


def _bytes(text: str) -> bytes:
    return base64.b64decode(text, validate=True)
