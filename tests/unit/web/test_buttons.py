"""An action as a button."""

from __future__ import annotations

from web.buttons import Action, button
from web.words import russian
from workflow.domain.refusals import Refusal

WORDS = russian()


def test_possible_action_is_a_button_that_can_be_pressed() -> None:
    shown = button(Action("Sign", "/sign", main=True), WORDS)
    assert (shown.label, shown.url, shown.style, shown.reason) == ("Подписать", "/sign", "main", "")


def test_refused_action_says_why_and_what_to_do_and_leads_nowhere() -> None:
    refusal = Refusal(
        "document.not_fixed",
        "The document has no number and date yet: the visa of {who} is awaited.",
        "Ask {who} for the visa.",
        {"who": "куратора"},
        article="Положение, п. 3.2",
    )
    shown = button(Action("Sign", "/sign", refusal), WORDS)
    assert shown.url == ""
    assert shown.reason == "Документу ещё не присвоены номер и дата: нет визы куратора."
    assert shown.todo == "Запросите визу куратора."
    assert shown.article == "Положение, п. 3.2"


def test_refusal_without_advice_has_none() -> None:
    shown = button(Action("Sign", "/sign", Refusal("x", "This is not possible now")), WORDS)
    assert shown.todo == ""


def test_what_cannot_be_undone_looks_so() -> None:
    assert button(Action("Repeal", "/repeal", main=True, grave=True), WORDS).style == "grave"
