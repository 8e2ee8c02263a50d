"""Colours that can be read (WCAG 2.2, 1.4.3 and 1.4.11) and a style sheet that stays small."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

STATIC = Path(__file__).parents[3] / "web" / "static"
COLOURS = dict(re.findall(r"--([a-z-]+): #([0-9a-f]{6});", (STATIC / "tokens.css").read_text()))
WHITE = "ffffff"
PAIRS = [
    *((text, ground) for text in ("ink", "ink-soft", "accent") for ground in ("page", "surface")),
    *((name, f"{name}-pale") for name in ("done", "waiting", "problem", "paper", "accent")),
    *((name, "page") for name in ("done", "waiting", "problem", "paper")),
    ("ink", "neutral-pale"),
    ("ink-soft", "neutral-pale"),
]


def _luminance(colour: str) -> float:
    parts = (int(colour[i : i + 2], 16) / 255 for i in (0, 2, 4))
    r, g, b = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_text_can_be_read(text: str, ground: str) -> None:
    assert _contrast(COLOURS[text], COLOURS[ground]) >= 4.5


@pytest.mark.parametrize("ground", ["accent", "accent-dark", "problem"])
def test_white_on_a_button_can_be_read(ground: str) -> None:
    assert _contrast(WHITE, COLOURS[ground]) >= 4.5


def test_border_of_an_input_can_be_seen() -> None:
    assert _contrast(COLOURS["line-strong"], COLOURS["surface"]) >= 3
    assert _contrast(COLOURS["line-strong"], COLOURS["page"]) >= 3


def test_style_sheets_name_colours_in_one_place_and_fetch_nothing() -> None:
    sheet = (STATIC / "app.css").read_text()
    assert not re.findall(r"#[0-9a-f]{6}", sheet)
    assert "url(" not in sheet
    assert "@import" not in sheet
    assert "@font-face" not in sheet


def test_style_sheet_uses_only_tokens_that_exist() -> None:
    tokens = set(re.findall(r"(--[a-z0-9-]+):", (STATIC / "tokens.css").read_text()))
    used = set(re.findall(r"var\((--[a-z0-9-]+)", (STATIC / "app.css").read_text()))
    assert used <= tokens
    assert tokens <= used | {"--radius"}
