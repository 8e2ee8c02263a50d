"""Is a file the ministry's list of accredited authorities? Until this is known it grants nothing.

The list is signed by the ministry (XML-DSig, GOST R 34.10-2012). Its signer's certificate must
lead to a state root that the operator has confirmed, and be issued to the ministry itself.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from signing.accredited.list_xml import read_list
from signing.accredited.qualified_trust import MINISTRY_OGRN, ListedCertificates
from signing.accredited.trusted_list import TrustedList, TrustedListError
from signing.accredited.xmldsig import SignedXml, verify_enveloped
from signing.certificates import OGRN, Certificate, subject_value
from signing.errors import MALFORMED
from signing.policy import DEFAULT_POLICY, AlgorithmPolicy, Standing, worst
from signing.revocation.known import RevocationList, Status, status_of
from signing.trust import Chain, TrustAnchor, TrustStore
from signing.verdicts import SignatureKind, TimeBasis, refuse_naive
from signing.words import N_

CLOCKS_DIFFER = timedelta(minutes=5)


class NotTheMinistryError(TrustedListError):
    """The signer's certificate is not one of the ministry."""

    code = "trusted_list.not_the_ministry"
    msgid = N_("The list is signed by {name} and not by the ministry (OGRN {ogrn}).")


class NoRootsError(TrustedListError):
    """No state root has been confirmed, so that nobody can vouch for the signer."""

    code = "trusted_list.no_roots"
    msgid = N_("No root certificate of the state has been confirmed. Add and confirm it first.")


class SignerNotTrustedError(TrustedListError):
    """No chain leads from the signer's certificate to a confirmed root."""

    code = "trusted_list.signer_not_trusted"
    msgid = N_(
        "The certificate of {name}, who signed the list, does not lead to a confirmed root "
        "certificate of the state."
    )


class SignerUnfitError(TrustedListError):
    """The signer's certificate is not valid now, not for signatures, or too weak."""

    code = "trusted_list.signer_unfit"
    msgid = N_(
        "The certificate of {name}, who signed the list, is not valid today, is not meant for "
        "signatures or uses an algorithm that is not accepted."
    )


class SignerRevokedError(TrustedListError):
    """A certificate in the signer's chain has been revoked."""

    code = "trusted_list.signer_revoked"
    msgid = N_("The certificate of {name}, by which the list is signed, has been revoked.")


class RevocationUnknownError(TrustedListError):
    """It is not known whether a certificate in the signer's chain is revoked."""

    code = "trusted_list.revocation_unknown"
    msgid = N_(
        "It is not known whether the certificate of {name} has been revoked. Load the newest "
        "revocation list of {issuer} and then the list of authorities again."
    )


class RollbackError(TrustedListError):
    """The list is older than the one that is in use."""

    code = "trusted_list.rollback"
    msgid = N_("The list has version {version}, older than version {previous} that is in use.")


class ListInFutureError(TrustedListError):
    """The list is dated later than now."""

    code = "trusted_list.in_future"
    msgid = N_("The list of authorities is dated in the future. Check the clock of the server.")


def verify_list(
    content: bytes,
    roots: Sequence[Certificate],
    now: datetime,
    *,
    crls: Iterable[RevocationList] = (),
    previous_version: int = 0,
    ministry_ogrn: str = MINISTRY_OGRN,
    policy: AlgorithmPolicy = DEFAULT_POLICY,
) -> TrustedList:
    """Verify a list and read it; nothing that is returned stood outside the signed bytes.

    Who signs is the ministry's, by its ОГРН, and so is every authority between it and the root.
    `roots` are the state roots that the operator has confirmed, `now` is UTC, `previous_version`
    that of the list in use. `crls` must say that no certificate of the signer's chain is revoked.
    Certificates that the chain needs are looked for beside the signature and in the list itself:
    they prove nothing, only the roots do.

    Raises XmlSignatureError, TrustedListError, CertificateUnreadableError or TooLargeError.
    """
    refuse_naive(now)
    signed = verify_enveloped(content)
    name = signed.signer.subject_text
    if subject_value(signed.signer, OGRN) != ministry_ogrn:
        raise NotTheMinistryError(name=name, ogrn=ministry_ogrn)
    found = read_list(signed.content, hashlib.sha256(content).hexdigest())
    if found.version < previous_version:
        raise RollbackError(version=found.version, previous=previous_version)
    if found.issued_at > now + CLOCKS_DIFFER:
        raise ListInFutureError
    chain = _chain(signed, roots, found, now)
    for above in chain.certificates[1:-1]:  # an accredited authority could name itself ministry
        if subject_value(above, OGRN) != ministry_ogrn:
            raise NotTheMinistryError(name=above.subject_text, ogrn=ministry_ogrn)
    if not _is_fit(chain, now, policy):
        raise SignerUnfitError(name=name)
    _demand_not_revoked(chain, tuple(crls), now, policy)
    return found


def _chain(
    signed: SignedXml, roots: Sequence[Certificate], listed: TrustedList, now: datetime
) -> Chain:
    if not roots:
        raise NoRootsError
    anchors = [TrustAnchor(root, SignatureKind.QUALIFIED) for root in roots]
    store = TrustStore(anchors, by_subject=ListedCertificates(listed).of)
    chain = store.find_chain(signed.signer, signed.certificates, now)
    if not isinstance(chain, Chain):
        raise SignerNotTrustedError(name=signed.signer.subject_text)
    return chain


def _is_fit(chain: Chain, now: datetime, policy: AlgorithmPolicy) -> bool:
    """Say whether the signer may sign now, and every algorithm and key below the root is good."""
    signer = chain.certificates[-1]
    since, until = signer.private_key_usage_period()
    return (
        max(signer.not_before, since or signer.not_before) <= now
        and now <= min(signer.not_after, until or signer.not_after)
        and bool((signer.key_usage or frozenset()) & {"digital_signature", "non_repudiation"})
        and not signer.parsed.ca
        and _standing(chain, policy) is Standing.ALLOWED
    )


def _standing(chain: Chain, policy: AlgorithmPolicy) -> Standing:
    try:
        keys = [policy.key(each.parsed.public_key) for each in chain.certificates]
        issued = [each.parsed["signature_algorithm"] for each in chain.certificates[1:]]
        return worst([*keys, *map(policy.signature, issued)])
    except MALFORMED:
        return Standing.UNKNOWN


def _demand_not_revoked(
    chain: Chain, crls: tuple[RevocationList, ...], now: datetime, policy: AlgorithmPolicy
) -> None:
    for issuer, issued in chain.links:
        status = status_of(issued, issuer, crls, now, TimeBasis.NOW, policy).status
        if status is Status.REVOKED:
            raise SignerRevokedError(name=issued.subject_text)
        if status is not Status.GOOD:
            raise RevocationUnknownError(name=issued.subject_text, issuer=issuer.subject_text)
