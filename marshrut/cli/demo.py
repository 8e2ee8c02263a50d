"""`marshrut demo`: the whole life of a pack's documents through the use cases."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from marshrut.cli.click_words import RussianCommand
from marshrut.cli.environment import stop_with
from web.words import russian
from workflow.domain.pairs import PairStatus
from workflow.domain.permissions import STATE_WORDS
from workflow.domain.refusals import N_
from workflow.domain.routes import DocumentState


@click.command(
    cls=RussianCommand, help="Показать всю жизнь документов регламента: файлы и отчёт в папку DIR."
)
@click.option(
    "--out",
    metavar="DIR",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Куда записать документы, подписи и report.json (новая или пустая папка).",
)
@click.option("--pack", metavar="NAME", default="tetyushi", help="Регламент.")
@click.option(
    "--ends",
    metavar="DATE",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Последний день истории; без него — сегодня.",
)
def demo(out: Path, pack: str, ends: datetime | None) -> None:
    """Exit 0 only if every electronic signature in force is valid."""
    # Imported here: `--help` must not load Word templates and signatures.
    from marshrut.demonstration.export import pairs_told, summary
    from marshrut.demonstration.run import run
    from marshrut.demonstration.stories import STORIES
    from marshrut.demonstration.town import StoryError
    from web.views.pairs.words import STATUSES

    words = russian()
    if pack not in STORIES:
        stop_with(
            N_("There is no story for “{pack}”. Known: {known}."),
            pack=pack,
            known=", ".join(STORIES),
        )
    if out.exists() and any(out.iterdir()):
        stop_with(N_("The folder {folder} is not empty. Choose a new one."), folder=out)
    try:
        report = run(
            STORIES[pack], out, ends.replace(hour=12, tzinfo=UTC) if ends else datetime.now(UTC)
        )
    except StoryError as error:
        stop_with(error.refusal.msgid, **error.refusal.params)
    for organisation, code, number, state in summary(report):
        told = words.text(STATE_WORDS[DocumentState(state)])
        click.echo(f"{organisation:45} {code:4} {number:10} {told}")
    for organisation, mentees, mentor, status, since, until in pairs_told(report):
        told = words.text(STATUSES[PairStatus(status)][0])
        term = f"{since:%d.%m.%Y} — {until:%d.%m.%Y}"
        click.echo(f"{organisation:45} {mentor} → {mentees}, {term}: {told}")
    for problem in report["problems"]:
        click.echo(problem, err=True)
    click.echo(
        words.text(
            N_("{count} documents in {folder}; what they are is in report.json."),
            count=len(report["documents"]),
            folder=out,
        )
    )
    sys.exit(0 if report["valid"] else 1)
