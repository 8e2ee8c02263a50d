"""`marshrut verify`: judge a signed PDF, or a file with its detached signature."""

from __future__ import annotations

import json
import re
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

import click

from signing.cades import MAX_CMS
from signing.errors import MEGABYTE, SigningError, TooLargeError
from signing.evidence import Grounds
from signing.expectation import NOBODY, Expectation, ExpectedPerson
from signing.pdf_signatures import MAX_PDF
from signing.report import report_lines
from signing.revocation import MAX_CRL, load_crl
from signing.simple import MAX_STATEMENT, looks_like_statement
from signing.simple_check import SimpleCheck, check_lines, check_statement
from signing.trust import TrustStore
from signing.trust_folder import load_trust_folder
from signing.validate import Validation, validate_attached, validate_detached, validate_pdf
from signing.verdicts import Verdict
from signing.words import N_
from web.words import russian

EXIT = {Verdict.VALID: 0, Verdict.INVALID: 1, Verdict.UNDECIDED: 2}
UNDECIDED = EXIT[Verdict.UNDECIDED]

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)

NO_PERSON = N_("“{given}” is neither a surname with given names nor a СНИЛС.")
NO_FINGERPRINT = N_("“{given}” is not a fingerprint: 64 hexadecimal digits are expected.")
NOT_FOR_SIMPLE = N_("--trust, --crl and --at do not apply to a simple signature.")
FOR_SIMPLE_ONLY = N_("--installation and --acknowledgement apply to a simple signature only.")
NO_TIME = N_("“{given}” is not a time. Write it as 2026-05-01 or 2026-05-01T12:30.")


@click.command()
@click.argument("file", metavar="FILE", type=FILE)
@click.option(
    "--signature",
    metavar="SIG",
    type=FILE,
    help="Отсоединённая подпись (.sig) или простая (.simple.json) к файлу.",
)
@click.option(
    "--trust", metavar="DIR", type=FOLDER, help="Папка доверенных сертификатов с trust.json."
)
@click.option(
    "--crl",
    "crls",
    metavar="FILE",
    type=FILE,
    multiple=True,
    help="Список отозванных сертификатов; можно указать несколько раз.",
)
@click.option(
    "--for",
    "person",
    metavar="PERSON",
    help="Чья подпись ожидается: фамилия, имя и отчество и (или) СНИЛС.",
)
@click.option(
    "--at",
    metavar="TIME",
    help="Проверить условно, на другой момент: 2026-05-01 или 2026-05-01T12:30.",
)
@click.option(
    "--installation",
    "installations",
    metavar="SHA256",
    multiple=True,
    help="Отпечаток сертификата установки, которой вы доверяете (для простой подписи).",
)
@click.option(
    "--acknowledgement",
    is_flag=True,
    help="Ожидается ознакомление, а не подпись (для простой подписи).",
)
@click.option("--json", "as_json", is_flag=True, help="Вывести отчёт в формате JSON.")
def verify(
    file: Path,
    signature: Path | None,
    trust: Path | None,
    crls: tuple[Path, ...],
    person: str | None,
    at: str | None,
    installations: tuple[str, ...],
    acknowledgement: bool,
    as_json: bool,
) -> None:
    """Проверить подписанный PDF, файл с отсоединённой подписью или подпись с документом внутри.

    Код завершения: 0 — подпись действительна, 1 — недействительна, 2 — решить нельзя.
    Без --trust доверенных центров нет, и решить нельзя. Простую подпись (файл .simple.json)
    подтверждает отпечаток установки: без --installation решить нельзя.
    """
    expected = None if person is None else read_person(person)
    try:
        if signature is not None and is_simple(signature):
            if trust or crls or at:
                raise click.UsageError(russian().text(NOT_FOR_SIMPLE))
            verify_simple(file, signature, installations, expected, acknowledgement, as_json)
        if installations or acknowledgement:
            raise click.UsageError(russian().text(FOR_SIMPLE_ONLY))
        expectation = NOBODY if expected is None else Expectation(person=expected)
        grounds = Grounds(
            trust=TrustStore(()) if trust is None else load_trust_folder(trust),
            crls=tuple(load_crl(read_bounded(path, MAX_CRL)) for path in crls),
            now=datetime.now(UTC),
            at=None if at is None else read_time(at),
        )
        validation = _validate(file, signature, grounds, expectation)
    except SigningError as error:
        click.echo(russian().text(error.msgid, **error.params), err=True)
        sys.exit(UNDECIDED)
    click.echo(validation.report.to_json() if as_json else _lines(validation))
    sys.exit(EXIT[validation.report.verdict])


def looks_like_cms(content: bytes) -> bool:
    """Say whether the file is a signature file (DER, BER, PEM) rather than a document."""
    return content[:1] == b"\x30" or b"-----BEGIN " in content[:64]


def is_simple(signature: Path) -> bool:
    """Whether the file is a sealed statement rather than a CMS."""
    with signature.open("rb") as opened:
        return looks_like_statement(opened.read(64))


def verify_simple(
    file: Path,
    signature: Path,
    installations: tuple[str, ...],
    person: ExpectedPerson | None,
    acknowledgement: bool,
    as_json: bool,
) -> NoReturn:
    """Judge a sealed statement over a file, say what came of it and exit with its code."""
    check = check_statement(
        read_bounded(file, MAX_PDF),
        read_bounded(signature, MAX_STATEMENT),
        frozenset(map(read_fingerprint, installations)),
        act="acknowledge" if acknowledgement else "sign",
        person=person,
    )
    zone = datetime.now(UTC).astimezone().tzinfo
    assert zone is not None
    lines = check_lines(check, russian().text, zone)
    click.echo(_simple_json(check) if as_json else "\n".join(lines))
    sys.exit(EXIT[check.verdict])


def _simple_json(check: SimpleCheck) -> str:
    seal = check.seal
    said = {
        "verdict": check.verdict,
        "reason": russian().text(check.msgid),
        "sha256": check.sha256,
        "act": seal.statement.act if seal else None,
        "person": seal.statement.person if seal else None,
        "training": seal.statement.training if seal else None,
        "signed_at": seal.statement.signed_at.isoformat() if seal else None,
        "installation": seal.fingerprint if seal else None,
    }
    return json.dumps(said, ensure_ascii=False, sort_keys=True, indent=2)


def read_fingerprint(given: str) -> str:
    """Read a SHA-256 in hex, with or without colons and spaces; raises BadParameter."""
    digits = re.sub(r"[\s:]", "", given).lower()
    if not re.fullmatch(r"[0-9a-f]{64}", digits, re.ASCII):
        words = russian().text(NO_FINGERPRINT, given=given)
        raise click.BadParameter(words, param_hint="--installation")
    return digits


def _validate(
    file: Path, signature: Path | None, grounds: Grounds, expectation: Expectation
) -> Validation:
    content = read_bounded(file, MAX_PDF)
    if signature is None and looks_like_cms(content):
        return validate_attached(content, grounds, expectation, file_name=file.name)
    if signature is None:
        return validate_pdf(content, grounds, expectation, file_name=file.name)
    cms = read_bounded(signature, MAX_CMS)
    return validate_detached(content, cms, grounds, expectation, file_name=file.name)


def _lines(validation: Validation) -> str:
    zone = datetime.now(UTC).astimezone().tzinfo
    assert zone is not None
    return "\n".join(report_lines(validation.report, russian().text, zone))


def read_bounded(path: Path, limit: int) -> bytes:
    """Return the file's bytes; raises TooLargeError before reading more than `limit` bytes."""
    if path.stat().st_size > limit:
        raise TooLargeError(megabytes=limit // MEGABYTE)
    return path.read_bytes()


def read_person(given: str) -> ExpectedPerson:
    """Read a name and/or a СНИЛС (11 digits, with or without hyphens); raises BadParameter."""
    snils = re.search(r"\b\d{3}[- ]?\d{3}[- ]?\d{3}[- ]?\d{2}\b", given)
    rest = given if snils is None else given.replace(snils.group(), " ")
    surname, _, given_name = " ".join(rest.split()).partition(" ")
    if any(character.isdigit() for character in rest) or not (snils or given_name):
        raise click.BadParameter(russian().text(NO_PERSON, given=given), param_hint="--for")
    return ExpectedPerson(surname, given_name, snils.group() if snils else "")


def read_time(given: str) -> datetime:
    """Read a time in ISO 8601, one without a zone as local; raises BadParameter."""
    try:
        return datetime.fromisoformat(given).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        words = russian().text(NO_TIME, given=given)
        raise click.BadParameter(words, param_hint="--at") from error
