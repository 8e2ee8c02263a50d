"""Signing in one's own program: download the fixed files, sign them, hand the signatures in."""

from __future__ import annotations

from uuid import UUID

from flask import Response, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from web.access import signed_in
from web.actor import current_actor
from web.components import Notice
from web.current import services
from web.dates import moment
from web.errors import unless_refused
from web.forms import FieldError
from web.forms.files import UploadedFile, read_file
from web.forms.signed_files import (
    DETACHED,
    SIGNED_PDF,
    FileToSign,
    match_detached,
    match_signed_pdfs,
)
from web.settings import MEBIBYTE
from web.views.on_document import (
    crumbs,
    download_names,
    file_address,
    notice_of,
    stored_file,
    zipped,
)
from web.views.sign import DIGEST_LENGTH, NOT_ACCEPTED, TITLE
from workflow.domain.refusals import N_, Refusal
from workflow.domain.regulations import SignatureFormat
from workflow.queries.headings import FileCard, Heading
from workflow.queries.signing_page import (
    AttemptPage,
    attempt_page,
    fixed_files,
    signing_page,
)
from workflow.usecases.errors import NotFoundError
from workflow.usecases.record_signature import record_signature
from workflow.usecases.sign import begin_signing

FIELD = "signatures"
SIG_AT_MOST = MEBIBYTE  # a detached signature with its chain has some kilobytes
PDF_AT_MOST = 55 * MEBIBYTE


@signed_in
def begin(document_id: UUID) -> AnyResponse:
    """Open a signing of ten minutes for the files that were seen."""
    work, actor = services().work, current_actor()
    seen = request.form.get("seen", "")[:DIGEST_LENGTH]
    begun = begin_signing(work, actor, document_id, seen)
    if isinstance(begun, Refusal):
        shown = signing_page(work, actor, document_id)
        if shown.mine is not None and shown.mine.manifest == seen:
            return _to_result(document_id)
        unless_refused(begun)
    assert not isinstance(begun, Refusal)  # it was raised just now
    return redirect(
        url_for("signing.own_program", document_id=document_id, attempt_id=begun.attempt.id),
        code=303,
    )


@signed_in
def page(document_id: UUID, attempt_id: UUID) -> AnyResponse:
    """Show what to download, and take the signatures."""
    shown = attempt_page(services().work, current_actor(), document_id, attempt_id)
    return _to_result(document_id) if shown.is_answered else _page(shown)


@signed_in
def hand_in(document_id: UUID, attempt_id: UUID) -> AnyResponse:
    """Take all signatures at once; the same ones again find the first answer."""
    work, actor = services().work, current_actor()
    shown = attempt_page(work, actor, document_id, attempt_id)
    outputs, errors = read_signatures(shown.files, _is_inside(shown))
    if errors:
        return _page(shown, errors=errors)
    recorded = record_signature(work, actor, attempt_id, outputs)
    if isinstance(recorded, Refusal):
        return _page(shown, refusal=recorded)
    return _to_result(document_id)


@signed_in
def file(document_id: UUID, place: int) -> Response:
    """Answer a fixed file: for the preview, to print, to sign elsewhere."""
    shown = fixed_files(services().work, current_actor(), document_id)
    if place >= len(shown.files):
        raise NotFoundError(f"document {document_id} has no file {place}")
    wanted = shown.files[place]
    name = download_names(shown.files)[place]
    return stored_file(wanted.sha256, name, download=request.args.get("download") == "1")


@signed_in
def archive(document_id: UUID) -> Response:
    """Answer all fixed files in one archive."""
    shown = fixed_files(services().work, current_actor(), document_id)
    names = download_names(shown.files)
    pairs = [(name, f.sha256) for name, f in zip(names, shown.files, strict=True)]
    return zipped(pairs, f"{shown.heading.named}.zip")


def _is_inside(shown: AttemptPage) -> bool:
    return shown.demand.format is SignatureFormat.PADES


def read_signatures(
    files: tuple[FileCard, ...], is_inside: bool
) -> tuple[tuple[bytes, ...], tuple[FieldError, ...]]:
    """Return what was handed in for `files`, in their order; or what is wrong with it."""
    uploads, errors = _uploads(files, is_inside)
    return ((), errors) if errors else _matched(files, is_inside, uploads)


def _uploads(
    files: tuple[FileCard, ...], is_inside: bool
) -> tuple[list[UploadedFile], tuple[FieldError, ...]]:
    chosen = [upload for upload in request.files.getlist(FIELD) if upload.filename]
    if not chosen:
        return [], (FieldError(FIELD, N_("Choose the signatures of all files.")),)
    if len(chosen) > len(files):
        params = {"count": len(files)}
        return [], (FieldError(FIELD, N_("Choose {count} files, one for each."), params),)
    suffixes = SIGNED_PDF if is_inside else DETACHED
    most = PDF_AT_MOST if is_inside else SIG_AT_MOST
    read = [read_file(upload, FIELD, suffixes, most) for upload in chosen]
    errors = tuple(error for _file, error in read if error)
    return [upload for upload, _error in read if upload], errors


def _matched(
    files: tuple[FileCard, ...], is_inside: bool, uploads: list[UploadedFile]
) -> tuple[tuple[bytes, ...], tuple[FieldError, ...]]:
    names = download_names(files)
    if not is_inside:
        return match_detached([FileToSign(name) for name in names], uploads, FIELD)
    blobs = services().work.blobs
    wanted = [FileToSign(name, blobs.get(f.sha256)) for name, f in zip(names, files, strict=True)]
    return match_signed_pdfs(wanted, uploads, FIELD)


def _to_result(document_id: UUID) -> AnyResponse:
    return redirect(url_for("signing.result", document_id=document_id), code=303)


def _page(
    shown: AttemptPage, refusal: Refusal | None = None, errors: tuple[FieldError, ...] = ()
) -> Response:
    zone = shown.heading.zone
    page = render_template(
        "signing/own_program.html",
        shown=shown,
        crumbs=crumbs(shown.heading, TITLE),
        notices=_notices(shown, refusal),
        errors=errors,
        until=moment(shown.expires_at, zone)[-5:],
        files=downloads(shown.heading, shown.files),
        is_inside=_is_inside(shown),
        accept=",".join(SIGNED_PDF if _is_inside(shown) else DETACHED),
    )
    return make_response(page, 422 if errors else 409 if refusal else 200)


def _notices(shown: AttemptPage, refusal: Refusal | None) -> tuple[Notice, ...]:
    if refusal:
        return (notice_of(refusal, shown.heading, NOT_ACCEPTED),)
    if shown.refusal:
        return (notice_of(shown.refusal, shown.heading, N_("Signing is not possible now")),)
    return ()


def downloads(
    heading: Heading, files: tuple[FileCard, ...]
) -> tuple[tuple[str, str, FileCard], ...]:
    """Return each file to be signed elsewhere with its name and address."""
    names = download_names(files)
    return tuple(
        (name, file_address(heading, f, download=True), f)
        for name, f in zip(names, files, strict=True)
    )
