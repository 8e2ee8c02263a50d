"""A person's own signing keys: add one, see whose and until when, remove it."""

from __future__ import annotations

from datetime import timedelta, tzinfo
from uuid import UUID

from flask import (
    Blueprint,
    Response,
    current_app,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.wrappers import Response as AnyResponse

from web.access import signed_in
from web.actor import current_actor
from web.components import Fact, Mark, Notice, Tag
from web.current import _, now, services, settings
from web.dates import short_date
from web.forms import FieldError
from web.forms.files import read_file
from web.key_words import WRONG_PASSWORD
from web.limits import Limit
from workflow.domain.refusals import N_, Refusal
from workflow.domain.regulations import SignatureKind
from workflow.queries.agreements import AgreementLine, AgreementState, kept_by, my_agreements
from workflow.queries.my_keys import KeyCard, KeyTerm, my_keys
from workflow.usecases.keys import LARGEST_KEY, add_key, remove_key

pages = Blueprint("my_signature", __name__, url_prefix="/my-signature")

SUFFIXES = (".p12", ".pfx")
PASSWORD_AT_MOST = 1000  # characters
TRIES = Limit(count=20, period=timedelta(minutes=10))
TOO_MANY_TRIES = N_("Too many tries in a row. Try again in ten minutes.")
KINDS = {
    SignatureKind.SIMPLE: N_("simple electronic signature"),
    SignatureKind.ADVANCED: N_("enhanced non-qualified"),
    SignatureKind.QUALIFIED: N_("enhanced qualified"),
}
UNKNOWN_KIND = N_("not established: the certificate leads to no trusted authority")
TERMS = {
    KeyTerm.NOT_YET: N_("The certificate is not in force yet."),
    KeyTerm.CURRENT: N_("in force"),
    KeyTerm.ENDS_SOON: N_("the certificate ends soon"),
    KeyTerm.ENDED: N_("The certificate has ended."),
}
AGREEMENT_TAGS = {
    AgreementState.HOLDS: Tag(N_("in force"), Mark.DONE),
    AgreementState.SUSPENDED: Tag(N_("suspended: the password was reset"), Mark.PROBLEM),
    AgreementState.ENDED: Tag(N_("ended"), Mark.NEUTRAL),
}
TERM_TAGS = {
    KeyTerm.NOT_YET: Tag(N_("not in force yet"), Mark.WAITING),
    KeyTerm.CURRENT: Tag(N_("in force"), Mark.DONE),
    KeyTerm.ENDS_SOON: Tag(N_("the certificate ends soon"), Mark.WAITING),
    KeyTerm.ENDED: Tag(N_("its term has ended"), Mark.PROBLEM),
}


@pages.get("")
@signed_in
def page() -> Response:
    """List the keys; say what to do when a certificate ends soon."""
    return _page()


@pages.post("")
@signed_in
def add() -> AnyResponse:
    """Keep a key file, encrypted; it opens with its password only."""
    upload, error = read_file(request.files.get("key"), "key", SUFFIXES, LARGEST_KEY)
    password = request.form.get("password", "")[:PASSWORD_AT_MOST]
    if upload is None:
        return _page(errors=(error,) if error else ())
    if not password:
        return _page(errors=(FieldError("password", N_("Enter the password of the key.")),))
    if not key_tries().allow(str(current_actor().person_id), now()):
        response = _page(errors=(FieldError("key", TOO_MANY_TRIES),))
        response.status_code = 429
        response.headers["Retry-After"] = str(int(TRIES.period.total_seconds()))
        return response
    kept = add_key(services().work, current_actor(), upload.content, password)
    if isinstance(kept, Refusal):
        field = "password" if kept.code == WRONG_PASSWORD else "key"
        return _page(errors=(FieldError(field, kept.msgid, kept.params),))
    return redirect(url_for("my_signature.page", added=1), code=303)


def key_tries() -> Limit:
    """The keys that this application's users try to add: each costs seconds, or a process."""
    made: Limit = current_app.extensions.setdefault(
        "marshrut.key_tries", Limit(TRIES.count, TRIES.period)
    )
    return made


@pages.get("/<uuid:key_id>/remove")
@signed_in
def ask_to_remove(key_id: UUID) -> Response:
    """Ask once more before a key is removed."""
    cards = [card for card in my_keys(services().work, current_actor()) if card.id == key_id]
    if not cards:
        return make_response(redirect(url_for("my_signature.page"), code=303))
    return make_response(
        render_template("my_signature/remove.html", card=cards[0], facts=key_facts(cards[0]))
    )


@pages.post("/<uuid:key_id>/remove")
@signed_in
def remove(key_id: UUID) -> AnyResponse:
    """Remove one's own key; signatures made with it stay valid."""
    remove_key(services().work, current_actor(), key_id)
    return redirect(url_for("my_signature.page", removed=1), code=303)


def _page(errors: tuple[FieldError, ...] = ()) -> Response:
    work, actor = services().work, current_actor()
    cards = my_keys(work, actor)
    page = render_template(
        "my_signature/page.html",
        agreements=[_agreement(line) for line in my_agreements(work, actor)],
        kept=kept_by(work, actor),
        keys=[(card, key_facts(card), _tags(card)) for card in cards],
        notice=_notice(cards),
        has_tokens=work.token_keys is not None,
        errors=errors,
    )
    return make_response(page, 422 if errors else 200)


def key_facts(card: KeyCard, zone: tzinfo | None = None) -> tuple[Fact, ...]:
    """Return what the certificate of a key says."""
    zone = zone or settings().zone
    since, until = (
        short_date(moment.astimezone(zone).date()) for moment in (card.valid_from, card.valid_until)
    )
    kind = UNKNOWN_KIND if card.kind is None else KINDS[card.kind]
    facts = [
        Fact(_(N_("Owner of the certificate")), card.owner),
        Fact(_(N_("Certificate number")), card.serial),
        Fact(_(N_("In force")), _(N_("from {since} to {until}"), since=since, until=until)),
        Fact(_(N_("Kind of signature")), _(kind)),
    ]
    if card.token:
        facts.insert(0, Fact(_(N_("Token")), card.token))
    if card.training:
        facts.append(
            Fact(_(N_("For training only")), _(N_("TRAINING signature without legal force")))
        )
    return tuple(facts)


def _agreement(line: AgreementLine) -> tuple[AgreementLine, Tag, tuple[Fact, ...]]:
    """One's own agreement on simple signatures: its state and what the paper says."""
    tag = AGREEMENT_TAGS[line.state]
    facts = [
        Fact(_(N_("Organisation")), line.organisation),
        Fact(
            _(N_("Agreement")),
            _(N_("No. {number} of {dated}"), number=line.number, dated=short_date(line.dated)),
        ),
    ]
    if line.ended_on:
        facts.append(Fact(_(N_("Ended")), short_date(line.ended_on)))
    return line, Tag(_(tag.label), tag.mark), tuple(facts)


def _tags(card: KeyCard) -> tuple[Tag, ...]:
    tags = [TERM_TAGS[card.term]]
    if card.is_used:
        tags.append(Tag(N_("used for signing"), Mark.NEXT))
    if card.training:
        tags.append(Tag(N_("for training"), Mark.WAITING))
    return tuple(Tag(_(tag.label), tag.mark) for tag in tags)


def _notice(cards: tuple[KeyCard, ...]) -> Notice | None:
    if request.args.get("removed") == "1":
        return Notice(
            _(N_("The key is removed. Signatures made with it stay valid.")), mark=Mark.DONE
        )
    if not cards:
        return None
    used = cards[0]
    if used.term in (KeyTerm.ENDS_SOON, KeyTerm.ENDED):
        return Notice(_(WHAT_TO_DO), _(N_("Time for a new certificate")), Mark.WAITING)
    if request.args.get("added_token") == "1":
        told = N_("The key on the token is added. Its PIN is asked for at each signing.")
        return Notice(_(told), mark=Mark.DONE)
    if request.args.get("added") == "1":
        return Notice(_(N_("The key is kept. It opens with your password only.")), mark=Mark.DONE)
    return None


WHAT_TO_DO = N_(
    "Get a new certificate before the old one ends: apply to the certification authority of your "
    "organisation, then add the new key file here and remove the old one. Documents signed with "
    "the old certificate stay signed."
)
