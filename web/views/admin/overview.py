"""The first page of the set-up: what is there, what wants attention."""

from __future__ import annotations

from dataclasses import dataclass

from flask import render_template, url_for

from web.access import OPERATOR, needs
from web.actor import current_actor
from web.components import Mark, NextStep, Tag
from web.current import _, services, surroundings
from web.views.admin.blueprint import pages
from web.views.admin.layout import opens
from workflow.domain.refusals import N_
from workflow.queries.admin import Overview, overview


@dataclass(frozen=True)
class Part:
    """A part of the set-up; `tag` where it has a state that can be told."""

    title: str
    url: str
    note: str
    tag: Tag | None = None


@pages.get("")
@needs(OPERATOR)
def page() -> str:
    """Show the parts of the set-up with their state."""
    found = overview(services().work, current_actor())
    return render_template("admin/overview.html", parts=_parts(found), step=_next_step(found))


def _parts(found: Overview) -> tuple[Part, ...]:
    return (
        Part(
            _("Organisations"),
            url_for("admin.organisations"),
            _("Names, requisites, week, region, founder, office, registers"),
            _filled(found.organisations),
        ),
        Part(
            _("People"),
            url_for("admin.people"),
            _("Cards, posts, authorities, case forms of names"),
            _filled(found.people),
        ),
        Part(
            _("Accounts"),
            url_for("admin.accounts"),
            _("Logins, new passwords, closing"),
        ),
        Part(
            _("Trusted certificates and revocation lists"),
            url_for("admin.trust"),
            _("What signatures are checked against"),
            _trust(found),
        ),
        Part(
            _("Working calendar"),
            url_for("admin.calendar"),
            _("Days of regions and organisations that differ from the production calendar"),
        ),
        Part(
            _("Preservation of signatures"),
            url_for("admin.evidence"),
            _("A timestamp of every night, renewed before it ends"),
            _preserved(found),
        ),
        Part(
            _("Background work"),
            url_for("admin.tasks"),
            _("What could not be done, and why"),
            _failed(found),
        ),
    )


def _filled(there: bool) -> Tag:
    return Tag(_("Set-up: filled"), Mark.DONE) if there else Tag(_("Set-up: empty"), Mark.NEXT)


def _trust(found: Overview) -> Tag:
    if found.outdated_lists:
        label = surroundings().words.plural(
            "{n} list is outdated", "{n} lists are outdated", found.outdated_lists
        )
        return Tag(label, Mark.PROBLEM)
    if found.without_time:
        label = surroundings().words.plural(
            "{n} signature waits for a timestamp",
            "{n} signatures wait for a timestamp",
            found.without_time,
        )
        return Tag(label, Mark.PROBLEM)
    return _filled(bool(found.anchors))


def _preserved(found: Overview) -> Tag:
    if not found.timestamps:
        return Tag(_("Set-up: empty"), Mark.NEXT)
    if found.interrupted:
        return Tag(_("Evidence: interrupted"), Mark.PROBLEM)
    return Tag(_("Set-up: in order"), Mark.DONE)


def _failed(found: Overview) -> Tag:
    if not found.failed:
        return Tag(_("Set-up: in order"), Mark.DONE)
    label = surroundings().words.plural("{n} failed", "{n} have failed", found.failed)
    return Tag(label, Mark.PROBLEM)


def _next_step(found: Overview) -> NextStep | None:
    if not found.organisations:
        return NextStep(
            _("Enter the education office first"),
            _("Then the schools and kindergartens that report to it."),
            button=opens(N_("Add an organisation"), url_for("admin.new_organisation"), main=True),
        )
    if not found.people:
        return NextStep(
            _("Enter the people who work in the organisations"),
            _("Begin with the heads, the clerks and the officers."),
            button=opens(N_("Add a person"), url_for("admin.new_person"), main=True),
        )
    if not found.anchors:
        return NextStep(
            _("Add the certificates of the certification authorities"),
            _("Without them no signature can be accepted."),
            button=opens(N_("Add a certificate"), url_for("admin.new_anchor"), main=True),
        )
    return None
