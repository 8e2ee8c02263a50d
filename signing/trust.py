"""Trust anchors and the chain from a certificate up to one of them.

The kind of a signature comes from the anchor its chain ends in. A store is built once and
reused; building a chain changes nothing in it.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from cryptography.exceptions import InvalidSignature
from pyhanko_certvalidator.authority import CertTrustAnchor, TrustQualifiers
from pyhanko_certvalidator.context import ValidationContext
from pyhanko_certvalidator.errors import PathError, ValidationError
from pyhanko_certvalidator.path import ValidationPath
from pyhanko_certvalidator.policy_decl import DisallowWeakAlgorithmsPolicy
from pyhanko_certvalidator.registry import CertificateRegistry
from pyhanko_certvalidator.validate import async_validate_path

from signing.accredited.accreditation import Accreditation, day_of_issue
from signing.certificates import Certificate
from signing.errors import MALFORMED
from signing.gost_pyhanko import GostSignatureValidator
from signing.policy import read_scheme
from signing.verdicts import SignatureKind

MAX_CHAIN = 8
MAX_CHAINS = 32
PATH_ERRORS: tuple[type[Exception], ...] = (
    ValidationError,
    PathError,
    InvalidSignature,
    *MALFORMED,
)
ANY_ALGORITHM = DisallowWeakAlgorithmsPolicy(  # type: ignore[no-untyped-call]  # pyHanko's
    weak_hash_algos=frozenset(), rsa_key_size_threshold=0, dsa_key_size_threshold=0
)
"""Which algorithms count is the business of check 6 alone (signing.policy)."""


@dataclass(frozen=True)
class TrustAnchor:
    """A certificate that is trusted for one kind of signature.

    A TRAINING anchor names the kind it stands for, and no other anchor does (ValueError). With an
    `accreditation` it is trusted for the signers of that one authority alone, whose certificates
    were issued on a day of the accreditation.
    """

    certificate: Certificate
    kind: SignatureKind
    stands_for: SignatureKind | None = None
    accreditation: Accreditation | None = None

    def __post_init__(self) -> None:
        training = self.kind is SignatureKind.TRAINING
        if training != (self.stands_for is not None):
            raise ValueError("a training anchor, and no other, stands for another kind")
        if self.stands_for is SignatureKind.TRAINING:
            raise ValueError("a training anchor stands for a real kind")


@dataclass(frozen=True)
class Chain:
    """A chain from an anchor down to the signer: `certificates` runs anchor first, signer last."""

    anchor: TrustAnchor
    certificates: tuple[Certificate, ...]

    @property
    def authorities(self) -> tuple[Certificate, ...]:
        """Return the certificates of the authorities, anchor first."""
        return self.certificates[:-1]

    @property
    def links(self) -> tuple[tuple[Certificate, Certificate], ...]:
        """Return (issuer, issued) for every link, from the anchor down."""
        return tuple(zip(self.certificates, self.certificates[1:], strict=False))


@dataclass(frozen=True)
class ChainProblem:
    """Why there is no good chain: a code, and the certificate it is about (if any)."""

    code: str
    certificate: Certificate | None = None
    detail: str = ""


def nobody(name: bytes) -> tuple[Certificate, ...]:  # noqa: ARG001 - as `TrustStore.by_subject`
    """Know no certificate of any name."""
    return ()


class TrustStore:
    """The anchors and the untrusted intermediate certificates that chains are built from.

    `by_subject` gives further intermediates by the DER of their subject when a chain needs them:
    thousands of certificates are not parsed for the few that are asked for.
    """

    def __init__(
        self,
        anchors: Iterable[TrustAnchor],
        intermediates: Iterable[Certificate] = (),
        by_subject: Callable[[bytes], tuple[Certificate, ...]] = nobody,
    ) -> None:
        self.anchors = tuple(anchors)
        self.intermediates = tuple(intermediates)
        self.by_subject = by_subject
        self._anchors_by_name: dict[tuple[bytes, str], list[TrustAnchor]] = defaultdict(list)
        for anchor in self.anchors:
            only = anchor.accreditation.authority if anchor.accreditation else ""
            self._anchors_by_name[anchor.certificate.subject_der, only].append(anchor)
        self._by_name = _index(self.intermediates)

    def find_chain(
        self, signer: Certificate, extra: Iterable[Certificate], at: datetime
    ) -> Chain | ChainProblem:
        """Return the first chain in which every authority is good at `at`, or what is wrong.

        One that leads to an anchor of qualified signatures goes before others: an authority that
        somebody trusts for less takes nothing away from those it issued to.
        `extra` are certificates that came with the signature; they are trusted for nothing. The
        signer's own validity at `at` is not looked at here (check 4), nor are algorithms
        (check 6) and revocation (check 5).
        """
        if not self.anchors:
            return ChainProblem("nothing_trusted")
        good: list[Chain] = []
        problems: list[ChainProblem] = []
        for chain in islice(self._chains(signer, _index(extra)), MAX_CHAINS):
            problem = check_chain(chain, at)
            if problem is not None:
                problems.append(problem)
            elif chain.anchor.kind is SignatureKind.QUALIFIED:
                return chain
            else:
                good.append(chain)
        if good:
            return good[0]
        return problems[0] if problems else ChainProblem("untrusted", signer)

    def _chains(
        self, signer: Certificate, extra: dict[bytes, list[Certificate]]
    ) -> Iterator[Chain]:
        """Yield the chains of certificates that really signed each other, shortest first."""
        open_ends: list[tuple[Certificate, ...]] = [(signer,)]
        looked_at = 0
        while open_ends and looked_at < MAX_CHAINS * MAX_CHAIN:
            looked_at += 1
            lower = open_ends.pop(0)
            for anchor in self._anchors_above(lower):
                if anchor.certificate != lower[0] and _issued(anchor.certificate, lower[0]):
                    yield Chain(anchor, (anchor.certificate, *lower))
            if len(lower) < MAX_CHAIN:
                name = lower[0].issuer_der
                candidates = (
                    *self._by_name.get(name, ()),
                    *self.by_subject(name),
                    *extra.get(name, ()),
                )
                open_ends += [
                    (issuer, *lower)
                    for issuer in dict.fromkeys(candidates)
                    if not _already_in(issuer, lower) and _issued(issuer, lower[0])
                ]

    def _anchors_above(self, lower: tuple[Certificate, ...]) -> Iterator[TrustAnchor]:
        """Yield the anchors that may stand above: for everybody, or for the signer's authority."""
        name = lower[0].issuer_der
        yield from self._anchors_by_name.get((name, ""), ())
        if len(lower) > 1:
            yield from self._anchors_by_name.get((name, lower[-2].fingerprint), ())


def _index(certificates: Iterable[Certificate]) -> dict[bytes, list[Certificate]]:
    by_name: dict[bytes, list[Certificate]] = defaultdict(list)
    for certificate in certificates:
        by_name[certificate.subject_der].append(certificate)
    return by_name


def _already_in(issuer: Certificate, lower: tuple[Certificate, ...]) -> bool:
    """Say whether the same name with the same key is in the chain already (a loop)."""
    return any(
        issuer.subject_der == below.subject_der and issuer.public_key_der == below.public_key_der
        for below in lower
    )


def _issued(issuer: Certificate, issued: Certificate) -> bool:
    """Say whether the key identifiers allow that `issuer` issued `issued`.

    The signature itself is verified in `check_chain`; this only keeps the search small.
    """
    wanted = issued.parsed.authority_key_identifier
    offered = issuer.parsed.key_identifier
    return wanted is None or offered is None or bool(wanted == offered)


def check_chain(chain: Chain, at: datetime) -> ChainProblem | None:
    """Return what is wrong with `chain` at `at`, None when it holds (RFC 5280, 6.1)."""
    for authority in chain.authorities:
        if at < authority.not_before:
            return ChainProblem("ca_not_yet_valid", authority)
        if at > authority.not_after:
            return ChainProblem("ca_expired", authority)
        if not authority.parsed.ca or "key_cert_sign" not in (authority.key_usage or ()):
            return ChainProblem("not_a_ca", authority)
    if not _is_accredited(chain):
        return ChainProblem("not_accredited", chain.authorities[-1])
    for issuer, issued in chain.links:
        if not _is_known(issuer, issued):
            return ChainProblem("algorithm_unknown", issued)
    try:
        _validate_path(chain, at)
    except PATH_ERRORS as error:
        return ChainProblem("broken", chain.certificates[-1], str(error))
    return None


def _is_accredited(chain: Chain) -> bool:
    """Say whether the anchor trusts who issued the signer's certificate, for its day of issue."""
    accreditation = chain.anchor.accreditation
    if accreditation is None:
        return True
    *_, issuer, signer = chain.certificates
    return accreditation.authority == issuer.fingerprint and accreditation.covers(
        day_of_issue(signer.not_before)
    )


def _is_known(issuer: Certificate, issued: Certificate) -> bool:
    """Say whether what `issued` was signed with can be verified here: algorithm and parameters."""
    try:
        scheme = read_scheme(issued.parsed["signature_algorithm"])
    except MALFORMED:
        return False
    return scheme is not None and scheme.knows(issuer.public_key_der)


def _validate_path(chain: Chain, at: datetime) -> None:
    """Run the path validation of RFC 5280 at a moment within the signer's validity.

    Whether the signer's certificate is valid at `at` is check 4's to say, so the moment is moved
    into its validity; the authorities have been compared with `at` itself. Revocation is not
    looked at here: `signing.revocation.known` requires an answer for every certificate of the chain
    (what certvalidator calls 'require', without its dependence on distribution points).
    """
    *authorities, signer = chain.certificates
    moment = min(max(at, signer.not_before), signer.not_after)
    longest = chain.anchor.certificate.parsed.max_path_length
    qualifiers = (
        TrustQualifiers()
        if longest is None
        else TrustQualifiers(max_path_length=longest, max_aa_path_length=longest)
    )
    anchor = CertTrustAnchor(chain.anchor.certificate.parsed, quals=qualifiers)
    context = ValidationContext(
        trust_roots=[anchor],
        moment=moment,
        revocation_mode="soft-fail",
        algorithm_usage_policy=ANY_ALGORITHM,
        certificate_registry=CertificateRegistry(),
        time_tolerance=timedelta(0),  # seconds matter at both ends
        signature_validator=GostSignatureValidator(),
    )
    path = ValidationPath(
        anchor, interm=[authority.parsed for authority in authorities[1:]], leaf=signer.parsed
    )
    asyncio.run(async_validate_path(context, path))


def with_anchors(store: TrustStore, more: Iterable[TrustAnchor]) -> TrustStore:
    """Return a store that trusts `more` anchors as well; what `store` has parsed is shared."""
    return TrustStore((*store.anchors, *more), store.intermediates, store.by_subject)


def with_intermediates(store: TrustStore, more: Iterable[Certificate]) -> TrustStore:
    """Return a store with the same anchors that knows `more` intermediate certificates."""
    together = dict.fromkeys((*store.intermediates, *more))
    return TrustStore(store.anchors, together, store.by_subject)
