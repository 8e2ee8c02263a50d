"""The stored form of a report: canonical JSON that can still be shown in fifty years.

Keys are sorted, text is UTF-8, times are UTC to the second ("2026-11-21T09:30:00Z"). Verdicts and
indications stand in the text for other readers; when it is read back they are computed from the
checks again and must agree. What is written has form 3. Form 2, which knew no indications and no
remarks, and form 1, which knew no timestamps either, are read for ever.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any  # JSON as it comes from json.loads has no better type

from signing.errors import SigningError
from signing.reports.indications import Indication, indication_of
from signing.verdicts import (
    CertificateFacts,
    Check,
    EvidenceItem,
    EvidenceKind,
    NotUnderstood,
    Outcome,
    Param,
    Remark,
    Report,
    SignatureFormat,
    SignatureKind,
    SignatureLevel,
    SignatureProfile,
    SignatureReport,
    TimeBasis,
    TimestampReport,
)
from signing.words import N_

FORM = "marshrut-signature-report/3"
FORM_WITH_TIMESTAMPS = "marshrut-signature-report/2"
FIRST_FORM = "marshrut-signature-report/1"
FORMS = (FIRST_FORM, FORM_WITH_TIMESTAMPS, FORM)
TIME = "%Y-%m-%dT%H:%M:%SZ"
MAX_LENGTH = 4_000_000


class StoredReportError(SigningError):
    """The text is not a report that this program wrote, or its verdict contradicts its checks."""

    code = "signing.stored_report"
    msgid = N_("The stored report of the check cannot be read: {reason}.")


def report_to_json(report: Report) -> str:
    """Return the canonical JSON text of `report`."""
    return _written(report, FORM)


def _written(report: Report, form: str) -> str:
    """Return the text in one of FORMS; an older one leaves out what it did not know."""
    stored: dict[str, object] = {
        "form": form,
        "file_name": report.file_name,
        "sha256": report.sha256,
        "verdict": report.verdict,
        "signatures": [_signature_out(signature, form) for signature in report.signatures],
        "not_understood": [_said_out(item) for item in report.not_understood],
    }
    if form == FORM and report.remarks:
        stored["remarks"] = [_said_out(item) for item in report.remarks]
    if report.timestamps:
        stored["timestamps"] = [_timestamp_out(each) for each in report.timestamps]
    return json.dumps(stored, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def report_from_json(text: str) -> Report:
    """Read a report; raises StoredReportError when it is not exactly what was written."""
    if len(text) > MAX_LENGTH:
        raise StoredReportError(reason="it is too long")
    try:
        stored = json.loads(text)
        report = _report_in(stored)
        again = _written(report, stored["form"])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise StoredReportError(reason=f"{type(error).__name__}: {error}") from error
    if again != text:
        raise StoredReportError(reason="it is not in the canonical form or contradicts itself")
    return report


def _report_in(stored: dict[str, Any]) -> Report:
    if stored["form"] not in FORMS:
        raise ValueError(f"form {stored['form']!r} is not known")
    return Report(
        file_name=stored["file_name"],
        sha256=stored["sha256"],
        signatures=tuple(_signature_in(item) for item in stored["signatures"]),
        not_understood=tuple(
            NotUnderstood(item["code"], item["msgid"], _params_in(item["params"]))
            for item in stored["not_understood"]
        ),
        timestamps=_timestamps_in(stored),
        remarks=tuple(
            Remark(item["code"], item["msgid"], _params_in(item["params"]))
            for item in stored.get("remarks", ())
        ),
    )


def _said_out(item: NotUnderstood | Remark) -> dict[str, object]:
    return {"code": item.code, "msgid": item.msgid, "params": _params_out(item.params)}


def _signature_out(signature: SignatureReport, form: str) -> dict[str, object]:
    stored: dict[str, object] = {
        "format": signature.format,
        "field_name": signature.field_name,
        "kind": signature.kind,
        "stands_for": signature.stands_for,
        "certificate": signature.certificate and _certificate_out(signature.certificate),
        "claimed_time": signature.claimed_time and _time_out(signature.claimed_time),
        "checked_at": _time_out(signature.checked_at),
        "time_basis": signature.time_basis,
        "verdict": signature.verdict,
        "checks": [_check_out(check) for check in signature.checks],
        "evidence": [_evidence_out(item) for item in signature.evidence],
    }
    if form == FORM:
        stored |= _indication_out(indication_of(signature))
        stored |= {"profile": signature.profile} if signature.profile else {}
        stored |= {"level": signature.level} if signature.level else {}
        stored |= {"preserved": True} if signature.preserved else {}
    if signature.timestamps:
        stored["timestamps"] = [_timestamp_out(each) for each in signature.timestamps]
    return stored


def _indication_out(indication: Indication) -> dict[str, object]:
    return {"indication": indication.main, "sub_indication": indication.sub}


def _signature_in(stored: dict[str, Any]) -> SignatureReport:
    certificate = stored["certificate"]
    return SignatureReport(
        format=SignatureFormat(stored["format"]),
        field_name=stored["field_name"],
        kind=_kind_in(stored["kind"]),
        stands_for=_kind_in(stored["stands_for"]),
        certificate=_certificate_in(certificate) if certificate is not None else None,
        claimed_time=_optional_time_in(stored["claimed_time"]),
        checked_at=_time_in(stored["checked_at"]),
        time_basis=TimeBasis(stored["time_basis"]),
        checks=tuple(_check_in(item) for item in stored["checks"]),
        evidence=tuple(_evidence_in(item) for item in stored["evidence"]),
        timestamps=_timestamps_in(stored),
        profile=SignatureProfile(stored["profile"]) if "profile" in stored else None,
        level=SignatureLevel(stored["level"]) if "level" in stored else None,
        preserved=stored.get("preserved", False),
    )


def _timestamp_out(timestamp: TimestampReport) -> dict[str, object]:
    return {
        **vars(timestamp),
        "time": timestamp.time and _time_out(timestamp.time),
        "proven": timestamp.proven and _time_out(timestamp.proven),
        "checks": [_check_out(check) for check in timestamp.checks],
        "evidence": [_evidence_out(item) for item in timestamp.evidence],
    }


def _timestamps_in(stored: dict[str, Any]) -> tuple[TimestampReport, ...]:
    return tuple(_timestamp_in(item) for item in stored.get("timestamps", ()))


def _timestamp_in(stored: dict[str, Any]) -> TimestampReport:
    read = {
        "time": _optional_time_in(stored["time"]),
        "proven": _optional_time_in(stored["proven"]),
        "checks": tuple(_check_in(item) for item in stored["checks"]),
        "evidence": tuple(_evidence_in(item) for item in stored["evidence"]),
    }
    return TimestampReport(**(stored | read))


def _certificate_out(facts: CertificateFacts) -> dict[str, object]:
    return {
        **vars(facts),
        "not_before": _time_out(facts.not_before),
        "not_after": _time_out(facts.not_after),
    }


def _certificate_in(stored: dict[str, Any]) -> CertificateFacts:
    times = {key: _time_in(stored[key]) for key in ("not_before", "not_after")}
    return CertificateFacts(**(stored | times))


def _check_out(check: Check) -> dict[str, object]:
    return {**vars(check), "params": _params_out(check.params)}


def _check_in(stored: dict[str, Any]) -> Check:
    read = {"outcome": Outcome(stored["outcome"]), "params": _params_in(stored["params"])}
    return Check(**(stored | read))


def _evidence_out(item: EvidenceItem) -> dict[str, object]:
    return {
        **vars(item),
        "since": _time_out(item.since),
        "until": item.until and _time_out(item.until),
    }


def _evidence_in(stored: dict[str, Any]) -> EvidenceItem:
    read = {
        "kind": EvidenceKind(stored["kind"]),
        "since": _time_in(stored["since"]),
        "until": _optional_time_in(stored["until"]),
    }
    return EvidenceItem(**(stored | read))


def _params_out(params: Mapping[str, Param]) -> dict[str, object]:
    return {
        name: {"time": _time_out(value)} if isinstance(value, datetime) else value
        for name, value in params.items()
    }


def _params_in(stored: dict[str, Any]) -> dict[str, Param]:
    return {
        name: _time_in(value["time"]) if isinstance(value, dict) else value
        for name, value in stored.items()
    }


def _time_out(moment: datetime) -> str:
    return moment.strftime(TIME)


def _time_in(text: str) -> datetime:
    return datetime.strptime(text, TIME).replace(tzinfo=UTC)


def _optional_time_in(text: str | None) -> datetime | None:
    return None if text is None else _time_in(text)


def _kind_in(text: str | None) -> SignatureKind | None:
    return None if text is None else SignatureKind(text)
