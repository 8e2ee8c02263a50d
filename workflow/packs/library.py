"""Find a pack with its parents, read it, and make the regulation."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from workflow.domain.refusals import N_
from workflow.domain.regulations import Regulation
from workflow.packs.build import regulation
from workflow.packs.check import TemplateExists, check
from workflow.packs.explain import explain
from workflow.packs.inherit import OF_THE_PACK_ITSELF, loosenings, merge
from workflow.packs.mend import independent, mended
from workflow.packs.problems import PackError, PackProblem, Place, in_order
from workflow.packs.read import LARGEST_FILE, MapNode, Scalar, plain, read
from workflow.packs.schema import PackModel

LIBRARY = Path(__file__).parent / "library"
FILE = "pack.yml"
LONGEST_LINE = 8  # generations of parents
NAME = re.compile(r"[a-z][a-z0-9_-]{0,63}")


@dataclass(frozen=True)
class Source:
    """The text of one pack as it was read; `file` is the name that problems are shown with."""

    name: str
    file: str
    content: bytes


@dataclass(frozen=True)
class PackReading:
    """What came of reading a pack: a regulation when there are no problems, never both.

    `sources` go from the oldest parent to the pack itself; `from_sources` makes the same
    regulation of them, so that a case can be read by the text it began with.
    """

    name: str
    sources: tuple[Source, ...]
    regulation: Regulation | None
    problems: tuple[PackProblem, ...]


def names(library: Path = LIBRARY) -> tuple[str, ...]:
    """Return the names of the packs in a library folder, in alphabetical order."""
    return tuple(sorted(path.parent.name for path in library.glob(f"*/{FILE}")))


def load(name: str | Path, template_exists: TemplateExists | None = None) -> Regulation:
    """Return the regulation of a pack, by its name or path; raise PackError with all problems."""
    reading = read_pack(name, template_exists)
    if reading.regulation is None:
        raise PackError(reading.problems)
    return reading.regulation


def read_pack(name: str | Path, template_exists: TemplateExists | None = None) -> PackReading:
    """Read a pack by the name it has in the library, or by the path of its file or folder.

    A parent is looked for beside the pack's folder, then in the library.
    """
    path = _path_of(name)
    sources, problems = _line_of(path)
    return _reading(path.parent.name, sources, problems, template_exists)


def from_sources(
    sources: Iterable[Source], template_exists: TemplateExists | None = None
) -> PackReading:
    """Read a pack from stored texts, the oldest parent first."""
    line = tuple(sources)
    return _reading(line[-1].name, line, [], template_exists)


def _reading(
    name: str,
    sources: tuple[Source, ...],
    problems: list[PackProblem],
    template_exists: TemplateExists | None,
) -> PackReading:
    merged: MapNode | None = None
    # Without its parents a pack lacks words; saying so for each would hide the one mistake.
    complete = not problems
    for source in sources:
        found = read(source.content, source.file)
        problems.extend(found.problems)
        if found.tree is None:
            return PackReading(name, sources, None, tuple(in_order(problems)))
        merged = _descend(merged, found.tree, problems)
    made = None
    if merged is not None and complete:
        made = _make(merged, sources, problems, template_exists)
    return PackReading(name, sources, None if problems else made, tuple(in_order(problems)))


def _descend(parent: MapNode | None, child: MapNode, problems: list[PackProblem]) -> MapNode:
    if parent is None:
        return child
    inherited = MapNode(
        {k: v for k, v in parent.entries.items() if k not in OF_THE_PACK_ITSELF},
        parent.keys,
        parent.place,
    )
    merged = merge(inherited, child)
    problems.extend(loosenings(inherited, merged, child))
    return merged


def _make(
    merged: MapNode,
    sources: tuple[Source, ...],
    problems: list[PackProblem],
    template_exists: TemplateExists | None,
) -> Regulation | None:
    try:
        pack = PackModel.model_validate(plain(merged))
    except ValidationError as refused:
        complaints = list(explain(refused, merged))
        problems.extend(complaints)
        problems.extend(_beside(complaints, merged, template_exists))
        return None
    problems.extend(check(pack, merged, template_exists))
    if problems:
        return None
    parents = tuple(source.name for source in sources[:-1])
    return regulation(pack, parents, version_of(sources))


def _beside(
    complaints: list[PackProblem], merged: MapNode, template_exists: TemplateExists | None
) -> list[PackProblem]:
    """Return what else is wrong in a pack that the schema refuses."""
    written = plain(merged)
    assert isinstance(written, dict)
    rest, left_out = mended(written)
    if rest is None:
        return []
    return independent(check(rest, merged, template_exists), complaints, left_out)


def version_of(sources: Iterable[Source]) -> str:
    """Return the SHA-256 (hex) of all texts, parents first, each with its name and length."""
    digest = hashlib.sha256()
    for source in sources:
        digest.update(f"{source.name}\0{len(source.content)}\0".encode())
        digest.update(source.content)
    return digest.hexdigest()


def _path_of(name: str | Path) -> Path:
    if isinstance(name, str) and NAME.fullmatch(name) and (LIBRARY / name / FILE).is_file():
        return LIBRARY / name / FILE
    path = Path(name)
    return path / FILE if path.is_dir() else path


def _line_of(path: Path) -> tuple[tuple[Source, ...], list[PackProblem]]:
    """Return the pack's source and its parents', oldest first, and what was missing."""
    line: list[Source] = []
    asked_by: Place | None = None
    while True:
        source = _source(path)
        if source is None:
            return tuple(line), [_not_found(path, asked_by)]
        line.insert(0, source)
        parent, place = _parent(source)
        if not parent:
            return tuple(line), []
        known = {one.name for one in line}
        if parent in known or len(line) >= LONGEST_LINE:
            return tuple(line), [_own_ancestor(parent, place)]
        asked_by = place
        if not NAME.fullmatch(parent):
            return tuple(line), [_not_found(Path(parent, FILE), asked_by)]
        beside = path.parent.parent / parent / FILE
        path = beside if beside.is_file() else LIBRARY / parent / FILE


def _source(path: Path) -> Source | None:
    try:
        with path.open("rb") as file:
            # One byte more than is allowed shows that the file is too large.
            content = file.read(LARGEST_FILE + 1)
    except OSError:
        return None
    return Source(path.parent.name, str(_shown(path)), content)


def _shown(path: Path) -> Path:
    """Return the path as a person at the command line would type it."""
    absolute = path.absolute()
    here = Path.cwd()
    return absolute.relative_to(here) if absolute.is_relative_to(here) else path


def _parent(source: Source) -> tuple[str, Place]:
    found = read(source.content, source.file)
    entry = found.tree.entries.get("inherits") if found.tree else None
    if not (isinstance(entry, Scalar) and isinstance(entry.value, str) and found.tree):
        return "", Place(source.file, 1)
    return entry.value, found.tree.keys["inherits"]


def _not_found(path: Path, asked_by: Place | None) -> PackProblem:
    if asked_by is None:
        return PackProblem(
            Place(str(_shown(path)), 1),
            "pack.not_found",
            N_("There is no pack here."),
            N_("Name a pack of the library ({known}), a folder with pack.yml, or the file."),
            {"known": ", ".join(names())},
        )
    return PackProblem(
        asked_by,
        "pack.parent_not_found",
        N_("There is no pack “{parent}” to inherit from."),
        N_("Possible: {known}."),
        {"parent": path.parent.name, "known": ", ".join(names())},
    )


def _own_ancestor(parent: str, place: Place) -> PackProblem:
    return PackProblem(
        place,
        "pack.inherits_in_a_circle",
        N_("The pack “{parent}” is its own ancestor, or the line of parents is too long."),
        N_("Inherit from the pack of the level above: federal, region, municipality."),
        {"parent": parent},
    )
