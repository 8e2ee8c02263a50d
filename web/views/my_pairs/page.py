"""One's own pair."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from flask import render_template, request, url_for

from web.access import signed_in
from web.actor import current_actor
from web.buttons import Action, Button
from web.components import Mark, NextStep, Notice
from web.current import _, services
from web.views.my_pairs.blueprint import crumbs, pages
from web.views.my_pairs.index import pair_facts
from web.views.my_pairs.words import name_of, next_step, paper_item, step_item, with_whom
from web.views.pairs.items import Item, ItemGroup, pressed
from web.views.pairs.words import status_tag
from workflow.domain.refusals import N_
from workflow.domain.regulations import DocumentType
from workflow.queries.my_pair import MyPairPage, my_pair
from workflow.queries.my_pairs import Part

ADD_MEETING = N_("Add a meeting")

#: What has just been done, by the word in the address after a redirect.
_DONE: Mapping[str, str] = {
    "meeting": N_("The meeting is in the journal."),
    "corrected": N_("The meeting has been corrected."),
    "removed": N_("The meeting has been taken out of the journal."),
}


@pages.get("/<uuid:case_id>")
@signed_in
def page(case_id: UUID) -> str:
    """Show what to do in the pair, its meetings, its papers."""
    shown = my_pair(services().work, current_actor(), case_id)
    pair = shown.pair
    return render_template(
        "my_pairs/page.html",
        crumbs=crumbs(case_id, with_whom(pair)),
        name=name_of(pair),
        status=status_tag(pair.status),
        notice=_notice(request.args.get("done", "")),
        step=_step(shown),
        facts=pair_facts(pair),
        groups=[group for group in _groups(shown) if group.items or group.buttons],
    )


def _notice(done: str) -> Notice | None:
    return Notice(_(_DONE[done]), _(N_("It is done")), Mark.DONE) if done in _DONE else None


def _step(shown: MyPairPage) -> NextStep | None:
    """What to do first; while nothing is due, a mentor goes on meeting the mentees."""
    if shown.pair.steps:
        return next_step(shown.pair, shown.pair.steps[0])
    if shown.meeting is None and not shown.pair.is_over:
        text = _(N_("Nothing is due now. Write down a meeting when it has taken place."))
        return NextStep(_(N_("Go on with the meetings")), text, button=pressed(_add(shown, True)))
    return None


def _add(shown: MyPairPage, main: bool = False) -> Action:
    url = url_for("my_pairs.meeting_new", case_id=shown.pair.case_id)
    return Action(ADD_MEETING, url, opens=True, main=main)


def _groups(shown: MyPairPage) -> tuple[ItemGroup, ...]:
    pair = shown.pair
    steps = (*pair.steps[1:], *pair.ahead)
    return (
        ItemGroup("steps", _(N_("What comes next")), tuple(step_item(pair, s) for s in steps)),
        _meetings(shown),
        ItemGroup(
            "papers",
            _(N_("Papers of the pair")),
            tuple(paper_item(p) for p in pair.papers),
            buttons=(
                *_begin(shown, shown.journal, N_("Make the journal of meetings")),
                *_begin(shown, shown.personal_data, N_("Let papers that name me be sent on")),
            ),
        ),
        _changes(shown),
    )


def _meetings(shown: MyPairPage) -> ItemGroup:
    title = _(N_("Meetings"))
    if not shown.sees_meetings or (not shown.meetings and shown.meeting):
        return ItemGroup("meetings", title, ())
    url = url_for("my_pairs.meetings", case_id=shown.pair.case_id)
    held = Item(_(N_("Meetings held: {n}"), n=shown.meetings), url=url if shown.meetings else "")
    on_top = not shown.pair.steps and not shown.pair.is_over  # it is the next step already
    add = () if shown.meeting or on_top else (pressed(_add(shown)),)
    return ItemGroup("meetings", title, (held,), buttons=add)


def _changes(shown: MyPairPage) -> ItemGroup:
    """What may be begun when something has changed: each leads to a page that explains it."""
    pair = shown.pair
    buttons = list(_begin(shown, shown.change, N_("Change the plan or the term")))
    if shown.leave is not None:
        label = N_("Decline") if pair.part is Part.PROPOSED else N_("Lay the duties down")
        url = url_for("my_pairs.leave", case_id=pair.case_id)
        buttons.append(pressed(Action(label, url, opens=True)))
    if shown.petition is not None:
        url = url_for("my_pairs.petition", case_id=pair.case_id)
        buttons.append(pressed(Action(N_("Ask for another mentor"), url, opens=True)))
    return ItemGroup("changes", _(N_("If something has changed")), (), buttons=tuple(buttons))


def _begin(shown: MyPairPage, kind: DocumentType | None, label: str) -> tuple[Button, ...]:
    if kind is None:
        return ()
    url = url_for("my_pairs.begin", case_id=shown.pair.case_id, code=kind.code)
    return (pressed(Action(label, url)),)
