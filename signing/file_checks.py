"""Checks 1–6: what can be said of a signature from the file, the trust and the lists alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from cryptography.exceptions import InvalidSignature

from signing.cades import SignedCms, is_bound
from signing.certificates import Certificate
from signing.digests import DIGESTS
from signing.errors import MALFORMED
from signing.pdf.signatures import PdfIntegrity
from signing.policy import AlgorithmPolicy, Standing, UnknownKeyError, worst
from signing.revocation.known import CertificateStatus, RevocationList, Status, status_of
from signing.revocation.ocsp import OcspAnswer
from signing.trust import Chain, ChainProblem
from signing.verdicts import CHECK_KEYS, Check, Outcome, Param, TimeBasis
from signing.words import N_

NO_CERTIFICATE = N_("The certificate did not come with the signature.")
MACHINE_PURPOSES = frozenset({"server_auth", "code_signing", "time_stamping", "ocsp_signing"})

CHAIN_PROBLEMS = {
    "nothing_trusted": N_("No trusted authorities were given, so the chain could not be checked."),
    "untrusted": N_("The certificate of {name} was issued by an authority that is not trusted."),
    "ca_expired": N_("The certificate of the authority {name} expired on {until}."),
    "ca_not_yet_valid": N_("The certificate of the authority {name} is valid only from {since}."),
    "not_a_ca": N_("The certificate of {name} may not issue certificates."),
    "not_accredited": N_(
        "The authority {name} was not accredited on the day when it issued the certificate."
    ),
    "algorithm_unknown": N_(
        "The certificate of {name} is signed with an algorithm that this program does not know."
    ),
    "broken": N_("The chain of certificates from {name} to a trusted authority does not hold."),
}
WORST_STATUS_FIRST = (
    Status.REVOKED,
    Status.UNKNOWN,
    Status.NO_LIST,
    Status.UNUSABLE,
    Status.STALE,
    Status.REVOKED_LATER,
    Status.GOOD,
)
VERIFIED_NOT_ACCEPTED = {
    "no_signed_attributes": N_(
        "The signature verifies, but it has no signed attributes and is not accepted."
    ),
    "not_bound": N_(
        "The signature verifies, but it does not name its certificate and is not accepted."
    ),
}
UNDECIDED_CHAINS = ("nothing_trusted", "algorithm_unknown")
STATUS_PROBLEMS = {
    Status.NO_LIST: N_("There is no revocation list for the certificate of {name}."),
    Status.STALE: N_("The newest revocation list for the certificate of {name} is out of date."),
    Status.UNUSABLE: N_(
        "The revocation list for the certificate of {name} cannot be used: it is not signed by "
        "the authority that issued the certificate, or does not cover it."
    ),
    Status.UNKNOWN: N_(
        "The authority answers that it does not know the certificate of {name}, or does not yet."
    ),
}


@dataclass(frozen=True)
class Moment:
    """The moment at which certificates are looked at, and why this one."""

    at: datetime
    basis: TimeBasis


def check_integrity(
    signed: SignedCms, digest_of: Callable[[str], bytes], pdf: PdfIntegrity | None = None
) -> Check:
    """Check 1: the content is the one signed. `digest_of` gives its digest by name.

    `pdf` says what the signature covers of its PDF, and what was added later.
    """
    if signed.content_digest is None:
        return _not_made(
            1, "no_signed_attributes", N_("The signature does not say what was signed.")
        )
    if signed.digest not in DIGESTS:
        return _not_made(
            1,
            "digest_unknown",
            N_("The digest {algorithm} is not known to this program."),
            {"algorithm": signed.digest},
        )
    if digest_of(signed.digest) != signed.content_digest:
        return _failed(
            1, "content_changed", N_("The document is not the one that was signed, or was changed.")
        )
    if pdf is not None:
        return Check(1, CHECK_KEYS[0], pdf.outcome, pdf.code, pdf.msgid)
    return _passed(1, "intact", N_("The document is the one that was signed, byte for byte."))


def check_signature_value(
    signed: SignedCms, digest_of: Callable[[str], bytes] | None = None
) -> Check:
    """Check 2: the value verifies with the certificate that signing-certificate-v2 binds.

    A right value that binds no certificate, or has no signed attributes, is said to be right and
    fails. Without attributes the value is over the content, whose digest `digest_of` gives.
    """
    problem = _binding_problem(signed)
    if problem is not None and problem.code not in VERIFIED_NOT_ACCEPTED:
        return problem
    value = _check_value(signed, digest_of)
    if problem is None or value.outcome is Outcome.FAILED:
        return value
    if value.outcome is Outcome.PASSED:
        return _failed(2, problem.code, VERIFIED_NOT_ACCEPTED[problem.code])
    return problem


def _check_value(signed: SignedCms, digest_of: Callable[[str], bytes] | None) -> Check:
    """Verify the value with the certificate enclosed, whether bound or not."""
    if signed.certificate is None or (signed.signed_attributes is None and digest_of is None):
        return _not_made(2, "no_certificate", NO_CERTIFICATE)
    if signed.scheme_conflict:
        return _failed(2, "algorithms_conflict", N_("The algorithms contradict each other."))
    if signed.scheme is None:
        return _not_made(
            2,
            "algorithm_unknown",
            N_("The signature algorithm {algorithm} is not known to this program."),
            {"algorithm": signed.signature_algorithm},
        )
    key = signed.certificate.public_key_der
    try:
        if signed.signed_attributes is not None:
            signed.scheme.verify(key, signed.signature, signed.signed_attributes)
        elif digest_of is not None:
            value = digest_of(signed.scheme.digest)
            signed.scheme.verify_digest(key, signed.signature, value)
    except UnknownKeyError:
        return _not_made(
            2,
            "algorithm_unknown",
            N_("The signature algorithm {algorithm} is not known to this program."),
            {"algorithm": signed.certificate.key_description},
        )
    except InvalidSignature:
        return _failed(
            2, "signature_wrong", N_("The signature was not made with the key of its certificate.")
        )
    return _passed(
        2, "signature_right", N_("The signature was made with the key of its certificate.")
    )


def _binding_problem(signed: SignedCms) -> Check | None:
    """Return what is wrong with the tie between signature and certificate, None if nothing."""
    if signed.signed_attributes is None:
        return _failed(
            2,
            "no_signed_attributes",
            N_("The signature has no signed attributes and is not accepted."),
        )
    if signed.bound_to is None:
        return _failed(
            2, "not_bound", N_("The signature does not name its certificate and is not accepted.")
        )
    if signed.certificate is None:
        return _not_made(2, "no_certificate", NO_CERTIFICATE)
    if not is_bound(signed.certificate, signed.bound_to):
        return _failed(
            2,
            "bound_to_other",
            N_("The signature names another certificate than the one enclosed."),
        )
    return None


def check_chain_found(found: Chain | ChainProblem | None) -> Check:
    """Check 3: a chain leads to a trusted authority, and every authority in it is good."""
    if found is None:
        return _not_made(3, "no_certificate", NO_CERTIFICATE)
    if isinstance(found, Chain):
        return _chain_holds(found)
    words: dict[str, Param] = {"detail": found.detail} if found.detail else {}
    if found.certificate is not None:
        words["name"] = found.certificate.subject_text
        words["since"] = found.certificate.not_before
        words["until"] = found.certificate.not_after
    report = _not_made if found.code in UNDECIDED_CHAINS else _failed
    return report(3, found.code, CHAIN_PROBLEMS[found.code], words)


def _chain_holds(chain: Chain) -> Check:
    words: dict[str, Param] = {"name": chain.anchor.certificate.subject_text}
    if chain.anchor.accreditation is None:
        return _passed(
            3, "chain", N_("The certificate leads to the trusted authority {name}."), words
        )
    words |= {
        "authority": chain.authorities[-1].subject_text,
        "version": chain.anchor.accreditation.list_version,
    }
    return _passed(
        3,
        "chain_accredited",
        N_(
            "The certificate leads to the trusted authority {name}. The authority {authority} was "
            "accredited on the day when it issued the certificate (list of version {version})."
        ),
        words,
    )


def check_time(certificate: Certificate | None, moment: Moment) -> Check:
    """Check 4: certificate and private key are within their periods, to the second."""
    if certificate is None:
        return _not_made(4, "no_certificate", NO_CERTIFICATE)
    words: dict[str, Param] = {"since": certificate.not_before, "until": certificate.not_after}
    if moment.at < certificate.not_before:
        return _failed(4, "not_yet_valid", N_("The certificate is valid only from {since}."), words)
    if moment.at > certificate.not_after:
        return _failed(4, "expired", N_("The certificate expired on {until}."), words)
    since, until = certificate.private_key_usage_period()
    if (since is not None and moment.at < since) or (until is not None and moment.at > until):
        return _failed(
            4,
            "key_period",
            N_("The period in which this key may sign is over or not begun."),
            words,
        )
    return _passed(4, "within", N_("The certificate is valid from {since} to {until}."), words)


def chain_statuses(
    chain: Chain,
    lists: tuple[RevocationList, ...],
    moment: Moment,
    policy: AlgorithmPolicy,
    answers: tuple[OcspAnswer, ...] = (),
) -> tuple[CertificateStatus, ...]:
    """Return the revocation status of every certificate below the anchor, the signer's first.

    It comes from the revocation lists and the answers of responders (OCSP) that are at hand.
    """
    return tuple(
        status_of(issued, issuer, lists, moment.at, moment.basis, policy, answers)
        for issuer, issued in reversed(chain.links)
    )


def check_revocation(statuses: tuple[CertificateStatus, ...]) -> Check:
    """Check 5: no certificate of the chain is revoked, and for each of them this is known.

    `statuses` is empty when there is no chain.
    """
    if not statuses:
        return _not_made(
            5, "no_chain", N_("Without a trusted chain it is not known who may revoke.")
        )
    found = min(statuses, key=lambda each: WORST_STATUS_FIRST.index(each.status))
    words = _status_words(found)
    if found.status is Status.REVOKED:
        revoked = N_("The certificate of {name} has been revoked since {since}.")
        return _failed(5, found.status.value, revoked, words)
    if found.status in STATUS_PROBLEMS:
        return _not_made(5, found.status.value, STATUS_PROBLEMS[found.status], words)
    if found.status is Status.REVOKED_LATER:
        later = N_("The certificate of {name} was revoked later, on {since}.")
        return _passed(5, found.status.value, later, words)
    return _passed(
        5,
        "not_revoked",
        N_("Neither the certificate nor its authorities are revoked (lists of {issued})."),
        {"issued": min(each.source.this_update for each in statuses if each.source is not None)},
    )


def _status_words(status: CertificateStatus) -> dict[str, Param]:
    words: dict[str, Param] = {"name": status.certificate.subject_text}
    if status.revoked_at is not None:
        words["since"] = status.revoked_at
    if status.source is not None and status.source.next_update is not None:
        words["until"] = status.source.next_update
    return words


def check_usage(
    signed: SignedCms, found: Chain | ChainProblem | None, policy: AlgorithmPolicy
) -> Check:
    """Check 6: the certificate is for signatures, and every algorithm and key is allowed."""
    certificate = signed.certificate
    if certificate is None:
        return _not_made(6, "no_certificate", NO_CERTIFICATE)
    problem = _purpose_problem(certificate) or algorithm_problem(signed, found, policy)
    return problem or _passed(
        6, "usage", N_("The certificate is for signatures, and its algorithms are allowed.")
    )


def algorithm_problem(
    signed: SignedCms,
    found: Chain | ChainProblem | None,
    policy: AlgorithmPolicy,
    further_digests: tuple[str, ...] = (),
) -> Check | None:
    """Return check 6 when an algorithm or key is too weak or unknown, None when none is.

    Looked at are those of the signature, of every certificate in the chain, and further digests.
    """
    standing, weak = _weakest(signed, found, policy, further_digests)
    words: dict[str, Param] = {"algorithm": weak}
    if standing is Standing.REFUSED:
        return _failed(
            6, "algorithm_refused", N_("The algorithm or key is too weak: {algorithm}."), words
        )
    if standing is Standing.UNKNOWN:
        return _not_made(
            6,
            "algorithm_unknown",
            N_("It is not known whether the algorithm is allowed: {algorithm}."),
            words,
        )
    return None


def _purpose_problem(certificate: Certificate) -> Check | None:
    """Return why the certificate is not one for signing documents, None when it is."""
    uses = certificate.key_usage
    if uses is None or not uses & {"digital_signature", "non_repudiation"}:
        return _failed(6, "not_for_signing", N_("The certificate is not meant for signatures."))
    if certificate.parsed.ca:
        return _failed(6, "is_authority", N_("The certificate is one of an authority."))
    purposes = certificate.parsed.extended_key_usage_value
    if purposes is not None and set(purposes.native) <= MACHINE_PURPOSES:
        return _failed(
            6, "for_machines", N_("The certificate is for machines, not for signing documents.")
        )
    return None


def _weakest(
    signed: SignedCms,
    found: Chain | ChainProblem | None,
    policy: AlgorithmPolicy,
    further_digests: tuple[str, ...],
) -> tuple[Standing, str]:
    """Return the worst standing among all algorithms used, and what has it."""
    judged = [(policy.digest(name), name) for name in (signed.digest, *further_digests)]
    judged.append(
        (Standing.ALLOWED if signed.scheme else Standing.UNKNOWN, signed.signature_algorithm)
    )
    chain = found.certificates if isinstance(found, Chain) else _alone(signed)
    judged += [_judge_key(each, policy) for each in chain]
    judged += [_judge_issuing(each, policy) for each in (chain[1:] or chain)]
    standing = worst([each for each, _ in judged])
    return next(pair for pair in judged if pair[0] is standing)


def _alone(signed: SignedCms) -> tuple[Certificate, ...]:
    return () if signed.certificate is None else (signed.certificate,)


def _judge_key(certificate: Certificate, policy: AlgorithmPolicy) -> tuple[Standing, str]:
    try:
        standing = policy.key(certificate.parsed.public_key)
    except MALFORMED:
        standing = Standing.UNKNOWN
    return standing, certificate.key_description


def _judge_issuing(certificate: Certificate, policy: AlgorithmPolicy) -> tuple[Standing, str]:
    algorithm = certificate.parsed["signature_algorithm"]
    return policy.signature(algorithm), str(algorithm["algorithm"].native)


def _passed(number: int, code: str, msgid: str, params: Mapping[str, Param] | None = None) -> Check:
    return Check(number, CHECK_KEYS[number - 1], Outcome.PASSED, code, msgid, params or {})


def _failed(number: int, code: str, msgid: str, params: Mapping[str, Param] | None = None) -> Check:
    return Check(number, CHECK_KEYS[number - 1], Outcome.FAILED, code, msgid, params or {})


def _not_made(
    number: int, code: str, msgid: str, params: Mapping[str, Param] | None = None
) -> Check:
    return Check(number, CHECK_KEYS[number - 1], Outcome.NOT_MADE, code, msgid, params or {})
