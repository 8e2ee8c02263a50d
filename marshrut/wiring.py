"""The only place where parts are put together: engines, use cases, jobs, pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from marshrut.engines.copies import Copies
from marshrut.engines.evidence_records import Records
from marshrut.engines.file_checks import CheckedFiles
from marshrut.engines.held_keys import HeldKeys
from marshrut.engines.mail import SmtpMail
from marshrut.engines.regulations import PackShelf, ProductionCalendars, installed_pack
from marshrut.engines.secrets import Argon2Passwords, SealedSecrets
from marshrut.engines.signatures import Signatures
from marshrut.engines.simple_seals import Seals
from marshrut.engines.stamping import Completing
from marshrut.engines.status_sources import NetworkSources
from marshrut.engines.timestamps import TrainingTimestamps, authority_at
from marshrut.engines.tokens import ServerTokens
from marshrut.engines.word import LibreOffice, WordTemplates
from marshrut.keys import SecretKeys
from marshrut.settings import Settings
from marshrut.training import AUTHORITIES, TIMESTAMPS_KEY
from queues import audit_heads
from queues.handlers import Handler, Handlers, Result
from queues.names import QueueName
from queues.schedule import Due
from templates_docs import convert, inflect
from web.second_factor import Authenticator
from web.words import russian
from workflow.packs import names
from workflow.ports import Clock
from workflow.store.blobs import FolderBlobs
from workflow.store.engine import make_engine
from workflow.store.ids import uuid7_ids
from workflow.store.outbox import Task
from workflow.store.unit_of_work import UnitOfWork
from workflow.timestamping import TimestampAuthority
from workflow.usecases import (
    due,
    endings,
    evidence_night,
    evidence_renewal,
    examine_submission,
    fetch_lists,
    leavers,
    long_term,
    outgoing_mail,
    recheck,
    remind,
    render,
    second_look,
    send_mail,
    stamp,
    visual_copy,
)
from workflow.usecases.pairs import closing, daily, following, orders, refreshing, staff_events
from workflow.usecases.render import Effect
from workflow.usecases.services import Services

LIBRARY = Path(convert.__file__).parent / "library"

#: A batch of conversions is one call of LibreOffice; its lease covers halving a bad batch.
RENDER_BATCH = 25
RENDER_LEASE = timedelta(minutes=10)

#: A mail server that is away is tried for a working day: eight hours.
MAIL_ATTEMPTS = 16

#: Ten addresses, half a minute each at most. How each went is remembered, so a run that was lost
#: is not repeated often: the next one is due soon.
FETCH_LEASE = timedelta(minutes=10)

#: A silent authority for timestamps is asked for most of a day; the next night asks anew.
EVIDENCE_ATTEMPTS = 24
EVIDENCE_LEASE = timedelta(minutes=15)


def make_services(settings: Settings, keys: SecretKeys, clock: Clock) -> Services:
    """Put the engines behind their ports. No database connection is opened yet."""
    new_id = uuid7_ids(clock)
    uow = UnitOfWork(make_engine(settings.database_url), clock, new_id, keys.audit)
    return Services(
        uow=uow,
        blobs=FolderBlobs(settings.blobs_dir),
        packs=PackShelf(uow),
        calendars=ProductionCalendars(),
        assembler=WordTemplates(LIBRARY),
        converter=LibreOffice(),
        signatures=Signatures(keys.at_rest, settings.pkcs11_module),
        key_holder=HeldKeys(keys.at_rest),
        simple_seals=Seals(keys.seal, russian()),
        file_checks=CheckedFiles(russian()),
        evidence=Records(),
        visual_copies=Copies(russian()),
        stamps=Completing(),
        secrets=SealedSecrets(keys.at_rest),
        passwords=Argon2Passwords(),
        second_factor=Authenticator(),
        clock=clock,
        new_id=new_id,
        base_url=settings.base_url,
        mail=make_mail(settings, clock),
        status_sources=NetworkSources() if settings.fetch_lists else None,
        timestamps=make_timestamps(settings, keys),
        token_keys=make_token_keys(settings, keys),
    )


def make_token_keys(settings: Settings, keys: SecretKeys) -> ServerTokens | None:
    """The tokens of this server; None where no library is set."""
    if settings.pkcs11_module is None:
        return None
    return ServerTokens(keys.at_rest, settings.pkcs11_module)


def make_timestamps(settings: Settings, keys: SecretKeys) -> TimestampAuthority | None:
    """The authority that the operator has set, else that of a training installation."""
    if settings.tsa_url is not None:
        return authority_at(settings.tsa_url)
    file = settings.keys_dir / AUTHORITIES / TIMESTAMPS_KEY
    return TrainingTimestamps(file, keys.at_rest.hex()) if file.exists() else None


def make_mail(settings: Settings, clock: Clock) -> SmtpMail | None:
    """The way to the mail server; None where none is set."""
    if settings.smtp is None:
        return None
    return SmtpMail(settings.smtp, russian(), clock, site_of(settings))


def site_of(settings: Settings) -> str:
    """The host name under which this installation is known."""
    return urlsplit(settings.base_url).hostname or "localhost"


@dataclass(frozen=True)
class Job:
    """A kind of work as a use case writes it: services and payload in, an effect out."""

    work: Callable[[Services, Any], Effect]
    queue: QueueName = QueueName.QUICK
    lease: timedelta = timedelta(minutes=5)
    attempts: int = 8


JOBS: Mapping[str, Job] = {
    second_look.KIND: Job(recheck.recheck),
    examine_submission.KIND: Job(examine_submission.examine_submission),
    visual_copy.KIND: Job(visual_copy.make_visual_copy, QueueName.SLOW),
    due.FIX_AGAIN: Job(due.fix_again),
    following.CLOSE: Job(closing.close_document),
    refreshing.KIND: Job(orders.refresh_order),
    staff_events.KIND: Job(staff_events.follow_staff),
    leavers.KIND: Job(leavers.close_accounts),
    remind.KIND: Job(remind.remind),
    endings.KIND: Job(endings.tell_endings),
    outgoing_mail.KIND: Job(send_mail.send_mail, QueueName.MAIL, attempts=MAIL_ATTEMPTS),
    evidence_night.LOOK: Job(evidence_night.look),
    evidence_night.KIND: Job(
        evidence_night.make_record, QueueName.MAIL, EVIDENCE_LEASE, EVIDENCE_ATTEMPTS
    ),
    evidence_renewal.KIND: Job(
        evidence_renewal.look_after, QueueName.MAIL, EVIDENCE_LEASE, EVIDENCE_ATTEMPTS
    ),
    stamp.KIND: Job(stamp.stamp_signature, QueueName.MAIL),
    long_term.KIND: Job(long_term.keep_long_term, QueueName.MAIL),
    fetch_lists.KIND: Job(fetch_lists.fetch_lists, QueueName.MAIL, FETCH_LEASE, attempts=2),
}


def make_handlers(services: Services) -> Handlers:
    """What each kind of the outbox is done by."""
    handlers: dict[str, Handler] = {kind: _handler(services, job) for kind, job in JOBS.items()}
    handlers[render.KIND] = Handler(
        work=lambda tasks: _render_all(services, tasks),
        queue=QueueName.SLOW,
        batch=RENDER_BATCH,
        lease=RENDER_LEASE,
    )
    handlers[audit_heads.KIND] = audit_heads.handler(services.uow)
    return handlers


def _handler(services: Services, job: Job) -> Handler:
    def work(tasks: Sequence[Task]) -> Sequence[Result]:
        return [job.work(services, task.payload) for task in tasks]

    return Handler(work=work, queue=job.queue, lease=job.lease, attempts=job.attempts)


def _render_all(services: Services, tasks: Sequence[Task]) -> Sequence[Result]:
    return render.render_many(services, [task.payload for task in tasks])


def make_due(services: Services) -> Mapping[str, Due]:
    """What the schedule asks at every tick."""
    return {
        audit_heads.KIND: audit_heads.ask,
        "yesterdays_documents": due.yesterdays_documents(services),
        "pairs_of_today": daily.pairs_of_today(services),
        "leavers_of_today": leavers.leavers_of_today(services),
        "undecided_signatures": due.undecided_signatures(services),
        "accepted_signatures": due.accepted_signatures,
        "timestamps_waited_for": stamp.ask(services),
        "copies_for_long": long_term.ask(services),
        "lists_waited_for": fetch_lists.ask(services),
        "evidence_of_tonight": evidence_night.ask(services),
        "evidence_to_renew": evidence_renewal.ask(services),
        "reminders": remind.ask(services),
        "endings": endings.ask(services),
        "over": due.forget_what_is_over(services),
    }


def warm_up() -> None:
    """What a worker loads once, before it forks: packs, morphology, a primed LibreOffice."""
    for name in names():
        installed_pack(name)
    inflect.morphology()
    convert.primed_profile()
