"""A refusal in words: its days and moments as people read them, its parts translated too."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from web.dates import moment, short_date
from web.settings import MOSCOW
from web.words import Words
from workflow.domain.refusals import Refusal


@dataclass(frozen=True)
class Told:
    """What happened and why, what to do about it (may be empty), and the rule behind it."""

    what: str
    todo: str = ""
    article: str = ""


def tell(refusal: Refusal, words: Words, zone: tzinfo = MOSCOW) -> Told:
    """Say `refusal` in Russian; moments in it are shown in `zone`."""
    params = {name: _shown(value, words, zone) for name, value in refusal.params.items()}
    return Told(
        words.text(refusal.msgid, **params), words.text(refusal.todo, **params), refusal.article
    )


def _shown(value: object, words: Words, zone: tzinfo) -> object:
    match value:
        case datetime():
            return moment(value, zone)
        case date():
            return short_date(value)
        case str():
            return words.text(value)  # a state of a document is a sentence of the catalogue
        case _:
            return value
