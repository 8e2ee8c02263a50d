"""A mail server for tests: it speaks SMTP (RFC 5321) over a real socket and keeps what it takes.

It refuses and breaks off as a test asks: `answers["RCPT"] = "550 5.1.1 no such mailbox"` is said in
the place of the usual reply, `drops = {"letter"}` closes the connection where the reply would be.
`letter` stands for the end of DATA, `hello` for the first line.
"""

from __future__ import annotations

import base64
import email.policy
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.parser import BytesParser
from ipaddress import IPv4Address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from marshrut.engines.mail import SmtpMail
from marshrut.smtp_settings import Security, SmtpSettings
from tests.world import World
from web.words import russian

_SECONDS = 10


@dataclass(frozen=True)
class Received:
    """A letter as it came over the line; `user` is who had signed in."""

    sender: str
    recipients: tuple[str, ...]
    content: bytes
    protected: bool
    user: str

    @property
    def message(self) -> EmailMessage:
        return BytesParser(EmailMessage, policy=email.policy.default).parsebytes(self.content)

    @property
    def text(self) -> str:
        body = self.message.get_body()
        assert body is not None
        content = body.get_content()
        assert isinstance(content, str)
        return content.replace("\r\n", "\n")


@dataclass
class MailServer:
    """What the server does and what it has taken; a test changes it while it runs."""

    port: int = 0
    letters: list[Received] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)
    drops: set[str] = field(default_factory=set)
    user: str = ""
    password: str = ""
    starttls: ssl.SSLContext | None = None
    connections: int = 0

    @property
    def subjects(self) -> list[str]:
        return [str(letter.message["Subject"]) for letter in self.letters]


class _DroppedError(Exception):
    """The connection is closed here."""


class _Session(socketserver.StreamRequestHandler):
    timeout = _SECONDS
    mail: MailServer

    def handle(self) -> None:
        self.mail = self.server.mail  # type: ignore[attr-defined]  # `_Listener` has it
        self.mail.connections += 1
        self.protected = isinstance(self.connection, ssl.SSLSocket)
        self.user = ""
        self._forget()
        try:
            self._say("hello", "220 test server ready")
            while line := self.rfile.readline(1000):
                if not self._obey(line.decode("ascii").rstrip("\r\n")):
                    return
        except (_DroppedError, OSError):
            return

    def _obey(self, line: str) -> bool:
        verb, _, rest = line.partition(" ")
        match verb.upper():
            case "EHLO":
                self._say("EHLO", *self._abilities())
            case "HELO" | "NOOP":
                self._say(verb.upper(), "250 ok")
            case "RSET":
                self._forget()
                self._say("RSET", "250 ok")
            case "STARTTLS" if self.mail.starttls and not self.protected:
                self._protect(self.mail.starttls)
            case "AUTH":
                self._sign_in(rest)
            case "MAIL":
                self.sender = _path(rest)
                self._say("MAIL", "250 ok")
            case "RCPT":
                if self._say("RCPT", "250 ok"):
                    self.recipients.append(_path(rest))
            case "DATA":
                self._take_letter()
            case "QUIT":
                self._say("QUIT", "221 good-bye")
                return False
            case _:
                self._say(verb, "502 not known here")
        return True

    def _abilities(self) -> tuple[str, ...]:
        offered = ["250-test", "250-8BITMIME"]
        if self.mail.starttls and not self.protected:
            offered.append("250-STARTTLS")
        if self.mail.user:
            offered.append("250-AUTH PLAIN")
        return (*offered, "250 HELP")

    def _protect(self, context: ssl.SSLContext) -> None:
        self._say("STARTTLS", "220 go ahead")
        self.connection = context.wrap_socket(self.connection, server_side=True)
        self.rfile = self.connection.makefile("rb")
        self.wfile = self.connection.makefile("wb", buffering=0)
        self.protected = True

    def _sign_in(self, rest: str) -> None:
        _, user, password = base64.b64decode(rest.removeprefix("PLAIN ")).split(b"\0")
        if (user.decode(), password.decode()) == (self.mail.user, self.mail.password):
            self.user = user.decode()
            self._say("AUTH", "235 welcome")
        else:
            self._say("AUTH", "535 5.7.8 not you")

    def _take_letter(self) -> None:
        if not self.recipients or not self._say("DATA", "354 go on"):
            if not self.recipients:
                self._say("", "503 nobody to send it to")
            return
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            if not line:
                raise _DroppedError
            lines.append(line.removeprefix(b"."))
        if "letter" not in self.mail.answers:
            content = b"".join(lines)
            self.mail.letters.append(
                Received(self.sender, tuple(self.recipients), content, self.protected, self.user)
            )
        self._say("letter", "250 taken")
        self._forget()

    def _forget(self) -> None:
        self.sender, self.recipients = "", list[str]()

    def _say(self, at: str, *usual: str) -> bool:
        """Answer; return whether it was the usual answer."""
        if at in self.mail.drops:
            raise _DroppedError
        other = self.mail.answers.get(at)
        for line in (other,) if other else usual:
            self.wfile.write(line.encode("ascii") + b"\r\n")
        return other is None


def _path(argument: str) -> str:
    """`FROM:<belova@example.ru> SIZE=12` is belova@example.ru."""
    return argument.partition("<")[2].partition(">")[0]


class _Listener(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, mail: MailServer, context: ssl.SSLContext | None) -> None:
        self.mail = mail
        self.context = context
        super().__init__(("127.0.0.1", 0), _Session)

    def get_request(self) -> tuple[object, object]:  # type: ignore[override]  # a protected socket is one
        connection, address = super().get_request()
        if self.context:
            connection = self.context.wrap_socket(
                connection, server_side=True, do_handshake_on_connect=False
            )
        return connection, address


@contextmanager
def mail_server(
    tls: ssl.SSLContext | None = None, starttls: ssl.SSLContext | None = None
) -> Iterator[MailServer]:
    """Run a server on a free port of this machine; `tls` protects it from the first byte."""
    mail = MailServer(starttls=starttls)
    with _Listener(mail, tls) as listener:
        mail.port = listener.server_address[1]
        thread = threading.Thread(target=listener.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield mail
        finally:
            listener.shutdown()
            thread.join(_SECONDS)


def certificate_for_localhost(folder: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """Contexts of a server on 127.0.0.1 and of a client that trusts it alone."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)  # the client compares with the real time
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    chain = folder / "server.pem"
    chain.write_bytes(
        certificate.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(chain)
    client = ssl.create_default_context(cafile=str(chain))
    return server, client


def with_mail(world: World, server: MailServer) -> World:
    """The same world, whose letters go to `server`."""
    settings = SmtpSettings("127.0.0.1", server.port, Security.NONE, "marshrut@town.example")
    way = SmtpMail(settings, russian(), world.services.clock, "marshrut.example")
    return replace(world, services=replace(world.services, mail=way))
