"""What ends before a planned signing, in words: for pages and for letters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from web.dates import long_date
from web.words import Words
from workflow.domain.ending_soon import Ending, EndingKind
from workflow.domain.refusals import N_
from workflow.domain.regulations import Role

#: What ends, in the genitive: «Полномочия …».
_ROLES: Mapping[Role, str] = {
    Role.HEAD: N_("authority of the head"),
    Role.ACTING_HEAD: N_("authority of the acting head"),
    Role.OFFICER: N_("authority of the officer of the office"),
}


@dataclass(frozen=True)
class EndingWords:
    """`title` says what ends and when; `planned` for which signature it is too short, or ""."""

    title: str
    planned: str


def what_ends(words: Words, ending: Ending, name: str, today: date) -> EndingWords:
    """Say what ends; `name` is whose it is, "" for the reader's own."""
    day = long_date(ending.until, today)
    over = ending.until < today
    if ending.kind is EndingKind.MANDATE:
        assert ending.role is not None  # a mandate has one
        what = words.text(_ROLES.get(ending.role, N_("authority to sign")))
        msgid = N_("{name}: {what} ends on {day}") if name else N_("Your {what} ends on {day}")
        title = words.text(msgid, name=name, what=what, day=day)
    elif ending.kind is EndingKind.POWER:
        msgid = (
            N_("{name}: the power of attorney ends on {day}")
            if name
            else N_("Your power of attorney ends on {day}")
        )
        title = words.text(msgid, name=name, day=day)
    elif name:
        msgid = (
            N_("{name}: the certificate of the signature ended on {day}")
            if over
            else N_("{name}: the certificate of the signature ends on {day}")
        )
        title = words.text(msgid, name=name, day=day)
    else:
        msgid = (
            N_("The certificate of your signature ended on {day}")
            if over
            else N_("The certificate of your signature ends on {day}")
        )
        title = words.text(msgid, day=day)
    if ending.planned is None:
        return EndingWords(title, "")
    planned = words.text(
        N_("A signature is needed later, by {day}: {title}."),
        day=long_date(ending.planned.due, today),
        title=ending.planned.title,
    )
    return EndingWords(title, planned)


def what_to_do(words: Words, ending: Ending, name: str) -> str:
    """Say what has to be done before that day, by the reader."""
    if ending.kind is EndingKind.MANDATE:
        return words.text(
            N_(
                "If the authority is to go on, have the new order entered before that day."
                " Otherwise sign what is ready in time."
            )
        )
    if ending.kind is EndingKind.POWER:
        return words.text(
            N_("Have the head give a new one before that day and load it; until then sign in time.")
        )
    if name:
        return words.text(
            N_("Remind the owner of the certificate: getting a new one takes several days.")
        )
    return words.text(
        N_(
            "Get a new certificate from your certification authority; if you keep your key in the"
            " system, add the new one. Then check your signature on the sample."
        )
    )
