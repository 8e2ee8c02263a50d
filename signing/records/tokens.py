"""Timestamps in evidence records judged as all timestamps are (`signing.timestamps.judgement`)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from signing.evidence import Grounds
from signing.file_checks import Moment
from signing.records.check import JudgedToken
from signing.timestamps.judgement import JudgedTimestamp, judge_token
from signing.timestamps.tokens import Imprint
from signing.verdicts import TimeBasis


@dataclass
class JudgeOnGrounds:
    """A `JudgeToken` over the anchors, lists and policy in `grounds`; it keeps what it found.

    A token that another one renews is known to exist since that one's time, the newest since
    `grounds.now`. `judged` has the reports with their evidence, the newest token first.
    """

    grounds: Grounds
    judged: list[JudgedTimestamp] = field(default_factory=list)

    def __call__(self, token: bytes, imprint: Imprint, at: datetime) -> JudgedToken:
        """Judge `token` over `imprint` as it was relied on at `at` (UTC)."""
        basis = TimeBasis.PROVEN if at < self.grounds.now else TimeBasis.NOW
        found = judge_token(
            token,
            lambda name: imprint.value if name == imprint.digest else b"",
            self.grounds,
            known=Moment(at.replace(microsecond=0), basis),
        )
        self.judged.append(found)
        return JudgedToken(found.report.verdict, found.report.time, found.report.proven)
