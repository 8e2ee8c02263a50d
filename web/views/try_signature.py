"""«Проверить мою подпись»: sign a sample and see what a real signing would answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta, tzinfo

from flask import Blueprint, Response, current_app, make_response, render_template, request, url_for

from signing.reports.words import TECHNICAL_CHECK, headings
from signing.verdicts import Report
from web.access import signed_in
from web.actor import current_actor
from web.components import Link, Mark, Notice, Tag
from web.current import _, now, services, settings, surroundings
from web.forms import FieldError
from web.forms.files import read_file
from web.forms.signed_files import DETACHED, SIGNED_PDF
from web.key_words import WRONG_SECRETS, secret_label, secret_missing
from web.limits import Limit
from web.refusals import tell
from web.views.document_words import role_name
from web.views.reports import check_lines
from web.views.sign import GUESSES, KINDS, PASSWORD_AT_MOST, key_guesses
from workflow.domain.refusals import N_, Refusal
from workflow.domain.regulations import SignatureKind
from workflow.domain.signing_capacities import Capacity
from workflow.ports import CheckStatus
from workflow.queries.my_keys import KeyCard, my_keys
from workflow.usecases.try_signature import (
    LARGEST_SIGNATURE,
    SAMPLE,
    SAMPLE_PDF,
    Tried,
    capacities_of,
    try_signature_file,
    try_stored_key,
)

pages = Blueprint("try_signature", __name__, url_prefix="/my-signature/try")

TITLE = N_("Check my signature")
SAMPLE_NAME, SAMPLE_PDF_NAME = "marshrut-sample.txt", "marshrut-sample.pdf"
PASSWORD, FILE = "password", "signature"
TAKEN = (*DETACHED, *SIGNED_PDF)
TRIES = Limit(count=10, period=timedelta(minutes=10))
TOO_MANY_TRIES = N_("Too many checks in a row. Try again in ten minutes.")
TOO_MANY_PASSWORDS = N_("Too many wrong passwords. Try again in ten minutes.")
OUTCOMES = {
    CheckStatus.VALID: (N_("The signature will do"), Mark.DONE),
    CheckStatus.INVALID: (N_("The signature will not do"), Mark.PROBLEM),
    CheckStatus.UNDECIDED: (N_("It cannot be checked now"), Mark.WAITING),
}


@dataclass(frozen=True)
class Answer:
    """What one capacity was answered: the verdict in words and the nine checks of each signer."""

    capacity: str
    verdict: Notice
    signers: tuple[tuple[str, tuple[tuple[str, Tag, str], ...]], ...]


@pages.get("")
@signed_in
def page() -> Response:
    """Offer both ways to try a signature."""
    return _page()


@pages.get("/" + SAMPLE_NAME)
@signed_in
def sample() -> Response:
    """Answer the sample to be signed in one's own program."""
    response = make_response(SAMPLE)
    response.headers["Content-Type"] = "text/plain; charset=utf-8"
    response.headers["Content-Disposition"] = f'attachment; filename="{SAMPLE_NAME}"'
    return response


@pages.get("/" + SAMPLE_PDF_NAME)
@signed_in
def sample_pdf() -> Response:
    """Answer the sample to be signed inside the PDF in one's own program."""
    response = make_response(SAMPLE_PDF)
    response.headers["Content-Type"] = "application/pdf"
    response.headers["Content-Disposition"] = f'attachment; filename="{SAMPLE_PDF_NAME}"'
    return response


@pages.post("/key")
@signed_in
def with_key() -> Response:
    """Sign the sample with the key kept here."""
    password = request.form.get(PASSWORD, "")[:PASSWORD_AT_MOST]
    if not password:
        return _page(errors=(FieldError(PASSWORD, secret_missing(_used_key())),))
    guesses, whose = key_guesses(), str(current_actor().person_id)
    if guesses.is_reached(whose, now()):
        return _too_many(FieldError(PASSWORD, TOO_MANY_PASSWORDS), GUESSES)
    if not _tries().allow(whose, now()):
        return _too_many(FieldError(PASSWORD, TOO_MANY_TRIES), TRIES)
    tried = try_stored_key(services().work, current_actor(), password)
    if not isinstance(tried, Refusal):
        guesses.forget(whose)
        return _page(tried=tried)
    if tried.code in WRONG_SECRETS:
        guesses.record(whose, now())
        return _page(errors=(FieldError(PASSWORD, tried.msgid, tried.params),))
    return _page(refusal=tried)


@pages.post("/file")
@signed_in
def with_file() -> Response:
    """Examine a signature over the sample that was made elsewhere; it is not kept."""
    upload, error = read_file(request.files.get(FILE), FILE, TAKEN, LARGEST_SIGNATURE)
    if upload is None:
        return _page(errors=(error,) if error else ())
    if not _tries().allow(str(current_actor().person_id), now()):
        return _too_many(FieldError(FILE, TOO_MANY_TRIES), TRIES)
    tried = try_signature_file(services().work, current_actor(), upload.content)
    return _page(refusal=tried) if isinstance(tried, Refusal) else _page(tried=tried)


def _tries() -> Limit:
    """The tries of this application's users: an examination is work for the server."""
    made: Limit = current_app.extensions.setdefault(
        "marshrut.signature_tries", Limit(TRIES.count, TRIES.period)
    )
    return made


def _too_many(error: FieldError, limit: Limit) -> Response:
    response = _page(errors=(error,))
    response.status_code = 429
    response.headers["Retry-After"] = str(int(limit.period.total_seconds()))
    return response


def _page(
    tried: tuple[Tried, ...] = (),
    refusal: Refusal | None = None,
    errors: tuple[FieldError, ...] = (),
) -> Response:
    work, actor = services().work, current_actor()
    keys = my_keys(work, actor)
    crumbs = (Link(_(N_("My signature")), url_for("my_signature.page")), Link(_(TITLE)))
    page = render_template(
        "my_signature/try.html",
        crumbs=crumbs,
        answers=[_answer(one) for one in tried],
        refused=_refused(refusal) if refusal else None,
        capacities=() if tried else [in_words(one) for one in capacities_of(work, actor)],
        key=keys[0] if keys else None,
        secret=secret_label(keys[0] if keys else None),
        errors=errors,
        sample_name=SAMPLE_NAME,
        sample_pdf_name=SAMPLE_PDF_NAME,
        technical=_(TECHNICAL_CHECK),
        accept=",".join(TAKEN),
    )
    return make_response(page, 422 if errors else 409 if refusal else 200)


def _used_key() -> KeyCard | None:
    return next(iter(my_keys(services().work, current_actor())), None)


def _refused(refusal: Refusal) -> Notice:
    told = tell(refusal, surroundings().words, settings().zone)
    title = _(OUTCOMES[CheckStatus.UNDECIDED][0])
    return Notice(" ".join(part for part in (told.what, told.todo) if part), title, Mark.PROBLEM)


def in_words(capacity: Capacity) -> str:
    """Say as whom somebody signs and what is demanded: «Руководитель, МБОУ …: усиленная …»."""
    kind = _(KINDS[capacity.demand.kind])
    if not capacity.demand.exactly and capacity.demand.kind is not SignatureKind.QUALIFIED:
        kind = _(N_("{kind} or stronger"), kind=kind)
    who = role_name(capacity.mandate.role) if capacity.mandate else _(N_("in your own name"))
    place = capacity.organisation.short_name if capacity.organisation else ""
    said = ", ".join(part for part in (who, place) if part)
    return f"{said[:1].upper()}{said[1:]}: {kind}"


def _answer(tried: Tried) -> Answer:
    place = tried.capacity.organisation
    zone = place.zone if place else settings().zone
    label, mark = OUTCOMES[tried.status]
    said = tell(tried.reason, surroundings().words, zone) if tried.reason else None
    text = " ".join(part for part in (said.what, said.todo, said.article) if part) if said else ""
    verdict = Notice(text or _(N_("All nine checks passed.")), _(label), mark)
    return Answer(in_words(tried.capacity), verdict, _signers(tried.report, zone))


def _signers(
    stored: bytes, zone: tzinfo
) -> tuple[tuple[str, tuple[tuple[str, Tag, str], ...]], ...]:
    if not stored:
        return ()
    report, text = Report.from_json(stored.decode()), surroundings().words.text
    return tuple(
        (heading, check_lines(signature, zone))
        for heading, signature in zip(headings(report, text), report.signatures, strict=True)
    )
