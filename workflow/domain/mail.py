"""What a letter says, as values; the engine behind the port Mail puts it into words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from workflow.domain.deadlines import Remaining
from workflow.domain.ending_soon import Ending
from workflow.domain.refusals import Refusal
from workflow.domain.reminders import ReminderKind


@dataclass(frozen=True)
class ReminderText:
    """What a reminder says, as on the pages: `last` is the last day in time, seen from `today`.

    `own`: the reader owes it; to others `owing` names who does, if it is a person's
    («Жукова И. О.»).
    """

    kind: ReminderKind
    title: str
    organisation: str
    article: str
    last: date
    left: Remaining
    today: date
    own: bool = True
    owing: str = ""


@dataclass(frozen=True)
class WithdrawnText:
    """A signature under `document` does not count any more, because of `reason`.

    `signer` names whose it was when the reader is somebody else; `concerned`: the document is about
    the reader, who has no work on it. `refused`: it has never counted, it only waited for a list.
    """

    document: str
    organisation: str
    reason: Refusal
    signer: str = ""
    concerned: bool = False
    refused: bool = False


@dataclass(frozen=True)
class EndingText:
    """Something ends before a planned signing, seen from `today`.

    `name` says whose it is when the reader is somebody else.
    """

    ending: Ending
    organisation: str
    today: date
    name: str = ""


@dataclass(frozen=True)
class TrialText:
    """A letter that says that letters arrive."""


@dataclass(frozen=True)
class OutgoingMail:
    """A letter to one person; `link` is where the thing is done.

    `message_id` («<…@host>») is the same when the letter is sent again.
    """

    message_id: str
    address: str
    link: str
    text: ReminderText | WithdrawnText | EndingText | TrialText
