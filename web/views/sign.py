"""Signing with a key kept here: read, say the key's password once, see what came of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta, tzinfo
from uuid import UUID

from flask import Response, current_app, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from web.access import signed_in
from web.actor import current_actor
from web.buttons import Action, Button, button
from web.components import Confirmation, Fact, Mark, Notice
from web.current import _, now, services, settings, surroundings
from web.dates import moment, short_date
from web.forms import FieldError
from web.key_words import WRONG_SECRETS, secret_label, secret_missing
from web.limits import Limit
from web.power_words import power_notice, power_words
from web.refusals import Told, tell
from web.views.my_signature import TERMS
from web.views.on_document import crumbs, document_address, notice_of, previews
from web.views.pairs.order_lines import held_back
from workflow.domain.refusals import N_, Refusal
from workflow.domain.regulations import SignatureFormat, SignatureKind
from workflow.domain.signatures import Signature, SignatureStatus
from workflow.queries.headings import Heading
from workflow.queries.my_keys import KeyCard, KeyTerm
from workflow.queries.my_pair import is_own_paper
from workflow.queries.signing_page import SigningPage, signing_page
from workflow.usecases.sign import sign_with_stored_key

PASSWORD_AT_MOST = 1000  # characters
DIGEST_LENGTH = 64
TITLE = N_("Signing")
NOT_ACCEPTED = N_("The signature is not accepted")
LEASED = "signing.leased"
COUNTED = (SignatureStatus.ACCEPTED, SignatureStatus.RECEIVED)
KINDS = {
    SignatureKind.SIMPLE: N_("simple electronic signature"),
    SignatureKind.ADVANCED: N_("enhanced non-qualified electronic signature"),
    SignatureKind.QUALIFIED: N_("enhanced qualified electronic signature"),
}
FORMATS = {
    SignatureFormat.CADES: N_("in a file of its own beside the document (.sig)"),
    SignatureFormat.PADES: N_("inside the PDF"),
}
GUESSES = Limit(count=5, period=timedelta(minutes=10))


@signed_in
def page(document_id: UUID) -> AnyResponse:
    """Show what is signed, by what authority and with which key."""
    shown = signing_page(services().work, current_actor(), document_id)
    if is_signed(shown):
        return to_result(document_id)
    return _page(shown)


@signed_in
def act(document_id: UUID) -> AnyResponse:
    """Sign all files with the key kept here; a second click finds the first one's signature."""
    work, actor = services().work, current_actor()
    seen = request.form.get("seen", "")[:DIGEST_LENGTH]
    password = request.form.get("password", "")[:PASSWORD_AT_MOST]
    if not password:
        shown = signing_page(work, actor, document_id)
        error = FieldError("password", secret_missing(shown.key))
        return to_result(document_id) if is_signed(shown) else _page(shown, errors=(error,))
    guesses, whose = key_guesses(), str(actor.person_id)
    if guesses.is_reached(whose, now()):
        return _too_many(signing_page(work, actor, document_id))
    signed = sign_with_stored_key(work, actor, document_id, seen, password)
    if isinstance(signed, Signature):
        guesses.forget(whose)
        return to_result(document_id)
    shown = signing_page(work, actor, document_id)
    if is_signed(shown) and shown.mine and shown.mine.manifest == seen:
        return to_result(document_id)
    if signed.code in WRONG_SECRETS:
        guesses.record(whose, now())
        return _page(shown, errors=(FieldError("password", signed.msgid, signed.params),))
    return _page(shown, refusal=signed)


@signed_in
def result(document_id: UUID) -> AnyResponse:
    """Say what came of the actor's signature over the newest files."""
    shown = signing_page(services().work, current_actor(), document_id)
    if shown.mine is None:
        return redirect(url_for("signing.sign_page", document_id=document_id), code=303)
    page = render_template(
        "signing/result.html",
        shown=shown,
        crumbs=crumbs(shown.heading, TITLE),
        done=_confirmation(shown, shown.mine),
        notice=_outcome(shown, shown.mine),
        facts=_signature_facts(shown, shown.mine),
        buttons=_what_next(shown, shown.mine),
    )
    return make_response(page)


def key_guesses() -> Limit:
    """The wrong passwords of this application's users: a stolen session must not try them all."""
    made: Limit = current_app.extensions.setdefault(
        "marshrut.key_guesses", Limit(GUESSES.count, GUESSES.period)
    )
    return made


def is_signed(shown: SigningPage) -> bool:
    """Whether nothing is left to sign: an accepted signature may have served one of two roles."""
    if shown.mine is None or shown.mine.status not in COUNTED:
        return False
    return shown.mine.status is SignatureStatus.RECEIVED or shown.refusal is not None


def is_leased(refusal: Refusal | None) -> bool:
    """Whether somebody else signs inside the PDF now, so that waiting some minutes helps."""
    return refusal is not None and refusal.code == LEASED


def why_not_now(refusal: Refusal, heading: Heading) -> Notice:
    """Say why nothing can be signed now; waiting for somebody else is no problem to be solved."""
    notice = notice_of(refusal, heading, N_("Signing is not possible now"))
    return replace(notice, mark=Mark.WAITING) if is_leased(refusal) else notice


def own_until(shown: SigningPage) -> str:
    """Until when the actor keeps others out by signing on another page («14:32»), or ""."""
    until = shown.leased_until
    return f"{until.astimezone(shown.heading.zone):%H:%M}" if until else ""


def to_result(document_id: UUID) -> AnyResponse:
    """Send the browser to the page that says what came of the signature."""
    return redirect(url_for("signing.result", document_id=document_id), code=303)


def _too_many(shown: SigningPage) -> Response:
    error = FieldError("password", N_("Too many wrong passwords. Try again in ten minutes."))
    response = _page(shown, errors=(error,))
    response.status_code = 429
    response.headers["Retry-After"] = str(int(GUESSES.period.total_seconds()))
    return response


def _page(
    shown: SigningPage, refusal: Refusal | None = None, errors: tuple[FieldError, ...] = ()
) -> Response:
    key_refusal = _key_refusal(shown)
    simply_first = shown.simple_is_enough and shown.simple_refusal is None
    plugin_set_up = settings().cades_plugin is not None
    plugin_first = key_refusal is not None and not simply_first and plugin_set_up
    page = render_template(
        "signing/sign.html",
        shown=shown,
        crumbs=crumbs(shown.heading, TITLE),
        facts=_facts(shown),
        notices=_notices(shown, refusal),
        key_refusal=key_refusal,
        secret=secret_label(shown.key),
        renew=_renew(shown),
        errors=errors,
        previews=previews(shown.heading, shown.files),
        line_block=held_back(shown.heading.document_id) if shown.refusal else None,
        own_program_first=key_refusal is not None,
        simple_refusal=_simple_refusal(shown),
        is_leased=is_leased(shown.refusal),
        own_until=own_until(shown),
        plugin_set_up=plugin_set_up,
        plugin_first=plugin_first,
        simply_first=simply_first,
    )
    return make_response(page, 422 if errors else 409 if refusal else 200)


def _notices(shown: SigningPage, refusal: Refusal | None) -> tuple[Notice, ...]:
    notices = []
    if refusal:
        notices.append(notice_of(refusal, shown.heading, NOT_ACCEPTED))
    if shown.refusal and (refusal is None or refusal.code != shown.refusal.code):
        notices.append(why_not_now(shown.refusal, shown.heading))
    by = shown.authority.power if shown.authority else None
    if by is not None and shown.refusal is None:
        notices.append(power_notice(by))
    if shown.mine is not None and shown.mine.explanation is not None:
        notices.append(
            notice_of(
                shown.mine.explanation, shown.heading, N_("Your earlier signature does not hold")
            )
        )
    return tuple(notices)


def _renew(shown: SigningPage) -> Button | None:
    if not shown.is_outdated:
        return None
    address = url_for("signing.fix", document_id=shown.heading.document_id)
    action = Action(N_("Renew the date"), address, shown.renew_refusal, main=True)
    return button(action, surroundings().words)


def _facts(shown: SigningPage) -> tuple[Fact, ...]:
    """Who signs, on what ground, how, and with which certificate of those kept here."""
    authority, demand = shown.authority, shown.demand
    if authority is None or demand is None:
        return ()
    acts_as = ", ".join(part for part in (authority.post, authority.organisation) if part)
    facts = [Fact(_(N_("Signatory")), f"{shown.signer}\n{acts_as}")]
    if authority.ground:
        facts.append(Fact(_(N_("Ground of the authority")), authority.ground))
    if authority.power is not None:
        facts.append(Fact(_(N_("Ground of the authority")), power_words(authority.power)))
    kind = _(KINDS[demand.kind])
    if not demand.exactly and demand.kind is not SignatureKind.QUALIFIED:
        kind = _(N_("{kind} or stronger"), kind=kind)
    how = "" if demand.kind is SignatureKind.SIMPLE else f", {_(FORMATS[demand.format])}"
    facts.append(Fact(_(N_("Signature")), kind + how))
    if shown.key and _key_refusal(shown) is None and not shown.simple_is_enough:
        facts.append(Fact(_(N_("Certificate")), _certificate(shown.key, shown)))
    return tuple(facts)


def _certificate(key: KeyCard, shown: SigningPage) -> str:
    until = short_date(key.valid_until.astimezone(shown.heading.zone).date())
    lines = [
        _(N_("{owner}, in force until {until}"), owner=key.owner, until=until),
        f"№\N{NO-BREAK SPACE}{key.serial}",
    ]
    if key.training:
        lines.append(_(N_("TRAINING signature without legal force")))
    return "\n".join(lines)


def _key_refusal(shown: SigningPage) -> Told | None:
    """Why the way with a key kept here is closed, in words; None when it is open."""
    if shown.key_refusal:
        return tell(shown.key_refusal, surroundings().words, shown.heading.zone)
    if shown.key and shown.key.term in (KeyTerm.ENDED, KeyTerm.NOT_YET):
        refusal = Refusal(
            "sign.key_term",
            TERMS[shown.key.term],
            N_("Add a key with a valid certificate on the page “My signature”."),
        )
        return tell(refusal, surroundings().words, shown.heading.zone)
    return None


def _simple_refusal(shown: SigningPage) -> Told | None:
    """Why the way with a password is closed, in words; None when it is open."""
    if shown.simple_refusal is None:
        return None
    return tell(shown.simple_refusal, surroundings().words, shown.heading.zone)


def _confirmation(shown: SigningPage, mine: Signature) -> Confirmation | None:
    if mine.status is not SignatureStatus.ACCEPTED:
        return None
    title = (
        N_("Signed. {document} is in force.")
        if _is_in_force(shown)
        else N_("Signed. Other signatures are still awaited: {document}.")
    )
    return Confirmation(_(title, document=shown.heading.named))


def _is_in_force(shown: SigningPage) -> bool:
    return shown.heading.state in ("in_force", "amended")


def _outcome(shown: SigningPage, mine: Signature) -> Notice | None:
    """What is to be said besides a success."""
    why = (
        tell(mine.explanation, surroundings().words, shown.heading.zone)
        if mine.explanation
        else None
    )
    text = " ".join(part for part in (why.what, why.todo) if part) if why else ""
    match mine.status:
        case SignatureStatus.RECEIVED:
            return Notice(text, _(N_("The signature is received and being checked")), Mark.WAITING)
        case SignatureStatus.REFUSED:
            return Notice(text, _(NOT_ACCEPTED), Mark.PROBLEM)
        case SignatureStatus.WITHDRAWN:
            return Notice(text, _(N_("The signature is withdrawn")), Mark.PROBLEM)
        case _:
            return None


def _signature_facts(shown: SigningPage, mine: Signature) -> tuple[Fact, ...]:
    zone = shown.heading.zone
    if mine.format is SignatureFormat.SIMPLE:
        return simple_facts(mine, zone)
    facts = [
        Fact(_(N_("Owner of the certificate")), mine.owner),
        Fact(_(N_("Certificate number")), mine.serial),
        Fact(_(N_("Received")), moment(mine.received_at, zone)),
    ]
    if mine.valid_until:
        until = short_date(mine.valid_until.astimezone(zone).date())
        facts.insert(2, Fact(_(N_("Certificate in force until")), until))
    if mine.training:
        facts.append(
            Fact(_(N_("For training only")), _(N_("TRAINING signature without legal force")))
        )
    return tuple(facts)


def simple_facts(signature: Signature, zone: tzinfo) -> tuple[Fact, ...]:
    """What is known of a simple signature: whose it is, its code, when."""
    facts = [
        Fact(_(N_("Signature")), _(KINDS[SignatureKind.SIMPLE])),
        Fact(_(N_("Signatory")), signature.owner),
        Fact(_(N_("Code of the signature")), signature.serial),
        Fact(_(N_("Signed")), moment(signature.received_at, zone)),
    ]
    if signature.training:
        training = _(N_("TRAINING signature without legal force"))
        facts.append(Fact(_(N_("For training only")), training))
    return tuple(facts)


def _what_next(shown: SigningPage, mine: Signature) -> tuple[Button, ...]:
    document_id = shown.heading.document_id
    again = mine.status in (SignatureStatus.REFUSED, SignatureStatus.WITHDRAWN)
    case_id = is_own_paper(services().work, current_actor(), document_id)
    onwards = Action(N_("What waits for me"), url_for("start.page"), opens=True, main=not again)
    if case_id is not None:
        pair = url_for("my_pairs.page", case_id=case_id)
        onwards = Action(N_("To the pair"), pair, opens=True, main=not again)
    actions = [
        onwards,
        Action(N_("To the document"), document_address(document_id), opens=True),
        Action(
            N_("Report on the check"),
            url_for("reports.page", signature_id=mine.id),
            opens=True,
        ),
    ]
    if again:
        sign = url_for("signing.sign_page", document_id=document_id)
        actions.insert(0, Action(N_("Sign anew"), sign, opens=True, main=True))
    return tuple(button(action, surroundings().words) for action in actions)
