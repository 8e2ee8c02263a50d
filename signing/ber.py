"""BER made readable: lengths that are said, octet strings in one piece (X.690, section 8).

Programs that write a signature while they read the document do not know its length beforehand:
they leave lengths open ("indefinite") and cut the document into pieces. Everything that is in
order already keeps its very bytes, because signatures are over bytes.
"""

from __future__ import annotations

from asn1crypto import parser

MAX_DEPTH = 64
MAX_ELEMENTS = 1_000_000
OPEN_LENGTH = 0x80
END_OF_CONTENTS = b"\0\0"
CONSTRUCTED = 0x20
OCTET_STRING = 0x04
LONGEST_LENGTH = 8

Piece = bytes | memoryview
"""Bytes that were written anew, or a view of those that came in."""


def definite(content: bytes) -> bytes:
    """Return the one element that `content` is, with definite lengths and whole octet strings.

    What has them already stays as it is, byte for byte. Raises ValueError for bytes that are no
    BER, that go on after the element, or hold more than a million elements or 64 levels.
    """
    element, end = _Reader(content).element(0, len(content), 0)
    if end != len(content):
        raise ValueError("there are bytes after the structure")
    return bytes(element)


class _Reader:
    """Reads one file; counts its elements, so that a hostile one ends in time."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._view = memoryview(content)
        self._elements = 0

    def element(self, start: int, limit: int, depth: int) -> tuple[Piece, int]:
        """Return the element that begins at `start`, and where the next one does."""
        self._elements += 1
        if self._elements > MAX_ELEMENTS or depth > MAX_DEPTH:
            raise ValueError("the structure has too many elements or levels")
        body, length = self._header(start, limit)
        identifier = self._content[start]
        if not identifier & CONSTRUCTED:
            if length is None:
                raise ValueError("a primitive element has no length")
            return self._view[start : body + length], body + length
        stop = None if length is None else body + length
        members, end = self._members(body, limit if stop is None else stop, stop is None, depth)
        if identifier == CONSTRUCTED | OCTET_STRING:
            return _whole(members), end
        if stop is not None and all(isinstance(each, memoryview) for each in members):
            return self._view[start:end], end
        return _constructed(identifier, members), end

    def _members(
        self, start: int, limit: int, open_ended: bool, depth: int
    ) -> tuple[list[Piece], int]:
        """Return what stands between `start` and `limit`, or the end-of-contents before it."""
        members: list[Piece] = []
        position = start
        while position < limit:
            if open_ended and self._content[position : position + 2] == END_OF_CONTENTS:
                return members, position + 2
            member, position = self.element(position, limit, depth + 1)
            members.append(member)
        if open_ended:
            raise ValueError("the end of the contents is missing")
        return members, position

    def _header(self, start: int, limit: int) -> tuple[int, int | None]:
        """Return where the contents begin and how long they are, None for an open length."""
        if limit - start < 2 or self._content[start] & 0x1F == 0x1F:
            raise ValueError("the structure is cut short, or has a tag that none of its kind has")
        first, body = self._content[start + 1], start + 2
        if first == OPEN_LENGTH:
            return body, None
        length = first
        if first > OPEN_LENGTH:
            size = first - OPEN_LENGTH
            if size > LONGEST_LENGTH or body + size > limit:
                raise ValueError("a length is cut short")
            length = int.from_bytes(self._content[body : body + size], "big")
            body += size
        if length > limit - body:
            raise ValueError("the structure is cut short")
        return body, length


def _constructed(identifier: int, members: list[Piece]) -> bytes:
    return bytes(parser.emit(identifier >> 6, 1, identifier & 0x1F, b"".join(members)))


def _whole(pieces: list[Piece]) -> bytes:
    """Return one octet string out of its pieces."""
    contents = []
    for piece in pieces:
        if piece[0] != OCTET_STRING:
            raise ValueError("a piece of an octet string is something else")
        contents.append(piece[_header_length(piece) :])
    return bytes(parser.emit(0, 0, OCTET_STRING, b"".join(contents)))


def _header_length(piece: Piece) -> int:
    return 2 if piece[1] < OPEN_LENGTH else 2 + piece[1] - OPEN_LENGTH
