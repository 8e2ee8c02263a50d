"""The bare libraries and programs, used as their manuals show; each does a whole batch."""

from __future__ import annotations

import asyncio
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from asn1crypto import cms
from docxtpl import DocxTemplate
from pyhanko.keys import load_cert_from_pemder
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import fields, signers
from pyhanko.sign.validation import async_validate_detached_cms, validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from benchmarks.signer import Signer

SECONDS = 120
EXPORT = 'pdf:writer_pdf_Export:{"SelectPdfVersion":{"type":"long","value":"2"}}'
VERIFIED = "CAdES Verification successful"


class NotValidError(Exception):
    """What was made for the measurement was judged invalid: there is nothing to compare."""


def render(template: bytes, facts: Mapping[str, object]) -> bytes:
    """docxtpl: read, render with autoescape, write."""
    document = DocxTemplate(BytesIO(template))
    document.render(dict(facts), autoescape=True)
    out = BytesIO()
    document.save(out)
    return out.getvalue()


class Soffice:
    """One `soffice` call for all files, with a user profile that has been started once."""

    def __init__(self, folder: Path) -> None:
        self.profile = (folder / "profile").as_uri()
        self._run("--terminate_after_init")

    def convert(self, files: Sequence[bytes]) -> list[bytes]:
        """Return the PDF/A-2b of each .docx."""
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            sources = [folder / f"{number}.docx" for number in range(len(files))]
            for source, content in zip(sources, files, strict=True):
                source.write_bytes(content)
            self._run("--convert-to", EXPORT, "--outdir", name, *map(str, sources))
            return [source.with_suffix(".pdf").read_bytes() for source in sources]

    def _run(self, *arguments: str) -> None:
        command = ["soffice", "--headless", f"-env:UserInstallation={self.profile}", *arguments]
        subprocess.run(command, check=True, capture_output=True, timeout=SECONDS)


class PyHanko:
    """pyHanko with the key in memory; certificates and lists are read once."""

    def __init__(self, signer: Signer, folder: Path) -> None:
        self._signer = signers.SimpleSigner.load(  # type: ignore[no-untyped-call]  # pyHanko leaves it untyped
            str(folder / "key.pem"), str(folder / "cert.pem"), [str(folder / "issuing.pem")]
        )
        self._root = load_cert_from_pemder(  # type: ignore[no-untyped-call]  # as above
            str(folder / "trusted.pem")
        )
        self._now = signer.now
        self._crls = signer.crls

    def sign(self, pdf: bytes) -> bytes:
        """Return the PDF with an invisible PAdES-B-B signature."""
        how = signers.PdfSignatureMetadata(
            field_name="Signature1", md_algorithm="sha256", subfilter=fields.SigSeedSubFilter.PADES
        )
        out = BytesIO()
        writer = IncrementalPdfFileWriter(BytesIO(pdf))
        signers.sign_pdf(writer, how, signer=self._signer, output=out)
        return out.getvalue()

    def verify(self, pdf: bytes) -> None:
        """Judge integrity, chain and revocation; raise NotValidError."""
        (signature,) = PdfFileReader(BytesIO(pdf)).embedded_signatures
        if not validate_pdf_signature(signature, self._context()).bottom_line:
            raise NotValidError

    def verify_detached(self, content: bytes, signature: bytes) -> None:
        """Judge the same of a detached signature; raise NotValidError."""
        signed_data = cms.ContentInfo.load(signature)["content"]
        judging = async_validate_detached_cms(content, signed_data, self._context())
        if not asyncio.run(judging).bottom_line:
            raise NotValidError

    def _context(self) -> ValidationContext:
        return ValidationContext(
            trust_roots=[self._root],
            crls=list(self._crls),
            revocation_mode="require",
            moment=self._now,
        )


@dataclass(frozen=True)
class OpenSsl:
    """`openssl cms`, one process for each document; `folder` holds the PEM files."""

    folder: Path

    def sign(self, content: bytes) -> bytes:
        """Return a detached CAdES-BES signature, DER."""
        return self._cms(
            *("-sign", "-cades", "-binary", "-outform", "DER", "-md", "sha256"),
            *("-signer", "cert.pem", "-inkey", "key.pem", "-certfile", "issuing.pem"),
            content=content,
        )

    def verify(self, content: bytes, signature: bytes) -> None:
        """Judge integrity, chain and revocation of the whole chain; raise NotValidError."""
        (self.folder / "content").write_bytes(content)
        self._cms(
            *("-verify", "-cades", "-binary", "-inform", "DER", "-content", "content"),
            *("-CAfile", "trusted.pem", "-certfile", "issuing.pem", "-crl_check_all"),
            *("-purpose", "any", "-out", "/dev/null"),
            content=signature,
        )

    def _cms(self, *arguments: str, content: bytes) -> bytes:
        command = ["openssl", "cms", *arguments]
        ran = subprocess.run(
            command, input=content, capture_output=True, timeout=SECONDS, cwd=self.folder
        )
        if ran.returncode != 0:
            raise NotValidError(ran.stderr.decode(errors="replace"))
        return ran.stdout
