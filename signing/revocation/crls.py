"""Certificate revocation lists, read from bytes (RFC 5280, 5).

A list of 100,000 entries is read once in a process and looked up through an index of its serial
numbers; a few lists are kept by their SHA-256.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from threading import Lock

from asn1crypto import algos
from asn1crypto import crl as asn1_crl
from cryptography import x509
from cryptography.exceptions import InvalidSignature

from signing.asn1 import der_of, exact_bytes
from signing.certificates import name_text
from signing.errors import MALFORMED, MEGABYTE, SigningError, refuse_larger
from signing.policy import read_scheme
from signing.words import N_

MAX_CRL = 50 * MEGABYTE
KEPT_LISTS = 64
KEPT_BYTES = 2 * MAX_CRL
KEPT_ANSWERS = 16
UNVERIFIED: tuple[type[Exception], ...] = (InvalidSignature, *MALFORMED)


class CrlUnreadableError(SigningError):
    """The bytes are not a certificate revocation list."""

    code = "signing.crl_unreadable"
    msgid = N_("The file is not a certificate revocation list that can be read.")


@dataclass(frozen=True)
class RevocationList:
    """One list: its exact DER, who issued it, and from when to when it is the newest word.

    `next_update` is None when the list does not say; such a list is never fresh. `number` is its
    place in the row of its issuer's lists; `base_number` is set for a delta list: that of the
    complete list whose changes it holds. `scope` is the issuing distribution point (DER), b"" for
    a list that speaks of all that its issuer has issued; `authority_key` the identifier of the key
    that signed, b"" when it is not said. `algorithm` is None when the list names two different ones
    for its signature.
    """

    der: bytes = field(repr=False)
    parsed: x509.CertificateRevocationList = field(compare=False, repr=False)
    issuer_der: bytes = field(repr=False)
    issuer_text: str
    this_update: datetime
    next_update: datetime | None
    number: int | None = None
    base_number: int | None = None
    scope: bytes = b""
    authority_key: bytes = b""
    algorithm: algos.SignedDigestAlgorithm | None = field(default=None, compare=False, repr=False)

    @cached_property
    def sha256(self) -> str:
        """Return the SHA-256 of the DER, lower-case hexadecimal."""
        return hashlib.sha256(self.der).hexdigest()

    @property
    def is_delta(self) -> bool:
        """Say whether the list has only changes."""
        return self.base_number is not None

    def entry(self, serial: int) -> x509.RevokedCertificate | None:
        """Return the (first) entry of this serial number, None when it is not listed.

        Raises one of `errors.MALFORMED` when the entries cannot be read.
        """
        place = self._places.get(serial)
        return None if place is None else self.parsed[place]

    def is_signed_with(self, public_key_der: bytes) -> bool:
        """Say whether the signature verifies with this key; a long list is gone through once."""
        known = self._verified.get(public_key_der)
        if known is None:
            known = self._verifies(public_key_der)
            if len(self._verified) < KEPT_ANSWERS:
                self._verified[public_key_der] = known
        return known

    def _verifies(self, public_key_der: bytes) -> bool:
        try:
            scheme = None if self.algorithm is None else read_scheme(self.algorithm)
            if scheme is None:
                return False
            scheme.verify(public_key_der, self.parsed.signature, self.parsed.tbs_certlist_bytes)
        except UNVERIFIED:
            return False
        return True

    @cached_property
    def _verified(self) -> dict[bytes, bool]:
        return {}

    @cached_property
    def _places(self) -> dict[int, int]:
        places: dict[int, int] = {}
        for place, revoked in enumerate(self.parsed):
            places.setdefault(revoked.serial_number, place)
        return places


class _Shelf:
    """The lists that were read lately: so many, and so many bytes of DER, at most."""

    def __init__(self) -> None:
        self._lists: OrderedDict[str, RevocationList] = OrderedDict()
        self._lock = Lock()

    def find(self, sha256: str) -> RevocationList | None:
        with self._lock:
            found = self._lists.get(sha256)
            if found is not None:
                self._lists.move_to_end(sha256)
            return found

    def keep(self, entry: RevocationList) -> None:
        with self._lock:
            self._lists[entry.sha256] = entry
            held = sum(len(each.der) for each in self._lists.values())
            while len(self._lists) > KEPT_LISTS or held > KEPT_BYTES:
                _, gone = self._lists.popitem(last=False)
                held -= len(gone.der)


_SHELF = _Shelf()


def load_crl(content: bytes) -> RevocationList:
    """Read a list from DER or PEM; raises CrlUnreadableError, or TooLargeError over 50 MB."""
    refuse_larger(content, MAX_CRL)
    try:
        der = der_of(content)
        known = _SHELF.find(hashlib.sha256(der).hexdigest())
        if known is not None:
            return known
        read = _read(der)
    except MALFORMED as error:
        raise CrlUnreadableError from error
    _SHELF.keep(read)
    return read


def _read(der: bytes) -> RevocationList:
    parsed = x509.load_der_x509_crl(der)
    outline = asn1_crl.CertificateList.load(der, strict=True)
    issuer = outline["tbs_cert_list"]["issuer"]
    inner, algorithm = outline["tbs_cert_list"]["signature"], outline["signature_algorithm"]
    extensions = {each.oid: each.value for each in parsed.extensions}
    number = extensions.get(x509.CRLNumber.oid)
    base = extensions.get(x509.DeltaCRLIndicator.oid)
    scope = extensions.get(x509.IssuingDistributionPoint.oid)
    key = extensions.get(x509.AuthorityKeyIdentifier.oid)
    return RevocationList(
        der=der,
        parsed=parsed,
        issuer_der=exact_bytes(issuer),
        issuer_text=name_text(issuer),
        this_update=parsed.last_update_utc,
        next_update=parsed.next_update_utc,
        number=number.crl_number if isinstance(number, x509.CRLNumber) else None,
        base_number=base.crl_number if isinstance(base, x509.DeltaCRLIndicator) else None,
        scope=b"" if scope is None else scope.public_bytes(),
        authority_key=(
            (key.key_identifier or b"") if isinstance(key, x509.AuthorityKeyIdentifier) else b""
        ),
        algorithm=algorithm if exact_bytes(inner) == exact_bytes(algorithm) else None,
    )
