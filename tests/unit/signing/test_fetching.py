"""Asking strangers' addresses: which are asked at all, and how every exchange ends."""

from __future__ import annotations

import gzip
import ssl
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from signing.errors import MEGABYTE
from signing.revocation.fetching import (
    LIST_TYPES,
    OCSP_REQUEST_TYPE,
    OCSP_TYPES,
    AddressRefusedError,
    AnswerRefusedError,
    Limits,
    NoAnswerError,
    Question,
    fetch,
)
from signing.revocation.reach import Reach, judge, read_address
from tests.http_server import Server, answer, head, serving
from tests.pki import Authority

BRIEF = Limits(seconds=0.6, size=MEGABYTE, redirects=3)
PATIENT = Limits(seconds=10, size=MEGABYTE, redirects=3)
NOWHERE = Reach(resolve=lambda host, port: ["203.0.113.1"])


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as one:
        yield one


def get(server: Server, path: str = "/list.crl", limits: Limits = PATIENT) -> bytes:
    return fetch(Question(server.address(path), LIST_TYPES), server.reach, limits)


def refused(server: Server, limits: Limits = PATIENT) -> str:
    with pytest.raises(AnswerRefusedError) as caught:
        get(server, limits=limits)
    return caught.value.why


def test_a_list_is_fetched_with_a_plain_request(server: Server) -> None:
    server.answers["/list.crl?a=b"] = answer(b"the list")
    assert get(server, "/list.crl?a=b") == b"the list"
    (asked,) = server.asked
    assert asked.startswith(b"GET /list.crl?a=b HTTP/1.1\r\n")
    assert f"Host: 127.0.0.1:{server.port}".encode() in asked
    assert b"Accept-Encoding: identity" in asked


def test_an_answer_of_pieces_is_put_together(server: Server) -> None:
    chunked = head("200 OK", "Content-Type: application/pkix-crl", "Transfer-Encoding: chunked")
    server.answers["/list.crl"] = chunked + b"4\r\nthe \r\n4\r\nlist\r\n0\r\n\r\n"
    assert get(server) == b"the list"


def test_a_question_is_posted(server: Server) -> None:
    server.answers["/ocsp"] = answer(b"the answer", "application/ocsp-response; charset=binary")
    question = Question(server.address("/ocsp"), OCSP_TYPES, b"the question", OCSP_REQUEST_TYPE)
    assert fetch(question, server.reach, PATIENT) == b"the answer"
    (asked,) = server.asked
    assert asked.startswith(b"POST /ocsp HTTP/1.1\r\n")
    assert asked.endswith(b"\r\n\r\nthe question")
    assert b"Content-Type: application/ocsp-request" in asked


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("ftp://crl.example.org/a.crl", "scheme"),
        ("file:///etc/passwd", "form"),
        ("ldap://crl.example.org/cn=ca", "scheme"),
        ("gopher://crl.example.org/", "scheme"),
        ("/only/a/path", "form"),
        ("http://user@crl.example.org/", "user_info"),
        ("http://crl.example.org@169.254.169.254/", "user_info"),
        ("http://crl.example.org:22/", "port"),
        ("http://crl.example.org:8080/", "port"),
        ("http://crl.example.org:99999/", "form"),
        ("http://crl.example.org/a\r\nHost: other", "form"),
        ("http://crl.example.org\\@other/", "form"),
        ("http://crl example.org/", "form"),
        ("http://[fe80::1%25eth0]/", "form"),
        ("http://[::1", "form"),
        ("http:///a.crl", "form"),
        (f"http://crl.example.org/{'a' * 2048}", "form"),
    ],
)
def test_an_address_of_another_form_is_not_asked(address: str, why: str) -> None:
    with pytest.raises(AddressRefusedError) as caught:
        fetch(Question(address, LIST_TYPES), NOWHERE, BRIEF)
    assert (caught.value.code, caught.value.why) == ("fetching.address_refused", why)


NOT_GLOBAL = [
    "0.0.0.0",
    "10.1.2.3",
    "100.64.0.1",
    "127.0.0.1",
    "127.255.255.254",
    "168.63.129.16",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.192",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "203.0.113.9",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::ffff:127.0.0.1",
    "::ffff:8.8.8.8",
    "::7f00:1",
    "64:ff9b::7f00:1",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",
    "2001:db8::1",
    "2002:7f00:1::1",
    "3fff::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
]


@pytest.mark.parametrize("resolved", NOT_GLOBAL)
def test_a_name_that_leads_inside_is_not_asked(resolved: str) -> None:
    reach = Reach(resolve=lambda host, port: [resolved])
    with pytest.raises(AddressRefusedError) as caught:
        fetch(Question("http://crl.example.org/a.crl", LIST_TYPES), reach, BRIEF)
    assert caught.value.why == "not_global"


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "127.1", "2130706433", "0x7f000001", "[::1]", "[::ffff:7f00:1]"],
)
def test_no_way_of_writing_this_machine_reaches_it(host: str, server: Server) -> None:
    with pytest.raises((AddressRefusedError, NoAnswerError)):
        fetch(Question(f"http://{host}/a.crl", LIST_TYPES), Reach(), BRIEF)
    assert server.asked == []


@pytest.mark.parametrize("resolved", ["8.8.8.8", "95.173.128.90", "2a00:1450:4010:c0f::64"])
def test_an_address_of_the_wide_internet_may_be_asked(resolved: str) -> None:
    address = read_address("https://crl.example.org/a.crl", Reach())
    assert [str(each) for each in judge(address, [resolved], Reach())] == [resolved]


def test_one_bad_address_among_good_ones_refuses_all() -> None:
    reach = Reach(resolve=lambda host, port: ["8.8.8.8", "10.0.0.1"])
    with pytest.raises(AddressRefusedError):
        fetch(Question("http://crl.example.org/a.crl", LIST_TYPES), reach, BRIEF)


def test_a_russian_host_is_asked_for_in_idna() -> None:
    address = read_address("http://уц.пример.рф/списки/a.crl", Reach())
    assert address.host == "xn--s1ag.xn--e1afmkfd.xn--p1ai"
    assert address.host_header == address.host
    assert address.target == "/%D1%81%D0%BF%D0%B8%D1%81%D0%BA%D0%B8/a.crl"


def test_a_name_is_resolved_once_so_that_a_second_answer_changes_nothing(server: Server) -> None:
    """The first answer is judged and connected to; the second one would have led elsewhere."""
    server.answers["/list.crl"] = answer(b"the list")
    asked: list[str] = []

    def rebinding(host: str, port: int) -> Sequence[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["169.254.169.254"]

    place = ("crl.example.org", server.port)
    reach = Reach(loopback=frozenset({place}), resolve=rebinding)
    question = Question(f"http://{place[0]}:{place[1]}/list.crl", LIST_TYPES)
    assert fetch(question, reach, PATIENT) == b"the list"
    assert asked == ["crl.example.org"]
    assert f"Host: crl.example.org:{server.port}".encode() in server.asked[0]
    with pytest.raises(AddressRefusedError):
        fetch(question, reach, PATIENT)


def test_a_name_that_is_open_for_tests_still_leads_to_this_machine_only(server: Server) -> None:
    reach = replace(server.reach, resolve=lambda host, port: ["10.0.0.1"])
    with pytest.raises(AddressRefusedError):
        fetch(Question(server.address(), LIST_TYPES), reach, BRIEF)


@pytest.mark.parametrize(
    "inside",
    [
        "http://169.254.169.254/latest/meta-data/",
        "http://10.0.0.1/",
        "http://localhost/",
        "http://127.0.0.1:6379/",
        "file:///etc/passwd",
        "http://[::1/",
    ],
)
def test_a_redirect_into_a_private_range_is_not_followed(inside: str, server: Server) -> None:
    server.answers["/list.crl"] = head("302 Found", f"Location: {inside}", "Content-Length: 0")
    with pytest.raises(AddressRefusedError):
        get(server)


def test_a_redirect_is_followed(server: Server) -> None:
    server.answers["/list.crl"] = head("301 Moved", "Location: /new/list.crl", "Content-Length: 0")
    server.answers["/new/list.crl"] = answer(b"the list")
    assert get(server) == b"the list"


def test_redirects_in_a_ring_end(server: Server) -> None:
    server.answers["/list.crl"] = head("302 Found", "Location: /list.crl", "Content-Length: 0")
    assert refused(server) == "redirects"
    assert len(server.asked) == PATIENT.redirects + 1


def test_a_posted_question_is_not_turned_into_another_one(server: Server) -> None:
    server.answers["/ocsp"] = head("302 Found", "Location: /other", "Content-Length: 0")
    with pytest.raises(AnswerRefusedError):
        fetch(Question(server.address("/ocsp"), OCSP_TYPES, b"?", OCSP_REQUEST_TYPE), server.reach)


def test_a_body_that_says_it_is_too_large_is_not_read(server: Server) -> None:
    server.answers["/list.crl"] = head(
        "200 OK", "Content-Type: application/pkix-crl", "Content-Length: 99999999999"
    )
    assert refused(server) == "size"


def test_a_body_without_end_is_cut_off_by_its_size(server: Server) -> None:
    def endless(asked: bytes) -> Iterator[bytes]:
        yield head("200 OK", "Content-Type: application/pkix-crl")
        while True:
            yield bytes(64 * 1024)

    server.answers["/list.crl"] = endless
    assert refused(server) == "size"


def test_headers_without_end_are_cut_off(server: Server) -> None:
    def endless(asked: bytes) -> Iterator[bytes]:
        yield b"HTTP/1.1 200 OK\r\n"
        while True:
            yield b"X-More: and more\r\n" * 1000

    server.answers["/list.crl"] = endless
    with pytest.raises(NoAnswerError):
        get(server)


def test_continuations_without_end_are_cut_off(server: Server) -> None:
    def endless(asked: bytes) -> Iterator[bytes]:
        while True:
            yield b"HTTP/1.1 100 Continue\r\n\r\n" * 1000

    server.answers["/list.crl"] = endless
    with pytest.raises(NoAnswerError):
        get(server)


@pytest.mark.parametrize(
    "first", [b"", head("200 OK", "Content-Type: application/pkix-crl"), b"HTTP/1.1 200 OK\r\nX: "]
)
def test_a_slow_drip_ends_with_the_time(first: bytes, server: Server) -> None:
    """Every byte comes well before a timeout of its own; the whole has one limit."""

    def drip(asked: bytes) -> Iterator[bytes]:
        yield first
        while True:
            time.sleep(0.05)
            yield b"H"

    server.answers["/list.crl"] = drip
    began = time.monotonic()
    with pytest.raises(NoAnswerError) as caught:
        get(server, limits=BRIEF)
    assert time.monotonic() - began < 2
    assert caught.value.code == "fetching.no_answer"


def test_a_name_server_that_is_silent_ends_with_the_time() -> None:
    def silent(host: str, port: int) -> Sequence[str]:
        time.sleep(3)
        return ["8.8.8.8"]

    began = time.monotonic()
    with pytest.raises(NoAnswerError):
        fetch(Question("http://crl.example.org/", LIST_TYPES), Reach(resolve=silent), BRIEF)
    assert time.monotonic() - began < 2


@pytest.mark.parametrize("error", [OSError("unknown"), UnicodeError("label too long")])
def test_a_name_that_is_not_known_gives_no_answer(error: Exception) -> None:
    def unknown(host: str, port: int) -> Sequence[str]:
        raise error

    with pytest.raises(NoAnswerError):
        fetch(Question("http://crl.example.org/", LIST_TYPES), Reach(resolve=unknown), BRIEF)


def test_a_machine_that_is_away_gives_no_answer() -> None:
    with serving() as gone:
        pass
    with pytest.raises(NoAnswerError):
        get(gone, limits=BRIEF)


def test_a_packed_answer_is_not_unpacked(server: Server) -> None:
    bomb = gzip.compress(bytes(20 * MEGABYTE))
    server.answers["/list.crl"] = answer(bomb, "application/pkix-crl", "Content-Encoding: gzip")
    assert refused(server) == "encoding"
    server.answers["/list.crl"] = answer(bomb)
    assert get(server) == bomb


@pytest.mark.parametrize("status", ["204 No Content", "206 Partial Content", "404 Not Found"])
def test_another_status_is_no_answer_to_keep(status: str, server: Server) -> None:
    server.answers["/list.crl"] = head(status, "Content-Type: application/pkix-crl")
    assert refused(server) == "status"


def test_a_page_instead_of_a_list_is_refused(server: Server) -> None:
    server.answers["/list.crl"] = answer(b"<h1>Log in</h1>", "text/html")
    assert refused(server) == "type"


@pytest.mark.parametrize("kind", ["Content-Length: 100", "Transfer-Encoding: chunked"])
def test_a_body_that_is_cut_short_is_no_answer(kind: str, server: Server) -> None:
    started = head("200 OK", "Content-Type: application/pkix-crl", kind)
    server.answers["/list.crl"] = started + b"64\r\nthe li"
    with pytest.raises(NoAnswerError):
        get(server)


@pytest.mark.parametrize("nonsense", [b"", b"220 mail.example.org ESMTP\r\n", b"HTTP/1.1 \r\n\r\n"])
def test_what_is_not_http_is_no_answer(nonsense: bytes, server: Server) -> None:
    server.answers["/list.crl"] = nonsense
    with pytest.raises(NoAnswerError):
        get(server)


@pytest.fixture
def protected(tmp_path: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """The TLS of a server called crl.example.org, and a client that trusts its authority."""
    authority = Authority.root("Центр узлов")
    host = x509.SubjectAlternativeName([x509.DNSName("crl.example.org")])
    holder = authority.person(
        {NameOID.COMMON_NAME: "crl.example.org"},
        usage=("digital_signature",),
        more=((host, False),),
    )
    key = holder.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (tmp_path / "both.pem").write_bytes(key + holder.pem)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(tmp_path / "both.pem")
    client = ssl.create_default_context(cadata=authority.holder.pem.decode())
    return server, client


def test_tls_asks_for_the_name_and_not_for_the_address(
    protected: tuple[ssl.SSLContext, ssl.SSLContext],
) -> None:
    names: list[str | None] = []
    server_side, client_side = protected
    server_side.sni_callback = lambda wire, name, context: names.append(name)
    with serving(server_side) as server:
        server.answers["/list.crl"] = answer(b"the list")
        place = ("crl.example.org", server.port)
        reach = Reach(frozenset({place}), resolve=lambda host, port: ["127.0.0.1"])
        question = Question(f"https://{place[0]}:{place[1]}/list.crl", LIST_TYPES)
        assert fetch(question, reach, PATIENT, client_side) == b"the list"
        assert names == ["crl.example.org"]
        with pytest.raises(NoAnswerError):
            fetch(question, reach, PATIENT)
