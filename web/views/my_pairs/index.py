"""«Мои пары»: the one next step, then each pair."""

from __future__ import annotations

from dataclasses import dataclass

from flask import render_template

from web.access import signed_in
from web.actor import current_actor
from web.components import Fact, NextStep, Tag
from web.current import _, services
from web.views.my_pairs.blueprint import address, pages
from web.views.my_pairs.words import (
    next_step,
    part_words,
    step_item,
    term_of,
    with_whom,
)
from web.views.pairs.items import Item
from web.views.pairs.words import status_tag
from workflow.domain.refusals import N_
from workflow.queries.my_pairs import MyPair, MyPairs, my_pairs


@dataclass(frozen=True)
class PairCard:
    """A pair in the list."""

    title: str
    url: str
    status: Tag
    facts: tuple[Fact, ...]
    items: tuple[Item, ...]
    done: str


@pages.get("")
@signed_in
def index() -> str:
    """Show the person's pairs; whoever is in none is told so."""
    shown = my_pairs(services().work, current_actor())
    return render_template(
        "my_pairs/list.html",
        step=_first(shown),
        cards=[_card(pair, shown) for pair in shown.pairs],
    )


def _first(shown: MyPairs) -> NextStep | None:
    return next_step(shown.of(shown.first), shown.first) if shown.first else None


def _card(pair: MyPair, shown: MyPairs) -> PairCard:
    waiting = [step for step in pair.steps if step != shown.first]
    done = sum(1 for paper in pair.papers if paper.by_me and not paper.is_open)
    return PairCard(
        title=with_whom(pair),
        url=address(pair.case_id),
        status=status_tag(pair.status),
        facts=pair_facts(pair),
        items=tuple(step_item(pair, step) for step in (*waiting, *pair.ahead)),
        done=_(N_("Papers of yours that are done: {n}"), n=done) if done else "",
    )


def pair_facts(pair: MyPair) -> tuple[Fact, ...]:
    """Who one is in the pair, with whom, until when."""
    return (
        Fact(part_words(pair.part), pair.organisation),
        Fact(_(N_("Term of mentoring")), term_of(pair)),
    )
