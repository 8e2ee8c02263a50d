"""signing.fetching behind the port StatusSources: lists and answers from certificates' addresses.

Only addresses in certificates whose chain leads to an anchor are asked, and only what the issuer
(or its delegate) has signed about the certificate is taken.
"""

from __future__ import annotations

import secrets
import ssl
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from marshrut.engines.chains import chains_of_signers, chains_of_stampers
from marshrut.engines.signatures import crl_facts
from signing.certificates import Certificate, load_certificate
from signing.errors import SigningError
from signing.policy import DEFAULT_POLICY
from signing.revocation.certificate_status import Status
from signing.revocation.crl_status import Question as Asked
from signing.revocation.crl_status import speaks_of
from signing.revocation.crls import load_crl
from signing.revocation.fetching import (
    LIST_TYPES,
    OCSP_REQUEST_TYPE,
    OCSP_TYPES,
    Limits,
    Question,
    fetch,
)
from signing.revocation.ocsp import (
    MAX_ANSWER,
    build_request,
    check_nonce,
    load_answer,
    status_in_answers,
)
from signing.revocation.reach import Reach
from signing.revocation.sources import sources_in
from signing.trust import Chain
from signing.verdicts import TimeBasis
from workflow.domain.refusals import N_, Refusal
from workflow.domain.regulations import SignatureFormat
from workflow.ports import CrlFacts, TrustView
from workflow.status_sources import AnswerFacts, SourceKind, StatusSource

NONCE_BYTES = 16
CLOCKS_DIFFER = timedelta(minutes=5)
LIST_LIMITS = Limits(seconds=30)
ANSWER_LIMITS = Limits(seconds=10, size=MAX_ANSWER)
WIDE_INTERNET = Reach()

_SAYS_SOMETHING = (Status.GOOD, Status.REVOKED, Status.UNKNOWN)
_DATED_AHEAD = N_("What was fetched is dated in the future. Check the clock of the server.")


class NetworkSources:
    """Asks over the network, as far as `reach` lets it; `tls` replaces the usual trust of https."""

    def __init__(
        self,
        reach: Reach = WIDE_INTERNET,
        tls: ssl.SSLContext | None = None,
        new_nonce: Callable[[int], bytes] = secrets.token_bytes,
    ) -> None:
        self._reach = reach
        self._tls = tls
        self._new_nonce = new_nonce

    def named_by(
        self,
        signature: bytes,
        signature_format: SignatureFormat,
        trust: TrustView,
        at: datetime,
    ) -> tuple[StatusSource, ...]:
        """See `workflow.status_sources.StatusSources`."""
        found: list[StatusSource] = []
        for some in (_of_signers, _of_stampers):
            try:
                found += some(signature, signature_format, trust, at)
            except SigningError:
                continue  # what cannot be read names nobody
        return tuple(dict.fromkeys(found))

    def ask(
        self, source: StatusSource, trust: TrustView, now: datetime
    ) -> CrlFacts | AnswerFacts | Refusal:
        """See `workflow.status_sources.StatusSources`."""
        try:
            certificate = load_certificate(source.certificate)
            issuer = load_certificate(source.issuer)
            asked = Asked(certificate, issuer, now, TimeBasis.NOW, DEFAULT_POLICY)
            if source.kind is SourceKind.LIST:
                return self._list(source.address, asked)
            return self._answer(source.address, asked, trust)
        except SigningError as error:
            return Refusal(error.code, error.msgid, params=error.params)

    def _list(self, address: str, asked: Asked) -> CrlFacts | Refusal:
        question = Question(address, LIST_TYPES)
        found = load_crl(fetch(question, self._reach, LIST_LIMITS, self._tls))
        if not speaks_of(found, asked):
            return Refusal(
                "crl.of_another",
                N_("The fetched list is not one that the issuer of the certificate has signed."),
            )
        if found.this_update > asked.at + CLOCKS_DIFFER:
            return Refusal("crl.dated_ahead", _DATED_AHEAD)
        return crl_facts(found, asked.issuer.public_key_der)

    def _answer(self, address: str, asked: Asked, trust: TrustView) -> AnswerFacts | Refusal:
        nonce = self._new_nonce(NONCE_BYTES)
        request = build_request(asked.certificate, asked.issuer, nonce)
        question = Question(address, OCSP_TYPES, request, OCSP_REQUEST_TYPE)
        found = load_answer(fetch(question, self._reach, ANSWER_LIMITS, self._tls))
        check_nonce(found, nonce)
        if found.this_update > asked.at + CLOCKS_DIFFER:
            return Refusal("ocsp.dated_ahead", _DATED_AHEAD)
        # The other clock may go a little ahead of ours.
        present = replace(asked, at=max(asked.at, found.this_update))
        said = status_in_answers(present, (found,), map(load_crl, trust.crls))
        if said is None or said.status not in _SAYS_SOMETHING:
            return Refusal(
                "ocsp.of_another",
                N_("The answer is not the word of the certificate’s issuer on its revocation."),
            )
        serial = f"{asked.certificate.serial:X}"
        unknown = said.status is Status.UNKNOWN
        return AnswerFacts(serial, found.der, found.this_update, found.next_update, unknown)


def _of_signers(
    signature: bytes, signature_format: SignatureFormat, trust: TrustView, at: datetime
) -> list[StatusSource]:
    found = chains_of_signers(signature, signature_format, trust, at)
    return [source for chain in found for source in _of_chain(chain)]


def _of_stampers(
    signature: bytes, signature_format: SignatureFormat, trust: TrustView, at: datetime
) -> list[StatusSource]:
    """The lists about the authorities that gave the timestamps over values and over the file."""
    found = chains_of_stampers(signature, signature_format, trust, at)
    sources = (source for chain in found for source in _of_chain(chain))
    return [each for each in sources if each.kind is SourceKind.LIST]


def _of_chain(chain: Chain) -> Iterator[StatusSource]:
    """Yield the sources of every certificate below the anchor, the signer's first.

    Responders are asked about the signer alone; of the authorities there are lists.
    """
    signer = chain.certificates[-1]
    for issuer, issued in reversed(chain.links):
        named = sources_in(issued)
        for address in (*named.lists, *named.deltas):
            yield _source(SourceKind.LIST, address, issued, issuer)
        for address in named.responders if issued == signer else ():
            yield _source(SourceKind.ANSWER, address, issued, issuer)


def _source(
    kind: SourceKind, address: str, certificate: Certificate, issuer: Certificate
) -> StatusSource:
    return StatusSource(kind, address, certificate.der, issuer.der)
