"""What everybody of a story does at their pages, in one call each; all through the use cases."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from marshrut.demonstration.acts import acknowledge_as, sign_simply_as
from marshrut.demonstration.clock import StoryClock
from marshrut.demonstration.town import KEY_PASSWORD, Inhabitant, done
from signing.keys import SigningKey
from signing.sign import sign_detached
from web.second_factor import STEP
from workflow.queries.case_facts import known_facts, manifest_digest
from workflow.usecases.acknowledge import PaperEntry, enter_acknowledgement
from workflow.usecases.actors import Actor, actor_of_person
from workflow.usecases.agree import agree
from workflow.usecases.deliver import deliver
from workflow.usecases.fix import fix
from workflow.usecases.paper import InkSignature, enter_ink_signature
from workflow.usecases.prepare import save_facts, start_document, submit
from workflow.usecases.record_signature import record_signature
from workflow.usecases.services import Services
from workflow.usecases.sign import begin_signing, sign_with_stored_key

#: What is filled in of a form, by the keys of its fields.
Facts = Mapping[str, object]


class UnfinishedError(Exception):
    """A form of the story lacks something: the pack asks for a fact that nobody gives."""

    code = "demonstration.unfinished"


@dataclass(frozen=True)
class Deeds:
    """The acts both stories are made of; `work` does what waits in the outbox.

    Each raises StoryError when the use case refuses.
    """

    services: Services
    clock: StoryClock
    work: Callable[[], object]

    @property
    def today(self) -> date:
        """The story's day: it is morning in Moscow, so it is the same day in all its towns."""
        return self.clock.now.date()

    def actor(self, person: Inhabitant) -> Actor:
        return actor_of_person(self.services, person.person_id)

    # --- writing ---------------------------------------------------------------------------

    def begin(self, author: Inhabitant, case_id: UUID, code: str, facts: Facts) -> UUID:
        """Begin a document and fill in what the system does not know itself; return its id."""
        actor = self.actor(author)
        document = done(start_document(self.services, actor, case_id, code))
        self.fill_in(author, document.id, facts)
        return document.id

    def fill_in(self, author: Inhabitant, document_id: UUID, facts: Facts) -> None:
        """Fill some fields in beside what is there; UnfinishedError when something is lacking."""
        actor = self.actor(author)
        known = known_facts(self.services, actor, document_id)
        saved = done(save_facts(self.services, actor, document_id, {**known, **facts}))
        if saved.problems:
            raise UnfinishedError(", ".join(f"{p.path}: {p.msgid}" for p in saved.problems))

    def submit(self, author: Inhabitant, document_id: UUID) -> None:
        done(submit(self.services, self.actor(author), document_id))

    def agree(self, person: Inhabitant, document_id: UUID, remark: str = "") -> None:
        """Agree what the person sees now."""
        actor = self.actor(person)
        seen = manifest_digest(self.services, actor, document_id)
        done(agree(self.services, actor, document_id, seen, remark))

    def fix(self, clerk: Inhabitant, document_id: UUID) -> None:
        """Give number and date, and have the files made for signature."""
        done(fix(self.services, self.actor(clerk), document_id))

    # --- signing ---------------------------------------------------------------------------

    def sign_with_key(self, person: Inhabitant, document_id: UUID) -> None:
        """Sign with the person's key that is kept here."""
        actor = self.actor(person)
        seen = manifest_digest(self.services, actor, document_id)
        done(sign_with_stored_key(self.services, actor, document_id, seen, KEY_PASSWORD))

    def sign_elsewhere(self, person: Inhabitant, document_id: UUID, key: SigningKey) -> None:
        """Sign in a program of one's own, as qualified signatures must be, and hand it in."""
        actor = self.actor(person)
        seen = manifest_digest(self.services, actor, document_id)
        begun = done(begin_signing(self.services, actor, document_id, seen))
        files = [self.services.blobs.get(file.pdf) for file in begun.manifest.files]
        signed = [sign_detached(file, key, self.services.clock()) for file in files]
        done(record_signature(self.services, actor, begun.attempt.id, signed))

    def sign_simply(self, person: Inhabitant, document_id: UUID) -> None:
        self._wait_for_a_code()
        sign_simply_as(self.services, person, document_id)

    def acknowledge(self, person: Inhabitant, document_id: UUID) -> None:
        self._wait_for_a_code()
        acknowledge_as(self.services, person, document_id)

    def _wait_for_a_code(self) -> None:
        """A code counts once, and must not run out while it is typed in."""
        self.clock.wait(STEP)

    # --- paper -----------------------------------------------------------------------------

    def enter_ink(self, clerk: Inhabitant, document_id: UUID, scan: bytes) -> None:
        """Enter the next ink signature that the document waits for, put there today."""
        ink = InkSignature(self.today, scan)
        done(enter_ink_signature(self.services, self.actor(clerk), document_id, ink))

    def enter_verdict(
        self,
        clerk: Inhabitant,
        document_id: UUID,
        reader: Inhabitant,
        verdict: str,
        scan: bytes = b"",
        remark: str = "",
    ) -> None:
        """Enter that somebody acknowledged on paper, was absent, or refused."""
        entry = PaperEntry.of(reader.employment_id, verdict, self.today, scan, remark)
        done(enter_acknowledgement(self.services, self.actor(clerk), document_id, entry))

    # --- sending ---------------------------------------------------------------------------

    def send(self, clerk: Inhabitant, letter_id: UUID, reason_late: str = "") -> UUID:
        """Send a signed letter with its package; return the id of what was sent."""
        sent = deliver(self.services, self.actor(clerk), letter_id, reason_late=reason_late)
        return done(sent).id
