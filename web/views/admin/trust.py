"""Trusted certificates (added on two pages, the fingerprint compared) and revocation lists."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from flask import Response, abort, make_response, redirect, request, url_for

from signing.certificates import load_certificate
from web.access import OPERATOR, needs
from web.actor import current_actor
from web.components import Cell, Fact, Link, Mark, Notice, Table, Tag
from web.current import _, services, settings
from web.dates import moment, short_date
from web.form_page import FormPage, Upload, draw, read_fields, read_uploads
from web.forms import entered_from
from web.views.admin import choices
from web.views.admin.accredited import accredited_section
from web.views.admin.blueprint import pages
from web.views.admin.layout import Card, Question, Section, ask, crumbs, identity, opens, show, text
from web.views.admin.timestamps import stamping_section, time_notices
from workflow.domain.refusals import N_, Refusal
from workflow.domain.regulations import Choice, FieldKind, FieldSpec, SignatureKind
from workflow.domain.trust import TrustAnchor
from workflow.ports import AnchorFacts
from workflow.queries.admin import organisation_choices
from workflow.queries.admin_trust import (
    OwnAnchor,
    RevocationList,
    TrustPage,
    anchor_card,
    trust_page,
)
from workflow.usecases.trust import LARGEST_CERTIFICATE, add_anchor, import_crl, remove_anchor

CERTIFICATE_FILES = (".pem", ".cer", ".crt", ".der")
LIST_FILES = (".crl", ".pem", ".der")
ENDS_SOON = timedelta(days=60)
"""So long before the end of a certificate the page warns: comparing the fingerprint of a new one
with an official publication, or by a letter to the authority, takes weeks."""


@pages.get("/trust")
@needs(OPERATOR)
def trust() -> str:
    """Show what signatures are checked against."""
    found = trust_page(services().work, current_actor())
    return show(
        Card(
            title=_("Trusted certificates and revocation lists"),
            crumbs=crumbs(Link(_("Trusted certificates"))),
            notices=_notices(found),
            sections=(
                Section(
                    _anchors(found.anchors),
                    (
                        opens(
                            N_("Add a certificate"),
                            url_for("admin.new_anchor"),
                            main=not found.anchors,
                        ),
                        opens(N_("State certificates"), url_for("admin.state_roots")),
                    ),
                ),
                *((Section(_own(found.own)),) if found.own else ()),
                accredited_section(found),
                stamping_section(found, _stampers(found.stamping)),
                Section(
                    _lists(found.lists),
                    (
                        opens(
                            N_("Load a revocation list"),
                            url_for("admin.new_list"),
                            main=bool(found.anchors),
                        ),
                        opens(N_("Sources of revocation lists"), url_for("admin.list_sources")),
                    ),
                ),
            ),
        )
    )


def _notices(found: TrustPage) -> tuple[Notice, ...]:
    notices = list(time_notices(found))
    if any(one.outdated for one in found.lists):
        text = _(
            "Signatures of these authorities are received, but not counted until a newer "
            "list is loaded."
        )
        notices.append(Notice(text, _("A revocation list is outdated"), Mark.PROBLEM))
    if found.accredited_old:
        text = _(
            "An authority may have lost its accreditation since. Take the newest list from the "
            "ministry's portal (e-trust.gosuslugi.ru) and load it here."
        )
        title = _("The list of accredited authorities is old")
        notices.append(Notice(text, title, Mark.WAITING))
    return tuple(notices)


def _anchors(anchors: tuple[TrustAnchor, ...]) -> Table:
    return Table(
        _("Trusted certificates"),
        (
            _("Certification authority"),
            _("Kind of signature"),
            _("Certificate: valid until"),
            _("Certificate: added"),
            _("What to do with it"),
        ),
        tuple(
            (
                _authority(one),
                Cell(
                    _(choices.SIGNATURES[one.kind]) if one.kind in choices.SIGNATURES else one.kind
                ),
                _until(one),
                Cell(short_date(one.added_at.astimezone(settings().zone).date())),
                _removal(one),
            )
            for one in anchors
        ),
        empty=_("No certificate is trusted yet: no signature can be accepted."),
    )


def _stampers(stamping: tuple[TrustAnchor, ...]) -> tuple[tuple[Cell, ...], ...]:
    return tuple((_authority(one), _until(one), _removal(one)) for one in stamping)


def _own(own: tuple[OwnAnchor, ...]) -> Table:
    return Table(
        _("Authorities of single organisations"),
        (
            _("Certification authority"),
            _("Organisation"),
            _("Certificate: valid until"),
            _("What to do with it"),
        ),
        tuple(
            (
                _authority(one.anchor),
                Cell(one.organisation),
                _until(one.anchor),
                _removal(one.anchor),
            )
            for one in own
        ),
    )


def _authority(one: TrustAnchor) -> Cell:
    tag = Tag(_("Certificate: training"), Mark.WAITING) if one.training else None
    return Cell(one.subject, note=shown_fingerprint(one.fingerprint), tag=tag)


def _until(one: TrustAnchor) -> Cell:
    """The day on which the certificate ends, with a warning while there is time to act."""
    ends, now = load_certificate(one.pem.encode()).not_after, services().now()
    tag = None
    if ends < now:
        tag = Tag(_("Certificate: over"), Mark.PROBLEM)
    elif ends < now + ENDS_SOON:
        tag = Tag(_("Certificate: ends soon"), Mark.WAITING)
    return Cell(short_date(ends.astimezone(settings().zone).date()), tag=tag)


def _removal(one: TrustAnchor) -> Cell:
    return Cell(_("Remove the certificate"), url_for("admin.drop_anchor", anchor_id=one.id))


def _lists(lists: tuple[RevocationList, ...]) -> Table:
    zone = settings().zone
    return Table(
        _("Revocation lists"),
        (_("List: issued by"), _("List: issued at"), _("List: next one due"), _("State")),
        tuple(
            (
                Cell(one.issuer),
                Cell(moment(one.this_update, zone)),
                Cell(moment(one.next_update, zone) if one.next_update else "—"),
                Cell(tag=_state_of(one)),
            )
            for one in lists
        ),
        empty=_("No list has been loaded yet. Take it from the authority's site."),
    )


def _state_of(one: RevocationList) -> Tag:
    if one.outdated:
        return Tag(_("List: outdated"), Mark.PROBLEM)
    if one.unproven:
        return Tag(_("List: issuer not confirmed"), Mark.WAITING)
    return Tag(_("List: current"), Mark.DONE)


@pages.route("/trust/timestamps/new", methods=["GET", "POST"])
@needs(OPERATOR)
def new_stamper() -> Response:
    """Ask for the certificate of an authority for timestamps; it is compared like any other."""
    title = _("New certificate for timestamps")
    page = FormPage(
        title=title,
        label=_("Go on to the check"),
        lead=_(
            "Take the root certificate of the time-stamping authority from its own site. It "
            "vouches for timestamps and for no signature. Authorities of the accredited list need "
            "not be added."
        ),
        fields=(),
        uploads=(_certificate_upload(),),
        crumbs=_crumbs(title),
    )
    if request.method == "GET":
        return draw(page, entered_from((), {}))
    files, wrong = read_uploads(page)
    upload = files.get("certificate")
    if wrong or upload is None:
        return draw(page, request.form, wrong)
    facts = _read(upload.content)
    if isinstance(facts, Refusal):
        return draw(page, request.form, refusal=facts)
    return ask_to_compare(facts, SignatureKind.ADVANCED, timestamps=True)


@pages.route("/trust/new", methods=["GET", "POST"])
@needs(OPERATOR)
def new_anchor() -> Response:
    """Ask for a certificate; show its fingerprint on a second page before it is trusted."""
    page = FormPage(
        title=_("New trusted certificate"),
        label=_("Go on to the check"),
        lead=_("Take the root certificate from the authority's own site or from Mintsifry's."),
        fields=(
            FieldSpec(
                "kind",
                _("Kind of signature"),
                FieldKind.CHOICE,
                required=True,
                hint=_("Qualified only for authorities that are accredited"),
                choices=choices.signatures(),
            ),
            FieldSpec(
                "organisation",
                _("Whose signatures"),
                FieldKind.CHOICE,
                hint=_(
                    "Leave it empty if the authority issues to all organisations. The own "
                    "authority of one vouches for advanced signatures of that one only."
                ),
                choices=_organisations(),
            ),
        ),
        uploads=(_certificate_upload(),),
        crumbs=_crumbs(_("New trusted certificate")),
    )
    if request.method == "GET":
        return draw(page, entered_from(page.fields, {}))
    files, wrong = read_uploads(page)
    reading = read_fields(page)
    upload = files.get("certificate")
    if wrong or reading.errors or upload is None:
        return draw(page, request.form, (*wrong, *reading.errors))
    facts = _read(upload.content)
    if isinstance(facts, Refusal):
        return draw(page, request.form, refusal=facts)
    organisation = identity(reading.values, "organisation")
    return ask_to_compare(facts, SignatureKind(text(reading.values, "kind")), organisation)


def _certificate_upload() -> Upload:
    hint = _("PEM or DER: a file that ends in .cer, .crt, .pem or .der")
    return Upload("certificate", _("Certificate file"), CERTIFICATE_FILES, hint=hint)


def _organisations() -> tuple[Choice, ...]:
    known = organisation_choices(services().work, current_actor())
    return tuple(Choice(str(one.id), one.name) for one in known)


def _read(content: bytes) -> AnchorFacts | Refusal:
    if len(content) > LARGEST_CERTIFICATE:
        return Refusal("anchor.too_large", N_("The file is too large to be a certificate."))
    return services().work.signatures.read_anchor(content)


def ask_to_compare(
    facts: AnchorFacts,
    kind: SignatureKind,
    organisation: UUID | None = None,
    refusal: Refusal | None = None,
    *,
    timestamps: bool = False,
) -> Response:
    """Answer the second page: what the certificate says, to be compared with the source.

    With `timestamps` it is to vouch for timestamps, and the kind does not matter.
    """
    names = {one.key: one.label for one in _organisations()} if organisation else {}
    whose = names.get(str(organisation), _("All organisations"))
    question = Question(
        title=_("Compare the fingerprint"),
        text=_(
            "Compare the fingerprint, character by character, with the one that is published: of "
            "a state certificate on e-trust.gosuslugi.ru, of any other on the authority's own "
            "site. Whoever slips in a certificate here can forge signatures."
        ),
        label=_("The fingerprint is the same: trust"),
        back=url_for("admin.trust"),
        crumbs=_crumbs(_("Compare the fingerprint")),
        facts=(
            Fact(_("Certification authority"), facts.subject),
            Fact(_("Fingerprint (SHA-256)"), shown_fingerprint(facts.fingerprint)),
            *(
                (Fact(_("Vouches for"), _("timestamps alone")),)
                if timestamps
                else (
                    Fact(_("Kind of signature"), _(choices.SIGNATURES[kind])),
                    Fact(_("Whose signatures"), whose),
                )
            ),
        ),
        grave=False,
        hidden={
            "pem": facts.pem,
            "fingerprint": facts.fingerprint,
            "kind": kind.value,
            "organisation": str(organisation or ""),
            "timestamps": "1" if timestamps else "",
        },
        url=url_for("admin.trust_anchor"),
    )
    return ask(question, refusal)


@pages.post("/trust/compared")
@needs(OPERATOR)
def trust_anchor() -> Response:
    """Trust the certificate whose fingerprint was shown and confirmed."""
    content = request.form.get("pem", "").encode()
    kind = request.form.get("kind", "")
    facts = _read(content)
    if isinstance(facts, Refusal) or kind not in {one.value for one in choices.SIGNATURES}:
        abort(400)
    try:
        organisation = identity(request.form, "organisation")
    except ValueError:
        abort(400)
    if facts.fingerprint != request.form.get("fingerprint"):
        abort(400)  # the page was changed on its way: nothing is trusted
    chosen, stamps = SignatureKind(kind), bool(request.form.get("timestamps"))
    work, operator = services().work, current_actor()
    done = add_anchor(work, operator, content, chosen, organisation, timestamps=stamps)
    if isinstance(done, Refusal):
        return ask_to_compare(facts, chosen, organisation, done, timestamps=stamps)
    return make_response(redirect(url_for("admin.trust"), code=303))


@pages.get("/trust/<uuid:anchor_id>/remove")
@needs(OPERATOR)
def drop_anchor(anchor_id: UUID) -> Response:
    """Ask once more before a certificate is trusted no longer."""
    return ask(_drop_question(anchor_card(services().work, current_actor(), anchor_id)))


@pages.post("/trust/<uuid:anchor_id>/remove")
@needs(OPERATOR)
def do_drop_anchor(anchor_id: UUID) -> Response:
    """Trust a certificate no longer."""
    anchor = anchor_card(services().work, current_actor(), anchor_id)
    done = remove_anchor(services().work, current_actor(), anchor_id)
    if isinstance(done, Refusal):
        return ask(_drop_question(anchor), done)
    return make_response(redirect(url_for("admin.trust"), code=303))


def _drop_question(anchor: TrustAnchor) -> Question:
    return Question(
        title=_("Trust this certificate no longer?"),
        text=_("New signatures that lead to it will be refused. Accepted documents stay."),
        label=_("Remove the certificate"),
        back=url_for("admin.trust"),
        crumbs=_crumbs(_("Remove the certificate")),
        facts=(
            Fact(_("Certification authority"), anchor.subject),
            Fact(_("Fingerprint (SHA-256)"), shown_fingerprint(anchor.fingerprint)),
        ),
    )


@pages.route("/revocation/new", methods=["GET", "POST"])
@needs(OPERATOR)
def new_list() -> Response:
    """Ask for a revocation list; signatures that wait for it are checked again at once."""
    page = FormPage(
        title=_("Load a revocation list"),
        label=_("Load the list"),
        lead=_("Signatures that wait for it are checked again at once."),
        fields=(),
        uploads=(
            Upload(
                "list", _("Revocation list file"), LIST_FILES, hint=_("A file that ends in .crl")
            ),
        ),
        crumbs=_crumbs(_("Load a revocation list")),
    )
    if request.method == "GET":
        return draw(page, entered_from((), {}))
    files, wrong = read_uploads(page)
    upload = files.get("list")
    if wrong or upload is None:
        return draw(page, request.form, wrong)
    done = import_crl(services().work, current_actor(), upload.content)
    if isinstance(done, Refusal):
        return draw(page, request.form, refusal=done)
    return make_response(redirect(url_for("admin.trust"), code=303))


def shown_fingerprint(fingerprint: str) -> str:
    """Return 64 hex digits in groups of four, as people compare them."""
    digits = fingerprint.upper()
    return " ".join(digits[i : i + 4] for i in range(0, len(digits), 4))


def _crumbs(here: str) -> tuple[Link, ...]:
    return crumbs(Link(_("Trusted certificates"), url_for("admin.trust")), Link(here))
