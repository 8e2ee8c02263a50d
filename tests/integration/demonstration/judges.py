"""A demonstration as it was exported, and tools that are not ours to judge it."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from marshrut.cli import main


@dataclass(frozen=True)
class Shown:
    """What the demonstration wrote, and what it said on the console."""

    folder: Path
    report: dict[str, Any]
    said: str = ""

    def signatures(self, signature_format: str) -> Iterator[tuple[Path, Path]]:
        """The fixed file and its signature (or signed PDF), each with its path."""
        for document in self.report["documents"]:
            for file in document["files"]:
                for signature in file["signatures"]:
                    if signature["format"] == signature_format:
                        yield self.folder / file["pdf"], self.folder / signature["file"]

    def documents(self, code: str) -> list[dict[str, Any]]:
        return [d for d in self.report["documents"] if d["type"] == code]


def show(pack: str, folder: Path) -> Shown:
    """Run the command; it must end well."""
    result = CliRunner().invoke(main, ["demo", "--pack", pack, "--out", str(folder)])
    assert result.exit_code == 0, result.output
    report = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    return Shown(folder, report, result.output)


def run(*command: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(part) for part in command],
        capture_output=True,
        text=True,
        errors="replace",  # pdfsig cuts long names in the middle of a letter
        timeout=60,
        check=False,
    )


def pdfsig_agrees(path: Path) -> bool:
    """Whether pdfsig calls every signature valid and the whole document signed."""
    said = run("pdfsig", "-nocert", path).stdout
    count = said.count("Signature #")
    return (
        count > 0
        and said.count("Signature is Valid") == count
        and said.count("Total document signed") == count
        and "Not total document signed" not in said
    )


def bundle(shown: Shown, folder: Path) -> Path:
    """Anchors and intermediates with their revocation lists, as openssl wants them."""
    trust, made = shown.folder / "trust", folder / "authorities.pem"
    parts = [path.read_text() for path in sorted(trust.glob("*.pem"))]
    for crl in sorted(trust.glob("*.crl")):
        parts.append(run("openssl", "crl", "-inform", "DER", "-in", crl).stdout)
    made.write_text("\n".join(parts))
    return made


def openssl_agrees(content: Path, signature: Path, authorities: Path) -> bool:
    """Whether openssl verifies the detached signature with chain and revocation lists."""
    answer = run(
        *("openssl", "cms", "-verify", "-cades", "-binary", "-inform", "DER"),
        *("-in", signature, "-content", content, "-CAfile", authorities),
        *("-crl_check_all", "-purpose", "any", "-out", "/dev/null"),
    )
    return answer.returncode == 0
