"""Anchors as the workflow knows them, made into stores of signing: built once, reused."""

from __future__ import annotations

from functools import lru_cache

from signing.accredited.qualified_trust import is_state_root, qualified_store
from signing.certificates import Certificate, load_certificate
from signing.trust import TrustAnchor, TrustStore, with_anchors
from signing.verdicts import SignatureKind as AnchorKind
from workflow.domain.regulations import SignatureKind
from workflow.domain.trust import TrustAnchor as KnownAnchor
from workflow.ports import TrustView

#: Kinds of signatures that an anchor can vouch for.
ANCHOR_KINDS = {
    SignatureKind.ADVANCED: AnchorKind.ADVANCED,
    SignatureKind.QUALIFIED: AnchorKind.QUALIFIED,
}


@lru_cache(maxsize=32)
def store_of(anchors: tuple[KnownAnchor, ...], accredited: bytes = b"") -> TrustStore:
    """A store is built once for a set of anchors and a list (building it is what costs).

    A root of the state is trusted for the authorities in the list alone, and without a list for
    nobody. The own anchors of an organisation stand on the store that all share.
    """
    own = tuple(each for each in anchors if each.organisation_id is not None)
    if not own:
        return _shared_store(anchors, accredited)
    of_all = tuple(each for each in anchors if each.organisation_id is None)
    return with_anchors(_shared_store(of_all, accredited), _anchors(own))


@lru_cache(maxsize=8)
def _shared_store(anchors: tuple[KnownAnchor, ...], accredited: bytes) -> TrustStore:
    made = _anchors(anchors)
    others = tuple(a for a in made if not is_state_root(a))
    return _beside_listed(others, accredited, _roots_among(made))


def stampers_of(trust: TrustView) -> TrustStore:
    """Return who vouches for timestamps: the accredited, whom the operator named for it, training.

    An authority that is trusted for advanced signatures proves no time.
    """
    listing = (a for a in trust.anchors if a.training or a.kind is SignatureKind.QUALIFIED)
    return _stampers(tuple(listing), trust.timestamping, trust.accredited)


@lru_cache(maxsize=8)
def _stampers(
    listing: tuple[KnownAnchor, ...], named: tuple[KnownAnchor, ...], accredited: bytes
) -> TrustStore:
    made = _anchors(listing)
    practice = tuple(a for a in made if a.kind is AnchorKind.TRAINING)
    return _beside_listed((*practice, *_anchors(named)), accredited, _roots_among(made))


def _beside_listed(
    others: tuple[TrustAnchor, ...], accredited: bytes, roots: tuple[Certificate, ...]
) -> TrustStore:
    """Return a store of these anchors and the authorities of the list, if there is one."""
    if not accredited:
        return TrustStore(others)
    listed = _listed(accredited, roots)
    return TrustStore((*others, *listed.anchors), listed.intermediates, listed.by_subject)


@lru_cache(maxsize=4)
def _listed(accredited: bytes, roots: tuple[Certificate, ...]) -> TrustStore:
    return qualified_store(accredited, roots)


def _anchors(known: tuple[KnownAnchor, ...]) -> list[TrustAnchor]:
    return [_anchor(each) for each in known if each.kind in ANCHOR_KINDS]


def state_roots(anchors: tuple[KnownAnchor, ...]) -> tuple[Certificate, ...]:
    """Return those of the anchors that are roots of the state."""
    return _roots_among(_anchors(anchors))


def _roots_among(anchors: list[TrustAnchor]) -> tuple[Certificate, ...]:
    return tuple(each.certificate for each in anchors if is_state_root(each))


def _anchor(known: KnownAnchor) -> TrustAnchor:
    certificate = load_certificate(known.pem.encode())
    if known.training:
        stands_for = ANCHOR_KINDS[known.stands_for or known.kind]
        return TrustAnchor(certificate, AnchorKind.TRAINING, stands_for)
    return TrustAnchor(certificate, ANCHOR_KINDS[known.kind])
