"""Write what the demonstration made: every file, and `report.json` that says what they are."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from marshrut.demonstration.town import Place, Town
from signing.evidence import Grounds
from signing.records.preserved import judge_preserved
from signing.revocation.known import load_crl
from signing.simple.check import check_statement
from signing.trust_folder import load_timestamping, load_trust_folder
from signing.validate import validate_detached, validate_pdf
from signing.verdicts import SignatureLevel, Verdict
from workflow.queries.dossier import (
    Dossier,
    FiledDocument,
    FiledFile,
    FiledSignature,
    dossier,
)
from workflow.queries.filed_pairs import FiledPair
from workflow.usecases.actors import actor_of_person
from workflow.usecases.errors import Refusal
from workflow.usecases.evidence_chain import records_for
from workflow.usecases.services import Services

PADES, SIMPLE = "pades", "simple"
#: What stands behind the name of a file for its signature, by format.
SUFFIXES = {PADES: "-signed.pdf", "cades": ".sig", SIMPLE: ".simple.json"}


@dataclass
class Export:
    """The folder, what is trusted in it, and what was found wrong."""

    services: Services
    town: Town
    folder: Path
    now: datetime
    problems: list[str] = field(default_factory=list)
    _records: dict[UUID, bytes] = field(default_factory=dict)

    def write(self) -> dict[str, Any]:
        """Write all files; return the report, which is also written as `report.json`."""
        self.grounds = Grounds(
            trust=load_trust_folder(self.folder / "trust"),
            timestamping=load_timestamping(self.folder / "trust"),
            crls=tuple(load_crl(p.read_bytes()) for p in sorted(self._trust("*.crl"))),
            now=self.now,
        )
        report: dict[str, Any] = {
            "made_at": self.now.isoformat(),
            "documents": [],
            "obligations": [],
            "submissions": [],
            "pairs": [],
            "installation": self._installation,
        }
        for place in self.town.places.values():
            self._write_place(place, report)
        report["valid"] = not self.problems
        report["problems"] = self.problems
        text = json.dumps(report, ensure_ascii=False, indent=1, default=_plain)
        (self.folder / "report.json").write_text(text + "\n", encoding="utf-8")
        return report

    def _trust(self, pattern: str) -> Iterable[Path]:
        return (self.folder / "trust").glob(pattern)

    def _write_place(self, place: Place, report: dict[str, Any]) -> None:
        head = actor_of_person(self.services, place.holding("head").person_id)
        filed: Dossier = dossier(self.services, head, place.id)
        for number, document in enumerate(filed.documents, start=1):
            folder = self.folder / place.key / f"{number:02d}-{document.type_code}"
            report["documents"].append(self._document(filed.organisation, document, folder))
        for owed in filed.obligations:
            report["obligations"].append(
                {
                    "organisation": filed.organisation,
                    "task": owed.key,
                    "title": owed.title,
                    "due": owed.due,
                    "state": owed.state,
                    "first_arrival": owed.first_arrival,
                    "on_paper": owed.on_paper,
                    "pair": owed.pair,
                    "debtor": owed.debtor or owed.role,
                    "in_time": owed.in_time,
                    "reason": owed.reason,
                }
            )
        report["pairs"] += [_pair(filed.organisation, pair) for pair in filed.pairs]
        for sent in filed.sent:
            receipt = sent.receipt
            report["submissions"].append(
                {
                    "organisation": filed.organisation,
                    "number": sent.number,
                    "incoming_number": sent.incoming_number,
                    "arrived_at": sent.arrived_at,
                    "state": sent.state,
                    "on_paper": sent.on_paper,
                    "reason_late": sent.reason_late,
                    "items": [{"type": i.type_code, "verdict": i.verdict} for i in sent.items],
                    "receipt": None
                    if receipt is None
                    else {
                        "number": receipt.number,
                        "at": receipt.at,
                        "accepted": receipt.accepted,
                        "reason": receipt.reason,
                        "repair_due": receipt.repair_due,
                        "hashes": receipt.hashes,
                        "audit_head": receipt.audit_head,
                    },
                }
            )

    def _document(self, organisation: str, document: FiledDocument, folder: Path) -> dict[str, Any]:
        folder.mkdir(parents=True, exist_ok=True)
        counted = [s for s in document.signatures if s.counts]
        self._records |= records_for(self.services, {s.act for s in counted})
        files = [
            self._file(document, file, place, folder, counted)
            for place, file in enumerate(document.files, start=1)
        ]
        signatures = [s for f in files for s in f["signatures"]]
        in_force = document.state in ("in_force", "amended")
        own_signature = document.approved_by is None and not document.existing
        if in_force and own_signature and not document.on_paper:
            unsigned = [f["name"] for f in files if not f["signatures"]]
            self.problems += [f"{organisation}: {name} has no signature" for name in unsigned]
        return {
            "organisation": organisation,
            "type": document.type_code,
            "title": document.title,
            "number": document.number,
            "date": document.dated,
            "state": document.state,
            "on_paper": document.on_paper,
            "approved_by": document.approved_by,
            "pairs": document.pairs,
            "cancelled_lines": document.cancelled,
            "acknowledged": [asdict(reader) for reader in document.readers],
            "files": files,
            "signatures": signatures,
        }

    def _file(
        self,
        document: FiledDocument,
        file: FiledFile,
        place: int,
        folder: Path,
        signatures: list[FiledSignature],
    ) -> dict[str, Any]:
        stem = f"{place:02d}-{'main' if place == 1 else 'annex'}"
        written = {"pdf": self._put(folder / f"{stem}.pdf", file.pdf)}
        if file.docx:
            written["docx"] = self._put(folder / f"{stem}.docx", file.docx)
        if file.visual_copy:
            written["visual_copy"] = self._put(folder / f"{stem}-copy.pdf", file.visual_copy)
        own = [s for s in signatures if s.file == file.pdf]
        return {
            "name": file.name,
            "role": file.role,
            "sha256": file.pdf,
            **written,
            "signatures": [
                self._signature(document, file, signature, folder / stem, number)
                for number, signature in enumerate(own, start=1)
            ],
        }

    def _signature(
        self,
        document: FiledDocument,
        file: FiledFile,
        signature: FiledSignature,
        stem: Path,
        number: int,
    ) -> dict[str, Any]:
        """Write a signature with its report, and judge the written bytes once more."""
        suffix = SUFFIXES[signature.format]
        path = stem.with_name(f"{stem.name}{'' if number == 1 else f'-{number}'}{suffix}")
        written = self._put(path, signature.signature)
        reported = self._report(signature, path)
        verdict = self._judge(file, signature)
        if verdict is not Verdict.VALID or signature.status != "accepted":
            self.problems.append(f"{written}: {verdict}, {signature.status}")
        return {
            "file": written,
            "format": signature.format,
            "owner": signature.owner,
            "serial": signature.serial,
            "received_at": signature.received_at,
            "status": signature.status,
            "training": signature.training,
            "verdict": verdict,
            "report": reported,
            "record": self._record(file, signature, path),
            "long_term": self._long_term(signature, path),
        }

    def _record(self, file: FiledFile, signature: FiledSignature, path: Path) -> str | None:
        """Write the evidence record of a signature beside it, if one was made; it must hold."""
        record = self._records.get(signature.act)
        if record is None:
            return None
        record_path = path.with_name(f"{path.name}.ers")
        record_path.write_bytes(record)
        signed = [self.services.blobs.get(blob) for blob in (file.pdf, signature.signature)]
        if judge_preserved(record, signed, self.grounds).proven is None:
            self.problems.append(f"{record_path.name}: proves nothing")
        return str(record_path.relative_to(self.folder))

    def _long_term(self, signature: FiledSignature, path: Path) -> str | None:
        """Write the copy for keeping beside the signed PDF, if one was made; it must be LTA."""
        if not signature.long_term:
            return None
        written = self._put(path.with_name(f"{path.stem}-lta.pdf"), signature.long_term)
        report = validate_pdf(self.services.blobs.get(signature.long_term), self.grounds).report
        if [each.level for each in report.signatures] != [SignatureLevel.B_LTA]:
            self.problems.append(f"{written}: not {SignatureLevel.B_LTA}")
        return written

    def _report(self, signature: FiledSignature, path: Path) -> str | None:
        """Write what was found when it was examined; a simple signature is its own evidence."""
        if not signature.report:
            return None
        report_path = path.with_name(path.name + ".report.json")
        stored = self.services.blobs.get(signature.report)
        report_path.write_bytes(stored)
        self._report_pdf(stored, path)
        return str(report_path.relative_to(self.folder))

    def _report_pdf(self, stored: bytes, path: Path) -> None:
        made = self.services.visual_copies.report_pdf(stored, "Europe/Moscow")
        if isinstance(made, Refusal):
            self.problems.append(f"{path.name}: {made.code}")
        else:
            path.with_name(path.name + ".report.pdf").write_bytes(made)

    def _judge(self, file: FiledFile, signature: FiledSignature) -> Verdict:
        """The signature of the written bytes, by the written trust alone."""
        content = self.services.blobs.get(signature.signature)
        if signature.format == PADES:
            return validate_pdf(content, self.grounds).report.verdict
        fixed = self.services.blobs.get(file.pdf)
        if signature.format == SIMPLE:
            return check_statement(fixed, content, [self._installation]).verdict
        return validate_detached(fixed, content, self.grounds).report.verdict

    @property
    def _installation(self) -> str:
        """The fingerprint by which this installation's sealed statements are known."""
        return self.services.simple_seals.fingerprint(training=True)

    def _put(self, path: Path, sha256: str) -> str:
        path.write_bytes(self.services.blobs.get(sha256))
        return str(path.relative_to(self.folder))


def _pair(organisation: str, pair: FiledPair) -> dict[str, Any]:
    return {"organisation": organisation, **asdict(pair)}


def _plain(value: object) -> object:
    if isinstance(value, date | datetime):
        return value.isoformat()
    return str(value)


def summary(report: Mapping[str, Any]) -> list[tuple[str, str, str, str]]:
    """Organisation, type, number and state of every document, for the console."""
    return [
        (d["organisation"], d["type"], d["number"] or "—", str(d["state"]))
        for d in report["documents"]
    ]


def pairs_told(report: Mapping[str, Any]) -> list[tuple[str, str, str, str, date, date]]:
    """Organisation, mentees, mentor, status and term of every pair, for the console."""
    return [
        (
            p["organisation"],
            ", ".join(p["mentees"]),
            p["mentor"] or "—",
            str(p["status"]),
            p["since"],
            p["until"],
        )
        for p in report["pairs"]
    ]
