"""`marshrut mail test`: send a letter with the settings as they are, or say what is wrong."""

from __future__ import annotations

from uuid import uuid4

import click

from marshrut.background import system_clock
from marshrut.cli.click_words import RussianGroup
from marshrut.cli.environment import explained_problems, stop_with
from marshrut.settings import settings_from_environment
from marshrut.wiring import make_mail, site_of
from web.words import russian
from workflow.domain.mail import OutgoingMail, TrialText
from workflow.domain.refusals import N_
from workflow.ports import MailDelayedError


@click.group(cls=RussianGroup, help="Почта: напоминания и извещения.")
def mail() -> None:
    """The group of commands about mail."""


@mail.command("test", help="Отправить пробное письмо по адресу ADDRESS.")
@click.argument("address")
def test(address: str) -> None:
    """Send a trial letter; exit 1 with the reason when the server does not take it."""
    with explained_problems():
        settings = settings_from_environment()
    post = make_mail(settings, system_clock)
    if post is None:
        stop_with(N_("Mail is not set up: set MARSHRUT_SMTP_HOST and MARSHRUT_SMTP_FROM."))
    message_id = f"<trial.{uuid4()}@{site_of(settings)}>"
    try:
        refusal = post.send(OutgoingMail(message_id, address, settings.base_url, TrialText()))
    except MailDelayedError as error:
        stop_with(error.reason.msgid, **error.reason.params)
    if refusal is not None:
        stop_with(N_("The mail server takes no letters for {address}."), address=address)
    click.echo(
        russian().text(N_("The mail server has taken the letter to {address}."), address=address)
    )
