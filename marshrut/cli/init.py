"""`marshrut init`: begins a real installation with its first operator."""

from __future__ import annotations

import io
import os
from typing import NoReturn

import click
import segno
import sqlalchemy as sa
from sqlalchemy import Engine

from marshrut.background import system_clock
from marshrut.cli.click_words import RussianCommand
from marshrut.cli.environment import explained_problems, stop_with
from marshrut.keys import SecretKeys, create_keys, keys_exist, read_keys
from marshrut.settings import Settings, settings_from_environment
from marshrut.wiring import make_services
from web.second_factor import provisioning_uri, typed_secret
from web.words import russian
from workflow.domain.refusals import N_, Refusal
from workflow.store.engine import make_engine
from workflow.store.migrations import upgrade
from workflow.store.tables.installation import installation as installations
from workflow.usecases import installation
from workflow.usecases.accounts import NewAccount, check_password
from workflow.usecases.staff import NewPerson

PASSWORD_VARIABLE = "MARSHRUT_OPERATOR_PASSWORD"  # noqa: S105 - the name of a variable
FEMALE, MALE = "ж", "м"


@click.command(
    cls=RussianCommand,
    help="Начать настоящую (не учебную) работу: ключи, база данных, администратор.",
)
@click.option(
    "--name",
    envvar="MARSHRUT_OPERATOR_NAME",
    help="Фамилия, имя и отчество администратора системы.",
)
@click.option("--login", envvar="MARSHRUT_OPERATOR_LOGIN", help="Логин администратора системы.")
@click.option(
    "--gender",
    envvar="MARSHRUT_OPERATOR_GENDER",
    type=click.Choice([FEMALE, MALE]),
    help="Пол администратора. Если не указать, определяется по отчеству.",
)
def init(name: str | None, login: str | None, gender: str | None) -> None:
    """Ask for what is not given, then make keys, schema and operator; refuse a second time.

    The password comes from a prompt or from MARSHRUT_OPERATOR_PASSWORD, never from the arguments:
    every user of the machine can read those.
    """
    with explained_problems():
        settings = settings_from_environment()
        _refuse_what_is_begun(settings)
        operator = _operator(name or _asked(N_("Full name of the operator")), gender)
        login = login or _asked(N_("Login"))
        password = _password()
        begun = _begin(settings, operator, login, password)
    if isinstance(begun, Refusal):
        _stop_refused(begun)
    _show(settings, begun.account)


def _refuse_what_is_begun(settings: Settings) -> None:
    """Stop where there is an installation already, before anything is asked or made."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    engine = make_engine(settings.database_url)
    try:
        if not _has_installation(engine):
            return
    finally:
        engine.dispose()
    stop_with(
        N_(
            "An installation has been begun here already: {folder}. Nothing was changed."
            " Start it with “marshrut up”, or choose another folder by MARSHRUT_DATA_DIR."
        ),
        folder=settings.data_dir,
    )


def _has_installation(engine: Engine) -> bool:
    if not sa.inspect(engine).has_table(installations.name):
        return False
    with engine.connect() as connection:
        return connection.execute(sa.select(installations.c.id).limit(1)).first() is not None


def _begin(
    settings: Settings, operator: NewPerson, login: str, password: str
) -> installation.Begun | Refusal:
    services = make_services(settings, _keys(settings), system_clock)
    upgrade(services.uow.engine)
    try:
        return installation.begin(services, operator, login, password)
    finally:
        services.uow.engine.dispose()


def _keys(settings: Settings) -> SecretKeys:
    """Make the keys; take those that are there when an earlier beginning was cut short."""
    if keys_exist(settings.keys_dir):
        return read_keys(settings.keys_dir)
    return create_keys(settings.keys_dir)


def _operator(name: str, gender: str | None) -> NewPerson:
    parts = name.split()
    if len(parts) < 2:
        stop_with(N_("Write surname, first name and patronymic: Орлова Вера Петровна."))
    last, first, middle = parts[0], parts[1], " ".join(parts[2:])
    return NewPerson(last, first, middle, female=(gender or _gender_of(middle)) == FEMALE)


def _gender_of(patronymic: str) -> str:
    """Return the gender that a patronymic tells; ask where it tells none."""
    if patronymic.endswith(("вна", "чна", "кызы")):
        return FEMALE
    if patronymic.endswith(("ич", "оглы")):
        return MALE
    question = russian().text(N_("Gender of the operator (ж or м)"))
    while (answer := str(click.prompt(question)).strip().lower()) not in (FEMALE, MALE):
        pass
    return answer


def _password() -> str:
    """Return a password that is long enough: from the environment, or asked for twice."""
    given = os.environ.get(PASSWORD_VARIABLE)
    if given is not None:
        refusal = check_password(given)
        if refusal:
            _stop_refused(refusal)
        return given
    while True:
        typed = str(
            click.prompt(
                russian().text(N_("Password")),
                hide_input=True,
                confirmation_prompt=russian().text(N_("The password once more")),
            )
        )
        refusal = check_password(typed)
        if refusal is None:
            return typed
        click.echo(_sentence(refusal), err=True)


def _asked(question: str) -> str:
    return str(click.prompt(russian().text(question))).strip()


def _sentence(refusal: Refusal) -> str:
    words = russian()
    told = (words.text(part, **refusal.params) for part in (refusal.msgid, refusal.todo) if part)
    return " ".join(told)


def _stop_refused(refusal: Refusal) -> NoReturn:
    click.echo(_sentence(refusal), err=True)
    raise SystemExit(1)


def _show(settings: Settings, account: NewAccount) -> None:
    words = russian()
    address = provisioning_uri(account.second_factor, account.account.login, words.text("Marshrut"))
    picture = io.StringIO()
    segno.make(address, error="l").terminal(picture, compact=True)
    for line in (
        words.text(N_("The installation has been begun: {folder}."), folder=settings.data_dir),
        words.text(
            N_("Secret keys: {folder}. Keep a copy of them apart from the database."),
            folder=settings.keys_dir,
        ),
        "",
        words.text(
            N_("Open an authenticator application and scan the code. It is shown only now.")
        ),
        picture.getvalue(),
        words.text(N_("Or type the key: {secret}"), secret=typed_secret(account.second_factor)),
        address,
        "",
        words.text(
            N_(
                "Next: run “marshrut up”, open {address}, sign in as {login} and go on with the"
                " section “Set-up”."
            ),
            address=settings.base_url,
            login=account.account.login,
        ),
    ):
        click.echo(line)
