"""A real HTTP server on this machine that answers as a test tells it, byte for byte."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from threading import Event, Thread

from signing.revocation.reach import Reach

Answer = Callable[[bytes], Iterator[bytes]]
"""From what was asked (request line, headers and body) to the pieces of what is sent back."""


def answer(body: bytes, content_type: str = "application/pkix-crl", *more: str) -> bytes:
    """A plain good answer with these further header lines."""
    lines = ("HTTP/1.1 200 OK", f"Content-Type: {content_type}", f"Content-Length: {len(body)}")
    return "\r\n".join((*lines, *more, "", "")).encode() + body


def head(status: str, *lines: str) -> bytes:
    """A status line and headers."""
    return "\r\n".join((f"HTTP/1.1 {status}", *lines, "", "")).encode()


@dataclass
class Server:
    """Where it listens, what it was asked, and what it answers next to each path."""

    port: int
    answers: dict[str, Answer | bytes] = field(default_factory=dict)
    asked: list[bytes] = field(default_factory=list)
    host: str = "127.0.0.1"

    @property
    def reach(self) -> Reach:
        """The reach in which this server, and nothing else of this machine, may be asked."""
        return Reach(loopback=frozenset({(self.host, self.port)}))

    def address(self, path: str = "/", scheme: str = "http") -> str:
        return f"{scheme}://{self.host}:{self.port}{path}"


@contextmanager
def serving(tls: ssl.SSLContext | None = None) -> Iterator[Server]:
    """Listen on a free port until the block ends."""
    stop = Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.05)
        server = Server(listener.getsockname()[1])
        worker = Thread(target=_accept, args=(listener, server, stop, tls), daemon=True)
        worker.start()
        try:
            yield server
        finally:
            stop.set()
            worker.join(5)


def _accept(
    listener: socket.socket, server: Server, stop: Event, tls: ssl.SSLContext | None
) -> None:
    while not stop.is_set():
        try:
            connection, _ = listener.accept()
        except TimeoutError:
            continue
        Thread(target=_serve, args=(connection, server, stop, tls), daemon=True).start()


def _serve(
    connection: socket.socket, server: Server, stop: Event, tls: ssl.SSLContext | None
) -> None:
    # Whoever asked may go away at any moment: that is what many of the tests are about.
    with suppress(OSError), connection:
        connection.settimeout(5)
        wire = tls.wrap_socket(connection, server_side=True) if tls else connection
        with wire:
            asked = _request(wire)
            server.asked.append(asked)
            path = asked.split(b" ")[1].decode()
            given = server.answers.get(path, head("404 Not Found", "Content-Length: 0"))
            for piece in [given] if isinstance(given, bytes) else given(asked):
                if stop.is_set():
                    return
                wire.sendall(piece)


def _request(wire: socket.socket) -> bytes:
    asked = b""
    while b"\r\n\r\n" not in asked:
        asked += wire.recv(4096)
    front, _, body = asked.partition(b"\r\n\r\n")
    length = next(
        (int(line[15:]) for line in front.split(b"\r\n") if line.startswith(b"Content-Length:")), 0
    )
    while len(body) < length:
        body += wire.recv(4096)
    return front + b"\r\n\r\n" + body
