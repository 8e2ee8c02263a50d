"""`marshrut trust`: state roots and the list of accredited authorities, in a folder of trust."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click

from marshrut.cli.click_words import RussianGroup
from marshrut.cli.verify import read_bounded
from signing.accredited.list_check import verify_list
from signing.accredited.qualified_folder import confirm_root, keep_list, kept_part, read_root, shown
from signing.accredited.trusted_list import TrustedList
from signing.accredited.xmldsig import MAX_XML
from signing.certificates import MAX_CERTIFICATE, OGRN, Certificate, subject_value
from signing.errors import SigningError
from signing.revocation.known import MAX_CRL, load_crl
from signing.words import N_
from web.words import russian

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
FOLDER = click.Path(file_okay=False, path_type=Path)

OWNER = N_("Owner: {name}")
OWNER_OGRN = N_("OGRN: {ogrn}")
KEY = N_("Key: {key}")
VALID = N_("Valid from {since:%d.%m.%Y} to {until:%d.%m.%Y}")
FINGERPRINT = N_("Fingerprint (SHA-256): {fingerprint}")
COMPARE = N_(
    "Compare the fingerprint with the official publication of the ministry, character by "
    "character. Only then confirm it: marshrut trust confirm-root FILE --sha256 FINGERPRINT "
    "--into FOLDER"
)
CONFIRMED = N_("The root certificate of {name} is confirmed.")
LIST_KEPT = N_("The list of version {version} is in use: {count} authorities.")
LEFT_OUT = N_("Left out, because the entry cannot be read: {names}")
NOT_WRITTEN = N_("The folder {folder} cannot be written.")


@click.group(
    cls=RussianGroup,
    help="Доверие: государственные корневые сертификаты и перечень аккредитованных УЦ.",
)
def trust() -> None:
    """The group of commands about trust."""


@trust.command("show-root", help="Показать корневой сертификат и его отпечаток.")
@click.argument("file", metavar="FILE", type=FILE)
def show_root(file: Path) -> None:
    """Print what is compared with the official publication; nothing is trusted yet."""
    with _explained():
        root = read_root(read_bounded(file, MAX_CERTIFICATE))
    for line in _root_lines(root):
        click.echo(line)
    click.echo(russian().text(COMPARE))


@trust.command("confirm-root", help="Доверять корневому сертификату, отпечаток которого сверен.")
@click.argument("file", metavar="FILE", type=FILE)
@click.option(
    "--sha256",
    required=True,
    metavar="FINGERPRINT",
    help="Отпечаток из официальной публикации, а не из показанного файла.",
)
@click.option("--into", "folder", required=True, metavar="DIR", type=FOLDER, help="Папка доверия.")
def confirm_root_command(file: Path, sha256: str, folder: Path) -> None:
    """Put the root into the folder when the fingerprint typed in is that of the file."""
    with _explained(folder):
        root = read_root(read_bounded(file, MAX_CERTIFICATE))
        confirm_root(folder, root, sha256)
    click.echo(russian().text(CONFIRMED, name=root.subject_text))


@trust.command("import-list", help="Проверить и взять в работу перечень аккредитованных УЦ (XML).")
@click.argument("file", metavar="FILE", type=FILE)
@click.option(
    "--into",
    "folder",
    required=True,
    metavar="DIR",
    type=FOLDER,
    help="Папка доверия с подтверждёнными корневыми сертификатами.",
)
@click.option(
    "--crl",
    "crls",
    metavar="FILE",
    type=FILE,
    multiple=True,
    help="Список отозванных сертификатов; можно указать несколько раз.",
)
def import_list(file: Path, folder: Path, crls: tuple[Path, ...]) -> None:
    """Verify a list against the confirmed roots of the folder and put it into use there."""
    with _explained(folder):
        part = kept_part(folder)
        trusted = verify_list(
            read_bounded(file, MAX_XML),
            part.roots,
            datetime.now(UTC),
            crls=[load_crl(read_bounded(path, MAX_CRL)) for path in crls],
            previous_version=part.version,
        )
        keep_list(folder, trusted)
    for line in _list_lines(trusted):
        click.echo(line)


@contextmanager
def _explained(folder: Path | None = None) -> Iterator[None]:
    """Say in Russian why it did not work, and exit with 1."""
    try:
        yield
    except SigningError as error:
        click.echo(russian().text(error.msgid, **error.params), err=True)
        sys.exit(1)
    except OSError:
        click.echo(russian().text(NOT_WRITTEN, folder=str(folder)), err=True)
        sys.exit(1)


def _root_lines(root: Certificate) -> list[str]:
    words = russian()
    return [
        words.text(OWNER, name=root.subject_text),
        words.text(OWNER_OGRN, ogrn=subject_value(root, OGRN) or "—"),
        words.text(KEY, key=root.key_description),
        words.text(VALID, since=root.not_before, until=root.not_after),
        words.text(FINGERPRINT, fingerprint=shown(root.fingerprint)),
    ]


def _list_lines(trusted: TrustedList) -> list[str]:
    words = russian()
    lines = [words.text(LIST_KEPT, version=trusted.version, count=len(trusted.authorities))]
    if trusted.left_out:
        lines.append(words.text(LEFT_OUT, names="; ".join(trusted.left_out)))
    return lines
