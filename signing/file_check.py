"""Judging whatever was handed in: a signed PDF, a signature file, a package of both.

What a file is, its first bytes say, not its name.
"""

from __future__ import annotations

from dataclasses import dataclass

from signing.errors import SigningError
from signing.evidence import Grounds
from signing.expectation import NOBODY, Expectation
from signing.packages import PackedFile, is_package, read_package
from signing.pdf.signatures import read_signatures
from signing.records.preserved import Preserved, judge_preserved
from signing.validate import Validation, validate_attached, validate_detached, validate_pdf
from signing.verdicts import Verdict
from signing.words import N_


class NotSignedError(SigningError):
    """The file has no signature beside it and is of no kind that holds one itself."""

    code = "signing.not_signed"
    msgid = N_("The file has no signature, neither inside nor beside it.")


@dataclass(frozen=True)
class JudgedFile:
    """One file with one signature file: the validation, or why there is none.

    `signature_name` is "" when the file was judged alone. `record` is what its evidence record
    says, None without one.
    """

    name: str
    signature_name: str
    found: Validation | SigningError
    record: Preserved | None = None

    @property
    def verdict(self) -> Verdict:
        """Return the verdict; what could not be judged is UNDECIDED.

        So is a valid signature whose evidence record proves nothing.
        """
        if isinstance(self.found, SigningError):
            return Verdict.UNDECIDED
        return self.record.verdict_of(self.found) if self.record else self.found.report.verdict


def verdict_over(judged: tuple[JudgedFile, ...]) -> Verdict:
    """Return the worst verdict: VALID only when every file is validly signed, and there is one."""
    verdicts = {each.verdict for each in judged}
    if Verdict.INVALID in verdicts:
        return Verdict.INVALID
    return Verdict.VALID if verdicts == {Verdict.VALID} else Verdict.UNDECIDED


def looks_like_cms(content: bytes) -> bool:
    """Say whether the file is a signature file (DER, BER, PEM, base64) rather than a document."""
    return content[:1] == b"\x30" or content[:2] == b"MI" or b"-----BEGIN " in content[:64]


def judge_alone(
    content: bytes, grounds: Grounds, expectation: Expectation = NOBODY, *, file_name: str = ""
) -> Validation:
    """Judge a signed PDF, or a signature file that carries its document.

    Raises NotSignedError for other files, and what `validate_pdf` and `validate_attached` raise.
    """
    if content.startswith(b"%PDF-"):
        return validate_pdf(content, grounds, expectation, file_name=file_name)
    if looks_like_cms(content):
        return validate_attached(content, grounds, expectation, file_name=file_name)
    raise NotSignedError


def judge_files(
    name: str,
    content: bytes,
    grounds: Grounds,
    expectation: Expectation = NOBODY,
    signature: tuple[str, bytes] | None = None,
    records: tuple[bytes, ...] = (),
) -> tuple[JudgedFile, ...]:
    """Judge a file with its signature file, a file alone, or every file of a package.

    `records` are evidence records of that one file; a package has its own beside its files. Raises
    PackageError or TooLargeError when a package cannot be taken apart; what is wrong with one file
    is in its answer.
    """
    if signature is None and is_package(content):
        files = read_package(content)
    else:
        beside = () if signature is None else (signature,)
        files = (PackedFile(name, content, beside, tuple((name, each) for each in records)),)
    return tuple(judged for each in files for judged in _judged(each, grounds, expectation))


def _judged(
    packed: PackedFile, grounds: Grounds, expectation: Expectation
) -> tuple[JudgedFile, ...]:
    if not packed.signatures:
        return (_alone(packed, grounds, expectation),)
    beside = tuple(_beside(packed, each, grounds, expectation) for each in packed.signatures)
    if not _holds_signatures(packed.content):
        return beside
    return (*beside, _alone(packed, grounds, NOBODY))


def _holds_signatures(content: bytes) -> bool:
    """Say whether this is a PDF with signatures of its own, which one beside it must not hide."""
    if not content.startswith(b"%PDF-"):
        return False
    try:
        found = read_signatures(content)
    except SigningError:
        return False  # what its bytes are is nothing to a signature over them
    return bool(found.signatures or found.not_understood)


def _alone(packed: PackedFile, grounds: Grounds, expectation: Expectation) -> JudgedFile:
    record = _record(packed, (packed.content,), grounds)
    judged_by = record.grounds if record else grounds
    found: Validation | SigningError
    try:
        found = judge_alone(packed.content, judged_by, expectation, file_name=packed.name)
    except SigningError as error:
        found = error
    return _answer(packed.name, "", found, record)


def _beside(
    packed: PackedFile, signature: tuple[str, bytes], grounds: Grounds, expectation: Expectation
) -> JudgedFile:
    name, cms = signature
    record = _record(packed, (packed.content, cms), grounds, name)
    judged_by = record.grounds if record else grounds
    found: Validation | SigningError
    try:
        found = validate_detached(
            packed.content, cms, judged_by, expectation, file_name=packed.name
        )
    except SigningError as error:
        found = error
    return _answer(packed.name, name, found, record)


def _answer(
    name: str, signature: str, found: Validation | SigningError, record: Preserved | None
) -> JudgedFile:
    if record is not None and isinstance(found, Validation):
        found = record.said_in(found)
    return JudgedFile(name, signature, found, record)


def _record(
    packed: PackedFile, signed: tuple[bytes, ...], grounds: Grounds, signature_name: str = ""
) -> Preserved | None:
    """Return what the evidence records beside file or signature say: the one that proves most."""
    judged = [
        judge_preserved(content, signed, grounds)
        for target, content in packed.records
        if target in (packed.name, signature_name)
    ]
    proven = [each for each in judged if each.proven is not None]
    return min(proven, key=lambda each: each.grounds.proven_at or grounds.now, default=None) or (
        judged[0] if judged else None
    )
