"""`marshrut sign`: sign files with a key in PKCS#12 or on a token, without a database."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

import click

from marshrut.cli.click_words import RussianCommand
from marshrut.cli.verify import FILE, read_bounded
from signing.certificates import load_certificate
from signing.errors import MEGABYTE, SigningError
from signing.keys import MAX_PKCS12, KeyAtHand, open_pkcs12
from signing.pdf.signatures import MAX_PDF
from signing.sign import sign_detached, sign_pdf
from signing.tokens.keys import TokenKeyName, find_token, open_token_key
from signing.words import N_
from web.words import russian

PASSWORD_VARIABLE = "MARSHRUT_P12_PASSWORD"  # noqa: S105 - the name of a variable, not a password
PIN_VARIABLE = "MARSHRUT_TOKEN_PIN"
LONGEST_SECRET = 4096

EXISTS = N_("The file {path} exists already and was not overwritten. Name another one.")
NOT_WRITTEN = N_("The file {path} could not be written: {reason}.")
WRITTEN = N_("Signed by {owner}: {path}")
PASSWORD = N_("Password of the key")
PIN = N_("PIN of the token {token}")
ONE_KEY = N_("Say where the key is: either --p12, or --pkcs11 with --token.")
TOKEN_ONLY = N_("--key and --certificate go with --pkcs11.")
ONE_OUT = N_("--out names the result of one file. Leave it out for several.")
SAME_RESULT = N_("Two of the files would give the same result: {path}.")
NO_SECRET = N_("Nothing can be read from the file descriptor {number}.")


@dataclass(frozen=True)
class TokenOptions:
    """Which key on which token, by the options of the command."""

    library: Path
    token: str
    key: str
    certificate: Path | None


@click.command(cls=RussianCommand)
@click.argument("files", metavar="FILE...", type=FILE, nargs=-1, required=True)
@click.option("--p12", metavar="P12", type=FILE, help="Контейнер с ключом (PKCS#12).")
@click.option(
    "--pkcs11", "library", metavar="LIBRARY", type=FILE, help="Библиотека токена (PKCS#11)."
)
@click.option("--token", metavar="NAME", help="Название или серийный номер токена.")
@click.option("--key", metavar="LABEL", default="", help="Метка ключа, если их на токене много.")
@click.option(
    "--certificate", metavar="FILE", type=FILE, help="Сертификат ключа, если его нет на токене."
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["cades", "pades"]),
    default="cades",
    help="cades — отсоединённая подпись (.sig), так и без указания; pades — подпись внутри PDF.",
)
@click.option(
    "--out",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Куда записать результат; без указания — рядом: FILE.sig или FILE_signed.pdf.",
)
@click.option(
    "--password-fd",
    "descriptor",
    metavar="N",
    type=click.IntRange(min=0),
    help="Прочитать пароль или ПИН-код из открытого файлового дескриптора N.",
)
def sign(
    files: tuple[Path, ...],
    p12: Path | None,
    library: Path | None,
    token: str | None,
    key: str,
    certificate: Path | None,
    form: str,
    out: Path | None,
    descriptor: int | None,
) -> None:
    """Подписать файлы ключом из контейнера PKCS#12 или ключом на токене.

    Ключи в контейнере — ГОСТ, RSA, ECDSA; на токене — RSA и ECDSA. Пароль (ПИН-код)
    запрашивается, берётся из переменной MARSHRUT_P12_PASSWORD (MARSHRUT_TOKEN_PIN)
    или из дескриптора --password-fd; в команде он не пишется. ПИН-код пробуется один раз.
    Существующие файлы не заменяются. Либо подписываются все файлы, либо ни один.
    """
    on_token = _token_options(p12, library, token, key, certificate)
    targets = _targets(files, form, out)
    try:
        contents = [read_bounded(file, MAX_PDF) for file in files]
        with _opened(p12, on_token, descriptor) as opened:
            signed = [_signed(content, opened, form) for content in contents]
    except SigningError as error:
        _fail(error.msgid, **error.params)
    _write_all(targets, signed)
    for path in targets:
        owner = opened.certificate.subject_text
        click.echo(russian().text(WRITTEN, owner=owner, path=str(path)))


def _token_options(
    p12: Path | None, library: Path | None, token: str | None, key: str, certificate: Path | None
) -> TokenOptions | None:
    """Return where the key lies: None for the container. Raises UsageError for half a choice."""
    if p12 is not None and library is None and token is None:
        if key or certificate:
            raise click.UsageError(russian().text(TOKEN_ONLY))
        return None
    if p12 is None and library is not None and token is not None:
        return TokenOptions(library, token, key, certificate)
    raise click.UsageError(russian().text(ONE_KEY))


def _targets(files: Sequence[Path], form: str, out: Path | None) -> list[Path]:
    """Return where each result goes; nothing is asked or signed before all places are free."""
    if out is not None and len(files) > 1:
        raise click.UsageError(russian().text(ONE_OUT))
    targets = [out] if out is not None else [_beside(file, form) for file in files]
    for place, path in enumerate(targets):
        if os.path.lexists(path):
            _fail(EXISTS, path=str(path))
        if path in targets[:place]:
            _fail(SAME_RESULT, path=str(path))
    return targets


def _beside(file: Path, form: str) -> Path:
    if form == "pades":
        return file.with_name(f"{file.stem}_signed.pdf")
    return file.with_name(f"{file.name}.sig")


@contextmanager
def _opened(
    p12: Path | None, on_token: TokenOptions | None, descriptor: int | None
) -> Iterator[KeyAtHand]:
    """Give the opened key; a token is logged in to for as long as the files are signed."""
    if on_token is None:
        assert p12 is not None  # see _token_options
        container = read_bounded(p12, MAX_PKCS12)
        yield open_pkcs12(container, _secret(PASSWORD_VARIABLE, descriptor, PASSWORD))
        return
    given = None
    if on_token.certificate is not None:
        given = load_certificate(read_bounded(on_token.certificate, MEGABYTE))
    token = find_token(on_token.library, on_token.token)
    pin = _secret(PIN_VARIABLE, descriptor, PIN, token=token.label or token.serial)
    name = TokenKeyName(token, label=on_token.key)
    # Who calls this has the token at hand and can unlock it: no attempt is spared.
    with open_token_key(on_token.library, name, pin, given, spare_last_try=False) as key:
        yield key


def _signed(content: bytes, key: KeyAtHand, form: str) -> bytes:
    now = datetime.now(UTC)
    return sign_pdf(content, key, now) if form == "pades" else sign_detached(content, key, now)


def _secret(variable: str, descriptor: int | None, asked: str, **params: str) -> str:
    """Return the password or PIN: out of the descriptor, the environment, or as it is typed."""
    if descriptor is not None:
        return _read_secret(descriptor)
    from_environment = os.environ.get(variable)
    if from_environment is not None:
        return from_environment
    return str(click.prompt(russian().text(asked, **params), hide_input=True, err=True))


def _read_secret(descriptor: int) -> str:
    """Return the first line that the descriptor gives."""
    try:
        with os.fdopen(descriptor, "rb", closefd=False) as source:
            return source.readline(LONGEST_SECRET).decode().rstrip("\r\n")
    except (OSError, UnicodeDecodeError):
        _fail(NO_SECRET, number=descriptor)


def _write_all(targets: Sequence[Path], signed: Sequence[bytes]) -> None:
    """Write each result into a new file; if one cannot be written, none of them stays.

    A file that appeared meanwhile is not overwritten.
    """
    made: list[Path] = []
    try:
        for path, content in zip(targets, signed, strict=True):
            with path.open("xb") as file:
                made.append(path)
                file.write(content)
    except OSError as error:
        for each in made:
            each.unlink(missing_ok=True)
        if isinstance(error, FileExistsError):
            _fail(EXISTS, path=str(path))
        _fail(NOT_WRITTEN, path=str(path), reason=error.strerror or "")


def _fail(msgid: str, **params: str | int) -> NoReturn:
    click.echo(russian().text(msgid, **params), err=True)
    sys.exit(1)
