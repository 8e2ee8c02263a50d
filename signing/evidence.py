"""What a signature was judged by, kept so that the judgement can be repeated in fifty years."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any  # JSON as it comes from json.loads has no better type

from signing.accredited.accreditation import accreditation_in, accreditation_out
from signing.certificates import Certificate, load_certificate
from signing.errors import MALFORMED, MEGABYTE, SigningError, refuse_larger
from signing.policy import DEFAULT_POLICY, AlgorithmPolicy
from signing.revocation.known import CertificateStatus, RevocationList, RevocationSource, load_crl
from signing.revocation.ocsp import OcspAnswer, load_answer
from signing.trust import Chain, TrustAnchor, TrustStore
from signing.verdicts import EvidenceItem, EvidenceKind, SignatureKind, refuse_naive
from signing.words import N_

FORM = "marshrut-evidence/2"
FORM_WITHOUT_TIMESTAMPS = "marshrut-evidence/1"
NOBODY_STAMPS = TrustStore(())
UNREADABLE: tuple[type[Exception], ...] = (SigningError, *MALFORMED)
MAX_EVIDENCE = 300 * MEGABYTE
MAX_ITEMS = 1000
"""Of each kind; what a stranger hands in as evidence is read as well."""

LISTED = ("anchors", "certificates", "crls", "ocsp", "timestamp_anchors")


class EvidenceUnreadableError(SigningError):
    """The bytes are not stored evidence."""

    code = "signing.evidence_unreadable"
    msgid = N_("The stored evidence of the check cannot be read.")


@dataclass(frozen=True)
class Grounds:
    """What a signature is judged by.

    `now` is the present (UTC). With `received_at` the certificates are looked at for the moment
    since which the caller has kept the signature; with `at` for a moment that is merely supposed,
    and the answer is hypothetical. Both at once, or a receipt after `now`, raise ValueError.

    `timestamping` holds the anchors that vouch for timestamps. They are apart from `trust`: an
    authority trusted for signatures proves no time unless somebody said so. A training anchor
    among them proves times of training signatures only. `ocsp` holds answers of responders, which
    speak of revocation beside the lists.

    `proven_at` is a moment at which the signature is proven to have existed by something outside
    it (an evidence record); `proven_for_training` says that it counts for training signatures only.
    """

    trust: TrustStore
    crls: tuple[RevocationList, ...]
    now: datetime
    at: datetime | None = None
    policy: AlgorithmPolicy = DEFAULT_POLICY
    received_at: datetime | None = None
    timestamping: TrustStore = NOBODY_STAMPS
    ocsp: tuple[OcspAnswer, ...] = ()
    proven_at: datetime | None = None
    proven_for_training: bool = False

    def __post_init__(self) -> None:
        for moment in (self.now, self.at, self.received_at, self.proven_at):
            if moment is not None:
                refuse_naive(moment)
        if self.received_at is not None and (self.at is not None or self.received_at > self.now):
            raise ValueError("a receipt is a fact of the past, not a supposition")


@dataclass(frozen=True)
class Evidence:
    """The anchors, certificates, lists and answers that a judgement rested on, and its time.

    `at` is set when the judgement was hypothetical, `received_at` when it was made for the moment
    of receipt, `proven_at` when an evidence record proved that moment. `timestamp_anchors` vouched
    for its timestamps. The signature itself, and its record, are stored beside.
    """

    anchors: tuple[TrustAnchor, ...]
    certificates: tuple[Certificate, ...]
    crls: tuple[RevocationList, ...] = field(repr=False)
    now: datetime
    at: datetime | None = None
    received_at: datetime | None = None
    timestamp_anchors: tuple[TrustAnchor, ...] = ()
    ocsp: tuple[OcspAnswer, ...] = field(default=(), repr=False)
    proven_at: datetime | None = None
    proven_for_training: bool = False

    def grounds(self, policy: AlgorithmPolicy = DEFAULT_POLICY) -> Grounds:
        """Return the grounds on which the same judgement can be made again."""
        return Grounds(
            TrustStore(self.anchors, self.certificates),
            self.crls,
            self.now,
            self.at,
            policy,
            self.received_at,
            TrustStore(self.timestamp_anchors, self.certificates),
            self.ocsp,
            self.proven_at,
            self.proven_for_training,
        )

    def to_bytes(self) -> bytes:
        """Return the canonical JSON form, UTF-8."""
        stored: dict[str, Any] = {
            "form": FORM,
            "now": self.now.isoformat(),
            "at": None if self.at is None else self.at.isoformat(),
            "received_at": None if self.received_at is None else self.received_at.isoformat(),
            "anchors": [_anchor_out(anchor) for anchor in self.anchors],
            "certificates": [_base64(certificate.der) for certificate in self.certificates],
            "crls": [_base64(entry.der) for entry in self.crls],
            "ocsp": [_base64(answer.der) for answer in self.ocsp],
            "timestamp_anchors": [_anchor_out(anchor) for anchor in self.timestamp_anchors],
        }
        if self.proven_at is not None:
            stored |= {
                "proven_at": self.proven_at.isoformat(),
                "proven_for_training": self.proven_for_training,
            }
        return json.dumps(stored, sort_keys=True, separators=(",", ":")).encode()

    @classmethod
    def from_bytes(cls, content: bytes) -> Evidence:
        """Read what `to_bytes` wrote, now or in form 1, which knew no timestamps.

        Raises EvidenceUnreadableError or TooLargeError.
        """
        refuse_larger(content, MAX_EVIDENCE)
        try:
            return _evidence_in(json.loads(content))
        except UNREADABLE as error:
            raise EvidenceUnreadableError from error


def _evidence_in(stored: dict[str, Any]) -> Evidence:
    if stored["form"] not in (FORM, FORM_WITHOUT_TIMESTAMPS):
        raise ValueError(f"form {stored['form']!r} is not known")
    if any(len(stored.get(name, ())) > MAX_ITEMS for name in LISTED):
        raise ValueError("more evidence than a judgement rests on")
    stamps = stored["timestamp_anchors"] if stored["form"] == FORM else ()
    return Evidence(
        anchors=tuple(_anchor_in(each) for each in stored["anchors"]),
        certificates=tuple(load_certificate(_bytes(each)) for each in stored["certificates"]),
        crls=tuple(load_crl(_bytes(each)) for each in stored["crls"]),
        now=_time_in(stored["now"]),
        at=None if stored["at"] is None else _time_in(stored["at"]),
        received_at=None if stored["received_at"] is None else _time_in(stored["received_at"]),
        timestamp_anchors=tuple(_anchor_in(each) for each in stamps),
        # What was stored before answers were asked for has none.
        ocsp=tuple(load_answer(_bytes(each)) for each in stored.get("ocsp", ())),
        proven_at=_time_in(stored["proven_at"]) if "proven_at" in stored else None,
        proven_for_training=bool(stored.get("proven_for_training")),
    )


def sources_used(statuses: Iterable[CertificateStatus]) -> tuple[RevocationSource, ...]:
    """Return the lists and answers that the statuses rest on, each once."""
    return tuple({each.sha256: each for status in statuses for each in status.sources}.values())


def evidence_items(
    chain: Chain | None, sources: Iterable[RevocationSource]
) -> tuple[EvidenceItem, ...]:
    """Return what a report names of the evidence: the chain, anchor first, then the sources."""
    certificates = chain.certificates if chain else ()
    items = [
        EvidenceItem(
            EvidenceKind.CERTIFICATE if number else EvidenceKind.ANCHOR,
            certificate.subject_text,
            certificate.fingerprint,
            certificate.not_before,
            certificate.not_after,
        )
        for number, certificate in enumerate(certificates)
    ]
    items += [
        EvidenceItem(
            EvidenceKind.OCSP if isinstance(each, OcspAnswer) else EvidenceKind.CRL,
            each.issuer_text,
            each.sha256,
            each.this_update,
            each.next_update,
        )
        for each in sources
    ]
    return tuple(items)


def _anchor_out(anchor: TrustAnchor) -> dict[str, Any]:
    return {
        "certificate": _base64(anchor.certificate.der),
        "kind": anchor.kind,
        "stands_for": anchor.stands_for,
        "accreditation": accreditation_out(anchor.accreditation),
    }


def _anchor_in(stored: dict[str, Any]) -> TrustAnchor:
    stands_for = stored["stands_for"]
    return TrustAnchor(
        load_certificate(_bytes(stored["certificate"])),
        SignatureKind(stored["kind"]),
        None if stands_for is None else SignatureKind(stands_for),
        accreditation_in(stored.get("accreditation")),  # older evidence knew of none
    )


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode()


def _bytes(text: str) -> bytes:
    return base64.b64decode(text, validate=True)


def _time_in(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
