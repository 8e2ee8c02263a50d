"""What the papers of a pair take from it, so that nobody types it again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from workflow.domain.meetings import Meeting, MeetingForm
from workflow.domain.organisations import Organisation
from workflow.domain.pairs import Life, Pair, Spell, Turn, TurnKind, life_of
from workflow.domain.regulations import DocumentType, FieldKind, FieldSpec, Regulation, Role
from workflow.domain.routes import DocumentState
from workflow.store.unit_of_work import Repositories
from workflow.usecases.pairs.lines import REPLACEMENT, label_of
from workflow.usecases.pairs.reading import candidate_terms, employment_in
from workflow.usecases.services import Services
from workflow.usecases.wording import dated_and_numbered

PAIR = "pair."
NOTICE = "notice.earliest"
PLAN = "D16"
#: The suffix of the dative among case forms (templates_docs).
DATIVE = "дат"
_IN_FORCE = (DocumentState.IN_FORCE, DocumentState.AMENDED)


@dataclass(frozen=True)
class Filling:
    """A pair about which a paper of `kind` is begun, and on what day.

    `author` is whoever writes it, if that is somebody of the pair: a mentor who has left reports
    on the own time with it.
    """

    tx: Repositories
    services: Services
    regulation: Regulation
    kind: DocumentType
    organisation: Organisation
    pair: Pair
    life: Life
    today: date
    author: UUID | None = None

    @property
    def spell(self) -> Spell | None:
        """The mentor's time with the pair that the paper is about."""
        own = [spell for spell in self.life.spells if spell.mentor == self.author]
        return own[-1] if own else self.life.spell

    @property
    def is_gate(self) -> bool:
        """Whether an order asks for the paper: then it is about the mentor who is proposed."""
        types = self.regulation.document_types.values()
        return any(g.type_code == self.kind.code for t in types for g in t.gates)

    @property
    def mentor(self) -> UUID | None:
        """Whom the paper is about: the proposed mentor for consents, else the one of the order."""
        proposed = self.pair.proposed
        if self.is_gate and proposed:
            return proposed
        return self.spell.mentor if self.spell else proposed

    @property
    def term(self) -> tuple[date, date]:
        """First and last day, as proposed or as ordered."""
        terms = candidate_terms(self.pair, self.life)
        spell = self.spell
        if terms is not None and (self.is_gate or spell is None):
            return terms.since, terms.until
        if spell is not None:
            return spell.since, spell.until
        return self.pair.since, self.pair.until


def filling(
    tx: Repositories,
    services: Services,
    regulation: Regulation,
    kind: DocumentType,
    organisation: Organisation,
    case_id: UUID,
    author: UUID | None = None,
) -> Filling | None:
    """Lay the pair of a case for filling a paper; None for a case that is no pair."""
    pair = tx.pairs.find([case_id]).get(case_id)
    if pair is None:
        return None
    today = organisation.local_day(services.clock())
    life = life_of(pair, today)
    return Filling(tx, services, regulation, kind, organisation, pair, life, today, author)


def from_pair(about: Filling, spec: FieldSpec) -> object:
    """Return what the pair says for a field whose source is `pair.…`; None when nothing is known.

    The rows of an order are filled by `lines.fill_lines`.
    """
    fill = _SOURCES.get(spec.source.removeprefix(PAIR))
    return fill(about, spec) if fill else None


def with_pair(about: Filling | None, facts: Mapping[str, object]) -> dict[str, object]:
    """The facts with what the pair says where nobody filled anything in."""
    filled = dict(facts)
    if about is None:
        return filled
    for spec in about.kind.fields:
        if spec.source.startswith(PAIR) and spec.asked and filled.get(spec.key) in (None, "", ()):
            value = from_pair(about, spec)
            if value not in (None, "", ()):
                filled[spec.key] = value
    return filled


def _mentor(about: Filling, spec: FieldSpec) -> object:
    if about.mentor is None:
        return None
    return (str(about.mentor),) if spec.kind is FieldKind.PEOPLE else str(about.mentor)


def _mentees(about: Filling, _: FieldSpec) -> object:
    return tuple(str(one) for one in about.life.mentees or about.pair.mentees)


def _mentee(about: Filling, spec: FieldSpec) -> object:
    """The first mentee who has no paper of this type yet (for the mentor that it is about)."""
    headings = about.tx.documents.headings_of_cases([about.pair.id])[about.pair.id]
    ids = [h.id for h in headings if h.type_code == about.kind.code]
    made = set()
    for document in about.tx.documents.load_many(ids).values():
        if employment_in(document.facts, "mentor") in (None, about.mentor):
            made.add(employment_in(document.facts, spec.key))
    mentees = about.life.mentees or about.pair.mentees
    return next((str(one) for one in mentees if one not in made), str(mentees[0]))


def _involved(about: Filling, _: FieldSpec) -> object:
    curator = about.tx.mandates.of_organisation(about.organisation.id)
    named = [about.mentor, *(about.life.mentees or about.pair.mentees)]
    named += [
        m.employment_id for m in curator if m.role is Role.CURATOR and m.in_force(about.today)
    ]
    return tuple(dict.fromkeys(str(one) for one in named if one))


def _order(about: Filling, case_word: str, *, own: bool = False) -> str | None:
    """The order by which the mentor was named, as a paper cites it.

    `own`: as another order of the same organisation does, which need not say whose it is.
    """
    spell = about.spell
    if spell is None or spell.document_id is None:
        return None
    order = about.tx.documents.load(spell.document_id)
    whose = "" if own else f" {about.organisation.short_name}"
    return f"{case_word}{whose} {dated_and_numbered(order)}"


def _plan(about: Filling, spec: FieldSpec) -> object:
    """The rows of the newest plan of this mentor, in the columns that the paper has."""
    headings = about.tx.documents.headings_of_cases([about.pair.id])[about.pair.id]
    ids = [h.id for h in headings if h.type_code == PLAN and h.state in _IN_FORCE]
    plans = [
        d
        for d in about.tx.documents.load_many(ids).values()
        if employment_in(d.facts, "mentor") == about.mentor
    ]
    if not plans:
        return None
    rows = max(plans, key=lambda d: d.created_at).facts.get("rows")
    columns = {column.key for column in spec.columns}
    assert isinstance(rows, tuple)
    return tuple({k: v for k, v in row.items() if k in columns} for row in rows)


#: How a meeting took place, as it is printed in the journal.
FORMS_PRINTED: Mapping[MeetingForm, str] = {
    MeetingForm.IN_PERSON: "очно",
    MeetingForm.ONLINE: "онлайн",
    MeetingForm.LESSON: "посещение занятия",
}


def _meetings(about: Filling, spec: FieldSpec) -> object:
    if spec.kind is FieldKind.NUMBER:
        return len(_held(about))
    return tuple(
        {
            "date": meeting.held_on,
            "form": FORMS_PRINTED[meeting.form],
            "topic": meeting.topic,
            "recommendations": meeting.recommendations,
        }
        for meeting in _held(about)
    )


def _held(about: Filling) -> list[Meeting]:
    found = about.tx.meetings.of_case(about.pair.id)
    return [m for m in found if m.mentor == about.mentor]


def _order_itself(about: Filling, _: FieldSpec) -> object:
    """The order that the mentor was named by, for what amends or cancels it."""
    spell = about.spell
    return (str(spell.document_id),) if spell and spell.document_id else None


def _notice(about: Filling) -> Turn | None:
    """By what the mentor leaves before the term is over, as far as it is known."""
    turn = about.life.ended_by
    return turn if turn is not None and turn.kind is TurnKind.NOTICE else None


def _notice_cited(about: Filling, _: FieldSpec) -> object:
    """The mentor's statement or the head's notice, as the order of release rests on it."""
    turn = _notice(about)
    if turn is None or turn.document_id is None:
        return None
    document = about.tx.documents.load(turn.document_id)
    kind = about.regulation.document_types[document.type_code]
    return f"{kind.genitive} {dated_and_numbered(document)}"


def _notice_cause(about: Filling, spec: FieldSpec) -> object:
    turn = _notice(about)
    known = turn is not None and any(choice.key == turn.cause for choice in spec.choices)
    return str(turn.cause) if turn and known else None


def _release(about: Filling, _: FieldSpec) -> object:
    """What an order of release is about: another mentor, where one is proposed."""
    follows = about.pair.proposed not in (None, about.life.mentor)
    return REPLACEMENT if follows and about.life.spell else None


#: What goes to the municipal centre with the covering letter.
SENT = ("D26", "D27")


def _package(about: Filling, _: FieldSpec) -> object:
    """The reports and questionnaires in force that have not been sent yet."""
    headings = about.tx.documents.headings_of_cases([about.pair.id])[about.pair.id]
    ids = [h.id for h in headings if h.type_code in SENT and h.state in _IN_FORCE]
    return tuple(str(one) for one in ids if not about.tx.submissions.of_document(one))


def _recipients(about: Filling, _: FieldSpec) -> object:
    """The organisation to which results are sent, in the dative, as a consent names it."""
    if about.organisation.office_id is None:
        return ()
    office = about.tx.organisations.load(about.organisation.office_id)
    name = office.name_on(about.today).full
    forms = dict(about.services.assembler.propose_phrase(name).forms)
    return ({"name": forms.get(DATIVE, name), "address": office.requisites.address},)


def _ended_early(about: Filling) -> bool:
    spell = about.spell
    return spell is not None and spell.cut_by is not None


_SOURCES: Mapping[str, Callable[[Filling, FieldSpec], object]] = {
    "mentor": _mentor,
    "mentee": _mentee,
    "mentees": _mentees,
    "involved": _involved,
    "kind": lambda about, _: label_of(about.regulation.mentoring_kinds, about.pair.kind),
    "form": lambda about, _: label_of(about.regulation.mentoring_forms, about.pair.form),
    "need": lambda about, _: about.pair.need,
    "since": lambda about, _: about.term[0],
    "until": lambda about, _: about.term[1],
    "order_genitive": lambda about, _: _order(about, "приказа"),
    "order_instrumental": lambda about, _: _order(about, "приказом"),
    "own_order_genitive": lambda about, _: _order(about, "приказа", own=True),
    "own_order_accusative": lambda about, _: _order(about, "приказ", own=True),
    "plan": _plan,
    "package": _package,
    "recipients": _recipients,
    "order": _order_itself,
    "notice_genitive": _notice_cited,
    "notice_cause": _notice_cause,
    "release": _release,
    "partial": lambda about, _: _ended_early(about),
    "meetings": _meetings,
}
