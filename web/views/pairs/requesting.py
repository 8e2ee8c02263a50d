"""Who needs a mentor: the head names the employees, the kind of help and the term."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from uuid import UUID

from flask import Response, request
from werkzeug.wrappers import Response as AnyResponse

from web.access import needs
from web.actor import current_actor
from web.components import Fact
from web.current import _, services
from web.form_page import FormPage, read_fields
from web.forms import entered_from
from web.views.document_words import tied
from web.views.pairs.blueprint import WORKERS, back, crumbs, pages
from web.views.pairs.checking import CHANGE, SEND, Asked, draw_check, draw_form, step
from web.views.pairs.index import REQUEST
from web.views.pairs.words import period, rule_words
from workflow.domain.matching import EXPERIENCE, MENTEES_AT_MOST
from workflow.domain.refusals import N_, Refusal
from workflow.domain.regulations import Choice, FieldKind, FieldSpec
from workflow.domain.rules import Rule
from workflow.queries.pair_forms import RequestForm, request_form
from workflow.usecases.pairs.request import Wish, request_mentor

MENTEES, KIND, FORM, SINCE, UNTIL, NEED = "mentees", "kind", "form", "since", "until", "need"


@pages.get("/pairs/new/<uuid:organisation_id>")
@needs(*WORKERS)
def request_page(organisation_id: UUID) -> Response:
    """Ask who needs a mentor, for what and how long."""
    shown = request_form(services().work, current_actor(), organisation_id)
    asked = _asked(shown)
    proposed: dict[str, object] = {SINCE: shown.today, UNTIL: a_year_from(shown.today)}
    for key, choices in ((KIND, shown.kinds), (FORM, shown.forms)):
        if choices:
            proposed[key] = choices[0].key
    return draw_form(asked, entered_from(asked.page.fields, proposed), closed=shown.refusal)


@pages.post("/pairs/new/<uuid:organisation_id>")
@needs(*WORKERS)
def request_send(organisation_id: UUID) -> AnyResponse:
    """Show the answers to be checked; keep them when they are sent."""
    shown = request_form(services().work, current_actor(), organisation_id)
    asked = _asked(shown)
    if step() == CHANGE:
        return draw_form(asked, request.form)
    values, errors = read_fields(asked.page)
    if errors:
        return draw_form(asked, request.form, errors)
    if step() != SEND:
        return draw_check(asked, _facts(shown, values))
    pair = request_mentor(services().work, current_actor(), organisation_id, _wish(values))
    if isinstance(pair, Refusal):
        return draw_form(asked, request.form, refusal=pair)
    return back(pair.id, "requested")


def a_year_from(day: date) -> date:
    """Return the last day of a year that begins on `day`."""
    try:
        return day.replace(year=day.year + 1) - timedelta(days=1)
    except ValueError:  # 29 February
        return date(day.year + 1, 2, 28)


def _asked(shown: RequestForm) -> Asked:
    page = FormPage(
        title=_(REQUEST),
        label=_(N_("Go on to check the answers")),
        fields=_fields(shown),
        crumbs=crumbs(None, _(REQUEST)),
        lead=_(N_("A pair or group begins with this; the mentor is proposed afterwards.")),
        above=shown.organisation,
        options={MENTEES: shown.staff},
    )
    # What a mentor must be is shown where one is proposed.
    rules = [rule for rule in shown.rules if rule.name != EXPERIENCE]
    return Asked(page, _(N_("Keep who needs a mentor")), rules_in_words(rules, shown.kinds))


def rules_in_words(
    rules: Sequence[Rule], kinds: Sequence[Choice] = ()
) -> tuple[tuple[str, str], ...]:
    """Return the rules that concern pairs with their articles; those of one kind name it."""
    labels = {choice.key: choice.label for choice in kinds}
    told = []
    for rule in rules:
        text = rule_words(rule)
        kind = labels.get(str(rule.params.get("mentoring", "")), "")
        if text:
            told.append((f"{text} — {kind}" if kind else text, tied(rule.article)))
    return tuple(told)


def _fields(shown: RequestForm) -> tuple[FieldSpec, ...]:
    article = next((r.article for r in shown.rules if r.name == MENTEES_AT_MOST), "")
    fields = [
        FieldSpec(
            MENTEES,
            _(N_("Who needs a mentor")),
            FieldKind.PEOPLE,
            required=True,
            hint=_(N_("Several mentees make a group with one mentor.")),
            article=tied(article),
        ),
        FieldSpec(
            KIND,
            _(N_("Kind of mentoring")),
            FieldKind.CHOICE,
            required=True,
            choices=tuple(shown.kinds),
        ),
    ]
    if shown.forms:
        form = _(N_("Form of mentoring"))
        choices = tuple(shown.forms)
        fields.append(FieldSpec(FORM, form, FieldKind.CHOICE, required=True, choices=choices))
    need_hint = _(N_("In the nominative, without a full stop: it is printed in the papers."))
    return (
        *fields,
        FieldSpec(SINCE, _(N_("First day of mentoring")), FieldKind.DATE, required=True),
        FieldSpec(UNTIL, _(N_("Last day of mentoring")), FieldKind.DATE, required=True),
        FieldSpec(
            NEED,
            _(N_("What the mentor shall help with")),
            FieldKind.LONG_TEXT,
            required=True,
            hint=need_hint,
        ),
    )


def _facts(shown: RequestForm, values: Mapping[str, object]) -> tuple[Fact, ...]:
    staff = {choice.key: choice.label for choice in shown.staff}
    kinds = {choice.key: choice.label for choice in shown.kinds}
    forms = {choice.key: choice.label for choice in shown.forms}
    wish = _wish(values)
    facts = (
        Fact(_(N_("Mentees")), "\n".join(staff[str(one)] for one in wish.mentees)),
        Fact(_(N_("Kind of mentoring")), kinds.get(wish.kind, "")),
        Fact(_(N_("Form of mentoring")), forms.get(wish.form, "")),
        Fact(_(N_("Term of mentoring")), period(wish.since, wish.until)),
        Fact(_(N_("What the mentor shall help with")), wish.need),
    )
    return tuple(fact for fact in facts if fact.value)


def _wish(values: Mapping[str, object]) -> Wish:
    mentees, since, until = values[MENTEES], values[SINCE], values[UNTIL]
    assert isinstance(mentees, tuple)  # the form read it as people
    assert isinstance(since, date)
    assert isinstance(until, date)
    return Wish(
        kind=str(values[KIND]),
        form=str(values.get(FORM) or ""),
        need=str(values[NEED]),
        mentees=tuple(UUID(str(one)) for one in mentees),
        since=since,
        until=until,
    )
