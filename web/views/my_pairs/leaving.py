"""Leaving: the mentor lays the duties down (ТК РФ, ст. 351.8), the mentee asks for another."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from flask import Response, abort, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from web.access import signed_in
from web.actor import current_actor
from web.current import _, services, surroundings
from web.dates import long_date
from web.form_page import FormPage, draw, read_fields
from web.forms import FieldError, entered_from
from web.refusals import tell
from web.views.document_words import tied
from web.views.my_pairs.blueprint import crumbs, pages
from web.views.my_pairs.papers import begin_paper
from web.views.my_pairs.words import name_of, with_whom
from workflow.domain.refusals import N_
from workflow.domain.regulations import DocumentType, FieldSpec
from workflow.queries.my_pair import Leaving, MyPairPage, leaving, may_leave_on, my_pair
from workflow.queries.my_pairs import Part

EFFECTIVE = "effective"
GO_ON = N_("Go on to the signature")


@pages.get("/<uuid:case_id>/leave")
@signed_in
def leave(case_id: UUID) -> Response:
    """Explain what it means to leave, and ask from which day on."""
    shown = leaving(services().work, current_actor(), case_id)
    page = _leave_form(shown)
    return draw(page, entered_from(page.fields, {EFFECTIVE: shown.earliest}))


@pages.post("/<uuid:case_id>/leave")
@signed_in
def leave_send(case_id: UUID) -> AnyResponse:
    """Make the statement; a day that is too early is refused beside the day."""
    shown = leaving(services().work, current_actor(), case_id)
    page = _leave_form(shown)
    values, errors = read_fields(page)
    day = values.get(EFFECTIVE)
    if isinstance(day, date):
        refusal = may_leave_on(services().work, current_actor(), case_id, day)
        if refusal is not None:
            told = tell(refusal, surroundings().words)
            article = f" ({tied(told.article)})." if told.article else "."
            text = f"{told.what.removesuffix('.')}{article} {told.todo}".rstrip()
            label = next(f.label for f in page.fields if f.key == EFFECTIVE)
            errors = (*errors, FieldError(EFFECTIVE, text, label=label))
    if errors:
        return draw(page, request.form, errors)
    return _begun(case_id, shown.kind, values)


def _begun(case_id: UUID, kind: DocumentType, values: object) -> AnyResponse:
    assert isinstance(values, dict)
    document_id = begin_paper(case_id, kind.code, **values)
    return redirect(url_for("my_pairs.paper", document_id=document_id), code=303)


def _leave_form(shown: Leaving) -> FormPage:
    pair = shown.pair
    title = _(N_("Lay the duties of the mentor down"))
    said = [
        _(
            N_(
                "You may do so at any time. No reason is needed, and nobody may refuse: the"
                " statement is not agreed with anybody."
            )
        )
    ]
    if shown.notice_days:
        said.append(
            surroundings().words.plural(
                "The head is warned at least {n} working day before.",
                "The head is warned at least {n} working days before.",
                shown.notice_days,
            )
        )
    if shown.earliest:
        day = long_date(shown.earliest, pair.today)
        said.append(_(N_("If you sign today, the earliest day is {day}."), day=day))
    return FormPage(
        title=title,
        label=_(GO_ON),
        fields=_own_fields(shown.kind),
        crumbs=crumbs(pair.case_id, with_whom(pair), title),
        lead=" ".join(said),
        above=name_of(pair),
    )


def _own_fields(kind: DocumentType) -> tuple[FieldSpec, ...]:
    """The fields that the pair does not answer."""
    return tuple(f for f in kind.fields if f.asked and not f.source.startswith("pair."))


@pages.get("/<uuid:case_id>/petition")
@signed_in
def petition(case_id: UUID) -> Response:
    """Explain the petition, and ask why; the mentee need not say."""
    shown, kind = _petition(case_id)
    page = _petition_form(shown, kind)
    return draw(page, entered_from(page.fields, {}))


@pages.post("/<uuid:case_id>/petition")
@signed_in
def petition_send(case_id: UUID) -> AnyResponse:
    """Make the petition."""
    shown, kind = _petition(case_id)
    page = _petition_form(shown, kind)
    values, errors = read_fields(page)
    if errors:
        return draw(page, request.form, errors)
    return _begun(case_id, kind, values)


def _petition(case_id: UUID) -> tuple[MyPairPage, DocumentType]:
    shown = my_pair(services().work, current_actor(), case_id)
    if shown.petition is None or shown.pair.part is not Part.MENTEE:
        abort(404)
    return shown, shown.petition


def _petition_form(shown: MyPairPage, kind: DocumentType) -> FormPage:
    title = _(N_("Ask for another mentor"))
    return FormPage(
        title=title,
        label=_(GO_ON),
        fields=_own_fields(kind),
        crumbs=crumbs(shown.pair.case_id, with_whom(shown.pair), title),
        lead=_(
            N_(
                "The head reads the petition and decides; until then your mentor stays. The"
                " decision and its reason will be shown with the petition."
            )
        ),
        above=name_of(shown.pair),
    )
