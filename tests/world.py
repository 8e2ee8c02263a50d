"""A small world of real use cases: SQLite or PostgreSQL, real signatures, fast fake documents.

Word and LibreOffice are stood in for by fakes that make a real (one page, text) PDF of the
context, so that signatures, manifests and digests are real while a test takes milliseconds.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from argon2 import PasswordHasher

from marshrut.demonstration.acts import acknowledge_as, proof_of, sign_simply_as
from marshrut.demonstration.cast import LESNOGORSK, Cast
from marshrut.demonstration.clock import StoryClock
from marshrut.demonstration.town import KEY_PASSWORD, Inhabitant, Place, Town, build
from marshrut.engines.secrets import Argon2Passwords
from marshrut.engines.word import WordTemplates
from marshrut.keys import SecretKeys
from marshrut.settings import Settings
from marshrut.training import Holder, TrainingAuthorities
from marshrut.wiring import LIBRARY, make_handlers, make_services
from queues.perform import Performer, drain
from tests.databases import forgetful
from web.second_factor import STEP
from workflow.domain.mandates import Actor
from workflow.domain.refusals import Refusal
from workflow.domain.regulations import PdfProfile
from workflow.ports import Assembled, Context, DocumentProperties, Pdf
from workflow.store.blobs import FolderBlobs
from workflow.store.migrations import upgrade
from workflow.usecases.actors import actor_of_person
from workflow.usecases.context import _plain
from workflow.usecases.prove import Proof
from workflow.usecases.services import Services

MORNING = datetime(2026, 5, 4, 6, 30, tzinfo=UTC)
KEYS = SecretKeys(audit=b"a" * 32, at_rest=b"r" * 32, session=b"s" * 32, seal=b"e" * 32)
PASSWORD_OF_CA = "secret"
#: Real argon2id that does not take a tenth of a second for each password of the town.
LIGHT = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@dataclass
class Clock:
    """A clock that a test sets."""

    now: datetime = MORNING

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **by: float) -> None:
        self.now += timedelta(**by)


class FakeWord(WordTemplates):
    """Assembles the context as JSON; case forms and digests are the real ones."""

    def assemble(
        self, template: str, context: Context, properties: DocumentProperties
    ) -> Assembled | Refusal:
        text = json.dumps([template, context], default=_plain, ensure_ascii=False, sort_keys=True)
        return Assembled(text.encode(), self.template_digest(template))


class FakeConverter:
    """A one-page PDF that holds the hash of what was assembled."""

    def to_pdf(self, files: Sequence[bytes], profile: PdfProfile) -> list[Pdf | Refusal]:
        return [Pdf(one_page_pdf(hashlib.sha256(f).hexdigest()), 1) for f in files]


def one_page_pdf(text: str) -> bytes:
    """A small correct PDF with one line of Latin text."""
    content = f"BT /F1 12 Tf 72 720 Td ({text}) Tj ET".encode()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length " + str(len(content)).encode() + b" >>\nstream\n" + content + b"\nendstream",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    out, offsets = b"%PDF-1.7\n", []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{offset:010d} 00000 n \n".encode() for offset in offsets)
    trailer = f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n"
    return out + trailer.encode()


#: When the database was written, its size, the size of its log, the clock.
Marks = tuple[int, int, int, datetime]


@dataclass
class World:
    """Services over a database, the town in it, the training authorities, a clock."""

    services: Services
    clock: Clock | StoryClock
    town: Town
    authorities: TrainingAuthorities
    last_chapter: tuple[str, Marks, Services] | None = field(default=None, repr=False)

    @property
    def folder(self) -> Path:
        """Where database, blobs and keys are (of a world in SQLite)."""
        database = self.services.uow.engine.url.database
        assert database is not None
        return Path(database).parent

    def go_on_from(self, moment: datetime, chapter: str) -> None:
        """Everything stands as this chapter of a story left it at the moment.

        It goes on a moment later: ids of one moment grow only as long as one process makes them.
        """
        self.clock.now = moment + timedelta(milliseconds=1)
        self.last_chapter = (chapter, self._marks(), self.services)

    def chapter(self) -> str | None:
        """Return what was reached last; None when something was done or replaced since."""
        if self.last_chapter is None:
            return None
        chapter, marks, services = self.last_chapter
        return chapter if marks == self._marks() and services is self.services else None

    def _marks(self) -> Marks:
        """What no act leaves as it was: the file of the database, its log, the clock."""
        file, log = self.folder / "world.db", self.folder / "world.db-wal"
        written = log.stat().st_size if log.exists() else 0
        return file.stat().st_mtime_ns, file.stat().st_size, written, self.clock.now

    def actor(self, key: str) -> Actor:
        """Somebody of the town by key (`belova` is the head of school-1)."""
        return actor_of_person(self.services, self.person(key).person_id)

    def person(self, key: str) -> Inhabitant:
        return next(p.people[key] for p in self.town.places.values() if key in p.people)

    def place(self, key: str) -> Place:
        return self.town.places[key]

    def work(self) -> int:
        """Do everything that waits in the outbox."""
        return drain(Performer(self.services.uow, make_handlers(self.services)))

    def acknowledge(self, key: str, document_id: UUID) -> None:
        """Somebody acknowledges what is there now, with password and code."""
        self._wait_for_a_code(key)
        acknowledge_as(self.services, self.person(key), document_id)

    def sign_simply(self, key: str, document_id: UUID) -> None:
        """Somebody signs what is there now with a simple signature."""
        self._wait_for_a_code(key)
        sign_simply_as(self.services, self.person(key), document_id)

    def proof(self, key: str) -> Proof:
        """Somebody's password and a code that has not been used."""
        self._wait_for_a_code(key)
        return proof_of(self.services, self.person(key))

    def _wait_for_a_code(self, key: str) -> None:
        """A code counts once: after three acts at one moment somebody waits half a minute."""
        with self.services.uow.reading() as tx:
            (account,) = tx.accounts.of_person(self.person(key).person_id)
        present = int(self.clock.now.timestamp()) // STEP
        if account.totp_step is not None and account.totp_step > present:
            self.clock.now += timedelta(seconds=STEP)

    def employment(self, key: str) -> str:
        return str(self.person(key).employment_id)


def holder(person: Inhabitant, place: Place) -> Holder:
    """For whom the town's certificates are issued: heads as representatives."""
    return Holder(
        last=person.last,
        given=person.given,
        snils=person.snils,
        inn=person.inn,
        post=person.post,
        organisation=place.full,
        organisation_short=place.short,
        ogrn=place.ogrn,
        organisation_inn=place.inn,
    )


def services_in(
    folder: Path, clock: Callable[[], datetime], database_url: str | None = None
) -> Services:
    """Services over the database and files of a folder, with fast fake documents."""
    settings = Settings(
        data_dir=folder,
        database_url=database_url or f"sqlite:///{folder / 'world.db'}",
        redis_url=None,
        keys_dir=folder / "keys",
        base_url="http://127.0.0.1:8000",
        workers=1,
    )
    services = make_services(settings, KEYS, clock)
    forgetful(services.uow.engine)
    return replace(
        services,
        blobs=FolderBlobs(settings.blobs_dir, sync=lambda _descriptor: None),
        assembler=FakeWord(LIBRARY),
        converter=FakeConverter(),
        passwords=Argon2Passwords(LIGHT),
    )


def make_world(
    folder: Path,
    database_url: str | None = None,
    clock: Clock | StoryClock | None = None,
    lists_live: timedelta = timedelta(days=60),
    cast: Cast = LESNOGORSK,
) -> World:
    """Build the town in an empty database (SQLite in `folder` unless an address is given)."""
    clock = clock or Clock()
    folder.mkdir(parents=True, exist_ok=True)
    services = services_in(folder, clock, database_url)
    if database_url is None:
        upgrade(services.uow.engine)
    authorities = TrainingAuthorities.create(folder / "keys", PASSWORD_OF_CA, clock())
    town = build(
        services,
        clock().date(),
        authorities.roots(),
        authorities.crls(clock(), lists_live),
        lambda person, place: authorities.key_file(holder(person, place), KEY_PASSWORD, clock()),
        cast,
    )
    return World(services, clock, town, authorities)


def copy_world(template: World, source: Path, folder: Path) -> World:
    """A world of its own for one test: the files of `source` copied, the same town in it."""
    template.services.uow.engine.dispose()
    shutil.copytree(source, folder, dirs_exist_ok=True)
    clock = Clock()
    authorities = TrainingAuthorities.load(folder / "keys", PASSWORD_OF_CA)
    world = World(services_in(folder, clock), clock, template.town, authorities)
    world.go_on_from(template.clock.now, f"copy of {source}")
    return world
