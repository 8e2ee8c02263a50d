"""`marshrut verify`: judge a signed PDF, or a file with its detached signature."""

from __future__ import annotations

import re
import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from signing.cades import MAX_CMS
from signing.errors import MEGABYTE, SigningError, TooLargeError
from signing.evidence import Grounds
from signing.expectation import NOBODY, Expectation, ExpectedPerson
from signing.pdf_signatures import MAX_PDF
from signing.report import report_lines
from signing.revocation import MAX_CRL, load_crl
from signing.trust import TrustStore
from signing.trust_folder import load_trust_folder
from signing.validate import Validation, validate_detached, validate_pdf
from signing.verdicts import Verdict
from signing.words import N_
from web.words import russian

EXIT = {Verdict.VALID: 0, Verdict.INVALID: 1, Verdict.UNDECIDED: 2}
UNDECIDED = EXIT[Verdict.UNDECIDED]

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)

NO_PERSON = N_("“{given}” is neither a surname with given names nor a СНИЛС.")
NO_TIME = N_("“{given}” is not a time. Write it as 2026-05-01 or 2026-05-01T12:30.")


@click.command()
@click.argument("file", metavar="FILE", type=FILE)
@click.option("--signature", metavar="SIG", type=FILE, help="Отсоединённая подпись (.sig) к файлу.")
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
@click.option("--json", "as_json", is_flag=True, help="Вывести отчёт в формате JSON.")
def verify(
    file: Path,
    signature: Path | None,
    trust: Path | None,
    crls: tuple[Path, ...],
    person: str | None,
    at: str | None,
    as_json: bool,
) -> None:
    """Проверить подписанный PDF или файл с отсоединённой подписью.

    Код завершения: 0 — подпись действительна, 1 — недействительна, 2 — решить нельзя.
    Без --trust доверенных центров нет, и решить нельзя.
    """
    try:
        expectation = NOBODY if person is None else Expectation(person=read_person(person))
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


def _validate(
    file: Path, signature: Path | None, grounds: Grounds, expectation: Expectation
) -> Validation:
    content = read_bounded(file, MAX_PDF)
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
