"""A page that asks one thing: a form of fields and files, its errors, a use case's refusal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Response, make_response, render_template, request

from web.components import Link
from web.current import surroundings
from web.forms import FieldError, form_fields, read_form
from web.forms.files import UploadedFile, read_file
from web.forms.names import Entered
from web.forms.read import FormReading, Options
from web.refusals import tell
from web.settings import MEBIBYTE
from workflow.domain.refusals import Refusal
from workflow.domain.regulations import FieldSpec

LARGEST_FILE = 50 * MEBIBYTE


@dataclass(frozen=True)
class Upload:
    """A file that is asked for; `suffixes` are those that are taken (`.pdf`)."""

    name: str
    label: str
    suffixes: tuple[str, ...]
    hint: str = ""
    required: bool = True


@dataclass(frozen=True)
class FormPage:
    """What a page asks for: `label` is the verb on its button, `lead` what follows from it."""

    title: str
    label: str
    fields: tuple[FieldSpec, ...]
    crumbs: tuple[Link, ...]
    lead: str = ""
    above: str = ""
    uploads: tuple[Upload, ...] = ()
    options: Options | None = None


def draw(
    page: FormPage,
    entered: Entered,
    errors: Sequence[FieldError] = (),
    refusal: Refusal | None = None,
) -> Response:
    """Answer the page with what was entered in it: 422 with errors, 409 with a refusal."""
    words = surroundings().words
    rendered = render_template(
        "form_page.html",
        page=page,
        fields=form_fields(page.fields, entered, errors, page.options),
        errors=errors,
        refused=tell(refusal, words) if refusal else None,
    )
    return make_response(rendered, 422 if errors else 409 if refusal else 200)


def read_fields(page: FormPage) -> FormReading:
    """Read the fields of the form that was sent."""
    return read_form(page.fields, request.form, page.options)


def read_uploads(page: FormPage) -> tuple[dict[str, UploadedFile | None], list[FieldError]]:
    """Read the files of the form that was sent."""
    files: dict[str, UploadedFile | None] = {}
    errors: list[FieldError] = []
    for upload in page.uploads:
        file, error = read_file(
            request.files.get(upload.name),
            upload.name,
            upload.suffixes,
            LARGEST_FILE,
            upload.required,
        )
        files[upload.name] = file
        if error:
            errors.append(FieldError(error.name, error.msgid, error.params, upload.label))
    return files, errors
