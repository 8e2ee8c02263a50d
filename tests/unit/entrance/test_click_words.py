"""Help and mistakes of the command line are Russian, whatever click says itself."""

from __future__ import annotations

import re
from collections.abc import Iterator

import click
import pytest
from click.testing import CliRunner

from marshrut.cli import main
from marshrut.cli.click_words import in_russian
from web.words import russian

#: Two words of English side by side, or one that click begins its sentences with.
ENGLISH = re.compile(r"\b[A-Z]?[a-z']+ [a-z']+\b|\b(Usage|Options|Commands|Error|Aborted)\b|\[re")
REFUSING = (click.Choice, click.IntRange, click.DateTime)


def commands(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        yield (*path, name)
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))


ALL = list(commands(main))


def command_of(path: tuple[str, ...]) -> click.Command:
    found: click.Command = main
    for name in path:
        assert isinstance(found, click.Group)
        found = found.get_command(click.Context(found), name) or pytest.fail(name)
    return found


def said(path: tuple[str, ...], *arguments: str) -> tuple[int, str]:
    """The exit code and everything printed, without the names of the commands."""
    result = CliRunner().invoke(main, [*path, *arguments], prog_name="marshrut")
    return result.exit_code, result.output.replace(" ".join(("marshrut", *path)), "…")


def mistakes_of(path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    command = command_of(path)
    yield ("--trst",)
    yield ("1", *"23456789") if not isinstance(command, click.Group) else ("nosuch",)
    for parameter in command.params:
        if isinstance(parameter, click.Option) and not parameter.is_flag:
            yield (parameter.opts[0],)
            refuses = isinstance(parameter.type, REFUSING)
            refuses |= isinstance(parameter.type, click.Path) and parameter.type.exists
            if refuses:
                yield (parameter.opts[0], "нет")
        elif isinstance(parameter, click.Argument) and parameter.required:
            yield ()


@pytest.mark.parametrize("path", [(), *ALL], ids=" ".join)
def test_help_is_russian(path: tuple[str, ...]) -> None:
    code, text = said(path, "--help")
    assert code == 0
    assert "Использование:" in text
    assert "Показать эту справку" in text
    assert not ENGLISH.search(text), text


@pytest.mark.parametrize("path", ALL, ids=" ".join)
def test_mistakes_are_told_in_russian_and_keep_their_exit_code(path: tuple[str, ...]) -> None:
    for mistake in mistakes_of(path):
        code, text = said(path, *mistake)
        assert code == 2, (mistake, text)
        assert not ENGLISH.search(text), (mistake, text)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["verfy"], "Ошибка: команды «verfy» нет."),
        (["verify", "--trst", "x"], "Ошибка: параметра «--trst» нет. Возможно,"),
        (["verify", "нет.pdf"], "Ошибка: «FILE»: файла «нет.pdf» нет."),
        (["verify", "/"], "Ошибка: «FILE»: «/» — папка, а нужен файл."),
        (["web", "--port", "0"], "Ошибка: «--port»: число 0 не подходит, нужно 1<=x<=65535."),
        (["mail", "test", "a@b", "c"], "Ошибка: лишний аргумент: c."),
    ],
)
def test_a_mistake_is_named(arguments: list[str], told: str) -> None:
    assert told in CliRunner().invoke(main, arguments).output


def test_words_of_the_product_are_left_as_they_are() -> None:
    assert in_russian("Ключ не подходит.", russian()) == "Ключ не подходит."


def test_an_unknown_sentence_of_click_is_told_rather_than_hidden() -> None:
    inside = in_russian("Invalid value for '--at': Something new.", russian())
    assert inside == "«--at»: Something new."
