"""Meetings: the list that the pair and the curator read, and one short form for the mentor."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from flask import Response, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from web.access import signed_in
from web.actor import current_actor
from web.buttons import Action
from web.components import Link
from web.current import _, services, surroundings
from web.dates import long_date
from web.errors import unless_refused
from web.form_page import FormPage, draw, read_fields
from web.forms import FieldError, entered_from
from web.refusals import tell
from web.views.my_pairs.blueprint import back, crumbs, pages
from web.views.my_pairs.page import ADD_MEETING
from web.views.pairs.blueprint import address as worked_on
from web.views.pairs.items import pressed
from web.views.pairs.words import pair_name
from workflow.domain.meetings import Meeting, MeetingForm
from workflow.domain.refusals import N_, Refusal
from workflow.domain.regulations import Choice, FieldKind, FieldSpec
from workflow.queries.my_pair import MyMeetings, my_meetings
from workflow.usecases.pairs.meet import Held, change_meeting, enter_meeting, remove_meeting

HELD_ON, FORM, TOPIC, RECOMMENDATIONS = "held_on", "form", "topic", "recommendations"
FORMS: Mapping[MeetingForm, str] = {
    MeetingForm.IN_PERSON: N_("Meeting: in person"),
    MeetingForm.ONLINE: N_("Meeting: online"),
    MeetingForm.LESSON: N_("Meeting: attending a lesson"),
}
#: Refusals that belong to a field; every other one stands above the form.
_FIELDS = {
    "meeting.in_future": HELD_ON,
    "meeting.outside_term": HELD_ON,
    "meeting.topic": TOPIC,
    "meeting.too_long": RECOMMENDATIONS,
}


@pages.get("/<uuid:case_id>/meetings")
@signed_in
def meetings(case_id: UUID) -> str:
    """Show the meetings, the newest first; the mentor corrects the own ones."""
    shown = my_meetings(services().work, current_actor(), case_id)
    url = url_for("my_pairs.meeting_new", case_id=case_id)
    add = pressed(Action(ADD_MEETING, url, shown.enter, opens=True, main=True))
    return render_template(
        "my_pairs/meetings.html",
        shown=shown,
        crumbs=_crumbs(shown, ""),
        name=pair_name(shown.mentees, shown.mentor),
        add=add if shown.mine or shown.enter is None else None,
        forms={form: _(label) for form, label in FORMS.items()},
        day_of=lambda meeting: long_date(meeting.held_on, shown.today),
    )


@pages.get("/<uuid:case_id>/meetings/new")
@signed_in
def meeting_new(case_id: UUID) -> Response:
    """Ask about a meeting; it was probably today, and in person."""
    shown = my_meetings(services().work, current_actor(), case_id)
    page = _form(shown, _(ADD_MEETING))
    proposed = {HELD_ON: shown.today, FORM: MeetingForm.IN_PERSON}
    return draw(page, entered_from(page.fields, proposed), refusal=shown.enter)


@pages.post("/<uuid:case_id>/meetings/new")
@signed_in
def meeting_add(case_id: UUID) -> AnyResponse:
    """Enter the meeting."""
    work, actor = services().work, current_actor()
    page = _form(my_meetings(work, actor, case_id), _(ADD_MEETING))
    held, errors = _read(page)
    if held is None:
        return draw(page, request.form, errors)
    entered = enter_meeting(work, actor, case_id, held)
    return back(case_id, "meeting") if isinstance(entered, Meeting) else _refused(page, entered)


@pages.get("/<uuid:case_id>/meetings/<uuid:meeting_id>")
@signed_in
def meeting(case_id: UUID, meeting_id: UUID) -> Response:
    """Show one's own meeting to be corrected."""
    shown = my_meetings(services().work, current_actor(), case_id)
    own = shown.own(meeting_id)
    page = _form(shown, _(N_("Correct the meeting")))
    stored = {
        HELD_ON: own.held_on,
        FORM: own.form,
        TOPIC: own.topic,
        RECOMMENDATIONS: own.recommendations,
    }
    return draw(page, entered_from(page.fields, stored))


@pages.post("/<uuid:case_id>/meetings/<uuid:meeting_id>")
@signed_in
def meeting_change(case_id: UUID, meeting_id: UUID) -> AnyResponse:
    """Correct the meeting."""
    work, actor = services().work, current_actor()
    shown = my_meetings(work, actor, case_id)
    shown.own(meeting_id)
    page = _form(shown, _(N_("Correct the meeting")))
    held, errors = _read(page)
    if held is None:
        return draw(page, request.form, errors)
    changed = change_meeting(work, actor, case_id, meeting_id, held)
    return back(case_id, "corrected") if isinstance(changed, Meeting) else _refused(page, changed)


@pages.post("/<uuid:case_id>/meetings/<uuid:meeting_id>/remove")
@signed_in
def meeting_remove(case_id: UUID, meeting_id: UUID) -> AnyResponse:
    """Take a meeting that was entered by mistake out of the journal."""
    work, actor = services().work, current_actor()
    unless_refused(remove_meeting(work, actor, case_id, meeting_id))
    return back(case_id, "removed")


def _form(shown: MyMeetings, title: str) -> FormPage:
    return FormPage(
        title=title,
        label=_(N_("Keep the meeting")),
        fields=_fields(),
        crumbs=_crumbs(shown, title),
        above=pair_name(shown.mentees, shown.mentor),
    )


def _fields() -> tuple[FieldSpec, ...]:
    forms = tuple(Choice(form.value, _(label)) for form, label in FORMS.items())
    return (
        FieldSpec(HELD_ON, _(N_("Date of the meeting")), FieldKind.DATE, required=True),
        FieldSpec(
            FORM, _(N_("Form of the meeting")), FieldKind.CHOICE, required=True, choices=forms
        ),
        FieldSpec(
            TOPIC,
            _(N_("Topic of the meeting")),
            FieldKind.TEXT,
            required=True,
            hint=_(N_("What you spoke of, without a full stop at the end.")),
        ),
        FieldSpec(
            RECOMMENDATIONS,
            _(N_("Recommendations")),
            FieldKind.LONG_TEXT,
            hint=_(N_("Read by the mentee and the curator.")),
        ),
    )


def _read(page: FormPage) -> tuple[Held | None, tuple[FieldError, ...]]:
    values, errors = read_fields(page)
    held_on = values.get(HELD_ON)
    if errors or not isinstance(held_on, date):
        return None, errors
    said = {key: str(values.get(key) or "") for key in (FORM, TOPIC, RECOMMENDATIONS)}
    return Held.of(held_on, said[FORM], said[TOPIC], said[RECOMMENDATIONS]), ()


def _refused(page: FormPage, refusal: Refusal) -> Response:
    """Show a refusal beside the field that it is about."""
    field = next((f for f in page.fields if f.key == _FIELDS.get(refusal.code)), None)
    if field is None:
        return draw(page, request.form, refusal=refusal)
    told = tell(refusal, surroundings().words)
    text = " ".join(part for part in (told.what, told.todo) if part)
    return draw(page, request.form, (FieldError(field.key, text, label=field.label),))


def _crumbs(shown: MyMeetings, here: str) -> tuple[Link, ...]:
    """The way back to one's own pair, or for the curator to the pair's page."""
    title = _(N_("Meetings"))
    if not shown.named:
        name = pair_name(shown.mentees, shown.mentor)
        return Link(name, worked_on(shown.case_id)), Link(title)
    way = crumbs(shown.case_id, _(N_("To the pair")), here or title)
    if not here:
        return way
    listed = Link(title, url_for("my_pairs.meetings", case_id=shown.case_id))
    return (*way[:-1], listed, way[-1])
