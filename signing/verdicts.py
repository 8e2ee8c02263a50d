"""What the engine says of a signature: nine checks, a verdict, and a form that can be stored.

The verdict is never stored apart from its checks: it is computed from them, so that no code
can say "valid" over a check that failed or could not be made. The JSON form is canonical
(sorted keys, UTC times to the second) and self-contained: what the certificate said is in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from signing.words import N_

Param = str | int | datetime


class Outcome(StrEnum):
    """The answer of one check. A check that could not be made never counts as passed."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_MADE = "not_made"


class Verdict(StrEnum):
    """The answer over all required checks."""

    VALID = "valid"
    INVALID = "invalid"
    UNDECIDED = "undecided"


class SignatureFormat(StrEnum):
    """How the signature is bound to what it signs."""

    PADES = "PAdES"
    CADES = "CAdES"


class SignatureProfile(StrEnum):
    """How a signature inside a PDF differs from the baseline of ETSI EN 319 142-1 (B-B)."""

    CMS = "pdf-cms"  # the file names it adbe.pkcs7.detached (EN 319 142-2, section 4)
    TIME_INSIDE = "time-inside"  # named ETSI.CAdES.detached, with a signing-time in the CMS


class SignatureLevel(StrEnum):
    """What a signature has shown of the levels of ETSI EN 319 142-1 and EN 319 122-1.

    A level is named by what was verified: a timestamp that does not hold, or lists that do not
    speak for this chain, raise none.
    """

    B_B = "PAdES B-B"
    B_T = "PAdES B-T"
    B_LT = "PAdES B-LT"
    B_LTA = "PAdES B-LTA"
    CADES_BES = "CAdES-BES"
    CADES_T = "CAdES-T"

    @property
    def level_of(self) -> SignatureFormat:
        """Return the format of which it is a level."""
        return SignatureFormat(self.value.replace("-", " ").partition(" ")[0])


class SignatureKind(StrEnum):
    """The kind of an electronic signature (63-ФЗ, art. 5) as its trust anchor gives it.

    TRAINING is the kind of signatures for practice; such an anchor names the kind it stands for.
    """

    QUALIFIED = "qualified"
    ADVANCED = "advanced"
    TRAINING = "training"


class TimeBasis(StrEnum):
    """Why the certificate was looked at for this moment."""

    PROVEN = "proven"  # a timestamp proves that the signature existed then
    NOW = "now"
    RECEIVED = "received"  # whoever keeps the signature has had it since then, by their own clock
    HYPOTHETICAL = "hypothetical"  # somebody asked "what if it was then?"


CHECK_KEYS = (
    "integrity",
    "signature_value",
    "chain",
    "time",
    "revocation",
    "usage",
    "owner",
    "authority",
    "kind",
)
FILE_CHECKS = 6
"""Checks 1–6 are about the file alone and always required; 7–9 need to know for whom."""

NOT_ASKED = {
    7: N_("Nobody said whose signature is expected here."),
    8: N_("Nobody asked about the authority to sign."),
    9: N_("No kind of signature was required."),
}


@dataclass(frozen=True)
class Check:
    """One of the nine checks with its answer and the sentence that explains it.

    `msgid` and `params` make the sentence (see `signing.reports.lines`); times in `params` are
    aware.
    Raises ValueError when the check is not one of the nine or claims what it must not.
    """

    number: int
    key: str
    outcome: Outcome
    code: str
    msgid: str
    params: Mapping[str, Param] = field(default_factory=dict)
    required: bool = True

    def __post_init__(self) -> None:
        if not 1 <= self.number <= len(CHECK_KEYS) or CHECK_KEYS[self.number - 1] != self.key:
            raise ValueError(f"no check {self.number} {self.key!r}")
        if not self.required and (
            self.number <= FILE_CHECKS or self.outcome is not Outcome.NOT_MADE
        ):
            raise ValueError(f"check {self.number} cannot be left out")
        for value in self.params.values():
            if isinstance(value, datetime):
                refuse_naive(value)


def not_asked(number: int) -> Check:
    """Return check 7, 8 or 9 as left out because the caller expects nothing there."""
    return Check(
        number,
        CHECK_KEYS[number - 1],
        Outcome.NOT_MADE,
        "not_asked",
        NOT_ASKED[number],
        required=False,
    )


def verdict_of(checks: Iterable[Check]) -> Verdict:
    """Return INVALID if a required check failed, UNDECIDED if one was not made, else VALID.

    No required check at all decides nothing.
    """
    outcomes = [check.outcome for check in checks if check.required]
    if Outcome.FAILED in outcomes:
        return Verdict.INVALID
    if Outcome.NOT_MADE in outcomes or not outcomes:
        return Verdict.UNDECIDED
    return Verdict.VALID


@dataclass(frozen=True)
class CertificateFacts:
    """What the signer's certificate says; empty strings where it says nothing.

    `serial` is upper-case hexadecimal, `fingerprint` the lower-case hexadecimal SHA-256 of the
    DER. `ogrn` and `inn_le` are those of a legal entity (ИНН ЮЛ), `inn` that of the person.
    """

    serial: str
    surname: str
    given_name: str
    common_name: str
    title: str
    organisation: str
    snils: str
    inn: str
    ogrn: str
    inn_le: str
    issuer: str
    not_before: datetime
    not_after: datetime
    fingerprint: str
    key_algorithm: str
    training: bool

    def __post_init__(self) -> None:
        refuse_naive(self.not_before)
        refuse_naive(self.not_after)

    @property
    def owner(self) -> str:
        """Return the owner as a person reads it: surname and given name, or the common name."""
        return f"{self.surname} {self.given_name}".strip() or self.common_name


class EvidenceKind(StrEnum):
    """What a piece of evidence is."""

    ANCHOR = "anchor"
    CERTIFICATE = "certificate"
    CRL = "crl"
    OCSP = "ocsp"


@dataclass(frozen=True)
class EvidenceItem:
    """One certificate or revocation list that a signature was checked with.

    `name` is the subject of a certificate or the issuer of a list; `since` and `until` its
    validity, or thisUpdate and nextUpdate (`until` is None when a list gives none).
    """

    kind: EvidenceKind
    name: str
    sha256: str
    since: datetime
    until: datetime | None

    def __post_init__(self) -> None:
        refuse_naive(self.since)
        if self.until is not None:
            refuse_naive(self.until)


@dataclass(frozen=True)
class TimestampReport:
    """One timestamp (RFC 3161) with checks 1–6, made on the signature of its authority.

    `field_name` is the PDF field of a document timestamp, "" for one over a signature value.
    `time` is what the token says; it is None, and the first check the only one, for a token that
    cannot be read. `authority` names its certificate's owner. Only a valid timestamp proves that
    what it stands on existed at `proven`, the end of the token's stated accuracy. Raises
    ValueError unless the checks are there, in order.
    """

    field_name: str
    time: datetime | None
    proven: datetime | None
    authority: str
    training: bool
    checks: tuple[Check, ...]
    evidence: tuple[EvidenceItem, ...] = ()

    def __post_init__(self) -> None:
        wanted = range(1, 2 if self.time is None else FILE_CHECKS + 1)
        if [check.number for check in self.checks] != list(wanted):
            raise ValueError("a timestamp has the first six checks, an unreadable one the first")
        for moment in (self.time, self.proven):
            if moment is not None:
                refuse_naive(moment)

    @property
    def verdict(self) -> Verdict:
        """Return the verdict over the checks; of an unreadable token never VALID."""
        verdict = verdict_of(self.checks)
        return Verdict.UNDECIDED if self.time is None and verdict is Verdict.VALID else verdict

    def check(self, key: str) -> Check:
        """Return the check with this key (one of the first six of CHECK_KEYS)."""
        return self.checks[CHECK_KEYS.index(key)]


@dataclass(frozen=True)
class SignatureReport:
    """One signature: what it is, by whom, and the nine checks in their order.

    `field_name` is the PDF field ("" for a detached signature). `kind` is that of the trust
    anchor, None while the chain leads to none; a TRAINING anchor has `stands_for`. `certificate`
    is None when the certificate could not be read. `timestamps` are those over its value; whether
    they prove anything is in `time_basis`. `profile` is None for what is as its format wants it.
    `level` is None where not even the lowest was shown, and in reports that are older than it;
    `preserved` says that an evidence record was counted. Raises ValueError unless all nine checks
    are there, in order, or for a level that contradicts them.
    """

    format: SignatureFormat
    field_name: str
    kind: SignatureKind | None
    stands_for: SignatureKind | None
    certificate: CertificateFacts | None
    claimed_time: datetime | None
    checked_at: datetime
    time_basis: TimeBasis
    checks: tuple[Check, ...]
    evidence: tuple[EvidenceItem, ...] = ()
    timestamps: tuple[TimestampReport, ...] = ()
    profile: SignatureProfile | None = None
    level: SignatureLevel | None = None
    preserved: bool = False

    def __post_init__(self) -> None:
        if [check.number for check in self.checks] != list(range(1, len(CHECK_KEYS) + 1)):
            raise ValueError("a signature report has the nine checks in their order")
        if self.level is not None and not (self.is_sound and self.level.level_of is self.format):
            raise ValueError(f"what was checked is not {self.level}")
        refuse_naive(self.checked_at)
        if self.claimed_time is not None:
            refuse_naive(self.claimed_time)

    @property
    def verdict(self) -> Verdict:
        """Return the verdict over every required check."""
        return verdict_of(self.checks)

    @property
    def file_verdict(self) -> Verdict:
        """Return the verdict over checks 1–6 alone: is it a good signature, whosever it is?"""
        return verdict_of(self.checks[:FILE_CHECKS])

    @property
    def is_sound(self) -> bool:
        """Say whether content and value hold (checks 1 and 2), whoever vouches for the signer."""
        return all(check.outcome is Outcome.PASSED for check in self.checks[:2])

    @property
    def training(self) -> bool:
        """Say whether the signature was made for practice («учебная»)."""
        return self.kind is SignatureKind.TRAINING

    @property
    def fulfils(self) -> SignatureKind | None:
        """Return the kind that the signature counts as; a training one as what it stands for."""
        return self.stands_for if self.training else self.kind

    def check(self, key: str) -> Check:
        """Return the check with this key (one of CHECK_KEYS)."""
        return self.checks[CHECK_KEYS.index(key)]


@dataclass(frozen=True)
class NotUnderstood:
    """Something in the file that may be a signature or change one, and could not be read."""

    code: str
    msgid: str
    params: Mapping[str, Param] = field(default_factory=dict)


@dataclass(frozen=True)
class Remark:
    """Something in the file that its reader must be told, whatever the verdict says."""

    code: str
    msgid: str
    params: Mapping[str, Param] = field(default_factory=dict)


@dataclass(frozen=True)
class Report:
    """All that was found out about one file. `sha256` is that of the signed file as handed in.

    `timestamps` are those over the document (PDF); they prove a time and sign nothing. `remarks`
    name what was added to a PDF after signing, and marks of signatures that are only drawn.
    """

    file_name: str
    sha256: str
    signatures: tuple[SignatureReport, ...]
    not_understood: tuple[NotUnderstood, ...] = ()
    timestamps: tuple[TimestampReport, ...] = ()
    remarks: tuple[Remark, ...] = ()

    @property
    def verdict(self) -> Verdict:
        """Return the verdict over the file.

        Every signature must be good by itself (checks 1–6). When somebody was named, one of
        them must be theirs (7–9). What was not understood leaves the file undecided at best; a
        file without any signature is not validly signed.
        """
        if not self.signatures:
            return Verdict.UNDECIDED if self.not_understood else Verdict.INVALID
        verdicts = [signature.file_verdict for signature in self.signatures]
        verdicts.append(_best(signature.verdict for signature in self.signatures))
        if self.not_understood:
            verdicts.append(Verdict.UNDECIDED)
        return _worst(verdicts)

    def to_json(self) -> str:
        """Return the canonical JSON form (see `signing.reports.stored`)."""
        from signing.reports.stored import report_to_json

        return report_to_json(self)

    @classmethod
    def from_json(cls, text: str) -> Report:
        """Read what `to_json` wrote; raises StoredReportError for anything else."""
        from signing.reports.stored import report_from_json

        return report_from_json(text)


_WORST_FIRST = (Verdict.INVALID, Verdict.UNDECIDED, Verdict.VALID)


def _worst(verdicts: Iterable[Verdict]) -> Verdict:
    return min(verdicts, key=_WORST_FIRST.index)


def _best(verdicts: Iterable[Verdict]) -> Verdict:
    return max(verdicts, key=_WORST_FIRST.index)


def refuse_naive(moment: datetime) -> None:
    """Raise ValueError unless `moment` is in UTC."""
    if moment.utcoffset() != timedelta(0):
        raise ValueError(f"times are aware and in UTC inside, got {moment!r}")
