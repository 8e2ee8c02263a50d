"""What the file says of itself: title, author and dates are ours, not the template's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from xml.sax.saxutils import escape

from templates_docs.package import RELATIONSHIPS
from templates_docs.relations import add_relation, declare_type, drop_relation

CORE_PART = "docProps/core.xml"
APPLICATION_PART = "docProps/app.xml"
_CORE_TYPE = "application/vnd.openxmlformats-package.core-properties+xml"
_CORE = f"{RELATIONSHIPS}/metadata/core-properties"
_THUMBNAIL = f"{RELATIONSHIPS}/metadata/thumbnail"
_APPLICATION = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    b'<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
    b"<Application>Marshrut</Application></Properties>"
)


@dataclass(frozen=True, slots=True)
class DocumentProperties:
    """`created` is an aware moment, kept to the second in UTC."""

    title: str = ""
    author: str = ""
    created: datetime | None = None


NO_PROPERTIES = DocumentProperties()


def put_properties(parts: dict[str, bytes], properties: DocumentProperties) -> None:
    """Replace the template's properties and its preview picture.

    Raises ValueError for a naive `created`.
    """
    for preview in drop_relation(parts, "", _THUMBNAIL):
        parts.pop(preview.lstrip("/"), None)
    if APPLICATION_PART in parts:
        # Word keeps the author's company and manager here.
        parts[APPLICATION_PART] = _APPLICATION
    if CORE_PART not in parts:
        declare_type(parts, "Override", PartName=f"/{CORE_PART}", ContentType=_CORE_TYPE)
        add_relation(parts, "", _CORE, CORE_PART)
    parts[CORE_PART] = _core(properties)


def _core(properties: DocumentProperties) -> bytes:
    title, author = escape(properties.title), escape(properties.author)
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        "<cp:coreProperties"
        ' xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{title}</dc:title><dc:creator>{author}</dc:creator>"
        f"<cp:lastModifiedBy>{author}</cp:lastModifiedBy><dc:language>ru-RU</dc:language>"
        f"{_dates(properties.created)}</cp:coreProperties>"
    ).encode()


def _dates(created: datetime | None) -> str:
    if created is None:
        return ""
    if created.tzinfo is None:
        raise ValueError("a naive datetime has no place in a document")
    moment = f"{created.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    return "".join(
        f'<dcterms:{name} xsi:type="dcterms:W3CDTF">{moment}</dcterms:{name}>'
        for name in ("created", "modified")
    )
