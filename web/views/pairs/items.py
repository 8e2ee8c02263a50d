"""The lines of a pair's page: what it is, how it stands, what may be done about it."""

from __future__ import annotations

from dataclasses import dataclass

from flask import url_for

from web.buttons import Action, Button, button
from web.components import Tag
from web.current import surroundings
from web.dates import DeadlinePhrase
from workflow.domain.refusals import N_, Refusal
from workflow.queries.case_page import DocumentLine
from workflow.queries.pair_page import PairPage

PREPARE = N_("Prepare the paper")


@dataclass(frozen=True)
class Item:
    """A line with its buttons; `notes` are lines of small print."""

    title: str
    tag: Tag | None = None
    url: str = ""
    notes: tuple[str, ...] = ()
    article: str = ""
    deadline: DeadlinePhrase | None = None
    buttons: tuple[Button, ...] = ()


@dataclass(frozen=True)
class ItemGroup:
    """A part of the page; `note` stands above its lines, `empty` in their place."""

    key: str
    title: str
    items: tuple[Item, ...]
    note: str = ""
    empty: str = ""
    buttons: tuple[Button, ...] = ()


def pressed(action: Action) -> Button:
    return button(action, surroundings().words)


def document_url(shown: PairPage, document: DocumentLine | None) -> str:
    """Return where the document is read; empty for those who may not open it."""
    if document is None or not shown.opens_documents:
        return ""
    return url_for("documents.page", document_id=document.document_id)


def prepare_action(
    shown: PairPage, code: str, person: object, refusal: Refusal | None, main: bool = False
) -> Action:
    """Begin a paper of the pair for one of its people (None: it is nobody's own)."""
    url = url_for("pairs.begin", case_id=shown.pair.id, code=code, person=person or None)
    return Action(PREPARE, url, refusal, main=main)
