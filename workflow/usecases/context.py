"""What a document says, as plain values for its template.

Facts hold ids (of employments, of documents); here they become the names, posts and titles that
are printed. The digest of this context without number and date is what a visa binds.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, is_dataclass, replace
from dataclasses import fields as columns_of
from datetime import date
from uuid import UUID

from workflow.domain.documents import Document
from workflow.domain.mandates import Mandate, holder_of
from workflow.domain.organisations import Organisation
from workflow.domain.people import Gender
from workflow.domain.regulations import FieldKind, FieldSpec, Role
from workflow.ports import (
    Context,
    PrintedApproval,
    PrintedOrganisation,
    PrintedPerson,
    PrintedRegistration,
)
from workflow.store.unit_of_work import Repositories

#: Context names that carry number and date: a visa does not bind them.
REGISTRATION_NAMES = frozenset({"reg", "approval"})

#: A post of somebody who acts for another, as an office may have entered it.
ACTING = re.compile(r"(?:и\.\s*о\.|врио|исполняющ)", re.IGNORECASE)
#: What an acting head's post names where no head was ever entered.
HEAD_GENITIVE = "руководителя"


def printed_organisation(tx: Repositories, organisation: Organisation, on: date) -> object:
    """The organisation by the name it has on the day."""
    name = organisation.name_on(on)
    founder = organisation.founder_id and tx.organisations.load(organisation.founder_id)
    return PrintedOrganisation(
        full=name.full,
        short=name.short,
        forms=name.forms,
        requisites=organisation.requisites,
        founder=founder.name_on(on).full if founder else "",
        confirmed=name.forms_confirmed,
    )


def printed_people(tx: Repositories, employment_ids: Iterable[UUID]) -> dict[UUID, PrintedPerson]:
    """The people behind the employments, each with the post that the employment names."""
    employments = tx.employments.load_many(list(dict.fromkeys(employment_ids)))
    people = tx.people.load_many([e.person_id for e in employments.values()])
    return {
        e.id: PrintedPerson(
            last=people[e.person_id].last,
            first=people[e.person_id].first,
            middle=people[e.person_id].middle,
            female=people[e.person_id].gender is Gender.FEMALE,
            forms=people[e.person_id].forms,
            post=e.post,
            post_forms=e.forms,
            confirmed=people[e.person_id].forms_confirmed,
            post_confirmed=e.forms_confirmed,
        )
        for e in employments.values()
    }


def printed_head(tx: Repositories, organisation: Organisation, on: date) -> PrintedPerson | None:
    """Who signs for the organisation on the day; an acting head's post says so."""
    mandates = tx.mandates.of_organisation(organisation.id)
    mandate = holder_of(mandates, Role.HEAD, organisation.id, on)
    if mandate is None:
        return None
    head = printed_people(tx, [mandate.employment_id])[mandate.employment_id]
    return _acting(tx, head, mandates, on) if mandate.role is Role.ACTING_HEAD else head


def post_under(tx: Repositories, mandate: Mandate, on: date) -> str:
    """The post in which somebody acts under the mandate on the day; an acting head's says so."""
    person = printed_people(tx, [mandate.employment_id])[mandate.employment_id]
    if mandate.role is not Role.ACTING_HEAD:
        return person.post
    return _acting(tx, person, tx.mandates.of_organisation(mandate.organisation_id), on).post


def _acting(
    tx: Repositories, person: PrintedPerson, mandates: Iterable[Mandate], on: date
) -> PrintedPerson:
    """The person in the post of the head who is away: «и. о. директора», the same in every case."""
    if ACTING.match(person.post):
        return person  # the staff card says it already
    heads = [
        m for m in mandates if m.role is Role.HEAD and m.withdrawn_at is None and m.since <= on
    ]
    newest = max(heads, key=lambda m: m.since, default=None)
    post = tx.employments.load(newest.employment_id) if newest else None
    genitive = dict(post.forms).get("род", post.post) if post else HEAD_GENITIVE
    return replace(
        person,
        post=f"и.\u00a0о. {genitive}",
        post_forms=(),
        post_confirmed=post is None or post.forms_confirmed,
    )


def printed_signatory(
    tx: Repositories, document: Document, organisation: Organisation, on: date
) -> PrintedPerson | None:
    """Who represents the employer in the document on the day, and whom its papers address.

    The head; where the document is about the head, the founder's head with the founder's name.
    """
    if not document.by_founder or organisation.founder_id is None:
        return printed_head(tx, organisation, on)
    founder = tx.organisations.load(organisation.founder_id)
    head = printed_head(tx, founder, on)
    name = founder.name_on(on)
    return head and replace(
        head,
        organisation=name.short,
        organisation_forms=name.forms,
        organisation_confirmed=name.forms_confirmed,
    )


def printed_issuer(
    tx: Repositories, document: Document, organisation: Organisation, on: date
) -> dict[str, object]:
    """On whose letterhead the document stands where it is not the organisation's own.

    What the founder's head signs for the employer the founder issues.
    """
    if not document.by_founder or organisation.founder_id is None:
        return {}
    founder = tx.organisations.load(organisation.founder_id)
    return {"issuer": printed_organisation(tx, founder, on)}


@dataclass(frozen=True)
class Annex:
    """A document that an order approves, and its place in the order (None: it is alone)."""

    document: Document
    number: int | None


def annexes_of(documents: Sequence[Document]) -> tuple[Annex, ...]:
    """Order the approved documents by their type and number them, if there are several."""
    ordered = sorted(documents, key=lambda d: (d.type_code, d.created_at))
    if len(ordered) == 1:
        return (Annex(ordered[0], None),)
    return tuple(Annex(document, place) for place, document in enumerate(ordered, start=1))


def annex_rows(annexes: Sequence[Annex]) -> list[dict[str, object]]:
    """The order's list of what it approves."""
    return [
        {
            "type": annex.document.type_code,
            "number": annex.number or place,
            "period": _period(annex.document.facts),
        }
        for place, annex in enumerate(annexes, start=1)
    ]


def _period(facts: Mapping[str, object]) -> str | None:
    """«2023 год» or «2023–2025 годы», after «на»."""
    named = facts.get("period")
    if isinstance(named, str) and named:
        return named
    begins, ends = facts.get("period_from"), facts.get("period_to")
    if not (isinstance(begins, date) and isinstance(ends, date)):
        return None
    if begins.year == ends.year:
        return f"{begins.year} год"
    return f"{begins.year}–{ends.year} годы"


def facts_context(
    tx: Repositories, fields: Sequence[FieldSpec], facts: Mapping[str, object]
) -> dict[str, object]:
    """Replace the employments named in the facts by the people to print.

    A field that was left empty is there and None, so that a template can ask for it.
    """
    people = printed_people(tx, _employments(fields, facts))
    return {spec.key: _printed(spec, facts.get(spec.key), people) for spec in fields}


def _employments(fields: Sequence[FieldSpec], facts: Mapping[str, object]) -> list[UUID]:
    named: list[UUID] = []
    for spec in fields:
        value = facts.get(spec.key)
        if not value:
            continue
        if spec.kind is FieldKind.PERSON:
            named.append(UUID(str(value)))
        elif spec.kind is FieldKind.PEOPLE and isinstance(value, list | tuple):
            named.extend(UUID(str(one)) for one in value)
        elif spec.kind is FieldKind.ROWS and isinstance(value, list | tuple):
            for row in value:
                named.extend(_employments(spec.columns, row))
    return named


def _printed(spec: FieldSpec, value: object, people: Mapping[UUID, PrintedPerson]) -> object:
    if value in (None, "", ()):
        return None
    match spec.kind:
        case FieldKind.PERSON:
            return people[UUID(str(value))]
        case FieldKind.PEOPLE:
            assert isinstance(value, list | tuple)
            return [people[UUID(str(one))] for one in value]
        case FieldKind.ROWS:
            assert isinstance(value, list | tuple)
            return [
                {c.key: _printed(c, row.get(c.key), people) for c in spec.columns} for row in value
            ]
        case _:
            return value


def content_digest(template: str, context: Context) -> str:
    """SHA-256 (hex) of the template's digest and of everything printed but number and date."""
    said = {name: value for name, value in context.items() if name not in REGISTRATION_NAMES}
    text = json.dumps([template, said], default=_plain, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: object) -> object:
    if is_dataclass(value) and not isinstance(value, type):
        unprinted = {f.name for f in columns_of(value) if not f.compare}
        return {k: v for k, v in asdict(value).items() if k not in unprinted}
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def registration(number: str, dated: date | None) -> PrintedRegistration:
    """Number and date as they are printed; empty before the document is fixed."""
    return PrintedRegistration(number, dated)


def approval(order: Document | None, number: str, dated: date | None, annex: int | None) -> object:
    """The caption of an approved document; empty while no order takes it up."""
    return PrintedApproval(number, dated, annex) if order else PrintedApproval()
