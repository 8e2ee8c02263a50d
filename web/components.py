"""What the components of a page show: plain values, made by views, drawn by macros."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from web.buttons import Button
from web.dates import DeadlinePhrase


@dataclass(frozen=True)
class Link:
    label: str
    url: str = ""  # empty: where one stands already


class Mark(StrEnum):
    """The colour of a tag or banner; the words beside it carry the meaning."""

    NEUTRAL = "neutral"
    DONE = "done"
    NEXT = "next"
    WAITING = "waiting"
    PROBLEM = "problem"
    PAPER = "paper"


@dataclass(frozen=True)
class Tag:
    """The state of something, in one or two words."""

    label: str
    mark: Mark = Mark.NEUTRAL


@dataclass(frozen=True)
class Task:
    """One line of a task list; `note` says whom it waits for or why it is not possible."""

    title: str
    tag: Tag
    url: str = ""
    note: str = ""
    deadline: DeadlinePhrase | None = None


@dataclass(frozen=True)
class TaskGroup:
    title: str
    tasks: tuple[Task, ...]


@dataclass(frozen=True)
class NextStep:
    """The most visible thing on a page: what to do now, by when, with which button."""

    title: str
    text: str = ""
    deadline: DeadlinePhrase | None = None
    button: Button | None = None


@dataclass(frozen=True)
class Fact:
    """A line of a summary list; `change_url` leads to where it can be changed."""

    label: str
    value: str
    change_url: str = ""


@dataclass(frozen=True)
class Cell:
    """A cell of a table or matrix: words, a tag, a line of small print."""

    text: str = ""
    url: str = ""
    tag: Tag | None = None
    note: str = ""
    number: bool = False


@dataclass(frozen=True)
class Table:
    """A table or, with `sticky`, a matrix whose first column stays in view."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    empty: str = ""
    sticky: bool = False


@dataclass(frozen=True)
class Paging:
    """Where one is in a long list; an empty address: there is no such page."""

    page: int
    pages: int
    previous_url: str = ""
    next_url: str = ""


@dataclass(frozen=True)
class Happening:
    """One line of a timeline."""

    when: str
    what: str
    who: str = ""
    note: str = ""


@dataclass(frozen=True)
class Preview:
    """A PDF on a page; `mark` lies over it on the screen and nowhere else («ПРОЕКТ»)."""

    title: str
    url: str
    mark: str = ""
    download_url: str = ""


@dataclass(frozen=True)
class Progress:
    """Long work: `done` of `total`; `state_url` answers the panel anew while it runs."""

    title: str
    done: int
    total: int
    state_url: str
    note: str = ""

    @property
    def finished(self) -> bool:
        return self.done >= self.total


@dataclass(frozen=True)
class Confirmation:
    """What happened, under which number, and what comes next."""

    title: str
    number: str = ""
    number_label: str = ""
    what_next: Sequence[str] = ()


@dataclass(frozen=True)
class Notice:
    """A banner; `mark` PROBLEM is read out at once by screen readers."""

    text: str
    title: str = ""
    mark: Mark = Mark.NEUTRAL
    link: Link | None = None
