"""signing behind the port FileChecks."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from marshrut.engines.signatures import grounds_of
from signing.errors import SigningError
from signing.file_check import JudgedFile, judge_files
from signing.reports.indications import indication_of_error
from signing.reports.lines import report_lines
from signing.reports.words import sentence
from signing.verdicts import Outcome, Verdict
from web.words import Words
from workflow.domain.refusals import Refusal
from workflow.file_checks import FileAnswer
from workflow.ports import CheckStatus, TrustView

STATUSES = {
    Verdict.VALID: CheckStatus.VALID,
    Verdict.INVALID: CheckStatus.INVALID,
    Verdict.UNDECIDED: CheckStatus.UNDECIDED,
}


class CheckedFiles:
    """Judging files of strangers; `words` gives the sentences of the reports."""

    def __init__(self, words: Words) -> None:
        self._words = words

    def check(
        self,
        name: str,
        content: bytes,
        signature: tuple[str, bytes] | None,
        trust: TrustView,
        now: datetime,
        time_zone: str,
    ) -> tuple[FileAnswer, ...] | Refusal:
        """See `workflow.file_checks.FileChecks`."""
        try:
            judged = judge_files(name, content, grounds_of(trust, now), signature=signature)
        except SigningError as error:
            return Refusal(error.code, error.msgid, params=error.params)
        zone = ZoneInfo(time_zone)
        return tuple(
            FileAnswer(
                each.name,
                each.signature_name,
                STATUSES[each.verdict],
                tuple(self._lines(each, zone)),
                self._why(each, zone),
                _is_signed(each),
            )
            for each in judged
        )

    def _why(self, judged: JudgedFile, zone: ZoneInfo) -> str:
        """Why the file is not validly signed, in one sentence; failures come first."""
        if isinstance(judged.found, SigningError) or judged.verdict is Verdict.VALID:
            return ""
        asked = [c for s in judged.found.report.signatures for c in s.checks if c.required]
        for outcome in (Outcome.FAILED, Outcome.NOT_MADE):
            for check in asked:
                if check.outcome is outcome:
                    return sentence(check.msgid, check.params, self._words.text, zone)
        return ""

    def _lines(self, judged: JudgedFile, zone: ZoneInfo) -> list[str]:
        if not isinstance(judged.found, SigningError):
            return report_lines(judged.found.report, self._words.text, zone)
        said = self._words.text(judged.found.msgid, **judged.found.params)
        indication = indication_of_error(judged.found.code)
        return [said] if indication is None else [said, f"{indication.main} / {indication.sub}"]


def _is_signed(judged: JudgedFile) -> bool:
    """Say whether there is a signature, or something that may be one."""
    if isinstance(judged.found, SigningError):
        return True
    report = judged.found.report
    return bool(report.signatures or report.not_understood)
