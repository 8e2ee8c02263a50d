"""YAML of a pack as a tree that remembers its lines.

Packs come from people outside: the size, the depth and the number of values are bounded, anchors,
aliases and tags are refused, and a key given twice is a mistake. Only `true`, `false`, whole
numbers and nothing at all are read as other than text: `no` stays a word, `01-03` an index.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import yaml

from workflow.domain.refusals import N_
from workflow.packs.problems import PackProblem, Place

LARGEST_FILE = 256 * 1024  # bytes
DEEPEST = 16  # levels of nesting
MOST_VALUES = 20_000
WHOLE_NUMBER = re.compile(r"-?(0|[1-9]\d{0,8})")
PLAIN_WORDS: Mapping[str, bool | None] = {"true": True, "false": False, "": None, "null": None}


@dataclass(frozen=True)
class Scalar:
    """`written` is the text as it stands in the file; a key is always that text."""

    value: str | int | bool | None
    place: Place
    written: str = ""


@dataclass(frozen=True)
class ListNode:
    items: tuple[Node, ...]
    place: Place


@dataclass(frozen=True)
class MapNode:
    """`keys` holds the place of each key."""

    entries: Mapping[str, Node]
    keys: Mapping[str, Place]
    place: Place


Node = Scalar | ListNode | MapNode


@dataclass(frozen=True)
class Read:
    """The tree, or None when the text is no YAML mapping; `problems` may stand beside a tree."""

    tree: MapNode | None
    problems: tuple[PackProblem, ...] = ()


def plain(node: Node) -> object:
    """Return the tree as dicts, lists and scalars."""
    match node:
        case Scalar(value=value):
            return value
        case ListNode(items=items):
            return [plain(item) for item in items]
        case MapNode(entries=entries):
            return {key: plain(entry) for key, entry in entries.items()}


def read(content: bytes, file: str) -> Read:
    """Read the bytes of one pack; `file` is the name that problems are shown with."""
    if len(content) > LARGEST_FILE:
        return _failed(
            Place(file, 1),
            "pack.too_large",
            N_("The file is larger than {limit} KB."),
            N_("A pack is a short text; move long texts into Word templates."),
            limit=LARGEST_FILE // 1024,
        )
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        line = content[: wrong.start].count(b"\n") + 1
        return _failed(
            Place(file, line),
            "pack.not_utf8",
            N_("The file is not written in UTF-8."),
            N_("Save it again with the encoding UTF-8."),
        )
    return _Builder(file).build(text)


def _failed(place: Place, code: str, msgid: str, todo: str, **params: object) -> Read:
    return Read(None, (PackProblem(place, code, msgid, todo, params),))


@dataclass
class _Open:
    """A mapping or list that is still being read."""

    place: Place
    is_map: bool
    values: list[Node] = field(default_factory=list)
    entries: dict[str, Node] = field(default_factory=dict)
    keys: dict[str, Place] = field(default_factory=dict)
    key: Scalar | None = None

    def closed(self) -> Node:
        if self.is_map:
            return MapNode(self.entries, self.keys, self.place)
        return ListNode(tuple(self.values), self.place)


class _StoppedError(Exception):
    """Reading cannot go on; the problem has been noted."""


class _Builder:
    """Builds the tree from the events of the YAML parser, without recursion."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[PackProblem] = []
        self.open: list[_Open] = []
        self.root: Node | None = None
        self.values = 0

    def build(self, text: str) -> Read:
        tree = None
        try:
            for event in yaml.parse(text, Loader=yaml.SafeLoader):
                self._take(event)
            tree = self._finished()
        except yaml.MarkedYAMLError as wrong:
            line = wrong.problem_mark.line + 1 if wrong.problem_mark else 1
            self._note_unreadable(line)
        except yaml.reader.ReaderError as wrong:
            self._note_unreadable(text[: wrong.position].count("\n") + 1)
        except _StoppedError:
            pass
        return Read(tree, tuple(self.problems))

    def _finished(self) -> MapNode | None:
        if isinstance(self.root, MapNode):
            return self.root
        self._note(
            Place(self.file, 1),
            "pack.not_a_mapping",
            N_("The file holds no pack."),
            N_("Begin with “name: …”, “title: …”, “types: …”."),
        )
        return None

    def _note(self, place: Place, code: str, msgid: str, todo: str, **params: object) -> None:
        self.problems.append(PackProblem(place, code, msgid, todo, params))

    def _note_unreadable(self, line: int) -> None:
        self._note(
            Place(self.file, line),
            "pack.not_yaml",
            N_("From this line on the file cannot be read."),
            N_("Check the indents (spaces, no tabs), the colons and the quotation marks here."),
        )

    def _stop(self, place: Place, code: str, msgid: str, todo: str, **params: object) -> None:
        self._note(place, code, msgid, todo, **params)
        raise _StoppedError

    def _take(self, event: yaml.Event) -> None:
        place = Place(self.file, event.start_mark.line + 1 if event.start_mark else 1)
        match event:
            case yaml.DocumentStartEvent() if self.root is not None:
                self._stop(
                    place,
                    "pack.second_document",
                    N_("A second document begins here."),
                    N_("Keep one pack in one file; remove the line “---”."),
                )
            case yaml.AliasEvent():
                self._stop_at_anchor(place)
            case yaml.ScalarEvent():
                self._count(event, place)
                self._add(_scalar(event, place), place)
            case yaml.MappingStartEvent() | yaml.SequenceStartEvent():
                self._count(event, place)
                self._descend(place, isinstance(event, yaml.MappingStartEvent))
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                closed = self.open.pop()
                self._add(closed.closed(), closed.place)

    def _stop_at_anchor(self, place: Place) -> None:
        self._stop(
            place,
            "pack.anchor",
            N_("Anchors, references and tags of YAML are not used in packs."),
            N_("Write the text out once more here."),
        )

    def _count(self, event: yaml.NodeEvent, place: Place) -> None:
        if event.anchor is not None or getattr(event, "tag", None) not in (None, "!"):
            self._stop_at_anchor(place)
        self.values += 1
        if self.values > MOST_VALUES:
            self._stop(
                place,
                "pack.too_many_values",
                N_("The pack holds more than {limit} values."),
                N_("Divide it: a child pack says only what differs from its parent."),
                limit=MOST_VALUES,
            )

    def _descend(self, place: Place, is_map: bool) -> None:
        if len(self.open) >= DEEPEST:
            self._stop(
                place,
                "pack.too_deep",
                N_("The values are nested deeper than {limit} levels."),
                N_("Check the indents of the lines above."),
                limit=DEEPEST,
            )
        self.open.append(_Open(place, is_map))

    def _add(self, node: Node, place: Place) -> None:
        if not self.open:
            self.root = node
            return
        holder = self.open[-1]
        if not holder.is_map:
            holder.values.append(node)
        elif holder.key is None:
            holder.key = self._key(node, place)
        else:
            self._enter(holder, holder.key, node)
            holder.key = None

    def _key(self, node: Node, place: Place) -> Scalar:
        if not isinstance(node, Scalar):
            self._stop(
                place,
                "pack.key_not_text",
                N_("A name was expected here, not a list or a section."),
                N_("Write “name: value”."),
            )
        assert isinstance(node, Scalar)
        return node

    def _enter(self, holder: _Open, key: Scalar, node: Node) -> None:
        name = key.written
        if name in holder.keys:
            self._note(
                key.place,
                "pack.twice",
                N_("“{key}” is given twice; the first time in line {line}."),
                N_("Keep one of them."),
                key=name,
                line=holder.keys[name].line,
            )
            return
        holder.entries[name] = node
        holder.keys[name] = key.place


def _scalar(event: yaml.ScalarEvent, place: Place) -> Scalar:
    written = event.value
    if event.style is not None:
        return Scalar(written, place, written)
    if written in PLAIN_WORDS:
        return Scalar(PLAIN_WORDS[written], place, written)
    if WHOLE_NUMBER.fullmatch(written):
        return Scalar(int(written), place, written)
    return Scalar(written, place, written)
