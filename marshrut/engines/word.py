"""templates_docs behind the ports Assembler and Converter."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cached_property
from pathlib import Path

from templates_docs import convert
from templates_docs.assemble import assemble
from templates_docs.convert import ConversionFailure, DocxFile
from templates_docs.errors import TemplateError
from templates_docs.fields import (
    ApprovalFacts,
    Case,
    Declension,
    Gender,
    OrgFacts,
    PersonFacts,
    RegistrationFacts,
)
from templates_docs.headings import heading_of
from templates_docs.inflect import Proposal, propose_organisation, propose_person, propose_post
from templates_docs.oblique import oblique_names
from templates_docs.properties import DocumentProperties as FileProperties
from workflow.domain.refusals import N_, Refusal
from workflow.domain.regulations import PdfProfile
from workflow.ports import (
    Assembled,
    Context,
    DocumentProperties,
    Forms,
    Pdf,
    PrintedApproval,
    PrintedOrganisation,
    PrintedPerson,
    PrintedRegistration,
)

CONVERSION_SECONDS = 120.0
BLOCKS = "common"

_PROFILES = {PdfProfile.A2B: convert.PdfProfile.A2B, PdfProfile.A1A: convert.PdfProfile.A1A}

#: What a person can do when a template or a fact keeps a document from being made.
MEND = N_("Correct the facts or the template and try again.")


class WordTemplates:
    """The template library of a folder; files are read once."""

    def __init__(self, library: Path) -> None:
        self.library = library
        self._templates: dict[str, bytes] = {}
        self._oblique: dict[str, frozenset[str]] = {}

    @cached_property
    def blocks(self) -> Mapping[str, bytes]:
        """The common blocks by the name that templates call them."""
        return {p.stem: p.read_bytes() for p in sorted((self.library / BLOCKS).glob("*.docx"))}

    def _template(self, template: str) -> bytes:
        if template not in self._templates:
            path = (self.library / template).resolve()
            if not path.is_relative_to(self.library.resolve()):
                raise ValueError("a template lies in the library")
            self._templates[template] = path.read_bytes()
        return self._templates[template]

    def assemble(
        self, template: str, context: Context, properties: DocumentProperties
    ) -> Assembled | Refusal:
        """See `workflow.ports.Assembler`."""
        said = {name: _printable(value) for name, value in context.items()}
        about = FileProperties(properties.title, properties.author, properties.made_at)
        try:
            docx = assemble(self._template(template), said, self.blocks, properties=about)
        except TemplateError as error:
            return Refusal(error.code, error.msgid, MEND, error.params)
        return Assembled(docx, self.template_digest(template), heading_of(docx))

    def template_digest(self, template: str) -> str:
        """See `workflow.ports.Assembler`."""
        digest = hashlib.sha256(self._template(template))
        for name, block in self.blocks.items():
            digest.update(name.encode() + hashlib.sha256(block).digest())
        return digest.hexdigest()

    def oblique_names(self, template: str) -> frozenset[str]:
        """See `workflow.ports.Assembler`."""
        if template not in self._oblique:
            self._oblique[template] = oblique_names(self._template(template), self.blocks)
        return self._oblique[template]

    def propose_person(self, last: str, first: str, middle: str, female: bool) -> Forms:
        """See `workflow.ports.Assembler`."""
        gender = Gender.FEMALE if female else Gender.MALE
        return _forms(propose_person(last, first, middle, gender))

    def propose_phrase(self, text: str) -> Forms:
        """See `workflow.ports.Assembler`; a name in «ёлочки» is taken for an organisation's."""
        return _forms(propose_organisation(text) if "«" in text else propose_post(text))


def _forms(proposal: Proposal) -> Forms:
    cases = [case for case in Case if case is not Case.NOMINATIVE]
    return Forms(
        tuple((case.value, proposal.declension.in_case(case)) for case in cases),
        proposal.doubtful,
    )


def _declension(nominative: str, forms: tuple[tuple[str, str], ...]) -> Declension:
    """The confirmed forms; a case that nobody confirmed stands in the nominative."""
    by_case = dict(forms)
    return Declension(
        nominative,
        *(by_case.get(case.value, nominative) for case in Case if case is not Case.NOMINATIVE),
    )


def _printable(value: object) -> object:
    """Turn the workflow's values into those that templates may see."""
    match value:
        case PrintedPerson():
            full = " ".join(part for part in (value.last, value.first, value.middle) if part)
            return PersonFacts(
                last_name=value.last,
                first_name=value.first,
                middle_name=value.middle,
                gender=Gender.FEMALE if value.female else Gender.MALE,
                fio=_declension(full, value.forms),
                post=_declension(value.post, value.post_forms),
                organisation=_declension(value.organisation, value.organisation_forms),
            )
        case PrintedOrganisation():
            own = value.requisites
            return OrgFacts(
                full=Declension.unchanging(value.full),
                short=_declension(value.short, value.forms),
                place=own.place,
                address=own.address,
                phone=own.phone,
                email=own.email,
                site=own.site,
                okpo=own.okpo,
                ogrn=own.ogrn,
                inn=own.inn,
                kpp=own.kpp,
                founder=value.founder,
            )
        case PrintedRegistration():
            return RegistrationFacts(value.number, value.dated)
        case PrintedApproval():
            return ApprovalFacts(value.number, value.dated, value.annex)
        case Mapping():
            return {str(key): _printable(inner) for key, inner in value.items()}
        case list() | tuple():
            return [_printable(inner) for inner in value]
        case str() | int() | date() | None:
            return value
        case _:
            return str(value)


class LibreOffice:
    """DOCX to PDF by LibreOffice."""

    def to_pdf(self, files: Sequence[bytes], profile: PdfProfile) -> list[Pdf | Refusal]:
        """See `workflow.ports.Converter`."""
        named = [DocxFile(str(place), content) for place, content in enumerate(files)]
        outcomes = convert.to_pdf(named, profile=_PROFILES[profile], timeout=CONVERSION_SECONDS)
        return [
            Refusal(o.code, o.msgid, MEND, dict(o.params))
            if isinstance(o, ConversionFailure)
            else Pdf(o.pdf, o.pages)
            for o in outcomes
        ]
