"""Whether the objects of a version of a PDF lie within the bytes that a signature covers.

A table of objects names places, and nothing keeps it from naming one behind the end of its file.
Whoever adds bytes later then decides what stands there, although no version was changed: the
signed page shows something else, or a signature looks as old as a timestamp that came before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from pyhanko.pdf_utils.generic import IndirectObject, Reference
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.xref import ObjStreamRef

from signing.errors import MALFORMED

OBJECT = re.compile(rb"\s*\d+\s+\d+\s+obj\b")
"""How an object begins."""

NOWHERE = 0


@dataclass
class Extent:
    """Where the objects of a PDF end; each is read once, whichever signatures are asked about."""

    pdf: bytes = field(repr=False)
    reader: PdfFileReader = field(repr=False)
    _ends: dict[int, int] = field(default_factory=dict, repr=False)

    def lies_within(self, revision: int, stop: int) -> bool:
        """Say whether every object of this revision and those before it ends before `stop`."""
        places = [place for number in range(revision + 1) for place in self._places(number)]
        if any(offset >= stop for _, offset, _ in places):
            return False
        return all(self._end(*place) <= stop for place in places)

    def _places(self, revision: int) -> Iterator[tuple[Reference, int, int]]:
        """Yield the objects that the revision itself names, and where they begin.

        One that is packed begins where what it is packed into does; where that is not there yet,
        whoever adds it later decides what it holds.
        """
        xrefs = self.reader.xrefs
        for reference in xrefs.explicit_refs_in_revision(revision):
            named, place = reference, xrefs.get_historical_ref(reference, revision)
            if isinstance(place, ObjStreamRef):
                named = Reference(place.obj_stream_id, 0, self.reader)
                place = xrefs.get_historical_ref(named, revision)
            if place is not None:
                yield named, place if isinstance(place, int) else self._behind, revision
            elif named != reference:
                yield named, self._behind, revision

    def _end(self, reference: Reference, offset: int, revision: int) -> int:
        if offset not in self._ends:
            self._ends[offset] = self._read_to_the_end(reference, offset, revision)
        return self._ends[offset]

    def _read_to_the_end(self, reference: Reference, offset: int, revision: int) -> int:
        """Return where the object ends; behind the file for one that nobody can be sure of.

        Such are objects that cannot be read, and those that only name another object, which a
        later version may write anew: the comparison of versions does not follow them.
        """
        try:
            found = self.reader.get_object(reference, revision=revision)  # type: ignore[no-untyped-call]  # pyHanko's
        except MALFORMED:
            return self._behind if OBJECT.match(self.pdf, offset) else NOWHERE
        if isinstance(found, IndirectObject):
            return self._behind
        return int(self.reader.stream.tell())

    @property
    def _behind(self) -> int:
        return len(self.pdf) + 1
