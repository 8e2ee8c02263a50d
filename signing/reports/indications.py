"""The answer of the nine checks in the terms of ETSI EN 319 102-1 (5.1.3).

A main indication with a sub-indication is what other validators give; it is derived from the
checks by one table and decides nothing here. It is more lenient than our verdict in places: what
the standard leaves INDETERMINATE (an untrusted authority, a weak algorithm) is not valid here.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from signing.verdicts import Check, Outcome, SignatureReport, Verdict


class Main(StrEnum):
    """The main indication of a validation (5.1.3)."""

    PASSED = "TOTAL-PASSED"
    FAILED = "TOTAL-FAILED"
    INDETERMINATE = "INDETERMINATE"


class Sub(StrEnum):
    """The sub-indications that the checks can lead to (5.1.3), and "" for a pass."""

    NONE = ""
    FORMAT_FAILURE = "FORMAT_FAILURE"
    HASH_FAILURE = "HASH_FAILURE"
    SIG_CRYPTO_FAILURE = "SIG_CRYPTO_FAILURE"
    REVOKED = "REVOKED"
    EXPIRED = "EXPIRED"
    NOT_YET_VALID = "NOT_YET_VALID"
    SIG_CONSTRAINTS_FAILURE = "SIG_CONSTRAINTS_FAILURE"
    CHAIN_CONSTRAINTS_FAILURE = "CHAIN_CONSTRAINTS_FAILURE"
    CERTIFICATE_CHAIN_GENERAL_FAILURE = "CERTIFICATE_CHAIN_GENERAL_FAILURE"
    CRYPTO_CONSTRAINTS_FAILURE = "CRYPTO_CONSTRAINTS_FAILURE"
    NO_SIGNING_CERTIFICATE_FOUND = "NO_SIGNING_CERTIFICATE_FOUND"
    NO_CERTIFICATE_CHAIN_FOUND = "NO_CERTIFICATE_CHAIN_FOUND"
    OUT_OF_BOUNDS_NO_POE = "OUT_OF_BOUNDS_NO_POE"
    TRY_LATER = "TRY_LATER"
    SIGNED_DATA_NOT_FOUND = "SIGNED_DATA_NOT_FOUND"


@dataclass(frozen=True)
class Indication:
    """A main indication and its sub-indication."""

    main: Main
    sub: Sub = Sub.NONE


TOTAL_FAILED = frozenset(
    {
        Sub.FORMAT_FAILURE,
        Sub.HASH_FAILURE,
        Sub.SIG_CRYPTO_FAILURE,
        Sub.REVOKED,
        Sub.EXPIRED,
        Sub.NOT_YET_VALID,
    }
)
"""The sub-indications of TOTAL-FAILED; all others leave a signature INDETERMINATE."""

OF_CHECKS = {
    "integrity": Sub.SIG_CONSTRAINTS_FAILURE,
    "signature_value": Sub.SIG_CONSTRAINTS_FAILURE,
    "chain": Sub.CERTIFICATE_CHAIN_GENERAL_FAILURE,
    "time": Sub.OUT_OF_BOUNDS_NO_POE,
    "revocation": Sub.TRY_LATER,
    "usage": Sub.CHAIN_CONSTRAINTS_FAILURE,
    "owner": Sub.SIG_CONSTRAINTS_FAILURE,
    "authority": Sub.SIG_CONSTRAINTS_FAILURE,
    "kind": Sub.SIG_CONSTRAINTS_FAILURE,
}
"""What a check leads to that did not pass, unless its code stands in OF_CODES."""

OF_CODES = {
    ("integrity", "content_changed"): Sub.HASH_FAILURE,
    ("integrity", "another_inside"): Sub.HASH_FAILURE,
    ("integrity", "digest_unknown"): Sub.CRYPTO_CONSTRAINTS_FAILURE,
    ("integrity", "not_covered"): Sub.FORMAT_FAILURE,
    ("integrity", "appended"): Sub.FORMAT_FAILURE,
    ("integrity", "changed_later"): Sub.FORMAT_FAILURE,
    ("signature_value", "signature_wrong"): Sub.SIG_CRYPTO_FAILURE,
    ("signature_value", "algorithms_conflict"): Sub.SIG_CRYPTO_FAILURE,
    ("signature_value", "algorithm_unknown"): Sub.CRYPTO_CONSTRAINTS_FAILURE,
    ("signature_value", "no_certificate"): Sub.NO_SIGNING_CERTIFICATE_FOUND,
    ("signature_value", "bound_to_other"): Sub.NO_SIGNING_CERTIFICATE_FOUND,
    ("chain", "no_certificate"): Sub.NO_SIGNING_CERTIFICATE_FOUND,
    ("chain", "nothing_trusted"): Sub.NO_CERTIFICATE_CHAIN_FOUND,
    ("chain", "untrusted"): Sub.NO_CERTIFICATE_CHAIN_FOUND,
    ("chain", "not_accredited"): Sub.CHAIN_CONSTRAINTS_FAILURE,
    ("chain", "algorithm_unknown"): Sub.CRYPTO_CONSTRAINTS_FAILURE,
    ("time", "no_certificate"): Sub.NO_SIGNING_CERTIFICATE_FOUND,
    ("time", "not_yet_valid"): Sub.NOT_YET_VALID,
    ("revocation", "revoked"): Sub.REVOKED,
    ("revocation", "no_chain"): Sub.NO_CERTIFICATE_CHAIN_FOUND,
    ("usage", "no_certificate"): Sub.NO_SIGNING_CERTIFICATE_FOUND,
    ("usage", "algorithm_refused"): Sub.CRYPTO_CONSTRAINTS_FAILURE,
    ("usage", "algorithm_unknown"): Sub.CRYPTO_CONSTRAINTS_FAILURE,
    ("owner", "no_certificate"): Sub.NO_SIGNING_CERTIFICATE_FOUND,
}

OF_ERRORS = {
    "signing.detached": Sub.SIGNED_DATA_NOT_FOUND,
    "signing.cms_unreadable": Sub.FORMAT_FAILURE,
    "signing.no_signer": Sub.FORMAT_FAILURE,
    "signing.pdf_unreadable": Sub.FORMAT_FAILURE,
}
"""What it means when there is no report, by the code of the error."""


def indication_of(signature: SignatureReport) -> Indication:
    """Return the indication of one signature: TOTAL-PASSED exactly when its verdict is VALID.

    Of several checks that did not pass, one that fails the signature for good comes first, then
    one that failed, then one that could not be made; each in the order of the checks.
    """
    if signature.verdict is Verdict.VALID:
        return Indication(Main.PASSED)
    standing = [
        (_sub_of(check, signature), check.outcome)
        for check in signature.checks
        if check.required and check.outcome is not Outcome.PASSED
    ]
    decisive, _ = min(
        standing, key=lambda each: (each[0] not in TOTAL_FAILED, each[1] is not Outcome.FAILED)
    )
    return _indication(decisive)


def indication_of_error(code: str) -> Indication | None:
    """Return the indication of a file that could not be judged, None when it says nothing."""
    sub = OF_ERRORS.get(code)
    return None if sub is None else _indication(sub)


def _indication(sub: Sub) -> Indication:
    return Indication(Main.FAILED if sub in TOTAL_FAILED else Main.INDETERMINATE, sub)


def _sub_of(check: Check, signature: SignatureReport) -> Sub:
    """Return what this check leads to.

    An expired certificate fails a signature only when it was made afterwards, which its own claim
    of time proves; otherwise proof of existence before is what is missing.
    """
    sub = OF_CODES.get((check.key, check.code), OF_CHECKS[check.key])
    if (check.key, check.code) != ("time", "expired"):
        return sub
    claimed, certificate = signature.claimed_time, signature.certificate
    late = claimed is not None and certificate is not None and claimed > certificate.not_after
    return Sub.EXPIRED if late else sub
