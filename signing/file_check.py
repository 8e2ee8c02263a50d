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

    `signature_name` is "" when the file was judged alone.
    """

    name: str
    signature_name: str
    found: Validation | SigningError

    @property
    def verdict(self) -> Verdict:
        """Return the verdict; what could not be judged is UNDECIDED."""
        if isinstance(self.found, SigningError):
            return Verdict.UNDECIDED
        return self.found.report.verdict


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
) -> tuple[JudgedFile, ...]:
    """Judge a file with its signature file, a file alone, or every file of a package.

    Raises PackageError or TooLargeError when a package cannot be taken apart; what is wrong with
    one file is in its answer.
    """
    if signature is None and is_package(content):
        files = read_package(content)
    else:
        files = (PackedFile(name, content, () if signature is None else (signature,)),)
    return tuple(judged for each in files for judged in _judged(each, grounds, expectation))


def _judged(
    packed: PackedFile, grounds: Grounds, expectation: Expectation
) -> tuple[JudgedFile, ...]:
    if not packed.signatures:
        return (JudgedFile(packed.name, "", _alone(packed, grounds, expectation)),)
    beside = tuple(
        JudgedFile(packed.name, name, _beside(packed, signature, grounds, expectation))
        for name, signature in packed.signatures
    )
    if not _holds_signatures(packed.content):
        return beside
    return (*beside, JudgedFile(packed.name, "", _alone(packed, grounds, NOBODY)))


def _holds_signatures(content: bytes) -> bool:
    """Say whether this is a PDF with signatures of its own, which one beside it must not hide."""
    if not content.startswith(b"%PDF-"):
        return False
    try:
        found = read_signatures(content)
    except SigningError:
        return False  # what its bytes are is nothing to a signature over them
    return bool(found.signatures or found.not_understood)


def _alone(
    packed: PackedFile, grounds: Grounds, expectation: Expectation
) -> Validation | SigningError:
    try:
        return judge_alone(packed.content, grounds, expectation, file_name=packed.name)
    except SigningError as error:
        return error


def _beside(
    packed: PackedFile, signature: bytes, grounds: Grounds, expectation: Expectation
) -> Validation | SigningError:
    try:
        return validate_detached(
            packed.content, signature, grounds, expectation, file_name=packed.name
        )
    except SigningError as error:
        return error
