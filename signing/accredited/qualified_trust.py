"""Trust in qualified certificates: state roots, and through them the accredited authorities."""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache

from asn1crypto import parser

from signing.accredited.trusted_list import TrustedList
from signing.certificates import OGRN, Certificate, load_certificate, subject_value
from signing.errors import MALFORMED, SigningError
from signing.trust import TrustAnchor, TrustStore
from signing.verdicts import SignatureKind

MINISTRY_OGRN = "1047702026701"
"""The ministry of digital development, as its published root certificates name it."""

SUBJECT = 5
"""The place of the subject in a TBSCertificate that begins with its version (RFC 5280, 4.1)."""


@lru_cache(maxsize=4)
def qualified_store(
    stored_list: bytes,
    roots: tuple[Certificate, ...],
    others: tuple[TrustAnchor, ...] = (),
) -> TrustStore:
    """Return the trust that a verified list gives under the confirmed state roots.

    `stored_list` is the compact form (`TrustedList.to_bytes`) of a list that was verified;
    `others` are anchors that have nothing to do with it. The store is built once for a list in a
    process and reused.

    Raises StoredListUnreadableError or TooLargeError.
    """
    return build_store(TrustedList.from_bytes(stored_list), roots, others)


def build_store(
    trusted: TrustedList,
    roots: tuple[Certificate, ...],
    others: tuple[TrustAnchor, ...] = (),
) -> TrustStore:
    """Return the same, built anew.

    Each root is trusted for every listed certificate apart, in its periods of accreditation. That
    the root, or somebody below it, really issued that certificate is seen when a chain is built
    through it. Certificates that cannot be read grant nothing.
    """
    anchors = [
        TrustAnchor(root, SignatureKind.QUALIFIED, accreditation=accreditation)
        for accreditation in trusted.accreditations
        for root in roots
    ]
    return TrustStore((*others, *anchors), by_subject=ListedCertificates(trusted).of)


def is_state_root(anchor: TrustAnchor) -> bool:
    """Say whether a qualified anchor is a root of the ministry, under which others are accredited.

    Such a root vouches for the authorities of the list alone. Any other qualified anchor was
    chosen by the operator as it is.
    """
    certificate = anchor.certificate
    return (
        anchor.kind is SignatureKind.QUALIFIED
        and anchor.accreditation is None
        and certificate.issuer_der == certificate.subject_der
        and subject_value(certificate, OGRN) == MINISTRY_OGRN
    )


class ListedCertificates:
    """The certificates of a list by their subjects, parsed when they are asked for."""

    def __init__(self, trusted: TrustedList) -> None:
        self._ders: dict[bytes, list[bytes]] = defaultdict(list)
        for der in dict.fromkeys(d for each in trusted.authorities for d in each.certificates):
            self._ders[_subject(der)].append(der)
        self._parsed: dict[bytes, tuple[Certificate, ...]] = {}

    def of(self, subject_der: bytes) -> tuple[Certificate, ...]:
        """Return the certificates with this subject that can be read."""
        if subject_der not in self._ders:
            return ()
        if subject_der not in self._parsed:
            found = (_readable(der) for der in self._ders[subject_der])
            self._parsed[subject_der] = tuple(each for each in found if each is not None)
        return self._parsed[subject_der]


def _subject(der: bytes) -> bytes:
    """Return the DER of the subject, found by its place; b"" when there is none."""
    try:
        rest = parser.parse(parser.parse(der)[4])[4]
        for _ in range(SUBJECT):
            rest = rest[parser.peek(rest) :]
        return bytes(rest[: parser.peek(rest)])
    except MALFORMED:
        return b""


def _readable(der: bytes) -> Certificate | None:
    try:
        return load_certificate(der)
    except SigningError:
        return None
