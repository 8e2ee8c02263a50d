"""Case forms that wait for somebody's look: all on one page, doubtful ones first."""

from __future__ import annotations

from uuid import UUID

from flask import Response, make_response, redirect, render_template, request, url_for

from web.access import needs
from web.actor import current_actor
from web.components import Link, Mark, Notice
from web.current import _, services
from web.views.admin.case_forms import CASES
from web.views.refusal_notice import refusal_notice
from web.views.staff.blueprint import KEEPERS, list_crumbs, pages
from workflow.domain.refusals import N_, Refusal
from workflow.queries.case_forms import Proposal, UnconfirmedForms, unconfirmed_forms
from workflow.usecases.confirm_forms import ConfirmedForms, Inflected, confirm_forms

AT_ONCE = 20  # proposals on a page: as many as somebody really looks at
FORM_AT_MOST = 500  # characters
TITLE = N_("Case forms of names and posts")

_KINDS = {
    Inflected.PERSON: N_("Case forms: a name"),
    Inflected.POST: N_("Case forms: a post"),
    Inflected.ORGANISATION: N_("Case forms: the organisation"),
}


@pages.get("/<uuid:organisation_id>/forms")
@needs(*KEEPERS)
def forms(organisation_id: UUID) -> Response:
    """Show what waits, with a tick at each line that is to be confirmed."""
    return _draw(unconfirmed_forms(services().work, current_actor(), organisation_id))


@pages.post("/<uuid:organisation_id>/forms")
@needs(*KEEPERS)
def confirm(organisation_id: UUID) -> Response:
    """Confirm the ticked lines as they stand in the form; the others stay as they were."""
    work, actor = services().work, current_actor()
    shown = unconfirmed_forms(work, actor, organisation_id)
    chosen = set(request.form.getlist("confirm"))
    ticked = [one for one in shown.proposals if one.key in chosen]
    if not ticked:
        nothing = Notice(
            _(N_("Tick the lines that are right.")), _(N_("Nothing is ticked")), Mark.PROBLEM
        )
        return _draw(shown, nothing)
    done = confirm_forms(work, actor, organisation_id, [_confirmed(one) for one in ticked])
    if isinstance(done, Refusal):
        return _draw(shown, refusal_notice(done, N_("Nothing has been confirmed")))
    url = url_for("staff.forms", organisation_id=organisation_id, confirmed=done)
    return make_response(redirect(url, code=303))


def _confirmed(one: Proposal) -> ConfirmedForms:
    forms = tuple((suffix, _entered(one, name)) for suffix, (name, _label) in CASES.items())
    return ConfirmedForms(one.kind, one.text, forms, one.person_id)


def _entered(one: Proposal, case: str) -> str:
    typed = request.form.get(input_name(one, case), "")
    return " ".join(typed[:FORM_AT_MOST].split())


def input_name(one: Proposal, case: str) -> str:
    """The name of the input that holds one case form of a proposal."""
    return f"{case}:{one.key}"


def _draw(shown: UnconfirmedForms, notice: Notice | None = None) -> Response:
    typed = request.form
    lines = [
        {
            "proposal": one,
            "kind": _(_KINDS[one.kind]),
            "ticked": one.key in typed.getlist("confirm") if typed else not one.doubtful,
            "inputs": [
                (
                    input_name(one, name),
                    _(label),
                    typed.get(input_name(one, name), dict(one.forms).get(suffix, "")),
                )
                for suffix, (name, label) in CASES.items()
            ],
        }
        for one in shown.proposals[:AT_ONCE]
    ]
    answer = render_template(
        "staff/forms.html",
        title=_(TITLE),
        crumbs=list_crumbs(shown.organisation_id, Link(_(TITLE))),
        shown=shown,
        lines=lines,
        left=max(0, len(shown.proposals) - AT_ONCE),
        notice=notice or _done(),
        action=url_for("staff.confirm", organisation_id=shown.organisation_id),
        back=url_for("staff.workers", organisation_id=shown.organisation_id),
    )
    return make_response(answer, 409 if notice else 200)


def _done() -> Notice | None:
    if not request.args.get("confirmed", "").isdecimal():
        return None
    text = _(
        N_("Confirmed: {n}. Drafts that print other forms are assembled anew."),
        n=int(request.args["confirmed"]),
    )
    return Notice(text, _(N_("It is done")), Mark.DONE)
