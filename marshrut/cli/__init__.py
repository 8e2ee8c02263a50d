"""The command line; one module per group of commands.

Commands are imported when they are called: `marshrut verify` must not load a web server.
"""

from __future__ import annotations

import importlib

import click

from marshrut.cli.click_words import RussianGroup

COMMANDS = {
    "verify": "marshrut.cli.verify",
    "sign": "marshrut.cli.sign",
    "trust": "marshrut.cli.trust",
    "packs": "marshrut.cli.packs",
    "templates": "marshrut.cli.templates",
    "workdays": "marshrut.cli.workdays",
    "audit": "marshrut.cli.audit",
    "init": "marshrut.cli.init",
    "up": "marshrut.cli.up",
    "worker": "marshrut.cli.worker",
    "schedule": "marshrut.cli.schedule",
    "web": "marshrut.cli.web",
    "migrate": "marshrut.cli.migrate",
    "demo": "marshrut.cli.demo",
    "mail": "marshrut.cli.mail",
}


class LazyGroup(RussianGroup):
    """A group that knows its commands by name and loads a module when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        module = COMMANDS.get(cmd_name)
        if module is None:
            return None
        command = getattr(importlib.import_module(module), cmd_name)
        assert isinstance(command, click.Command)
        return command


@click.group(cls=LazyGroup)
@click.version_option(
    package_name="marshrut",
    message="%(prog)s, версия %(version)s",
    help="Показать версию программы.",
)
def main() -> None:
    """Маршрут: документы наставничества — подготовка, согласование, подпись, отправка в срок."""
