"""Take workers from a file: uploaded, looked at, written when somebody confirms it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from workflow.domain.mandates import Actor
from workflow.domain.organisations import Organisation
from workflow.domain.people import Employment, Person
from workflow.domain.refusals import N_, Refusal
from workflow.domain.staff_cards import StaffCard, with_history
from workflow.domain.staff_import_plan import (
    Fate,
    KnownStaff,
    PlannedRow,
    Worker,
    plan_import,
)
from workflow.domain.staff_imports import StaffImport
from workflow.domain.staff_sheets import Sheet, Table, only_read, read_sheet
from workflow.store.audit import INSTALLATION
from workflow.store.tables.organisations import organisations
from workflow.store.unit_of_work import Lock, Repositories, Transaction
from workflow.usecases import desk as desks
from workflow.usecases.confirm_forms import CaseForms
from workflow.usecases.confirmed_posts import MOST_POSTS, confirmed_posts
from workflow.usecases.services import Services
from workflow.usecases.staff import proposed_name
from workflow.usecases.staff_desk import (
    StaffDesk,
    keep_staff,
    keeps_staff_of,
    missing_is_not_found,
)

NAME_AT_MOST = 150  # characters of a file's name


@dataclass(frozen=True)
class Proposed:
    """Case forms of new people, by the row of the file, and of new posts, by their words."""

    names: Mapping[int, CaseForms]
    posts: Mapping[str, CaseForms]


def upload_staff(
    services: Services, actor: Actor, organisation_id: UUID, file_name: str, table: Table
) -> StaffImport | Refusal:
    """Keep a table of workers to be looked at; nothing of it is written yet.

    Refused is a table without the obligatory headings, an empty or too long one. What nobody reads
    of it is not kept, and other files of the organisation that nobody confirmed are forgotten:
    they hold personal data.
    """
    kept = [[number, list(cells)] for number, cells in only_read(table)]
    content = json.dumps(kept, ensure_ascii=False).encode()

    def act(tx: Transaction, desk: StaffDesk) -> StaffImport | Refusal:
        sheet = read_sheet(table)
        if isinstance(sheet, Refusal):
            return sheet
        for older in tx.staff_imports.undecided(organisation_id):
            tx.staff_imports.save(replace(older, content=None), older)
        uploaded = StaffImport(
            id=services.new_id(),
            organisation_id=organisation_id,
            file_name=file_name[:NAME_AT_MOST],
            sha256=hashlib.sha256(content).hexdigest(),
            uploaded_at=services.clock(),
            uploaded_by=desk.actor.person_id,
            content=content,
        )
        saved = tx.staff_imports.save(uploaded)
        _trace(tx, saved, "staff_import.uploaded")
        return saved

    return keep_staff(services, actor, organisation_id, act)


def drop_import(services: Services, actor: Actor, import_id: UUID) -> StaffImport | Refusal:
    """Forget an uploaded file; one that was written or forgotten already stays as it is."""

    def act(tx: Transaction, _desk: StaffDesk) -> StaffImport | Refusal:
        before = tx.staff_imports.load(import_id)
        if before.content is None:
            return before
        saved = tx.staff_imports.save(replace(before, content=None), before)
        _trace(tx, saved, "staff_import.dropped")
        return saved

    return keep_staff(services, actor, _place_of(services, import_id), act)


def confirm_import(
    services: Services, actor: Actor, import_id: UUID, seen: str
) -> StaffImport | Refusal:
    """Write what the preview showed, wrong rows left out; a second time changes nothing.

    `seen` is the preview's `digest`: where the staff has changed since it was looked at, nothing
    is written. Case forms of new names are proposals, for somebody to confirm.
    """
    place = _place_of(services, import_id)
    proposed = _proposed(services, actor, place, import_id)

    def act(tx: Transaction, desk: StaffDesk) -> StaffImport | Refusal:
        # Two imports of one organisation would add the same people twice.
        tx.lock(Lock.CASE, organisations, [place])
        before = tx.staff_imports.load(import_id)
        if before.confirmed_at is not None:
            return before
        if before.content is None:
            return FORGOTTEN
        planned = planned_rows(tx, services, desk.organisation, before)
        if digest_of(planned) != seen:
            return CHANGED_SINCE
        _write(tx, services, desk, planned, proposed)
        fates = [row.fate for row in planned]
        written = replace(
            before,
            content=None,
            confirmed_at=services.clock(),
            confirmed_by=desk.actor.person_id,
            added=fates.count(Fate.NEW),
            changed=fates.count(Fate.CHANGED),
            unchanged=fates.count(Fate.UNCHANGED),
        )
        saved = tx.staff_imports.save(written, before)
        _trace(tx, saved, "staff_import.confirmed")
        return saved

    return keep_staff(services, actor, place, act)


FORGOTTEN = Refusal(
    "staff_import.forgotten",
    N_("The file is not kept any more: another one was uploaded, or this one was given up."),
    N_("Upload it again."),
)
CHANGED_SINCE = Refusal(
    "staff_import.changed_since",
    N_("The workers' cards have changed since the file was looked at. Nothing has been written."),
    N_("Look at the rows once more and confirm."),
)


# --- What a file would do ------------------------------------------------------------------


def sheet_of(uploaded: StaffImport) -> Sheet:
    """The rows of a file that is still kept (it was refused at once if it could not be read)."""
    assert uploaded.content is not None
    sheet = read_sheet([(number, cells) for number, cells in json.loads(uploaded.content)])
    assert isinstance(sheet, Sheet)
    return sheet


def planned_rows(
    tx: Repositories, services: Services, organisation: Organisation, uploaded: StaffImport
) -> tuple[PlannedRow, ...]:
    """What each row of a kept file would do now."""
    rows = sheet_of(uploaded).rows
    today = organisation.local_day(services.clock())
    known = _known_staff(tx, organisation, today, [row.snils for row in rows if row.snils])
    return plan_import(rows, known, today, services.new_id)


def digest_of(planned: Sequence[PlannedRow]) -> str:
    """SHA-256 (hex) of what the rows do: the same while nothing they depend on has changed."""
    said = [
        [row.row.number, row.fate, row.touched, _known_as(row.before), len(row.problems)]
        for row in planned
    ]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()


def _known_as(before: Worker | None) -> list[object]:
    if before is None:
        return []
    parts = (before.person, before.employment, before.card)
    # A person whom the file itself adds has a new id each time.
    return [[str(one.id), one.version] for one in parts if one is not None and one.version]


def _known_staff(
    tx: Repositories, organisation: Organisation, today: date, numbers: Sequence[str]
) -> KnownStaff:
    posts = tx.employments.of_organisation(organisation.id, limit=MOST_POSTS)
    people = tx.people.load_many(e.person_id for e in posts)
    cards = tx.staff_cards.of_many(e.id for e in posts)
    others = (p.snils for p in tx.people.with_snils(numbers) if p.id not in people)

    def is_shared(post: Employment) -> bool:
        over = post.until is not None and post.until < today
        return post.organisation_id != organisation.id and not over

    return KnownStaff(
        organisation.id,
        workers=tuple(Worker(people[e.person_id], e, cards.get(e.id)) for e in posts),
        elsewhere=frozenset(others),
        shared=frozenset(e.person_id for e in tx.employments.of_people(people) if is_shared(e)),
    )


# --- Writing -------------------------------------------------------------------------------


def _proposed(services: Services, actor: Actor, place: UUID, import_id: UUID) -> Proposed:
    """Case forms of new names and posts, asked for outside the transaction that writes.

    Whoever may not write is refused there; nothing is worked out for them here.
    """
    with services.uow.reading() as tx, missing_is_not_found():
        uploaded, organisation = tx.staff_imports.load(import_id), tx.organisations.load(place)
        known = desks.actor_of(tx, actor.person_id)
        if uploaded.content is None or not keeps_staff_of(services, known, organisation):
            return Proposed({}, {})
        planned = planned_rows(tx, services, organisation, uploaded)
        confirmed = confirmed_posts(tx, place)
    new = [(row.row.number, row.after) for row in planned if row.fate is Fate.NEW and row.after]
    posts = {worker.employment.post for _, worker in new} - set(confirmed)
    return Proposed(
        {
            number: proposed_name(services, worker.person)
            for number, worker in new
            if worker.person.version == 0
        },
        {post: services.assembler.propose_phrase(post).forms for post in posts},
    )


def _write(
    tx: Transaction,
    services: Services,
    desk: StaffDesk,
    planned: Sequence[PlannedRow],
    proposed: Proposed,
) -> None:
    written: dict[UUID, Person] = {}
    confirmed = confirmed_posts(tx, desk.organisation.id)
    for row in planned:
        if row.after is None or row.fate is Fate.UNCHANGED:
            continue
        _write_person(tx, row.after.person, written, proposed.names.get(row.row.number, ()))
        if row.after.employment.version == 0:
            _write_post(tx, row.after.employment, confirmed, proposed)
        _write_card(tx, services, desk, row)


def _write_person(
    tx: Transaction, person: Person, written: dict[UUID, Person], forms: CaseForms
) -> None:
    before = written.get(person.id) or (tx.people.load(person.id) if person.version else None)
    if before is None:
        written[person.id] = tx.people.save(replace(person, forms=forms))
        tx.audit.add(INSTALLATION, "person.added", {"person": str(person.id)})
    elif before.email != person.email:
        written[person.id] = tx.people.save(replace(before, email=person.email), before)
        tx.audit.add(INSTALLATION, "person.changed", {"person": str(person.id)})


def _write_post(
    tx: Transaction, post: Employment, confirmed: Mapping[str, CaseForms], proposed: Proposed
) -> None:
    forms = confirmed.get(post.post, proposed.posts.get(post.post, ()))
    tx.employments.save(replace(post, forms=forms, forms_confirmed=post.post in confirmed))
    tx.audit.add(post.organisation_id, "employment.added", {"employment": str(post.id)})


def _write_card(tx: Transaction, services: Services, desk: StaffDesk, row: PlannedRow) -> None:
    assert row.after is not None
    after, before = row.after.card, row.before.card if row.before else None
    if after is None or after == before:
        return
    empty = before or StaffCard(after.id, after.employment_id)
    changed = with_history(empty, after, desk.actor.person_id, services.clock())
    saved = tx.staff_cards.save(changed, before)
    tx.audit.add(desk.organisation.id, "staff_card.changed", {"card": str(saved.id)})


def _place_of(services: Services, import_id: UUID) -> UUID:
    with services.uow.reading() as tx, missing_is_not_found():
        return tx.staff_imports.load(import_id).organisation_id


def _trace(tx: Transaction, one: StaffImport, event: str) -> None:
    tx.audit.add(
        one.organisation_id,
        event,
        {"import": str(one.id), "sha256": one.sha256, "added": one.added, "changed": one.changed},
    )
