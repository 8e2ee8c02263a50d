"""Packages as their receiver sees them, and their sender."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from uuid import UUID

from workflow.domain.deadlines import Lateness
from workflow.domain.exchange import (
    may_accept,
    may_examine_again,
    may_return_package,
    sees_office,
    sees_own_tasks,
)
from workflow.domain.mandates import Actor
from workflow.domain.obligations import Obligation
from workflow.domain.organisations import Organisation
from workflow.domain.refusals import Refusal
from workflow.domain.regulations import SignatureFormat
from workflow.domain.signatures import SignedFile
from workflow.domain.submissions import PackageItem, Submission, SubmissionState
from workflow.queries.cells import Cell, OfficeDay, cells_of
from workflow.queries.offices import debtors_of, offices_of
from workflow.store.errors import MissingRowError
from workflow.store.repositories.base import Page
from workflow.store.unit_of_work import Repositories
from workflow.usecases.errors import NotFoundError
from workflow.usecases.services import Services

ON_A_PAGE = 30


@dataclass(frozen=True)
class PackageRow:
    """A package in a list; `other` is the organisation at its other end."""

    submission_id: UUID
    other: str
    number: str
    incoming_number: str
    arrived_at: datetime
    state: SubmissionState
    on_paper: bool
    reason_late: str
    documents: int
    receipt_number: str
    undecided: bool


@dataclass(frozen=True)
class PackageList:
    """Packages of one organisation, those that came last first; `following` asks for more."""

    organisation_id: UUID
    organisation: str
    zone: tzinfo
    rows: tuple[PackageRow, ...]
    following: UUID | None


def received_packages(
    services: Services,
    actor: Actor,
    states: Sequence[SubmissionState] = (),
    before: UUID | None = None,
) -> tuple[PackageList, ...]:
    """Return what came to each office that the actor may look at."""
    with services.uow.reading() as tx:
        lists = []
        for office in offices_of(tx, services, actor):
            page = tx.submissions.of_receiver(
                office.id, states=states, limit=ON_A_PAGE, before=before
            )
            others = tx.organisations.load_many(s.sender_id for s in page.items)
            names = {place.id: place.short_name for place in others.values()}
            lists.append(_list(office, page, [names[s.sender_id] for s in page.items]))
        return tuple(lists)


def sent_packages(
    services: Services, actor: Actor, before: UUID | None = None
) -> tuple[PackageList, ...]:
    """Return what each organisation of the actor has sent."""
    with services.uow.reading() as tx:
        lists = []
        for sender in debtors_of(tx, services, actor):
            page = tx.submissions.of_sender(sender.id, limit=ON_A_PAGE, before=before)
            others = tx.organisations.load_many(s.receiver_id for s in page.items)
            names = {place.id: place.short_name for place in others.values()}
            lists.append(_list(sender, page, [names[s.receiver_id] for s in page.items]))
        return tuple(lists)


def _list(own: Organisation, page: Page[Submission], others: list[str]) -> PackageList:
    rows = [_row(package, other) for package, other in zip(page.items, others, strict=True)]
    return PackageList(own.id, own.short_name, own.zone, tuple(rows), page.following)


def _row(package: Submission, other: str) -> PackageRow:
    return PackageRow(
        submission_id=package.id,
        other=other,
        number=package.number,
        incoming_number=package.incoming_number,
        arrived_at=package.arrived_at,
        state=package.state,
        on_paper=package.on_paper,
        reason_late=package.reason_late,
        documents=len(package.items),
        receipt_number=package.receipt.number if package.receipt else "",
        undecided=any(i.explanation for i in package.items),
    )


@dataclass(frozen=True)
class FilePlace:
    """A file of an item: its name and hash, and what was signed over it.

    `report` is the SHA-256 of the receiver's own report, empty until it has examined the file.
    """

    place: int
    name: str
    sha256: str
    pages: int
    signed: SignedFile | None
    report: str


@dataclass(frozen=True)
class ItemPlace:
    """A document of the package; the covering letter is the first one."""

    place: int
    item: PackageItem
    is_letter: bool
    files: tuple[FilePlace, ...]


@dataclass(frozen=True)
class PackagePage:
    """A package with everything that a decision about it needs.

    `cells` are the tasks that it meets. The refusals say why the actor may not accept, return
    or examine it again (None: may). `again` is the package that came after it, `previous` the
    one before it.
    """

    submission: Submission
    sender: str
    receiver: str
    zone: tzinfo
    today: date
    items: tuple[ItemPlace, ...]
    cells: tuple[Cell, ...]
    sent_by: str
    answered_by: str
    is_receiver: bool
    accept: Refusal | None
    send_back: Refusal | None
    examine_again: Refusal | None

    @property
    def lateness(self) -> tuple[Lateness, ...]:
        """How late the first arrivals were, task by task."""
        return tuple(cell.lateness for cell in self.cells if cell.lateness)


def package_page(services: Services, actor: Actor, submission_id: UUID) -> PackagePage:
    """Return the page of a package; NotFoundError when it is not for the actor's eyes."""
    with services.uow.reading() as tx:
        package, sender, receiver = package_seen(tx, services, actor, submission_id)
        around = OfficeDay.of(tx, services, receiver)
        met: list[Obligation] = tx.obligations.met_by([package.id])
        people = [package.sent_by, *([package.receipt.by] if package.receipt else [])]
        names = {p.id: p.short_name for p in tx.people.load_many(people).values()}
        return PackagePage(
            submission=package,
            sender=sender.short_name,
            receiver=receiver.short_name,
            zone=receiver.zone,
            today=around.today,
            items=tuple(_item(place, item, package) for place, item in enumerate(package.items)),
            cells=cells_of(tx, around, met),
            sent_by=names[package.sent_by],
            answered_by=names[package.receipt.by] if package.receipt else "",
            is_receiver=sees_office(actor, receiver, around.today),
            accept=may_accept(package, actor, receiver, around.today),
            send_back=may_return_package(package, actor, receiver, around.today),
            examine_again=may_examine_again(package, actor, receiver, around.today),
        )


def package_seen(
    tx: Repositories, services: Services, actor: Actor, submission_id: UUID
) -> tuple[Submission, Organisation, Organisation]:
    """Return the package with sender and receiver; NotFoundError for anybody else's eyes."""
    try:
        package = tx.submissions.load(submission_id)
    except MissingRowError as error:
        raise NotFoundError(f"package {submission_id}") from error
    places = tx.organisations.load_many([package.sender_id, package.receiver_id])
    sender, receiver = places[package.sender_id], places[package.receiver_id]
    now = services.clock()
    if not (
        sees_office(actor, receiver, receiver.local_day(now))
        or sees_own_tasks(actor, sender, sender.local_day(now))
    ):
        raise NotFoundError(f"package {submission_id} is not for {actor.person_id}")
    return package, sender, receiver


def _item(place: int, item: PackageItem, package: Submission) -> ItemPlace:
    signed = {one.file: one for one in item.signatures}
    examined = package.examined_at is not None
    files = tuple(
        FilePlace(
            number,
            file.name,
            file.pdf,
            file.pages,
            signed.get(file.pdf),
            # Until then the report is the sender's, which counts for nothing.
            signed[file.pdf].report_now if examined and file.pdf in signed else "",
        )
        for number, file in enumerate(item.manifest.files)
    )
    return ItemPlace(place, item, item.document_id == package.letter_id, files)


@dataclass(frozen=True)
class PackageFile:
    """The bytes of a file of a package, or of the signature over it."""

    name: str
    content: bytes


def package_file(
    services: Services, actor: Actor, submission_id: UUID, item: int, file: int
) -> PackageFile:
    """Return a file as it was signed; for PAdES the signed PDF itself."""
    place = _file_seen(services, actor, submission_id, item, file)
    signed = place.signed
    embedded = signed is not None and signed.format is SignatureFormat.PADES
    sha256 = signed.signature if signed and embedded else place.sha256
    return PackageFile(place.name, services.blobs.get(sha256))


def package_signature(
    services: Services, actor: Actor, submission_id: UUID, item: int, file: int
) -> PackageFile:
    """Return the detached signature over a file; NotFoundError when there is none."""
    place = _file_seen(services, actor, submission_id, item, file)
    if place.signed is None or place.signed.format is not SignatureFormat.CADES:
        raise NotFoundError(f"file {file} of package {submission_id} has no detached signature")
    return PackageFile(f"{place.name}.sig", services.blobs.get(place.signed.signature))


def package_record(
    services: Services, actor: Actor, submission_id: UUID, item: int, file: int
) -> PackageFile:
    """Return the evidence record that came with a file; NotFoundError when none did."""
    place = _file_seen(services, actor, submission_id, item, file)
    if place.signed is None or not place.signed.record:
        raise NotFoundError(f"file {file} of package {submission_id} has no evidence record")
    detached = place.signed.format is SignatureFormat.CADES
    name = f"{place.name}.sig.ers" if detached else f"{place.name}.ers"
    return PackageFile(name, services.blobs.get(place.signed.record))


def package_long_term(
    services: Services, actor: Actor, submission_id: UUID, item: int, file: int
) -> PackageFile:
    """Return the copy for long keeping that came with a file; NotFoundError when none did."""
    place = _file_seen(services, actor, submission_id, item, file)
    if place.signed is None or not place.signed.long_term:
        raise NotFoundError(f"file {file} of package {submission_id} has no copy for keeping")
    name = f"{place.name.removesuffix('.pdf')}-lta.pdf"
    return PackageFile(name, services.blobs.get(place.signed.long_term))


@dataclass(frozen=True)
class FileReport:
    """The receiver's own report about one file: canonical JSON, and its lines in Russian."""

    file_name: str
    time_zone: str
    report: bytes
    lines: list[str] | Refusal


def file_report(
    services: Services, actor: Actor, submission_id: UUID, item: int, file: int
) -> FileReport:
    """Return the receiver's report about a file; NotFoundError while there is none."""
    with services.uow.reading() as tx:
        package, _sender, receiver = package_seen(tx, services, actor, submission_id)
    place = _place(package, item, file)
    if not place.report:
        raise NotFoundError(f"file {file} of package {submission_id} has not been examined")
    report = services.blobs.get(place.report)
    lines = services.visual_copies.report_lines(report, receiver.time_zone)
    return FileReport(place.name, receiver.time_zone, report, lines)


def _file_seen(
    services: Services, actor: Actor, submission_id: UUID, item: int, file: int
) -> FilePlace:
    with services.uow.reading() as tx:
        package, _sender, _receiver = package_seen(tx, services, actor, submission_id)
    return _place(package, item, file)


def _place(package: Submission, item: int, file: int) -> FilePlace:
    try:
        return _item(item, package.items[item], package).files[file]
    except IndexError:
        raise NotFoundError(f"package {package.id} has no such file") from None
