"""Print the library's templates and read the pages as a person would."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping

from templates_docs.assemble import DocumentProperties, assemble
from templates_docs.convert import Converted, DocxFile, PdfProfile, to_pdf
from templates_docs.package import MAIN_PART, read_package, write_package
from tests.integration.templates_docs.library_samples import TEMPLATES, common_blocks


def assembled(code: str, facts: Mapping[str, object]) -> bytes:
    """Return the .docx of one document of the type `code`."""
    properties = DocumentProperties(title=f"Документ {code}", author="Организация")
    return assemble(TEMPLATES[code].read_bytes(), facts, common_blocks(), properties=properties)


def with_block(template: bytes, block: str, *, instead_of: str) -> bytes:
    """Return a template that puts `block` where it had another one."""
    parts = read_package(template)
    body = parts[MAIN_PART].decode()
    assert f'block("{instead_of}")' in body
    parts[MAIN_PART] = body.replace(f'block("{instead_of}")', f'block("{block}")').encode()
    return write_package(parts)


def printed(
    documents: Mapping[str, bytes], profile: PdfProfile = PdfProfile.A2B
) -> dict[str, Converted]:
    """Return the PDF of every document by its name; a failed conversion fails the test."""
    files = [DocxFile(name, content) for name, content in documents.items()]
    outcomes = to_pdf(files, profile=profile, timeout=120)
    converted = [outcome for outcome in outcomes if isinstance(outcome, Converted)]
    assert len(converted) == len(files), outcomes
    return {outcome.name: outcome for outcome in converted}


def pages(pdf: bytes) -> list[list[str]]:
    """Return the lines of every page, without empty ones; non-breaking spaces become plain."""
    command = ["pdftotext", "-layout", "-", "-"]
    text = subprocess.run(command, input=pdf, capture_output=True, check=True, timeout=60).stdout
    sheets = text.decode().replace("\u00a0", " ").split("\f")[:-1]
    return [[line.strip() for line in sheet.splitlines() if line.strip()] for sheet in sheets]


def flowing(pdf: bytes) -> str:
    """Return the whole text as one line: where it breaks does not matter."""
    return " ".join(" ".join(line.split()) for sheet in pages(pdf) for line in sheet)
