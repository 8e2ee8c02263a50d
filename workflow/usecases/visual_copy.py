"""Make the copy for the eye: marks, QR, sheets of visas and acknowledgements (a job)."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from workflow.domain.documents import Document, Mark, Verdict
from workflow.domain.powers import PowerOfAttorney
from workflow.domain.refusals import Refusal
from workflow.domain.regulations import SignatureKind, Verb
from workflow.domain.routes import Step, last_mark, steps_of
from workflow.domain.signatures import Signature, SignatureStatus
from workflow.domain.trust import PublicCheck, VisualCopy
from workflow.ports import SheetRow, SignatureMark, VisualCopyRequest
from workflow.printed import PrintedPower
from workflow.store.unit_of_work import Repositories, Transaction
from workflow.usecases import desk as desks
from workflow.usecases.context import post_under
from workflow.usecases.desk import Desk
from workflow.usecases.effect import VISUAL_COPY
from workflow.usecases.render import Effect
from workflow.usecases.services import Services
from workflow.usecases.wording import document_named

KIND = VISUAL_COPY

_SHEET_VERDICTS = frozenset(
    {
        Verdict.AGREED,
        Verdict.AGREED_WITH_REMARKS,
        Verdict.ACKNOWLEDGED,
        Verdict.ACKNOWLEDGED_ON_PAPER,
        Verdict.ABSENT,
        Verdict.REFUSED,
    }
)


@dataclass(frozen=True)
class CopyFacts:
    """What the copy shows, read in one view."""

    document: Document
    token: str
    requests: tuple[VisualCopyRequest, ...]


def make_visual_copy(services: Services, payload: Any) -> Effect:
    """Make the copies of all files of the newest fixing anew; the signed bytes stay as they are."""
    with services.uow.reading() as tx:
        document = tx.documents.load(UUID(payload["document"]))
        read = read_for_copy(tx, services, document)
    if read is None:
        return _nothing
    copies: list[tuple[str, str]] = []
    for request in read.requests:
        made = services.visual_copies.make(request)
        if isinstance(made, Refusal):
            raise VisualCopyError(made.code)
        copies.append((request.sha256, services.blobs.put(made)))

    def effect(tx: Transaction) -> None:
        fixing = read.document.fixing
        assert fixing is not None
        now = services.clock()
        address = PublicCheck(read.token, document.id, fixing.sequence, now)
        if not tx.public_checks.add(address):
            known = tx.public_checks.of_fixing(document.id, fixing.sequence)
            if known is None or known.token != read.token:  # the QR would lead nowhere
                raise VisualCopyError("visual_copy.address_taken")
        for file, copy in copies:
            tx.visual_copies.add(
                VisualCopy(
                    id=services.new_id(),
                    document_id=document.id,
                    fixing=fixing.sequence,
                    file=file,
                    copy=copy,
                    made_at=now,
                    of_version=read.document.version,
                )
            )

    return effect


class VisualCopyError(Exception):
    """The copy could not be made; the job is tried again."""

    code = "visual_copy"


def _nothing(tx: Transaction) -> None:
    """The effect of work that is not wanted any more."""


def read_for_copy(tx: Repositories, services: Services, document: Document) -> CopyFacts | None:
    """What the copies of the newest fixing show; None while there is nothing to copy."""
    fixing = document.fixing
    if fixing is None or fixing.manifest is None:
        return None
    desk = desks.lay_for_system(tx, services, document, desks.actor_of(tx, document.created_by))
    known = tx.public_checks.of_fixing(document.id, fixing.sequence)
    token = known.token if known else secrets.token_urlsafe(24)
    if document.on_paper:
        return CopyFacts(document, token, ())  # a copy would say that its original is electronic
    marks = _signature_marks(tx, desk)
    steps = steps_of(document, desk.kind, desk.around.visa_roles)
    visas = _sheet(tx, desk, [s for s in steps if s.verb is Verb.AGREE])
    acquainted = _sheet(tx, desk, [s for s in steps if s.verb is Verb.ACKNOWLEDGE])
    requests = tuple(
        VisualCopyRequest(
            pdf=services.blobs.get(file.pdf),
            sha256=file.pdf,
            document=document_named(document),
            file_name=file.name,
            address=f"{services.base_url}/check/{token}",
            time_zone=desk.organisation.time_zone,
            marks=marks,
            visas=visas if place == 0 else (),
            acknowledgements=acquainted if place == 0 else (),
        )
        for place, file in enumerate(fixing.manifest.files)
    )
    return CopyFacts(document, token, requests)


def _signature_marks(tx: Repositories, desk: Desk) -> tuple[SignatureMark, ...]:
    document = desk.document
    accepted = [
        s
        for s in tx.signatures.of_document(document.id)
        if s.status is SignatureStatus.ACCEPTED
        and document.fixing is not None
        and s.fixing == document.fixing.sequence
    ]
    people = tx.people.load_many([s.person_id for s in accepted])
    powers = tx.powers.load_many([s.power_id for s in accepted if s.power_id])
    return tuple(
        _mark(
            s,
            people[s.person_id].initials_last,
            _post_at_signing(tx, desk, s),
            powers[s.power_id] if s.power_id else None,
        )
        for s in accepted
    )


def _post_at_signing(tx: Repositories, desk: Desk, signature: Signature) -> str:
    """The post that the person signed in: «и. о. директора» for an acting head."""
    if signature.mandate_id:
        day = desk.organisation.local_day(signature.received_at)
        return post_under(tx, tx.mandates.load(signature.mandate_id), day)
    return tx.employments.load(signature.employment_id).post if signature.employment_id else ""


def _mark(
    signature: Signature, short_name: str, post: str, power: PowerOfAttorney | None
) -> SignatureMark:
    return SignatureMark(
        kind=signature.kind or SignatureKind.ADVANCED,
        owner=signature.owner,
        post=post,
        short_name=short_name,
        serial=signature.serial,
        valid_from=signature.valid_from or signature.received_at,
        valid_until=signature.valid_until or signature.received_at,
        signed_at=signature.received_at,
        training=signature.training,
        power=PrintedPower(power.number, power.issued, power.until) if power else None,
    )


def _sheet(tx: Repositories, desk: Desk, steps: Sequence[Step]) -> tuple[SheetRow, ...]:
    marks = [m for s in steps if (m := last_mark(desk.document, s)) is not None]
    shown = [m for m in marks if m.verdict in _SHEET_VERDICTS and m.person_id]
    people = tx.people.load_many([m.person_id for m in shown if m.person_id])
    return tuple(
        SheetRow(
            name=people[m.person_id].last_initials,
            post=_post(tx, desk, m),
            verdict=m.verdict,
            remark=m.remark,
            at=m.happened_on or m.at,
            simple=m.verdict is Verdict.ACKNOWLEDGED and bool(m.evidence),
        )
        for m in shown
        if m.person_id
    )


def _post(tx: Repositories, desk: Desk, mark: Mark) -> str:
    """The post that the person holds in the document's organisation on that day."""
    if mark.employment_id:
        return tx.employments.load(mark.employment_id).post
    if mark.person_id is None:
        return ""
    day = desk.organisation.local_day(mark.at)
    held = [
        e
        for e in tx.employments.of_person(mark.person_id)
        if e.organisation_id == desk.organisation.id and e.held_on(day)
    ]
    return held[0].post if held else ""
