"""The document that is measured: a roadmap of three pages, a table of 16 rows, loops, blanks."""

from __future__ import annotations

from io import BytesIO
from typing import Any  # python-docx publishes no types

import docx

STAGES = ("Подготовительный", "Основной", "Заключительный")
MEASURES = 16


def template() -> bytes:
    """Return a Word template with the tags that docxtpl and we understand alike."""
    document = docx.Document()
    document.add_heading("Дорожная карта на {{ year }} учебный год", level=1)
    document.add_paragraph("{{ school }}, {{ place }}")
    document.add_paragraph("{%p if goal %}")
    document.add_paragraph("Цель: {{ goal }}.")
    document.add_paragraph("{%p endif %}")
    table = document.add_table(rows=4, cols=4)
    table.style = "Table Grid"
    _fill(table.rows[0], "№", "Мероприятие", "Срок", "Ответственный")
    _fill(table.rows[1], "{%tr for m in measures %}")
    _fill(table.rows[2], "{{ loop.index }}", "{{ m.title }}", "{{ m.term }}", "{{ m.who }}")
    _fill(table.rows[3], "{%tr endfor %}")
    document.add_paragraph("{%p for r in results %}")
    document.add_paragraph("— {{ r.text }}{% if loop.last %}.{% else %};{% endif %}")
    document.add_paragraph("{%p endfor %}")
    document.add_paragraph("{{ post }} _______________ {{ signer }}")
    return _written(document)


def facts() -> dict[str, object]:
    """Return invented facts, the same for every document."""
    return {
        "year": "2025/2026",
        "school": "МБОУ «Средняя школа № 1»",
        "place": "г. Приволжск",
        "goal": "сопровождение молодых педагогов",
        "measures": [
            {
                "title": f"{STAGES[n * len(STAGES) // MEASURES]} этап: мероприятие {n + 1},"
                " встреча наставников и наставляемых по плану работы",
                "term": f"до {n % 28 + 1}.10.2025",
                "who": "куратор, заместитель директора",
            }
            for n in range(MEASURES)
        ],
        "results": [{"text": f"ожидаемый результат {n + 1}"} for n in range(8)],
        "post": "Директор",
        "signer": "Я. Н. Белова",
    }


def _fill(row: Any, *texts: str) -> None:
    for cell, text in zip(row.cells, texts, strict=False):
        cell.text = text


def _written(document: Any) -> bytes:
    out = BytesIO()
    document.save(out)
    return out.getvalue()
