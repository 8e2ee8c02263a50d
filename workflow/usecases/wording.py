"""How documents cite one another, as an office writes it.

These phrases are printed in documents, so they are Russian here as in the templates.
"""

from __future__ import annotations

from datetime import date

from workflow.domain.documents import Document

NBSP = "\u00a0"
_MONTHS = (
    "января", "февраля", "марта", "апреля", "мая", "июня",
    "июля", "августа", "сентября", "октября", "ноября", "декабря",
)  # fmt: skip


def day_in_words(day: date) -> str:
    """«25 января 2023 г.», with non-breaking spaces."""
    return NBSP.join((str(day.day), _MONTHS[day.month - 1], str(day.year), "г."))


def document_named(document: Document) -> str:
    """«Приказ об утверждении от 25 января 2023 г. № 12-о/д»."""
    return f"{document.title} {dated_and_numbered(document)}".rstrip()


def dated_and_numbered(document: Document) -> str:
    """«от 25 января 2023 г. № 12-о/д», or as much of it as there is."""
    return their_number(document.number, document.dated)


def their_number(number: str, dated: date | None) -> str:
    """«от 25 января 2023 г. № 12-о/д» of a paper from elsewhere, or as much as it says."""
    parts = [f"от {day_in_words(dated)}"] if dated else []
    if number:
        parts.append(f"№{NBSP}{number}")
    return " ".join(parts)


def order_named(order: Document) -> str:
    """«Приказ от 23 декабря 2022 г. № 789-о/д «Об организации работы …»»."""
    assert order.dated is not None
    heading = order.title if order.title.startswith("«") else f"«{order.title}»"
    return f"Приказ от {day_in_words(order.dated)} №{NBSP}{order.number} {heading}"


def order_cited(order: Document, issuer: str, case_word: str) -> str:
    """«приказом МКУ «…» от 23 декабря 2022 г. № 789-о/д «Об организации работы …»».

    `case_word` is «приказом» or «приказа», `issuer` the organisation's short name.
    """
    assert order.dated is not None
    heading = order.title if order.title.startswith("«") else f"«{order.title}»"
    return f"{case_word} {issuer} от {day_in_words(order.dated)} №{NBSP}{order.number} {heading}"
