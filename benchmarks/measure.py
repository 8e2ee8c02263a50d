"""Run two ways of doing the same work in turns, and say how they compare."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Pair:
    """The same work done by us and by the bare library `beside`; each call does `documents`."""

    work: str
    beside: str
    documents: int
    ours: Callable[[], object]
    bare: Callable[[], object]


@dataclass(frozen=True)
class Speed:
    """Documents a second, one figure for each run."""

    runs: tuple[float, ...]

    @property
    def median(self) -> float:
        return statistics.median(self.runs)

    def __str__(self) -> str:
        return " / ".join(
            f"{figure:.1f}" for figure in (min(self.runs), self.median, max(self.runs))
        )


@dataclass(frozen=True)
class Comparison:
    pair: Pair
    ours: Speed
    bare: Speed

    @property
    def ratio(self) -> float:
        """Our median by that of the bare library: above 1 we are faster."""
        return self.ours.median / self.bare.median


def compare(pair: Pair, runs: int) -> Comparison:
    """Measure `runs` of each after one that does not count, in turns: noise hits both alike."""
    pair.ours()
    pair.bare()
    ours, bare = [], []
    for _ in range(runs):
        ours.append(pair.documents / _seconds(pair.ours))
        bare.append(pair.documents / _seconds(pair.bare))
    return Comparison(pair, Speed(tuple(ours)), Speed(tuple(bare)))


def repeat(times: int, work: Callable[[], object]) -> None:
    """Do `work` so many times."""
    for _ in range(times):
        work()


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def table(comparisons: Sequence[Comparison]) -> str:
    """Return a Markdown table."""
    head = (
        "| work | documents × runs | Marshrut, documents/s | bare, documents/s | ratio | bare |\n"
        "|---|---|---|---|---|---|\n"
    )
    return head + "\n".join(
        f"| {one.pair.work} | {one.pair.documents} × {len(one.ours.runs)} | {one.ours}"
        f" | {one.bare} | {one.ratio:.2f} | {one.pair.beside} |"
        for one in comparisons
    )
