"""Ready certificates for practice and tests: a good one and four that must be refused."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509

from signing.training.authority import Issued, TrainingCA
from signing.training.certificates import KeyAlgorithm
from signing.training.subjects import SubjectFacts

DAY = timedelta(days=1)


@dataclass(frozen=True)
class TrainingExamples:
    """One owner, five certificates: each of the last four is wrong in exactly one thing.

    `foreign_ca` issued `foreign`; its root is nobody's anchor.
    """

    good: Issued
    expired: Issued
    revoked: Issued
    not_yet_valid: Issued
    foreign: Issued
    foreign_ca: TrainingCA


def make_examples(
    ca: TrainingCA,
    facts: SubjectFacts,
    now: datetime,
    algorithm: KeyAlgorithm = KeyAlgorithm.ECDSA_P256,
) -> TrainingExamples:
    """Issue the five certificates for `facts` as seen at `now`.

    `ca` must be valid 40 days before `now`. The revoked one stands on lists made at `now` or
    later: revoked the day before, for a lost key.
    """
    stranger = TrainingCA.create(now, 1, ca.kind_stood_for, algorithm=algorithm)
    revoked = ca.issue(facts, now - 10 * DAY, now + 365 * DAY, algorithm)
    ca.revoke(revoked.certificate.serial_number, now - DAY, x509.ReasonFlags.key_compromise)
    return TrainingExamples(
        good=ca.issue(facts, now - 10 * DAY, now + 365 * DAY, algorithm),
        expired=ca.issue(facts, now - 40 * DAY, now - DAY, algorithm),
        revoked=revoked,
        not_yet_valid=ca.issue(facts, now + DAY, now + 365 * DAY, algorithm),
        foreign=stranger.issue(facts, now - 10 * DAY, now + 300 * DAY, algorithm),
        foreign_ca=stranger,
    )
