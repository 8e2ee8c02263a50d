"""What click itself says, in Russian: headings of help, and mistakes in a command as typed.

Click looks for its translations in a text domain of the whole process and compiled on disk; here
they come from the catalogue of the product, whose msgids are click's own sentences.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import IO, Any

import click
from click.exceptions import NoArgsIsHelpError

from web.words import Words, russian
from workflow.domain.refusals import N_

HEADINGS = (N_("Options"), N_("Commands"))
#: What click says of a parameter in square brackets behind its help.
REQUIRED, DEFAULT = N_("[required]"), N_("[default: {value}")
#: From the outermost to the innermost: a sentence may hold another one in {message} or {guess}.
MISTAKES = (
    N_("Invalid value for {parameter}: {message}"),
    N_("Invalid value: {message}"),
    N_("Missing argument {parameter}."),
    N_("Missing option {parameter}."),
    N_("Missing option {parameter}. {message}"),
    N_("Missing command."),
    N_("No such option {name}."),
    N_("No such option {name}. {guess}"),
    N_("No such command {name}."),
    N_("No such command {name}. {guess}"),
    N_("Did you mean {name}?"),
    N_("(Did you mean one of: {names}?)"),
    N_("Option {name} requires an argument."),
    N_("Option {name} does not take a value."),
    N_("Got unexpected extra argument ({words})"),
    N_("Got unexpected extra arguments ({words})"),
    N_("Choose from: {choices}"),
    N_("{value} is not one of {choices}."),
    N_("{value} is not a valid integer."),
    N_("{value} is not a valid integer range."),
    N_("{value} is not in the range {range}."),
    N_("{value} does not match the format {form}."),
    N_("{value} does not match the formats {form}."),
    N_("File {path} does not exist."),
    N_("Directory {path} does not exist."),
    N_("Path {path} does not exist."),
    N_("File {path} is a directory."),
    N_("Directory {path} is a file."),
    N_("File {path} is not readable."),
    N_("Directory {path} is not readable."),
    N_("Path {path} is not readable."),
)
INSIDE = ("message", "guess")
_PLACEHOLDER = re.compile(r"\\\{(\w+)\\\}")
_QUOTED = re.compile(r"'([^']*)'|\"([^\"]*)\"")
#: How click writes the parts of a date, and how people do.
_DATES = (("%Y", "ГГГГ"), ("%m", "ММ"), ("%d", "ДД"))


def _pattern(msgid: str) -> re.Pattern[str]:
    # Click breaks its list of choices into lines.
    text = re.escape(msgid).replace(r"\ ", r"\s+")
    return re.compile(_PLACEHOLDER.sub(r"(?P<\1>.+?)", text), re.DOTALL)


_PATTERNS = tuple((_pattern(msgid), msgid) for msgid in MISTAKES)


def in_russian(sentence: str, words: Words) -> str:
    """Return what click says in Russian; what it does not say itself comes back as it is."""
    for pattern, msgid in _PATTERNS:
        found = pattern.fullmatch(sentence)
        if found:
            params = {name: _part(name, text, words) for name, text in found.groupdict().items()}
            return words.text(msgid, **params)
    return sentence


def _part(name: str, text: str, words: Words) -> str:
    if name in INSIDE:
        return in_russian(text, words)
    if name == "form":
        for theirs, ours in _DATES:
            text = text.replace(theirs, ours)
    return _QUOTED.sub(lambda quoted: f"«{quoted[1] or quoted[2] or ''}»", text)


class RussianUsageError(click.UsageError):
    """A mistake in what was typed, told in Russian; the exit code is click's own."""

    code = "cli.usage"

    def show(self, file: IO[Any] | None = None) -> None:
        """Print the usage, where help is, and the mistake."""
        words, context = russian(), self.ctx
        to_stderr = file is None
        if context is not None:
            command = f"{context.command_path} --help"
            hint = words.text(N_("Help: {command}"), command=command)
            click.echo(f"{context.get_usage()}\n{hint}\n", file=file, err=to_stderr)
        told = words.text(N_("Error: {message}"), message=self.format_message())
        click.echo(told, file=file, err=to_stderr)


@contextmanager
def _told_in_russian() -> Iterator[None]:
    try:
        yield
    except (NoArgsIsHelpError, RussianUsageError):
        raise
    except click.UsageError as error:
        told = in_russian(error.format_message(), russian())
        raise RussianUsageError(told, error.ctx) from error
    except (click.Abort, KeyboardInterrupt, EOFError) as stopped:
        click.echo("\n" + russian().text(N_("Stopped.")), err=True)
        raise click.exceptions.Exit(1) from stopped


class RussianHelp(click.HelpFormatter):
    """Help with Russian headings."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """Write the first line."""
        super().write_usage(prog, args, prefix or russian().text(N_("Usage:")) + " ")

    def section(self, name: str) -> AbstractContextManager[None]:  # type: ignore[override]
        """Open a part of the help under its heading; click declares a generator here."""
        return super().section(russian().text(name) if name in HEADINGS else name)

    def write_dl(
        self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2
    ) -> None:
        """Write parameters or commands, with what click adds to their help."""
        super().write_dl([(name, _extras(text)) for name, text in rows], col_max, col_spacing)


def _extras(text: str) -> str:
    words = russian()
    default = words.text(DEFAULT, value="")
    text = text.replace(REQUIRED, words.text(REQUIRED))
    return text.replace(DEFAULT.format(value=""), default)


class RussianContext(click.Context):
    """The context of a command whose help is Russian."""

    formatter_class = RussianHelp


class RussianCommand(click.Command):
    """A command that speaks Russian."""

    context_class = RussianContext

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("options_metavar", "[ПАРАМЕТРЫ]")
        super().__init__(*args, **kwargs)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Return `--help` with Russian words."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = russian().text(N_("Show this message and exit."))
        return option

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: click.Context | None = None,
        **extra: Any,
    ) -> click.Context:
        """Read the arguments; raises RussianUsageError for a mistake in them."""
        with _told_in_russian():
            return super().make_context(info_name, args, parent, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; raises RussianUsageError for a mistake that it finds itself."""
        with _told_in_russian():
            return super().invoke(ctx)


class RussianGroup(RussianCommand, click.Group):
    """A group that speaks Russian, and whose commands do."""

    command_class = RussianCommand

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("subcommand_metavar", "КОМАНДА [АРГУМЕНТЫ]...")
        super().__init__(*args, **kwargs)
