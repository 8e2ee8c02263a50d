"""`marshrut packs check`: all problems of packs; `marshrut packs show`: a pack for reading."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import click

import templates_docs
from marshrut.cli.click_words import RussianGroup
from marshrut.cli.packs_show import diagram, life
from web.words import Words, russian
from workflow.domain.refusals import N_
from workflow.packs import PackProblem, in_order, names, read_pack

TEMPLATES = Path(templates_docs.__file__).parent / "library"


@click.group(cls=RussianGroup, help="Регламенты (packs): проверить, показать.")
def packs() -> None:
    """The group of commands about packs."""


@packs.command("check", help="Проверить регламент, папку с регламентами или всю библиотеку.")
@click.argument("path", required=False)
def check_command(path: str | None) -> None:
    """Print every problem as file:line; exit 1 if there is one."""
    words = russian()
    readings = [read_pack(one, template_exists) for one in packs_at(path)]
    # A parent's mistake shows in each of its children and is told once.
    found = in_order(problem for reading in readings for problem in reading.problems)
    for problem in found:
        click.echo(sentence(words, problem))
    if found:
        click.echo(
            words.text(
                N_("Packs checked: {checked}. Problems: {n}."), checked=len(readings), n=len(found)
            )
        )
        sys.exit(1)
    click.echo(words.text(N_("Packs checked: {checked}. No problems."), checked=len(readings)))


@packs.command("show", help="Показать регламент: жизнь документов текстом и схемой (Mermaid).")
@click.argument("name")
def show_command(name: str) -> None:
    """Print the life of a pack's documents as text and as a Mermaid diagram; exit 1 if broken."""
    words = russian()
    reading = read_pack(name, template_exists)
    if reading.regulation is None:
        for problem in reading.problems:
            click.echo(sentence(words, problem), err=True)
        sys.exit(1)
    click.echo("\n".join(life(reading.regulation, words)))
    click.echo()
    click.echo("\n".join(diagram(reading.regulation, words)))


def template_exists(template: str) -> bool:
    """Tell whether the template library has the file; paths that leave the library are not."""
    file = (TEMPLATES / template).resolve()
    return file.is_relative_to(TEMPLATES.resolve()) and file.is_file()


def packs_at(path: str | None) -> Iterator[str | Path]:
    """Yield the packs meant by `path`: none given, the library; a folder of packs, all of them."""
    if path is None:
        yield from names()
        return
    folder = Path(path)
    inside = names(folder) if folder.is_dir() and not (folder / "pack.yml").is_file() else ()
    if inside:
        yield from (folder / name for name in inside)
    else:
        yield path


def sentence(words: Words, problem: PackProblem) -> str:
    """Return one line: the place, what is wrong, what would be right."""
    what = words.text(problem.msgid, **problem.params)
    todo = words.text(problem.todo, **problem.params) if problem.todo else ""
    return f"{problem.place}: {what} {todo}".rstrip()
