"""`marshrut audit verify`: the chains hold, or where they break."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from uuid import UUID

import click

from marshrut.cli.environment import explained_problems, stop_with
from marshrut.keys import read_keys
from marshrut.settings import settings_from_environment
from web.words import russian
from workflow.domain.refusals import N_
from workflow.store.audit import (
    INSTALLATION,
    Broken,
    ChainHead,
    ChainHeadError,
    Intact,
    read_chains,
    read_events,
    read_head,
    verify,
)
from workflow.store.engine import make_engine, reading
from workflow.store.migrations import require_newest

REASONS = {
    "gap": N_("an event is missing or stands in another place"),
    "mac": N_("the event was changed or was not made by this program"),
    "head": N_("the end of the chain is not the one that was recorded"),
    "cut": N_("the events from here on, which the anchor knows, are gone"),
    "anchor": N_("the anchor knows another event under this number"),
}


@click.group(help="Журнал событий (контрольный след).")
def audit() -> None:
    """The group of commands about the audit trail."""


@audit.command("verify", help="Проверить, что журнал событий не изменён.")
@click.option(
    "--anchor",
    "anchors",
    multiple=True,
    metavar="ЦЕПОЧКА:НОМЕР:КОД",
    help="Контрольная отметка из уведомления о приёме или из журнала работы. Можно несколько.",
)
def verify_command(anchors: tuple[str, ...]) -> None:
    """Print a line for each chain; exit 1 if one is broken."""
    try:
        kept = [ChainHead.parse(text) for text in anchors]
    except ChainHeadError:
        stop_with(N_("An anchor is written as CHAIN:NUMBER:CODE, as it stands in a receipt."))
    with explained_problems():
        found = list(_verdicts(kept))
    for verdict in found:
        click.echo(_sentence(verdict))
    if not found:
        click.echo(russian().text(N_("The audit trail has no events yet.")))
    sys.exit(1 if any(isinstance(verdict, Broken) for verdict in found) else 0)


def _verdicts(kept: list[ChainHead]) -> Iterator[Intact | Broken]:
    settings = settings_from_environment()
    key = read_keys(settings.keys_dir).audit
    engine = make_engine(settings.database_url)
    require_newest(engine)
    with reading(engine) as connection:
        for chain in sorted({*read_chains(connection), *(head.chain for head in kept)}):
            events = read_events(connection, chain)
            yield verify(key, chain, events, read_head(connection, chain), kept)


def _sentence(verdict: Intact | Broken) -> str:
    words = russian()
    name = _name(verdict.chain)
    if isinstance(verdict, Broken):
        return words.text(
            N_("{chain}: BROKEN at event {number}: {reason}."),
            chain=name,
            number=verdict.at,
            reason=words.text(REASONS[verdict.why]),
        )
    if verdict.head is None:
        return words.text(N_("{chain}: no events."), chain=name)
    return words.text(
        N_("{chain}: intact, {number} events. Anchor: {anchor}"),
        chain=name,
        number=verdict.head.number,
        anchor=verdict.head,
    )


def _name(chain: UUID) -> str:
    if chain == INSTALLATION:
        return russian().text(N_("Installation"))
    return russian().text(N_("Organisation {id}"), id=chain)
