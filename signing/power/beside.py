"""A power of attorney beside a signed file, judged by what the files alone say.

For whom the document is, which power it needs and what the registry says is not known here, so
authority is at best not checked, never found.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta, tzinfo

from signing.evidence import Grounds
from signing.expectation import Authority
from signing.power.attorney import read_power
from signing.power.judgement import judge_power
from signing.power.questions import DAY_AS_WRITTEN, PowerJudgement, SigningByPower
from signing.validate import validate_detached
from signing.verdicts import CertificateFacts, Outcome
from signing.words import N_

MARKS = {
    Outcome.PASSED: N_("power: yes"),
    Outcome.FAILED: N_("power: no"),
    Outcome.NOT_MADE: N_("power: not checked"),
}
TITLE = N_("Power of attorney № {number} of {issued}, in force until {until}, for {owner}:")
ITS_WORD = N_(
    "Who heads the organisation, the file itself says: it was not compared with a register."
)


class PowerBeside:
    """Answers check 8 for each signature, and tells what was found.

    Raises PowerUnreadableError, PowerFormError, TooLargeError, and what `validate_detached` raises.
    """

    def __init__(self, file: bytes, signature: bytes, grounds: Grounds, zone: tzinfo) -> None:
        self._power = read_power(file)
        self._report = validate_detached(file, signature, grounds).report
        self._now = grounds.now
        self._on = (grounds.at or grounds.now).astimezone(zone).date()
        self._found: dict[str, tuple[str, PowerJudgement]] = {}

    def authority(self, facts: CertificateFacts) -> Authority:
        """Say what the power lets the owner of the certificate do: nothing that is certain."""
        signing = SigningByPower(facts, None, None, self._on, self._now)
        judgement = judge_power(self._power, self._report, signing, None, timedelta())
        self._found[facts.fingerprint] = facts.owner, judgement
        return judgement.authority()

    def lines(self, text: Callable[..., str]) -> list[str]:
        """Return the findings for each signer, in words."""
        said: list[str] = []
        for owner, judgement in self._found.values():
            said.append(
                text(
                    TITLE,
                    number=judgement.number,
                    issued=f"{judgement.issued:{DAY_AS_WRITTEN}}",
                    until=f"{judgement.until:{DAY_AS_WRITTEN}}",
                    owner=owner,
                )
            )
            said += [
                f"  [{text(MARKS[each.outcome])}] {text(each.msgid, **each.params)}"
                for each in judgement.findings
            ]
            said.append(f"  {text(ITS_WORD)}")
        return said
