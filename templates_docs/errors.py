"""What can go wrong in this room; every error has a stable code and words for people."""

from __future__ import annotations

from collections.abc import Mapping


def N_(msgid: str) -> str:
    """Mark an English sentence for the translation catalogue."""
    return msgid


class TemplateError(Exception):
    """The root of this room's errors.

    `msgid` is a key of the translation catalogue and `params` fills its placeholders:
    `Words.text(error.msgid, **error.params)` is what a person reads.
    """

    code = "template.error"

    def __init__(self, msgid: str, /, **params: object) -> None:
        self.msgid = msgid
        self.params: Mapping[str, object] = params
        super().__init__(msgid.format(**params) if params else msgid)


class NotADocumentError(TemplateError):
    """The bytes are no Word document, or one that must not be opened (too big, macros, links)."""

    code = "template.not_a_document"


class BrokenTemplateError(TemplateError):
    """The template cannot be used as it is; `paragraph` counts from 1, 0 when it is not known."""

    code = "template.broken"

    def __init__(self, msgid: str, /, *, paragraph: int = 0, **params: object) -> None:
        super().__init__(msgid, **params)
        self.paragraph = paragraph


class ForbiddenConstructError(BrokenTemplateError):
    """The template asks for something that templates may not do."""

    code = "template.forbidden"


class UnknownNameError(BrokenTemplateError):
    """The template names a filter, a test or a block that does not exist."""

    code = "template.unknown_name"


class MissingFieldError(TemplateError):
    """A field has to be printed and has no value; `field` is its name as the template writes it."""

    code = "template.missing_field"

    def __init__(self, msgid: str, /, *, field: str, **params: object) -> None:
        super().__init__(msgid, field=field, **params)
        self.field = field


class UnprintableValueError(TemplateError):
    """The facts hold a value that cannot stand in a document."""

    code = "template.unprintable"


class TooMuchError(TemplateError):
    """A bound was reached: size of the document, number of repetitions, time."""

    code = "template.too_much"


class ConversionError(TemplateError):
    """LibreOffice cannot be used at all (not installed, profile cannot be made)."""

    code = "template.conversion"
