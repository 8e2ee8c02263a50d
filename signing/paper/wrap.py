"""Breaks text into lines that fit a width."""

from __future__ import annotations

from signing.paper.canvas import Face


def wrap(words: str, face: Face, size: float, width: float, hyphen: str = "") -> list[str]:
    """Return the lines of `words` set in `size` points, none wider than `width` points.

    Breaks at spaces (never at non-breaking ones) and at line feeds; a word that is wider than a
    line is broken after its last hyphen that fits, else where the line ends, with `hyphen` behind
    it. Empty text gives one empty line.
    """
    lines: list[str] = []
    for paragraph in words.split("\n"):
        lines += _wrap_paragraph(paragraph, face, size, width, hyphen)
    return lines


def _wrap_paragraph(
    paragraph: str, face: Face, size: float, width: float, hyphen: str
) -> list[str]:
    lines, line = [], ""
    for word in paragraph.split(" "):
        longer = f"{line} {word}" if line else word
        if face.typeface.width(longer, size) <= width:
            line = longer
            continue
        if line:
            lines.append(line)
        *full, line = _pieces(word, face, size, width, hyphen)
        lines += full
    return [*lines, line]


def _pieces(word: str, face: Face, size: float, width: float, hyphen: str) -> list[str]:
    pieces, piece = [], ""
    for character in word:
        if piece and face.typeface.width(piece + character + hyphen, size) > width:
            whole, dash, rest = piece.rpartition("-")
            pieces.append(whole + dash if whole else piece + hyphen)
            piece = rest if whole else ""
        piece += character
    return [*pieces, piece]
