"""The schema's complaints as problems with a place, in words of the office."""

from __future__ import annotations

import types
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from workflow.domain.refusals import N_
from workflow.packs.problems import PackProblem, Place
from workflow.packs.read import ListNode, MapNode, Node
from workflow.packs.schema import PackModel

Path = tuple[str | int, ...]
KEY_ITSELF = "[key]"

# What the schema wanted -> what is wrong, what would be right.
EXPECTED_KINDS = {
    "string_type": (N_("“{key}” has to be a text."), N_("Put the value in quotation marks.")),
    "int_type": (
        N_("“{key}” has to be a whole number."),
        N_("Write digits, without quotation marks."),
    ),
    "bool_type": (
        N_("“{key}” has to be true or false."),
        N_("Write true or false, without quotation marks."),
    ),
    "list_type": (N_("“{key}” has to be a list."), N_("Write it as [one, two].")),
    "model_type": (
        N_("“{key}” has to be a section with lines of its own."),
        N_("Write its lines below it, further to the right."),
    ),
}
EXPECTED_KINDS["dict_type"] = EXPECTED_KINDS["model_type"]
PATTERNS = {
    "name": N_("Use small Latin letters, digits, “-” and “_”, a letter first: tetyushi."),
    "calendar_region": N_("Write the code of the region: RU-TA."),
}


def place_of(tree: MapNode, path: Sequence[str | int]) -> Place:
    """Return the line of the value at `path`: its key's, or that of the nearest thing above."""
    node: Node = tree
    place = tree.place
    for part in path:
        match node:
            case MapNode(entries=entries, keys=keys) if part in entries:
                node, place = entries[str(part)], keys[str(part)]
            case ListNode(items=items) if isinstance(part, int) and part < len(items):
                node, place = items[part], items[part].place
            case _:
                break
    return place


def explain(refused: ValidationError, tree: MapNode) -> Iterator[PackProblem]:
    """Yield one problem for each complaint of the schema about `tree`."""
    for error in refused.errors(include_url=False):
        yield _explained(error, tree)


def _explained(error: ErrorDetails, tree: MapNode) -> PackProblem:
    path: Path = error["loc"]
    about_key = bool(path) and path[-1] == KEY_ITSELF
    if about_key:
        path = path[:-1]
    key = str(path[-1]) if path else ""
    place = place_of(tree, path)
    kind = error["type"]
    if kind == "missing":
        return PackProblem(
            place_of(tree, path[:-1]),
            "pack.missing",
            N_("“{key}” is missing."),
            N_("Add the line “{key}: …” to this section."),
            {"key": key},
        )
    if kind == "extra_forbidden":
        return _unknown_word(place, key, _allowed(path[:-1]))
    if kind in EXPECTED_KINDS:
        msgid, todo = EXPECTED_KINDS[kind]
        return PackProblem(place, "pack.kind", msgid, todo, {"key": key})
    if about_key:
        return _bad_name(place, key)
    return _impossible(error, place, key)


def _unknown_word(place: Place, key: str, allowed: Sequence[str]) -> PackProblem:
    near = get_close_matches(key, allowed, n=1)
    if near:
        todo, params = N_("Perhaps “{near}” is meant."), {"key": key, "near": near[0]}
    else:
        todo = N_("Possible here: {allowed}.")
        params = {"key": key, "allowed": ", ".join(allowed)}
    return PackProblem(
        place, "pack.unknown_word", N_("“{key}” means nothing in this section."), todo, params
    )


def _bad_name(place: Place, key: str) -> PackProblem:
    return PackProblem(
        place,
        "pack.bad_name",
        N_("“{key}” cannot be a name here."),
        N_("Use letters, digits and “_”, a letter first; codes of types in capitals: D02."),
        {"key": key},
    )


def _impossible(error: ErrorDetails, place: Place, key: str) -> PackProblem:
    expected = str((error.get("ctx") or {}).get("expected") or error["msg"])
    return PackProblem(
        place,
        "pack.impossible_value",
        N_("“{value}” is not possible for “{key}”."),
        PATTERNS.get(key, N_("Possible: {expected}.")),
        {
            "value": str(error["input"])[:60],
            "key": key,
            "expected": expected.replace("'", "").replace(" or ", ", "),
        },
    )


def _allowed(path: Path) -> list[str]:
    """Return the words that the schema knows in the section at `path`."""
    found = section_at(path)
    return sorted(words_of(found)) if found else []


def words_of(section: type[BaseModel]) -> dict[str, FieldInfo]:
    """Return the words of a section as the YAML writes them."""
    return {info.alias or name: info for name, info in section.model_fields.items()}


def section_at(path: Path) -> type[BaseModel] | None:
    """Return the schema of the section at `path`, None where a list or single values stand."""
    found: Any = PackModel
    for part in path:
        found = _inside(found, part)
    return found if isinstance(found, type) and issubclass(found, BaseModel) else None


def _inside(annotation: Any, part: str | int) -> Any:  # Any: a type, as the typing module has it
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        info = words_of(annotation).get(str(part))
        return _model_in(info.annotation) if info else None
    arguments = get_args(annotation)
    return _model_in(arguments[-1]) if arguments else None


def _model_in(annotation: Any) -> Any:
    """Strip Annotated and “or None”."""
    if get_origin(annotation) is Annotated:
        return _model_in(get_args(annotation)[0])
    if get_origin(annotation) in (Union, types.UnionType):
        return _model_in(next(a for a in get_args(annotation) if a is not type(None)))
    return annotation
