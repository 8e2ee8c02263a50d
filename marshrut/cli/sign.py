"""`marshrut sign`: sign a file with a key in PKCS#12."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

import click

from marshrut.cli.verify import FILE, read_bounded
from signing.errors import SigningError
from signing.keys import MAX_PKCS12, SigningKey, open_pkcs12
from signing.pdf.signatures import MAX_PDF
from signing.sign import sign_detached, sign_pdf
from signing.words import N_
from web.words import russian

PASSWORD_VARIABLE = "MARSHRUT_P12_PASSWORD"  # noqa: S105 - the name of a variable, not a password

EXISTS = N_("The file {path} exists already and was not overwritten. Name another one.")
NOT_WRITTEN = N_("The file {path} could not be written: {reason}.")
WRITTEN = N_("Signed by {owner}: {path}")
PASSWORD = N_("Password of the key")


@click.command()
@click.argument("file", metavar="FILE", type=FILE)
@click.option(
    "--p12",
    metavar="P12",
    type=FILE,
    required=True,
    help="Контейнер с ключом и сертификатом (PKCS#12).",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["pades", "cades"]),
    required=True,
    help="pades — подпись внутри PDF, cades — отсоединённая подпись (.sig).",
)
@click.option(
    "--out",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    help="Куда записать результат; существующий файл не заменяется.",
)
def sign(file: Path, p12: Path, form: str, out: Path) -> None:
    """Подписать файл ключом из контейнера PKCS#12.

    Пароль ключа запрашивается или берётся из переменной MARSHRUT_P12_PASSWORD.
    """
    if out.exists():
        _fail(EXISTS, path=str(out))
    try:
        content = read_bounded(file, MAX_PDF)
        container = read_bounded(p12, MAX_PKCS12)
        key = open_pkcs12(container, _password())
        signed = _signed(content, key, form)
    except SigningError as error:
        _fail(error.msgid, **error.params)
    _write(out, signed)
    click.echo(russian().text(WRITTEN, owner=key.certificate.subject_text, path=str(out)))


def _signed(content: bytes, key: SigningKey, form: str) -> bytes:
    now = datetime.now(UTC)
    return sign_pdf(content, key, now) if form == "pades" else sign_detached(content, key, now)


def _password() -> str:
    from_environment = os.environ.get(PASSWORD_VARIABLE)
    if from_environment is not None:
        return from_environment
    return str(click.prompt(russian().text(PASSWORD), hide_input=True, err=True))


def _write(out: Path, signed: bytes) -> None:
    """Write `signed` into a new file; a file that appeared meanwhile is not overwritten."""
    try:
        with out.open("xb") as file:
            file.write(signed)
    except FileExistsError:
        _fail(EXISTS, path=str(out))
    except OSError as error:
        _fail(NOT_WRITTEN, path=str(out), reason=error.strerror or "")


def _fail(msgid: str, **params: str | int) -> NoReturn:
    click.echo(russian().text(msgid, **params), err=True)
    sys.exit(1)
