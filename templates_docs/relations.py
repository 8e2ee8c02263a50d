"""How the parts of a .docx refer to each other and say what they are (ECMA-376, part 2)."""

from __future__ import annotations

from pathlib import PurePosixPath

from lxml import etree

from templates_docs.package import CONTENT_TYPES, RELATIONSHIPS, parse_xml, serialize

TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
NO_RELATIONS = f'<Relationships xmlns="{RELATIONSHIPS}"/>'.encode()


def relations_part(part: str) -> str:
    """Return the name of the part that holds the relations of `part` («» is the package)."""
    path = PurePosixPath(part)
    return str(path.parent / "_rels" / f"{path.name}.rels") if part else "_rels/.rels"


def add_relation(
    parts: dict[str, bytes], owner: str, kind: str, target: str, *, external: bool = False
) -> str:
    place = relations_part(owner)
    relations = parse_xml(parts.get(place, NO_RELATIONS))
    taken = {relation.get("Id") for relation in relations}
    identity = next(f"rIdM{n}" for n in range(1, len(taken) + 2) if f"rIdM{n}" not in taken)
    relation = etree.SubElement(relations, f"{{{RELATIONSHIPS}}}Relationship")
    relation.set("Id", identity)
    relation.set("Type", kind)
    relation.set("Target", target)
    if external:
        relation.set("TargetMode", "External")
    parts[place] = serialize(relations)
    return identity


def declare_type(parts: dict[str, bytes], element: str, **attributes: str) -> None:
    """Add a content type, unless the document has it already."""
    types = parse_xml(parts[CONTENT_TYPES])
    key, value = next(iter(attributes.items()))
    for known in types.findall(f"{{{TYPES}}}{element}"):
        if str(known.get(key)).lower() == value.lower():
            return
    entry = etree.SubElement(types, f"{{{TYPES}}}{element}")
    for attribute, text in attributes.items():
        entry.set(attribute, text)
    parts[CONTENT_TYPES] = serialize(types)


def drop_relation(parts: dict[str, bytes], owner: str, kind: str) -> list[str]:
    """Remove the relations of type `kind` from the part `owner`; return their targets."""
    place = relations_part(owner)
    if place not in parts:
        return []
    relations = parse_xml(parts[place])
    dropped = [relation for relation in relations if relation.get("Type") == kind]
    for relation in dropped:
        relations.remove(relation)
    if dropped:
        parts[place] = serialize(relations)
    return [str(relation.get("Target")) for relation in dropped]
