"""The list of accredited certification authorities, as values and in a compact form to keep.

A list comes from `signing.accredited.list_check.verify_list`, which verifies the ministry's
signature, or from the compact form of one that was verified before. Old lists are kept: what they
say of the past stays true.
"""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property
from typing import Any  # JSON as it comes from json.loads has no better type

from signing.accredited.accreditation import Accreditation, Period, periods_in, periods_out
from signing.certificates import Certificate
from signing.errors import MALFORMED, MEGABYTE, SigningError, refuse_larger
from signing.verdicts import refuse_naive
from signing.words import N_

FORM = "marshrut-trusted-list/1"
MAX_STORED = 50 * MEGABYTE


class TrustedListError(SigningError):
    """A list of accredited authorities cannot be used."""

    code = "trusted_list.error"
    msgid = N_("The list of accredited authorities cannot be used.")


class StoredListUnreadableError(TrustedListError):
    """The bytes are not the compact form of a list."""

    code = "trusted_list.stored_unreadable"
    msgid = N_("The stored list of accredited authorities cannot be read. Load it again.")


@dataclass(frozen=True)
class ListedAuthority:
    """One authority: who it is, its certificates (DER), and when it was accredited."""

    name: str
    ogrn: str
    inn: str
    periods: tuple[Period, ...]
    certificates: tuple[bytes, ...] = field(repr=False)


class Answer(StrEnum):
    """What the list says of an authority's certificate on a day."""

    ACCREDITED = "accredited"
    NOT_LISTED = "not_listed"
    NOT_THEN = "not_then"


@dataclass(frozen=True)
class TrustedList:
    """The list of one version: `issued_at` is the ministry's date, UTC.

    `sha256` is that of the signed file. `left_out` names authorities whose entries could not be
    read; nothing is granted to them.
    """

    version: int
    issued_at: datetime
    sha256: str
    authorities: tuple[ListedAuthority, ...] = field(repr=False)
    left_out: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        refuse_naive(self.issued_at)

    def accreditation_of(self, fingerprint: str) -> Accreditation | None:
        """Return what is said of the certificate with this SHA-256, None when it is not listed.

        A certificate that stands with two authorities (one took over from the other) has the
        periods of both.
        """
        return self._by_fingerprint.get(fingerprint)

    @property
    def accreditations(self) -> tuple[Accreditation, ...]:
        """Return what is said of each certificate, each once."""
        return tuple(self._by_fingerprint.values())

    @cached_property
    def _by_fingerprint(self) -> dict[str, Accreditation]:
        found: dict[str, Accreditation] = {}
        for authority in self.authorities:
            for der in authority.certificates:
                key = hashlib.sha256(der).hexdigest()
                before = found[key].periods if key in found else ()
                periods = tuple(dict.fromkeys((*before, *authority.periods)))
                found[key] = Accreditation(key, periods, self.version)
        return found

    def to_bytes(self) -> bytes:
        """Return the compact form, canonical JSON in UTF-8."""
        stored = {
            "form": FORM,
            "version": self.version,
            "issued_at": self.issued_at.isoformat(),
            "sha256": self.sha256,
            "authorities": [_authority_out(each) for each in self.authorities],
            "left_out": list(self.left_out),
        }
        text = json.dumps(stored, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return text.encode()

    @classmethod
    def from_bytes(cls, content: bytes) -> TrustedList:
        """Read what `to_bytes` wrote; raises StoredListUnreadableError or TooLargeError.

        The bytes come from our own store: nothing in them proves that they were verified.
        """
        refuse_larger(content, MAX_STORED)
        try:
            return _list_in(json.loads(content))
        except MALFORMED as error:
            raise StoredListUnreadableError from error


def accredited(trusted: TrustedList, authority: Certificate, day: date) -> Answer:
    """Say whether `authority` was accredited on `day`, and if not, why.

    `day` is the one on which the certificate in question was issued (`accreditation.day_of_issue`).
    """
    found = trusted.accreditation_of(authority.fingerprint)
    if found is None:
        return Answer.NOT_LISTED
    return Answer.ACCREDITED if found.covers(day) else Answer.NOT_THEN


def _authority_out(authority: ListedAuthority) -> dict[str, Any]:
    return {
        "name": authority.name,
        "ogrn": authority.ogrn,
        "inn": authority.inn,
        "periods": periods_out(authority.periods),
        "certificates": [base64.b64encode(der).decode() for der in authority.certificates],
    }


def _list_in(stored: dict[str, Any]) -> TrustedList:
    if stored["form"] != FORM:
        raise ValueError(f"form {stored['form']!r} is not known")
    return TrustedList(
        version=int(stored["version"]),
        issued_at=datetime.fromisoformat(stored["issued_at"]),
        sha256=str(stored["sha256"]),
        authorities=tuple(_authority_in(each) for each in stored["authorities"]),
        left_out=tuple(map(str, stored["left_out"])),
    )


def _authority_in(stored: dict[str, Any]) -> ListedAuthority:
    return ListedAuthority(
        name=str(stored["name"]),
        ogrn=str(stored["ogrn"]),
        inn=str(stored["inn"]),
        periods=periods_in(stored["periods"]),
        certificates=tuple(base64.b64decode(each) for each in stored["certificates"]),
    )
