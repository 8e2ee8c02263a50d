"""Asking another machine over HTTP, with every bound that a stranger's address calls for.

The host is resolved once, every address that it has is judged (`signing.revocation.reach`), and the
connection goes to exactly the one that was judged, so that a second answer of the name server
changes nothing. Redirects are followed a few times, each judged anew. The whole exchange, name
server included, has one limit of time, the answer one of size; nothing is decompressed.
"""

from __future__ import annotations

import http.client
import io
import socket
import ssl
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from queue import Empty, SimpleQueue
from threading import Thread
from typing import TYPE_CHECKING, cast
from urllib.parse import urljoin

from signing.errors import MEGABYTE, SigningError
from signing.revocation.reach import (
    Address,
    AddressRefusedError,
    IpAddress,
    Reach,
    judge,
    read_address,
)
from signing.words import N_, harmless

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer, WriteableBuffer

USER_AGENT = "Marshrut"
LIST_TYPES = frozenset(
    {
        "application/pkix-crl",
        "application/x-pkix-crl",
        "application/pkcs7-crl",
        "application/x-pkcs7-crl",
        "application/x-x509-crl",
        "application/octet-stream",
        "binary/octet-stream",
        "",  # what a server says that does not know the ending .crl
    }
)
OCSP_REQUEST_TYPE = "application/ocsp-request"
OCSP_TYPES = frozenset({"application/ocsp-response"})

_REDIRECTS = {301, 302, 303, 307, 308}
_KEEP_METHOD = {307, 308}
_ADDRESSES_TRIED = 4
_PIECE = 64 * 1024
_BROKEN: tuple[type[Exception], ...] = (OSError, http.client.HTTPException)


class NoAnswerError(SigningError):
    """The other machine gave no whole answer in time; it may another time."""

    code = "fetching.no_answer"
    msgid = N_("{host} gave no answer in time.")


class AnswerRefusedError(SigningError):
    """What came is not what was asked for; `why` is a stable word for the reason."""

    code = "fetching.answer_refused"
    msgid = N_("{host} gave another answer than was asked for.")

    def __init__(self, host: str, why: str) -> None:
        self.why = why
        super().__init__(host=harmless(host))


@dataclass(frozen=True)
class Limits:
    """The bounds of one exchange: seconds and bytes over all, redirects that are followed."""

    seconds: float = 30.0
    size: int = 50 * MEGABYTE
    redirects: int = 3


@dataclass(frozen=True)
class Question:
    """What is asked: with `body` (of the type `body_type`) by POST, without it by GET.

    `types` are the content types that an answer may have, in lower case; "" for none given.
    """

    address: str
    types: frozenset[str]
    body: bytes | None = None
    body_type: str = ""


def fetch(
    question: Question,
    reach: Reach,
    limits: Limits = Limits(),
    tls: ssl.SSLContext | None = None,
) -> bytes:
    """Return the body of the answer. `tls` replaces the usual trust of https.

    Raises AddressRefusedError, NoAnswerError or AnswerRefusedError.
    """
    deadline = time.monotonic() + limits.seconds
    text = question.address
    for _ in range(limits.redirects + 1):
        address = read_address(text, reach)
        try:
            found = _exchange(question, address, reach, _Bounds(deadline, limits.size), tls)
        except _BROKEN as error:
            raise NoAnswerError(host=harmless(address.host)) from error
        if isinstance(found, bytes):
            return found
        text = _joined(address, found.location)
    raise AnswerRefusedError(address.host, "redirects")


def _joined(address: Address, location: str) -> str:
    try:
        return urljoin(address.text, location)
    except ValueError as error:
        raise AddressRefusedError(location, "form") from error


@dataclass(frozen=True)
class _Redirect:
    location: str


@dataclass(frozen=True)
class _Bounds:
    """What is left of the time (`deadline` on the monotonic clock), and the size of an answer."""

    deadline: float
    size: int

    def seconds(self) -> float:
        """Return the seconds that are left; raises TimeoutError when there are none."""
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left


def _exchange(
    question: Question,
    address: Address,
    reach: Reach,
    bounds: _Bounds,
    tls: ssl.SSLContext | None,
) -> bytes | _Redirect:
    resolved = _in_time(partial(reach.resolve, address.host, address.port), bounds)
    wire = _connected(address, judge(address, resolved, reach), bounds, tls)
    connection = http.client.HTTPConnection(address.host, address.port)
    connection.sock = cast("socket.socket", wire)  # all that http.client asks of one
    try:
        _ask(connection, question, address)
        with connection.getresponse() as response:
            return _answer(response, question, address, bounds)
    finally:
        wire.end()


def _in_time(resolve: Callable[[], Sequence[str]], bounds: _Bounds) -> Sequence[str]:
    """Call `resolve` for as long as there is time: the system's resolver knows no limit."""
    answers: SimpleQueue[Sequence[str] | OSError | UnicodeError] = SimpleQueue()

    def ask() -> None:
        try:
            answers.put(resolve())
        except (OSError, UnicodeError) as error:
            answers.put(error)

    Thread(target=ask, daemon=True, name="resolving").start()
    try:
        found = answers.get(timeout=bounds.seconds())
    except Empty:
        raise TimeoutError from None
    if isinstance(found, Exception):
        raise OSError("the name is not known") from found
    if not found:
        raise OSError("the name has no address")
    return found


def _connected(
    address: Address, judged: Sequence[IpAddress], bounds: _Bounds, tls: ssl.SSLContext | None
) -> _Wire:
    """Connect to the first of the judged addresses that takes the connection."""
    refused: OSError = OSError("no address")
    for each in judged[:_ADDRESSES_TRIED]:
        try:
            plain = socket.create_connection((str(each), address.port), bounds.seconds())
        except OSError as error:
            refused = error
            continue
        try:
            return _Wire(_protected(plain, address, bounds, tls), bounds)
        except BaseException:
            plain.close()
            raise
    raise refused


def _protected(
    plain: socket.socket, address: Address, bounds: _Bounds, tls: ssl.SSLContext | None
) -> socket.socket:
    if address.scheme == "http":
        return plain
    plain.settimeout(bounds.seconds())
    context = tls or ssl.create_default_context()
    return context.wrap_socket(plain, server_hostname=address.host)


class _Wire:
    """A socket whose every wait ends at the deadline, and that reads no more than is allowed."""

    def __init__(self, wire: socket.socket, bounds: _Bounds) -> None:
        self._wire = wire
        self._bounds = bounds

    def sendall(self, content: ReadableBuffer) -> None:
        self._wire.settimeout(self._bounds.seconds())
        self._wire.sendall(content)

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(_Incoming(self._wire, self._bounds))

    def close(self) -> None:
        """Do nothing yet: http.client lets go of a socket before it has read the answer."""

    def end(self) -> None:
        self._wire.close()


class _Incoming(io.RawIOBase):
    """What comes in: a slow drip ends with the time, headers and chunks without end by count."""

    def __init__(self, wire: socket.socket, bounds: _Bounds) -> None:
        self._wire = wire
        self._bounds = bounds
        self._left = 2 * bounds.size + MEGABYTE

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        self._wire.settimeout(self._bounds.seconds())
        count = self._wire.recv_into(buffer)
        self._left -= count
        if self._left < 0:
            raise OSError("more came than any answer has")
        return count


def _ask(connection: http.client.HTTPConnection, question: Question, address: Address) -> None:
    method = "GET" if question.body is None else "POST"
    connection.putrequest(method, address.target, skip_host=True, skip_accept_encoding=True)
    connection.putheader("Host", address.host_header)
    connection.putheader("User-Agent", USER_AGENT)
    connection.putheader("Accept", ", ".join((*sorted(filter(None, question.types)), "*/*;q=0.1")))
    connection.putheader("Accept-Encoding", "identity")
    connection.putheader("Connection", "close")
    if question.body is not None:
        connection.putheader("Content-Type", question.body_type)
        connection.putheader("Content-Length", str(len(question.body)))
    connection.endheaders(question.body)


def _answer(
    response: http.client.HTTPResponse, question: Question, address: Address, bounds: _Bounds
) -> bytes | _Redirect:
    if response.status in _REDIRECTS:
        location = response.getheader("Location")
        followed = question.body is None or response.status in _KEEP_METHOD
        if location is None or not followed:
            raise AnswerRefusedError(address.host, "redirects")
        return _Redirect(location)
    if response.status != http.HTTPStatus.OK:
        raise AnswerRefusedError(address.host, "status")
    content_type = response.getheader("Content-Type", "").partition(";")[0].strip().lower()
    if content_type not in question.types:
        raise AnswerRefusedError(address.host, "type")
    if response.getheader("Content-Encoding", "identity").strip().lower() != "identity":
        raise AnswerRefusedError(address.host, "encoding")
    return _body(response, address, bounds)


def _body(response: http.client.HTTPResponse, address: Address, bounds: _Bounds) -> bytes:
    if response.length is not None and response.length > bounds.size:
        raise AnswerRefusedError(address.host, "size")
    body = bytearray()
    while piece := response.read(_PIECE):
        body += piece
        if len(body) > bounds.size:
            raise AnswerRefusedError(address.host, "size")
    if response.length:
        raise http.client.IncompleteRead(b"", response.length)
    return bytes(body)


__all__ = [
    "LIST_TYPES",
    "OCSP_REQUEST_TYPE",
    "OCSP_TYPES",
    "AddressRefusedError",
    "AnswerRefusedError",
    "Limits",
    "NoAnswerError",
    "Question",
    "Reach",
    "fetch",
]
