"""The chains of those who signed, and of those who gave timestamps, as they are trusted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from marshrut.engines.trust_stores import stampers_of, store_of
from signing.cades import SignedCms, parse_cms, read_cms
from signing.certificates import Certificate, load_certificate
from signing.errors import SigningError
from signing.pdf.signatures import read_signatures
from signing.policy import DEFAULT_POLICY
from signing.revocation.crl_status import is_issued_by
from signing.revocation.crls import RevocationList
from signing.timestamps.tokens import parse_token
from signing.trust import Chain, TrustStore
from workflow.domain.regulations import SignatureFormat
from workflow.ports import TrustView
from workflow.revocation_lists import StoredSignature


def chains_of_signers(
    signature: bytes, signature_format: SignatureFormat, trust: TrustView, at: datetime
) -> list[Chain]:
    """Return the chains of the signers, as far as they are trusted `at`; raises SigningError."""
    store = store_of(trust.anchors, trust.accredited)
    return list(_chains(store, _signers(signature, signature_format), at))


def chains_of_stampers(
    signature: bytes, signature_format: SignatureFormat, trust: TrustView, at: datetime
) -> list[Chain]:
    """Return the chains of the authorities whose timestamps stand in the file."""
    tokens = [token for cms in _signers(signature, signature_format) for token in cms.tokens]
    if signature_format is SignatureFormat.PADES:
        tokens += [each.cms for each in read_signatures(signature).timestamps]
    return chains_of_tokens(tokens, trust, at)


def chains_of_tokens(tokens: Iterable[bytes], trust: TrustView, at: datetime) -> list[Chain]:
    """Return the chains of the authorities that gave these tokens (DER), trusted `at`."""
    return list(_chains(stampers_of(trust), (parse_token(each).signed for each in tokens), at))


def known_issuer(
    found: RevocationList, trust: TrustView, stored: Iterable[StoredSignature], now: datetime
) -> Certificate | None:
    """Return the certificate known here whose key signed the list, None when there is none.

    Known are the anchors, the accredited authorities, and the authorities in the trusted chains of
    what is `stored`.
    """
    for each in _authorities(found.issuer_der, trust, stored, now):
        if is_issued_by(found, each, DEFAULT_POLICY):
            return each
    return None


def _authorities(
    name: bytes, trust: TrustView, stored: Iterable[StoredSignature], now: datetime
) -> Iterator[Certificate]:
    """Yield the known certificates of authorities, those that cost least to find first."""
    anchors = (*trust.anchors, *trust.timestamping)
    yield from (load_certificate(each.pem.encode()) for each in anchors)
    for store in (store_of(trust.anchors, trust.accredited), stampers_of(trust)):
        yield from store.by_subject(name)
        yield from store.intermediates
        yield from (each.certificate for each in store.anchors)
    for one in stored:
        for chains in (chains_of_signers, chains_of_stampers):
            try:
                trusted = chains(one.signature, one.format, trust, now)
            except SigningError:
                continue  # what cannot be read leads to nobody
            yield from (authority for chain in trusted for authority in chain.authorities)


def _chains(store: TrustStore, signed: Iterable[SignedCms], at: datetime) -> Iterator[Chain]:
    for cms in signed:
        if cms.certificate is not None:
            chain = store.find_chain(cms.certificate, cms.certificates, at)
            if isinstance(chain, Chain):
                yield chain


def _signers(signature: bytes, signature_format: SignatureFormat) -> Iterator[SignedCms]:
    if signature_format is SignatureFormat.PADES:
        for each in read_signatures(signature).signatures:
            yield parse_cms(each.cms)
    else:
        yield from read_cms(signature).signers
