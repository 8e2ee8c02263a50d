"""Forms made from the fields that a document type asks for."""

from web.forms.read import FieldError, FormReading, read_form, told_by_domain
from web.forms.rows import change_rows
from web.forms.show import FieldView, entered_from, form_fields

__all__ = [
    "FieldError",
    "FieldView",
    "FormReading",
    "change_rows",
    "entered_from",
    "form_fields",
    "read_form",
    "told_by_domain",
]
