"""A paper written by hand is entered for a pair: which one, whose, its date, its scan."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

from flask import Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from web.access import needs
from web.actor import current_actor
from web.components import Cell, Link, Table
from web.current import _, services, surroundings
from web.form_page import FormPage, Upload, draw, read_fields, read_uploads
from web.forms import FieldError, entered_from, told_by_domain
from web.forms.read import FormReading
from web.forms.scans import check_scan
from web.refusals import tell
from web.views.document_words import tied
from web.views.pairs.blueprint import WORKERS, crumbs, pages
from web.views.pairs.words import pair_name
from workflow.domain.documents import Document
from workflow.domain.refusals import N_, Refusal
from workflow.domain.regulations import FieldKind, FieldSpec
from workflow.queries.statement_form import (
    StatementChoice,
    StatementForm,
    statement_choice,
    statement_form,
)
from workflow.usecases.enter_statement import Handwritten, enter_statement
from workflow.usecases.register_existing import Incomplete

TITLE = N_("Enter a paper written by hand")
SCAN, WRITTEN_ON, NUMBER = "scan", "handwritten_on", "handwritten_number"


@pages.get("/pairs/<uuid:case_id>/handwritten")
@needs(*WORKERS)
def handwritten(case_id: UUID) -> str:
    """Ask which paper it is."""
    shown = statement_choice(services().work, current_actor(), case_id)
    rows = tuple(
        (
            Cell(
                kind.title,
                "" if shown.refusal else _address(case_id, kind.code),
                note=tied(kind.article),
            ),
        )
        for kind in shown.types
    )
    name = pair_name(shown.mentees, shown.mentor)
    return render_template(
        "pairs/handwritten.html",
        shown=shown,
        name=name,
        crumbs=crumbs(case_id, name, _(TITLE)),
        refused=tell(shown.refusal, surroundings().words) if shown.refusal else None,
        table=Table(_(N_("Which paper it is")), (_(N_("Kind of document")),), rows),
    )


def _address(case_id: UUID, code: str) -> str:
    return url_for("pairs.handwritten_page", case_id=case_id, code=code)


@pages.get("/pairs/<uuid:case_id>/handwritten/<code>")
@needs(*WORKERS)
def handwritten_page(case_id: UUID, code: str) -> Response:
    """Ask who wrote the paper, when, and what it says."""
    shown = statement_form(services().work, current_actor(), case_id, code)
    form = _form(shown)
    return draw(form, entered_from(form.fields, shown.known), refusal=shown.choice.refusal)


@pages.post("/pairs/<uuid:case_id>/handwritten/<code>")
@needs(*WORKERS)
def handwritten_send(case_id: UUID, code: str) -> AnyResponse:
    """Enter the paper: it is in force from its own date."""
    shown = statement_form(services().work, current_actor(), case_id, code)
    form = _form(shown)
    reading = read_fields(form)
    files, wrong = read_uploads(form)
    scan = files[SCAN]
    _content, no_pdf = check_scan(scan) if scan else (b"", ())
    errors: tuple[FieldError, ...] = (*wrong, *no_pdf, *reading.errors)
    if errors or scan is None:
        return draw(form, request.form, errors)
    done = _entered(shown, reading, scan.name, scan.content)
    if isinstance(done, Incomplete):
        return draw(form, request.form, told_by_domain(done.problems))
    if isinstance(done, Refusal):
        return draw(form, request.form, refusal=done)
    return redirect(url_for("documents.page", document_id=done.id, done="entered"), code=303)


def _entered(
    shown: StatementForm, reading: FormReading, file_name: str, content: bytes
) -> Document | Refusal | Incomplete:
    values = reading.values
    written_on = values[WRITTEN_ON]
    assert isinstance(written_on, date)  # the form read it as a day
    written = Handwritten(
        employment_id=UUID(str(values[shown.author.key])),
        written_on=written_on,
        file_name=file_name,
        scan=content,
        number=str(values.get(NUMBER) or ""),
    )
    said = {f.key: values[f.key] for f in shown.fields if values[f.key] not in (None, (), "")}
    work, actor = services().work, current_actor()
    return enter_statement(work, actor, shown.choice.case_id, shown.kind.code, written, said)


def _form(shown: StatementForm) -> FormPage:
    choice: StatementChoice = shown.choice
    way = crumbs(choice.case_id, pair_name(choice.mentees, choice.mentor), _(TITLE))
    choose = Link(_(TITLE), url_for("pairs.handwritten", case_id=choice.case_id))
    hint = _(N_("PDF, up to 50 MB"))
    return FormPage(
        title=shown.kind.title,
        label=_(N_("Enter the document")),
        fields=(*_own_fields(shown), *shown.fields),
        crumbs=(*way[:-1], choose, Link(shown.kind.title)),
        lead=_(
            N_(
                "The paper is in force from its own date. Compare what is filled in below with the"
                " paper: what it says counts."
            )
        ),
        above=choice.organisation,
        uploads=(Upload(SCAN, _(N_("Scan of the paper written by hand")), (".pdf",), hint),),
        options={**shown.options, shown.author.key: shown.authors},
    )


def _own_fields(shown: StatementForm) -> tuple[FieldSpec, ...]:
    """Who wrote it and when; its number, where such papers have one."""
    author = replace(shown.author, label=_(N_("Who wrote it")), required=True, hint="", article="")
    written = FieldSpec(WRITTEN_ON, _(N_("Date of the paper")), FieldKind.DATE, required=True)
    if not shown.kind.register:
        return (author, written)
    number = FieldSpec(NUMBER, _(N_("Number of the document")), FieldKind.TEXT, required=True)
    return (author, written, number)
