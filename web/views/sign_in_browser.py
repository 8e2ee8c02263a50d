"""Signing with the key in the signer's browser: its certificates in, digests out, signatures in.

The page's script (`static/sign_in_browser.js`) asks these addresses; a refusal is told as JSON.
"""

from __future__ import annotations

import base64
import binascii
from uuid import UUID

from flask import Response, jsonify, make_response, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from web.access import signed_in
from web.actor import current_actor
from web.components import Notice
from web.current import _, services, settings, surroundings
from web.dates import short_date
from web.plugin_words import PLUGIN_TROUBLES
from web.refusals import tell
from web.settings import MEBIBYTE
from web.views.on_document import crumbs, previews
from web.views.sign import (
    COUNTED,
    DIGEST_LENGTH,
    TITLE,
    is_leased,
    is_signed,
    own_until,
    to_result,
    why_not_now,
)
from workflow.domain.refusals import N_, Refusal
from workflow.domain.regulations import SignatureFormat
from workflow.ports import OfferedCertificate
from workflow.queries.browser_signing import OfferedCertificates, offered_certificates
from workflow.queries.signing_page import SigningPage, require_own_attempt, signing_page
from workflow.usecases.sign_by_hash import (
    BegunByHash,
    begin_signing_by_hash,
    cancel_by_hash,
    record_by_hash,
)

#: How the plug-in calls the digests (constants of its own script).
ALGORITHMS = {
    "streebog256": "CADESCOM_HASH_ALGORITHM_CP_GOST_3411_2012_256",
    "streebog512": "CADESCOM_HASH_ALGORITHM_CP_GOST_3411_2012_512",
    "sha256": "CADESCOM_HASH_ALGORITHM_SHA_256",
    "sha384": "CADESCOM_HASH_ALGORITHM_SHA_384",
    "sha512": "CADESCOM_HASH_ALGORITHM_SHA_512",
}
CERTIFICATES_AT_MOST = 100
CERTIFICATE_AT_MOST = 64 * 1024  # bytes
SIGNATURES_AT_MOST = 100
SIGNATURE_AT_MOST = MEBIBYTE  # bytes; a detached signature with its chain has some kilobytes

NOT_UNDERSTOOD = Refusal(
    "sign.browser_answer",
    N_("The answer of the browser plug-in could not be read."),
    N_("Reload the page and try once more. The document has not changed."),
)


@signed_in
def page(document_id: UUID) -> AnyResponse:
    """Show what is signed, and what the script finds in this browser."""
    shown = signing_page(services().work, current_actor(), document_id)
    if is_signed(shown):
        return to_result(document_id)
    page = render_template(
        "signing/sign_in_browser.html",
        shown=shown,
        crumbs=crumbs(shown.heading, TITLE),
        notice=_obstacle(shown),
        files=previews(shown.heading, shown.files),
        is_set_up=settings().cades_plugin is not None,
        troubles=PLUGIN_TROUBLES,
        is_leased=is_leased(shown.refusal),
        is_inside=shown.demand is not None and shown.demand.format is SignatureFormat.PADES,
        own_until=own_until(shown),
    )
    return make_response(page)


@signed_in
def certificates(document_id: UUID) -> Response:
    """Answer the list to choose from, for the certificates that the browser holds."""
    found = certificates_sent()
    offered = offered_certificates(services().work, current_actor(), document_id, found)
    return certificates_answer(offered)


def certificates_sent() -> list[bytes]:
    """What the script has sent, in its order; empty where something cannot be read."""
    sent = request.form.getlist("certificate")[:CERTIFICATES_AT_MOST]
    return [decoded(one, CERTIFICATE_AT_MOST) or b"" for one in sent]


def certificates_answer(offered: OfferedCertificates) -> Response:
    """Give the script the list to choose from, as a part of its page."""
    if offered.refusal:
        return refused_answer(offered.refusal)
    part = render_template("signing/browser_certificates.html", choices=_choices(offered))
    return make_response(part)


@signed_in
def begin(document_id: UUID) -> Response:
    """Open a signing of ten minutes for the chosen certificate; answer what its key has to sign."""
    seen = request.form.get("seen", "")[:DIGEST_LENGTH]
    chosen = decoded(request.form.get("certificate", ""), CERTIFICATE_AT_MOST)
    if not chosen:
        return refused_answer(NOT_UNDERSTOOD)
    answer = begin_signing_by_hash(services().work, current_actor(), document_id, seen, chosen)
    if isinstance(answer, Refusal):
        return _signed_already(document_id, seen) or refused_answer(answer)
    hand_in_at = url_for(
        "signing.hand_in_from_browser",
        document_id=document_id,
        attempt_id=answer.begun.attempt.id,
    )
    return begun_answer(answer, hand_in_at)


def begun_answer(begun: BegunByHash, hand_in_at: str) -> Response:
    """Tell the script what the key has to sign, and where the signatures go."""
    attempt = begun.begun.attempt
    give_free = url_for(
        "signing.cancel_in_browser", document_id=attempt.document_id, attempt_id=attempt.id
    )
    return jsonify(
        algorithm=ALGORITHMS[begun.digests.name],
        digests=[value.upper() for value in begun.digests.values],
        hand_in=hand_in_at,
        cancel=give_free if attempt.prepared else "",
    )


@signed_in
def hand_in(document_id: UUID, attempt_id: UUID) -> Response:
    """Take all signatures at once; the same ones again find the first answer."""
    work, actor = services().work, current_actor()
    require_own_attempt(work, actor, document_id, attempt_id)
    signatures = signatures_sent()
    if isinstance(signatures, Refusal):
        return refused_answer(signatures)
    recorded = record_by_hash(work, actor, attempt_id, signatures)
    if isinstance(recorded, Refusal):
        return refused_answer(recorded)
    return jsonify(next=url_for("signing.result", document_id=recorded.document_id))


def signatures_sent() -> list[bytes] | Refusal:
    """What the script has sent, in its order; a Refusal when it cannot be signatures."""
    sent = request.form.getlist("signature")
    read = [decoded(one, SIGNATURE_AT_MOST) for one in sent[: SIGNATURES_AT_MOST + 1]]
    signatures = [one for one in read if one]
    if len(sent) > SIGNATURES_AT_MOST or len(signatures) < len(read):
        return NOT_UNDERSTOOD
    return signatures


@signed_in
def cancel(document_id: UUID, attempt_id: UUID) -> Response:
    """Give the document free: the plug-in made no signature, or the page was left."""
    work, actor = services().work, current_actor()
    require_own_attempt(work, actor, document_id, attempt_id)
    cancel_by_hash(work, actor, attempt_id)
    return make_response("", 204)


def _signed_already(document_id: UUID, seen: str) -> Response | None:
    """Another page of the same person was quicker: say where its signature stands."""
    mine = signing_page(services().work, current_actor(), document_id).mine
    if mine is None or mine.manifest != seen or mine.status not in COUNTED:
        return None
    return jsonify(next=url_for("signing.result", document_id=document_id))


def decoded(text: str, at_most: int) -> bytes | None:
    """Return what stands in Base64, its lines joined; None for anything else and for too much."""
    joined = "".join(text.split())
    if len(joined) > at_most * 4 // 3 + 4:
        return None
    try:
        return base64.b64decode(joined, validate=True)
    except (binascii.Error, ValueError):
        return None


def refused_answer(refusal: Refusal) -> Response:
    """Tell the script why not (409): code, what happened, what to do."""
    told = tell(refusal, surroundings().words, settings().zone)
    response = jsonify(code=refusal.code, what=told.what, todo=told.todo)
    response.status_code = 409
    return response


def _obstacle(shown: SigningPage) -> Notice | None:
    """Why nothing can be signed on this page, whatever the browser holds."""
    return why_not_now(shown.refusal, shown.heading) if shown.refusal else None


def _choices(offered: OfferedCertificates) -> list[tuple[int, str, tuple[str, ...], str]]:
    """Place in the list sent, owner, facts, and why it does not do; those that do stand first."""
    choices = [_choice(place, one, offered) for place, one in enumerate(offered.certificates)]
    return sorted(choices, key=lambda choice: bool(choice[3]))


def _choice(
    place: int, one: OfferedCertificate | Refusal, offered: OfferedCertificates
) -> tuple[int, str, tuple[str, ...], str]:
    words, zone = surroundings().words, offered.heading.zone
    if isinstance(one, Refusal):
        return place, _(N_("A certificate that cannot be read")), (), tell(one, words, zone).what
    since, until = (
        short_date(day.astimezone(zone).date()) for day in (one.valid_from, one.valid_until)
    )
    facts = (
        one.organisation,
        _(N_("Issued by: {issuer}"), issuer=one.issuer),
        _(N_("In force from {since} until {until}"), since=since, until=until),
    )
    why = tell(one.reason, words, zone).what if one.reason else ""
    return place, one.owner, tuple(fact for fact in facts if fact), why
