"""The state's certificates that come with the program: compared and confirmed one by one."""

from __future__ import annotations

from flask import Response, abort, url_for

from signing.state_roots import StateCertificate, state_certificates
from web.access import OPERATOR, needs
from web.actor import current_actor
from web.components import Cell, Link, Mark, Table, Tag
from web.current import _, services
from web.dates import short_date
from web.views.admin.blueprint import pages
from web.views.admin.layout import Card, Section, crumbs, show
from web.views.admin.trust import ask_to_compare, shown_fingerprint
from workflow.domain.refusals import Refusal
from workflow.domain.regulations import SignatureKind
from workflow.queries.admin_trust import confirmed_fingerprints


@pages.get("/trust/state")
@needs(OPERATOR)
def state_roots() -> str:
    """Show the certificates with their fingerprints; none counts before it is confirmed."""
    confirmed = confirmed_fingerprints(services().work, current_actor())
    known = state_certificates()
    roots = tuple(_root_row(one, confirmed) for one in known if one.is_root)
    below = tuple(_row(one) for one in known if not one.is_root)
    return show(
        Card(
            title=_("State certificates"),
            crumbs=crumbs(
                Link(_("Trusted certificates"), url_for("admin.trust")),
                Link(_("State certificates")),
            ),
            lead=_(
                "These certificates came with the program; by that alone none of them is trusted. "
                "Open the portal e-trust.gosuslugi.ru, find the same certificate there and compare "
                "the fingerprints, one certificate after another."
            ),
            sections=(
                Section(_table(_("Root certificates"), roots)),
                Section(_table(_("Certificates below them: they need no confirmation"), below)),
            ),
        )
    )


def _table(caption: str, rows: tuple[tuple[Cell, ...], ...]) -> Table:
    columns = (_("Certification authority"), _("Certificate: valid"), _("State"))
    return Table(caption, columns, rows)


def _row(one: StateCertificate) -> tuple[Cell, Cell, Cell]:
    found = one.certificate
    since, until = found.not_before.date(), found.not_after.date()
    over = found.not_after < services().now()
    return (
        Cell(found.subject_text, note=shown_fingerprint(found.fingerprint)),
        Cell(f"{short_date(since)} — {short_date(until)}"),
        Cell(tag=Tag(_("Certificate: over"), Mark.WAITING) if over else None),
    )


def _root_row(one: StateCertificate, confirmed: frozenset[str]) -> tuple[Cell, Cell, Cell]:
    name, term, state = _row(one)
    fingerprint = one.certificate.fingerprint
    if fingerprint in confirmed:
        return name, term, Cell(tag=Tag(_("Certificate: confirmed"), Mark.DONE))
    address = url_for("admin.compare_state_root", fingerprint=fingerprint)
    return name, term, Cell(_("Compare and confirm"), address, tag=state.tag)


@pages.get("/trust/state/<fingerprint>")
@needs(OPERATOR)
def compare_state_root(fingerprint: str) -> Response:
    """Ask to compare the fingerprint of one root with the official publication."""
    known = {one.certificate.fingerprint: one for one in state_certificates() if one.is_root}
    if fingerprint not in known:
        abort(404)
    facts = services().work.signatures.read_anchor(known[fingerprint].certificate.der)
    if isinstance(facts, Refusal):
        abort(404)
    return ask_to_compare(facts, SignatureKind.QUALIFIED)
