"""Letters through an SMTP server (RFC 5321), behind the port Mail.

A letter whose last answer got lost is sent again with the same Message-ID, so that programs which
look can tell. No address and no word of the server's stands in an error or a log: either may
hold a name.
"""

from __future__ import annotations

import re
import smtplib
import ssl
from contextlib import closing, suppress
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from marshrut.engines.mail_texts import worded
from marshrut.smtp_settings import Security, SmtpSettings
from web.words import Words
from workflow.domain.mail import OutgoingMail
from workflow.domain.refusals import N_, Refusal
from workflow.ports import Clock, MailDelayedError

#: For each answer of the server; a letter takes seven of them.
SECONDS = 15
SENDER_NAME = N_("Marshrut")

#: RFC 5321, 4.5.3.1: 64 octets before the sign, 255 after it.
_LOCAL_PART = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}")
_DOMAIN = re.compile(r"[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})*")
_LONGEST_DOMAIN = 255
#: RFC 3463: 5.7 is about rights and protection, not about the address.
_POLICY = re.compile(rb"5\.7\.\d")
_AUTHENTICATION_WANTED = 530


class SmtpMail:
    """Sends through the server of `settings`; `site` is the host name of this installation.

    `context` replaces the usual trust of TLS, for a server with an authority of its own.
    """

    def __init__(
        self,
        settings: SmtpSettings,
        words: Words,
        clock: Clock,
        site: str,
        context: ssl.SSLContext | None = None,
    ) -> None:
        self._settings = settings
        self._words = words
        self._clock = clock
        self._site = site
        self._context = context

    def send(self, mail: OutgoingMail) -> Refusal | None:
        """See `workflow.ports.Mail`."""
        address = sendable(mail.address)
        if address is None:
            return Refusal(
                "mail.address",
                N_("The mail address in the card is not written as an address."),
                N_("Ask the operator to correct it."),
            )
        try:
            with closing(self._connected()) as server:
                return self._hand_over(server, address, self._message(mail, address))
        # The errors hold the address and what the server said: neither goes any further.
        except smtplib.SMTPAuthenticationError:
            raise self._delayed("login", _LOGIN) from None
        except smtplib.SMTPNotSupportedError:
            raise self._delayed("protection", _PROTECTION) from None
        except ssl.SSLError:
            raise self._delayed("certificate", _CERTIFICATE) from None
        except (smtplib.SMTPException, OSError):
            raise self._delayed("no_answer", _NO_ANSWER) from None

    def _connected(self) -> smtplib.SMTP:
        """A session in which a letter may be handed over; protected as the settings demand."""
        to = (self._settings.host, self._settings.port, self._site, SECONDS)
        host, port, name, seconds = to
        if self._settings.security is Security.SSL:
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                host, port, name, timeout=seconds, context=self._tls()
            )
        else:
            server = smtplib.SMTP(host, port, name, timeout=seconds)
        try:
            if self._settings.security is Security.STARTTLS:
                server.starttls(context=self._tls())
            if self._settings.user:
                server.login(self._settings.user, self._settings.password)
        except BaseException:
            server.close()
            raise
        return server

    def _tls(self) -> ssl.SSLContext:
        return self._context or ssl.create_default_context()

    def _message(self, mail: OutgoingMail, address: str) -> EmailMessage:
        subject, body = worded(self._words, mail.text, mail.link)
        message = EmailMessage(policy=SMTP)
        name = self._words.text(SENDER_NAME)
        message["From"] = Address(display_name=name, addr_spec=self._settings.sender)
        message["To"] = Address(addr_spec=address)
        message["Subject"] = " ".join(subject.split())
        message["Date"] = format_datetime(self._clock())
        message["Message-ID"] = mail.message_id
        # RFC 3834: no out-of-office reply is wanted.
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(body, charset="utf-8", cte="base64")
        return message

    def _hand_over(
        self, server: smtplib.SMTP, address: str, message: EmailMessage
    ) -> Refusal | None:
        try:
            server.send_message(message, self._settings.sender, [address])
        except smtplib.SMTPRecipientsRefused as error:
            code, said = error.recipients[address]
            if not 500 <= code < 600 or code == _AUTHENTICATION_WANTED or _POLICY.match(said):
                raise
            return Refusal(
                "mail.refused",
                N_("The mail server takes no letters for the address in the card."),
                N_("Ask the operator to check the address."),
            )
        except smtplib.SMTPSenderRefused:
            raise self._delayed("sender", _SENDER) from None
        # It is taken now: what happens while saying good-bye changes nothing.
        with suppress(smtplib.SMTPException, OSError):
            server.quit()
        return None

    def _delayed(self, code: str, msgid: str) -> MailDelayedError:
        params = {"host": self._settings.host}
        return MailDelayedError(Refusal(f"mail.{code}", msgid, params=params))


_LOGIN = N_("The mail server {host} does not accept the user or the password.")
_PROTECTION = N_("The mail server {host} offers no protected connection or no login as is set.")
_CERTIFICATE = N_("The protected connection to the mail server {host} could not be made.")
_SENDER = N_("The mail server {host} does not accept the sender’s address.")
_NO_ANSWER = N_("The mail server {host} does not answer or takes no letters now.")


def sendable(address: str) -> str | None:
    """Return the address as a mail server takes it (a domain like «школа.рф» in IDNA), or None."""
    local, at, domain = address.strip().rpartition("@")
    try:
        plain = domain.encode("idna").decode("ascii") if domain else ""
    except UnicodeError:
        return None
    fits = _LOCAL_PART.fullmatch(local) and _DOMAIN.fullmatch(plain)
    return f"{local}{at}{plain}" if fits and len(plain) <= _LONGEST_DOMAIN else None
