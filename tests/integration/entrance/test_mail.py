"""Letters leave through a real SMTP server, whatever it does; `marshrut mail test` tries it."""

from __future__ import annotations

import ssl
import traceback
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from marshrut.cli import main
from marshrut.engines.mail import SmtpMail
from marshrut.smtp_settings import Security, SmtpSettings
from tests.mail_server import MailServer, certificate_for_localhost, mail_server
from web.words import russian
from workflow.domain.deadlines import Left, Remaining
from workflow.domain.mail import OutgoingMail, ReminderText
from workflow.domain.refusals import Refusal
from workflow.domain.reminders import ReminderKind
from workflow.ports import MailDelayedError

NOW = datetime(2026, 5, 6, 6, 30, tzinfo=UTC)
LETTER = OutgoingMail(
    "<reminder.1@marshrut.example>",
    "zhukova@school.example",
    "https://marshrut.example/reminders/1",
    ReminderText(
        ReminderKind.BEFORE,
        "Отчёт наставника",
        "МБОУ «СОШ № 1»",
        "Положение, п. 3.2",
        date(2026, 5, 8),
        Remaining(Left.AHEAD, 2, "{n} working day left", "{n} working days left"),
        date(2026, 5, 6),
    ),
)


@pytest.fixture
def server() -> Iterator[MailServer]:
    with mail_server() as running:
        yield running


@pytest.fixture(scope="module")
def contexts(tmp_path_factory: pytest.TempPathFactory) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    return certificate_for_localhost(tmp_path_factory.mktemp("tls"))


def post(
    server: MailServer,
    security: Security = Security.NONE,
    context: ssl.SSLContext | None = None,
    user: str = "",
    password: str = "",
) -> SmtpMail:
    settings = SmtpSettings(
        "127.0.0.1", server.port, security, "marshrut@town.example", user, password
    )
    return SmtpMail(settings, russian(), lambda: NOW, "marshrut.example", context)


def delayed(way: SmtpMail) -> str:
    """The code of the reason why the letter has to be tried again."""
    with pytest.raises(MailDelayedError) as stopped:
        way.send(LETTER)
    told = "".join(traceback.format_exception(stopped.value))
    assert "zhukova" not in told
    return stopped.value.reason.code


def refused(way: SmtpMail, letter: OutgoingMail = LETTER) -> str:
    answer = way.send(letter)
    assert isinstance(answer, Refusal)
    assert russian().text(answer.msgid, **answer.params) != answer.msgid
    return answer.code


def test_a_letter_arrives_as_plain_russian_text(server: MailServer) -> None:
    assert post(server).send(LETTER) is None
    (letter,) = server.letters
    message = letter.message
    assert (letter.sender, letter.recipients) == (
        "marshrut@town.example",
        ("zhukova@school.example",),
    )
    assert message["Subject"] == "Напоминание: Отчёт наставника, до 8 мая"
    assert message["From"] == "Маршрут <marshrut@town.example>"
    assert message["Message-ID"] == "<reminder.1@marshrut.example>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert parsedate_to_datetime(message["Date"]) == NOW
    assert (message.get_content_type(), message.get_content_charset()) == ("text/plain", "utf-8")
    assert "до пятницы, 8\xa0мая (осталось 2 рабочих дня)" in letter.text
    assert LETTER.link in letter.text
    letter.content.decode("ascii")


def test_a_title_with_line_breaks_adds_no_header(server: MailServer) -> None:
    assert isinstance(LETTER.text, ReminderText)
    text = replace(LETTER.text, title="План\r\nBcc: all@school.example")
    assert post(server).send(replace(LETTER, text=text)) is None
    (letter,) = server.letters
    assert letter.message["Bcc"] is None
    assert letter.recipients == ("zhukova@school.example",)


@pytest.mark.parametrize("security", [Security.STARTTLS, Security.SSL])
def test_a_protected_connection_carries_password_and_letter(
    contexts: tuple[ssl.SSLContext, ssl.SSLContext], security: Security
) -> None:
    ours = {"tls" if security is Security.SSL else "starttls": contexts[0]}
    with mail_server(**ours) as server:
        server.user, server.password = "marshrut", "secret"
        way = post(server, security, contexts[1], "marshrut", "secret")
        assert way.send(LETTER) is None
        (letter,) = server.letters
        assert (letter.protected, letter.user) == (True, "marshrut")


@pytest.mark.parametrize("security", [Security.STARTTLS, Security.SSL])
def test_a_server_with_a_certificate_nobody_trusts_gets_nothing(
    contexts: tuple[ssl.SSLContext, ssl.SSLContext], security: Security
) -> None:
    ours = {"tls" if security is Security.SSL else "starttls": contexts[0]}
    with mail_server(**ours) as server:
        assert delayed(post(server, security)) == "mail.certificate"
        assert server.letters == []


def test_without_the_protection_that_is_set_nothing_leaves(server: MailServer) -> None:
    assert delayed(post(server, Security.STARTTLS)) == "mail.protection"
    assert server.letters == []


def test_a_wrong_password_is_told_as_such(server: MailServer) -> None:
    server.user, server.password = "marshrut", "secret"
    assert delayed(post(server, user="marshrut", password="other")) == "mail.login"


def test_a_mailbox_that_is_not_there_is_refused_for_good(server: MailServer) -> None:
    server.answers["RCPT"] = "550 5.1.1 <zhukova@school.example> is not here"
    assert refused(post(server)) == "mail.refused"


@pytest.mark.parametrize(
    ("at", "answer", "reason"),
    [
        ("RCPT", "450 4.2.0 greylisted", "mail.no_answer"),
        ("RCPT", "550 5.7.1 relaying denied", "mail.no_answer"),
        ("RCPT", "530 sign in first", "mail.no_answer"),
        ("MAIL", "553 5.1.8 not your address", "mail.sender"),
        ("letter", "451 4.3.0 later", "mail.no_answer"),
        ("letter", "554 5.6.0 never", "mail.no_answer"),
        ("hello", "421 busy", "mail.no_answer"),
    ],
)
def test_what_may_pass_is_tried_again(
    server: MailServer, at: str, answer: str, reason: str
) -> None:
    server.answers[at] = answer
    assert delayed(post(server)) == reason
    assert server.letters == []
    server.answers.clear()
    assert post(server).send(LETTER) is None
    assert len(server.letters) == 1


@pytest.mark.parametrize("at", ["hello", "EHLO", "MAIL", "RCPT", "DATA", "letter"])
def test_a_connection_that_breaks_off_is_tried_again(server: MailServer, at: str) -> None:
    server.drops.add(at)
    assert delayed(post(server)) == "mail.no_answer"


def test_a_letter_whose_answer_was_lost_comes_again_under_the_same_name(
    server: MailServer,
) -> None:
    server.drops.add("letter")
    assert delayed(post(server)) == "mail.no_answer"
    server.drops.clear()
    assert post(server).send(LETTER) is None
    ids = [letter.message["Message-ID"] for letter in server.letters]
    assert ids == [LETTER.message_id] * 2


@pytest.mark.parametrize("how", ["drops", "answers"])
def test_what_goes_wrong_after_the_letter_was_taken_changes_nothing(
    server: MailServer, how: str
) -> None:
    if how == "drops":
        server.drops.add("QUIT")
    else:
        server.answers["QUIT"] = "500 what?"
    assert post(server).send(LETTER) is None
    assert len(server.letters) == 1


def test_a_server_that_is_not_there_is_waited_for(server: MailServer) -> None:
    with mail_server() as gone:
        way = post(gone)
    assert delayed(way) == "mail.no_answer"


@pytest.mark.parametrize(
    "address",
    [
        "",
        "zhukova",
        "@school.example",
        "жукова@school.example",
        "a b@school.example",
        "zhukova@school.example\r\nRCPT TO:<all@school.example>",
        "zhukova@" + "a" * 300,
    ],
)
def test_what_is_no_address_is_not_sent_anywhere(server: MailServer, address: str) -> None:
    assert refused(post(server), replace(LETTER, address=address)) == "mail.address"
    assert server.connections == 0


def test_a_domain_in_russian_letters_is_reached(server: MailServer) -> None:
    assert post(server).send(replace(LETTER, address="zhukova@школа.рф")) is None
    assert server.letters[0].recipients == ("zhukova@xn--80atdl2c.xn--p1ai",)


# --- marshrut mail test --------------------------------------------------------------------


def mail_test(folder: Path, address: str = "somebody@town.example", **smtp: str) -> Result:
    environment = {f"MARSHRUT_SMTP_{name}": value for name, value in smtp.items()}
    environment["MARSHRUT_DATA_DIR"] = str(folder)
    return CliRunner(env=environment).invoke(main, ["mail", "test", address])


def smtp_of(server: MailServer) -> dict[str, str]:
    return {
        "HOST": "127.0.0.1",
        "PORT": str(server.port),
        "SECURITY": "none",
        "FROM": "marshrut@town.example",
    }


def test_the_command_sends_a_trial_letter(server: MailServer, tmp_path: Path) -> None:
    result = mail_test(tmp_path, **smtp_of(server))
    assert result.exit_code == 0, result.output
    assert result.output == "Почтовый сервер принял письмо на адрес somebody@town.example.\n"
    (letter,) = server.letters
    assert letter.message["Subject"] == "Пробное письмо системы «Маршрут»"


def test_the_command_says_what_is_wrong(server: MailServer, tmp_path: Path) -> None:
    server.answers["RCPT"] = "550 5.1.1 not here"
    result = mail_test(tmp_path, **smtp_of(server))
    assert (result.exit_code, server.letters) == (1, [])
    assert "не принимает письма на адрес somebody@town.example" in result.output
    server.answers["RCPT"] = "450 4.2.0 later"
    result = mail_test(tmp_path, **smtp_of(server))
    assert (result.exit_code, server.letters) == (1, [])
    assert "Почтовый сервер 127.0.0.1 не отвечает" in result.output


def test_the_command_says_that_mail_is_not_set_up(tmp_path: Path) -> None:
    result = mail_test(tmp_path)
    assert result.exit_code == 1
    assert "MARSHRUT_SMTP_HOST" in result.output
