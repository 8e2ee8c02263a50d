"""Confirm case forms of names, posts and organisations; drafts that print them are made anew."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from uuid import UUID

from workflow.domain.mandates import Actor
from workflow.domain.refusals import N_, Refusal
from workflow.store.errors import MissingRowError
from workflow.store.unit_of_work import Repositories, Transaction
from workflow.usecases import desk as desks
from workflow.usecases import render
from workflow.usecases.confirmed_posts import MOST_POSTS
from workflow.usecases.services import Services
from workflow.usecases.staff_desk import StaffDesk, keep_staff
from workflow.usecases.unconfirmed import IN_PREPARATION

CaseForms = tuple[tuple[str, str], ...]

#: The suffixes of the templates, in the order of a school book.
SUFFIXES = ("род", "дат", "вин", "тв", "предл")

NOT_FILLED = Refusal(
    "forms.incomplete",
    N_("A case form is missing."),
    N_("Fill in all five; where the word does not change, repeat it."),
)


class Inflected(StrEnum):
    """What has case forms."""

    PERSON = "person"
    POST = "post"
    ORGANISATION = "organisation"


@dataclass(frozen=True)
class ConfirmedForms:
    """Forms that somebody has looked at.

    `text` is what was inflected: a full name, the words of a post (for all who hold such a post in
    the organisation), a short name. `person_id` tells namesakes apart.
    """

    kind: Inflected
    text: str
    forms: CaseForms
    person_id: UUID | None = None


def confirm_forms(
    services: Services, actor: Actor, organisation_id: UUID, confirmed: Sequence[ConfirmedForms]
) -> int | Refusal:
    """Keep the forms as confirmed, all or none; return how many there were.

    What is not (or no longer) called so in the organisation is refused. Drafts of the organisation
    that print other forms are assembled anew.
    """

    def act(tx: Transaction, desk: StaffDesk) -> int | Refusal:
        for one in confirmed:
            if {s for s, form in one.forms if form.strip()} != set(SUFFIXES):
                return NOT_FILLED
            if not _keep(tx, desk, one):
                return Refusal(
                    "forms.changed",
                    N_("“{text}” is not called so any more."),
                    N_("Open the page again and look at the forms."),
                    {"text": one.text},
                )
        tx.audit.add(desk.organisation.id, "forms.confirmed", {"count": len(confirmed)})
        return len(confirmed)

    done = keep_staff(services, actor, organisation_id, act)
    if not isinstance(done, Refusal):
        make_drafts_anew(services, organisation_id)
    return done


def _keep(tx: Transaction, desk: StaffDesk, one: ConfirmedForms) -> bool:
    """Write the forms; False when nothing here is called so."""
    match one.kind:
        case Inflected.PERSON:
            return _keep_person(tx, desk, one)
        case Inflected.POST:
            return _keep_post(tx, desk, one)
        case Inflected.ORGANISATION:
            return _keep_name(tx, desk, one)


def _keep_person(tx: Transaction, desk: StaffDesk, one: ConfirmedForms) -> bool:
    if one.person_id is None:
        return False
    try:
        before = tx.people.load(one.person_id)
    except MissingRowError:
        return False
    here = {e.organisation_id for e in tx.employments.of_person(before.id)}
    if desk.organisation.id not in here or before.full_name != one.text:
        return False
    tx.people.save(replace(before, forms=one.forms, forms_confirmed=True), before)
    return True


def _keep_post(tx: Transaction, desk: StaffDesk, one: ConfirmedForms) -> bool:
    posts = tx.employments.of_organisation(desk.organisation.id, limit=MOST_POSTS)
    held = [e for e in posts if e.post == one.text]
    for before in held:
        tx.employments.save(replace(before, forms=one.forms, forms_confirmed=True), before)
    return bool(held)


def _keep_name(tx: Transaction, desk: StaffDesk, one: ConfirmedForms) -> bool:
    before = desk.organisation
    if all(name.short != one.text for name in before.names):
        return False
    names = tuple(
        replace(name, forms=one.forms, forms_confirmed=True) if name.short == one.text else name
        for name in before.names
    )
    tx.organisations.save(replace(before, names=names), before)
    return True


def make_drafts_anew(services: Services, organisation_id: UUID) -> None:
    """Ask for the drafts of the organisation whose text is not what it would be now.

    Each in a transaction of its own: a draft that is missed here is refused when it is fixed.
    """
    with services.uow.reading() as tx:
        drafts = list(_drafts(tx, organisation_id))
    for document_id in drafts:
        _make_anew(services, document_id)


def _drafts(tx: Repositories, organisation_id: UUID) -> Iterable[UUID]:
    before: UUID | None = None
    while True:
        page = tx.documents.of_organisation(organisation_id, states=IN_PREPARATION, before=before)
        yield from (one.id for one in page.items if one.revisions and one.revision.draft)
        before = page.following
        if before is None:
            return


def _make_anew(services: Services, document_id: UUID) -> None:
    with services.uow() as tx:
        desks.lock_cases(tx, document_id)
        document = tx.documents.load(document_id)
        maker = desks.actor_of(tx, document.revision.created_by)
        desk = desks.lay_for_system(tx, services, document, maker)
        draft = document.revision.draft
        if desk.state not in IN_PREPARATION or draft is None:
            return
        if render.content_now(tx, services, desk) == draft.content:
            return
        revision = replace(document.revision, draft=None, failure=None)
        render.ask(tx, desks.save(tx, desk, document.with_revision(revision)))
        tx.audit.add(
            document.organisation_id,
            "document.draft_outdated",
            {"document": str(document.id), "revision": revision.number},
        )
        tx.commit()
