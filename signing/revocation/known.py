"""What is known of a certificate's revocation from everything that is at hand.

Lists and answers of responders are handed in by the caller; nothing is fetched here.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from signing.certificates import Certificate
from signing.policy import AlgorithmPolicy
from signing.revocation.certificate_status import CertificateStatus, RevocationSource, Status
from signing.revocation.crl_status import Question, status_in_lists
from signing.revocation.crls import MAX_CRL, CrlUnreadableError, RevocationList, load_crl
from signing.revocation.ocsp import OcspAnswer, status_in_answers
from signing.verdicts import TimeBasis

__all__ = [
    "MAX_CRL",
    "CertificateStatus",
    "CrlUnreadableError",
    "RevocationList",
    "RevocationSource",
    "Status",
    "load_crl",
    "status_of",
]

_WORST_FIRST = (Status.REVOKED, Status.UNKNOWN, Status.REVOKED_LATER, Status.GOOD)
"""What decides, the worst first; the other statuses say that a source says nothing."""


def status_of(
    certificate: Certificate,
    issuer: Certificate,
    lists: Iterable[RevocationList],
    at: datetime,
    basis: TimeBasis,
    policy: AlgorithmPolicy,
    answers: Iterable[OcspAnswer] = (),
) -> CertificateStatus:
    """Return what lists and answers say of `certificate`, issued by `issuer`, at `at`.

    The worst that either says is the status: a revocation wins over everything, and "unknown" of
    the issuer's responder over a list without the certificate. Who says nothing that can be used
    takes nothing away from the other. Of two that say the same the newer one is named.
    """
    question = Question(certificate, issuer, at, basis, policy)
    known = tuple(lists)
    listed = status_in_lists(question, known)
    answered = status_in_answers(question, answers, known)
    if answered is None:
        return listed
    decisive = [each for each in (listed, answered) if each.status in _WORST_FIRST]
    if not decisive:
        return answered if listed.status is Status.NO_LIST else listed
    return min(decisive, key=_worst_then_newest)


def _worst_then_newest(status: CertificateStatus) -> tuple[int, float]:
    issued = 0.0 if status.source is None else status.source.this_update.timestamp()
    return _WORST_FIRST.index(status.status), -issued
