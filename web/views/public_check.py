"""What strangers learn under the address on a copy: whether it holds, not what it says."""

from __future__ import annotations

import re
from datetime import timedelta

from flask import Blueprint, Response, abort, current_app, make_response, render_template, request
from werkzeug.exceptions import TooManyRequests

from web.access import public
from web.components import Fact, Mark, Notice, Tag
from web.current import _, now, services, settings
from web.dates import long_date, moment
from web.forms import FieldError
from web.forms.files import UploadedFile, read_file
from web.limits import Limit, network_of
from web.settings import MEBIBYTE
from web.views.sign import KINDS
from workflow.domain.refusals import N_, Refusal
from workflow.domain.regulations import SignatureKind
from workflow.domain.routes import DocumentState
from workflow.domain.signatures import SignatureStatus
from workflow.domain.simple_signatures import SimpleAct
from workflow.file_checks import FileAnswer
from workflow.ports import CheckStatus
from workflow.usecases.check_files import check_files
from workflow.usecases.public_check import (
    CheckedSignature,
    PublicVerdict,
    check_statement,
    is_the_same_file,
    look_up,
)

pages = Blueprint("public_check", __name__, url_prefix="/check")

TOKEN = re.compile(r"[A-Za-z0-9_-]{20,64}", re.ASCII)
FILE_AT_MOST = 55 * MEBIBYTE
FILE = "file"
STATEMENT = ".json"
SUFFIXES = (".pdf", ".sig", ".p7s", STATEMENT)
SIGNATURE = "signature"
SIGNED = (".pdf", ".sig", ".p7s", ".p7m", ".sgn", ".zip", ".docx", ".xlsx", ".txt", ".xml")
SIGNATURES = (".sig", ".p7s", ".sgn")
SIGNATURE_AT_MOST = 10 * MEBIBYTE
CHECKS = Limit(count=10, period=timedelta(minutes=1))
ANSWERS = {
    CheckStatus.VALID: Tag(N_("The signature is valid"), Mark.DONE),
    CheckStatus.INVALID: Tag(N_("The signature is not valid"), Mark.PROBLEM),
    CheckStatus.UNDECIDED: Tag(N_("Not decided"), Mark.WAITING),
}
NOT_SIGNED = Tag(N_("There is no signature in the file"), Mark.PROBLEM)
LOOKS = Limit(count=60, period=timedelta(minutes=1))
BROKEN = N_("The statement does not hold")
STATUS = {
    SignatureStatus.ACCEPTED: Tag(N_("the signature is valid"), Mark.DONE),
    SignatureStatus.RECEIVED: Tag(N_("received, being checked"), Mark.WAITING),
    SignatureStatus.REFUSED: Tag(N_("the signature is not valid"), Mark.PROBLEM),
    SignatureStatus.WITHDRAWN: Tag(N_("the signature is withdrawn"), Mark.PROBLEM),
}
ENDED = {
    DocumentState.AMENDED: N_("The document was signed; another document has amended it."),
    DocumentState.CANCELLED: N_("The document was signed; it has been cancelled since."),
    DocumentState.REPEALED: N_("The document was signed; it is no longer in force."),
}


@pages.get("/")
@public
def files() -> Response:
    """Offer to check a signed file, whosever it is."""
    _slow_down()
    return _files_page()


@pages.post("/")
@public
def check() -> Response:
    """Judge the files that came by the trust of this installation; none of them is kept."""
    _slow_down(CHECKS)
    upload, error = read_file(request.files.get(FILE), FILE, SIGNED, FILE_AT_MOST)
    beside, other = read_file(
        request.files.get(SIGNATURE), SIGNATURE, SIGNATURES, SIGNATURE_AT_MOST, required=False
    )
    if upload is None or other is not None:
        return _files_page(tuple(each for each in (error, other) if each))
    signature = None if beside is None else (beside.name, beside.content)
    zone = settings().zone
    found = check_files(services().work, upload.name, upload.content, signature, zone.key)
    if isinstance(found, Refusal):
        return _files_page((FieldError(FILE, found.msgid, dict(found.params)),))
    return _files_page(answers=found)


def _files_page(
    errors: tuple[FieldError, ...] = (), answers: tuple[FileAnswer, ...] = ()
) -> Response:
    page = render_template(
        "public_check/files.html",
        answers=[(each, _tag_of(each), _parts_of(each.lines)) for each in answers],
        errors=errors,
        files=",".join(SIGNED),
        signatures=",".join(SIGNATURES),
    )
    return _not_indexed(page, errors)


def _parts_of(lines: tuple[str, ...]) -> list[list[str]]:
    """The report in its parts, parted by empty lines: result, each signature, a note.

    A part is shown in a box of its own, so its first indent is left out.
    """
    parts: list[list[str]] = [[]]
    for line in lines:
        if line:
            parts[-1].append(line.removeprefix("  "))
        else:
            parts.append([])
    return [[_with_owner(part), *part[1:]] if part else part for part in parts]


def _with_owner(part: list[str]) -> str:
    """The heading of a part, with whose signature it is: that stands there when it is folded."""
    before = f"{_('Owner')}: "
    owner = next((line.strip() for line in part if line.strip().startswith(before)), "")
    return f"{part[0]} — {owner.removeprefix(before)}" if owner else part[0]


def _tag_of(answer: FileAnswer) -> Tag:
    tag = ANSWERS[answer.status] if answer.signed else NOT_SIGNED
    return Tag(_(tag.label), tag.mark)


@pages.get("/<token>")
@public
def page(token: str) -> Response:
    """Show the verdict."""
    _slow_down()
    return _page(token, _verdict(token))


@pages.post("/<token>")
@public
def compare(token: str) -> Response:
    """Say whether a file is, byte for byte, one of those that were signed; it is not kept."""
    _slow_down()
    verdict = _verdict(token)
    upload, error = read_file(request.files.get(FILE), FILE, SUFFIXES, FILE_AT_MOST)
    if upload is None:
        return _page(token, verdict, errors=(error,) if error else ())
    if upload.name.lower().endswith(STATEMENT):
        return _page(token, verdict, answer=_about_statement(token, upload))
    same = is_the_same_file(services().work, token, upload.content)
    counts = any(s.status is SignatureStatus.ACCEPTED for s in verdict.signatures)
    counts = counts or verdict.on_paper
    return _page(token, verdict, answer=_answer(upload.name, same, counts))


def _about_statement(token: str, upload: UploadedFile) -> Notice:
    """Say whose statement it is and whether it counts here; a whole seal alone is not enough."""
    checked = check_statement(services().work, token, upload.content)
    if isinstance(checked, Refusal):
        return Notice(_(checked.msgid, **checked.params), _(BROKEN), Mark.PROBLEM)
    said = checked.statement
    who = _(
        N_("{person} ({organisation}), {at}. Fingerprint of the installation: {fingerprint}."),
        person=said.person,
        organisation=said.organisation,
        at=moment(said.signed_at, settings().zone),
        fingerprint=checked.fingerprint,
    )
    if not checked.about_these:
        return Notice(who, _(N_("The statement is about other files")), Mark.PROBLEM)
    if checked.counts:
        return Notice(who, _(N_("The simple signature is kept here and counts")), Mark.DONE)
    if not checked.own:
        unknown = N_("The seal is whole, the installation is unknown")
        return Notice(who, _(unknown), Mark.WAITING)
    if said.act is SimpleAct.ACKNOWLEDGE:
        return Notice(who, _(N_("It is an acknowledgement, not a signature")), Mark.NEUTRAL)
    return Notice(who, _(N_("The seal is ours, but the signature does not count")), Mark.PROBLEM)


def _slow_down(bound: Limit = LOOKS) -> None:
    """Bound how often one place asks; the address of a document cannot be guessed."""
    limits: dict[int, Limit] = current_app.extensions.setdefault("marshrut.public_looks", {})
    limit = limits.setdefault(bound.count, Limit(bound.count, bound.period))
    if not limit.allow(network_of(request.remote_addr or ""), now()):
        raise TooManyRequests(retry_after=int(bound.period.total_seconds()))


def _verdict(token: str) -> PublicVerdict:
    if not TOKEN.fullmatch(token):
        abort(404)
    return look_up(services().work, token)


def _page(
    token: str,
    verdict: PublicVerdict,
    errors: tuple[FieldError, ...] = (),
    answer: Notice | None = None,
) -> Response:
    page = render_template(
        "public_check/page.html",
        token=token,
        verdict=_in_words(verdict),
        facts=_facts(verdict),
        signatures=_signatures(verdict),
        hashes=verdict.hashes,
        errors=errors,
        answer=answer,
    )
    return _not_indexed(page, errors)


def _not_indexed(page: str, errors: tuple[FieldError, ...]) -> Response:
    response = make_response(page, 422 if errors else 200)
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return response


def _in_words(verdict: PublicVerdict) -> Notice:
    accepted = [s for s in verdict.signatures if s.status is SignatureStatus.ACCEPTED]
    if verdict.superseded:
        text = N_("These files are not the newest: the document was made ready anew afterwards.")
        return Notice(_(text), _(N_("The copy is out of date")), Mark.PROBLEM)
    if verdict.on_paper:
        text = N_(
            "It was signed with ink. The original is on paper; no signature could be checked."
        )
        return Notice(_(text), _(N_("The document is on paper")), Mark.PAPER)
    if verdict.state in ENDED and accepted:
        return Notice(_(ENDED[verdict.state]), _(N_("The signature is valid")), Mark.WAITING)
    if verdict.state is DocumentState.IN_FORCE and accepted:
        text = N_(
            "The document is in force. Compare the file that you have with the original below."
        )
        return Notice(_(text), _(N_("The signature is valid")), Mark.DONE)
    text = N_("Do not rely on the copy: ask the organisation that issued the document.")
    return Notice(_(text), _(N_("The document is not in force")), Mark.PROBLEM)


def _facts(verdict: PublicVerdict) -> tuple[Fact, ...]:
    facts = [
        Fact(_(N_("Document")), verdict.title),
        Fact(_(N_("Organisation")), verdict.organisation),
        Fact(_(N_("Date")), long_date(verdict.dated) if verdict.dated else ""),
    ]
    if verdict.number:
        facts.append(Fact(_(N_("Number")), verdict.number))
    return tuple(facts)


def _signatures(verdict: PublicVerdict) -> tuple[tuple[Tag, tuple[Fact, ...]], ...]:
    """The state of each signature, and whose it is."""
    return tuple(
        (Tag(_(STATUS[s.status].label), STATUS[s.status].mark), _signature_facts(s))
        for s in verdict.signatures
    )


def _signature_facts(signature: CheckedSignature) -> tuple[Fact, ...]:
    facts = _simple_facts(signature) if signature.simple else _certificate_facts(signature)
    if signature.training:
        training = _(N_("TRAINING signature without legal force"))
        facts.append(Fact(_(N_("For training only")), training))
    return tuple(facts)


def _certificate_facts(signature: CheckedSignature) -> list[Fact]:
    return [
        Fact(_(N_("Owner of the certificate")), signature.owner),
        Fact(_(N_("Certificate number")), signature.serial),
        Fact(_(N_("Received")), moment(signature.received_at, settings().zone)),
    ]


def _simple_facts(signature: CheckedSignature) -> list[Fact]:
    fingerprint = N_("Fingerprint of the installation's certificate (SHA-256)")
    return [
        Fact(_(N_("Signature")), _(KINDS[SignatureKind.SIMPLE])),
        Fact(_(N_("Signatory")), signature.owner),
        Fact(_(N_("Code of the signature")), signature.serial),
        Fact(_(N_("Signed")), moment(signature.received_at, settings().zone)),
        Fact(_(fingerprint), signature.fingerprint),
    ]


def _answer(name: str, same: bool, counts: bool) -> Notice:
    """Say whether it is the same file; sameness alone is no reason to rely on it."""
    if same and not counts:
        text = N_(
            "The file “{name}” is the one that is kept here, but no valid signature is on it."
        )
        return Notice(_(text, name=name), _(N_("The document is not in force")), Mark.PROBLEM)
    if same:
        text = N_("Yes. The file “{name}” is the original, byte for byte.")
        return Notice(_(text, name=name), _(N_("The files are the same")), Mark.DONE)
    text = N_(
        "No. The file “{name}” differs from the signed one. A copy with marks and a scan always "
        "differ: ask for the original file with its signature."
    )
    return Notice(_(text, name=name), _(N_("The files are not the same")), Mark.PROBLEM)
