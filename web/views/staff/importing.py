"""Workers from a file: the template, the upload, the preview, the confirmation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from uuid import UUID

from flask import Response, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from web import sheets
from web.access import needs
from web.actor import current_actor
from web.components import Cell, Link, Mark, Notice, Paging, Table, Tag
from web.current import _, services, surroundings
from web.form_page import FormPage, Upload
from web.forms import FieldError
from web.forms.files import read_file
from web.forms.tables import FILE_AT_MOST, SUFFIXES, read_table
from web.refusals import tell
from web.views.office import as_download
from web.views.refusal_notice import refusal_notice
from web.views.staff.blueprint import KEEPERS, list_crumbs, pages
from web.views.staff.import_words import line_words, problem_words
from workflow.domain.refusals import N_, Refusal
from workflow.domain.staff_import_plan import Fate, PlannedRow
from workflow.domain.staff_imports import StaffImport
from workflow.domain.staff_sheets import COLUMNS, ROWS_AT_MOST
from workflow.queries.staff_import import ImportPage, import_page, import_place
from workflow.usecases.import_staff import confirm_import, drop_import, upload_staff

TITLE = N_("Workers from a file")
FILE = "file"
ROWS_ON_PAGE = 100
PROBLEMS_AT_ONCE = 200

FATES: Mapping[Fate, tuple[str, Mark]] = {
    Fate.NEW: (N_("Import: new"), Mark.NEXT),
    Fate.CHANGED: (N_("Import: changed"), Mark.WAITING),
    Fate.UNCHANGED: (N_("Import: unchanged"), Mark.NEUTRAL),
    Fate.WRONG: (N_("Import: wrong"), Mark.PROBLEM),
}
_EXPLAINED = (
    N_("One line for each worker and post. Surname, first name and post are obligatory."),
    N_("An empty cell changes nothing. Dates are written 01.09.2020, years of experience 12."),
    N_("Name, СНИЛС and ИНН of a worker whose card is there already are not taken from a file."),
)


# --- Uploading -----------------------------------------------------------------------------


@pages.get("/import-template.xlsx")
@needs(*KEEPERS)
def import_template() -> Response:
    """Answer a workbook with the headings, to be filled in."""
    heading = [_(TITLE), *(_(line) for line in _EXPLAINED)]
    columns = [column.heading for column in COLUMNS]
    content = sheets.workbook(_(TITLE), heading, columns, ())
    return as_download(content, "workers.xlsx", sheets.MIME)


@pages.route("/<uuid:organisation_id>/import", methods=["GET", "POST"])
@needs(*KEEPERS)
def import_file(organisation_id: UUID) -> AnyResponse:
    """Ask for the file; what it would do is shown before anything is written."""
    place = import_place(services().work, current_actor(), organisation_id)
    page = FormPage(
        title=_(TITLE),
        above=place.name,
        label=_(N_("Look at what it changes")),
        lead=_(
            N_("Upload the list of workers. You will see each line first: nothing is written yet.")
        ),
        fields=(),
        crumbs=list_crumbs(organisation_id, Link(_(TITLE))),
        uploads=(Upload(FILE, _(N_("File with the workers")), SUFFIXES, _hint()),),
    )
    if request.method == "GET":
        return _asked(page)
    file, error = read_file(request.files.get(FILE), FILE, SUFFIXES, FILE_AT_MOST)
    if file is None:
        return _asked(page, error)
    rows, error = read_table(file, FILE)
    if error:
        return _asked(page, error)
    done = upload_staff(services().work, current_actor(), organisation_id, file.name, rows)
    if isinstance(done, Refusal):
        return _asked(page, refusal=done)
    return redirect(url_for("staff.import_preview", import_id=done.id), code=303)


def _hint() -> str:
    most = FILE_AT_MOST // (1024 * 1024)
    return _(N_("XLSX or CSV, {most} MB and {rows} lines at most"), most=most, rows=ROWS_AT_MOST)


def _asked(
    page: FormPage, error: FieldError | None = None, refusal: Refusal | None = None
) -> Response:
    label = page.uploads[0].label
    errors = [FieldError(error.name, error.msgid, error.params, label)] if error else []
    told = tell(refusal, surroundings().words) if refusal else None
    drawn = render_template(
        "staff/import_file.html",
        page=page,
        errors=errors,
        refused=told,
        columns=", ".join(column.heading for column in COLUMNS),
        explained=[_(line) for line in _EXPLAINED],
    )
    return make_response(drawn, 422 if errors else 409 if refusal else 200)


# --- Looking at it, confirming it ----------------------------------------------------------


@pages.get("/imports/<uuid:import_id>")
@needs(*KEEPERS)
def import_preview(import_id: UUID) -> Response:
    """Show what each line of the file would do, or what was done."""
    return _preview(import_page(services().work, current_actor(), import_id))


@pages.post("/imports/<uuid:import_id>/confirm")
@needs(*KEEPERS)
def import_confirm(import_id: UUID) -> AnyResponse:
    """Write the lines that are right; a second time changes nothing."""
    work, actor = services().work, current_actor()
    done = confirm_import(work, actor, import_id, request.form.get("seen", ""))
    return _answered(import_id, done)


@pages.post("/imports/<uuid:import_id>/drop")
@needs(*KEEPERS)
def import_drop(import_id: UUID) -> AnyResponse:
    """Forget the file."""
    done = drop_import(services().work, current_actor(), import_id)
    if isinstance(done, Refusal):
        return _answered(import_id, done)
    url = url_for("staff.workers", organisation_id=done.organisation_id)
    return redirect(url, code=303)


def _answered(import_id: UUID, done: StaffImport | Refusal) -> AnyResponse:
    if isinstance(done, Refusal):
        shown = import_page(services().work, current_actor(), import_id)
        return _preview(shown, refusal_notice(done, N_("Nothing has been written")))
    return redirect(url_for("staff.import_preview", import_id=import_id), code=303)


def _preview(shown: ImportPage, notice: Notice | None = None) -> Response:
    uploaded = shown.uploaded
    page = min(max(1, request.args.get("page", 1, type=int)), _pages_of(shown))
    wrong = [problem for row in shown.rows for problem in row.problems]
    rows = shown.rows[ROWS_ON_PAGE * (page - 1) : ROWS_ON_PAGE * page]
    drawn = render_template(
        "staff/import_preview.html",
        shown=shown,
        title=_(TITLE),
        crumbs=list_crumbs(uploaded.organisation_id, Link(_(TITLE))),
        notices=[notice] if notice else list(_notices(shown)),
        problems=[problem_words(problem) for problem in wrong[:PROBLEMS_AT_ONCE]],
        more_problems=max(0, len(wrong) - PROBLEMS_AT_ONCE),
        counts=_counts(shown),
        label=_label(shown),
        table=Table(
            _(N_("Import: lines of the file")),
            (_("Full name"), _(N_("Import: what happens"))),
            tuple(_line(row) for row in rows),
        ),
        paging=_paging(shown, page),
    )
    return make_response(drawn, 409 if notice else 200)


def _notices(shown: ImportPage) -> Iterator[Notice]:
    one = shown.uploaded
    if one.confirmed_at is not None:
        text = _(
            N_("Added: {added}, changed: {changed}, unchanged: {unchanged}."),
            added=one.added,
            changed=one.changed,
            unchanged=one.unchanged,
        )
        look = Link(
            _(N_("Look at the case forms")),
            url_for("staff.forms", organisation_id=one.organisation_id),
        )
        yield Notice(text, _(N_("The workers are written")), Mark.DONE, look if one.added else None)
    elif one.content is None:
        again = Link(
            _(N_("Upload it again")),
            url_for("staff.import_file", organisation_id=one.organisation_id),
        )
        yield Notice(_(N_("Nothing of it was written.")), _(N_("The file is not kept any more")),
                     Mark.WAITING, again)  # fmt: skip
    if shown.unread:
        text = ", ".join(shown.unread)
        yield Notice(text, _(N_("These columns are not read")), Mark.NEUTRAL)


def _counts(shown: ImportPage) -> tuple[tuple[Tag, int], ...]:
    return tuple(
        (Tag(_(label), mark), shown.counts[fate])
        for fate, (label, mark) in FATES.items()
        if shown.counts[fate]
    )


def _label(shown: ImportPage) -> str:
    """The verb of the button; empty when there is nothing to write."""
    right = shown.counts[Fate.NEW] + shown.counts[Fate.CHANGED]
    if not right:
        return ""
    words = surroundings().words
    write = words.plural("Write {n} worker", "Write {n} workers", right)
    wrong = shown.counts[Fate.WRONG]
    if not wrong:
        return write
    leave_out = words.plural("leave out {n} line", "leave out {n} lines", wrong)
    return f"{write}, {leave_out}"


def _line(row: PlannedRow) -> tuple[Cell, ...]:
    label, mark = FATES[row.fate]
    place = _(N_("Import: line {row}"), row=row.row.number)
    return (
        Cell(row.row.full_name, note=", ".join(part for part in (place, row.row.post) if part)),
        Cell(tag=Tag(_(label), mark), note="; ".join(line_words(row))),
    )


def _pages_of(shown: ImportPage) -> int:
    return max(1, -(-len(shown.rows) // ROWS_ON_PAGE))


def _paging(shown: ImportPage, page: int) -> Paging:
    last = _pages_of(shown)

    def url(number: int) -> str:
        return url_for("staff.import_preview", import_id=shown.uploaded.id, page=number)

    return Paging(
        page, last, url(page - 1) if page > 1 else "", url(page + 1) if page < last else ""
    )
