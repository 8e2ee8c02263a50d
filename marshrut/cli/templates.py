"""`marshrut templates check`: what is broken in Word templates, in plain words."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import click

import templates_docs
from marshrut.cli.click_words import RussianGroup
from marshrut.cli.pack_fields import known_fields
from templates_docs.check import Problem, check_template
from templates_docs.errors import N_
from templates_docs.known import FieldShape
from web.words import Words, russian

LIBRARY = Path(templates_docs.__file__).parent / "library"
# «D02-approval-order.docx» is a document; the other files of `common` are blocks.
_DOCUMENT = re.compile(r"D\d\d")

KnownFields = Callable[[Path], Mapping[str, FieldShape] | None]


@click.group(cls=RussianGroup, help="Шаблоны документов Word.")
def templates() -> None:
    """The group of commands about templates."""


@templates.command("check", help="Проверить шаблон, папку с шаблонами или всю библиотеку.")
@click.argument("path", required=False, type=click.Path(exists=True, path_type=Path))
def check_command(path: Path | None) -> None:
    """Print every problem with its file and paragraph; exit 1 if there is one."""
    words = russian()
    found = list(check_paths(path or LIBRARY, known_fields))
    for file, problem in found:
        click.echo(sentence(words, file, problem))
    checked = len(documents_of(path or LIBRARY))
    if found:
        click.echo(
            words.text(
                N_("Templates checked: {checked}. Problems: {n}."), checked=checked, n=len(found)
            )
        )
        sys.exit(1)
    click.echo(words.text(N_("Templates checked: {checked}. No problems."), checked=checked))


def nothing_declared(_template: Path) -> Mapping[str, FieldShape] | None:
    """The fields of a type whose declaration is not at hand: only the common ones are checked."""
    return None


def check_paths(
    path: Path, fields_of: KnownFields = nothing_declared
) -> Iterator[tuple[Path, Problem]]:
    """Yield the problems of a template, or of every template in a folder, with their files.

    `fields_of` says which fields the type of a template declares, None if that is not known.
    """
    blocks = blocks_of(path if path.is_dir() else path.parent)
    for file in documents_of(path):
        fields = fields_of(file)
        for problem in check_template(file.read_bytes(), blocks=blocks, fields=fields):
            yield file, problem


def documents_of(path: Path) -> list[Path]:
    """Return the .docx files at `path` in order, without Word's lock files."""
    if path.is_file():
        return [path]
    return sorted(file for file in path.rglob("*.docx") if not file.name.startswith("~$"))


def blocks_of(folder: Path) -> dict[str, bytes]:
    """Return the common blocks by name: the library's, and before them those near `folder`."""
    places = (LIBRARY / "common", folder.parent / "common", folder / "common", folder)
    return {
        file.stem: file.read_bytes()
        for place in places
        if place.is_dir()
        for file in sorted(place.glob("*.docx"))
        if not _DOCUMENT.match(file.stem) and not file.name.startswith("~$")
    }


def sentence(words: Words, file: Path, problem: Problem) -> str:
    """Return one line: the file, where in it, what is wrong."""
    what = words.text(problem.msgid, **problem.params)
    if not problem.paragraph:
        return f"{file}: {what}"
    where = words.text(_place(problem.part), number=problem.paragraph, beginning=problem.beginning)
    return f"{file}: {where}: {what}"


def _place(part: str) -> str:
    if "header" in part:
        return N_("header, paragraph {number} («{beginning}»)")
    if "footer" in part:
        return N_("footer, paragraph {number} («{beginning}»)")
    if "footnotes" in part:
        return N_("footnotes, paragraph {number} («{beginning}»)")
    return N_("paragraph {number} («{beginning}»)")
