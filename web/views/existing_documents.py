"""A document that exists already is entered for a case: its number, date, signatory and file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from web.access import signed_in
from web.actor import current_actor
from web.components import Cell, Link, Table
from web.current import _, services
from web.form_page import FormPage, Upload, draw, read_fields, read_uploads
from web.forms import FieldError, entered_from, told_by_domain
from web.forms.files import UploadedFile
from web.forms.scans import check_scan
from workflow.domain.refusals import N_, Refusal
from workflow.domain.regulations import DocumentType, FieldKind, FieldSpec
from workflow.queries.existing_form import ExistingForm, existing_choice, existing_form
from workflow.usecases.register_existing import Incomplete, Scanned, register_existing

pages = Blueprint("existing_documents", __name__, url_prefix="/cases/<uuid:case_id>/existing")

TITLE = N_("Enter an existing document")
SIGNATURE = "signature"
OWN = ("number", "dated", "signed_by", "signed_by_post", "in_journal", "acknowledged_on")
NAMED = "existing"  # fields of the page itself bear this name before their key


@pages.get("")
@signed_in
def choose(case_id: UUID) -> str:
    """Ask which document it is."""
    shown = existing_choice(services().work, current_actor(), case_id)
    rows = tuple((Cell(kind.title, _address(case_id, kind.code)),) for kind in shown.types)
    table = Table(_(N_("Which document it is")), (_(N_("Kind of document")),), rows)
    return render_template(
        "existing/choose.html",
        shown=shown,
        table=table,
        crumbs=(Link(shown.case_title, url_for("cases.page", case_id=case_id)), Link(_(TITLE))),
    )


def _address(case_id: UUID, code: str) -> str:
    return url_for("existing_documents.enter", case_id=case_id, code=code)


@pages.route("/<code>", methods=["GET", "POST"])
@signed_in
def enter(case_id: UUID, code: str) -> AnyResponse:
    """Ask what the document says of itself, and register it."""
    work, actor = services().work, current_actor()
    asked = existing_form(work, actor, case_id, code)
    form = _form(asked)
    if request.method == "GET":
        return draw(form, entered_from(form.fields, {}), refusal=asked.refusal)
    reading = read_fields(form)
    files, wrong = read_uploads(form)
    scan = files["scan"]
    _content, no_pdf = check_scan(scan) if scan else (b"", ())
    errors: tuple[FieldError, ...] = (*wrong, *no_pdf, *reading.errors)
    if errors:
        return draw(form, request.form, errors)
    facts = {
        spec.key: reading.values[spec.key]
        for spec in asked.known
        if reading.values.get(spec.key) not in (None, (), "")
    }
    scanned = _scanned(asked.kind, reading.values, files)
    done = register_existing(work, actor, case_id, code, scanned, facts)
    if isinstance(done, Incomplete):
        return draw(form, request.form, told_by_domain(done.problems))
    if isinstance(done, Refusal):
        return draw(form, request.form, refusal=done)
    return redirect(url_for("documents.page", document_id=done.id, done="entered"), code=303)


def _form(asked: ExistingForm) -> FormPage:
    known = tuple(replace(spec, required=False, article="") for spec in asked.known)
    return FormPage(
        asked.kind.title,
        _(N_("Enter the document")),
        (*_own_fields(asked.kind), *known),
        (
            Link(asked.case_title, url_for("cases.page", case_id=asked.case_id)),
            Link(_(TITLE), url_for("existing_documents.choose", case_id=asked.case_id)),
            Link(asked.kind.title),
        ),
        _(
            N_(
                "The document is in force from its own date. Below the signatory you may copy what "
                "the document says: other documents rely on it."
            )
        ),
        asked.organisation,
        (
            Upload(
                "scan", _(N_("Scan or PDF of the document")), (".pdf",), _(N_("PDF, up to 50 MB"))
            ),
            Upload(
                SIGNATURE,
                _(N_("Electronic signature of this file")),
                (".sig", ".p7s", ".sgn"),
                _(N_("the .sig file, if the document was signed electronically; it is examined")),
                required=False,
            ),
        ),
        asked.options,
    )


def _own_fields(kind: DocumentType) -> tuple[FieldSpec, ...]:
    fields = [
        _own("number", N_("Number of the document"), FieldKind.TEXT, bool(kind.register)),
        _own("dated", N_("Date of the document"), FieldKind.DATE, True),
        _own("signed_by", N_("Who signed it"), FieldKind.TEXT, True),
        _own("signed_by_post", N_("Post of the signatory"), FieldKind.TEXT, False),
    ]
    if kind.register:
        fields.append(
            _own(
                "in_journal",
                N_("Enter it into the journal here under its own number"),
                FieldKind.YES_NO,
                True,
                N_("“no”, if the number stands in an older journal"),
            )
        )
    fields.append(
        _own(
            "acknowledged_on",
            N_("Last date on its acknowledgement sheet"),
            FieldKind.DATE,
            False,
            N_("if the signed sheet is in the scan; otherwise those named are asked"),
        )
    )
    return tuple(fields)


def _own(key: str, label: str, kind: FieldKind, required: bool, hint: str = "") -> FieldSpec:
    """A field of the page itself; its name cannot be that of a fact."""
    return FieldSpec(
        f"{NAMED}_{key}", _(label), kind, required=required, hint=_(hint) if hint else ""
    )


def _scanned(
    kind: DocumentType, values: Mapping[str, object], files: Mapping[str, UploadedFile | None]
) -> Scanned:
    own = {key: values.get(f"{NAMED}_{key}") for key in OWN}
    file, signature = files["scan"], files[SIGNATURE]
    dated, acknowledged = own["dated"], own["acknowledged_on"]
    assert isinstance(dated, date)  # otherwise there was an error
    assert file is not None
    return Scanned(
        number=str(own["number"] or ""),
        dated=dated,
        title=kind.title,
        signed_by=str(own["signed_by"]),
        signed_by_post=str(own["signed_by_post"] or ""),
        file_name=file.name,
        content=file.content,
        signature=signature.content if signature else b"",
        in_journal=bool(own["in_journal"]),
        acknowledged_on=acknowledged if isinstance(acknowledged, date) else None,
    )
