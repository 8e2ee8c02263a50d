"""Loading a power of attorney, the registry’s answer, a revocation, powers in words."""

from __future__ import annotations

from datetime import date, datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Response, make_response, redirect, request, url_for

from web.access import signed_in
from web.actor import current_actor
from web.current import _, services
from web.form_page import FormPage, Upload, draw, read_fields, read_uploads
from web.forms import entered_from
from web.views.powers.blueprint import (
    ANSWERS,
    card_crumbs,
    list_crumbs,
    pages,
)
from workflow.domain.powers import AnswerStatus
from workflow.domain.refusals import N_, Refusal
from workflow.domain.regulations import Choice, FieldKind, FieldSpec
from workflow.queries.powers import (
    PowerPage,
    power_list,
    power_page,
)
from workflow.usecases.powers.answers import record_answer
from workflow.usecases.powers.keep import keep_power
from workflow.usecases.powers.meaning import confirm_words

SOURCE_FILES = (".pdf", ".xml", ".json", ".html", ".txt", ".png", ".jpg", ".jpeg", ".zip")


@pages.route("/of/<uuid:organisation_id>/new", methods=["GET", "POST"])
@signed_in
def new(organisation_id: UUID) -> Response:
    """Ask for the XML and the signature; who gave it is checked before it is kept."""
    shown = power_list(services().work, current_actor(), organisation_id)
    form = FormPage(
        title=_("Load a power of attorney"),
        above=shown.name,
        label=_("Check and keep"),
        lead=_(
            "Two files are needed, as the program or the tax service gave them: the XML (form 003) "
            "and its signature. It is taken when the head of this organisation has signed it."
        ),
        fields=(),
        uploads=(
            Upload("file", _("File of the power (XML)"), (".xml",)),
            Upload("signature", _("Signature of the head (.sig)"), (".sig", ".p7s", ".sgn")),
        ),
        crumbs=list_crumbs(organisation_id, shown.name, _("Load a power of attorney")),
    )
    if request.method == "GET":
        return draw(form, entered_from((), {}), refusal=shown.keep_refusal)
    files, wrong = read_uploads(form)
    file, signature = files.get("file"), files.get("signature")
    if wrong or file is None or signature is None:
        return draw(form, request.form, wrong)
    done = keep_power(
        services().work, current_actor(), organisation_id, file.content, signature.content
    )
    if isinstance(done, Refusal):
        return draw(form, request.form, refusal=done)
    return make_response(redirect(url_for("powers.page", power_id=done.id), code=303))


_AS_OF = N_("Day on which the registry was asked")
_WORDS = N_("Where and how you looked")


@pages.route("/<uuid:power_id>/answer", methods=["GET", "POST"])
@signed_in
def answer(power_id: UUID) -> Response:
    """Enter what the registry said: in force, or not found."""
    shown = power_page(services().work, current_actor(), power_id)
    choices = (AnswerStatus.IN_FORCE, AnswerStatus.UNKNOWN)
    form = FormPage(
        title=_("Answer of the registry"),
        above=shown.for_name,
        label=_("Keep the answer"),
        lead=_(
            "Look up № {number} in the registry of powers of attorney of the tax service. If it "
            "says that the power was revoked, go back and record the revocation.",
            number=shown.power.number,
        ),
        fields=(
            FieldSpec(
                "status",
                _("What the registry says"),
                FieldKind.CHOICE,
                required=True,
                choices=tuple(Choice(one.value, _(ANSWERS[one])) for one in choices),
            ),
            FieldSpec("as_of", _(_AS_OF), FieldKind.DATE, required=True),
            FieldSpec("words", _(_WORDS), FieldKind.TEXT, hint=_("Or add the file below")),
        ),
        uploads=(_source(),),
        crumbs=card_crumbs(shown, _("Answer of the registry")),
    )
    today = shown.now.astimezone(ZoneInfo(shown.time_zone)).date()
    return _entered(form, shown, {"as_of": today}, shown.answer_refusal)


@pages.route("/<uuid:power_id>/revoke", methods=["GET", "POST"])
@signed_in
def revoke(power_id: UUID) -> Response:
    """Record that the power was revoked; what was signed since is looked at again."""
    shown = power_page(services().work, current_actor(), power_id)
    form = FormPage(
        title=_("Record a revocation"),
        above=shown.for_name,
        label=_("The power was revoked"),
        lead=_(
            "Nobody will sign by it any more. Signatures given on the day of the revocation or "
            "later stop counting, their documents wait for new ones. This cannot be taken back."
        ),
        fields=(
            FieldSpec("revoked_on", _("Day of the revocation"), FieldKind.DATE, required=True),
            FieldSpec("as_of", _(_AS_OF), FieldKind.DATE, required=True),
            FieldSpec("words", _(_WORDS), FieldKind.TEXT, hint=_("Or add the file below")),
        ),
        uploads=(_source(),),
        crumbs=card_crumbs(shown, _("Record a revocation")),
    )
    today = shown.now.astimezone(ZoneInfo(shown.time_zone)).date()
    return _entered(form, shown, {"as_of": today}, shown.revoke_refusal)


def _source() -> Upload:
    return Upload(
        "file",
        _("File or picture from the registry"),
        SOURCE_FILES,
        hint=_("PDF, XML, a picture of the page"),
        required=False,
    )


def _entered(
    form: FormPage, shown: PowerPage, usual: dict[str, object], refusal: Refusal | None
) -> Response:
    """Draw the form, or enter what was sent."""
    if request.method == "GET":
        return draw(form, entered_from(form.fields, usual), refusal=refusal)
    files, wrong = read_uploads(form)
    reading = read_fields(form)
    if wrong or reading.errors:
        return draw(form, request.form, (*reading.errors, *wrong))
    values, source = reading.values, files.get("file")
    day, revoked_on = values["as_of"], values.get("revoked_on")
    assert isinstance(day, date)
    done = record_answer(
        services().work,
        current_actor(),
        shown.power.id,
        AnswerStatus(str(values.get("status") or AnswerStatus.REVOKED.value)),
        _moment_of(day, shown),
        revoked_on if isinstance(revoked_on, date) else None,
        str(values.get("words") or ""),
        source.content if source else b"",
    )
    if isinstance(done, Refusal):
        return draw(form, request.form, refusal=done)
    return make_response(redirect(url_for("powers.page", power_id=shown.power.id), code=303))


def _moment_of(day: date, shown: PowerPage) -> datetime:
    """Today means now; of another day its beginning counts, so that no answer looks fresher."""
    zone = ZoneInfo(shown.time_zone)
    if day == shown.now.astimezone(zone).date():
        return shown.now
    return datetime.combine(day, time(), zone)


@pages.route("/<uuid:power_id>/words", methods=["GET", "POST"])
@signed_in
def words(power_id: UUID) -> Response:
    """Let a named person confirm what stands in the power's words."""
    shown = power_page(services().work, current_actor(), power_id)
    form = FormPage(
        title=_("Confirm powers in words"),
        above=shown.holder,
        label=_("I have read it and confirm"),
        lead=_(
            "Read the power of attorney. Choose the documents that it lets one sign and copy the "
            "words that say so. Your name and the time are kept with every signature."
        ),
        fields=(
            FieldSpec(
                "type_code",
                _("Documents that may be signed"),
                FieldKind.CHOICE,
                required=True,
                choices=tuple(Choice(code, title) for code, title in shown.to_read),
            ),
            FieldSpec(
                "words",
                _("Words of the power"),
                FieldKind.LONG_TEXT,
                required=True,
                hint=f"«{shown.power.text}»" if shown.power.text else "",
            ),
        ),
        crumbs=card_crumbs(shown, _("Confirm powers in words")),
    )
    if request.method == "GET":
        return draw(form, entered_from(form.fields, {}), refusal=shown.read_refusal)
    reading = read_fields(form)
    if reading.errors:
        return draw(form, request.form, reading.errors)
    done = confirm_words(
        services().work,
        current_actor(),
        power_id,
        str(reading.values["type_code"]),
        str(reading.values["words"]),
    )
    if isinstance(done, Refusal):
        return draw(form, request.form, refusal=done)
    return make_response(redirect(url_for("powers.page", power_id=power_id), code=303))
