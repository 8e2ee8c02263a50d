"""`marshrut verify`: judge a signed PDF, a file with its signature, a signature, a package."""

from __future__ import annotations

import json
import re
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

import click

from marshrut.cli.click_words import RussianCommand
from signing.cades import MAX_CMS, read_cms
from signing.errors import MEGABYTE, SigningError, TooLargeError
from signing.evidence import Grounds
from signing.expectation import Expectation, ExpectedPerson
from signing.file_check import JudgedFile, judge_files, verdict_over
from signing.packages import SIGNATURE_ENDINGS, is_package
from signing.pdf.signatures import MAX_PDF
from signing.power.attorney import MAX_FILE as MAX_POWER
from signing.power.beside import PowerBeside
from signing.records.evidence_records import MAX_RECORD
from signing.reports.indications import indication_of_error
from signing.reports.lines import report_lines
from signing.revocation.known import MAX_CRL, load_crl
from signing.revocation.ocsp import MAX_ANSWER, load_answer
from signing.simple.check import SimpleCheck, check_lines, check_statement
from signing.simple.statement import MAX_STATEMENT, looks_like_statement
from signing.trust import TrustStore
from signing.trust_folder import load_timestamping, load_trust_folder
from signing.validate import Validation
from signing.verdicts import Verdict
from signing.words import N_
from web.words import russian

EXIT = {Verdict.VALID: 0, Verdict.INVALID: 1, Verdict.UNDECIDED: 2}
UNDECIDED = EXIT[Verdict.UNDECIDED]

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)

NO_PERSON = N_("“{given}” is neither a surname with given names nor a СНИЛС.")
NO_FINGERPRINT = N_("“{given}” is not a fingerprint: 64 hexadecimal digits are expected.")
NOT_FOR_SIMPLE = N_(
    "--trust, --crl, --ocsp, --record, --power and --at do not apply to a simple signature."
)
FOR_SIMPLE_ONLY = N_("--installation and --acknowledgement apply to a simple signature only.")
NOT_FOR_PACKAGES = N_(
    "--record is for one file. In a package the record lies beside its signature, as FILE.sig.ers."
)
NO_POWER_SIGNATURE = N_("The signature of the power of attorney is missing: {name}.")
NO_TIME = N_("“{given}” is not a time. Write it as 2026-05-01 or 2026-05-01T12:30.")


@click.command(cls=RussianCommand)
@click.argument("file", metavar="FILE", type=FILE)
@click.option(
    "--signature",
    metavar="SIG",
    type=FILE,
    help="Отсоединённая подпись (.sig) или простая (.simple.json) к файлу; без указания — FILE.sig"
    " рядом с ним.",
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
    "--ocsp",
    "answers",
    metavar="FILE",
    type=FILE,
    multiple=True,
    help="Ответ службы проверки сертификатов (OCSP); можно указать несколько раз.",
)
@click.option(
    "--record",
    "records",
    metavar="ERS",
    type=FILE,
    multiple=True,
    help="Свидетельство сохранности (.ers) файла с подписью; можно указать несколько раз.",
)
@click.option(
    "--for",
    "person",
    metavar="PERSON",
    help="Чья подпись ожидается: фамилия, имя и отчество и (или) СНИЛС.",
)
@click.option(
    "--power",
    metavar="XML",
    type=FILE,
    help="Доверенность (МЧД), по которой подписано; рядом — подпись к ней (XML.sig).",
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
    answers: tuple[Path, ...],
    records: tuple[Path, ...],
    person: str | None,
    power: Path | None,
    at: str | None,
    installations: tuple[str, ...],
    acknowledgement: bool,
    as_json: bool,
) -> None:
    """Проверить подписанный PDF, файл с отсоединённой подписью или подпись с документом внутри.

    Код завершения: 0 — подпись действительна, 1 — недействительна, 2 — решить нельзя.
    Без --trust доверенных центров нет, и решить нельзя. Простую подпись (файл .simple.json)
    подтверждает отпечаток установки: без --installation решить нельзя. Со свидетельством
    сохранности (--record) подпись проверяется на тот момент, который оно доказывает.
    """
    expected = None if person is None else read_person(person)
    try:
        if signature is not None and is_simple(signature):
            if trust or crls or answers or at or records or power:
                raise click.UsageError(russian().text(NOT_FOR_SIMPLE))
            verify_simple(file, signature, installations, expected, acknowledgement, as_json)
        if installations or acknowledgement:
            raise click.UsageError(russian().text(FOR_SIMPLE_ONLY))
        grounds = Grounds(
            trust=TrustStore(()) if trust is None else load_trust_folder(trust),
            timestamping=TrustStore(()) if trust is None else load_timestamping(trust),
            crls=tuple(load_crl(read_bounded(path, MAX_CRL)) for path in crls),
            ocsp=tuple(load_answer(read_bounded(path, MAX_ANSWER)) for path in answers),
            now=datetime.now(UTC),
            at=None if at is None else read_time(at),
        )
        given = None if power is None else _power(power, grounds)
        authority = None if given is None else given.authority
        expectation = Expectation(person=expected, authority=authority)
        judged = _judge(file, signature, records, grounds, expectation)
    except SigningError as error:
        click.echo(_error_words(error), err=True)
        sys.exit(UNDECIDED)
    _say(judged, as_json)
    if given is not None and not as_json:
        click.echo("\n" + "\n".join(given.lines(russian().text)))
    sys.exit(EXIT[verdict_over(judged)])


def _power(file: Path, grounds: Grounds) -> PowerBeside:
    """Read a power of attorney and the signature that lies beside it; raises BadParameter."""
    beside = [file.with_name(file.name + ".sig"), file.with_suffix(".sig")]
    found = [path for path in beside if path.is_file()]
    if not found:
        words = russian().text(NO_POWER_SIGNATURE, name=beside[0].name)
        raise click.BadParameter(words, param_hint="--power")
    zone = datetime.now(UTC).astimezone().tzinfo
    assert zone is not None
    content = read_bounded(file, MAX_POWER)
    return PowerBeside(content, read_bounded(found[0], MAX_CMS), grounds, zone)


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


def _judge(
    file: Path,
    signature: Path | None,
    records: tuple[Path, ...],
    grounds: Grounds,
    expectation: Expectation,
) -> tuple[JudgedFile, ...]:
    """Judge what was named; a signature finds its document beside itself, a document FILE.sig."""
    if signature is None:
        document = _document_beside(file)
        if document is not None:
            file, signature = document, file
    content = read_bounded(file, MAX_PDF)
    if signature is None and not is_package(content):
        signature = _signature_beside(file)
    if records and signature is None and is_package(content):
        raise click.UsageError(russian().text(NOT_FOR_PACKAGES))
    beside = None if signature is None else (signature.name, read_bounded(signature, MAX_CMS))
    kept = tuple(read_bounded(each, MAX_RECORD) for each in records)
    return judge_files(file.name, content, grounds, expectation, beside, kept)


def _document_beside(file: Path) -> Path | None:
    """Return «приказ.pdf» for a detached «приказ.pdf.sig» that lies beside it."""
    document = file.with_suffix("")
    if file.suffix.lower() not in SIGNATURE_ENDINGS or not document.is_file():
        return None
    return document if read_cms(read_bounded(file, MAX_CMS)).content is None else None


def _signature_beside(file: Path) -> Path | None:
    """Return «приказ.pdf.sig», as `marshrut sign` names it, when it lies beside «приказ.pdf»."""
    signature = file.with_name(file.name + ".sig")
    return signature if signature.is_file() else None


def _say(judged: tuple[JudgedFile, ...], as_json: bool) -> None:
    """Print every report; of a single file that could not be judged, why, as an error."""
    if len(judged) == 1 and isinstance(judged[0].found, SigningError):
        click.echo(_error_words(judged[0].found), err=True)
    elif len(judged) == 1 and as_json:
        click.echo(_as_json(judged[0]))
    elif as_json:
        click.echo("[" + ",".join(map(_as_json, judged)) + "]")
    else:
        click.echo("\n\n".join(map(_as_text, judged)))


def _as_json(judged: JudgedFile) -> str:
    if isinstance(judged.found, Validation):
        return judged.found.report.to_json()
    indication = indication_of_error(judged.found.code)
    said = {
        "file_name": judged.name,
        "signature_name": judged.signature_name,
        "verdict": judged.verdict,
        "code": judged.found.code,
        "reason": russian().text(judged.found.msgid, **judged.found.params),
        "indication": indication.main if indication else None,
        "sub_indication": indication.sub if indication else None,
    }
    return json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _as_text(judged: JudgedFile) -> str:
    if isinstance(judged.found, Validation):
        return _lines(judged.found)
    named = " + ".join(filter(None, (judged.name, judged.signature_name)))
    return f"{named}\n  {_error_words(judged.found)}"


def _error_words(error: SigningError) -> str:
    """Return why a file could not be judged, with the indication that this amounts to."""
    words = russian().text(error.msgid, **error.params)
    indication = indication_of_error(error.code)
    return words if indication is None else f"{words} ({indication.main} / {indication.sub})"


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
