"""Which addresses may be asked at all.

The address of a revocation list stands in a certificate, so it is a stranger's data. It may lead
to the wide Internet and nowhere else: not to this machine, its network, or its cloud's services.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from signing.errors import SigningError
from signing.words import N_, harmless

LONGEST_ADDRESS = 2048
PORTS = {"http": 80, "https": 443}
_HOST = re.compile(
    r"(?=.{1,253}\Z)[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*\.?"
)
_UNSAFE = re.compile(r"[\x00-\x20\x7f\\]")

IpAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

#: IANA's registries of special-purpose addresses (RFC 6890), and what clouds keep for themselves.
_NOT_THE_INTERNET = tuple(
    ipaddress.ip_network(network)
    for network in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "168.63.129.16/32",  # Azure's own services answer here
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
        "2001::/23",  # Teredo and other protocols: an address of version 4 may hide inside
        "2001:db8::/32",
        "2002::/16",  # 6to4: likewise
        "3fff::/20",
        "5f00::/16",
    )
)
#: All that is given out of version 6 so far; mapped, translated (NAT64) and local ones lie outside.
_GLOBAL_UNICAST = ipaddress.ip_network("2000::/3")


class AddressRefusedError(SigningError):
    """The address is not one that is asked, now or later; `why` is a stable word for the reason."""

    code = "fetching.address_refused"
    msgid = N_("The address {address} leads to a place that this program does not ask.")

    def __init__(self, address: str, why: str) -> None:
        self.why = why
        super().__init__(address=harmless(address[:200]))


Resolve = Callable[[str, int], Sequence[str]]
"""Return the IP addresses of a host (and port), as texts; raises OSError."""


def system_resolve(host: str, port: int) -> Sequence[str]:
    """Ask the system's resolver."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


@dataclass(frozen=True)
class Reach:
    """How hosts are resolved, and which places of this very machine are open all the same.

    `loopback` holds (host, port) for tests; it is empty otherwise. `chosen` holds (host, port)
    that the operator has set: they may lie anywhere, also inside the own network.
    """

    loopback: frozenset[tuple[str, int]] = frozenset()
    resolve: Resolve = system_resolve
    chosen: frozenset[tuple[str, int]] = frozenset()


@dataclass(frozen=True)
class Address:
    """An address taken apart: `target` is path and query as they stand in a request."""

    text: str
    scheme: str
    host: str
    port: int
    target: str

    @property
    def place(self) -> tuple[str, int]:
        """Return host and port, as a `Reach` names them."""
        return self.host, self.port

    @property
    def host_header(self) -> str:
        """Return what the header Host says (RFC 9112, 3.2)."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"


def read_address(text: str, reach: Reach) -> Address:
    """Take an address apart; raises AddressRefusedError for one that must not be asked."""
    address = _taken_apart(text)
    usual = address.port in PORTS.values()
    if not usual and address.place not in reach.loopback | reach.chosen:
        raise AddressRefusedError(text, "port")
    return address


def reach_to(text: str) -> Reach:
    """Return the reach that leads to this one address, set by the operator, wherever it lies.

    Raises AddressRefusedError for what is no address of a web server.
    """
    return Reach(chosen=frozenset({_taken_apart(text).place}))


def _taken_apart(text: str) -> Address:
    if len(text) > LONGEST_ADDRESS or _UNSAFE.search(text):
        raise AddressRefusedError(text, "form")
    try:
        parts = urlsplit(text)
        port = parts.port
        host = _plain_host(parts.hostname or "")
    except ValueError as error:
        raise AddressRefusedError(text, "form") from error
    if parts.scheme not in PORTS:
        raise AddressRefusedError(text, "scheme")
    if "@" in parts.netloc:
        raise AddressRefusedError(text, "user_info")
    port = port or PORTS[parts.scheme]
    target = quote(parts.path or "/", safe="/%:@!$&'()*+,;=-._~")
    if parts.query:
        target += "?" + quote(parts.query, safe="/%:@!$&'()*+,;=-._~?")
    return Address(text, parts.scheme, host, port, target)


def _plain_host(host: str) -> str:
    """Return the host in ASCII (a name like «уц.рф» in IDNA); ValueError when it is none."""
    if "%" in host:
        raise ValueError(host)  # a zone of the own network
    if ":" in host:
        return str(ipaddress.IPv6Address(host))
    plain = host.encode("idna").decode("ascii").lower()
    if not _HOST.fullmatch(plain):
        raise ValueError(host)
    return plain


def judge(address: Address, resolved: Sequence[str], reach: Reach) -> tuple[IpAddress, ...]:
    """Return the IP addresses to connect to; one bad one among them refuses all.

    Raises AddressRefusedError.
    """
    try:
        found = tuple(ipaddress.ip_address(text) for text in resolved)
    except ValueError as error:
        raise AddressRefusedError(address.text, "not_global") from error
    if address.place in reach.chosen:
        return found
    if address.place in reach.loopback:
        if all(each.is_loopback for each in found):
            return found
    elif all(is_global(each) for each in found):
        return found
    raise AddressRefusedError(address.text, "not_global")


def is_global(address: IpAddress) -> bool:
    """Say whether the address is one of the wide Internet."""
    if not address.is_global or address.is_multicast or address.is_reserved:
        return False
    if address.version == 6 and address not in _GLOBAL_UNICAST:
        return False
    return not any(address in network for network in _NOT_THE_INTERNET)
