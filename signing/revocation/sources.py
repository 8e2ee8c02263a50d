"""Where certificates say that their revocation can be asked for (RFC 5280, 4.2.1.13–15, 4.2.2.1).

The addresses are a stranger's data until the certificate's chain has been checked; whoever asks
them goes through `signing.revocation.fetching`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any  # asn1crypto publishes no types

from signing.certificates import Certificate
from signing.errors import MALFORMED

MOST_ADDRESSES = 4
"""So many addresses of a kind are read from one certificate."""


@dataclass(frozen=True)
class Sources:
    """Addresses of complete lists, of delta lists and of responders, in the order given."""

    lists: tuple[str, ...] = ()
    deltas: tuple[str, ...] = ()
    responders: tuple[str, ...] = ()


def sources_in(certificate: Certificate) -> Sources:
    """Return the http and https addresses; what cannot be read is left out.

    Points of another issuer (indirect lists) or of some reasons only lead to lists that are
    unusable here, so they are left out as well.
    """
    parsed = certificate.parsed
    return Sources(
        lists=_few(_of_points(parsed, "crl_distribution_points_value")),
        deltas=_few(_of_points(parsed, "freshest_crl_value")),
        responders=_few(_of_responders(parsed)),
    )


def _few(addresses: Iterator[str]) -> tuple[str, ...]:
    found: list[str] = []
    try:
        for address in addresses:
            if address.lower().startswith(("http://", "https://")) and address not in found:
                found.append(address)
            if len(found) == MOST_ADDRESSES:
                break
    except MALFORMED:
        return tuple(found)
    return tuple(found)


def _of_points(parsed: Any, extension: str) -> Iterator[str]:
    for point in getattr(parsed, extension) or ():
        if point["crl_issuer"].native or point["reasons"].native:
            continue
        if point["distribution_point"].name == "full_name":
            for name in point["distribution_point"].chosen:
                yield from _address(name)


def _of_responders(parsed: Any) -> Iterator[str]:
    for access in parsed.authority_information_access_value or ():
        if access["access_method"].native == "ocsp":
            yield from _address(access["access_location"])


def _address(name: Any) -> Iterator[str]:
    if name.name == "uniform_resource_identifier":
        # As it stands: asn1crypto's own reading turns %XX into what it stands for.
        yield name.chosen.contents.decode("ascii", "replace")
