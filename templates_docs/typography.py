"""Tie together what the end of a line must not part: «№ 1», «п. 2.5», «25 января 2023 г.»."""

from __future__ import annotations

import re

from templates_docs.fields import MONTHS, NBSP

_MONTH = "|".join(MONTHS)
_TIED = re.compile(
    rf"""
      (?<=№)[ ](?=\w)                                   # № 1
    | (?<=\d)[ ](?=(?:{_MONTH})\b)                      # 25 января
    | (?:(?<=а)|(?<=я))[ ](?=\d{{4}}[ {NBSP}]г\.)       # января 2023 г.
    | (?<=\b\d{{4}})[ ](?=гг?\.)                        # 2023 г., 2023–2025 гг.
    | (?:(?<=\b[пчгсд]\.)|(?<=\b(?:ст|пп|гл|ул)\.))[ ](?=[\dА-ЯЁ])  # п. 2.5, г. Лесногорск
    | (?<=[А-ЯЁ]\.)[ ](?=[А-ЯЁ][а-яё])                  # И.О. Фамилия
    | (?<=[а-яё]{{2}})[ ](?=[А-ЯЁ]\.[А-ЯЁ]\.)             # Фамилия И.О.
    | (?:(?<=«[Оо])|(?<=«[Оо]б))[ ](?=\w)               # «О назначении
    | (?<=\S)[ ](?=—[ ])                                # a dash never begins a line
    """,
    re.VERBOSE,
)


def tied(text: str) -> str:
    """Return `text` with non-breaking spaces where a Russian document has them."""
    return _TIED.sub(NBSP, text)
