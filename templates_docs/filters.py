"""What a template may do to a value before it is printed, and how it is printed.

Every filter takes and returns plain values; none reaches further.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from jinja2.runtime import Undefined
from markupsafe import Markup, escape

from templates_docs.errors import N_, MissingFieldError, UnprintableValueError
from templates_docs.fields import NBSP, in_digits, in_words
from templates_docs.typography import tied

# Stands where an optional field printed nothing; its paragraph or row goes if nothing else is there
EMPTY_MARK = "\ue0fe"
_NOTHING = Markup(EMPTY_MARK)  # noqa: S704 - a constant

NUMBER_BLANK = f"№{NBSP}______"
DATE_BLANK = "____________"


def missing(field: str) -> MissingFieldError:
    return MissingFieldError(
        N_("The document cannot be made: the field {field} is empty. Fill it in."), field=field
    )


def _text(value: object, field: str) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | date):
        raise UnprintableValueError(
            N_("The field {field} is not a text, a number or a date and cannot be printed."),
            field=field,
        )
    return in_words(value) if isinstance(value, date) else str(value)


def required(value: object, field: str) -> object:
    """Return the value of a field that must have one; MissingFieldError names it otherwise."""
    if is_blank(value):
        raise missing(field)
    return value


def printed(value: object, field: str) -> str:
    """Return the text of a field that must have one; errors name the field."""
    return _text(required(value, field), field)


def is_blank(value: object) -> bool:
    if isinstance(value, str):
        return not value.strip()
    return value is None or isinstance(value, Undefined)


def _day(value: object) -> date:
    if not isinstance(value, date):
        raise UnprintableValueError(N_("A date filter was given something that is not a date."))
    return value


def date_in_words(value: object) -> str:
    return in_words(_day(value))


def date_in_digits(value: object) -> str:
    return in_digits(_day(value))


def date_or_blank(value: object) -> str:
    return DATE_BLANK if is_blank(value) else in_words(_day(value))


def number_or_blank(value: object) -> str:
    """«№ 12-о/д», or the blank to be filled by hand while there is no number."""
    return NUMBER_BLANK if is_blank(value) else f"№{NBSP}{_text(value, 'номер')}"


def if_present(value: object) -> object:
    return _NOTHING if is_blank(value) else value


def with_capital(value: object) -> str:
    text = _text(value, "с_прописной")
    return text[:1].upper() + text[1:]


def with_small(value: object) -> str:
    text = _text(value, "со_строчной")
    return text[:1].lower() + text[1:]


def in_capitals(value: object) -> str:
    return _text(value, "прописными").upper()


def listed(value: object, separator: str = ", ") -> str:
    """Join the texts of a list: «первое, второе»."""
    if not isinstance(value, list | tuple):
        raise UnprintableValueError(N_("The filter of lists was given something else."))
    return separator.join(_text(item, "списком") for item in value)


def count(value: object) -> int:
    return len(value) if isinstance(value, list | tuple) else 0


# What prints something sensible for an empty field, so that the field is not required.
TOLERANT: dict[str, Callable[..., object]] = {
    "номер": number_or_blank,
    "дата_или_пропуск": date_or_blank,
    "если_есть": if_present,
    "количество": count,
}
STRICT: dict[str, Callable[..., object]] = {
    "дата": date_in_words,
    "дата_цифрами": date_in_digits,
    "с_прописной": with_capital,
    "со_строчной": with_small,
    "прописными": in_capitals,
    "списком": listed,
}
# Filters that take one text in brackets.
WITH_SEPARATOR = ("списком",)
FILTERS = {**TOLERANT, **STRICT}


_NOT_IN_XML = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def word_text(value: object) -> Markup:
    """Escape what is printed for WordprocessingML; line ends and tabs become Word's own.

    Control characters, which XML cannot hold, are left out; «№ 1» and the like hold together.
    """
    if isinstance(value, Markup):
        return value
    text = _NOT_IN_XML.sub("", _text(value, "?").replace("\r\n", "\n").replace(EMPTY_MARK, ""))
    return Markup(  # noqa: S704 - the text is escaped first, the tags are ours
        str(escape(tied(text)))
        .replace("\n", '</w:t><w:br/><w:t xml:space="preserve">')
        .replace("\t", '</w:t><w:tab/><w:t xml:space="preserve">')
    )
