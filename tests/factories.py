"""Values of the office in any state, for every test.

Each function makes one valid value; name what matters in the test and leave out the rest. Ids rise
with each call, as those of the product do. Everything happens around Monday 13 January 2025.
To save the values see tests/stored.py.
"""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from workflow.domain.accounts import Account, PersonKey
from workflow.domain.cases import Case
from workflow.domain.documents import (
    Document,
    Existing,
    FileRole,
    Fixing,
    Line,
    Manifest,
    ManifestFile,
    Mark,
    Revision,
    Verdict,
)
from workflow.domain.mandates import Actor, Mandate
from workflow.domain.obligations import Evidence, Obligation
from workflow.domain.organisations import (
    Organisation,
    OrganisationKind,
    OrganisationName,
    Requisites,
)
from workflow.domain.people import Employment, Person
from workflow.domain.registers import Entry, EntryState, Register
from workflow.domain.regulations import (
    DocumentType,
    Origin,
    Role,
    SignatureDemand,
    SignatureFormat,
    SignatureKind,
    StepSpec,
    Verb,
    Who,
)
from workflow.domain.routes import CLOSING, DocumentState
from workflow.domain.signatures import Attempt, Signature, SignatureStatus, SignedFile
from workflow.domain.submissions import PackageItem, Receipt, Submission
from workflow.domain.trust import TrustAnchor

MORNING = datetime(2025, 1, 13, 6, tzinfo=UTC)
"""Nine o'clock in Moscow."""
TODAY = date(2025, 1, 13)
PACK_VERSION = hashlib.sha256(b"pack").hexdigest()
_count = itertools.count(1)


def new_id() -> UUID:
    """A UUIDv7 greater than those before it."""
    milliseconds = int(MORNING.timestamp() * 1000)
    return UUID(int=milliseconds << 80 | 0x7 << 76 | 0b10 << 62 | next(_count))


def digest(words: str) -> str:
    """A SHA-256 that stands for the bytes that `words` describe."""
    return hashlib.sha256(words.encode()).hexdigest()


# --- Organisations and people --------------------------------------------------------------


def organisation(short: str = "МБОУ «СОШ № 1»", **changed: Any) -> Organisation:
    name = OrganisationName(f"Учреждение {short}", short, date(2011, 9, 1), (("род", short),))
    made = Organisation(
        id=new_id(),
        kind=OrganisationKind.SCHOOL,
        names=(name,),
        requisites=Requisites(inn="1600000000", ogrn="1021600000000", place="г. Пример"),
        region="RU-TA",
        pack="tetyushi",
    )
    return replace(made, **changed)


def person(
    last: str = "Белова", first: str = "Яна", middle: str = "Игоревна", **changed: Any
) -> Person:
    made = Person(
        new_id(), last, first, middle, snils="112-233-445 95", forms=(("род", f"{last}ой"),)
    )
    return replace(made, **changed)


def employment(
    who: Person, where: Organisation, post: str = "учитель", **changed: Any
) -> Employment:
    made = Employment(new_id(), who.id, where.id, post, date(2020, 9, 1))
    return replace(made, **changed)


def mandate(post: Employment, role: Role, **changed: Any) -> Mandate:
    made = Mandate(
        id=new_id(),
        person_id=post.person_id,
        employment_id=post.id,
        organisation_id=post.organisation_id,
        role=role,
        since=date(2023, 1, 12),
        until=None,
        ground="приказ от 12.01.2023 № 3-к",
        recorded_at=datetime(2023, 1, 12, 9, tzinfo=UTC),
    )
    return replace(made, **changed)


@dataclass(frozen=True)
class Worker:
    """A person at a post, with the mandate that the post gives."""

    person: Person
    employment: Employment
    mandate: Mandate

    @property
    def actor(self) -> Actor:
        return Actor(self.person.id, self.person.short_name, (self.employment,), (self.mandate,))


def worker(where: Organisation, role: Role, last: str, first: str = "Анна") -> Worker:
    who = person(last, first)
    post = employment(who, where, post=role.value)
    return Worker(who, post, mandate(post, role))


@dataclass(frozen=True)
class Town:
    """A school and the municipal office that it reports to, with those who act for them."""

    office: Organisation
    school: Organisation
    head: Worker
    deputy: Worker
    curator: Worker
    clerk: Worker
    officer: Worker
    mentor: Worker


def town() -> Town:
    office = organisation("Отдел образования", kind=OrganisationKind.OFFICE)
    school = organisation(founder_id=office.id, office_id=office.id)
    return Town(
        office=office,
        school=school,
        head=worker(school, Role.HEAD, "Белова"),
        deputy=worker(school, Role.DEPUTY, "Громова"),
        curator=worker(school, Role.CURATOR, "Ветрова"),
        clerk=worker(school, Role.CLERK, "Донская"),
        officer=worker(office, Role.OFFICER, "Ежова"),
        mentor=worker(school, Role.EMPLOYEE, "Жукова"),
    )


def account(who: Person, login: str = "belova", **changed: Any) -> Account:
    return replace(Account(new_id(), login, who.id, "$argon2id$v=19$made-up"), **changed)


# --- Documents -----------------------------------------------------------------------------


def order_type(**changed: Any) -> DocumentType:
    """An order: prepared by the clerk, agreed by the curator, signed by the head."""
    route = (
        StepSpec("prepare", Verb.PREPARE, Who(Role.CLERK)),
        StepSpec("agree", Verb.AGREE, Who(Role.CURATOR), ("prepare",)),
        StepSpec("fix", Verb.FIX, Who(Role.CLERK), ("agree",)),
        StepSpec("sign", Verb.SIGN, Who(Role.HEAD), ("fix",)),
        StepSpec("acknowledge", Verb.ACKNOWLEDGE, Who(field_key="named"), ("sign",)),
    )
    made = DocumentType(
        code="D02",
        title="Приказ",
        genitive="приказа",
        origin=Origin.MADE,
        case_kind="programme",
        template="common/order.docx",
        route=route,
        signature=SignatureDemand(SignatureKind.ADVANCED, SignatureFormat.CADES),
        register="orders",
    )
    return replace(made, **changed)


def case(town: Town, **changed: Any) -> Case:
    made = Case(
        id=new_id(),
        kind="programme",
        organisation_id=town.school.id,
        title="Программа наставничества",
        school_year="2024/2025",
        pack="tetyushi",
        pack_version=PACK_VERSION,
        opened_at=MORNING,
        opened_by=town.clerk.person.id,
    )
    return replace(made, **changed)


def manifest(document_id: UUID, words: str = "приказ", annexes: int = 0) -> Manifest:
    """A manifest of a main file and some annexes; `words` make their hashes."""

    def file(name: str, role: FileRole) -> ManifestFile:
        said = f"{words} {name}"
        return ManifestFile(
            name=f"{name}.pdf",
            role=role,
            document_id=document_id,
            pdf=digest(f"pdf {said}"),
            content=digest(f"content {name}"),
            docx=digest(f"docx {said}"),
            template="common/order.docx",
            pages=2,
        )

    extra = (file(f"annex-{n}", FileRole.ANNEX) for n in range(1, annexes + 1))
    return Manifest((file("main", FileRole.MAIN), *extra))


def draft(
    town: Town,
    facts: Mapping[str, object] | None = None,
    kind: DocumentType | None = None,
    **changed: Any,
) -> Document:
    """A document with a first, assembled revision that nobody has sent on its way."""
    kind = kind or order_type()
    document_id = new_id()
    author = town.clerk.person.id
    revision = Revision(1, facts or {}, MORNING, author, manifest(document_id, "draft"))
    made = Document(
        id=document_id,
        type_code=kind.code,
        organisation_id=town.school.id,
        pack="tetyushi",
        pack_version=PACK_VERSION,
        title=kind.title,
        created_at=MORNING,
        created_by=author,
        revisions=(revision,),
    )
    return replace(made, **changed)


def existing_document(town: Town, **changed: Any) -> Document:
    """A municipal order made elsewhere and registered by the office with its scan."""
    made = draft(town, organisation_id=town.office.id, created_by=town.officer.person.id)
    scan = replace(manifest(made.id, "scan").main, role=FileRole.SCAN, docx="", template="")
    order = Existing("789-о/д", date(2024, 12, 27), "Ежова А. И.", "начальник отдела", (scan,))
    return replace(made, type_code="D01", revisions=(), existing=order, **changed)


def mark(
    document: Document, step: str, verdict: Verdict, who: Worker | None, **changed: Any
) -> Mark:
    """A mark on the current revision and fixing, binding what the person sees."""
    bound = document.manifest
    made = Mark(
        id=new_id(),
        step=step,
        verdict=verdict,
        at=MORNING,
        person_id=who.person.id if who else None,
        revision=document.revision.number if document.revisions else 0,
        fixing=document.fixing.sequence if document.fixing else 0,
        bound=bound.digest if bound else "",
        employment_id=who.employment.id if who else None,
        mandate_id=who.mandate.id if who else None,
    )
    return replace(made, **changed)


def submitted(document: Document, town: Town) -> Document:
    return document.marked(mark(document, "prepare", Verdict.DONE, town.clerk))


def agreed(document: Document, town: Town) -> Document:
    sent = submitted(document, town)
    return sent.marked(mark(sent, "agree", Verdict.AGREED, town.curator))


def returned(document: Document, town: Town, remark: str = "Нет срока.") -> Document:
    """The curator has returned the document; its next revision is being written."""
    sent = submitted(document, town)
    back = sent.marked(mark(sent, "agree", Verdict.RETURNED, town.curator, remark=remark))
    number = back.revision.number + 1
    return back.with_revision(replace(back.revision, number=number, draft=None))


def fixing(document: Document, **changed: Any) -> Fixing:
    """A number and today's date for the current revision; the files are being rendered."""
    made = Fixing(
        sequence=len(document.fixings) + 1,
        revision=document.revision.number,
        printed_number="12-о/д",
        printed_date=TODAY,
        fixed_at=MORNING,
        fixed_by=None,
    )
    return replace(made, **changed)


def fixed(document: Document, town: Town, **changed: Any) -> Document:
    """Agreed, with number and date, ready to be signed."""
    ready = agreed(document, town)
    last = fixing(ready, manifest=manifest(document.id, "fixed"), **changed)
    return ready.with_fixing(last)


def signed(document: Document, town: Town) -> Document:
    ready = fixed(document, town)
    return ready.marked(mark(ready, "sign", Verdict.SIGNED, town.head))


def document_in(state: DocumentState, town: Town, **changed: Any) -> Document:
    """An order (see `order_type`) in the state; `changed` are fields of the draft."""
    begun = draft(town, **changed)
    match state:
        case DocumentState.DRAFT:
            return begun
        case DocumentState.REWORK:
            return returned(begun, town)
        case DocumentState.ON_APPROVAL:
            return submitted(begun, town)
        case DocumentState.AGREED:
            return agreed(begun, town)
        case DocumentState.FIXING:
            ready = agreed(begun, town)
            return ready.with_fixing(fixing(ready))
        case DocumentState.TO_SIGN:
            return fixed(begun, town)
        case DocumentState.SIGNATURE_RECEIVED:
            ready = fixed(begun, town)
            return ready.marked(mark(ready, "sign", Verdict.RECEIVED, town.head))
        case DocumentState.IN_FORCE:
            return signed(begun, town)
        case DocumentState.AMENDED | DocumentState.CANCELLED | DocumentState.REPEALED:
            final = signed(begun, town)
            return final.marked(mark(final, CLOSING, Verdict.REPEALED, None, remark=state.value))


def line(of: Case) -> Line:
    return Line(of.id)


# --- Registers, obligations, submissions ---------------------------------------------------


def register(town: Town, key: str = "orders", **changed: Any) -> Register:
    made = Register(
        new_id(), town.school.id, key, "Журнал регистрации приказов", "{n}-о/д", year=2025
    )
    return replace(made, **changed)


def entry(of: Register, sequence: int = 1, **changed: Any) -> Entry:
    made = Entry(
        id=new_id(),
        register_id=of.id,
        sequence=sequence,
        year=2025,
        number=of.printed(sequence, TODAY),
        dated=TODAY,
        state=EntryState.RESERVED,
        document_id=None,
        summary="Об утверждении дорожной карты",
        entered_at=MORNING + timedelta(minutes=sequence),
        entered_by=None,
    )
    return replace(made, **changed)


def obligation(town: Town, **changed: Any) -> Obligation:
    """The school owes the office a signed roadmap by 30 January."""
    made = Obligation(
        id=new_id(),
        key="roadmap",
        title="Дорожная карта",
        debtor_id=town.school.id,
        creditor_id=town.office.id,
        evidence=Evidence.SUBMISSION,
        due=date(2025, 1, 30),
        type_code="D04",
    )
    return replace(made, **changed)


def signed_file(file: ManifestFile) -> SignedFile:
    return SignedFile(file.pdf, digest(f"sig {file.pdf}"), SignatureFormat.CADES)


def examined(file: SignedFile) -> SignedFile:
    """The file with a stored report and evidence."""
    return replace(
        file, report=digest(f"report {file.file}"), evidence=digest(f"evidence {file.file}")
    )


def package_item(document: Document) -> PackageItem:
    """A document as it is sent: its fixed files, each with its signature."""
    files = document.manifest or manifest(document.id)
    return PackageItem(
        document_id=document.id,
        type_code=document.type_code,
        title=document.title,
        number=document.number,
        dated=document.dated,
        manifest=files,
        signatures=tuple(signed_file(file) for file in files.files),
    )


def submission(town: Town, *documents: Document, **changed: Any) -> Submission:
    made = Submission(
        id=new_id(),
        number="01-17/5",
        sender_id=town.school.id,
        receiver_id=town.office.id,
        letter_id=None,
        items=tuple(package_item(document) for document in documents),
        sent_at=MORNING,
        sent_by=town.head.person.id,
        arrived_at=MORNING + timedelta(seconds=1),
    )
    return replace(made, **changed)


def receipt(town: Town, *, accepted: bool = True, **changed: Any) -> Receipt:
    made = Receipt(
        number="118-вх",
        at=MORNING + timedelta(hours=1),
        by=town.officer.person.id,
        accepted=accepted,
        hashes=(digest("one"), digest("two")),
        audit_head=digest("head"),
    )
    return replace(made, **changed)


# --- Signatures and trust ------------------------------------------------------------------


def signature(document: Document, who: Worker, **changed: Any) -> Signature:
    """An accepted signature over every file of the document's fixing."""
    files = document.manifest or manifest(document.id)
    made = Signature(
        id=new_id(),
        document_id=document.id,
        fixing=document.fixing.sequence if document.fixing else 1,
        step="sign",
        person_id=who.person.id,
        employment_id=who.employment.id,
        mandate_id=who.mandate.id,
        format=SignatureFormat.CADES,
        kind=SignatureKind.ADVANCED,
        files=tuple(examined(signed_file(file)) for file in files.files),
        manifest=files.digest,
        received_at=MORNING,
        status=SignatureStatus.ACCEPTED,
        owner=who.person.full_name,
        serial="01A2B3",
        valid_from=datetime(2024, 9, 1, tzinfo=UTC),
        valid_until=datetime(2025, 9, 1, tzinfo=UTC),
        training=True,
    )
    return replace(made, **changed)


def attempt(document: Document, who: Worker, **changed: Any) -> Attempt:
    files = document.manifest or manifest(document.id)
    made = Attempt(
        id=new_id(),
        document_id=document.id,
        fixing=document.fixing.sequence if document.fixing else 1,
        step="sign",
        manifest=files.digest,
        person_id=who.person.id,
        certificate=digest("certificate"),
        expires_at=MORNING + timedelta(minutes=10),
    )
    return replace(made, **changed)


def trust_anchor(**changed: Any) -> TrustAnchor:
    made = TrustAnchor(
        id=new_id(),
        organisation_id=None,
        pem="-----BEGIN CERTIFICATE-----",
        fingerprint=digest("root"),
        subject="УЧЕБНЫЙ УЦ",
        kind=SignatureKind.ADVANCED,
        added_at=MORNING,
        added_by=None,
        training=True,
        stands_for=SignatureKind.QUALIFIED,
    )
    return replace(made, **changed)


def person_key(who: Person, **changed: Any) -> PersonKey:
    made = PersonKey(
        id=new_id(),
        person_id=who.id,
        sealed=b"\x00sealed\xff",
        certificate=digest("certificate"),
        owner=who.full_name,
        serial="01A2B3",
        valid_from=datetime(2024, 9, 1, tzinfo=UTC),
        valid_until=datetime(2025, 9, 1, tzinfo=UTC),
        kind=SignatureKind.ADVANCED,
        training=True,
        added_at=MORNING,
    )
    return replace(made, **changed)
