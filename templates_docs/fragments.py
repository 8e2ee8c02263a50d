"""Put what a common block needs (styles, numbering, pictures, links) into the main document."""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from pathlib import PurePosixPath

from lxml import etree

from templates_docs.errors import N_, NotADocumentError
from templates_docs.package import (
    HYPERLINK,
    MAIN_PART,
    OFFICE_RELATIONSHIPS,
    WORD,
    parse_xml,
    read_package,
    serialize,
)
from templates_docs.relations import NO_RELATIONS, add_relation, declare_type, relations_part

STYLES_PART = "word/styles.xml"
NUMBERING_PART = "word/numbering.xml"
NUMBERING_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.numbering+xml"
IMAGE = f"{OFFICE_RELATIONSHIPS}/image"
_PICTURE_TYPES = {"png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg"}


def w(name: str) -> str:
    """Return the qualified name of a WordprocessingML element or attribute."""
    return f"{{{WORD}}}{name}"


def attach_block(parts: dict[str, bytes], into: str, name: str, block: bytes) -> etree._Element:
    """Return the body of `block`, ready to stand in the part `into` of the document `parts`.

    Styles that the document lacks, numberings, pictures and links are added to `parts`; where both
    define a style, the document's own wins. Section settings and bookmarks of the block are left
    out. Raises NotADocumentError when the block cannot be opened.
    """
    source = read_package(block)
    body = parse_xml(source[MAIN_PART]).find(w("body"))
    if body is None:
        raise NotADocumentError(N_("The file is not a Word document (.docx)."))
    for left_out in list(body.iter(w("sectPr"), w("bookmarkStart"), w("bookmarkEnd"))):
        parent = left_out.getparent()
        if parent is not None:
            parent.remove(left_out)
    _renumber(parts, source, [body, *_add_styles(parts, source, body)])
    _relate(parts, into, source, body, name)
    return body


def _add_styles(
    parts: dict[str, bytes], source: dict[str, bytes], body: etree._Element
) -> list[etree._Element]:
    """Append the styles that `body` uses and the document lacks; return those appended."""
    if STYLES_PART not in source or STYLES_PART not in parts:
        return []
    offered = {style.get(w("styleId")): style for style in _styles(source)}
    ours = parse_xml(parts[STYLES_PART])
    known = {style.get(w("styleId")) for style in ours.iter(w("style"))}
    wanted = [
        str(node.get(w("val"))) for node in body.iter(w("pStyle"), w("rStyle"), w("tblStyle"))
    ]
    added: list[etree._Element] = []
    while wanted:
        style_id = wanted.pop()
        if style_id in known or style_id not in offered:
            continue
        known.add(style_id)
        style = deepcopy(offered[style_id])
        # One default per kind: the document's own.
        style.attrib.pop(w("default"), None)
        added.append(style)
        wanted += [
            str(node.get(w("val"))) for node in style.iter(w("basedOn"), w("link"), w("next"))
        ]
    if added:
        ours.extend(added)
        parts[STYLES_PART] = serialize(ours)
    return added


def _styles(source: dict[str, bytes]) -> Iterator[etree._Element]:
    return parse_xml(source[STYLES_PART]).iter(w("style"))


def _renumber(
    parts: dict[str, bytes], source: dict[str, bytes], users: list[etree._Element]
) -> None:
    """Copy the numberings that `users` refer to under numbers of their own."""
    references = [node for user in users for node in user.iter(w("numId"))]
    if NUMBERING_PART not in source or not references:
        return
    theirs = parse_xml(source[NUMBERING_PART])
    numbering = _numbering(parts)
    renamed: dict[str, str] = {}
    for reference in references:
        old = str(reference.get(w("val")))
        if old not in renamed:
            renamed[old] = _copy_numbering(theirs, numbering, old)
        reference.set(w("val"), renamed[old])
    parts[NUMBERING_PART] = serialize(numbering)


def _numbering(parts: dict[str, bytes]) -> etree._Element:
    if NUMBERING_PART in parts:
        return parse_xml(parts[NUMBERING_PART])
    declare_type(parts, "Override", PartName=f"/{NUMBERING_PART}", ContentType=NUMBERING_TYPE)
    add_relation(parts, MAIN_PART, f"{OFFICE_RELATIONSHIPS}/numbering", "numbering.xml")
    return etree.Element(w("numbering"), nsmap={"w": WORD})


def _copy_numbering(theirs: etree._Element, ours: etree._Element, number: str) -> str:
    """Copy one w:num and its w:abstractNum; return the new number («0» means no numbering)."""
    num = next((n for n in theirs.iter(w("num")) if n.get(w("numId")) == number), None)
    abstract = None if num is None else num.find(w("abstractNumId"))
    pattern = next(
        (
            candidate
            for candidate in theirs.iter(w("abstractNum"))
            if abstract is not None and candidate.get(w("abstractNumId")) == abstract.get(w("val"))
        ),
        None,
    )
    if num is None or pattern is None:
        return "0"
    new_abstract = _next(ours, "abstractNum", "abstractNumId")
    new_number = _next(ours, "num", "numId")
    pattern, num = deepcopy(pattern), deepcopy(num)
    pattern.set(w("abstractNumId"), new_abstract)
    for identity in pattern.findall(w("nsid")):
        # Word merges lists of one nsid.
        identity.set(w("val"), f"{0x4D000000 + int(new_abstract):08X}")
    num.set(w("numId"), new_number)
    link = num.find(w("abstractNumId"))
    assert link is not None
    link.set(w("val"), new_abstract)
    # The schema wants every w:abstractNum before the first w:num.
    ours.insert(len(ours.findall(w("abstractNum"))), pattern)
    ours.append(num)
    return new_number


def _next(numbering: etree._Element, element: str, attribute: str) -> str:
    numbers = [str(node.get(w(attribute))) for node in numbering.iter(w(element))]
    return str(max((int(n) for n in numbers if n.isdecimal()), default=0) + 1)


def _relate(
    parts: dict[str, bytes],
    into: str,
    source: dict[str, bytes],
    body: etree._Element,
    name: str,
) -> None:
    """Carry the pictures and links of the block over; other relations cannot stand in a block."""
    relations = {
        relation.get("Id"): relation
        for relation in parse_xml(source.get(relations_part(MAIN_PART), NO_RELATIONS))
    }
    renamed: dict[str, str] = {}
    prefix = f"{{{OFFICE_RELATIONSHIPS}}}"
    for node in body.iter():
        for attribute, value in list(node.attrib.items()):
            if not str(attribute).startswith(prefix):
                continue
            old = str(value)
            if old not in renamed:
                relation = relations.get(old)
                if relation is None:
                    raise NotADocumentError(N_("The block {name} is damaged."), name=name)
                renamed[old] = _carry(parts, into, source, relation, name)
            node.set(attribute, renamed[old])


def _carry(
    parts: dict[str, bytes],
    into: str,
    source: dict[str, bytes],
    relation: etree._Element,
    name: str,
) -> str:
    kind, target = str(relation.get("Type")), str(relation.get("Target"))
    if kind == HYPERLINK and relation.get("TargetMode") == "External":
        return add_relation(parts, into, kind, target, external=True)
    extension = PurePosixPath(target).suffix.lstrip(".").lower()
    picture = source.get(f"word/{target}") or source.get(target.lstrip("/"))
    if kind != IMAGE or picture is None or extension not in _PICTURE_TYPES:
        raise NotADocumentError(
            N_("The block {name} holds something that a block cannot carry."), name=name
        )
    place = f"media/{re.sub('[^A-Za-z0-9]', '-', name)}-{PurePosixPath(target).name}"
    parts[f"word/{place}"] = picture
    declare_type(parts, "Default", Extension=extension, ContentType=_PICTURE_TYPES[extension])
    return add_relation(parts, into, kind, place)
