"""Dockerfile and docker-compose.yml agree with the program that they run."""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import click
import pytest

from marshrut import smtp_settings
from marshrut.cli import main
from marshrut.settings import VARIABLES, read_settings
from queues.names import QueueName
from tests.compose import CHECKOUT, COMPOSE, MissingVariableError, our_parts, read_compose

DOCKERFILE = CHECKOUT / "Dockerfile"
EXAMPLE = CHECKOUT / ".env.example"
ENVIRON = {
    "MARSHRUT_BASE_URL": "https://marshrut.example.org",
    "POSTGRES_PASSWORD": "0a1b",
    "REDIS_PASSWORD": "2c3d",
}
IMAGE_WITH_TAG = re.compile(r"[\w./-]+:(?!latest\b)[\w.-]*\d[\w.-]*")


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return read_compose(ENVIRON)


def tool(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(Path(sys.executable).parent / command[0]), *command[1:]],
        capture_output=True,
        text=True,
        timeout=60,
        cwd=CHECKOUT,
    )


def test_the_dockerfile_has_no_faults_that_hadolint_knows(tmp_path: Path) -> None:
    found = tool("hadolint", "Dockerfile")
    assert (found.returncode, found.stdout) == (0, "")
    careless = tmp_path / "Dockerfile"
    careless.write_text("FROM debian:latest\nRUN cd /tmp\n")
    assert tool("hadolint", str(careless)).returncode != 0


def test_the_compose_file_keeps_to_the_specification(tmp_path: Path) -> None:
    schema = ("check-jsonschema", "--builtin-schema", "vendor.compose-spec")
    found = tool(*schema, "docker-compose.yml")
    assert found.returncode == 0, found.stdout
    misspelt = tmp_path / "docker-compose.yml"
    misspelt.write_text(COMPOSE.read_text().replace("healthcheck:", "healthchek:"))
    assert tool(*schema, str(misspelt)).returncode != 0


def test_every_command_in_the_compose_file_is_understood(compose: dict[str, Any]) -> None:
    parts = our_parts(compose)
    assert set(parts) == {"web", "worker", "mailer", "schedule", "migrate", "init"}
    commands = [part.command for part in parts.values()]
    checks = [p.healthcheck[2:] for p in parts.values() if p.healthcheck[1:2] == ("marshrut",)]
    assert len(checks) == 3
    for name, *arguments in [*commands, *checks]:
        assert understood(name, arguments)


@pytest.mark.parametrize(("name", "arguments"), [("serve", []), ("worker", ["--threads", "2"])])
def test_a_command_that_is_not_ours_would_be_found(name: str, arguments: list[str]) -> None:
    assert not understood(name, arguments)


def understood(name: str, arguments: list[str]) -> bool:
    """Whether the program has this command with these options; it is not run."""
    with click.Context(main) as context:
        command = main.get_command(context, name)
        try:
            return command is not None and bool(command.make_context(name, list(arguments)))
        except click.UsageError:
            return False


def test_every_setting_of_ours_is_known(compose: dict[str, Any], tmp_path: Path) -> None:
    in_image = re.findall(r"\b(MARSHRUT_\w+)=(\S+)", DOCKERFILE.read_text())
    assert {name for name, _ in in_image} == {"MARSHRUT_DATA_DIR", "MARSHRUT_KEYS_DIR"}
    for part in our_parts(compose).values():
        given = {name: value for name, value in part.environment.items() if "MARSHRUT_" in name}
        assert set(given) <= set(VARIABLES)
        # The folders of the image are not on this machine; everything else is read as it stands.
        settings = read_settings({**given, "MARSHRUT_DATA_DIR": str(tmp_path)}, tmp_path, 2)
        assert settings.redis_url == "redis://:2c3d@redis:6379/0"
        assert "0a1b" not in settings.database_url


def test_settings_of_mail_reach_every_part_of_the_program(tmp_path: Path) -> None:
    chosen = {name: f"{number}" for number, name in enumerate(smtp_settings.VARIABLES, start=1)}
    for part in our_parts(read_compose({**ENVIRON, **chosen})).values():
        assert chosen.items() <= part.environment.items()
    for part in our_parts(read_compose(ENVIRON)).values():
        given = {name: value for name, value in part.environment.items() if "MARSHRUT_" in name}
        settings = read_settings({**given, "MARSHRUT_DATA_DIR": str(tmp_path)}, tmp_path, 2)
        assert settings.smtp is None
    named = re.findall(r"^#(MARSHRUT_SMTP_\w+)=$", EXAMPLE.read_text(), re.MULTILINE)
    assert named == list(smtp_settings.VARIABLES)


def test_every_queue_is_watched_and_mail_alone_has_a_way_out(compose: dict[str, Any]) -> None:
    watched = {
        name: set(re.findall(r"marshrut-\w+", " ".join(part.command)))
        for name, part in our_parts(compose).items()
        if part.command[0] == "worker"
    }
    assert watched["mailer"] == {QueueName.MAIL}
    assert set().union(*watched.values()) == set(QueueName)
    outside = {n for n, s in compose["services"].items() if "outside" in s.get("networks", ())}
    assert outside == {"mailer"}
    assert QueueName.MAIL not in watched["worker"]


def test_folders_of_the_image_are_volumes(compose: dict[str, Any]) -> None:
    folders = re.findall(r"\bMARSHRUT_(?:DATA|KEYS)_DIR=(\S+)", DOCKERFILE.read_text())
    for name in ("web", "worker", "mailer", "schedule", "init"):
        mounted = [volume.split(":")[1] for volume in compose["services"][name]["volumes"]]
        assert mounted == folders


def test_only_the_beginning_may_write_keys(compose: dict[str, Any]) -> None:
    writers = {
        name
        for name in our_parts(compose)
        for volume in compose["services"][name]["volumes"]
        if volume.startswith("keys:") and not volume.endswith(":ro")
    }
    assert writers == {"init"}


@pytest.mark.parametrize("name", sorted(ENVIRON))
def test_nothing_starts_without_a_secret_of_its_own(name: str) -> None:
    with pytest.raises(MissingVariableError, match=name):
        read_compose({other: value for other, value in ENVIRON.items() if other != name})


def test_the_example_names_what_must_be_filled_in_and_fills_in_nothing() -> None:
    lines = [line for line in EXAMPLE.read_text().splitlines() if line and line[0] != "#"]
    assert {line.rstrip("=") for line in lines} == set(ENVIRON)
    assert all(line.endswith("=") for line in lines)


def test_image_and_makefile_install_the_same_packages() -> None:
    makefile = (CHECKOUT / "Makefile").read_text()
    named = re.search(r"^RUN_PACKAGES := (.+)$", makefile, re.MULTILINE)
    installed = re.search(r"--no-install-recommends \\\n(.+?)\\\n", DOCKERFILE.read_text(), re.S)
    assert named is not None
    assert installed is not None
    # The image brings its own Python.
    assert set(installed[1].split()) == set(named[1].split()) - {"python3-venv"}


def test_every_image_has_a_version(compose: dict[str, Any]) -> None:
    bases = re.findall(r"^FROM (\S+)", DOCKERFILE.read_text(), re.MULTILINE)
    images = [service["image"] for service in compose["services"].values()]
    assert len(bases) == 2
    for image in (*bases, *images):
        assert IMAGE_WITH_TAG.fullmatch(image), image


def test_everything_that_runs_on_is_watched_bounded_and_started_again(
    compose: dict[str, Any],
) -> None:
    for name, service in compose["services"].items():
        assert service["read_only"] is True, name
        assert "mem_limit" in service, name
        if service["restart"] != "no":
            assert service["restart"] == "unless-stopped", name
            assert service["healthcheck"]["test"], name


def test_nobody_outside_reaches_more_than_the_pages_of_this_machine(
    compose: dict[str, Any],
) -> None:
    published = {n: s["ports"] for n, s in compose["services"].items() if "ports" in s}
    assert published == {"web": ["127.0.0.1:8000:8000"]}
    assert compose["networks"]["inside"] == {"internal": True}


def test_what_is_installed_in_the_image_has_templates_pages_and_regulations(
    tmp_path: Path,
) -> None:
    wheel = ("pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--no-index")
    built = tool(*wheel, "--wheel-dir", str(tmp_path), ".")
    assert built.returncode == 0, built.stderr
    (file,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(file) as package:
        inside = set(package.namelist())
    for suffix in ("docx", "html", "yml", "po", "css", "js"):
        ours = {
            str(path.relative_to(CHECKOUT))
            for room in ("web", "workflow", "templates_docs")
            for path in (CHECKOUT / room).rglob(f"*.{suffix}")
        }
        assert ours, suffix
        assert ours <= inside


def test_the_image_holds_what_the_program_is_made_of() -> None:
    copied = set(re.findall(r"^COPY (\w+) \1$", DOCKERFILE.read_text(), re.MULTILINE))
    project = (CHECKOUT / "pyproject.toml").read_text()
    packages = re.search(r"^packages = \[(.+)\]$", project, re.MULTILINE)
    assert packages is not None
    assert copied == set(re.findall(r'"(\w+)"', packages[1]))
    let_in = (CHECKOUT / ".dockerignore").read_text()
    assert all(f"!{name}\n" in let_in for name in copied)
