"""Checking files that anybody hands in, as a port beside those of `workflow.ports`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from workflow.domain.refusals import Refusal
from workflow.ports import CheckStatus, TrustView


@dataclass(frozen=True)
class FileAnswer:
    """What was found out about one file with one signature file.

    `signature_name` is "" when the file was judged alone. `lines` are the report in Russian, or
    why there is none. `why` is the sentence of the first check that stands in the way, "" without
    one; `signed` is False for a file that holds no signature at all.
    """

    name: str
    signature_name: str
    status: CheckStatus
    lines: tuple[str, ...]
    why: str = ""
    signed: bool = True


class FileChecks(Protocol):
    """Judges signed PDFs, signature files and packages, whosever they are."""

    def check(
        self,
        name: str,
        content: bytes,
        signature: tuple[str, bytes] | None,
        trust: TrustView,
        now: datetime,
        time_zone: str,
    ) -> tuple[FileAnswer, ...] | Refusal:
        """Judge a file, alone or with its signature file (name and bytes), or a whole package.

        What is wrong with one file stands in its answer; a Refusal says that a package cannot be
        taken apart. Times in the reports are those of `time_zone`.
        """
        ...
