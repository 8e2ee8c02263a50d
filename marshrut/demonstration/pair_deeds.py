"""What the people of one organisation do for its mentor pairs, several papers at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from marshrut.demonstration.deeds import Deeds, Facts
from marshrut.demonstration.papers import scan
from marshrut.demonstration.stage import Stage, holder_of
from marshrut.demonstration.town import KEY_PASSWORD, Inhabitant, Place, done
from marshrut.training import KINDS
from signing.keys import SigningKey, open_pkcs12
from workflow.usecases.enter_experience import enter_experience
from workflow.usecases.keys import add_key
from workflow.usecases.pairs.meet import Held, enter_meeting
from workflow.usecases.pairs.orders import start_order
from workflow.usecases.pairs.propose import propose_mentor
from workflow.usecases.pairs.request import Wish, note_contract_clause, request_mentor

ADVANCED, QUALIFIED = KINDS
_BEGINNERS_YEARS = ("total", "pedagogical")
_MENTORS_YEARS = (*_BEGINNERS_YEARS, "in_field")
KIND, FORM = "traditional", "teacher_teacher"


@dataclass(frozen=True)
class Paper:
    """A personal paper of somebody: of which pair and type, what is filled in."""

    case_id: UUID
    code: str
    author: Inhabitant
    facts: Facts = field(default_factory=dict)


@dataclass(frozen=True)
class PairDeeds:
    """The acts on the pairs of one organisation; jobs are done together between."""

    stage: Stage
    deeds: Deeds
    place: Place

    @property
    def head(self) -> Inhabitant:
        return self.place.holding("head")

    @property
    def clerk(self) -> Inhabitant:
        return self.place.holding("clerk")

    @property
    def curator(self) -> Inhabitant:
        return self.place.holding("curator")

    def person(self, key: str) -> Inhabitant:
        return self.place.people[key]

    # --- who with whom ---------------------------------------------------------------------

    def request(self, mentee: str, need: str, since: date, until: date) -> UUID:
        """The head names who needs a mentor; return the pair."""
        wish = Wish(KIND, FORM, need, (self.person(mentee).employment_id,), since, until)
        head = self.deeds.actor(self.head)
        return done(request_mentor(self.deeds.services, head, self.place.id, wish)).id

    def propose(self, by: Inhabitant, case_id: UUID, mentor: str, since: date, until: date) -> None:
        named = self.person(mentor).employment_id
        actor = self.deeds.actor(by)
        done(propose_mentor(self.deeds.services, actor, case_id, named, since, until))

    def enter_experience(self, mentors: Mapping[str, int], beginners: Mapping[str, int]) -> None:
        """The clerk fills in staff cards: full years, of mentors in their own field, too."""
        clerk = self.deeds.actor(self.clerk)
        for kinds, people in ((_MENTORS_YEARS, mentors), (_BEGINNERS_YEARS, beginners)):
            for key, full in people.items():
                named = self.person(key).employment_id
                years = dict.fromkeys(kinds, full)
                done(enter_experience(self.deeds.services, clerk, named, years))

    def note_clause(self, case_id: UUID, clause: str) -> None:
        """The clerk has found the terms of the work in the mentor's contract."""
        clerk = self.deeds.actor(self.clerk)
        done(note_contract_clause(self.deeds.services, clerk, case_id, clause))

    # --- keys ------------------------------------------------------------------------------

    def give_key(self, person: Inhabitant) -> None:
        """Somebody gets a key of one's own for advanced signatures and keeps it here."""
        p12 = self._key_file(person, ADVANCED)
        done(add_key(self.deeds.services, self.deeds.actor(person), p12, KEY_PASSWORD))

    def qualified_key(self, person: Inhabitant) -> SigningKey:
        """A key that stands for a qualified one: it never enters the system."""
        return open_pkcs12(self._key_file(person, QUALIFIED), KEY_PASSWORD)

    def _key_file(self, person: Inhabitant, kind: str) -> bytes:
        issued = self.stage.authorities
        holder, now = holder_of(person, self.place), self.deeds.services.clock()
        wanted = next(one for one in KINDS if one == kind)
        return issued.key_file(holder, KEY_PASSWORD, now, wanted)

    # --- personal papers -------------------------------------------------------------------

    def prepare(self, papers: Sequence[Paper]) -> list[UUID]:
        """Write papers that need no number, ready for signature; return them in their order."""
        made = [self.deeds.begin(p.author, p.case_id, p.code, p.facts) for p in papers]
        self.deeds.work()
        for paper, document_id in zip(papers, made, strict=True):
            self.deeds.submit(paper.author, document_id)
        self.deeds.work()
        return made

    def sign_papers(self, papers: Sequence[Paper]) -> list[UUID]:
        """Write papers and have each signed by its author with a simple signature."""
        made = self.prepare(papers)
        for paper, document_id in zip(papers, made, strict=True):
            self.deeds.sign_simply(paper.author, document_id)
        self.deeds.work()
        return made

    def ink(self, document_id: UUID, title: str, *signed: str) -> None:
        """The clerk enters one ink signature after another, with a scan each."""
        for name in signed:
            sheet = scan(title, [f"Подписано собственноручно: {name}, {self.deeds.today:%d.%m.%Y}"])
            self.deeds.enter_ink(self.clerk, document_id, sheet)
        self.deeds.work()

    # --- numbered documents ----------------------------------------------------------------

    def make_ready(self, documents: Sequence[UUID], *, agreed: bool = False) -> None:
        """Send on their way, have the curator agree if the route says so, number and date."""
        self.deeds.work()
        for document_id in documents:
            self.deeds.submit(self.clerk, document_id)
            if agreed:
                self.deeds.agree(self.curator, document_id)
            self.deeds.fix(self.clerk, document_id)
        self.deeds.work()

    def begin_order(self, case_ids: Sequence[UUID], code: str, facts: Facts) -> UUID:
        """The clerk begins an order with a line for each pair."""
        clerk = self.deeds.actor(self.clerk)
        order = done(start_order(self.deeds.services, clerk, case_ids, code))
        self.deeds.fill_in(self.clerk, order.id, facts)
        return order.id

    def issue_order(self, case_ids: Sequence[UUID], code: str, facts: Facts) -> UUID:
        """An order agreed by the curator and signed by the head: it is in force."""
        order = self.begin_order(case_ids, code, facts)
        self.make_ready([order], agreed=True)
        self.deeds.sign_with_key(self.head, order)
        self.deeds.work()
        return order

    def acknowledge(self, document_id: UUID, *readers: str) -> None:
        """These people acknowledge electronically."""
        for key in readers:
            self.deeds.acknowledge(self.person(key), document_id)
        self.deeds.work()

    def acknowledge_on_paper(self, document_id: UUID, reader: str) -> None:
        person = self.person(reader)
        sheet = scan("Лист ознакомления", [f"{person.name}, подпись, {self.deeds.today:%d.%m.%Y}"])
        verdict = "acknowledged_on_paper"
        self.deeds.enter_verdict(self.clerk, document_id, person, verdict, sheet)

    # --- daily life ------------------------------------------------------------------------

    def meet(self, mentor: str, case_id: UUID, form: str, topic: str, advice: str) -> None:
        """The mentor enters a meeting that was held today."""
        held = Held.of(self.deeds.today, form, topic, advice)
        actor = self.deeds.actor(self.person(mentor))
        done(enter_meeting(self.deeds.services, actor, case_id, held))
