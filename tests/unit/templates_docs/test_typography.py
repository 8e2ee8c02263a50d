"""What the end of a line must not part."""

from __future__ import annotations

import pytest

from templates_docs.typography import tied


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("МБОУ «СОШ № 1» района", "МБОУ «СОШ №~1» района"),
        ("от 25 января 2023 г. № 12-о/д", "от 25~января~2023~г. №~12-о/д"),
        ("на 2023–2025 гг.", "на 2023–2025~гг."),
        ("п. 2.5, ст. 351.8", "п.~2.5, ст.~351.8"),
        ("г. Лесногорск, ул. Садовая, д. 3", "г.~Лесногорск, ул.~Садовая, д.~3"),
        ("Белова Я.Н. и Н.В. Орлова", "Белова~Я.Н. и Н.В.~Орлова"),
        ("«педагог — педагог»", "«педагог~— педагог»"),
        ("приказ «О назначении», «Об отмене»", "приказ «О~назначении», «Об~отмене»"),
        ("на 2026/2027 учебный год", "на 2026/2027 учебный год"),
        ("Конец. Начало", "Конец. Начало"),
    ],
)
def test_a_document_ties_what_belongs_together(typed: str, printed: str) -> None:
    assert tied(typed) == printed.replace("~", "\u00a0")


def test_tying_twice_changes_nothing() -> None:
    once = tied("от 25 января 2023 г. № 12-о/д, п. 2.5")
    assert tied(once) == once
