"""The check of a signature in plain Russian, as JSON and PDF; originals and copies to take away."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any  # JSON as it comes from json.loads has no better type
from uuid import UUID

from flask import (
    Blueprint,
    Response,
    jsonify,
    make_response,
    render_template,
    request,
    send_file,
    url_for,
)

from signing.reports.words import (
    TECHNICAL_CHECK,
    check_words,
    document_timestamp_words,
    evidence_of,
    evidence_words,
    headings,
    not_understood_words,
    remark_words,
    result_words,
    signature_facts,
)
from signing.simple.check import seal_facts, statement_facts
from signing.simple.statement import open_seal
from signing.verdicts import Outcome, Report, SignatureReport, Verdict
from web.access import signed_in
from web.actor import current_actor
from web.buttons import Action, Button, button
from web.components import Fact, Mark, Notice, Tag
from web.current import _, services, surroundings
from web.dates import moment
from web.errors import unless_refused
from web.refusals import tell
from web.views.on_document import PDF, crumbs, safe_name, stored_file, zipped
from web.views.preservation_words import preservation_words
from web.views.time_words import time_words
from workflow.domain.refusals import N_
from workflow.domain.regulations import SignatureFormat
from workflow.domain.signatures import SignatureStatus
from workflow.queries.preservation import record_file
from workflow.queries.report_page import CheckedFile, ReportPage, bundle, report_page, visual_copy
from workflow.usecases.errors import NotFoundError

pages = Blueprint("reports", __name__)

TITLE = N_("Report on the check")
OCTETS = "application/octet-stream"
JSON = "application/json"
STATUS = {
    SignatureStatus.ACCEPTED: Tag(N_("the signature is accepted"), Mark.DONE),
    SignatureStatus.RECEIVED: Tag(N_("received, being checked"), Mark.WAITING),
    SignatureStatus.REFUSED: Tag(N_("the signature is not accepted"), Mark.PROBLEM),
    SignatureStatus.WITHDRAWN: Tag(N_("the signature is withdrawn"), Mark.PROBLEM),
}
OUTCOME_MARKS = {
    Outcome.PASSED: Mark.DONE,
    Outcome.FAILED: Mark.PROBLEM,
    Outcome.NOT_MADE: Mark.WAITING,
}
VERDICT_MARKS = {
    Verdict.VALID: Mark.DONE,
    Verdict.INVALID: Mark.PROBLEM,
    Verdict.UNDECIDED: Mark.WAITING,
}
#: Identifiers of a person stand in no report that leaves the page.
PERSONAL = ("snils", "inn")


@dataclass(frozen=True)
class CheckedSignature:
    """One signature of a file as the page shows it; a check is what, outcome, explanation."""

    heading: str
    facts: tuple[Fact, ...]
    checks: tuple[tuple[str, Tag, str], ...]
    evidence: tuple[str, ...]


@dataclass(frozen=True)
class FileReport:
    """The report of one file: the verdict, its signatures, and the same as PDF."""

    name: str
    sha256: str
    result: Notice
    signatures: tuple[CheckedSignature, ...]
    pdf_url: str


@pages.get("/signatures/<uuid:signature_id>/report")
@signed_in
def page(signature_id: UUID) -> Response:
    """Show the nine checks of each signed file, or what was sealed as a simple signature."""
    shown = report_page(services().work, current_actor(), signature_id)
    if shown.signature.format is SignatureFormat.SIMPLE:
        return _simple(shown)
    at_acceptance = request.args.get("first") == "1"
    page = render_template(
        "reports/page.html",
        shown=shown,
        crumbs=crumbs(shown.heading, TITLE),
        status=_status(shown),
        why=_why(shown),
        facts=_facts(shown),
        files=[
            _file(shown, checked, place, at_acceptance) for place, checked in enumerate(shown.files)
        ],
        technical=_(TECHNICAL_CHECK),
        at_acceptance=at_acceptance,
        has_second_look=any(file.is_looked_at_again for file in shown.files),
        downloads=_downloads(shown),
        again=_again(shown),
    )
    return make_response(page)


def _again(shown: ReportPage) -> Button | None:
    """Lead whoever signed to sign once more, where the file of an accepted signature is lost."""
    if not shown.is_lost or shown.signature.status is not SignatureStatus.ACCEPTED:
        return None
    url = url_for("sign_again.page", signature_id=shown.signature.id)
    action = Action(N_("Sign again"), url, shown.again, opens=True, main=True)
    return button(action, surroundings().words)


@pages.get("/signatures/<uuid:signature_id>/report.json", endpoint="json")
@signed_in
def json_report(signature_id: UUID) -> Response:
    """Answer the reports of all files for a program; a person's numbers are left out."""
    shown = report_page(services().work, current_actor(), signature_id)
    signature = shown.signature
    return jsonify(
        signature=str(signature.id),
        document=str(signature.document_id),
        status=signature.status,
        received_at=signature.received_at.isoformat(),
        files=[
            {
                "name": file.name,
                "sha256": file.signed.file,
                "signature_sha256": file.signed.signature,
                "format": file.signed.format,
                "report_at_acceptance": _without_personal(_stored(file.signed.report)),
                "report_now": _without_personal(_stored(file.signed.report_now)),
            }
            for file in shown.files
        ],
    )


@pages.get("/signatures/<uuid:signature_id>/report-<int:place>.pdf")
@signed_in
def pdf(signature_id: UUID, place: int) -> Response:
    """Answer the newest report of one file as PDF."""
    shown = report_page(services().work, current_actor(), signature_id)
    if place >= len(shown.files) or not _newest(shown.files[place]):
        raise NotFoundError(f"signature {signature_id} has no report of file {place}")
    work, file = services().work, shown.files[place]
    report = work.blobs.get(_newest(file))
    made = unless_refused(work.visual_copies.report_pdf(report, str(shown.heading.zone)))
    name = safe_name(_(N_("Report on {file}"), file=file.name))
    return send_file(io.BytesIO(made), mimetype=PDF, as_attachment=True, download_name=name)


@pages.get("/signatures/<uuid:signature_id>/long-term-<int:place>.pdf")
@signed_in
def long_term(signature_id: UUID, place: int) -> Response:
    """Answer the copy of a signed PDF that holds all that its validity rests on."""
    shown = report_page(services().work, current_actor(), signature_id)
    if place >= len(shown.files) or not shown.files[place].signed.long_term:
        raise NotFoundError(f"signature {signature_id} has no copy for keeping of file {place}")
    file = shown.files[place]
    name = safe_name(f"{file.name.removesuffix('.pdf')}-lta.pdf")
    return stored_file(file.signed.long_term, name, download=True)


@pages.get("/documents/<uuid:document_id>/original.zip")
@signed_in
def original(document_id: UUID) -> Response:
    """Answer the originals with their signatures in one archive."""
    found = bundle(services().work, current_actor(), document_id)
    pairs = [(file.name, file.made or file.sha256) for file in found.files]
    return zipped(pairs, f"{found.heading.named}.zip")


@pages.get("/signatures/<uuid:signature_id>/record.ers")
@signed_in
def record(signature_id: UUID) -> Response:
    """Answer the evidence record of a signature, to be checked elsewhere (RFC 4998)."""
    found = record_file(services().work, current_actor(), signature_id)
    return send_file(
        io.BytesIO(found.content),
        mimetype=OCTETS,
        as_attachment=True,
        download_name=safe_name(f"{found.heading.named}.ers"),
    )


@pages.get("/documents/<uuid:document_id>/copy-<int:place>.pdf")
@signed_in
def copy(document_id: UUID, place: int) -> Response:
    """Answer the copy for the eye of a file, with marks and QR code."""
    found = visual_copy(services().work, current_actor(), document_id, place)
    download = request.args.get("download") == "1"
    name = safe_name(_(N_("Copy of {file}"), file=found.file_name))
    return stored_file(found.copy.copy, name, download=download)


@pages.get("/signatures/<uuid:signature_id>/statement.simple.json")
@signed_in
def statement(signature_id: UUID) -> Response:
    """Answer the sealed statement of a simple signature, to be checked elsewhere."""
    shown = report_page(services().work, current_actor(), signature_id)
    if shown.signature.format is not SignatureFormat.SIMPLE:
        raise NotFoundError(f"signature {signature_id} is no statement")
    name = safe_name(f"{shown.heading.named}.simple.json")
    return stored_file(shown.signature.files[0].signature, name, JSON, download=True)


def _simple(shown: ReportPage) -> Response:
    """The statement in words, and how to check it elsewhere."""
    seal = open_seal(services().work.blobs.get(shown.signature.files[0].signature))
    text, zone = surroundings().words.text, shown.heading.zone
    said = [*statement_facts(seal.statement, text, zone), *seal_facts(seal, text)]
    address = url_for("reports.statement", signature_id=shown.signature.id)
    page = render_template(
        "reports/simple.html",
        shown=shown,
        crumbs=crumbs(shown.heading, TITLE),
        status=_status(shown),
        why=_why(shown),
        training=_training(shown),
        facts=tuple(Fact(name, value) for name, value in said),
        code=shown.signature.serial,
        fingerprint=seal.fingerprint,
        downloads=((_(N_("Sealed statement (.simple.json)")), address), *_downloads(shown)),
    )
    return make_response(page)


def _training(shown: ReportPage) -> Notice | None:
    if not shown.signature.training:
        return None
    return Notice(_(N_("TRAINING signature without legal force")), mark=Mark.WAITING)


def _newest(file: CheckedFile) -> str:
    return file.signed.report_now or file.signed.report


def _stored(sha256: str) -> Any:
    return json.loads(services().work.blobs.get(sha256)) if sha256 else None


def _without_personal(value: Any) -> Any:
    match value:
        case dict():
            return {k: _without_personal(v) for k, v in value.items() if k not in PERSONAL}
        case list():
            return [_without_personal(one) for one in value]
        case _:
            return value


def _status(shown: ReportPage) -> Tag:
    tag = STATUS[shown.signature.status]
    return Tag(_(tag.label), tag.mark)


def _why(shown: ReportPage) -> Notice | None:
    refusal = shown.signature.explanation
    if refusal is None:
        return None
    told = tell(refusal, surroundings().words, shown.heading.zone)
    text = " ".join(part for part in (told.what, told.todo) if part)
    return Notice(text, mark=STATUS[shown.signature.status].mark)


def _facts(shown: ReportPage) -> tuple[Fact, ...]:
    signature, zone = shown.signature, shown.heading.zone
    facts = [
        Fact(_(N_("Signatory")), shown.signer),
        Fact(_(N_("Received")), moment(signature.received_at, zone)),
    ]
    proof = time_words(signature.proven_at, signature.time_authority, zone)
    if proof:
        facts.append(Fact(_(N_("Proof of the time")), proof))
    if signature.checked_at:
        facts.append(Fact(_(N_("Last checked")), moment(signature.checked_at, zone)))
    if not shown.is_of_newest_files:
        facts.append(
            Fact(_(N_("Signed files")), _(N_("of an earlier version: it was dated anew later")))
        )
    if shown.preserved:
        said = preservation_words(shown.preserved, zone)
        facts.append(Fact(_(N_("Preservation")), said))
    if shown.public_address:
        facts.append(Fact(_(N_("Public check")), shown.public_address))
    return tuple(facts)


def _file(shown: ReportPage, file: CheckedFile, place: int, at_acceptance: bool) -> FileReport:
    stored = file.signed.report if at_acceptance else _newest(file)
    report = Report.from_json(services().work.blobs.get(stored).decode())
    text, zone = surroundings().words.text, shown.heading.zone
    strange = [
        *not_understood_words(report, text, zone),
        *remark_words(report, text, zone),
        *document_timestamp_words(report, text, zone),
    ]
    said = " ".join([result_words(report, text), *strange])
    return FileReport(
        name=file.name,
        sha256=file.signed.file,
        result=Notice(said, mark=VERDICT_MARKS[report.verdict]),
        signatures=tuple(
            _signature(shown, heading, signature)
            for heading, signature in zip(headings(report, text), report.signatures, strict=True)
        ),
        pdf_url=url_for("reports.pdf", signature_id=shown.signature.id, place=place),
    )


def _signature(shown: ReportPage, heading: str, signature: SignatureReport) -> CheckedSignature:
    text, zone = surroundings().words.text, shown.heading.zone
    return CheckedSignature(
        heading=heading,
        facts=tuple(Fact(name, value) for name, value in signature_facts(signature, text, zone)),
        checks=check_lines(signature, zone),
        evidence=tuple(
            ", ".join(evidence_words(item, text, zone)) for item in evidence_of(signature)
        ),
    )


def check_lines(signature: SignatureReport, zone: tzinfo) -> tuple[tuple[str, Tag, str], ...]:
    """Return the nine checks: what was checked, the outcome, the explanation."""
    lines = []
    for check in signature.checks:
        what, outcome, explained = check_words(check, surroundings().words.text, zone)
        mark = OUTCOME_MARKS[check.outcome] if check.required else Mark.NEUTRAL
        lines.append((f"{check.number}. {what}", Tag(outcome, mark), explained))
    return tuple(lines)


def _downloads(shown: ReportPage) -> tuple[tuple[str, str], ...]:
    """What may be taken away: name and address."""
    document_id, signature = shown.heading.document_id, shown.signature
    links = [
        (_(N_("Report for programs (JSON)")), url_for("reports.json", signature_id=signature.id))
    ]
    if signature.status is SignatureStatus.ACCEPTED and shown.is_of_newest_files:
        links.insert(
            0,
            (
                _(N_("Original with the signature (archive)")),
                url_for("reports.original", document_id=document_id),
            ),
        )
    links += [
        (
            _(N_("Signed file for long keeping (PAdES-B-LTA): {file}"), file=file.name),
            url_for("reports.long_term", signature_id=signature.id, place=place),
        )
        for place, file in enumerate(shown.files)
        if file.signed.long_term
    ]
    if shown.preserved:
        address = url_for("reports.record", signature_id=signature.id)
        links.append((_(N_("Evidence record (.ers)")), address))
    if shown.has_visual_copy and shown.is_of_newest_files:
        links += [
            (
                _(N_("Copy with the signature mark: {file}"), file=file.name),
                url_for("reports.copy", document_id=document_id, place=place, download=1),
            )
            for place, file in enumerate(shown.files)
        ]
    return tuple(links)
