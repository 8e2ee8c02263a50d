"""The guide names what is on the pages: its quoted buttons, places and messages exist there."""

from __future__ import annotations

import re
from functools import cache

import pytest
from babel.messages.pofile import read_po

from tests.compose import CHECKOUT

GUIDE = (CHECKOUT / "docs" / "guide.md").read_text()
CATALOGUE = CHECKOUT / "web" / "translations" / "ru"
QUOTED = re.compile(r"«([^«»]+)»")
PLACEHOLDER = re.compile(r"\{[a-z_]+\}")
#: Words of the office itself, which the guide explains and no page says alone.
SAID_ELSEWHERE = frozenset({"Маршруте", "УЧЕБНЫЙ", "ПРОЕКТ", "проверено", "отсоединённая подпись"})


def quoted(text: str) -> list[str]:
    """Return each quotation once, in order, lines joined."""
    return list(dict.fromkeys(" ".join(words.split()) for words in QUOTED.findall(text)))


@cache
def said() -> tuple[str, ...]:
    """Return every Russian sentence of the catalogue, spaces made plain."""
    sentences: list[str] = []
    for path in sorted(CATALOGUE.glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale="ru"):
                if message.id:
                    forms = message.string if message.pluralizable else (message.string,)
                    sentences += [" ".join(str(form).split()) for form in forms or ()]
    return tuple(sentences)


def on_the_pages(words: str) -> bool:
    """Whether a sentence of the catalogue is these words, or begins with them and goes on.

    «Соглашения работников: МБОУ …» may be quoted without the organisation's name.
    """
    whole = words.casefold()
    return any(
        sentence.casefold() == whole
        or PLACEHOLDER.split(sentence.casefold())[0].rstrip(" :.«№") == whole
        for sentence in said()
    )


@pytest.mark.parametrize("words", quoted(GUIDE))
def test_what_the_guide_quotes_stands_on_a_page(words: str) -> None:
    assert words in SAID_ELSEWHERE or on_the_pages(words), words


def test_a_button_that_is_not_there_would_be_found() -> None:
    assert quoted("нажмите «Отправить\nвсё» и «Подписать»") == ["Отправить всё", "Подписать"]
    assert on_the_pages("Подписать")
    assert not on_the_pages("Отправить всё")
