"""README says what is so: its commands, settings, links and its ten lines of a regulation."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from marshrut import settings
from marshrut.cli import COMMANDS, main
from tests.compose import CHECKOUT

README = (CHECKOUT / "README.md").read_text()
COMMAND_TABLE = README.split("## Commands")[1].split("\n##")[0]


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def calls(text: str) -> Iterator[list[str]]:
    """Yield what stands after each `marshrut` that is called in `text`."""
    for call in re.findall(r"(?:^|`)marshrut ([a-z][^`\n#]*)", text, re.MULTILINE):
        yield call.split()


def command_of(words: list[str]) -> click.Command:
    """Return the command that `words` begin with; raises KeyError when there is none."""
    with click.Context(main) as context:
        if words[0] not in COMMANDS:
            raise KeyError(words[0])
        command = main.get_command(context, words[0])
        if isinstance(command, click.Group):
            return command.commands[words[1]]
        assert command is not None
        return command


def options_of(command: click.Command) -> set[str]:
    return {name for parameter in command.params for name in parameter.opts}


@pytest.mark.parametrize("words", list(calls(README)), ids=" ".join)
def test_a_command_in_the_readme_exists_with_its_options(words: list[str]) -> None:
    named = {word for word in words if word.startswith("--")}
    assert named <= options_of(command_of(words))


def test_a_command_that_is_not_there_would_be_found() -> None:
    assert list(calls("`marshrut serve --fast`")) == [["serve", "--fast"]]
    with pytest.raises(KeyError):
        command_of(["serve"])
    with pytest.raises(KeyError):
        command_of(["packs", "mend"])


def test_the_table_leaves_no_command_out() -> None:
    assert {words[0] for words in calls(COMMAND_TABLE)} == set(COMMANDS)


def test_every_make_target_in_the_readme_exists() -> None:
    makefile = (CHECKOUT / "Makefile").read_text()
    targets = set(re.findall(r"^([a-z]+):.*## ", makefile, re.MULTILINE))
    named = set(re.findall(r"(?:^|`)make ([a-z]+)", README, re.MULTILINE))
    assert {"run", "test", "bench"} <= named <= targets


def variables(cell: str) -> Iterator[str]:
    """Yield the names of one cell; `A_B, _C` stands for `A_B, A_C`."""
    first, *endings = [name.strip() for name in cell.split(",")]
    yield first
    yield from (first.rpartition("_")[0] + ending for ending in endings)


def test_settings_are_described_as_in_the_code() -> None:
    row = re.compile(r"^\| MARSHRUT_.+ \|$", re.MULTILINE)
    documented = row.findall(README)
    assert documented == row.findall(settings.__doc__ or "")
    names = [name for line in documented for name in variables(line.split("|")[1])]
    assert names == [*settings.VARIABLES, *settings.VARIABLES_OF_INIT]


def test_the_ten_lines_of_a_regulation_load(tmp_path: Path) -> None:
    (lines,) = blocks("yaml")
    assert len(lines.splitlines()) == 10
    (tmp_path / "pack.yml").write_text(lines)
    checked = CliRunner().invoke(main, ["packs", "check", str(tmp_path)])
    assert (checked.exit_code, "Ошибок нет" in checked.output) == (0, True), checked.output
    (tmp_path / "pack.yml").write_text(lines.replace("who: deputy", "who: nobody"))
    broken = CliRunner().invoke(main, ["packs", "check", str(tmp_path)])
    assert (broken.exit_code, "pack.yml:10" in broken.output) == (1, True), broken.output


def test_the_first_command_installs_git_and_make() -> None:
    first, *_ = blocks("sh")
    assert "apt-get install -y git make" in first


@pytest.mark.parametrize("document", ["README.md", "CHANGELOG.md", "docs/guide.md"])
def test_what_a_document_points_to_is_there(document: str) -> None:
    path = CHECKOUT / document
    named = re.findall(r"(?<!!)\[[^]]*\]\(([^)#:]+)(?:#[^)]*)?\)", path.read_text())
    assert named or document == "CHANGELOG.md"
    assert not [target for target in named if not (path.parent / target).exists()]
