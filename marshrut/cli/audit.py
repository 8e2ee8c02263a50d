"""`marshrut audit verify`: the chains hold, or where they break."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from uuid import UUID

import click

from marshrut.background import system_clock
from marshrut.cli.click_words import RussianGroup
from marshrut.cli.environment import explained_problems, stop_with
from marshrut.keys import read_keys
from marshrut.settings import settings_from_environment
from marshrut.wiring import make_services
from signing.local_time import local_moment
from web.words import russian
from workflow.domain.refusals import N_, Refusal
from workflow.evidence_records import RecordFacts
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
from workflow.store.engine import reading
from workflow.store.migrations import require_newest
from workflow.usecases.audit_anchors import (
    Late,
    StoredAnchor,
    StoredAnchors,
    anchors_of,
    is_another,
    judged,
    longest_wait,
)
from workflow.usecases.services import Services

REASONS = {
    "gap": N_("an event is missing or stands in another place"),
    "mac": N_("the event was changed or was not made by this program"),
    "head": N_("the end of the chain is not the one that was recorded"),
    "cut": N_("the events from here on, which the anchor knows, are gone"),
    "anchor": N_("the anchor knows another event under this number"),
}


@click.group(cls=RussianGroup, help="Журнал событий (контрольный след).")
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
        lines, holds = trail_lines(_services(), kept)
    for line in lines:
        click.echo(line)
    sys.exit(0 if holds else 1)


def trail_lines(services: Services, kept: Sequence[ChainHead]) -> tuple[list[str], bool]:
    """Return what is to be said of every chain, and whether all of them hold."""
    found = list(_verdicts(services, kept))
    lines: list[str] = []
    holds = True
    for verdict, stored in found:
        facts = judged(services, stored)
        doubted = {one: said for one, said in facts.items() if isinstance(said, Refusal)}
        late = longest_wait(services, verdict.chain, facts)
        lines += [_anchors_sentence(verdict, stored, facts, len(doubted))]
        lines += [_late_sentence(verdict, late)] if late else []
        lines += [_doubt_sentence(verdict, doubted)] if doubted else []
        lines += [_sentence(verdict)]
        holds &= not isinstance(verdict, Broken) and not any(map(is_another, doubted.values()))
    nothing = [] if found else [russian().text(N_("The audit trail has no events yet."))]
    return [*lines, *nothing], holds


def _services() -> Services:
    settings = settings_from_environment()
    services = make_services(settings, read_keys(settings.keys_dir), system_clock)
    require_newest(services.uow.engine)
    return services


def _verdicts(
    services: Services, kept: Sequence[ChainHead]
) -> Iterator[tuple[Intact | Broken, StoredAnchors]]:
    """Follow every chain, and compare it with the anchors given and those under timestamps."""
    with reading(services.uow.engine) as connection:
        for chain in sorted({*read_chains(connection), *(head.chain for head in kept)}):
            stored = anchors_of(services, chain)
            heads = [*kept, *(anchor.head for anchor in stored.found)]
            events, head = read_events(connection, chain), read_head(connection, chain)
            yield verify(services.uow.audit_key, chain, events, head, heads), stored


def _doubt_sentence(verdict: Intact | Broken, doubted: Mapping[StoredAnchor, Refusal]) -> str:
    """Say how many anchors are not what their timestamps stand over, and why not the oldest."""
    words = russian()
    anchor, refusal = min(doubted.items(), key=lambda one: one[0].head.number)
    return words.text(
        N_(
            "{chain}: anchors that their timestamps do not prove: {count}; the first is that of"
            " event {number}. {why}"
        ),
        chain=_name(verdict.chain),
        count=len(doubted),
        number=anchor.head.number,
        why=words.text(refusal.msgid, **_written(refusal.params)),
    )


def _late_sentence(verdict: Intact | Broken, late: Late) -> str:
    """Say for which events timestamps do not say that they were not written anew."""
    return russian().text(
        N_(
            "{chain}: the events {first}–{last}, the first of them of {happened}, have stood under"
            " a timestamp only since {since}; whether they were rewritten before, it does not say."
        ),
        chain=_name(verdict.chain),
        first=late.first,
        last=late.last,
        happened=local_moment(late.happened_at, _zone()),
        since=local_moment(late.since, _zone()),
    )


def _anchors_sentence(
    verdict: Intact | Broken,
    stored: StoredAnchors,
    proven: Mapping[StoredAnchor, RecordFacts | Refusal],
    doubted: int,
) -> str:
    """Say what the anchors under timestamps add: what they prove, or why they could not be used."""
    words, name = russian(), _name(verdict.chain)
    if not stored.found and stored.lost:
        return words.text(
            N_("{chain}: no anchor under a timestamp can be read any more (lost: {lost})."),
            chain=name,
            lost=stored.lost,
        )
    at = verdict.at if isinstance(verdict, Broken) else None
    told = stored.telling_of(at) if at is not None else next(iter(stored.found), None)
    if told is None:
        return words.text(
            N_(
                "{chain}: no timestamp stands over these events; a chain rewritten with the key of"
                " the trail would not show."
            ),
            chain=name,
        )
    facts = proven[told]
    if isinstance(facts, Refusal):
        why = words.text(facts.msgid, **_written(facts.params))
        return words.text(
            N_("{chain}: the timestamp over the anchor of event {number} could not be used. {why}"),
            chain=name,
            number=told.head.number,
            why=why,
        )
    return words.text(
        N_(
            "{chain}: a timestamp of {at} stands over the anchor of event {number} (anchors under"
            " timestamps: {count}, lost: {lost})."
        ),
        chain=name,
        at=local_moment(facts.since, _zone()),
        number=told.head.number,
        count=len(stored.found) - doubted,
        lost=stored.lost,
    )


def _zone() -> tzinfo:
    zone = datetime.now(UTC).astimezone().tzinfo
    assert zone is not None  # astimezone gives one
    return zone


def _written(params: Mapping[str, object]) -> dict[str, object]:
    return {
        key: local_moment(value, _zone()) if isinstance(value, datetime) else value
        for key, value in params.items()
    }


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
