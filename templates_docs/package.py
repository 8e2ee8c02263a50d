"""A .docx as a bounded set of parts: read with suspicion, written the same way every time."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Mapping

from lxml import etree

from templates_docs.errors import N_, NotADocumentError

MAIN_PART = "word/document.xml"
CONTENT_TYPES = "[Content_Types].xml"
SETTINGS_PART = "word/settings.xml"
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE_RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
HYPERLINK = f"{OFFICE_RELATIONSHIPS}/hyperlink"
ATTACHED_TEMPLATE = f"{OFFICE_RELATIONSHIPS}/attachedTemplate"

# What zipfile raises for a torn archive, an unknown method, an encrypted part.
_BROKEN_ZIP = (zipfile.BadZipFile, NotImplementedError, RuntimeError, struct.error)

MAX_FILE = 10 * 2**20
MAX_PARTS = 300
MAX_UNPACKED = 50 * 2**20

# Zip has no time zone and no time before 1980; one fixed moment makes equal bytes.
_ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ACTIVE_PARTS = re.compile(r"vbaProject|/embeddings/|/activeX|\.bin$|/afchunk", re.IGNORECASE)
_ACTIVE_RELATIONS = (
    "aFChunk",
    "oleObject",
    "package",
    "control",
    "vbaProject",
    "subDocument",
    "frame",
)
# The fields that a document may compute; INCLUDETEXT, DDE and their like read foreign files.
_FIELD_CODES = frozenset(
    ("PAGE", "NUMPAGES", "SECTIONPAGES", "SEQ", "REF", "PAGEREF", "TOC", "STYLEREF", "HYPERLINK")
)


def read_package(content: bytes) -> dict[str, bytes]:
    """Return the parts of a .docx by name, in their order.

    Raises NotADocumentError for what is no Word document, is larger than 10 MB (50 MB unpacked),
    carries macros or embedded objects, or would reach for files outside itself.
    """
    if len(content) > MAX_FILE:
        raise NotADocumentError(N_("The file is larger than {limit} MB."), limit=MAX_FILE // 2**20)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = _unpack(archive)
    except (*_BROKEN_ZIP, zlib.error, ValueError, EOFError) as error:
        raise NotADocumentError(N_("The file is not a Word document (.docx).")) from error
    if MAIN_PART not in parts or CONTENT_TYPES not in parts:
        raise NotADocumentError(N_("The file is not a Word document (.docx)."))
    _detach_word_template(parts)
    for name, part in parts.items():
        _refuse_danger(name, part)
    return parts


def _unpack(archive: zipfile.ZipFile) -> dict[str, bytes]:
    members = [member for member in archive.infolist() if not member.is_dir()]
    if len(members) > MAX_PARTS or sum(member.file_size for member in members) > MAX_UNPACKED:
        raise NotADocumentError(N_("The file unpacks to too much; it cannot be opened safely."))
    if any(member.compress_type not in _METHODS for member in members):
        raise NotADocumentError(N_("The file is not a Word document (.docx)."))
    if len({member.filename.lower() for member in members}) != len(members):
        raise NotADocumentError(N_("The file holds two parts of one name."))
    parts: dict[str, bytes] = {}
    for member in members:
        with archive.open(member) as part:
            parts[member.filename] = part.read(member.file_size + 1)
    return parts


def _detach_word_template(parts: dict[str, bytes]) -> None:
    """Forget the author's own Word template (.dotm): Word names it, documents do not need it."""
    place = "word/_rels/settings.xml.rels"
    if ATTACHED_TEMPLATE.encode() not in parts.get(place, b"") or SETTINGS_PART not in parts:
        return
    relations, settings = parse_xml(parts[place]), parse_xml(parts[SETTINGS_PART])
    for relation in [r for r in relations if r.get("Type") == ATTACHED_TEMPLATE]:
        relations.remove(relation)
    for mention in settings.findall(f"{{{WORD}}}attachedTemplate"):
        settings.remove(mention)
    parts[place], parts[SETTINGS_PART] = serialize(relations), serialize(settings)


def _refuse_danger(name: str, part: bytes) -> None:
    if _ACTIVE_PARTS.search(name):
        raise _active_content()
    if name.endswith(".rels"):
        for relation in parse_xml(part):
            kind = str(relation.get("Type"))
            if kind.rpartition("/")[2] in _ACTIVE_RELATIONS:
                raise _active_content()
            if relation.get("TargetMode") == "External" and kind != HYPERLINK:
                raise NotADocumentError(
                    N_("The document refers to a file outside itself. Put its content inside.")
                )
    elif name.startswith("word/") and name.endswith(".xml"):
        _refuse_fields(parse_xml(part))


def _active_content() -> NotADocumentError:
    return NotADocumentError(
        N_("The document holds macros or embedded objects. Save it as .docx without them.")
    )


def _refuse_fields(root: etree._Element) -> None:
    codes = [str(node.get(f"{{{WORD}}}instr")) for node in root.iter(f"{{{WORD}}}fldSimple")]
    for run in root.iter(f"{{{WORD}}}p"):
        for field in _complex_fields(run):
            codes.append(field)
    for code in codes:
        word = code.split()[0].upper() if code.split() else ""
        if word and word not in _FIELD_CODES:
            raise NotADocumentError(
                N_("The document holds the Word field {field}, which is not allowed here."),
                field=word,
            )


def _complex_fields(paragraph: etree._Element) -> list[str]:
    """Return the instructions of the fields of a paragraph; Word may split one over runs."""
    found: list[str] = []
    for node in paragraph.iter(f"{{{WORD}}}fldChar", f"{{{WORD}}}instrText"):
        if node.tag == f"{{{WORD}}}fldChar":
            if node.get(f"{{{WORD}}}fldCharType") == "begin":
                found.append("")
        elif found:
            found[-1] += node.text or ""
        else:
            found.append(node.text or "")
    return found


def parse_xml(part: bytes) -> etree._Element:
    """Parse one part without entities, network or document types; NotADocumentError if broken."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(part, parser)
    except etree.XMLSyntaxError as error:
        raise NotADocumentError(
            N_("The document is damaged: its XML cannot be read. Save it in Word again.")
        ) from error
    if root.getroottree().docinfo.doctype:
        raise NotADocumentError(N_("The document holds XML that is not allowed (DOCTYPE)."))
    return root


def serialize(root: etree._Element) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def write_package(parts: Mapping[str, bytes]) -> bytes:
    """Return the .docx; equal parts give equal bytes."""
    # Word wants the content types first.
    names = sorted(parts, key=lambda name: (name != CONTENT_TYPES, name))
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            member = zipfile.ZipInfo(name, _ZIP_EPOCH)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.external_attr = 0o600 << 16
            member.create_system = 0
            archive.writestr(member, parts[name])
    return stream.getvalue()
