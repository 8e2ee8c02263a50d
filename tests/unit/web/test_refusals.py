"""A refusal reads like a sentence of the office, whatever stands in its places."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from web.refusals import tell
from web.words import russian
from workflow.domain.permissions import STATE_WORDS
from workflow.domain.refusals import Refusal
from workflow.domain.routes import DocumentState

STATE = "This is not possible now: the document is {state}."
ANOTHER_DAY = "The document is dated {date}, and a document is signed on its date."


def test_state_of_a_document_is_said_in_russian() -> None:
    refusal = Refusal("x", STATE, params={"state": STATE_WORDS[DocumentState.FIXING]})
    told = tell(refusal, russian()).what
    assert not any("a" <= sign <= "z" for sign in told.lower()), told


def test_day_is_said_as_an_office_writes_it() -> None:
    told = tell(Refusal("x", ANOTHER_DAY, params={"date": date(2026, 5, 3)}), russian())
    assert "03.05.2026" in told.what


def test_moment_is_said_by_the_clock_of_the_place() -> None:
    at = datetime(2026, 5, 3, 21, 30, tzinfo=UTC)
    told = tell(
        Refusal("x", ANOTHER_DAY, params={"date": at}), russian(), ZoneInfo("Asia/Yekaterinburg")
    )
    assert "04.05.2026, 02:30" in told.what


def test_refusal_without_advice_gives_none() -> None:
    assert tell(Refusal("x", ANOTHER_DAY, params={"date": date(2026, 5, 3)}), russian()).todo == ""
